#include "service/interchange/rematch.h"

#include "base/hash.h"

void rematch_clear(Rematch *rematch)
{
        g_clear_pointer(&rematch->log, g_free);
}

/* A log that was taken in again, or of which something was erased, is another one. */
static char *log_name(const StoreProject *project)
{
        char text[ZW_ID_HEX];

        hex_encode(project->log.b, ZW_ID_BYTES, text);
        return g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, text, project->row,
                               project->rebuilt);
}

static FeedMatched matched_of(const Rematch *rematch, Seq head)
{
        return (FeedMatched){ .log = rematch->log,
                              .head = (int64_t)head,
                              .generation = rematch->generation,
                              .day = rematch->day };
}

bool rematch_begin(Store *store, StoreView *view, const StoreProject *project, Rematch *rematch,
                   bool *ret_due, GError **error)
{
        g_autoptr(StoreProject) now = store_find_project(view, project->key, error);
        g_autoptr(Feeds) feeds = NULL;
        FeedMatched matched;
        bool same;

        *ret_due = true;
        rematch_clear(rematch);
        if (now == NULL)
                return false;
        if (!feeds_exist(store_dir(store)))
                return true;
        feeds = feeds_open(store_dir(store), error);
        if (feeds == NULL || !feeds_generation(feeds, &rematch->generation, error))
                return false;
        rematch->log = log_name(now);
        rematch->head = now->head;
        rematch->day = instant_now() / ZW_DAY_MS;
        matched = matched_of(rematch, rematch->head);
        if (!feeds_is_matched(feeds, &matched, &same, error))
                return false;
        *ret_due = !same;
        if (same)
                rematch_clear(rematch); /* it is kept already */
        return true;
}

/* What was matched is committed, so nothing here makes the call fail. */
void rematch_end(Store *store, const Rematch *rematch, Seq seq)
{
        const FeedMatched matched = matched_of(rematch, seq == 0 ? rematch->head : seq);
        g_autoptr(Feeds) feeds = NULL;
        g_autoptr(GError) why = NULL;

        if (rematch->log == NULL)
                return;
        feeds = feeds_open(store_dir(store), &why);
        if (feeds == NULL || !feeds_matched_put(feeds, &matched, &why))
                g_debug("what was matched is not kept: %s", why->message);
}
