/* Vendors of what is installed in a project, with what the feeds say of their products. Inside service/ only; lives for one call. */
#ifndef SERVICE_FINDINGS_VENDORS_H
#define SERVICE_FINDINGS_VENDORS_H

#include "service/feeds/feed_health.h"
#include "service/internal.h"
#include "service/interchange/inventory.h"
#include "store/feeds.h"

enum { VENDOR_SEVERITIES = 5 }; /* of a Cve: unknown, low, medium, high, critical */
extern const char *const vendor_severities[VENDOR_SEVERITIES];

/* What all sources say together of one vulnerability. */
typedef struct {
        int severity;
        bool kev, has_cpe;
} Cve;

typedef struct {
        GHashTable *cves; /* ids; a set */
        int64_t kev;
} Family;

typedef struct {
        char *key, *name; /* of the feeds, and as the project writes it first */
        int64_t components;
        GPtrArray *open;      /* keys of open findings, borrowed */
        GArray *fixed_days;   /* int64_t: from the move into the project to fixed */
        GHashTable *cves;     /* id → Cve */
        GHashTable *families; /* name → Family */
} Vendor;

typedef struct {
        Call *call;
        Inventory *inventory;
        FeedHealth *health;
        Feeds *feeds;   /* NULL: there are none */
        GTree *vendors; /* key → Vendor, by key */
} Vendors;

void vendors_clear(Vendors *vendors);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Vendors, vendors_clear)

/* Those of the project of `vendors->call`, with what is open, and how fresh the feeds are. Errors: those of the store. */
bool vendors_load(Vendors *vendors, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The vendor with this key (vuln/match.h), made when nothing of it is installed. Borrowed. */
Vendor *vendors_get(Vendors *vendors, const char *key, const char *name);
/* Counts what the feeds say of it, once. */
bool vendor_count(Vendor *vendor, Feeds *feeds, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
