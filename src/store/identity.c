/* Signing in elsewhere: what is checked before rows are written. */
#include "store/identity.h"

#include "base/error.h"
#include "base/jtext.h"
#include "store/internal.h"

#include <string.h>

/* ---- the provider ---- */

bool store_read_provider(StoreView *view, StoreProviderFn fn, void *payload, GError **error)
{
        return view->backend->provider_read(view, fn, payload, error);
}

/* One line of text of at most so many bytes. */
static bool line_check(const char *text, size_t most, const char *where, bool may_be_empty, GError **error)
{
        const size_t n = strlen(text);
        bool fine = n <= most && (n > 0 || may_be_empty) && utf8_valid(text, n);

        for (size_t i = 0; fine && i < n; i++)
                fine = (unsigned char)text[i] >= ' ' && text[i] != 0x7f;
        if (!fine)
                error_set(error, ZW_ERR_INPUT, where, "this is a line of %d to %zu bytes",
                          may_be_empty ? 0 : 1, most);
        return fine;
}

static bool put_provider(StoreTxn *txn, const StoreProvider *provider, GError **error)
{
        const struct {
                const char *text, *where;
                bool may_be_empty;
        } texts[] = { { provider->title, "/title", false },   { provider->issuer, "/issuer", false },
                      { provider->client, "/client", false }, { provider->scope, "/scope", false },
                      { provider->claim, "/groups", false },  { provider->secret, "secret", true } };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                if (!line_check(texts[i].text, ZW_PROVIDER_TEXT_MAX, texts[i].where, texts[i].may_be_empty,
                                error))
                        return false;
        return txn->view->backend->provider_put(txn->view, provider, error);
}

bool store_txn_put_provider(StoreTxn *txn, const StoreProvider *provider, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && put_provider(txn, provider, &local);

        return txn_result(txn, ok, local, error);
}

static bool drop_provider(StoreTxn *txn, GError **error)
{
        bool had;

        if (!txn->view->backend->provider_drop(txn->view, &had, error))
                return false;
        if (!had)
                error_set(error, ZW_ERR_NOT_FOUND, NULL, "there is no provider of identities");
        return had;
}

bool store_txn_drop_provider(StoreTxn *txn, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && drop_provider(txn, &local);

        return txn_result(txn, ok, local, error);
}

/* ---- groups ---- */

bool store_each_group(StoreView *view, StoreGroupFn fn, void *payload, GError **error)
{
        return view->backend->group_read(view, fn, payload, error);
}

static bool group_count(const StoreGroup *group G_GNUC_UNUSED, void *payload, GError **error G_GNUC_UNUSED)
{
        ++*(unsigned *)payload;
        return true;
}

static bool put_group(StoreTxn *txn, const Id *log, const char *name, unsigned roles, GError **error)
{
        unsigned n = 0;
        int64_t no;

        if (!line_check(name, ZW_GROUP_MAX, "/group", false, error) ||
            !store_each_group(txn->view, group_count, &n, error) || !view_log_no(txn->view, log, &no, error))
                return false;
        if (n + ZW_ROLE_COUNT > ZW_GROUPS_MAX) {
                error_set(error, ZW_ERR_LIMIT, "/group", "there are too many groups with roles");
                return false;
        }
        return txn->view->backend->group_put(txn->view, no, name, roles, error);
}

bool store_txn_put_group(StoreTxn *txn, const Id *log, const char *name, unsigned roles, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && put_group(txn, log, name, roles, &local);

        return txn_result(txn, ok, local, error);
}

/* ---- who is who ---- */

bool store_find_identity(StoreView *view, const char *issuer, const char *subject, Id *ret_person,
                         bool *ret_found, GError **error)
{
        return view->backend->identity_find(view, issuer, subject, ret_person, ret_found, error);
}

bool store_has_identity(StoreView *view, const Id *person, bool *ret_has, GError **error)
{
        return view->backend->identity_of(view, person, ret_has, error);
}

bool store_txn_add_identity(StoreTxn *txn, const char *issuer, const char *subject, const Id *person,
                            Instant now, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && line_check(subject, ZW_SUBJECT_MAX, "/subject", false, &local) &&
                  txn->view->backend->identity_put(txn->view, issuer, subject, person, now, &local);

        return txn_result(txn, ok, local, error);
}
