/* Server-sent events: commits of the projects one may read, and one's jobs. */
#include "base/error.h"
#include "http/route.h"
#include "http/stream.h"
#include "service/running/events.h"

static void on_event(const char *event, const char *id, const char *data, void *payload)
{
        stream_add(payload, event, id, data);
}

static void on_closed(gpointer listener)
{
        events_leave(listener);
}

bool events_stream(const RouteCall *call, HttpReply *reply, GError **error)
{
        const HttpContext *context = call->request->context;
        const char *last = call->request->fields[FIELD_LAST_EVENT_ID];
        Stream *stream = stream_open(context->streams, call->request, &call->by->caller, error);
        Listener *listener;

        if (stream == NULL)
                return false;
        listener = events_listen(context->service, &call->by->caller,
                                 jread_get_string(call->input, "project"), last, on_event, stream, error);
        if (listener == NULL) {
                stream_close(stream);
                return false;
        }
        stream_on_close(stream, on_closed, listener);
        reply_stream(reply, stream);
        return true;
}
