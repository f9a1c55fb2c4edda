/* Inventories as native operations: what scans, plant descriptions and bills of SPDX say of devices and products. How they fare
 * in a project: tests/api/test_inventory.py. */
#include "showing.h"

static const ShownFile cases[] = {
        { "scan.xml",
          "<!DOCTYPE nmaprun><nmaprun version='7.9'>"
          "<host><status state='up'/><address addr='10.0.0.5' addrtype='ipv4'/>"
          "<address addr='00:1B:1B:00:00:01' addrtype='mac' vendor='Siemens AG'/>"
          "<hostnames><hostname name='plc-1.plant'/></hostnames><ports>"
          "<port protocol='tcp' portid='102'><state state='open'/><service name='iso-tsap'>"
          "<cpe>cpe:/h:siemens:s7-1500:2.8</cpe></service></port>"
          "<port protocol='tcp' portid='23'><state state='closed'/></port></ports>"
          "<os><osmatch name='Siemens PLC' accuracy='96'/></os></host>"
          "<host><status state='down'/><address addr='10.0.0.6' addrtype='ipv4'/></host></nmaprun>",
          "nmap",
          "asset 10.0.0.5 \"plc-1.plant\" {\"hostname\":\"plc-1.plant\",\"addresses\":[\"10.0.0.5\",\"00:1B:1B:00:00:01\"],\"services\":[\"tcp/102 iso-tsap\"],\"extra\":{\"Interface by\":\"Siemens AG\",\"System, guessed\":\"Siemens PLC (96 %)\"}}\n"
          "component product|siemens|s7-1500||2.8 \"siemens s7-1500 2.8\" {\"vendor\":\"siemens\",\"product\":\"s7-1500\",\"version\":\"2.8\",\"cpe\":\"cpe:2.3:h:siemens:s7-1500:2.8:*:*:*:*:*:*:*\"}\n"
          "10.0.0.5 instance_of product|siemens|s7-1500||2.8\n" },
        { "fast.xml",
          "<nmaprun scanner='masscan'><host><address addr='10.0.0.9' addrtype='ipv4'/><ports>"
          "<port protocol='tcp' portid='502'><state state='open'/></port></ports></host>"
          "<host><address addr='10.0.0.8' addrtype='ipv4'/></host>"
          "<host><address addr='10.0.0.9' addrtype='ipv4'/><ports><port protocol='tcp' portid='102'><state state='open'/>"
          "<service name='iso-tsap'><cpe>cpe:/h:siemens:s7-1500:2.8</cpe></service></port></ports></host></nmaprun>",
          "nmap",
          "asset 10.0.0.9 \"10.0.0.9\" {\"addresses\":[\"10.0.0.9\"],\"services\":[\"tcp/502\",\"tcp/102 iso-tsap\"]}\n"
          "component product|siemens|s7-1500||2.8 \"siemens s7-1500 2.8\" {\"vendor\":\"siemens\",\"product\":\"s7-1500\",\"version\":\"2.8\",\"cpe\":\"cpe:2.3:h:siemens:s7-1500:2.8:*:*:*:*:*:*:*\"}\n"
          "10.0.0.9 instance_of product|siemens|s7-1500||2.8\n"
          "asset 10.0.0.8 \"10.0.0.8\" {\"addresses\":[\"10.0.0.8\"]}\n" },
        { "scan.nessus",
          "<NessusClientData_v2><Report><ReportHost name='h'><HostProperties><tag name='host-ip'>10.0.0.5</tag>"
          "<tag name='mac-address'>00:1B:1B:00:00:01\n00:1B:1B:00:00:02</tag><tag name='netbios-name'>HMI</tag>"
          "<tag name='cpe-0'>cpe:/a:wellintech:kingview:6.5 -&gt; KingView</tag></HostProperties>"
          "<ReportItem port='80' svc_name='www' protocol='tcp' severity='3' pluginID='11' pluginName='Old'>"
          "<cve>CVE-2020-1</cve><cve>CVE-2020-2</cve><cvss_base_score>7.5</cvss_base_score>"
          "<cvss_vector>CVSS2#AV:N/AC:L/Au:N/C:P/I:P/A:P</cvss_vector><cwe>79</cwe></ReportItem>"
          "<ReportItem port='0' svc_name='general' protocol='tcp' severity='0' pluginID='12'/>"
          "<ReportItem port='502' svc_name='modbus' protocol='tcp' severity='2' pluginID='13' pluginName='Open'/>"
          "</ReportHost></Report></NessusClientData_v2>",
          "nessus",
          "asset 10.0.0.5 \"HMI\" {\"hostname\":\"HMI\",\"addresses\":[\"10.0.0.5\",\"00:1B:1B:00:00:01\",\"00:1B:1B:00:00:02\"],\"services\":[\"tcp/80 www\",\"tcp/502 modbus\"]}\n"
          "component product|wellintech|kingview||6.5 \"wellintech kingview 6.5\" {\"vendor\":\"wellintech\",\"product\":\"kingview\",\"version\":\"6.5\",\"cpe\":\"cpe:2.3:a:wellintech:kingview:6.5:*:*:*:*:*:*:*\"}\n"
          "10.0.0.5 instance_of product|wellintech|kingview||6.5\n"
          "scan 10.0.0.5 CVE-2020-1 nessus:11: Old (tcp/80), high, 7.5, AV:N/AC:L/Au:N/C:P/I:P/A:P, [\"CWE-79\"]\n"
          "scan 10.0.0.5 CVE-2020-2 nessus:11: Old (tcp/80), high, 7.5, AV:N/AC:L/Au:N/C:P/I:P/A:P, [\"CWE-79\"]\n"
          "scan 10.0.0.5 NESSUS-13 nessus:13: Open (tcp/502), medium, (null), (null), []\n" },
        { "report.xml",
          "<report><results><result><host>10.0.0.5<hostname>hmi</hostname></host><port>502/tcp</port>"
          "<nvt oid='1.2'><name>Old\n    thing</name><tags>cvss_base_vector=AV:N/AC:L/Au:N/C:P/I:P/A:P|solution=Replace it.</tags>"
          "<refs><ref type='cve' id='CVE-2020-3'/><ref type='url' id='x'/></refs></nvt><threat>High</threat>"
          "<severity>7.5</severity></result>"
          "<result><host>10.0.0.5</host><port>general/tcp</port><nvt oid='1.3'><name>Seen</name></nvt><threat>Log</threat></result>"
          "</results><host><ip>10.0.0.5</ip><detail><name>App</name><value>cpe:/a:apache:http_server:2.4</value></detail></host></report>",
          "openvas",
          "asset 10.0.0.5 \"hmi\" {\"hostname\":\"hmi\",\"addresses\":[\"10.0.0.5\"],\"services\":[\"tcp/502\"]}\n"
          "scan 10.0.0.5 CVE-2020-3 openvas:1.2: Old thing (502/tcp), high, 7.5, AV:N/AC:L/Au:N/C:P/I:P/A:P, []\n"
          "component product|apache|http server||2.4 \"apache http server 2.4\" {\"vendor\":\"apache\",\"product\":\"http server\",\"version\":\"2.4\",\"cpe\":\"cpe:2.3:a:apache:http_server:2.4:*:*:*:*:*:*:*\"}\n"
          "10.0.0.5 instance_of product|apache|http server||2.4\n" },
        { "scan.csv",
          "Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name,Synopsis,Description,Solution\n"
          "11,CVE-2020-1,7.5,High,10.0.0.5,tcp,80,Old,s,\"two\nlines\",Replace it.\n"
          "12,,,None,10.0.0.5,udp,161,Seen,s,d,n/a\n"
          "13,,5.0,Medium,hmi,tcp,0,Open,s,d,n/a\n",
          "scan-csv",
          "asset 10.0.0.5 \"10.0.0.5\" {\"addresses\":[\"10.0.0.5\"],\"services\":[\"tcp/80\",\"udp/161\"]}\n"
          "asset hmi \"hmi\" {\"hostname\":\"hmi\"}\n"
          "scan 10.0.0.5 CVE-2020-1 nessus:11: Old (tcp/80), high, 7.5, (null), []\n"
          "scan hmi NESSUS-13 nessus:13: Open (tcp/0), medium, 5.0, (null), []\n" },
        { "scan.csv",
          "Plugin ID,CVE,CVSS v2.0 Base Score,Risk,Host,Protocol,Port,Name,CVSS v3.0 Base Score\n"
          "21,CVE-2020-5,5.0,High,10.0.0.5,tcp,80,Both,7.5\n"
          "22,CVE-2020-6,4.3,Medium,10.0.0.5,tcp,80,Older,\n"
          "23,CVE-2020-7,,None,10.0.0.5,tcp,80,Told,\n",
          "scan-csv",
          "asset 10.0.0.5 \"10.0.0.5\" {\"addresses\":[\"10.0.0.5\"],\"services\":[\"tcp/80\"]}\n"
          "scan 10.0.0.5 CVE-2020-5 nessus:21: Both (tcp/80), high, 7.5, (null), []\n"
          "scan 10.0.0.5 CVE-2020-6 nessus:22: Older (tcp/80), medium, 4.3, (null), []\n"
          "scan 10.0.0.5 CVE-2020-7 nessus:23: Told (tcp/80), none, (null), (null), []\n" },
        { "scan.csv",
          "IP;Hostname;Port;Port Protocol;CVSS;Severity;NVT Name;NVT OID;CVEs\r\n"
          "10.0.0.5;hmi;9200;tcp;4.3;Medium;Old TLS;1.2;CVE-2020-3,CVE-2020-4\r\n"
          "10.0.0.5;hmi;;;2.6;Low;Timestamps;1.3;\r\n"
          "10.0.0.5;hmi;;;0.0;Log;Seen;1.4;\r\n",
          "scan-csv",
          "asset 10.0.0.5 \"hmi\" {\"hostname\":\"hmi\",\"addresses\":[\"10.0.0.5\"],\"services\":[\"tcp/9200\"]}\n"
          "scan 10.0.0.5 CVE-2020-3 openvas:1.2: Old TLS (9200/tcp), medium, 4.3, (null), []\n"
          "scan 10.0.0.5 CVE-2020-4 openvas:1.2: Old TLS (9200/tcp), medium, 4.3, (null), []\n"
          "scan 10.0.0.5 OPENVAS-1.3 openvas:1.3: Timestamps (general/tcp), low, 2.6, (null), []\n" },
        { "plant.scd",
          "<SCL><Header id='Sub 1'/><Communication><SubNetwork name='Bus' type='8-MMS'>"
          "<ConnectedAP iedName='F1' apName='P1'><Address><P type='IP'>10.0.0.9</P><P type='IP-SUBNET'>255.0.0.0</P></Address></ConnectedAP>"
          "<ConnectedAP iedName='gone' apName='P1'/></SubNetwork></Communication>"
          "<IED name='F1' desc='Feeder' manufacturer='SEL' type='SEL-451' configVersion='R320'><AccessPoint name='P1'><Server/></AccessPoint></IED>"
          "<IED name='TEMPLATE' manufacturer='x' type='y'/></SCL>",
          "iec61850-scl",
          "asset F1 \"F1\" {\"installed_version\":\"R320\",\"addresses\":[\"10.0.0.9\"],\"networks\":[\"Bus\"],\"services\":[\"tcp/102 mms\"]}\n"
          "component product|sel|sel-451|| \"SEL SEL-451\" {\"vendor\":\"SEL\",\"product\":\"SEL-451\"}\n"
          "F1 instance_of product|sel|sel-451||\n" },
        { "plant.aml",
          "<CAEXFile SchemaVersion='2.15'><InstanceHierarchy Name='P'>"
          "<InternalElement Name='CPU' ID='d1'><Attribute Name='TypeIdentifier'><Value>OrderNumber:6ES7 516-3AN01-0AB0/V2.8</Value></Attribute>"
          "<InternalElement Name='X1' ID='n1'><Attribute Name='NetworkAddress'><Value>10.0.0.7</Value></Attribute></InternalElement>"
          "<InternalElement Name='inner' ID='d2'><RoleRequirements RefBaseRoleClassPath='Lib/Switch'/></InternalElement>"
          "<SupportedRoleClass RefRoleClassPath='Lib/Device'/></InternalElement>"
          "<InternalElement Name='Cell net' ID='s1'><SupportedRoleClass RefRoleClassPath='Lib/Subnet'/></InternalElement>"
          "<InternalLink RefPartnerSideA='n1:Node' RefPartnerSideB='s1:Subnet'/></InstanceHierarchy></CAEXFile>",
          "automationml",
          "asset d1 \"CPU\" {\"installed_version\":\"V2.8\",\"addresses\":[\"10.0.0.7\"],\"networks\":[\"Cell net\"]}\n"
          "component product|||6es7 516-3an01-0ab0| \"6ES7 516-3AN01-0AB0\" {\"product\":\"6ES7 516-3AN01-0AB0\",\"part_number\":\"6ES7 516-3AN01-0AB0\"}\n"
          "d1 instance_of product|||6es7 516-3an01-0ab0|\n"
          "asset d2 \"inner\" {}\n" },
        { "set.xml",
          "<UANodeSet><Models><Model ModelUri='urn:m' Version='1'/></Models>"
          "<UAObject NodeId='ns=1;i=1' BrowseName='1:Pump'><DisplayName>Pump 1</DisplayName></UAObject>"
          "<UAObject NodeId='ns=1;i=2' BrowseName='2:Identification' ParentNodeId='ns=1;i=1'/>"
          "<UAVariable NodeId='ns=1;i=3' BrowseName='2:SerialNumber' ParentNodeId='ns=1;i=2'><Value><String>S-77</String></Value></UAVariable>"
          "<UAVariable NodeId='ns=1;i=4' BrowseName='2:Manufacturer' ParentNodeId='ns=1;i=2'><Value><LocalizedText><Locale>en</Locale><Text>Acme</Text></LocalizedText></Value></UAVariable>"
          "<UAVariable NodeId='ns=1;i=5' BrowseName='2:Model' ParentNodeId='ns=1;i=2'><Value><String>P3</String></Value></UAVariable>"
          "<UAObjectType NodeId='ns=1;i=9' BrowseName='1:PumpType'/>"
          "<UAVariable NodeId='ns=1;i=8' BrowseName='2:SerialNumber' ParentNodeId='ns=1;i=9'><Value><String>none</String></Value></UAVariable></UANodeSet>",
          "opcua-nodeset",
          "asset ns=1;i=1 \"Pump 1\" {\"serial\":\"S-77\"}\n"
          "component product|acme|p3|| \"Acme P3\" {\"vendor\":\"Acme\",\"product\":\"P3\"}\n"
          "ns=1;i=1 instance_of product|acme|p3||\n" },
        { "bill.spdx",
          "SPDXVersion: SPDX-2.3\nDocumentName: d\nPackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1\n"
          "PackageSupplier: Organization: Acme (mail@example.org)\nPackageChecksum: SHA1: ab\n"
          "ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\nPackageComment: <text>PackageName: no\nPackageName: no</text>\n"
          "PackageName: b\nSPDXID: SPDXRef-b\nPackageVersion: NOASSERTION\nFileName: f\nSPDXID: SPDXRef-f\n"
          "Relationship: SPDXRef-a DEPENDS_ON SPDXRef-b\nRelationship: SPDXRef-a CONTAINS SPDXRef-f\n",
          "spdx",
          "component SPDXRef-a \"a 1\" {\"vendor\":\"Acme\",\"product\":\"a\",\"version\":\"1\",\"purl\":\"pkg:npm/a@1\",\"hashes\":[\"SHA1:ab\"]}\n"
          "component SPDXRef-b \"b\" {\"product\":\"b\"}\n"
          "SPDXRef-b part_of SPDXRef-a\n" },
        { "bill.json",
          "{\"spdxVersion\":\"SPDX-2.3\",\"name\":\"d\",\"packages\":[{\"SPDXID\":\"a\",\"name\":\"a\",\"versionInfo\":\"1\","
          "\"externalRefs\":[{\"referenceType\":\"cpe22Type\",\"referenceLocator\":\"cpe:/a:v:a:1\"}]},{\"SPDXID\":\"b\",\"name\":\"b\"}],"
          "\"relationships\":[{\"spdxElementId\":\"b\",\"relationshipType\":\"DEPENDENCY_OF\",\"relatedSpdxElement\":\"a\"}]}",
          "spdx",
          "component a \"a 1\" {\"product\":\"a\",\"version\":\"1\",\"cpe\":\"cpe:2.3:a:v:a:1:*:*:*:*:*:*:*\"}\n"
          "component b \"b\" {\"product\":\"b\"}\n"
          "b part_of a\n" },
        { "bill3.json",
          "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":[{\"type\":\"SpdxDocument\",\"spdxId\":\"doc\",\"name\":\"d\"},"
          "{\"type\":\"Organization\",\"spdxId\":\"o\",\"name\":\"Acme\"},{\"type\":\"simplelicensing_LicenseExpression\",\"spdxId\":\"l\",\"simplelicensing_licenseExpression\":\"MIT\"},"
          "{\"type\":\"software_Package\",\"spdxId\":\"a\",\"name\":\"a\",\"suppliedBy\":\"o\",\"software_packageVersion\":\"1\"},"
          "{\"type\":\"ai_AIPackage\",\"spdxId\":\"b\",\"name\":\"b\"},"
          "{\"type\":\"Relationship\",\"spdxId\":\"r\",\"from\":\"a\",\"relationshipType\":\"dependsOn\",\"to\":[\"b\",\"x\"]},"
          "{\"type\":\"Relationship\",\"spdxId\":\"s\",\"from\":\"a\",\"relationshipType\":\"hasDeclaredLicense\",\"to\":[\"l\"]}]}",
          "spdx",
          "component a \"a 1\" {\"vendor\":\"Acme\",\"product\":\"a\",\"version\":\"1\",\"licences\":[\"MIT\"]}\n"
          "component b \"b\" {\"product\":\"b\"}\n"
          "b part_of a\n" },
};

static void test_operations(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_shown(&cases[i]);
}

#define SCAN_HEADER "Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name\n"

/* What is refused, or left out with a reason, and where. */
static void test_refused(void)
{
        static const DoubtfulFile bad[] = {
                { "a.xml", "<nmaprun>\n<host><status state='up'/></host></nmaprun>", "line 2", false },
                { "a.nessus", "<NessusClientData_v2>\n<ReportHost/></NessusClientData_v2>", "line 2", false },
                { "a.csv", SCAN_HEADER "1,CVE-1,,High,,tcp,80,n\n", "row 2", true },
                { "a.csv", SCAN_HEADER ",CVE-1,,High,h,tcp,80,n\n", "row 2", true },
                { "a.csv", SCAN_HEADER "1,CVE-1,,Dire,h,tcp,80,n\n", "row 2", true },
                { "a.csv", SCAN_HEADER "1,CVE-1,11,High,h,tcp,80,n\n", "row 2", true },
                { "a.csv", SCAN_HEADER "1,see there,,High,h,tcp,80,n\n", "row 2", true },
                { "a.csv", SCAN_HEADER "1,CVE-1,,High,h,tcp,80,n\n1,CVE-1,,High,h,tcp,http,n\n", "row 3",
                  true },
                { "a.csv", SCAN_HEADER "1,CVE-1,,High,h,tcp,80\n", "row 2", false },
                { "a.scd", "<SCL><IED name='A'/>\n<IED name='A'/></SCL>", "line 2", true },
                { "a.scd",
                  "<SCL><Communication><SubNetwork>\n<ConnectedAP iedName='A'/></SubNetwork></Communication></SCL>",
                  "line 2", false },
                { "a.aml",
                  "<CAEXFile><InstanceHierarchy>\n<InternalElement><SupportedRoleClass RefRoleClassPath='l/PLC'/></InternalElement></InstanceHierarchy></CAEXFile>",
                  "line 2", false },
                { "a.aml", "<CAEXFile/>", "", false },
                { "a.xml", "<UANodeSet/>", "", false },
                { "a.json", "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{\"name\":\"a\"}]}", "/packages/0",
                  true },
                { "a.json",
                  "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{\"SPDXID\":\"a\",\"name\":\"a\"},{\"SPDXID\":\"a\",\"name\":\"b\"}]}",
                  "/packages/1", true },
                { "a.rdf", "<RDF><SpdxDocument/></RDF>", "line 1", true },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
                assert_doubtful(&bad[i]);
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/inventory/operations", test_operations);
        g_test_add_func("/exchange/inventory/refused", test_refused);
        return g_test_run();
}
