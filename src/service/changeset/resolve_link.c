/* Links. Those that go out of an item are read from the store once, and kept with what the changeset does to them. */
#include "service/changeset/resolve.h"

#include "base/near.h"
#include "base/hash.h"

#include <string.h>

typedef struct {
        Known *from, *to;
        LinkTypeId type;
        AsId as;
} Ends;

/* A link that goes out of an item. */
typedef struct {
        LinkTypeId type;
        AsId as;
        ItemNo to;          /* ZW_ITEM_NONE for a new item */
        Known *known;       /* its other end, where this changeset made the link; or NULL */
        char *attrs;        /* JSON, or NULL */
        uint32_t judged[2]; /* last substantive revisions of the ends when last judged */
        Seq seq;            /* commit that made this state of it; ZW_SEQ_OPEN in this changeset */
} Link;

typedef struct {
        GHashTable *links;               /* type, role and other end → Link */
        unsigned of_type[ZW_LINK_COUNT]; /* how many there are */
} LinkSet;

static void link_free(gpointer data)
{
        g_free(((Link *)data)->attrs);
        g_free(data);
}

void link_set_free(gpointer data)
{
        LinkSet *set = data;

        g_hash_table_unref(set->links);
        g_free(set);
}

/* An item that the store knows is named by its number, and a new one by its id: never one by both. */
static char *link_name(LinkTypeId type, AsId as, ItemNo to, const char *to_id)
{
        return to == ZW_ITEM_NONE ? g_strdup_printf("%d %d %s", (int)type, (int)as, to_id)
                                  : g_strdup_printf("%d %d #%u", (int)type, (int)as, to);
}

static char *ends_name(const Ends *ends)
{
        return link_name(ends->type, ends->as, ends->to->no, ends->to->id);
}

static void set_put(LinkSet *set, char *name, const Link *given)
{
        Link *link = g_memdup2(given, sizeof(*given));

        if (g_hash_table_insert(set->links, name, link))
                set->of_type[link->type]++;
}

static bool set_see(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        const Link link = { .type = rev->type,
                            .as = rev->as,
                            .to = rev->to,
                            .attrs = g_strdup(rev->attrs),
                            .judged = { rev->judged_from, rev->judged_to },
                            .seq = rev->from_seq };

        set_put(payload, link_name(rev->type, rev->as, rev->to, ""), &link);
        return true;
}

static LinkSet *set_of(Resolver *r, const Known *from, GError **error)
{
        LinkSet *set = g_hash_table_lookup(r->links, from);

        if (set != NULL)
                return set;
        set = g_new0(LinkSet, 1);
        set->links = hash_table_new_text(g_free, link_free);
        if (from->no != ZW_ITEM_NONE &&
            !store_each_link_of(r->context->view, &r->context->log, from->no, ZW_ITEM_NONE, ZW_SEQ_OPEN - 1,
                                set_see, set, error)) {
                link_set_free(set);
                return NULL;
        }
        g_hash_table_insert(r->links, (gpointer)(uintptr_t)from, set);
        return set;
}

/* ---- reading an operation ---- */

static bool link_type_read(const json_t *op, Ends *ends, GError **error)
{
        const char *type = jread_get_string(op, "type"), *as = jread_get_string(op, "as");
        size_t n;
        const char *const *names = link_type_names(&n);

        if (type == NULL || !link_type_find(type, &ends->type)) {
                g_autofree char *near = near_names(type == NULL ? "" : type, names, n);

                error_set(error, ZW_ERR_METAMODEL, "/type", "there is no link type \"%s\"%s",
                          type == NULL ? "" : type, near);
                return false;
        }
        ends->as = ZW_AS_NONE;
        if (as == NULL || as_find(as, &ends->as))
                return true;
        error_set(error, ZW_ERR_METAMODEL, "/as", "there is no role \"%s\"", as);
        return false;
}

static bool ends_read(Resolver *r, const json_t *op, Ends *ret_ends, GError **error)
{
        return link_type_read(op, ret_ends, error) &&
               resolver_find_named(r, op, "from", &ret_ends->from, error) &&
               resolver_find_named(r, op, "to", &ret_ends->to, error);
}

static const LinkRuleDef *rule_of(const Ends *ends, GError **error)
{
        const LinkRuleDef *rule = link_rule_find(ends->type, ends->from->kind, ends->to->kind, ends->as);
        g_autofree char *why = NULL;

        if (rule == NULL) {
                why = link_rule_explain(ends->type, ends->from->kind, ends->to->kind, ends->as);
                error_set(error, ZW_ERR_METAMODEL, "/type", "%s", why);
                return NULL;
        }
        if (ends->from != ends->to)
                return rule;
        error_set(error, ZW_ERR_METAMODEL, "/to", "%s cannot be linked to itself", ends->from->key);
        return NULL;
}

/* ---- what people did to it ---- */

/* Whether the operation at work is an import's that names an end by outside identity. */
static bool is_merge(const Resolver *r)
{
        return resolver_is_merge(r, json_object_get(r->op, "from")) ||
               resolver_is_merge(r, json_object_get(r->op, "to"));
}

static void keep(Resolver *r, const Ends *ends, const char *what)
{
        resolver_list(r, "kept",
                      json_pack("{s:s, s:s, s:s, s:s, s:s}", "link", link_type_def(ends->type)->name, "from",
                                ends->from->key, "to", ends->to->key, "as", as_name(ends->as), "here", what));
}

/* A link that was there once and is not: an import ends none, so people did, and it stays so. */
static bool was_removed(Resolver *r, const Ends *ends, bool *ret_removed, GError **error)
{
        *ret_removed = false;
        if (!is_merge(r) || ends->from->no == ZW_ITEM_NONE || ends->to->no == ZW_ITEM_NONE)
                return true;
        if (!store_link_was_there(r->context->view, &r->context->log, ends->from->no, ends->type,
                                  ends->to->no, ends->as, ret_removed, error))
                return false;
        if (*ret_removed)
                keep(r, ends, "removed");
        return true;
}

/* What people made of the link last stays. */
static bool is_ours(Resolver *r, const Link *link, bool *ret_ours, GError **error)
{
        Origin origin;

        *ret_ours = false;
        if (!is_merge(r) || link->seq == ZW_SEQ_OPEN)
                return true;
        if (!store_commit_origin(r->context->view, &r->context->log, link->seq, &origin, error))
                return false;
        *ret_ours = origin != ORIGIN_IMPORT;
        return true;
}

/* ---- the operations ---- */

/* The revision of an end that a link is made with as judged: the one there is, or none at all where the operation says that
 * this end is suspect, which counts where states do. */
static uint32_t judged_of(const Resolver *r, const Known *end, const char *name)
{
        const json_t *suspect = json_object_get(r->op, "suspect"), *entry;
        size_t i;

        json_array_foreach(suspect, i, entry)
        {
                if (r->context->states && g_strcmp0(json_string_value(entry), name) == 0)
                        return 0;
        }
        return end->subst;
}

static bool suspect_check(const json_t *op, GError **error)
{
        const json_t *suspect = json_object_get(op, "suspect"), *entry;
        size_t i;

        json_array_foreach(suspect, i, entry)
        {
                const char *name = json_string_value(entry);

                if (g_strcmp0(name, "from") != 0 && g_strcmp0(name, "to") != 0) {
                        error_set(error, ZW_ERR_INPUT, "/suspect",
                                  "the ends of a link are \"from\" and \"to\"");
                        return false;
                }
        }
        if (suspect == NULL || json_is_array(suspect))
                return true;
        error_set(error, ZW_ERR_INPUT, "/suspect", "a list of ends is expected");
        return false;
}

static void link_write(Resolver *r, LinkSet *set, const Ends *ends, json_t *attrs)
{
        const Link link = { .type = ends->type,
                            .as = ends->as,
                            .to = ends->to->no,
                            .known = ends->to,
                            .attrs = attrs == NULL ? NULL : json_dumps(attrs, JSON_COMPACT),
                            .judged = { judged_of(r, ends->from, "from"), judged_of(r, ends->to, "to") },
                            .seq = ZW_SEQ_OPEN };

        set_put(set, ends_name(ends), &link);
        resolver_emit(r, json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:[i, i]}", "op", "link", "from",
                                   ends->from->id, "type", link_type_def(ends->type)->name, "to",
                                   ends->to->id, "as", as_name(ends->as), "attrs",
                                   attrs == NULL ? json_object() : json_incref(attrs), "judged",
                                   (int)link.judged[0], (int)link.judged[1]));
        resolver_count(r, "links", link_type_def(ends->type)->name);
}

static void unlink_write(Resolver *r, LinkSet *set, const Ends *ends, const char *name)
{
        g_hash_table_remove(set->links, name);
        set->of_type[ends->type]--;
        resolver_emit(r, json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "unlink", "from", ends->from->id,
                                   "type", link_type_def(ends->type)->name, "to", ends->to->id, "as",
                                   as_name(ends->as)));
}

/* The link in whose place a new one would be, when there can be one only. */
static const Link *in_the_way(const LinkSet *set, LinkTypeId type)
{
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, set->links);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (((const Link *)value)->type == type)
                        return value;
        return NULL;
}

/* What moved in the file moves here, when nobody had moved it here. *ret_moved: there is room now. */
static bool make_room(Resolver *r, LinkSet *set, const Ends *ends, bool *ret_moved, GError **error)
{
        const Link *link = in_the_way(set, ends->type);
        g_autoptr(StoreItem) item = NULL;
        g_autofree char *name = NULL;
        Ends old = { ends->from, NULL, link->type, link->as };
        bool ours;

        *ret_moved = false;
        if (!is_ours(r, link, &ours, error))
                return false;
        if (ours) {
                keep(r, ends, "linked elsewhere");
                resolver_list(
                        r, "problems",
                        json_pack(
                                "{s:o}", "message",
                                json_sprintf(
                                        "%s was linked elsewhere here and in the file; what is here was kept",
                                        ends->from->key)));
                return true;
        }
        item = store_item_by_no(r->context->view, &r->context->log, link->to, ZW_SEQ_OPEN - 1, error);
        if (item == NULL || !resolver_find_key(r, store_item_rev(item)->key, &old.to, error))
                return false;
        name = ends_name(&old);
        unlink_write(r, set, &old, name);
        *ret_moved = true;
        return true;
}

static bool link_new(Resolver *r, LinkSet *set, const Ends *ends, const LinkRuleDef *rule, json_t *attrs,
                     GError **error)
{
        const unsigned there = set->of_type[ends->type];
        const bool full = rule->from_max > 0 && there >= rule->from_max;
        bool removed, moved;

        if (!was_removed(r, ends, &removed, error))
                return false;
        if (removed)
                return true;
        if (full && is_merge(r) && rule->from_max == 1 && in_the_way(set, ends->type)->seq != ZW_SEQ_OPEN) {
                if (!make_room(r, set, ends, &moved, error))
                        return false;
                if (!moved)
                        return true;
        } else if (full) {
                error_set(error, ZW_ERR_METAMODEL, "/from", "%s has %u link(s) %s already, at most %u",
                          ends->from->key, there, link_type_def(ends->type)->name, rule->from_max);
                return false;
        }
        link_write(r, set, ends, attrs);
        return true;
}

static bool link_again(Resolver *r, LinkSet *set, const Ends *ends, const Link *link, json_t *attrs,
                       GError **error)
{
        g_autoptr(Json) before = link->attrs == NULL ? json_object() : json_loads(link->attrs, 0, NULL);
        bool ours;

        if (attrs == NULL || json_equal(attrs, before))
                return true;
        if (!is_ours(r, link, &ours, error))
                return false;
        if (ours)
                keep(r, ends, "other attributes");
        else
                link_write(r, set, ends, attrs);
        return true;
}

/* The links of the first end, when they may be changed. */
static LinkSet *content_set_of(Resolver *r, const Ends *ends, GError **error)
{
        if (!link_type_def(ends->type)->apart && !resolver_may_alter(r, ends->from, error))
                return NULL;
        return set_of(r, ends->from, error);
}

bool resolve_link(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "from", "type", "to", "as", "attrs", "suspect" };
        json_t *attrs = json_object_get(op, "attrs");
        g_autofree char *name = NULL;
        const LinkRuleDef *rule;
        const Link *link;
        LinkSet *set;
        Ends ends;

        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error) || !suspect_check(op, error) ||
            !ends_read(r, op, &ends, error))
                return false;
        rule = rule_of(&ends, error);
        if (rule == NULL || !resolver_may_change(r, ends.from->kind, error) ||
            (attrs != NULL && !link_attrs_check(ends.type, attrs, "/attrs", error)))
                return false;
        set = content_set_of(r, &ends, error);
        if (set == NULL)
                return false;
        name = ends_name(&ends);
        link = g_hash_table_lookup(set->links, name);
        return link == NULL ? link_new(r, set, &ends, rule, attrs, error)
                            : link_again(r, set, &ends, link, attrs, error);
}

/* The link with these ends among those of the first one. */
static Link *link_find(const LinkSet *set, const Ends *ends, GError **error)
{
        g_autofree char *name = ends_name(ends);
        Link *link = g_hash_table_lookup(set->links, name);

        if (link == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, "/from", "there is no link %s %s %s", ends->from->key,
                          link_type_def(ends->type)->name, ends->to->key);
        return link;
}

bool resolve_unlink(Resolver *r, const json_t *op, GError **error)
{
        g_autofree char *name = NULL;
        LinkSet *set;
        Ends ends;

        if (!ends_read(r, op, &ends, error) || !resolver_may_change(r, ends.from->kind, error))
                return false;
        set = content_set_of(r, &ends, error);
        if (set == NULL || link_find(set, &ends, error) == NULL)
                return false;
        name = ends_name(&ends);
        unlink_write(r, set, &ends, name);
        return true;
}

/* ---- asking ---- */

bool resolver_find_link(Resolver *r, const json_t *op, KnownLink *ret_link, GError **error)
{
        const LinkSet *set;
        Link *link;
        Ends ends;

        if (!ends_read(r, op, &ends, error))
                return false;
        set = set_of(r, ends.from, error);
        link = set == NULL ? NULL : link_find(set, &ends, error);
        if (link == NULL)
                return false;
        *ret_link = (KnownLink){ ends.from, ends.to, ends.type, ends.as, link->judged };
        return true;
}

static Known *other_end(Resolver *r, const Link *link, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        Known *known = link->known;

        if (known != NULL)
                return known;
        item = store_item_by_no(r->context->view, &r->context->log, link->to, ZW_SEQ_OPEN - 1, error);
        return item != NULL && resolver_find_key(r, store_item_rev(item)->key, &known, error) ? known : NULL;
}

bool resolver_targets(Resolver *r, const Known *from, uint64_t types, GPtrArray *ret_known, GError **error)
{
        const LinkSet *set = set_of(r, from, error);
        GHashTableIter iter;
        gpointer value;

        if (set == NULL)
                return false;
        g_hash_table_iter_init(&iter, set->links);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const Link *link = value;
                Known *known = NULL;

                if ((types >> link->type & 1) == 0)
                        continue;
                known = other_end(r, link, error);
                if (known == NULL)
                        return false;
                g_ptr_array_add(ret_known, known);
        }
        return true;
}

/* Links into an item, by their first ends and roles. */
typedef struct {
        Resolver *r;
        LinkTypeId type;
        GHashTable *names; /* `id as` → key of the first end, or NULL where only this changeset knows it */
} Incoming;

static bool incoming_see(const LinkRev *rev, void *payload, GError **error)
{
        Incoming *in = payload;
        g_autoptr(StoreItem) item = NULL;
        char id[ZW_ID_HEX];

        if (rev->type != in->type)
                return true;
        item = store_item_by_no(in->r->context->view, &in->r->context->log, rev->from, ZW_SEQ_OPEN - 1,
                                error);
        if (item == NULL)
                return false;
        hex_encode(store_item_rev(item)->id.b, ZW_ID_BYTES, id);
        g_hash_table_insert(in->names, g_strdup_printf("%s %s", id, as_name(rev->as)),
                            g_strdup(store_item_rev(item)->key));
        return true;
}

/* What this changeset did to them. */
static void incoming_follow(Incoming *in, const Known *known)
{
        const char *type = link_type_def(in->type)->name;
        const json_t *op;
        size_t i;

        json_array_foreach(in->r->ops, i, op)
        {
                const char *name = jread_get_string(op, "op"), *from = jread_get_string(op, "from");
                char *end;

                if (from == NULL || g_strcmp0(jread_get_string(op, "type"), type) != 0 ||
                    g_strcmp0(jread_get_string(op, "to"), known->id) != 0)
                        continue;
                end = g_strdup_printf("%s %s", from, jread_get_string(op, "as"));
                if (strcmp(name, "link") == 0) {
                        g_hash_table_insert(in->names, end, NULL);
                } else {
                        g_hash_table_remove(in->names, end);
                        g_free(end);
                }
        }
}

/* The links of a type into an item, as after the operations so far; `names` as of Incoming. */
static bool incoming_find(Resolver *r, const Known *known, LinkTypeId type, GHashTable *names, GError **error)
{
        Incoming in = { r, type, names };

        if (known->no != ZW_ITEM_NONE &&
            !store_each_link_of(r->context->view, &r->context->log, ZW_ITEM_NONE, known->no, ZW_SEQ_OPEN - 1,
                                incoming_see, &in, error))
                return false;
        incoming_follow(&in, known);
        return true;
}

/* The item of `ID ROLE`, which an operation of this changeset names. */
static Known *known_of_id(const Resolver *r, const char *name)
{
        g_autofree char *id = g_strndup(name, strcspn(name, " "));

        return g_hash_table_lookup(r->ids, id);
}

bool resolver_sources(Resolver *r, const Known *to, LinkTypeId type, GPtrArray *ret_known, GError **error)
{
        g_autoptr(GHashTable) names = hash_table_new_text(g_free, g_free);
        GHashTableIter iter;
        gpointer name, key;

        if (!incoming_find(r, to, type, names, error))
                return false;
        g_hash_table_iter_init(&iter, names);
        while (g_hash_table_iter_next(&iter, &name, &key)) {
                Known *known = NULL;

                if (key == NULL)
                        known = known_of_id(r, name);
                else if (!resolver_find_key(r, key, &known, error))
                        return false;
                if (known != NULL)
                        g_ptr_array_add(ret_known, known);
        }
        return true;
}

bool resolver_count_links(Resolver *r, const Known *known, LinkTypeId type, bool incoming, unsigned *ret_n,
                          GError **error)
{
        g_autoptr(GHashTable) names = hash_table_new_text(g_free, g_free);

        if (!incoming) {
                const LinkSet *set = set_of(r, known, error);

                *ret_n = set == NULL ? 0 : set->of_type[type];
                return set != NULL;
        }
        if (!incoming_find(r, known, type, names, error))
                return false;
        *ret_n = g_hash_table_size(names);
        return true;
}
