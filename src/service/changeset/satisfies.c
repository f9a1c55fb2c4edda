/* The short form `satisfies`: one thing meets one requirement. It is no link of the model; it makes a claim of one, which
 * has an outside identity made of both keys, so that saying it again changes nothing. */
#include "service/internal.h"

#include <string.h>

#define SYSTEM "satisfies"

typedef struct {
        StoreView *view;
        const Id *log;
        json_t *ops;
} Expansion;

static bool is_satisfies(const json_t *op)
{
        return g_strcmp0(jread_get_string(op, "type"), "satisfies") == 0;
}

static json_t *link_op(json_t *claim, const char *type, const char *to)
{
        return json_pack("{s:s, s:O, s:s, s:s}", "op", "link", "from", claim, "type", type, "to", to);
}

/* What the claim speaks for: the thing itself when it can be covered, else the places the requirement is allocated to. */
typedef struct {
        Expansion *expansion;
        json_t *claim;
} Covering;

static bool cover_place(const LinkRev *link, void *payload, GError **error)
{
        Covering *covering = payload;
        Expansion *e = covering->expansion;
        g_autoptr(StoreItem) place = NULL;

        if (link->type != ZW_LINK_ALLOCATED_TO)
                return true;
        place = store_item_by_no(e->view, e->log, link->to, ZW_SEQ_OPEN - 1, error);
        if (place == NULL)
                return false;
        json_array_append_new(e->ops, link_op(covering->claim, "covers", store_item_rev(place)->key));
        return true;
}

static bool claim_cover(Expansion *e, json_t *claim, const ItemRev *from, const ItemRev *requirement,
                        GError **error)
{
        Covering covering = { e, claim };

        if (link_rule_find(ZW_LINK_COVERS, ZW_KIND_CLAIM, from->kind, ZW_AS_NONE) != NULL) {
                json_array_append_new(e->ops, link_op(claim, "covers", from->key));
                return true;
        }
        return store_each_link_of(e->view, e->log, requirement->no, ZW_ITEM_NONE, ZW_SEQ_OPEN - 1,
                                  cover_place, &covering, error);
}

static bool ends_check(const ItemRev *from, const ItemRev *to, GError **error)
{
        g_autofree char *why = NULL;

        if (to->kind != ZW_KIND_REQUIREMENT) {
                error_set(error, ZW_ERR_METAMODEL, "/to", "satisfies ends at a requirement; %s is of kind %s",
                          to->key, kind_def(to->kind)->name);
                return false;
        }
        if (link_rule_find(ZW_LINK_RESTS_ON, ZW_KIND_CLAIM, from->kind, ZW_AS_NONE) != NULL)
                return true;
        why = link_rule_explain(ZW_LINK_RESTS_ON, ZW_KIND_CLAIM, from->kind, ZW_AS_NONE);
        error_set(error, ZW_ERR_METAMODEL, "/from", "satisfies makes a claim that rests on %s: %s", from->key,
                  why);
        return false;
}

static bool expand_link(Expansion *e, const json_t *op, const ItemRev *from, const ItemRev *to,
                        json_t *source, GError **error)
{
        g_autofree char *title = g_strdup_printf("%s satisfies %s", from->key, to->key);
        g_autoptr(Json) claim = json_pack("{s:[s, O]}", "source", SYSTEM, json_object_get(source, "id"));

        if (!ends_check(from, to, error))
                return false;
        json_array_append_new(e->ops, json_pack("{s:s, s:s, s:s, s:O, s:{s:s, s:s*}}", "op", "item", "kind",
                                                "claim", "title", title, "source", source, "attrs",
                                                "statement", "met", "rationale",
                                                jread_get_string(json_object_get(op, "attrs"), "rationale")));
        json_array_append_new(e->ops, link_op(claim, "answers", to->key));
        json_array_append_new(e->ops, link_op(claim, "rests_on", from->key));
        return claim_cover(e, claim, from, to, error);
}

static bool expand_unlink(Expansion *e, const ItemRev *from, const ItemRev *to, const char *id,
                          GError **error)
{
        g_autoptr(StoreItem) claim = NULL;

        if (!store_item_by_source(e->view, e->log, SYSTEM, id, &claim, error))
                return false;
        if (claim == NULL) {
                error_set(error, ZW_ERR_NOT_FOUND, "/from", "no claim was made by %s satisfies %s", from->key,
                          to->key);
                return false;
        }
        json_array_append_new(e->ops,
                              json_pack("{s:s, s:s}", "op", "retire", "key", store_item_rev(claim)->key));
        return true;
}

static StoreItem *end_load(Expansion *e, const json_t *op, const char *member, GError **error)
{
        const char *key = jread_get_string(op, member);
        g_autofree char *where = g_strdup_printf("/%s", member);
        StoreItem *item = key == NULL ? NULL : store_item_by_key(e->view, e->log, key, ZW_SEQ_OPEN - 1, NULL);

        if (item == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, where, "there is no item %s", key == NULL ? "" : key);
        return item;
}

static bool expand_one(Expansion *e, const json_t *op, GError **error)
{
        g_autoptr(StoreItem) from = end_load(e, op, "from", error);
        g_autoptr(StoreItem) to = from == NULL ? NULL : end_load(e, op, "to", error);
        g_autofree char *id = NULL;
        g_autoptr(Json) source = NULL;

        if (to == NULL)
                return false;
        id = g_strdup_printf("%s %s", store_item_rev(from)->key, store_item_rev(to)->key);
        source = json_pack("{s:s, s:s}", "system", SYSTEM, "id", id);
        if (g_strcmp0(jread_get_string(op, "op"), "unlink") == 0)
                return expand_unlink(e, store_item_rev(from), store_item_rev(to), id, error);
        return expand_link(e, op, store_item_rev(from), store_item_rev(to), source, error);
}

json_t *satisfies_expand(StoreView *view, const Id *log, const json_t *native, GError **error)
{
        g_autoptr(Json) ops = json_array();
        Expansion e = { view, log, ops };
        json_t *op;
        size_t i;

        json_array_foreach(native, i, op)
        {
                GError *why = NULL;
                g_autofree char *place = NULL;

                if (!is_satisfies(op)) {
                        json_array_append(ops, op);
                        continue;
                }
                if (expand_one(&e, op, &why))
                        continue;
                place = g_strdup(error_where(why));
                error_set_where(why, "operation %zu%s", i + 1, place == NULL ? "" : place);
                g_propagate_error(error, why);
                return NULL;
        }
        return g_steal_pointer(&ops);
}
