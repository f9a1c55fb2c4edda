/* Comments on items as the log has them. A comment is no part of what its item says: it makes no revision, and nothing
 * suspect. Errors and thread-safety as in store.h. */
#ifndef STORE_COMMENT_H
#define STORE_COMMENT_H

#include "store/store.h"

enum { ZW_COMMENT_MAX = 16384 }; /* bytes of the text */

/* A comment as one commit left it. The text is borrowed for the length of a call. */
typedef struct {
        ItemNo item;
        Id id;
        Seq seq;
        int op;    /* in the commit */
        Id author; /* actor of the commit: of the first one of an id, who wrote it */
        Instant time;
        bool resolved;
        const char *text;
} CommentRev;

typedef bool (*StoreCommentFn)(const CommentRev *comment, void *payload, GError **error);
/* All that was said on an item up to commit `seq`, in that order. */
bool store_each_comment(StoreView *view, const Id *log, ItemNo item, Seq seq, StoreCommentFn fn,
                        void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
