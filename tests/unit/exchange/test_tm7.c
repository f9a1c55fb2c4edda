#include "reading.h"

/* Models are put together from these pieces, as the tool writes them but for what no reader looks at. */
#define ROOT                                                                                  \
        "<ThreatModel xmlns=\"http://schemas.datacontract.org/2004/07/ThreatModeling.Model\"" \
        " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\""                              \
        " xmlns:z=\"http://schemas.microsoft.com/2003/10/Serialization/\""                    \
        " xmlns:a=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\""              \
        " xmlns:b=\"http://schemas.datacontract.org/2004/07/ThreatModeling.KnowledgeBase\">"
#define TEXT(name, value)                                                                                 \
        "<a:anyType i:type=\"b:StringDisplayAttribute\"><b:DisplayName>" name "</b:DisplayName><b:Name/>" \
        "<b:Value i:type=\"c:string\">" value "</b:Value></a:anyType>"
#define HEADING(name)                                                         \
        "<a:anyType i:type=\"b:HeaderDisplayAttribute\"><b:DisplayName>" name \
        "</b:DisplayName><b:Name/><b:Value i:nil=\"true\"/></a:anyType>"
#define CHOICE(name, first, second, index)                                                              \
        "<a:anyType i:type=\"b:ListDisplayAttribute\"><b:DisplayName>" name "</b:DisplayName><b:Name/>" \
        "<b:Value i:type=\"a:ArrayOfstring\"><a:string>" first "</a:string><a:string>" second           \
        "</a:string></b:Value><b:SelectedIndex>" index "</b:SelectedIndex></a:anyType>"
#define OUT_OF_SCOPE                                                                                  \
        "<a:anyType i:type=\"b:BooleanDisplayAttribute\"><b:DisplayName>Out Of Scope</b:DisplayName>" \
        "<b:Name/><b:Value i:type=\"c:boolean\">true</b:Value></a:anyType>"
#define ELEMENT(type, generic, guid, properties, rest)                                                  \
        "<a:KeyValueOfguidanyType><a:Key>" guid "</a:Key><a:Value z:Id=\"ref-" guid "\" i:type=\"" type \
        "\"><GenericTypeId>" generic "</GenericTypeId><Guid>" guid "</Guid><Properties>" properties     \
        "</Properties><TypeId>" generic "</TypeId>" rest "</a:Value></a:KeyValueOfguidanyType>"
#define BOX(left, top, width, height) \
        "<Height>" height "</Height><Left>" left "</Left><Top>" top "</Top><Width>" width "</Width>"
#define PATH(source, target, sx, sy, hx, hy, tx, ty)                                                        \
        "<HandleX>" hx "</HandleX><HandleY>" hy "</HandleY><SourceGuid>" source "</SourceGuid><SourceX>" sx \
        "</SourceX><SourceY>" sy "</SourceY><TargetGuid>" target "</TargetGuid><TargetX>" tx                \
        "</TargetX><TargetY>" ty "</TargetY>"
#define BORDER(guid, name, box)  ELEMENT("BorderBoundary", "GE.TB.B", guid, TEXT("Name", name), box)
#define PROCESS(guid, name, box) ELEMENT("StencilEllipse", "GE.P", guid, TEXT("Name", name), box)
#define FLOW(guid, name, path)   ELEMENT("Connector", "GE.DF", guid, TEXT("Name", name), path)
#define SURFACE(name, borders, lines)                                                                 \
        "<DrawingSurfaceModel><Guid>d</Guid><Properties>" TEXT("Name",                                \
                                                               name) "</Properties><Borders>" borders \
                                                                     "</Borders><Lines>" lines        \
                                                                     "</Lines></DrawingSurfaceModel>"
#define SURFACES(surfaces) "<DrawingSurfaceList>" surfaces "</DrawingSurfaceList>"
#define PROPERTY(key, value)                                              \
        "<a:KeyValueOfstringstring><a:Key>" key "</a:Key><a:Value>" value \
        "</a:Value></a:KeyValueOfstringstring>"
#define THREAT(key, properties, rest)                                                        \
        "<a:KeyValueOfstringThreat><a:Key>" key "</a:Key><a:Value><b:Properties>" properties \
        "</b:Properties>" rest "</a:Value></a:KeyValueOfstringThreat>"
#define KNOWLEDGE                                                                                      \
        "<KnowledgeBase><b:Manifest><b:Name>Plant</b:Name></b:Manifest><b:ThreatMetaData>"             \
        "<b:PropertiesMetaData><b:ThreatMetaDatum><b:Name>p-1</b:Name><b:Label>Detected by</b:Label>"  \
        "</b:ThreatMetaDatum></b:PropertiesMetaData></b:ThreatMetaData><b:ThreatTypes><b:ThreatType/>" \
        "<b:ThreatType/></b:ThreatTypes></KnowledgeBase>"
/* A piece that begins on the next line of the file. */
#define LINE(piece) "\n" piece
#define MODEL(rest) ROOT rest "<Version>4.3</Version></ThreatModel>"

static WorkerResult *read_model(const char *text)
{
        g_autoptr(GError) error = NULL;
        WorkerResult *result = reading_text("plant.tm7", text, NULL, &error);

        g_assert_no_error(error);
        return result;
}

/* The operations of one kind: items `item KIND ID`, links `FROM TYPE TO AS`, one a line. */
static char *outline(const WorkerResult *result)
{
        GString *lines = g_string_new(NULL);
        const json_t *op;
        size_t i;

        json_array_foreach(result->ops, i, op)
        {
                const json_t *source = json_object_get(op, "source"),
                             *from = json_object_get(json_object_get(op, "from"), "source"),
                             *to = json_object_get(json_object_get(op, "to"), "source");
                const char *as = jread_get_string(op, "as");

                if (source != NULL)
                        g_string_append_printf(lines, "%s %s\n", jread_get_string(op, "kind"),
                                               jread_get_string(source, "id"));
                else
                        g_string_append_printf(lines, "%s %s %s %s\n",
                                               json_string_value(json_array_get(from, 1)),
                                               jread_get_string(op, "type"),
                                               json_string_value(json_array_get(to, 1)),
                                               as == NULL ? "-" : as);
        }
        return g_string_free(lines, FALSE);
}

#define assert_outline(result, expected)                         \
        do {                                                     \
                g_autofree char *outline_text = outline(result); \
                g_assert_cmpstr(outline_text, ==, expected);     \
        } while (0)

#define HISTORIAN                                     \
        HEADING("Historian")                          \
        TEXT("Name", "Trend data")                    \
        OUT_OF_SCOPE                                  \
        TEXT("Reason For Out Of Scope", "kept by IT") \
        HEADING("More")                               \
        CHOICE("Signed", "No", "Yes", "1")            \
        CHOICE("Shared", "Not Selected", "Yes", "0")
#define HALL                                                \
        BORDER("Z-1", "Plant", BOX("0", "0", "100", "100")) \
        ELEMENT("StencilParallelLines", "GE.DS", "S-1", HISTORIAN, BOX("10", "10", "20", "20"))

static void test_elements(void)
{
        g_autoptr(WorkerResult) result = read_model(MODEL(SURFACES(SURFACE("Hall", HALL, ""))));

        assert_json(
                json_array_get(result->ops, 0),
                "{\"op\":\"item\",\"where\":\"line 1\",\"kind\":\"zone\",\"source\":{\"system\":\"tm7:plant\",\"id\":\"z-1\"},"
                "\"title\":\"Plant\",\"body\":\"Trust boundary\\nDiagram: Hall\",\"tags\":[]}");
        assert_json(
                json_array_get(result->ops, 1),
                "{\"op\":\"item\",\"where\":\"line 1\",\"kind\":\"asset\",\"source\":{\"system\":\"tm7:plant\",\"id\":\"s-1\"},"
                "\"title\":\"Trend data\",\"body\":\"Data store: Historian\\nDiagram: Hall\\nOut of scope: "
                "kept by IT\\n\\n- Signed: Yes\",\"tags\":[\"data-store\",\"out-of-scope\"]}");
        assert_json(
                json_array_get(result->ops, 2),
                "{\"op\":\"link\",\"where\":\"line 1\",\"from\":{\"source\":[\"tm7:plant\",\"s-1\"]},\"type\":\"part_of\","
                "\"to\":{\"source\":[\"tm7:plant\",\"z-1\"]}}");
        g_assert_cmpuint(json_array_size(result->ops), ==, 3);
        assert_json(result->problems, "[]");
        assert_json(result->refused, "[]");
        assert_json(result->lost,
                    "[{\"where\":\"model\",\"what\":\"the drawing itself: places, sizes and the order "
                    "of flows\"}]");
        assert_json(
                result->figures,
                "{\"elements\":{\"BorderBoundary\":1,\"StencilParallelLines\":1},\"root\":\"ThreatModel\","
                "\"version\":\"4.3\",\"drawing_surfaces\":1,\"threat_instances\":0,\"kb_threat_types\":0}");
        g_assert_cmpstr(result->version, ==, "4.3");
}

/* outer holds inner holds deep; "across" has its centre in inner and its edge outside of it; deep and its twin are equal,
 * and the smaller GUID is inside. */
#define NESTED                                                    \
        PROCESS("p-deep", "deep", BOX("22", "22", "2", "2"))      \
        BORDER("z-inner", "inner", BOX("10", "10", "50", "50"))   \
        PROCESS("p-across", "across", BOX("50", "40", "16", "4")) \
        BORDER("z-outer", "outer", BOX("0", "0", "100.5", "100")) \
        BORDER("z-deep-b", "twin", BOX("20", "20", "10", "10"))   \
        BORDER("z-deep-a", "deep", BOX("20", "20", "10", "10"))   \
        PROCESS("p-far", "far", BOX("200", "0", "5", "5"))

static void test_zones(void)
{
        g_autoptr(WorkerResult) result = read_model(MODEL(SURFACES(SURFACE("", NESTED, ""))));

        assert_outline(result, "asset p-deep\n"
                               "zone z-inner\n"
                               "asset p-across\n"
                               "zone z-outer\n"
                               "zone z-deep-b\n"
                               "zone z-deep-a\n"
                               "asset p-far\n"
                               "p-deep part_of z-deep-a -\n"
                               "z-inner part_of z-outer -\n"
                               "p-across part_of z-inner -\n"
                               "z-deep-b part_of z-inner -\n"
                               "z-deep-a part_of z-deep-b -\n");
        assert_json(result->problems,
                    "[{\"where\":\"line 1\",\"message\":\"\\\"across\\\" is drawn across the edge of "
                    "\\\"inner\\\"; it is taken as inside, since its centre is\"}]");
}

#define DOUBTFUL                                                   \
        LINE(BORDER("z-a", "left", BOX("0", "0", "60", "60")))     \
        LINE(BORDER("z-b", "right", BOX("40", "0", "70", "60")))   \
        LINE(PROCESS("p-both", "both", BOX("45", "10", "4", "4"))) \
        LINE(PROCESS("p-none", "none", BOX("45", "", "4", "4")))   \
        LINE(BORDER("z-none", "nowhere", ""))

static void test_doubtful_places(void)
{
        g_autoptr(WorkerResult) result = read_model(MODEL(SURFACES(SURFACE("", DOUBTFUL, ""))));

        assert_outline(result, "zone z-a\nzone z-b\nasset p-both\nasset p-none\nzone z-none\n"
                               "p-both part_of z-a -\n");
        assert_json(
                result->problems,
                "[{\"where\":\"line 2\",\"message\":\"\\\"left\\\" is drawn across the edge of \\\"right\\\"; it is "
                "taken as not inside\"},"
                "{\"where\":\"line 3\",\"message\":\"\\\"right\\\" is drawn across the edge of \\\"left\\\"; it is "
                "taken as not inside\"},"
                "{\"where\":\"line 4\",\"message\":\"\\\"both\\\" stands in \\\"left\\\" and in \\\"right\\\", which "
                "overlap; it is taken as part of the smaller one\"},"
                "{\"where\":\"line 5\",\"message\":\"\\\"none\\\" has no place on its diagram, so it is part of no "
                "zone\"},"
                "{\"where\":\"line 6\",\"message\":\"\\\"nowhere\\\" has no place on its diagram, so nothing is part "
                "of it\"}]");
}

#define TWO_ZONES                                             \
        BORDER("z-1", "One", BOX("0", "0", "40", "40"))       \
        BORDER("z-2", "Two", BOX("60", "0", "40", "40"))      \
        PROCESS("p-1", "first", BOX("10", "10", "10", "10"))  \
        PROCESS("p-2", "second", BOX("70", "10", "10", "10")) \
        PROCESS("p-3", "third", BOX("10", "25", "10", "10"))  \
        PROCESS("p-4", "outside", BOX("45", "60", "10", "10"))

#define FLOWS                                                                         \
        FLOW("f-1", "there", PATH("P-2", "p-1", "70", "15", "50", "15", "20", "15"))  \
        FLOW("f-2", "back", PATH("p-1", "p-2", "20", "15", "50", "15", "70", "15"))   \
        FLOW("f-3", "within", PATH("p-1", "p-3", "15", "20", "15", "22", "15", "25")) \
        FLOW("f-4", "out", PATH("p-3", "p-4", "20", "30", "40", "50", "45", "65"))

static void test_flows(void)
{
        g_autoptr(WorkerResult) result = read_model(MODEL(SURFACES(SURFACE("", TWO_ZONES, FLOWS))));

        assert_outline(result,
                       "zone z-1\nzone z-2\nasset p-1\nasset p-2\nasset p-3\nasset p-4\n"
                       "p-1 part_of z-1 -\np-2 part_of z-2 -\np-3 part_of z-1 -\n"
                       "flow f-1\nf-1 connects p-2 source\nf-1 connects p-1 sink\n"
                       "conduit conduit:z-1:z-2\nconduit:z-1:z-2 connects z-2 a\n"
                       "conduit:z-1:z-2 connects z-1 b\nf-1 connects conduit:z-1:z-2 -\n"
                       "flow f-2\nf-2 connects p-1 source\nf-2 connects p-2 sink\n"
                       "f-2 connects conduit:z-1:z-2 -\n"
                       "flow f-3\nf-3 connects p-1 source\nf-3 connects p-3 sink\n"
                       "flow f-4\nf-4 connects p-3 source\nf-4 connects p-4 sink\n"
                       "conduit conduit::z-1\nconduit::z-1 connects z-1 a\nf-4 connects conduit::z-1 -\n");
        assert_json(result->problems,
                    "[{\"where\":\"line 1\",\"message\":\"\\\"out\\\" goes between \\\"One\\\" and "
                    "something in no boundary, so its conduit has one end\"}]");
}

#define FENCE(guid, name, x) \
        ELEMENT("LineBoundary", "GE.TB.L", guid, TEXT("Name", name), PATH("0", "0", x, "0", x, "20", x, "90"))
#define LINES                                                                                       \
        LINE(FLOW("f-1", "there", PATH("p-9", "00000000-0000", "0", "15", "50", "15", "90", "15"))) \
        LINE(FENCE("l-1", "Fence", "50"))                                                           \
        LINE(FENCE("l-2", "Far", "150"))

static void test_loose_ends_and_lines(void)
{
        g_autoptr(WorkerResult) result = read_model(MODEL(SURFACES(SURFACE("", TWO_ZONES, LINES))));

        assert_json(
                result->problems,
                "[{\"where\":\"line 2\",\"message\":\"the source of \\\"there\\\" is no element of the model: p-9\"},"
                "{\"where\":\"line 2\",\"message\":\"the sink of \\\"there\\\" is no element of the model: it is "
                "attached to nothing\"}]");
        assert_json(
                json_array_get(result->lost, 0),
                "{\"where\":\"line 3\",\"what\":\"the line boundary \\\"Fence\\\" encloses no area, so it makes no "
                "zone; it is crossed by \\\"there\\\"\"}");
        assert_json(
                json_array_get(result->lost, 1),
                "{\"where\":\"line 4\",\"what\":\"the line boundary \\\"Far\\\" encloses no area, so it makes no "
                "zone; it is crossed by no flow\"}");
}

#define MODBUS                                                                                             \
        "<a:KeyValueOfguidanyType><a:Value i:type=\"Connector\"><GenericTypeId>GE.DF</GenericTypeId>"      \
        "<Guid>f</Guid><TypeId>own</TypeId><Properties>" HEADING("Modbus TLS") TEXT("Name", "set\npoints") \
                CHOICE("Provides Confidentiality", "No", "Yes",                                            \
                       "1") "</Properties></a:Value></a:KeyValueOfguidanyType>"

static void test_protocol_of_flows(void)
{
        g_autoptr(WorkerResult) result = read_model(MODEL(SURFACES(SURFACE("", "", MODBUS))));

        assert_json(
                json_array_get(result->ops, 0),
                "{\"op\":\"item\",\"where\":\"line 1\",\"kind\":\"flow\",\"source\":{\"system\":\"tm7:plant\",\"id\":\"f\"},\"title\":"
                "\"set points\",\"body\":\"Data flow: Modbus TLS\\n\\n- Provides Confidentiality: Yes\",\"attrs\":"
                "{\"protocol\":\"Modbus TLS\",\"encrypted\":true},\"tags\":[]}");
}

#define THERE FLOW("f-1", "there", PATH("p-2", "p-1", "0", "0", "0", "0", "0", "0"))
#define THREAT_PROPERTIES                                          \
        PROPERTY("Title", "Set points are changed")                \
        PROPERTY("UserThreatCategory", "Tampering")                \
        PROPERTY("UserThreatDescription", "A master writes.")      \
        PROPERTY("Priority", "High")                               \
        PROPERTY("UserThreatShortDescription", "Tampering is ...") \
        PROPERTY("InteractionString", "there")                     \
        PROPERTY("PossibleMitigations", "Sign it.")                \
        PROPERTY("p-1", "Operator\nround")                         \
        PROPERTY("p-2", "x")
#define THREAT_REST                                                                                   \
        "<b:ChangedBy>somebody</b:ChangedBy><b:Priority>Low</b:Priority><b:State>Mitigated</b:State>" \
        "<b:StateInformation>The firewall drops writes.</b:StateInformation>"                         \
        "<b:SourceGuid>p-2</b:SourceGuid><b:FlowGuid>f-1</b:FlowGuid><b:TargetGuid>P-1</b:TargetGuid>"
#define OLD_REST                                                                     \
        "<b:Title>Old style</b:Title><b:UserThreatCategory>S</b:UserThreatCategory>" \
        "<b:State>AutoGenerated</b:State><b:TargetGuid>z-1</b:TargetGuid>"
#define THREATS                                                                   \
        "<ThreatInstances>" THREAT("T1p-2f-1p-1", THREAT_PROPERTIES, THREAT_REST) \
                THREAT("old", "", OLD_REST) "</ThreatInstances>"

static void test_threats(void)
{
        g_autoptr(WorkerResult)
                result = read_model(MODEL(SURFACES(SURFACE("", TWO_ZONES, THERE)) THREATS KNOWLEDGE));
        const size_t first = json_array_size(result->ops) - 4;

        assert_json(
                json_array_get(result->ops, first),
                "{\"op\":\"item\",\"where\":\"line 1\",\"kind\":\"threat\",\"source\":{\"system\":\"tm7:plant\",\"id\":\"T1p-2f-1p-1\"},"
                "\"title\":\"Set points are changed\",\"body\":\"A master writes.\\n\\nJustification: The firewall "
                "drops writes.\\n\\nPossible mitigations: Sign it.\\n\\n- Detected by: Operator round\\n- p-2: x\","
                "\"attrs\":{\"category\":\"Tampering\",\"priority\":\"High\",\"vector\":\"there, from second to "
                "first\"},\"tags\":[\"tm7:Mitigated\"]}");
        assert_json(
                json_array_get(result->ops, first + 1),
                "{\"op\":\"link\",\"where\":\"line 1\",\"from\":{\"source\":[\"tm7:plant\",\"T1p-2f-1p-1\"]},\"type\":\"threatens\","
                "\"to\":{\"source\":[\"tm7:plant\",\"p-1\"]}}");
        assert_json(
                json_array_get(result->ops, first + 2),
                "{\"op\":\"link\",\"where\":\"line 1\",\"from\":{\"source\":[\"tm7:plant\",\"T1p-2f-1p-1\"]},\"type\":\"relates_to\","
                "\"to\":{\"source\":[\"tm7:plant\",\"f-1\"]}}");
        assert_json(
                json_array_get(result->ops, first + 3),
                "{\"op\":\"item\",\"where\":\"line 2\",\"kind\":\"threat\",\"source\":{\"system\":\"tm7:plant\",\"id\":\"old\"},"
                "\"title\":\"Old style\",\"body\":\"\",\"attrs\":{\"category\":\"S\",\"vector\":\"to One\"},\"tags\":"
                "[\"tm7:AutoGenerated\"]}");
        assert_json(result->problems,
                    "[{\"where\":\"line 2\",\"message\":\"the threat's target is no element of the "
                    "model: z-1\"}]");
        assert_json(json_object_get(result->figures, "threat_states"),
                    "{\"Mitigated\":1,\"AutoGenerated\":1}");
        g_assert_cmpint(jread_get_int(result->figures, "kb_threat_types", -1), ==, 2);
        g_assert_cmpstr(jread_get_string(result->figures, "template"), ==, "Plant");
}

/* Equal places on two diagrams are different places; an element may be drawn on a second one. */
#define FIRST                                         \
        BORDER("z-1", "One", BOX("0", "0", "9", "9")) \
        PROCESS("p-1", "p", BOX("1", "1", "2", "2"))
#define AGAIN(reference)                                               \
        "<a:KeyValueOfguidanyType><a:Key/><a:Value z:Ref=\"" reference \
        "\" i:nil=\"true\"/></a:KeyValueOfguidanyType>"
#define SECOND                                        \
        BORDER("z-2", "Two", BOX("0", "0", "8", "8")) \
        PROCESS("p-2", "q", BOX("1", "1", "2", "2"))  \
        LINE(AGAIN("ref-p-1"))                        \
        LINE(AGAIN("i7"))
#define OVER FLOW("f", "over", PATH("p-1", "p-2", "0", "0", "0", "0", "0", "0"))

static void test_several_diagrams(void)
{
        g_autoptr(WorkerResult) result = read_model(
                MODEL(SURFACES(SURFACE("One", FIRST, "") "\n" SURFACE("Two", SECOND, OVER))));

        assert_outline(result,
                       "zone z-1\nasset p-1\nzone z-2\nasset p-2\np-1 part_of z-1 -\np-2 part_of z-2 -\n"
                       "flow f\nf connects p-1 source\nf connects p-2 sink\nconduit conduit:z-1:z-2\n"
                       "conduit:z-1:z-2 connects z-1 a\nconduit:z-1:z-2 connects z-2 b\n"
                       "f connects conduit:z-1:z-2 -\n");
        assert_json(json_array_get(result->lost, 0),
                    "{\"where\":\"line 3\",\"what\":\"a second place of an element that "
                    "was drawn already; the first one counts\"}");
        assert_json(
                result->problems,
                "[{\"where\":\"line 4\",\"message\":\"z:Ref \\\"i7\\\" refers to no element before it\"}]");
        g_assert_cmpint(jread_get_int(result->figures, "drawing_surfaces", -1), ==, 2);
}

static void test_identity(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) named = read_model(
                MODEL(SURFACES(SURFACE("", PROCESS("p", "n", ""),
                                       "")) "<MetaInformation><Owner>me</Owner><Assumptions>No VPN."
                                            "</Assumptions><ThreatModelName>Water works"
                                            "</ThreatModelName></MetaInformation>"
                                            "<Notes><b:N/><b:N/></Notes>"));
        g_autoptr(WorkerResult)
                file = reading_text("Old Plant.TM7", MODEL(SURFACES(SURFACE("", PROCESS("p", "n", ""), ""))),
                                    NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(jread_get_string(json_object_get(json_array_get(named->ops, 0), "source"), "system"),
                        ==, "tm7:Water works");
        g_assert_cmpstr(jread_get_string(json_object_get(json_array_get(file->ops, 0), "source"), "system"),
                        ==, "tm7:Old Plant");
        assert_json(
                json_array_get(named->ops, 1),
                "{\"op\":\"item\",\"where\":\"model\",\"kind\":\"assumption\",\"source\":{\"system\":\"tm7:Water works\",\"id\":"
                "\"assumptions\"},\"title\":\"Assumptions of the threat model\",\"body\":\"No VPN.\"}");
        assert_json(json_array_get(named->lost, 0), "{\"where\":\"line 1\",\"what\":\"Owner of the model\"}");
        assert_json(json_array_get(named->lost, 1), "{\"where\":\"line 1\",\"what\":\"2 entries of Notes\"}");
}

#define ROWS                                               \
        LINE(PROCESS("p", "one", ""))                      \
        LINE(PROCESS("P", "again", ""))                    \
        LINE(PROCESS("", "none", ""))                      \
        LINE(ELEMENT("StencilCloud", "GE.X", "c", "", "")) \
        LINE(ELEMENT("StencilRectangle", "GE.A", "a", TEXT("Name", "see below"), ""))
#define ROW_THREATS                                                                               \
        "<ThreatInstances>" THREAT("t", "", "<b:TargetGuid>p</b:TargetGuid>") THREAT("t", "", "") \
                THREAT("", "", "") "</ThreatInstances>"

static void test_refused_rows(void)
{
        g_autoptr(WorkerResult) result = read_model(MODEL(SURFACES(SURFACE("", ROWS, "")) ROW_THREATS));

        assert_json(
                result->refused,
                "[{\"where\":\"line 3\",\"reason\":\"the Guid p is that of the element in line 2 already\"},"
                "{\"where\":\"line 4\",\"reason\":\"the element has no Guid that could tell it from others\"},"
                "{\"where\":\"line 6\",\"reason\":\"the threat has the Key of the one in line 6\"},"
                "{\"where\":\"line 6\",\"reason\":\"the threat has no Key, so it cannot be told from others\"}]");
        assert_json(json_array_get(result->lost, 0),
                    "{\"where\":\"line 5\",\"what\":\"an element of the unknown type StencilCloud\"}");
        assert_json(json_array_get(result->lost, 1),
                    "{\"where\":\"line 6\",\"what\":\"the free text \\\"see below\\\"\"}");
        assert_outline(result, "asset p\nthreat t\nt threatens p -\n");
}

static void test_refused_files(void)
{
        static const struct {
                const char *text, *where;
                ZwErrorCode code;
        } cases[] = {
                { "", "line 1", ZW_ERR_INPUT },
                { "PK\003\004 no model", "line 1", ZW_ERR_INPUT },
                { ROOT "\n<DrawingSurfaceList>", "line 2", ZW_ERR_INPUT },
                { ROOT "</ThreatModel>\n<more/>", "line 2", ZW_ERR_INPUT },
                { "<ThreatModel xmlns=\"urn:other\"/>", "line 1", ZW_ERR_INPUT },
                { "<ThreatModel/>", "line 1", ZW_ERR_INPUT },
                { "\n<KnowledgeBase><Manifest name=\"T\"/></KnowledgeBase>", "line 2", ZW_ERR_INPUT },
                { "<!DOCTYPE ThreatModel [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<ThreatModel>&x;</ThreatModel>",
                  "line 1", ZW_ERR_INPUT },
                { ROOT "\n<Version>\xe9</Version></ThreatModel>", "line 2", ZW_ERR_ENCODING },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text("a.tm7", cases[i].text, NULL, &error);

                g_test_message("case %zu: %s", i, error == NULL ? "accepted" : error->message);
                assert_refused(result, error, cases[i].code, cases[i].where);
        }
}

static void test_template_is_inspected(void)
{
        static const char text[] =
                "<KnowledgeBase><Manifest name=\"T\"/><ThreatTypes><ThreatType/></ThreatTypes>"
                "</KnowledgeBase>";
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = NULL;
        int fd = reading_file(text, strlen(text));

        result = worker_read(fd, "t.tb7", NULL, NULL, true, &reading_limits, NULL, &error);
        close(fd);
        g_assert_no_error(error);
        assert_json(result->figures, "{\"root\":\"KnowledgeBase\",\"template\":\"T\",\"drawing_surfaces\":0,"
                                     "\"threat_instances\":0,\"kb_threat_types\":1}");
}

/* `piece` n times; each # in it becomes the number of the repetition. */
static void repeat(GString *text, const char *piece, size_t n)
{
        for (size_t i = 0; i < n; i++)
                for (const char *p = piece; *p != '\0'; p++)
                        if (*p == '#')
                                g_string_append_printf(text, "%zu", i);
                        else
                                g_string_append_c(text, *p);
}

static void test_too_much(void)
{
        static const struct {
                const char *before, *piece, *after;
                size_t n;
        } cases[] = {
                { ROOT, "<DrawingSurfaceList>", "", 101 },
                { ROOT "<DrawingSurfaceList><DrawingSurfaceModel><Borders>",
                  "<a:KeyValueOfguidanyType><a:Value i:type=\"BorderBoundary\"><Guid>#</Guid></a:Value>"
                  "</a:KeyValueOfguidanyType>",
                  "</Borders></DrawingSurfaceModel></DrawingSurfaceList></ThreatModel>", 5001 },
                { ROOT "<ThreatInstances>", "<a:T><a:Key>#</a:Key></a:T>", "</ThreatInstances></ThreatModel>",
                  20001 },
                { ROOT "<Version>", "0123456789 # # #", "</Version></ThreatModel>", 100000 },
                { ROOT "<DrawingSurfaceList>", "<DrawingSurfaceModel/>",
                  "</DrawingSurfaceList></ThreatModel>", 5001 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GString) text = g_string_new(cases[i].before);
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = NULL;

                repeat(text, cases[i].piece, cases[i].n);
                g_string_append(text, cases[i].after);
                result = reading_bytes("a.tm7", text->str, text->len, NULL, &error);
                g_test_message("case %zu: %s", i, error == NULL ? "accepted" : error->message);
                assert_refused(result, error, ZW_ERR_LIMIT, "line 1");
        }
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/tm7/elements", test_elements);
        g_test_add_func("/exchange/tm7/zones", test_zones);
        g_test_add_func("/exchange/tm7/doubtful-places", test_doubtful_places);
        g_test_add_func("/exchange/tm7/flows", test_flows);
        g_test_add_func("/exchange/tm7/loose-ends-and-lines", test_loose_ends_and_lines);
        g_test_add_func("/exchange/tm7/protocol-of-flows", test_protocol_of_flows);
        g_test_add_func("/exchange/tm7/threats", test_threats);
        g_test_add_func("/exchange/tm7/several-diagrams", test_several_diagrams);
        g_test_add_func("/exchange/tm7/identity", test_identity);
        g_test_add_func("/exchange/tm7/refused-rows", test_refused_rows);
        g_test_add_func("/exchange/tm7/refused-files", test_refused_files);
        g_test_add_func("/exchange/tm7/template", test_template_is_inspected);
        g_test_add_func("/exchange/tm7/too-much", test_too_much);
        return g_test_run();
}
