/* Working the queue of suspect links. */
#include "http/api_write.h"

bool api_judge(const RouteCall *call, HttpReply *reply, GError **error)
{
        const int status = (call->route->flags & CREATES) ? 201 : 200;
        g_autoptr(Json) input = write_input(call, error), answer = NULL;
        const json_t *changes;

        if (input == NULL)
                return false;
        json_object_update_missing(input, call->input);
        json_object_update_missing(input, call->json);
        answer = route_call_with(call, call->route->usecase, input, (ServiceFiles){ NULL, 0 }, error);
        if (answer == NULL || !write_reply(reply, status, answer, error))
                return false;
        changes = json_object_get(answer, "changes");
        write_seq(reply, changes != NULL ? changes : answer);
        return true;
}
