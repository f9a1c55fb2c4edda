/* The three-way merge of an import (docs/import.md). For each member in which the file and the item differ, the history of
 * the item says who changed it last: an import marks the revisions it makes by their own number in `source.rev`, so all
 * others are people's. What an import set last, or nobody, is the file's to change; what people set stays. The base is what
 * an import set before them: when the file still says that, only people changed it, else both did.
 *
 * History is read for items that differ, and only for these: repeating an import reads none. */
#include "service/changeset/resolve.h"

#include <string.h>

typedef struct {
        const char *name; /* borrowed from the operation or the item */
        bool attr;
        json_t *theirs; /* what the file says, null for nothing */
        json_t *before; /* value in the revision walked before */
        json_t *base;   /* what an import said last */
        bool by_import; /* the last change was an import's */
        bool silent;    /* the file does not name it */
} Difference;

typedef struct {
        GArray *list; /* of Difference */
} Walk;

static void difference_clear(gpointer data)
{
        Difference *d = data;

        json_decref(d->theirs);
        json_decref(d->before);
        json_decref(d->base);
}

/* A member that is absent, null, empty or without entries says nothing. */
static bool says_nothing(const json_t *value)
{
        return value == NULL || json_is_null(value) ||
               (json_is_string(value) && json_string_length(value) == 0) ||
               (json_is_array(value) && json_array_size(value) == 0) ||
               (json_is_object(value) && json_object_size(value) == 0);
}

static bool is_same(const json_t *a, const json_t *b)
{
        return (says_nothing(a) && says_nothing(b)) || json_equal(a, b);
}

static json_t *value_of(const json_t *members, const Difference *d)
{
        return json_object_get(d->attr ? json_object_get(members, "attrs") : members, d->name);
}

static void add(GArray *list, const char *name, bool attr, json_t *theirs, bool silent)
{
        Difference d = { .name = name,
                         .attr = attr,
                         .theirs = theirs == NULL ? json_null() : json_incref(theirs),
                         .before = json_null(),
                         .base = json_null(),
                         .by_import = true,
                         .silent = silent };

        g_array_append_val(list, d);
}

/* ---- what differs ---- */

static const char *const plain[] = { "title", "body", "owner", "tags", "order", "parent" };

/* An entry of a list, such as a port with the name of what answers there, says what its beginning alone says, too. */
static bool entry_is_there(const json_t *list, const json_t *entry)
{
        const char *text = json_string_value(entry);
        const json_t *other;
        size_t i;

        json_array_foreach(list, i, other)
        {
                const char *there = json_string_value(other);

                if (json_equal(other, entry) || (text != NULL && there != NULL && text[0] != '\0' &&
                                                 g_str_has_prefix(there, text) && there[strlen(text)] == ' '))
                        return true;
        }
        return false;
}

/* What an operation that knows a part only means: lists have more entries, and what it leaves blank stays. Free it. */
static json_t *value_joined(json_t *here, json_t *value)
{
        json_t *joined, *entry;
        size_t i;

        if (says_nothing(value))
                return json_incref(here == NULL ? value : here);
        if (!json_is_array(value) || !json_is_array(here))
                return json_incref(value);
        joined = json_copy(here);
        json_array_foreach(value, i, entry)
        {
                if (!entry_is_there(joined, entry))
                        json_array_append(joined, entry);
        }
        return joined;
}

/* A title that is the id says nothing. */
static bool is_named(const json_t *op)
{
        return g_strcmp0(jread_get_string(op, "title"),
                         jread_get_string(json_object_get(op, "source"), "id")) != 0;
}

static void add_joined(GArray *list, const char *name, bool attr, json_t *here, json_t *value)
{
        g_autoptr(Json) joined = value_joined(here, value);

        if (!is_same(joined, here))
                add(list, name, attr, joined, false);
}

static void find_joined(const Known *known, const json_t *op, GArray *list)
{
        json_t *attrs = json_object_get(known->members, "attrs"), *value;
        const char *name;

        for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
                if (strcmp(plain[i], "title") != 0 || is_named(op))
                        add_joined(list, plain[i], false, json_object_get(known->members, plain[i]),
                                   json_object_get(op, plain[i]));
        json_object_foreach(json_object_get(op, "attrs"), name, value)
        {
                add_joined(list, name, true, json_object_get(attrs, name), value);
        }
}

static void find_given(const Known *known, const json_t *op, GArray *list)
{
        json_t *attrs = json_object_get(known->members, "attrs"), *value;
        const char *name;

        for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
                value = json_object_get(op, plain[i]);
                if (value != NULL && !is_same(value, json_object_get(known->members, plain[i])))
                        add(list, plain[i], false, value, false);
        }
        json_object_foreach(json_object_get(op, "attrs"), name, value)
        {
                if (!is_same(value, json_object_get(attrs, name)))
                        add(list, name, true, value, false);
        }
}

/* An operation that says all there is to say takes away what an earlier one said. */
static void find_silent(const Known *known, const json_t *op, GArray *list)
{
        static const char *const removable[] = { "body", "owner", "tags" };
        json_t *attrs = json_object_get(known->members, "attrs"), *value;
        const char *name;

        for (size_t i = 0; i < G_N_ELEMENTS(removable); i++)
                if (json_object_get(op, removable[i]) == NULL &&
                    !says_nothing(json_object_get(known->members, removable[i])))
                        add(list, removable[i], false, NULL, true);
        json_object_foreach(attrs, name, value)
        {
                if (json_object_get(json_object_get(op, "attrs"), name) == NULL)
                        add(list, name, true, NULL, true);
        }
}

/* ---- who changed it ---- */

static bool is_import(const ItemRev *rev, const json_t *members)
{
        const char *text = jread_get_string(json_object_get(members, "source"), "rev");
        g_autofree char *number = g_strdup_printf("%u", rev->rev);

        return g_strcmp0(text, number) == 0;
}

static bool walk_rev(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Walk *walk = payload;
        g_autoptr(Json) members = members_of_rev(rev);
        const bool import = is_import(rev, members);

        for (guint i = 0; i < walk->list->len; i++) {
                Difference *d = &g_array_index(walk->list, Difference, i);
                json_t *value = value_of(members, d);

                if (is_same(value, d->before))
                        continue;
                d->by_import = import;
                json_decref(d->before);
                d->before = value == NULL ? json_null() : json_incref(value);
                if (!import)
                        continue;
                json_decref(d->base);
                d->base = json_incref(d->before);
        }
        return true;
}

/* ---- what is done ---- */

/* What people wrote may be long; the list of what was kept is read at a glance. */
static json_t *shown(const json_t *value)
{
        enum { SHOWN_BYTES = 200 };
        g_autofree char *cut = NULL, *valid = NULL;

        if (!json_is_string(value) || json_string_length(value) <= SHOWN_BYTES)
                return value == NULL ? json_null() : json_incref((json_t *)(uintptr_t)value);
        cut = g_strndup(json_string_value(value), SHOWN_BYTES);
        valid = g_utf8_make_valid(cut, -1);
        return json_sprintf("%s…", valid);
}

static void keep(Resolver *r, const Known *known, const Difference *d)
{
        resolver_list(r, "kept",
                      json_pack("{s:s, s:s, s:o, s:o}", "item", known->key, "member", d->name, "here",
                                shown(value_of(known->members, d)), "file", shown(d->theirs)));
        if (!is_same(d->theirs, d->base))
                resolver_list(
                        r, "problems",
                        json_pack("{s:o}", "message",
                                  json_sprintf(
                                          "%s of %s was changed here and in the file; what is here was kept",
                                          d->name, known->key)));
}

static void take(Known *known, const Difference *d, json_t *set)
{
        json_t *attrs = json_object_get(set, "attrs");
        json_t *value = d->theirs;

        if (known->merged == NULL)
                known->merged = json_object();
        json_object_set_new(known->merged, d->name, json_true());
        if (!d->attr) {
                /* A body and a title are texts always. */
                if (json_is_null(value) && (strcmp(d->name, "body") == 0 || strcmp(d->name, "title") == 0))
                        json_object_set_new(set, d->name, json_string(""));
                else
                        json_object_set(set, d->name, value);
                return;
        }
        if (attrs == NULL) {
                attrs = json_object();
                json_object_set_new(set, "attrs", attrs);
        }
        json_object_set(attrs, d->name, value);
}

static void decide(Resolver *r, Known *known, const Difference *d, json_t *set)
{
        const bool ours = known->no != ZW_ITEM_NONE && !d->by_import &&
                          json_object_get(known->merged, d->name) == NULL;

        if (!ours)
                take(known, d, set);
        else if (!d->silent)
                keep(r, known, d);
}

/* What people retired stays so, and is not brought up to date. */
static bool is_retired(Resolver *r, const Known *known)
{
        if ((state_def(known->state)->flags & STATE_RETIRED) == 0)
                return false;
        resolver_list(r, "kept",
                      json_pack("{s:s, s:s, s:s, s:n}", "item", known->key, "member", "state", "here",
                                state_def(known->state)->name, "file"));
        return true;
}

bool resolver_merge(Resolver *r, Known *known, const json_t *op, json_t **ret_set, GError **error)
{
        g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Difference));
        g_autoptr(Json) set = json_object();
        Walk walk = { list };

        g_array_set_clear_func(list, difference_clear);
        if (jread_get_bool(op, "part", false) && known->no != ZW_ITEM_NONE)
                find_joined(known, op, list);
        else
                find_given(known, op, list);
        if (jread_get_bool(op, "complete", false) && known->no != ZW_ITEM_NONE)
                find_silent(known, op, list);
        if (list->len > 0 && !is_retired(r, known)) {
                if (known->no != ZW_ITEM_NONE && !store_each_revision(r->context->view, &r->context->log,
                                                                      known->no, walk_rev, &walk, error))
                        return false;
                for (guint i = 0; i < list->len; i++)
                        decide(r, known, &g_array_index(list, Difference, i), set);
        }
        *ret_set = g_steal_pointer(&set);
        return true;
}
