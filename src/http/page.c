/* Where people begin: the overview of a project, which is a report, or which projects there are. */
#include "http/markup.h"
#include "http/route.h"

static void text_member(Out *out, const json_t *object, const char *member)
{
        const char *text = jread_get_string(object, member);

        markup_text(out, text == NULL ? "" : text);
}

static void page_begin(Out *out, const char *title)
{
        markup_raw(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
        markup_text(out, title);
        markup_raw(
                out,
                " - Zonewright</title><style>"
                ":root{color-scheme:light dark}"
                "body{font:14px/1.45 system-ui,sans-serif;margin:1.5rem;font-variant-numeric:tabular-nums}"
                "table{border-collapse:collapse}th,td{padding:.3rem .6rem;text-align:left;border-top:1px solid}"
                "h1{font-size:20px}"
                "</style></head><body><h1>");
        markup_text(out, title);
        markup_raw(out, "</h1>\n");
}

static bool page_end(HttpReply *reply, Out *out, GError **error)
{
        markup_raw(out, "</body></html>\n");
        return reply_take(reply, REPLY_HTML, out, error);
}

/* ---- projects ---- */

static bool page_projects(const json_t *projects, HttpReply *reply, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        const json_t *project;
        size_t i;

        page_begin(out, "Projects");
        if (json_array_size(projects) == 0)
                markup_raw(out,
                           "<p>There is no project yet: <code>zw project create KEY</code> makes one.</p>\n");
        else
                markup_raw(out,
                           "<table><thead><tr><th>Project<th>Title<th>Commits<th>Changed</thead><tbody>\n");
        json_array_foreach(projects, i, project)
        {
                markup_raw(out, "<tr><td><a href=\"/p/");
                markup_url(out, jread_get_string(project, "key"));
                markup_raw(out, "/\">");
                text_member(out, project, "key");
                markup_raw(out, "</a><td>");
                text_member(out, project, "title");
                out_format(out, "<td>%" G_GINT64_FORMAT "<td>", jread_get_int(project, "commits", 0));
                text_member(out, project, "changed");
        }
        if (json_array_size(projects) > 0)
                markup_raw(out, "</tbody></table>\n");
        return page_end(reply, out, error);
}

/* ---- overview ---- */

/* Links of the page are relative, so it must lie where they lead: /p/KEY/ when a project is named. */
static bool is_in_its_place(const RouteCall *call)
{
        const char *target = call->request->target;
        size_t n = target_path_length(target);

        return json_object_get(call->input, "project") == NULL || (n > 1 && target[n - 1] == '/');
}

static void page_redirect(const RouteCall *call, HttpReply *reply)
{
        static const char *const kept[] = { "at", "instant", "zone" };
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        char separator = '?';

        out_text(out, "/p/");
        markup_url(out, jread_get_string(call->input, "project"));
        out_char(out, '/');
        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
                const char *value = jread_get_string(call->input, kept[i]);

                if (value == NULL)
                        continue;
                out_format(out, "%c%s=", separator, kept[i]);
                markup_url(out, value);
                separator = '&';
        }
        reply_redirect(reply, out_data(out));
}

bool page_overview(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) projects = NULL;

        if (!is_in_its_place(call)) {
                page_redirect(call, reply);
                return true;
        }
        if (json_object_get(call->input, "project") == NULL) {
                projects = route_call_json(call, "project.list", error);
                if (projects == NULL)
                        return false;
                if (json_array_size(projects) != 1)
                        return page_projects(projects, reply, error);
        }
        return report_reply(call, "overview", "html", reply, error);
}
