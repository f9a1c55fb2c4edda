/* Files of results: the vectors of the other implementation, the order, and every form that is not the one. */
#include "base/error.h"
#include "model/results.h"
#include "vectors.h"

static void add_line(GArray *lines, Id id, ResultStatus status, Instant at, const char *message)
{
        ResultLine line = { .test_case = id, .status = status, .at = at, .message = g_strdup(message) };

        g_array_append_val(lines, line);
}

static GArray *vector_lines(const json_t *rows, bool backwards)
{
        GArray *lines = results_new();
        size_t n = json_array_size(rows);

        for (size_t i = 0; i < n; i++) {
                const json_t *row = json_array_get(rows, backwards ? n - 1 - i : i);
                ResultStatus status;
                Instant at;

                g_assert_true(result_status_find(vector_text(row, "status"), &status));
                g_assert_true(instant_parse(vector_text(row, "at"), &at, NULL));
                add_line(lines, vector_id(row, "case"), status, at, jread_get_string(row, "message"));
        }
        return lines;
}

/* The order of what is given says nothing about the file. */
static void test_vectors(void)
{
        g_autoptr(Json) vectors = vectors_load();
        const json_t *results = json_object_get(vectors, "results");

        for (int i = 0; i < 2; i++) {
                g_autoptr(GArray) lines = vector_lines(json_object_get(results, "lines"), i == 1);
                g_autoptr(GError) error = NULL;
                g_autoptr(GBytes) file = results_encode(lines, &error);

                g_assert_no_error(error);
                assert_bytes(file, vector_text(results, "file"));
                assert_digest(hash_sha256(g_bytes_get_data(file, NULL), g_bytes_get_size(file)),
                              vector_digest(results, "sha256"));
        }
}

static void test_decode(void)
{
        g_autoptr(Json) vectors = vectors_load();
        const json_t *results = json_object_get(vectors, "results");
        const char *text = vector_text(results, "file");
        g_autoptr(GBytes) file = g_bytes_new_static(text, strlen(text));
        g_autoptr(GBytes) again = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) lines = results_decode(file, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(lines->len, ==, json_array_size(json_object_get(results, "lines")));
        again = results_encode(lines, &error);
        g_assert_true(g_bytes_equal(again, file));
}

static void test_refused(void)
{
        g_autoptr(Json) vectors = vectors_load();
        const json_t *rows = json_object_get(vectors, "results_refused");

        g_assert_cmpuint(json_array_size(rows), >, 10);
        for (size_t i = 0; i < json_array_size(rows); i++) {
                const char *text = vector_text(json_array_get(rows, i), "file");
                g_autoptr(GBytes) file = g_bytes_new_static(text, strlen(text));
                g_autoptr(GError) error = NULL;
                g_autoptr(GArray) lines = results_decode(file, &error);

                g_test_message("%s", vector_text(json_array_get(rows, i), "why"));
                g_assert_null(lines);
                g_assert_error(error, ZW_ERROR, ZW_ERR_DAMAGED);
                g_assert_true(g_str_has_prefix(error_where(error), "line "));
        }
}

/* Every cut of a file, but at the ends of lines, is refused; so is every changed byte, or it gives another file. */
static void test_cut_and_flipped(void)
{
        g_autoptr(Json) vectors = vectors_load();
        const char *text = vector_text(json_object_get(vectors, "results"), "file");
        size_t n = strlen(text);

        for (size_t i = 1; i < n; i++) {
                g_autoptr(GBytes) file = g_bytes_new(text, i);
                g_autoptr(GArray) lines = results_decode(file, NULL);

                g_assert_true((lines != NULL) == (text[i - 1] == '\n'));
        }
        for (size_t i = 0; i < n * 8; i++) {
                g_autofree char *copy = g_strdup(text);
                g_autoptr(GBytes) file = NULL;
                g_autoptr(GBytes) again = NULL;
                g_autoptr(GArray) lines = NULL;

                copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
                file = g_bytes_new(copy, n);
                lines = results_decode(file, NULL);
                if (lines == NULL)
                        continue;
                again = results_encode(lines, NULL);
                g_assert_true(g_bytes_equal(again, file));
        }
}

static void test_empty(void)
{
        g_autoptr(GArray) none = results_new(), lines = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) file = results_encode(none, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(g_bytes_get_size(file), ==, 0);
        lines = results_decode(file, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(lines->len, ==, 0);
}

/* An empty message is none. */
static void test_message(void)
{
        g_autoptr(GArray) lines = results_new(), again = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) file = NULL;

        add_line(lines, (Id){ { 1 } }, RESULT_PASSED, 0, "");
        add_line(lines, (Id){ { 2 } }, RESULT_PASSED, 0, "\"\\\n\x01\x7f/é");
        file = results_encode(lines, &error);
        g_assert_no_error(error);
        again = results_decode(file, &error);
        g_assert_no_error(error);
        g_assert_null(g_array_index(again, ResultLine, 0).message);
        g_assert_cmpstr(g_array_index(again, ResultLine, 1).message, ==, "\"\\\n\x01\x7f/é");
}

static void test_encode_refused(void)
{
        static const struct {
                Instant at;
                const char *message;
        } rows[] = {
                { 0, "\xc3" }, { 253402300800000, NULL }, { -2208988800001, NULL }, { INT64_MIN, NULL }
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autoptr(GArray) lines = results_new();
                g_autoptr(GError) error = NULL;

                add_line(lines, (Id){ { 1 } }, RESULT_PASSED, rows[i].at, rows[i].message);
                g_assert_null(results_encode(lines, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, "line 1");
        }
}

static void test_limit(void)
{
        g_autoptr(GArray) lines = results_new();
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GBytes) file = NULL;
        g_autoptr(GError) error = NULL;

        g_array_set_size(lines, ZW_RESULTS_MAX + 1);
        g_assert_null(results_encode(lines, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_clear_error(&error);
        for (int i = 0; i < ZW_RESULTS_MAX + 1; i++)
                g_string_append(
                        text,
                        "{\"at\":\"1970-01-01T00:00:00.000Z\",\"case\":\"00000000000000000000000000000000\","
                        "\"status\":\"passed\"}\n");
        file = g_bytes_new_static(text->str, text->len);
        g_assert_null(results_decode(file, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_cmpstr(error_where(error), ==, "line 1000001");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/results/vectors", test_vectors);
        g_test_add_func("/results/decode", test_decode);
        g_test_add_func("/results/refused", test_refused);
        g_test_add_func("/results/cut-and-flipped", test_cut_and_flipped);
        g_test_add_func("/results/empty", test_empty);
        g_test_add_func("/results/message", test_message);
        g_test_add_func("/results/encode-refused", test_encode_refused);
        g_test_add_func("/results/limit", test_limit);
        return g_test_run();
}
