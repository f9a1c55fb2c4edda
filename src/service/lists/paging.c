#include "service/lists/paging.h"

bool paging_limit(const Call *call, uint32_t *ret_limit, GError **error)
{
        const char *text = jread_get_string(call->input, "limit");
        guint64 limit = (guint64)jread_get_int(call->input, "limit", ZW_PAGE_USUAL);

        if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, ZW_PAGE_MOST, &limit, NULL))
                limit = 0;
        if (limit >= 1 && limit <= ZW_PAGE_MOST) {
                *ret_limit = (uint32_t)limit;
                return true;
        }
        error_set(error, ZW_ERR_INPUT, "/limit", "a page has 1 to %d items", ZW_PAGE_MOST);
        return false;
}

void paging_write(const Call *call, JWrite *w, int64_t count, bool more, const char *next)
{
        jwrite_key_int(w, "seq", (int64_t)call->at);
        jwrite_key_int(w, "count", count);
        jwrite_key_bool(w, "more", more);
        jwrite_key_string(w, "next", next);
}
