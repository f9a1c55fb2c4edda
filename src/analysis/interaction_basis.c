/* On what a verdict about an interaction was given, and whether that still holds. */
#include "analysis/anchor.h"
#include "analysis/interaction.h"
#include "analysis/internal.h"

#include <string.h>

/* ---- what it rests on ---- */

static void items_take(GArray *basis, const GArray *items)
{
        if (items->len > 0)
                g_array_append_vals(basis, items->data, items->len);
}

static void with_components_take(GraphView view, GArray *basis, ItemNo item, LinkTypeId type)
{
        g_autoptr(GArray) things = items_linked(view, item, GRAPH_OUT, type, ZW_KIND_COUNT);

        items_take(basis, things);
        for (guint i = 0; i < things->len; i++) {
                g_autoptr(GArray) components = items_linked(view, g_array_index(things, ItemNo, i), GRAPH_OUT,
                                                            ZW_LINK_INSTANCE_OF, ZW_KIND_COMPONENT);

                items_take(basis, components);
        }
}

GArray *interaction_basis(GraphView view, ItemNo measure, ItemNo function)
{
        GArray *basis = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        guint kept = 0;

        g_array_append_val(basis, measure);
        g_array_append_val(basis, function);
        with_components_take(view, basis, measure, ZW_LINK_DEPLOYED_ON);
        with_components_take(view, basis, function, ZW_LINK_USES);
        g_array_sort(basis, item_compare);
        for (guint i = 0; i < basis->len; i++)
                if (kept == 0 || g_array_index(basis, ItemNo, kept - 1) != g_array_index(basis, ItemNo, i))
                        g_array_index(basis, ItemNo, kept++) = g_array_index(basis, ItemNo, i);
        g_array_set_size(basis, kept);
        return basis;
}

/* ---- what changed since ---- */

typedef struct {
        GraphView view;
        GPtrArray *causes; /* or NULL */
        bool any;
} Reopening;

static void cause_tell(Reopening *reopening, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void cause_tell(Reopening *reopening, const char *format, ...)
{
        va_list args;

        reopening->any = true;
        if (reopening->causes == NULL)
                return;
        va_start(args, format);
        g_ptr_array_add(reopening->causes, g_strdup_vprintf(format, args));
        va_end(args);
}

/* The revision of an item that the verdict was given on, as a text in `ret_version`; false when it was not there. */
static bool judged_version(Facts facts, const char *key, char *ret_version, size_t size)
{
        FactsIter iter = facts_iter(facts, ZW_ATTR_JUDGED_ON);
        const char *text;
        size_t n;

        while (facts_next_text(&iter, &text, &n)) {
                const size_t length = strnlen(text, n);

                if (strlen(key) != length || memcmp(text, key, length) != 0)
                        continue;
                g_strlcpy(ret_version, length < n ? text + length + 1 : "",
                          MIN(size, length < n ? n - length : 1));
                return true;
        }
        return false;
}

static void present_compare(Reopening *reopening, Facts facts, const GArray *basis)
{
        for (guint i = 0; i < basis->len; i++) {
                const ItemNo item = g_array_index(basis, ItemNo, i);
                const char *key = graph_key(reopening->view, item);
                char judged[16], now[16];

                g_snprintf(now, sizeof now, "%u", graph_subst(reopening->view, item));
                if (!judged_version(facts, key, judged, sizeof judged))
                        cause_tell(reopening, "%s was not there", key);
                else if (strcmp(judged, now) != 0)
                        cause_tell(reopening, "%s changed with revision %s; judged was %s", key, now, judged);
        }
}

static bool basis_has(GraphView view, const GArray *basis, const char *key)
{
        for (guint i = 0; i < basis->len; i++)
                if (strcmp(graph_key(view, g_array_index(basis, ItemNo, i)), key) == 0)
                        return true;
        return false;
}

static void gone_compare(Reopening *reopening, Facts facts, const GArray *basis)
{
        FactsIter iter = facts_iter(facts, ZW_ATTR_JUDGED_ON);
        const char *text;
        size_t n;

        while (facts_next_text(&iter, &text, &n)) {
                g_autofree char *key = g_strndup(text, n);

                if (!basis_has(reopening->view, basis, key))
                        cause_tell(reopening, "%s is not there any more", key);
        }
}

static void ends_compare(Reopening *reopening, const Interaction *interaction)
{
        for (GraphSide end = GRAPH_OUT; end <= GRAPH_IN; end++) {
                const ItemNo item = end == GRAPH_OUT ? interaction->measure : interaction->function;

                if (graph_subst(reopening->view, item) >
                    graph_link_judged(reopening->view, interaction->link, end))
                        cause_tell(reopening, "%s changed since the verdict",
                                   graph_key(reopening->view, item));
        }
}

/* Without a record of what it was given on, a verdict is as good as the links of its path: each is suspect when an end has
 * changed since somebody judged the link. */
static void suspects_compare(Reopening *reopening, const GArray *basis)
{
        const LinkMask path = link_mask_or(LINK_MASK(ZW_LINK_USES),
                                           link_mask_or(LINK_MASK(ZW_LINK_DEPLOYED_ON),
                                                        LINK_MASK(ZW_LINK_INSTANCE_OF)));

        for (guint i = 0; i < basis->len; i++) {
                const ItemNo item = g_array_index(basis, ItemNo, i);
                GraphIter iter = graph_iter(reopening->view, item, GRAPH_OUT, path);
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        if (graph_is_live(reopening->view, edge.other) &&
                            graph_link_is_suspect(reopening->view, edge.link))
                                cause_tell(reopening, "%s %s %s is suspect", graph_key(reopening->view, item),
                                           link_type_def(edge.type)->name,
                                           graph_key(reopening->view, edge.other));
        }
}

bool interaction_is_reopened(GraphView view, const Interaction *interaction, GPtrArray *ret_causes)
{
        Reopening reopening = { view, ret_causes, false };
        const Facts facts = graph_link_facts(view, interaction->link);
        g_autoptr(GArray) basis = interaction_basis(view, interaction->measure, interaction->function);
        const bool recorded = facts_has(facts, ZW_ATTR_JUDGED_ON);

        if (recorded) {
                present_compare(&reopening, facts, basis);
                gone_compare(&reopening, facts, basis);
        }
        if (!reopening.any) /* what the record tells of the ends is not told twice */
                ends_compare(&reopening, interaction);
        if (!recorded)
                suspects_compare(&reopening, basis);
        return reopening.any;
}
