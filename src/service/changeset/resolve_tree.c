/* Fault trees are checked when they are written: a cycle, or what no tree is, is never kept (docs/algorithms/cut-sets.md). */
#include "model/fault_tree.h"
#include "service/changeset/resolve.h"

bool resolver_tree_check(const json_t *attrs, GError **error)
{
        const AttrDef *def = attr_get(ZW_KIND_HAZARD, ZW_ATTR_FAULT_TREE);
        const json_t *list = json_object_get(attrs, def->name);
        const size_t n = json_array_size(list);
        g_autofree const char **lines = g_new0(const char *, n + 1);
        g_autoptr(FaultTree) tree = NULL;
        g_autoptr(GError) why = NULL;

        if (n == 0)
                return true;
        for (size_t i = 0; i < n; i++)
                lines[i] = json_string_value(json_array_get(list, i));
        tree = fault_tree_read(lines, n, &why);
        if (tree != NULL)
                return true;
        error_set_where(why, "/attrs/%s", def->name);
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}
