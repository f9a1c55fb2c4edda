/* What the caller's roles allow in a changeset, and whether what it touches lies in the zones they are limited to
 * (docs/access.md). */
#include "service/changeset/resolve.h"

#include "base/hash.h"

#include <string.h>

enum { DEPTH_MAX = 12 }; /* of the way from an item to its zones */

/* ---- permissions of operations ---- */

/* Kinds that somebody who does not write content works on. */
static const struct {
        KindId kind;
        PermissionId permission;
} specialists[] = { { ZW_KIND_TEST_RUN, ZW_PERM_TEST },
                    { ZW_KIND_FINDING, ZW_PERM_TRIAGE },
                    { ZW_KIND_FINDING, ZW_PERM_ACCEPT_RISK } };

bool resolver_may(Resolver *r, PermissionId permission, const char *what, GError **error)
{
        r->roles = rights_roles_with(r->context->rights, permission);
        if (r->roles != 0)
                return true;
        error_set(error, ZW_ERR_DENIED, NULL, "%s needs the permission \"%s\"", what,
                  permission_name(permission));
        return false;
}

bool resolver_may_change(Resolver *r, KindId kind, GError **error)
{
        unsigned roles = rights_roles_with(r->context->rights, ZW_PERM_WRITE);

        for (size_t i = 0; i < G_N_ELEMENTS(specialists); i++)
                if (specialists[i].kind == kind)
                        roles |= rights_roles_with(r->context->rights, specialists[i].permission);
        r->roles = roles;
        return roles != 0 || resolver_may(r, ZW_PERM_WRITE, kind_def(kind)->name, error);
}

char *resolver_role_list(unsigned roles)
{
        GString *text = g_string_new(NULL);

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (roles & 1U << i)
                        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : " or ",
                                               role_def((RoleId)i)->name);
        return g_string_free(text, FALSE);
}

bool resolver_may_move(Resolver *r, const Known *known, const WorkflowRule *rule, GError **error)
{
        g_autofree char *roles = NULL;

        r->roles = rights_roles_of(r->context->rights, rule->roles);
        if (r->roles != 0)
                return true;
        roles = resolver_role_list(rule->roles);
        error_set(error, ZW_ERR_DENIED, known->key, "%s goes from %s to %s by the role %s only", known->key,
                  state_def(rule->from)->name, state_def(rule->to)->name, roles);
        return false;
}

/* ---- what was touched ---- */

typedef struct {
        char id[ZW_ID_HEX];
        unsigned roles;
        json_t *where; /* of the operation, or NULL */
} Touch;

static void touch_clear(gpointer touch)
{
        json_decref(((Touch *)touch)->where);
}

void resolver_touch(Resolver *r, const char *id)
{
        Touch touch = { .roles = r->roles };

        if (id == NULL || !rights_are_limited(r->context->rights, r->roles))
                return;
        g_strlcpy(touch.id, id, sizeof(touch.id));
        touch.where = json_incref(json_object_get(r->op, "where"));
        g_array_append_val(r->touched, touch);
}

/* Links of these types say something of their first end only; the other is referred to and stays what it is. */
static const LinkTypeId references[] = { ZW_LINK_INSTANCE_OF, ZW_LINK_ANSWERS, ZW_LINK_RESTS_ON,
                                         ZW_LINK_RELATES_TO };

void resolver_touch_by(Resolver *r, const json_t *op)
{
        const char *type = jread_get_string(op, "type");

        resolver_touch(r, jread_get_string(op, "id"));
        resolver_touch(r, jread_get_string(op, "run"));
        resolver_touch(r, jread_get_string(op, "from"));
        if (type == NULL)
                return;
        for (size_t i = 0; i < G_N_ELEMENTS(references); i++)
                if (strcmp(type, link_type_def(references[i])->name) == 0)
                        return;
        resolver_touch(r, jread_get_string(op, "to"));
}

/* ---- where an item lies ---- */

#define LINK(type) (UINT64_C(1) << ZW_LINK_##type)

/* The links that lead from an item to where it lies; a kind without a row lies in no zone. */
static const uint64_t ways[ZW_KIND_COUNT] = {
        [ZW_KIND_ZONE] = LINK(PART_OF),
        [ZW_KIND_CONDUIT] = LINK(CONNECTS),
        [ZW_KIND_ACCESS_POINT] = LINK(CONNECTS),
        [ZW_KIND_ASSET] = LINK(PART_OF),
        [ZW_KIND_FLOW] = LINK(CONNECTS),
        [ZW_KIND_THREAT] = LINK(THREATENS),
        [ZW_KIND_RISK] = LINK(WITHIN),
        [ZW_KIND_SL_TARGET] = LINK(TARGETS),
        [ZW_KIND_REQUIREMENT] = LINK(ALLOCATED_TO),
        [ZW_KIND_CLAIM] = LINK(COVERS),
        [ZW_KIND_COUNTERMEASURE] = LINK(DEPLOYED_ON),
        [ZW_KIND_SAFETY_FUNCTION] = LINK(USES),
        [ZW_KIND_PROTECTION_LAYER] = LINK(USES),
        [ZW_KIND_DOCUMENT] = LINK(CONCERNS) | LINK(EVIDENCES),
        [ZW_KIND_CONFIGURATION] = LINK(CONCERNS),
        [ZW_KIND_TEST_CASE] = LINK(VERIFIES),
        [ZW_KIND_TEST_RUN] = LINK(EVIDENCES),
        [ZW_KIND_EVIDENCE] = LINK(EVIDENCES),
        [ZW_KIND_FINDING] = LINK(CONCERNS),
        [ZW_KIND_CHANGE] = LINK(CONCERNS) | LINK(RESOLVES),
        [ZW_KIND_INCIDENT] = LINK(CONCERNS),
        [ZW_KIND_ACTION] = LINK(CONCERNS) | LINK(RESOLVES),
        [ZW_KIND_NONCONFORMITY] = LINK(CONCERNS),
        [ZW_KIND_WAIVER] = LINK(WAIVES),
};

uint64_t resolver_ways(KindId kind)
{
        return ways[kind];
}

typedef struct {
        Resolver *r;
        GHashTable *new;   /* id → Known, of items the store does not know */
        GHashTable *added; /* id → GArray of NewLink */
        GHashTable *ended; /* from, type, to → itself */
        unsigned roles;
        bool after;    /* what the changeset does to links counts */
        char *outside; /* the zone, or item without one, that is out of reach */
} ZoneWalk;

static void zone_walk_clear(ZoneWalk *walk)
{
        g_hash_table_unref(walk->new);
        g_hash_table_unref(walk->added);
        g_hash_table_unref(walk->ended);
        g_free(walk->outside);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ZoneWalk, zone_walk_clear)

/* A link that this changeset makes. */
typedef struct {
        LinkTypeId type;
        const char *to; /* id, borrowed */
} NewLink;

static char *link_key(const char *from, LinkTypeId type, const char *to)
{
        return g_strdup_printf("%s %d %s", from, (int)type, to);
}

static void walk_add(const Known *from, LinkTypeId type, const Known *to, bool made, void *payload)
{
        ZoneWalk *walk = payload;
        const NewLink link = { type, to->id };
        GArray *links = g_hash_table_lookup(walk->added, from->id);

        if (!made) {
                g_hash_table_add(walk->ended, link_key(from->id, type, to->id));
                return;
        }
        if (links == NULL) {
                links = g_array_new(FALSE, FALSE, sizeof(NewLink));
                g_hash_table_insert(walk->added, g_strdup(from->id), links);
        }
        g_array_append_val(links, link);
}

static void walk_init(ZoneWalk *walk, Resolver *r)
{
        GHashTableIter iter;
        gpointer value;

        walk->r = r;
        walk->new = hash_table_new_text(NULL, NULL);
        walk->added = hash_table_new_text(g_free, (GDestroyNotify)g_array_unref);
        walk->ended = hash_table_new_text(g_free, NULL);
        g_hash_table_iter_init(&iter, r->known);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (((Known *)value)->no == ZW_ITEM_NONE)
                        g_hash_table_insert(walk->new, ((Known *)value)->id, value);
        resolver_each_link_deed(r, walk_add, walk);
}

typedef struct {
        ZoneWalk *walk;
        const char *from;
        uint64_t types;
        GPtrArray *to; /* ids */
} Targets;

static bool is_ended(const ZoneWalk *walk, const char *from, LinkTypeId type, const char *to)
{
        g_autofree char *key = link_key(from, type, to);

        return walk->after && g_hash_table_contains(walk->ended, key);
}

static bool target_see(const LinkRev *rev, void *payload, GError **error)
{
        Targets *targets = payload;
        const ResolveContext *context = targets->walk->r->context;
        g_autoptr(StoreItem) item = NULL;
        char id[ZW_ID_HEX];

        if ((targets->types & UINT64_C(1) << rev->type) == 0)
                return true;
        item = store_item_by_no(context->view, &context->log, rev->to, ZW_SEQ_OPEN - 1, error);
        if (item == NULL)
                return false;
        hex_encode(store_item_rev(item)->id.b, ZW_ID_BYTES, id);
        if (!is_ended(targets->walk, targets->from, rev->type, id))
                g_ptr_array_add(targets->to, g_strdup(id));
        return true;
}

static void targets_add_new(Targets *targets)
{
        const GArray *links = g_hash_table_lookup(targets->walk->added, targets->from);

        for (guint i = 0; targets->walk->after && links != NULL && i < links->len; i++) {
                const NewLink *link = &g_array_index(links, NewLink, i);

                if (targets->types & UINT64_C(1) << link->type)
                        g_ptr_array_add(targets->to, g_strdup(link->to));
        }
}

/* Kind, key and number of an item, by its id. */
typedef struct {
        KindId kind;
        char *key;
        ItemNo no;
} Place;

static void place_clear(Place *place)
{
        g_free(place->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static bool place_read(const ZoneWalk *walk, const char *id, Place *ret_place, GError **error)
{
        const ResolveContext *context = walk->r->context;
        const Known *known = g_hash_table_lookup(walk->new, id);
        g_autoptr(StoreItem) item = NULL;
        Id bytes;

        if (known != NULL) {
                *ret_place = (Place){ known->kind, g_strdup(known->key), ZW_ITEM_NONE };
                return true;
        }
        if (!hex_decode(id, bytes.b, ZW_ID_BYTES, error))
                return false;
        item = store_item_by_id(context->view, &context->log, &bytes, ZW_SEQ_OPEN - 1, error);
        if (item == NULL)
                return false;
        *ret_place = (Place){ store_item_rev(item)->kind, g_strdup(store_item_rev(item)->key),
                              store_item_rev(item)->no };
        return true;
}

static bool outside_set(ZoneWalk *walk, const char *key)
{
        g_free(walk->outside);
        walk->outside = g_strdup(key);
        return true;
}

/* Whether the item lies in zones the roles reach, and in no other. */
static bool is_inside(ZoneWalk *walk, const char *id, int depth, bool *ret_inside, GError **error)
{
        const ResolveContext *context = walk->r->context;
        g_autoptr(GPtrArray) to = g_ptr_array_new_with_free_func(g_free);
        g_auto(Place) place = { 0 };
        Targets targets = { walk, id, 0, to };

        *ret_inside = false;
        if (!place_read(walk, id, &place, error))
                return false;
        if (place.kind == ZW_KIND_ZONE && rights_reach_zone(context->rights, walk->roles, place.key)) {
                *ret_inside = true;
                return true;
        }
        targets.types = ways[place.kind];
        if (place.no != ZW_ITEM_NONE && targets.types != 0 &&
            !store_each_link_of(context->view, &context->log, place.no, ZW_ITEM_NONE, ZW_SEQ_OPEN - 1,
                                target_see, &targets, error))
                return false;
        targets_add_new(&targets);
        if (to->len == 0 || depth == DEPTH_MAX)
                return outside_set(walk, place.key);
        *ret_inside = true;
        for (guint i = 0; *ret_inside && i < to->len; i++)
                if (!is_inside(walk, to->pdata[i], depth + 1, ret_inside, error))
                        return false;
        return true;
}

static bool touch_refuse(ZoneWalk *walk, const Touch *touch, GError **error)
{
        g_auto(Place) place = { 0 };

        if (!place_read(walk, touch->id, &place, error))
                return false;
        error_set(error, ZW_ERR_DENIED,
                  json_is_string(touch->where) ? json_string_value(touch->where) : place.key,
                  strcmp(place.key, walk->outside) == 0
                          ? "%s lies in no zone that the role is limited to"
                          : "%s lies in or leads to %s, which is in no zone that the role is limited to",
                  place.key, walk->outside);
        return false;
}

bool resolver_zones_check(Resolver *r, GError **error)
{
        g_auto(ZoneWalk) walk = { 0 };

        walk_init(&walk, r);
        for (guint i = 0; i < r->touched->len; i++) {
                const Touch *touch = &g_array_index(r->touched, Touch, i);
                const bool is_new = g_hash_table_contains(walk.new, touch->id);
                bool inside = true;

                walk.roles = touch->roles;
                /* Before it too, or what lies elsewhere could be moved here. */
                walk.after = false;
                if (!is_new && !is_inside(&walk, touch->id, 0, &inside, error))
                        return false;
                walk.after = true;
                if (inside && !is_inside(&walk, touch->id, 0, &inside, error))
                        return false;
                if (!inside)
                        return touch_refuse(&walk, touch, error);
        }
        return true;
}

GArray *resolver_touched_new(void)
{
        GArray *touched = g_array_new(FALSE, FALSE, sizeof(Touch));

        g_array_set_clear_func(touched, touch_clear);
        return touched;
}
