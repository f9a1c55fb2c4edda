/* From what changed to what may mean something else. What an advisory says of anything that is installed follows from that thing, what it is part
 * or an instance of, and whatever else the advisory may mean; a verdict follows from all advisories of its vulnerability. So: of what was
 * touched, with what is matched by it or belongs together through it, all keys before and after; the vulnerabilities of all advisories with
 * one of them; and of these vulnerabilities everything. */
#include "service/interchange/affected.h"

#include "base/hash.h"
#include "service/findings/decision.h"
#include "service/interchange/advisory.h"
#include "service/interchange/held.h"
#include "vuln/match.h"

#include <string.h>

enum { BODIES_BYTES_MAX = 64 << 20 }; /* beyond it everything is matched */

typedef struct {
        StoreView *view;
        Store *store;
        const Id *log;
        Feeds *feeds;
        const AffectedSince *since;
        Part *then, *now;
        GPtrArray *keys;   /* of what was touched, before and after */
        GHashTable *below; /* Things with all that is part of them; a set */
        GHashTable *seen;  /* Things whose keys are among those; a set */
        GPtrArray *ahead;  /* Things of `below` that were not gone through */
        Affected *affected;
        gsize bytes;
        bool places; /* a place was touched */
        bool all;
} Search;

static void advisory_clear(gpointer data)
{
        AffectedAdvisory *one = data;

        advisory_free(one->advisory);
        g_free(one->source);
        g_free(one->id);
        g_free(one);
}

void affected_free(Affected *affected)
{
        if (affected == NULL)
                return;
        inventory_free(affected->inventory);
        g_hash_table_unref(affected->vulnerabilities);
        g_ptr_array_unref(affected->advisories);
        g_free(affected);
}

static void vulnerability_put(Search *search, const char *id)
{
        g_hash_table_add(search->affected->vulnerabilities, g_strdup(id));
        search->all = search->all ||
                      g_hash_table_size(search->affected->vulnerabilities) > ZW_CHANGED_VULNERABILITIES_MAX;
}

/* The texts behind a prefix. */
static GPtrArray *prefixed(const char *prefix, GHashTable *ids)
{
        GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
        GHashTableIter iter;
        gpointer id;

        g_hash_table_iter_init(&iter, ids);
        while (g_hash_table_iter_next(&iter, &id, NULL))
                g_ptr_array_add(keys, g_strconcat(prefix, id, NULL));
        return keys;
}

static bool is_place(const Thing *thing)
{
        return thing->kind == ZW_KIND_ZONE || thing->kind == ZW_KIND_CONDUIT;
}

/* ---- what was touched ---- */

static bool keys_take(Search *search, const Thing *thing, bool hold, GError **error)
{
        const size_t n = strlen(ZW_HELD_FINDING), m = strlen(ZW_HELD_DOCUMENT ZW_MATCH_VULNERABILITY);
        g_autoptr(GPtrArray) keys = held_keys(search->store, thing, error);

        if (keys == NULL || (hold && !feeds_held_add(search->feeds, keys, thing->no, error)))
                return false;
        for (guint i = 0; i < keys->len; i++) {
                const char *key = keys->pdata[i];

                if (thing->kind == ZW_KIND_FINDING && strncmp(key, ZW_HELD_FINDING, n) == 0)
                        vulnerability_put(search, key + n);
                else if (thing->kind == ZW_KIND_DOCUMENT &&
                         strncmp(key, ZW_HELD_DOCUMENT ZW_MATCH_VULNERABILITY, m) == 0)
                        vulnerability_put(search, key + m);
                else if (thing->kind == ZW_KIND_COMPONENT || thing->kind == ZW_KIND_ASSET)
                        g_ptr_array_add(search->keys, g_strdup(key));
        }
        return true;
}

static bool thing_take(Search *search, const Thing *thing, GError **error)
{
        return thing == NULL || !g_hash_table_add(search->seen, (gpointer)(uintptr_t)thing) ||
               keys_take(search, thing, false, error);
}

static void below_put(Search *search, Thing *thing)
{
        if (thing != NULL && (thing->kind == ZW_KIND_COMPONENT || thing->kind == ZW_KIND_ASSET) &&
            g_hash_table_add(search->below, thing))
                g_ptr_array_add(search->ahead, thing);
}

/* Those at the other ends of links from or to a thing. */
static bool others_take(Search *search, const Thing *thing, PartSide side, LinkTypeId type, bool below,
                        GError **error)
{
        const GArray *links = part_links(search->now, thing, side, error);

        for (guint i = 0; links != NULL && i < links->len; i++) {
                const PartLink *link = &g_array_index(links, PartLink, i);
                Thing *other;

                if (link->type != type)
                        continue;
                if (!part_thing(search->now, side == PART_OUT ? link->to : link->from, &other, error) ||
                    !thing_take(search, other, error))
                        return false;
                if (below)
                        below_put(search, other);
        }
        return links != NULL;
}

/* What an asset is an instance of may be there by that asset alone, and gives it names; what is an instance of a component has
 * its names, and its version. With `below`, other things belong together than before: whatever is part of it is asked, too. */
static bool around_take(Search *search, const Thing *thing, bool below, GError **error)
{
        if (thing->kind == ZW_KIND_ASSET)
                return others_take(search, thing, PART_OUT, ZW_LINK_INSTANCE_OF, below, error);
        return others_take(search, thing, PART_IN, ZW_LINK_INSTANCE_OF, false, error) &&
               (!below || others_take(search, thing, PART_IN, ZW_LINK_PART_OF, true, error));
}

static bool below_take(Search *search, GError **error)
{
        while (search->ahead->len > 0) {
                const Thing *at = g_ptr_array_steal_index_fast(search->ahead, search->ahead->len - 1);

                if (!thing_take(search, at, error) || !around_take(search, at, true, error))
                        return false;
        }
        return true;
}

/* The findings that a threat exploits. */
static bool threat_take(Search *search, const Thing *threat, GError **error)
{
        return others_take(search, threat, PART_OUT, ZW_LINK_EXPLOITS, false, error);
}

/* A revision that says nothing new touches nothing. What comes or goes belongs together with others, or no longer. */
static bool item_take(Search *search, ItemNo no, GError **error)
{
        Thing *then, *now;

        if (!part_thing(search->then, no, &then, error) || !part_thing(search->now, no, &now, error))
                return false;
        if (now == NULL || (then != NULL && thing_says_the_same(then, now)))
                return true;
        if ((then != NULL && !keys_take(search, then, false, error)) || !keys_take(search, now, true, error))
                return false;
        if (now->kind == ZW_KIND_COMPONENT || now->kind == ZW_KIND_ASSET) {
                if (then == NULL || then->retired != now->retired)
                        below_put(search, now);
                return around_take(search, now, false, error);
        }
        search->places = search->places || is_place(now);
        return now->kind != ZW_KIND_THREAT || threat_take(search, now, error);
}

static bool link_take(Search *search, const PartLink *link, GError **error)
{
        Thing *from, *to;

        if (!part_thing(search->now, link->from, &from, error) ||
            !part_thing(search->now, link->to, &to, error))
                return false;
        if (from == NULL || to == NULL)
                return true;
        if (link->type == ZW_LINK_CONCERNS || link->type == ZW_LINK_EXPLOITS)
                return thing_take(search, from->kind == ZW_KIND_FINDING ? from : to, error);
        if (is_place(from)) {
                search->places = true;
                return true;
        }
        if (is_place(to))
                return thing_take(search, from, error) && around_take(search, from, false, error);
        below_put(search, from);
        below_put(search, to);
        return true;
}

/* Findings that follow decisions which came, changed or ended. */
static bool decisions_take(Search *search, GError **error)
{
        g_autoptr(GPtrArray) keys = prefixed(ZW_HELD_DECISION, search->since->touched->decisions);
        g_autoptr(GArray) items = feeds_held(search->feeds, search->since->held, keys, error);

        for (guint i = 0; items != NULL && i < items->len; i++) {
                Thing *finding;

                if (!part_thing(search->now, (ItemNo)g_array_index(items, int64_t, i), &finding, error) ||
                    !thing_take(search, finding, error))
                        return false;
        }
        return items != NULL;
}

/* A decision may hold for a place: then who lies in it is not told by what was touched. */
static bool places_take(Search *search, GError **error)
{
        g_autoptr(GHashTable) decisions = NULL;
        GHashTableIter iter;
        gpointer decision;

        if (!search->places)
                return true;
        decisions = decisions_load(search->view, search->log, ZW_SEQ_OPEN - 1, error);
        if (decisions == NULL)
                return false;
        g_hash_table_iter_init(&iter, decisions);
        while (g_hash_table_iter_next(&iter, NULL, &decision))
                search->all = search->all ||
                              json_object_get(json_object_get(((Decision *)decision)->value, "scope"),
                                              "zone") != NULL;
        return true;
}

static bool touched_take(Search *search, GError **error)
{
        const Changed *touched = search->since->touched;
        GHashTableIter iter;
        gpointer id;

        g_hash_table_iter_init(&iter, touched->vulnerabilities);
        while (g_hash_table_iter_next(&iter, &id, NULL))
                vulnerability_put(search, id);
        for (guint i = 0; i < touched->items->len; i++)
                if (!item_take(search, g_array_index(touched->items, ItemNo, i), error))
                        return false;
        for (guint i = 0; i < touched->links->len; i++)
                if (!link_take(search, &g_array_index(touched->links, PartLink, i), error))
                        return false;
        return below_take(search, error) && decisions_take(search, error) && places_take(search, error);
}

/* ---- the vulnerabilities ---- */

static bool document_load(Search *search, int64_t no, Advisory **ret_advisory, GError **error)
{
        Thing *document;

        *ret_advisory = NULL;
        if (!part_thing(search->now, (ItemNo)no, &document, error))
                return false;
        if (document == NULL || document->kind != ZW_KIND_DOCUMENT || document->retired ||
            document->digest == NULL)
                return true;
        *ret_advisory = advisory_of(search->store, document, error);
        return *ret_advisory != NULL;
}

/* Of all advisories that mean something with one of the keys. */
static bool vulnerabilities_take(Search *search, GError **error)
{
        g_autoptr(GPtrArray) ids = feeds_beside(search->feeds, search->keys, ZW_MATCH_VULNERABILITY, error);
        g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GArray) documents = NULL;

        for (guint i = 0; ids != NULL && i < ids->len; i++)
                vulnerability_put(search, (const char *)ids->pdata[i] + strlen(ZW_MATCH_VULNERABILITY));
        for (guint i = 0; i < search->keys->len; i++)
                g_ptr_array_add(keys, g_strconcat(ZW_HELD_DOCUMENT, search->keys->pdata[i], NULL));
        documents = ids == NULL ? NULL : feeds_held(search->feeds, search->since->held, keys, error);
        for (guint i = 0; documents != NULL && i < documents->len; i++) {
                g_autoptr(Advisory) advisory = NULL;

                if (!document_load(search, g_array_index(documents, int64_t, i), &advisory, error))
                        return false;
                for (size_t k = 0; advisory != NULL && k < advisory_vulnerability_count(advisory); k++)
                        vulnerability_put(search, advisory_vulnerability_id(advisory, k));
        }
        return documents != NULL;
}

/* Findings, with what they concern and who exploits them. One that does not bear the vulnerability that it was made for is both's. */
static bool finding_read(Search *search, const Thing *finding, GError **error)
{
        static const PartSide sides[] = { PART_OUT, PART_IN };
        const char *vulnerability = thing_text(finding, "vulnerability");

        search->all = search->all || !held_finding_is_plain(finding) || vulnerability == NULL ||
                      !g_hash_table_contains(search->affected->vulnerabilities, vulnerability);
        for (size_t side = 0; side < G_N_ELEMENTS(sides); side++) {
                const GArray *links = part_links(search->now, finding, sides[side], error);
                Thing *other;

                if (links == NULL)
                        return false;
                for (guint i = 0; i < links->len; i++)
                        if (!part_thing(search->now,
                                        sides[side] == PART_OUT ? g_array_index(links, PartLink, i).to
                                                                : g_array_index(links, PartLink, i).from,
                                        &other, error))
                                return false;
        }
        return true;
}

static bool findings_read(Search *search, GError **error)
{
        g_autoptr(GPtrArray) keys = prefixed(ZW_HELD_FINDING, search->affected->vulnerabilities);
        g_autoptr(GArray) items = feeds_held(search->feeds, search->since->held, keys, error);

        for (guint i = 0; items != NULL && i < items->len && !search->all; i++) {
                Thing *finding;

                if (!part_thing(search->now, (ItemNo)g_array_index(items, int64_t, i), &finding, error) ||
                    (finding != NULL && !finding_read(search, finding, error)))
                        return false;
        }
        return items != NULL;
}

/* ---- what advisories say of them ---- */

/* Takes the advisory. One that means nothing here is passed by. */
static bool advisory_take(Search *search, Advisory *advisory, const char *source, const char *id,
                          GError **error)
{
        g_autoptr(GPtrArray) keys = match_advisory_keys(advisory);
        g_autoptr(GArray) items = feeds_held(search->feeds, search->since->held, keys, error);
        AffectedAdvisory *one = g_new0(AffectedAdvisory, 1);
        bool ok = items != NULL;

        one->advisory = advisory;
        one->source = g_strdup(source);
        one->id = g_strdup(id);
        for (guint i = 0; ok && i < items->len; i++) {
                Thing *thing;

                ok = part_thing(search->now, (ItemNo)g_array_index(items, int64_t, i), &thing, error) &&
                     (thing == NULL || part_settle(search->now, thing, error));
        }
        if (ok && items->len > 0)
                g_ptr_array_add(search->affected->advisories, one);
        else
                advisory_clear(one);
        return ok;
}

typedef struct {
        char *source, *id;
        GBytes *body;
} Record;

static void record_free(gpointer data)
{
        Record *record = data;

        g_free(record->source);
        g_free(record->id);
        g_bytes_unref(record->body);
        g_free(record);
}

typedef struct {
        Search *search;
        GPtrArray *records;
} Records;

static bool record_keep(const char *source, const char *id, GBytes *body, void *payload, GError **error)
{
        Records *records = payload;
        Record *record = g_new0(Record, 1);

        record->source = g_strdup(source);
        record->id = g_strdup(id);
        record->body = g_bytes_ref(body);
        g_ptr_array_add(records->records, record);
        records->search->bytes += g_bytes_get_size(body);
        records->search->all = records->search->all || records->search->bytes > BODIES_BYTES_MAX;
        if (records->search->all)
                error_set(error, ZW_ERR_LIMIT, NULL, "too much is said of what was touched");
        return !records->search->all;
}

static bool records_read(Search *search, GError **error)
{
        g_autoptr(GPtrArray) keys = prefixed(ZW_MATCH_VULNERABILITY, search->affected->vulnerabilities),
                             all = g_ptr_array_new_with_free_func(record_free);
        Records records = { search, all };

        if (!feeds_find_held(search->feeds, search->since->held, keys, record_keep, &records, error))
                return false;
        for (guint i = 0; i < all->len; i++) {
                const Record *record = all->pdata[i];
                Advisory *advisory = advisory_load(record->body, error);

                if (advisory == NULL || !advisory_take(search, advisory, record->source, record->id, error))
                        return false;
        }
        return true;
}

static bool documents_read(Search *search, GError **error)
{
        g_autoptr(GPtrArray)
                keys = prefixed(ZW_HELD_DOCUMENT ZW_MATCH_VULNERABILITY, search->affected->vulnerabilities);
        g_autoptr(GArray) items = feeds_held(search->feeds, search->since->held, keys, error);

        for (guint i = 0; items != NULL && i < items->len; i++) {
                Advisory *advisory;

                if (!document_load(search, g_array_index(items, int64_t, i), &advisory, error) ||
                    (advisory != NULL && !advisory_take(search, advisory, NULL, NULL, error)))
                        return false;
        }
        return items != NULL;
}

/* ---- all of it ---- */

static bool search_run(Search *search, GError **error)
{
        return touched_take(search, error) && (search->all || vulnerabilities_take(search, error)) &&
               (search->all || findings_read(search, error)) &&
               (search->all || documents_read(search, error)) && (search->all || records_read(search, error));
}

static void search_clear(Search *search)
{
        part_free(search->then);
        part_free(search->now);
        g_ptr_array_unref(search->keys);
        g_ptr_array_unref(search->ahead);
        g_hash_table_unref(search->below);
        g_hash_table_unref(search->seen);
        affected_free(search->affected);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

bool affected_find(StoreView *view, Store *store, const Id *log, Feeds *feeds, const AffectedSince *since,
                   Affected **ret_affected, GError **error)
{
        g_auto(Search) search = { .view = view,
                                  .store = store,
                                  .log = log,
                                  .feeds = feeds,
                                  .since = since,
                                  .then = part_new(view, log, since->head),
                                  .now = part_new(view, log, ZW_SEQ_OPEN - 1),
                                  .keys = g_ptr_array_new_with_free_func(g_free),
                                  .ahead = g_ptr_array_new(),
                                  .below = g_hash_table_new(NULL, NULL),
                                  .seen = g_hash_table_new(NULL, NULL),
                                  .affected = g_new0(Affected, 1) };
        g_autoptr(GError) why = NULL;

        search.affected->vulnerabilities = hash_table_new_text(g_free, NULL);
        search.affected->advisories = g_ptr_array_new_with_free_func(advisory_clear);
        *ret_affected = NULL;
        if (!feeds_held_begin(feeds, error))
                return false;
        if (!search_run(&search, &why)) {
                if (search.all || part_is_full(search.now) || part_is_full(search.then))
                        return true;
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        if (search.all)
                return true;
        search.affected->inventory = part_take(search.now);
        *ret_affected = g_steal_pointer(&search.affected);
        return true;
}
