/* Pages for people: which projects there are, and the reports of one, the overview first. They stand alone: no script, and
 * one style whose hash the answer allows. */
#include "base/error.h"
#include "http/markup.h"
#include "http/route.h"

#include <string.h>

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
                "td.no{font-weight:700}td.unknown{font-style:italic}h1{font-size:20px}"
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

/* ---- reports ---- */

static bool report_reply(const RouteCall *call, const char *type, const char *format, HttpReply *reply,
                         GError **error)
{
        const bool html = strcmp(format, "html") == 0;
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(Json) report = NULL;

        json_object_set_new(call->input, "type", json_string(type));
        json_object_set_new(call->input, "format", json_string(format));
        report = route_call_json(call, call->route->usecase, error);
        if (report == NULL)
                return false;
        out_text(out, jread_get_string(report, "content"));
        return reply_take(reply, html ? REPLY_HTML : REPLY_JSON, out, error);
}

bool page_report(const RouteCall *call, HttpReply *reply, GError **error)
{
        static const char *const formats[] = { "html", "json" };
        const char *name = jread_get_string(call->input, "report"), *dot = strrchr(name, '.');
        g_autofree char *type = dot == NULL ? NULL : g_strndup(name, (gsize)(dot - name));

        for (size_t i = 0; dot != NULL && i < G_N_ELEMENTS(formats); i++)
                if (strcmp(dot + 1, formats[i]) == 0)
                        return report_reply(call, type, formats[i], reply, error);
        error_set(error, ZW_ERR_NOT_FOUND, NULL, "there is nothing at this address");
        return false;
}

/* The one project's, or a list of the projects. */
bool page_overview(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) projects = NULL;

        if (json_object_get(call->input, "project") == NULL) {
                projects = route_call_json(call, "project.list", error);
                if (projects == NULL)
                        return false;
                if (json_array_size(projects) != 1)
                        return page_projects(projects, reply, error);
        }
        return report_reply(call, "overview", "html", reply, error);
}
