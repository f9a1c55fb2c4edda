/* SPDX as tag and value: a line is a tag, a colon and a value; a value may go over lines between <text> and </text>. A package
 * begins with its name and ends where a package, a file or a snippet begins. */
#include "exchange/spdx.h"

#include "exchange/encoding.h"

#include <string.h>

typedef struct {
        Spdx spdx;
        bool begun;                        /* `spdx` is set: the name of the document was met */
        bool within;                       /* a package */
        char *values[6];                   /* of the package, by the rows below */
        GPtrArray *refs, *sums, *licences; /* texts */
        GPtrArray *relationships;          /* texts */
        size_t line, from;                 /* where the package began */
} Tags;

enum { NAME, ID, VERSION, SUPPLIER, ORIGINATOR, PURPOSE, VALUES };

static const char *const value_tags[VALUES] = { "PackageName",       "SPDXID",
                                                "PackageVersion",    "PackageSupplier",
                                                "PackageOriginator", "PrimaryPackagePurpose" };

/* `SECURITY cpe23Type cpe:2.3:...` */
static void refer(SpdxPackage *package, const char *value)
{
        g_auto(GStrv) words = g_strsplit(value, " ", 3);

        if (g_strv_length(words) == 3)
                spdx_package_refer(package, words[1], g_strstrip(words[2]));
}

/* `SHA1: hex` */
static void checksum(SpdxPackage *package, const char *value)
{
        g_auto(GStrv) words = g_strsplit(value, ":", 2);

        if (g_strv_length(words) == 2)
                spdx_package_add_hash(package, g_strstrip(words[0]), g_strstrip(words[1]));
}

static void package_end(Tags *tags)
{
        g_auto(SpdxPackage) package = spdx_package_init();
        g_autofree char *where = g_strdup_printf("line %zu", tags->from);

        if (tags->within) {
                package.name = tags->values[NAME];
                package.id = tags->values[ID];
                package.version = tags->values[VERSION];
                package.supplier = tags->values[SUPPLIER];
                package.originator = tags->values[ORIGINATOR];
                package.purpose = tags->values[PURPOSE];
                for (guint i = 0; i < tags->refs->len; i++)
                        refer(&package, tags->refs->pdata[i]);
                for (guint i = 0; i < tags->sums->len; i++)
                        checksum(&package, tags->sums->pdata[i]);
                for (guint i = 0; i < tags->licences->len; i++)
                        spdx_package_add_licence(&package, tags->licences->pdata[i]);
                spdx_tell_package(&tags->spdx, where, &package);
        }
        tags->within = false;
        for (size_t i = 0; i < VALUES; i++)
                g_clear_pointer(&tags->values[i], g_free);
        g_ptr_array_set_size(tags->refs, 0);
        g_ptr_array_set_size(tags->sums, 0);
        g_ptr_array_set_size(tags->licences, 0);
}

static void package_take(Tags *tags, const char *tag, const char *value)
{
        const struct {
                const char *tag;
                GPtrArray *list;
        } lists[] = { { "ExternalRef", tags->refs },
                      { "PackageChecksum", tags->sums },
                      { "PackageLicenseConcluded", tags->licences },
                      { "PackageLicenseDeclared", tags->licences } };

        for (size_t i = 0; i < VALUES; i++)
                if (strcmp(tag, value_tags[i]) == 0 && tags->values[i] == NULL)
                        tags->values[i] = g_strdup(value);
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                if (strcmp(tag, lists[i].tag) == 0)
                        g_ptr_array_add(lists[i].list, g_strdup(value));
}

static void tag_take(Tags *tags, Sink *sink, const char *file, const char *tag, const char *value)
{
        bool package = strcmp(tag, "PackageName") == 0;

        if (strcmp(tag, "DocumentName") == 0 && !tags->begun) {
                tags->spdx = spdx_init(sink, value, file);
                tags->begun = true;
        }
        if (strcmp(tag, "Relationship") == 0)
                g_ptr_array_add(tags->relationships, g_strdup(value));
        if (package || strcmp(tag, "FileName") == 0 || strcmp(tag, "SnippetSPDXID") == 0) {
                package_end(tags);
                tags->within = package;
                tags->from = tags->line;
                if (package && !tags->begun) {
                        tags->spdx = spdx_init(sink, NULL, file);
                        tags->begun = true;
                }
        }
        if (tags->within)
                package_take(tags, tag, value);
}

static void line_take(Tags *tags, Sink *sink, const char *file, const char *line, size_t n, bool *within)
{
        const char *colon = memchr(line, ':', n);
        const bool ends = g_strstr_len(line, (gssize)n, "</text>") != NULL;

        tags->line++;
        if (*within) {
                *within = !ends;
                return;
        }
        if (n == 0 || line[0] == '#' || colon == NULL)
                return;
        g_autofree char *tag = g_strndup(line, (size_t)(colon - line)),
                        *value = g_strstrip(g_strndup(colon + 1, n - (size_t)(colon + 1 - line)));
        *within = strstr(value, "<text>") != NULL && !ends;
        tag_take(tags, sink, file, tag, value);
}

void spdx_tell_tags(GBytes *bytes, Sink *sink, const char *file)
{
        g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free),
                             sums = g_ptr_array_new_with_free_func(g_free),
                             licences = g_ptr_array_new_with_free_func(g_free),
                             relationships = g_ptr_array_new_with_free_func(g_free);
        Tags tags = { .refs = refs, .sums = sums, .licences = licences, .relationships = relationships };
        gsize n;
        const char *at = g_bytes_get_data(bytes, &n), *stop = at + n;
        bool within = false;

        at += encoding_mark(at, n);
        while (at < stop) {
                const char *eol = memchr(at, '\n', (size_t)(stop - at));

                line_take(&tags, sink, file, at, (size_t)((eol == NULL ? stop : eol) - at), &within);
                at = eol == NULL ? stop : eol + 1;
        }
        if (!tags.begun)
                tags.spdx = spdx_init(sink, NULL, file);
        package_end(&tags);
        for (guint i = 0; i < relationships->len; i++) {
                g_auto(GStrv) words = g_strsplit(relationships->pdata[i], " ", 3);

                if (g_strv_length(words) == 3)
                        spdx_relate(&tags.spdx, words[0], words[1], g_strstrip(words[2]));
        }
        spdx_finish(&tags.spdx);
        spdx_clear(&tags.spdx);
}
