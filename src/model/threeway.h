/* Three-way comparison of objects, member by member: what one side changed since both were the same, and whether the other
 * side changed it to something else. Absent and null are the same. Pure functions; values are borrowed from the objects. */
#ifndef MODEL_THREEWAY_H
#define MODEL_THREEWAY_H

#include <jansson.h>
#include <stdbool.h>

/* A member that `theirs` has otherwise than `base` and than `ours`; NULL for one that is absent. */
typedef struct {
        const char *name;
        json_t *base, *theirs, *ours;
        bool conflict; /* `ours` is not what `base` was, either */
} ThreewayChange;

typedef bool (*ThreewayFn)(const ThreewayChange *change, void *payload);

/* Calls `fn` for each such member, in the order of their names by byte; false when `fn` said so, which ends it. */
bool threeway_each(const json_t *base, const json_t *theirs, const json_t *ours, ThreewayFn fn,
                   void *payload);

/* Whether both say the same. */
bool threeway_same(const json_t *a, const json_t *b);

#endif
