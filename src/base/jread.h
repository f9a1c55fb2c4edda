/* Reading JSON with jansson, strictly: duplicate keys and trailing bytes are refused, nesting is limited to
 * 100, and objects are bound to structs by field tables in which an unknown field is an error that names the
 * near ones. Thread-safe: nothing is shared. */
#ifndef BASE_JREAD_H
#define BASE_JREAD_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef json_t Json;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, json_decref)

/* One JSON value from `n` bytes. Errors, all with `line L, column C`: INPUT; ENCODING; LIMIT for nesting. */
json_t *jread_parse(const char *text, size_t n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
        JREAD_STRING, /* const char *, borrowed from the object */
        JREAD_INT,    /* int64_t */
        JREAD_BOOL,   /* bool */
        JREAD_JSON,   /* json_t *, borrowed, any value */
        JREAD_OBJECT, /* json_t *, borrowed */
        JREAD_ARRAY,  /* json_t *, borrowed */
} JReadType;

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): rows are written in this order; there are few */
typedef struct {
        const char *name;
        JReadType type;
        size_t offset; /* of the member in the struct */
        bool required;
} JReadField;

#define JREAD_END                          \
        {                                  \
                NULL, JREAD_JSON, 0, false \
        }

/* Fills the members named by `fields` (ended by JREAD_END) from `object`; members without a value are
 * untouched. `where` is the JSON pointer of the object, used in errors. Errors: INPUT. */
bool jread_object(const json_t *object, const JReadField *fields, void *ret_struct, const char *where,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Short readers for optional members of an object (borrowed; NULL or `fallback` when absent or of another
 * type). */
const char *jread_get_string(const json_t *object, const char *key);
int64_t jread_get_int(const json_t *object, const char *key, int64_t fallback);
bool jread_get_bool(const json_t *object, const char *key, bool fallback);

#endif
