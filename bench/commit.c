/* Durable commits a second, by one and by sixteen callers, against appending as many bytes to a file and syncing each
 * time. Usage: commit DIR SECONDS; the data directory DIR is made and must not exist. */
#include "bench.h"

#include "base/hash.h"
#include "base/jread.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CALLERS = 16, RECORD_BYTES = 1024 };

typedef struct {
        Store *store;
        Id log, actor, item;
        double until;
        uint32_t rev;
        _Atomic uint64_t *done;
} Caller;

static bool create(StoreTxn *txn, void *payload, GError **error)
{
        Caller *caller = payload;

        return store_txn_create_project(txn, "BENCH", "measured", false, &caller->actor, ORIGIN_CLI,
                                        &caller->log, error);
}

static bool append(StoreTxn *txn, Caller *caller, json_t *op, GError **error)
{
        g_autoptr(Json) ops = json_pack("[o]", op);
        CommitDraft draft = { .log = caller->log, .actor = caller->actor, .origin = ORIGIN_CLI, .ops = ops };
        Seq seq;

        return store_txn_commit(txn, &draft, &seq, error);
}

static bool item(StoreTxn *txn, void *payload, GError **error)
{
        Caller *caller = payload;
        char hex[ZW_ID_HEX];

        hex_encode(caller->item.b, ZW_ID_BYTES, hex);
        return append(txn, caller,
                      json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s}}", "op", "create", "id", hex, "key", hex,
                                "kind", "zone", "state", "draft", "set", "title", "a zone"),
                      error);
}

static bool update(StoreTxn *txn, void *payload, GError **error)
{
        Caller *caller = payload;
        char hex[ZW_ID_HEX], title[32];

        hex_encode(caller->item.b, ZW_ID_BYTES, hex);
        g_snprintf(title, sizeof(title), "title %u", caller->rev + 1);
        return append(txn, caller,
                      json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "op", "update", "id", hex, "rev",
                                (int)caller->rev + 1, "subst", (int)caller->rev + 1, "set", "title", title),
                      error);
}

static void *run(void *payload)
{
        Caller *caller = payload;
        g_autoptr(GError) error = NULL;

        bench_must(store_write(caller->store, item, caller, &error), error);
        for (caller->rev = 1; bench_now() < caller->until; caller->rev++) {
                bench_must(store_write(caller->store, update, caller, &error), error);
                atomic_fetch_add(caller->done, 1);
        }
        return NULL;
}

/* Commits a second with `n` callers. */
static double commits(const Caller *base, int n, double seconds)
{
        pthread_t threads[CALLERS];
        Caller callers[CALLERS];
        _Atomic uint64_t done = 0;
        double begin = bench_now();

        for (int i = 0; i < n; i++) {
                callers[i] = *base;
                callers[i].item = id_new();
                callers[i].until = begin + seconds;
                callers[i].done = &done;
                pthread_create(&threads[i], NULL, run, &callers[i]);
        }
        for (int i = 0; i < n; i++)
                pthread_join(threads[i], NULL);
        return (double)atomic_load(&done) / (bench_now() - begin);
}

static double appends(const char *dir, double seconds)
{
        g_autofree char *path = g_build_filename(dir, "raw", NULL);
        char record[RECORD_BYTES] = { 'x' };
        int fd = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
        double begin = bench_now();
        uint64_t n = 0;

        for (; bench_now() < begin + seconds; n++)
                bench_must(write(fd, record, sizeof(record)) == sizeof(record) && fdatasync(fd) == 0, NULL);
        close(fd);
        return (double)n / (bench_now() - begin);
}

int main(int argc, char **argv)
{
        Caller base = { 0 };
        g_autoptr(GError) error = NULL;
        double seconds, one, many, raw;

        if (argc != 3)
                return 2;
        hash_init();
        seconds = g_ascii_strtod(argv[2], NULL);
        bench_must(store_create(argv[1], &error), error);
        base.store = store_open(argv[1], &error);
        bench_must(base.store != NULL, error);
        base.actor = id_new();
        bench_must(store_write(base.store, create, &base, &error), error);
        raw = appends(argv[1], seconds);
        one = commits(&base, 1, seconds);
        many = commits(&base, CALLERS, seconds);
        bench_figure("durable commits, 1 caller", "commits/s", one, "append and fdatasync", raw, one / raw);
        bench_figure("durable commits, 16 callers", "commits/s", many, "1 caller", one, many / one);
        store_close(base.store);
        return 0;
}
