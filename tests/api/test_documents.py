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
        facts = subprocess.run(['pdfinfo', path], capture_output=True, text=True, timeout=60, check=True).stdout
        self.assertRegex(facts, r'Tagged: +yes')
        tags = subprocess.run(['pdfinfo', '-struct', path], capture_output=True, text=True, timeout=60, check=True).stdout
        for tag in ('H1', 'H2', 'Table', 'TR', 'TH', 'TD', 'Figure', 'TOC'):
            self.assertIn(tag, tags.split())
        text = subprocess.run(['pdftotext', path, '-'], capture_output=True, text=True, timeout=60, check=True).stdout
        for words in (self.reports['crs']['hash'], 'Page 2', 'RK-16', 'CD-11'):
            self.assertIn(words, text)
        self.assertEqual(self.binary('risk-assessment', 'pdf')[1], first)

    def test_workbook_holds_texts_and_no_formula(self):
        path, first = self.binary('crs', 'xlsx')
        with zipfile.ZipFile(path) as book:
            sheets = [name for name in book.namelist() if name.startswith('xl/worksheets/sheet')]
            self.assertGreater(len(sheets), 10)
            for name in sheets:
                self.assertNotIn(b'<f>', book.read(name))
        self.assertEqual(self.binary('crs', 'xlsx')[1], first)

    # ---- all of them ----

    def test_same_commit_same_bytes(self):
        head = str(self.reports['crs']['commit'])
        first = {(kind, form): self.report(kind, form) for kind in self.reports for form in ('html', 'json')}
        self.zw('add', 'zone', 'title=Later', '-m', 'after')
        for (kind, form), text in first.items():
            self.assertEqual(self.report(kind, form, '--at', head), text, (kind, form))


tap.main()
