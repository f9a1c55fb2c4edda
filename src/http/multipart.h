/* Forms with files (multipart/form-data, RFC 7578), read from a file into one nameless file for each part that has a file name.
 * Parts without are passed over but for their size. Thread-safe: nothing is shared. */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "service/service.h"

enum { ZW_MULTIPART_FILES_MAX = 256, ZW_MULTIPART_HEAD_MAX = 8192 };

/* Whether a Content-Type (or NULL) is that of such a form. */
bool multipart_is(const char *type);
/* Gives an array of ServiceFile with their own names and descriptors; free it with multipart_free. `dir` is where files may lie.
 * Errors: INPUT with the number of the part; LIMIT; STORAGE. */
GArray *multipart_read(int fd, const char *type, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void multipart_free(GArray *files);

#endif
