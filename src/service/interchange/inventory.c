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

static bool is_wanted(KindId kind)
{
        return is_matched(kind) || kind == ZW_KIND_THREAT || is_place(kind);
}

static void thing_free(gpointer data)
{
        Thing *thing = data;

        g_free(thing->key);
        g_free(thing->system);
        g_free(thing->id);
        json_decref(thing->attrs);
        g_free(thing->digest);
        g_ptr_array_unref(thing->wholes);
        g_ptr_array_unref(thing->components);
        g_ptr_array_unref(thing->subjects);
        g_ptr_array_unref(thing->places);
        g_ptr_array_unref(thing->threats);
        g_free(thing);
}

void inventory_free(Inventory *inventory)
{
        if (inventory == NULL)
                return;
        g_hash_table_unref(inventory->by_key);
        g_hash_table_unref(inventory->by_source);
        g_ptr_array_unref(inventory->things);
        g_free(inventory);
}

static Inventory *inventory_new(void)
{
        Inventory *inventory = g_new0(Inventory, 1);

        inventory->things = g_ptr_array_new_with_free_func(thing_free);
        inventory->by_key = hash_table_new_text(NULL, NULL);
        inventory->by_source = hash_table_new_text(g_free, NULL);
        return inventory;
}

static Thing *thing_new(Inventory *inventory, KindId kind)
{
        Thing *thing = g_new0(Thing, 1);

        thing->kind = kind;
        thing->attrs = json_object();
        thing->wholes = g_ptr_array_new();
        thing->components = g_ptr_array_new();
        thing->subjects = g_ptr_array_new();
        thing->places = g_ptr_array_new();
        thing->threats = g_ptr_array_new();
        g_ptr_array_add(inventory->things, thing);
        return thing;
}

static void thing_put_source(Inventory *inventory, Thing *thing, const json_t *source)
{
        const char *system = jread_get_string(source, "system"), *id = jread_get_string(source, "id");

        if (system == NULL || id == NULL)
                return;
        g_free(thing->system);
        g_free(thing->id);
        thing->system = g_strdup(system);
        thing->id = g_strdup(id);
        g_hash_table_insert(inventory->by_source, g_strdup_printf("%s\n%s", system, id), thing);
}

Thing *inventory_find_source(const Inventory *inventory, const char *system, const char *id)
{
        g_autofree char *name = system == NULL || id == NULL ? NULL : g_strdup_printf("%s\n%s", system, id);

        return name == NULL ? NULL : g_hash_table_lookup(inventory->by_source, name);
}

Thing *inventory_find(const Inventory *inventory, const json_t *named)
{
        const json_t *source = json_object_get(named, "source");

        if (json_is_string(named))
                return g_hash_table_lookup(inventory->by_key, json_string_value(named));
        return inventory_find_source(inventory, json_string_value(json_array_get(source, 0)),
                                     json_string_value(json_array_get(source, 1)));
}

json_t *thing_name(const Thing *thing)
{
        if (thing->key != NULL)
                return json_string(thing->key);
        return thing->system == NULL ? NULL : json_pack("{s:[s, s]}", "source", thing->system, thing->id);
}

const char *thing_text(const Thing *thing, const char *name)
{
        const char *text = jread_get_string(thing->attrs, name);

        return text == NULL || text[strspn(text, " \t")] == '\0' ? NULL : text;
}

/* ---- what the store has ---- */

typedef struct {
        Inventory *inventory;
        GPtrArray *by_no; /* Thing or NULL, by number of the item */
} Load;

static void attachments_see(Thing *thing, const char *text)
{
        g_autoptr(Json) list = text == NULL ? NULL : json_loads(text, 0, NULL);
        const json_t *one;
        size_t i;

        json_array_foreach(list, i, one)
        {
                if (g_strcmp0(jread_get_string(one, "name"), ZW_ASSERTIONS_NAME) != 0)
                        continue;
                g_free(thing->digest);
                thing->digest = g_strdup(jread_get_string(one, "sha256"));
        }
}

static bool item_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Load *load = payload;
        g_autoptr(Json) source = NULL;
        json_t *attrs;
        Thing *thing;

        if (!is_wanted(rev->kind))
                return true;
        thing = thing_new(load->inventory, rev->kind);
        thing->stored = true;
        thing->state = rev->state;
        thing->retired = (state_def(rev->state)->flags & STATE_RETIRED) != 0;
        thing->key = g_strdup(rev->key);
        g_hash_table_insert(load->inventory->by_key, thing->key, thing);
        attrs = json_loads(rev->attrs, 0, NULL);
        if (attrs != NULL) {
                json_decref(thing->attrs);
                thing->attrs = attrs;
        }
        source = rev->source == NULL ? NULL : json_loads(rev->source, 0, NULL);
        thing_put_source(load->inventory, thing, source);
        attachments_see(thing, rev->attachments);
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
                GPtrArray *list;
                Thing *other;
        } rows[] = {
                { type == ZW_LINK_PART_OF && from->kind == ZW_KIND_COMPONENT, from->wholes, to },
                { type == ZW_LINK_INSTANCE_OF, from->components, to },
                { type == ZW_LINK_INSTANCE_OF, to->wholes, from },
                { type == ZW_LINK_CONCERNS && from->kind == ZW_KIND_FINDING, from->subjects, to },
                { type == ZW_LINK_PART_OF && is_place(to->kind), from->places, to },
                { type == ZW_LINK_EXPLOITS, to->threats, from },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                if (!rows[i].applies)
                        continue;
                if (remove)
                        g_ptr_array_remove(rows[i].list, rows[i].other);
                else if (!g_ptr_array_find(rows[i].list, rows[i].other, NULL))
                        g_ptr_array_add(rows[i].list, rows[i].other);
        }
}

static bool link_see(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Load *load = payload;
        Thing *from = rev->from < load->by_no->len ? load->by_no->pdata[rev->from] : NULL;
        Thing *to = rev->to < load->by_no->len ? load->by_no->pdata[rev->to] : NULL;

        if (from != NULL && from->kind == ZW_KIND_ASSET && rev->type == ZW_LINK_PART_OF)
                from->placed = true;
        if (from != NULL && to != NULL)
                link_apply(rev->type, from, to, false);
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

        if (thing != NULL || name == NULL || !kind_find(name, &kind) || !is_wanted(kind))
                return thing;
        thing = thing_new(inventory, kind);
        thing->state = lifecycle_initial(kind_def(kind)->lifecycle);
        if (key != NULL) {
                thing->key = g_strdup(key);
                g_hash_table_insert(inventory->by_key, thing->key, thing);
        }
        return thing;
}

static void item_apply(Inventory *inventory, const json_t *op)
{
        Thing *thing = item_of(inventory, op);
        const char *name;
        json_t *value;

        if (thing == NULL)
                return;
        thing_put_source(inventory, thing, json_object_get(op, "source"));
        json_object_foreach(json_object_get(op, "attrs"), name, value)
        {
                if (json_is_null(value))
                        json_object_del(thing->attrs, name);
                else
                        json_object_set(thing->attrs, name, value);
        }
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

static void op_apply(Inventory *inventory, const json_t *op)
{
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
                return;
        from = inventory_find(inventory, json_object_get(op, "from"));
        to = inventory_find(inventory, json_object_get(op, "to"));
        if (from != NULL && from->kind == ZW_KIND_ASSET && type == ZW_LINK_PART_OF)
                from->placed = strcmp(name, "link") == 0;
        if (from != NULL && to != NULL)
                link_apply(type, from, to, strcmp(name, "unlink") == 0);
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

bool inventory_is_touched(const json_t *ops)
{
        const json_t *op;
        size_t i;

        json_array_foreach(ops, i, op)
        {
                if (inventory_op_touches(op))
                        return true;
        }
        return false;
}

Inventory *inventory_load(StoreView *view, const Id *log, const json_t *ops, GError **error)
{
        g_autoptr(Inventory) inventory = inventory_new();
        g_autoptr(GPtrArray) by_no = g_ptr_array_new();
        Load load = { inventory, by_no };
        const json_t *op;
        size_t i;

        if (!store_each_item(view, log, ZW_SEQ_OPEN - 1, item_see, &load, error) ||
            !store_each_link(view, log, ZW_SEQ_OPEN - 1, link_see, &load, error))
                return NULL;
        json_array_foreach(ops, i, op) op_apply(inventory, op);
        return g_steal_pointer(&inventory);
}
