/* Items in a merge: fields, attributes, attachments, and whether they are retired. */
#include "service/branches/merge.h"

#include "base/verify.h"
#include "model/threeway.h"
#include "service/changeset/resolve.h"

#include <string.h>

/* ---- what a revision says ---- */

static json_t *key_now(const MergePlan *plan, const json_t *value)
{
        const char *key = json_string_value(value),
                   *now = key == NULL ? NULL : g_hash_table_lookup(plan->renamed, key);

        return now == NULL ? json_incref((json_t *)(uintptr_t)value) : json_string(now);
}

json_t *merge_value(const MergePlan *plan, const AttrDef *def, const json_t *value)
{
        const char *key;
        json_t *made, *one;
        size_t i;

        if (def == NULL || (def->type != ATTR_KEYS && def->type != ATTR_VERSIONS))
                return json_incref((json_t *)(uintptr_t)value);
        made = def->type == ATTR_KEYS ? json_array() : json_object();
        json_array_foreach(value, i, one) json_array_append_new(made, key_now(plan, one));
        json_object_foreach((json_t *)(uintptr_t)value, key, one)
        {
                const char *now = g_hash_table_lookup(plan->renamed, key);

                json_object_set(made, now == NULL ? key : now, one);
        }
        return made;
}

static json_t *attachments_of(const json_t *list)
{
        json_t *by_name = json_object(), *one;
        size_t i;

        json_array_foreach(list, i, one) json_object_set(by_name, jread_get_string(one, "name"), one);
        return by_name;
}

/* {"fields","attrs","attachments"} of a revision, each an object; of none, empty ones. `mapped`: keys become those of the
 * project. */
static json_t *side_of(const MergePlan *plan, const StoreItem *item, bool mapped)
{
        const ItemRev *rev = item == NULL ? NULL : store_item_rev(item);
        g_autoptr(Json) members = rev == NULL ? json_object() : members_of_rev(rev), attrs = json_object();
        g_autoptr(Json) attachments = attachments_of(json_object_get(members, "attachments"));
        json_t *value;
        const char *name;

        json_object_foreach(json_object_get(members, "attrs"), name, value)
        {
                ZW_VERIFY(rev != NULL); /* of none there are no attributes */
                if (mapped)
                        json_object_set_new(attrs, name,
                                            merge_value(plan, attr_find(rev->kind, name), value));
                else
                        json_object_set(attrs, name, value);
        }
        if (mapped && json_object_get(members, "parent") != NULL)
                json_object_set_new(members, "parent", key_now(plan, json_object_get(members, "parent")));
        json_object_del(members, "attrs");
        json_object_del(members, "attachments");
        json_object_del(members, "source");
        return json_pack("{s:O, s:O, s:O}", "fields", members, "attrs", attrs, "attachments", attachments);
}

/* ---- new items ---- */

static void attach(MergePlan *plan, const MergeItem *item, const json_t *file)
{
        json_array_append_new(plan->ops[MERGE_STEP_UPDATE],
                              json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "attach", "item", item->key,
                                        "name", jread_get_string(file, "name"), "digest",
                                        jread_get_string(file, "sha256"), "media",
                                        jread_get_string(file, "media")));
}

/* An identity outside that the project has given to an item of its own meanwhile stays there. */
static bool source_take(MergePlan *plan, const ItemRev *rev, json_t *op, GError **error)
{
        g_autoptr(Json) source = rev->source == NULL ? NULL : json_loads(rev->source, 0, NULL);
        const char *system = jread_get_string(source, "system"), *id = jread_get_string(source, "id"),
                   *number = jread_get_string(source, "rev");
        g_autofree char *now = g_strdup_printf("%u", rev->rev);
        g_autoptr(StoreItem) other = NULL;

        if (system == NULL || id == NULL)
                return true;
        if (!store_item_by_source(plan->view, &plan->into->log, system, id, &other, error))
                return false;
        if (other != NULL) {
                merge_leave(plan, "sources", rev->key);
                return true;
        }
        if (g_strcmp0(number, now) != 0)
                json_object_del(source, "rev");
        json_object_set(op, "source", source);
        return true;
}

static bool item_new(MergePlan *plan, const MergeItem *item, GError **error)
{
        const ItemRev *rev = store_item_rev(item->theirs);
        g_autoptr(Json)
                side = side_of(plan, item->theirs, true),
                op = json_pack("{s:s, s:s, s:s, s:s, s:O}", "op", "item", "id", item->id, "key", item->key,
                               "kind", kind_def(rev->kind)->name, "attrs", json_object_get(side, "attrs"));
        json_t *file;
        const char *name;

        json_object_update(op, json_object_get(side, "fields"));
        if (!source_take(plan, rev, op, error))
                return false;
        json_array_append(plan->ops[MERGE_STEP_CREATE], op);
        json_object_foreach(json_object_get(side, "attachments"), name, file) attach(plan, item, file);
        if (rev->state != lifecycle_initial(kind_def(rev->kind)->lifecycle))
                merge_leave(plan, "states", item->key);
        merge_say(plan, "items",
                  json_pack("{s:s, s:s, s:s, s:[]}", "item", item->key, "title", rev->title, "what", "new",
                            "fields"));
        return true;
}

/* ---- what both have ---- */

typedef struct {
        MergePlan *plan;
        const MergeItem *item;
        const char *part; /* "fields", "attrs" or "attachments" */
        json_t *set;      /* what is to be written */
        json_t *fields;   /* names of what the branch changed */
} Fields;

static bool field_see(const ThreewayChange *change, void *payload)
{
        Fields *fields = payload;
        const bool plain = strcmp(fields->part, "fields") == 0,
                   file = strcmp(fields->part, "attachments") == 0;
        g_autofree char *field = plain ? g_strdup(change->name)
                                       : g_strdup_printf("%s/%s", fields->part, change->name);
        g_autofree char *name = g_strdup_printf("%s/%s", fields->item->key, field);
        const json_t *values[] = { change->base, change->ours, change->theirs };
        json_t *value = change->theirs;
        MergeTake take = MERGE_BRANCH;

        json_array_append_new(fields->fields, json_string(field));
        if (change->conflict)
                take = merge_conflict(fields->plan, name, fields->item->key, field, values, !file, &value);
        if (take == MERGE_BRANCH || take == MERGE_VALUE)
                json_object_set(fields->set, change->name,
                                take == MERGE_VALUE      ? value
                                : change->theirs == NULL ? json_null()
                                                         : change->theirs);
        return true;
}

static json_t *part_merge(MergePlan *plan, const MergeItem *item, json_t *sides[3], const char *part,
                          json_t *fields)
{
        Fields walk = { plan, item, part, json_object(), fields };

        threeway_each(json_object_get(sides[0], part), json_object_get(sides[2], part),
                      json_object_get(sides[1], part), field_see, &walk);
        return walk.set;
}

static void files_write(MergePlan *plan, const MergeItem *item, json_t *files)
{
        json_t *file;
        const char *name;

        json_object_foreach(files, name, file)
        {
                if (json_is_object(file))
                        attach(plan, item, file);
                else
                        json_array_append_new(plan->ops[MERGE_STEP_UPDATE],
                                              json_pack("{s:s, s:s, s:s}", "op", "detach", "item", item->key,
                                                        "name", name));
        }
}

/* What the branch changed of an item laid over what the project has; the names of it in `fields`. */
static void fields_merge(MergePlan *plan, const MergeItem *item, json_t *sides[3], json_t *fields)
{
        g_autoptr(Json) set = part_merge(plan, item, sides, "fields", fields),
                        attrs = part_merge(plan, item, sides, "attrs", fields),
                        files = part_merge(plan, item, sides, "attachments", fields);

        if (json_object_size(attrs) > 0)
                json_object_set(set, "attrs", attrs);
        if (json_object_size(set) > 0) {
                json_object_set_new(set, "op", json_string("item"));
                json_object_set_new(set, "key", json_string(item->key));
                json_array_append(plan->ops[MERGE_STEP_UPDATE], set);
        }
        files_write(plan, item, files);
}

/* ---- retired or not ---- */

static bool is_retired(const StoreItem *item)
{
        return item != NULL && (state_def(store_item_rev(item)->state)->flags & STATE_RETIRED) != 0;
}

static json_t *state_of(const StoreItem *item)
{
        return item == NULL ? NULL : json_string(state_def(store_item_rev(item)->state)->name);
}

static MergeTake state_conflict(MergePlan *plan, const MergeItem *item)
{
        g_autofree char *name = g_strdup_printf("%s/state", item->key);
        g_autoptr(Json) base = state_of(item->base), ours = state_of(item->ours),
                        theirs = state_of(item->theirs);
        const json_t *values[] = { base, ours, theirs };

        return merge_conflict(plan, name, item->key, "state", values, false, NULL);
}

static void retire(MergePlan *plan, const MergeItem *item)
{
        json_array_append_new(plan->ops[MERGE_STEP_RETIRE],
                              json_pack("{s:s, s:s}", "op", "retire", "key", item->key));
}

static void restore(MergePlan *plan, const MergeItem *item)
{
        const KindDef *kind = kind_def(store_item_rev(item->ours)->kind);

        json_array_append_new(plan->ops[MERGE_STEP_RESTORE],
                              json_pack("{s:s, s:s, s:s}", "op", "transition", "key", item->key, "to",
                                        state_def(lifecycle_initial(kind->lifecycle))->name));
}

/* Whether what the branch changed in its fields is to be laid over the project's. */
static bool state_merge(MergePlan *plan, const MergeItem *item, json_t *sides[3])
{
        const bool base = is_retired(item->base), theirs = is_retired(item->theirs),
                   ours = is_retired(item->ours);

        if (theirs && !base && !ours) {
                /* One side says it is over, the other went on with it. */
                if (json_equal(sides[0], sides[1]) || state_conflict(plan, item) == MERGE_BRANCH)
                        retire(plan, item);
                return true;
        }
        if (ours && !base && !theirs && !json_equal(sides[0], sides[2])) {
                if (state_conflict(plan, item) != MERGE_BRANCH)
                        return false;
                restore(plan, item);
        } else if (base && !theirs && ours) {
                restore(plan, item);
        }
        return true;
}

static const char *what_of(const MergeItem *item)
{
        if (is_retired(item->theirs) && !is_retired(item->base))
                return "retired";
        return is_retired(item->base) && !is_retired(item->theirs) ? "restored" : "changed";
}

static bool item_merge(MergePlan *plan, const MergeItem *item)
{
        g_autoptr(Json) base = side_of(plan, item->base, true), ours = side_of(plan, item->ours, false),
                        theirs = side_of(plan, item->theirs, true), fields = json_array();
        json_t *sides[] = { base, ours, theirs };
        const ItemRev *now = store_item_rev(item->theirs),
                      *before = item->base == NULL ? NULL : store_item_rev(item->base);

        if (state_merge(plan, item, sides))
                fields_merge(plan, item, sides, fields);
        if (before != NULL && now->state != before->state && !is_retired(item->theirs) &&
            !is_retired(item->base))
                merge_leave(plan, "states", item->key);
        if (json_array_size(fields) > 0 || is_retired(item->theirs) != is_retired(item->base))
                merge_say(plan, "items",
                          json_pack("{s:s, s:s, s:s, s:O}", "item", item->key, "title", now->title, "what",
                                    what_of(item), "fields", fields));
        return plan->failure == NULL;
}

/* All first, so that the keys of what is new are known to what names it. */
static bool items_load(MergePlan *plan, GPtrArray *items, GError **error)
{
        const char *id;
        json_t *value;

        json_object_foreach(json_object_get(plan->touched, "items"), id, value)
        {
                MergeItem *item = merge_item(plan, id, error);

                if (item == NULL)
                        return false;
                g_ptr_array_add(items, item);
        }
        return true;
}

static int item_compare(const void *a, const void *b)
{
        const ItemRev *one = store_item_rev((*(MergeItem *const *)a)->theirs),
                      *two = store_item_rev((*(MergeItem *const *)b)->theirs);

        return (one->no > two->no) - (one->no < two->no);
}

bool merge_items(MergePlan *plan, GError **error)
{
        g_autoptr(GPtrArray) items = g_ptr_array_new();

        if (!items_load(plan, items, error))
                return false;
        if (items->len > 0)
                qsort(items->pdata, items->len, sizeof items->pdata[0], item_compare);
        for (guint i = 0; i < items->len; i++) {
                const MergeItem *item = items->pdata[i];

                if (item->left)
                        continue;
                if (item->ours == NULL ? !item_new(plan, item, error) : !item_merge(plan, item))
                        return false;
        }
        return true;
}
