/* What differs between two revisions of an item, field by field. Thread-safe: pure functions. */
#ifndef SERVICE_LISTS_FIELDS_H
#define SERVICE_LISTS_FIELDS_H

#include "base/jread.h"
#include "base/jwrite.h"
#include "model/revision.h"

/* Calls `fn` for every field that differs: title, body, state, owner, tags, parent, order, attachments, and each attribute by
 * its name (`is_attr`), with its values; NULL for none. `old` may be NULL: the item is new. */
typedef void (*FieldFn)(const char *field, bool is_attr, const json_t *old, const json_t *new, void *payload);
void fields_each(const ItemRev *old, const ItemRev *new, FieldFn fn, void *payload);

/* The same as an array of {"field","old","new"}. */
void fields_write(JWrite *w, const ItemRev *old, const ItemRev *new);

/* Whether a change of the field to `new` is substantive for the kind: an attribute marked so, or a state that retires. */
bool field_is_substantive(KindId kind, const char *field, bool is_attr, const json_t *new);

#endif
