/* The log as people search it: who did what, when, from where and why. Commits are read backwards from
 * the newest one, a stretch at a time; a search that finds little ends after a while and says where it goes on. */
#include "base/hash.h"
#include "service/lists/fields.h"
#include "service/lists/paging.h"
#include "service/lists/past.h"
#include "service/lists/story.h"

#include <string.h>

enum { STRETCH = 128, SCAN_MOST = 20000, ACTS_MOST = 50, KEYS_MOST = 20 };

typedef struct {
        Call *call;
        Seq least; /* commits after this one */
        bool by_person;
        Id person;
        const char *action, *text; /* or NULL */
        GHashTable *about;         /* hex ids of the items asked about and of their stories; NULL for any */
        GHashTable *pasts;         /* hex id → Past, of the items asked about */
        GHashTable *items;         /* hex id → {"key","kind","title"} */
        GPtrArray *found;          /* of json_t: the entries of a stretch, oldest first */
} Search;

static void search_clear(Search *search)
{
        g_clear_pointer(&search->about, g_hash_table_unref);
        g_clear_pointer(&search->pasts, g_hash_table_unref);
        g_clear_pointer(&search->items, g_hash_table_unref);
        g_clear_pointer(&search->found, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

/* ---- what is asked for ---- */

static char *hex_of(const Id *id)
{
        char hex[2 * ZW_ID_BYTES + 1];

        hex_encode(id->b, ZW_ID_BYTES, hex);
        return g_strdup(hex);
}

/* An item, and what belongs to its story. */
static bool about_add(Search *search, const char *key, GError **error)
{
        Call *call = search->call;
        g_autoptr(StoreItem) item = store_item_by_key(call->view, &call->project->log, key, call->at, error);
        g_autoptr(GArray) story = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        const ItemRev *rev = item == NULL ? NULL : store_item_rev(item);
        Past *past = rev == NULL ? NULL : past_load(call, rev->no, error);

        if (past == NULL)
                return false;
        g_hash_table_insert(search->pasts, hex_of(&rev->id), past);
        g_hash_table_add(search->about, hex_of(&rev->id));
        if (!story_find(call, rev, story, error))
                return false;
        for (guint i = 0; i < story->len; i++) {
                g_autoptr(StoreItem)
                        other = store_item_by_no(call->view, &call->project->log,
                                                 g_array_index(story, ItemNo, i), call->at, error);

                if (other == NULL)
                        return false;
                g_hash_table_add(search->about, hex_of(&store_item_rev(other)->id));
        }
        return true;
}

static bool about_read(Search *search, GError **error)
{
        const json_t *keys = json_object_get(search->call->input, "keys"), *key;
        size_t i;

        if (json_array_size(keys) > KEYS_MOST) {
                error_set(error, ZW_ERR_LIMIT, "/keys", "at most %d items at once", KEYS_MOST);
                return false;
        }
        if (json_array_size(keys) > 0)
                search->about = hash_table_new_text(g_free, NULL);
        json_array_foreach((json_t *)(uintptr_t)keys, i, key)
        {
                if (!about_add(search, json_is_string(key) ? json_string_value(key) : "", error))
                        return false;
        }
        return true;
}

static const char *word_of(const Call *call, const char *member)
{
        const char *word = jread_get_string(call->input, member);

        return word == NULL || word[0] == '\0' ? NULL : word;
}

static bool search_read(Search *search, GError **error)
{
        Call *call = search->call;
        const char *person = word_of(call, "person"), *since = word_of(call, "since");
        g_autoptr(StorePerson) known = NULL;

        search->action = word_of(call, "action");
        search->text = word_of(call, "q");
        if (person != NULL) {
                known = store_find_person(call->view, person, error);
                if (known == NULL)
                        return false;
                search->by_person = true;
                search->person = known->id;
        }
        return (since == NULL || call_find_seq(call, since, "since", &search->least, error)) &&
               about_read(search, error);
}

/* ---- one operation ---- */

/* The item that has this id, as an object; null when nobody can say any more. */
static json_t *item_of(Search *search, const char *hex)
{
        const Call *call = search->call;
        json_t *item = hex == NULL ? NULL : g_hash_table_lookup(search->items, hex);
        g_autoptr(StoreItem) found = NULL;
        Id id;

        if (item != NULL || hex == NULL || !hex_decode(hex, id.b, ZW_ID_BYTES, NULL))
                return json_incref(item);
        found = store_item_by_id(call->view, &call->project->log, &id, call->at, NULL);
        if (found == NULL)
                return NULL;
        item = json_pack("{s:s, s:s, s:s}", "key", store_item_rev(found)->key, "kind",
                         kind_def(store_item_rev(found)->kind)->name, "title", store_item_rev(found)->title);
        g_hash_table_insert(search->items, g_strdup(hex), json_incref(item));
        return item;
}

/* The fields that a `set` names, attributes by their names. */
static json_t *fields_of(const json_t *set)
{
        json_t *names = json_array();
        const char *name, *attr;
        const json_t *value, *inner;

        json_object_foreach((json_t *)(uintptr_t)set, name, value)
        {
                if (strcmp(name, "attrs") != 0 || !json_is_object(value)) {
                        json_array_append_new(names, json_string(name));
                        continue;
                }
                json_object_foreach((json_t *)(uintptr_t)value, attr, inner)
                        json_array_append_new(names, json_string(attr));
        }
        return names;
}

static void end_put(Search *search, json_t *act, const json_t *op, const char *member)
{
        json_t *item = item_of(search, jread_get_string(op, member));

        if (item != NULL)
                json_object_set_new(act, member, json_incref(json_object_get(item, "key")));
        json_decref(item);
}

/* An operation as people read it: `what`, the item with its kind and title, and what else it says. */
static json_t *act_of(Search *search, const json_t *op)
{
        static const char *const kept[] = { "type", "as", "to", "name", "meaning", "role", "reason", "rev" };
        const char *const what = jread_get_string(op, "op");
        const bool is_link = json_object_get(op, "from") != NULL;
        json_t *act = json_pack("{s:s}", "what", what == NULL ? "erased" : what),
               *item = item_of(search,
                               jread_get_string(op, strcmp(what == NULL ? "" : what, "results") == 0 ? "run"
                                                                                                     : "id"));

        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
                if (json_object_get(op, kept[i]) != NULL)
                        json_object_set(act, kept[i], json_object_get(op, kept[i]));
        if (is_link) {
                end_put(search, act, op, "from");
                end_put(search, act, op, "to");
        }
        if (item != NULL)
                json_object_update(act, item);
        json_decref(item);
        if (json_object_get(op, "set") != NULL)
                json_object_set_new(act, "fields", fields_of(json_object_get(op, "set")));
        return act;
}

static bool is_about(const Search *search, const json_t *op)
{
        static const char *const ends[] = { "id", "from", "to", "run" };

        for (size_t i = 0; i < G_N_ELEMENTS(ends) && search->about != NULL; i++) {
                const char *hex = jread_get_string(op, ends[i]);

                if (hex != NULL && g_hash_table_contains(search->about, hex))
                        return true;
        }
        return search->about == NULL;
}

/* Whether an operation has to be read: it names an item that is asked about, or says why where that is searched. Names of items
 * stand in it as hex digits in quotes. */
static bool is_wanted(const char *text, size_t n, void *payload)
{
        enum { HEX_N = 2 * ZW_ID_BYTES };
        const Search *search = payload;
        const char *const end = text + n;
        char hex[HEX_N + 1] = "";

        if (search->text != NULL && g_strstr_len(text, (gssize)n, "\"reason\"") != NULL)
                return true;
        for (const char *at = text; (at = memchr(at, '"', (size_t)(end - at))) != NULL; at++) {
                if (end - at < HEX_N + 2)
                        return false;
                memcpy(hex, at + 1, HEX_N);
                if (at[HEX_N + 1] == '"' && g_hash_table_contains(search->about, hex))
                        return true;
        }
        return false;
}

/* An action is the name of an operation, the meaning of a signature, the state gone to, or a field that was set. */
static bool is_action(const Search *search, const json_t *op)
{
        static const char *const members[] = { "op", "meaning", "to" };
        const json_t *set = json_object_get(op, "set");

        if (search->action == NULL)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (g_strcmp0(jread_get_string(op, members[i]), search->action) == 0)
                        return true;
        return json_object_get(set, search->action) != NULL ||
               json_object_get(json_object_get(set, "attrs"), search->action) != NULL;
}

/* ---- one commit ---- */

static bool text_holds(const char *text, const char *part)
{
        g_autofree char *folded = text == NULL ? NULL : g_utf8_casefold(text, -1),
                        *folded_part = g_utf8_casefold(part, -1);

        return folded != NULL && strstr(folded, folded_part) != NULL;
}

static bool says_text(const Search *search, const StoreCommit *commit)
{
        const json_t *op;
        size_t i;

        if (search->text == NULL || text_holds(commit->message, search->text))
                return true;
        json_array_foreach((json_t *)(uintptr_t)commit->ops, i, op)
        {
                if (text_holds(jread_get_string(op, "reason"), search->text))
                        return true;
        }
        return false;
}

static void change_put(const char *field, bool is_attr G_GNUC_UNUSED, const json_t *old, const json_t *new,
                       void *payload)
{
        json_array_append_new(payload,
                              json_pack("{s:s, s:O?, s:O?}", "field", field, "old", old, "new", new));
}

/* What the commit made of an item that is asked about, with the values. */
static void changes_put(json_t *act, const Past *past, Seq seq)
{
        const uint32_t now = past_rev_at(past, seq), before = past_rev_at(past, seq - 1);
        json_t *changes = json_array();

        if (now != before)
                fields_each(past_at(past, before), past_at(past, now), change_put, changes);
        json_object_set_new(act, "changes", changes);
}

/* What only the past of the item tells: the values that changed, and what a signature stands for, the attributes as signed. */
static void past_put(const Search *search, json_t *act, const json_t *op, Seq seq)
{
        const char *hex = jread_get_string(op, "id");
        const Past *past = hex == NULL ? NULL : g_hash_table_lookup(search->pasts, hex);
        const ItemRev *then = past == NULL ? NULL : past_at(past, (uint32_t)jread_get_int(op, "rev", 0));

        if (then != NULL && g_strcmp0(jread_get_string(op, "op"), "sign") == 0)
                json_object_set_new(act, "signed", json_loads(then->attrs, 0, NULL));
        else if (past != NULL)
                changes_put(act, past, seq);
}

/* The operations that fit; NULL when none does. */
static json_t *acts_of(Search *search, const StoreCommit *commit)
{
        json_t *acts = json_array();
        const json_t *op;
        bool any = false;
        size_t i;

        json_array_foreach((json_t *)(uintptr_t)commit->ops, i, op)
        {
                json_t *act;

                if (!is_about(search, op) || !is_action(search, op))
                        continue;
                any = true;
                if (json_array_size(acts) >= ACTS_MOST)
                        break;
                act = act_of(search, op);
                past_put(search, act, op, commit->seq);
                json_array_append_new(acts, act);
        }
        if (!any)
                json_decref(acts);
        return any ? acts : NULL;
}

static bool commit_see(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        Search *search = payload;
        g_autoptr(StorePerson) by = NULL;
        char time[ZW_INSTANT_TEXT];
        json_t *entry, *acts;

        if ((search->by_person && !id_equal(&commit->actor, &search->person)) || !says_text(search, commit))
                return true;
        acts = acts_of(search, commit);
        if (acts == NULL)
                return true;
        by = store_load_person(search->call->view, &commit->actor, NULL);
        instant_format(commit->time, time);
        entry = json_pack("{s:I, s:s, s:s?, s:s?, s:s, s:s?, s:b, s:s?, s:I, s:o}", "commit",
                          (json_int_t)commit->seq, "time", time, "by", by == NULL ? NULL : by->name,
                          "full_name", by == NULL ? NULL : by->full_name, "origin",
                          origin_name(commit->origin), "request", commit->request, "editorial",
                          commit->editorial, "message", commit->message, "operations",
                          (json_int_t)json_array_size(commit->ops), "acts", acts);
        g_ptr_array_add(search->found, entry);
        return true;
}

/* ---- a page ---- */

static bool first_of_page(const Call *call, Seq *ret_upto, GError **error)
{
        const char *after = word_of(call, "after");
        guint64 seq;

        *ret_upto = call->at;
        if (after == NULL)
                return true;
        if (!g_ascii_string_to_unsigned(after, 10, 1, G_MAXINT64, &seq, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/after", "this is no end of a page: begin without it");
                return false;
        }
        *ret_upto = MIN((Seq)seq - 1, call->at);
        return true;
}

/* Writes entries from the commit `upto` backwards; *ret_next is the last commit looked at when there may be more, else 0. */
static bool entries_write(Search *search, JWrite *w, Seq upto, uint32_t limit, Seq *ret_next, GError **error)
{
        const Call *call = search->call;
        uint32_t n = 0;

        *ret_next = 0;
        for (Seq scanned = 0; upto > search->least; scanned += STRETCH) {
                const Seq first = MAX(search->least, upto < STRETCH ? 0 : upto - STRETCH) + 1;

                g_ptr_array_set_size(search->found, 0);
                if (!store_each_commit_of(call->view, &call->project->log, first, upto,
                                          search->about == NULL ? NULL : is_wanted, commit_see, search,
                                          error))
                        return false;
                for (guint i = search->found->len; i > 0; i--) {
                        const json_t *entry = g_ptr_array_index(search->found, i - 1);

                        jwrite_json(w, entry);
                        if (++n < limit)
                                continue;
                        *ret_next = (Seq)jread_get_int(entry, "commit", 0);
                        return true;
                }
                upto = first - 1;
                if (scanned + STRETCH >= SCAN_MOST) {
                        *ret_next = upto > search->least ? first : 0;
                        return true;
                }
        }
        return true;
}

static void entry_free(gpointer entry)
{
        json_decref(entry);
}

bool usecase_log_list(Call *call, JWrite *w, GError **error)
{
        g_auto(Search) search = { .call = call };
        g_autofree char *next = NULL;
        Seq upto, last;
        uint32_t limit;

        search.items = hash_table_new_text(g_free, entry_free);
        search.pasts = hash_table_new_text(g_free, (GDestroyNotify)past_free);
        search.found = g_ptr_array_new_with_free_func(entry_free);
        if (!paging_limit(call, &limit, error) || !search_read(&search, error) ||
            !first_of_page(call, &upto, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        if (!entries_write(&search, w, upto, limit, &last, error))
                return false;
        jwrite_array_end(w);
        next = last > 1 ? g_strdup_printf("%" G_GUINT64_FORMAT, last) : NULL;
        paging_write(call, w, (int64_t)call->at, false, next);
        jwrite_object_end(w);
        return true;
}
