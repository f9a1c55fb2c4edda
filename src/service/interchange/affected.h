/* What is to be matched anew after little changed: the vulnerabilities of which verdicts or findings may be other ones, with all advisories that
 * speak of them, and of what is installed all that these may mean. What is said of another vulnerability is as it was (docs/algorithms/matching.md).
 * Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_AFFECTED_H
#define SERVICE_INTERCHANGE_AFFECTED_H

#include "service/interchange/changed.h"
#include "store/feeds.h"
#include "vuln/advisory.h"

/* What was matched last. */
typedef struct {
        const char *held; /* the name under which the feed database keeps what was held then */
        Seq head;
        const Changed *touched; /* since then */
} AffectedSince;

typedef struct {
        Advisory *advisory;
        char *source, *id; /* of the record; NULL when a document of the project holds it */
} AffectedAdvisory;

typedef struct {
        Inventory *inventory; /* of what the advisories mean, and all findings of the vulnerabilities */
        GHashTable *vulnerabilities; /* a set of text */
        GPtrArray *advisories;       /* of AffectedAdvisory */
} Affected;

void affected_free(Affected *affected);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Affected, affected_free)
/* *ret_affected NULL: that is so much, or cannot be told from the rest, that everything is to be matched. Errors: those of the store and of
 * advisories that are kept. */
bool affected_find(StoreView *view, Store *store, const Id *log, Feeds *feeds, const AffectedSince *since,
                   Affected **ret_affected, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
