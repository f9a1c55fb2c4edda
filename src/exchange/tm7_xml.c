#include "exchange/tm7_xml.h"

#include "base/jtext.h"

#include <string.h>

const char tm7_instance_space[] = "http://www.w3.org/2001/XMLSchema-instance";

typedef struct {
        Tm7Reader *reader;
        Tm7Child child;
        void *data;
} Call;

static bool call(Xml *xml G_GNUC_UNUSED, void *data, GError **error)
{
        const Call *c = data;

        return c->child(c->reader, c->data, error);
}

bool tm7_each_child(Tm7Reader *r, Tm7Child child, void *data, GError **error)
{
        Call c = { r, child, data };

        return xml_each_child(r->xml, call, &c, error);
}

bool tm7_take_text(Tm7Reader *r, char **text, GError **error)
{
        char *taken;

        if (!xml_read_text(r->xml, TM7_TEXT_MAX, &taken, error))
                return false;
        g_free(*text);
        *text = g_strstrip(taken);
        return true;
}

bool tm7_take_member(Tm7Reader *r, const Tm7Member *members, size_t n, void *object, bool *ret_taken,
                     GError **error)
{
        *ret_taken = false;
        for (size_t i = 0; i < n && !*ret_taken; i++)
                if (xml_is(r->xml, members[i].name)) {
                        *ret_taken = true;
                        return tm7_take_text(r, (char **)G_STRUCT_MEMBER_P(object, members[i].offset), error);
                }
        return true;
}

bool tm7_refuse_limit(const Tm7Reader *r, const char *what, int most, GError **error)
{
        g_autofree char *where = xml_where(r->xml);

        error_set(error, ZW_ERR_LIMIT, where, "a model has at most %d %s", most, what);
        return false;
}

void tm7_pair_clear(Tm7Pair *pair)
{
        g_free(pair->key);
        g_free(pair->value);
}

void tm7_set_text(char **text, const char *value)
{
        g_free(*text);
        *text = g_strdup(value);
}

void tm7_fold_guid(char **guid)
{
        char *lower = g_ascii_strdown(*guid, -1);

        g_free(*guid);
        *guid = lower;
}

void tm7_cut_name(const Tm7Reader *r, char *name, const char *where)
{
        if (strlen(name) <= TM7_NAME_MAX)
                return;
        name[utf8_prefix(name, TM7_NAME_MAX)] = '\0';
        sink_lost(r->sink, where, "the name behind its first %d bytes", TM7_NAME_MAX);
}
