/* The operation `comment`, and reading what it left. */
#include "store/comment.h"

#include "base/error.h"
#include "base/jread.h"
#include "store/internal.h"

bool store_each_comment(StoreView *view, const Id *log, ItemNo item, Seq seq, StoreCommentFn fn,
                        void *payload, GError **error)
{
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               (!view_sees(view, item) ||
                view->backend->comment_read(view, no, item, seq_clamp(seq), fn, payload, error));
}

typedef struct {
        const char *op, *id, *comment, *text;
        bool resolved;
} CommentOp;

/* A comment stays on the item it was made on. */
static bool place_check(Projector *p, const CommentRev *comment, GError **error)
{
        ItemNo item;

        if (!p->view->backend->comment_item(p->view, p->log->no, &comment->id, &item, error))
                return false;
        if (item == ZW_ITEM_NONE || item == comment->item)
                return true;
        error_set(error, ZW_ERR_INPUT, "/comment", "this comment is on another item");
        return false;
}

bool project_comment(Projector *p, const json_t *op, GError **error)
{
        static const JReadField fields[] = {
                { "op", JREAD_STRING, offsetof(CommentOp, op), true },
                { "id", JREAD_STRING, offsetof(CommentOp, id), true },
                { "comment", JREAD_STRING, offsetof(CommentOp, comment), true },
                { "text", JREAD_STRING, offsetof(CommentOp, text), true },
                { "resolved", JREAD_BOOL, offsetof(CommentOp, resolved), true },
                JREAD_END,
        };
        CommentRev comment = { .seq = p->seq, .op = p->n };
        CommentOp read;

        if (!jread_object(op, fields, &read, "", error) ||
            !project_item_no(p, read.id, "/id", &comment.item, error) ||
            !project_text(json_object_get(op, "text"), ZW_COMMENT_MAX, "/text", &comment.text, error))
                return false;
        if (comment.text[0] == '\0' || !hex_decode(read.comment, comment.id.b, ZW_ID_BYTES, NULL)) {
                error_set(error, ZW_ERR_INPUT, comment.text[0] == '\0' ? "/text" : "/comment",
                          "a comment has a text, and an id of %d lower-case hex digits", 2 * ZW_ID_BYTES);
                return false;
        }
        comment.resolved = read.resolved;
        return place_check(p, &comment, error) &&
               p->view->backend->comment_insert(p->view, p->log->no, &comment, error);
}
