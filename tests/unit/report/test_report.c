/* Whole reports over graphs made by hand: markup in every text is inert, the order in which links came changes no byte, and
 * many rows take little memory. */
#include "base/hash.h"
#include "base/jread.h"
#include "plant.h"
#include "report/report.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define EVIL "<script>alert(1)</script>\"'><img src=x onerror=y></style><!--]]>&amp;"

static const char HASH[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static char *report_text(GraphView view, const char *type, const char *format, const char *project)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(ReportDefinition) definition = report_definition_load(type, &error);
        const ReportRenderer *renderer = report_renderer_find(format, &error);
        g_autoptr(Stream) stream = stream_new(-1, 64 << 20);
        const ReportRequest request = {
                .inputs = { project, project, 1, HASH, HASH, INT64_C(1767225600000), NULL, "0.0.0", NULL },
                .view = view,
                .period = { INT64_C(1759276800000), INT64_C(1767225600000), 4 },
        };
        size_t n;

        g_assert_no_error(error);
        g_assert_true(report_write(definition, renderer, &request, stream, &error));
        g_assert_no_error(error);
        return g_strdup(stream_text(stream, &n));
}

static bool rule_allows(const LinkRuleDef *rule, ItemNo from, ItemNo to)
{
        return from / 2 != to / 2 && !rule->same_kind && rule->type != ZW_LINK_RELATES_TO &&
               (rule->from & (UINT64_C(1) << from / 2)) != 0 && (rule->to & (UINT64_C(1) << to / 2)) != 0;
}

/* Two items of every kind, with every link that the metamodel allows between different kinds. */
static void every_kind(Plant *plant)
{
        size_t n;
        const LinkRuleDef *rules = link_rules(&n);

        for (int kind = 0; kind < ZW_KIND_COUNT; kind++)
                for (int i = 0; i < 2; i++)
                        plant_item(plant, (KindId)kind,
                                   kind == ZW_KIND_SL_TARGET ? "{\"vector\":[2,2,2,2,2,2,2]}" : "{}");
        for (size_t i = 0; i < n; i++)
                for (ItemNo from = 0; from < plant->n; from++) {
                        unsigned made = 0;

                        for (ItemNo to = 0; to < plant->n; to++)
                                if (rule_allows(&rules[i], from, to) &&
                                    (rules[i].from_max == 0 || made < rules[i].from_max)) {
                                        plant_link(plant, from, rules[i].type, to);
                                        made++;
                                }
                }
}

/* Prints where two texts part, not the texts. */
static void assert_same(const char *a, const char *b)
{
        size_t i = 0;

        while (a[i] != '\0' && a[i] == b[i])
                i++;
        if (a[i] != b[i])
                g_test_message("differ at %zu: %.60s | %.60s", i, a + (i > 30 ? i - 30 : 0),
                               b + (i > 30 ? i - 30 : 0));
        g_assert_cmpint(a[i], ==, b[i]);
}

static const char *const types[] = { "overview",     "gap",
                                     "traceability", "paths",
                                     "drawing",      "risk-assessment",
                                     "crs",          "evidence-sheet",
                                     "verification", "process",
                                     "programme",    "safety-security" };

static void test_inert(void)
{
        Plant plant;
        GraphView view;

        plant_init(&plant, EVIL);
        every_kind(&plant);
        view = plant_publish(&plant, false);
        for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
                g_autofree char *text = report_text(view, types[i], "html", EVIL);
                g_autofree char *data = report_text(view, types[i], "json", EVIL);
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) json = jread_parse(data, strlen(data), &error);

                g_assert_no_error(error);
                g_assert_cmpstr(jread_get_string(json_object_get(json, "project"), "title"), ==, EVIL);
                g_assert_null(strstr(text, "<script"));
                g_assert_null(strstr(text, "<img"));
                g_assert_null(strstr(text, "<!--"));
                g_assert_nonnull(strstr(text, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img"));
                g_assert_null(strstr(strstr(text, "</style>") + 1, "</style>"));
        }
        plant_clear(&plant);
}

/* A server follows commits, a command loads the graph at once: the order of links differs. */
static void test_order_of_links(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
                char *texts[2];

                for (int backwards = 0; backwards < 2; backwards++) {
                        Plant plant;

                        plant_init(&plant, NULL);
                        every_kind(&plant);
                        texts[backwards] = report_text(plant_publish(&plant, backwards != 0), types[i],
                                                       "json", "P");
                        plant_clear(&plant);
                }
                assert_same(texts[0], texts[1]);
                g_free(texts[0]);
                g_free(texts[1]);
        }
}

/* Rows are gone from memory as soon as they are written: 20,000 of them never fill the buffer. */
static void test_many_rows(void)
{
        enum { REQUIREMENTS = 20000 };
        g_autofree char *name = g_build_filename(g_get_tmp_dir(), "report.XXXXXX", NULL), *content = NULL;
        int fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
        g_autoptr(Stream) stream = stream_new(fd, 0);
        g_autoptr(GError) error = NULL;
        g_autoptr(ReportDefinition) definition = report_definition_load("traceability", &error);
        ReportRequest request = { .inputs = { "P", "P", 1, HASH, HASH, 0, NULL, "0.0.0", NULL } };
        Plant plant;
        ItemNo target;
        guint64 bytes;
        Digest digest, expected;
        size_t n;

        plant_init(&plant, NULL);
        target = plant_item(&plant, ZW_KIND_SL_TARGET, "{}");
        for (int i = 0; i < REQUIREMENTS; i++)
                plant_link(&plant, target, ZW_LINK_DERIVES, plant_item(&plant, ZW_KIND_REQUIREMENT, "{}"));
        request.view = plant_publish(&plant, false);
        g_assert_true(report_write(definition, &renderer_html, &request, stream, &error));
        g_assert_cmpuint(out_length(stream_out(stream)), <, 1 << 17);
        g_assert_true(stream_finish(stream, &bytes, &digest, &error));
        g_assert_true(g_file_get_contents(name, &content, &n, &error));
        g_assert_cmpuint(n, ==, bytes);
        expected = hash_sha256(content, n);
        g_assert_true(digest_equal(&digest, &expected));
        g_assert_nonnull(strstr(content, "20000 rows"));
        plant_clear(&plant);
        close(fd);
        unlink(name);
}

static void test_formats(void)
{
        g_autoptr(GError) error = NULL;
        size_t n;

        g_assert_true(report_renderer_find("json", &error) == &renderer_json);
        g_assert_null(report_renderer_find("htm", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NAME_UNKNOWN);
        g_assert_nonnull(strstr(error->message, "did you mean \"html\""));
        g_assert_true(report_renderers(&n)[0] == &renderer_html);
        g_assert_cmpuint(n, ==, 6);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/report/report/inert", test_inert);
        g_test_add_func("/report/report/order-of-links", test_order_of_links);
        g_test_add_func("/report/report/many-rows", test_many_rows);
        g_test_add_func("/report/report/formats", test_formats);
        return g_test_run();
}
