#include "analysis/shown.h"

#include "analysis/internal.h"

#include <string.h>

/* Of keys, and of the numbers, names and versions that texts have besides. */
static const char word_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

static bool word_is_shown(GraphView view, const char *word, size_t n)
{
        g_autofree char *key = g_strndup(word, n);
        ItemNo item;

        return !graph_find_key(graph_whole(view), key, &item) || graph_exists(view, item);
}

bool text_is_shown(GraphView view, const char *text)
{
        if (graph_whole(view).graph == view.graph)
                return true;
        while (*text != '\0') {
                size_t n = strspn(text, word_bytes), bare = n;

                while (bare > 0 && text[bare - 1] == '.') /* of a sentence */
                        bare--;
                if (bare > 0 && !word_is_shown(view, text, bare))
                        return false;
                text += n;
                text += strcspn(text, word_bytes);
        }
        return true;
}

ItemNo item_shown(GraphView view, ItemNo item)
{
        return item_may_show(view, item) ? item : ZW_ITEM_NONE;
}

bool item_may_show(GraphView view, ItemNo item)
{
        return item == ZW_ITEM_NONE || graph_exists(view, item);
}

/* ---- results ---- */

typedef bool (*ShownFn)(GraphView view, gconstpointer element);

static void list_show(GraphView view, GArray *list, ShownFn is_shown)
{
        const size_t bytes = g_array_get_element_size(list);

        for (guint i = list->len; i > 0; i--)
                if (!is_shown(view, list->data + (i - 1) * bytes))
                        g_array_remove_index(list, i - 1);
}

static void causes_show(GraphView view, GPtrArray *causes)
{
        for (guint i = causes == NULL ? 0 : causes->len; i > 0; i--) {
                const Cause *cause = g_ptr_array_index(causes, i - 1);

                if (!item_may_show(view, cause->item) || !text_is_shown(view, cause->text))
                        g_ptr_array_remove_index(causes, i - 1);
        }
}

static bool member_is_shown(GraphView view, gconstpointer member)
{
        return graph_exists(view, ((const MemberStatus *)member)->member);
}

static void row_show(GraphView view, RowAssessment *row)
{
        row->requirement = item_shown(view, row->requirement);
        row->unallocated = item_shown(view, row->unallocated);
        row->waiver = item_shown(view, row->waiver);
        causes_show(view, row->causes);
        list_show(view, row->members, member_is_shown);
        for (guint i = 0; i < row->members->len; i++) {
                MemberStatus *member = &g_array_index(row->members, MemberStatus, i);

                member->claim = item_shown(view, member->claim);
                causes_show(view, member->causes);
        }
}

static bool is_partial(const Assess *assess)
{
        return assess->shown.graph != assess->view.graph;
}

void place_show(const Assess *assess, PlaceAssessment *place)
{
        for (RowId i = 0; is_partial(assess) && i < ZW_SR_ROWS; i++)
                row_show(assess->shown, &place->rows[i]);
}

static bool reason_is_shown(GraphView view, gconstpointer reason)
{
        return item_may_show(view, ((const CapabilityReason *)reason)->member);
}

void capability_show(const Assess *assess, Capability *capability)
{
        if (!is_partial(assess))
                return;
        list_show(assess->shown, capability->reasons, reason_is_shown);
        for (guint i = 0; i < capability->reasons->len; i++) {
                CapabilityReason *reason = &g_array_index(capability->reasons, CapabilityReason, i);

                reason->requirement = item_shown(assess->shown, reason->requirement);
                reason->claim = item_shown(assess->shown, reason->claim);
                causes_show(assess->shown, reason->causes);
        }
}

static bool item_is_shown(GraphView view, gconstpointer item)
{
        return graph_exists(view, *(const ItemNo *)item);
}

static bool exposed_place_is_shown(GraphView view, gconstpointer place)
{
        return graph_exists(view, ((const ExposedPlace *)place)->place);
}

static bool exposed_row_is_shown(GraphView view, gconstpointer row)
{
        return graph_exists(view, ((const ExposedRow *)row)->member);
}

static bool measure_is_shown(GraphView view, gconstpointer measure)
{
        return graph_exists(view, ((const ExposureMeasure *)measure)->countermeasure);
}

static bool scenario_is_shown(GraphView view, gconstpointer element)
{
        const ExposedScenario *scenario = element;

        return graph_exists(view, scenario->threat) && item_may_show(view, scenario->target);
}

static bool function_is_shown(GraphView view, gconstpointer element)
{
        const ExposedFunction *function = element;

        return graph_exists(view, function->function) && graph_exists(view, function->element);
}

void exposure_show(const Assess *assess, Exposure *exposure)
{
        const GraphView view = assess->shown;

        if (!is_partial(assess))
                return;
        list_show(view, exposure->assets, item_is_shown);
        list_show(view, exposure->places, exposed_place_is_shown);
        for (guint i = 0; i < exposure->places->len; i++)
                list_show(view, g_array_index(exposure->places, ExposedPlace, i).rows, exposed_row_is_shown);
        list_show(view, exposure->measures, measure_is_shown);
        list_show(view, exposure->scenarios, scenario_is_shown);
        list_show(view, exposure->functions, function_is_shown);
}
