/* What would be signed, and what was. */
#include "service/internal.h"

#include "base/near.h"

#include <string.h>

enum { KEYS_MAX = 10000 };

static void hex_write(JWrite *w, const char *name, const Digest *digest)
{
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest->b, ZW_DIGEST_BYTES, hex);
        jwrite_key_string(w, name, hex);
}

/* ---- preview ---- */

typedef struct {
        Call *call;
        JWrite *w;
        const char *meaning, *reason;
        const StorePerson *person;
} Preview;

/* The role the caller would sign in, or "" when the meaning is not theirs to give. */
static const char *role_of(const Call *call, const char *meaning)
{
        const char *asked = jread_get_string(call->input, "role");
        unsigned roles;
        MeaningId id;

        if (!meaning_find(meaning, &id))
                return "";
        roles = rights_roles_of(&call->rights, meaning_def(id)->roles);
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (roles & 1U << i && (asked == NULL || strcmp(role_def((RoleId)i)->name, asked) == 0))
                        return role_def((RoleId)i)->name;
        return "";
}

static bool preview_write(const Preview *preview, const char *key, GError **error)
{
        Call *call = preview->call;
        const Id *log = &call->project->log;
        g_autoptr(StoreItem) item = store_item_by_key(call->view, log, key, call->at, error);
        g_autoptr(Json) links = NULL, without = NULL;
        g_autofree char *text = NULL;
        const ItemRev *rev;
        Manifest manifest;

        if (item == NULL)
                return false;
        rev = store_item_rev(item);
        manifest = (Manifest){ .log = *log,
                               .item = rev->id,
                               .person = call->caller->person,
                               .project = call->project->key,
                               .key = rev->key,
                               .kind = kind_def(rev->kind)->name,
                               .title = rev->title,
                               .rev = rev->rev,
                               .meaning = preview->meaning,
                               .role = role_of(call, preview->meaning),
                               .reason = preview->reason };
        links = content_links(rev->kind);
        without = content_without(rev->kind);
        if (!store_content(call->view, log, rev, call->at, links, without, &manifest.content, error))
                return false;
        text = manifest_text(&manifest);
        jwrite_object_begin(preview->w);
        jwrite_key_string(preview->w, "key", rev->key);
        jwrite_key_int(preview->w, "rev", rev->rev);
        jwrite_key_string(preview->w, "state", state_def(rev->state)->name);
        jwrite_key_string(preview->w, "title", rev->title);
        jwrite_key_string(preview->w, "meaning", preview->meaning);
        jwrite_key_string(preview->w, "role", manifest.role[0] == '\0' ? NULL : manifest.role);
        jwrite_key_string(preview->w, "person", preview->person->name);
        jwrite_key_string(preview->w, "full_name", preview->person->full_name);
        hex_write(preview->w, "hash", &manifest.content);
        jwrite_key_string(preview->w, "manifest", text);
        jwrite_object_end(preview->w);
        return true;
}

static bool preview_all(const Preview *preview, const json_t *keys, GError **error)
{
        const json_t *key;
        size_t i;

        if (json_array_size(keys) > KEYS_MAX) {
                error_set(error, ZW_ERR_LIMIT, "/keys", "at most %d items at once", (int)KEYS_MAX);
                return false;
        }
        jwrite_array_begin(preview->w);
        json_array_foreach(keys, i, key)
        {
                if (!json_is_string(key)) {
                        error_set(error, ZW_ERR_INPUT, "/keys", "a key is a text");
                        return false;
                }
                if (!preview_write(preview, json_string_value(key), error))
                        return false;
        }
        jwrite_array_end(preview->w);
        return true;
}

/* One item by `key`, or an array of them by `keys`. */
bool usecase_signature_preview(Call *call, JWrite *w, GError **error)
{
        const char *meaning = jread_get_string(call->input, "meaning"),
                   *key = jread_get_string(call->input, "key");
        const json_t *keys = json_object_get(call->input, "keys");
        g_autoptr(StorePerson) person = store_load_person(call->view, &call->caller->person, error);
        Preview preview = { call, w, meaning == NULL ? "approved" : meaning,
                            jread_get_string(call->input, "reason"), person };
        size_t n;
        const char *const *names = meaning_names(&n);
        MeaningId id;

        if (person == NULL)
                return false;
        if (!meaning_find(preview.meaning, &id)) {
                g_autofree char *near = near_names(preview.meaning, names, n);

                error_set(error, ZW_ERR_NAME_UNKNOWN, "/meaning", "there is no meaning \"%s\"%s",
                          preview.meaning, near);
                return false;
        }
        if (key == NULL && !json_is_array(keys)) {
                error_set(error, ZW_ERR_USAGE, "/key", "the key of an item is needed");
                return false;
        }
        return key != NULL ? preview_write(&preview, key, error) : preview_all(&preview, keys, error);
}

/* ---- what was signed ---- */

typedef struct {
        Call *call;
        JWrite *w;
        const Id *person; /* only theirs, or NULL */
} Listing;

/* Now, or as of the commit asked for, does the item say what was signed? */
static bool standing_find(Call *call, const SignatureRev *signature, const ItemRev *rev, Digest *ret_now,
                          GError **error)
{
        g_autoptr(Json) links = json_loads(signature->links, 0, NULL),
                        without = json_loads(signature->without, 0, NULL);

        return store_content(call->view, &call->project->log, rev, call->at, links, without, ret_now, error);
}

bool signature_stands(Call *call, const SignatureRev *signature, const ItemRev *rev, bool *ret_stands,
                      GError **error)
{
        Digest now;

        if (!standing_find(call, signature, rev, &now, error))
                return false;
        *ret_stands = digest_equal(&now, &signature->content);
        return true;
}

static bool standing_write(const Listing *list, const SignatureRev *signature, const ItemRev *rev,
                           GError **error)
{
        Digest now;

        if (!standing_find(list->call, signature, rev, &now, error))
                return false;
        jwrite_key_bool(list->w, "standing", digest_equal(&now, &signature->content));
        jwrite_key(list->w, "now");
        jwrite_object_begin(list->w);
        jwrite_key_int(list->w, "rev", rev->rev);
        jwrite_key_string(list->w, "state", state_def(rev->state)->name);
        hex_write(list->w, "hash", &now);
        jwrite_object_end(list->w);
        return true;
}

typedef struct {
        uint32_t rev;
        char *title;
} TitleFind;

static bool title_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        TitleFind *find = payload;

        if (rev->rev == find->rev)
                find->title = g_strdup(rev->title);
        return true;
}

/* The text that was signed, written again from what the log holds. */
static bool manifest_write(const Listing *list, const SignatureRev *signature, const ItemRev *rev,
                           GError **error)
{
        TitleFind find = { .rev = signature->rev };
        g_autofree char *title = NULL, *text = NULL;
        const StoreProject *project = list->call->project;
        Manifest manifest;

        if (!store_each_revision(list->call->view, &list->call->project->log, rev->no, title_see, &find,
                                 error))
                return false;
        title = find.title;
        manifest = signature_manifest(signature, &project->log, project->key, rev,
                                      title == NULL ? "" : title);
        text = manifest_text(&manifest);
        jwrite_key_string(list->w, "manifest", text);
        hex_write(list->w, "digest", &signature->manifest);
        return true;
}

static bool signature_write(const SignatureRev *signature, void *payload, GError **error)
{
        const Listing *list = payload;
        Call *call = list->call;
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(StorePerson) person = NULL;
        char time[ZW_INSTANT_TEXT];
        const ItemRev *rev;

        if (list->person != NULL && !id_equal(list->person, &signature->person))
                return true;
        item = store_item_by_no(call->view, &call->project->log, signature->item, call->at, error);
        if (item == NULL)
                return false;
        rev = store_item_rev(item);
        /* Whose name is no longer kept is known by the id in the manifest alone. */
        person = store_load_person(call->view, &signature->person, NULL);
        instant_format(signature->time, time);
        jwrite_object_begin(list->w);
        jwrite_key_string(list->w, "key", rev->key);
        jwrite_key_int(list->w, "rev", signature->rev);
        jwrite_key_string(list->w, "meaning", signature->meaning);
        jwrite_key_string(list->w, "role", signature->role);
        jwrite_key_string(list->w, "person", person == NULL ? NULL : person->name);
        jwrite_key_string(list->w, "full_name", person == NULL ? NULL : person->full_name);
        jwrite_key_string(list->w, "reason", signature->reason);
        jwrite_key_string(list->w, "proof", signature->proof);
        jwrite_key_string(list->w, "time", time);
        jwrite_key_int(list->w, "commit", (int64_t)signature->seq);
        hex_write(list->w, "hash", &signature->content);
        if (!standing_write(list, signature, rev, error) || !manifest_write(list, signature, rev, error))
                return false;
        jwrite_object_end(list->w);
        return true;
}

/* Of `key`, of `person`, of both, or all. */
bool usecase_signature_list(Call *call, JWrite *w, GError **error)
{
        const char *key = jread_get_string(call->input, "key"),
                   *name = jread_get_string(call->input, "person");
        g_autoptr(StorePerson) person = NULL;
        g_autoptr(StoreItem) item = NULL;
        Listing list = { call, w, NULL };
        ItemNo no = ZW_ITEM_NONE;

        if (name != NULL) {
                person = store_find_person(call->view, name, error);
                if (person == NULL)
                        return false;
                list.person = &person->id;
        }
        if (key != NULL) {
                item = store_item_by_key(call->view, &call->project->log, key, call->at, error);
                if (item == NULL)
                        return false;
                no = store_item_rev(item)->no;
        }
        jwrite_array_begin(w);
        if (!store_each_signature(call->view, &call->project->log, no, call->at, signature_write, &list,
                                  error))
                return false;
        jwrite_array_end(w);
        return true;
}

/* ---- of an item, in short ---- */

typedef struct {
        Call *call;
        JWrite *w;
        const ItemRev *rev;
} Brief;

static bool brief_write(const SignatureRev *signature, void *payload, GError **error)
{
        const Brief *brief = payload;
        g_autoptr(StorePerson) person = store_load_person(brief->call->view, &signature->person, NULL);
        char time[ZW_INSTANT_TEXT];
        Digest now;

        if (!standing_find(brief->call, signature, brief->rev, &now, error))
                return false;
        instant_format(signature->time, time);
        jwrite_object_begin(brief->w);
        jwrite_key_string(brief->w, "meaning", signature->meaning);
        jwrite_key_string(brief->w, "person", person == NULL ? NULL : person->name);
        jwrite_key_int(brief->w, "rev", signature->rev);
        jwrite_key_string(brief->w, "time", time);
        jwrite_key_bool(brief->w, "standing", digest_equal(&now, &signature->content));
        jwrite_object_end(brief->w);
        return true;
}

bool signatures_write(Call *call, const ItemRev *rev, JWrite *w, GError **error)
{
        Brief brief = { call, w, rev };

        jwrite_key(w, "signatures");
        jwrite_array_begin(w);
        if (!store_each_signature(call->view, &call->project->log, rev->no, call->at, brief_write, &brief,
                                  error))
                return false;
        jwrite_array_end(w);
        return true;
}

/* ---- by meaning ---- */

typedef struct {
        Call *call;
        const char *meaning;
        SignedItemFn see;
        void *payload;
} StandingFind;

static bool standing_see(const SignatureRev *signature, void *payload, GError **error)
{
        const StandingFind *find = payload;
        g_autoptr(StoreItem) item = NULL;
        Digest now;

        if (strcmp(signature->meaning, find->meaning) != 0)
                return true;
        item = store_item_by_no(find->call->view, &find->call->project->log, signature->item, find->call->at,
                                error);
        if (item == NULL || !standing_find(find->call, signature, store_item_rev(item), &now, error))
                return false;
        if (digest_equal(&now, &signature->content))
                find->see(signature, find->payload);
        return true;
}

bool signatures_standing(Call *call, MeaningId meaning, SignedItemFn see, void *payload, GError **error)
{
        StandingFind find = { call, meaning_def(meaning)->name, see, payload };

        return store_each_signature(call->view, &call->project->log, ZW_ITEM_NONE, call->at, standing_see,
                                    &find, error);
}
