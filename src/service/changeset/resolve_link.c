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

/* A link out of an item. An end that the store knows is named by its number, and a new one by itself: never one by both. */
struct Link {
        const Known *from;
        const Known *to_new; /* its other end when the store does not know that, else NULL */
        ItemNo to;           /* or ZW_ITEM_NONE */
        uint8_t type, as;    /* LinkTypeId, AsId */
        bool there;          /* false: this changeset ended it */
        Known *known;        /* its other end, where this changeset made or ended the link; or NULL */
        char *attrs;         /* JSON, or NULL */
        uint32_t judged[2];  /* last substantive revisions of the ends when last judged */
        Seq seq;             /* commit that made this state of it; ZW_SEQ_OPEN in this changeset */
        Link *next_out, *next_in;
};

static void link_free(gpointer data)
{
        g_free(((Link *)data)->attrs);
        g_free(data);
}

static guint link_hash(gconstpointer data)
{
        const Link *link = data;
        const guint64 name[] = { (uintptr_t)link->from, (uintptr_t)link->to_new,
                                 (guint64)link->to << 16 | (guint64)link->type << 8 | link->as };

        return (guint)hash_keyed(name, sizeof(name));
}

static gboolean link_equal(gconstpointer a, gconstpointer b)
{
        const Link *first = a, *second = b;

        return first->from == second->from && first->to_new == second->to_new && first->to == second->to &&
               first->type == second->type && first->as == second->as;
}

GHashTable *resolver_links_new(void)
{
        return g_hash_table_new_full(link_hash, link_equal, link_free, NULL);
}

static Link ends_link(const Ends *ends)
{
        const ItemNo no = ends->to->no;

        return (Link){ .from = ends->from,
                       .to_new = no == ZW_ITEM_NONE ? ends->to : NULL,
                       .to = no,
                       .type = (uint8_t)ends->type,
                       .as = (uint8_t)ends->as };
}

/* The link with these ends, or NULL. */
static Link *link_at(const Resolver *r, const Ends *ends)
{
        const Link name = ends_link(ends);
        Link *link = g_hash_table_lookup(r->links, &name);

        return link != NULL && link->there ? link : NULL;
}

static Link *link_add(Resolver *r, Known *from, const Link *given)
{
        Link *link = g_memdup2(given, sizeof(*given));

        link->next_out = from->out;
        from->out = link;
        g_hash_table_add(r->links, link);
        return link;
}

/* What this changeset does to a link is known from both its ends. */
static void link_mark(Known *to, Link *link)
{
        if (link->known == NULL) {
                link->next_in = to->in;
                to->in = link;
        }
        link->known = to;
        link->seq = ZW_SEQ_OPEN;
}

typedef struct {
        Resolver *r;
        Known *from;
} Loading;

static bool link_see(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        const Loading *loading = payload;
        const Link link = { .from = loading->from,
                            .to = rev->to,
                            .type = (uint8_t)rev->type,
                            .as = (uint8_t)rev->as,
                            .there = true,
                            .attrs = g_strdup(rev->attrs),
                            .judged = { rev->judged_from, rev->judged_to },
                            .seq = rev->from_seq };

        link_add(loading->r, loading->from, &link);
        return true;
}

/* Reads the links out of an item, once. */
static bool links_load(Resolver *r, Known *from, GError **error)
{
        Loading loading = { r, from };

        if (from->links_known)
                return true;
        from->links_known = true;
        return from->no == ZW_ITEM_NONE ||
               store_each_link_of(r->context->view, &r->context->log, from->no, ZW_ITEM_NONE, ZW_SEQ_OPEN - 1,
                                  link_see, &loading, error);
}

/* The first link of a type out of an item from this one on, or NULL. */
static Link *link_of_type(Link *link, LinkTypeId type)
{
        while (link != NULL && (link->type != type || !link->there))
                link = link->next_out;
        return link;
}

static unsigned links_of_type(const Known *from, LinkTypeId type)
{
        unsigned n = 0;

        for (Link *link = link_of_type(from->out, type); link != NULL;
             link = link_of_type(link->next_out, type))
                n++;
        return n;
}

void resolver_each_link_deed(const Resolver *r, LinkDeedFn see, void *payload)
{
        GHashTableIter iter;
        gpointer from;

        g_hash_table_iter_init(&iter, r->known);
        while (g_hash_table_iter_next(&iter, NULL, &from))
                for (const Link *link = ((const Known *)from)->out; link != NULL; link = link->next_out)
                        if (link->known != NULL)
                                see(from, (LinkTypeId)link->type, link->known, link->there, payload);
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

static void link_write(Resolver *r, const Ends *ends, json_t *attrs)
{
        const Link name = ends_link(ends);
        Link *link = g_hash_table_lookup(r->links, &name);

        if (link == NULL)
                link = link_add(r, ends->from, &name);
        g_free(link->attrs);
        link->attrs = attrs == NULL ? NULL : json_dumps(attrs, JSON_COMPACT);
        link->there = true;
        link->judged[0] = judged_of(r, ends->from, "from");
        link->judged[1] = judged_of(r, ends->to, "to");
        link_mark(ends->to, link);
        resolver_emit(r, ends->from,
                      json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:[i, i]}", "op", "link", "from",
                                ends->from->id, "type", link_type_def(ends->type)->name, "to", ends->to->id,
                                "as", as_name(ends->as), "attrs",
                                attrs == NULL ? json_object() : json_incref(attrs), "judged",
                                (int)link->judged[0], (int)link->judged[1]));
        resolver_count(r, "links", link_type_def(ends->type)->name);
}

static void unlink_write(Resolver *r, const Ends *ends, Link *link)
{
        link->there = false;
        link_mark(ends->to, link);
        resolver_emit(r, ends->from,
                      json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "unlink", "from", ends->from->id, "type",
                                link_type_def(ends->type)->name, "to", ends->to->id, "as",
                                as_name(ends->as)));
}

/* What moved in the file moves here, when nobody had moved it here. *ret_moved: there is room now. */
static bool make_room(Resolver *r, const Ends *ends, Link *link, bool *ret_moved, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        Ends old = { ends->from, NULL, ends->type, (AsId)link->as };
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
        unlink_write(r, &old, link);
        *ret_moved = true;
        return true;
}

static bool link_new(Resolver *r, const Ends *ends, const LinkRuleDef *rule, json_t *attrs, GError **error)
{
        const unsigned there = rule->from_max == 0 ? 0 : links_of_type(ends->from, ends->type);
        const bool full = rule->from_max > 0 && there >= rule->from_max;
        Link *in_the_way = full ? link_of_type(ends->from->out, ends->type) : NULL;
        bool removed, moved;

        if (!was_removed(r, ends, &removed, error))
                return false;
        if (removed)
                return true;
        if (full && is_merge(r) && rule->from_max == 1 && in_the_way->seq != ZW_SEQ_OPEN) {
                if (!make_room(r, ends, in_the_way, &moved, error))
                        return false;
                if (!moved)
                        return true;
        } else if (full) {
                error_set(error, ZW_ERR_METAMODEL, "/from", "%s has %u link(s) %s already, at most %u",
                          ends->from->key, there, link_type_def(ends->type)->name, rule->from_max);
                return false;
        }
        link_write(r, ends, attrs);
        return true;
}

static bool link_again(Resolver *r, const Ends *ends, const Link *link, json_t *attrs, GError **error)
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
                link_write(r, ends, attrs);
        return true;
}

/* Reads the links of the first end, when they may be changed. */
static bool content_load(Resolver *r, const Ends *ends, GError **error)
{
        return (link_type_def(ends->type)->apart || resolver_may_alter(r, ends->from, error)) &&
               links_load(r, ends->from, error);
}

bool resolve_link(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "from", "type", "to", "as", "attrs", "suspect" };
        json_t *attrs = json_object_get(op, "attrs");
        const LinkRuleDef *rule;
        const Link *link;
        Ends ends;

        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error) || !suspect_check(op, error) ||
            !ends_read(r, op, &ends, error))
                return false;
        rule = rule_of(&ends, error);
        if (rule == NULL || !resolver_may_change(r, ends.from->kind, error) ||
            (attrs != NULL && !link_attrs_check(ends.type, attrs, "/attrs", error)) ||
            !content_load(r, &ends, error))
                return false;
        link = link_at(r, &ends);
        return link == NULL ? link_new(r, &ends, rule, attrs, error)
                            : link_again(r, &ends, link, attrs, error);
}

/* The link with these ends, which are read. */
static Link *link_find(const Resolver *r, const Ends *ends, GError **error)
{
        Link *link = link_at(r, ends);

        if (link == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, "/from", "there is no link %s %s %s", ends->from->key,
                          link_type_def(ends->type)->name, ends->to->key);
        return link;
}

bool resolve_unlink(Resolver *r, const json_t *op, GError **error)
{
        Link *link;
        Ends ends;

        if (!ends_read(r, op, &ends, error) || !resolver_may_change(r, ends.from->kind, error) ||
            !content_load(r, &ends, error))
                return false;
        link = link_find(r, &ends, error);
        if (link == NULL)
                return false;
        unlink_write(r, &ends, link);
        return true;
}

/* ---- asking ---- */

bool resolver_find_link(Resolver *r, const json_t *op, KnownLink *ret_link, GError **error)
{
        Link *link;
        Ends ends;

        if (!ends_read(r, op, &ends, error))
                return false;
        link = links_load(r, ends.from, error) ? link_find(r, &ends, error) : NULL;
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
                return resolver_warm(r, known, error) ? known : NULL;
        item = store_item_by_no(r->context->view, &r->context->log, link->to, ZW_SEQ_OPEN - 1, error);
        return item != NULL && resolver_find_key(r, store_item_rev(item)->key, &known, error) ? known : NULL;
}

bool resolver_targets(Resolver *r, Known *from, uint64_t types, GPtrArray *ret_known, GError **error)
{
        if (!links_load(r, from, error))
                return false;
        for (const Link *link = from->out; link != NULL; link = link->next_out) {
                Known *known = NULL;

                if (!link->there || (types >> link->type & 1) == 0)
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
        GHashTable *names; /* `id as` → key of the first end */
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
static void incoming_change(Incoming *in, const Known *known)
{
        for (const Link *link = known->in; link != NULL; link = link->next_in) {
                g_autofree char *end = g_strdup_printf("%s %s", link->from->id, as_name((AsId)link->as));

                if (link->type != in->type)
                        continue;
                if (link->there)
                        g_hash_table_insert(in->names, g_steal_pointer(&end), g_strdup(link->from->key));
                else
                        g_hash_table_remove(in->names, end);
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
        incoming_change(&in, known);
        return true;
}

bool resolver_sources(Resolver *r, const Known *to, LinkTypeId type, GPtrArray *ret_known, GError **error)
{
        g_autoptr(GHashTable) names = hash_table_new_text(g_free, g_free);
        GHashTableIter iter;
        gpointer key;

        if (!incoming_find(r, to, type, names, error))
                return false;
        g_hash_table_iter_init(&iter, names);
        while (g_hash_table_iter_next(&iter, NULL, &key)) {
                Known *known = NULL;

                if (!resolver_find_key(r, key, &known, error))
                        return false;
                if (known != NULL)
                        g_ptr_array_add(ret_known, known);
        }
        return true;
}

bool resolver_count_links(Resolver *r, Known *known, LinkTypeId type, bool incoming, unsigned *ret_n,
                          GError **error)
{
        g_autoptr(GHashTable) names = hash_table_new_text(g_free, g_free);

        if (!incoming) {
                if (!links_load(r, known, error))
                        return false;
                *ret_n = links_of_type(known, type);
                return true;
        }
        if (!incoming_find(r, known, type, names, error))
                return false;
        *ret_n = g_hash_table_size(names);
        return true;
}
