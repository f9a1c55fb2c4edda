/* That writers who wait for the same sync share it, and that one who writes alone gets one for each commit. */
#include "group.h"

#include "base/error.h"
#include "base/lock.h"
#include "change.h"
#include "layer.h"
#include <unistd.h>

enum { WRITERS = 16, ALONE = 5, REST_US = 100000 };

typedef struct {
        Store *store;
        Id log;
        int arrived; /* atomic */
} Group;

typedef struct {
        Group *group;
        unsigned number;
        bool ok;
        pthread_t thread;
} Writer;

static bool make_project(StoreTxn *txn, void *payload, GError **error)
{
        Group *group = payload;
        Id actor = { { 7 } };

        return store_txn_create_project(txn, "P0", "", false, &actor, ORIGIN_CLI, &group->log, error);
}

/* Holds the writer until all others have come. */
static bool wait_for_all(StoreTxn *txn G_GNUC_UNUSED, void *payload, GError **error G_GNUC_UNUSED)
{
        Group *group = payload;

        while (g_atomic_int_get(&group->arrived) < WRITERS)
                g_usleep(1000);
        g_usleep(REST_US); /* from having come to waiting it is a few instructions */
        return true;
}

static bool write_one(Group *group, unsigned thread)
{
        Change change = { .store = group->store, .log = group->log };

        change_name(&change, 0, thread, 0);
        return change_write(&change, NULL);
}

static void *writer_main(void *data)
{
        Writer *writer = data;

        g_atomic_int_inc(&writer->group->arrived);
        writer->ok = write_one(writer->group, writer->number);
        return NULL;
}

static void *holder_main(void *data)
{
        Group *group = data;

        return GINT_TO_POINTER(store_write(group->store, wait_for_all, group, NULL));
}

static bool write_together(Group *group, unsigned *ret_syncs)
{
        Writer writers[WRITERS];
        pthread_t holder;
        bool ok = true;

        layer_arm(FAULT_NONE, STEP_BIT(STEP_SYNC), 0);
        g_assert_cmpint(pthread_create(&holder, NULL, holder_main, group), ==, 0);
        for (unsigned i = 0; i < WRITERS; i++) {
                writers[i] = (Writer){ .group = group, .number = i };
                g_assert_cmpint(pthread_create(&writers[i].thread, NULL, writer_main, &writers[i]), ==, 0);
        }
        for (unsigned i = 0; i < WRITERS; i++) {
                pthread_join(writers[i].thread, NULL);
                ok = ok && writers[i].ok;
        }
        pthread_join(holder, NULL);
        *ret_syncs = layer_steps();
        return ok;
}

bool group_check(const char *dir, unsigned *ret_together, unsigned *ret_alone, GError **error)
{
        g_autoptr(Store) store = NULL;
        Group group = { 0 };
        bool ok;

        if (!store_create(dir, error))
                return false;
        group.store = store = store_open(dir, error);
        if (store == NULL || !store_write(store, make_project, &group, error))
                return false;
        ok = write_together(&group, ret_together);
        layer_arm(FAULT_NONE, STEP_BIT(STEP_SYNC), 0);
        for (unsigned i = 0; i < ALONE; i++)
                ok = ok && write_one(&group, WRITERS + i);
        *ret_alone = layer_steps();
        if (!ok)
                error_set(error, ZW_ERR_INTERNAL, NULL, "a write failed without a fault");
        /* Each alone is on disk before the next begins. Of those together nobody waits for another's turn. */
        return ok && *ret_alone >= ALONE && *ret_together < WRITERS / 2;
}
