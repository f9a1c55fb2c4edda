#!/usr/bin/env python3
"""Hostile files by class of attack: each must be refused with exit code 3 and a message that says where, in bounded time and
memory, and must change nothing.

    test_files.py ZW [sanitized]

Time is that of the processor, of the program and its reader together; memory is the largest of any of its processes. The
bounds are those of a user's build; under sanitizers, which are many times slower and larger, time has a wider one and memory
none."""
import base64
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import unittest
import warnings
import zipfile
import zlib

SANITIZED = sys.argv.pop(2) == 'sanitized' if len(sys.argv) > 2 else False

import plant  # noqa: E402  takes the program from the first argument
import tap  # noqa: E402

CPU_SECONDS = 30 if SANITIZED else 1
MEMORY_BYTES = None if SANITIZED else 256 << 20

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BOOK = ('<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="S" r:id="r1"/></sheets></workbook>')
RELATIONS = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
ROW = '<row><c t="inlineStr"><is><t>id</t></is></c></row>'


def workbook(sheet=f'<worksheet><sheetData>{ROW}</sheetData></worksheet>', parts=(), level=9):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, text in (('[Content_Types].xml', TYPES), ('xl/workbook.xml', BOOK), ('xl/_rels/workbook.xml.rels', RELATIONS),
                           ('xl/worksheets/sheet1.xml', sheet), *parts):
            archive.writestr(name, text)
    return out.getvalue()


def archive(entries):
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, 'w') as file:
        warnings.simplefilter('ignore')
        for name, content in entries:
            file.writestr(name, content)
    return out.getvalue()


def drawing(page='<PageContents/>', parts=()):
    listed = '<Pages xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><Page><Rel r:id="r1"/></Page></Pages>'
    relations = RELATIONS.replace('worksheets/sheet1', 'page1')
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, text in (('visio/pages/pages.xml', listed), ('visio/pages/_rels/pages.xml.rels', relations), ('visio/pages/page1.xml', page), *parts):
            file.writestr(name, text)
    return out.getvalue()


def packed(block, times):
    compressor = lzma.LZMACompressor(preset=0)
    return b''.join([*(compressor.compress(block) for _ in range(times)), compressor.flush()])


def ops(*rows):
    return ''.join(json.dumps(row) + '\n' for row in rows).encode()


def entities(depth):
    """Each entity is ten of the one before it."""
    lines = ''.join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, depth))
    return f'<!DOCTYPE worksheet [<!ENTITY e0 "ha">{lines}]><worksheet>&e{depth - 1};</worksheet>'


ITEM = {'op': 'item', 'kind': 'zone', 'title': 'x'}
LINK = {'op': 'link', 'from': 'ZN-1', 'type': 'part_of', 'to': 'ZN-1'}
DEEP = 200
HEAD = b'id,title\n'
BILL = b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components>'
MODEL = b'<ThreatModel xmlns="http://schemas.datacontract.org/2004/07/ThreatModeling.Model">'

PACKED_PAGE = base64.b64encode(zlib.compress(b'%20' * 30000000, 9)[2:-4])

# Files of all formats that are read for what is in them, cut short; what the message says.
CUT = [
    ('cve.json', b'{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2024-1"', 'byte'),
    ('nvd.json', b'{"format":"NVD_CVE","vulnerabilities":[{"cve":{"id"', 'byte'),
    ('kev.json', b'{"catalogVersion":"1","vulnerabilities":[{"cveID"', 'byte'),
    ('vex.json', b'{"@context":"https://openvex.dev/ns","statements":[', 'byte'),
    ('bundle.json', b'{"id":"bundle--1","objects":[{"type":"attack', 'byte'),
    ('log.sarif', b'{"$schema":"sarif","runs":[{"results":[', 'byte'),
    ('bom.spdx.json', b'{"spdxVersion":"SPDX-2.3","packages":[{', 'byte'),
    ('bom.spdx', b'SPDXVersion: SPDX-2.3\nPackageComment: <text>never ends\n', 'does not end'),
    ('epss.csv', b'cve,epss\nCVE-2024-1,2\n', 'line 2'),
    ('scan.xml', b'<nmaprun version="7"><host><ports>', 'line 1'),
    ('scan.nessus', b'<NessusClientData_v2><Report>', 'line 1'),
    ('report.xml', b'<report><results>', 'line 1'),
    ('plant.scd', b'<SCL><IED>', 'line 1'),
    ('plant.aml', b'<CAEXFile><InstanceHierarchy>', 'line 1'),
    ('nodes.xml', b'<UANodeSet><UAObject>', 'line 1'),
    ('output.xml', b'<robot><suite>', 'line 1'),
    ('doc.reqif', b'<REQ-IF><SPEC-OBJECT IDENTIFIER="a">', 'line 1'),
    ('tree.xml', b'<opsa-mef><define-fault-tree', 'line 1'),
    ('model.yaml', b'otmVersion: 0.2.0\ncomponents: [a, b\n', 'line'),
    ('catalog.yaml', b'catalog:\n  metadata:\n    oscal-version: "1.1.2\n', 'line'),
    ('drawing.drawio', b'<mxfile><diagram>not packed</diagram></mxfile>', 'page 1'),
    ('drawing.vsdx', drawing()[:300], 'archive'),
    ('drawing.vsdx', drawing('<PageContents><Shapes>'), 'line 1: visio/pages/page1.xml'),
    ('model.json', b'{"schema":1,"threats":[],"mitigationLinks":[{"mitigationId"', 'byte'),
    ('bom.json', b'{"bomFormat":"CycloneDX","components":[{"type":"threat-model"', 'byte'),
    ('model.json', b'{"trust_zones":[],"data_flows":[{"source"', 'byte'),
    ('plan.json', b'{"system-security-plan":{"metadata":{"oscal-version":"1.1.2"}', 'byte'),
    ('plan.xml', b'<system-security-plan><metadata>', 'line 1'),
    ('cwec.zip', b'PK\x03\x04cwec_v4.15.xml', 'archive'),
    ('cves.zip', b'PK\x03\x04CVE-2024-0001.json', 'archive'),
    ('epss.csv.gz', gzip.compress(b'cve,epss\n' * 1000)[:-12], 'packed data are damaged'),
]

# class → [(name, content, what the message says)]; content may be a function, called when its case runs
CLASSES = {
    'truncated': [
        ('a.ndjson', ops(ITEM) + b'{"op":"item","ki', 'line 2'),
        ('a.csv', HEAD + b'1,"never ends\n2,x\n', 'row 2, line 2'),
        ('a.xlsx', lambda: workbook()[:400], 'archive'),
        ('a.xlsx', lambda: workbook(sheet='<worksheet><sheetData><row>'), 'line 1'),
        ('a.json', b'[{"id":1},{"id', 'byte'),
        ('a.csv.xz', lambda: packed(HEAD * 1000, 10)[:-40], 'packed data are damaged'),
        ('a.csv', b'', 'empty'),
        ('a.ndjson.xz', lambda: packed(b'', 1), 'packed data are damaged'),
        *CUT,
    ],
    'wrong_format': [
        ('a.xlsx', b'this is no archive', 'archive'),
        ('a.xlsx', lambda: workbook(parts=[('x', 'y')]).replace(b'workbook.xml', b'wirkbook.xml'), 'xl/workbook.xml'),
        ('a.ndjson', b'\x89PNG\r\n\x1a\n', 'line 1'),
        ('picture.png', b'\x89PNG\r\n\x1a\n', 'no format is known'),
        ('a.xml', b'<svg/>', 'root element <svg>'),
        ('a.vsdx', lambda: archive([('visio/pages/page1.xml', b'<PageContents/>')]), 'visio/pages/pages.xml'),
        ('a.vsdx', lambda: drawing('<svg/>'), 'svg'),
        ('a.json', b'{"x":{"metadata":{"oscal-version":"1.1.2"}}}', 'none of its members is a model'),
        ('a.xml', b'<Fingerprint/>', 'nothing to import'),
        ('a.csv', b'colour,size\nred,1\n', 'row 1'),
        ('a.json', b'{"a":{"b":1}}', 'no list of records'),
        ('a.ndjson', b'[1]\n', 'line 1'),
    ],
    'wrong_encoding': [
        ('cve.json', b'{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-\xff"}}', 'byte'),
        ('bom.spdx.json', b'{"spdxVersion":"SPDX-2.3","name":"\xc3\x28","packages":[]}', 'byte'),
        ('model.yaml', b'otmVersion: "\xff"\n', 'byte'),
        *[('a.xml', f'<{root}>'.encode() + b'\xff' + f'</{root}>'.encode(), 'line 1') for root in
          ('nmaprun', 'NessusClientData_v2', 'report', 'SCL', 'CAEXFile', 'UANodeSet', 'robot', 'REQ-IF')],
        ('a.csv', HEAD + b'1,caf\xe9\n', 'byte 14'),
        ('a.ndjson', b'{"op":"item","kind":"zone","title":"\xff"}\n', 'line 1'),
        ('a.csv', b'\xff\xfei\x00d\x00\n', 'byte'),
        ('a.csv', b'\xff\xfei\x00d\x00\n\x00\x00\xd8\n\x00', 'byte'),
        ('a.csv', HEAD + b'1,a\x00b\n', 'zero byte'),
        ('a.json', b'[{"id":"\xc3\x28"}]', 'byte 8'),
        ('a.xlsx', lambda: workbook(sheet=b'<worksheet><sheetData><row><c><v>\xff</v></c></row></sheetData></worksheet>'), 'line 1'),
        ('a.ndjson', b'{"op":"item","kind":"zone","title":"a\\u0000b"}\n', 'line 1'),
    ],
    'entities': [
        ('a.xlsx', lambda: workbook(sheet=entities(12)), 'line 1'),
        ('a.xlsx', lambda: workbook(sheet='<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'), 'document type'),
        ('a.xlsx', lambda: workbook(parts=[('xl/sharedStrings.xml', '<!DOCTYPE s SYSTEM "http://localhost/x.dtd"><sst/>')]), 'sharedStrings.xml'),
        ('a.xlsx', lambda: workbook(sheet='<worksheet>&unknown;</worksheet>'), 'line 1'),
        ('a.xml', entities(12).replace('worksheet', 'testsuites').encode(), ''),
        ('a.vsdx', lambda: drawing(entities(12).replace('worksheet', 'PageContents')), 'page1.xml'),
        *[('a.xml', entities(12).replace('worksheet', root).encode(), 'line 1') for root in
          ('nmaprun', 'NessusClientData_v2', 'report', 'SCL', 'CAEXFile', 'UANodeSet', 'robot', 'test-run', 'TestRun', 'Site', 'opsa-mef',
           'REQ-IF', 'mxfile', 'Weakness_Catalog', 'catalog', 'Document', 'PlantModel', 'Fingerprint')],
        ('a.xml', b'<!DOCTYPE nmaprun SYSTEM "http://localhost/x.dtd"><nmaprun/>', 'document type'),
    ],
    'bombs': [
        ('model.yaml', b'otmVersion: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\n' + b''.join(b'%c: &%c [%s]\n' % (i, i, b','.join([b'*%c' % (i - 1)] * 10)) for i in range(98, 110)), 'line'),
        ('drawing.drawio', b'<mxfile><diagram>' + PACKED_PAGE + b'</diagram></mxfile>', 'unpacks to more'),
        ('epss.csv.gz', lambda: gzip.compress(b'cve,epss\n' + bytes(300 << 20), 1), 'unpacks to more'),
        ('a.xlsx', lambda: workbook(parts=[('xl/sharedStrings.xml', '<sst>' + ' ' * (300 << 20) + '</sst>')], level=1), 'xl/sharedStrings.xml: the archive unpacks to more'),
        ('a.xlsx', lambda: workbook(sheet='<worksheet>' + '<a/>' * (16 << 20) + '</worksheet>', level=1), ''),
        ('a.xlsx', lambda: workbook(parts=[(f'xl/x{i}.xml', '') for i in range(10001)]), '10,000 entries'),
        ('a.vsdx', lambda: drawing('<PageContents><Shapes>' + ''.join(f'<Shape ID="{i}"><Text>a</Text></Shape>' for i in range(6000)) + '</Shapes></PageContents>'), 'page 1'),
        ('a.csv.xz', lambda: packed(bytes(1 << 20), 300), 'unpacks to more'),
        ('a.csv.xz', lambda: packed(b'x,\n' * (1 << 18), 400), ''),
        ('a.json.xz', lambda: packed(b'[' * (1 << 20), 60), ''),
    ],
    'slips': [
        ('a.xlsx', lambda: workbook(parts=[('../../etc/cron.d/x', 'x')]), 'leads out of the archive'),
        ('a.xlsx', lambda: workbook(parts=[('/etc/passwd', 'x')]), 'leads out of the archive'),
        ('a.xlsx', lambda: workbook(parts=[('xl\\..\\..\\x', 'x')]), 'leads out of the archive'),
        ('a.xlsx', lambda: workbook(parts=[('xl/workbook.xml', BOOK)]), 'twice'),
        ('a.vsdx', lambda: drawing(parts=[('../../etc/cron.d/x', 'x')]), 'leads out of the archive'),
        ('a.vsdx', lambda: drawing(parts=[('visio/pages/page1.xml', '<PageContents/>')]), 'twice'),
    ],
    'deep': [
        *[('a.xml', f'<{root}>'.encode() + b'<a>' * DEEP + b'</a>' * DEEP + f'</{root}>'.encode(), 'nested too deeply') for root in
          ('nmaprun', 'report', 'SCL', 'CAEXFile', 'UANodeSet', 'robot', 'opsa-mef', 'REQ-IF', 'mxfile', 'catalog')],
        *[('a.json', mark + b',"x":' + b'[' * DEEP + b']' * DEEP + b'}', '') for mark in
          (b'{"dataType":"CVE_RECORD"', b'{"format":"NVD_CVE"', b'{"spdxVersion":"SPDX-2.3"', b'{"otmVersion":"1"', b'{"id":"bundle--1","objects":[]')],
        ('a.yaml', b'otmVersion: 1\nx: ' + b'[' * DEEP + b']' * DEEP, 'nested too deeply'),
        ('a.vsdx', lambda: drawing('<PageContents>' + '<Shapes><Shape ID="1">' * DEEP + '</Shape></Shapes>' * DEEP + '</PageContents>'), 'nested too deeply'),
        *[('a.json', mark + b',"x":' + b'[' * DEEP + b']' * DEEP + b'}', '') for mark in
          (b'{"threats":[],"mitigationLinks":[]', b'{"bomFormat":"CycloneDX","components":[{"type":"threat-model"}]', b'{"catalog":{"metadata":{"oscal-version":"1"}}')],
        ('a.ndjson', b'{"op":"item","kind":"zone","attrs":' + b'{"a":' * DEEP + b'1' + b'}' * DEEP + b'}\n', 'line 1'),
        ('a.ndjson', b'{"op":"item","kind":"zone","attrs":' + b'[' * (1 << 20) + b'\n', 'line 1'),
        ('a.json', b'[' * DEEP + b']' * DEEP, ''),
        ('a.xlsx', lambda: workbook(sheet='<a>' * DEEP + '</a>' * DEEP), 'line 1'),
        ('a.xlsx', lambda: workbook(parts=[('xl/styles.xml', '<a>' * 100000)]), 'xl/styles.xml'),
    ],
    'endless': [
        ('a.csv', lambda: HEAD + b'x,1\n' * 1100000, 'row 1048577'),
        ('a.csv', lambda: b'id,parent\n' + b'x,1\n' * 1100000, 'row 1048577'),
        ('a.ndjson', lambda: b'{}\n' * 1000001, 'line 1000001'),
        ('a.xlsx', lambda: workbook(sheet='<worksheet><sheetData>' + '<row/>' * 1100000 + '</sheetData></worksheet>'), 'too many rows'),
        ('a.json', lambda: b'[' + b'{},' * 1100000 + b'{}]', 'record 1048577'),
        ('a.csv', lambda: HEAD + b'1,' + b'x' * (2 << 20) + b'\n', 'longer than 1 MiB'),
        ('a.csv', lambda: HEAD + b',' * 20000 + b'\n', 'too many cells'),
        ('a.ndjson', lambda: b'{"op":"item","kind":"zone","title":"' + b'x' * (17 << 20) + b'"}\n', 'line 1'),
        ('a.xlsx', lambda: workbook(sheet='<worksheet><sheetData><row><c r="ZZZZZ1"><v>1</v></c></row></sheetData></worksheet>'), 'column'),
        ('a.xlsx', lambda: workbook(sheet='<worksheet><sheetData><row r="4294967297"/></sheetData></worksheet>'), 'row'),
        ('a.csv', lambda: b'id\n' + b'"' + b'x\n' * 3000000, 'line 2'),
        ('a.xml', lambda: b'<testsuites><testsuite name="s">' + b'<testcase name="a"/>' * 1500000, 'line 1: the document has more than 1000000 elements <testcase>'),
        ('a.xml', lambda: b'<testsuite>' + b'<testcase name="a"/>' * 1500000 + b'</testsuite>', 'line 1: the document has more than 1000000 elements <testcase>'),
        ('a.xml', lambda: b'<testsuites>\n' + b'<testsuite/>' * 3000000, 'line 2: the document ends within an element'),
        ('a.xml', lambda: b'<testsuites>' + b'<testsuite/>' * 8100000 + b'</testsuites>', '8100001 elements'),
        ('a.xml', lambda: b'<testsuite><properties>' + b'<property name="a" value="b"/>\n' * 1000000, 'line 1000001: the document ends'),
        ('a.xml', lambda: b'<testsuite><testcase name="a"><failure>' + b'x' * (100 << 20) + b'</failure></testcase></testsuite>', '10 MB'),
        ('a.xml', lambda: b'<testsuite>' + b' ' * (193 << 20), 'a file of format junit is at most'),
        ('a.xml', lambda: BILL + b'<component type="library"><name>a</name></component>' * 1000001, 'more than 1000000 elements <component>'),
        ('a.xml', lambda: BILL + b'<component type="library"><name>a</name></component>' * 1000001 + b'</components></bom>', 'more than 1000000 elements <component>'),
        ('a.xml', lambda: BILL + b'<component type="library"><name>a</name></component>' * 900000, 'the document ends within an element'),
        ('a.json', lambda: b'{"bomFormat":"CycloneDX","specVersion":"1.5","components":[' + b'{"type":"library","name":"a"},' * 1000001, 'more than 1000000 elements'),
        ('a.json', lambda: b'{"bomFormat":"CycloneDX","specVersion":"1.5","components":[' + b'{"type":"library","name":"a"},' * 1000001 + b'1]}', 'more than 1000000 elements'),
        ('a.json', lambda: b'{"bomFormat":"CycloneDX","specVersion":"1.5","components":[' + b'{"type":"library","name":"a"},' * 900000, 'byte'),
        ('a.json', lambda: b'{"document":{"csaf_version":"2.0"},"vulnerabilities":[' + b'{},' * 5000000, 'byte'),
        ('a.json', lambda: b'{"document":{"csaf_version":"2.0"},"vulnerabilities":[' + b'{},' * 30000000, 'a file of format csaf is at most'),
        ('a.json', lambda: b'[' + b'{"id":1,"title":"a"},' * 3000000, 'a file of format json is at most'),
        ('a.json', lambda: b'[' + b'{"id":1,"title":"a"},' * 2000000, 'byte'),
        ('index.txt', lambda: b'2024/a.json\n' * 6000000, 'a file of format csaf-listing is at most'),
        ('a.tm7', lambda: MODEL + b'<MetaInformation>' + b'<a/>' * 3900000, 'the document ends within an element'),
        ('a.tm7', lambda: MODEL + b'<MetaInformation>' + b'<a/>' * 4000001 + b'</MetaInformation></ThreatModel>', '4000003 elements'),
        ('a.tm7', lambda: MODEL + b'<DrawingSurfaceList>' + b'<DrawingSurfaceModel/>' * 100000 + b'</DrawingSurfaceList></ThreatModel>', '5000 diagrams'),
        ('a.tm7', lambda: MODEL + b' ' * (65 << 20), 'a file of format tm7 is at most'),
        ('a.ndjson', lambda: b'{}' + b'\n' * 100000000, 'line 1000001'),
    ],
    'twice': [
        ('cve.json', b'{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2024-1","cveId":"CVE-2024-2"}}', '/cveMetadata/cveId'),
        ('nvd.json', b'{"format":"NVD_CVE","vulnerabilities":[],"vulnerabilities":[]}', '/vulnerabilities'),
        ('vex.json', b'{"@context":"https://openvex.dev/ns","statements":[{"status":"fixed","status":"affected"}]}', '/statements/0/status'),
        ('log.sarif', b'{"$schema":"sarif","runs":[],"runs":[]}', '/runs'),
        ('bom.json', b'{"spdxVersion":"SPDX-2.3","packages":[],"spdxVersion":"SPDX-2.2"}', '/spdxVersion'),
        ('model.yaml', b'otmVersion: 1\notmVersion: 2\n', 'line 2'),
        ('model.json', b'{"threats":[{"id":"t"},{"id":"t"}],"mitigationLinks":[]}', '/threats/1'),
        ('plan.json', b'{"component-definition":{"metadata":{"oscal-version":"1"},"components":[{"uuid":"c"},{"uuid":"c"}]}}', '/component-definition/components/1'),
        ('cves.zip', lambda: archive([('CVE-2024-0001.json', b'{}')] * 2), 'twice'),
    ],
    'identities': [
        ('a.csv', HEAD + b'1,a\n1,b\n', 'row 3'),
        ('a.csv', HEAD + b',a\n', 'row 2'),
        ('a.csv', b'id,id\n1,a\n' + b'1,b\n', 'row 3'),
        ('a.ndjson', ops({**ITEM, 'key': 'ZN-1'}, LINK), 'line 2/to'),
        ('a.ndjson', ops(LINK), 'line 1/from'),
        ('a.ndjson', ops({**LINK, 'to': {'source': ['nobody', '1']}}), 'line 1/from'),
        ('a.ndjson', ops({**ITEM, 'key': 'A B'}), 'line 1/key'),
        ('a.ndjson', ops({**ITEM, 'key': 'x' * 65}), 'line 1/key'),
        ('a.ndjson', ops({**ITEM, 'source': {'system': 's'}}), 'line 1/source'),
        ('a.ndjson', ops({**ITEM, 'key': 'A', 'source': {'system': 's', 'id': '1'}}, {**ITEM, 'key': 'B', 'source': {'system': 's', 'id': '1'}}), 'line 2/source'),
        ('a.ndjson', ops({'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'passed', 'at': '2026-01-01'}), 'line 1/case'),
        ('a.ndjson', ops({'op': 'attach', 'item': 'ZN-1', 'name': '../../x', 'digest': 'ab' * 32}), 'line 1/item'),
    ],
    'values': [
        ('a.ndjson', b'{"op":"item","kind":"zone","order":1e999}\n', 'line 1'),
        ('a.ndjson', b'{"op":"item","kind":"zone","order":123456789012345678901234567890}\n', 'line 1'),
        ('a.ndjson', b'{"op":"item","op":"retire","key":"ZN-1"}\n', 'line 1'),
        ('a.ndjson', ops({**ITEM, 'where': 'elsewhere'}), 'line 1'),
        ('a.ndjson', ops({**ITEM, 'title': 'x' * 4097}), 'line 1/title'),
        ('a.ndjson', ops({**ITEM, 'tags': ['x' * 257]}), 'line 1/tags'),
        ('a.ndjson', ops({**ITEM, 'attrs': {'purdue': {'personal': 'ab' * 32}}}), 'line 1/attrs/purdue'),
        ('a.ndjson', ops({'op': 'setting', 'name': 'root_password', 'value': 1}), 'line 1/name'),
        ('a.ndjson', ops({'op': 'project', 'key': 'X'}), 'line 1'),
        ('a.json', b'[{"id":1e400}]', ''),
    ],
}


# The memory of who starts a process counts as that process's own, so a small one starts the program.
MEASURE = """import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10)"""


class Hostile(plant.Plant):
    def setUp(self):
        super().setUp()
        self.state = self.whole()

    def whole(self):
        return self.zw('--json', 'list'), self.zw('--json', 'verify')

    def measured(self, *args):
        """Exit code, messages, processor seconds and peak bytes of the program with all its children."""
        done = subprocess.run([sys.executable, '-S', '-c', MEASURE, plant.ZW, '--data', self.data, *args], capture_output=True,
                              text=True, timeout=120, check=True)
        code, seconds, peak = done.stdout.split()
        return int(code), done.stderr, float(seconds), int(peak)

    def refuse(self, name, content, says):
        path = os.path.join(self.folder.name, name)
        with open(path, 'wb') as file:
            file.write(content() if callable(content) else content)
        code, said, seconds, peak = self.measured('import', path)
        self.assertEqual(code, 3, said)
        self.assertIn(says, said)
        self.assertRegex(said, r'^zw: .{10,}')
        self.assertLess(len(said), 2000)
        before, self.state = self.state, self.whole()
        self.assertEqual(self.state, before)
        self.assertLessEqual(seconds, CPU_SECONDS)
        if MEMORY_BYTES is not None:
            self.assertLessEqual(peak, MEMORY_BYTES)

    def test_what_is_no_file(self):
        pipe = os.path.join(self.folder.name, 'pipe')
        os.mkfifo(pipe)
        for path in (self.folder.name, '/dev/zero', pipe, os.path.join(self.folder.name, 'none')):
            code, said, _, _ = self.measured('import', path)
            self.assertEqual((code, said[:4]), (3, 'zw: '), said)


def add_cases():
    for name, cases in CLASSES.items():
        def case(self, cases=cases):
            for number, (file, content, says) in enumerate(cases):
                with self.subTest(number=number, file=file, says=says):
                    self.refuse(file, content, says)
        setattr(Hostile, f'test_{name}', case)


add_cases()
tap.main()
