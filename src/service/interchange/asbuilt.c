/* As built against as drawn, each difference with what can be done about it as native operations, which go through `edit` like any
 * other change. */
#include "analysis/asbuilt.h"

#include "model/facts.h"
#include "service/analyses/origins.h"

#include <string.h>

static const char *key_or_null(GraphView view, ItemNo item)
{
        return item == ZW_ITEM_NONE ? NULL : graph_key(view, item);
}

/* ---- what can be done ---- */

/* One action: `title` says what it does; the operations are stolen. */
static void action_write(JWrite *w, const char *name, const char *title, json_t *ops)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", name);
        jwrite_key_string(w, "title", title);
        jwrite_key_json(w, "ops", ops);
        jwrite_object_end(w);
        json_decref(ops);
}

static json_t *part_of(const char *asset, const char *place)
{
        return json_pack("{s:s, s:s, s:s, s:s}", "op", "link", "from", asset, "type",
                         link_type_def(ZW_LINK_PART_OF)->name, "to", place);
}

/* A network that the asset was seen on, for the name of a zone that is not there yet; NULL when none was told. Free it. */
static char *network_of(GraphView view, ItemNo asset)
{
        FactsIter iter = facts_iter(graph_facts(view, asset), ZW_ATTR_NETWORKS);
        const char *text;
        size_t n;

        return facts_next_text(&iter, &text, &n) ? g_strndup(text, n) : NULL;
}

/* Into the zone of its network; else into a new one, of the network that it was seen on. */
static void create_write(JWrite *w, GraphView view, const AsBuilt *row)
{
        const char *asset = graph_key(view, row->seen);
        g_autofree char *network = row->there == ZW_ITEM_NONE ? network_of(view, row->seen) : NULL,
                        *title = NULL;

        if (row->there != ZW_ITEM_NONE) {
                title = g_strdup_printf("put %s into %s, whose network it is on", asset,
                                        graph_key(view, row->there));
                action_write(w, "create", title,
                             json_pack("[o]", part_of(asset, graph_key(view, row->there))));
        } else if (network != NULL) {
                title = g_strdup_printf("make a zone of the network %s and put %s into it", network, asset);
                action_write(
                        w, "create", title,
                        json_pack("[{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:[s]}}, {s:s, s:s, s:s, s:{s:[s, s]}}]",
                                  "op", "item", "kind", "zone", "title", network, "source", "system",
                                  "network", "id", network, "attrs", "networks", network, "op", "link",
                                  "from", asset, "type", link_type_def(ZW_LINK_PART_OF)->name, "to", "source",
                                  "network", network));
        }
}

static void move_write(JWrite *w, GraphView view, const AsBuilt *row)
{
        const char *asset = graph_key(view, row->drawn), *there = graph_key(view, row->there);
        g_autofree char *title = g_strdup_printf("move %s from %s to %s", asset, graph_key(view, row->place),
                                                 there);

        action_write(w, "move", title,
                     json_pack("[{s:s, s:s, s:s, s:s}, o]", "op", "unlink", "from", asset, "type",
                               link_type_def(ZW_LINK_PART_OF)->name, "to", graph_key(view, row->place),
                               part_of(asset, there)));
}

static void update_write(JWrite *w, GraphView view, const AsBuilt *row)
{
        const char *asset = graph_key(view, row->drawn);
        g_autofree char *title = g_strdup_printf("note version %s for %s", row->found, asset);

        action_write(w, "update", title,
                     json_pack("[{s:s, s:s, s:{s:s}}]", "op", "item", "key", asset, "attrs",
                               "installed_version", row->found));
}

/* The reasons there are, and one whose text who accepts writes behind the colon. */
static void accept_write(JWrite *w, GraphView view, const AsBuilt *row)
{
        const ItemNo asset = row->drawn == ZW_ITEM_NONE ? row->seen : row->drawn;
        FactsIter iter = facts_iter(graph_facts(view, asset), ZW_ATTR_ACCEPTED_DIFFERENCES);
        json_t *reasons = json_array();
        const char *text;
        size_t n;

        while (facts_next_text(&iter, &text, &n))
                json_array_append_new(reasons, json_stringn(text, n));
        json_array_append_new(reasons, json_sprintf("%s: ", asbuilt_difference(row)));
        action_write(w, "accept", "accept it, with a reason",
                     json_pack("[{s:s, s:s, s:{s:o}}]", "op", "item", "key", graph_key(view, asset), "attrs",
                               "accepted_differences", reasons));
}

static void actions_write(JWrite *w, GraphView view, const AsBuilt *row)
{
        jwrite_key(w, "actions");
        jwrite_array_begin(w);
        if (row->accepted == NULL) {
                if (row->kind == ASBUILT_NOT_DRAWN)
                        create_write(w, view, row);
                else if (row->kind == ASBUILT_ELSEWHERE)
                        move_write(w, view, row);
                else if (row->kind == ASBUILT_VERSION)
                        update_write(w, view, row);
                else if (row->kind == ASBUILT_NOT_SEEN)
                        action_write(w, "retire", "retire it: it is gone",
                                     json_pack("[{s:s, s:s}]", "op", "retire", "key",
                                               graph_key(view, row->drawn)));
                accept_write(w, view, row);
        }
        jwrite_array_end(w);
}

/* ---- rows ---- */

static char *message_new(GraphView view, const AsBuilt *row)
{
        const char *seen = key_or_null(view, row->seen), *drawn = key_or_null(view, row->drawn),
                   *place = key_or_null(view, row->place), *there = key_or_null(view, row->there);

        switch (row->kind) {
        case ASBUILT_NOT_DRAWN:
                return g_strdup_printf("%s \"%s\" was seen and stands in no place of the case", seen,
                                       graph_title(view, row->seen));
        case ASBUILT_NOT_SEEN:
                return g_strdup_printf("%s \"%s\" is in the case and no inventory saw it", drawn,
                                       graph_title(view, row->drawn));
        case ASBUILT_ELSEWHERE:
                return g_strdup_printf("%s stands in %s and was seen on a network of %s", drawn, place,
                                       there);
        case ASBUILT_VERSION:
                return g_strdup_printf("%s has version %s in the case and was seen with %s", drawn,
                                       row->known, row->found);
        case ASBUILT_PORT:
                return g_strdup_printf("%s of %s is open, and no conduit of %s and no flow to it permits it",
                                       row->known, drawn, place);
        case ZW_ASBUILT_KINDS:
                break;
        }
        return g_strdup("");
}

static void row_write(JWrite *w, GraphView view, const AsBuilt *row)
{
        const ItemNo asset = row->drawn == ZW_ITEM_NONE ? row->seen : row->drawn;
        g_autofree char *message = message_new(view, row),
                        *id = g_strdup_printf("%s:%s", graph_key(view, asset), asbuilt_difference(row));

        jwrite_object_begin(w);
        jwrite_key_string(w, "id", id);
        jwrite_key_string(w, "kind", asbuilt_name(row->kind));
        jwrite_key_string(w, "seen", key_or_null(view, row->seen));
        jwrite_key_string(w, "drawn", key_or_null(view, row->drawn));
        jwrite_key_string(w, "place", key_or_null(view, row->place));
        jwrite_key_string(w, "there", key_or_null(view, row->there));
        jwrite_key_string(w, "found", row->found);
        jwrite_key_string(w, "known", row->known);
        jwrite_key_string(w, "message", message);
        jwrite_key_string(w, "accepted", row->accepted);
        actions_write(w, view, row);
        jwrite_object_end(w);
}

bool usecase_inventory_differences(Call *call, JWrite *w, GError **error)
{
        const bool accepted = jread_get_bool(call->input, "accepted", false);
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) rows = NULL, origins = NULL;
        LintOrigins seen;
        guint n_seen;

        if (!graph_of_call(call, &pinned, error))
                return false;
        origins = origins_of_call(call, error);
        if (origins == NULL)
                return false;
        seen = origins_view(origins, NULL);
        rows = asbuilt_find(pinned.view, &seen, &n_seen);
        jwrite_object_begin(w);
        jwrite_key_int(w, "seen", n_seen);
        jwrite_key(w, "differences");
        jwrite_array_begin(w);
        for (guint i = 0; i < rows->len; i++) {
                const AsBuilt *row = &g_array_index(rows, AsBuilt, i);

                if (accepted || row->accepted == NULL)
                        row_write(w, pinned.view, row);
        }
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
