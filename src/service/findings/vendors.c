#include "service/findings/vendors.h"

#include "analysis/metric.h"
#include "base/hash.h"
#include "vuln/match.h"

#include <string.h>

enum { FAMILIES_MAX = 500 };

const char *const vendor_severities[VENDOR_SEVERITIES] = { "unknown", "low", "medium", "high", "critical" };

/* ---- a vendor ---- */

static void family_free(gpointer data)
{
        g_hash_table_unref(((Family *)data)->cves);
        g_free(data);
}

static void vendor_free(gpointer data)
{
        Vendor *vendor = data;

        g_free(vendor->key);
        g_free(vendor->name);
        g_ptr_array_unref(vendor->open);
        g_array_unref(vendor->fixed_days);
        g_hash_table_unref(vendor->cves);
        g_hash_table_unref(vendor->families);
        g_free(vendor);
}

static Vendor *vendor_new(const char *key, const char *name)
{
        Vendor *vendor = g_new0(Vendor, 1);

        vendor->key = g_strdup(key);
        vendor->name = g_strdup(name);
        vendor->open = g_ptr_array_new();
        vendor->fixed_days = g_array_new(FALSE, FALSE, sizeof(int64_t));
        vendor->cves = hash_table_new_text(g_free, g_free);
        vendor->families = hash_table_new_text(g_free, family_free);
        return vendor;
}

/* ---- what the feeds say ---- */

static int severity_of(const char *text)
{
        for (int i = 1; text != NULL && i < VENDOR_SEVERITIES; i++)
                if (g_ascii_strcasecmp(text, vendor_severities[i]) == 0)
                        return i;
        return 0;
}

static Family *family_of(Vendor *vendor, const AdvisoryProduct *product)
{
        const char *name = product->family != NULL    ? product->family
                           : product->product != NULL ? product->product
                                                      : product->name;
        Family *family = name == NULL ? NULL : g_hash_table_lookup(vendor->families, name);

        if (family != NULL || name == NULL || g_hash_table_size(vendor->families) >= FAMILIES_MAX)
                return family;
        family = g_new0(Family, 1);
        family->cves = hash_table_new_text(g_free, NULL);
        g_hash_table_insert(vendor->families, g_strdup(name), family);
        return family;
}

static Cve *cve_of(Vendor *vendor, const char *id)
{
        Cve *cve = g_hash_table_lookup(vendor->cves, id);

        if (cve == NULL) {
                cve = g_new0(Cve, 1);
                g_hash_table_insert(vendor->cves, g_strdup(id), cve);
        }
        return cve;
}

static void product_count(Vendor *vendor, const Advisory *advisory, size_t vulnerability, int number)
{
        const char *id = advisory_vulnerability_id(advisory, vulnerability);
        const AdvisoryProduct *product = advisory_product(advisory, (size_t)number);
        Family *family;
        AdvisoryScore score;
        Cve *cve;

        if (!match_product_is_of(product, vendor->key))
                return;
        cve = cve_of(vendor, id);
        cve->has_cpe = cve->has_cpe || product->cpe != NULL;
        if (advisory_score(advisory, vulnerability, number, &score))
                cve->severity = MAX(cve->severity, severity_of(score.severity));
        family = family_of(vendor, product);
        if (family != NULL)
                g_hash_table_add(family->cves, g_strdup(id));
}

static bool record_count(const char *source G_GNUC_UNUSED, const char *id, GBytes *body, void *payload,
                         GError **error)
{
        static const AdvisoryStatus affected[] = { STATUS_FIRST_AFFECTED, STATUS_KNOWN_AFFECTED,
                                                   STATUS_LAST_AFFECTED };
        g_autoptr(Advisory) advisory = advisory_load(body, error);

        if (advisory == NULL) {
                g_prefix_error(error, "%s: ", id);
                return false;
        }
        for (size_t i = 0; i < advisory_vulnerability_count(advisory); i++)
                for (size_t k = 0; k < G_N_ELEMENTS(affected); k++) {
                        size_t n;
                        const int *products = advisory_status(advisory, i, affected[k], &n);

                        for (size_t p = 0; p < n; p++)
                                product_count(payload, advisory, i, products[p]);
                }
        return true;
}

/* Which of them are exploited. */
static bool exploited_mark(Vendor *vendor, Feeds *feeds, GError **error)
{
        GHashTableIter iter, families;
        gpointer id, cve, family;

        g_hash_table_iter_init(&iter, vendor->cves);
        while (g_hash_table_iter_next(&iter, &id, &cve)) {
                g_autoptr(GError) why = NULL;
                g_autoptr(GBytes) record = feeds_get(feeds, "kev", id, &why);

                if (why != NULL) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                ((Cve *)cve)->kev = record != NULL;
                if (record == NULL)
                        continue;
                g_hash_table_iter_init(&families, vendor->families);
                while (g_hash_table_iter_next(&families, NULL, &family))
                        ((Family *)family)->kev += g_hash_table_contains(((Family *)family)->cves, id);
        }
        return true;
}

bool vendor_count(Vendor *vendor, Feeds *feeds, GError **error)
{
        g_autoptr(GPtrArray) keys = g_ptr_array_new();

        if (feeds == NULL)
                return true;
        g_ptr_array_add(keys, vendor->key);
        return feeds_find(feeds, keys, record_count, vendor, error) && exploited_mark(vendor, feeds, error);
}

/* ---- what is installed ---- */

void vendors_clear(Vendors *vendors)
{
        inventory_free(vendors->inventory);
        feed_health_free(vendors->health);
        feeds_close(vendors->feeds);
        g_clear_pointer(&vendors->vendors, g_tree_unref);
}
static gint key_compare(gconstpointer a, gconstpointer b, gpointer data G_GNUC_UNUSED)
{
        return strcmp(a, b);
}

static Vendor *vendor_of(const Vendors *vendors, const Thing *component)
{
        const char *name = thing_text(component, "vendor");
        g_autofree char *key = name == NULL ? NULL : match_vendor_key(name);

        return key == NULL ? NULL : g_tree_lookup(vendors->vendors, key);
}

/* An asset speaks for what it is an instance of. */
static const Thing *component_of(const Thing *subject)
{
        return subject->kind == ZW_KIND_ASSET && subject->components.n > 0
                       ? things_at(&subject->components, 0)
                       : subject;
}

typedef struct {
        Call *call;
        Instant first, fixed; /* the finding's making, and its last move to fixed; 0 */
} Fixing;

static bool time_keep(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        *(Instant *)payload = commit->time;
        return true;
}

static bool revision_look(const ItemRev *rev, void *payload, GError **error)
{
        Fixing *fixing = payload;
        Instant time = 0;

        if (rev->from_seq > fixing->call->at)
                return true;
        if (fixing->first != 0 && (rev->state != ZW_STATE_FIXED || fixing->fixed != 0)) {
                fixing->fixed = rev->state == ZW_STATE_FIXED ? fixing->fixed : 0;
                return true;
        }
        if (!store_each_commit(fixing->call->view, &fixing->call->project->log, rev->from_seq, rev->from_seq,
                               time_keep, &time, error))
                return false;
        if (fixing->first == 0)
                fixing->first = time;
        if (rev->state == ZW_STATE_FIXED)
                fixing->fixed = time;
        return true;
}

static bool fixed_note(const Vendors *vendors, const Thing *finding, Vendor *vendor, GError **error)
{
        Call *call = vendors->call;
        g_autoptr(StoreItem)
                item = store_item_by_key(call->view, &call->project->log, finding->key, call->at, error);
        Fixing fixing = { .call = call };
        int64_t days;

        if (item == NULL || !store_each_revision(call->view, &call->project->log, store_item_rev(item)->no,
                                                 revision_look, &fixing, error))
                return false;
        if (fixing.fixed == 0)
                return true;
        days = (fixing.fixed - fixing.first) / ZW_DAY_MS;
        g_array_append_val(vendor->fixed_days, days);
        return true;
}

static bool finding_note(const Vendors *vendors, const Thing *finding, GError **error)
{
        for (guint i = 0; i < finding->subjects.n; i++) {
                Vendor *vendor = vendor_of(vendors, component_of(things_at(&finding->subjects, i)));

                if (vendor == NULL)
                        continue;
                if (finding_state_is_open(finding->state))
                        g_ptr_array_add(vendor->open, (gpointer)(uintptr_t)finding->key);
                else if (finding->state == ZW_STATE_FIXED && !fixed_note(vendors, finding, vendor, error))
                        return false;
                return true;
        }
        return true;
}

static void component_note(Vendors *vendors, const Thing *component)
{
        const char *name = thing_text(component, "vendor");
        g_autofree char *key = name == NULL ? NULL : match_vendor_key(name);

        if (key != NULL)
                vendors_get(vendors, key, name)->components++;
}

bool vendors_load(Vendors *vendors, GError **error)
{
        Call *call = vendors->call;
        const char *dir = store_dir(call->service->store);

        vendors->vendors = g_tree_new_full(key_compare, NULL, NULL, vendor_free);
        vendors->health = feed_health_load(call->service, call->instant, error);
        vendors->inventory = vendors->health == NULL
                                     ? NULL
                                     : inventory_load(call->view, &call->project->log, NULL, error);
        if (vendors->inventory == NULL)
                return false;
        if (feeds_exist(dir)) {
                vendors->feeds = feeds_open(dir, error);
                if (vendors->feeds == NULL)
                        return false;
        }
        for (guint i = 0; i < vendors->inventory->things->len; i++) {
                const Thing *thing = vendors->inventory->things->pdata[i];

                if (thing->kind == ZW_KIND_COMPONENT && !thing->retired)
                        component_note(vendors, thing);
        }
        for (guint i = 0; i < vendors->inventory->things->len; i++) {
                const Thing *thing = vendors->inventory->things->pdata[i];

                if (thing->kind == ZW_KIND_FINDING && !thing->retired && !finding_note(vendors, thing, error))
                        return false;
        }
        return true;
}

Vendor *vendors_get(Vendors *vendors, const char *key, const char *name)
{
        Vendor *vendor = g_tree_lookup(vendors->vendors, key);

        if (vendor != NULL)
                return vendor;
        vendor = vendor_new(key, name);
        g_tree_insert(vendors->vendors, vendor->key, vendor);
        return vendor;
}
