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
        { "REQ3.yml",
          "active: true\nderived: true\nheader: Lock\nlevel: '1.10'\nlinks: []\nnormative: false\nref: ''\nreferences:\n- keyword: k\n  path: a/b.c\n  type: file\n- path: d\n"
          "reviewed: null\ntext: It shall.\nverification: test\nsil: 2\n",
          "doorstop",
          "requirement REQ3 \"Lock\" {\"extra\":{\"derived\":\"True\",\"level\":\"1.10\",\"normative\":\"False\",\"verification\":\"test\",\"sil\":\"2\",\"references\":\"a/b.c#k\\nd\"}}\n" },
        { "REQ4.md",
          "---\nactive: true\nderived: false\nlevel: 1.2\nlinks:\n- SYS1: abc\nnormative: true\nref: ''\n---\n\n# Log in\n\nEverybody shall.\n",
          "doorstop",
          "requirement REQ4 \"Log in\" {\"extra\":{\"level\":\"1.2\"}}\n"
          "SYS1 derives REQ4\n" },
        { "data.drawio",
          "<mxGraphModel><root><mxCell id='0'/><mxCell id='1' parent='0'/>"
          "<object id='a' label='%name% at %ip%' placeholders='1' name='PLC' ip='10.0.0.5' MAC-Address='00:1B:1B:00:00:01' Role='control'>"
          "<mxCell vertex='1' parent='1'><mxGeometry x='10' y='10' width='10' height='10'/></mxCell></object>"
          "<UserObject id='b' label='100 %' link='x'><mxCell vertex='1' parent='1'><mxGeometry x='50' y='10' width='10' height='10'/></mxCell></UserObject>"
          "</root></mxGraphModel>",
          "drawio",
          "asset asset:1:a \"PLC at 10.0.0.5\" {\"addresses\":[\"10.0.0.5\",\"00:1B:1B:00:00:01\"],\"extra\":{\"name\":\"PLC\",\"Role\":\"control\"}}\n"
          "asset asset:1:b \"100 %\" {\"extra\":{\"link\":\"x\"}}\n" },
        { "needs.json",
          "{\"project\":\"P\",\"current_version\":\"1\",\"versions\":{\"1\":{\"needs\":{"
          "\"R2\":{\"id\":\"R2\",\"type\":\"spec\",\"title\":\"Lock out\",\"description\":\"After five tries\",\"status\":\"open\",\"links\":[\"R1.1\"],\"tags\":[\"login\"]},"
          "\"R1\":{\"id\":\"R1\",\"type\":\"req\",\"title\":\"Log in\",\"links\":[]},"
          "\"T1\":{\"id\":\"T1\",\"type\":\"test\",\"title\":\"Try six times\",\"links\":[\"R2\"]}}}}}",
          "sphinx-needs",
          "requirement R2 \"Lock out\" {\"extra\":{\"status\":\"open\"}}\n"
          "requirement R1 \"Log in\" {}\n"
          "test_case T1 \"Try six times\" {}\n"
          "R1 derives R2\n"
          "T1 verifies R2\n" },
        { "t.tc.json",
          "{\"schema\":1,\"applicationInfo\":{\"name\":\"Plant\",\"description\":\"d\"},"
          "\"threats\":[{\"id\":\"t\",\"numericId\":4,\"statement\":\"A guest with a laptop can stop the PLC\",\"threatSource\":\"guest\","
          "\"prerequisites\":\"with a laptop\",\"threatAction\":\"stop the PLC\",\"threatImpact\":\"no control\",\"impactedGoal\":[\"availability\"],"
          "\"impactedAssets\":[\"PLC\",\"plc \"],\"status\":\"threatIdentified\",\"tags\":[\"OT\"],"
          "\"metadata\":[{\"key\":\"STRIDE\",\"value\":[\"D\",\"T\"]},{\"key\":\"Priority\",\"value\":\"High\"},{\"key\":\"Owner\",\"value\":\"me\"}]}],"
          "\"mitigations\":[{\"id\":\"m\",\"content\":\"Lock the cabinet\"}],\"assumptions\":[{\"id\":\"a\",\"content\":\"Guests are escorted\"}],"
          "\"mitigationLinks\":[{\"mitigationId\":\"m\",\"linkedId\":\"t\"},{\"mitigationId\":\"m\",\"linkedId\":\"gone\"}],"
          "\"assumptionLinks\":[{\"assumptionId\":\"a\",\"linkedId\":\"t\",\"type\":\"Threat\"},{\"assumptionId\":\"a\",\"linkedId\":\"m\",\"type\":\"Mitigation\"}]}",
          "threat-composer",
          "asset asset:plc \"PLC\" (null)\n"
          "threat threat:t \"A guest with a laptop can stop the PLC\" {\"category\":\"Tampering, Denial of service\",\"priority\":\"High\",\"actor\":\"guest\",\"vector\":\"with a laptop\",\"extra\":{\"number\":\"4\",\"Owner\":\"me\",\"action\":\"stop the PLC\",\"impact\":\"no control\",\"impacted goal\":\"availability\"}}\n"
          "threat:t threatens asset:plc\n"
          "countermeasure measure:m \"Lock the cabinet\" {}\n"
          "assumption assumption:a \"Guests are escorted\" {}\n"
          "measure:m mitigates threat:t\n"
          "assumption:a relates_to threat:t\n"
          "assumption:a relates_to measure:m\n" },
        { "b.cdx.json",
          "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{\"component\":{\"name\":\"Plant\"}},\"components\":["
          "{\"type\":\"threat-model\",\"bom-ref\":\"d\",\"name\":\"Diagram\",\"components\":["
          "{\"type\":\"threat-model\",\"bom-ref\":\"z\",\"name\":\"Cell\",\"properties\":[{\"name\":\"cdx:model:type\",\"value\":\"boundary\"}]},"
          "{\"type\":\"threat-model\",\"bom-ref\":\"r\",\"name\":\"Recipe\",\"properties\":[{\"name\":\"cdx:model:type\",\"value\":\"asset\"},{\"name\":\"cdx:model:storedBy\",\"value\":\"a\"}]},"
          "{\"type\":\"threat-model\",\"bom-ref\":\"a\",\"name\":\"PLC\",\"properties\":[{\"name\":\"cdx:model:type\",\"value\":\"server\"},{\"name\":\"cdx:model:inBoundary\",\"value\":\"z\"},{\"name\":\"cdx:model:platform\",\"value\":\"RTOS\"}]},"
          "{\"type\":\"threat-model\",\"bom-ref\":\"b\",\"name\":\"HMI\"},"
          "{\"type\":\"threat-model\",\"bom-ref\":\"f\",\"name\":\"Read\",\"properties\":[{\"name\":\"cdx:model:type\",\"value\":\"dataflow\"},{\"name\":\"cdx:model:dataflow:source\",\"value\":\"b\"},"
          "{\"name\":\"cdx:model:dataflow:destination\",\"value\":\"a\"},{\"name\":\"cdx:model:dataflow:port:destination\",\"value\":\"502\"},{\"name\":\"cdx:model:dataflow:data\",\"value\":\"r\"}]},"
          "{\"type\":\"threat-model\",\"bom-ref\":\"t\",\"name\":\"Stop\",\"properties\":[{\"name\":\"cdx:model:type\",\"value\":\"threat\"},{\"name\":\"cdx:model:threat:target\",\"value\":\"a\"}]},"
          "{\"type\":\"threat-model\",\"bom-ref\":\"m\",\"name\":\"Lock\",\"properties\":[{\"name\":\"cdx:model:type\",\"value\":\"control\"},{\"name\":\"cdx:model:threat\",\"value\":\"t\"}]}]}]}",
          "tm-bom",
          "zone zone:z \"Cell\" (null)\n"
          "asset asset:a \"PLC\" {\"extra\":{\"stores\":\"Recipe\",\"platform\":\"RTOS\"}}\n"
          "asset asset:b \"HMI\" {}\n"
          "asset:a part_of zone:z\n"
          "flow flow:f \"Read\" {\"port\":502,\"extra\":{\"data\":\"Recipe\"}}\n"
          "flow:f connects asset:b\n"
          "flow:f connects asset:a\n"
          "threat threat:t \"Stop\" {\"extra\":{\"threat:target\":\"PLC\"}}\n"
          "countermeasure measure:m \"Lock\" {\"extra\":{\"threat\":\"Stop\"}}\n"
          "threat:t threatens asset:a\n"
          "measure:m mitigates threat:t\n" },
        { "m.json",
          "{\"$schema\":\"https://example.org/v1/threat-model.schema.json\",\"version\":\"1\",\"scope\":{\"title\":\"Plant\"},"
          "\"trust_zones\":[{\"symbolic_name\":\"y\",\"title\":\"DMZ\"},{\"symbolic_name\":\"z\",\"title\":\"Cell\"}],"
          "\"trust_boundaries\":[{\"trust_zone_a\":\"z\",\"trust_zone_b\":\"y\",\"access_control_methods\":[\"acl\"]}],"
          "\"actors\":[{\"symbolic_name\":\"op\",\"title\":\"Operator\",\"type\":\"user\",\"trust_zone\":\"y\"}],"
          "\"components\":[{\"symbolic_name\":\"plc\",\"title\":\"PLC\",\"trust_zone\":\"z\"},{\"symbolic_name\":\"io\",\"title\":\"I/O\",\"parent_component\":\"plc\"}],"
          "\"data_stores\":[{\"symbolic_name\":\"db\",\"title\":\"Historian\",\"type\":\"time_series\"}],\"data_sets\":[],"
          "\"data_flows\":[{\"symbolic_name\":\"f\",\"title\":\"Run\",\"source\":{\"type\":\"actor\",\"object\":\"op\"},\"destination\":{\"type\":\"#/$defs/component\",\"object\":\"plc\"},\"encrypted\":true}],"
          "\"assumptions\":[{\"description\":\"Doors are shut\",\"validity\":\"confirmed\"}],"
          "\"threat_personas\":[{\"symbolic_name\":\"p\",\"title\":\"Insider\"}],"
          "\"threats\":[{\"symbolic_name\":\"t\",\"title\":\"Stop\",\"threat_persona\":\"p\",\"event\":\"logs in\",\"sources\":[\"adversary\"],\"components_affected\":[\"plc\",\"db\"],\"weaknesses\":[{\"cwe_id\":306}]}],"
          "\"controls\":[{\"symbolic_name\":\"c\",\"title\":\"Lock\",\"threats\":[\"t\"],\"status\":\"active\",\"priority\":\"high\"}],"
          "\"risks\":[{\"symbolic_name\":\"r\",\"title\":\"No batch\",\"threats\":[\"t\"],\"likelihood\":\"rare\",\"score\":4}]}",
          "tm-bom",
          "zone zone:y \"DMZ\" (null)\n"
          "zone zone:z \"Cell\" (null)\n"
          "conduit conduit:y:z \"DMZ \342\200\223 Cell\" {\"enforcement\":\"access control: acl\"}\n"
          "conduit:y:z connects zone:y\n"
          "conduit:y:z connects zone:z\n"
          "asset asset:actor:op \"Operator\" {}\n"
          "asset:actor:op part_of zone:y\n"
          "asset asset:component:plc \"PLC\" {}\n"
          "asset:component:plc part_of zone:z\n"
          "asset asset:component:io \"I/O\" {\"extra\":{\"parent_component\":\"plc\"}}\n"
          "asset:component:io part_of zone:z\n"
          "asset asset:data-store:db \"Historian\" {}\n"
          "flow flow:f \"Run\" {\"encrypted\":true}\n"
          "flow:f connects asset:actor:op\n"
          "flow:f connects asset:component:plc\n"
          "flow:f connects conduit:y:z\n"
          "threat threat:t \"Stop\" {\"actor\":\"Insider\",\"vector\":\"logs in\",\"category\":\"adversary\"}\n"
          "threat:t threatens asset:component:plc\n"
          "threat:t threatens asset:data-store:db\n"
          "countermeasure measure:c \"Lock\" {\"extra\":{\"priority\":\"high\"}}\n"
          "measure:c mitigates threat:t\n"
          "risk risk:r \"No batch\" {\"extra\":{\"likelihood\":\"rare\",\"score\":\"4\"}}\n"
          "risk:r assesses threat:t\n"
          "assumption assumption:Doors are shut \"Doors are shut\" (null)\n" },
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
                { "m.yaml", "threagile_version: 1.0.0\nabuse_cases: [stops it]\n", "/abuse_cases/0", true },
                { "m.yaml", "threagile_version: 1.0.0\nsecurity_requirements: [log in]\n",
                  "/security_requirements/0", true },
                { "m.json",
                  "{\"detail\":{\"diagrams\":[{\"diagramJson\":{\"cells\":[{\"type\":\"tm.Flow\",\"id\":\"f\",\"source\":{\"x\":1}}]}}]}}",
                  "/detail/diagrams/0/cells/0", false },
                { "r.reqif", "<REQ-IF>\n<SPEC-OBJECT/></REQ-IF>", "line 2", true },
                { "r.reqif", "<REQ-IF>\n<SPEC-RELATION/></REQ-IF>", "line 2", false },
                { "d.drawio",
                  "<mxfile><diagram><mxGraphModel><root>\n<mxCell id='a' value='A' vertex='1'/>\n<mxCell id='a' value='B' vertex='1'/></root></mxGraphModel></diagram></mxfile>",
                  "line 3", true },
                { "n.json",
                  "{\"project\":\"P\",\"current_version\":\"1\",\"versions\":{\"1\":{\"needs\":{\"R\":{\"id\":\"R\",\"links\":[\"X\"]}}}}}",
                  "R", false },
                { "t.json", "{\"threats\":[{\"statement\":\"x\"}],\"mitigationLinks\":[]}", "/threats/0",
                  true },
                { "t.json", "{\"threats\":[{\"id\":\"t\"},{\"id\":\"t\"}],\"mitigationLinks\":[]}",
                  "/threats/1", true },
                { "t.json",
                  "{\"threats\":[],\"mitigationLinks\":[],\"assumptions\":[{\"id\":\"a\"}],\"assumptionLinks\":[{\"assumptionId\":\"a\",\"linkedId\":\"x\",\"type\":\"Mitigation\"}]}",
                  "/assumptionLinks/0/linkedId", false },
                { "b.json",
                  "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"type\":\"threat-model\",\"name\":\"x\"},{\"type\":\"threat-model\",\"name\":\"x\"}]}",
                  "/components/1", true },
                { "b.json",
                  "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"type\":\"threat-model\",\"name\":\"x\",\"properties\":[{\"name\":\"cdx:model:inBoundary\",\"value\":\"gone\"}]}]}",
                  "/components/0", false },
                { "m.json", "{\"trust_zones\":[{\"title\":\"x\"}],\"data_flows\":[]}", "/trust_zones/0",
                  true },
                { "m.json",
                  "{\"trust_zones\":[],\"data_flows\":[],\"trust_boundaries\":[{\"trust_zone_a\":\"x\"}]}",
                  "/trust_boundaries/0", false },
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
