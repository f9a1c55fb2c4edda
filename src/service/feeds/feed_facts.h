/* What the feeds add to a vulnerability: whether it is exploited, how likely it will be, and what its weaknesses are called. Inside
 * service/ only. */
#ifndef SERVICE_FEEDS_FEED_FACTS_H
#define SERVICE_FEEDS_FEED_FACTS_H

#include "base/jwrite.h"
#include "store/feeds.h"

typedef struct {
        bool kev;
        char *added, *due;       /* days of the catalogue of CISA, or NULL */
        bool ransomware;         /* known to be used for it */
        char *epss, *percentile; /* numbers from 0 to 1 as text, or NULL when there is no score */
} FeedFacts;

void feed_facts_clear(FeedFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FeedFacts, feed_facts_clear)

/* Of a CVE. */
bool feed_facts(Feeds *feeds, const char *cve, FeedFacts *ret_facts, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The name of a weakness (CWE-787) or of a technique of ATT&CK for ICS (T0803); NULL without an error when the feeds have none.
 * Free it. */
char *feed_facts_name(Feeds *feeds, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Members kev, kev_added, kev_due, ransomware, epss and percentile. */
void feed_facts_write(const FeedFacts *facts, JWrite *w);

#endif
