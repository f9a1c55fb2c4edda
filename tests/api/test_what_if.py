#!/usr/bin/env python3
"""Impact with its filters and its cause; and what a changeset would do, held to what it does once it is really made."""
import json
import os
import subprocess

import tap
from plant import ZW
from server import Served

LINES = 'application/x-ndjson'
VECTORS = ('verified', 'claimed', 'verified_with_findings', 'claimed_with_findings')


class WhatIf(Served):
    def fill(self):
        subprocess.run([ZW, '--data', self.data + '-sample', 'init', '--sample'], check=True, capture_output=True)
        self.data += '-sample'

    def lines(self, *ops):
        return ''.join(json.dumps(op) + '\n' for op in ops).encode()

    def what_if(self, *ops, status=200, query=''):
        return self.send('POST', '/api/v1/what-if' + query, self.lines(*ops), status, LINES).json

    def state(self, instant):
        """Levels, rows and suspects, as other addresses tell them."""
        levels = {}
        for place in self.api(f'/api/v1/sl?reasons=false&instant={instant}'):
            for name, vector in [('target', place['target']), *((name, place['achieved'][name]) for name in VECTORS)]:
                levels.update({(place['place'], name, fr): level for fr, level in enumerate(vector, 1)})
        suspects = {(*row['link'].values(), row['because']['key']) for row in self.api('/api/v1/suspects?limit=10000')}
        return levels, suspects

    def check(self, *ops):
        """What is foretold is what happens; and foretelling changes nothing."""
        instant = '2026-06-01'
        before, suspects = self.state(instant)
        root = self.api('/api/v1/verify')['root']
        told = self.what_if(*ops, query=f'?instant={instant}')
        self.assertEqual(self.api('/api/v1/verify')['root'], root)
        self.assertEqual(self.state(instant), (before, suspects))
        self.send('POST', '/api/v1/changes', self.lines(*ops), 200, LINES)
        after, now = self.state(instant)
        self.assertEqual({(p['place'], l['vector'], l['fr']): (l['old'], l['new']) for p in told['places'] for l in p['levels']},
                         {key: (before.get(key), after.get(key)) for key in {*before, *after} if before.get(key) != after.get(key)})
        self.assertEqual({(s['from'], s['type'], s['to'], s['as'], s['because']) for s in told['suspects']}, now - suspects)
        return told

    def test_a_retired_countermeasure_and_a_replaced_version(self):
        told = self.check({'op': 'retire', 'key': 'CM-1'})
        rows = {(p['place'], r['ref']): (r['old']['status'], r['new']['status']) for p in told['places'] for r in p['rows']}
        self.assertEqual(rows['ZN-2', 'SR 1.1'], ('verified', 'open'))
        self.assertIn({'vector': 'verified', 'fr': 1, 'old': 2, 'new': 0},
                      next(p for p in told['places'] if p['place'] == 'ZN-2')['levels'])
        self.assertTrue(told['safety'])
        told = self.check({'op': 'item', 'key': 'AS-2', 'attrs': {'installed_version': '9.9'}})
        self.assertEqual([(i['key'], [f['field'] for f in i['fields']]) for i in told['changed']], [('AS-2', ['installed_version'])])

    def test_a_new_finding_and_a_removed_link(self):
        told = self.check({'op': 'item', 'key': 'FD-900', 'kind': 'finding', 'title': 'A weakness', 'attrs': {'vulnerability': 'CVE-2026-1'}},
                          {'op': 'link', 'from': 'FD-900', 'type': 'concerns', 'to': 'AS-8'})
        self.assertEqual(next(i for i in told['changed'])['change'], 'added')
        self.assertIn('AS-8', {row['key'] for row in told['impact']})
        link = next(l for l in self.api('/api/v1/items/CL-1')['links'] if l['type'] == 'rests_on')
        self.check({'op': 'unlink', 'from': link['from'], 'type': link['type'], 'to': link['to']})

    def test_levels_of_all_places_follow_what_is_done(self):
        """They are kept; of each place alone they are computed from scratch. Whoever asks for another day gets that one, and changes nothing for others."""
        told = []

        def look():
            told.append(self.api('/api/v1/sl?reasons=false'))
            for place in told[-1]:
                self.assertEqual([place], self.api(f'/api/v1/sl?reasons=false&zone={place["place"]}'))
        look()
        later = self.api('/api/v1/sl?reasons=false&instant=2041-01-01')
        results = os.path.join(self.folder.name, 'results.ndjson')
        with open(results, 'wb') as file:
            file.write(self.lines({'op': 'result', 'case': 'TC-1', 'run': 'TR-2', 'status': 'failed', 'at': '2026-05-01T10:00:00Z'}))
        for ops in ([{'op': 'item', 'key': 'AS-2', 'attrs': {'installed_version': '9.9'}}], [{'op': 'unlink', 'from': 'CL-1', 'type': 'covers', 'to': 'ZN-8'}], None,
                    [{'op': 'item', 'key': 'FD-900', 'kind': 'finding', 'title': 'A weakness', 'attrs': {'vulnerability': 'CVE-2026-1', 'broken': ['62443-3-3 SR 2.1', '62443-3-3 SR 5.1']}},
                     {'op': 'link', 'from': 'FD-900', 'type': 'concerns', 'to': 'AS-8'}],
                    [{'op': 'retire', 'key': 'CM-1'}], [{'op': 'item', 'key': 'ZN-90', 'kind': 'zone', 'title': 'Another'}]):
            look()
            if ops is None:
                self.zw('import', '--format', 'native', results)
            else:
                self.send('POST', '/api/v1/changes', self.lines(*ops), 200, LINES)
            look()
            self.assertNotEqual(told[-2], told[-1], ops)
        self.assertNotEqual(later, told[0])
        self.assertNotEqual(self.api('/api/v1/sl?reasons=false&instant=2041-01-01'), later)
        look()
        self.assertEqual(told[-2], told[-1])

    def test_a_retired_scenario_lists_what_is_left_without_a_source(self):
        ops = [{'op': 'retire', 'key': item['key']} for item in self.api('/api/v1/threats?limit=1000')]
        left = set(self.what_if(*ops)['without_source'])
        self.assertTrue(left)
        for key in sorted(left)[:5]:
            up = {i['kind'] for i in self.api(f'/api/v1/items/{key}/trace?up=true')['items']}
            self.assertIn('threat', up)
            self.assertNotIn('hazard', up)
        self.assertEqual(self.what_if(ops[0])['changed'][0]['fields'], [{'field': 'state', 'old': 'approved', 'new': 'retired'}])

    def test_editorial_raises_none_and_nothing_is_nothing(self):
        op = {'op': 'item', 'key': 'AS-2', 'title': 'Panel'}
        self.assertTrue(self.what_if(op)['suspects'])
        self.assertEqual(self.what_if(op, query='?editorial=true')['suspects'], [])
        nothing = self.what_if({'op': 'item', 'key': 'AS-2'})
        self.assertTrue(all(stage['old'] == stage['new'] for stage in nothing.pop('coverage')))
        self.assertEqual(nothing, {'changed': [], 'suspects': [], 'places': [], 'balances': [], 'conflicts': [], 'safety': [], 'without_source': [], 'impact': []})

    def test_what_is_refused(self):
        self.assertIn('no item NO-1', self.what_if({'op': 'retire', 'key': 'NO-1'}, status=404)['detail'])
        self.assertIn('did you mean', self.what_if({'op': 'item', 'key': 'AS-2', 'attrs': {'serail': 'x'}}, status=422)['detail'])
        self.assertIn('no kind', self.what_if({'op': 'item', 'key': 'AS-2', 'title': 'x'}, query='?kinds=none', status=404)['detail'])
        self.send('POST', '/api/v1/what-if', b'{"op":', 422, LINES)
        self.assertIn('either a KEY', self.zw('impact', code=2))
        self.assertIn('No such file', self.zw('impact', '--what-if', '/nowhere', code=3))

    def test_the_command_says_the_same(self):
        path = os.path.join(self.folder.name, 'ops.ndjson')
        with open(path, 'wb') as file:
            file.write(self.lines({'op': 'retire', 'key': 'CM-1'}, {'op': 'commit', 'message': 'x'}))
        instant = '2026-06-01'
        self.assertEqual(self.json('--instant', instant, 'impact', '--what-if', path),
                         self.what_if({'op': 'retire', 'key': 'CM-1'}, query=f'?instant={instant}'))
        self.assertIn('verified FR 1: 2 -> 0', self.zw('--instant', instant, 'impact', '--what-if', path))

    def test_filters_of_impact(self):
        every = self.api('/api/v1/items/TS-1/impact')
        kind = lambda query: {i['key'] for i in self.api('/api/v1/items/TS-1/impact?' + query)}
        self.assertEqual(kind('kinds=requirement'), {i['key'] for i in every if i['kind'] == 'requirement'})
        inside = {i['key'] for i in self.api('/api/v1/items?q=zone:ZN-2&limit=10000')}
        self.assertEqual(kind('zone=ZN-2'), {i['key'] for i in every} & inside)
        self.assertEqual(kind('links=assesses&links=justifies'), {i['key'] for i in every if i['path'][1:2] == ['RK-3']
                                                                  and i['distance'] <= 2 and i['kind'] in ('risk', 'sl_target')})
        safety = {i['key'] for i in self.api('/api/v1/items?q=discipline:safety&limit=1000')}
        self.assertEqual(kind('kinds=requirement&discipline=security'), kind('kinds=requirement') - safety
                         - {i['key'] for i in self.api('/api/v1/items?q=discipline:functional&limit=1000')})

    def test_one_call_answers_which_requirements_and_which_safety_functions(self):
        query = 'kinds=requirement&kinds=safety_function&discipline=security&shared=true'
        rows = self.api('/api/v1/items/TS-1/impact?' + query)
        self.assertEqual({i['kind'] for i in rows}, {'requirement', 'safety_function'})
        self.assertTrue(any('shared' in i for i in rows))
        self.assertEqual(self.json('impact', 'TS-1', '--kinds', 'requirement,safety_function', '--discipline', 'security', '--shared'), rows)

    def test_the_change_that_started_it(self):
        cause = lambda query='': self.api('/api/v1/items/AS-1/impact' + query)[0]['because']
        self.assertEqual(cause(), {'key': 'AS-1', 'rev_old': 1, 'rev_now': 2, 'changed': ['installed_version']})
        self.send('POST', '/api/v1/changes', self.lines({'op': 'item', 'key': 'AS-1', 'title': 'Controller'}), 200, LINES)
        self.assertEqual(cause(), {'key': 'AS-1', 'rev_old': 2, 'rev_now': 3, 'changed': ['title']})
        self.assertEqual(cause('?since=10'), {'key': 'AS-1', 'rev_old': 1, 'rev_now': 3, 'changed': ['installed_version', 'title']})
        self.assertEqual(cause('?at=17')['changed'], ['installed_version'])


tap.main()
