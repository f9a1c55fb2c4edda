/* A control is a requirement, known by its id; its statement, guidance and the like are the body. A control within another derives
 * from it. How a control is assessed is left out: that is as long again, and no part of what is required. */
#include "exchange/oscal.h"

#include "model/catalogue.h"

#include <string.h>

typedef struct {
        const char *group, *parent; /* title of the group, id of the control around; or NULL */
        size_t assessments, references;
} Around;

/* ---- parts ---- */

static bool is_assessment(const char *name)
{
        return name != NULL && g_str_has_prefix(name, "assessment");
}

/* A part and those within it, each in a line of its own that begins with its label. */
static void part_append(const Oscal *oscal, GString *out, JVal part, int deep)
{
        JIter iter = jval_iter(jval_get(part, "parts"));
        g_autofree char *prose = oscal_prose(oscal, jval_get_text(part, "prose"));
        const char *label = oscal_prop(part, "label"), *title = jval_get_text(part, "title");
        JVal inner;

        if (prose != NULL || title != NULL) {
                g_string_append_printf(out, "%s%*s", out->len == 0 ? "" : "\n", 2 * deep, "");
                if (label != NULL)
                        g_string_append_printf(out, "%s ", label);
                if (title != NULL)
                        g_string_append_printf(out, "%s%s", title, prose == NULL ? "" : ": ");
                g_string_append(out, prose == NULL ? "" : g_strstrip(prose));
        }
        while (jiter_next(&iter, &inner))
                part_append(oscal, out, inner, MIN(deep + (prose == NULL ? 0 : 1), 8));
}

static void parts_append(const Oscal *oscal, JVal control, GString *body, Around *around)
{
        JIter iter = jval_iter(jval_get(control, "parts"));
        JVal part;

        while (jiter_next(&iter, &part)) {
                const char *name = jval_get_text(part, "name");
                g_autoptr(GString) words = g_string_new(NULL);
                g_autofree char *head = name == NULL || strcmp(name, "statement") == 0 ? NULL
                                                                                       : g_strdup(name);

                if (is_assessment(name)) {
                        around->assessments++;
                        continue;
                }
                if (head != NULL)
                        head[0] = g_ascii_toupper(head[0]);
                part_append(oscal, words, part, 0);
                tell_paragraph(body, head, words->str);
        }
}

/* ---- controls ---- */

/* What each parameter is, for who sets it. */
static void params_take(const Oscal *oscal, JVal control, json_t *extra)
{
        JIter iter = jval_iter(jval_get(control, "params"));
        JVal param;

        while (jiter_next(&iter, &param)) {
                const char *id = jval_get_text(param, "id");
                g_autofree char *insert = id == NULL ? NULL : g_strdup_printf("{{ insert: param, %s }}", id),
                                *text = oscal_prose(oscal, insert);

                if (id != NULL)
                        tell_put(extra, id, text);
        }
}

static json_t *attrs_of(const Oscal *oscal, JVal control, const char *label)
{
        static const char *const but[] = { "label", "sort-id", "status", NULL };
        const char *title = jval_get_text(jval_get(oscal->model, "metadata"), "title"),
                   *version = jval_get_text(jval_get(oscal->model, "metadata"), "version");
        g_autofree char *from = g_strdup_printf("%s%s%s", title == NULL ? "" : title,
                                                version == NULL ? "" : ", ", version == NULL ? "" : version);
        json_t *attrs = json_pack("{s:s}", "discipline", "security"), *extra = oscal_props(control, but);
        const RowId row = catalogue_find(label);

        if (row != ZW_ROW_NONE) {
                g_autofree char *ref = catalogue_ref(row);

                tell_put(attrs, "ref", ref);
        }
        tell_put(attrs, "source", from);
        tell_put(extra, "control", jval_get_text(control, "id"));
        params_take(oscal, control, extra);
        tell_put_extra(attrs, extra);
        return attrs;
}

static json_t *tags_of(JVal control, const char *group)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

        tell_add(texts, group);
        tell_add(texts, jval_get_text(control, "class"));
        return tell_tags(texts);
}

static void control_tell(Oscal *oscal, JVal control, const char *place, void *data);

/* Controls within it, which derive from it. */
static void inner_tell(Oscal *oscal, JVal control, const char *place, Around *around, const char *parent)
{
        Around within = { around->group, parent, 0, 0 };

        oscal_each(oscal, control, "controls", place, control_tell, &within);
        around->assessments += within.assessments;
        around->references += within.references;
}

static void control_tell(Oscal *oscal, JVal control, const char *place, void *data)
{
        Around *around = data;
        const char *id = jval_get_text(control, "id"), *status = oscal_prop(control, "status"),
                   *label = oscal_prop(control, "label"), *title = jval_get_text(control, "title");
        g_autofree char *where = oscal_where(control, place), *plain = oscal_prose(oscal, title),
                        *full = NULL;
        g_autoptr(GString) body = g_string_new(NULL);

        if (id == NULL || id[0] == '\0') {
                sink_refuse(oscal->tell.sink, where, "a control has no id");
                return;
        }
        full = g_strdup_printf("%s %s", label == NULL ? id : label, plain == NULL ? "" : plain);
        around->references += jval_count(jval_get(control, "links"));
        if (g_ascii_strcasecmp(status == NULL ? "" : status, "withdrawn") == 0) {
                oscal_lose(oscal, control, place, "%s is withdrawn", full);
                inner_tell(oscal, control, place, around, NULL);
                return;
        }
        if (tell_has(&oscal->tell, id)) {
                sink_refuse(oscal->tell.sink, where, "a second control has the id %.200s", id);
                return;
        }
        parts_append(oscal, control, body, around);
        (void)tell_item(&oscal->tell, (TellItem){ where, "requirement", id, full, body->str,
                                                  attrs_of(oscal, control, label == NULL ? id : label),
                                                  tags_of(control, around->group) });
        if (around->parent != NULL)
                tell_link(&oscal->tell, where, around->parent, "derives", id, NULL);
        inner_tell(oscal, control, place, around, id);
}

static void group_tell(Oscal *oscal, JVal group, const char *place, void *data)
{
        Around *around = data;
        Around within = { jval_get_text(group, "title"), NULL, 0, 0 };

        if (within.group == NULL)
                within.group = around->group;
        if (jval_count(jval_get(group, "parts")) > 0)
                oscal_lose(oscal, group, place, "what is said of the group %.200s as a whole",
                           within.group == NULL ? "" : within.group);
        oscal_each(oscal, group, "controls", place, control_tell, &within);
        oscal_each(oscal, group, "groups", place, group_tell, &within);
        around->assessments += within.assessments;
        around->references += within.references;
}

void oscal_catalog_tell(Oscal *oscal)
{
        Around around = { 0 };

        oscal_params_note(oscal, oscal->model);
        oscal_each(oscal, oscal->model, "controls", "/catalog", control_tell, &around);
        oscal_each(oscal, oscal->model, "groups", "/catalog", group_tell, &around);
        if (around.assessments > 0)
                oscal_lose(oscal, oscal->model, "/catalog", "%zu parts that say how controls are assessed",
                           around.assessments);
        if (around.references > 0)
                oscal_lose(oscal, oscal->model, "/catalog", "%zu references to other controls and sources",
                           around.references);
        oscal_lose_member(oscal, "back-matter", "sources are not imported");
}

/* ---- profiles ---- */

static size_t ids_count(JVal import)
{
        JIter iter = jval_iter(jval_get(import, "include-controls"));
        size_t n = 0;
        JVal include;

        while (jiter_next(&iter, &include))
                n += jval_count(jval_get(include, "with-ids"));
        return n;
}

static void import_lose(Oscal *oscal, JVal import, const char *place, void *data G_GNUC_UNUSED)
{
        const char *href = jval_get_text(import, "href");
        const size_t n = ids_count(import);
        g_autofree char *named = n > 0 ? g_strdup_printf("%zu control%s", n, n == 1 ? "" : "s")
                                       : g_strdup("controls");

        oscal_lose(
                oscal, import, place,
                "%s chosen from %.300s: what they demand is said there; import that catalogue, or the resolved "
                "one of this profile",
                named, href == NULL ? "another document" : href);
}

/* A profile chooses controls of other documents and says none itself. */
void oscal_profile_tell(Oscal *oscal)
{
        oscal_each(oscal, oscal->model, "imports", "/profile", import_lose, NULL);
        oscal_lose_member(oscal, "modify", "changes to controls of other documents");
        oscal_lose_member(oscal, "back-matter", "sources are not imported");
}
