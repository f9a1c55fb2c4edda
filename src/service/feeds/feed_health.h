/* Whether what the feeds tell is known: the one place that decides it. A source is
 *   empty    when it has no records,
 *   partial  when it says that there are more than are here, or some of them could not be had,
 *   stale    when neither its newest record nor the last time its server told that there is no newer one lies within its limit,
 *   fresh    else;
 * and where one that the setting feeds.limits names is not fresh, what rests on the feeds is unknown. Inside service/ only. */
#ifndef SERVICE_FEEDS_FEED_HEALTH_H
#define SERVICE_FEEDS_FEED_HEALTH_H

#include "base/instant.h"
#include "base/jwrite.h"
#include "service/service.h"

typedef enum { FEED_FRESH, FEED_STALE, FEED_PARTIAL, FEED_EMPTY } FeedState;

typedef struct {
        char *source;
        int64_t records;
        char *newest;     /* or NULL */
        Instant checked;  /* when its servers told all they have; 0: never */
        int64_t age_days; /* -1: not known */
        int limit_days;   /* 0: nobody asked for this source */
        FeedState state;
        char *problem;  /* of the last asking, or NULL */
        bool is_signed; /* its records are published with signatures; how many are signed by a trusted key, by one that is trusted no longer, and by another */
        int64_t trusted, withdrawn, unknown;
} FeedSourceHealth;

typedef struct FeedHealth FeedHealth;

/* Of every source that is there or wanted, by name, at an instant. Makes no database. */
FeedHealth *feed_health_load(Service *service, Instant now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void feed_health_free(FeedHealth *health);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedHealth, feed_health_free)

/* Whether all that is wanted is fresh. */
bool feed_health_is_known(const FeedHealth *health);
/* Whether there are no records at all. */
bool feed_health_is_empty(const FeedHealth *health);
size_t feed_health_count(const FeedHealth *health);
const FeedSourceHealth *feed_health_source(const FeedHealth *health, size_t at);
const char *feed_state_name(FeedState state);

/* The snapshot that reports print, `cve 2024-01-03 (12), kev 2024-01-02 (3)`; NULL when it is not known. Free it. */
char *feed_health_snapshot(const FeedHealth *health);
/* Why it is unknown, `epss is empty, nvd is stale (9 of 7 days)`; NULL when it is known. Free it. */
char *feed_health_because(const FeedHealth *health);

/* The array of `zw feed status`. */
void feed_health_write(const FeedHealth *health, JWrite *w);
/* The member `feeds` of an answer that rests on them: {"state":"known"|"unknown","because":text|null}. */
void feed_health_key(const FeedHealth *health, JWrite *w);

#endif
