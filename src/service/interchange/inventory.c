#include "service/interchange/inventory.h"

#include "base/hash.h"

#include <string.h>

static bool is_place(KindId kind)
{
        return kind == ZW_KIND_ZONE || kind == ZW_KIND_CONDUIT;
}

/* What matching rests on. */
static bool is_matched(KindId kind)
{
        return kind == ZW_KIND_COMPONENT || kind == ZW_KIND_ASSET || kind == ZW_KIND_DOCUMENT ||
               kind == ZW_KIND_FINDING;
}

bool inventory_has_kind(KindId kind)
{
        return is_matched(kind) || kind == ZW_KIND_THREAT || is_place(kind);
}

bool inventory_has_link(LinkTypeId type)
{
        return type == ZW_LINK_PART_OF || type == ZW_LINK_INSTANCE_OF || type == ZW_LINK_CONCERNS ||
               type == ZW_LINK_EXPLOITS;
}

/* Its attributes are looked at one by one, and held against what is said of it. */
static bool has_attrs(KindId kind)
{
        return kind == ZW_KIND_FINDING || kind == ZW_KIND_THREAT;
}

static void thing_free(gpointer data)
{
        Thing *thing = data;

        json_decref(thing->attrs);
        things_clear(&thing->wholes);
        things_clear(&thing->components);
        things_clear(&thing->subjects);
        things_clear(&thing->places);
        things_clear(&thing->threats);
        g_free(thing);
}

/* ---- outside identities ---- */

typedef struct {
        const char *system, *id;
        Thing *thing;
} Source;

static guint source_hash(gconstpointer data)
{
        const Source *source = data;

        return (guint)(hash_keyed(source->system, strlen(source->system)) * 31 +
                       hash_keyed(source->id, strlen(source->id)));
}

static gboolean source_equal(gconstpointer a, gconstpointer b)
{
        const Source *x = a, *y = b;

        return strcmp(x->id, y->id) == 0 && strcmp(x->system, y->system) == 0;
}

Thing *inventory_find_source(const Inventory *inventory, const char *system, const char *id)
{
        const Source asked = { system, id, NULL };
        const Source *source = system == NULL || id == NULL
                                       ? NULL
                                       : g_hash_table_lookup(inventory->by_source, &asked);

        return source == NULL ? NULL : source->thing;
}

static void thing_put_source(Inventory *inventory, Thing *thing, const json_t *said)
{
        const char *system = jread_get_string(said, "system"), *id = jread_get_string(said, "id");
        Source *source;

        if (system == NULL || id == NULL ||
            (g_strcmp0(thing->system, system) == 0 && strcmp(thing->id, id) == 0 &&
             inventory_find_source(inventory, system, id) == thing))
                return;
        thing->system = g_string_chunk_insert_const(inventory->texts, system);
        thing->id = g_string_chunk_insert(inventory->texts, id);
        source = g_new(Source, 1);
        *source = (Source){ thing->system, thing->id, thing };
        g_hash_table_add(inventory->by_source, source);
}

/* ---- things ---- */

void inventory_free(Inventory *inventory)
{
        if (inventory == NULL)
                return;
        g_hash_table_unref(inventory->by_key);
        g_hash_table_unref(inventory->by_source);
        g_ptr_array_unref(inventory->things);
        g_string_chunk_free(inventory->texts);
        g_free(inventory);
}

Inventory *inventory_new(void)
{
        enum { TEXTS = 64 << 10 };
        Inventory *inventory = g_new0(Inventory, 1);

        inventory->things = g_ptr_array_new_with_free_func(thing_free);
        inventory->by_key = hash_table_new_text(NULL, NULL);
        inventory->by_source = g_hash_table_new_full(source_hash, source_equal, g_free, NULL);
        inventory->texts = g_string_chunk_new(TEXTS);
        return inventory;
}

static Thing *thing_new(Inventory *inventory, KindId kind, const char *key)
{
        Thing *thing = g_new0(Thing, 1);

        thing->kind = kind;
        thing->attrs = has_attrs(kind) ? json_object() : NULL;
        thing->texts = "";
        g_ptr_array_add(inventory->things, thing);
        if (key == NULL)
                return thing;
        thing->key = g_string_chunk_insert(inventory->texts, key);
        g_hash_table_insert(inventory->by_key, (gpointer)(uintptr_t)thing->key, thing);
        return thing;
}

Thing *inventory_find(const Inventory *inventory, const json_t *named)
{
        const json_t *source = json_object_get(named, "source");

        if (json_is_string(named))
                return g_hash_table_lookup(inventory->by_key, json_string_value(named));
        return inventory_find_source(inventory, json_string_value(json_array_get(source, 0)),
                                     json_string_value(json_array_get(source, 1)));
}

/* ---- what the store has ---- */

typedef struct {
        Inventory *inventory;
        GPtrArray *by_no; /* Thing or NULL, by number of the item */
} Load;

static void attachments_see(const Inventory *inventory, Thing *thing, const char *text)
{
        g_autoptr(Json) list = text == NULL ? NULL : json_loads(text, 0, NULL);
        const json_t *one;
        size_t i;

        json_array_foreach(list, i, one)
        {
                const char *digest = jread_get_string(one, "sha256");

                if (g_strcmp0(jread_get_string(one, "name"), ZW_ASSERTIONS_NAME) == 0)
                        thing->digest = digest == NULL ? NULL
                                                       : g_string_chunk_insert(inventory->texts, digest);
        }
}

Thing *inventory_take(Inventory *inventory, const ItemRev *rev)
{
        g_autoptr(Json) source = NULL, attrs = NULL;
        Thing *thing;

        if (!inventory_has_kind(rev->kind))
                return NULL;
        thing = thing_new(inventory, rev->kind, rev->key);
        thing->no = rev->no;
        thing->stored = true;
        thing->state = rev->state;
        thing->retired = (state_def(rev->state)->flags & STATE_RETIRED) != 0;
        attrs = json_loads(rev->attrs, 0, NULL);
        thing_set_attrs(inventory->texts, thing, attrs);
        source = rev->source == NULL ? NULL : json_loads(rev->source, 0, NULL);
        thing_put_source(inventory, thing, source);
        if (rev->kind == ZW_KIND_DOCUMENT)
                attachments_see(inventory, thing, rev->attachments);
        return thing;
}

static bool item_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Load *load = payload;
        Thing *thing = inventory_take(load->inventory, rev);

        if (thing == NULL)
                return true;
        if (rev->no >= load->by_no->len)
                g_ptr_array_set_size(load->by_no, (int)rev->no + 1);
        load->by_no->pdata[rev->no] = thing;
        return true;
}

/* What a link between two things says; `remove` takes it back. */
static void link_apply(LinkTypeId type, Thing *from, Thing *to, bool remove)
{
        const struct {
                bool applies;
                Things *list;
                Thing *other;
        } rows[] = {
                { type == ZW_LINK_PART_OF && from->kind == ZW_KIND_COMPONENT, &from->wholes, to },
                { type == ZW_LINK_INSTANCE_OF, &from->components, to },
                { type == ZW_LINK_INSTANCE_OF, &to->wholes, from },
                { type == ZW_LINK_CONCERNS && from->kind == ZW_KIND_FINDING, &from->subjects, to },
                { type == ZW_LINK_PART_OF && is_place(to->kind), &from->places, to },
                { type == ZW_LINK_EXPLOITS, &to->threats, from },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                if (!rows[i].applies)
                        continue;
                if (remove)
                        things_remove(rows[i].list, rows[i].other);
                else
                        things_add(rows[i].list, rows[i].other);
        }
}

void inventory_join(LinkTypeId type, Thing *from, Thing *to)
{
        link_apply(type, from, to, false);
}

static bool link_see(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Load *load = payload;
        Thing *from = rev->from < load->by_no->len ? load->by_no->pdata[rev->from] : NULL;
        Thing *to = rev->to < load->by_no->len ? load->by_no->pdata[rev->to] : NULL;

        if (from != NULL && from->kind == ZW_KIND_ASSET && rev->type == ZW_LINK_PART_OF)
                from->placed = true;
        if (from != NULL && to != NULL)
                inventory_join(rev->type, from, to);
        return true;
}

/* ---- what the changeset does ---- */

static Thing *item_of(Inventory *inventory, const json_t *op)
{
        const json_t *source = json_object_get(op, "source");
        const char *key = jread_get_string(op, "key"), *name = jread_get_string(op, "kind");
        Thing *thing = key != NULL ? g_hash_table_lookup(inventory->by_key, key)
                                   : inventory_find_source(inventory, jread_get_string(source, "system"),
                                                           jread_get_string(source, "id"));
        KindId kind;

        if (thing != NULL || name == NULL || !kind_find(name, &kind) || !inventory_has_kind(kind))
                return thing;
        thing = thing_new(inventory, kind, key);
        thing->state = lifecycle_initial(kind_def(kind)->lifecycle);
        return thing;
}

static void item_apply(Inventory *inventory, const json_t *op)
{
        Thing *thing = item_of(inventory, op);

        if (thing == NULL)
                return;
        thing_put_source(inventory, thing, json_object_get(op, "source"));
        thing_set_attrs(inventory->texts, thing, json_object_get(op, "attrs"));
}

static void state_apply(Inventory *inventory, const json_t *op, const char *to)
{
        Thing *thing = inventory_find(inventory, json_object_get(op, "key"));
        StateId state;

        if (thing == NULL || to == NULL || !state_find(to, &state))
                return;
        thing->state = state;
        thing->retired = (state_def(state)->flags & STATE_RETIRED) != 0;
}

static bool op_apply(json_t *op, void *payload, GError **error G_GNUC_UNUSED)
{
        Inventory *inventory = payload;
        const char *name = jread_get_string(op, "op"), *type_name = jread_get_string(op, "type");
        Thing *from, *to;
        LinkTypeId type;

        if (g_strcmp0(name, "item") == 0)
                item_apply(inventory, op);
        else if (g_strcmp0(name, "retire") == 0)
                state_apply(inventory, op, "retired");
        else if (g_strcmp0(name, "transition") == 0)
                state_apply(inventory, op, jread_get_string(op, "to"));
        if ((g_strcmp0(name, "link") != 0 && g_strcmp0(name, "unlink") != 0) || type_name == NULL ||
            !link_type_find(type_name, &type))
                return true;
        from = inventory_find(inventory, json_object_get(op, "from"));
        to = inventory_find(inventory, json_object_get(op, "to"));
        if (from != NULL && from->kind == ZW_KIND_ASSET && type == ZW_LINK_PART_OF)
                from->placed = strcmp(name, "link") == 0;
        if (from != NULL && to != NULL)
                link_apply(type, from, to, strcmp(name, "unlink") == 0);
        return true;
}

bool inventory_op_touches(const json_t *op)
{
        static const char *const always[] = { "advisory", "retire", "transition", NULL };
        const char *name = jread_get_string(op, "op"), *kind_name = jread_get_string(op, "kind"),
                   *type = jread_get_string(op, "type");
        KindId kind;

        if (name == NULL)
                return false;
        if (g_strv_contains(always, name))
                return true;
        if (strcmp(name, "item") == 0 &&
            (kind_name == NULL || (kind_find(kind_name, &kind) && is_matched(kind))))
                return true;
        return g_str_has_suffix(name, "link") &&
               (g_strcmp0(type, link_type_def(ZW_LINK_INSTANCE_OF)->name) == 0 ||
                g_strcmp0(type, link_type_def(ZW_LINK_PART_OF)->name) == 0);
}

Inventory *inventory_load(StoreView *view, const Id *log, const OpSource *ops, GError **error)
{
        g_autoptr(Inventory) inventory = inventory_new();
        g_autoptr(GPtrArray) by_no = g_ptr_array_new();
        Load load = { inventory, by_no };

        if (!store_each_item(view, log, ZW_SEQ_OPEN - 1, item_see, &load, error) ||
            !store_each_link(view, log, ZW_SEQ_OPEN - 1, link_see, &load, error) ||
            (ops != NULL && !ops->each(ops->payload, op_apply, inventory, error)))
                return NULL;
        return g_steal_pointer(&inventory);
}
