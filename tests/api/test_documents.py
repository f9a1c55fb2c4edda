#!/usr/bin/env python3
"""The documents of 62443-3-2 on the sample plant: every section that ZCR 5 and ZCR 6 ask for is there with content from the
data, what is counted leads to its reasons, what nobody stated or derived is said, and nothing depends on anything but the
commit and the instant."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

import tap

ZW = sys.argv.pop(1)
AT = '2026-03-01'


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = os.path.join(cls.folder.name, 'data')
        cls.zw('init', '--sample')
        cls.reports = {kind: json.loads(cls.report(kind, 'json')) for kind in ('crs', 'risk-assessment', 'evidence-sheet')}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def zw(cls, *args):
        done = subprocess.run([ZW, '--data', cls.data, '--instant', AT, *args], capture_output=True, timeout=100, check=False)
        assert done.returncode == 0, (args, done.stderr)
        return done.stdout.decode()

    @classmethod
    def report(cls, kind, form, *args):
        path = os.path.join(cls.folder.name, f'{kind}.{form}')
        cls.zw(*args, 'report', kind, '-o', path)
        with open(path, encoding='utf-8', newline='') as file:
            return file.read()

    def json(self, *args):
        return json.loads(self.zw('--json', *args))

    @staticmethod
    def sections(report):
        found = {}

        def walk(sections):
            for section in sections:
                found[section['id']] = section
                walk(section['sections'])
        walk(report['sections'])
        return found

    @classmethod
    def tables(cls, report):
        return {table['id']: table['rows'] for section in cls.sections(report).values() for table in section['tables']}

    # ---- ZCR 6 ----

    def test_crs_has_every_section_with_content(self):
        sections = self.sections(self.reports['crs'])
        needed = {'crs-6.1': ('targets', 'sources'), 'crs-6.2': ('systems', 'essentials'), 'crs-6.3': ('zones', 'conduits'),
                  'crs-6.5': ('assumptions',), 'crs-6.6': ('threats', 'hazards'), 'crs-6.7': ('policies', 'documents'),
                  'crs-6.8': ('tolerable',), 'crs-6.9': ('regulations',)}
        for section, tables in needed.items():
            counts = {table['id']: table['count'] for table in sections[section]['tables']}
            for table in tables:
                self.assertGreater(counts[table], 0, (section, table))
        self.assertEqual([s for s in sections if s.startswith('crs-6.')], [f'crs-6.{n}' for n in range(1, 10)])
        self.assertIn('drawing', sections['crs-6.3'])
        self.assertIn('crs-7', sections)

    def test_crs_characterizes_every_place(self):
        tables, sections = self.tables(self.reports['crs']), self.sections(self.reports['crs'])
        places = self.json('list', 'kind:zone or kind:conduit')
        flows, inside = 0, {}
        ops = [json.loads(line) for line in self.zw('export', 'native').splitlines()]
        assets = {op['key'] for op in ops if op['op'] == 'item' and op['kind'] == 'asset'}
        for op in ops:
            if op['op'] == 'link' and op['type'] == 'part_of' and op['from'] in assets:
                inside.setdefault(op['to'], set()).add(op['from'])
        for place in places:
            key = place['key']
            self.assertIn(f'place-{key}', sections)
            facts = {row['fact']: row for row in tables[f'facts-{key}']}
            for fact in ('Name and identifier', 'Owner', 'Function', 'Criticality', 'Safety designation', 'Physical boundary'):
                self.assertIn(fact, facts, key)
            self.assertEqual(facts['Name and identifier']['value'], place['title'])
            self.assertEqual(len(tables[f'entries-{key}']), 7)
            if place['kind'] == 'conduit':
                for fact in ('Permitted protocols', 'Direction', 'Logical boundary: enforcement', 'Latency', 'Throughput', 'Reliability'):
                    self.assertIn(fact, facts, key)
                self.assertEqual(facts['Throughput']['value'], 'not stated', 'nobody stated it in the sample')
            self.assertEqual({row['asset']['key'] for row in tables[f'assets-{key}']}, inside.get(key, set()))
            flows += len(tables[f'flows-{key}'])
        self.assertGreater(flows, len(self.json('list', 'kind:flow')) - 1)

    def test_crs_rows_are_those_demanded(self):
        tables = self.tables(self.reports['crs'])
        for gap in self.json('gaps'):
            rows = {row['ref']: row for row in tables[f'rows-{gap["place"]}']}
            row = rows[gap['ref'].removeprefix('62443-3-3 ')]
            self.assertEqual(row['requirement'] and row['requirement']['key'], gap['requirement'] or gap['unallocated'])

    # ---- ZCR 5 ----

    def test_risks_are_those_rated(self):
        tables = self.tables(self.reports['risk-assessment'])
        risks = {risk['key']: risk for risk in self.json('risk', 'list')}
        seen = {}
        for name, rows in tables.items():
            if name.startswith('risks-'):
                for row in rows:
                    seen[row['risk']['key']] = row
        self.assertEqual(set(seen), {key for key, risk in risks.items() if risk.get('place')})
        for key, row in seen.items():
            self.assertIn(risks[key]['method'], row['method'])
            self.assertEqual(row['sl'], risks[key]['sl'])
        self.assertEqual(seen['RK-16']['decision'], 'undecided')

    def test_method_and_scope_stand_in_it(self):
        tables = self.tables(self.reports['risk-assessment'])
        self.assertEqual({row['method'] for row in tables['methods']}, {'LWW-RM-02@C'})
        self.assertEqual(len(tables['method-classes']), 5)
        self.assertEqual(len(tables['method-criteria']), 35)
        self.assertEqual({row['category']: row['tolerable'] for row in tables['tolerable']}['finance'], 6)
        self.assertEqual({row['system']['key'] for row in tables['systems']}, {'SYS-1', 'SYS-2'})
        self.assertIn('S. Haas', {row['person'] for row in tables['people']})

    def test_sl_t_under_review_shows_both(self):
        """Impact of one risk 5 to 4: the old SL-T still holds, the new one stands beside it."""
        before = {row['place']['key']: row for row in self.tables(self.reports['risk-assessment'])['targets']}
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, 'data')
            run = lambda *args: subprocess.run([ZW, '--data', data, '--instant', AT, *args], capture_output=True, timeout=100, check=True)
            run('init', '--sample')
            run('set', 'RK-6', 'impact={"safety":4}', '-m', 'judged anew')
            run('report', 'risk-assessment', '-o', os.path.join(folder, 'after.json'))
            with open(os.path.join(folder, 'after.json'), encoding='utf-8') as file:
                after = {row['place']['key']: row for row in self.tables(json.load(file))['targets']}
        self.assertEqual(after['ZN-3']['derivation'], 'under_review')
        self.assertEqual(after['ZN-3']['target'], before['ZN-3']['target'])
        self.assertNotEqual(after['ZN-3']['derived'], before['ZN-3']['derived'])
        self.assertIn('RK-6', after['ZN-3']['review'])
        self.assertEqual({**after, 'ZN-3': None}, {**before, 'ZN-3': None}, 'no other place moved')

    def test_unknown_is_said(self):
        targets = {row['place']['key']: row for row in self.tables(self.reports['risk-assessment'])['targets']}
        self.assertIn(None, targets['ZN-12']['target'])
        page = self.report('risk-assessment', 'html')
        self.assertIn('none: ', page)
        self.assertIn('? unknown', page)

    # ---- evidence ----

    def test_sheet_names_every_requirement_with_a_row(self):
        tables = self.tables(self.reports['evidence-sheet'])
        rows = [*tables['sheet-3-3'], *tables['sheet-4-2']]
        wanted = {item['key'] for item in self.json('list', 'kind:requirement')
                  if item['attrs'].get('ref', '').startswith(('62443-3-3', '62443-4-2'))}
        self.assertEqual({row['requirement']['key'] for row in rows}, wanted)
        proofs = {}
        for proof in tables['proofs']:
            proofs.setdefault(proof['ref'], []).append(proof)
        for row in rows:
            self.assertLessEqual(row['proofs'], len(proofs.get(row['ref'], [])))
        evidence = next(p for p in tables['proofs'] if p['proof']['kind'] == 'evidence')
        item = self.json('show', evidence['proof']['key'])
        self.assertEqual(evidence['hash'], item['attrs'].get('hash'))

    # ---- security and vulnerabilities ----

    def security(self, *args):
        path = os.path.join(self.folder.name, 'security.json')
        self.zw('report', 'iec62443', '--from', '2020-01-01', '--to', '2099-01-01', '-o', path, *args)
        with open(path, encoding='utf-8') as file:
            return json.load(file)

    def test_security_report_of_an_environment(self):
        report = self.security('--environment', 'SYS-1')
        sections, tables = self.sections(report), self.tables(report)
        levels = {x['place']: x for x in self.json('sl') if x['place'] not in ('ZN-12', 'ZN-13')}
        self.assertEqual({row['place']['key'] for row in tables['levels']}, set(levels), 'ZN-12 is of another system, what another test made of none')
        for row in tables['vectors']:
            achieved = levels[row['place']['key']]['achieved']
            self.assertEqual([row['target'], row['verified'], row['verified_with_findings'], row['claimed'], row['claimed_with_findings']],
                             [levels[row['place']['key']]['target'], *(achieved[name] for name in (
                                 'verified', 'verified_with_findings', 'claimed', 'claimed_with_findings'))])
            self.assertIn('place-' + row['place']['key'], sections)
        four, = self.json('sl', '--zone', 'ZN-4')
        stops = {x['ref'] for x in four['reasons'] + four['stops']['verified_with_findings']}
        self.assertLessEqual({row['ref'] for row in tables['reasons-ZN-4']}, stops)
        self.assertTrue(all(row['causes'] for row in tables['reasons-ZN-4'] if row['broken'] is False))
        verify = self.json('verify')
        self.assertEqual([row['value'] for row in tables['position']][1:], [str(verify['commits']), verify['root']])

    def test_findings_by_requirement_and_product(self):
        tables = self.tables(self.security())
        still = [x for x in self.json('findings') if x['state'] not in ('fixed', 'not_affected', 'false_positive')]
        for row, fr in zip(tables['frs'], range(1, 8)):
            breaking = {x['key'] for x in still if any(ref.split()[2].startswith(f'{fr}.') for ref in x['broken'] or [])}
            self.assertEqual((row['breaking'], row['share']), (len(breaking), {'n': len(breaking), 'of': len({x['key'] for x in still})}), fr)
        piles = {}
        for x in still:
            piles.setdefault(x['on'], set()).add(x['key'])
        self.assertEqual({row['on']['key']: row['open'] for row in tables['concentration']}, {on: len(keys) for on, keys in piles.items()})
        self.assertEqual(sum(row['open'] for row in tables['ages'] if row['open'] is not None), len({x['key'] for x in still}))
        self.assertEqual(tables['ages'][-1]['severity'], 'not_looked_for', 'there is no feed')
        self.assertEqual([row['finding']['key'] for row in tables['treat-exploited']], ['FD-17'])
        self.assertEqual([row['finding']['key'] for row in tables['treat-critical']], ['FD-5', 'FD-14'])
        self.assertEqual({row['finding']['key'] for row in tables['triage']}, {x['key'] for x in self.json('findings')})

    def test_evidence_against_both_editions(self):
        report = self.security()
        tables = self.tables(report)
        self.assertEqual([row['clause'] for row in tables['clauses-2010']], ['4.2.3.7', '4.2.3.9', '4.2.3.12', '4.2.3.14', '4.3.4.3.7'])
        self.assertIn('detailed risk assessment', tables['clauses-2010'][1]['meaning'])
        self.assertEqual({row['standing'] for row in tables['clauses-2024']}, {'figures_only', 'no_evidence'}, 'no requirement names one')
        self.assertIn('62443-2-4', self.sections(report)['providers']['title'])
        self.assertEqual(tables['capabilities'], [])
        before = tables['metrics'][0]
        self.assertEqual((before['acknowledged'], before['patched']), ({'n': 17, 'of': 19}, {'n': 1, 'of': 13}))

    def test_records_that_name_a_clause(self):
        ops = [{'op': 'item', 'key': 'EV-1', 'kind': 'evidence', 'title': 'Test of patches', 'attrs': {'nature': 'report'}}]
        for key, ref in (('RQ-1', '62443-2-1 COMP 3.2'), ('RQ-2', '62443-2-4 SP.03.03 BR')):
            ops += [{'op': 'item', 'key': key, 'kind': 'requirement', 'title': key, 'attrs': {'ref': ref}},
                    {'op': 'link', 'from': 'EV-1', 'type': 'evidences', 'to': key}]
        path, data = os.path.join(self.folder.name, 'ops.ndjson'), os.path.join(self.folder.name, 'other')
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(json.dumps(op) + '\n' for op in ops)
        for args in (['init'], ['import', path], ['report', 'iec62443', '-o', path + '.json']):
            subprocess.run([ZW, '--data', data, *args], capture_output=True, timeout=60, check=True)
        with open(path + '.json', encoding='utf-8') as file:
            tables = self.tables(json.load(file))
        self.assertEqual({row['clause']: row['standing'] for row in tables['clauses-2024']}['COMP 3.2'], 'evidenced')
        self.assertEqual([(row['requirement']['key'], row['ref'], row['standing']) for row in tables['capabilities']],
                         [('RQ-2', 'SP.03.03 BR', 'evidenced')])

    def test_periods_and_scopes_that_are_none(self):
        for wrong in (['--environment', 'ZN-1'], ['--zone', 'SYS-1'], ['--from', '2027-01-01', '--to', '2026-01-01']):
            done = subprocess.run([ZW, '--data', self.data, 'report', 'iec62443', '-o', os.path.join(self.folder.name, 'no.json'), *wrong],
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 2, (wrong, done.stderr))
        self.assertFalse(os.path.exists(os.path.join(self.folder.name, 'no.json')))

    # ---- PDF and workbooks ----

    def binary(self, kind, form):
        path = os.path.join(self.folder.name, f'{kind}.{form}')
        self.zw('--at', str(self.reports['crs']['commit']), 'report', kind, '-o', path)
        with open(path, 'rb') as file:
            return path, file.read()

    def test_pdf_is_tagged_and_the_same_again(self):
        path, first = self.binary('risk-assessment', 'pdf')
        self.assertTrue(first.startswith(b'%PDF-1.'))
        self.assertIn(b'/Lang', first)
        self.assertIn(b'/Outlines', first)
        self.assertIn(b'/Alt', first, 'the drawing is said in words')
        facts = subprocess.run(['pdfinfo', path], capture_output=True, text=True, timeout=60, check=True).stdout
        self.assertRegex(facts, r'Tagged: +yes')
        tags = subprocess.run(['pdfinfo', '-struct', path], capture_output=True, text=True, timeout=60, check=True).stdout
        for tag in ('H1', 'H2', 'Table', 'TR', 'TH', 'TD', 'Figure', 'TOC'):
            self.assertIn(tag, tags.split())
        text = subprocess.run(['pdftotext', path, '-'], capture_output=True, text=True, timeout=60, check=True).stdout
        for words in (self.reports['crs']['hash'], 'Page 2', 'RK-16', 'CD-11'):
            self.assertIn(words, text)
        self.assertNotRegex(text, '[\ufb00-\ufb06]', 'letters are said one by one, so that a hash can be copied')
        self.assertEqual(self.binary('risk-assessment', 'pdf')[1], first)

    def test_charts_stand_beside_their_tables(self):
        page = self.report('iec62443', 'html')
        self.assertEqual(page.count('<svg class="chart"'), 2, 'findings by FR and by supplier; by 2026-03-01 nothing had come, so there is no age')
        self.assertIn('aria-label="Findings by supplier: Fortinet: Open 1, Fixed 0;', page)
        path, first = self.binary('iec62443', 'pdf')
        self.assertGreaterEqual(first.count(b'/Alt'), 2)
        with zipfile.ZipFile(self.binary('iec62443', 'xlsx')[0]) as book:
            charts = [book.read(name) for name in book.namelist() if name.startswith('xl/charts/chart')]
        self.assertGreaterEqual(len(charts), 2)
        self.assertTrue(all(b'barDir' in chart for chart in charts))

    def test_workbook_holds_texts_and_no_formula(self):
        path, first = self.binary('crs', 'xlsx')
        with zipfile.ZipFile(path) as book:
            sheets = [name for name in book.namelist() if name.startswith('xl/worksheets/sheet')]
            self.assertGreater(len(sheets), 10)
            for name in sheets:
                self.assertNotIn(b'<f>', book.read(name))
        self.assertEqual(self.binary('crs', 'xlsx')[1], first)

    def test_text_document_is_whole_and_the_same_again(self):
        path, first = self.binary('crs', 'docx')
        with zipfile.ZipFile(path) as package:
            self.assertIsNone(package.testzip())
            names = package.namelist()
            parts = {name: xml.etree.ElementTree.fromstring(package.read(name)) for name in names}
        self.assertEqual(names[0], '[Content_Types].xml')
        tag = '{http://schemas.openxmlformats.org/wordprocessingml/2006/main}'.__add__
        body = parts['word/document.xml'].find(tag('body'))
        text = lambda element: ''.join(found.text or '' for found in element.iter(tag('t')))
        style = lambda paragraph: paragraph.find(f'{tag("pPr")}/{tag("pStyle")}').get(tag('val'))
        known = {found.get(tag('styleId')) for found in parts['word/styles.xml'].iter(tag('style'))}
        self.assertLessEqual({style(paragraph) for paragraph in body.iter(tag('p'))}, known)
        sections = self.sections(self.reports['crs'])
        headings = [text(paragraph) for paragraph in body.findall(tag('p')) if style(paragraph).startswith('Heading')]
        self.assertLessEqual({section['title'] for section in sections.values()}, set(headings))
        marks = [mark.get(tag('name')) for mark in body.iter(tag('bookmarkStart'))]
        links = [link.get(tag('anchor')) for link in body.iter(tag('hyperlink'))]
        self.assertEqual(len(set(marks)), len(marks))
        self.assertTrue(links and set(links) <= set(marks))
        tables = body.findall(tag('tbl'))
        self.assertEqual(len(tables), sum(len(section['tables']) for section in sections.values()))
        for table in tables:
            self.assertEqual(len(table.findall(f'.//{tag("tblHeader")}')), 1)
            columns = len(table.findall(f'{tag("tblGrid")}/{tag("gridCol")}'))
            for row in table.findall(tag('tr')):
                spans = [cell.find(f'{tag("tcPr")}/{tag("gridSpan")}') for cell in row.findall(tag('tc'))]
                self.assertEqual(sum(1 if span is None else int(span.get(tag('val'))) for span in spans), columns)
        for words in (self.reports['crs']['hash'], 'RK-16', 'CD-11', '{3 2 3 1 3 2 2}'):
            self.assertIn(words, text(body))
        self.assertIn(self.reports['crs']['hash'], text(parts['word/footer1.xml']))
        self.assertEqual(self.binary('crs', 'docx')[1], first)

    def test_text_document_of_any_text(self):
        title = '<w:p>&amp;\x01\u2028]]>"'
        data, path = os.path.join(self.folder.name, 'any'), os.path.join(self.folder.name, 'any.docx')
        for args in (['init'], ['add', 'zone', f'title={title}'], ['report', 'crs', '-o', path]):
            done = subprocess.run([ZW, '--data', data, *args], capture_output=True, timeout=100, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        with zipfile.ZipFile(path) as package:
            self.assertIn(title.replace('\x01', '\ufffd'), ''.join(xml.etree.ElementTree.fromstring(package.read('word/document.xml')).itertext()))

    # ---- all of them ----

    def test_same_commit_same_bytes(self):
        head = str(self.reports['crs']['commit'])
        first = {(kind, form): self.report(kind, form) for kind in self.reports for form in ('html', 'json')}
        self.zw('add', 'zone', 'title=Later', '-m', 'after')
        for (kind, form), text in first.items():
            self.assertEqual(self.report(kind, form, '--at', head), text, (kind, form))


tap.main()
