/* Links in a merge. Those that the branch took away come first, so that there is room for others in their place. */
#include "service/branches/merge.h"

#include "model/threeway.h"

#include <string.h>

typedef struct {
        MergePlan *plan;
        MergeLink link;
        char *name;                   /* FROM/TYPE/TO or FROM/TYPE/TO/AS, by the keys of the project */
        json_t *base, *theirs, *ours; /* attributes; NULL: no such link */
} LinkSides;

static void sides_clear(LinkSides *sides)
{
        g_clear_pointer(&sides->name, g_free);
        g_clear_pointer(&sides->base, json_decref);
        g_clear_pointer(&sides->theirs, json_decref);
        g_clear_pointer(&sides->ours, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LinkSides, sides_clear)

/* ---- the three sides ---- */

typedef struct {
        const MergeLink *link;
        json_t *attrs;
} Finding;

static bool link_see(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Finding *finding = payload;

        if (rev->type != finding->link->type || rev->as != finding->link->as)
                return true;
        json_decref(finding->attrs);
        finding->attrs = rev->attrs == NULL ? json_object() : json_loads(rev->attrs, 0, NULL);
        return true;
}

static bool side_load(MergePlan *plan, const StoreProject *project, const MergeLink *link,
                      const StoreItem *from, const StoreItem *to, Seq seq, json_t **ret_attrs, GError **error)
{
        Finding finding = { link, NULL };
        bool ok = from == NULL || to == NULL ||
                  store_each_link_of(plan->view, &project->log, store_item_rev(from)->no,
                                     store_item_rev(to)->no, seq, link_see, &finding, error);

        *ret_attrs = finding.attrs;
        return ok;
}

static json_t *attrs_now(const MergePlan *plan, LinkTypeId type, json_t *attrs)
{
        json_t *made = attrs == NULL ? NULL : json_object(), *value;
        const char *name;

        json_object_foreach(attrs, name, value)
                json_object_set_new(made, name, merge_value(plan, link_attr_find(type, name), value));
        return made;
}

static bool sides_load(LinkSides *sides, const json_t *ends, GError **error)
{
        MergePlan *plan = sides->plan;
        MergeLink *link = &sides->link;
        const char *type = json_string_value(json_array_get(ends, 1)),
                   *as = json_string_value(json_array_get(ends, 3));
        g_autoptr(Json) base = NULL, theirs = NULL;

        link->as = ZW_AS_NONE;
        if (!link_type_find(type, &link->type) || (as[0] != '\0' && !as_find(as, &link->as))) {
                error_set(error, ZW_ERR_VERSION, NULL, "the branch names the link %s %s", type, as);
                return false;
        }
        link->from = merge_item(plan, json_string_value(json_array_get(ends, 0)), error);
        link->to = link->from == NULL ? NULL
                                      : merge_item(plan, json_string_value(json_array_get(ends, 2)), error);
        if (link->to == NULL)
                return false;
        sides->name = g_strconcat(link->from->key, "/", type, "/", link->to->key, as[0] == '\0' ? NULL : "/",
                                  as, NULL);
        if (!side_load(plan, plan->branch, link, link->from->theirs, link->to->theirs, plan->base, &base,
                       error) ||
            !side_load(plan, plan->branch, link, link->from->theirs, link->to->theirs, ZW_SEQ_OPEN - 1,
                       &theirs, error))
                return false;
        sides->base = attrs_now(plan, link->type, base);
        sides->theirs = attrs_now(plan, link->type, theirs);
        return side_load(plan, plan->into, link, link->from->ours, link->to->ours, ZW_SEQ_OPEN - 1,
                         &sides->ours, error);
}

/* ---- what is written ---- */

static json_t *link_op(const char *op, const char *from, LinkTypeId type, const char *to, AsId as)
{
        json_t *made = json_pack("{s:s, s:s, s:s, s:s}", "op", op, "from", from, "type",
                                 link_type_def(type)->name, "to", to);

        if (as != ZW_AS_NONE)
                json_object_set_new(made, "as", json_string(as_name(as)));
        return made;
}

static void say(const LinkSides *sides, const char *what)
{
        json_t *row = link_op(what, sides->link.from->key, sides->link.type, sides->link.to->key,
                              sides->link.as);

        json_object_set_new(row, "what", json_string(what));
        json_object_del(row, "op");
        merge_say(sides->plan, "links", row);
}

static void take_away(const LinkSides *sides)
{
        json_object_set_new(sides->plan->unlinked, sides->name, json_true());
        json_array_append_new(sides->plan->ops[MERGE_STEP_UNLINK],
                              link_op("unlink", sides->link.from->key, sides->link.type, sides->link.to->key,
                                      sides->link.as));
}

static void put(const LinkSides *sides, json_t *attrs)
{
        json_t *op = link_op("link", sides->link.from->key, sides->link.type, sides->link.to->key,
                             sides->link.as);

        json_object_set(op, "attrs", attrs);
        json_array_append_new(sides->plan->ops[MERGE_STEP_LINK], op);
}

/* ---- a link that is there or not ---- */

static MergeTake presence_conflict(const LinkSides *sides)
{
        const json_t *values[] = { sides->base, sides->ours, sides->theirs };

        return merge_conflict(sides->plan, sides->name, sides->link.from->key, "link", values, false, NULL);
}

static void removed_merge(const LinkSides *sides)
{
        if (sides->ours == NULL)
                return;
        say(sides, "removed");
        if (json_equal(sides->ours, sides->base) || presence_conflict(sides) == MERGE_BRANCH)
                take_away(sides);
}

typedef struct {
        const LinkSides *sides;
        json_t *attrs;
} AttrMerge;

static bool attr_see(const ThreewayChange *change, void *payload)
{
        AttrMerge *merge = payload;
        const LinkSides *sides = merge->sides;
        g_autofree char *field = g_strdup_printf("attrs/%s", change->name);
        g_autofree char *name = g_strdup_printf("%s/%s", sides->name, field);
        const json_t *values[] = { change->base, change->ours, change->theirs };
        json_t *value = change->theirs;
        MergeTake take = MERGE_BRANCH;

        if (change->conflict)
                take = merge_conflict(sides->plan, name, sides->link.from->key, field, values, true, &value);
        if (take != MERGE_BRANCH && take != MERGE_VALUE)
                return true;
        if (value == NULL || json_is_null(value))
                json_object_del(merge->attrs, change->name);
        else
                json_object_set(merge->attrs, change->name, value);
        return true;
}

/* Both have it: attributes one by one. */
static void attrs_merge(const LinkSides *sides)
{
        g_autoptr(Json) none = json_object(), attrs = json_deep_copy(sides->ours);
        AttrMerge merge = { sides, attrs };

        threeway_each(sides->base == NULL ? none : sides->base, sides->theirs, sides->ours, attr_see, &merge);
        if (json_equal(attrs, sides->ours))
                return;
        say(sides, "changed");
        put(sides, attrs);
}

/* ---- room for one only ---- */

typedef struct {
        const LinkSides *sides;
        unsigned n;
        ItemNo to; /* of the last one */
        AsId as;
} InTheWay;

static bool blocker_see(const LinkRev *rev, void *payload, GError **error)
{
        InTheWay *way = payload;
        const LinkSides *sides = way->sides;
        g_autoptr(StoreItem) to = NULL;
        g_autofree char *name = NULL;

        if (rev->type != sides->link.type)
                return true;
        to = store_item_by_no(sides->plan->view, &sides->plan->into->log, rev->to, ZW_SEQ_OPEN - 1, error);
        if (to == NULL)
                return false;
        name = g_strconcat(sides->link.from->key, "/", link_type_def(rev->type)->name, "/",
                           store_item_rev(to)->key, rev->as == ZW_AS_NONE ? NULL : "/", as_name(rev->as),
                           NULL);
        if (json_object_get(sides->plan->unlinked, name) != NULL)
                return true;
        way->n++;
        way->to = rev->to;
        way->as = rev->as;
        return true;
}

/* Where the project linked elsewhere meanwhile, one of the two has to give way. */
static bool way_merge(const LinkSides *sides, bool *ret_free, GError **error)
{
        MergePlan *plan = sides->plan;
        const MergeItem *from = sides->link.from;
        const LinkRuleDef *rule = link_rule_find(sides->link.type, store_item_rev(from->theirs)->kind,
                                                 store_item_rev(sides->link.to->theirs)->kind,
                                                 sides->link.as);
        InTheWay way = { .sides = sides };
        g_autoptr(StoreItem) other = NULL;
        g_autoptr(Json) ours = NULL, theirs = json_string(sides->link.to->key);
        g_autofree char *name = NULL;

        *ret_free = true;
        if (rule == NULL || rule->from_max == 0 || from->ours == NULL)
                return true;
        if (!store_each_link_of(plan->view, &plan->into->log, store_item_rev(from->ours)->no, ZW_ITEM_NONE,
                                ZW_SEQ_OPEN - 1, blocker_see, &way, error))
                return false;
        if (way.n < rule->from_max)
                return true;
        other = store_item_by_no(plan->view, &plan->into->log, way.to, ZW_SEQ_OPEN - 1, error);
        if (other == NULL)
                return false;
        ours = json_string(store_item_rev(other)->key);
        name = g_strdup_printf("%s/%s", from->key, link_type_def(sides->link.type)->name);
        *ret_free = merge_conflict(plan, name, from->key, link_type_def(sides->link.type)->name,
                                   (const json_t *[]){ NULL, ours, theirs }, false, NULL) == MERGE_BRANCH;
        if (*ret_free)
                json_array_append_new(plan->ops[MERGE_STEP_UNLINK],
                                      link_op("unlink", from->key, sides->link.type,
                                              store_item_rev(other)->key, way.as));
        return true;
}

static bool is_retired(const StoreItem *item)
{
        return item != NULL && (state_def(store_item_rev(item)->state)->flags & STATE_RETIRED) != 0;
}

/* An end that the project has retired, and the branch has not. */
static bool ends_gone(const MergeItem *item)
{
        return is_retired(item->ours) && !is_retired(item->theirs);
}

static bool added_merge(const LinkSides *sides, GError **error)
{
        const bool gone = sides->base != NULL || ends_gone(sides->link.from) || ends_gone(sides->link.to);
        bool is_free;

        say(sides, sides->base == NULL ? "added" : "changed");
        /* The project took it away, or what it leads to, while the branch changed or made it. */
        if (gone && presence_conflict(sides) != MERGE_BRANCH)
                return true;
        if (!way_merge(sides, &is_free, error))
                return false;
        if (is_free)
                put(sides, sides->theirs);
        return true;
}

static bool link_merge(const LinkSides *sides, bool removals, GError **error)
{
        if (sides->link.from->left || sides->link.to->left)
                return true;
        if (sides->theirs == NULL) {
                if (removals && sides->base != NULL)
                        removed_merge(sides);
                return true;
        }
        if (removals || (sides->base != NULL && json_equal(sides->base, sides->theirs)))
                return true;
        if (sides->ours == NULL)
                return added_merge(sides, error);
        attrs_merge(sides);
        return true;
}

bool merge_links(MergePlan *plan, GError **error)
{
        json_t *ends;
        const char *name;

        for (int removals = 1; removals >= 0; removals--)
                json_object_foreach(json_object_get(plan->touched, "links"), name, ends)
                {
                        g_auto(LinkSides) sides = { .plan = plan };

                        if (!sides_load(&sides, ends, error) || !link_merge(&sides, removals == 1, error) ||
                            plan->failure != NULL)
                                return false;
                }
        return true;
}
