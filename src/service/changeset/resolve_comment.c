/* Comments: who has the permission makes them and settles them, and whoever made one changes what it says. */
#include "service/changeset/resolve.h"

#include "store/comment.h"

#include <string.h>

typedef struct {
        Id id;
        bool found, resolved;
        Id author;
        char *text; /* or NULL */
} CommentNow;

static void comment_now_clear(CommentNow *now)
{
        g_free(now->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommentNow, comment_now_clear)

static bool comment_see(const CommentRev *comment, void *payload, GError **error G_GNUC_UNUSED)
{
        CommentNow *now = payload;

        if (!id_equal(&comment->id, &now->id))
                return true;
        if (!now->found)
                now->author = comment->author;
        now->found = true;
        now->resolved = comment->resolved;
        g_free(now->text);
        now->text = g_strdup(comment->text);
        return true;
}

/* What the operation says of text and state is what it is to be; what it does not say stays. */
static bool members_read(const json_t *op, CommentNow *now, const Id *actor, bool *ret_same, GError **error)
{
        const char *text = jread_get_string(op, "text");
        const bool resolved = jread_get_bool(op, "resolved", now->resolved);
        const bool other_text = text != NULL && g_strcmp0(text, now->text) != 0;

        if (now->found && other_text && !id_equal(&now->author, actor)) {
                error_set(error, ZW_ERR_DENIED, "/text", "only who wrote a comment changes what it says");
                return false;
        }
        if (other_text) {
                g_free(now->text);
                now->text = g_strdup(text);
        }
        *ret_same = now->found && !other_text && resolved == now->resolved;
        now->resolved = resolved;
        if (now->text != NULL && now->text[0] != '\0' && strlen(now->text) <= ZW_COMMENT_MAX)
                return true;
        error_set(error, ZW_ERR_INPUT, "/text", "a comment has a text of 1 to %d bytes", ZW_COMMENT_MAX);
        return false;
}

bool resolve_comment(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "item", "comment", "text", "resolved" };
        const char *hex = jread_get_string(op, "comment");
        g_auto(CommentNow) now = { .id = id_new() };
        char id[ZW_ID_HEX];
        Known *known;
        bool same;

        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error) ||
            !resolver_find_named(r, op, "item", &known, error) ||
            !resolver_may(r, ZW_PERM_COMMENT, "a comment", error))
                return false;
        if (hex != NULL && !hex_decode(hex, now.id.b, ZW_ID_BYTES, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/comment", "a comment is named by %d lower-case hex digits",
                          2 * ZW_ID_BYTES);
                return false;
        }
        if (known->no != ZW_ITEM_NONE && !store_each_comment(r->context->view, &r->context->log, known->no,
                                                             ZW_SEQ_OPEN - 1, comment_see, &now, error))
                return false;
        if (!members_read(op, &now, &r->context->actor, &same, error))
                return false;
        if (same)
                return true;
        hex_encode(now.id.b, ZW_ID_BYTES, id);
        resolver_emit(r, NULL,
                      json_pack("{s:s, s:s, s:s, s:s, s:b}", "op", "comment", "id", known->id, "comment", id,
                                "text", now.text, "resolved", now.resolved));
        return true;
}
