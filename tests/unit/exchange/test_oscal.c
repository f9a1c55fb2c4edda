/* Documents of OSCAL as native operations, in JSON and in XML. */
#include "showing.h"

#define HEAD "\"metadata\":{\"title\":\"Plant\",\"version\":\"2\",\"oscal-version\":\"1.1.2\"}"

/* The same catalogue twice. */
#define CATALOG                                                                                                                                                             \
        "requirement ac-1 \"AC-1 Accounts\" {\"discipline\":\"security\",\"source\":\"Plant, 2\",\"extra\":{\"control\":\"ac-1\",\"ac-1_prm\":\"[30 days | [a time]]\"}}\n" \
        "requirement ac-1.1 \"AC-1(1) Central\" {\"discipline\":\"security\",\"source\":\"Plant, 2\",\"extra\":{\"control\":\"ac-1.1\",\"ac-1.1_t\":\"[a time]\"}}\n"       \
        "ac-1 derives ac-1.1\n"                                                                                                                                             \
        "requirement x \"SR 1.1 Users\" {\"discipline\":\"security\",\"ref\":\"62443-3-3 SR 1.1\",\"source\":\"Plant, 2\",\"extra\":{\"control\":\"x\"}}\n"

static const ShownFile cases[] = {
        { "c.json",
          "{\"catalog\":{\"uuid\":\"u\"," HEAD
          ",\"groups\":[{\"id\":\"ac\",\"title\":\"Access\",\"controls\":["
          "{\"id\":\"ac-1\",\"title\":\"Accounts\",\"props\":[{\"name\":\"label\",\"value\":\"AC-01\",\"class\":\"zero-padded\"},{\"name\":\"label\",\"value\":\"AC-1\"}],"
          "\"params\":[{\"id\":\"ac-1_prm\",\"select\":{\"choice\":[\"30 days\",\"{{ insert: param, ac-1.1_t }}\"]}}],"
          "\"parts\":[{\"name\":\"statement\",\"prose\":\"Review every {{ insert: param, ac-1_prm }}.\"},{\"name\":\"assessment-objective\",\"prose\":\"x\"}],"
          "\"controls\":[{\"id\":\"ac-1.1\",\"title\":\"Central\",\"props\":[{\"name\":\"label\",\"value\":\"AC-1(1)\"}],\"params\":[{\"id\":\"ac-1.1_t\",\"label\":\"a time\"}]},"
          "{\"id\":\"ac-1.2\",\"title\":\"Gone\",\"props\":[{\"name\":\"status\",\"value\":\"withdrawn\"}]}]},"
          "{\"id\":\"x\",\"title\":\"Users\",\"props\":[{\"name\":\"label\",\"value\":\"SR 1.1\"}]}]}]}}",
          "oscal", CATALOG },
        { "c.xml",
          "<catalog uuid='u'><metadata><title>Plant</title><version>2</version><oscal-version>1.1.2</oscal-version></metadata><group id='ac'><title>Access</title>"
          "<control id='ac-1'><title>Accounts</title><param id='ac-1_prm'><select><choice>30 days</choice><choice><insert type='param' id-ref='ac-1.1_t'/></choice></select></param>"
          "<prop name='label' class='zero-padded' value='AC-01'/><prop name='label' value='AC-1'/>"
          "<part name='statement'><p>Review every <insert type='param' id-ref='ac-1_prm'/>.</p></part><part name='assessment-objective'><p>x</p></part>"
          "<control id='ac-1.1'><title>Central</title><param id='ac-1.1_t'><label>a time</label></param><prop name='label' value='AC-1(1)'/></control>"
          "<control id='ac-1.2'><title>Gone</title><prop name='status' value='withdrawn'/></control></control>"
          "<control id='x'><title>Users</title><prop name='label' value='SR 1.1'/></control></group></catalog>",
          "oscal", CATALOG },
        { "p.json",
          "{\"profile\":{" HEAD
          ",\"imports\":[{\"href\":\"#x\",\"include-controls\":[{\"with-ids\":[\"ac-1\"]}]}]}}",
          "oscal", "" },
        { "d.json",
          "{\"component-definition\":{" HEAD
          ",\"components\":[{\"uuid\":\"c\",\"type\":\"software\",\"title\":\"Panel\",\"props\":[{\"name\":\"version\",\"value\":\"3\"}],"
          "\"protocols\":[{\"name\":\"http\",\"port-ranges\":[{\"start\":80,\"end\":80,\"transport\":\"TCP\"}]}],"
          "\"control-implementations\":[{\"implemented-requirements\":[{\"uuid\":\"r\",\"control-id\":\"ac-1\",\"description\":\"It has accounts.\","
          "\"props\":[{\"name\":\"implementation-status\",\"value\":\"implemented\"}],"
          "\"set-parameters\":[{\"param-id\":\"ac-1_prm\",\"values\":[\"7 days\"]}]}]}]}]}}",
          "oscal",
          "component c \"Panel\" {\"version\":\"3\",\"product\":\"Panel\",\"bom_type\":\"software\",\"extra\":{\"protocols\":\"http TCP/80\"}}\n"
          "claim r c \"ac-1: Panel\" {\"statement\":\"met\",\"rationale\":\"It has accounts.\\n\\nac-1_prm: 7 days\",\"extra\":{\"control\":\"ac-1\",\"implementation-status\":\"implemented\"}}\n"
          "r c answers ac-1\n"
          "r c covers c\n" },
        { "s.json",
          "{\"system-security-plan\":{" HEAD
          ",\"system-characteristics\":{\"system-name\":\"Line 1\",\"description\":\"d\"},\"system-implementation\":{\"components\":["
          "{\"uuid\":\"s\",\"type\":\"this-system\",\"title\":\"This\"},{\"uuid\":\"c\",\"type\":\"software\",\"title\":\"Panel\"},{\"uuid\":\"p\",\"type\":\"policy\",\"title\":\"Rules\"}],"
          "\"inventory-items\":[{\"uuid\":\"i\",\"description\":\"The panel.\",\"props\":[{\"name\":\"fqdn\",\"value\":\"panel.plant\"},{\"name\":\"ipv4-address\",\"value\":\"10.0.0.5\"}],"
          "\"implemented-components\":[{\"component-uuid\":\"c\"},{\"component-uuid\":\"p\"}]}]},"
          "\"control-implementation\":{\"implemented-requirements\":[{\"uuid\":\"r\",\"control-id\":\"ac-1\",\"props\":[{\"name\":\"implementation-status\",\"value\":\"implemented\"}],"
          "\"set-parameters\":[{\"param-id\":\"ac-1_prm\",\"values\":[\"7 days\"]}],\"statements\":[{\"statement-id\":\"ac-1_smt\",\"uuid\":\"t\",\"by-components\":["
          "{\"component-uuid\":\"c\",\"description\":\"It does.\",\"implementation-status\":{\"state\":\"partial\"}},{\"component-uuid\":\"p\",\"description\":\"They say.\"}]}]},"
          "{\"uuid\":\"q\",\"control-id\":\"ac-2\",\"statements\":[{\"statement-id\":\"ac-2_smt.a\",\"remarks\":\"By hand.\"}]}]}}}",
          "oscal",
          "system s \"Line 1\" (null)\n"
          "component c \"Panel\" {\"product\":\"Panel\",\"bom_type\":\"software\"}\n"
          "document p \"Rules\" {}\n"
          "asset i \"panel.plant\" {\"hostname\":\"panel.plant\",\"addresses\":[\"10.0.0.5\"]}\n"
          "i instance_of c\n"
          "p concerns i\n"
          "claim r c \"ac-1: Panel\" {\"rationale\":\"ac-1_smt: It does.\\n\\nac-1_prm: 7 days\",\"extra\":{\"control\":\"ac-1\",\"implementation-status\":\"partial\"}}\n"
          "r c answers ac-1\n"
          "r c covers c\n"
          "claim r p \"ac-1: Rules\" {\"statement\":\"met\",\"rationale\":\"ac-1_smt: They say.\\n\\nac-1_prm: 7 days\",\"extra\":{\"control\":\"ac-1\",\"implementation-status\":\"implemented\"}}\n"
          "r p answers ac-1\n"
          "r p rests_on p\n"
          "claim q s \"ac-2: This\" {\"rationale\":\"ac-2_smt.a: By hand.\",\"extra\":{\"control\":\"ac-2\"}}\n"
          "q s answers ac-2\n"
          "q s covers s\n" },
        { "a.json",
          "{\"assessment-results\":{" HEAD
          ",\"results\":[{\"uuid\":\"r\",\"title\":\"June\",\"observations\":[{\"uuid\":\"o\",\"description\":\"Looked.\",\"methods\":[\"EXAMINE\"],\"collected\":\"2026-06-02T08:00:00Z\",\"expires\":\"soon\"}],"
          "\"risks\":[{\"uuid\":\"k\",\"title\":\"Open\",\"statement\":\"Anybody may.\"}],"
          "\"findings\":[{\"uuid\":\"f\",\"title\":\"Shared account\",\"target\":{\"type\":\"objective-id\",\"target-id\":\"ac-1_obj\",\"status\":{\"state\":\"not-satisfied\"}},"
          "\"related-observations\":[{\"observation-uuid\":\"o\"}],\"related-risks\":[{\"risk-uuid\":\"k\"}]},"
          "{\"uuid\":\"g\",\"title\":\"Fine\",\"target\":{\"target-id\":\"SP_1_ac-2_smt.a\",\"status\":{\"state\":\"satisfied\"}}}]}]}}",
          "oscal",
          "evidence o \"Looked.\" {\"nature\":\"inspection\",\"date\":\"2026-06-02\"}\n"
          "nonconformity f \"Shared account\" {}\n"
          "f concerns ac-1\n"
          "o evidences f\n"
          "evidence g \"Fine\" {\"nature\":\"report\"}\n"
          "g evidences SP_1_ac-2\n" },
        { "o.json",
          "{\"plan-of-action-and-milestones\":{" HEAD
          ",\"observations\":[{\"uuid\":\"o\",\"description\":\"Seen.\"}],"
          "\"poam-items\":[{\"uuid\":\"i\",\"title\":\"Split the account\",\"related-observations\":[{\"observation-uuid\":\"o\"}]}]}}",
          "oscal",
          "evidence o \"Seen.\" {\"nature\":\"observation\"}\n"
          "action i \"Split the account\" {}\n"
          "o evidences i\n" },
};

static void test_operations(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_shown(&cases[i]);
}

static void test_doubtful(void)
{
        static const DoubtfulFile bad[] = {
                { "c.json", "{\"catalog\":{" HEAD ",\"controls\":[{\"title\":\"x\"}]}}",
                  "/catalog/controls/0", true },
                { "c.json", "{\"catalog\":{" HEAD ",\"controls\":[{\"id\":\"a\"},{\"id\":\"a\"}]}}",
                  "/catalog/controls/1", true },
                { "c.xml",
                  "<catalog><metadata><oscal-version>1</oscal-version></metadata><control id='a'/>\n<control id='a'/></catalog>",
                  "line 2", true },
                { "d.json", "{\"component-definition\":{" HEAD ",\"components\":[{\"type\":\"software\"}]}}",
                  "/component-definition/components/0", true },
                { "d.json",
                  "{\"component-definition\":{" HEAD
                  ",\"components\":[{\"uuid\":\"c\",\"control-implementations\":[{\"implemented-requirements\":[{\"uuid\":\"r\"}]}]}]}}",
                  "/component-definition/components/0/control-implementations/0/implemented-requirements/0",
                  true },
                { "s.json",
                  "{\"system-security-plan\":{" HEAD
                  ",\"system-implementation\":{\"inventory-items\":[{\"uuid\":\"i\",\"implemented-components\":[{\"component-uuid\":\"x\"}]}]}}}",
                  "/system-security-plan/system-implementation/inventory-items/0/implemented-components/0",
                  false },
                { "a.json",
                  "{\"assessment-results\":{" HEAD
                  ",\"results\":[{\"findings\":[{\"uuid\":\"f\",\"related-observations\":[{\"observation-uuid\":\"x\"}]}]}]}}",
                  "/assessment-results/results/0/findings/0", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                assert_doubtful(&bad[i]);
}

/* A parameter that inserts itself ends. */
static void test_loop(void)
{
        static const char text[] =
                "{\"catalog\":{" HEAD
                ",\"controls\":[{\"id\":\"a\",\"title\":\"T\",\"params\":[{\"id\":\"p\",\"values\":[\"{{ insert: param, p }}{{ insert: param, p }}\"]}]}]}}";
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text("c.json", text, NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(result->ops), ==, 1);
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/oscal/operations", test_operations);
        g_test_add_func("/exchange/oscal/doubtful", test_doubtful);
        g_test_add_func("/exchange/oscal/loop", test_loop);
        return g_test_run();
}
