#include "target.h"

#include "base/hash.h"
#include "base/verify.h"
#include "exchange/readers.h"
#include "exchange/unxz.h"
#include "exchange/xml.h"
#include "model/metamodel.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { UNPACKED_MAX = 8 << 20, PARTS_MAX = 64 };

void target_init(void)
{
        hash_init();
        xml_init();
}

/* ---- what a reader promises ---- */

static void op_verify(const json_t *op)
{
        const char *name = jread_get_string(op, "op"), *kind_name = jread_get_string(op, "kind"),
                   *type_name = jread_get_string(op, "type");
        const json_t *attrs = json_object_get(op, "attrs");
        LinkTypeId type;
        KindId kind;

        ZW_VERIFY(name != NULL);
        if (strcmp(name, "item") == 0 && kind_name != NULL) {
                g_autoptr(GError) error = NULL;

                ZW_VERIFY(kind_find(kind_name, &kind));
                if (attrs != NULL && !attrs_check(kind, attrs, "/attrs", &error))
                        g_error("%s: %s", error_where(error), error->message);
        }
        if (strcmp(name, "link") == 0)
                ZW_VERIFY(type_name != NULL && link_type_find(type_name, &type));
}

/* Every line of a sink is JSON of its own; attributes of readers that know them fit their kind. A native file says what
 * its author likes, which the service judges. */
static void output_verify(int fd, bool foreign)
{
        const off_t size = lseek(fd, 0, SEEK_END);
        const char *text, *end;

        ZW_VERIFY(size >= 0);
        if (size == 0)
                return;
        text = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
        ZW_VERIFY(text != MAP_FAILED && text[size - 1] == '\n');
        for (const char *p = text; p < text + size; p = end + 1) {
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) line = NULL;

                end = memchr(p, '\n', (size_t)(text + size - p));
                line = jread_parse(p, (size_t)(end - p), &error);
                if (line == NULL)
                        g_error("%s: %s", error_where(error), error->message);
                if (foreign && json_is_object(json_object_get(line, "op")))
                        op_verify(json_object_get(line, "op"));
        }
        munmap((void *)(uintptr_t)text, (size_t)size);
}

static void read_as(FormatId format, GBytes *bytes)
{
        const FormatDef *def = format_def(format);
        const Source source = { .name = "fuzz", .bytes = bytes, .depth_max = def->depth_max };
        const int fd = memfd_create("fuzz", MFD_CLOEXEC);
        g_autoptr(Sink) sink = NULL;
        g_autoptr(GError) error = NULL;

        ZW_VERIFY(fd >= 0);
        sink = sink_new(fd);
        if (def->read(&source, sink, &error) && sink_finish(sink, &error)) {
                ZW_VERIFY(error == NULL);
                output_verify(fd, format != ZW_FORMAT_NATIVE);
        } else
                ZW_VERIFY(error != NULL && error->message[0] != '\0');
        close(fd);
}

/* ---- targets ---- */

static void run_sniffed(FormatId format, GBytes *bytes)
{
        FormatId sniffed;

        (void)!format_sniff("fuzz", bytes, &sniffed, NULL);
        read_as(format, bytes);
}

static void part_add(struct archive *archive, const char *text, const char *end)
{
        struct archive_entry *entry = archive_entry_new();
        const char *content = memchr(text, '\n', (size_t)(end - text));
        g_autofree char *name = g_strndup(text, (size_t)((content == NULL ? end : content) - text));
        const size_t n = content == NULL ? 0 : (size_t)(end - content - 1);

        archive_entry_set_pathname(entry, name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_size(entry, (la_int64_t)n);
        if (archive_write_header(archive, entry) == ARCHIVE_OK && n > 0)
                archive_write_data(archive, content + 1, n);
        archive_entry_free(entry);
}

static const char *part_find(const char *from, const char *end)
{
        const char *found = memmem(from, (size_t)(end - from), "\n== ", 4);

        return found == NULL ? end : found;
}

/* A zip archive of parts, each `== NAME`, a line break, and its content. */
static GBytes *parts_pack(const char *text, size_t n)
{
        const size_t most = n + (256 << 10);
        g_autofree char *bytes = g_malloc(most);
        struct archive *archive = archive_write_new();
        const char *end = text + n;
        size_t used = 0;

        archive_write_set_format_zip(archive);
        archive_write_zip_set_compression_store(archive);
        archive_write_open_memory(archive, bytes, most, &used);
        for (int i = 0; i < PARTS_MAX && text + 3 < end; i++) {
                const char *next = part_find(text + 3, end);

                part_add(archive, text + 3, next);
                text = next + 1;
        }
        archive_write_close(archive);
        archive_write_free(archive);
        return g_bytes_new(bytes, used);
}

static void run_workbook(FormatId format, GBytes *bytes)
{
        gsize n;
        const char *text = g_bytes_get_data(bytes, &n);
        g_autoptr(GBytes) packed = NULL;

        if (n > 3 && memcmp(text, "== ", 3) == 0)
                packed = parts_pack(text, n);
        run_sniffed(format, packed == NULL ? bytes : packed);
}

static void run_xz(FormatId format G_GNUC_UNUSED, GBytes *bytes)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) unpacked = unxz_bytes(bytes, UNPACKED_MAX, &error);

        ZW_VERIFY((unpacked == NULL) == (error != NULL));
        ZW_VERIFY(unpacked == NULL || unpacked == bytes || g_bytes_get_size(unpacked) <= UNPACKED_MAX);
}

/* What is not a format of its own, or needs more than its reader. */
static const struct {
        const char *name;
        void (*run)(FormatId format, GBytes *bytes);
} special[] = { { "xlsx", run_workbook }, { "xz", run_xz } };

const char *target_name(size_t i)
{
        return i < ZW_FORMAT_COUNT ? format_def((FormatId)i)->name : i == ZW_FORMAT_COUNT ? "xz" : NULL;
}

void target_run(size_t i, const uint8_t *bytes, size_t n)
{
        g_autoptr(GBytes)
                copy = g_bytes_new(bytes, n); /* of its own size, so that ASan sees what reads beyond it */
        void (*run)(FormatId format, GBytes * bytes) = run_sniffed;

        for (size_t j = 0; j < G_N_ELEMENTS(special); j++)
                if (strcmp(target_name(i), special[j].name) == 0)
                        run = special[j].run;
        run((FormatId)i, copy);
}
