/* What bodies and answers look like: the JSON Schemas of data/api/shapes.json, found by route, and the check of a body against
 * its own. The schemas are of the program, so only what they use is understood: type, enum, properties, required,
 * additionalProperties, items, lengths, bounds and $ref. Immutable: thread-safe. */
#ifndef HTTP_SHAPES_H
#define HTTP_SHAPES_H

#include "http/route.h"

/* Errors: INTERNAL, what was compiled in is damaged. */
Shapes *shapes_new(GError **error) G_GNUC_WARN_UNUSED_RESULT;
void shapes_free(Shapes *shapes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shapes, shapes_free)

/* All schemas by name (borrowed). */
const json_t *shapes_schemas(const Shapes *shapes);
/* The names of the schemas of the body a route takes, and of what it answers; NULL where it has none. */
const char *shapes_takes(const Shapes *shapes, const Route *route);
const char *shapes_gives(const Shapes *shapes, const Route *route);

/* The status of what a route does, and the media type of its answer. */
int shapes_status(const Shapes *shapes, const Route *route);
const char *shapes_type(const Shapes *shapes, const Route *route);

/* Whether a value is what the schema of this name says. Errors: INPUT, with the JSON pointer of the first member that is not, of
 * one that is missing, or of one that is not known, and near names. */
bool shapes_check(const Shapes *shapes, const char *name, const json_t *value, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
