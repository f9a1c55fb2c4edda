#include "service/interchange/rematch.h"

#include "base/hash.h"
#include "base/jread.h"
#include "base/numbers.h"
#include "service/interchange/inventory.h"

#include <string.h>

enum { MARKS_MAX = 4 << 20 }; /* of more keys none are kept: 16 MiB */

void rematch_clear(Rematch *rematch)
{
        g_clear_pointer(&rematch->log, g_free);
        g_clear_pointer(&rematch->keys, g_bytes_unref);
        g_clear_pointer(&rematch->signers, g_free);
}

/* ---- marks ---- */

GArray *rematch_marks_new(void)
{
        return g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

/* The same in every process. */
static uint32_t mark_of(const char *key)
{
        const Digest digest = hash_sha256(key, strlen(key));
        uint32_t mark;

        memcpy(&mark, digest.b, sizeof(mark));
        return mark;
}

void rematch_mark(GArray *marks, const char *key)
{
        const uint32_t mark = mark_of(key);

        g_array_append_val(marks, mark);
}

static bool is_marked(GBytes *marks, const char *key)
{
        const uint32_t mark = mark_of(key);
        gsize n;
        const void *all = g_bytes_get_data(marks, &n);

        return n > 0 && bsearch(&mark, all, n / sizeof(mark), sizeof(mark), numbers_order) != NULL;
}

/* ---- what changed ---- */

/* A log that was taken in again, or of which something was erased, is another one. */
static char *log_name(const StoreProject *project)
{
        char text[ZW_ID_HEX];

        hex_encode(project->log.b, ZW_ID_BYTES, text);
        return g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, text, project->row,
                               project->rebuilt);
}

typedef struct {
        StoreView *view;
        const Id *log;
        GBytes *keys;
        bool touched;
} Look;

/* Of what an item says, only attributes and its outside identity are matched. */
static bool says_nothing(const json_t *op)
{
        const json_t *set = json_object_get(op, "set");

        return g_strcmp0(jread_get_string(op, "op"), "update") == 0 &&
               json_object_get(set, "attrs") == NULL && json_object_get(set, "source") == NULL;
}

static bool item_look(Look *look, const json_t *op, GError **error)
{
        const char *text = jread_get_string(op, "id"), *name = jread_get_string(op, "kind");
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(GError) why = NULL;
        KindId kind = ZW_KIND_COMPONENT; /* what is not there any longer may have been one */
        Id id;

        if (says_nothing(op))
                return true;
        if (name == NULL) {
                if (text == NULL || !hex_decode(text, id.b, ZW_ID_BYTES, error))
                        return false;
                item = store_item_by_id(look->view, look->log, &id, ZW_SEQ_OPEN - 1, &why);
                if (item == NULL && !g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                kind = item == NULL ? kind : store_item_rev(item)->kind;
        } else if (!kind_find(name, &kind)) {
                look->touched = true;
                return true;
        }
        look->touched = look->touched || inventory_has_kind(kind);
        return true;
}

/* What is not known to leave alone what is matched may touch it, as what was erased. */
static bool op_look(Look *look, const json_t *op, GError **error)
{
        static const char *const items[] = { "create", "update", "transition", "attach", "detach", NULL },
                                 *const links[] = { "link", "unlink", NULL },
                                 *const others[] = { "comment", "results", "sign", "judge", NULL };
        const char *name = jread_get_string(op, "op"), *type_name = jread_get_string(op, "type");
        LinkTypeId type;

        if (name != NULL && g_strv_contains(items, name))
                return item_look(look, op, error);
        if (name != NULL && g_strv_contains(links, name) && type_name != NULL &&
            link_type_find(type_name, &type))
                look->touched = look->touched || inventory_has_link(type);
        else
                look->touched = look->touched || name == NULL || !g_strv_contains(others, name);
        return true;
}

static bool commit_look(const StoreCommit *commit, void *payload, GError **error)
{
        Look *look = payload;
        const json_t *op;
        size_t i;

        json_array_foreach(commit->ops, i, op)
        {
                if (look->touched)
                        return true;
                if (!op_look(look, op, error))
                        return false;
        }
        return true;
}

static bool key_look(const char *key, void *payload)
{
        Look *look = payload;

        look->touched = is_marked(look->keys, key);
        return !look->touched;
}

/* Whether anything since then could make the matching another one. */
static bool changes_look(Look *look, Feeds *feeds, const FeedMatched *matched, const Rematch *now,
                         GError **error)
{
        look->touched = now->from_day < matched->from_day || now->from_day > matched->to_day ||
                        matched->head > (int64_t)now->head;
        if (!look->touched && matched->generation != now->generation &&
            !feeds_each_touched(feeds, matched->generation, key_look, look, error))
                return false;
        return look->touched || matched->head == (int64_t)now->head ||
               store_each_commit(look->view, look->log, (Seq)matched->head + 1, now->head, commit_look, look,
                                 error);
}

/* ---- between two matchings ---- */

/* The same as what is kept needs no keeping. */
static void unchanged_take(Rematch *rematch, const FeedMatched *matched)
{
        if (matched->head == (int64_t)rematch->head && matched->generation == rematch->generation) {
                rematch_clear(rematch);
                return;
        }
        rematch->from_day = matched->from_day;
        rematch->to_day = matched->to_day;
        rematch->keys = g_bytes_ref(matched->keys);
}

bool rematch_begin(Store *store, StoreView *view, const StoreProject *project, const char *signers,
                   Rematch *rematch, bool *ret_due, GError **error)
{
        g_autoptr(StoreProject) now = store_find_project(view, project->key, error);
        g_autoptr(Feeds) feeds = NULL;
        g_autoptr(GBytes) keys = NULL;
        FeedMatched matched;
        Look at = { .view = view, .log = &project->log };
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
        rematch->log = log_name(now);
        rematch->signers = g_strdup(signers);
        rematch->head = now->head;
        rematch->from_day = instant_now() / ZW_DAY_MS;
        if (!feeds_matched_get(feeds, rematch->log, signers, &matched, &is, error))
                return false;
        if (!is)
                return true;
        at.keys = keys = matched.keys;
        if (!changes_look(&at, feeds, &matched, rematch, error))
                return false;
        *ret_due = at.touched;
        if (!at.touched)
                unchanged_take(rematch, &matched);
        return true;
}

void rematch_say(Rematch *rematch, GArray *marks, int64_t to_day)
{
        numbers_sort(marks);
        rematch->to_day = to_day;
        g_clear_pointer(&rematch->keys, g_bytes_unref);
        if (marks->len <= MARKS_MAX)
                rematch->keys = g_bytes_new(marks->data, marks->len * sizeof(uint32_t));
}

/* What was matched is committed, so nothing here makes the call fail. */
void rematch_end(Store *store, const Rematch *rematch, Seq seq)
{
        const FeedMatched matched = { .log = rematch->log,
                                      .signers = rematch->signers,
                                      .head = (int64_t)(seq == 0 ? rematch->head : seq),
                                      .generation = rematch->generation,
                                      .from_day = rematch->from_day,
                                      .to_day = rematch->to_day,
                                      .keys = rematch->keys };
        g_autoptr(Feeds) feeds = NULL;
        g_autoptr(GError) why = NULL;

        if (rematch->log == NULL || rematch->keys == NULL)
                return;
        feeds = feeds_open(store_dir(store), &why);
        if (feeds == NULL || !feeds_matched_put(feeds, &matched, &why))
                g_debug("what was matched is not kept: %s", why->message);
}
