/* Comments on an item: a list of what each one says now, and writing one. */
#include "service/internal.h"

#include "store/comment.h"

#include <string.h>

/* ---- reading ---- */

typedef struct {
        Id id, author, settler;
        Instant created, edited, settled; /* 0: never */
        bool resolved;
        char *text;
} Comment;

static void comment_clear(gpointer data)
{
        g_free(((Comment *)data)->text);
}

static Comment *comment_of(GArray *comments, const CommentRev *rev)
{
        Comment made = { .id = rev->id, .author = rev->author, .created = rev->time };

        for (guint i = 0; i < comments->len; i++)
                if (id_equal(&g_array_index(comments, Comment, i).id, &rev->id))
                        return &g_array_index(comments, Comment, i);
        g_array_append_val(comments, made);
        return &g_array_index(comments, Comment, comments->len - 1);
}

static bool comment_take(const CommentRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Comment *comment = comment_of(payload, rev);

        if (comment->text != NULL && strcmp(comment->text, rev->text) != 0)
                comment->edited = rev->time;
        if (rev->resolved != comment->resolved) {
                comment->settled = rev->resolved ? rev->time : 0;
                comment->settler = rev->author;
        }
        comment->resolved = rev->resolved;
        g_free(comment->text);
        comment->text = g_strdup(rev->text);
        return true;
}

static void instant_say(JWrite *w, const char *name, Instant instant)
{
        char text[ZW_INSTANT_TEXT];

        if (instant != 0)
                instant_format(instant, text);
        jwrite_key_string(w, name, instant == 0 ? NULL : text);
}

/* Whose id is not known any more has no name. */
static void person_say(const Call *call, JWrite *w, const char *name, const char *full_name, const Id *id)
{
        g_autoptr(StorePerson) person = id == NULL ? NULL : store_load_person(call->view, id, NULL);

        jwrite_key_string(w, name, person == NULL ? NULL : person->name);
        jwrite_key_string(w, full_name, person == NULL ? NULL : person->full_name);
}

static void comment_say(const Call *call, const Comment *comment, JWrite *w)
{
        char id[ZW_ID_HEX];

        hex_encode(comment->id.b, ZW_ID_BYTES, id);
        jwrite_object_begin(w);
        jwrite_key_string(w, "id", id);
        person_say(call, w, "by", "full_name", &comment->author);
        jwrite_key_bool(w, "own", id_equal(&comment->author, &call->caller->person));
        jwrite_key_string(w, "text", comment->text);
        instant_say(w, "created", comment->created);
        instant_say(w, "edited", comment->edited);
        jwrite_key_bool(w, "resolved", comment->resolved);
        instant_say(w, "resolved_at", comment->settled);
        person_say(call, w, "resolved_by", "resolved_by_name", comment->resolved ? &comment->settler : NULL);
        jwrite_object_end(w);
}

static StoreItem *item_of(const Call *call, GError **error)
{
        const char *key = jread_get_string(call->input, "key");

        if (key != NULL)
                return store_item_by_key(call->view, &call->project->log, key, call->at, error);
        error_set(error, ZW_ERR_USAGE, "/key", "the key of an item is needed");
        return NULL;
}

/* What each comment says now, by when it was made. */
static GArray *comments_load(const Call *call, ItemNo item, GError **error)
{
        g_autoptr(GArray) comments = g_array_new(FALSE, FALSE, sizeof(Comment));

        g_array_set_clear_func(comments, comment_clear);
        return store_each_comment(call->view, &call->project->log, item, call->at, comment_take, comments,
                                  error)
                       ? g_steal_pointer(&comments)
                       : NULL;
}

bool usecase_comment_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StoreItem) item = item_of(call, error);
        g_autoptr(GArray) comments = item == NULL ? NULL
                                                  : comments_load(call, store_item_rev(item)->no, error);

        if (comments == NULL)
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < comments->len; i++)
                comment_say(call, &g_array_index(comments, Comment, i), w);
        jwrite_array_end(w);
        return true;
}

/* ---- writing ---- */

/* The id of the comment the call names, which has to be on the item; a new one when it names none. */
static bool id_choose(const Call *call, ItemNo item, Id *ret_id, GError **error)
{
        const char *hex = jread_get_string(call->input, "comment");
        g_autoptr(GArray) comments = comments_load(call, item, error);

        *ret_id = id_new();
        if (comments == NULL || hex == NULL)
                return comments != NULL;
        if (hex_decode(hex, ret_id->b, ZW_ID_BYTES, NULL))
                for (guint i = 0; i < comments->len; i++)
                        if (id_equal(&g_array_index(comments, Comment, i).id, ret_id))
                                return true;
        error_set(error, ZW_ERR_NOT_FOUND, "/comment", "there is no such comment on the item");
        return false;
}

/* The input of the edit that writes it. */
static json_t *edit_of(const json_t *input, const char *id)
{
        json_t *op = json_pack("{s:s, s:O, s:s, s:O*, s:O*}", "op", "comment", "item",
                               json_object_get(input, "key"), "comment", id, "text",
                               json_object_get(input, "text"), "resolved",
                               json_object_get(input, "resolved"));

        return json_pack("{s:[o], s:O*}", "ops", op, "message", json_object_get(input, "message"));
}

bool usecase_comment_put(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StoreItem) item = item_of(call, error);
        g_autoptr(Json) input = NULL;
        char hex[ZW_ID_HEX];
        Call edit = *call;
        Id id;

        if (item == NULL || !id_choose(call, store_item_rev(item)->no, &id, error))
                return false;
        hex_encode(id.b, ZW_ID_BYTES, hex);
        edit.input = input = edit_of(call->input, hex);
        jwrite_object_begin(w);
        jwrite_key_string(w, "item", store_item_rev(item)->key);
        jwrite_key_string(w, "comment", hex);
        jwrite_key(w, "outcome");
        if (!usecase_edit(&edit, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
