/* Vulnerabilities that matching cannot place by itself: the feeds name a vendor of the inventory, no source gives a CPE name, and no
 * finding is there. They are for a person to look at, in pages; none is dropped, and all are counted. */
#include "service/feeds/feed_health.h"
#include "service/interchange/inventory.h"
#include "service/internal.h"
#include "service/lists/paging.h"
#include "store/feeds.h"
#include "vuln/match.h"

#include "base/hash.h"

#include <string.h>

typedef struct {
        Inventory *inventory;
        Feeds *feeds;
        GHashTable *vendors; /* key of a vendor → GPtrArray of Things that are his; borrowed */
        GHashTable *found;   /* ids of vulnerabilities that have a finding, as a set; borrowed */
        GHashTable *told;    /* ids that have a row, as a set */
        JWrite *w;
        const char *after; /* `source id` of the last row of the page before; NULL: from the first */
        uint32_t limit;
        size_t rows, count; /* on this page, and in all */
        char *last, *next;  /* the last row on this page, and that again once there is one behind it */
} Queue;

static void list_free(gpointer list)
{
        g_ptr_array_unref(list);
}

static void queue_clear(Queue *queue)
{
        inventory_free(queue->inventory);
        feeds_close(queue->feeds);
        g_hash_table_unref(queue->vendors);
        g_hash_table_unref(queue->found);
        g_hash_table_unref(queue->told);
        g_free(queue->last);
        g_free(queue->next);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Queue, queue_clear)

static void vendor_note(Queue *queue, Thing *component)
{
        const char *vendor = thing_text(component, "vendor");
        g_autofree char *key = vendor == NULL ? NULL : match_vendor_key(vendor);
        GPtrArray *list = key == NULL ? NULL : g_hash_table_lookup(queue->vendors, key);

        if (key == NULL)
                return;
        if (list == NULL) {
                list = g_ptr_array_new();
                g_hash_table_insert(queue->vendors, g_steal_pointer(&key), list);
        }
        g_ptr_array_add(list, component);
}

static void inventory_note(Queue *queue)
{
        for (guint i = 0; i < queue->inventory->things->len; i++) {
                Thing *thing = queue->inventory->things->pdata[i];
                const char *vulnerability = thing->kind == ZW_KIND_FINDING
                                                    ? thing_text(thing, "vulnerability")
                                                    : NULL;

                if (vulnerability != NULL)
                        g_hash_table_add(queue->found, (gpointer)(uintptr_t)vulnerability);
                if (thing->kind == ZW_KIND_COMPONENT && !thing->retired)
                        vendor_note(queue, thing);
        }
}

static bool names_cpe(const Advisory *advisory)
{
        for (size_t i = 0; i < advisory_product_count(advisory); i++)
                if (advisory_product(advisory, i)->cpe != NULL)
                        return true;
        return false;
}

/* Whether another source knows the vulnerability by CPE names. */
static bool cpe_elsewhere(const Queue *queue, const char *id, bool *ret_has, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autoptr(GBytes) record = feeds_get(queue->feeds, "nvd", id, &why);
        g_autoptr(Advisory) advisory = NULL;

        *ret_has = false;
        if (why != NULL) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        advisory = record == NULL ? NULL : advisory_load(record, error);
        if (record != NULL && advisory == NULL)
                return false;
        *ret_has = advisory != NULL && names_cpe(advisory);
        return true;
}

/* The first product of a vendor of the inventory; NULL when there is none. */
static const AdvisoryProduct *product_of(const Queue *queue, const Advisory *advisory,
                                         GPtrArray **ret_components)
{
        for (size_t i = 0; i < advisory_product_count(advisory); i++) {
                const AdvisoryProduct *product = advisory_product(advisory, i);
                g_autofree char *key = product->vendor == NULL ? NULL : match_vendor_key(product->vendor);

                *ret_components = key == NULL ? NULL : g_hash_table_lookup(queue->vendors, key);
                if (*ret_components != NULL)
                        return product;
        }
        return NULL;
}

static void row_write(JWrite *w, const char *source, const char *id, const char *title,
                      const AdvisoryProduct *product, const GPtrArray *components)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "vulnerability", id);
        jwrite_key_string(w, "source", source);
        jwrite_key_string(w, "title", title);
        jwrite_key_string(w, "vendor", product->vendor);
        jwrite_key_string(w, "product", product->product != NULL ? product->product : product->name);
        jwrite_key_string(w, "range", product->range != NULL ? product->range : product->version);
        jwrite_key(w, "components");
        jwrite_array_begin(w);
        for (guint i = 0; i < components->len; i++)
                jwrite_string(w, ((const Thing *)components->pdata[i])->key);
        jwrite_array_end(w);
        jwrite_object_end(w);
}

/* Records come in the order of source and id. */
static bool is_behind(const char *source, const char *id, const char *after)
{
        const size_t n = strcspn(after, " ");
        g_autofree char *last = g_strndup(after, n);
        const int order = strcmp(source, last);

        return order > 0 || (order == 0 && after[n] == ' ' && strcmp(id, after + n + 1) > 0);
}

static void row_add(Queue *queue, const char *source, const char *id, const char *title,
                    const AdvisoryProduct *product, const GPtrArray *components)
{
        queue->count++;
        if (queue->after != NULL && !is_behind(source, id, queue->after))
                return;
        if (queue->rows == queue->limit) {
                if (queue->next == NULL)
                        queue->next = g_steal_pointer(&queue->last);
                return;
        }
        queue->rows++;
        g_free(queue->last);
        queue->last = g_strdup_printf("%s %s", source, id);
        row_write(queue->w, source, id, title, product, components);
}

static bool record_look(const char *source, const char *id, GBytes *body, void *payload, GError **error)
{
        Queue *queue = payload;
        g_autoptr(Advisory) advisory = NULL;
        const AdvisoryProduct *product;
        GPtrArray *components = NULL;
        bool elsewhere;

        if (g_hash_table_contains(queue->found, id) || g_hash_table_contains(queue->told, id))
                return true;
        advisory = advisory_load(body, error);
        if (advisory == NULL || !cpe_elsewhere(queue, id, &elsewhere, error))
                return false;
        product = elsewhere || names_cpe(advisory) ? NULL : product_of(queue, advisory, &components);
        if (product == NULL)
                return true;
        g_hash_table_add(queue->told, g_strdup(id));
        row_add(queue, source, id, advisory_title(advisory), product, components);
        return true;
}

static bool feeds_look(Queue *queue, const char *dir, GError **error)
{
        g_autoptr(GPtrArray) keys = g_ptr_array_new();
        GHashTableIter iter;
        gpointer key;

        queue->feeds = feeds_open(dir, error);
        if (queue->feeds == NULL)
                return false;
        g_hash_table_iter_init(&iter, queue->vendors);
        while (g_hash_table_iter_next(&iter, &key, NULL))
                g_ptr_array_add(keys, key);
        return keys->len == 0 || feeds_find(queue->feeds, keys, record_look, queue, error);
}

bool usecase_match_queue(Call *call, JWrite *w, GError **error)
{
        const char *dir = store_dir(call->service->store), *after = jread_get_string(call->input, "after");
        g_autoptr(FeedHealth) health = NULL;
        g_auto(Queue) queue = { .vendors = hash_table_new_text(g_free, list_free),
                                .found = hash_table_new_text(NULL, NULL),
                                .told = hash_table_new_text(g_free, NULL),
                                .after = after == NULL || after[0] == '\0' ? NULL : after,
                                .w = w };

        if (!paging_limit(call, &queue.limit, error))
                return false;
        queue.inventory = inventory_load(call->view, &call->project->log, NULL, error);
        health = queue.inventory == NULL ? NULL : feed_health_load(call->service, call->instant, error);
        if (health == NULL)
                return false;
        inventory_note(&queue);
        jwrite_object_begin(w);
        feed_health_key(health, w);
        jwrite_key(w, "rows");
        jwrite_array_begin(w);
        if (feeds_exist(dir) && !feeds_look(&queue, dir, error))
                return false;
        jwrite_array_end(w);
        paging_write(call, w, (int64_t)queue.count, false, queue.next);
        jwrite_object_end(w);
        return true;
}
