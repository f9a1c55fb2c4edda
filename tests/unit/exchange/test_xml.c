#include "exchange/xml.h"

#include <string.h>

/* All events of a document as text: `<a`, `>a`, `"text"`. */
static char *events_of(const char *text, size_t depth_max, GError **error)
{
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
        g_autoptr(Xml) xml = xml_new(bytes, depth_max, 1000000, error);
        g_autoptr(GString) events = g_string_new(NULL);
        XmlEvent event;

        if (xml == NULL)
                return NULL;
        do {
                if (!xml_next(xml, &event, error))
                        return NULL;
                if (event == XML_EVENT_TEXT)
                        g_string_append_printf(events, "\"%s\" ", xml_text(xml));
                else if (event != XML_EVENT_END)
                        g_string_append_printf(events, "%s%s:%zu ", event == XML_EVENT_OPEN ? "<" : ">",
                                               xml_name(xml), xml_depth(xml));
        } while (event != XML_EVENT_END);
        return g_string_free(g_steal_pointer(&events), FALSE);
}

static void test_events(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *events = events_of("<?xml version='1.0'?><!-- c --><p:a xmlns:p='u'><b/>x &amp; "
                                            "<![CDATA[<y>]]><c>z</c></p:a>",
                                            10, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(events, ==, "<a:1 <b:2 >b:2 \"x & \" \"<y>\" <c:2 \"z\" >c:2 >a:1 ");
}

/* A declaration that is a name and nothing more, as nmap writes it. */
static void test_bare_doctype(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *events = events_of("<!DOCTYPE a>\n<a/>", 10, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(events, ==, "<a:1 >a:1 ");
}

static void test_refused(void)
{
        static const struct {
                const char *text, *where;
                ZwErrorCode code;
        } cases[] = {
                { "", "line 1", ZW_ERR_INPUT },
                { "not xml", "line 1", ZW_ERR_INPUT },
                { "<a>\n<b>", "line 2", ZW_ERR_INPUT },
                { "<a></b>", "line 1", ZW_ERR_INPUT },
                { "<a/><b/>", "line 1", ZW_ERR_INPUT },
                { "<!DOCTYPE a PUBLIC \"x\" \"y\">\n<a/>", "line 1", ZW_ERR_INPUT },
                { "<!DOCTYPE a [<!ATTLIST a b CDATA \"x\">]>\n<a/>", "line 1", ZW_ERR_INPUT },
                { "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "line 1", ZW_ERR_INPUT },
                { "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "line 1",
                  ZW_ERR_INPUT },
                { "<!DOCTYPE a [<!ENTITY a0 \"x\"><!ENTITY a1 \"&a0;&a0;\"><!ENTITY a2 \"&a1;&a1;\">]><a b=\"&a2;\"/>",
                  "line 1", ZW_ERR_INPUT },
                { "<a>\n\n&unknown;</a>", "line 3", ZW_ERR_INPUT },
                { "<a>\xff</a>", "line 1", ZW_ERR_ENCODING },
                { "<?xml version='1.0' encoding='no-such'?><a/>", "line 1", ZW_ERR_ENCODING },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autofree char *events = events_of(cases[i].text, 10, &error);

                g_test_message("case %zu: %s", i, error == NULL ? "accepted" : error->message);
                g_assert_null(events);
                g_assert_error(error, ZW_ERROR, (int)cases[i].code);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

/* Each level refers ten times to the one before: 10^9 texts, were they made. */
static void test_billion_laughs(void)
{
        g_autoptr(GString) text = g_string_new("<!DOCTYPE a [<!ENTITY l0 \"lol\">");
        g_autoptr(GError) error = NULL;
        g_autofree char *events = NULL;
        gint64 before = g_get_monotonic_time();

        for (int i = 1; i < 10; i++) {
                g_string_append_printf(text, "<!ENTITY l%d \"", i);
                for (int j = 0; j < 10; j++)
                        g_string_append_printf(text, "&l%d;", i - 1);
                g_string_append(text, "\">");
        }
        g_string_append(text, "]><a>&l9;</a>");
        events = events_of(text->str, 10, &error);
        g_assert_null(events);
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        g_assert_cmpint(g_get_monotonic_time() - before, <, G_USEC_PER_SEC);
}

static char *nested(size_t depth)
{
        g_autoptr(GString) text = g_string_new(NULL);

        for (size_t i = 0; i < depth; i++)
                g_string_append(text, "<a>");
        for (size_t i = 0; i < depth; i++)
                g_string_append(text, "</a>");
        return g_string_free(g_steal_pointer(&text), FALSE);
}

static void test_depth(void)
{
        g_autofree char *allowed = nested(100), *over = nested(101), *far = nested(100000);
        g_autofree char *good = events_of(allowed, 100, NULL), *bad = NULL, *worse = NULL;
        g_autoptr(GError) error = NULL, other = NULL;

        g_assert_nonnull(good);
        bad = events_of(over, 100, &error);
        g_assert_null(bad);
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        worse = events_of(far, 1000, &other);
        g_assert_null(worse);
        g_assert_nonnull(other);
}

static void test_reading(void)
{
        static const char text[] =
                "<r xmlns:q='urn:q'>\n<skip><deep>no</deep></skip>\n<t q:k='v' k='w'>one<b> two</b></t></r>";
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
        g_autoptr(GError) error = NULL;
        g_autoptr(Xml) xml = xml_new(bytes, 10, 1000000, &error);
        g_autofree char *all = NULL;
        XmlEvent event;

        g_assert_true(xml_root(xml, &error));
        g_assert_true(xml_is(xml, "r"));
        do
                g_assert_true(xml_next(xml, &event, &error));
        while (event != XML_EVENT_OPEN);
        g_assert_true(xml_is(xml, "skip"));
        g_assert_cmpuint(xml_line(xml), ==, 2);
        g_assert_true(xml_skip(xml, &error));
        g_assert_true(xml_is(xml, "skip"));
        do
                g_assert_true(xml_next(xml, &event, &error));
        while (event != XML_EVENT_OPEN);
        g_assert_cmpuint(xml_line(xml), ==, 3);
        g_assert_cmpstr(xml_attr(xml, "k"), ==, "w");
        g_assert_cmpstr(xml_attr_ns(xml, "urn:q", "k"), ==, "v");
        g_assert_null(xml_attr(xml, "none"));
        g_assert_true(xml_read_text(xml, 7, &all, &error));
        g_assert_cmpstr(all, ==, "one two");
        g_assert_true(xml_next(xml, &event, &error));
        g_assert_true(event == XML_EVENT_CLOSE && xml_is(xml, "r"));
}

/* In order, with their namespaces, and without the declarations of these. */
static void test_attributes(void)
{
        static const char text[] = "<r xmlns='urn:r' xmlns:q='urn:q' a='1' q:b='&lt;2' c=''><s/></r>";
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
        g_autoptr(GError) error = NULL;
        g_autoptr(Xml) xml = xml_new(bytes, 10, 1000000, &error);
        g_autoptr(GString) all = g_string_new(NULL);
        const char *space, *name, *value;
        XmlAttrs attrs;
        XmlEvent event;

        g_assert_true(xml_root(xml, &error));
        attrs = xml_attrs(xml);
        while (xml_attrs_next(xml, &attrs, &space, &name, &value))
                g_string_append_printf(all, "{%s}%s=%s ", space, name, value);
        g_assert_cmpstr(all->str, ==, "{}a=1 {urn:q}b=<2 {}c= ");
        for (int i = 0; i < 2; i++) { /* <s> and its close have none */
                g_assert_true(xml_next(xml, &event, &error));
                attrs = xml_attrs(xml);
                g_assert_false(xml_attrs_next(xml, &attrs, &space, &name, &value));
        }
}

static void test_text_limit(void)
{
        static const char text[] = "<r>12345678</r>";
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
        g_autoptr(GError) error = NULL;
        g_autoptr(Xml) xml = xml_new(bytes, 10, 1000000, &error);
        g_autofree char *all = NULL;

        g_assert_true(xml_root(xml, &error));
        g_assert_false(xml_read_text(xml, 7, &all, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_null(all);
}

static void test_survey(void)
{
        static const struct {
                const char *text;
                unsigned elements, named, open;
        } cases[] = {
                { "<a/>", 1, 0, 0 },
                { "<a><b/><b x='1'></b><n:b/></a>", 4, 3, 0 },
                { "<?xml version='1.0'?>\n<a><!-- <b> --><![CDATA[<b>]]><?b <b>?></a>\n", 1, 0, 0 },
                { "<a t=\"<b>\" u='/>'><b t='>'/></a>", 2, 1, 0 },
                { "<a><b>", 2, 1, 2 },
                { "<a><b", 2, 1, 2 },
                { "<a><b t='></a>", 2, 1, 2 },
                { "<a><!-- </a>", 1, 0, 2 },
                { "<a><![CDATA[</a>]>", 1, 0, 2 },
                { "<a></a></a>", 1, 0, 0 },
                { "<a><bb/><b></b ><b\n/></a>", 4, 2, 0 },
                { "\xef\xbb\xbf<b/>", 1, 1, 0 },
                { "<?xml version='1.0' encoding='UTF-8'?><b/>", 1, 1, 0 },
        };
        static const char *const unclear[] = { "<!DOCTYPE a SYSTEM 'x'><a/>",
                                               "<?xml version='1.0' encoding='latin1'?><a/>", "text", "" };
        XmlSurvey found;

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_test_message("%s", cases[i].text);
                g_assert_true(xml_survey(cases[i].text, strlen(cases[i].text), "b", 100, &found));
                g_assert_cmpuint(found.elements, ==, cases[i].elements);
                g_assert_cmpuint(found.named, ==, cases[i].named);
                g_assert_cmpuint(found.open, ==, cases[i].open);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(unclear); i++)
                g_assert_false(xml_survey(unclear[i], strlen(unclear[i]), "b", 100, &found));
        g_assert_true(xml_survey("<a><b/>\n<b/><b/><b/>", 20, "b", 2, &found));
        g_assert_cmpuint(found.named, ==, 3);
        g_assert_cmpuint(found.at, ==, 12);
        g_assert_false(xml_survey("<\0a\0/\0>\0", 8, NULL, 0, &found));
}

/* A large document is looked at before it is parsed, and read all the same when nothing is wrong with it. */
static void check_large(const char *open, const char *element, unsigned times, const char *close, int code,
                        const char *where)
{
        GString *text = g_string_new(open);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(Xml) xml = NULL;

        for (unsigned i = 0; i < times; i++)
                g_string_append(text, element);
        g_string_append(text, close);
        bytes = g_string_free_to_bytes(text);
        xml = xml_new(bytes, 10, 40000, &error);
        if (code == 0) {
                g_assert_no_error(error);
                g_assert_true(xml_root(xml, &error) && xml_skip(xml, &error));
                return;
        }
        g_assert_null(xml);
        g_assert_error(error, ZW_ERROR, code);
        g_assert_cmpstr(error_where(error), ==, where);
}

static void test_large(void)
{
#define LONG "some text of it, so that there need not be so many elements that reading them takes long"
#define TEXT "<b>" LONG "</b>\n"
        check_large("<a>", TEXT, 30000, "</a>", 0, NULL);
        check_large("<a>", TEXT, 30000, "", ZW_ERR_INPUT, "line 30001");
        check_large("<a>", TEXT, 40000, "</a>", ZW_ERR_LIMIT, NULL);
        check_large("<a>", "<!-- <b> some text -->" LONG "\n", 30000, "</a>", 0, NULL);
        check_large("<a>", "<b t='/c>' u=\"c>\"/>" LONG "\n", 30000, "</a>", 0, NULL);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        xml_init();
        g_test_add_func("/exchange/xml/events", test_events);
        g_test_add_func("/exchange/xml/bare-doctype", test_bare_doctype);
        g_test_add_func("/exchange/xml/refused", test_refused);
        g_test_add_func("/exchange/xml/billion-laughs", test_billion_laughs);
        g_test_add_func("/exchange/xml/depth", test_depth);
        g_test_add_func("/exchange/xml/reading", test_reading);
        g_test_add_func("/exchange/xml/attributes", test_attributes);
        g_test_add_func("/exchange/xml/text-limit", test_text_limit);
        g_test_add_func("/exchange/xml/survey", test_survey);
        g_test_add_func("/exchange/xml/large", test_large);
        return g_test_run();
}
