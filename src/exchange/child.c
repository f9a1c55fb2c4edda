/* The child's side of the worker: closes the sandbox, then reads descriptor 0 and reports on descriptor 1. */
#include "base/hash.h"
#include "base/near.h"
#include "exchange/encoding.h"
#include "exchange/openpgp.h"
#include "exchange/sandbox.h"
#include "exchange/unxz.h"
#include "exchange/worker.h"
#include "exchange/xml.h"
#include "exchange/zip.h"

#include <string.h>
#include <unistd.h>

/* Most bytes that are unpacked: packed files are small, so they are refused as such ones. */
enum { UNPACKED_MAX = 192 << 20 };

typedef struct {
        const char *name, *format; /* format: "-" to be sniffed */
        bool figures_only;
        uint64_t cpu_seconds, memory_bytes;
        json_t *profile; /* or NULL */
} Order;

bool worker_wanted(int argc, char **argv)
{
        return argc == 6 && strcmp(argv[1], "--worker") == 0;
}

/* LIMITS is `figures` or `ops`, processor seconds and bytes of memory, with commas between. */
static bool order_parse(char **argv, Order *order, GError **error)
{
        g_auto(GStrv) limits = g_strsplit(argv[4], ",", 4);

        order->name = argv[2];
        order->format = argv[3];
        if (g_strv_length(limits) != 3 ||
            !g_ascii_string_to_unsigned(limits[1], 10, 1, G_MAXINT32, &order->cpu_seconds, NULL) ||
            !g_ascii_string_to_unsigned(limits[2], 10, 1, G_MAXINT64, &order->memory_bytes, NULL)) {
                error_set(error, ZW_ERR_INTERNAL, NULL, "the reader was started with wrong limits");
                return false;
        }
        order->figures_only = strcmp(limits[0], "figures") == 0;
        if (argv[5][0] == '\0')
                return true;
        order->profile = jread_parse(argv[5], strlen(argv[5]), error);
        return order->profile != NULL;
}

static bool format_choose(const Order *order, GBytes *bytes, FormatId *ret_format, GError **error)
{
        g_autofree char *near = NULL;
        const char *const *names;
        size_t n;

        if (strcmp(order->format, "-") == 0)
                return format_sniff(order->name, bytes, ret_format, error);
        if (format_find(order->format, ret_format))
                return true;
        names = format_names(&n);
        near = near_names(order->format, names, n);
        error_set(error, ZW_ERR_FORMAT_UNKNOWN, NULL, "there is no format \"%s\"%s", order->format, near);
        return false;
}

/* The largest any format may be; the format's own limit is checked when it is known. */
static uint64_t bytes_max(void)
{
        uint64_t most = 0;

        for (int i = 0; i < ZW_FORMAT_COUNT; i++)
                most = MAX(most, format_def((FormatId)i)->bytes_max);
        return most;
}

static bool refuse_length(FormatId format, GError **error)
{
        const FormatDef *def = format_def(format);

        error_set(error, ZW_ERR_LIMIT, NULL, "a file of format %s is at most %" G_GUINT64_FORMAT " bytes",
                  def->name, def->bytes_max);
        return false;
}

/* Whether the file goes on behind so many bytes; the sandbox lets nobody ask for its size. */
static bool is_longer(uint64_t n)
{
        char next;

        return pread(STDIN_FILENO, &next, 1, (off_t)n) == 1;
}

/* A large file is refused by what its beginning shows, before all of it takes memory. Packed ones are counted when they are
 * unpacked, and a workbook is known by its end. */
static bool beginning_check(const Order *order, GError **error)
{
        enum { LARGE = 32 << 20, BEGINNING = 1 << 20 };
        static const char zip[] = "PK\003\004";
        g_autofree char *text = NULL;
        g_autoptr(GBytes) beginning = NULL;
        FormatId format;
        ssize_t n;

        if (!is_longer(LARGE))
                return true;
        text = g_malloc(BEGINNING);
        n = pread(STDIN_FILENO, text, BEGINNING, 0);
        beginning = g_bytes_new(text, (gsize)MAX(n, 0));
        if (n < (ssize_t)strlen(zip) || memcmp(text, zip, strlen(zip)) == 0 || unxz_is_packed(beginning))
                return true;
        if (!format_choose(order, beginning, &format, error))
                return false;
        return !is_longer(format_def(format)->bytes_max) || refuse_length(format, error);
}

static bool source_read(const Order *order, const Source *source, FormatId format, Sink *sink, GError **error)
{
        sink_format(sink, format);
        if (order->figures_only)
                sink_figures_only(sink);
        return format_def(format)->read(source, sink, error) && sink_finish(sink, error);
}

/* Archives of CVE records are read where they are, since the list of all is of the order of a GiB. True when the file is one;
 * *ret_ok is how that went. */
static bool archive_read(const Order *order, Sink *sink, bool *ret_ok, GError **error)
{
        enum { BEGINNING = 1 << 20 };
        g_autofree char *text = g_malloc(BEGINNING);
        const ssize_t n = pread(STDIN_FILENO, text, BEGINNING, 0);
        g_autoptr(GBytes) beginning = g_bytes_new(text, (gsize)MAX(n, 0));
        FormatId format;
        Source source;

        if (!zip_begins(beginning) || !format_choose(order, beginning, &format, NULL) ||
            format != ZW_FORMAT_CVE)
                return false;
        source = (Source){ .name = order->name,
                           .bytes = beginning,
                           .depth_max = format_def(format)->depth_max,
                           .figures_only = order->figures_only,
                           .streamed = true };
        *ret_ok = is_longer(format_def(format)->bytes_max) ? refuse_length(format, error)
                                                           : source_read(order, &source, format, sink, error);
        return true;
}

/* Text that is UTF-16 by its mark as the UTF-8 that readers take. XML says itself what it is. */
static GBytes *text_of(GBytes *bytes, GError **error)
{
        gsize n;
        const char *data = g_bytes_get_data(bytes, &n);

        return n < 4 || !encoding_is_wide(bytes) || data[2] == '<' || data[3] == '<'
                       ? g_bytes_ref(bytes)
                       : encoding_from_wide(bytes, error);
}

/* Sheets note how they were written, so that they are written so again. */
static bool is_sheet(FormatId format)
{
        return format == ZW_FORMAT_CSV || format == ZW_FORMAT_SCAN_CSV;
}

static bool file_read(const Order *order, Sink *sink, GError **error)
{
        g_autoptr(GBytes) packed = NULL, bytes = NULL, text = NULL;
        FormatId format;
        Source source;
        bool ok;

        if (archive_read(order, sink, &ok, error))
                return ok;
        if (!beginning_check(order, error))
                return false;
        packed = unxz_read_file(STDIN_FILENO, bytes_max(), error);
        bytes = packed == NULL ? NULL : unxz_bytes(packed, MIN(bytes_max(), UNPACKED_MAX), error);
        text = bytes == NULL ? NULL : text_of(bytes, error);
        if (text == NULL || !format_choose(order, text, &format, error))
                return false;
        if (g_bytes_get_size(bytes) > format_def(format)->bytes_max)
                return refuse_length(format, error);
        g_clear_pointer(&packed, g_bytes_unref);
        source = (Source){ .name = order->name,
                           .bytes = is_sheet(format) ? bytes : text,
                           .profile = order->profile,
                           .depth_max = format_def(format)->depth_max,
                           .figures_only = order->figures_only };
        return source_read(order, &source, format, sink, error);
}

static void order_run(char **argv)
{
        g_autoptr(Sink) sink = sink_new(STDOUT_FILENO);
        g_autoptr(GError) error = NULL;
        Order order = { 0 };

        hash_init();
        xml_init();
        if (!order_parse(argv, &order, &error)) {
                sink_error(sink, error);
                return;
        }
        if (strcmp(order.format, "-") == 0 || strcmp(order.format, "openpgp") == 0)
                openpgp_init();
        if (!sandbox_enter(order.cpu_seconds, order.memory_bytes, &error) || !file_read(&order, sink, &error))
                sink_error(sink, error);
        json_decref(order.profile);
}

int worker_main(int argc, char **argv)
{
        if (!worker_wanted(argc, argv))
                return error_exit_code(ZW_ERR_USAGE);
        order_run(argv);
        /* Not through the handlers of exit: what a sanitizer or a profiler does there needs calls that are gone. */
        _exit(0);
}
