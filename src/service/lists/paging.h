/* What lists in pages share. A page begins behind the last row of the one before, which is named by what it is (keyset paging), so
 * that what is added or goes away meanwhile neither repeats nor hides a row. Inside service/ only. */
#ifndef SERVICE_LISTS_PAGING_H
#define SERVICE_LISTS_PAGING_H

#include "service/internal.h"

enum { ZW_PAGE_USUAL = 200, ZW_PAGE_MOST = 10000 };

/* The member `limit` of the input, a number or its text. Errors: INPUT. */
bool paging_limit(const Call *call, uint32_t *ret_limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the members `seq`, `count`, `more` and `next` of a page: of `count` rows in all, `more` when nobody counted further;
 * `next` (or NULL) is where the page after this one begins. */
void paging_write(const Call *call, JWrite *w, int64_t count, bool more, const char *next);

#endif
