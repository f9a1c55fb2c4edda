/* Items that operations name: found in the store or in this changeset, and kept while they are needed. */
#include "service/changeset/resolve.h"

#include <string.h>

/* How many items have their members in memory: more than an operation names. */
enum { WARM_MAX = 256 };

void known_free(gpointer data)
{
        Known *known = data;

        g_free(known->key);
        json_decref(known->members);
        json_decref(known->merged);
        g_free(known);
}

static json_t *parse_text(const char *text)
{
        json_t *value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);

        return value == NULL ? json_null() : value;
}

json_t *members_of_rev(const ItemRev *rev)
{
        return json_pack("{s:s, s:s, s:o, s:s?, s:o, s:I, s:s?, s:o, s:o}", "title", rev->title, "body",
                         rev->body, "attrs", parse_text(rev->attrs), "owner", rev->owner, "tags",
                         parse_text(rev->tags), "order", (json_int_t)rev->order, "parent", rev->parent,
                         "source", parse_text(rev->source), "attachments", parse_text(rev->attachments));
}

Known *resolver_known_add(Resolver *r, Known *known)
{
        g_hash_table_insert(r->known, known->key, known);
        g_queue_push_tail(r->warm, known);
        return known;
}

static bool members_keep(Resolver *r, Known *known, GError **error)
{
        g_autoptr(Json) kept = json_pack("{s:O, s:O*}", "members", known->members, "merged", known->merged);

        known->at = spill_end(r->members);
        if (!spill_add_json(r->members, kept, error))
                return false;
        known->kept = true;
        known->fresh = false;
        return true;
}

bool resolver_cool(Resolver *r, GError **error)
{
        while (r->warm->length > WARM_MAX) {
                Known *known = g_queue_pop_head(r->warm);

                if (known->fresh && !members_keep(r, known, error))
                        return false;
                g_clear_pointer(&known->members, json_decref);
                g_clear_pointer(&known->merged, json_decref);
        }
        return true;
}

bool resolver_warm(Resolver *r, Known *known, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(Json) kept = NULL;

        if (known->members != NULL)
                return true;
        if (known->kept) {
                kept = spill_json(r->members, known->at, error);
                known->members = json_incref(json_object_get(kept, "members"));
                known->merged = json_incref(json_object_get(kept, "merged"));
        } else {
                item = store_item_by_no(r->context->view, &r->context->log, known->no, ZW_SEQ_OPEN - 1,
                                        error);
                known->members = item == NULL ? NULL : members_of_rev(store_item_rev(item));
        }
        if (known->members != NULL)
                g_queue_push_tail(r->warm, known);
        return known->members != NULL;
}

static Known *known_from_rev(Resolver *r, const ItemRev *rev)
{
        Known *known = g_new0(Known, 1);

        hex_encode(rev->id.b, ZW_ID_BYTES, known->id);
        known->key = g_strdup(rev->key);
        known->kind = rev->kind;
        known->state = rev->state;
        known->rev = rev->rev;
        known->subst = rev->subst;
        known->author = rev->author;
        known->no = rev->no;
        known->members = members_of_rev(rev);
        return resolver_known_add(r, known);
}

bool resolver_find_key(Resolver *r, const char *key, Known **ret_known, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(GError) why = NULL;

        *ret_known = g_hash_table_lookup(r->known, key);
        if (*ret_known != NULL)
                return resolver_warm(r, *ret_known, error);
        item = store_item_by_key(r->context->view, &r->context->log, key, ZW_SEQ_OPEN - 1, &why);
        if (item != NULL)
                *ret_known = known_from_rev(r, store_item_rev(item));
        else if (!g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        return true;
}

bool resolver_find_source(Resolver *r, const char *system, const char *id, Known **ret_known, GError **error)
{
        g_autofree char *name = g_strdup_printf("%s\n%s", system, id);
        g_autoptr(StoreItem) item = NULL;

        *ret_known = g_hash_table_lookup(r->sources, name);
        if (*ret_known != NULL)
                return resolver_warm(r, *ret_known, error);
        if (!store_item_by_source(r->context->view, &r->context->log, system, id, &item, error))
                return false;
        if (item == NULL)
                return true;
        *ret_known = g_hash_table_lookup(r->known, store_item_rev(item)->key);
        if (*ret_known == NULL)
                *ret_known = known_from_rev(r, store_item_rev(item));
        g_hash_table_insert(r->sources, g_steal_pointer(&name), *ret_known);
        return resolver_warm(r, *ret_known, error);
}

bool resolver_key_check(const char *key, GError **error)
{
        size_t n = strlen(key);

        if (n >= 1 && n <= ZW_ITEM_KEY_MAX && strcspn(key, " \t\r\n/\"'<>&\\") == n)
                return true;
        error_set(error, ZW_ERR_INPUT, "/key",
                  "a key has 1 to %d characters and none of space / \" ' < > & \\", ZW_ITEM_KEY_MAX);
        return false;
}

bool resolver_refused_check(const Resolver *r, const char *name, const char *shown, const char *where,
                            GError **error)
{
        const char *at = g_hash_table_lookup(r->refused, name);

        if (at == NULL)
                return true;
        error_set(error, ZW_ERR_INPUT, where, "%s was refused (%s)", shown, at);
        return false;
}

/* The key of an item this changeset has made, by its number among them: `{"created": 0}` is the first. */
static const char *created_key(const Resolver *r, const json_t *number)
{
        const json_t *keys = json_object_get(r->outcome, "keys");

        return json_string_value(json_array_get(keys, (size_t)json_integer_value(number)));
}

bool resolver_find_named(Resolver *r, const json_t *op, const char *member, Known **ret_known, GError **error)
{
        const json_t *value = json_object_get(op, member), *source = json_object_get(value, "source"),
                     *created = json_object_get(value, "created");
        const char *key = json_is_integer(created) ? created_key(r, created) : json_string_value(value);
        const char *system = json_string_value(json_array_get(source, 0)),
                   *id = json_string_value(json_array_get(source, 1));
        g_autofree char *where = g_strdup_printf("/%s", member), *name = NULL;

        if (key == NULL && (system == NULL || id == NULL)) {
                error_set(error, ZW_ERR_INPUT, where, "%s names an item by its key", member);
                return false;
        }
        if (key != NULL && !resolver_key_check(key, NULL)) {
                error_set(error, ZW_ERR_NOT_FOUND, where, "%s is no key", key);
                return false;
        }
        name = key != NULL ? g_strdup(key) : g_strdup_printf("%s\n%s", system, id);
        if (!resolver_refused_check(r, name, key != NULL ? key : id, where, error))
                return false;
        if (key != NULL ? !resolver_find_key(r, key, ret_known, error)
                        : !resolver_find_source(r, system, id, ret_known, error))
                return false;
        if (*ret_known != NULL)
                return true;
        error_set(error, ZW_ERR_NOT_FOUND, where, "there is no item %s", key != NULL ? key : id);
        return false;
}
