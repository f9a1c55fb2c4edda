/* The body of a request as it arrives: small ones in memory, wiped when freed since they may hold a password; large ones in a
 * file without a name. Its length is known from the start, since a body without Content-Length is refused. Owned by its
 * creator; not thread-safe. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Bodies up to this size are kept in memory. */
enum { ZW_BODY_MEMORY_MAX = 2 << 20 };

typedef enum {
#define BODY(symbol, types, most, form) BODY_##symbol,
#include "http/bodies.def"
#undef BODY
        BODY_COUNT
} BodyKind;

typedef struct {
        const char *types; /* with a blank between; "*" for any */
        uint64_t most;
        bool is_json;
} BodyRule;
const BodyRule *body_rule(BodyKind kind);

/* Whether a Content-Type (or NULL) is one the kind takes. Errors: MEDIA_TYPE, with those it takes. */
bool body_type_check(BodyKind kind, const char *type, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct Body Body;

/* For `length` bytes; `dir` is where a file may lie. Errors: LIMIT, it is more than the kind takes; STORAGE. */
Body *body_new(BodyKind kind, const char *dir, uint64_t length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void body_free(Body *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Body, body_free)

/* As body_file_new, and it holds `n` bytes, at its beginning; -1 on failure. Errors: STORAGE. */
int body_file_of(const char *dir, const char *bytes, size_t n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Errors: LIMIT, it is more than was said; STORAGE. */
bool body_add(Body *body, const char *bytes, size_t n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether all of it has arrived, and how much has. */
bool body_is_whole(const Body *body);
uint64_t body_length(const Body *body);

/* The bytes of one in memory (borrowed), NULL of one in a file. */
const char *body_text(const Body *body);
/* A descriptor at its beginning (borrowed), whatever it is kept in. Errors: STORAGE. */
int body_fd(Body *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A file without a name in `dir`, gone with its descriptor: for large bodies, and for large answers. Errors: STORAGE. */
int body_file_new(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
