/* A person's verdict on what a countermeasure does to a function: the link `affects`, with what it was given on, as one commit
 * (docs/algorithms/safety-security.md). */
#include "analysis/interaction.h"
#include "service/analyses/safety_write.h"

#include <string.h>

static const char *const members[] = { "aspects", "added_latency_ms", "added_pfd", "failure_effect",
                                       "verdict" };

/* Everything that the verdict is given on, by key, with its substantive revision. */
static json_t *basis_of(GraphView view, ItemNo measure, ItemNo function)
{
        g_autoptr(GArray) items = interaction_basis(view, measure, function);
        json_t *basis = json_object();

        for (guint i = 0; i < items->len; i++) {
                const ItemNo item = g_array_index(items, ItemNo, i);

                json_object_set_new(basis, graph_key(view, item),
                                    json_sprintf("%u", graph_subst(view, item)));
        }
        return basis;
}

static uint32_t aspects_of(const json_t *attrs)
{
        const AttrDef *def = link_attr_find(ZW_LINK_AFFECTS, "aspects");
        const json_t *aspects = json_object_get(attrs, "aspects"), *aspect;
        uint32_t bits = 0;
        size_t i;

        json_array_foreach(aspects, i,
                           aspect) for (size_t k = 0; k < def->n_values;
                                        k++) if (strcmp(def->values[k], json_string_value(aspect)) == 0)
                bits |= UINT32_C(1) << k;
        return bits;
}

static bool figure_check(const json_t *attrs, bool needed, const char *name, GError **error)
{
        g_autofree char *where = g_strdup_printf("/%s", name);

        if (!needed || json_object_get(attrs, name) != NULL)
                return true;
        error_set(error, ZW_ERR_INPUT, where,
                  "what it affects asks for %s: without it nothing is acceptable, and the verdict stays open",
                  name);
        return false;
}

/* What is missing is unknown, and what is unknown is not acceptable. */
static bool verdict_check(const json_t *attrs, GError **error)
{
        const char *verdict = jread_get_string(attrs, "verdict");
        const Interaction said = { .aspects = aspects_of(attrs) };

        if (verdict == NULL) {
                error_set(error, ZW_ERR_USAGE, "/verdict",
                          "say the verdict: acceptable, not_acceptable or open");
                return false;
        }
        if (strcmp(verdict, "open") != 0 && said.aspects == 0) {
                error_set(error, ZW_ERR_INPUT, "/aspects", "say what it affects before the verdict");
                return false;
        }
        return strcmp(verdict, "acceptable") != 0 ||
               (figure_check(attrs, interaction_needs_latency(&said), "added_latency_ms", error) &&
                figure_check(attrs, interaction_needs_pfd(&said), "added_pfd", error));
}

/* The attributes of the link. Free it; NULL on failure. */
static json_t *attrs_of(const Call *call, GraphView view, ItemNo measure, ItemNo function, GError **error)
{
        g_autoptr(Json) attrs = json_object();

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (json_object_get(call->input, members[i]) != NULL)
                        json_object_set(attrs, members[i], json_object_get(call->input, members[i]));
        if (!link_attrs_check(ZW_LINK_AFFECTS, attrs, "", error) || !verdict_check(attrs, error))
                return NULL;
        json_object_set_new(attrs, "judged_on", basis_of(view, measure, function));
        return g_steal_pointer(&attrs);
}

/* The input of the edit that does it; NULL on failure. */
static json_t *edit_of(Call *call, GError **error)
{
        static const char *const kept[] = { "project", "request", "dry_run" };
        g_auto(PinnedGraph) pinned = { 0 };
        ItemNo measure, function;
        json_t *attrs, *edit;

        if (!graph_of_call(call, &pinned, error) ||
            !call_item(call, pinned.view, "measure", &measure, error) ||
            !call_item(call, pinned.view, "function", &function, error))
                return NULL;
        attrs = attrs_of(call, pinned.view, measure, function, error);
        if (attrs == NULL)
                return NULL;
        edit = json_pack("{s:O, s:[{s:s, s:s, s:s, s:s, s:o}]}", "message",
                         json_object_get(call->input, "reason"), "ops", "op", "link", "from",
                         graph_key(pinned.view, measure), "type", link_type_def(ZW_LINK_AFFECTS)->name, "to",
                         graph_key(pinned.view, function), "attrs", attrs);
        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
                if (json_object_get(call->input, kept[i]) != NULL)
                        json_object_set(edit, kept[i], json_object_get(call->input, kept[i]));
        return edit;
}

bool usecase_safety_assess(Call *call, JWrite *w, GError **error)
{
        const char *reason = jread_get_string(call->input, "reason");
        g_autoptr(Json) input = NULL;
        Call edit = *call;

        if (reason == NULL || reason[0] == '\0') {
                error_set(error, ZW_ERR_USAGE, "/reason", "say why: it is kept in the log");
                return false;
        }
        input = edit_of(call, error);
        if (input == NULL)
                return false;
        edit.input = input;
        jwrite_object_begin(w);
        jwrite_key(w, "changes");
        if (!usecase_edit(&edit, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
