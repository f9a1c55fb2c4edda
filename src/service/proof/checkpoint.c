#include "service/proof/checkpoint.h"

#include "base/newfile.h"
#include "base/verify.h"
#include "service/file.h"
#include "service/proof/timestamp.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the leaves ---- */

static bool leaf_add(const StoreHeader *header, void *payload, GError **error)
{
        GArray *leaves = payload;
        g_autoptr(GBytes) bytes = g_bytes_new_static(header->bytes, header->n);
        const Digest hash = commit_hash(bytes);

        g_array_append_val(leaves, hash);
        if (leaves->len == header->seq)
                return true;
        error_set(error, ZW_ERR_DAMAGED, NULL, "commit %u is missing", leaves->len);
        return false;
}

ProofTree *checkpoint_tree(Call *call, GError **error)
{
        g_autoptr(GArray) leaves = g_array_new(FALSE, FALSE, sizeof(Digest));

        if (!store_each_header(call->view, &call->project->log, 1, call->project->head, leaf_add, leaves,
                               error))
                return NULL;
        if (leaves->len == call->project->head)
                return proof_tree_new((const Digest *)(const void *)leaves->data, leaves->len);
        error_set(error, ZW_ERR_DAMAGED, NULL, "the last commits are missing");
        return NULL;
}

/* ---- the key and its memory: files of the data directory, outside the database ---- */

char *checkpoint_path(const Call *call, const char *name, GError **error)
{
        g_autofree char *dir = g_build_filename(store_dir(call->service->store), "keys", NULL);

        if (mkdir(dir, 0700) == 0 || errno == EEXIST)
                return g_build_filename(dir, name, NULL);
        error_set(error, ZW_ERR_STORAGE, dir, "%s", g_strerror(errno));
        return NULL;
}

Ed25519Key *checkpoint_key(Call *call, GError **error)
{
        g_autofree char *path = checkpoint_path(call, "log.key", error);

        return path == NULL ? NULL : ed25519_open(path, true, error);
}

static char *memory_path(const Call *call, GError **error)
{
        char log[ZW_ID_HEX];

        hex_encode(call->project->log.b, ZW_ID_BYTES, log);
        return checkpoint_path(call, log, error);
}

/* What was signed last; *ret_any false when nothing was. */
static bool memory_read(const Call *call, const Ed25519Key *key, bool *ret_any, Checkpoint *ret_last,
                        GError **error)
{
        g_autofree char *path = memory_path(call, error), *note = NULL, *text = NULL;
        uint8_t public[ZW_ED25519_PUBLIC];
        g_autoptr(GError) why = NULL;

        *ret_any = false;
        if (path == NULL)
                return false;
        if (!g_file_get_contents(path, &note, NULL, &why)) {
                if (g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
                        return true;
                error_set(error, ZW_ERR_STORAGE, path, "%s", why->message);
                return false;
        }
        ed25519_public(key, public);
        text = note_open(public, note, error);
        if (text == NULL || !checkpoint_parse(text, ret_last, error))
                return false;
        *ret_any = true;
        return true;
}

static bool memory_write(const Call *call, const char *note, GError **error)
{
        g_autofree char *path = memory_path(call, error);
        g_autoptr(NewFile) file = path == NULL ? NULL : newfile_begin(path, NEWFILE_PRIVATE, error);

        return file != NULL && fd_put(newfile_fd(file), note, strlen(note), error) &&
               newfile_place(file, error);
}

/* Why the log is not one that continues what was signed; NULL when it is. Free it. */
static char *break_of(const Call *call, const ProofTree *tree, const Checkpoint *last)
{
        const Seq head = call->project->head;
        Digest root;
        Proof proof;

        if (last->size > head)
                return g_strdup_printf("%" G_GUINT64_FORMAT
                                       " commits were signed, and the log has %" G_GUINT64_FORMAT
                                       ": an older copy was put in its place",
                                       last->size, head);
        root = proof_root(tree, head);
        proof = proof_consistency(tree, last->size, head);
        if (proof_consistency_holds(&proof, last->size, &last->root, head, &root))
                return NULL;
        return g_strdup_printf("the first %" G_GUINT64_FORMAT " commits are not those that were signed",
                               last->size);
}

typedef struct {
        const Call *call;
        const Ed25519Key *key;
        const ProofTree *tree;
        Checkpoint now;
        char *note;
} Signing;

/* On the writer's thread, so that of two at once none forgets what the other signed. */
static bool sign_run(StoreTxn *txn G_GNUC_UNUSED, void *payload, GError **error)
{
        Signing *signing = payload;
        g_autofree char *why = NULL, *text = checkpoint_format(&signing->now);
        Checkpoint last;
        bool any;

        if (!memory_read(signing->call, signing->key, &any, &last, error))
                return false;
        why = any ? break_of(signing->call, signing->tree, &last) : NULL;
        if (why != NULL) {
                error_set(error, ZW_ERR_DAMAGED, signing->call->project->key, "%s", why);
                return false;
        }
        g_free(signing->note);
        signing->note = note_sign(signing->key, text);
        return (any && last.size >= signing->now.size) || memory_write(signing->call, signing->note, error);
}

char *checkpoint_sign(Call *call, const ProofTree *tree, uint64_t size, GError **error)
{
        g_autoptr(Ed25519Key) key = checkpoint_key(call, error);
        Signing signing = { .call = call,
                            .key = key,
                            .tree = tree,
                            .now = { call->project->log, size, proof_root(tree, size) } };

        if (key == NULL || !store_write(call->service->store, sign_run, &signing, error)) {
                g_free(signing.note);
                return NULL;
        }
        return signing.note;
}

bool checkpoint_verify(Call *call, StoreProblemFn fn, void *payload, GError **error)
{
        g_autoptr(Ed25519Key) key = checkpoint_key(call, error);
        g_autoptr(ProofTree) tree = NULL;
        g_autoptr(GError) damage = NULL;
        g_autofree char *why = NULL;
        Checkpoint last;
        bool any;

        if (key == NULL)
                return false;
        if (!memory_read(call, key, &any, &last, &damage)) {
                if (!g_error_matches(damage, ZW_ERROR, ZW_ERR_DAMAGED)) {
                        g_propagate_error(error, g_steal_pointer(&damage));
                        return false;
                }
                ZW_VERIFY(damage != NULL); /* it matched */
                fn("checkpoint", damage->message, payload);
                return true;
        }
        tree = any ? checkpoint_tree(call, NULL) : NULL; /* what is missing is told by who reads the log */
        why = tree == NULL ? NULL : break_of(call, tree, &last);
        if (why != NULL)
                fn("checkpoint", why, payload);
        return timestamp_check(call, fn, payload, error);
}

/* The text of a note that this data directory's key signed, or the one that is named. */
static char *note_text(Call *call, const char *note, const char *key, GError **error)
{
        g_autoptr(Ed25519Key) own = checkpoint_key(call, error);
        uint8_t public[ZW_ED25519_PUBLIC];

        if (own == NULL || (key != NULL && !note_key_parse(key, public, error)))
                return NULL;
        if (key == NULL)
                ed25519_public(own, public);
        return note_open(public, note, error);
}

bool checkpoint_continues(Call *call, const ProofTree *tree, const char *note, const char *key,
                          const char *where, StoreProblemFn fn, void *payload, GError **error)
{
        g_autoptr(GError) bad = NULL;
        g_autofree char *text = note_text(call, note, key, &bad), *why = NULL;
        Checkpoint kept;

        if (text == NULL && !g_error_matches(bad, ZW_ERROR, ZW_ERR_DAMAGED)) {
                g_propagate_error(error, g_steal_pointer(&bad));
                return false;
        }
        if (text == NULL || !checkpoint_parse(text, &kept, &bad)) {
                ZW_VERIFY(bad != NULL); /* one of the two said why */
                fn(where, bad->message, payload);
        } else if (!id_equal(&kept.log, &call->project->log))
                fn(where, "the checkpoint is of another log", payload);
        else
                why = break_of(call, tree, &kept);
        if (why != NULL)
                fn(where, why, payload);
        return true;
}

static bool checkpoint_new(Call *call, CheckpointFn fn, void *payload, GError **error)
{
        g_autoptr(Ed25519Key) key = checkpoint_key(call, error);
        g_autoptr(ProofTree) tree = NULL;
        g_autofree char *note = NULL;
        g_autoptr(GError) why = NULL;
        char root[ZW_DIGEST_HEX];
        Checkpoint last;
        bool any;

        if (key == NULL || !memory_read(call, key, &any, &last, error))
                return false;
        if (any && last.size == call->project->head)
                return true;
        tree = checkpoint_tree(call, &why);
        note = tree == NULL ? NULL : checkpoint_sign(call, tree, call->project->head, &why);
        hex_encode(call->project->root.b, ZW_DIGEST_BYTES, root);
        fn(call->project->key, note == NULL ? 0 : call->project->head, root,
           note == NULL ? why->message : NULL, payload);
        return true;
}

bool checkpoint_new_ones(Service *service, CheckpointFn fn, void *payload, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(service->store, error);
        g_autoptr(GPtrArray) projects = view == NULL ? NULL : store_load_projects(view, error);

        for (guint i = 0; projects != NULL && i < projects->len; i++) {
                Call call = { .service = service, .view = view, .project = projects->pdata[i] };

                if (!checkpoint_new(&call, fn, payload, error))
                        return false;
        }
        return projects != NULL;
}

/* ---- use cases ---- */

bool usecase_checkpoint(Call *call, JWrite *w, GError **error)
{
        g_autoptr(ProofTree) tree = checkpoint_tree(call, error);
        g_autofree char *note = tree == NULL ? NULL : checkpoint_sign(call, tree, call->at, error),
                        *name = NULL;
        g_autoptr(Ed25519Key) key = note == NULL ? NULL : checkpoint_key(call, error);
        uint8_t public[ZW_ED25519_PUBLIC];
        char log[ZW_ID_HEX], root_hex[ZW_DIGEST_HEX];
        Digest root;

        if (key == NULL)
                return false;
        ed25519_public(key, public);
        name = note_key_format(public);
        root = proof_root(tree, call->at);
        hex_encode(root.b, ZW_DIGEST_BYTES, root_hex);
        hex_encode(call->project->log.b, ZW_ID_BYTES, log);
        jwrite_object_begin(w);
        jwrite_key_string(w, "log", log);
        jwrite_key_int(w, "size", (int64_t)call->at);
        jwrite_key_string(w, "root", root_hex);
        jwrite_key_string(w, "key", name);
        jwrite_key_string(w, "note", note);
        jwrite_object_end(w);
        return true;
}

void proof_write(JWrite *w, const Proof *proof)
{
        jwrite_array_begin(w);
        for (int i = 0; i < proof->n; i++) {
                char hex[ZW_DIGEST_HEX];

                hex_encode(proof->path[i].b, ZW_DIGEST_BYTES, hex);
                jwrite_string(w, hex);
        }
        jwrite_array_end(w);
}

/* That a commit is in the log as of the one that is read, or with `from`, that the log as of that commit is its beginning. */
bool usecase_proof(Call *call, JWrite *w, GError **error)
{
        const char *commit = jread_get_string(call->input, "commit"),
                   *from = jread_get_string(call->input, "from");
        g_autoptr(ProofTree) tree = NULL;
        char hex[ZW_DIGEST_HEX];
        Digest root;
        Proof proof;
        Seq seq;

        if ((commit == NULL) == (from == NULL)) {
                error_set(error, ZW_ERR_USAGE, "/commit",
                          "name a commit that is in the log, or one to continue from");
                return false;
        }
        if (!call_find_seq(call, commit == NULL ? from : commit, commit == NULL ? "from" : "commit", &seq,
                           error))
                return false;
        if (seq > call->at) {
                error_set(error, ZW_ERR_USAGE, "/at", "commit %" G_GUINT64_FORMAT " is a later one", seq);
                return false;
        }
        tree = checkpoint_tree(call, error);
        if (tree == NULL)
                return false;
        proof = commit == NULL ? proof_consistency(tree, seq, call->at)
                               : proof_inclusion(tree, seq - 1, call->at);
        root = proof_root(tree, call->at);
        hex_encode(root.b, ZW_DIGEST_BYTES, hex);
        jwrite_object_begin(w);
        jwrite_key_string(w, "proof", commit == NULL ? "consistency" : "inclusion");
        jwrite_key_int(w, commit == NULL ? "from" : "commit", (int64_t)seq);
        jwrite_key_int(w, "size", (int64_t)call->at);
        jwrite_key_string(w, "root", hex);
        jwrite_key(w, "path");
        proof_write(w, &proof);
        jwrite_object_end(w);
        return true;
}
