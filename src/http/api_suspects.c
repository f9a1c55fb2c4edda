/* Working the queue of suspect links. */
#include "http/api_write.h"

bool api_judge(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) input = write_input(call, error), answer = NULL;

        if (input == NULL)
                return false;
        json_object_update_missing(input, call->input);
        json_object_update_missing(input, call->json);
        answer = route_call_with(call, call->route->usecase, input, (ServiceFiles){ NULL, 0 }, error);
        if (answer == NULL || !write_reply(reply, 200, answer, error))
                return false;
        write_seq(reply, json_object_get(answer, "changes"));
        return true;
}
