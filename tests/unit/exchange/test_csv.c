#include "reading.h"

static void test_rows_become_requirements(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text(
                "reqs.csv",
                "ID,Title,Text,Colour\r\nR-1,First,\"a, \"\"b\"\"\nc\",red\r\nR-2,,Second text,\r\n", NULL,
                &error);

        g_assert_no_error(error);
        assert_json(
                json_array_get(result->ops, 0),
                "{\"op\":\"item\",\"where\":\"row 2\",\"kind\":\"requirement\",\"source\":{\"system\":\"csv:reqs.csv\",\"id\":"
                "\"R-1\"},\"attrs\":{\"extra\":{\"Colour\":\"red\"}},\"title\":\"First\",\"body\":\"a, \\\"b\\\"\\nc\"}");
        assert_json(
                json_array_get(result->ops, 1),
                "{\"op\":\"item\",\"where\":\"row 3\",\"kind\":\"requirement\",\"source\":{\"system\":\"csv:reqs.csv\",\"id\":"
                "\"R-2\"},\"attrs\":{},\"body\":\"Second text\",\"title\":\"Second text\"}");
        assert_json(json_array_get(result->ops, 2),
                    "{\"op\":\"setting\",\"name\":\"sheet:csv:reqs.csv\",\"value\":{\"columns\":["
                    "{\"header\":\"ID\",\"to\":\"id\",\"extra\":\"ID\"},"
                    "{\"header\":\"Title\",\"to\":\"title\",\"extra\":\"Title\"},"
                    "{\"header\":\"Text\",\"to\":\"body\",\"extra\":\"Text\"},"
                    "{\"header\":\"Colour\",\"to\":\"extra\",\"extra\":\"Colour\"}]}}");
        g_assert_cmpuint(json_array_size(result->ops), ==, 3);
        assert_json(result->lost, "[]");
        assert_json(result->figures,
                    "{\"encoding\":\"utf-8\",\"delimiter\":\"','\",\"crlf\":\"True\","
                    "\"records_incl_header\":3,\"columns\":4,\"ragged_rows\":0,\"multiline_cells\":1}");
}

static void test_delimiters(void)
{
        static const struct {
                const char *text, *delimiter;
        } cases[] = { { "id;title\n1;a, b\n2;c, d\n", "';'" },
                      { "id\ttitle\n1\ta,b\n", "'\\t'" },
                      { "id|title\n1|a\n", "'|'" },
                      { "id,title\n1,\"a;b;c\"\n", "','" },
                      { "id\n1\n2\n", "','" } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text("a.csv", cases[i].text, NULL, &error);

                g_assert_no_error(error);
                g_assert_cmpstr(jread_get_string(result->figures, "delimiter"), ==, cases[i].delimiter);
        }
}

static void test_encodings(void)
{
        static const char utf16[] = "\xff\xfe"
                                    "i\0d\0\n\0\xe9\0\n\0";
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) bom = reading_text("a.csv", "\xef\xbb\xbfid\n\xc3\xa9\n", NULL, &error);
        g_autoptr(WorkerResult) wide = reading_bytes("a.csv", utf16, sizeof(utf16) - 1, NULL, &error);
        g_autoptr(WorkerResult)
                latin = reading_text("a.csv", "id\n\xe9\n", "{\"encoding\":\"latin-1\"}", &error);
        const WorkerResult *all[] = { bom, wide, latin };
        const char *names[] = { "utf-8-sig", "utf-16", "latin-1" };

        g_assert_no_error(error);
        for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
                const json_t *source = json_object_get(json_array_get(all[i]->ops, 0), "source");

                g_assert_cmpstr(jread_get_string(source, "id"), ==, "é");
                g_assert_cmpstr(jread_get_string(all[i]->figures, "encoding"), ==, names[i]);
        }
}

/* Title rows, remarks and what spreadsheets write around a table; headers of tools and of other languages, where none is better. */
static void test_headers_are_found(void)
{
        static const struct {
                const char *text, *id, *title, *where;
        } cases[] = {
                { "Needs of a plant\n\n;;\nID;Title;Text\nR1;a, b;x, y\n", "R1", "a, b", "row 5" },
                { "Project,P1\nDate,2024-01-01\n\nReq ID,Name,Text\nR1,a,x\n", "R1", "a", "row 5" },
                { "sep=;\r\nID;Title\r\nR1;a\r\n", "R1", "a", "row 2" },
                { "id,title\n,\n , \nR1,a\n,\n", "R1", "a", "row 4" },
                { "Nr.;Titel;Beschreibung\n1;a;x\n", "1", "a", "row 2" },
                { "Summary,Issue key,Issue id\na,P-1,10001\n", "P-1", "a", "row 2" },
                { "Object Identifier,Object Heading,Object Text\nS-1,a,x\n", "S-1", "a", "row 2" },
                { "No,Summary,ID,Title\n1,x,R1,a\n", "R1", "a", "row 2" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text("a.csv", cases[i].text, NULL, &error);
                const json_t *item;

                g_assert_no_error(error);
                g_assert_cmpuint(json_array_size(result->refused), ==, 0);
                g_assert_cmpuint(json_array_size(result->ops), ==, 2);
                item = json_array_get(result->ops, 0);
                g_assert_cmpstr(jread_get_string(json_object_get(item, "source"), "id"), ==, cases[i].id);
                g_assert_cmpstr(jread_get_string(item, "title"), ==, cases[i].title);
                g_assert_cmpstr(jread_get_string(item, "where"), ==, cases[i].where);
        }
}

/* A remark that is called like an id is no header, nor is a row far down: what is said is said of the first row. */
static void test_no_header(void)
{
        g_autoptr(GString) far = g_string_new("Remarks,x\n");
        static const char word[] = "Remarks,x\nid,\n1,2\n";
        g_autoptr(GError) error = NULL, other = NULL;
        g_autoptr(WorkerResult) result = reading_text("a.csv", word, NULL, &error), late = NULL;

        assert_refused(result, error, ZW_ERR_INPUT, "row 1");
        for (int i = 0; i < 30; i++)
                g_string_append(far, "more,text\n");
        g_string_append(far, "id,title\nR1,a\n");
        late = reading_text("a.csv", far->str, NULL, &other);
        assert_refused(late, other, ZW_ERR_INPUT, "row 1");
}

/* What Windows calls Latin-1 has quotes, dashes and the euro where Latin-1 has controls. */
static void test_windows(void)
{
        static const char *const profiles[] = { "{\"encoding\":\"latin-1\"}",
                                                "{\"encoding\":\"windows-1252\"}" };

        for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult)
                        result = reading_text("a.csv", "id;title\n1;\x93Gr\xfc\xdf\x65\x94 \x96 5 \x80\n",
                                              profiles[i], &error);

                g_assert_no_error(error);
                g_assert_cmpstr(jread_get_string(json_array_get(result->ops, 0), "title"), ==,
                                "\342\200\234Gr\303\274\303\237e\342\200\235 \342\200\223 5 \342\202\254");
        }
}

static void test_refused_files(void)
{
        static const struct {
                const char *bytes, *profile, *where;
                size_t n;
                ZwErrorCode code;
        } cases[] = {
                { "id\n\xe9\n", NULL, "byte 3", 5, ZW_ERR_ENCODING },
                { "id\na\0b\n", NULL, "byte 4", 7, ZW_ERR_INPUT },
                { "id,title\n1,\"never\nends\n", NULL, "row 2, line 2", 23, ZW_ERR_INPUT },
                { "", NULL, "byte 0", 0, ZW_ERR_INPUT },
                { "\xff\xfei\0d", NULL, "byte 4", 5, ZW_ERR_ENCODING },
                { "\xff\xfe\x00\xd8i\0", NULL, "byte 4", 6, ZW_ERR_ENCODING },
                { "colour,size\nred,1\n", NULL, "row 1", 18, ZW_ERR_INPUT },
                { "id\n1\n", "{\"encoding\":\"ebcdic\"}", "/encoding", 5, ZW_ERR_INPUT },
                { "id\n1\n", "{\"delimiter\":\"x\"}", "/delimiter", 5, ZW_ERR_INPUT },
                { "id\n1\n", "{\"columns\":{\"id\":\"Key\"}}", "row 1", 5, ZW_ERR_INPUT },
                { "id\n1\n", "{\"columns\":{\"titel\":\"id\"}}", "/columns/titel", 5, ZW_ERR_INPUT },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult)
                        result = reading_bytes("a.csv", cases[i].bytes, cases[i].n, cases[i].profile, &error);

                g_test_message("case %zu: %s", i, error == NULL ? "accepted" : error->message);
                assert_refused(result, error, cases[i].code, cases[i].where);
        }
}

static void test_doubtful_rows(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text(
                "a.csv", "id,title,parent\nA,one,\nB,two\n\nA,again,\n,none,\nC,\"x\"y,Z\nD,four,A\n", NULL,
                &error);

        g_assert_no_error(error);
        assert_json(result->refused,
                    "[{\"where\":\"row 5\",\"reason\":\"the id \\\"A\\\" is that of row 2 already\"},"
                    "{\"where\":\"row 6\",\"reason\":\"the id is empty\"}]");
        assert_json(result->problems,
                    "[{\"where\":\"row 3\",\"message\":\"the row has 2 cells and the first one 3\"},"
                    "{\"where\":\"row 7\",\"message\":\"text stands behind a closing quote\"},"
                    "{\"where\":\"row 7\",\"message\":\"the parent \\\"Z\\\" is not in this sheet\"}]");
        assert_json(
                json_array_get(result->ops, json_array_size(result->ops) - 2),
                "{\"op\":\"link\",\"where\":\"row 8\",\"from\":{\"source\":[\"csv:a.csv\",\"A\"]},\"type\":\"derives\",\"to\":"
                "{\"source\":[\"csv:a.csv\",\"D\"]}}");
        g_assert_cmpint(jread_get_int(result->figures, "ragged_rows", -1), ==, 1);
}

static void test_profile(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text(
                "a.csv", "My sheet,,\nKey,What,Rank\nK1,Do it,high\nK2,Do that,\n",
                "{\"name\":\"plant\",\"header_row\":2,\"columns\":{\"id\":\"Key\",\"body\":\"What\","
                "\"priority\":\"Rank\"},\"defaults\":{\"level\":\"component\"}}",
                &error);

        g_assert_no_error(error);
        assert_json(
                json_array_get(result->ops, 0),
                "{\"op\":\"item\",\"where\":\"row 3\",\"kind\":\"requirement\",\"source\":{\"system\":\"csv:plant\",\"id\":\"K1\"},"
                "\"attrs\":{\"level\":\"component\",\"priority\":\"high\"},\"body\":\"Do it\",\"title\":\"Do it\"}");
}

/* What the profile says is demanded; what was guessed from a header costs no row. */
static void test_wrong_attribute(void)
{
        static const char text[] = "id,title,discipline\n1,a,Safety\n2,b,cookery\n";
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult)
                asked = reading_text("a.csv", text,
                                     "{\"columns\":{\"id\":\"id\",\"discipline\":\"discipline\"}}", &error);
        g_autoptr(WorkerResult) guessed = reading_text("a.csv", text, NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(asked->ops), ==, 2);
        g_assert_cmpuint(json_array_size(asked->refused), ==, 1);
        g_assert_cmpstr(jread_get_string(json_array_get(asked->refused, 0), "where"), ==, "row 3");
        g_assert_cmpuint(json_array_size(guessed->refused), ==, 0);
        assert_json(json_object_get(json_array_get(guessed->ops, 0), "attrs"), "{\"discipline\":\"safety\"}");
        assert_json(json_object_get(json_array_get(guessed->ops, 1), "attrs"),
                    "{\"extra\":{\"discipline\":\"cookery\"}}");
        assert_json(guessed->problems,
                    "[{\"where\":\"column 3 \\\"discipline\\\"\",\"message\":"
                    "\"1 cells are no discipline as the model has it, and are kept as they are\"}]");
}

static void test_endless_rows(void)
{
        g_autoptr(GString) text = g_string_new("name\n");
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = NULL;
        int fd;

        for (size_t i = 0; i < 1100000; i++)
                g_string_append(text, "x\n");
        fd = reading_file(text->str, text->len);
        result = worker_read(fd, "a.csv", NULL, NULL, true, &reading_limits, NULL, &error);
        close(fd);
        assert_refused(result, error, ZW_ERR_LIMIT, "row 1048577");
}

static void test_catalogue_of_the_corpus(void)
{
        const char *shared = g_getenv("ZONEWRIGHT_SHARED");
        g_autofree char *path =
                shared == NULL
                        ? NULL
                        : g_build_filename(shared, "corpus/requirements-xlsx-csv/ASVS",
                                           "OWASP_Application_Security_Verification_Standard_5.0.0_en.csv",
                                           NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = NULL;
        g_autofree char *bytes = NULL;
        gsize n;

        if (path == NULL || !g_file_get_contents(path, &bytes, &n, NULL)) {
                g_test_skip("the corpus of real files is not beside the tree");
                return;
        }
        result = reading_bytes("asvs.csv", bytes, n, NULL, &error);
        g_assert_no_error(error);
        assert_json(result->figures,
                    "{\"encoding\":\"utf-8\",\"delimiter\":\"','\",\"crlf\":\"False\","
                    "\"records_incl_header\":346,\"columns\":7,\"ragged_rows\":0,\"multiline_cells\":0}");
        g_assert_cmpuint(json_array_size(result->ops), ==, 346);
        g_assert_cmpuint(json_array_size(result->refused), ==, 0);
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/csv/rows", test_rows_become_requirements);
        g_test_add_func("/exchange/csv/delimiters", test_delimiters);
        g_test_add_func("/exchange/csv/encodings", test_encodings);
        g_test_add_func("/exchange/csv/windows", test_windows);
        g_test_add_func("/exchange/csv/headers", test_headers_are_found);
        g_test_add_func("/exchange/csv/no-header", test_no_header);
        g_test_add_func("/exchange/csv/refused-files", test_refused_files);
        g_test_add_func("/exchange/csv/doubtful-rows", test_doubtful_rows);
        g_test_add_func("/exchange/csv/profile", test_profile);
        g_test_add_func("/exchange/csv/wrong-attribute", test_wrong_attribute);
        g_test_add_func("/exchange/csv/endless-rows", test_endless_rows);
        g_test_add_func("/exchange/csv/corpus", test_catalogue_of_the_corpus);
        return g_test_run();
}
