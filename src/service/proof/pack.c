/* Writing an evidence pack: the log with proofs up to a commit, the case as it was, reports on it, what is attached; and a sealed list of
 * all of it. One pass, files of any size through a file without a name, and the same bytes for the same commit, scope and key. */
#include "service/proof/pack.h"

#include "base/canon.h"
#include "base/fd.h"
#include "base/scratch.h"
#include "service/proof/checkpoint.h"
#include "service/file.h"
#include "service/lists/filter.h"
#include "service/lists/seeded.h"
#include "store/tarball.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAMPLE_MAX = 10000, HASH_CHUNK = 1 << 16 };

static const char readme[] =
        "An evidence pack of Zonewright. It can be verified without a network and without the program that made it:\n"
        "\n"
        "    zw verify PACK.tar\n"
        "    python3 zonewright_verify.py PACK.tar        (verifier/ of the source; standard library only)\n"
        "\n"
        "Compare the line in key.txt with one you have from a trusted place: the seal says that whoever has this key made\n"
        "the pack, and checkpoint.txt that the commits in it are those of the log of that installation.\n";

typedef struct {
        Call *call;
        Tarball *tar;
        json_t *files;      /* of {"path","sha256","size"} */
        GPtrArray *zones;   /* keys; empty: everything */
        GHashTable *ids;    /* hex ids of items inside; NULL: all */
        GTree *attachments; /* digests in hex */
        uint8_t *items;     /* by ItemNo: inside; NULL: all */
        ItemNo n_items;
        ProofTree *tree;
        ProgressStage stage;
} Pack;

static void pack_clear(Pack *pack)
{
        tarball_free(pack->tar);
        json_decref(pack->files);
        g_clear_pointer(&pack->zones, g_ptr_array_unref);
        g_clear_pointer(&pack->ids, g_hash_table_unref);
        g_clear_pointer(&pack->attachments, g_tree_unref);
        g_free(pack->items);
        proof_tree_free(pack->tree);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pack, pack_clear)

/* ---- entries ---- */

static void file_list(Pack *pack, const char *path, const Digest *digest, uint64_t size)
{
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest->b, ZW_DIGEST_BYTES, hex);
        json_array_append_new(pack->files, json_pack("{s:s, s:s, s:I}", "path", path, "sha256", hex, "size",
                                                     (json_int_t)size));
}

static bool text_add(Pack *pack, const char *path, const char *text, GError **error)
{
        g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
        const Digest digest = hash_sha256(text, strlen(text));

        file_list(pack, path, &digest, strlen(text));
        return tarball_add_bytes(pack->tar, path, bytes, error);
}

static bool fd_hash(int fd, Digest *ret_digest, uint64_t *ret_size, GError **error)
{
        g_autoptr(HashState) state = hash_new();
        g_autofree char *chunk = g_malloc(HASH_CHUNK);
        off_t at = 0;
        ssize_t n;

        while ((n = pread(fd, chunk, HASH_CHUNK, at)) > 0) {
                hash_update(state, chunk, (size_t)n);
                at += n;
        }
        if (n < 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "a file could not be read: %s", g_strerror(errno));
                return false;
        }
        *ret_digest = hash_finish(state);
        *ret_size = (uint64_t)at;
        return true;
}

static bool fd_add(Pack *pack, const char *path, int fd, GError **error)
{
        uint64_t size;
        Digest digest;

        if (!fd_hash(fd, &digest, &size, error))
                return false;
        if (lseek(fd, 0, SEEK_SET) != 0) {
                error_set(error, ZW_ERR_STORAGE, path, "%s", g_strerror(errno));
                return false;
        }
        file_list(pack, path, &digest, size);
        return tarball_add_fd(pack->tar, path, fd, size, &pack->stage, error);
}

/* What a use case writes into a file. */
static bool usecase_add(Pack *pack, const char *path, UsecaseFn usecase, json_t *input, GError **error)
{
        g_autoptr(Json) owned = input;
        g_auto(Fd) fd = scratch_open(store_dir(pack->call->service->store), error);
        ServiceFile file = { path, fd };
        g_autoptr(Out) out = out_new(ZW_PACK_TEXT_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        Call call = *pack->call;

        if (fd < 0)
                return false;
        call.input = owned;
        call.files = (ServiceFiles){ &file, 1 };
        return usecase(&call, w, error) && fd_add(pack, path, fd, error);
}

/* ---- which zones ---- */

/* A sample of zones that the seed alone decides. */
static void sample_choose(Pack *pack, GraphView view, int64_t n, int64_t seed)
{
        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_is_live(view, item) && graph_kind(view, item) == ZW_KIND_ZONE)
                        g_ptr_array_add(pack->zones, g_strdup(graph_key(view, item)));
        seeded_draw(pack->zones, seed, (size_t)n);
}

static int key_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool zones_choose(Pack *pack, GraphView view, GError **error)
{
        const json_t *input = pack->call->input, *zones = json_object_get(input, "zones"), *zone;
        const int64_t sample = jread_get_int(input, "sample", 0);
        size_t i;

        if (sample < 0 || sample > SAMPLE_MAX || (sample > 0 && json_array_size(zones) > 0)) {
                error_set(error, ZW_ERR_USAGE, "/sample",
                          "either zones are named, or a sample of 1 to %d of them", SAMPLE_MAX);
                return false;
        }
        json_array_foreach(zones, i, zone)
        {
                g_ptr_array_add(pack->zones, g_strdup(json_is_string(zone) ? json_string_value(zone) : ""));
        }
        if (sample > 0)
                sample_choose(pack, view, sample, jread_get_int(input, "seed", 0));
        g_ptr_array_sort(pack->zones, key_compare);
        return true;
}

static bool items_choose(Pack *pack, GraphView view, GError **error)
{
        if (!zones_choose(pack, view, error))
                return false;
        if (pack->zones->len == 0)
                return true;
        pack->n_items = graph_item_count(view);
        pack->items = g_malloc0(pack->n_items + 1);
        pack->ids = hash_table_new_text(g_free, NULL);
        for (guint i = 0; i < pack->zones->len; i++) {
                g_autofree uint8_t *inside = NULL;
                ItemNo place;

                if (!graph_find_key(view, g_ptr_array_index(pack->zones, i), &place)) {
                        error_set(error, ZW_ERR_NOT_FOUND, "/zones", "there is no zone %s",
                                  (const char *)g_ptr_array_index(pack->zones, i));
                        return false;
                }
                inside = filter_zone_items(view, place);
                for (ItemNo item = 0; item < pack->n_items; item++)
                        pack->items[item] |= inside[item];
        }
        return true;
}

/* Its id, and what is attached to it. */
static bool item_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Pack *pack = payload;
        g_autoptr(Json) attachments = NULL;
        const json_t *one;
        size_t i;

        if (pack->items != NULL && (rev->no >= pack->n_items || pack->items[rev->no] == 0))
                return true;
        if (pack->ids != NULL) {
                char hex[ZW_ID_HEX];

                hex_encode(rev->id.b, ZW_ID_BYTES, hex);
                g_hash_table_add(pack->ids, g_strdup(hex));
        }
        attachments = rev->attachments == NULL ? NULL : json_loads(rev->attachments, 0, NULL);
        json_array_foreach(attachments, i, one)
        {
                g_tree_insert(pack->attachments, g_strdup(jread_get_string(one, "sha256")), NULL);
        }
        return true;
}

/* ---- the log ---- */

typedef struct {
        Pack *pack;
        int fd;
        bool taken; /* the operation at work is inside, and so are its values */
        bool any;   /* something of the commit is inside */
        bool write; /* else it is only looked for */
} Commits;

static bool op_is_inside(const Pack *pack, const StorePiece *piece)
{
        static const char *const members[] = { "id", "from", "to", "run" };
        g_autoptr(Json) op = NULL;

        if (pack->ids == NULL)
                return true;
        op = piece->salt == NULL ? NULL : jread_parse(piece->bytes, piece->n, NULL);
        if (g_strcmp0(jread_get_string(op, "op"), "project") == 0)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                const char *id = jread_get_string(op, members[i]);

                if (id != NULL && g_hash_table_contains(pack->ids, id))
                        return true;
        }
        return false;
}

static bool line_put(int fd, Out *out, GError **error)
{
        out_char(out, '\n');
        return out_check(out, error) && fd_put(fd, out_data(out), out_length(out), error);
}

static bool piece_put(const Commits *commits, const StorePiece *piece, GError **error)
{
        g_autoptr(Out) out = out_new(3 * (size_t)ZW_OP_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        char salt[2 * ZW_SALT_BYTES + 1];

        jwrite_object_begin(w);
        jwrite_key_int(w, "op", piece->op);
        jwrite_key_string(w, "field", piece->field);
        if (piece->salt == NULL) {
                jwrite_key_bool(w, "erased", true);
        } else {
                hex_encode(piece->salt, ZW_SALT_BYTES, salt);
                jwrite_key_string(w, "salt", salt);
                jwrite_key(w, "text");
                jwrite_string_n(w, piece->n == 0 ? "" : piece->bytes,
                                piece->n); /* an empty text may be NULL */
        }
        jwrite_object_end(w);
        return line_put(commits->fd, out, error);
}

static bool piece_see(const StorePiece *piece, void *payload, GError **error)
{
        Commits *commits = payload;

        if (piece->op >= 0 && piece->field[0] == '\0')
                commits->taken = op_is_inside(commits->pack, piece);
        if (piece->op >= 0)
                commits->any = commits->any || commits->taken;
        return !commits->write || !(piece->op < 0 || commits->taken) || piece_put(commits, piece, error);
}

static bool header_put(const Commits *commits, const StoreHeader *header, GError **error)
{
        const Pack *pack = commits->pack;
        g_autoptr(Out) out = out_new(2 * (size_t)ZW_HEADER_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_int(w, "commit", (int64_t)header->seq);
        jwrite_key(w, "header");
        jwrite_string_n(w, header->bytes, header->n);
        if (pack->ids != NULL) {
                const Proof proof = proof_inclusion(pack->tree, header->seq - 1, pack->call->at);

                jwrite_key(w, "proof");
                proof_write(w, &proof);
        }
        jwrite_object_end(w);
        return line_put(commits->fd, out, error);
}

static bool commit_see(const StoreHeader *header, void *payload, GError **error)
{
        Commits *commits = payload;
        Call *call = commits->pack->call;
        const Id *log = &call->project->log;

        commits->any = commits->pack->ids == NULL;
        commits->write = false;
        if (!commits->any && !store_each_piece(call->view, log, header->seq, piece_see, commits, error))
                return false;
        commits->write = true;
        return !commits->any || (header_put(commits, header, error) &&
                                 store_each_piece(call->view, log, header->seq, piece_see, commits, error));
}

static bool commits_add(Pack *pack, GError **error)
{
        Call *call = pack->call;
        g_auto(Fd) fd = scratch_open(store_dir(call->service->store), error);
        Commits commits = { .pack = pack, .fd = fd };

        return fd >= 0 &&
               store_each_header(call->view, &call->project->log, 1, call->at, commit_see, &commits, error) &&
               fd_add(pack, PACK_COMMITS, fd, error);
}

/* ---- the case, reports, attachments ---- */

static bool case_add(Pack *pack, GError **error)
{
        g_autoptr(GString) filter = g_string_new(NULL);

        for (guint i = 0; i < pack->zones->len; i++)
                g_string_append_printf(filter, "%szone:%s", i == 0 ? "" : " or ",
                                       (const char *)g_ptr_array_index(pack->zones, i));
        return usecase_add(pack, "case.ndjson", usecase_export,
                           json_pack("{s:s, s:s}", "format", "native", "filter", filter->str), error);
}

static bool report_add(Pack *pack, const char *type, const char *zone, GError **error)
{
        static const char *const formats[] = { "html", "json" };

        for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
                g_autofree char *path = g_strdup_printf("reports/%s%s%s.%s", type, zone == NULL ? "" : "-",
                                                        zone == NULL ? "" : zone, formats[i]);

                if (!usecase_add(pack, path, usecase_report,
                                 json_pack("{s:s, s:s, s:s*}", "type", type, "format", formats[i], "zone",
                                           zone),
                                 error))
                        return false;
        }
        return true;
}

static bool reports_add(Pack *pack, GError **error)
{
        for (guint i = 0; i < pack->zones->len; i++)
                if (!report_add(pack, "gap", g_ptr_array_index(pack->zones, i), error))
                        return false;
        return pack->zones->len > 0 ||
               (report_add(pack, "gap", NULL, error) && report_add(pack, "traceability", NULL, error));
}

typedef struct {
        Pack *pack;
        GError *why;
} Attaching;

static gboolean attachment_add(gpointer key, gpointer value G_GNUC_UNUSED, gpointer payload)
{
        Attaching *attaching = payload;
        Pack *pack = attaching->pack;
        g_autofree char *path = g_strdup_printf("attachments/%s", (const char *)key);
        g_auto(Fd) fd = -1;
        Digest digest;

        if (!hex_decode(key, digest.b, ZW_DIGEST_BYTES, &attaching->why))
                return TRUE;
        fd = store_blob_open(pack->call->service->store, &digest, &attaching->why);
        return fd < 0 || !fd_add(pack, path, fd, &attaching->why);
}

static bool attachments_add(Pack *pack, GError **error)
{
        Attaching attaching = { pack, NULL };

        g_tree_foreach(pack->attachments, attachment_add, &attaching);
        if (attaching.why != NULL)
                g_propagate_error(error, attaching.why);
        return attaching.why == NULL;
}

/* ---- what it is ---- */

static json_t *scope_of(const Pack *pack)
{
        json_t *zones = json_array();
        const json_t *input = pack->call->input;

        for (guint i = 0; i < pack->zones->len; i++)
                json_array_append_new(zones, json_string(g_ptr_array_index(pack->zones, i)));
        return json_pack("{s:o, s:I, s:I, s:s?}", "zones", zones, "sample",
                         (json_int_t)jread_get_int(input, "sample", 0), "seed",
                         (json_int_t)jread_get_int(input, "seed", 0), "at", jread_get_string(input, "at"));
}

static bool manifest_add(Pack *pack, const Ed25519Key *key, GError **error)
{
        const Call *call = pack->call;
        const Digest root = proof_root(pack->tree, call->at);
        char log[ZW_ID_HEX], root_hex[ZW_DIGEST_HEX], instant[ZW_INSTANT_TEXT], hex[ZW_DIGEST_HEX];
        g_autoptr(Json) manifest = NULL;
        g_autoptr(GBytes) bytes = NULL, seal = NULL;
        g_autofree char *text = NULL, *note = NULL;
        Digest digest;

        hex_encode(call->project->log.b, ZW_ID_BYTES, log);
        hex_encode(root.b, ZW_DIGEST_BYTES, root_hex);
        instant_format(call->instant, instant);
        manifest = json_pack("{s:i, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:o, s:O}", "format",
                             (int)ZW_PACK_FORMAT, "program", ZW_VERSION, "project", call->project->key,
                             "title", call->project->title, "log", log, "commits", (json_int_t)call->at,
                             "root", root_hex, "instant", instant, "scope", scope_of(pack), "files",
                             pack->files);
        bytes = canon_bytes(manifest, ZW_PACK_TEXT_MAX, error);
        if (bytes == NULL || !tarball_add_bytes(pack->tar, PACK_MANIFEST, bytes, error))
                return false;
        digest = hash_sha256(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        text = g_strdup_printf(PACK_SEAL_TEXT "%s\n", hex);
        note = note_sign(key, text);
        seal = g_bytes_new(note, strlen(note));
        return tarball_add_bytes(pack->tar, PACK_SEAL, seal, error) && tarball_end(pack->tar, error);
}

static bool pack_write(Pack *pack, GError **error)
{
        Call *call = pack->call;
        g_autoptr(Ed25519Key) key = NULL;
        g_autofree char *note = NULL, *name = NULL, *line = NULL;
        uint8_t public[ZW_ED25519_PUBLIC];

        pack->tree = checkpoint_tree(call, error);
        note = pack->tree == NULL ? NULL : checkpoint_sign(call, pack->tree, call->at, error);
        key = note == NULL ? NULL : checkpoint_key(call, error);
        if (key == NULL)
                return false;
        ed25519_public(key, public);
        name = note_key_format(public);
        line = g_strconcat(name, "\n", NULL);
        pack->tar = tarball_new_write(call->files.files[0].fd, error);
        return pack->tar != NULL && text_add(pack, PACK_FIRST, "1\n", error) &&
               text_add(pack, "README.txt", readme, error) && text_add(pack, PACK_KEY, line, error) &&
               text_add(pack, PACK_CHECKPOINT, note, error) && commits_add(pack, error) &&
               case_add(pack, error) && reports_add(pack, error) && attachments_add(pack, error) &&
               manifest_add(pack, key, error);
}

static int hex_compare(gconstpointer a, gconstpointer b, gpointer payload G_GNUC_UNUSED)
{
        return strcmp(a, b);
}

bool usecase_evidence_pack(Call *call, JWrite *w, GError **error)
{
        Call then = *call;
        g_auto(PinnedGraph) pinned = { 0 };
        g_auto(Pack) pack = { .call = &then,
                              .files = json_array(),
                              .zones = g_ptr_array_new_with_free_func(g_free),
                              .attachments = g_tree_new_full(hex_compare, NULL, g_free, NULL),
                              .stage = progress_begin(call->progress, "writing", "bytes", 0) };
        struct stat facts;

        if (call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, NULL, "a pack is written to one file");
                return false;
        }
        /* The same commit is judged at the same time whenever it is packed. */
        if ((jread_get_string(call->input, "instant") == NULL &&
             !store_commit_time(call->view, &call->project->log, call->at, &then.instant, error)) ||
            !graph_of_call(&then, &pinned, error) || !items_choose(&pack, pinned.view, error) ||
            !store_each_item(call->view, &call->project->log, call->at, item_see, &pack, error) ||
            !pack_write(&pack, error))
                return false;
        if (fstat(call->files.files[0].fd, &facts) != 0)
                facts.st_size = 0;
        jwrite_object_begin(w);
        jwrite_key_int(w, "commits", (int64_t)call->at);
        jwrite_key_int(w, "files", (int64_t)json_array_size(pack.files));
        jwrite_key_int(w, "bytes", (int64_t)facts.st_size);
        jwrite_key(w, "zones");
        jwrite_array_begin(w);
        for (guint i = 0; i < pack.zones->len; i++)
                jwrite_string(w, g_ptr_array_index(pack.zones, i));
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
