/* The product tree: branches from vendor to version, full product names without branches, relationships that bind two
 * products to a third, and groups. Texts lie in the document; a version that several branches make lies in the arena. */
#include "exchange/csaf.h"

/* What the branches from the root down to here say. */
typedef struct {
        const char *vendor, *family, *product, *version, *range;
} Branch;

static bool text_take(Csaf *csaf, JVal object, const char *key, const JPlace *parent, const char **ret_text)
{
        JPlace place = csaf_key(parent, key);
        size_t n = 0;

        *ret_text = jval_text(jval_get(object, key), &n);
        if (*ret_text != NULL && n > 0 && strlen(*ret_text) == n)
                return true;
        g_autofree char *where = jplace_text(NULL, &place);

        sink_refuse(csaf->sink, where, "a text without NUL is expected");
        return false;
}

/* A full product name. The first definition of an id counts. */
static void product_define(Csaf *csaf, JVal element, const CsafProduct *given, const JPlace *place)
{
        CsafProduct product = *given;

        if (!text_take(csaf, element, "product_id", place, &product.id) ||
            !text_take(csaf, element, "name", place, &product.name))
                return;
        product.helper = jval_get(element, "product_identification_helper");
        product.of = product.on = product.out = -1;
        g_array_append_val(csaf->products, product);
        if (g_hash_table_contains(csaf->by_id, product.id))
                csaf_problem(csaf, place, "6.1.2", "the product id %s is defined more than once", product.id);
        else
                g_hash_table_insert(csaf->by_id, (gpointer)(uintptr_t)product.id,
                                    GUINT_TO_POINTER(csaf->products->len));
}

static const char *version_join(Csaf *csaf, const char *version, const char *more)
{
        g_autofree char *joined = NULL;
        const char *kept;

        if (version == NULL)
                return more;
        joined = g_strdup_printf("%s %s", version, more);
        kept = arena_text(csaf->arena, joined, strlen(joined));
        return kept == NULL ? version : kept;
}

static Branch branch_go(Csaf *csaf, Branch branch, const char *category, const char *name)
{
        if (strcmp(category, "vendor") == 0)
                branch.vendor = name;
        else if (strcmp(category, "product_family") == 0)
                branch.family = name;
        else if (strcmp(category, "product_name") == 0)
                branch.product = name;
        else if (strcmp(category, "product_version") == 0)
                branch.version = name;
        else if (strcmp(category, "product_version_range") == 0)
                branch.range = name;
        else if (strcmp(category, "service_pack") == 0 || strcmp(category, "patch_level") == 0)
                branch.version = version_join(csaf, branch.version, name);
        return branch;
}

/* Depth is bounded by the limit on nesting, which the parser enforced. */
static void branches_read(Csaf *csaf, JVal parent, Branch above, const JPlace *place)
{
        JPlace list_place = csaf_key(place, "branches");
        JIter iter = jval_iter(csaf_list(csaf, parent, "branches", place));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&list_place, i), product_place = csaf_key(&here, "product");
                JVal product = jval_get(element, "product");
                const char *category, *name;
                Branch branch;

                if (!text_take(csaf, element, "category", &here, &category) ||
                    !text_take(csaf, element, "name", &here, &name))
                        continue;
                branch = branch_go(csaf, above, category, name);
                if (product.type != JVAL_NONE) {
                        CsafProduct given = { .vendor = branch.vendor,
                                              .family = branch.family,
                                              .product = branch.product,
                                              .version = branch.version,
                                              .range = branch.range };

                        csaf->n_branch_products++;
                        product_define(csaf, product, &given, &product_place);
                }
                branches_read(csaf, element, branch, &here);
        }
}

static void names_read(Csaf *csaf, const JPlace *tree)
{
        JPlace list_place = csaf_key(tree, "full_product_names");
        JIter iter = jval_iter(csaf_list(csaf, csaf->tree, "full_product_names", tree));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&list_place, i);

                product_define(csaf, element, &(CsafProduct){ 0 }, &here);
        }
}

static void relationships_read(Csaf *csaf, const JPlace *tree)
{
        JPlace list_place = csaf_key(tree, "relationships");
        JIter iter = jval_iter(csaf_list(csaf, csaf->tree, "relationships", tree));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&list_place, i), name_place = csaf_key(&here, "full_product_name");
                CsafProduct given = { 0 };

                if (text_take(csaf, element, "category", &here, &given.relation) &&
                    text_take(csaf, element, "product_reference", &here, &given.of_id) &&
                    text_take(csaf, element, "relates_to_product_reference", &here, &given.on_id))
                        product_define(csaf, jval_get(element, "full_product_name"), &given, &name_place);
        }
}

/* The paths of the draft 2.1, which take the place of relationships; only those of two products are understood. */
static void paths_read(Csaf *csaf, const JPlace *tree)
{
        JPlace list_place = csaf_key(tree, "product_paths");
        JIter iter = jval_iter(csaf_list(csaf, csaf->tree, "product_paths", tree));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&list_place, i), name_place = csaf_key(&here, "full_product_name");
                JVal subpaths = jval_get(element, "subpaths"), subpath = { 0 };
                JIter sub = jval_iter(subpaths);
                CsafProduct given = { .relation = "product_path" };

                if (jiter_next(&sub, &subpath) && jval_count(subpaths) == 1) {
                        given.of_id = jval_get_text(element, "beginning_product_reference");
                        given.on_id = jval_get_text(subpath, "next_product_reference");
                }
                product_define(csaf, jval_get(element, "full_product_name"), &given, &name_place);
        }
}

/* ---- references ---- */

int csaf_product_find(const Csaf *csaf, JVal id)
{
        const char *text = jval_text(id, NULL);

        return text == NULL ? -1 : (int)GPOINTER_TO_UINT(g_hash_table_lookup(csaf->by_id, text)) - 1;
}

int csaf_product(Csaf *csaf, JVal id, const JPlace *place)
{
        int number = csaf_product_find(csaf, id);

        if (number < 0)
                csaf_problem(csaf, place, "6.1.1", "the product id %s is not defined in the product tree",
                             id.type == JVAL_STRING ? jval_text(id, NULL) : "(no text)");
        return number;
}

static int number_order(gconstpointer a, gconstpointer b)
{
        int x = *(const int *)a, y = *(const int *)b;

        return x < y ? -1 : x > y;
}

static void group_add(Csaf *csaf, JVal id, const JPlace *place, bool report, GArray *numbers)
{
        const char *text = jval_text(id, NULL);
        GArray *group = text == NULL ? NULL : g_hash_table_lookup(csaf->groups, text);

        if (group != NULL)
                g_array_append_vals(numbers, group->data, group->len);
        else if (report)
                csaf_problem(csaf, place, "6.1.4", "the group id %s is not defined in the product tree",
                             text == NULL ? "(no text)" : text);
}

GArray *csaf_products_of(Csaf *csaf, JVal element, const char *key, const JPlace *place, bool report)
{
        JPlace ids_place = csaf_key(place, key), groups_place = csaf_key(place, "group_ids");
        JIter ids = jval_iter(jval_get(element, key)), groups = jval_iter(jval_get(element, "group_ids"));
        GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int));
        guint kept = 0;
        JVal id;

        for (size_t i = 0; jiter_next(&ids, &id); i++) {
                JPlace here = csaf_index(&ids_place, i);
                int number = report ? csaf_product(csaf, id, &here) : csaf_product_find(csaf, id);

                if (number >= 0)
                        g_array_append_val(numbers, number);
        }
        for (size_t i = 0; jiter_next(&groups, &id); i++) {
                JPlace here = csaf_index(&groups_place, i);

                group_add(csaf, id, &here, report, numbers);
        }
        g_array_sort(numbers, number_order);
        for (guint i = 0; i < numbers->len; i++)
                if (i == 0 || g_array_index(numbers, int, i) != g_array_index(numbers, int, kept - 1))
                        g_array_index(numbers, int, kept++) = g_array_index(numbers, int, i);
        g_array_set_size(numbers, kept);
        return numbers;
}

static void groups_read(Csaf *csaf, const JPlace *tree)
{
        JPlace list_place = csaf_key(tree, "product_groups");
        JIter iter = jval_iter(csaf_list(csaf, csaf->tree, "product_groups", tree));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&list_place, i);
                const char *id;

                if (!text_take(csaf, element, "group_id", &here, &id))
                        continue;
                if (g_hash_table_contains(csaf->groups, id))
                        csaf_problem(csaf, &here, "6.1.5", "the group id %s is defined more than once", id);
                else
                        g_hash_table_insert(csaf->groups, (gpointer)(uintptr_t)id,
                                            csaf_products_of(csaf, element, "product_ids", &here, true));
        }
}

static void relationship_resolve(Csaf *csaf, CsafProduct *product, const JPlace *place)
{
        const char *const ids[] = { product->of_id, product->on_id };
        int *const numbers[] = { &product->of, &product->on };

        for (size_t i = 0; i < 2; i++) {
                if (ids[i] == NULL)
                        continue;
                *numbers[i] = (int)GPOINTER_TO_UINT(g_hash_table_lookup(csaf->by_id, ids[i])) - 1;
                if (*numbers[i] < 0)
                        csaf_problem(csaf, place, "6.1.1",
                                     "the product id %s is not defined in the product tree", ids[i]);
        }
}

/* ---- circles ---- */

/* Goes down the two products of each relationship, without recursion: a chain can be as long as the list. */
static void circles_find(Csaf *csaf, const JPlace *tree)
{
        JPlace place = csaf_key(tree, "relationships");
        g_autofree uint8_t *state = g_new0(uint8_t,
                                           csaf->products->len + 1); /* 1 on the way, +1 per child, 3 done */
        g_autoptr(GArray) way = g_array_new(FALSE, FALSE, sizeof(int));

        for (int start = 0; start < (int)csaf->products->len; start++) {
                if (state[start] == 0)
                        g_array_append_val(way, start);
                while (way->len > 0) {
                        int at = g_array_index(way, int, way->len - 1), next;
                        CsafProduct *product = &g_array_index(csaf->products, CsafProduct, at);

                        if (state[at] == 3) {
                                g_array_set_size(way, way->len - 1);
                                continue;
                        }
                        next = state[at]++ == 0 ? product->of : state[at] == 2 ? product->on : -1;
                        if (next >= 0 && (state[next] == 1 || state[next] == 2) && !product->circular) {
                                product->circular = true;
                                csaf_problem(csaf, &place, "6.1.3", "the product %s is defined by itself",
                                             product->id);
                        } else if (next >= 0 && state[next] == 0)
                                g_array_append_val(way, next);
                }
        }
}

void csaf_tree_read(Csaf *csaf)
{
        JPlace tree = csaf_key(NULL, "product_tree"), list = csaf_key(&tree, "relationships");
        size_t n = 0;

        if (csaf->tree.type != JVAL_NONE && csaf->tree.type != JVAL_OBJECT)
                sink_refuse(csaf->sink, "/product_tree", "an object is expected");
        branches_read(csaf, csaf->tree, (Branch){ 0 }, &tree);
        names_read(csaf, &tree);
        relationships_read(csaf, &tree);
        paths_read(csaf, &tree);
        for (guint i = 0; i < csaf->products->len; i++) {
                CsafProduct *product = &g_array_index(csaf->products, CsafProduct, i);
                JPlace here = csaf_index(&list, n);

                if (product->relation == NULL)
                        continue;
                relationship_resolve(csaf, product, &here);
                n++;
        }
        groups_read(csaf, &tree);
        circles_find(csaf, &tree);
}
