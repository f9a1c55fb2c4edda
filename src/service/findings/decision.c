#include "service/findings/decision.h"

#include "base/canon.h"
#include "base/hash.h"
#include "vuln/range.h"

#include <string.h>

enum { SCOPE_BYTES_MAX = 16384, REASON_MAX = 4096 };

char *decision_id(const char *vulnerability, const json_t *scope)
{
        g_autoptr(Json) whole = json_pack("[s, O]", vulnerability, scope);
        g_autoptr(GBytes) bytes = canon_bytes(whole, SCOPE_BYTES_MAX, NULL);
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        if (bytes == NULL)
                return NULL;
        digest = hash_sha256(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        hex[ZW_DECISION_DIGITS] = '\0';
        return g_strdup(hex);
}

/* ---- reading ---- */

static bool refuse(GError **error, const char *place, const char *what)
{
        error_set(error, ZW_ERR_INPUT, place, "%s", what);
        return false;
}

static bool scope_check(const json_t *scope, GError **error)
{
        static const char *const names[] = { "subject", "vendor", "product", "versions", "zone", NULL };
        const bool subject = jread_get_string(scope, "subject") != NULL,
                   product = jread_get_string(scope, "vendor") != NULL &&
                             jread_get_string(scope, "product") != NULL;
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)scope, name, value)
        {
                if (!g_strv_contains(names, name) || !json_is_string(value))
                        return refuse(error, "/value/scope",
                                      "a scope has a subject, or a vendor and a product; "
                                      "and perhaps versions and a zone");
        }
        return subject != product ||
               refuse(error, "/value/scope", "a scope is of one thing or of one product line");
}

bool decision_check(const char *id, const json_t *value, GError **error)
{
        const char *vulnerability = jread_get_string(value, "vulnerability"),
                   *reason = jread_get_string(value, "reason"), *state = jread_get_string(value, "state"),
                   *until = jread_get_string(value, "until");
        g_autofree char *expected = NULL;
        StateId found;
        Instant day;

        if (json_is_null(value))
                return true;
        if (!json_is_object(value) || vulnerability == NULL || jread_get_string(value, "finding") == NULL)
                return refuse(error, "/value", "a decision names a vulnerability and a finding");
        if (reason == NULL || reason[0] == '\0' || strlen(reason) > REASON_MAX)
                return refuse(error, "/value/reason", "a decision has a reason");
        if (state == NULL || !state_find(state, &found) ||
            !lifecycle_has(kind_def(ZW_KIND_FINDING)->lifecycle, found))
                return refuse(error, "/value/state", "this is no state of a finding");
        if (until != NULL && !instant_parse(until, &day, NULL))
                return refuse(error, "/value/until", "a day such as 2026-03-01 is needed");
        if (!scope_check(json_object_get(value, "scope"), error))
                return false;
        expected = decision_id(vulnerability, json_object_get(value, "scope"));
        return g_strcmp0(id, expected) == 0 ||
               refuse(error, "/name", "the name is not that of this decision");
}

static void decision_free(gpointer data)
{
        Decision *decision = data;

        g_free(decision->id);
        json_decref(decision->value);
        g_free(decision);
}

static bool decision_see(const char *name, const char *value, void *payload, GError **error)
{
        const char *id = name + strlen(ZW_DECISION_PREFIX);
        g_autoptr(Json) read = json_loads(value, JSON_DECODE_ANY, NULL);
        Decision *decision;

        if (json_is_null(read))
                return true;
        if (!decision_check(id, read, error))
                return false;
        decision = g_new0(Decision, 1);
        decision->id = g_strdup(id);
        (void)state_find(jread_get_string(read, "state"), &decision->state);
        decision->value = g_steal_pointer(&read);
        g_hash_table_insert(payload, decision->id, decision);
        return true;
}

GHashTable *decisions_load(StoreView *view, const Id *log, Seq seq, GError **error)
{
        g_autoptr(GHashTable) decisions = hash_table_new_text(NULL, decision_free);

        if (!store_each_setting(view, log, ZW_DECISION_PREFIX, seq, decision_see, decisions, error))
                return NULL;
        return g_steal_pointer(&decisions);
}

TriagePolicy *policy_load(StoreView *view, const Id *log, Seq seq, GError **error)
{
        g_autofree char *text = NULL;
        g_autoptr(Json) value = NULL;

        if (!store_load_setting(view, log, ZW_TRIAGE_SETTING, seq, &text, error))
                return NULL;
        value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
        return json_is_object(value) ? triage_policy_read(value, error) : triage_policy_default();
}

/* ---- scope ---- */

/* What names the thing: itself, or the product it is the only instance of. */
static const Thing *product_of(const Thing *subject)
{
        return subject->kind == ZW_KIND_ASSET && subject->components.n == 1
                       ? things_at(&subject->components, 0)
                       : subject;
}

static const char *version_of(const Thing *subject)
{
        const char *installed = thing_text(subject, "installed_version");

        return installed != NULL ? installed : thing_text(product_of(subject), "version");
}

static bool text_equals(const char *a, const char *b)
{
        g_autofree char *left = a == NULL ? NULL : g_utf8_casefold(a, -1),
                        *right = b == NULL ? NULL : g_utf8_casefold(b, -1);

        return left != NULL && g_strcmp0(left, right) == 0;
}

static bool lies_in(const Thing *thing, const Thing *place, unsigned depth)
{
        if (thing == place)
                return true;
        for (uint32_t i = 0; depth > 0 && i < thing->places.n; i++)
                if (lies_in(things_at(&thing->places, i), place, depth - 1))
                        return true;
        return false;
}

/* An asset in the place; a component all of whose live instances are there, of which there is one. */
static bool is_in_zone(const Inventory *inventory, const Thing *subject, const char *zone)
{
        enum { DEPTH_MOST = 32 };
        const Thing *place = g_hash_table_lookup(inventory->by_key, zone);
        bool any = false;

        if (place == NULL || subject->kind == ZW_KIND_ASSET)
                return place != NULL && lies_in(subject, place, DEPTH_MOST);
        for (uint32_t i = 0; i < subject->wholes.n; i++) {
                const Thing *whole = things_at(&subject->wholes, i);

                if (whole->kind != ZW_KIND_ASSET || whole->retired)
                        continue;
                if (!lies_in(whole, place, DEPTH_MOST))
                        return false;
                any = true;
        }
        return any;
}

static bool covers(const json_t *scope, const Inventory *inventory, const Thing *subject)
{
        const char *key = jread_get_string(scope, "subject"), *versions = jread_get_string(scope, "versions"),
                   *zone = jread_get_string(scope, "zone"), *version = version_of(subject);
        const Thing *product = product_of(subject);

        if (key != NULL ? g_strcmp0(key, subject->key) != 0
                        : !text_equals(jread_get_string(scope, "vendor"), thing_text(product, "vendor")) ||
                                  !text_equals(jread_get_string(scope, "product"),
                                               thing_text(product, "product")))
                return false;
        if (zone != NULL && !is_in_zone(inventory, subject, zone))
                return false;
        if (versions != NULL) {
                g_autoptr(Range) range = range_parse(versions);

                return version != NULL && range_contains(range, version) == RANGE_INSIDE;
        }
        return true;
}

const char *decision_void(const Decision *decision, const Inventory *inventory, const Thing *subject,
                          const char *assertion, Instant now)
{
        const char *until = jread_get_string(decision->value, "until"),
                   *then = jread_get_string(decision->value, "assertion");
        Instant day;

        if (!covers(json_object_get(decision->value, "scope"), inventory, subject))
                return "it lies outside of the scope of the decision";
        if (until != NULL && instant_parse(until, &day, NULL) && now >= day + ZW_DAY_MS)
                return "the decision has expired";
        if (then != NULL && g_strcmp0(then, assertion) != 0)
                return "its sources say something else than when it was decided";
        return NULL;
}

int64_t decisions_last_day(GHashTable *decisions, Instant now)
{
        int64_t last = INT64_MAX;
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, decisions);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const char *until = jread_get_string(((const Decision *)value)->value, "until");
                Instant day;

                if (until != NULL && instant_parse(until, &day, NULL) && now < day + ZW_DAY_MS)
                        last = MIN(last, day / ZW_DAY_MS);
        }
        return last;
}

const Decision *decision_find(GHashTable *decisions, const Inventory *inventory, const Thing *subject,
                              const char *vulnerability, const char *assertion, Instant now)
{
        const Decision *best = NULL;
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, decisions);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const Decision *decision = value;
                const bool own = json_object_get(json_object_get(decision->value, "scope"), "subject") !=
                                 NULL;
                bool best_own;

                if (g_strcmp0(jread_get_string(decision->value, "vulnerability"), vulnerability) != 0 ||
                    decision_void(decision, inventory, subject, assertion, now) != NULL)
                        continue;
                best_own = best != NULL &&
                           json_object_get(json_object_get(best->value, "scope"), "subject") != NULL;
                /* of two alike, the one with the lower id, whatever order they come in */
                if (best == NULL || (own && !best_own) ||
                    (own == best_own && strcmp(decision->id, best->id) < 0))
                        best = decision;
        }
        return best;
}

StateId decision_reopened(StateId from)
{
        const LifecycleId lifecycle = kind_def(ZW_KIND_FINDING)->lifecycle;
        size_t n;
        const TransitionDef *all = transitions(&n);

        for (size_t i = 0; i < n; i++)
                if (all[i].lifecycle == lifecycle && all[i].from == from && state_def(all[i].to)->flags == 0)
                        return all[i].to;
        return lifecycle_initial(lifecycle);
}
