/* Erasing what is personal: the address says what. */
#include "base/error.h"
#include "http/api_write.h"

bool api_personal_erase(const RouteCall *call, HttpReply *reply, GError **error)
{
        const char *commit = jread_get_string(call->input, "commit");
        g_autoptr(Json) answer = NULL;
        guint64 number;

        if (commit != NULL) {
                if (!g_ascii_string_to_unsigned(commit, 10, 1, G_MAXINT64, &number, NULL)) {
                        error_set(error, ZW_ERR_USAGE, "/commit", "the number of a commit is expected");
                        return false;
                }
                json_object_set_new(call->input, "commit", json_integer((json_int_t)number));
        }
        answer = route_call_json(call, call->route->usecase, error);
        return answer != NULL && write_reply(reply, 200, answer, error);
}
