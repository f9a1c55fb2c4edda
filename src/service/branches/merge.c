/* Merging a branch: a preview, or one commit that names both parents. */
#include "service/branches/merge.h"

#include "model/threeway.h"

#include <string.h>

/* ---- conflicts ---- */

/* What the choices say; a choice is "project", "branch", or {"value":…} where a value can be given. */
static MergeTake choice_read(MergePlan *plan, const char *name, bool is_field, json_t **ret_value)
{
        json_t *choice = json_object_get(plan->choices, name), *value = json_object_get(choice, "value");
        const char *text = json_string_value(choice);

        if (choice == NULL)
                return MERGE_OPEN;
        if (g_strcmp0(text, "project") == 0)
                return MERGE_PROJECT;
        if (g_strcmp0(text, "branch") == 0)
                return MERGE_BRANCH;
        if (is_field && value != NULL) {
                *ret_value = value;
                return MERGE_VALUE;
        }
        if (plan->failure == NULL)
                error_set(&plan->failure, ZW_ERR_INPUT, "/choices",
                          "the choice for %s is \"project\" or \"branch\"%s", name,
                          is_field ? ", or {\"value\":...}" : "");
        return MERGE_OPEN;
}

static json_t *or_null(const json_t *value)
{
        return value == NULL ? json_null() : json_incref((json_t *)(uintptr_t)value);
}

MergeTake merge_conflict(MergePlan *plan, const char *name, const char *item, const char *field,
                         const json_t *values[3], bool is_field, json_t **ret_value)
{
        static const char *const takes[] = { NULL, "project", "branch", "value" };
        const MergeTake take = choice_read(plan, name, is_field, ret_value);

        plan->open += take == MERGE_OPEN;
        json_array_append_new(plan->conflicts,
                              json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:s?}", "conflict", name, "item",
                                        item, "field", field, "base", or_null(values[0]), "project",
                                        or_null(values[1]), "branch", or_null(values[2]), "value_possible",
                                        (int)is_field, "take", takes[take]));
        return take;
}

void merge_say(MergePlan *plan, const char *list, json_t *row)
{
        json_array_append_new(json_object_get(plan->changes, list), row);
}

void merge_leave(MergePlan *plan, const char *what, const char *name)
{
        json_t *row = json_object_get(plan->left, what);

        if (row == NULL) {
                row = json_pack("{s:s, s:i, s:[]}", "what", what, "n", 0, "items");
                json_object_set_new(plan->left, what, row);
        }
        json_object_set_new(row, "n", json_integer(jread_get_int(row, "n", 0) + 1));
        if (name != NULL)
                json_array_append_new(json_object_get(row, "items"), json_string(name));
}

/* A choice for what is no conflict was made for something else. */
static bool choices_check(const MergePlan *plan, GError **error)
{
        const char *name;
        json_t *value, *row;
        size_t i;

        json_object_foreach((json_t *)(uintptr_t)plan->choices, name, value)
        {
                bool found = false;

                json_array_foreach(plan->conflicts, i, row)
                        found = found || g_strcmp0(jread_get_string(row, "conflict"), name) == 0;
                if (!found) {
                        error_set(error, ZW_ERR_CONFLICT, "/choices", "%s is no conflict of this merge",
                                  name);
                        return false;
                }
        }
        return true;
}

/* ---- settings ---- */

static bool setting_load(MergePlan *plan, const Id *log, const char *name, Seq seq, json_t **ret_value,
                         GError **error)
{
        g_autofree char *text = NULL;

        if (!store_load_setting(plan->view, log, name, seq, &text, error))
                return false;
        *ret_value = text == NULL ? json_null() : json_loads(text, JSON_DECODE_ANY, NULL);
        return true;
}

static bool setting_merge(MergePlan *plan, const char *name, GError **error)
{
        g_autoptr(Json) base = NULL, theirs = NULL, ours = NULL;
        g_autofree char *conflict = g_strdup_printf("setting/%s", name);
        MergeTake take = MERGE_BRANCH;

        if (!setting_load(plan, &plan->branch->log, name, plan->base, &base, error) ||
            !setting_load(plan, &plan->branch->log, name, ZW_SEQ_OPEN - 1, &theirs, error) ||
            !setting_load(plan, &plan->into->log, name, ZW_SEQ_OPEN - 1, &ours, error))
                return false;
        if (threeway_same(base, theirs) || threeway_same(theirs, ours))
                return true;
        json_array_append_new(json_object_get(plan->changes, "settings"), json_string(name));
        if (!threeway_same(base, ours))
                take = merge_conflict(plan, conflict, "", name, (const json_t *[]){ base, ours, theirs },
                                      false, NULL);
        if (take == MERGE_BRANCH)
                json_array_append_new(plan->ops[MERGE_STEP_SETTING],
                                      json_pack("{s:s, s:s, s:O}", "op", "setting", "name", name, "value",
                                                theirs));
        return true;
}

static bool settings_merge(MergePlan *plan, GError **error)
{
        const char *name;
        json_t *value;

        json_object_foreach(json_object_get(plan->touched, "settings"), name, value)
        {
                if (!setting_merge(plan, name, error))
                        return false;
        }
        return true;
}

/* ---- the plan ---- */

static void plan_clear(MergePlan *plan)
{
        g_clear_error(&plan->failure);
        g_clear_pointer(&plan->items, g_hash_table_unref);
        g_clear_pointer(&plan->renamed, g_hash_table_unref);
        g_clear_pointer(&plan->numbers, g_hash_table_unref);
        g_clear_pointer(&plan->touched, json_decref);
        g_clear_pointer(&plan->results, json_decref);
        g_clear_pointer(&plan->unlinked, json_decref);
        g_clear_pointer(&plan->conflicts, json_decref);
        g_clear_pointer(&plan->changes, json_decref);
        g_clear_pointer(&plan->left, json_decref);
        for (size_t i = 0; i < G_N_ELEMENTS(plan->ops); i++)
                g_clear_pointer(&plan->ops[i], json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MergePlan, plan_clear)

/* `plan` has view, into, branch and choices. */
static bool plan_make(MergePlan *plan, GError **error)
{
        Seq seq;

        plan->items = hash_table_new_text(NULL, merge_item_free);
        plan->renamed = hash_table_new_text(g_free, g_free);
        plan->numbers = hash_table_new_text(NULL, NULL);
        plan->touched = json_pack("{s:{}, s:{}, s:{}}", "items", "links", "settings");
        plan->results = json_array();
        plan->unlinked = json_object();
        plan->conflicts = json_array();
        plan->changes = json_pack("{s:[], s:[], s:[], s:[]}", "items", "links", "settings", "renamed");
        plan->left = json_object();
        for (size_t i = 0; i < G_N_ELEMENTS(plan->ops); i++)
                plan->ops[i] = json_array();
        if (!store_merge_last(plan->view, &plan->into->log, &plan->branch->log, &seq, &plan->base, error))
                return false;
        plan->base = MAX(plan->base, 1); /* as it was made */
        if (merge_scan(plan, error) && merge_items(plan, error) && merge_links(plan, error) &&
            settings_merge(plan, error) && plan->failure == NULL)
                return choices_check(plan, error);
        if (plan->failure != NULL)
                g_propagate_error(error, g_steal_pointer(&plan->failure));
        return false;
}

/* ---- one merge ---- */

typedef struct {
        Call *call;
        const char *key; /* of the branch */
        json_t *answer;  /* made anew at each run */
        Seq seq;         /* 0: nothing was written */
        bool dry;
} Merging;

/* Both ends are as they were when the choices were made. */
static bool expect_check(const Merging *merging, const MergePlan *plan, GError **error)
{
        const json_t *input = merging->call->input;
        const int64_t into = jread_get_int(input, "project_commit", (int64_t)plan->into->head),
                      branch = jread_get_int(input, "branch_commit", (int64_t)plan->branch->head);

        if (into == (int64_t)plan->into->head && branch == (int64_t)plan->branch->head)
                return true;
        error_set(error, ZW_ERR_CONFLICT,
                  into == (int64_t)plan->into->head ? "branch_commit" : "project_commit",
                  "the merge was looked at when the project had %" G_GINT64_FORMAT
                  " commits and the branch %" G_GINT64_FORMAT "; they have %" G_GUINT64_FORMAT
                  " and %" G_GUINT64_FORMAT " now",
                  into, branch, plan->into->head, plan->branch->head);
        return false;
}

static json_t *native_of(const MergePlan *plan)
{
        json_t *all = json_array();

        for (size_t i = 0; i < G_N_ELEMENTS(plan->ops); i++)
                json_array_extend(all, plan->ops[i]);
        return all;
}

/* Results are files by their content, and name their cases by ids, which items keep. */
static bool results_add(const MergePlan *plan, json_t *ops, GError **error)
{
        json_t *op;
        size_t i;

        json_array_foreach(plan->results, i, op)
        {
                const MergeItem *run = merge_item((MergePlan *)(uintptr_t)plan, jread_get_string(op, "run"),
                                                  error);
                bool has = false;
                Digest file;

                if (run == NULL ||
                    !hex_decode(jread_get_string(op, "file"), file.b, ZW_DIGEST_BYTES, error) ||
                    (run->ours != NULL &&
                     !store_has_results(plan->view, &plan->into->log, store_item_rev(run->ours)->no, &file,
                                        &has, error)))
                        return false;
                if (!has)
                        json_array_append(ops, op);
        }
        return true;
}

static json_t *answer_of(const Merging *merging, const MergePlan *plan)
{
        const char *name;
        json_t *value, *left = json_array();

        json_object_foreach(plan->left, name, value) json_array_append(left, value);
        return json_pack("{s:s, s:s, s:I, s:I, s:I, s:O, s:O, s:O, s:O, s:I, s:O, s:i, s:o}", "project",
                         plan->into->key, "branch", merging->key, "base", (json_int_t)plan->base,
                         "project_commit", (json_int_t)plan->into->head, "branch_commit",
                         (json_int_t)plan->branch->head, "items", json_object_get(plan->changes, "items"),
                         "links", json_object_get(plan->changes, "links"), "settings",
                         json_object_get(plan->changes, "settings"), "renamed",
                         json_object_get(plan->changes, "renamed"), "results",
                         (json_int_t)json_array_size(plan->results), "conflicts", plan->conflicts, "open",
                         (int)plan->open, "left", left);
}

static bool conflicts_check(const MergePlan *plan, GError **error)
{
        const json_t *row;
        size_t i;

        if (plan->open == 0)
                return true;
        json_array_foreach(plan->conflicts, i, row)
        {
                if (json_is_string(json_object_get(row, "take")))
                        continue;
                error_set(error, ZW_ERR_CONFLICT, jread_get_string(row, "conflict"),
                          "%u conflicts are open, this is the first: say for each which side holds",
                          plan->open);
                return false;
        }
        return false;
}

static bool plan_write(const Merging *merging, StoreTxn *txn, const MergePlan *plan, Seq *ret_seq,
                       GError **error)
{
        Call *call = merging->call;
        const StorePlace merged = { plan->branch->log, plan->branch->head };
        const bool editorial = jread_get_bool(call->input, "editorial", false);
        ResolveContext context = { .view = plan->view,
                                   .store = call->service->store,
                                   .log = plan->into->log,
                                   .actor = call->caller->person,
                                   .rights = &call->rights,
                                   .progress = call->progress,
                                   .editorial = editorial,
                                   .dry = merging->dry,
                                   .ids = true };
        CommitDraft draft = { .log = plan->into->log,
                              .actor = call->caller->person,
                              .origin = call->caller->origin,
                              .request = jread_get_string(call->input, "request"),
                              .message = jread_get_string(call->input, "message"),
                              .editorial = editorial,
                              .merged = &merged,
                              .progress = call->progress };
        g_autoptr(Json) native = native_of(plan), outcome = json_object(), ops = NULL;

        ops = resolve_ops(&context, native, outcome, error);
        if (ops == NULL || !results_add(plan, ops, error))
                return false;
        draft.ops = ops;
        return merging->dry || store_txn_commit(txn, &draft, ret_seq, error);
}

static bool merge_in(Merging *merging, StoreView *view, StoreTxn *txn, GError **error)
{
        Call *call = merging->call;
        g_autoptr(StoreProject) into = store_find_project(view, call->project->key, error);
        g_autoptr(StoreProject) branch = into == NULL ? NULL : call_branch(call, view, error);
        g_auto(MergePlan) plan = { .view = view,
                                   .into = into,
                                   .branch = branch,
                                   .choices = json_object_get(call->input, "choices") };

        if (branch == NULL || !plan_make(&plan, error))
                return false;
        json_decref(merging->answer);
        merging->answer = answer_of(merging, &plan);
        merging->seq = 0;
        if (!expect_check(merging, &plan, error))
                return false;
        if (merging->dry && plan.open > 0)
                return true;
        if (branch->head == plan.base)
                return true; /* nothing came since */
        return conflicts_check(&plan, error) && plan_write(merging, txn, &plan, &merging->seq, error);
}

static bool merge_write(StoreTxn *txn, void *payload, GError **error)
{
        return merge_in(payload, store_txn_view(txn), txn, error);
}

static bool input_check(Call *call, bool dry, GError **error)
{
        const json_t *choices = json_object_get(call->input, "choices");
        const char *message = jread_get_string(call->input, "message");

        if (choices != NULL && !json_is_object(choices)) {
                error_set(error, ZW_ERR_USAGE, "/choices",
                          "choices are an object, by the names of conflicts");
                return false;
        }
        if (dry || (message != NULL && message[0] != '\0'))
                return true;
        error_set(error, ZW_ERR_USAGE, "/message", "who merges says what is merged, and why");
        return false;
}

static bool merge_call(Call *call, bool dry, JWrite *w, GError **error)
{
        const char *name = jread_get_string(call->input, "name");
        g_autofree char *key = g_strdup_printf("%s.%s", call->project->key, name == NULL ? "" : name);
        Merging merging = { .call = call, .key = key, .dry = dry };
        bool ok = input_check(call, dry, error) &&
                  (dry ? merge_in(&merging, call->view, NULL, error)
                       : store_write(call->service->store, merge_write, &merging, error));

        if (ok) {
                json_object_set_new(merging.answer, "commit",
                                    merging.seq == 0 ? json_null() : json_integer((json_int_t)merging.seq));
                jwrite_json(w, merging.answer);
        }
        json_decref(merging.answer);
        return ok;
}

bool usecase_branch_preview(Call *call, JWrite *w, GError **error)
{
        return merge_call(call, true, w, error);
}

bool usecase_branch_merge(Call *call, JWrite *w, GError **error)
{
        return merge_call(call, jread_get_bool(call->input, "dry_run", false), w, error);
}
