/* Reports, as the command line writes them. They name each other by file (`gap.html`), so that is how they are addressed. */
#include "base/error.h"
#include "base/fd.h"
#include "http/route.h"

#include <string.h>
#include <sys/mman.h>

/* Appends all that was written into the file. */
static bool content_read(int fd, Out *out, GError **error)
{
        enum { CHUNK = 1 << 16 };
        g_autofree char *chunk = g_malloc(CHUNK);
        off_t at = 0;
        ssize_t n;

        while ((n = pread(fd, chunk, CHUNK, at)) > 0) {
                out_bytes(out, chunk, (size_t)n);
                at += n;
        }
        if (n == 0)
                return out_check(out, error);
        error_set(error, ZW_ERR_STORAGE, NULL, "the report could not be read back: %s", g_strerror(errno));
        return false;
}

/* The types that bring a style along are constants; any other is that of the answer. */
static bool media_take(HttpReply *reply, Out *out, const Out *answer, GError **error)
{
        static const char *const styled[] = { REPLY_HTML, REPLY_SVG };
        g_autoptr(Json) facts = jread_parse(out_data(answer), out_length(answer), error);
        const char *media = jread_get_string(facts, "media"), *type = REPLY_JSON;

        if (facts == NULL)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(styled); i++)
                if (g_strcmp0(media, styled[i]) == 0)
                        type = styled[i];
        if (!reply_take(reply, type, out, error))
                return false;
        reply->media = g_strdup(media);
        reply_header(reply, "Zonewright-Answer", out_data(answer));
        return true;
}

bool report_reply(const RouteCall *call, const char *type, const char *format, HttpReply *reply,
                  GError **error)
{
        const HttpContext *context = call->request->context;
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX), answer = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(answer);
        g_auto(Fd) fd = memfd_create("report", MFD_CLOEXEC);
        const ServiceFile file = { type, fd };

        if (fd < 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "there is no room for the report: %s",
                          g_strerror(errno));
                return false;
        }
        json_object_set_new(call->input, "type", json_string(type));
        json_object_set_new(call->input, "format", json_string(format));
        if (!service_call(context->service, &call->by->caller, call->route->usecase, call->input,
                          (ServiceFiles){ &file, 1 }, w, error) ||
            !content_read(fd, out, error))
                return false;
        return media_take(reply, out, answer, error);
}

/* In the format that the address ends with or the query asks for. */
bool report_file(const RouteCall *call, HttpReply *reply, GError **error)
{
        const char *ending = strrchr(call->route->pattern, '.'),
                   *asked = jread_get_string(call->input, "format");
        g_autofree char *type = g_strdup(jread_get_string(call->input, "type"));
        g_autofree char *format = g_strdup(ending != NULL ? ending + 1 : asked != NULL ? asked : "html");

        return report_reply(call, type, format, reply, error);
}

bool report_drawing_svg(const RouteCall *call, HttpReply *reply, GError **error)
{
        return report_reply(call, "drawing", "svg", reply, error);
}
