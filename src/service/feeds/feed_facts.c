#include "service/feeds/feed_facts.h"

#include "base/error.h"
#include "base/jread.h"

#include <string.h>

void feed_facts_clear(FeedFacts *facts)
{
        g_free(facts->added);
        g_free(facts->due);
        g_free(facts->epss);
        g_free(facts->percentile);
}

/* The record as an object; NULL without an error when there is none. */
static json_t *record_of(Feeds *feeds, const char *source, const char *id, GError **error)
{
        g_autoptr(GBytes) bytes = feeds_get(feeds, source, id, error);
        gsize n;
        const char *text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &n);

        return bytes == NULL ? NULL : jread_parse(text, n, error);
}

bool feed_facts(Feeds *feeds, const char *cve, FeedFacts *ret_facts, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) kev = record_of(feeds, "kev", cve, &why), epss = NULL;

        if (why == NULL)
                epss = record_of(feeds, "epss", cve, &why);
        if (why != NULL) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        *ret_facts = (FeedFacts){
                .kev = kev != NULL,
                .added = g_strdup(jread_get_string(kev, "dateAdded")),
                .due = g_strdup(jread_get_string(kev, "dueDate")),
                .ransomware = g_strcmp0(jread_get_string(kev, "knownRansomwareCampaignUse"), "Known") == 0,
                .epss = g_strdup(jread_get_string(epss, "epss")),
                .percentile = g_strdup(jread_get_string(epss, "percentile")),
        };
        return true;
}

char *feed_facts_name(Feeds *feeds, const char *id, GError **error)
{
        const char *source = g_str_has_prefix(id, "CWE-")     ? "cwe"
                             : g_str_has_prefix(id, "CAPEC-") ? "capec"
                             : g_str_has_prefix(id, "TID-")   ? "emb3d"
                                                              : "attack-ics";
        g_autoptr(Json) record = record_of(feeds, source, id, error);

        return g_strdup(jread_get_string(record, "name"));
}

void feed_facts_write(const FeedFacts *facts, JWrite *w)
{
        jwrite_key_bool(w, "kev", facts->kev);
        jwrite_key_string(w, "kev_added", facts->added);
        jwrite_key_string(w, "kev_due", facts->due);
        jwrite_key_bool(w, "ransomware", facts->ransomware);
        jwrite_key_string(w, "epss", facts->epss);
        jwrite_key_string(w, "percentile", facts->percentile);
}
