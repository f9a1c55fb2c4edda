/* From when on a result can prove an item. */
#include "service/changeset/since.h"

/* Since when one item is as it is. */
typedef struct {
        Seq upto;
        char *key;
        StateId state;
        uint32_t subst;
        Seq state_seq, said_seq;   /* into its state; its last substantive revision. 0: none yet */
        Instant state_at, said_at; /* times of these */
} Standing;

static void standing_clear(Standing *standing)
{
        g_free(standing->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Standing, standing_clear)

static bool standing_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Standing *standing = payload;

        if (rev->from_seq > standing->upto)
                return true;
        if (standing->state_seq == 0 || rev->state != standing->state)
                standing->state_seq = rev->from_seq;
        if (standing->said_seq == 0 || rev->subst != standing->subst)
                standing->said_seq = rev->from_seq;
        standing->state = rev->state;
        standing->subst = rev->subst;
        g_free(standing->key);
        standing->key = g_strdup(rev->key);
        return true;
}

/* Of what a branch began with, the time is that of the log it was made from. */
static bool time_find(StoreView *view, const Id *log, Seq seq, const Instant *inherited, Instant *ret_at,
                      GError **error)
{
        if (seq != 1 || inherited == NULL)
                return store_commit_time(view, log, seq, ret_at, error);
        *ret_at = *inherited;
        return true;
}

/* `standing` has `upto` and nothing else. */
static bool standing_find(StoreView *view, const Id *log, ItemNo item, Standing *standing, GError **error)
{
        g_auto(Standing) before = { 0 };
        StorePlace from = { .seq = 0 };
        bool inherits;

        if (!store_each_revision(view, log, item, standing_see, standing, error) ||
            !store_branch_start(view, log, &from, &inherits, error))
                return false;
        inherits = inherits && (standing->state_seq == 1 || standing->said_seq == 1);
        before.upto = from.seq;
        if (inherits && !standing_find(view, &from.log, item, &before, error))
                return false;
        return time_find(view, log, standing->state_seq, inherits ? &before.state_at : NULL,
                         &standing->state_at, error) &&
               time_find(view, log, standing->said_seq, inherits ? &before.said_at : NULL, &standing->said_at,
                         error);
}

bool since_check(StoreView *view, const Id *log, Seq upto, ItemNo item, ItemNo test, Instant at,
                 char **ret_why, GError **error)
{
        g_auto(Standing) of_item = { .upto = upto }, of_test = { .upto = upto };
        g_autofree char *moved = NULL, *said = NULL, *test_said = NULL;
        char result_time[ZW_INSTANT_TEXT], time[ZW_INSTANT_TEXT];

        *ret_why = NULL;
        if (!standing_find(view, log, item, &of_item, error) ||
            !standing_find(view, log, test, &of_test, error))
                return false;
        moved = g_strdup_printf("%s came to be %s", of_item.key, state_def(of_item.state)->name);
        said = g_strdup_printf("%s was changed", of_item.key);
        test_said = g_strdup_printf("%s was changed", of_test.key);
        const struct {
                Instant since;
                const char *what;
        } befores[] = { { of_item.state_at, moved },
                        { of_item.said_at, said },
                        { of_test.said_at, test_said } };

        for (size_t i = 0; *ret_why == NULL && i < G_N_ELEMENTS(befores); i++) {
                if (at >= befores[i].since)
                        continue;
                instant_format(at, result_time);
                instant_format(befores[i].since, time);
                *ret_why = g_strdup_printf("the result of %s is of %s, before %s (%s)", of_test.key,
                                           result_time, befores[i].what, time);
        }
        return true;
}
