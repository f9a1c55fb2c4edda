#include "service/interchange/part.h"

#include <string.h>

enum { THINGS_MAX = 50000 }; /* reading one item costs as much as some fifty in a row */

struct Part {
        StoreView *view;
        const Id *log;
        Seq seq;
        Inventory *inventory;
        GHashTable *things;   /* number of an item → Thing, or NULL where there is none */
        GHashTable *links[2]; /* by PartSide: number of an item → GArray of PartLink */
        bool full;
};

static void links_free(gpointer links)
{
        g_array_unref(links);
}

Part *part_new(StoreView *view, const Id *log, Seq seq)
{
        Part *part = g_new0(Part, 1);

        part->view = view;
        part->log = log;
        part->seq = seq;
        part->inventory = inventory_new();
        part->things = g_hash_table_new(NULL, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(part->links); i++)
                part->links[i] = g_hash_table_new_full(NULL, NULL, NULL, links_free);
        return part;
}

void part_free(Part *part)
{
        if (part == NULL)
                return;
        for (size_t i = 0; i < G_N_ELEMENTS(part->links); i++)
                g_hash_table_unref(part->links[i]);
        g_hash_table_unref(part->things);
        inventory_free(part->inventory);
        g_free(part);
}

bool part_is_full(const Part *part)
{
        return part->full;
}

bool part_thing(Part *part, ItemNo no, Thing **ret_thing, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(GError) why = NULL;
        gpointer found;
        Thing *thing;

        if (g_hash_table_lookup_extended(part->things, GUINT_TO_POINTER(no), NULL, &found)) {
                *ret_thing = found;
                return true;
        }
        part->full = part->full || g_hash_table_size(part->things) >= THINGS_MAX;
        if (part->full) {
                error_set(error, ZW_ERR_LIMIT, NULL, "too much of what is installed is asked for");
                return false;
        }
        item = store_item_by_no(part->view, part->log, no, part->seq, &why);
        if (item == NULL && !g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        thing = item == NULL ? NULL : inventory_take(part->inventory, store_item_rev(item));
        if (thing != NULL)
                thing->aside = true;
        g_hash_table_insert(part->things, GUINT_TO_POINTER(no), thing);
        *ret_thing = thing;
        return true;
}

static bool link_keep(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        const PartLink link = { rev->from, rev->to, rev->type, rev->as };

        if (inventory_has_link(rev->type))
                g_array_append_val((GArray *)payload, link);
        return true;
}

const GArray *part_links(Part *part, const Thing *thing, PartSide side, GError **error)
{
        GArray *links = g_hash_table_lookup(part->links[side], GUINT_TO_POINTER(thing->no));

        if (links != NULL)
                return links;
        links = g_array_new(FALSE, FALSE, sizeof(PartLink));
        g_hash_table_insert(part->links[side], GUINT_TO_POINTER(thing->no), links);
        return store_each_link_of(part->view, part->log, side == PART_OUT ? thing->no : ZW_ITEM_NONE,
                                  side == PART_IN ? thing->no : ZW_ITEM_NONE, part->seq, link_keep, links,
                                  error)
                       ? links
                       : NULL;
}

/* ---- what a thing is matched by and belongs to ---- */

typedef struct {
        Part *part;
        GPtrArray *ahead; /* of Thing */
} Settling;

static bool ahead_put(Settling *settling, ItemNo no, GError **error)
{
        Thing *thing;

        if (!part_thing(settling->part, no, &thing, error))
                return false;
        if (thing == NULL || !thing->aside)
                return true;
        thing->aside = false;
        g_ptr_array_add(settling->ahead, thing);
        return true;
}

/* Of an asset, what it is an instance of gives it names; that belongs elsewhere, too, which does not matter here. */
static bool outward(Settling *settling, const Thing *thing, GError **error)
{
        const GArray *links = part_links(settling->part, thing, PART_OUT, error);
        Thing *component;

        for (guint i = 0; links != NULL && i < links->len; i++) {
                const PartLink *link = &g_array_index(links, PartLink, i);

                if (link->type == ZW_LINK_PART_OF
                            ? !ahead_put(settling, link->to, error)
                            : link->type == ZW_LINK_INSTANCE_OF &&
                                      !part_thing(settling->part, link->to, &component, error))
                        return false;
        }
        return links != NULL;
}

/* What a component is installed on: it also says whether the component is there as it is written down. */
static bool instances(Settling *settling, const Thing *component, GError **error)
{
        const GArray *links = part_links(settling->part, component, PART_IN, error);

        for (guint i = 0; links != NULL && i < links->len; i++) {
                const PartLink *link = &g_array_index(links, PartLink, i);

                if (link->type == ZW_LINK_INSTANCE_OF && !ahead_put(settling, link->from, error))
                        return false;
        }
        return links != NULL;
}

bool part_settle(Part *part, Thing *thing, GError **error)
{
        g_autoptr(GPtrArray) ahead = g_ptr_array_new();
        Settling settling = { part, ahead };

        if (!ahead_put(&settling, thing->no, error))
                return false;
        while (ahead->len > 0) {
                const Thing *at = g_ptr_array_steal_index_fast(ahead, ahead->len - 1);

                if (!outward(&settling, at, error) ||
                    (at->kind == ZW_KIND_COMPONENT && !instances(&settling, at, error)))
                        return false;
        }
        return true;
}

/* ---- all of it ---- */

static int thing_order(gconstpointer a, gconstpointer b)
{
        const Thing *x = *(Thing *const *)a, *y = *(Thing *const *)b;

        return x->no < y->no ? -1 : x->no > y->no;
}

static int link_order(gconstpointer a, gconstpointer b)
{
        const PartLink *x = a, *y = b;

        if (x->from != y->from)
                return x->from < y->from ? -1 : 1;
        if (x->type != y->type)
                return strcmp(link_type_def(x->type)->name, link_type_def(y->type)->name);
        return x->to < y->to ? -1 : x->to > y->to;
}

static GArray *links_all(const Part *part)
{
        GArray *all = g_array_new(FALSE, FALSE, sizeof(PartLink));

        for (size_t i = 0; i < G_N_ELEMENTS(part->links); i++) {
                GHashTableIter iter;
                gpointer links;

                g_hash_table_iter_init(&iter, part->links[i]);
                while (g_hash_table_iter_next(&iter, NULL, &links))
                        g_array_append_vals(all, ((GArray *)links)->data, ((GArray *)links)->len);
        }
        g_array_sort(all, link_order);
        return all;
}

/* A link that was read from both of its ends says the same twice. */
Inventory *part_take(Part *part)
{
        g_autoptr(GArray) links = links_all(part);

        g_ptr_array_sort(part->inventory->things, thing_order);
        for (guint i = 0; i < links->len; i++) {
                const PartLink *link = &g_array_index(links, PartLink, i);
                Thing *from = g_hash_table_lookup(part->things, GUINT_TO_POINTER(link->from)),
                      *to = g_hash_table_lookup(part->things, GUINT_TO_POINTER(link->to));

                if (from != NULL && to != NULL)
                        inventory_join(link->type, from, to);
        }
        return g_steal_pointer(&part->inventory);
}
