/* The user interface as tools/build-web makes it from web/: a generated file of this build defines both tables.
 * Constant data: thread-safe. */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

#include <stddef.h>

typedef struct {
        const char *name; /* with a hash of the content in it; the page that starts the app is `index.html` */
        const char *type; /* media type */
        const char *plain, *packed; /* the same bytes as they are, and by gzip */
        size_t n_plain, n_packed;
} Asset;

const Asset *assets_table(size_t *ret_n);

/* First segments of the addresses that the app has pages at, such as `zones`. */
const char *const *assets_pages(size_t *ret_n);

#endif
