#!/usr/bin/env python3
"""Lists over HTTP: pages, order, fields, counts, resources of kinds, the metamodel."""
import base64
import json
import os
import random
import re
import urllib.parse

import tap
from server import Served


class Page(Served):
    def fill(self):
        self.zw('import', '--format', 'native', self.lines(
            *[{'op': 'item', 'key': f'ZN-{n}', 'kind': 'zone', 'title': f'Zone {n % 7}', 'attrs': {'purdue': '23'[n % 2]}, **({'tags': ['old'], 'body': 'There is a modem here.'} if n == 3 else {})} for n in range(1, 24)],
            *[{'op': 'item', 'key': f'RQ-{n}', 'kind': 'requirement', 'title': 'Ü' * 200 + str(n)} for n in range(1, 4)],
            {'op': 'item', 'kind': 'access_point', 'title': 'Modem'}))

    def list(self, address, **query):
        """All pages of a list: its items, and the number of pages."""
        address += '?' + urllib.parse.urlencode(query)
        items, pages = [], 0
        while address:
            got = self.send('GET', address, status=200)
            items += got.json
            pages += 1
            self.assertLess(pages, 100)
            match = re.fullmatch('<([^>]+)>; rel="next"', got.headers['Link'] or '')
            self.assertEqual(match is None, got.headers['Link'] is None)
            address = match and match.group(1)
        return items, pages

    def test_pages_are_the_whole(self):
        whole = self.json('list')
        for limit, pages in ((1, 27), (4, 7), (26, 2), (27, 1), (10000, 1)):
            self.assertEqual(self.list('/api/v1/items', limit=limit), (whole, pages))
        got = self.send('GET', '/api/v1/items?limit=5')
        self.assertEqual((got.headers['Zonewright-Count'], got.headers['Zonewright-Seq']), ('27', '2'))
        self.assertEqual(self.send('GET', '/api/v1/items?q=kind:zone+purdue:3').headers['Zonewright-Count'], '12')

    def test_order(self):
        keys = lambda sort, **more: [i['key'] for i in self.list('/api/v1/items', sort=sort, limit=5, **more)[0]]
        self.assertEqual(keys('key', q='kind:zone'), [f'ZN-{n}' for n in range(1, 24)])
        self.assertEqual(keys('-key', q='kind:zone'), [f'ZN-{n}' for n in range(23, 0, -1)])
        self.assertEqual(keys('title,-key', q='kind:zone'), [f'ZN-{n}' for n in sorted(range(1, 24), key=lambda n: (n % 7, -n))])
        self.assertEqual(keys('-purdue,key')[:12], [f'ZN-{n}' for n in range(1, 24, 2)])
        self.assertEqual(set(keys('purdue')[-4:]), {'AP-1', 'RQ-1', 'RQ-2', 'RQ-3'}, 'what has no value comes last')
        self.assertEqual(set(keys('-purdue')[-4:]), {'AP-1', 'RQ-1', 'RQ-2', 'RQ-3'}, 'whatever the direction')
        self.zw('set', 'ZN-5', 'title=New')
        self.assertEqual(keys('-changed')[0], 'ZN-5')
        self.assertEqual(keys('kind,key')[0], 'ZN-1')
        self.assertEqual(keys('title', q='kind:requirement'), ['RQ-1', 'RQ-2', 'RQ-3'], 'alike in their first characters: by number')

    def test_words_are_found_as_by_reading(self):
        """Texts held in memory answer what reading every item answers: the latter is done for what was, once there is something newer."""
        words = ('modem', 'zone 3', 'STRASSE', 'straße', 'ü', 'rq-1', 'title:zone', 'title:modem', 'text:one', '-text:zone', 'title:zn-', '"3 there"', 'pump or title:"zone 1"', 'text:"a\xadb"')
        seen = {}

        def look():
            for q in words:
                got = self.send('GET', '/api/v1/items?' + urllib.parse.urlencode({'q': q, 'sort': 'title', 'fields': 'key', 'limit': 10000}), status=200)
                seen[got.headers['Zonewright-Seq'], q] = got.json
        look()
        for n, body in enumerate(('Hauptstraße, MODEM', 'a\xadb' + 'pump ' * 60000, 'x' * 300000, 'y' * 300000, 'Straße' + 'z' * 300000, 'w' * 300000, None)):
            self.zw('import', '--format', 'native', self.lines({'op': 'item', 'key': 'ZN-4', 'kind': 'zone', 'title': f'Zone one {n}', 'attrs': {'purdue': '2'}, 'body': body},
                                                               {'op': 'item', 'kind': 'asset', 'title': ('Pump', 'STRASSE', 'zone 3')[n % 3]}))
            look()
        self.zw('retire', 'RQ-1')
        look()
        self.zw('add', 'hazard', 'title=Newer')
        for (seq, q), items in seen.items():
            with self.subTest(seq=seq, q=q):
                self.assertEqual(items, self.send('GET', '/api/v1/items?' + urllib.parse.urlencode({'q': q, 'sort': 'title', 'fields': 'key', 'limit': 10000, 'at': seq}), status=200).json)
        self.assertGreater(len({len(items) for items in seen.values()}), 5)

    def test_few_of_a_kind_are_found_as_all_are(self):
        """Where few items are of the kinds that can fit, only they are read: whatever the filter, the list is that of the command."""
        self.zw('add', 'hazard', 'title=Zone of danger')
        self.zw('retire', 'AP-1')
        for q in ('kind:access_point', 'kind:hazard', 'kind:hazard or kind:access_point', 'kind:hazard zone', 'kind:hazard kind:zone', '-kind:zone', '-(kind:zone or kind:requirement)',
                  '(kind:hazard or zone) state:draft', 'kind:hazard or text:modem', 'kind:conduit', 'kind:hazard state:approved', '-kind:hazard kind:access_point'):
            with self.subTest(q=q):
                keys = [i['key'] for i in self.json('list', '--', q)]
                self.assertEqual([i['key'] for i in self.list('/api/v1/items', q=q, limit=1)[0]], keys)
                self.assertEqual(sorted(i['key'] for i in self.list('/api/v1/items', q=q, sort='-title', limit=2)[0]), sorted(keys))
        self.assertEqual([i['key'] for i in self.list('/api/v1/hazards')[0]], ['HZ-1'])
        self.assertEqual(self.list('/api/v1/items', q='kind:hazard', at='2')[0], [])

    def test_the_graph_tells_what_the_store_says(self):
        """Of the newest commit what fits and in which order is seen in the graph, of an earlier one it is read from the store."""
        self.zw('set', 'ZN-2', 'owner=ann', 'title=zone Ärmel')
        self.zw('retire', 'ZN-4')
        queries = ('', 'kind:zone', 'title:ärmel', 'text:modem', '-text:modem', 'owner:ann or kind:requirement', 'tag:old', '-tag:old kind:zone', 'state:draft -key:zn-7',
                   'purdue:3', 'purdue:3 or title:ärmel', 'changed>2000-01-01', 'changed<2000-01-01', '(tag:old or state:draft) -(owner:ann or key:ZN-9)')
        sorts = ('', 'key', '-title', 'state,-key', 'kind,title', '-rev,changed', 'owner,key', 'purdue,-title', '-purdue,key', 'likelihood')
        ask = lambda at: {(q, sort): [i['key'] for i in self.list('/api/v1/items', q=q, sort=sort, limit=7, **at)[0]] for q in queries for sort in sorts}
        now = ask({})
        seq = self.send('GET', '/api/v1/items?limit=1').headers['Zonewright-Seq']
        self.zw('add', 'hazard', 'title=modem')
        self.assertEqual(now, ask({'at': seq}))
        self.assertEqual({len(keys) for keys in now.values()} & {0, 1}, {0, 1})

    def findings(self):
        """Some of everything that findings are sorted by, and of nothing."""
        pick = random.Random(62443)
        some = lambda name, *values: {name: pick.choice(values)} if pick.random() < 0.8 else {}
        for n in range(1, 41):
            yield {'op': 'item', 'key': f'FD-{n}', 'kind': 'finding', 'title': f'Hole {n % 5}', 'state': pick.choice(['new', 'acknowledged', 'fixed']), **some('owner', 'ann', 'ben'),
                   'attrs': {**some('severity', 'low', 'high', 'critical'), **some('score', '9.8', '10.0', '4.1', '7.5' + '0' * 80, '10', '7', '9.80'), **some('kev', True, False), **some('confidence', 'exact', 'possible'),
                             **some('treatment', 'now', 'never'), 'treatment_reason': 'Weighed'}}
            if n % 3:
                yield {'op': 'link', 'from': f'FD-{n}', 'type': 'concerns', 'to': f'AS-{n % 3}'}

    def test_the_first_findings(self):
        """With a limit the first are picked in the graph, without one all are read and sorted: both say the same, in the list of items too."""
        self.zw('import', '--format', 'native', self.lines(
            *[{'op': 'item', 'key': f'AS-{n}', 'kind': 'asset', 'title': 'PLC'} for n in (1, 2)], {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'}, *self.findings()))
        seq = self.send('GET', '/api/v1/items?limit=1').headers['Zonewright-Seq']
        self.zw('add', 'zone', 'title=Later')
        for sort in ('', 'score,-key', '-score', '-kev,-severity,-score,key', 'severity,-key', 'state,title', '-confidence,score', '-treatment,kev', 'due,key', '-on'):
            for asked in ({}, {'q': '-state:fixed'}, {'q': 'owner:ann or kev:true'}, {'zone': 'ZN-1'}, {'state': 'new'}):
                whole = self.api('/api/v1/findings?' + urllib.parse.urlencode({'sort': sort, **asked}))
                self.assertGreater(len(whole), 5)
                for limit in (1, 6, 100):
                    self.assertEqual(self.api('/api/v1/findings?' + urllib.parse.urlencode({'sort': sort, 'limit': limit, **asked})), whole[:limit], (sort, asked, limit))
            if 'score' in sort.split(',')[0]:
                scores = [float(finding['score']) for finding in whole if finding['score']]
                self.assertEqual(scores, sorted(scores, reverse=sort[0] == '-'))
            if sort not in ('due,key', '-on'):
                now, then = ([i['key'] for i in self.list('/api/v1/items', q='kind:finding', sort=sort, limit=7, **at)[0]] for at in ({}, {'at': seq}))
                self.assertEqual(now, then, sort)

    def test_what_changes_between_pages_neither_repeats_nor_hides(self):
        first = self.send('GET', '/api/v1/items?sort=key&limit=5&q=kind:zone')
        seen = [i['key'] for i in first.json]
        self.zw('retire', seen[0])
        self.zw('add', 'zone', 'title=Later')
        address = re.match('<([^>]+)>', first.headers['Link']).group(1)
        self.assertEqual([i['key'] for i in self.api(address)], [f'ZN-{n}' for n in range(6, 11)])

    def test_fields(self):
        self.assertEqual(self.api('/api/v1/items?q=key:ZN-1&fields=title'), [{'key': 'ZN-1', 'title': 'Zone 1'}])
        self.assertEqual(self.api('/api/v1/items?q=key:ZN-1&fields=attrs.purdue,rev'), [{'key': 'ZN-1', 'rev': 1, 'attrs': {'purdue': '3'}}])
        self.assertEqual(self.api('/api/v1/items?q=key:ZN-1&fields=key,owner,body,changed,tags,parent'),
                         [{'key': 'ZN-1', 'owner': None, 'body': '', 'changed': 2, 'tags': None, 'parent': None}])

    def test_links(self):
        self.zw('add', 'conduit', 'title=Ring')
        self.zw('link', 'CD-1', 'connects', 'ZN-1', 'a')
        self.assertEqual(self.api('/api/v1/conduits?fields=key,links'), [{'key': 'CD-1', 'links': [{'from': 'CD-1', 'type': 'connects', 'to': 'ZN-1', 'as': 'a', 'suspect': False}]}])
        self.assertEqual(self.api('/api/v1/items?q=key:ZN-1&fields=links'), [{'key': 'ZN-1', 'links': []}], 'only those out of it')
        self.assertEqual(self.api('/api/v1/conduits?fields=key,links&at=2'), [], 'as of then')

    def test_refused(self):
        for query, status, words in (('limit=0', 422, '1 to 10000'), ('limit=10001', 422, '1 to'), ('limit=x', 422, '1 to'), ('limit=-1', 422, '1 to'),
                                     ('sort=titel', 404, 'did you mean "title"'), ('sort=', 200, ''), ('sort=key,key,key,key,key', 413, 'at most 4'),
                                     ('fields=titel', 404, 'did you mean "title"'), ('fields=attrs.purdu', 404, 'no field'), ('after=x', 422, 'begin without'),
                                     ('after=%25%25', 422, 'begin without'), ('after=' + 'A' * 5000, 422, 'begin without'), ('after=bnVsbA', 422, 'begin without'),
                                     ('q=' + '(' * 40, 422, ''), ('q=kind:%27%20or%201=1--', 404, 'no kind'),
                                     ('q=title:' + 'a' * 5000, 413, ''), ('q=x+or', 422, ''), ('q=%22open', 422, ''), ('q=fr:99999999999999999999', 422, '')):
            with self.subTest(query=query[:60]):
                got = self.send('GET', '/api/v1/items?' + query)
                if status != 200:
                    self.assertIn(got.status, (status, 413, 422) if status == 422 else (status,), got.content)
                    self.assertIn(words, got.json['detail'])
                else:
                    self.assertEqual(got.status, 200)
        other = self.send('GET', '/api/v1/items?limit=1&sort=key').headers['Link']
        cursor = re.search('after=([^>&]+)', other).group(1)
        self.assertEqual(self.send('GET', f'/api/v1/items?limit=1&sort=title&after={cursor}').status, 422, 'of another order')
        said = base64.urlsafe_b64decode(cursor + '==')
        self.assertEqual(json.loads(said).keys(), {'s', 'v', 'i'}, 'and it does not say how many items there are')
        unknown = base64.urlsafe_b64encode(re.sub(b'"i":"[0-9a-f]{8}', b'"i":"00000000', said)).decode().rstrip('=')
        self.assertEqual(self.send('GET', f'/api/v1/items?limit=1&sort=key&after={unknown}').status, 422, 'of no item')

    def test_resources_of_kinds(self):
        self.assertEqual(self.api('/api/v1/zones'), self.json('list', 'kind:zone'))
        self.assertEqual([i['key'] for i in self.api('/api/v1/access_points')], ['AP-1'])
        self.assertEqual([i['key'] for i in self.api('/p/MAIN/api/v1/requirements?q=key:RQ-2')], ['RQ-2'])
        self.assertEqual(self.api('/api/v1/conduits'), [])
        for wrong in ('zone', 'zoness', 'Zones', 'item'):
            self.assertEqual(self.api(f'/api/v1/{wrong}', 404)['code'], 'NOT_FOUND')
        self.assertEqual(self.api('/api/v1/zones?q=kind:requirement'), [])

    def test_metamodel(self):
        model = self.api('/api/v1/metamodel')
        kinds = {k['name']: k for k in model['kinds']}
        with open(os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'data/metamodel/kinds.tsv'), encoding='utf-8') as table:
            expected = [line.split('\t')[0] for line in table][1:]
        self.assertEqual(sorted(kinds), sorted(expected))
        self.assertEqual(len({k['plural'] for k in model['kinds']}), len(expected))
        self.assertEqual((kinds['nonconformity']['plural'], kinds['access_point']['title']), ('nonconformities', 'Access point'))
        purdue = next(a for a in kinds['zone']['attrs'] if a['name'] == 'purdue')
        self.assertEqual((purdue['type'], purdue['values']), ('enum', ['0', '1', '2', '3', '3.5', '4', '5']))
        self.assertIn({'from': 'in_review', 'to': 'approved', 'roles': ['approver'], 'guards': ['other_person', 'dual_safety']}, kinds['zone']['transitions'])
        self.assertEqual([s['name'] for s in kinds['zone']['states'] if s['initial']], ['draft'])
        links = {link['name']: link for link in model['links']}
        self.assertEqual(links['uses']['as'], ['sensor', 'logic', 'final', 'path', 'station'])
        self.assertEqual(links['rests_on']['reverse'], 'supports')
        self.assertIn({'from': ['conduit'], 'to': ['zone'], 'as': ['a', 'b'], 'same_kind': False, 'most': 0}, links['connects']['rules'])
        self.assertEqual([r['name'] for r in model['requirements']], ['IAC', 'UC', 'SI', 'DC', 'RDF', 'TRE', 'RA'])
        tag = self.send('GET', '/api/v1/metamodel').headers['ETag']
        self.assertEqual(self.send('GET', '/api/v1/metamodel', If_None_Match=tag).status, 304)


if __name__ == '__main__':
    tap.main()
