#include "service/interchange/rematch.h"

#include "service/interchange/held.h"
#include "vuln/match.h"

#include <string.h>

enum { HELD_MAX = 4 << 20 }; /* of more keys none are kept */

void rematch_clear(Rematch *rematch)
{
        g_clear_pointer(&rematch->log, g_free);
        g_clear_pointer(&rematch->rests, g_free);
        g_clear_pointer(&rematch->touched, changed_free);
}

void rematch_is_all(Rematch *rematch)
{
        g_clear_pointer(&rematch->touched, changed_free);
}

/* ---- before ---- */

/* A log that was taken in again, or of which something was erased, is another one. */
static void rests_say(Rematch *rematch, const StoreProject *project, const char *signers)
{
        char text[ZW_ID_HEX];

        hex_encode(project->log.b, ZW_ID_BYTES, text);
        rematch->log = g_strdup(text);
        rematch->rests = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", project->row,
                                         project->rebuilt, signers);
        rematch->id = project->log;
        rematch->head = project->head;
        rematch->from_day = instant_now() / ZW_DAY_MS;
}

/* Whatever changed of a record, the vulnerability that it speaks of is among its keys. */
static bool key_take(const char *key, void *payload)
{
        static const char *const prefixes[] = { ZW_MATCH_VULNERABILITY, ZW_MATCH_EXPLOITED };
        Changed *touched = payload;

        for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
                if (g_str_has_prefix(key, prefixes[i]))
                        changed_vulnerability(touched, key + strlen(prefixes[i]));
        return !touched->all;
}

/* What happened since then; everything when that cannot be told. */
static bool changes_take(StoreView *view, Feeds *feeds, Rematch *rematch, GError **error)
{
        const FeedMatched *before = &rematch->before;

        rematch->touched->all = rematch->from_day < before->from_day || rematch->from_day > before->to_day ||
                                before->head > (int64_t)rematch->head;
        if (!rematch->touched->all && before->generation != rematch->generation &&
            !feeds_each_touched(feeds, before->generation, key_take, rematch->touched, error))
                return false;
        return rematch->touched->all ||
               changed_read(rematch->touched, view, &rematch->id, (Seq)before->head, rematch->head, error);
}

bool rematch_begin(Store *store, StoreView *view, const StoreProject *project, const char *signers,
                   Rematch *rematch, bool *ret_due, GError **error)
{
        g_autoptr(StoreProject) now = store_find_project(view, project->key, error);
        g_autoptr(Feeds) feeds = NULL;
        bool is;

        *ret_due = true;
        rematch_clear(rematch);
        if (now == NULL)
                return false;
        if (!feeds_exist(store_dir(store)))
                return true;
        feeds = feeds_open(store_dir(store), error);
        if (feeds == NULL || !feeds_generation(feeds, &rematch->generation, error))
                return false;
        rests_say(rematch, now, signers);
        if (!feeds_matched_get(feeds, rematch->log, rematch->rests, &rematch->before, &is, error))
                return false;
        if (!is)
                return true;
        rematch->touched = changed_new();
        rematch->to_day = rematch->before.to_day;
        if (!changes_take(view, feeds, rematch, error))
                return false;
        *ret_due = !changed_is_empty(rematch->touched);
        if (rematch->touched->all)
                rematch_is_all(rematch);
        return true;
}

/* ---- afterwards ---- */

typedef struct {
        Store *store;
        Feeds *feeds;
        const Rematch *rematch;
        size_t n;
} Keeping;

static bool thing_keep(Keeping *keeping, const Thing *thing, bool held, GError **error)
{
        g_autoptr(GPtrArray) keys = thing == NULL ? NULL : held_keys(keeping->store, thing, error);

        if (thing != NULL && keys == NULL)
                return false;
        for (guint i = 0; keys != NULL && i < keys->len; i++)
                if (!(held ? feeds_hold : feeds_drop)(keeping->feeds, keeping->rematch->log, keys->pdata[i],
                                                      thing->no, error))
                        return false;
        keeping->n += keys == NULL ? 0 : keys->len;
        return true;
}

static bool item_keep(const ItemRev *rev, void *payload, GError **error)
{
        Keeping *keeping = payload;
        g_autoptr(Inventory) one = NULL;

        if (!inventory_has_kind(rev->kind))
                return true;
        one = inventory_new();
        if (!thing_keep(keeping, inventory_take(one, rev), true, error))
                return false;
        if (keeping->n <= HELD_MAX)
                return true;
        error_set(error, ZW_ERR_LIMIT, NULL, "what is installed has too many keys");
        return false;
}

/* The keys of what changed from one commit to the other. */
static bool change_keep(Keeping *keeping, StoreView *view, Seq upto, GError **error)
{
        const Seq after = (Seq)keeping->rematch->before.head;
        const Id *log = &keeping->rematch->id;
        g_autoptr(Changed) touched = changed_new();
        g_autoptr(Part) then = part_new(view, log, after), now = part_new(view, log, upto);

        if (!changed_read(touched, view, log, after, upto, error))
                return false;
        if (touched->all) {
                error_set(error, ZW_ERR_LIMIT, NULL, "too much changed");
                return false;
        }
        for (guint i = 0; i < touched->items->len; i++) {
                const ItemNo no = g_array_index(touched->items, ItemNo, i);
                Thing *old, *new;

                if (!part_thing(then, no, &old, error) || !part_thing(now, no, &new, error) ||
                    !thing_keep(keeping, old, false, error) || !thing_keep(keeping, new, true, error))
                        return false;
        }
        return true;
}

static bool held_keep(Keeping *keeping, Seq upto, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(keeping->store, error);

        if (view == NULL)
                return false;
        return keeping->rematch->touched != NULL
                       ? change_keep(keeping, view, upto, error)
                       : store_each_item(view, &keeping->rematch->id, upto, item_keep, keeping, error);
}

static bool matched_keep(Keeping *keeping, const FeedMatched *matched, GError **error)
{
        const Rematch *rematch = keeping->rematch;
        bool begun;

        return feeds_matched_begin(keeping->feeds, matched,
                                   rematch->touched == NULL ? NULL : &rematch->before, &begun, error) &&
               (!begun || (held_keep(keeping, (Seq)matched->head, error) &&
                           feeds_matched_commit(keeping->feeds, error)));
}

/* What was matched is committed, so nothing here makes the call fail. */
void rematch_end(Store *store, const Rematch *rematch, Seq seq)
{
        const FeedMatched matched = { .log = rematch->log,
                                      .rests = rematch->rests,
                                      .head = (int64_t)(seq == 0 ? rematch->head : seq),
                                      .generation = rematch->generation,
                                      .from_day = rematch->from_day,
                                      .to_day = rematch->to_day };
        g_autoptr(Feeds) feeds = NULL;
        g_autoptr(GError) why = NULL;
        Keeping keeping = { .store = store, .rematch = rematch };

        if (rematch->log == NULL || (rematch->touched != NULL && matched.head == rematch->before.head &&
                                     matched.generation == rematch->before.generation))
                return;
        feeds = keeping.feeds = feeds_open(store_dir(store), &why);
        if (feeds == NULL || !matched_keep(&keeping, &matched, &why))
                g_debug("what was matched is not kept: %s", why->message);
}
