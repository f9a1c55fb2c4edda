#include "service/feeds/feed_health.h"

#include "service/feeds/feed_keyring.h"
#include "service/feeds/feed_rules.h"
#include "service/internal.h"
#include "store/feeds.h"

#include <string.h>

enum {
        OTHER_DAYS = 180
}; /* the limit of a source that is there and not wanted: it is told, and decides nothing */

struct FeedHealth {
        GPtrArray *sources; /* of FeedSourceHealth, by name */
};

static const char *const health_names[] = {
        [FEED_FRESH] = "fresh", [FEED_STALE] = "stale", [FEED_PARTIAL] = "partial", [FEED_EMPTY] = "empty"
};

const char *feed_state_name(FeedState state)
{
        return health_names[state];
}

static void source_free(gpointer data)
{
        FeedSourceHealth *source = data;

        g_free(source->source);
        g_free(source->newest);
        g_free(source->problem);
        g_free(source);
}

void feed_health_free(FeedHealth *health)
{
        if (health == NULL)
                return;
        g_ptr_array_unref(health->sources);
        g_free(health);
}

/* ---- judging ---- */

typedef struct {
        FeedHealth *health;
        const FeedRules *rules;
        Instant now;
} Judging;

static FeedSourceHealth *source_find(const FeedHealth *health, const char *name)
{
        for (guint i = 0; i < health->sources->len; i++) {
                FeedSourceHealth *source = health->sources->pdata[i];

                if (strcmp(source->source, name) == 0)
                        return source;
        }
        return NULL;
}

static FeedSourceHealth *source_add(const Judging *judging, const char *name)
{
        FeedSourceHealth *source = source_find(judging->health, name);

        if (source != NULL)
                return source;
        source = g_new0(FeedSourceHealth, 1);
        source->source = g_strdup(name);
        source->limit_days = feed_rules_days(judging->rules, name);
        source->age_days = -1;
        source->state = FEED_EMPTY;
        g_ptr_array_add(judging->health->sources, source);
        return source;
}

/* A source with several servers was checked when the last of them was. */
static bool remote_take(const FeedRemote *remote, void *payload, GError **error G_GNUC_UNUSED)
{
        FeedSourceHealth *source = source_find(((Judging *)payload)->health, remote->source);

        if (source == NULL)
                source = source_add(payload, remote->source);
        source->checked = source->checked == 0 ? remote->checked : MIN(source->checked, remote->checked);
        if (remote->missing > 0)
                source->state = FEED_PARTIAL;
        if (remote->problem[0] != '\0' && source->problem == NULL)
                source->problem = g_strdup(remote->problem);
        return true;
}

/* What has no time that can be read is as old as can be. */
static bool source_take(const FeedSource *given, void *payload, GError **error G_GNUC_UNUSED)
{
        const Judging *judging = payload;
        FeedSourceHealth *source = source_add(judging, given->source);
        const int limit = source->limit_days > 0 ? source->limit_days : OTHER_DAYS;
        Instant newest = 0;

        if (instant_parse(given->newest, &newest, NULL))
                source->newest = g_strdup(given->newest);
        newest = MAX(newest, MIN(source->checked, judging->now));
        if (newest > 0)
                source->age_days = MAX(judging->now - newest, 0) / ZW_DAY_MS;
        source->records = given->records;
        if (given->records == 0)
                source->state = FEED_EMPTY;
        else if (given->declared > given->records || source->state == FEED_PARTIAL)
                source->state = FEED_PARTIAL;
        else if (source->age_days < 0) /* a list of names has no time, and nobody asks for one */
                source->state = source->limit_days > 0 ? FEED_STALE : FEED_FRESH;
        else
                source->state = source->age_days > limit ? FEED_STALE : FEED_FRESH;
        return true;
}

typedef struct {
        Service *service;
        FeedKeyring *keyring; /* NULL before it is needed */
        FeedSourceHealth *source;
} Covering;

static bool cover_count(const FeedSignature *signature, int64_t records, void *payload, GError **error)
{
        Covering *covering = payload;

        if (signature->state == FEED_SIGNED_UNKNOWN)
                covering->source->unknown += records;
        if (signature->state != FEED_SIGNED_TRUSTED)
                return true;
        if (covering->keyring == NULL)
                covering->keyring = feed_keyring_of(covering->service, error);
        if (covering->keyring == NULL)
                return false;
        if (feed_keyring_cover(covering->keyring, signature, NULL) == FEED_COVER_TRUSTED)
                covering->source->trusted += records;
        else
                covering->source->withdrawn += records;
        return true;
}

/* Advisories are what is published with signatures. */
static bool signed_count(Service *service, const FeedHealth *health, Feeds *feeds, GError **error)
{
        Covering covering = { .service = service, .source = source_find(health, "csaf") };
        bool ok;

        if (covering.source == NULL)
                return true;
        covering.source->is_signed = true;
        ok = feeds_signatures(feeds, covering.source->source, cover_count, &covering, error);
        feed_keyring_unref(covering.keyring);
        return ok;
}

static gint source_compare(gconstpointer a, gconstpointer b)
{
        return strcmp((*(FeedSourceHealth *const *)a)->source, (*(FeedSourceHealth *const *)b)->source);
}

FeedHealth *feed_health_load(Service *service, Instant now, GError **error)
{
        const char *dir = store_dir(service->store);
        g_autoptr(FeedRules) rules = feed_rules_of(service, error);
        g_autoptr(Feeds) feeds = NULL;
        g_autoptr(FeedHealth) health = NULL;
        Judging judging;

        if (rules == NULL)
                return NULL;
        if (feeds_exist(dir)) {
                feeds = feeds_open(dir, error);
                if (feeds == NULL)
                        return NULL;
        }
        health = g_new0(FeedHealth, 1);
        health->sources = g_ptr_array_new_with_free_func(source_free);
        judging = (Judging){ health, rules, now };
        for (guint i = 0; i < rules->limits->len; i++)
                (void)source_add(&judging, g_array_index(rules->limits, FeedLimit, i).source);
        if (feeds != NULL && (!feeds_remotes(feeds, remote_take, &judging, error) ||
                              !feeds_sources(feeds, now, source_take, &judging, error) ||
                              !signed_count(service, health, feeds, error)))
                return NULL;
        g_ptr_array_sort(health->sources, source_compare);
        return g_steal_pointer(&health);
}

/* ---- telling ---- */

bool feed_health_is_known(const FeedHealth *health)
{
        bool any = false;

        for (guint i = 0; i < health->sources->len; i++) {
                const FeedSourceHealth *source = health->sources->pdata[i];

                any = any || source->limit_days > 0;
                if (source->limit_days > 0 && source->state != FEED_FRESH)
                        return false;
        }
        return any;
}

bool feed_health_is_empty(const FeedHealth *health)
{
        for (guint i = 0; i < health->sources->len; i++)
                if (((const FeedSourceHealth *)health->sources->pdata[i])->records > 0)
                        return false;
        return true;
}

size_t feed_health_count(const FeedHealth *health)
{
        return health->sources->len;
}

const FeedSourceHealth *feed_health_source(const FeedHealth *health, size_t at)
{
        return health->sources->pdata[at];
}

char *feed_health_snapshot(const FeedHealth *health)
{
        GString *text;

        if (!feed_health_is_known(health))
                return NULL;
        text = g_string_new(NULL);
        for (guint i = 0; i < health->sources->len; i++) {
                const FeedSourceHealth *source = health->sources->pdata[i];

                g_string_append_printf(text, "%s%s %s (%" G_GINT64_FORMAT ")", text->len > 0 ? ", " : "",
                                       source->source, source->newest == NULL ? "-" : source->newest,
                                       source->records);
        }
        return g_string_free(text, FALSE);
}

char *feed_health_because(const FeedHealth *health)
{
        GString *text;

        if (feed_health_is_known(health))
                return NULL;
        text = g_string_new(NULL);
        for (guint i = 0; i < health->sources->len; i++) {
                const FeedSourceHealth *source = health->sources->pdata[i];

                if (source->limit_days == 0 || source->state == FEED_FRESH)
                        continue;
                g_string_append_printf(text, "%s%s is %s", text->len > 0 ? ", " : "", source->source,
                                       health_names[source->state]);
                if (source->state == FEED_STALE && source->age_days >= 0)
                        g_string_append_printf(text, " (%" G_GINT64_FORMAT " days old, %d at most)",
                                               source->age_days, source->limit_days);
        }
        return g_string_free(text->len > 0 ? text : g_string_append(text, "no feed is wanted"), FALSE);
}

static void source_write(const FeedSourceHealth *source, JWrite *w)
{
        char text[ZW_INSTANT_TEXT];

        jwrite_object_begin(w);
        jwrite_key_string(w, "source", source->source);
        jwrite_key_int(w, "records", source->records);
        jwrite_key_string(w, "newest", source->newest);
        if (source->age_days < 0)
                jwrite_key_null(w, "age_days");
        else
                jwrite_key_int(w, "age_days", source->age_days);
        jwrite_key_string(w, "state", health_names[source->state]);
        instant_format(source->checked, text);
        jwrite_key_string(w, "checked", source->checked == 0 ? NULL : text);
        if (source->limit_days == 0)
                jwrite_key_null(w, "limit_days");
        else
                jwrite_key_int(w, "limit_days", source->limit_days);
        jwrite_key_string(w, "problem", source->problem);
        if (source->is_signed) {
                jwrite_key(w, "signed");
                jwrite_object_begin(w);
                jwrite_key_int(w, "trusted", source->trusted);
                jwrite_key_int(w, "withdrawn", source->withdrawn);
                jwrite_key_int(w, "unknown", source->unknown);
                jwrite_key_int(w, "none",
                               source->records - source->trusted - source->withdrawn - source->unknown);
                jwrite_object_end(w);
        }
        jwrite_object_end(w);
}

void feed_health_write(const FeedHealth *health, JWrite *w)
{
        jwrite_array_begin(w);
        for (guint i = 0; i < health->sources->len; i++)
                source_write(health->sources->pdata[i], w);
        jwrite_array_end(w);
}

void feed_health_key(const FeedHealth *health, JWrite *w)
{
        g_autofree char *because = feed_health_because(health);

        jwrite_key(w, "feeds");
        jwrite_object_begin(w);
        jwrite_key_string(w, "state", because == NULL ? "known" : "unknown");
        jwrite_key_string(w, "because", because);
        jwrite_object_end(w);
}
