/* A configuration is captured, a document checked in (`content.put`): one commit. Content that differs in what counts is a new
 * meaning, so that what was judged on it is suspect; the same content again is not. */
#include "service/content/content.h"

#include "base/hash.h"

#include <string.h>

enum { CONTENT_MIB_MAX = 1024 };

typedef struct {
        Call *call;
        const ItemRev *rev;
        Content now;
        const char *name;
        char hash[ZW_DIGEST_HEX];
        json_t *attrs; /* that it gets */
        ContentDiff diff;
        bool first, same; /* nothing was attached before; nothing that counts differs */
} Putting;

static void putting_clear(Putting *putting)
{
        content_clear(&putting->now);
        content_diff_clear(&putting->diff);
        g_clear_pointer(&putting->attrs, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Putting, putting_clear)

/* Another revision or version is another meaning, whatever the bytes are. */
static bool facts_take(Putting *putting)
{
        static const char *const texts[] = { "revision", "version" };
        bool same = true;

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                const char *said = jread_get_string(putting->call->input, texts[i]);

                if (said == NULL)
                        continue;
                json_object_set_new(putting->attrs, texts[i], json_string(said));
                same = same && g_strcmp0(said, jread_get_string(putting->now.attrs, texts[i])) == 0;
        }
        return same;
}

static void captured_take(Putting *putting)
{
        const char *said = jread_get_string(putting->call->input, "captured");
        char now[ZW_INSTANT_TEXT];

        if (putting->rev->kind != ZW_KIND_CONFIGURATION)
                return;
        instant_format(instant_now(), now);
        json_object_set_new(putting->attrs, "captured", json_string(said == NULL ? now : said));
}

static bool file_keep(Putting *putting, GError **error)
{
        Call *call = putting->call;
        Digest digest;
        uint64_t size;

        if (call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, "/key", "give one file");
                return false;
        }
        putting->name = jread_get_string(call->input, "name");
        if (putting->name == NULL)
                putting->name = call->files.files[0].name;
        if (!store_blob_put_fd(call->service->store, call->files.files[0].fd, (uint64_t)CONTENT_MIB_MAX << 20,
                               &digest, &size, error))
                return false;
        hex_encode(digest.b, ZW_DIGEST_BYTES, putting->hash);
        return true;
}

static bool putting_read(Putting *putting, GError **error)
{
        bool same_facts;

        if (!content_read(putting->rev, &putting->now, error) || !file_keep(putting, error))
                return false;
        putting->attrs = json_pack("{s:s}", "hash", putting->hash);
        putting->first = putting->now.hash == NULL;
        same_facts = facts_take(putting);
        captured_take(putting);
        if (putting->first)
                return true;
        if (!content_diff(putting->call, putting->now.hash, putting->hash, putting->now.attrs, &putting->diff,
                          error))
                return false;
        putting->same = same_facts && putting->diff.same;
        return true;
}

/* An approved document with other content is read anew, where its state machine has that way. */
static bool reopen_add(Putting *putting, json_t *ops, GError **error)
{
        g_autoptr(Workflow) workflow = NULL;

        if (putting->rev->kind != ZW_KIND_DOCUMENT || putting->first || putting->same ||
            (state_def(putting->rev->state)->flags & STATE_APPROVED) == 0)
                return true;
        if (!call_workflow(putting->call, ZW_KIND_DOCUMENT, &workflow, error))
                return false;
        if (workflow_find(workflow, putting->rev->state, workflow_initial(workflow)) != NULL)
                json_array_append_new(ops, json_pack("{s:s, s:s, s:s}", "op", "transition", "key",
                                                     putting->rev->key, "to",
                                                     state_def(workflow_initial(workflow))->name));
        return true;
}

static json_t *ops_new(Putting *putting, GError **error)
{
        g_autoptr(Json) ops = json_array();
        const char *key = putting->rev->key;

        /* Who captured something else meanwhile is not overwritten: the revision is said. */
        json_array_append_new(ops, json_pack("{s:s, s:s, s:i, s:O}", "op", "item", "key", key, "rev",
                                             (int)putting->rev->rev, "attrs", putting->attrs));
        if (g_strcmp0(putting->now.hash, putting->hash) != 0) {
                if (!putting->first)
                        json_array_append_new(ops, json_pack("{s:s, s:s, s:s}", "op", "detach", "item", key,
                                                             "name", putting->now.name));
                json_array_append_new(ops,
                                      json_pack("{s:s, s:s, s:s, s:s, s:s*}", "op", "attach", "item", key,
                                                "name", putting->name, "digest", putting->hash, "media",
                                                jread_get_string(putting->call->input, "media")));
        }
        return reopen_add(putting, ops, error) ? g_steal_pointer(&ops) : NULL;
}

/* The edit that makes the commit; what differs in nothing that counts raises no suspects. */
static json_t *edit_new(Putting *putting, GError **error)
{
        static const char *const kept[] = { "message", "request", "project", "dry_run" };
        json_t *ops = ops_new(putting, error), *edit;
        const bool editorial = jread_get_bool(putting->call->input, "editorial", false);

        if (ops == NULL)
                return NULL;
        edit = json_pack("{s:o, s:b}", "ops", ops, "editorial",
                         editorial || (!putting->first && putting->same));
        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
                if (json_object_get(putting->call->input, kept[i]) != NULL)
                        json_object_set(edit, kept[i], json_object_get(putting->call->input, kept[i]));
        return edit;
}

bool usecase_content_put(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StoreItem) item = content_item(call, error);
        g_auto(Putting) putting = { .call = call };
        g_autoptr(Json) edit = NULL;
        Call edit_call = *call;

        if (item == NULL)
                return false;
        putting.rev = store_item_rev(item);
        if (!putting_read(&putting, error))
                return false;
        edit = edit_new(&putting, error);
        if (edit == NULL)
                return false;
        edit_call.input = edit;
        edit_call.files = (ServiceFiles){ NULL, 0 };
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", putting.rev->key);
        jwrite_key_string(w, "sha256", putting.hash);
        jwrite_key_bool(w, "first", putting.first);
        jwrite_key_bool(w, "same", putting.same);
        jwrite_key_int(w, "gone", putting.diff.gone);
        jwrite_key_int(w, "new", putting.diff.fresh);
        jwrite_key(w, "outcome");
        if (!usecase_edit(&edit_call, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
