/* Cuts one large JSON object into parts small enough to be parsed one after another: each member, and of a long array
 * runs of its elements. Cutting reads the text once, without building anything; together with the parse of every part the
 * whole is checked as strictly as by one parse. Memory: the text, and 40 bytes a part. Not thread-safe. */
#ifndef EXCHANGE_JPARTS_H
#define EXCHANGE_JPARTS_H

#include "base/error.h"
#include "base/jdoc.h"
#include <stddef.h>

typedef struct JParts JParts;

/* Cuts all of `bytes` (kept; a byte order mark is passed over). `elements_max` is the most elements an array may have that
 * is a member. Errors, with `byte N`: INPUT when the text is no JSON object; ENCODING; LIMIT. */
JParts *jparts_new(GBytes *bytes, size_t depth_max, size_t elements_max, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void jparts_free(JParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JParts, jparts_free)

size_t jparts_count(const JParts *parts);
/* True when the part begins a member, and when it also ends it: a long array has several parts, one after the other. */
bool jparts_begins(const JParts *parts, size_t part);
bool jparts_whole(const JParts *parts, size_t part);
/* True when the member is called `key`, written without escapes. */
bool jparts_is(const JParts *parts, size_t part, const char *key);
/* The part as an object with one member; for a run of elements its value is an array of them. The document lives until the
 * next call. Errors as above. */
bool jparts_parse(JParts *parts, size_t part, JVal *ret_object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
