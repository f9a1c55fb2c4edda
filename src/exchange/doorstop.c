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

/* The id is the name of the file; inactive items are out of use. */
static void item_tell(const Source *source, JVal root, Sink *sink)
{
        g_autofree char *id = g_strndup(source->name, strcspn(source->name, "."));
        g_autofree char *header = first_line(
                                jval_get_text(root, "header") == NULL ? "" : jval_get_text(root, "header")),
                        *text = first_line(jval_get_text(root, "text") == NULL ? ""
                                                                               : jval_get_text(root, "text"));
        g_autofree char *level = jfigures_text(jval_get(root, "level"));
        g_auto(Tell) tell = tell_init(sink, "doorstop", NULL);
        json_t *attrs, *extra;
        bool active = true;

        if (jval_bool(jval_get(root, "active"), &active) && !active) {
                sink_lost(sink, "", "%s is not active", id);
                return;
        }
        attrs = json_object();
        extra = json_object();
        tell_put(extra, "level", level);
        tell_put(extra, "ref", jval_get_text(root, "ref"));
        json_object_set_new(attrs, "extra", extra);
        (void)tell_item(&tell, (TellItem){ "", "requirement", id, header[0] != '\0' ? header : text,
                                           jval_get_text(root, "text"), attrs, NULL });
        parents_tell(&tell, id, root);
}

bool doorstop_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) json = yaml_to_json(source->bytes, source->depth_max, error);
        g_autoptr(JDoc) doc = json == NULL ? NULL : jdoc_parse(json, source->depth_max, error);
        bool is_settings;

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
                item_tell(source, jdoc_root(doc), sink);
        sink_figure_json(sink, "reviewed",
                         json_boolean(jval_get(jdoc_root(doc), "reviewed").type == JVAL_STRING));
        return true;
}
