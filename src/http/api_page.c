/* Lists in pages: the items are the answer, what is to say about the page stands in header fields. A page that is more than a list
 * is given whole, with the same fields. */
#include "http/route.h"

#include <string.h>

/* The address of the next page: this one, which begins elsewhere. What would end the address in a Link field is encoded. */
static char *next_address(const HttpRequest *request, const char *cursor)
{
        const size_t path = target_path_length(request->target);
        g_autoptr(GString) address = g_string_new_len(request->target, (gssize)path);
        g_auto(GStrv)
                parts = g_strsplit(request->target[path] == '?' ? request->target + path + 1 : "", "&", -1);
        g_autoptr(GString) safe = g_string_new(NULL);
        char separator = '?';

        for (char **part = parts; *part != NULL; part++) {
                if (**part == '\0' || g_str_has_prefix(*part, "after="))
                        continue;
                g_string_append_printf(address, "%c%s", separator, *part);
                separator = '&';
        }
        g_string_append_printf(address, "%cafter=%s", separator, cursor);
        for (const char *at = address->str; *at != '\0'; at++) {
                if (strchr("<>\"\\^`{|}", *at) != NULL)
                        g_string_append_printf(safe, "%%%02X", (unsigned char)*at);
                else
                        g_string_append_c(safe, *at);
        }
        return g_strdup(safe->str);
}

static void page_headers(const RouteCall *call, const json_t *page, HttpReply *reply)
{
        const char *next = jread_get_string(page, "next");
        g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, jread_get_int(page, "seq", 0));
        g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT "%s", jread_get_int(page, "count", 0),
                                                 jread_get_bool(page, "more", false) ? "+" : "");

        reply_header(reply, "Zonewright-Seq", seq);
        reply_header(reply, "Zonewright-Count", count);
        if (next != NULL) {
                g_autofree char *address = next_address(call->request, next);
                g_autofree char *link = g_strdup_printf("<%s>; rel=\"next\"", address);

                reply_header(reply, "Link", link);
        }
}

/* The page, `member` of it or all, as the answer. */
static bool page_reply(const RouteCall *call, const char *member, HttpReply *reply, GError **error)
{
        g_autoptr(Json) page = route_call_json(call, call->route->usecase, error);
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        if (page == NULL)
                return false;
        jwrite_json(w, member == NULL ? page : json_object_get(page, member));
        out_char(out, '\n');
        if (!reply_take(reply, REPLY_JSON, out, error))
                return false;
        page_headers(call, page, reply);
        reply->passing = jread_get_bool(page, "ages", true);
        return true;
}

bool api_page(const RouteCall *call, HttpReply *reply, GError **error)
{
        return page_reply(call, "items", reply, error);
}

bool api_page_whole(const RouteCall *call, HttpReply *reply, GError **error)
{
        return page_reply(call, NULL, reply, error);
}
