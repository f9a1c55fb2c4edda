#include "reading.h"

#include <archive.h>
#include <archive_entry.h>

typedef struct {
        const char *name, *content;
} Part;

#define RELATIONS                                                                              \
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" \
        "<Relationship Id='r1' Target='worksheets/sheet1.xml'/>"                               \
        "<Relationship Id='r2' Target='/xl/worksheets/sheet2.xml'/></Relationships>"
#define WORKBOOK                                                                                           \
        "<workbook xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>" \
        "<sheet name='Needs' r:id='r1'/><sheet name='Notes' r:id='r2'/></sheets></workbook>"
#define SHEET2 \
        "<worksheet><sheetData><row r='1'><c t='inlineStr'><is><t>id</t></is></c></row></sheetData></worksheet>"

/* A zip archive of the parts; free it. */
static GBytes *archive_of(const Part *parts, size_t n)
{
        enum { ARCHIVE_MAX = 4 << 20 };
        g_autofree char *bytes = g_malloc(ARCHIVE_MAX);
        struct archive *archive = archive_write_new();
        size_t used = 0;

        g_assert_cmpint(archive_write_set_format_zip(archive), ==, ARCHIVE_OK);
        g_assert_cmpint(archive_write_open_memory(archive, bytes, ARCHIVE_MAX, &used), ==, ARCHIVE_OK);
        for (size_t i = 0; i < n; i++) {
                struct archive_entry *entry = archive_entry_new();
                size_t size = strlen(parts[i].content);

                archive_entry_set_pathname(entry, parts[i].name);
                archive_entry_set_filetype(entry, AE_IFREG);
                archive_entry_set_size(entry, (la_int64_t)size);
                g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
                g_assert_cmpint(archive_write_data(archive, parts[i].content, size), ==, (la_ssize_t)size);
                archive_entry_free(entry);
        }
        g_assert_cmpint(archive_write_close(archive), ==, ARCHIVE_OK);
        archive_write_free(archive);
        return g_bytes_new(bytes, used);
}

/* Reads a workbook with this first sheet; `extra` replaces the content of the part of that name, or is added. */
static WorkerResult *read_book(const char *sheet, const Part *extra, const char *profile, GError **error)
{
        Part parts[] = { { "[Content_Types].xml", "<Types/>" },       { "xl/workbook.xml", WORKBOOK },
                         { "xl/_rels/workbook.xml.rels", RELATIONS }, { "xl/worksheets/sheet1.xml", sheet },
                         { "xl/worksheets/sheet2.xml", SHEET2 },      { NULL, NULL } };
        size_t n = G_N_ELEMENTS(parts) - 1;
        g_autoptr(GBytes) bytes = NULL;
        gsize size;
        const void *data;

        if (extra != NULL) {
                for (n = 0; parts[n].name != NULL && strcmp(parts[n].name, extra->name) != 0; n++)
                        continue;
                parts[n] = *extra;
                n = MAX(n + 1, G_N_ELEMENTS(parts) - 1);
        }
        bytes = archive_of(parts, n);
        data = g_bytes_get_data(bytes, &size);
        return reading_bytes("a.xlsx", data, size, profile, error);
}

static void test_cells(void)
{
        static const char sheet[] =
                "<worksheet><sheetData>"
                "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' t='inlineStr'><is><r>"
                "<t>pri</t></r><rPh><t>x</t></rPh><r><t>ority</t></r></is></c></row>"
                "<row r='3'><c r='A3' t='str'><f>1+1</f><v>R-1</v></c><c r='B3' s='1'><v>45292</v></c><c r='C3'>"
                "<v>1.1000000000000001</v></c></row>"
                "<row r='4'><c r='A4'><v>7</v></c><c r='B4' s='2'><v>45292.75</v></c><c r='C4' t='b'><v>1</v></c></row>"
                "</sheetData><mergeCells><mergeCell ref='A1:B1'/></mergeCells></worksheet>";
        static const char book[] =
                "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='[Red]yyyy'/></numFmts><cellStyleXfs>"
                "<xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf "
                "numFmtId='164'/></cellXfs></styleSheet>";
        const Part parts[] = { { "[Content_Types].xml", "<Types/>" },
                               { "xl/workbook.xml", WORKBOOK },
                               { "xl/_rels/workbook.xml.rels", RELATIONS },
                               { "xl/sharedStrings.xml",
                                 "<sst><si><t>i_x0064_</t></si><si><t>title</t></si></sst>" },
                               { "xl/styles.xml", book },
                               { "xl/worksheets/sheet1.xml", sheet },
                               { "xl/worksheets/sheet2.xml", SHEET2 } };
        g_autoptr(GBytes) bytes = archive_of(parts, G_N_ELEMENTS(parts));
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = NULL;
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        result = reading_bytes("a.xlsx", data, n, NULL, &error);
        g_assert_no_error(error);
        assert_json(
                json_array_get(result->ops, 0),
                "{\"op\":\"item\",\"where\":\"row 3\",\"kind\":\"requirement\",\"source\":{\"system\":\"xlsx:a.xlsx\",\"id\":\"R-1\"},"
                "\"attrs\":{\"priority\":\"1.1\"},\"title\":\"2024-01-01\"}");
        assert_json(
                json_array_get(result->ops, 1),
                "{\"op\":\"item\",\"where\":\"row 4\",\"kind\":\"requirement\",\"source\":{\"system\":\"xlsx:a.xlsx\",\"id\":\"7\"},"
                "\"attrs\":{\"priority\":\"true\"},\"title\":\"2024-01-01T18:00:00\"}");
        assert_json(
                result->figures,
                "{\"sheets\":2,\"nonempty_rows_cells_formulas\":\"{Needs:3r/9c/1f/merged1, Notes:1r/1c}\"}");
        g_assert_cmpuint(json_array_size(result->lost), ==, 2);
}

static void test_profile_chooses(void)
{
        g_autoptr(GError) error = NULL, other = NULL;
        g_autoptr(WorkerResult)
                result = read_book("<worksheet/>", NULL, "{\"sheet\":\"Notes\",\"columns\":{\"id\":\"id\"}}",
                                   &error);
        g_autoptr(WorkerResult) none = read_book("<worksheet/>", NULL, "{\"sheet\":\"Nots\"}", &other);

        g_assert_no_error(error);
        g_assert_nonnull(result);
        assert_refused(none, other, ZW_ERR_INPUT, "/sheet");
}

/* Without a profile: a sheet that is shown, and a row below the title that is like a header. */
static void test_sheet_and_header_are_found(void)
{
        static const char cover
                [] = "<worksheet><row r='1'><c r='A1' t='str'><v>Needs of a plant</v></c></row>"
                     "<row r='2'><c r='A2' t='str'><v>id</v></c></row></worksheet>",
           hidden[] =
                   "<workbook xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>"
                   "<sheets><sheet name='Needs' r:id='r1' state='hidden'/>"
                   "<sheet name='Notes' r:id='r2'/></sheets></workbook>";
        static const char titled[] =
                "<worksheet><row r='2'><c r='A2' t='str'><v>Needs of a plant</v></c></row>"
                "<row r='4'><c r='A4' t='str'><v>Nr.</v></c><c r='B4' t='str'><v>Titel</v></c></row>"
                "<row r='5'><c r='A5' t='str'><v>1</v></c><c r='B5' t='str'><v>Lock</v></c></row></worksheet>";
        const Part book = { "xl/workbook.xml", hidden };
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) covered = read_book(cover, NULL, NULL, &error),
                                shown = read_book(titled, &book, NULL, &error),
                                found = read_book(titled, NULL, NULL, &error);
        const json_t *item;

        g_assert_no_error(error);
        g_assert_cmpstr(jread_get_string(json_array_get(covered->lost, 0), "where"), ==, "sheet \"Needs\"");
        g_assert_cmpstr(jread_get_string(json_array_get(shown->lost, 0), "where"), ==, "sheet \"Needs\"");
        item = json_array_get(found->ops, 0);
        g_assert_cmpstr(jread_get_string(item, "where"), ==, "row 5");
        g_assert_cmpstr(jread_get_string(item, "title"), ==, "Lock");
        assert_json(json_array_get(found->lost, 0),
                    "{\"where\":\"row 4\",\"what\":\"1 rows above this one, which is the header\"}");
        item = json_object_get(json_array_get(found->ops, 1), "value");
        g_assert_cmpint(jread_get_int(item, "header_row", 0), ==, 4);
}

/* A first sheet of remarks alone, longer than a header is looked for, hides no sheet that has what the profile names. */
static void test_remarks_hide_no_table(void)
{
        const Part table = {
                "xl/worksheets/sheet2.xml",
                "<worksheet><row r='1'><c r='A1' t='str'><v>Key</v></c><c r='B1' t='str'><v>What</v></c></row>"
                "<row r='2'><c r='A2' t='str'><v>K-1</v></c><c r='B2' t='str'><v>Lock</v></c></row></worksheet>"
        };
        g_autoptr(GString) remarks = g_string_new("<worksheet>");
        g_autoptr(WorkerResult) result = NULL;
        g_autoptr(GError) error = NULL;

        for (int row = 1; row <= 30; row++)
                g_string_append_printf(remarks, "<row r='%d'><c r='A%d' t='str'><v>Remark</v></c></row>", row,
                                       row);
        g_string_append(remarks, "</worksheet>");
        result = read_book(remarks->str, &table, "{\"columns\":{\"id\":\"Key\",\"title\":\"What\"}}", &error);
        g_assert_no_error(error);
        g_assert_cmpstr(jread_get_string(json_array_get(result->ops, 0), "title"), ==, "Lock");
}

static void test_refused(void)
{
        static const char good[] = SHEET2;
        static const struct {
                const char *sheet;
                Part extra;
                const char *where;
                ZwErrorCode code;
        } cases[] = {
                { "<worksheet><sheetData><row>", { NULL, NULL }, "line 1", ZW_ERR_INPUT },
                { "<!DOCTYPE x [<!ENTITY e 'x'>]><worksheet>&e;</worksheet>",
                  { NULL, NULL },
                  "line 1",
                  ZW_ERR_INPUT },
                { "<worksheet><row r='2'/><row r='1'/></worksheet>",
                  { NULL, NULL },
                  "sheet \"Needs\", row 2",
                  ZW_ERR_INPUT },
                { "<worksheet><row r='1'><c r='ZZZZZ1'/></row></worksheet>",
                  { NULL, NULL },
                  "sheet \"Needs\", row 1",
                  ZW_ERR_INPUT },
                { "<worksheet><row r='99999999'/></worksheet>",
                  { NULL, NULL },
                  "sheet \"Needs\", row 0",
                  ZW_ERR_INPUT },
                { "<worksheet/>", { NULL, NULL }, NULL, ZW_ERR_INPUT },
                { good,
                  { "xl/workbook.xml", "<workbook><sheets><sheet name='A'/></sheets></workbook>" },
                  "xl/workbook.xml, line 1",
                  ZW_ERR_INPUT },
                { good,
                  { "xl/sharedStrings.xml", "<!DOCTYPE sst [<!ENTITY a 'a'>]><sst/>" },
                  "xl/sharedStrings.xml, line 1",
                  ZW_ERR_INPUT },
                { good, { "../../etc/cron.d/x", "evil" }, "../../etc/cron.d/x", ZW_ERR_INPUT },
                { good, { "/etc/cron.d/x", "evil" }, "/etc/cron.d/x", ZW_ERR_INPUT },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult)
                        result = read_book(cases[i].sheet,
                                           cases[i].extra.name == NULL ? NULL : &cases[i].extra,
                                           cases[i].code == ZW_ERR_INPUT && cases[i].where == NULL
                                                   ? "{\"sheet\":\"Needs\"}"
                                                   : NULL,
                                           &error);

                g_test_message("case %zu: %s: %s", i, error == NULL ? "" : error_where(error),
                               error == NULL ? "accepted" : error->message);
                assert_refused(result, error, cases[i].code, cases[i].where);
        }
}

static void test_zip_bomb(void)
{
        g_autofree char *blanks = g_strnfill(300 << 20, ' ');
        const Part bomb = { "xl/worksheets/sheet1.xml", blanks };
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = read_book("", &bomb, NULL, &error);

        assert_refused(result, error, ZW_ERR_LIMIT, "xl/worksheets/sheet1.xml");
}

static void test_damaged(void)
{
        const Part parts[] = { { "[Content_Types].xml", "<Types/>" },
                               { "xl/workbook.xml", WORKBOOK },
                               { "xl/_rels/workbook.xml.rels", RELATIONS },
                               { "xl/worksheets/sheet1.xml", SHEET2 },
                               { "xl/worksheets/sheet2.xml", SHEET2 } };
        g_autoptr(GBytes) bytes = archive_of(parts, G_N_ELEMENTS(parts));
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        for (gsize cut = 4; cut < n; cut += 61) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_bytes("a.xlsx", data, n - cut, NULL, &error);

                g_assert_null(result);
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        }
}

static void test_corpus(void)
{
        static const struct {
                const char *path, *figure;
                size_t rows;
        } files[] = {
                { "requirements-xlsx-csv/doorstop/files__exported.xlsx", "{Sheet:7r/56c}", 6 },
                { "requirements-xlsx-csv/doorstop/formula.xlsx", "{Sheet:3r/22c/8f}", 2 },
                { "requirements-xlsx-csv/strictdoc/01_import_basic_e2e__input.xlsx", "{Sheet1:3r/26c}", 2 },
                { "requirements-xlsx-csv/strictdoc/02_float_fields_converted_to_strings__input.xlsx",
                  "{Sheet1:3r/9c}", 2 },
                { "requirements-xlsx-csv/strictdoc/input2.xlsx", "{Requirements:4r/12c}", 3 },
        };
        const char *shared = g_getenv("ZONEWRIGHT_SHARED");

        for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
                g_autofree char *path = g_build_filename(shared == NULL ? "." : shared, "corpus",
                                                         files[i].path, NULL);
                g_autofree char *bytes = NULL, *name = g_path_get_basename(path);
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = NULL;
                gsize n;

                if (!g_file_get_contents(path, &bytes, &n, NULL)) {
                        g_test_skip("the corpus of real files is not beside the tree");
                        return;
                }
                result = reading_bytes(name, bytes, n, NULL, &error);
                g_test_message("%s", name);
                g_assert_no_error(error);
                g_assert_cmpint(jread_get_int(result->figures, "sheets", 0), ==, 1);
                g_assert_cmpstr(jread_get_string(result->figures, "nonempty_rows_cells_formulas"), ==,
                                files[i].figure);
                g_assert_cmpuint(json_array_size(result->refused), ==, 0);
                g_assert_cmpuint(json_array_size(result->ops), >=, files[i].rows);
        }
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/xlsx/cells", test_cells);
        g_test_add_func("/exchange/xlsx/profile", test_profile_chooses);
        g_test_add_func("/exchange/xlsx/found", test_sheet_and_header_are_found);
        g_test_add_func("/exchange/xlsx/remarks", test_remarks_hide_no_table);
        g_test_add_func("/exchange/xlsx/refused", test_refused);
        g_test_add_func("/exchange/xlsx/zip-bomb", test_zip_bomb);
        g_test_add_func("/exchange/xlsx/damaged", test_damaged);
        g_test_add_func("/exchange/xlsx/corpus", test_corpus);
        return g_test_run();
}
