/* Pages for people: which projects there are, and the security levels of one. They stand alone: no script, and one style
 * whose hash the answer allows. */
#include "http/markup.h"
#include "http/route.h"
#include "model/sl.h"

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

/* ---- security levels ---- */

/* What is reached of what is asked, with a sign: colour and weight alone say nothing. */
static void level_write(Out *out, const json_t *target, const json_t *achieved)
{
        if (!json_is_integer(target) || json_integer_value(target) == 0) {
                markup_raw(out, "<td>-");
                return;
        }
        if (!json_is_integer(achieved)) {
                out_format(out, "<td class=\"unknown\">? / %d", (int)json_integer_value(target));
                return;
        }
        out_format(out, "<td class=\"%s\">%d / %d %s",
                   json_integer_value(achieved) < json_integer_value(target) ? "no" : "yes",
                   (int)json_integer_value(achieved), (int)json_integer_value(target),
                   json_integer_value(achieved) < json_integer_value(target) ? "&#9660;" : "&#10003;");
}

static void place_write(Out *out, const json_t *place)
{
        const json_t *achieved = json_object_get(json_object_get(place, "achieved"), "verified");
        const json_t *target;
        size_t fr;

        markup_raw(out, "<tr><td>");
        text_member(out, place, "place");
        markup_raw(out, "<td>");
        text_member(out, place, "title");
        json_array_foreach(json_object_get(place, "target"), fr, target)
                level_write(out, target, json_array_get(achieved, fr));
        markup_raw(out, "\n");
}

static bool page_levels(const json_t *places, HttpReply *reply, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        const json_t *place;
        size_t i;

        page_begin(out, "Security levels");
        markup_raw(
                out,
                "<p>Verified SL-A of SL-T for each foundational requirement. &#10003; reached, &#9660; below, "
                "? unknown, - none asked for.</p>\n<table><thead><tr><th>Place<th>Title");
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                out_format(out, "<th>FR %d", fr);
        markup_raw(out, "</thead><tbody>\n");
        json_array_foreach(places, i, place) place_write(out, place);
        markup_raw(out, "</tbody></table>\n");
        return page_end(reply, out, error);
}

bool page_overview(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) projects = NULL, places = NULL;

        if (json_object_get(call->input, "project") == NULL) {
                projects = route_call_json(call, "project.list", error);
                if (projects == NULL)
                        return false;
                if (json_array_size(projects) != 1)
                        return page_projects(projects, reply, error);
        }
        places = route_call_json(call, call->route->usecase, error);
        return places != NULL && page_levels(places, reply, error);
}
