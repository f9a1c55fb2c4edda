/* Saved views: what is checked before rows are written. */
#include "store/saved.h"

#include "base/error.h"
#include "base/jtext.h"
#include "store/internal.h"

#include <string.h>

bool store_each_saved(StoreView *view, const Id *log, const Id *person, StoreSavedFn fn, void *payload,
                      GError **error)
{
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->saved_read(view, no, person, fn, payload, error);
}

static bool name_check(const char *name, GError **error)
{
        const size_t n = strlen(name);
        bool ok = n >= 1 && n <= ZW_NAME_MAX && utf8_valid(name, n);

        for (size_t i = 0; i < n; i++)
                ok = ok && (unsigned char)name[i] >= ' ' && name[i] != 0x7f;
        if (!ok)
                error_set(error, ZW_ERR_INPUT, "/name", "a view has a name of 1 to %d bytes in one line",
                          (int)ZW_NAME_MAX);
        return ok;
}

/* `page?query`, and nothing that leads out of the project. */
static bool address_check(const char *address, GError **error)
{
        const size_t page = strspn(address, "abcdefghijklmnopqrstuvwxyz-");
        bool ok = page > 0 && (address[page] == '\0' || address[page] == '?') &&
                  strlen(address) <= ZW_SAVED_ADDRESS_MAX;

        for (const char *at = address; *at != '\0'; at++)
                ok = ok && (unsigned char)*at > ' ' && (unsigned char)*at < 0x7f && *at != '#';
        if (!ok)
                error_set(
                        error, ZW_ERR_INPUT, "/address",
                        "a view is a page of the project with its query, such as requirements?q=state:draft");
        return ok;
}

typedef struct {
        const StoreSaved *saved;
        unsigned n;
} Counting;

/* Others of the person. */
static bool saved_count(const StoreSaved *saved, void *payload, GError **error G_GNUC_UNUSED)
{
        Counting *counting = payload;

        counting->n += id_equal(&saved->person, &counting->saved->person) &&
                       strcmp(saved->name, counting->saved->name) != 0;
        return true;
}

static bool put_saved(StoreTxn *txn, const Id *log, const StoreSaved *saved, GError **error)
{
        Counting counting = { saved, 0 };
        int64_t no;

        if (!name_check(saved->name, error) || !address_check(saved->address, error) ||
            !view_log_no(txn->view, log, &no, error) ||
            !txn->view->backend->saved_read(txn->view, no, &saved->person, saved_count, &counting, error))
                return false;
        if (counting.n < ZW_SAVED_MAX)
                return txn->view->backend->saved_put(txn->view, no, saved, error);
        error_set(error, ZW_ERR_LIMIT, NULL, "a person has at most %d views in a project", (int)ZW_SAVED_MAX);
        return false;
}

bool store_txn_put_saved(StoreTxn *txn, const Id *log, const StoreSaved *saved, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && put_saved(txn, log, saved, &local);

        return txn_result(txn, ok, local, error);
}

static bool drop_saved(StoreTxn *txn, const Id *log, const Id *person, const char *name, GError **error)
{
        int64_t no;
        bool had;

        if (!view_log_no(txn->view, log, &no, error) ||
            !txn->view->backend->saved_drop(txn->view, no, person, name, &had, error))
                return false;
        if (!had)
                error_set(error, ZW_ERR_NOT_FOUND, "name", "there is no view \"%s\" of this person", name);
        return had;
}

bool store_txn_drop_saved(StoreTxn *txn, const Id *log, const Id *person, const char *name, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && drop_saved(txn, log, person, name, &local);

        return txn_result(txn, ok, local, error);
}
