#include "exchange/oscal.h"

#include "base/hash.h"
#include "base/instant.h"

#include <string.h>

/* A choice may insert another parameter, whose choices may insert more. */
enum { INSERTS_DEEP = 4, PROSE_BYTES = 256 << 10 };

const char *oscal_id(JVal entry)
{
        const char *id = jval_get_text(entry, "uuid");

        if (id == NULL || id[0] == '\0')
                id = jval_get_text(entry, "title");
        return id == NULL || id[0] == '\0' ? NULL : id;
}

char *oscal_where(JVal entry, const char *place)
{
        int64_t line;

        return jval_int(jval_get(entry, "#line"), &line) ? g_strdup_printf("line %" G_GINT64_FORMAT, line)
                                                         : g_strdup(place);
}

void oscal_each(Oscal *oscal, JVal entry, const char *list, const char *place, OscalEntryFn take, void *data)
{
        JIter iter = jval_iter(jval_get(entry, list));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                g_autofree char *inner = g_strdup_printf("%s/%s/%zu", place, list, i);

                take(oscal, element, inner, data);
        }
}

/* ---- properties ---- */

const char *oscal_prop(JVal entry, const char *name)
{
        JIter iter = jval_iter(jval_get(entry, "props"));
        const char *found = NULL;
        JVal prop;

        while (jiter_next(&iter, &prop)) {
                if (g_strcmp0(jval_get_text(prop, "name"), name) != 0)
                        continue;
                if (jval_get_text(prop, "class") == NULL)
                        return jval_get_text(prop, "value");
                if (found == NULL)
                        found = jval_get_text(prop, "value");
        }
        return found;
}

json_t *oscal_props(JVal entry, const char *const *but)
{
        JIter iter = jval_iter(jval_get(entry, "props"));
        json_t *extra = json_object();
        JVal prop;

        while (jiter_next(&iter, &prop)) {
                const char *name = jval_get_text(prop, "name"), *value = jval_get_text(prop, "value"),
                           *before = name == NULL ? NULL : jread_get_string(extra, name);
                g_autofree char *all = NULL;

                if (name == NULL || value == NULL || g_strv_contains(but, name))
                        continue;
                all = before == NULL ? g_strdup(value) : g_strdup_printf("%s, %s", before, value);
                tell_put(extra, name, all);
        }
        return extra;
}

/* ---- parameters ---- */

static void param_note(Oscal *oscal, JVal param)
{
        const char *id = jval_get_text(param, "id"), *other = oscal_prop(param, "alt-identifier");

        g_array_append_val(oscal->values, param);
        if (id != NULL)
                g_hash_table_insert(oscal->params, g_strdup(id), GUINT_TO_POINTER(oscal->values->len));
        if (other != NULL)
                g_hash_table_insert(oscal->params, g_strdup(other), GUINT_TO_POINTER(oscal->values->len));
}

void oscal_params_note(Oscal *oscal, JVal entry)
{
        static const char *const within[] = { "groups", "controls" };
        JIter iter = jval_iter(jval_get(entry, "params"));
        JVal value;

        while (jiter_next(&iter, &value))
                param_note(oscal, value);
        for (size_t i = 0; i < G_N_ELEMENTS(within); i++) {
                iter = jval_iter(jval_get(entry, within[i]));
                while (jiter_next(&iter, &value))
                        oscal_params_note(oscal, value);
        }
}

static void prose_append(const Oscal *oscal, GString *out, const char *text, int deep);

static void texts_append(const Oscal *oscal, GString *out, JVal list, const char *between, int deep)
{
        JIter iter = jval_iter(list);
        bool first = true;
        JVal text;

        for (; jiter_next(&iter, &text); first = false) {
                g_string_append(out, first ? "" : between);
                prose_append(oscal, out, jval_text(text, NULL), deep);
        }
}

static void param_append(const Oscal *oscal, GString *out, const char *id, int deep)
{
        const guint at = GPOINTER_TO_UINT(g_hash_table_lookup(oscal->params, id));
        JVal param = { .type = JVAL_NONE }, choices;
        const char *label;

        if (at > 0)
                param = g_array_index(oscal->values, JVal, at - 1);
        choices = jval_get(jval_get(param, "select"), "choice");
        label = jval_get_text(param, "label");
        if (jval_count(jval_get(param, "values")) > 0) {
                texts_append(oscal, out, jval_get(param, "values"), ", ", deep + 1);
                return;
        }
        g_string_append_c(out, '[');
        if (jval_count(choices) > 0)
                texts_append(oscal, out, choices, " | ", deep + 1);
        else
                g_string_append(out, label == NULL || label[0] == '\0' ? id : label);
        g_string_append_c(out, ']');
}

/* `{{ insert: param, ID }}`, and `{{ ID }}` of older documents. */
static void prose_append(const Oscal *oscal, GString *out, const char *text, int deep)
{
        while (text != NULL && out->len < PROSE_BYTES) {
                const char *open = deep >= INSERTS_DEEP ? NULL : strstr(text, "{{"),
                           *close = open == NULL ? NULL : strstr(open, "}}");
                g_autofree char *id = NULL;
                char *before;

                if (close == NULL) {
                        g_string_append(out, text);
                        return;
                }
                g_string_append_len(out, text, open - text);
                id = g_strndup(open + 2, (gsize)(close - open - 2));
                before = strrchr(id, ',');
                if (before == NULL && g_str_has_prefix(g_strchug(id), "param:"))
                        before = id + strlen("param");
                param_append(oscal, out, g_strstrip(before == NULL ? id : before + 1), deep);
                text = close + 2;
        }
}

char *oscal_prose(const Oscal *oscal, const char *text)
{
        GString *out;

        if (text == NULL)
                return NULL;
        out = g_string_new(NULL);
        prose_append(oscal, out, text, 0);
        return g_string_free(out, FALSE);
}

void oscal_paragraph(const Oscal *oscal, GString *body, const char *name, JVal entry, const char *member)
{
        g_autofree char *text = oscal_prose(oscal, jval_get_text(entry, member));

        tell_paragraph(body, name, text);
}

void oscal_put_date(json_t *attrs, const char *name, const char *text)
{
        g_autofree char *day = text == NULL || strlen(text) < strlen("2026-01-31")
                                       ? NULL
                                       : g_strndup(text, strlen("2026-01-31"));
        Instant at;

        if (day != NULL && instant_parse(day, &at, NULL))
                tell_put(attrs, name, day);
}

/* ---- losses and controls ---- */

void oscal_lose(const Oscal *oscal, JVal entry, const char *place, const char *format, ...)
{
        g_autofree char *where = oscal_where(entry, place), *what = NULL;
        va_list args;

        va_start(args, format);
        what = g_strdup_vprintf(format, args);
        va_end(args);
        sink_lost(oscal->tell.sink, where, "%.1000s", what);
}

void oscal_lose_member(const Oscal *oscal, const char *member, const char *why)
{
        JVal value = jval_get(oscal->model, member);
        g_autofree char *place = g_strdup_printf("/%s/%s", oscal->name, member);

        if (jval_count(value) > 0)
                oscal_lose(oscal, value, place, "%s", why);
}

void oscal_link_control(const Oscal *oscal, JVal entry, const char *place, const char *from, const char *type,
                        const char *control)
{
        g_autofree char *where = oscal_where(entry, place);

        sink_op(oscal->tell.sink,
                json_pack("{s:s, s:s, s:o, s:s, s:{s:s}}", "op", "link", "where", where, "from",
                          tell_name(&oscal->tell, from), "type", type, "to", "control", control));
}

/* ---- documents ---- */

/* A plan for an assessment says what is to be done and finds nothing. */
static void assessment_plan_tell(Oscal *oscal)
{
        oscal_lose(oscal, oscal->model, "/assessment-plan",
                   "a plan for an assessment: it holds no result yet");
}

void oscal_tell(JVal model, const char *name, Sink *sink, const char *file)
{
        static const struct {
                const char *name;
                void (*tell)(Oscal *oscal);
        } models[] = { { "catalog", oscal_catalog_tell },
                       { "profile", oscal_profile_tell },
                       { "component-definition", oscal_definition_tell },
                       { "system-security-plan", oscal_plan_tell },
                       { "assessment-plan", assessment_plan_tell },
                       { "assessment-results", oscal_results_tell },
                       { "plan-of-action-and-milestones", oscal_poam_tell } };
        const char *title = jval_get_text(jval_get(model, "metadata"), "title");
        g_autoptr(GHashTable) params = hash_table_new_text(g_free, NULL),
                              roles = hash_table_new_text(g_free, NULL);
        g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(JVal));
        Oscal oscal = { tell_init(sink, "oscal", title == NULL || title[0] == '\0' ? file : title),
                        model,
                        name,
                        params,
                        values,
                        roles };

        for (size_t i = 0; i < G_N_ELEMENTS(models); i++)
                if (strcmp(name, models[i].name) == 0)
                        models[i].tell(&oscal);
        tell_clear(&oscal.tell);
}
