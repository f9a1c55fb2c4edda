/* Security level vectors: seven entries in the order of the foundational requirements IAC UC SI DC RDF TRE RA, each 0
 * to 4 or unknown. They are compared entry by entry, never by mean, minimum or maximum across entries (62443-3-3
 * Annex A). Pure functions. */
#ifndef MODEL_SL_H
#define MODEL_SL_H

#include "base/jwrite.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { ZW_FR_COUNT = 7, ZW_SL_MAX = 4, ZW_SL_UNKNOWN = -1 };

typedef struct {
        int8_t e[ZW_FR_COUNT]; /* index = FR - 1; ZW_SL_UNKNOWN = null */
} SlVector;

/* All entries unknown. */
SlVector sl_vector_unknown(void);

/* Reads a JSON array of seven integers 0 to 4 or null. Errors: INPUT with `where` and the entry. */
bool sl_vector_read(const json_t *value, const char *where, SlVector *ret_vector, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void sl_vector_write(const SlVector *vector, JWrite *w);

/* `{2 2 ? 1 2 1 3}` into a buffer of at least 20 characters. */
void sl_vector_format(const SlVector *vector, char *ret_text);

/* Short name of a foundational requirement (1 to 7): IAC, UC, SI, DC, RDF, TRE, RA. */
const char *sl_fr_name(int fr);
/* The same in full. */
const char *sl_fr_title(int fr);

#endif
