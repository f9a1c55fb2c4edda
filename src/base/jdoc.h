/* Fast validating JSON for large foreign files (advisories, bills of materials), by simdjson behind a C
 * header. A document owns its parse; values are small structs passed by value and borrowed from it; reading
 * allocates nothing. Texts are UTF-8, checked, NUL-terminated at their length (an embedded NUL is possible:
 * use the length). While parsing, address space of about 15 times the input is asked for, most of which is
 * never touched. Thread-safe for reading. */
#ifndef BASE_JDOC_H
#define BASE_JDOC_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct JDoc JDoc;

typedef enum {
        JVAL_NONE,
        JVAL_NULL,
        JVAL_BOOL,
        JVAL_INT,
        JVAL_REAL,
        JVAL_STRING,
        JVAL_ARRAY,
        JVAL_OBJECT
} JValType;

typedef struct {
        const JDoc *doc;
        uint64_t at; /* position inside the parse; 0 with type JVAL_NONE = absent */
        JValType type;
} JVal;

typedef struct {
        JVal of;
        uint64_t at, end;
} JIter;

/* Parses all of `bytes` (copied as needed; a byte order mark is skipped). Errors, with `byte N` counted from
 * 0: INPUT, also for numbers beyond 64 bits; ENCODING; LIMIT for nesting over `depth_max` (at most 1000) and
 * for memory. */
JDoc *jdoc_parse(GBytes *bytes, size_t depth_max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void jdoc_free(JDoc *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JDoc, jdoc_free)

JVal jdoc_root(const JDoc *doc);

/* Member of an object; type JVAL_NONE when absent or not an object. The first of duplicate keys. */
JVal jval_get(JVal object, const char *key);
/* Elements of an array or members of an object, in their order; nothing for others. jiter_next gives the
 * values of members, jiter_next_member refuses arrays. The results are untouched when it returns false. */
JIter jval_iter(JVal container);
bool jiter_next(JIter *iter, JVal *ret_value);
bool jiter_next_member(JIter *iter, const char **ret_key, size_t *ret_key_n, JVal *ret_value);
/* Number of elements or members; 0 for others. */
size_t jval_count(JVal container);

/* Text of a string value (borrowed); NULL for other types. `ret_n` may be NULL. */
const char *jval_text(JVal value, size_t *ret_n);
/* Text of the member `key`, or NULL. */
const char *jval_get_text(JVal object, const char *key);
/* The value, when it is of that type; jval_real takes integers too. An integer over 2^63 - 1 is JVAL_REAL. */
bool jval_int(JVal value, int64_t *ret_value);
bool jval_real(JVal value, double *ret_value);
bool jval_bool(JVal value, bool *ret_value);

G_END_DECLS

#endif
