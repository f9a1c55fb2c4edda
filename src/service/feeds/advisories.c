/* The advisories of the feeds: a list, newest first, and one of them with what it says of vulnerabilities and products. */
#include "service/feeds/feed_facts.h"
#include "service/feeds/feed_health.h"
#include "service/feeds/feed_keyring.h"
#include "service/internal.h"
#include "store/feeds.h"
#include "vuln/advisory.h"

#include <string.h>

enum { LIMIT = 100, LIMIT_MAX = 1000, PRODUCTS_MAX = 1000 };

/* Ids of records of CSAF are `SYSTEM NUMBER`; people know the number. */
static const char *number_of(const char *id)
{
        const char *blank = strrchr(id, ' ');

        return blank == NULL ? id : blank + 1;
}

static void released_write(const Advisory *advisory, JWrite *w)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(advisory_released(advisory), text);
        jwrite_key_string(w, "released", advisory_released(advisory) == 0 ? NULL : text);
}

static void head_write(const char *id, const Advisory *advisory, JWrite *w)
{
        jwrite_key_string(w, "id", number_of(id));
        jwrite_key_string(w, "title", advisory_title(advisory));
        jwrite_key_string(w, "publisher", advisory_publisher(advisory));
        released_write(advisory, w);
        jwrite_key(w, "cves");
        jwrite_array_begin(w);
        for (size_t i = 0; i < advisory_vulnerability_count(advisory); i++)
                jwrite_string(w, advisory_vulnerability_id(advisory, i));
        jwrite_array_end(w);
        jwrite_key_int(w, "products", (int64_t)advisory_product_count(advisory));
}

/* ---- the list ---- */

typedef struct {
        JWrite *w;
        const char *wanted; /* folded; in number, title or publisher; or NULL */
        int64_t skip, limit;
} Listing;

static bool is_wanted(const Listing *listing, const char *id, const Advisory *advisory)
{
        const char *const texts[] = { id, advisory_title(advisory), advisory_publisher(advisory) };

        for (size_t i = 0; listing->wanted != NULL && i < G_N_ELEMENTS(texts); i++) {
                g_autofree char *folded = texts[i] == NULL ? NULL : g_utf8_casefold(texts[i], -1);

                if (folded != NULL && strstr(folded, listing->wanted) != NULL)
                        return true;
        }
        return listing->wanted == NULL;
}

static bool record_list(const FeedRecord *record, void *payload, GError **error)
{
        Listing *listing = payload;
        g_autoptr(Advisory) advisory = listing->limit == 0 ? NULL : advisory_load(record->body, error);

        if (listing->limit == 0)
                return true;
        if (advisory == NULL)
                return false;
        if (!is_wanted(listing, record->id, advisory))
                return true;
        if (listing->skip > 0) {
                listing->skip--;
                return true;
        }
        listing->limit--;
        jwrite_object_begin(listing->w);
        head_write(record->id, advisory, listing->w);
        jwrite_object_end(listing->w);
        return true;
}

/* A number of the input, given as text over HTTP. Errors: USAGE. */
static bool number_take(const json_t *input, const char *name, int64_t fallback, int64_t most, int64_t *ret,
                        GError **error)
{
        const char *text = jread_get_string(input, name);
        guint64 value;

        *ret = jread_get_int(input, name, fallback);
        if (text != NULL) {
                if (!g_ascii_string_to_unsigned(text, 10, 0, (guint64)most, &value, NULL)) {
                        error_set(error, ZW_ERR_USAGE, name,
                                  "a whole number up to %" G_GINT64_FORMAT " is expected", most);
                        return false;
                }
                *ret = (int64_t)value;
        }
        *ret = CLAMP(*ret, 0, most);
        return true;
}

static Feeds *feeds_of(const Call *call, bool *ret_ok, GError **error)
{
        const char *dir = store_dir(call->service->store);
        Feeds *feeds = feeds_exist(dir) ? feeds_open(dir, error) : NULL;

        *ret_ok = feeds != NULL || !feeds_exist(dir);
        return feeds;
}

bool usecase_advisory_list(Call *call, JWrite *w, GError **error)
{
        const char *q = jread_get_string(call->input, "q");
        g_autofree char *folded = q == NULL ? NULL : g_utf8_casefold(q, -1);
        g_autoptr(FeedHealth) health = NULL;
        Listing listing = { .w = w, .wanted = folded };
        bool ok;
        g_autoptr(Feeds) feeds = feeds_of(call, &ok, error);

        if (!ok || !number_take(call->input, "limit", LIMIT, LIMIT_MAX, &listing.limit, error) ||
            !number_take(call->input, "after", 0, G_MAXINT32, &listing.skip, error))
                return false;
        health = feed_health_load(call->service, call->instant, error);
        if (health == NULL)
                return false;
        jwrite_object_begin(w);
        feed_health_key(health, w);
        jwrite_key(w, "advisories");
        jwrite_array_begin(w);
        if (feeds != NULL && !feeds_newest(feeds, "csaf", 0, G_MAXINT32, record_list, &listing, error))
                return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

/* ---- one ---- */

static bool weaknesses_write(Feeds *feeds, const Advisory *advisory, size_t vulnerability, JWrite *w,
                             GError **error)
{
        JIter iter = jval_iter(advisory_cwes(advisory, vulnerability));
        JVal cwe;

        jwrite_key(w, "cwes");
        jwrite_array_begin(w);
        while (jiter_next(&iter, &cwe)) {
                const char *id = jval_text(cwe, NULL);
                g_autoptr(GError) why = NULL;
                g_autofree char *name = id == NULL ? NULL : feed_facts_name(feeds, id, &why);

                if (why != NULL) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                jwrite_object_begin(w);
                jwrite_key_string(w, "id", id);
                jwrite_key_string(w, "name", name);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        return true;
}

static void product_write(const Advisory *advisory, size_t vulnerability, AdvisoryStatus status, int number,
                          JWrite *w)
{
        const AdvisoryProduct *product = advisory_product(advisory, (size_t)number);
        g_autofree char *remediation = advisory_remediation(advisory, vulnerability, number);
        AdvisoryScore score = { 0 };

        (void)!advisory_score(advisory, vulnerability, number, &score);
        jwrite_object_begin(w);
        jwrite_key_string(w, "status", advisory_status_name(status));
        jwrite_key_string(w, "name", product->name);
        jwrite_key_string(w, "vendor", product->vendor);
        jwrite_key_string(w, "version", product->version != NULL ? product->version : product->range);
        jwrite_key_string(w, "severity", score.severity);
        jwrite_key_string(w, "score", score.score);
        jwrite_key_string(w, "remediation", remediation);
        jwrite_object_end(w);
}

static void products_write(const Advisory *advisory, size_t vulnerability, JWrite *w)
{
        size_t written = 0;

        jwrite_key(w, "products");
        jwrite_array_begin(w);
        for (int status = 0; status < ZW_STATUS_COUNT; status++) {
                size_t n;
                const int *numbers = advisory_status(advisory, vulnerability, (AdvisoryStatus)status, &n);

                for (size_t i = 0; i < n && written < PRODUCTS_MAX; i++, written++)
                        product_write(advisory, vulnerability, (AdvisoryStatus)status, numbers[i], w);
        }
        jwrite_array_end(w);
}

static bool vulnerability_write(Feeds *feeds, const Advisory *advisory, size_t i, JWrite *w, GError **error)
{
        const char *id = advisory_vulnerability_id(advisory, i);
        g_auto(FeedFacts) facts = { 0 };

        if (!feed_facts(feeds, id, &facts, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "id", id);
        jwrite_key_string(w, "title", advisory_vulnerability_title(advisory, i));
        feed_facts_write(&facts, w);
        if (!weaknesses_write(feeds, advisory, i, w, error))
                return false;
        products_write(advisory, i, w);
        jwrite_object_end(w);
        return true;
}

typedef struct {
        const char *wanted;
        char *id;
        GBytes *body;
} Finding;

static bool record_find(const FeedRecord *record, void *payload, GError **error G_GNUC_UNUSED)
{
        Finding *finding = payload;

        if (finding->body == NULL && (strcmp(record->id, finding->wanted) == 0 ||
                                      g_ascii_strcasecmp(number_of(record->id), finding->wanted) == 0)) {
                finding->id = g_strdup(record->id);
                finding->body = g_bytes_ref(record->body);
        }
        return true;
}

static bool signature_write(Service *service, Feeds *feeds, const char *id, JWrite *w, GError **error)
{
        g_autoptr(FeedKeyring) keyring = feed_keyring_of(service, error);
        char since[ZW_INSTANT_TEXT];
        FeedSignature signature;
        const char *because;
        FeedCover cover;

        if (keyring == NULL || !feeds_signature(feeds, "csaf", id, &signature, error))
                return false;
        cover = feed_keyring_cover(keyring, &signature, &because);
        instant_format(signature.since, since);
        jwrite_key(w, "signature");
        jwrite_object_begin(w);
        jwrite_key_string(w, "state", feed_cover_name(cover));
        jwrite_key_string(w, "key", signature.key[0] == '\0' ? NULL : signature.key);
        jwrite_key_string(w, "since", cover == FEED_COVER_TRUSTED && signature.since > 0 ? since : NULL);
        jwrite_key_string(w, "because", because);
        jwrite_object_end(w);
        return true;
}

static bool advisory_write(Service *service, Feeds *feeds, const char *id, GBytes *body, JWrite *w,
                           GError **error)
{
        g_autoptr(Advisory) advisory = advisory_load(body, error);

        if (advisory == NULL)
                return false;
        jwrite_object_begin(w);
        head_write(id, advisory, w);
        if (!signature_write(service, feeds, id, w, error))
                return false;
        jwrite_key(w, "vulnerabilities");
        jwrite_array_begin(w);
        for (size_t i = 0; i < advisory_vulnerability_count(advisory); i++)
                if (!vulnerability_write(feeds, advisory, i, w, error))
                        return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

bool usecase_advisory_show(Call *call, JWrite *w, GError **error)
{
        Finding finding = { .wanted = jread_get_string(call->input, "id") };
        bool ok;
        g_autoptr(Feeds) feeds = feeds_of(call, &ok, error);
        g_autoptr(GBytes) body = NULL;
        g_autofree char *id = NULL;

        if (!ok)
                return false;
        if (finding.wanted == NULL) {
                error_set(error, ZW_ERR_USAGE, "/id", "the number of an advisory is needed");
                return false;
        }
        if (feeds != NULL && !feeds_newest(feeds, "csaf", 0, G_MAXINT32, record_find, &finding, error))
                return false;
        id = finding.id;
        body = finding.body;
        if (body != NULL)
                return advisory_write(call->service, feeds, id, body, w, error);
        error_set(error, ZW_ERR_NOT_FOUND, "/id", "no feed has an advisory %s", finding.wanted);
        return false;
}
