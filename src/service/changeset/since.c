/* From when on a result can prove an item. */
#include "service/changeset/since.h"

/* The commits since which one item is as it is. */
typedef struct {
        Seq upto;
        char *key;
        StateId state;
        uint32_t subst;
        Seq state_seq, said_seq; /* into its state; its last substantive revision. 0: none yet */
} Standing;

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

bool since_check(StoreView *view, const Id *log, Seq upto, ItemNo item, ItemNo test, Instant at,
                 char **ret_why, GError **error)
{
        Standing of_item = { .upto = upto }, of_test = { .upto = upto };
        bool ok = store_each_revision(view, log, item, standing_see, &of_item, error) &&
                  store_each_revision(view, log, test, standing_see, &of_test, error);
        g_autofree char *item_key = of_item.key, *test_key = of_test.key,
                        *moved = g_strdup_printf("%s came to be %s", item_key,
                                                 state_def(of_item.state)->name),
                        *said = g_strdup_printf("%s was changed", item_key),
                        *test_said = g_strdup_printf("%s was changed", test_key);
        const struct {
                Seq seq;
                const char *what;
        } befores[] = { { of_item.state_seq, moved },
                        { of_item.said_seq, said },
                        { of_test.said_seq, test_said } };
        char result_time[ZW_INSTANT_TEXT], time[ZW_INSTANT_TEXT];

        *ret_why = NULL;
        for (size_t i = 0; ok && *ret_why == NULL && i < G_N_ELEMENTS(befores); i++) {
                Instant since;

                ok = store_commit_time(view, log, befores[i].seq, &since, error);
                if (!ok || at >= since)
                        continue;
                instant_format(at, result_time);
                instant_format(since, time);
                *ret_why = g_strdup_printf("the result of %s is of %s, before %s (%s)", test_key, result_time,
                                           befores[i].what, time);
        }
        return ok;
}
