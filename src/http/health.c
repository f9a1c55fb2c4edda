/* How the server is: for supervisors and for Prometheus. */
#include "base/error.h"
#include "http/metrics.h"
#include "http/route.h"

enum { HEALTH_BYTES_MAX = 1 << 20 };

static bool status_take(HttpReply *reply, const char *status, GError **error)
{
        g_autoptr(Out) out = out_new(HEALTH_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_string(w, "status", status);
        jwrite_object_end(w);
        out_char(out, '\n');
        return reply_take(reply, REPLY_JSON, out, error);
}

bool health_live(const RouteCall *call G_GNUC_UNUSED, HttpReply *reply, GError **error)
{
        return status_take(reply, "alive", error);
}

bool health_ready(const RouteCall *call, HttpReply *reply, GError **error)
{
        if (g_atomic_int_get(&call->request->context->ending)) {
                error_set(error, ZW_ERR_BUSY, NULL, "the server is ending");
                return false;
        }
        return service_is_ready(call->request->context->service, error) && status_take(reply, "ready", error);
}

bool health_metrics(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(Json) projects = route_call_json(call, call->route->usecase, error);
        const json_t *project;
        size_t i;

        if (projects == NULL)
                return false;
        metrics_write(call->request->context->metrics, out);
        out_text(out,
                 "# HELP zonewright_commits Commits of each project.\n# TYPE zonewright_commits gauge\n");
        json_array_foreach(projects, i, project) /* a key is letters, digits, - and _ */
                out_format(out, "zonewright_commits{project=\"%s\"} %" G_GINT64_FORMAT "\n",
                           jread_get_string(project, "key"), jread_get_int(project, "commits", 0));
        return reply_take(reply, REPLY_METRICS, out, error);
}
