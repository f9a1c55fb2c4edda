/* Items of Doorstop (one requirement a file), and the settings of its documents, YAML. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/tell.h"
#include "exchange/yamljson.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_COUNT, "links", "links/*", false },
};

static const JFormat item = { "item of Doorstop", "active", NULL, rows, G_N_ELEMENTS(rows), NULL };
static const JFormat settings = { "settings of Doorstop",
                                  "settings/prefix",
                                  NULL,
                                  rows,
                                  G_N_ELEMENTS(rows),
                                  "settings of Doorstop hold no items" };

static void item_give(JVal root, Sink *sink)
{
        static const char *const flags[] = { "active", "normative" };
        g_autofree char *level = jfigures_text(jval_get(root, "level"));

        for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
                bool yes = false;

                if (jval_bool(jval_get(root, flags[i]), &yes))
                        sink_figure_json(sink, flags[i], json_boolean(yes));
        }
        if (level != NULL)
                sink_figure_text(sink, "level", level);
}

/* The first line of a text, to be freed. */
static char *first_line(const char *text)
{
        return g_strndup(text, strcspn(text, "\r\n"));
}

/* A link is the id of the parent, or an object of it and the fingerprint it had. */
static void parents_tell(const Tell *tell, const char *id, JVal root)
{
        JIter iter = jval_iter(jval_get(root, "links"));
        JVal link, fingerprint;

        for (size_t i = 0; jiter_next(&iter, &link); i++) {
                JIter members = jval_iter(link);
                g_autofree char *where = g_strdup_printf("/links/%zu", i);
                const char *parent = jval_text(link, NULL);
                size_t n;

                if (link.type == JVAL_OBJECT && !jiter_next_member(&members, &parent, &n, &fingerprint))
                        parent = NULL;
                if (parent == NULL)
                        sink_problem(tell->sink, where, "a link names no item");
                else
                        tell_link(tell, where, parent, "derives", id, NULL);
        }
}

/* Files and places in them that show the item. */
static char *references_text(JVal root)
{
        g_autoptr(GString) text = g_string_new(NULL);
        JIter iter = jval_iter(jval_get(root, "references"));
        JVal reference;

        while (jiter_next(&iter, &reference)) {
                const char *path = jval_get_text(reference, "path"),
                           *keyword = jval_get_text(reference, "keyword");

                if (path != NULL)
                        g_string_append_printf(text, "%s%s%s%s", text->len == 0 ? "" : "\n", path,
                                               keyword == NULL ? "" : "#", keyword == NULL ? "" : keyword);
        }
        return g_strdup(text->str);
}

/* Attributes of one's own, and what an item is not by itself: derived, not normative. */
static json_t *extra_of(JVal root, Sink *sink)
{
        static const char *const known[] = { "active", "header",     "links", "reviewed",
                                             "text",   "references", NULL };
        static const char *const usual[][2] = { { "derived", "False" }, { "normative", "True" } };
        g_autofree char *references = references_text(root);
        json_t *extra = json_object();
        JIter iter = jval_iter(root);
        const char *name;
        JVal value;

        while (jiter_next_member(&iter, &name, NULL, &value)) {
                g_autofree char *text = jfigures_text(value);
                bool is_usual = false;

                for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
                        is_usual |= strcmp(name, usual[i][0]) == 0 && g_strcmp0(text, usual[i][1]) == 0;
                if (g_strv_contains(known, name) || is_usual || value.type == JVAL_NULL)
                        continue;
                if (text == NULL)
                        sink_lost(sink, name, "what is no plain value");
                else
                        tell_put(extra, name, text);
        }
        tell_put(extra, "references", references);
        return extra;
}

/* The id is the name of the file; inactive items are out of use. `words` is the text of an item that is Markdown, whose first
 * line is its header when it is marked as one; else NULL. */
static void item_tell(const Source *source, JVal root, const char *words, Sink *sink)
{
        const bool headed = words != NULL && g_str_has_prefix(words, "# ");
        const char *told = words == NULL ? jval_get_text(root, "text") : words,
                   *heading = headed                                  ? words + 2
                              : jval_get_text(root, "header") != NULL ? jval_get_text(root, "header")
                                                                      : "";
        g_autofree char *id = g_strndup(source->name, strcspn(source->name, "."));
        g_autofree char *header = first_line(heading), *text = NULL;
        g_auto(Tell) tell = tell_init(sink, "doorstop", NULL);
        json_t *attrs;
        bool active = true;

        if (jval_bool(jval_get(root, "active"), &active) && !active) {
                sink_lost(sink, "", "%s is not active", id);
                return;
        }
        if (headed)
                told = words + strcspn(words, "\n");
        told = told == NULL ? "" : told + strspn(told, "\r\n");
        text = first_line(told);
        attrs = json_object();
        tell_put_extra(attrs, extra_of(root, sink));
        (void)tell_item(&tell, (TellItem){ "", "requirement", id, header[0] != '\0' ? header : text, told,
                                           attrs, NULL });
        parents_tell(&tell, id, root);
}

/* An item in Markdown has its members in front, between two lines of `---`: parts it there. False when the file is none. */
static bool markdown_part(GBytes *bytes, GBytes **ret_members, char **ret_words)
{
        gsize n;
        const char *text = g_bytes_get_data(bytes, &n), *stop = text + n, *at;

        if (n < 4 || memcmp(text, "---", 3) != 0 || (text[3] != '\n' && text[3] != '\r'))
                return false;
        at = memmem(text + 3, n - 3, "\n---", 4);
        if (at == NULL || at + 4 == stop || (at[4] != '\n' && at[4] != '\r'))
                return false;
        *ret_members = g_bytes_new_from_bytes(bytes, 0, (gsize)(at + 1 - text));
        at += 4;
        while (at < stop && g_ascii_isspace(*at))
                at++;
        *ret_words = g_strchomp(g_strndup(at, (gsize)(stop - at)));
        return true;
}

bool doorstop_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) members = NULL, json = NULL;
        g_autoptr(JDoc) doc = NULL;
        g_autofree char *words = NULL;
        bool is_settings;

        if (!markdown_part(source->bytes, &members, &words))
                members = g_bytes_ref(source->bytes);
        json = yaml_to_json(members, source->depth_max, error);
        doc = json == NULL ? NULL : jdoc_parse(json, source->depth_max, error);
        if (doc == NULL)
                return false;
        is_settings = jval_get(jdoc_root(doc), "settings").type == JVAL_OBJECT;
        g_clear_pointer(&doc, jdoc_free);
        doc = jfigures_read_bytes(source, json, sink, is_settings ? &settings : &item, error);
        if (doc == NULL)
                return false;
        if (is_settings)
                sink_figure_json(sink, "settings", json_true());
        else
                item_give(jdoc_root(doc), sink);
        if (!is_settings && !source->figures_only)
                item_tell(source, jdoc_root(doc), words, sink);
        sink_figure_json(sink, "reviewed",
                         json_boolean(jval_get(jdoc_root(doc), "reviewed").type == JVAL_STRING));
        return true;
}
