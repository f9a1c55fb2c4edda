/* What a document or a configuration holds: the attached file whose hash its attribute `hash` says. Lines that begin as one of the
 * entries of its attribute `volatile` say nothing: a capture that differs in nothing else is the same. Inside content/ only. */
#ifndef SERVICE_CONTENT_CONTENT_H
#define SERVICE_CONTENT_CONTENT_H

#include "base/linediff.h"
#include "service/internal.h"

enum { CONTENT_DIFF_BYTES_MAX = 8 << 20 };

/* One revision of an item and its content. Borrowed from `attrs` and `files`. */
typedef struct {
        json_t *attrs, *files;
        const char *name, *media, *hash; /* NULL: nothing was attached */
        int64_t size;
} Content;

void content_clear(Content *content);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Content, content_clear)

/* Of a revision. Errors: those of jread_parse. */
bool content_read(const ItemRev *rev, Content *ret_content, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The item that the input names as `key`. Errors: NOT_FOUND; USAGE, it is neither a document nor a configuration. */
StoreItem *content_item(const Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What differs, in lines that count. */
typedef struct {
        GBytes *before, *after;
        GArray *lines; /* of LineDiff, all of both; NULL: they cannot be compared by lines */
        guint gone, fresh;
        bool same; /* nothing that counts differs */
} ContentDiff;

void content_diff_clear(ContentDiff *diff);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ContentDiff, content_diff_clear)
/* Both are hashes of kept content; `attrs` has `volatile`. Errors: those of the store. */
bool content_diff(Call *call, const char *before, const char *after, const json_t *attrs,
                  ContentDiff *ret_diff, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
