#include "service/analyses/reach.h"

#include "analysis/shared.h"
#include "base/near.h"
#include "service/lists/filter.h"

#include <string.h>

/* ---- the choice ---- */

typedef bool (*NameFn)(const char *name, int *ret_number);

static bool kind_number(const char *name, int *ret_number)
{
        KindId kind;

        if (!kind_find(name, &kind))
                return false;
        *ret_number = (int)kind;
        return true;
}

static bool link_number(const char *name, int *ret_number)
{
        LinkTypeId type;

        if (!link_type_find(name, &type))
                return false;
        *ret_number = (int)type;
        return true;
}

static bool name_unknown(const char *member, const char *what, const char *name, const char *const *names,
                         size_t n, GError **error)
{
        g_autofree char *where = g_strdup_printf("/%s", member);
        g_autofree char *near = near_names(name == NULL ? "" : name, names, n);

        error_set(error, ZW_ERR_NAME_UNKNOWN, where, "there is no %s \"%s\"%s", what,
                  name == NULL ? "" : name, near);
        return false;
}

/* A list of names as bits; all of them when the list is absent or empty. */
static bool names_read(const Call *call, const char *member, const char *what, NameFn find,
                       const char *const *names, size_t n, uint64_t *ret_bits, GError **error)
{
        const json_t *list = json_object_get(call->input, member), *name;
        size_t i;

        *ret_bits = json_array_size(list) == 0 ? UINT64_MAX : 0;
        json_array_foreach(list, i, name)
        {
                int number;

                if (!json_is_string(name) || !find(json_string_value(name), &number))
                        return name_unknown(member, what, json_string_value(name), names, n, error);
                *ret_bits |= UINT64_C(1) << number;
        }
        return true;
}

static const AttrDef *discipline_def(void)
{
        return attr_get(ZW_KIND_REQUIREMENT, ZW_ATTR_DISCIPLINE);
}

static bool discipline_read(const Call *call, int *ret_discipline, GError **error)
{
        const char *name = jread_get_string(call->input, "discipline");
        const AttrDef *def = discipline_def();

        *ret_discipline = -1;
        if (name == NULL)
                return true;
        for (size_t i = 0; i < def->n_values; i++)
                if (strcmp(def->values[i], name) == 0)
                        *ret_discipline = (int)i;
        return *ret_discipline >= 0 ||
               name_unknown("discipline", "discipline", name, def->values, def->n_values, error);
}

bool reach_choose(Call *call, GraphView view, ReachChoice *ret_choice, GError **error)
{
        const bool up = jread_get_bool(call->input, "up", false),
                   down = jread_get_bool(call->input, "down", false);
        size_t n_kinds, n_links;
        const char *const *kinds = kind_names(&n_kinds), *const *links = link_type_names(&n_links);

        *ret_choice = (ReachChoice){ .zone = ZW_ITEM_NONE,
                                     .shared = jread_get_bool(call->input, "shared", false),
                                     .direction = !up    ? WALK_DOWN
                                                  : down ? WALK_BOTH
                                                         : WALK_UP };
        return names_read(call, "kinds", "kind", kind_number, kinds, n_kinds, &ret_choice->kinds, error) &&
               names_read(call, "links", "link type", link_number, links, n_links, &ret_choice->links.mask,
                          error) &&
               discipline_read(call, &ret_choice->discipline, error) &&
               (jread_get_string(call->input, "zone") == NULL ||
                call_item(call, view, "zone", &ret_choice->zone, error));
}

/* ---- one walk ---- */

typedef struct {
        JWrite *w;
        GraphView view;
        const ReachChoice *choice;
        const ReachCause *cause;
        const WalkStep *steps;
        uint8_t *in_zone; /* by item; NULL for any */
        uint8_t *seen;    /* or NULL */
} Reach;

/* One that states none is of the first, which is the default of the metamodel. */
static bool is_of_discipline(const Reach *reach, ItemNo requirement)
{
        return reach->choice->discipline < 0 ||
               MAX(facts_get_enum(graph_facts(reach->view, requirement), ZW_ATTR_DISCIPLINE), 0) ==
                       reach->choice->discipline;
}

static bool is_wanted(const Reach *reach, ItemNo item)
{
        const KindId kind = graph_kind(reach->view, item);

        return (reach->choice->kinds & UINT64_C(1) << kind) != 0 &&
               (reach->in_zone == NULL || reach->in_zone[item] != 0) &&
               (reach->seen == NULL || reach->seen[item] == 0) &&
               (kind != ZW_KIND_REQUIREMENT || is_of_discipline(reach, item));
}

static void because_write(const Reach *reach)
{
        const ReachCause *cause = reach->cause;

        jwrite_key(reach->w, "because");
        jwrite_object_begin(reach->w);
        jwrite_key_string(reach->w, "key", cause->key);
        jwrite_key_int(reach->w, "rev_old", cause->rev_old);
        jwrite_key_int(reach->w, "rev_now", cause->rev_now);
        jwrite_key_json(reach->w, "changed", cause->changed);
        jwrite_object_end(reach->w);
}

/* The path to a step, and on over `rest`. */
static void path_write(const Reach *reach, const char *key, size_t at, const ItemNo *rest, size_t n_rest)
{
        g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (; at != 0; at = reach->steps[at].before)
                g_array_append_val(path, reach->steps[at].item);
        jwrite_key(reach->w, key);
        jwrite_array_begin(reach->w);
        jwrite_string(reach->w, graph_key(reach->view, reach->steps[0].item));
        for (guint i = path->len; i > 0; i--)
                jwrite_string(reach->w, graph_key(reach->view, g_array_index(path, ItemNo, i - 1)));
        for (size_t i = 0; i < n_rest; i++)
                jwrite_string(reach->w, graph_key(reach->view, rest[i]));
        jwrite_array_end(reach->w);
}

/* Begins the row of an item and marks it as seen. */
static void row_begin(const Reach *reach, ItemNo item, int64_t distance)
{
        if (reach->seen != NULL)
                reach->seen[item] = 1;
        jwrite_object_begin(reach->w);
        jwrite_key_string(reach->w, "key", graph_key(reach->view, item));
        jwrite_key_string(reach->w, "kind", kind_def(graph_kind(reach->view, item))->name);
        jwrite_key_string(reach->w, "title", graph_title(reach->view, item));
        jwrite_key_int(reach->w, "distance", distance);
}

static void row_end(const Reach *reach)
{
        because_write(reach);
        jwrite_object_end(reach->w);
}

/* Safety functions and layers that share something with the countermeasures of the requirements reached. */
typedef struct {
        GArray *found;    /* of SharedFunction; NULL when nobody asked */
        GArray *steps;    /* of size_t: the step of each requirement */
        GHashTable *left; /* function → its place in `found`, from 1: those not written yet */
} Sharing;

static void sharing_clear(Sharing *sharing)
{
        g_clear_pointer(&sharing->found, g_array_unref);
        g_clear_pointer(&sharing->steps, g_array_unref);
        g_clear_pointer(&sharing->left, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sharing, sharing_clear)

static void sharing_find(const Reach *reach, size_t n, Sharing *sharing)
{
        g_autoptr(GArray) requirements = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        sharing->steps = g_array_new(FALSE, FALSE, sizeof(size_t));
        sharing->left = g_hash_table_new(NULL, NULL);
        for (size_t i = 0; i < n; i++) {
                const ItemNo item = reach->steps[i].item;

                if (graph_kind(reach->view, item) != ZW_KIND_REQUIREMENT || !is_of_discipline(reach, item))
                        continue;
                g_array_append_val(requirements, item);
                g_array_append_val(sharing->steps, i);
        }
        sharing->found = shared_functions(reach->view, (const ItemNo *)(const void *)requirements->data,
                                          requirements->len);
        for (guint i = 0; i < sharing->found->len; i++)
                g_hash_table_insert(sharing->left,
                                    GUINT_TO_POINTER(
                                            g_array_index(sharing->found, SharedFunction, i).function + 1),
                                    GUINT_TO_POINTER(i + 1));
}

static void shared_path_write(const Reach *reach, const char *key, const Sharing *sharing,
                              const SharedFunction *shared)
{
        path_write(reach, key, g_array_index(sharing->steps, size_t, shared->requirement), shared->path + 1,
                   shared->n - 1);
}

/* One item that the walk reached. */
static void step_write(const Reach *reach, Sharing *sharing, size_t at)
{
        const ItemNo item = reach->steps[at].item;
        gpointer found = sharing->left == NULL
                                 ? NULL
                                 : g_hash_table_lookup(sharing->left, GUINT_TO_POINTER(item + 1));

        row_begin(reach, item, reach->steps[at].distance);
        path_write(reach, "path", at, NULL, 0);
        if (found != NULL) {
                shared_path_write(reach, "shared", sharing,
                                  &g_array_index(sharing->found, SharedFunction,
                                                 GPOINTER_TO_UINT(found) - 1));
                g_hash_table_remove(sharing->left, GUINT_TO_POINTER(item + 1));
        }
        row_end(reach);
}

/* The functions that only what they share leads to. */
static void shared_write(const Reach *reach, const Sharing *sharing)
{
        for (guint i = 0; sharing->found != NULL && i < sharing->found->len; i++) {
                const SharedFunction *shared = &g_array_index(sharing->found, SharedFunction, i);
                const size_t step = g_array_index(sharing->steps, size_t, shared->requirement);

                if (!is_wanted(reach, shared->function) ||
                    !g_hash_table_contains(sharing->left, GUINT_TO_POINTER(shared->function + 1)))
                        continue;
                row_begin(reach, shared->function, reach->steps[step].distance + (int64_t)shared->n - 1);
                shared_path_write(reach, "path", sharing, shared);
                shared_path_write(reach, "shared", sharing, shared);
                row_end(reach);
        }
}

void reach_write(JWrite *w, GraphView view, const ReachChoice *choice, const ReachCause *cause,
                 /* NOLINTNEXTLINE(readability-non-const-parameter) ; what is written is marked in `seen` */
                 const WalkStep *steps, size_t n, uint8_t *seen)
{
        g_autofree uint8_t *in_zone = choice->zone == ZW_ITEM_NONE ? NULL
                                                                   : filter_zone_items(view, choice->zone);
        const Reach reach = { w, view, choice, cause, steps, in_zone, seen };
        g_auto(Sharing) sharing = { 0 };

        if (choice->shared)
                sharing_find(&reach, n, &sharing);
        for (size_t i = 1; i < n; i++)
                if (is_wanted(&reach, steps[i].item))
                        step_write(&reach, &sharing, i);
        shared_write(&reach, &sharing);
}
