/* The use cases of vendors: vulnerabilities by year and severity, those that are exploited, by product family, and what is open in
 * the project. An answer says as of which state of the feeds, and whether that is known. */
#include "service/findings/vendors.h"
#include "vuln/match.h"

#include <string.h>

enum { LISTED_MAX = 200 };

/* Where the answer goes, and whether all that is to be known of vulnerabilities is. */
typedef struct {
        JWrite *w;
        bool known;
} Telling;

/* Nothing found where not all is known is not nothing: null. */
static void count_write(const Telling *telling, const char *name, int64_t count)
{
        if (count == 0 && !telling->known)
                jwrite_key_null(telling->w, name);
        else
                jwrite_key_int(telling->w, name, count);
}

/* Vulnerabilities by severity, those of one year or of all (NULL). */
static void counts_write(const Telling *telling, const Vendor *vendor, const char *year)
{
        int64_t counts[VENDOR_SEVERITIES] = { 0 }, kev = 0, all = 0;
        GHashTableIter iter;
        gpointer id, data;

        g_hash_table_iter_init(&iter, vendor->cves);
        while (g_hash_table_iter_next(&iter, &id, &data)) {
                const Cve *cve = data;

                if (year != NULL && strncmp((const char *)id + strlen("CVE-"), year, strlen(year)) != 0)
                        continue;
                counts[cve->severity]++;
                kev += cve->kev;
                all++;
        }
        count_write(telling, "cves", all);
        for (int i = VENDOR_SEVERITIES - 1; i >= 0; i--)
                count_write(telling, vendor_severities[i], counts[i]);
        count_write(telling, "kev", kev);
}

static gint64 median(GArray *days)
{
        for (guint i = 1; i < days->len; i++)
                for (guint k = i;
                     k > 0 && g_array_index(days, int64_t, k) < g_array_index(days, int64_t, k - 1); k--) {
                        const int64_t swap = g_array_index(days, int64_t, k);

                        g_array_index(days, int64_t, k) = g_array_index(days, int64_t, k - 1);
                        g_array_index(days, int64_t, k - 1) = swap;
                }
        return g_array_index(days, int64_t, days->len / 2);
}

static void head_write(const Telling *telling, const Vendor *vendor)
{
        JWrite *w = telling->w;

        jwrite_key_string(w, "vendor", vendor->key + strlen(ZW_MATCH_VENDOR));
        jwrite_key_string(w, "name", vendor->name);
        jwrite_key_int(w, "components", vendor->components);
        jwrite_key_int(w, "open", (int64_t)vendor->open->len);
        counts_write(telling, vendor, NULL);
        jwrite_key_int(w, "fixed", (int64_t)vendor->fixed_days->len);
        if (vendor->fixed_days->len == 0)
                jwrite_key_null(w, "days_to_fix");
        else
                jwrite_key_int(w, "days_to_fix", median(vendor->fixed_days));
}

static gboolean vendor_write(gpointer key G_GNUC_UNUSED, gpointer data, gpointer payload)
{
        const Telling *telling = payload;

        jwrite_object_begin(telling->w);
        head_write(telling, data);
        jwrite_object_end(telling->w);
        return FALSE;
}

typedef struct {
        Feeds *feeds;
        GError *failed;
} Counting;

static gboolean vendor_look(gpointer key G_GNUC_UNUSED, gpointer data, gpointer payload)
{
        Counting *counting = payload;

        return !vendor_count(data, counting->feeds, &counting->failed);
}

static void state_write(const Vendors *vendors, JWrite *w)
{
        g_autofree char *snapshot = feed_health_snapshot(vendors->health);

        feed_health_key(vendors->health, w);
        jwrite_key_string(w, "snapshot", snapshot);
}

bool usecase_vendor_list(Call *call, JWrite *w, GError **error)
{
        g_auto(Vendors) vendors = { .call = call };
        Counting counting = { NULL, NULL };

        if (!vendors_load(&vendors, error))
                return false;
        counting.feeds = vendors.feeds;
        g_tree_foreach(vendors.vendors, vendor_look, &counting);
        if (counting.failed != NULL) {
                g_propagate_error(error, counting.failed);
                return false;
        }
        jwrite_object_begin(w);
        state_write(&vendors, w);
        jwrite_key(w, "vendors");
        jwrite_array_begin(w);
        g_tree_foreach(vendors.vendors, vendor_write, &(Telling){ w, feed_health_is_known(vendors.health) });
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

/* ---- one ---- */

static gint text_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of a table, in order. */
static GPtrArray *names_sorted(GHashTable *table)
{
        GPtrArray *names = g_ptr_array_new();
        GHashTableIter iter;
        gpointer name;

        g_hash_table_iter_init(&iter, table);
        while (g_hash_table_iter_next(&iter, &name, NULL))
                g_ptr_array_add(names, name);
        g_ptr_array_sort(names, text_compare);
        return names;
}

static void years_write(const Telling *telling, const Vendor *vendor)
{
        JWrite *w = telling->w;
        g_autoptr(GPtrArray) ids = names_sorted(vendor->cves);
        g_autofree char *before = NULL;

        jwrite_key(w, "years");
        jwrite_array_begin(w);
        for (guint i = 0; i < ids->len; i++) {
                const char *id = ids->pdata[i];
                g_autofree char *year = g_str_has_prefix(id, "CVE-") ? g_strndup(id + strlen("CVE-"), 4)
                                                                     : NULL;

                if (year == NULL || g_strcmp0(year, before) == 0)
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "year", year);
                counts_write(telling, vendor, year);
                jwrite_object_end(w);
                g_free(before);
                before = g_steal_pointer(&year);
        }
        jwrite_array_end(w);
}

static void families_write(const Telling *telling, const Vendor *vendor)
{
        JWrite *w = telling->w;
        g_autoptr(GPtrArray) names = names_sorted(vendor->families);

        jwrite_key(w, "families");
        jwrite_array_begin(w);
        for (guint i = 0; i < names->len; i++) {
                const Family *family = g_hash_table_lookup(vendor->families, names->pdata[i]);

                jwrite_object_begin(w);
                jwrite_key_string(w, "family", names->pdata[i]);
                jwrite_key_int(w, "cves", g_hash_table_size(family->cves));
                count_write(telling, "kev", family->kev);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* Vulnerabilities that are exploited, or those that no CPE name finds: somebody has to look at these. */
static void cves_write(const Vendor *vendor, const char *member, bool exploited, JWrite *w)
{
        g_autoptr(GPtrArray) ids = names_sorted(vendor->cves);
        guint listed = 0;

        jwrite_key(w, member);
        jwrite_array_begin(w);
        for (guint i = ids->len; i > 0 && listed < LISTED_MAX; i--) {
                const Cve *cve = g_hash_table_lookup(vendor->cves, ids->pdata[i - 1]);

                if (exploited ? !cve->kev : cve->has_cpe)
                        continue;
                jwrite_string(w, ids->pdata[i - 1]);
                listed++;
        }
        jwrite_array_end(w);
}

static void open_write(const Vendor *vendor, JWrite *w)
{
        jwrite_key(w, "findings");
        jwrite_array_begin(w);
        for (guint i = 0; i < vendor->open->len; i++)
                jwrite_string(w, vendor->open->pdata[i]);
        jwrite_array_end(w);
}

/* Vendors of the feeds that are spelled almost like this one. */
typedef struct {
        const Vendor *vendor;
        JWrite *w;
} Near;

static bool near_write(const char *key, int64_t records, void *payload, GError **error G_GNUC_UNUSED)
{
        const Near *near = payload;

        if (strcmp(key, near->vendor->key) == 0 || !match_vendor_is_near(key, near->vendor->key))
                return true;
        jwrite_object_begin(near->w);
        jwrite_key_string(near->w, "vendor", key + strlen(ZW_MATCH_VENDOR));
        jwrite_key_int(near->w, "records", records);
        jwrite_object_end(near->w);
        return true;
}

static bool nears_write(const Vendors *vendors, const Vendor *vendor, JWrite *w, GError **error)
{
        Near near = { vendor, w };

        jwrite_key(w, "near");
        jwrite_array_begin(w);
        if (vendors->feeds != NULL && !feeds_keys(vendors->feeds, ZW_MATCH_VENDOR, near_write, &near, error))
                return false;
        jwrite_array_end(w);
        return true;
}

bool usecase_vendor_show(Call *call, JWrite *w, GError **error)
{
        const char *name = jread_get_string(call->input, "vendor");
        g_autofree char *key = name == NULL ? NULL : match_vendor_key(name);
        g_auto(Vendors) vendors = { .call = call };
        Telling telling = { .w = w };
        Vendor *vendor;

        if (key == NULL) {
                error_set(error, ZW_ERR_USAGE, "/vendor", "the name of a vendor is needed");
                return false;
        }
        if (!vendors_load(&vendors, error))
                return false;
        vendor = vendors_get(&vendors, key, name);
        if (!vendor_count(vendor, vendors.feeds, error))
                return false;
        if (vendor->components == 0 && g_hash_table_size(vendor->cves) == 0) {
                error_set(error, ZW_ERR_NOT_FOUND, "/vendor",
                          "neither the project nor a feed knows of a vendor \"%s\"", name);
                return false;
        }
        telling.known = feed_health_is_known(vendors.health);
        jwrite_object_begin(w);
        state_write(&vendors, w);
        head_write(&telling, vendor);
        years_write(&telling, vendor);
        families_write(&telling, vendor);
        cves_write(vendor, "exploited", true, w);
        cves_write(vendor, "without_cpe", false, w);
        open_write(vendor, w);
        if (!nears_write(&vendors, vendor, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
