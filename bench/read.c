/* Reading a large JSON file of a foreign format: our reader, which validates and finds its figures, against jansson, which
 * only parses. Usage: read FILE (may be packed with xz) */
#include "bench.h"

#include "base/hash.h"
#include "exchange/format.h"
#include "exchange/unxz.h"
#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

enum { ROUNDS = 5 };

static double ours(const Source *source, const FormatDef *def)
{
        int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
        g_autoptr(GError) error = NULL;
        double begin = bench_now();
        g_autoptr(Sink) sink = sink_new(nothing);

        sink_figures_only(sink);
        bench_must(def->read(source, sink, &error) && sink_finish(sink, &error), error);
        begin = bench_now() - begin;
        close(nothing);
        return begin;
}

static double theirs(GBytes *bytes)
{
        double begin = bench_now();
        json_t *value = json_loadb(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 0, NULL);

        bench_must(value != NULL, NULL);
        begin = bench_now() - begin;
        json_decref(value);
        return begin;
}

int main(int argc, char **argv)
{
        g_autoptr(GArray) a = g_array_new(FALSE, FALSE, sizeof(double)),
                          b = g_array_new(FALSE, FALSE, sizeof(double));
        g_autoptr(GBytes) packed = NULL, bytes = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *name = NULL;
        const FormatDef *def;
        FormatId format;
        Source source;
        double mega;
        int fd;

        if (argc != 2)
                return 2;
        hash_init();
        fd = open(argv[1], O_RDONLY | O_CLOEXEC);
        packed = unxz_read_file(fd, UINT64_C(1) << 30, &error);
        bytes = packed == NULL ? NULL : unxz_bytes(packed, UINT64_C(1) << 30, &error);
        bench_must(bytes != NULL && format_sniff(argv[1], bytes, &format, &error), error);
        def = format_def(format);
        source = (Source){
                .name = "file", .bytes = bytes, .depth_max = def->depth_max, .figures_only = true
        };
        for (int i = 0; i < ROUNDS; i++) {
                double one = ours(&source, def), two = theirs(bytes);

                g_array_append_val(a, one);
                g_array_append_val(b, two);
        }
        mega = (double)g_bytes_get_size(bytes) / 1e6;
        name = g_strdup_printf("read %s, %.1f MB", def->name, mega);
        bench_figure(name, "MB/s", mega / bench_median(a), "jansson", mega / bench_median(b),
                     bench_median(b) / bench_median(a));
        return 0;
}
