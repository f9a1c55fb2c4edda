#!/usr/bin/env python3
"""Trace matrix, neighbourhood and why two items belong together, beside a second, slow account made from the items and their links."""
import csv
import io
import json
import os
import subprocess
import zipfile

import tap
from plant import ZW
from server import Served

SOURCE = os.environ['ZONEWRIGHT_SOURCE']


class Account:
    """The sample plant as plain dictionaries, and the definitions of docs/algorithms/trace-and-impact.md on them."""

    def __init__(self, items):
        with open(os.path.join(SOURCE, 'data/metamodel/link_types.tsv'), encoding='utf-8') as file:
            flows = {row['link']: row['trace'] for row in csv.DictReader(file, delimiter='\t')}
        self.kinds = {i['key']: i['kind'] for i in items if i['state'] != 'retired'}
        self.links = [l for i in items for l in i['links'] if l['from'] in self.kinds and l['to'] in self.kinds]
        self.near = {key: set() for key in self.kinds}
        self.down = {key: set() for key in self.kinds}
        self.up = {key: set() for key in self.kinds}
        for link in self.links:
            self.near[link['from']].add(link['to'])
            self.near[link['to']].add(link['from'])
            first, then = (link['from'], link['to']) if flows[link['type']] == 'forward' else (link['to'], link['from'])
            if flows[link['type']] != 'none':
                self.down[first].add(then)
                self.up[then].add(first)

    def distances(self, start, after):
        found, wave = {start: 0}, [start]
        while wave:
            wave = [key for key in dict.fromkeys(n for k in wave for n in sorted(after[k])) if key not in found]
            found.update(dict.fromkeys(wave, max(found.values()) + 1))
        return found

    def cells(self, row, kind):
        direct = {key for key in self.near[row] if self.kinds[key] == kind}
        chain = self.distances(row, self.down) | self.distances(row, self.up)
        return direct, {key for key in chain if self.kinds[key] == kind and key != row} - direct


class Connected(Served):
    def fill(self):
        subprocess.run([ZW, '--data', self.data + '-sample', 'init', '--sample'], check=True, capture_output=True)
        self.data += '-sample'

    def account(self):
        return Account(self.api('/api/v1/items?fields=kind,state,links&limit=10000'))

    def pages(self, query, limit):
        path, found = f'/api/v1/trace-matrix?{query}&limit={limit}', []
        while path is not None:
            response = self.send('GET', path, None, 200)
            found.append(response.json)
            link = response.headers['Link']
            path = None if link is None else link[1:link.index('>')]
        return found

    def test_cells_are_those_of_the_definition(self):
        account = self.account()
        for rows, columns in (('requirement', 'countermeasure'), ('threat', 'requirement'), ('asset', 'zone'), ('risk', 'test_case'), ('requirement', 'requirement')):
            matrix = self.api(f'/api/v1/trace-matrix?from={rows}&to={columns}&limit=10000')
            across = [c['key'] for c in matrix['columns']]
            self.assertEqual((matrix['from'], matrix['to'], set(across)), (rows, columns, {k for k, kind in account.kinds.items() if kind == columns}))
            self.assertEqual({r['key'] for r in matrix['rows']}, {k for k, kind in account.kinds.items() if kind == rows})
            for row in matrix['rows']:
                self.assertEqual(({across[i] for i in row['direct']}, {across[i] for i in row['derived']}), account.cells(row['key'], columns), row['key'])
        self.assertEqual(self.json('trace-matrix', 'requirement', 'requirement'), matrix)

    def test_gaps_filters_and_pages(self):
        whole = self.api('/api/v1/trace-matrix?from=requirement&to=countermeasure&limit=10000')
        pages = self.pages('from=requirement&to=countermeasure', 50)
        self.assertEqual([r for p in pages for r in p['rows']], whole['rows'])
        self.assertEqual({(p['count'], p['next'] is None) for p in pages[:-1]}, {(len(whole['rows']), False)})
        empty = [r['key'] for r in whole['rows'] if not r['direct'] + r['derived']]
        gaps = self.pages('from=requirement&to=countermeasure&gaps=rows', 7)
        self.assertEqual([r['key'] for p in gaps for r in p['rows']], empty)
        self.assertTrue(empty)
        used = {i for r in whole['rows'] for i in r['direct'] + r['derived']}
        gap = self.api('/api/v1/trace-matrix?from=requirement&to=countermeasure&gaps=columns&limit=10000')
        self.assertEqual([c['key'] for c in gap['columns']], [c['key'] for i, c in enumerate(whole['columns']) if i not in used])
        some = self.api('/api/v1/trace-matrix?from=requirement&to=countermeasure&q=key:RQ-1&filter=key:CM-1%20or%20key:CM-2')
        self.assertEqual(([r['key'] for r in some['rows']], [c['key'] for c in some['columns']]), (['RQ-1'], ['CM-1', 'CM-2']))
        self.assertEqual(self.api('/api/v1/trace-matrix?from=requirement&to=countermeasure&at=1')['rows'], [])

    def test_a_suspect_link_shows_on_every_way_over_it(self):
        self.zw('set', 'CM-2', 'title=Another measure', '--project', 'MAIN')
        matrix = self.api('/api/v1/trace-matrix?from=requirement&to=countermeasure&limit=10000')
        place = [c['key'] for c in matrix['columns']].index('CM-2')
        reached = [r for r in matrix['rows'] if place in r['direct'] + r['derived']]
        self.assertTrue(reached)
        self.assertEqual([r['key'] for r in matrix['rows'] if place in r['suspect']], [r['key'] for r in reached])

    def test_the_workbook_holds_the_same(self):
        matrix = self.api('/api/v1/trace-matrix?from=requirement&to=countermeasure&limit=10000')
        response = self.get('/api/v1/trace-matrix.xlsx?from=requirement&to=countermeasure')
        self.assertEqual((response.status, json.loads(response.headers['Zonewright-Answer'])['rows']), (200, len(matrix['rows'])))
        with zipfile.ZipFile(io.BytesIO(response.content)) as book:
            sheet = book.read('xl/worksheets/sheet2.xml').decode()
        self.assertEqual(sheet.count('○'), sum(len(r['derived']) for r in matrix['rows']))
        self.assertEqual(sheet.count('●'), sum(len(r['direct']) for r in matrix['rows']))
        path = os.path.join(self.folder.name, 'm.xlsx')
        self.assertIn(f'{len(matrix["rows"])} rows', self.zw('trace-matrix', 'requirement', 'countermeasure', '-o', path))
        self.zw('trace-matrix', 'requirement', 'countermeasure', '-o', path, code=4)

    def test_the_neighbourhood_is_what_links_reach(self):
        account = self.account()
        for key in ('TS-1', 'CM-2', 'ZN-2'):
            for depth in (1, 2):
                around = {k for k, d in account.distances(key, account.near).items() if d <= depth}
                answer = self.api(f'/api/v1/items/{key}/neighbourhood?depth={depth}')
                found = {i['key'] for i in answer['items']}
                self.assertEqual((answer['items'][0]['key'], answer['items'][0]['distance']), (key, 0))
                self.assertTrue(found == around if not answer['more'] else found < around and len(found) == 200)
                self.assertEqual(sorted((l['from'], l['type'], l['to'], l['as']) for l in answer['links']),
                                 sorted((l['from'], l['type'], l['to'], l['as']) for l in account.links if {l['from'], l['to']} <= found))
        self.assertEqual(self.json('neighbourhood', 'ZN-2', '--depth', '2'), answer)
        only = self.api('/api/v1/items/TS-1/neighbourhood?links=threatens&depth=1')
        self.assertEqual({l['type'] for l in only['links']}, {'threatens'})

    def test_why_is_a_shortest_way(self):
        account = self.account()
        for start, end in (('TS-1', 'SF-2'), ('RQ-1', 'ZN-5'), ('CM-2', 'TC-1'), ('TS-1', 'TS-1')):
            answer = self.api(f'/api/v1/items/{start}/connection?to={end}')
            way = [i['key'] for i in answer['items']]
            self.assertEqual((way[0], way[-1], len(way) - 1), (start, end, account.distances(start, account.near)[end]))
            for a, b in zip(way, way[1:]):
                self.assertEqual({(l['from'], l['type'], l['to']) for l in answer['links'] if {l['from'], l['to']} == {a, b}},
                                 {(l['from'], l['type'], l['to']) for l in account.links if {l['from'], l['to']} == {a, b}})
            self.assertEqual(self.json('why', start, end), answer)
        chain = self.api('/api/v1/items/RQ-1/connection?to=CM-2&up=true&down=true')
        downward = account.distances('RQ-1', account.down)
        self.assertEqual([i['distance'] for i in chain['items']], list(range(downward['CM-2'] + 1)))
        self.assertTrue(all(b['key'] in account.down[a['key']] for a, b in zip(chain['items'], chain['items'][1:])))
        self.assertEqual(self.json('why', 'RQ-1', 'CM-2', '--down'), chain)
        self.assertFalse(self.api('/api/v1/items/RQ-1/connection?to=CM-2&up=true')['ok'])
        none = self.api('/api/v1/items/TS-1/connection?to=TC-1&links=threatens')
        self.assertEqual(none, {'ok': False, 'items': [], 'links': []})
        self.assertIn('nothing connects', self.run_zw('why', 'TS-1', 'TC-1', '--links', 'threatens').stdout)

    def test_what_is_refused(self):
        for path, status, words in (('trace-matrix?from=zone', 400, 'one kind'), ('trace-matrix?from=zone&to=zoen', 404, 'did you mean'),
                                    ('trace-matrix?from=zone&to=asset&gaps=all', 422, 'gaps'), ('trace-matrix?from=zone&to=asset&limit=0', 422, 'page'),
                                    ('trace-matrix?from=zone&to=asset&after=nothing', 422, 'end of a page'), ('trace-matrix?from=zone&to=asset&q=stat:x', 404, 'did you mean'),
                                    ('trace-matrix.xlsx?from=zone', 400, 'one kind'), ('items/TS-1/neighbourhood?depth=5', 422, '1 to 4'),
                                    ('items/TS-1/neighbourhood?depth=-1', 422, '1 to 4'), ('items/TS-1/neighbourhood?links=threaten', 404, 'did you mean'),
                                    ('items/TS-1/connection', 400, 'key'), ('items/TS-1/connection?to=TS-999', 404, 'no item'), ('items/TS-999/neighbourhood', 404, 'no item')):
            with self.subTest(path=path):
                self.assertIn(words, self.api(f'/api/v1/{path}', status)['detail'])


tap.main()
