/* Use cases of the provider of identities: which one there is, by operators, and what its groups mean in a project. */
#include "service/access/identity_internal.h"

#include <string.h>

/* ---- what there is ---- */

static bool group_write(const StoreGroup *group, void *payload, GError **error G_GNUC_UNUSED)
{
        JWrite *w = payload;

        jwrite_object_begin(w);
        jwrite_key_string(w, "group", group->name);
        jwrite_key_string(w, "project", group->project);
        jwrite_key_string(w, "role", role_def(group->role)->name);
        jwrite_object_end(w);
        return true;
}

static void provider_write(JWrite *w, const Provider *provider)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "title", provider->title);
        jwrite_key_string(w, "issuer", provider->issuer);
        jwrite_key_string(w, "client_id", provider->client);
        jwrite_key_bool(w, "secret", secret_text_length(provider->secret) > 0);
        jwrite_key_string(w, "scope", provider->scope);
        jwrite_key_string(w, "groups", provider->claim);
        jwrite_object_end(w);
}

bool usecase_provider_show(Call *call, JWrite *w, GError **error)
{
        g_auto(Provider) provider = { 0 };
        bool ok;

        if (!provider_load(call->view, &provider, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key(w, "provider");
        if (provider.issuer == NULL)
                jwrite_null(w);
        else
                provider_write(w, &provider);
        jwrite_key(w, "map");
        jwrite_array_begin(w);
        ok = store_each_group(call->view, group_write, w, error);
        jwrite_array_end(w);
        jwrite_object_end(w);
        return ok;
}

/* ---- another one ---- */

typedef struct {
        Call *call;
        StoreProvider row;
} Setting;

static bool setting_write(StoreTxn *txn, void *payload, GError **error)
{
        const Setting *setting = payload;

        return store_txn_put_provider(txn, &setting->row, error) &&
               call_audit(setting->call, txn, "provider.set", setting->row.issuer, "ok", error);
}

static const char *text_or(const json_t *input, const char *member, const char *fallback)
{
        const char *text = jread_get_string(input, member);

        return text == NULL ? fallback : text;
}

/* An address as far as it can be told here; a running server knows which hosts may be asked, too. */
static bool issuer_check(const Call *call, const char *issuer, GError **error)
{
        g_autoptr(GUri) uri = issuer == NULL ? NULL : g_uri_parse(issuer, G_URI_FLAGS_NONE, NULL);
        const char *scheme = uri == NULL ? NULL : g_uri_get_scheme(uri);
        g_autoptr(WebhookRules) rules = NULL;

        if (uri == NULL || (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0) ||
            g_uri_get_query(uri) != NULL || g_uri_get_fragment(uri) != NULL) {
                error_set(error, ZW_ERR_INPUT, "/issuer",
                          "a provider is named by its issuer, https://HOST/PATH without query and fragment");
                return false;
        }
        if (call->service->webhooks == NULL)
                return true;
        rules = webhooks_rules(call->service->webhooks);
        return outbound_url_check(rules->outbound, issuer, "/issuer", error);
}

static bool scope_check(const char *scope, GError **error)
{
        g_auto(GStrv) words = g_strsplit(scope, " ", -1);

        if (g_strv_contains((const char *const *)words, "openid"))
                return true;
        error_set(error, ZW_ERR_INPUT, "/scope", "the scope has the word openid");
        return false;
}

/* The secret of the call; without one that of the same client stays. */
static SecretText *secret_choose(const Call *call, const Provider *before, const StoreProvider *row,
                                 GError **error)
{
        const char *kept = "";

        if (call->files.n > 0)
                return secret_text_read(call->files.files[0].fd, ZW_PROVIDER_TEXT_MAX, error);
        if (g_strcmp0(before->issuer, row->issuer) == 0 && strcmp(before->client, row->client) == 0)
                kept = secret_text_reveal(before->secret);
        return secret_text_new(kept, strlen(kept));
}

bool usecase_provider_set(Call *call, JWrite *w, GError **error)
{
        const char *issuer = jread_get_string(call->input, "issuer");
        Setting setting = { call,
                            { .title = text_or(call->input, "title", issuer),
                              .issuer = issuer,
                              .client = text_or(call->input, "client_id", ""),
                              .scope = text_or(call->input, "scope", "openid profile"),
                              .claim = text_or(call->input, "groups", "groups") } };
        g_auto(Provider) before = { 0 };
        g_autoptr(SecretText) secret = NULL;

        if (!call_in_person(call, error) || !issuer_check(call, issuer, error) ||
            !scope_check(setting.row.scope, error) || !provider_load(call->view, &before, error))
                return false;
        secret = secret_choose(call, &before, &setting.row, error);
        if (secret == NULL)
                return false;
        setting.row.secret = secret_text_reveal(secret);
        if (!store_write(call->service->store, setting_write, &setting, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "issuer", issuer);
        jwrite_key_bool(w, "secret", secret_text_length(secret) > 0);
        jwrite_object_end(w);
        return true;
}

static bool removal_write(StoreTxn *txn, void *payload, GError **error)
{
        const Setting *setting = payload;

        return store_txn_drop_provider(txn, error) &&
               call_audit(setting->call, txn, "provider.remove", NULL, "ok", error);
}

bool usecase_provider_remove(Call *call, JWrite *w, GError **error)
{
        Setting setting = { .call = call };

        if (!call_in_person(call, error) ||
            !store_write(call->service->store, removal_write, &setting, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_bool(w, "ok", true);
        jwrite_object_end(w);
        return true;
}

/* ---- what a group means ---- */

typedef struct {
        Call *call;
        const char *group;
        unsigned roles;
} Mapping;

static bool mapping_write(StoreTxn *txn, void *payload, GError **error)
{
        const Mapping *mapping = payload;
        g_autoptr(GString) object = g_string_new(mapping->group);

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (mapping->roles & 1U << i)
                        g_string_append_printf(object, " %s", role_def((RoleId)i)->name);
        return store_txn_put_group(txn, &mapping->call->project->log, mapping->group, mapping->roles,
                                   error) &&
               call_audit(mapping->call, txn, "provider.map", object->str, "ok", error);
}

bool usecase_provider_map(Call *call, JWrite *w, GError **error)
{
        const json_t *roles = json_object_get(call->input, "roles"), *one;
        Mapping mapping = { .call = call, .group = jread_get_string(call->input, "group") };
        size_t i;

        if (mapping.group == NULL) {
                error_set(error, ZW_ERR_USAGE, "/group", "the name of a group is needed");
                return false;
        }
        json_array_foreach(roles, i, one) if (!access_role_read(json_string_value(one), &mapping.roles,
                                                                error)) return false;
        if (!store_write(call->service->store, mapping_write, &mapping, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "group", mapping.group);
        jwrite_object_end(w);
        return true;
}
