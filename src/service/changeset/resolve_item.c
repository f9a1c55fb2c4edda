/* Items: creating them and changing them. */
#include "service/changeset/resolve.h"

#include "base/near.h"
#include "model/triage.h"

#include <inttypes.h>
#include <string.h>

/* ---- checking what an operation gives ---- */

static bool new_key(Resolver *r, KindId kind, char **ret_key, GError **error)
{
        const char *prefix = kind_def(kind)->prefix;
        uint64_t number = GPOINTER_TO_SIZE(g_hash_table_lookup(r->numbers, prefix));
        Known *taken = NULL;

        if (number == 0 && !store_next_key(r->context->view, &r->context->log, kind, &number, error))
                return false;
        /* A key given in this changeset may have taken the next number. */
        for (;; number++) {
                g_autofree char *key = g_strdup_printf("%s-%" PRIu64, prefix, number);

                taken = g_hash_table_lookup(r->known, key);
                if (taken != NULL)
                        continue;
                *ret_key = g_steal_pointer(&key);
                break;
        }
        g_hash_table_insert(r->numbers, (gpointer)(uintptr_t)prefix, GSIZE_TO_POINTER(number + 1));
        return true;
}

static bool length_check(const json_t *value, size_t max, const char *where, GError **error)
{
        if (json_string_length(value) <= max)
                return true;
        error_set(error, ZW_ERR_LIMIT, where, "a text of at most %zu bytes is expected, this one has %zu",
                  max, json_string_length(value));
        return false;
}

static bool tags_check(const json_t *tags, GError **error)
{
        const json_t *tag;
        size_t i;

        json_array_foreach(tags, i, tag)
        {
                if (!json_is_string(tag)) {
                        error_set(error, ZW_ERR_INPUT, "/tags", "a tag is a text");
                        return false;
                }
                if (!length_check(tag, ZW_NAME_MAX, "/tags", error))
                        return false;
        }
        return true;
}

static bool source_check(const json_t *source, GError **error)
{
        static const char *const names[] = { "system", "id", "rev" };
        const json_t *system = json_object_get(source, "system"), *id = json_object_get(source, "id");

        if (!json_is_object(source))
                return true;
        if (json_string_length(system) == 0 || json_string_length(id) == 0) {
                error_set(error, ZW_ERR_INPUT, "/source", "a source has the texts system and id");
                return false;
        }
        return resolver_names_check(source, names, G_N_ELEMENTS(names), error) &&
               length_check(system, ZW_NAME_MAX, "/source/system", error) &&
               length_check(id, ZW_SOURCE_ID_MAX, "/source/id", error);
}

/* The members of a revision an `item` operation gives, checked; attributes apart. */
static bool members_check(const json_t *op, GError **error)
{
        static const struct {
                const char *name, *where;
                json_type type;
                size_t max;
        } members[] = { { "title", "/title", JSON_STRING, ZW_TITLE_MAX },
                        { "body", "/body", JSON_STRING, SIZE_MAX },
                        { "owner", "/owner", JSON_STRING, ZW_NAME_MAX },
                        { "tags", "/tags", JSON_ARRAY, SIZE_MAX },
                        { "order", "/order", JSON_INTEGER, SIZE_MAX },
                        { "parent", "/parent", JSON_STRING, ZW_ITEM_KEY_MAX },
                        { "source", "/source", JSON_OBJECT, SIZE_MAX },
                        { "attrs", "/attrs", JSON_OBJECT, SIZE_MAX } };

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                const json_t *value = json_object_get(op, members[i].name);

                if (value == NULL || json_is_null(value))
                        continue;
                if (json_typeof(value) != members[i].type) {
                        error_set(error, ZW_ERR_INPUT, members[i].where, "%s has the wrong type",
                                  members[i].name);
                        return false;
                }
                if (!length_check(value, members[i].max, members[i].where, error))
                        return false;
        }
        return tags_check(json_object_get(op, "tags"), error) &&
               source_check(json_object_get(op, "source"), error);
}

/* ---- changes ---- */

static bool source_is(const json_t *source, const json_t *given)
{
        return g_strcmp0(jread_get_string(source, "system"), jread_get_string(given, "system")) == 0 &&
               g_strcmp0(jread_get_string(source, "id"), jread_get_string(given, "id")) == 0;
}

/* Of a new item most members are absent, which is what null says. */
static bool is_same(const json_t *given, const json_t *now)
{
        return json_is_null(given) ? now == NULL || json_is_null(now) : json_equal(given, now);
}

/* What differs from the item as it is: only that is written. The revision last imported is not for files to say. */
static json_t *difference(const Known *known, const json_t *op)
{
        static const char *const plain[] = { "title", "body", "owner", "tags", "order", "parent" };
        const json_t *attrs = json_object_get(known->members, "attrs"),
                     *source = json_object_get(op, "source");
        json_t *set = json_object(), *changed = json_object(), *value;
        const char *name;

        for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
                json_t *given = json_object_get(op, plain[i]);

                if (given != NULL && !is_same(given, json_object_get(known->members, plain[i])))
                        json_object_set(set, plain[i], given);
        }
        if (source != NULL && !source_is(json_object_get(known->members, "source"), source))
                json_object_set_new(set, "source", json_copy((json_t *)(uintptr_t)source));
        json_object_del(json_object_get(set, "source"), "rev");
        json_object_foreach(json_object_get(op, "attrs"), name, value)
        {
                if (!is_same(value, json_object_get(attrs, name)))
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

        known->fresh = true;
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

/* Marks a revision as what the source said: its number is the one its source names. */
static void source_mark(const Known *known, uint32_t rev, json_t *set)
{
        json_t *given = json_object_get(set, "source");
        json_t *source = json_copy(given != NULL ? given : json_object_get(known->members, "source"));
        g_autofree char *number = g_strdup_printf("%u", rev);

        json_object_set_new(source, "rev", json_string(number));
        json_object_set_new(set, "source", source);
}

bool resolver_rev_check(const Known *known, const json_t *op, GError **error)
{
        const json_t *base = json_object_get(op, "rev");

        if (base == NULL || (json_is_integer(base) && json_integer_value(base) == known->rev))
                return true;
        if (!json_is_integer(base)) {
                error_set(error, ZW_ERR_INPUT, "/rev", "a revision is an integer");
                return false;
        }
        error_set(error, ZW_ERR_CONFLICT, known->key,
                  "%s is at revision %u, the change was made on %" JSON_INTEGER_FORMAT, known->key,
                  known->rev, json_integer_value(base));
        return false;
}

/* What is not there has no revision that a change could have been made on. */
static bool absent_check(const json_t *op, GError **error)
{
        const char *key = jread_get_string(op, "key");

        if (json_integer_value(json_object_get(op, "rev")) == 0)
                return true;
        error_set(error, ZW_ERR_CONFLICT, key == NULL ? "/rev" : key,
                  "%s is not there, the change was made on revision %" JSON_INTEGER_FORMAT,
                  key == NULL ? "the item" : key, json_integer_value(json_object_get(op, "rev")));
        return false;
}

/* What a baseline names is what it names. */
static bool baseline_check(const Known *known, const json_t *set, GError **error)
{
        static const char *const fixed[] = { "seq", "hash" };
        const json_t *now = json_object_get(known->members, "attrs"), *given = json_object_get(set, "attrs");

        for (size_t i = 0; known->kind == ZW_KIND_BASELINE && i < G_N_ELEMENTS(fixed); i++)
                if (json_object_get(now, fixed[i]) != NULL && json_object_get(given, fixed[i]) != NULL) {
                        error_set(error, ZW_ERR_STATE, known->key,
                                  "%s is a baseline: the commit it names does not change", known->key);
                        return false;
                }
        return true;
}

/* A finding that is left as it is for good says why; one that did not before is let be until this is changed. */
static bool treatment_check(const Known *known, const json_t *set, GError **error)
{
        const json_t *given = json_object_get(set, "attrs");

        if (known->kind != ZW_KIND_FINDING ||
            (json_object_get(given, "treatment") == NULL &&
             json_object_get(given, "treatment_reason") == NULL) ||
            !triage_is_unsaid(json_object_get(known->members, "attrs")))
                return true;
        error_set(error, ZW_ERR_INPUT, "/attrs/treatment_reason",
                  "never to be treated needs a reason of the treatment");
        return false;
}

/* What attributes say together, with what `set` has just made of them. */
static bool together_check(const Known *known, const json_t *set, GError **error)
{
        return resolver_machinery_check(known, set, error) && treatment_check(known, set, error);
}

/* Changes the item, and checks what it is then. One that is refused is as it was, since others of an import may go on. */
static bool item_alter(Resolver *r, Known *known, const json_t *set, bool *ret_reopens, GError **error)
{
        const Known before = *known;
        g_autoptr(Json) members = json_copy(known->members);

        json_object_set_new(members, "attrs", json_copy(json_object_get(members, "attrs")));
        known->rev++;
        if (!r->context->editorial && change_is_substantive(known->kind, set))
                known->subst = known->rev;
        known->author = r->context->actor;
        known->altered = true;
        members_merge(known, set);
        *ret_reopens = resolver_override_reopens(known, set);
        if (together_check(known, set, error) &&
            (!*ret_reopens || resolver_move_check(r, known, ZW_STATE_DRAFT, error)))
                return true;
        known->rev = before.rev;
        known->subst = before.subst;
        known->author = before.author;
        known->altered = before.altered;
        known->fresh = before.fresh;
        json_decref(known->members);
        known->members = g_steal_pointer(&members);
        return false;
}

static bool item_update(Resolver *r, Known *known, const json_t *op, GError **error)
{
        const bool merge = r->context->merge && json_object_get(op, "key") == NULL;
        g_autoptr(Json) set = NULL;
        bool reopens;

        if (!resolver_rev_check(known, op, error))
                return false;
        if (!merge)
                set = difference(known, op);
        else if (!resolver_merge(r, known, op, &set, error))
                return false;
        if (json_object_size(set) == 0) {
                resolver_count(r, "unchanged", kind_def(known->kind)->name);
                return true;
        }
        if (!baseline_check(known, set, error) || !resolver_may_alter(r, known, error))
                return false;
        if (merge)
                source_mark(known, known->rev + 1, set);
        if (!item_alter(r, known, set, &reopens, error))
                return false;
        resolver_emit(r, known,
                      json_pack("{s:s, s:s, s:i, s:i, s:O}", "op", "update", "id", known->id, "rev",
                                (int)known->rev, "subst", (int)known->subst, "set", set));
        resolver_count(r, "updated", kind_def(known->kind)->name);
        return !reopens || resolver_move(r, known, ZW_STATE_DRAFT, NULL, error);
}

/* ---- new items ---- */

static bool kind_of(const json_t *op, KindId *ret_kind, GError **error)
{
        const char *name = jread_get_string(op, "kind");
        g_autofree char *near = NULL;
        size_t n;
        const char *const *names = kind_names(&n);

        if (name != NULL && kind_find(name, ret_kind))
                return true;
        near = near_names(name == NULL ? "" : name, names, n);
        error_set(error, ZW_ERR_METAMODEL, "/kind",
                  name == NULL ? "a new item has a kind" : "there is no kind \"%s\"%s", name, near);
        return false;
}

static bool item_state(Resolver *r, KindId kind, const json_t *op, StateId *ret_state, GError **error)
{
        const char *name = jread_get_string(op, "state");
        const Workflow *workflow;

        if (!resolver_workflow(r, kind, &workflow, error))
                return false;
        *ret_state = workflow_initial(workflow);
        if (name == NULL || !r->context->states)
                return true;
        if (state_find(name, ret_state) && workflow_has(workflow, *ret_state))
                return true;
        error_set(error, ZW_ERR_METAMODEL, "/state", "%s has no state \"%s\"", kind_def(kind)->name, name);
        return false;
}

static Known *known_new(const Resolver *r, const json_t *op)
{
        Known *known = g_new0(Known, 1);
        const char *given = jread_get_string(op, "id");
        Id id = id_new();

        known->members = json_object();
        json_object_set_new(known->members, "attrs", json_object());
        known->no = ZW_ITEM_NONE;
        known->fresh = true;
        known->rev = known->subst = 1;
        known->author = r->context->actor;
        if (given == NULL)
                hex_encode(id.b, ZW_ID_BYTES, known->id);
        else
                g_strlcpy(known->id, given, sizeof known->id);
        return known;
}

/* One outside identity belongs to one item. */
static bool source_free_check(Resolver *r, const json_t *source, GError **error)
{
        const char *system = jread_get_string(source, "system"), *id = jread_get_string(source, "id");
        Known *other = NULL;

        if (system == NULL || id == NULL)
                return true;
        if (!resolver_find_source(r, system, id, &other, error))
                return false;
        if (other != NULL)
                error_set(error, ZW_ERR_EXISTS, "/source", "%s came from %s as \"%s\" already", other->key,
                          system, id);
        return other == NULL;
}

/* An exported item says whether it stood as its source said; only then a later import may change it. */
static bool is_as_imported(const Resolver *r, const char *key, const json_t *source)
{
        return json_is_object(source) &&
               (key == NULL ? r->context->merge : jread_get_string(source, "rev") != NULL);
}

/* A baseline that names a commit by number gets its hash: a signature on it then covers all of that commit. One that is
 * restored by an import names a commit of another log. */
static bool baseline_fill(Resolver *r, KindId kind, json_t *set, GError **error)
{
        json_t *attrs = json_object_get(set, "attrs");
        const json_t *seq = json_object_get(attrs, "seq");
        g_autoptr(GError) why = NULL;
        char hex[ZW_DIGEST_HEX];
        Digest hash;

        if (kind != ZW_KIND_BASELINE || (r->context->states && r->context->merge) || !json_is_integer(seq) ||
            json_object_get(attrs, "hash") != NULL)
                return true;
        if (store_commit_hash(r->context->view, &r->context->log, (Seq)json_integer_value(seq), &hash,
                              &why)) {
                hex_encode(hash.b, ZW_DIGEST_BYTES, hex);
                json_object_set_new(attrs, "hash", json_string(hex));
                return true;
        }
        /* A commit that is not there yet has none; only a baseline with a hash can be signed. */
        if (g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND))
                return true;
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

static void create_write(Resolver *r, Known *known, const json_t *source, json_t *set)
{
        json_t *keys = json_object_get(r->outcome, "keys");

        if (json_is_object(source))
                g_hash_table_insert(r->sources,
                                    g_strdup_printf("%s\n%s", jread_get_string(source, "system"),
                                                    jread_get_string(source, "id")),
                                    known);
        resolver_emit(r, NULL,
                      json_pack("{s:s, s:s, s:s, s:s, s:s, s:O}", "op", "create", "id", known->id, "key",
                                known->key, "kind", kind_def(known->kind)->name, "state",
                                state_def(known->state)->name, "set", set));
        resolver_count(r, "created", kind_def(known->kind)->name);
        /* Only an edit asks for them: rows of an import have names of their own. */
        if (keys != NULL)
                json_array_append_new(keys, json_string(known->key));
}

static bool item_create(Resolver *r, const char *key, const json_t *op, GError **error)
{
        const json_t *source = json_object_get(op, "source");
        g_autofree char *new = NULL;
        g_autoptr(Json) set = NULL;
        StateId state;
        KindId kind;
        Known *known;
        bool ok;

        /* Without a key the item was looked for by its source, and there was none. */
        if (!kind_of(op, &kind, error) || !item_state(r, kind, op, &state, error) ||
            (key != NULL && !source_free_check(r, source, error)) ||
            (key == NULL && !new_key(r, kind, &new, error)))
                return false;
        known = known_new(r, op);
        known->kind = kind;
        known->state = state;
        known->key = key == NULL ? g_steal_pointer(&new) : g_strdup(key);
        set = difference(known, op);
        if (is_as_imported(r, key, source))
                source_mark(known, 1, set);
        ok = baseline_fill(r, kind, set, error);
        members_merge(known, set);
        if (!ok || !together_check(known, set, error)) {
                known_free(known);
                return false;
        }
        resolver_known_add(r, known);
        create_write(r, known, source, set);
        return true;
}

/* ---- the operation ---- */

static bool find_item(Resolver *r, const json_t *op, Known **ret_known, GError **error)
{
        const json_t *source = json_object_get(op, "source");
        const char *key = jread_get_string(op, "key"), *system = jread_get_string(source, "system"),
                   *id = jread_get_string(source, "id");
        g_autofree char *name = NULL;

        *ret_known = NULL;
        if (key != NULL)
                return resolver_key_check(key, error) && resolver_refused_check(r, key, key, "/key", error) &&
                       resolver_find_key(r, key, ret_known, error);
        if (system == NULL || id == NULL)
                return true;
        name = g_strdup_printf("%s\n%s", system, id);
        return resolver_refused_check(r, name, id, "/source", error) &&
               resolver_find_source(r, system, id, ret_known, error);
}

bool resolve_item(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op",    "key",  "kind",  "title",  "body",   "attrs", "state",
                                             "owner", "tags", "order", "parent", "source", "rev",   "id" };
        const size_t n_names = G_N_ELEMENTS(names) - (r->context->ids ? 0 : 1);
        const char *kind_name = jread_get_string(op, "kind");
        const json_t *attrs = json_object_get(op, "attrs");
        Known *known;
        KindId kind;

        if (!resolver_names_check(op, names, n_names, error) || !members_check(op, error) ||
            !find_item(r, op, &known, error))
                return false;
        if (known != NULL && kind_name != NULL && strcmp(kind_name, kind_def(known->kind)->name) != 0) {
                error_set(error, ZW_ERR_METAMODEL, "/kind", "%s is a %s, which does not change", known->key,
                          kind_def(known->kind)->name);
                return false;
        }
        if (known != NULL)
                kind = known->kind;
        else if (!kind_of(op, &kind, error))
                return false;
        if (!resolver_may_change(r, kind, error) ||
            (json_is_object(attrs) &&
             (!attrs_check(kind, attrs, "/attrs", error) || !resolver_tree_check(attrs, error))))
                return false;
        if (known != NULL)
                return item_update(r, known, op, error);
        return absent_check(op, error) && item_create(r, jread_get_string(op, "key"), op, error);
}
