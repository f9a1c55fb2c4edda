/* The program that is killed, and the one that looks at what is left.
 *
 *   fault_writer write DIR ROUND THREADS N   commits until it dies, by its own hand after N changes of each thread unless
 *                                             that is 0; prints `LOG SEQ REQUEST` of each acknowledged commit
 *   fault_writer check DIR ACKS close|leave   exit 0: all is there; 1: problems on standard output. `leave` ends without
 *                                             closing the store, so that the next round finds the log of the database */
#include "base/error.h"
#include "change.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PROJECTS = 2, THREADS_MAX = 16, CHANGES_MAX = 1000000 };

static const char *const project_keys[PROJECTS] = { "P0", "P1" };

typedef struct {
        Store *store;
        Id logs[PROJECTS];
        unsigned round, thread, changes;
} Work;

static int fail(const GError *error)
{
        fprintf(stderr, "%s\n", error->message);
        return 2;
}

/* One write to a pipe, so that a line is there whole or not at all. */
static void acknowledge(const Change *change)
{
        g_autofree char *key = change_key(&change->log, change->seq, change->request);
        g_autofree char *line = g_strconcat(key, "\n", NULL);

        if (write(STDOUT_FILENO, line, strlen(line)) != (ssize_t)strlen(line))
                _exit(2);
}

static void *work_run(void *data)
{
        Work *work = data;

        for (unsigned number = 0; number < work->changes; number++) {
                g_autoptr(GError) error = NULL;
                Change change = { .store = work->store, .log = work->logs[work->thread % PROJECTS] };

                change_name(&change, work->round, work->thread, number);
                if (!change_write(&change, &error))
                        _exit(fail(error));
                acknowledge(&change);
        }
        return NULL;
}

static bool make_projects(StoreTxn *txn, void *payload, GError **error)
{
        Work *work = payload;
        Id actor = { { 7 } };

        for (int i = 0; i < PROJECTS; i++) {
                g_autoptr(StoreProject)
                        project = store_find_project(store_txn_view(txn), project_keys[i], NULL);

                if (project != NULL)
                        work->logs[i] = project->log;
                else if (!store_txn_create_project(txn, project_keys[i], "", false, &actor, ORIGIN_CLI,
                                                   &work->logs[i], error))
                        return false;
        }
        return true;
}

static Store *open_or_create(const char *dir, GError **error)
{
        g_autoptr(GError) local = NULL;
        Store *store = store_open(dir, &local);

        if (store != NULL)
                return store;
        if (!g_error_matches(local, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_propagate_error(error, g_steal_pointer(&local));
                return NULL;
        }
        return store_create(dir, error) ? store_open(dir, error) : NULL;
}

static int run_write(const char *dir, unsigned round, unsigned threads, unsigned changes)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Store) store = open_or_create(dir, &error);
        Work base = { .store = store, .round = round, .changes = changes }, work[THREADS_MAX];
        pthread_t running[THREADS_MAX];

        if (store == NULL || !store_write(store, make_projects, &base, &error))
                return fail(error);
        for (unsigned i = 0; i < threads; i++) {
                work[i] = base;
                work[i].thread = i;
                g_assert_cmpint(pthread_create(&running[i], NULL, work_run, &work[i]), ==, 0);
        }
        for (unsigned i = 0; i < threads; i++)
                pthread_join(running[i], NULL);
        raise(SIGKILL); /* without closing the store */
        return 0;
}

static void problem(const char *where, const char *message, void *payload)
{
        unsigned *problems = payload;

        (*problems)++;
        printf("%s: %s\n", where, message);
}

static GHashTable *acks_load(const char *path, GError **error)
{
        g_autoptr(GHashTable) acks = hash_table_new_text(g_free, NULL);
        g_autofree char *text = NULL;
        g_auto(GStrv) lines = NULL;

        if (!g_file_get_contents(path, &text, NULL, error))
                return NULL;
        lines = g_strsplit(text, "\n", -1);
        for (size_t i = 0; lines[i] != NULL; i++)
                if (lines[i][0] != '\0')
                        g_hash_table_add(acks, g_strdup(lines[i]));
        return g_steal_pointer(&acks);
}

static int run_check(const char *dir, const char *path, bool leave)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GHashTable) acks = acks_load(path, &error);
        g_autoptr(Store) store = NULL;
        unsigned problems = 0;

        if (acks == NULL)
                return fail(error);
        store = store_open(dir, &error);
        if (store == NULL) {
                /* Killed before the store was made: then nothing was acknowledged. */
                if (g_error_matches(error, ZW_ERROR, ZW_ERR_NOT_FOUND) && g_hash_table_size(acks) == 0)
                        return 0;
                return fail(error);
        }
        if (!change_check_store(store, acks, NULL, problem, &problems, &error))
                return fail(error);
        fflush(stdout);
        if (leave)
                _exit(problems > 0);
        return problems > 0;
}

int main(int argc, char **argv)
{
        guint64 round = 0, threads = 0, changes = 0;

        if (argc == 6 && strcmp(argv[1], "write") == 0 &&
            g_ascii_string_to_unsigned(argv[3], 10, 0, UINT32_MAX, &round, NULL) &&
            g_ascii_string_to_unsigned(argv[4], 10, 1, THREADS_MAX, &threads, NULL) &&
            g_ascii_string_to_unsigned(argv[5], 10, 0, CHANGES_MAX, &changes, NULL))
                return run_write(argv[2], (unsigned)round, (unsigned)threads,
                                 changes == 0 ? CHANGES_MAX : (unsigned)changes);
        if (argc == 5 && strcmp(argv[1], "check") == 0)
                return run_check(argv[2], argv[3], strcmp(argv[4], "leave") == 0);
        fprintf(stderr, "usage: fault_writer write DIR ROUND THREADS N | check DIR ACKS close|leave\n");
        return 2;
}
