/* Native operations, which name items by key, become operations of the log, which name them by id, with every rule of the
 * metamodel checked on the pending tip. Items touched earlier in the same changeset are remembered, since the store does
 * not know them yet. */
#include "base/near.h"
#include "model/results.h"
#include "service/internal.h"

#include <string.h>

typedef struct {
        char id[ZW_ID_HEX];
        char *key;
        KindId kind;
        StateId state;
        uint32_t rev, subst;
        Id author;
        ItemNo no;       /* ZW_ITEM_NONE while the store does not know it */
        json_t *members; /* title, body, attrs, ... as after the operations so far */
} Known;

typedef struct {
        const ResolveContext *context;
        GHashTable *known;   /* key → Known */
        GHashTable *sources; /* system NUL id, as text with a line feed between → Known, borrowed */
        GHashTable *numbers; /* prefix → next number + 1 */
        GHashTable *results; /* id of the run → GArray of ResultLine */
        json_t *ops, *outcome;
} Resolver;

static void known_free(gpointer data)
{
        Known *known = data;

        g_free(known->key);
        json_decref(known->members);
        g_free(known);
}

static void count(Resolver *r, const char *what, KindId kind)
{
        json_t *map = json_object_get(r->outcome, what);
        const char *name = kind_def(kind)->name;

        json_object_set_new(map, name, json_integer(jread_get_int(map, name, 0) + 1));
}

static json_t *parse_text(const char *text)
{
        json_t *value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);

        return value == NULL ? json_null() : value;
}

static Known *known_add(Resolver *r, Known *known)
{
        g_hash_table_insert(r->known, known->key, known);
        return known;
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
        known->members = json_pack("{s:s, s:s, s:o, s:s?, s:o, s:I, s:s?, s:o}", "title", rev->title, "body",
                                   rev->body, "attrs", parse_text(rev->attrs), "owner", rev->owner, "tags",
                                   parse_text(rev->tags), "order", (json_int_t)rev->order, "parent",
                                   rev->parent, "source", parse_text(rev->source));
        return known_add(r, known);
}

/* The item of a key, or NULL without an error when there is none. */
static bool find_key(Resolver *r, const char *key, Known **ret_known, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(GError) why = NULL;

        *ret_known = g_hash_table_lookup(r->known, key);
        if (*ret_known != NULL)
                return true;
        item = store_item_by_key(r->context->view, &r->context->log, key, ZW_SEQ_OPEN - 1, &why);
        if (item != NULL)
                *ret_known = known_from_rev(r, store_item_rev(item));
        else if (!g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        return true;
}

static bool find_source(Resolver *r, const char *system, const char *id, Known **ret_known, GError **error)
{
        g_autofree char *name = g_strdup_printf("%s\n%s", system, id);
        g_autoptr(StoreItem) item = NULL;

        *ret_known = g_hash_table_lookup(r->sources, name);
        if (*ret_known != NULL)
                return true;
        if (!store_item_by_source(r->context->view, &r->context->log, system, id, &item, error))
                return false;
        if (item == NULL)
                return true;
        *ret_known = g_hash_table_lookup(r->known, store_item_rev(item)->key);
        if (*ret_known == NULL)
                *ret_known = known_from_rev(r, store_item_rev(item));
        return true;
}

/* An end of a link, a case or a run: a key, or {"source":[system, id]}. */
static bool find_named(Resolver *r, const json_t *op, const char *member, Known **ret_known, GError **error)
{
        const json_t *value = json_object_get(op, member), *source = json_object_get(value, "source");
        const char *key = json_string_value(value);
        const char *system = json_string_value(json_array_get(source, 0)),
                   *id = json_string_value(json_array_get(source, 1));
        g_autofree char *where = g_strdup_printf("/%s", member);

        if (key == NULL && (system == NULL || id == NULL)) {
                error_set(error, ZW_ERR_INPUT, where, "%s names an item by its key", member);
                return false;
        }
        if (key != NULL ? !find_key(r, key, ret_known, error) : !find_source(r, system, id, ret_known, error))
                return false;
        if (*ret_known != NULL)
                return true;
        error_set(error, ZW_ERR_NOT_FOUND, where, "there is no item %s", key != NULL ? key : id);
        return false;
}

static void emit(Resolver *r, json_t *op)
{
        json_array_append_new(r->ops, op);
}

/* ---- items ---- */

static bool new_key(Resolver *r, KindId kind, char **ret_key, GError **error)
{
        const char *prefix = kind_def(kind)->prefix;
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(r->numbers, prefix));
        uint64_t next;

        if (number == 0) {
                if (!store_next_key(r->context->view, &r->context->log, kind, &next, error))
                        return false;
                number = (guint)next;
        }
        *ret_key = g_strdup_printf("%s-%u", prefix, number);
        g_hash_table_insert(r->numbers, (gpointer)(uintptr_t)prefix, GUINT_TO_POINTER(number + 1));
        return true;
}

static bool key_check(const char *key, GError **error)
{
        size_t n = strlen(key);

        if (n >= 1 && n <= ZW_ITEM_KEY_MAX && strcspn(key, " \t\r\n/\"'<>&\\") == n)
                return true;
        error_set(error, ZW_ERR_INPUT, "/key",
                  "a key has 1 to %d characters and none of space / \" ' < > & \\", ZW_ITEM_KEY_MAX);
        return false;
}

/* The members of a revision an `item` operation gives, checked; attributes apart. */
static bool members_check(const json_t *op, GError **error)
{
        static const struct {
                const char *name;
                json_type type;
        } members[] = { { "title", JSON_STRING },  { "body", JSON_STRING },   { "owner", JSON_STRING },
                        { "tags", JSON_ARRAY },    { "order", JSON_INTEGER }, { "parent", JSON_STRING },
                        { "source", JSON_OBJECT }, { "attrs", JSON_OBJECT } };

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                const json_t *value = json_object_get(op, members[i].name);
                g_autofree char *where = g_strdup_printf("/%s", members[i].name);

                if (value == NULL || json_is_null(value) || json_typeof(value) == members[i].type)
                        continue;
                error_set(error, ZW_ERR_INPUT, where, "%s has the wrong type", members[i].name);
                return false;
        }
        return true;
}

static bool names_check(const json_t *op, const char *const *names, size_t n, GError **error)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)op, name, value)
        {
                bool found = false;
                g_autofree char *near = NULL, *where = NULL;

                for (size_t i = 0; i < n && !found; i++)
                        found = strcmp(names[i], name) == 0;
                if (found)
                        continue;
                near = near_names(name, names, n);
                where = g_strdup_printf("/%s", name);
                error_set(error, ZW_ERR_INPUT, where, "the operation has no member \"%s\"%s", name, near);
                return false;
        }
        return true;
}

/* What differs from the item as it is: only that is written. */
static json_t *difference(const Known *known, const json_t *op)
{
        static const char *const plain[] = { "title", "body", "owner", "tags", "order", "parent", "source" };
        const json_t *attrs = json_object_get(known->members, "attrs");
        json_t *set = json_object(), *changed = json_object(), *value;
        const char *name;

        for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
                json_t *given = json_object_get(op, plain[i]);

                if (given != NULL && !json_equal(given, json_object_get(known->members, plain[i])))
                        json_object_set(set, plain[i], given);
        }
        json_object_foreach(json_object_get(op, "attrs"), name, value)
        {
                json_t *now = json_object_get(attrs, name);

                if (json_is_null(value) ? now != NULL : !json_equal(value, now))
                        json_object_set(changed, name, value);
        }
        if (json_object_size(changed) > 0)
                json_object_set(set, "attrs", changed);
        json_decref(changed);
        return set;
}

static void members_merge(Known *known, const json_t *set)
{
        json_t *attrs = json_object_get(known->members, "attrs"), *value;
        const char *name;

        json_object_foreach((json_t *)(uintptr_t)set, name, value)
        {
                if (strcmp(name, "attrs") != 0)
                        json_object_set(known->members, name, value);
        }
        json_object_foreach(json_object_get(set, "attrs"), name, value)
        {
                if (json_is_null(value))
                        json_object_del(attrs, name);
                else
                        json_object_set(attrs, name, value);
        }
}

static bool item_update(Resolver *r, Known *known, const json_t *op, GError **error)
{
        const json_t *base = json_object_get(op, "rev");
        g_autoptr(Json) set = NULL;

        if (json_is_integer(base) && json_integer_value(base) != known->rev) {
                error_set(error, ZW_ERR_CONFLICT, known->key,
                          "%s is at revision %u, the change was made on %" JSON_INTEGER_FORMAT, known->key,
                          known->rev, json_integer_value(base));
                return false;
        }
        set = difference(known, op);
        if (json_object_size(set) == 0) {
                count(r, "unchanged", known->kind);
                return true;
        }
        known->rev++;
        if (change_is_substantive(known->kind, set))
                known->subst = known->rev;
        known->author = r->context->actor;
        members_merge(known, set);
        emit(r, json_pack("{s:s, s:s, s:i, s:i, s:O}", "op", "update", "id", known->id, "rev",
                          (int)known->rev, "subst", (int)known->subst, "set", set));
        count(r, "updated", known->kind);
        return true;
}

static bool item_state(const Resolver *r, KindId kind, const json_t *op, StateId *ret_state, GError **error)
{
        const char *name = jread_get_string(op, "state");

        *ret_state = lifecycle_initial(kind_def(kind)->lifecycle);
        if (name == NULL || !r->context->states)
                return true;
        if (state_find(name, ret_state) && lifecycle_has(kind_def(kind)->lifecycle, *ret_state))
                return true;
        error_set(error, ZW_ERR_METAMODEL, "/state", "%s has no state \"%s\"", kind_def(kind)->name, name);
        return false;
}

static bool item_create(Resolver *r, const char *key, const json_t *op, GError **error)
{
        const char *kind_name = jread_get_string(op, "kind");
        const json_t *source = json_object_get(op, "source");
        Known *known = g_new0(Known, 1);
        g_autoptr(Json) set = NULL;
        size_t n;
        Id id = id_new();

        known->members = json_pack("{s:s, s:s, s:{}, s:n, s:n, s:i, s:n, s:n}", "title", "", "body", "",
                                   "attrs", "owner", "tags", "order", 0, "parent", "source");
        known->no = ZW_ITEM_NONE;
        known->rev = known->subst = 1;
        known->author = r->context->actor;
        hex_encode(id.b, ZW_ID_BYTES, known->id);
        if (kind_name == NULL || !kind_find(kind_name, &known->kind)) {
                const char *const *names = kind_names(&n);
                g_autofree char *near = near_names(kind_name == NULL ? "" : kind_name, names, n);

                error_set(error, ZW_ERR_METAMODEL, "/kind",
                          kind_name == NULL ? "a new item has a kind" : "there is no kind \"%s\"%s",
                          kind_name, near);
                known_free(known);
                return false;
        }
        if (!item_state(r, known->kind, op, &known->state, error) ||
            (key == NULL ? !new_key(r, known->kind, &known->key, error) : !key_check(key, error))) {
                known_free(known);
                return false;
        }
        if (key != NULL)
                known->key = g_strdup(key);
        set = difference(known, op);
        members_merge(known, set);
        known_add(r, known);
        if (json_is_object(source))
                g_hash_table_insert(r->sources,
                                    g_strdup_printf("%s\n%s", jread_get_string(source, "system"),
                                                    jread_get_string(source, "id")),
                                    known);
        emit(r, json_pack("{s:s, s:s, s:s, s:s, s:s, s:O}", "op", "create", "id", known->id, "key",
                          known->key, "kind", kind_name, "state", state_def(known->state)->name, "set", set));
        count(r, "created", known->kind);
        return true;
}

static bool resolve_item(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op",    "key",  "kind",  "title",  "body",   "attrs", "state",
                                             "owner", "tags", "order", "parent", "source", "rev" };
        const char *key = jread_get_string(op, "key"), *kind_name = jread_get_string(op, "kind");
        const json_t *source = json_object_get(op, "source"), *attrs = json_object_get(op, "attrs");
        const char *system = jread_get_string(source, "system"), *id = jread_get_string(source, "id");
        Known *known = NULL;
        KindId kind;

        if (!names_check(op, names, G_N_ELEMENTS(names), error) || !members_check(op, error))
                return false;
        if (key != NULL && !find_key(r, key, &known, error))
                return false;
        if (key == NULL && system != NULL && id != NULL && !find_source(r, system, id, &known, error))
                return false;
        kind = known == NULL ? ZW_KIND_SYSTEM : known->kind;
        if (known != NULL && kind_name != NULL && strcmp(kind_name, kind_def(kind)->name) != 0) {
                error_set(error, ZW_ERR_METAMODEL, "/kind", "%s is a %s, which does not change", known->key,
                          kind_def(kind)->name);
                return false;
        }
        if (known == NULL && kind_name != NULL && kind_find(kind_name, &kind) && json_is_object(attrs) &&
            !attrs_check(kind, attrs, "/attrs", error))
                return false;
        if (known != NULL && json_is_object(attrs) && !attrs_check(kind, attrs, "/attrs", error))
                return false;
        return known == NULL ? item_create(r, key, op, error) : item_update(r, known, op, error);
}

/* ---- transitions ---- */

static bool transition_allowed(Resolver *r, const Known *known, StateId to, GError **error)
{
        const TransitionDef *rule = transition_find(kind_def(known->kind)->lifecycle, known->state, to);
        g_autofree char *separation = NULL;

        if (rule == NULL) {
                error_set(error, ZW_ERR_STATE, known->key,
                          "%s goes from %s to %s by no rule of its lifecycle", known->key,
                          state_def(known->state)->name, state_def(to)->name);
                return false;
        }
        if (!rule->other_person || !id_equal(&known->author, &r->context->actor))
                return true;
        if (!store_load_setting(r->context->view, &r->context->log, "separation_of_duties", ZW_SEQ_OPEN - 1,
                                &separation, error))
                return false;
        if (g_strcmp0(separation, "false") == 0)
                return true;
        error_set(error, ZW_ERR_DENIED, known->key,
                  "nobody approves their own revision (separation of duties)");
        return false;
}

static bool transition_to(Resolver *r, Known *known, StateId to, GError **error)
{
        if (known->state == to) {
                count(r, "unchanged", known->kind);
                return true;
        }
        if (!transition_allowed(r, known, to, error))
                return false;
        known->rev++;
        /* Retiring is a substantive change; an approval is not. */
        if (state_def(to)->flags & STATE_RETIRED)
                known->subst = known->rev;
        known->state = to;
        known->author = r->context->actor;
        emit(r, json_pack("{s:s, s:s, s:i, s:i, s:s}", "op", "transition", "id", known->id, "rev",
                          (int)known->rev, "subst", (int)known->subst, "to", state_def(to)->name));
        count(r, "updated", known->kind);
        return true;
}

static bool resolve_transition(Resolver *r, const json_t *op, GError **error)
{
        const char *name = jread_get_string(op, "to");
        Known *known;
        StateId to;

        if (!find_named(r, op, "key", &known, error))
                return false;
        if (name != NULL && state_find(name, &to) && lifecycle_has(kind_def(known->kind)->lifecycle, to))
                return transition_to(r, known, to, error);
        error_set(error, ZW_ERR_METAMODEL, "/to", "%s has no state \"%s\"", kind_def(known->kind)->name,
                  name == NULL ? "" : name);
        return false;
}

static bool resolve_retire(Resolver *r, const json_t *op, GError **error)
{
        Known *known;

        return find_named(r, op, "key", &known, error) && transition_to(r, known, ZW_STATE_RETIRED, error);
}

/* ---- links ---- */

typedef struct {
        Known *from, *to;
        LinkTypeId type;
        AsId as;
} Ends;

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

typedef struct {
        const Ends *ends;
        ItemNo to;
        unsigned of_type; /* links of the type from the same item */
        bool exists;
        char *attrs;
} Links;

static bool links_see(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Links *links = payload;

        if (rev->type != links->ends->type)
                return true;
        links->of_type++;
        if (rev->to == links->to && rev->as == links->ends->as) {
                links->exists = true;
                links->attrs = g_strdup(rev->attrs);
        }
        return true;
}

/* Links from the item in the store and, for what this changeset did, in the operations so far. */
static bool links_load(Resolver *r, const Ends *ends, Links *ret_links, GError **error)
{
        const char *type = link_type_def(ends->type)->name;
        const json_t *op;
        size_t i;

        *ret_links = (Links){ .ends = ends, .to = ends->to->no };
        if (ends->from->no != ZW_ITEM_NONE &&
            !store_each_link_of(r->context->view, &r->context->log, ends->from->no, ZW_ITEM_NONE,
                                ZW_SEQ_OPEN - 1, links_see, ret_links, error))
                return false;
        if (link_rule_find(ends->type, ends->from->kind, ends->to->kind, ends->as)->from_max == 0 &&
            ends->from->no == ZW_ITEM_NONE)
                return true; /* a new item without a limit: nothing to compare, and scanning would be quadratic */
        json_array_foreach(r->ops, i, op)
        {
                const char *name = jread_get_string(op, "op"), *from = jread_get_string(op, "from");
                bool same;

                if (from == NULL || strcmp(from, ends->from->id) != 0 ||
                    g_strcmp0(jread_get_string(op, "type"), type) != 0)
                        continue;
                same = strcmp(jread_get_string(op, "to"), ends->to->id) == 0 &&
                       strcmp(jread_get_string(op, "as"), as_name(ends->as)) == 0;
                if (strcmp(name, "unlink") == 0) {
                        ret_links->of_type--;
                        ret_links->exists = ret_links->exists && !same;
                } else if (strcmp(name, "link") == 0) {
                        ret_links->of_type += !(same && ret_links->exists);
                        ret_links->exists = ret_links->exists || same;
                }
        }
        return true;
}

static bool ends_read(Resolver *r, const json_t *op, Ends *ret_ends, GError **error)
{
        return link_type_read(op, ret_ends, error) && find_named(r, op, "from", &ret_ends->from, error) &&
               find_named(r, op, "to", &ret_ends->to, error);
}

static bool resolve_link(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "from", "type", "to", "as", "attrs" };
        json_t *attrs = json_object_get(op, "attrs");
        const LinkRuleDef *rule;
        g_autofree char *old = NULL;
        Links links;
        Ends ends;

        if (!names_check(op, names, G_N_ELEMENTS(names), error) || !ends_read(r, op, &ends, error))
                return false;
        rule = link_rule_find(ends.type, ends.from->kind, ends.to->kind, ends.as);
        if (rule == NULL) {
                g_autofree char *why = link_rule_explain(ends.type, ends.from->kind, ends.to->kind, ends.as);

                error_set(error, ZW_ERR_METAMODEL, "/type", "%s", why);
                return false;
        }
        if (attrs != NULL && !link_attrs_check(ends.type, attrs, "/attrs", error))
                return false;
        if (ends.from == ends.to) {
                error_set(error, ZW_ERR_METAMODEL, "/to", "%s cannot be linked to itself", ends.from->key);
                return false;
        }
        if (!links_load(r, &ends, &links, error))
                return false;
        old = links.attrs;
        if (!links.exists && rule->from_max > 0 && links.of_type >= rule->from_max) {
                error_set(error, ZW_ERR_METAMODEL, "/from", "%s has %u link(s) %s already, at most %u",
                          ends.from->key, links.of_type, link_type_def(ends.type)->name, rule->from_max);
                return false;
        }
        if (links.exists) {
                g_autoptr(Json) before = old == NULL ? json_object() : json_loads(old, 0, NULL);

                if (attrs == NULL || json_equal(attrs, before))
                        return true;
        }
        emit(r, json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:[i, i]}", "op", "link", "from", ends.from->id,
                          "type", link_type_def(ends.type)->name, "to", ends.to->id, "as", as_name(ends.as),
                          "attrs", attrs == NULL ? json_object() : json_incref(attrs), "judged",
                          (int)ends.from->subst, (int)ends.to->subst));
        return true;
}

static bool resolve_unlink(Resolver *r, const json_t *op, GError **error)
{
        g_autofree char *old = NULL;
        Links links = { 0 };
        Ends ends;

        if (!ends_read(r, op, &ends, error))
                return false;
        if (link_rule_find(ends.type, ends.from->kind, ends.to->kind, ends.as) != NULL &&
            !links_load(r, &ends, &links, error))
                return false;
        old = links.attrs;
        if (!links.exists) {
                error_set(error, ZW_ERR_NOT_FOUND, "/from", "there is no link %s %s %s", ends.from->key,
                          link_type_def(ends.type)->name, ends.to->key);
                return false;
        }
        emit(r, json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "unlink", "from", ends.from->id, "type",
                          link_type_def(ends.type)->name, "to", ends.to->id, "as", as_name(ends.as)));
        return true;
}

/* ---- results and settings ---- */

static bool resolve_result(Resolver *r, const json_t *op, GError **error)
{
        const char *status = jread_get_string(op, "status"), *at = jread_get_string(op, "at");
        Known *test_case, *run;
        ResultLine line = { 0 };
        GArray *lines;

        if (!find_named(r, op, "case", &test_case, error) || !find_named(r, op, "run", &run, error))
                return false;
        if (test_case->kind != ZW_KIND_TEST_CASE || run->kind != ZW_KIND_TEST_RUN) {
                error_set(error, ZW_ERR_METAMODEL, "/case", "a result joins a test_case and a test_run");
                return false;
        }
        if (status == NULL || !result_status_find(status, &line.status)) {
                error_set(error, ZW_ERR_INPUT, "/status", "a status is passed, failed, error or skipped");
                return false;
        }
        if (at == NULL || !instant_parse(at, &line.at, error)) {
                if (at == NULL)
                        error_set(error, ZW_ERR_INPUT, "/at", "a result has a time");
                return false;
        }
        if (!hex_decode(test_case->id, line.test_case.b, ZW_ID_BYTES, error))
                return false;
        line.message = g_strdup(jread_get_string(op, "message"));
        lines = g_hash_table_lookup(r->results, run->id);
        if (lines == NULL) {
                lines = results_new();
                g_hash_table_insert(r->results, g_strdup(run->id), lines);
        }
        g_array_append_val(lines, line);
        return true;
}

/* ---- results a run has already, so that an import can be repeated ---- */

typedef struct {
        Resolver *r;
        ItemNo run;
        GHashTable *known; /* of line_text */
} Seen;

static char *line_text(const Id *test_case, ResultStatus status, Instant at, const char *message)
{
        char id[ZW_ID_HEX];

        hex_encode(test_case->b, ZW_ID_BYTES, id);
        return g_strdup_printf("%s %d %" G_GINT64_FORMAT " %s", id, (int)status, at,
                               message == NULL ? "" : message);
}

static bool result_seen(const ResultRev *result, void *payload, GError **error)
{
        Seen *seen = payload;
        const ResolveContext *context = seen->r->context;
        g_autoptr(StoreItem) item = NULL;

        if (result->run != seen->run)
                return true;
        item = store_item_by_no(context->view, &context->log, result->test_case, ZW_SEQ_OPEN - 1, error);
        if (item == NULL)
                return false;
        g_hash_table_add(seen->known,
                         line_text(&store_item_rev(item)->id, result->status, result->at, result->message));
        return true;
}

static bool results_drop_known(Resolver *r, const char *run_hex, GArray *lines, GError **error)
{
        const ResolveContext *context = r->context;
        g_autoptr(GHashTable) known = hash_table_new_text(g_free, NULL);
        g_autoptr(StoreItem) run = NULL;
        Seen seen = { .r = r, .known = known };
        Id id;

        if (!hex_decode(run_hex, id.b, ZW_ID_BYTES, error))
                return false;
        run = store_item_by_id(context->view, &context->log, &id, ZW_SEQ_OPEN - 1, NULL);
        if (run == NULL)
                return true; /* a run of this changeset has none yet */
        seen.run = store_item_rev(run)->no;
        if (!store_each_result(context->view, &context->log, ZW_SEQ_OPEN - 1, result_seen, &seen, error))
                return false;
        for (guint i = lines->len; i > 0; i--) {
                const ResultLine *line = &g_array_index(lines, ResultLine, i - 1);
                g_autofree char *text = line_text(&line->test_case, line->status, line->at, line->message);

                if (g_hash_table_contains(known, text))
                        g_array_remove_index(lines, i - 1);
        }
        return true;
}

/* One operation for all results of a run, with a content-addressed file. */
static bool results_emit(Resolver *r, GError **error)
{
        g_autoptr(GList) runs = g_list_sort(g_hash_table_get_keys(r->results), (GCompareFunc)strcmp);

        for (GList *run = runs; run != NULL; run = run->next) {
                GArray *lines = g_hash_table_lookup(r->results, run->data);
                g_autoptr(GBytes) file = NULL;
                char hex[ZW_DIGEST_HEX];
                Digest digest;

                if (!results_drop_known(r, run->data, lines, error))
                        return false;
                if (lines->len == 0)
                        continue;
                file = results_encode(lines, error);
                if (file == NULL || !store_blob_put(r->context->store, file, &digest, error))
                        return false;
                hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
                emit(r, json_pack("{s:s, s:s, s:s, s:i}", "op", "results", "run", (const char *)run->data,
                                  "file", hex, "n", (int)lines->len));
        }
        return true;
}

/* Writes a setting that differs from the value it has. */
static bool setting_write(Resolver *r, const char *name, json_t *value, GError **error)
{
        g_autofree char *now = NULL;
        g_autoptr(Json) before = NULL;

        if (!store_load_setting(r->context->view, &r->context->log, name, ZW_SEQ_OPEN - 1, &now, error))
                return false;
        before = parse_text(now);
        if (!json_equal(before, value))
                emit(r, json_pack("{s:s, s:s, s:O}", "op", "setting", "name", name, "value", value));
        return true;
}

static bool resolve_setting(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "name", "value" };
        static const char *const known[] = { "separation_of_duties" };
        const char *name = jread_get_string(op, "name");
        json_t *value = json_object_get(op, "value");
        g_autofree char *near = NULL;

        if (!names_check(op, names, G_N_ELEMENTS(names), error))
                return false;
        for (size_t i = 0; name != NULL && value != NULL && i < G_N_ELEMENTS(known); i++)
                if (strcmp(known[i], name) == 0)
                        return setting_write(r, name, value, error);
        near = near_names(name == NULL ? "" : name, known, G_N_ELEMENTS(known));
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/name", "there is no setting \"%s\"%s",
                  name == NULL ? "" : name, near);
        return false;
}

static bool resolve_one(Resolver *r, const json_t *op, GError **error)
{
        static const struct {
                const char *op;
                bool (*resolve)(Resolver *r, const json_t *op, GError **error);
        } table[] = { { "item", resolve_item },
                      { "link", resolve_link },
                      { "unlink", resolve_unlink },
                      { "retire", resolve_retire },
                      { "transition", resolve_transition },
                      { "result", resolve_result },
                      { "setting", resolve_setting } };
        const char *names[G_N_ELEMENTS(table)], *name = jread_get_string(op, "op");
        g_autofree char *near = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                names[i] = table[i].op;
                if (name != NULL && strcmp(name, table[i].op) == 0)
                        return table[i].resolve(r, op, error);
        }
        near = near_names(name == NULL ? "" : name, names, G_N_ELEMENTS(names));
        error_set(error, ZW_ERR_INPUT, "/op", "there is no operation \"%s\"%s", name == NULL ? "" : name,
                  near);
        return false;
}

json_t *resolve_ops(const ResolveContext *context, const json_t *native, json_t *outcome, GError **error)
{
        g_autoptr(GHashTable) known = hash_table_new_text(NULL, known_free);
        g_autoptr(GHashTable) sources = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) numbers = hash_table_new_text(NULL, NULL);
        g_autoptr(GHashTable) results = hash_table_new_text(g_free, (GDestroyNotify)g_array_unref);
        g_autoptr(Json) ops = json_array();
        Resolver r = { context, known, sources, numbers, results, ops, outcome };
        const json_t *op;
        size_t i;

        json_array_foreach(native, i, op)
        {
                GError *why = NULL;
                g_autofree char *place = NULL;

                if (resolve_one(&r, op, &why))
                        continue;
                place = g_strdup(error_where(why) == NULL ? "" : error_where(why));
                error_set_where(why, "operation %zu%s%s", i + 1,
                                place[0] == '/' || place[0] == '\0' ? "" : " ", place);
                g_propagate_error(error, why);
                return NULL;
        }
        if (!results_emit(&r, error))
                return NULL;
        return g_steal_pointer(&ops);
}
