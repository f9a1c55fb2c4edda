/* Verifying a long log, against hashing the same number of bytes in the same pieces and doing nothing else. Usage: proof DIR COMMITS;
 * the data directory DIR is made and must not exist. */
#include "bench.h"

#include "base/hash.h"
#include "base/jread.h"
#include "model/merkle.h"
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 1000, KEPT_COMMITS = 10000 };

typedef struct {
        Store *store;
        Id log, actor, item;
        uint32_t rev;
        uint64_t left;
} Making;

static bool create(StoreTxn *txn, void *payload, GError **error)
{
        Making *making = payload;

        return store_txn_create_project(txn, "BENCH", "measured", false, &making->actor, ORIGIN_CLI,
                                        &making->log, error);
}

/* The first revision makes the item, others change it. */
static json_t *change(Making *making)
{
        char hex[ZW_ID_HEX], title[32];
        const int rev = (int)++making->rev;

        hex_encode(making->item.b, ZW_ID_BYTES, hex);
        g_snprintf(title, sizeof(title), "title %d", rev);
        return rev == 1 ? json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s}}", "op", "create", "id", hex, "key",
                                    hex, "kind", "zone", "state", "draft", "set", "title", title)
                        : json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "op", "update", "id", hex, "rev", rev,
                                    "subst", rev, "set", "title", title);
}

/* Many commits of one change each in one transaction: how fast they come is measured elsewhere. */
static bool append(StoreTxn *txn, void *payload, GError **error)
{
        Making *making = payload;

        for (int i = 0; i < AT_ONCE && making->left > 0; i++, making->left--) {
                g_autoptr(Json) ops = json_pack("[o]", change(making));
                const CommitDraft draft = { .log = making->log,
                                            .actor = making->actor,
                                            .origin = ORIGIN_CLI,
                                            .message = "why it changed",
                                            .ops = ops };
                Seq seq;

                if (!store_txn_commit(txn, &draft, &seq, error))
                        return false;
        }
        return true;
}

/* ---- the peer ---- */

typedef struct {
        StoreView *view;
        const Id *log;
        GByteArray *bytes;
        GArray *lengths; /* size_t, of the pieces in bytes */
} Kept;

static void keep(Kept *kept, const void *bytes, size_t n)
{
        g_byte_array_append(kept->bytes, bytes, (guint)n);
        g_array_append_val(kept->lengths, n);
}

static bool piece_keep(const StorePiece *piece, void *payload, GError **error G_GNUC_UNUSED)
{
        g_autoptr(GByteArray) whole = g_byte_array_new();

        g_byte_array_append(whole, (const guint8 *)"\2", 1);
        g_byte_array_append(whole, piece->salt, ZW_SALT_BYTES);
        g_byte_array_append(whole, (const guint8 *)piece->bytes, (guint)piece->n);
        keep(payload, whole->data, whole->len);
        return true;
}

/* What verifying hashes of a commit: header, pieces, and one node of the tree. */
static bool header_keep(const StoreHeader *header, void *payload, GError **error)
{
        static const uint8_t node[1 + 2 * ZW_DIGEST_BYTES] = { 1 };
        Kept *kept = payload;

        keep(kept, header->bytes, header->n);
        keep(kept, node, sizeof(node));
        return store_each_piece(kept->view, kept->log, header->seq, piece_keep, kept, error);
}

/* Seconds of a loop over EVP with one context; all is in memory. */
static double evp_loop(const Kept *kept, uint64_t rounds)
{
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
        uint8_t digest[EVP_MAX_MD_SIZE];
        const double begin = bench_now();

        for (uint64_t round = 0; round < rounds; round++) {
                const uint8_t *at = kept->bytes->data;

                for (guint i = 0; i < kept->lengths->len; i++) {
                        const size_t n = g_array_index(kept->lengths, size_t, i);

                        bench_must(EVP_DigestInit_ex2(context, sha256, NULL) == 1 &&
                                           EVP_DigestUpdate(context, at, n) == 1 &&
                                           EVP_DigestFinal_ex(context, digest, NULL) == 1,
                                   NULL);
                        at += n;
                }
        }
        EVP_MD_CTX_free(context);
        EVP_MD_free(sha256);
        return bench_now() - begin;
}

/* ---- both ---- */

static void problem(const char *where, const char *message, void *payload G_GNUC_UNUSED)
{
        fprintf(stderr, "%s: %s\n", where, message);
        exit(1);
}

static double verify(StoreView *view, const Making *making, uint64_t commits)
{
        g_autoptr(GError) error = NULL;
        const double begin = bench_now();
        uint64_t found;
        Digest root;

        bench_must(store_verify(view, &making->log, problem, NULL, NULL, &found, &root, &error), error);
        bench_must(found == commits, NULL);
        return bench_now() - begin;
}

int main(int argc, char **argv)
{
        Making making = { .item = id_new(), .actor = id_new() };
        g_autoptr(GError) error = NULL;
        g_autofree char *name = NULL;
        guint64 commits;
        Kept kept = { 0 };
        double ours, bare;

        if (argc != 3 || !g_ascii_string_to_unsigned(argv[2], 10, KEPT_COMMITS, 100000000, &commits, NULL))
                return 2;
        hash_init();
        bench_must(store_create(argv[1], &error), error);
        making.store = store_open(argv[1], &error);
        bench_must(making.store != NULL, error);
        bench_must(store_write(making.store, create, &making, &error), error);
        for (making.left = commits - 1; making.left > 0;)
                bench_must(store_write(making.store, append, &making, &error), error);
        kept = (Kept){ store_view_open(making.store, &error), &making.log, g_byte_array_new(),
                       g_array_new(FALSE, FALSE, sizeof(size_t)) };
        bench_must(kept.view != NULL, error);
        bench_must(store_each_header(kept.view, &making.log, 2, KEPT_COMMITS + 1, header_keep, &kept, &error),
                   error);
        bare = evp_loop(&kept, commits / KEPT_COMMITS);
        ours = verify(kept.view, &making, commits);
        name = g_strdup_printf("verify a log of %" G_GUINT64_FORMAT " commits", commits);
        bench_figure(name, "s", ours, "EVP over the same pieces, in memory", bare, bare / ours);
        g_byte_array_unref(kept.bytes);
        g_array_unref(kept.lengths);
        store_view_close(kept.view);
        store_close(making.store);
        return 0;
}
