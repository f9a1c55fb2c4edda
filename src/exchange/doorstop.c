/* Items of Doorstop (one requirement a file), and the settings of its documents, YAML. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"
#include "exchange/yamljson.h"

static const JFigure rows[] = {
        { JFIGURE_COUNT, "links", "links/*", false },
};

static const JFormat item = {
        "item of Doorstop", "active", NULL, rows, G_N_ELEMENTS(rows), "items of Doorstop are not imported yet"
};
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
        sink_figure_json(sink, "reviewed",
                         json_boolean(jval_get(jdoc_root(doc), "reviewed").type == JVAL_STRING));
        return true;
}
