#include "exchange/drawn.h"

#include "base/hash.h"

#include <string.h>

static const struct {
        const char *kind, *prefix;
} kinds[ZW_DRAWN_KINDS] = { [DRAWN_ZONE] = { "zone", "zone:" },
                            [DRAWN_ASSET] = { "asset", "asset:" },
                            [DRAWN_FLOW] = { "flow", "flow:" },
                            [DRAWN_THREAT] = { "threat", "threat:" },
                            [DRAWN_MEASURE] = { "countermeasure", "measure:" },
                            [DRAWN_RISK] = { "risk", "risk:" },
                            [DRAWN_ASSUMPTION] = { "assumption", "assumption:" },
                            [DRAWN_REQUIREMENT] = { "requirement", "requirement:" } };

static char *name_of(DrawnKind kind, const char *id)
{
        return g_strconcat(kinds[kind].prefix, id, NULL);
}

Drawn drawn_init(Sink *sink, const char *format, const char *name, const char *file)
{
        g_autofree char *what = g_strconcat("drawing:", format, NULL);

        return (Drawn){ tell_init(sink, what, name == NULL || name[0] == '\0' ? file : name),
                        hash_table_new_text(g_free, g_free), hash_table_new_text(g_free, g_free),
                        hash_table_new_text(g_free, NULL) };
}

void drawn_clear(Drawn *drawn)
{
        tell_clear(&drawn->tell);
        g_hash_table_unref(drawn->zones);
        g_hash_table_unref(drawn->titles);
        g_hash_table_unref(drawn->links);
}

bool drawn_tell(Drawn *drawn, DrawnKind kind, DrawnItem item)
{
        g_autofree char *id = item.id == NULL ? NULL : name_of(kind, item.id);
        const char *title = item.title == NULL || item.title[0] == '\0' ? item.id : item.title;

        if (id == NULL || tell_has(&drawn->tell, id)) {
                sink_refuse(drawn->tell.sink, item.where,
                            id == NULL ? "there is no id: a %s needs one"
                                       : "a second %s has the id of another",
                            kinds[kind].kind);
                json_decref(item.attrs);
                json_decref(item.tags);
                return false;
        }
        if (kind == DRAWN_ZONE)
                g_hash_table_insert(drawn->titles, g_strdup(item.id), g_strdup(title));
        return tell_item(&drawn->tell, (TellItem){ item.where, kinds[kind].kind, id, title, item.body,
                                                   item.attrs, item.tags });
}

bool drawn_has(const Drawn *drawn, DrawnKind kind, const char *id)
{
        g_autofree char *name = id == NULL ? NULL : name_of(kind, id);

        return name != NULL && tell_has(&drawn->tell, name);
}

static void step_do(Drawn *drawn, JVal root, const DrawnStep *step)
{
        JVal list = jval_get(root, step->list);
        DrawnElement element = { .root = root };
        JIter iter = jval_iter(list);
        const bool named = list.type == JVAL_OBJECT;

        for (size_t i = 0; named ? jiter_next_member(&iter, &element.name, NULL, &element.value)
                                 : jiter_next(&iter, &element.value);
             i++) {
                g_autofree char *where = named ? g_strdup_printf("/%s/%.200s", step->list, element.name)
                                               : g_strdup_printf("/%s/%zu", step->list, i);

                element.where = where;
                step->tell(drawn, &element);
        }
}

void drawn_steps(Drawn *drawn, JVal root, const DrawnStep *steps, size_t n)
{
        for (size_t i = 0; i < n; i++)
                step_do(drawn, root, &steps[i]);
}

DrawnItem drawn_item(const DrawnElement *element, json_t *attrs, json_t *tags)
{
        const char *name = element->name == NULL ? jval_get_text(element->value, "name") : element->name;

        return (DrawnItem){ element->where, jval_get_text(element->value, "id"),
                            name,           jval_get_text(element->value, "description"),
                            attrs,          tags };
}

static bool is_told(const Drawn *drawn, const char *where, DrawnKind kind, const char *id)
{
        if (drawn_has(drawn, kind, id))
                return true;
        sink_problem(drawn->tell.sink, where, "%.200s is no %s of the model",
                     id == NULL ? "what is not named" : id, kinds[kind].kind);
        return false;
}

void drawn_link(Drawn *drawn, const char *where, DrawnKind from_kind, const char *from, const char *type,
                DrawnKind to_kind, const char *to)
{
        g_autofree char *left = NULL, *right = NULL;

        if (!is_told(drawn, where, from_kind, from) || !is_told(drawn, where, to_kind, to))
                return;
        left = name_of(from_kind, from);
        right = name_of(to_kind, to);
        if (g_hash_table_add(drawn->links, g_strdup_printf("%s\n%s\n%s", left, type, right)))
                tell_link(&drawn->tell, where, left, type, right, NULL);
}

void drawn_put_into(Drawn *drawn, const char *where, DrawnKind kind, const char *id, const char *zone)
{
        if (zone == NULL || !is_told(drawn, where, DRAWN_ZONE, zone))
                return;
        if (kind == DRAWN_ZONE && strcmp(id, zone) == 0) {
                sink_problem(drawn->tell.sink, where, "a zone is said to be within itself");
                return;
        }
        drawn_link(drawn, where, kind, id, "part_of", DRAWN_ZONE, zone);
        if (kind == DRAWN_ASSET)
                g_hash_table_insert(drawn->zones, g_strdup(id), g_strdup(zone));
}

/* The conduit of a pair of zones, told once. `attrs` is stolen, the id to be freed. */
static char *conduit_between(Drawn *drawn, const char *where, const char *zone, const char *other,
                             const char *title, json_t *attrs)
{
        const bool swapped = strcmp(zone, other) > 0;
        const char *a = swapped ? other : zone, *b = swapped ? zone : other;
        g_autofree char *id = g_strdup_printf("conduit:%s:%s", a, b), *left = name_of(DRAWN_ZONE, a),
                        *right = name_of(DRAWN_ZONE, b), *usual = NULL;

        usual = g_strdup_printf("%s \xe2\x80\x93 %s", (const char *)g_hash_table_lookup(drawn->titles, a),
                                (const char *)g_hash_table_lookup(drawn->titles, b));
        if (tell_item(&drawn->tell,
                      (TellItem){ where, "conduit", id, title == NULL || title[0] == '\0' ? usual : title,
                                  NULL, attrs, NULL })) {
                tell_link(&drawn->tell, where, id, "connects", left, "a");
                tell_link(&drawn->tell, where, id, "connects", right, "b");
        }
        return g_steal_pointer(&id);
}

void drawn_join(Drawn *drawn, const char *where, const char *zone, const char *other, const char *title,
                json_t *attrs)
{
        const bool both = is_told(drawn, where, DRAWN_ZONE, zone) && is_told(drawn, where, DRAWN_ZONE, other);

        if (both && strcmp(zone, other) != 0)
                g_free(conduit_between(drawn, where, zone, other, title, attrs));
        else {
                if (both)
                        sink_problem(drawn->tell.sink, where, "a zone is said to be joined to itself");
                json_decref(attrs);
        }
}

/* The conduit that leads from one asset to another; NULL where an end is in no zone, or both are in the same. Free it. */
static char *conduit_of(Drawn *drawn, const char *where, const char *source, const char *sink)
{
        const char *a = g_hash_table_lookup(drawn->zones, source),
                   *b = g_hash_table_lookup(drawn->zones, sink);

        if (a == NULL || b == NULL || strcmp(a, b) == 0)
                return NULL;
        return conduit_between(drawn, where, a, b, NULL, NULL);
}

void drawn_connect(Drawn *drawn, const char *where, const char *flow, const char *source, const char *sink)
{
        const char *const ends[] = { source, sink }, *const roles[] = { "source", "sink" };
        g_autofree char *id = name_of(DRAWN_FLOW, flow), *conduit = NULL;
        bool both = true;

        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
                g_autofree char *end = NULL;

                if (!is_told(drawn, where, DRAWN_ASSET, ends[i])) {
                        both = false;
                        continue;
                }
                end = name_of(DRAWN_ASSET, ends[i]);
                tell_link(&drawn->tell, where, id, "connects", end, roles[i]);
        }
        conduit = both ? conduit_of(drawn, where, source, sink) : NULL;
        if (conduit != NULL)
                tell_link(&drawn->tell, where, id, "connects", conduit, NULL);
}

/* ---- data of what is drawn ---- */

/* The letters and digits of a name, in lower case. Free it. */
static char *plain_name(const char *name)
{
        GString *plain = g_string_new(NULL);

        for (; *name != '\0'; name++)
                if (g_ascii_isalnum(*name))
                        g_string_append_c(plain, g_ascii_tolower(*name));
        return g_string_free(plain, FALSE);
}

/* What the stencils for networks, and people, call the data of a device. */
static const struct {
        const char *name, *attr;
        bool list;
} fields[] = { { "ipaddress", "addresses", true },   { "macaddress", "addresses", true },
               { "ip", "addresses", true },          { "mac", "addresses", true },
               { "networkname", "hostname", false }, { "hostname", "hostname", false },
               { "serialnumber", "serial", false },  { "serial", "serial", false },
               { "location", "location", false } };

void drawn_put_field(json_t *attrs, json_t *extra, const char *name, const char *label, const char *value)
{
        g_autofree char *plain = plain_name(name);

        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
                if (strcmp(plain, fields[i].name) != 0)
                        continue;
                if (!fields[i].list)
                        tell_put(attrs, fields[i].attr, value);
                else if (json_object_get(attrs, fields[i].attr) == NULL)
                        json_object_set_new(attrs, fields[i].attr, json_pack("[s]", value));
                else
                        json_array_append_new(json_object_get(attrs, fields[i].attr), json_string(value));
                return;
        }
        tell_put(extra, label, value);
}
