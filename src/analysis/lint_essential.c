/* Named defects of essential and safety functions: 62443-3-3 clause 4.2 (docs/algorithms/essential.md). */
#include "analysis/lint_rules.h"

/* Essential functions, and safety functions that some countermeasure affects. */
static bool is_asked(const Lint *lint, ItemNo item)
{
        return graph_kind(lint->view, item) == ZW_KIND_ESSENTIAL_FUNCTION ||
               lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_AFFECTS));
}

/* Names of the events whose bit is set, with commas between. Free it. */
static char *events_tell(const Lint *lint, ItemNo item, uint32_t events)
{
        const AttrDef *def = attr_get(graph_kind(lint->view, item), ZW_ATTR_KEEPS);
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < def->n_values; i++)
                if ((events >> i & 1) != 0)
                        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ", def->values[i]);
        return g_string_free(text, FALSE);
}

void lint_essential_unanswered(Lint *lint, ItemNo item)
{
        const AttrDef *def = attr_get(graph_kind(lint->view, item), ZW_ATTR_KEEPS);
        const uint32_t all = (UINT32_C(1) << def->n_values) - 1;
        g_autofree char *text = NULL;
        uint32_t yes, no;

        facts_get_answers(graph_facts(lint->view, item), ZW_ATTR_KEEPS, &yes, &no);
        if (!is_asked(lint, item) || (yes | no) == all)
                return;
        text = events_tell(lint, item, all & ~(yes | no));
        lint_found(lint, item, ZW_ITEM_NONE,
                   "%s: nobody said whether it goes on with %s (62443-3-3 clause 4.2)", lint_key(lint, item),
                   text);
}

void lint_essential_lost(Lint *lint, ItemNo item)
{
        g_autofree char *text = NULL;
        uint32_t yes, no;

        facts_get_answers(graph_facts(lint->view, item), ZW_ATTR_KEEPS, &yes, &no);
        if (no == 0)
                return;
        text = events_tell(lint, item, no);
        lint_found(lint, item, ZW_ITEM_NONE, "%s does not go on with %s (62443-3-3 clause 4.2)",
                   lint_key(lint, item), text);
}
