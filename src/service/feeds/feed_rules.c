#include "service/feeds/feed_rules.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/lock.h"
#include "service/feeds/feed_signature.h"
#include "service/internal.h"

#include <string.h>

enum { WORDS_MAX = 100, DAYS_MAX = 3650 };

/* ---- reading the settings ---- */

static void limit_clear(gpointer data)
{
        g_free(((FeedLimit *)data)->source);
}

static gint limit_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(((const FeedLimit *)a)->source, ((const FeedLimit *)b)->source);
}

static bool limit_read(const char *word, GArray *limits, GError **error)
{
        const char *colon = strchr(word, ':');
        guint64 days;
        FeedLimit limit;

        if (colon == NULL || colon == word ||
            strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") != (size_t)(colon - word) ||
            !g_ascii_string_to_unsigned(colon + 1, 10, 1, DAYS_MAX, &days, NULL)) {
                error_set(error, ZW_ERR_INPUT, config_name(ZW_CONFIG_FEEDS_LIMITS),
                          "\"%s\" is not SOURCE:DAYS, such as kev:14", word);
                return false;
        }
        limit = (FeedLimit){ g_strndup(word, (gsize)(colon - word)), (int)days };
        g_array_append_val(limits, limit);
        return true;
}

bool feed_key_parse(const char *text, const char *where, FeedKey *ret_key, GError **error)
{
        if (hex_decode(text, ret_key->bytes, ZW_ED25519_PUBLIC, NULL))
                return true;
        error_set(error, ZW_ERR_INPUT, where, "a public key is 64 hexadecimal digits in lower case");
        return false;
}

static bool key_read(const char *word, GArray *keys, GError **error)
{
        FeedKey key;

        if (!feed_key_parse(word, config_name(ZW_CONFIG_FEEDS_TRUST), &key, error))
                return false;
        g_array_append_val(keys, key);
        return true;
}

/* Reads each word of a setting. */
static bool words_read(const Config *config, ConfigKey setting,
                       bool (*read)(const char *word, GArray *into, GError **error), GArray *into,
                       GError **error)
{
        g_auto(GStrv) words = g_strsplit_set(config_text(config, setting), " ,", WORDS_MAX);

        for (char **word = words; *word != NULL; word++)
                if ((*word)[0] != '\0' && !read(*word, into, error))
                        return false;
        return true;
}

static bool url_check(ConfigKey setting, const char *url, GError **error)
{
        if (url[0] == '\0' || g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://"))
                return true;
        error_set(error, ZW_ERR_INPUT, config_name(setting), "\"%s\" is not a URL that begins with https://",
                  url);
        return false;
}

static bool urls_read(const Config *config, FeedRules *rules, GError **error)
{
        const struct {
                ConfigKey setting;
                char **url;
        } rows[] = { { ZW_CONFIG_FEEDS_CVE, &rules->cve },
                     { ZW_CONFIG_FEEDS_CVE_CHANGES, &rules->cve_changes },
                     { ZW_CONFIG_FEEDS_NVD, &rules->nvd },
                     { ZW_CONFIG_FEEDS_KEV, &rules->kev },
                     { ZW_CONFIG_FEEDS_EPSS, &rules->epss } };
        g_auto(GStrv) words = g_strsplit(config_text(config, ZW_CONFIG_FEEDS_CSAF), " ", WORDS_MAX);
        g_autoptr(GStrvBuilder) csaf = g_strv_builder_new();

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                *rows[i].url = g_strdup(config_text(config, rows[i].setting));
                if (!url_check(rows[i].setting, *rows[i].url, error))
                        return false;
        }
        for (char **word = words; *word != NULL; word++) {
                if (!url_check(ZW_CONFIG_FEEDS_CSAF, *word, error))
                        return false;
                if ((*word)[0] != '\0')
                        g_strv_builder_add(csaf, *word);
        }
        rules->csaf = g_strv_builder_end(csaf);
        return true;
}

/* A fingerprint may be written in small letters. */
static bool signers_read(const Config *config, FeedRules *rules, GError **error)
{
        g_auto(GStrv) words = g_strsplit(config_text(config, ZW_CONFIG_FEEDS_CSAF_KEYS), " ", WORDS_MAX);
        g_autoptr(GStrvBuilder) keys = g_strv_builder_new();

        for (char **word = words; *word != NULL; word++) {
                g_autofree char *fingerprint = g_ascii_strup(*word, -1);

                if ((*word)[0] != '\0')
                        g_strv_builder_add(keys,
                                           feed_signer_is_fingerprint(fingerprint) ? fingerprint : *word);
        }
        rules->csaf_keys = g_strv_builder_end(keys);
        rules->csaf_signed = config_flag(config, ZW_CONFIG_FEEDS_CSAF_SIGNED);
        if (!rules->csaf_signed || rules->csaf_keys[0] != NULL)
                return true;
        error_set(error, ZW_ERR_INPUT, config_name(ZW_CONFIG_FEEDS_CSAF_SIGNED),
                  "feeds.csaf_keys names no key that could sign them");
        return false;
}

FeedRules *feed_rules_new(const Config *config, GError **error)
{
        g_autoptr(FeedRules) rules = g_new0(FeedRules, 1);
        const char *key_file = config_text(config, ZW_CONFIG_FEEDS_NVD_KEY);

        rules->refs = 1;
        rules->limits = g_array_new(FALSE, FALSE, sizeof(FeedLimit));
        g_array_set_clear_func(rules->limits, limit_clear);
        rules->trusted = g_array_new(FALSE, FALSE, sizeof(FeedKey));
        rules->nvd_key_file = key_file[0] == '\0' ? NULL : g_strdup(key_file);
        rules->nvd_pause_ms = config_int(config, ZW_CONFIG_FEEDS_NVD_PAUSE);
        rules->retry_ms = config_int(config, ZW_CONFIG_OUTBOUND_RETRY) * 1000;
        rules->bytes_max = (uint64_t)config_int(config, ZW_CONFIG_FEEDS_MEGABYTES) << 20;
        rules->outbound = outbound_new(config, getaddrinfo, error);
        if (rules->outbound == NULL || !urls_read(config, rules, error) ||
            !signers_read(config, rules, error) ||
            !words_read(config, ZW_CONFIG_FEEDS_LIMITS, limit_read, rules->limits, error) ||
            !words_read(config, ZW_CONFIG_FEEDS_TRUST, key_read, rules->trusted, error))
                return NULL;
        g_array_sort(rules->limits, limit_compare);
        return g_steal_pointer(&rules);
}

void feed_rules_unref(FeedRules *rules)
{
        if (rules == NULL || !g_atomic_int_dec_and_test(&rules->refs))
                return;
        g_array_unref(rules->limits);
        g_array_unref(rules->trusted);
        g_free(rules->cve);
        g_free(rules->cve_changes);
        g_free(rules->nvd);
        g_free(rules->kev);
        g_free(rules->epss);
        g_strfreev(rules->csaf);
        g_strfreev(rules->csaf_keys);
        g_free(rules->nvd_key_file);
        outbound_free(rules->outbound);
        g_free(rules);
}

int feed_rules_days(const FeedRules *rules, const char *source)
{
        for (guint i = 0; i < rules->limits->len; i++) {
                const FeedLimit *limit = &g_array_index(rules->limits, FeedLimit, i);

                if (strcmp(limit->source, source) == 0)
                        return limit->days;
        }
        return 0;
}

/* ---- those in force ---- */

bool service_settings_check(const Config *config, GError **error)
{
        g_autoptr(FeedRules) rules = feed_rules_new(config, error);

        return rules != NULL;
}

bool service_configure(Service *service, const Config *config, GError **error)
{
        FeedRules *rules = feed_rules_new(config, error), *old;

        if (rules == NULL)
                return false;
        pthread_mutex_lock(&service->lock);
        old = service->feed_rules;
        service->feed_rules = rules;
        pthread_mutex_unlock(&service->lock);
        feed_rules_unref(old);
        return true;
}

static FeedRules *rules_configured(Service *service)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&service->lock);

        if (service->feed_rules != NULL)
                g_atomic_int_inc(&service->feed_rules->refs);
        return service->feed_rules;
}

FeedRules *feed_rules_of(Service *service, GError **error)
{
        FeedRules *rules = rules_configured(service);
        g_autoptr(Config) config = rules == NULL ? config_load_default(error) : NULL;

        return rules != NULL || config == NULL ? rules : feed_rules_new(config, error);
}
