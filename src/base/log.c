#include "base/log.h"

#include "base/instant.h"
#include "base/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* A value is cut to this many bytes, and a line can never be longer than this. */
enum { LOG_VALUE_MAX = 1024, LOG_LINE_MAX = 1 << 20 };

static const char *const level_names[] = { "debug", "info", "warning", "error" };

/* The one setting of the process that is not passed along: what each caller would carry would be in every signature of the
 * upper layers. So is the request a thread works for. */
static atomic_int least_level = LOG_INFO_;
static atomic_int line_format = LOG_LOGFMT;
static _Thread_local char request_id[ZW_LOG_REQUEST];

void log_configure(LogLevel least, LogFormat format)
{
        atomic_store(&least_level, (int)least);
        atomic_store(&line_format, (int)format);
}

void log_set_request(const char *id)
{
        g_strlcpy(request_id, id == NULL ? "" : id, sizeof(request_id));
}

const char *log_request(void)
{
        return request_id;
}

/* Letters, digits and what keys, paths and times are made of need no quotes. */
static bool is_plain(const char *text)
{
        for (const char *p = text; *p != '\0'; p++)
                if (!g_ascii_isalnum(*p) && strchr("-_.:/+@", *p) == NULL)
                        return false;
        return *text != '\0';
}

/* What could break the line, or show it in another order than it is stored. */
static bool is_hidden(gunichar c)
{
        GUnicodeType type = g_unichar_type(c);

        return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
               type == G_UNICODE_PARAGRAPH_SEPARATOR || type == G_UNICODE_UNASSIGNED ||
               type == G_UNICODE_PRIVATE_USE;
}

/* Writes the character at `p` and gives its length. */
static size_t write_character(Out *out, const char *p, size_t n)
{
        gunichar c = g_utf8_get_char_validated(p, (gssize)n);
        size_t length;

        if (c == (gunichar)-1 || c == (gunichar)-2) {
                out_format(out, "\\x%02x", (unsigned char)*p);
                return 1;
        }
        length = (size_t)(g_utf8_next_char(p) - p);
        if (c == '"' || c == '\\')
                out_format(out, "\\%c", *p);
        else if (c == '\n')
                out_text(out, "\\n");
        else if (is_hidden(c))
                out_format(out, "\\u{%x}", c);
        else
                out_bytes(out, p, length);
        return length;
}

static void write_value(Out *out, const char *text)
{
        size_t n = strnlen(text, LOG_VALUE_MAX);

        if (text[n] == '\0' && is_plain(text)) {
                out_text(out, text);
                return;
        }
        out_char(out, '"');
        for (size_t i = 0; i < n;)
                i += write_character(out, text + i, n - i);
        out_text(out, text[n] == '\0' ? "\"" : "...\"");
}

/* ---- JSON ---- */

/* Writes the character at `p` as part of a JSON string and gives its length. */
static size_t write_json_character(Out *out, const char *p, size_t n)
{
        gunichar c = g_utf8_get_char_validated(p, (gssize)n);
        size_t length;

        if (c == (gunichar)-1 || c == (gunichar)-2) {
                out_format(out, "\\\\x%02x", (unsigned char)*p);
                return 1;
        }
        length = (size_t)(g_utf8_next_char(p) - p);
        if (c == '"' || c == '\\')
                out_format(out, "\\%c", *p);
        else if (is_hidden(c) && c <= 0xffff)
                out_format(out, "\\u%04x", c);
        else if (is_hidden(c))
                out_format(out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
        else
                out_bytes(out, p, length);
        return length;
}

static void write_json_text(Out *out, const char *text)
{
        size_t n = strnlen(text, LOG_VALUE_MAX);

        out_char(out, '"');
        for (size_t i = 0; i < n;)
                i += write_json_character(out, text + i, n - i);
        out_text(out, text[n] == '\0' ? "\"" : "...\"");
}

/* ---- lines ---- */

static void write_field(Out *out, LogFormat format, const char *key, const char *value)
{
        if (format == LOG_JSON) {
                out_text(out, out_length(out) == 0 ? "{" : ",");
                write_json_text(out, key);
                out_char(out, ':');
                write_json_text(out, value);
                return;
        }
        out_format(out, "%s%s=", out_length(out) == 0 ? "" : " ", key);
        write_value(out, value);
}

/* A log that cannot be written has nowhere to say so. */
static void write_line(const Out *out)
{
        const char *p = out_data(out);
        size_t n = out_length(out);

        while (n > 0) {
                ssize_t done = write(STDERR_FILENO, p, n);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done <= 0)
                        return;
                p += done;
                n -= (size_t)done;
        }
}

void log_event(LogLevel level, const char *event, ...)
{
        g_autoptr(Out) out = NULL;
        char time[ZW_INSTANT_TEXT];
        const LogFormat format = (LogFormat)atomic_load(&line_format);
        const char *key;
        va_list args;

        if ((int)level < atomic_load(&least_level))
                return;

        out = out_new(LOG_LINE_MAX);
        instant_format(instant_now(), time);
        write_field(out, format, "time", time);
        write_field(out, format, "level", level_names[level]);
        write_field(out, format, "event", event);
        if (request_id[0] != '\0')
                write_field(out, format, "request", request_id);
        va_start(args, event);
        while ((key = va_arg(args, const char *)) != NULL) {
                const char *value = va_arg(args, const char *);

                write_field(out, format, key, value != NULL ? value : "");
        }
        va_end(args);
        out_text(out, format == LOG_JSON ? "}\n" : "\n");
        write_line(out);
}
