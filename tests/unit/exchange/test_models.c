/* Threat models and requirements of other tools as native operations. */
#include "showing.h"

static const ShownFile cases[] = {
        { "m.json",
          "{\"otmVersion\":\"0.2.0\",\"project\":{\"id\":\"p\"},\"trustZones\":[{\"id\":\"z\",\"name\":\"Cell\"},{\"id\":\"y\",\"name\":\"DMZ\"}],"
          "\"components\":[{\"id\":\"a\",\"name\":\"PLC\",\"type\":\"plc\",\"parent\":{\"trustZone\":\"z\"},\"threats\":[{\"threat\":\"t\",\"mitigations\":[{\"mitigation\":\"m\"}]}]},"
          "{\"id\":\"b\",\"name\":\"Module\",\"parent\":{\"component\":\"a\"}},{\"id\":\"c\",\"name\":\"Jump host\",\"parent\":{\"trustZone\":\"y\"}}],"
          "\"dataflows\":[{\"id\":\"f\",\"name\":\"Program\",\"source\":\"c\",\"destination\":\"a\"}],"
          "\"threats\":[{\"id\":\"t\",\"name\":\"Wrong program\",\"categories\":[\"Tampering\"]}],\"mitigations\":[{\"id\":\"m\",\"name\":\"Password\"}]}",
          "otm",
          "zone zone:z \"Cell\" (null)\n"
          "zone zone:y \"DMZ\" (null)\n"
          "asset asset:a \"PLC\" (null)\n"
          "asset:a part_of zone:z\n"
          "asset asset:b \"Module\" (null)\n"
          "asset:b part_of zone:z\n"
          "asset asset:c \"Jump host\" (null)\n"
          "asset:c part_of zone:y\n"
          "flow flow:f \"Program\" (null)\n"
          "flow:f connects asset:c\n"
          "flow:f connects asset:a\n"
          "conduit conduit:y:z \"DMZ \342\200\223 Cell\" (null)\n"
          "conduit:y:z connects zone:y\n"
          "conduit:y:z connects zone:z\n"
          "flow:f connects conduit:y:z\n"
          "threat threat:t \"Wrong program\" {\"category\":\"Tampering\"}\n"
          "countermeasure measure:m \"Password\" (null)\n"
          "threat:t threatens asset:a\n"
          "measure:m mitigates threat:t\n"
          "measure:m deployed_on asset:a\n" },
        { "m.yaml",
          "threagile_version: 1.0.0\ntitle: Plant\ntechnical_assets:\n  PLC:\n    id: plc\n    type: process\n    communication_links:\n      Read:\n        target: hist\n        protocol: modbus\n"
          "  Historian:\n    id: hist\ntrust_boundaries:\n  Cell:\n    id: cell\n    technical_assets_inside: [plc]\n  Site:\n    id: site\n    technical_assets_inside: [hist]\n    trust_boundaries_nested: [cell]\n"
          "individual_risk_categories:\n  Strange:\n    id: strange\n    stride: tampering\n    risks_identified:\n      x:\n        most_relevant_technical_asset: plc\n"
          "abuse_cases:\n  Stop: stops it\nsecurity_requirements:\n  Log in: as oneself\n",
          "threagile",
          "zone zone:cell \"Cell\" (null)\n"
          "zone zone:site \"Site\" (null)\n"
          "asset asset:plc \"PLC\" (null)\n"
          "asset asset:hist \"Historian\" (null)\n"
          "asset:plc part_of zone:cell\n"
          "asset:hist part_of zone:site\n"
          "zone:cell part_of zone:site\n"
          "flow flow:plc>Read \"Read\" {\"protocol\":\"modbus\"}\n"
          "flow:plc>Read connects asset:plc\n"
          "flow:plc>Read connects asset:hist\n"
          "conduit conduit:cell:site \"Cell \342\200\223 Site\" (null)\n"
          "conduit:cell:site connects zone:cell\n"
          "conduit:cell:site connects zone:site\n"
          "flow:plc>Read connects conduit:cell:site\n"
          "threat threat:strange \"Strange\" {\"category\":\"tampering\"}\n"
          "threat:strange threatens asset:plc\n"
          "threat threat:abuse:Stop \"Stop\" (null)\n"
          "requirement requirement:Log in \"Log in\" {\"discipline\":\"security\"}\n" },
        { "m.json",
          "{\"version\":\"2.0\",\"summary\":{\"title\":\"T\"},\"detail\":{\"diagrams\":[{\"cells\":["
          "{\"id\":\"z\",\"shape\":\"trust-boundary-box\",\"position\":{\"x\":0,\"y\":0},\"size\":{\"width\":100,\"height\":100},\"data\":{\"name\":\"Cell\"}},"
          "{\"id\":\"a\",\"shape\":\"process\",\"position\":{\"x\":10,\"y\":10},\"size\":{\"width\":10,\"height\":10},\"data\":{\"type\":\"tm.Process\",\"name\":\"PLC\",\"outOfScope\":true,"
          "\"threats\":[{\"id\":\"t\",\"title\":\"Stop\",\"type\":\"Denial of service\",\"severity\":\"High\",\"status\":\"Open\",\"description\":\"d\",\"mitigation\":\"m\"}]}},"
          "{\"id\":\"b\",\"shape\":\"actor\",\"position\":{\"x\":200,\"y\":10},\"size\":{\"width\":10,\"height\":10},\"data\":{\"name\":\"Person\"}},"
          "{\"id\":\"f\",\"shape\":\"flow\",\"source\":{\"cell\":\"b\"},\"target\":{\"cell\":\"a\"},\"data\":{\"name\":\"Use\",\"protocol\":\"HTTP\",\"threats\":[{\"title\":\"Sniff\"}]}}]}]}}",
          "threat-dragon",
          "zone zone:z \"Cell\" (null)\n"
          "asset asset:a \"PLC\" (null)\n"
          "asset asset:b \"Person\" (null)\n"
          "asset:a part_of zone:z\n"
          "flow flow:f \"Use\" {\"protocol\":\"HTTP\"}\n"
          "flow:f connects asset:b\n"
          "flow:f connects asset:a\n"
          "threat threat:t \"Stop\" {\"category\":\"Denial of service\",\"priority\":\"High\"}\n"
          "threat:t threatens asset:a\n"
          "threat threat:f#0 \"Sniff\" {}\n"
          "threat:f#0 threatens asset:a\n" },
        { "r.reqif",
          "<REQ-IF><ENUM-VALUE IDENTIFIER='e1' LONG-NAME='high'/><ATTRIBUTE-DEFINITION-STRING IDENTIFIER='d1' LONG-NAME='ReqIF.Name'/>"
          "<ATTRIBUTE-DEFINITION-XHTML IDENTIFIER='d2' LONG-NAME='ReqIF.Text'/><ATTRIBUTE-DEFINITION-ENUMERATION IDENTIFIER='d3' LONG-NAME='Weight'/>"
          "<SPEC-OBJECTS><SPEC-OBJECT IDENTIFIER='o1'><VALUES><ATTRIBUTE-VALUE-STRING THE-VALUE='Lock out'><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>d1</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>"
          "<ATTRIBUTE-VALUE-XHTML><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>d2</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION><THE-VALUE><div>After <b>five</b> tries</div></THE-VALUE></ATTRIBUTE-VALUE-XHTML>"
          "<ATTRIBUTE-VALUE-ENUMERATION><DEFINITION><ATTRIBUTE-DEFINITION-ENUMERATION-REF>d3</ATTRIBUTE-DEFINITION-ENUMERATION-REF></DEFINITION><VALUES><ENUM-VALUE-REF>e1</ENUM-VALUE-REF></VALUES></ATTRIBUTE-VALUE-ENUMERATION></VALUES></SPEC-OBJECT>"
          "<SPEC-OBJECT IDENTIFIER='o2' LONG-NAME='Other'/><SPEC-OBJECT IDENTIFIER='o3'/></SPEC-OBJECTS>"
          "<SPEC-RELATION><SOURCE><SPEC-OBJECT-REF>o2</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>o1</SPEC-OBJECT-REF></TARGET></SPEC-RELATION></REQ-IF>",
          "reqif",
          "requirement o1 \"Lock out\" {\"extra\":{\"Weight\":\"high\"}}\n"
          "requirement o2 \"Other\" {}\n"
          "o2 relates_to o1\n" },
        { "d.drawio",
          "<mxfile><diagram name='p'><mxGraphModel><root><mxCell id='0'/><mxCell id='1' parent='0'/>"
          "<mxCell id='z' value='&lt;b&gt;Cell&lt;/b&gt; 1' vertex='1' parent='1'><mxGeometry x='0' y='0' width='100' height='100'/></mxCell>"
          "<mxCell id='y' value='DMZ' style='swimlane' vertex='1' parent='1'><mxGeometry x='200' y='0' width='100' height='100'/></mxCell>"
          "<object id='a' label='PLC'><mxCell vertex='1' parent='1'><mxGeometry x='10' y='10' width='10' height='10'/></mxCell></object>"
          "<mxCell id='b' value='Jump host' vertex='1' parent='y'><mxGeometry x='10' y='30' width='10' height='10'/></mxCell>"
          "<mxCell id='t' value='remark' style='text;html=1' vertex='1' parent='1'><mxGeometry x='20' y='20' width='10' height='10'/></mxCell>"
          "<mxCell id='f' edge='1' parent='1' source='b' target='a'/><mxCell id='l' value='program' style='edgeLabel' vertex='1' parent='f'/>"
          "<mxCell id='g' edge='1' parent='1' source='b'/></root></mxGraphModel></diagram></mxfile>",
          "drawio",
          "zone zone:1:z \"Cell 1\" (null)\n"
          "zone zone:1:y \"DMZ\" (null)\n"
          "asset asset:1:a \"PLC\" (null)\n"
          "asset asset:1:b \"Jump host\" (null)\n"
          "asset:1:a part_of zone:1:z\n"
          "asset:1:b part_of zone:1:y\n"
          "flow flow:1:f \"program\" (null)\n"
          "flow:1:f connects asset:1:b\n"
          "flow:1:f connects asset:1:a\n"
          "conduit conduit:1:y:1:z \"DMZ \342\200\223 Cell 1\" (null)\n"
          "conduit:1:y:1:z connects zone:1:y\n"
          "conduit:1:y:1:z connects zone:1:z\n"
          "flow:1:f connects conduit:1:y:1:z\n" },
        { "REQ2.yml",
          "active: true\nderived: false\nheader: ''\nlevel: 2.10\nlinks:\n- REQ1: abc\n- EXT3\nnormative: true\nref: ''\nreviewed: null\ntext: |\n  It shall\n  work.\n",
          "doorstop",
          "requirement REQ2 \"It shall\" {\"extra\":{\"level\":\"2.1\"}}\n"
          "REQ1 derives REQ2\n"
          "EXT3 derives REQ2\n" },
};

static void test_operations(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_shown(&cases[i]);
}

static void test_doubtful(void)
{
        static const DoubtfulFile bad[] = {
                { "m.json", "{\"otmVersion\":\"1\",\"components\":[{\"name\":\"x\"}]}", "/components/0",
                  true },
                { "m.json", "{\"otmVersion\":\"1\",\"trustZones\":[{\"id\":\"z\"},{\"id\":\"z\"}]}",
                  "/trustZones/1", true },
                { "m.json",
                  "{\"otmVersion\":\"1\",\"components\":[{\"id\":\"a\",\"parent\":{\"trustZone\":\"z\"}}]}",
                  "/components/0", false },
                { "m.json",
                  "{\"otmVersion\":\"1\",\"dataflows\":[{\"id\":\"f\",\"source\":\"a\",\"destination\":\"b\"}]}",
                  "/dataflows/0", false },
                { "m.yaml",
                  "threagile_version: 1.0.0\ntrust_boundaries:\n  Z:\n    id: z\n    trust_boundaries_nested: [z]\n",
                  "/trust_boundaries/Z", false },
                { "m.json",
                  "{\"detail\":{\"diagrams\":[{\"diagramJson\":{\"cells\":[{\"type\":\"tm.Flow\",\"id\":\"f\",\"source\":{\"x\":1}}]}}]}}",
                  "/detail/diagrams/0/cells/0", false },
                { "r.reqif", "<REQ-IF>\n<SPEC-OBJECT/></REQ-IF>", "line 2", true },
                { "r.reqif", "<REQ-IF>\n<SPEC-RELATION/></REQ-IF>", "line 2", false },
                { "d.drawio",
                  "<mxfile><diagram><mxGraphModel><root>\n<mxCell id='a' value='A' vertex='1'/>\n<mxCell id='a' value='B' vertex='1'/></root></mxGraphModel></diagram></mxfile>",
                  "line 3", true },
                { "REQ1.yml", "active: true\nderived: false\nlevel: 1\nlinks:\n- {}\nnormative: true\n",
                  "/links/0", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                assert_doubtful(&bad[i]);
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/models/operations", test_operations);
        g_test_add_func("/exchange/models/doubtful", test_doubtful);
        return g_test_run();
}
