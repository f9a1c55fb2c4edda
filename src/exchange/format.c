/* The registry, and guessing a format from what a file begins with. Nothing is parsed here: the reader decides whether
 * the file is what it looked like. */
#include "exchange/format.h"

#include "exchange/readers.h"

#include <string.h>

/* Marks are looked for in the beginning, then in so many bytes: documents with their keys in another order. */
enum { HEAD_BYTES = 64 << 10, MARKED_BYTES = 16 << 20 };

static const FormatDef formats[] = {
#define FORMAT(symbol, name, extensions, bytes, depth, reader, writer, whole, summary) \
        { name, extensions, summary, bytes, depth, reader, writer, whole },
#include "exchange/formats.def"
#undef FORMAT
};

static const char *const names[] = {
#define FORMAT(symbol, name, extensions, bytes, depth, reader, writer, whole, summary) name,
#include "exchange/formats.def"
#undef FORMAT
};

const FormatDef *format_def(FormatId format)
{
        return &formats[format];
}

const char *const *format_names(size_t *ret_n)
{
        *ret_n = G_N_ELEMENTS(names);
        return names;
}

bool format_find(const char *name, FormatId *ret_format)
{
        for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
                if (strcmp(formats[i].name, name) == 0) {
                        *ret_format = (FormatId)i;
                        return true;
                }
        return false;
}

/* ---- sniffing ---- */

/* What a file begins with as ASCII: the byte order mark and the zeros of UTF-16 are left out. */
static char *head_of(const char *data, size_t n)
{
        bool wide = n >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0);
        size_t from = wide ? 2 : n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        g_autoptr(GString) head = g_string_new(NULL);

        while (from < n && g_ascii_isspace(data[from]))
                from++;
        for (size_t i = from; i < n && head->len < HEAD_BYTES; i++)
                if (data[i] != '\0')
                        g_string_append_c(head, data[i]);
                else if (!wide)
                        break;
        return g_string_free(g_steal_pointer(&head), FALSE);
}

/* The name of the first element, without its prefix, or NULL. Declarations are passed over, not understood. */
static char *root_element(const char *head)
{
        const char *p = head, *colon;
        size_t n;

        while (p != NULL && p[0] == '<' && (p[1] == '?' || p[1] == '!')) {
                if (g_str_has_prefix(p, "<!--"))
                        p = strstr(p, "-->");
                else if (g_str_has_prefix(p, "<!DOCTYPE") && memchr(p, '[', strcspn(p, ">")) != NULL)
                        p = strstr(p, "]>");
                else
                        p = strchr(p, '>');
                p = p == NULL ? NULL : strchr(p, '<');
        }
        if (p == NULL || *p++ != '<')
                return NULL;
        n = strcspn(p, " \t\r\n/>");
        colon = memchr(p, ':', n);
        return colon == NULL ? g_strndup(p, n) : g_strndup(colon + 1, n - (size_t)(colon + 1 - p));
}

static bool has_extension(const char *name, const char *extensions)
{
        g_autofree char *lower = g_ascii_strdown(name, -1);
        g_auto(GStrv) all = g_strsplit(extensions, " ", 8);

        if (g_str_has_suffix(lower, ".xz") || g_str_has_suffix(lower, ".gz"))
                lower[strlen(lower) - 3] = '\0';
        for (size_t i = 0; all[i] != NULL; i++) {
                const size_t n = strlen(all[i]), length = strlen(lower);

                if (length > n && lower[length - n - 1] == '.' && strcmp(lower + length - n, all[i]) == 0)
                        return true;
        }
        return false;
}

/* The format of an extension that only one format has. */
static const char *by_extension(const char *name)
{
        static const struct {
                const char *extensions, *format;
        } own[] = { { "ndjson", "native" }, { "tm7 tb7", "tm7" }, { "csv tsv", "csv" },
                    { "xlsx", "xlsx" },     { "spdx", "spdx" },   { "gsn.yaml gsn.yml", "gsn" } };

        for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
                if (has_extension(name, own[i].extensions))
                        return own[i].format;
        return NULL;
}

const char *format_foreign_xml(const char *root)
{
        static const struct {
                const char *root, *maker;
        } foreign[] = { { "test-results", "NUnit 2 reports" },
                        { "test-run", "NUnit 3 reports" },
                        { "TestRun", "Visual Studio reports" },
                        { "assemblies", "xUnit.net reports" },
                        { "TestLog", "Boost.Test reports" },
                        { "TestCase", "QtTest reports" },
                        { "Site", "CTest reports" },
                        { "testng-results", "TestNG reports" } };

        for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++)
                if (strcmp(root, foreign[i].root) == 0)
                        return foreign[i].maker;
        return NULL;
}

static const char *sniff_xml(const char *head, char **ret_seen)
{
        static const struct {
                const char *root, *format;
        } roots[] = {
#define ROOT(element, format) { element, format },
#define MARK(text, other, format)
#define LINE(text, format)
#define ENTRY(text, format)
#include "exchange/marks.def"
        };
        g_autofree char *root = root_element(head);
        const char *foreign = root == NULL ? NULL : format_foreign_xml(root);

        for (size_t i = 0; root != NULL && i < G_N_ELEMENTS(roots); i++)
                if (strcmp(root, roots[i].root) == 0)
                        return roots[i].format;
        *ret_seen =
                root == NULL ? g_strdup("XML without an element")
                : foreign == NULL
                        ? g_strdup_printf("XML with the root element <%.60s>", root)
                        : g_strdup_printf("XML with the root element <%s>, as in %s, which are not JUnit XML",
                                          root, foreign);
        return NULL;
}

/* The beginning of a line may be all there is of a long one, or the line be wrong further on. */
static bool begins_with_op(const char *head)
{
        static const char *const marks[] = { "{", "\"op\"", ":", "\"" };

        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
                head += strspn(head, " \t");
                if (!g_str_has_prefix(head, marks[i]))
                        return false;
                head += strlen(marks[i]);
        }
        return true;
}

static bool first_line_is_op(const char *head)
{
        size_t n = strcspn(head, "\r\n");
        g_autoptr(Json) op = NULL;

        if (begins_with_op(head))
                return true;
        op = jread_parse(head, n, NULL);
        return jread_get_string(op, "op") != NULL;
}

/* The format of the first row of marks that fits. */
static const char *marked(const char *text, size_t n)
{
        static const struct {
                const char *mark, *other, *format;
        } marks[] = {
#define ROOT(element, format)
#define MARK(text, other, format) { text, other, format },
#define LINE(text, format)
#define ENTRY(text, format)
#include "exchange/marks.def"
        };

        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
                if (memmem(text, n, marks[i].mark, strlen(marks[i].mark)) != NULL &&
                    (marks[i].other == NULL ||
                     memmem(text, n, marks[i].other, strlen(marks[i].other)) != NULL))
                        return marks[i].format;
        return NULL;
}

/* What is known by no mark is what its name says, else a list of records. */
static const char *sniff_json(const char *name, const char *head, const char *data, size_t n)
{
        const char *format;

        if (first_line_is_op(head))
                return "native";
        format = marked(head, strlen(head));
        if (format == NULL)
                format = marked(data, MIN(n, (size_t)MARKED_BYTES));
        if (format != NULL)
                return format;
        if (strstr(head, "\"feed\"") != NULL && strstr(head, "rolie") != NULL)
                return "csaf-listing";
        return by_extension(name) != NULL ? by_extension(name) : "json";
}

/* index.txt and changes.csv of a provider of advisories: the first line is a path of a .json file, a time may follow. */
static bool is_listing(const char *head)
{
        size_t n = strcspn(head, "\r\n");
        const char *end = g_strstr_len(head, (gssize)n, ".json");

        return end != NULL && end > head && (end + 5 == head + n || end[5] == ',') &&
               memchr(head, ' ', n) == NULL && memchr(head, ',', (size_t)(end - head)) == NULL;
}

/* Whether a line of the beginning begins so, the first, or one further on. */
static bool begins_line(const char *head, const char *mark)
{
        const char *at = head;

        while ((at = strstr(at, mark)) != NULL && at != head && at[-1] != '\n')
                at++;
        return at != NULL;
}

static const char *sniff_zip(const char *data, size_t n, char **ret_seen)
{
        static const struct {
                const char *name, *format;
        } entries[] = {
#define ROOT(element, format)
#define MARK(text, other, format)
#define LINE(text, format)
#define ENTRY(text, format) { text, format },
#include "exchange/marks.def"
        };

        for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
                if (memmem(data, n, entries[i].name, strlen(entries[i].name)) != NULL)
                        return entries[i].format;
        *ret_seen = g_strdup("a zip archive that is none of our formats");
        return NULL;
}

static const char *sniff_lines(const char *head)
{
        static const struct {
                const char *mark, *format;
        } lines[] = {
#define ROOT(element, format)
#define MARK(text, other, format)
#define LINE(text, format) { text, format },
#define ENTRY(text, format)
#include "exchange/marks.def"
        };

        if (is_listing(head))
                return "csaf-listing";
        for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
                if (begins_line(head, lines[i].mark))
                        return lines[i].format;
        return NULL;
}

static const char *sniff_content(const char *name, const char *data, size_t n, char **ret_seen)
{
        g_autofree char *head = head_of(data, n);
        const char *format;

        if (n >= 4 && memcmp(data, "PK\003\004", 4) == 0)
                return sniff_zip(data, n, ret_seen);
        if (head[0] == '<')
                return sniff_xml(head, ret_seen);
        if (head[0] == '{' || head[0] == '[')
                return sniff_json(name, head, data, n);
        format = sniff_lines(head);
        if (format == NULL)
                *ret_seen = g_strdup(n == 0 ? "an empty file"
                                            : "a file that is neither XML, JSON, YAML nor a workbook");
        return format;
}

bool format_sniff(const char *name, GBytes *bytes, FormatId *ret_format, GError **error)
{
        g_autofree char *seen = NULL;
        gsize n;
        const char *data = g_bytes_get_data(bytes, &n);
        const char *format = sniff_content(name, data, n, &seen);

        if (format == NULL)
                format = by_extension(name);
        if (format != NULL && format_find(format, ret_format))
                return true;
        error_set(error, ZW_ERR_FORMAT_UNKNOWN, name, "no format is known for %s",
                  seen == NULL ? format : seen);
        return false;
}
