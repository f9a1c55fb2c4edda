#include "service/feeds/feed_keyring.h"

#include "base/hash.h"
#include "base/jread.h"
#include "base/lock.h"
#include "service/feeds/feed_rules.h"
#include "service/feeds/feed_signature.h"
#include "service/internal.h"

#include <string.h>
#include <sys/stat.h>

struct FeedKeyring {
        int refs;            /* atomic */
        char *of;            /* the settings and files it was made of */
        bool demands, named; /* some key is named, whether it could be read or not */
        GPtrArray *trusted;  /* of fingerprints, sorted */
        GHashTable *revoked; /* fingerprints, as a set */
        char *name;
        char *problem; /* why no key is trusted; or NULL */
};

void feed_keyring_unref(FeedKeyring *keyring)
{
        if (keyring == NULL || !g_atomic_int_dec_and_test(&keyring->refs))
                return;
        g_ptr_array_unref(keyring->trusted);
        g_hash_table_unref(keyring->revoked);
        g_free(keyring->of);
        g_free(keyring->name);
        g_free(keyring->problem);
        g_free(keyring);
}

/* ---- making ---- */

/* What it is made of: the words of the setting, and of each file when it was written, how long it is, and which one. */
static char *origin_of(const char *data_dir, const FeedRules *rules)
{
        GString *text = g_string_new(rules->csaf_signed ? "signed" : "");

        for (char **word = rules->csaf_keys; *word != NULL; word++) {
                g_autofree char *path = feed_signer_path(data_dir, *word);
                struct stat facts = { 0 };

                (void)!stat(path, &facts);
                g_string_append_printf(text,
                                       "\n%s %" G_GINT64_FORMAT ".%09ld %" G_GINT64_FORMAT
                                       " %" G_GUINT64_FORMAT,
                                       *word, (gint64)facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec,
                                       (gint64)facts.st_size, (guint64)facts.st_ino);
        }
        return g_string_free(text, FALSE);
}

static bool key_take(json_t *op, void *data, GError **error G_GNUC_UNUSED)
{
        FeedKeyring *keyring = data;
        const char *fingerprint = jread_get_string(op, "fingerprint");

        if (fingerprint != NULL && jread_get_bool(op, "revoked", true))
                g_hash_table_add(keyring->revoked, g_strdup(fingerprint));
        else if (fingerprint != NULL)
                g_ptr_array_add(keyring->trusted, g_strdup(fingerprint));
        return true;
}

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *name_of(const FeedKeyring *keyring)
{
        g_autoptr(GString) all = g_string_new(NULL);
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        for (guint i = 0; i < keyring->trusted->len; i++)
                g_string_append_printf(all, "%s\n", (const char *)keyring->trusted->pdata[i]);
        digest = hash_sha256(all->str, all->len);
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return g_strdup(hex);
}

static FeedKeyring *keyring_new(Service *service, const FeedRules *rules, const char *of)
{
        FeedKeyring *keyring = g_new0(FeedKeyring, 1);
        g_autoptr(GError) why = NULL;
        g_autoptr(FeedSigners) signers = feed_signers_load(service, &why);

        keyring->refs = 1;
        keyring->of = g_strdup(of);
        keyring->demands = rules->csaf_signed;
        keyring->named = rules->csaf_keys[0] != NULL;
        keyring->trusted = g_ptr_array_new_with_free_func(g_free);
        keyring->revoked = hash_table_new_text(g_free, NULL);
        if (signers == NULL || !feed_signers_each(signers, key_take, keyring, &why)) {
                keyring->problem = g_strdup_printf("the keys of feeds.csaf_keys cannot be read: %s",
                                                   why == NULL ? "they are gone" : why->message);
                g_ptr_array_set_size(keyring->trusted, 0);
        }
        g_ptr_array_sort(keyring->trusted, by_text);
        keyring->name = name_of(keyring);
        return keyring;
}

/* The one that is kept, where it was made of the same. */
static FeedKeyring *keyring_kept(Service *service, const char *of)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&service->lock);
        FeedKeyring *keyring = service->feed_keyring;

        if (keyring == NULL || strcmp(keyring->of, of) != 0)
                return NULL;
        g_atomic_int_inc(&keyring->refs);
        return keyring;
}

static void keyring_keep(Service *service, FeedKeyring *keyring)
{
        FeedKeyring *old;

        g_atomic_int_inc(&keyring->refs);
        pthread_mutex_lock(&service->lock);
        old = service->feed_keyring;
        service->feed_keyring = keyring;
        pthread_mutex_unlock(&service->lock);
        feed_keyring_unref(old);
}

FeedKeyring *feed_keyring_of(Service *service, GError **error)
{
        g_autoptr(FeedRules) rules = feed_rules_of(service, error);
        g_autofree char *of = rules == NULL ? NULL : origin_of(store_dir(service->store), rules);
        FeedKeyring *keyring = of == NULL ? NULL : keyring_kept(service, of);

        if (of == NULL || keyring != NULL)
                return keyring;
        keyring = keyring_new(service, rules, of);
        keyring_keep(service, keyring);
        return keyring;
}

/* ---- what it covers ---- */

bool feed_keyring_demands(const FeedKeyring *keyring)
{
        return keyring->demands;
}

const char *feed_keyring_name(const FeedKeyring *keyring)
{
        return keyring->name;
}

/* Keys that cannot be read at the moment are as trusted as they were. */
bool feed_keyring_note(const FeedKeyring *keyring, Feeds *feeds, Instant now, GError **error)
{
        return keyring->problem != NULL || feeds_signers_put(feeds, keyring->trusted, now, error);
}

const char *feed_cover_name(FeedCover cover)
{
        static const char *const names[] = { [FEED_COVER_UNCHECKED] = "unchecked",
                                             [FEED_COVER_NONE] = "none",
                                             [FEED_COVER_UNKNOWN] = "unknown",
                                             [FEED_COVER_TRUSTED] = "trusted",
                                             [FEED_COVER_WITHDRAWN] = "withdrawn" };

        return names[cover];
}

static const char *withdrawn_because(const FeedKeyring *keyring, const char *key)
{
        if (keyring->problem != NULL)
                return keyring->problem;
        return g_hash_table_contains(keyring->revoked, key)
                       ? "the key was revoked"
                       : "feeds.csaf_keys does not name the key any more";
}

FeedCover feed_keyring_cover(const FeedKeyring *keyring, const FeedSignature *signature,
                             const char **ret_because)
{
        const char *because = NULL;
        FeedCover cover = FEED_COVER_NONE;

        if (signature->state == FEED_SIGNED_UNCHECKED) {
                cover = FEED_COVER_UNCHECKED;
                because = keyring->named ? "it came in a bundle, or before feeds.csaf_keys named a key"
                                         : "feeds.csaf_keys names no key";
        } else if (signature->state == FEED_SIGNED_UNKNOWN) {
                cover = FEED_COVER_UNKNOWN;
                because = "feeds.csaf_keys did not name the key when it came";
        } else if (signature->state == FEED_SIGNED_TRUSTED) {
                const bool covered = g_ptr_array_find_with_equal_func(keyring->trusted, signature->key,
                                                                      g_str_equal, NULL);

                cover = covered ? FEED_COVER_TRUSTED : FEED_COVER_WITHDRAWN;
                because = covered ? NULL : withdrawn_because(keyring, signature->key);
        }
        if (ret_because != NULL)
                *ret_because = because;
        return cover;
}
