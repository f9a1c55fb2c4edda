#!/usr/bin/env python3
"""The way back: what was imported and exported gives the same in an empty project, cell for cell where it is a sheet."""
import csv
import glob
import io
import json
import os
import tempfile
import unittest
import zipfile

import plant
import tap

SHARED = os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent')


def item(key, kind, **members):
    return {'op': 'item', 'key': key, 'kind': kind, 'title': key, **members}


def link(start, kind, to, **members):
    return {'op': 'link', 'from': start, 'type': kind, 'to': to, **members}


class Export(plant.Plant):
    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8', newline='') as file:
            file.write(text)
        return self.path(name)

    def export(self, *args):
        return json.loads(self.zw('--json', 'export', *args))

    def cells(self, path, **how):
        with open(path, encoding='utf-8-sig', newline='') as file:
            return list(csv.reader(file, **how))

    def everything(self):
        """Items with their links, by key."""
        items = {i['key']: i for i in self.json('list')}
        for key, row in items.items():
            shown = self.json('show', key)
            row['links'] = sorted((x['from'], x['type'], x['to'], x['as']) for x in shown['links'])
            row['body'], row['owner'] = shown['body'], shown['owner']
            del row['rev']
        return items

    def elsewhere(self):
        """Another, empty project."""
        self.data = tempfile.mkdtemp(dir=self.folder.name) + '/data'
        self.zw('init')

    def same_elsewhere(self, path, *args):
        before = self.everything()
        self.elsewhere()
        self.zw('import', *args, path)
        self.assertEqual(self.everything(), before)

    def operations(self):
        """The same for many items, in one call; sources are named after their files."""
        rows = [json.loads(line) for line in self.zw('export', 'native').splitlines()]
        for row in rows:
            row.pop('source', None)
        return [row for row in rows if row['op'] != 'setting']


SHEET = ('ID,Title,Text,Prio,Links,Colour,\r\n'
         'R-1,First,"He said ""no"",\r\nthen left",high,,red,x\r\n'
         'R-2,"=1+1","@SUM(A1)",-5,"R-1, R-3","\'\'=quoted",\r\n'
         'R-3,"+49 30",  padded ,,GONE-7,"tab\there",\r\n'
         'R-4,Grüße – „so“,,,,,\r\n')


class Sheets(Export):
    def test_csv_gives_the_same_sheet_back(self):
        source = self.write('s.csv', SHEET)
        self.zw('import', source)
        lost = self.export('csv', '-o', self.path('out.csv'))
        self.assertEqual((lost['items'], lost['links'], lost['lost']), ({'requirement': 4}, 2, []))
        raw = open(self.path('out.csv'), encoding='utf-8', newline='').read()
        for cell in ("'=1+1", "'@SUM(A1)", "'-5", "'+49 30", "''=quoted"):
            self.assertIn(f',{cell},', raw)
        guarded = lambda cell: f"'{cell}" if cell[:1] in ('=', '+', '-', '@') else cell
        expected = [[guarded(cell) for cell in row] for row in csv.reader(io.StringIO(SHEET, newline=''))]
        self.assertEqual(self.cells(self.path('out.csv')), expected)
        self.same_elsewhere(self.path('out.csv'))
        self.zw('export', 'csv', '-o', self.path('again.csv'))
        self.assertEqual(self.cells(self.path('again.csv')), self.cells(self.path('out.csv')))

    def test_xlsx_gives_the_same_sheet_back(self):
        self.zw('import', self.write('s.csv', SHEET))
        self.export('xlsx', '-o', self.path('out.xlsx'))
        self.export('xlsx', '-o', self.path('twice.xlsx'))
        with open(self.path('out.xlsx'), 'rb') as one, open(self.path('twice.xlsx'), 'rb') as two:
            self.assertEqual(one.read(), two.read())
        self.same_elsewhere(self.path('out.xlsx'))
        self.zw('export', 'xlsx', '-o', self.path('again.xlsx'))
        sheet = lambda name: zipfile.ZipFile(self.path(name)).read('xl/worksheets/sheet1.xml')
        self.assertEqual(sheet('again.xlsx'), sheet('out.xlsx'))

    def test_profiles_work_both_ways(self):
        text = 'Plant 7;;\r\nNr;Was;L\r\n1;Tür;system\r\n2;Fenster;component\r\n'
        with open(self.path('s.csv'), 'wb') as file:
            file.write(text.encode('latin-1'))
        profile = self.write('p.json', json.dumps({'name': 'werk', 'encoding': 'latin-1', 'delimiter': ';', 'header_row': 2,
                                                   'columns': {'id': 'Nr', 'title': 'Was', 'level': 'L'}}))
        self.zw('import', '--profile', profile, self.path('s.csv'))
        self.zw('export', 'csv', '-o', self.path('out.csv'))
        self.assertEqual(self.cells(self.path('out.csv'), delimiter=';')[1:],
                         [['Nr', 'Was', 'L'], ['1', 'Tür', 'system'], ['2', 'Fenster', 'component']])
        self.same_elsewhere(self.path('out.csv'), '--profile', profile)

    def test_what_has_no_column_is_listed(self):
        self.zw('import', self.write('s.csv', 'id,title\nA,One\nB,Two\n'))
        self.zw('set', 'RQ-1', 'rationale=Because', 'owner=ann')
        self.zw('add', 'zone', 'title=Z')
        self.zw('link', 'RQ-1', 'allocated_to', 'ZN-1')
        self.zw('link', 'RQ-1', 'derives', 'RQ-2')
        self.zw('add', 'requirement', 'title=By hand')
        self.zw('retire', 'RQ-3')
        lost = {(row['where'], row['what']) for row in self.export('csv', '-o', self.path('out.csv'))['lost']}
        self.assertEqual(lost, {('owner', '1 values have no column in this sheet'), ('rationale', '1 values have no column in this sheet'),
                                ('parents', '1 values have no column in this sheet'), ('MAIN', '1 items that are no requirements'),
                                ('MAIN', '1 requirements that are retired'), ('links', '1 links other than from parents in this sheet')})

    def test_requirements_of_several_sources_get_every_column(self):
        self.zw('import', self.write('a.csv', 'id,title,priority\nA,One,high\n'))
        self.zw('import', self.write('b.csv', 'id,title,Colour\nA,Two,red\n'))
        self.zw('add', 'requirement', 'title=By hand', 'rationale=Because')
        self.zw('link', 'RQ-1', 'derives', 'RQ-3')
        self.assertEqual(self.export('csv', '-o', self.path('out.csv'))['lost'], [])
        self.assertEqual(self.cells(self.path('out.csv')), [
            ['id', 'title', 'body', 'owner', 'tags', 'parents', 'priority', 'rationale', 'Colour'],
            ['RQ-1', 'One', '', '', '', '', 'high', '', ''], ['RQ-2', 'Two', '', '', '', '', '', '', 'red'],
            ['RQ-3', 'By hand', '', '', '', 'RQ-1', '', 'Because', '']])
        self.same_elsewhere(self.path('out.csv'))

    def test_one_of_several_sources_in_its_own_layout(self):
        self.zw('import', self.write('a.csv', 'id,title\nA,One\n'))
        self.zw('import', self.write('b.csv', 'id,title,Colour\nA,Two,red\n'))
        self.zw('export', 'csv', '--profile', 'b.csv', '-o', self.path('out.csv'))
        self.assertEqual(self.cells(self.path('out.csv')), [['id', 'title', 'Colour'], ['A', 'Two', 'red']])
        self.assertIn('no requirement here came from a sheet "c.csv"', self.zw('export', 'csv', '--profile', 'c.csv', code=2))

    def test_filter(self):
        self.zw('import', self.write('a.csv', 'id,title\nA,One\nB,Two\n'))
        self.zw('export', 'csv', '--filter', 'text:two', '-o', self.path('out.csv'))
        self.assertEqual(self.cells(self.path('out.csv')), [['id', 'title'], ['B', 'Two']])
        self.assertIn('term', self.zw('export', 'csv', '--filter', 'kolor:red', code=2))

    @unittest.skipUnless(os.path.isdir(SHARED), f'{SHARED} is absent')
    def test_real_sheets(self):
        corpus = os.path.join(SHARED, 'corpus')
        files = sorted(glob.glob(f'{corpus}/requirements-xlsx-csv/*/*.[cx]*') + glob.glob(f'{corpus}/doorstop/doorstop/*.csv'))
        self.assertGreater(len(files), 5)
        for file in files:
            with self.subTest(file=os.path.basename(file)):
                self.elsewhere()
                self.zw('import', file)
                out = self.path('out.' + file.rsplit('.', 1)[1])
                self.assertEqual(self.export(out.rsplit('.', 1)[1], '-o', out)['lost'], [])
                if out.endswith('csv'):
                    self.assertEqual(self.cells(out), [row for row in self.cells(file) if row])
                before = self.operations()
                self.elsewhere()
                self.zw('import', out)
                self.assertEqual(self.operations(), before)


class Native(Export):
    def plant(self):
        self.zw('import', self.lines(
            item('SYS-1', 'system'), item('ZN-1', 'zone', order=3, parent='SYS-1', tags=['a', 'b'], body='Two\nlines'),
            item('CD-1', 'conduit'), item('AS-1', 'asset', owner='ann', source={'system': 'tool', 'id': '1', 'rev': '1'}),
            item('RQ-1', 'requirement', attrs={'ref': '62443-3-3 SR 5.2'}, state='approved'), item('CM-1', 'countermeasure'),
            item('SF-1', 'safety_function'), item('TC-1', 'test_case', attrs={'tester': 'Bo'}), item('TR-1', 'test_run'),
            item('CL-1', 'claim', attrs={'statement': 'met', 'rationale': 'r'}),
            link('ZN-1', 'part_of', 'SYS-1'), link('CD-1', 'connects', 'ZN-1', **{'as': 'a'}), link('AS-1', 'part_of', 'ZN-1'),
            link('RQ-1', 'allocated_to', 'ZN-1'), link('CL-1', 'answers', 'RQ-1'), link('CL-1', 'covers', 'CD-1'),
            link('TC-1', 'verifies', 'CL-1'), link('CM-1', 'affects', 'SF-1', attrs={'added_latency_ms': '1.5'}),
            {'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'failed', 'at': '2026-03-01T10:00:00Z', 'message': 'port open'},
            {'op': 'setting', 'name': 'separation_of_duties', 'value': False}))

    def test_native_gives_everything_back(self):
        self.plant()
        answer = self.export('native', '-o', self.path('out.ndjson'))
        self.assertEqual((answer['links'], answer['results'], answer['commit']), (8, 1, 2))
        self.assertEqual([row['where'] for row in answer['lost']], ['MAIN'])
        gaps = self.json('gaps')
        self.same_elsewhere(self.path('out.ndjson'))
        self.assertEqual(self.json('gaps'), gaps)
        self.zw('export', 'native', '-o', self.path('again.ndjson'))
        with open(self.path('out.ndjson'), 'rb') as one, open(self.path('again.ndjson'), 'rb') as two:
            self.assertEqual(one.read(), two.read())
        self.assertEqual(json.loads(self.zw('--json', 'import', self.path('again.ndjson')))['commit'], None)

    def test_the_sample_plant(self):
        self.data = os.path.join(self.folder.name, 'sample')
        self.zw('init', '--sample')
        self.zw('export', 'native', '-o', self.path('out.ndjson'))
        plain = lambda: [{k: v for k, v in row.items() if k != 'rev'} for row in self.json('list')]
        rows = lambda: {(g['place'], g['ref']): g for g in self.json('gaps')}
        items, lint, gaps = plain(), self.json('lint'), rows()
        self.elsewhere()
        self.zw('import', self.path('out.ndjson'))
        self.assertEqual((plain(), self.json('lint')), (items, lint))
        self.assertIn('suspect', {row['status'] for row in gaps.values()})
        self.assertEqual(rows(), gaps)
        self.zw('export', 'native', '-o', self.path('again.ndjson'))
        with open(self.path('out.ndjson'), 'rb') as one, open(self.path('again.ndjson'), 'rb') as two:
            self.assertEqual(one.read(), two.read())
        self.assertTrue(self.json('check')['ok'])

    def test_suspicion_is_carried(self):
        """Into an empty project only; a person's judgement ends it there as it does here."""
        self.plant()
        self.zw('set', 'RQ-1', 'title=Other')
        suspects = lambda: sorted((l['from'], l['type'], l['to'], l['suspect']) for l in self.json('trace', 'RQ-1')['links'])
        self.assertIn(True, [link[3] for link in suspects()])
        self.assertIn(False, [link[3] for link in suspects()])
        before = suspects()
        self.export('native', '-o', self.path('out.ndjson'))
        with open(self.path('out.ndjson'), encoding='utf-8') as file:
            self.assertIn(['to'], [json.loads(line).get('suspect') for line in file])
        self.elsewhere()
        self.zw('import', self.path('out.ndjson'))
        self.assertEqual(suspects(), before)
        self.assertIsNone(json.loads(self.zw('--json', 'import', self.path('out.ndjson')))['commit'])

    def test_suspicion_is_not_claimed(self):
        """Where there is something already, a new link is judged as it is made; other words than the ends are refused."""
        self.plant()
        link = {'op': 'link', 'from': 'ZN-1', 'type': 'relates_to', 'to': 'RQ-1', 'suspect': ['from', 'to']}
        self.zw('import', self.lines(link))
        made = [l for l in self.json('trace', 'RQ-1')['links'] if l['type'] == 'relates_to']
        self.assertNotIn(True, [l['suspect'] for l in made])
        for wrong in (['both'], 'from', [1], [['to']], {}):
            with self.subTest(wrong):
                self.assertIn('suspect', self.zw('import', self.lines({**link, 'suspect': wrong}), code=3))

    def test_losses_are_listed(self):
        self.plant()
        self.zw('set', 'RQ-1', 'title=Other')
        lost = self.export('native', '--filter', 'kind:requirement or kind:claim', '-o', self.path('out.ndjson'))['lost']
        self.assertEqual([(row['where'], row['what']) for row in lost], [
            ('links', '3 links to items that are not written'),
            ('MAIN', 'the history and the comments; a whole project carries them')])

    def test_only_what_stands_as_imported_may_be_imported_over(self):
        ops = [{'op': 'item', 'kind': 'asset', 'title': f'Pump {n}', 'source': {'system': 'tool', 'id': str(n)}} for n in (1, 2)]
        self.zw('import', self.lines(*ops))
        self.zw('set', 'AS-2', 'title=Mine')
        self.zw('export', 'native', '-o', self.path('out.ndjson'))
        self.elsewhere()
        self.zw('import', self.path('out.ndjson'))
        for op in ops:
            op['title'] += ' new'
        done = json.loads(self.zw('--json', 'import', self.lines(*ops)))
        self.assertEqual((done['updated'], [k['item'] for k in done['kept']]), ({'asset': 1}, ['AS-2']))

    def test_as_of_a_past_commit(self):
        self.zw('add', 'zone', 'title=Old')
        self.zw('set', 'ZN-1', 'title=New')
        self.assertIn('"title":"Old"', self.zw('--at', '2', 'export', 'native'))

    def test_files_are_whole_or_not_there(self):
        self.zw('add', 'zone', 'title=x')
        out = self.write('out.ndjson', 'before')
        self.zw('export', 'natvie', '-o', out, code=2)
        with open(out, encoding='utf-8') as file:
            self.assertEqual(file.read(), 'before')
        self.assertEqual(sorted(os.listdir(self.folder.name)), ['data', 'out.ndjson'])
        self.zw('export', 'native', '-o', out)
        self.assertEqual(sorted(os.listdir(self.folder.name)), ['data', 'out.ndjson'])
        self.assertIn('No such file', self.zw('export', 'native', '-o', '/nonsense/out', code=6))
        for name in ('tm7', 'json'):
            self.assertIn('is written', self.zw('export', name, code=2))


tap.main()
