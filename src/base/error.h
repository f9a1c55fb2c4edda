/* The one error domain of the program. Numbers, HTTP status and exit codes are rows of errors.def.
 *
 * An error is set once, where it is detected; callers pass the pointer through and decide on the return
 * value. `where` says which field, row or element is meant (a JSON pointer, `row 12`, `line 3`), or is NULL.
 * Thread-safe: nothing is shared. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
#define ERROR(symbol, number, http, exit, meaning) ZW_ERR_##symbol = (number),
#include "base/errors.def"
#undef ERROR
} ZwErrorCode;

#define ZW_ERROR (zw_error_quark())
GQuark zw_error_quark(void);

/* Sets `*error` (which may be NULL) with a place and a message. */
void error_set(GError **error, ZwErrorCode code, const char *where, const char *format, ...)
        G_GNUC_PRINTF(4, 5);

/* Gives the place of an error of this domain (borrowed), or NULL. */
const char *error_where(const GError *error);

/* Replaces the place of an error of this domain, for layers that know it better. Other errors are left alone.
 * */
void error_set_where(GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Facts of a code; for an unknown number those of INTERNAL. */
int error_exit_code(int code);
int error_http_status(int code);
const char *error_symbol(int code);
/* The code with this symbol. */
bool error_find(const char *symbol, ZwErrorCode *ret_code);
const char *error_meaning(int code);

#endif
