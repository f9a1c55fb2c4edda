/* The guard `passed` of transitions: each test that verifies an item passed last, and did so on what both are now. */
#include "service/changeset/resolve.h"
#include "service/changeset/since.h"

/* The newest result of one test that verifies the item. */
typedef struct {
        const Known *known;
        bool ran;
        ResultRev last;
} Verifying;

typedef struct {
        Resolver *r;
        GArray *tests; /* of Verifying */
} VerifyingSet;

/* Tests that this changeset retires are none. */
static bool test_see(const LinkRev *rev, void *payload, GError **error)
{
        VerifyingSet *set = payload;
        const ResolveContext *context = set->r->context;
        g_autoptr(StoreItem) item = NULL;
        Verifying one = { .last = { .test_case = rev->from } };
        Known *known;

        if (rev->type != ZW_LINK_VERIFIES)
                return true;
        item = store_item_by_no(context->view, &context->log, rev->from, ZW_SEQ_OPEN - 1, error);
        if (item == NULL || !resolver_find_key(set->r, store_item_rev(item)->key, &known, error))
                return false;
        one.known = known;
        if (known->state != ZW_STATE_RETIRED)
                g_array_append_val(set->tests, one);
        return true;
}

/* Of several at one time the one that came last counts, as in the graph; those of retired runs do not. */
static bool result_see(const ResultRev *result, void *payload, GError **error)
{
        const VerifyingSet *set = payload;
        const ResolveContext *context = set->r->context;

        for (guint i = 0; i < set->tests->len; i++) {
                Verifying *test = &g_array_index(set->tests, Verifying, i);
                g_autoptr(StoreItem) run = NULL;

                if (test->last.test_case != result->test_case ||
                    (test->ran && (result->at < test->last.at ||
                                   (result->at == test->last.at && result->seq < test->last.seq))))
                        continue;
                run = store_item_by_no(context->view, &context->log, result->run, ZW_SEQ_OPEN - 1, error);
                if (run == NULL)
                        return false;
                if (store_item_rev(run)->state == ZW_STATE_RETIRED)
                        continue;
                test->last = *result;
                test->last.message = NULL;
                test->ran = true;
        }
        return true;
}

/* What this changeset itself does to an item has no result yet. */
static bool altered_here(Resolver *r, const Known *known, bool *ret_altered, GError **error)
{
        const ResolveContext *context = r->context;
        g_autoptr(StoreItem)
                stored = store_item_by_no(context->view, &context->log, known->no, ZW_SEQ_OPEN - 1, error);

        *ret_altered = stored != NULL && (known->subst != store_item_rev(stored)->subst ||
                                          known->state != store_item_rev(stored)->state);
        return stored != NULL;
}

/* A clock that is ahead makes no result newer than the commit that brought it. */
static bool test_judge(Resolver *r, const Known *known, const Verifying *test, char **ret_why, GError **error)
{
        const ResolveContext *context = r->context;
        bool altered;
        Instant brought;

        if (!test->ran || test->last.status != RESULT_PASSED) {
                *ret_why = test->ran ? g_strdup_printf("the last result of %s is %s", test->known->key,
                                                       result_status_name(test->last.status))
                                     : g_strdup_printf("%s was never run", test->known->key);
                return true;
        }
        if (!altered_here(r, test->known, &altered, error))
                return false;
        if (altered) {
                *ret_why = g_strdup_printf("%s is changed here", test->known->key);
                return true;
        }
        return store_commit_time(context->view, &context->log, test->last.seq, &brought, error) &&
               since_check(context->view, &context->log, ZW_SEQ_OPEN - 1, known->no, test->last.test_case,
                           MIN(brought, test->last.at), ret_why, error);
}

/* Links that this changeset makes are not seen: their tests cannot have been judged. */
bool resolver_passed_check(Resolver *r, const Known *known, char **ret_why, GError **error)
{
        g_autoptr(GArray) tests = g_array_new(FALSE, FALSE, sizeof(Verifying));
        const ResolveContext *context = r->context;
        VerifyingSet set = { r, tests };
        bool altered = known->no == ZW_ITEM_NONE;

        *ret_why = NULL;
        if (!altered && !altered_here(r, known, &altered, error))
                return false;
        if (altered) {
                *ret_why = g_strdup_printf("%s is changed here", known->key);
                return true;
        }
        if (!store_each_link_of(context->view, &context->log, ZW_ITEM_NONE, known->no, ZW_SEQ_OPEN - 1,
                                test_see, &set, error) ||
            !store_each_result(context->view, &context->log, ZW_SEQ_OPEN - 1, result_see, &set, error))
                return false;
        if (tests->len == 0)
                *ret_why = g_strdup("none verifies it");
        for (guint i = 0; i < tests->len && *ret_why == NULL; i++)
                if (!test_judge(r, known, &g_array_index(tests, Verifying, i), ret_why, error))
                        return false;
        return true;
}
