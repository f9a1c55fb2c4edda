/* The settings feeds.*, read: which feeds are wanted and how old they may be, where they are asked for, whose bundles are taken.
 * Counted; never changes. Inside service/ only. Thread-safe. */
#ifndef SERVICE_FEEDS_FEED_RULES_H
#define SERVICE_FEEDS_FEED_RULES_H

#include "base/ed25519.h"
#include "service/running/outbound.h"
#include "service/service.h"

typedef struct {
        char *source;
        int days;
} FeedLimit;

typedef struct {
        uint8_t bytes[ZW_ED25519_PUBLIC];
} FeedKey;

typedef struct FeedRules {
        int refs;        /* atomic */
        GArray *limits;  /* of FeedLimit, in the order of their names */
        GArray *trusted; /* of FeedKey */
        char *cve, *cve_changes, *nvd, *kev, *epss;
        char **csaf;
        char **csaf_keys;   /* files, and fingerprints in capital hexadecimal */
        bool csaf_signed;   /* what none of these keys signed is not taken */
        char *nvd_key_file; /* or NULL */
        int64_t nvd_pause_ms, retry_ms;
        uint64_t bytes_max; /* of one file */
        Outbound *outbound;
} FeedRules;

/* Errors: INPUT with the name of the setting. */
FeedRules *feed_rules_new(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void feed_rules_unref(FeedRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedRules, feed_rules_unref)

/* Those in force, counted: what service_configure gave, else those of this machine's settings. Errors: those of config_load. */
FeedRules *feed_rules_of(Service *service, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After how many days a source is stale; 0 when it is not wanted. */
int feed_rules_days(const FeedRules *rules, const char *source);
/* The public key in hexadecimal. Errors: INPUT with `where`. */
bool feed_key_parse(const char *text, const char *where, FeedKey *ret_key, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
