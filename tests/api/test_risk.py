#!/usr/bin/env python3
"""Risks, methods and derived SL-T by the command line. Use: test_risk.py ZW"""
import copy
import json
import os

import plant
import tap

SOURCE = os.environ['ZONEWRIGHT_SOURCE']


def method(**changes):
    with open(os.path.join(SOURCE, 'data', 'risk', 'crrf-5x5.json'), encoding='utf-8') as file:
        return json.load(file) | {'method': 'own', 'version': 'A'} | changes


class Risk(plant.Plant):
    def file(self, value):
        path = os.path.join(self.folder.name, 'method.json')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(value, file)
        return path

    def small(self):
        self.zw('import', self.lines(
            {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Line'},
            {'op': 'item', 'key': 'CD-1', 'kind': 'conduit', 'title': 'Cable'},
            {'op': 'item', 'key': 'TS-1', 'kind': 'threat', 'title': 'Stop', 'attrs': {'techniques': ['T0800']}},
            {'op': 'item', 'key': 'TS-2', 'kind': 'threat', 'title': 'Flood', 'attrs': {'techniques': ['T0837']}},
            {'op': 'item', 'key': 'RK-1', 'kind': 'risk', 'title': 'Stop', 'attrs': {
                'method': 'crrf-5x5@1', 'likelihood': 3, 'impact': {'safety': 4, 'finance': 5}}},
            {'op': 'item', 'key': 'RK-2', 'kind': 'risk', 'title': 'Tap', 'attrs': {
                'method': 'crrf-5x5@1', 'stage': 'initial', 'frs': [4], 'likelihood': 1, 'impact': {'safety': 4}}},
            {'op': 'item', 'key': 'RK-3', 'kind': 'risk', 'title': 'Flood', 'attrs': {'likelihood': 3, 'impact': {'safety': 4}}},
            {'op': 'link', 'from': 'RK-1', 'type': 'assesses', 'to': 'TS-1'},
            {'op': 'link', 'from': 'RK-3', 'type': 'assesses', 'to': 'TS-2'},
            {'op': 'link', 'from': 'RK-1', 'type': 'within', 'to': 'ZN-1'},
            {'op': 'link', 'from': 'RK-2', 'type': 'within', 'to': 'ZN-1'},
            {'op': 'link', 'from': 'RK-3', 'type': 'within', 'to': 'CD-1'}))

    def derive(self, *args):
        return {place['place']: place for place in self.json('risk', 'derive', *args)['places']}

    def test_from_nothing(self):
        self.small()
        risk = self.json('risk', 'show', 'RK-1')
        self.assertEqual(risk['frs'], risk['proposed_frs'])
        self.assertEqual((risk['sl'], [c['risk'] for c in risk['categories']]), (2, [12, 15]))
        place = self.derive('--dry-run')['ZN-1']
        self.assertEqual(place['state'], 'missing')
        self.assertEqual([place['derived'][fr - 1] for fr in risk['frs']], [2] * len(risk['frs']))
        self.assertEqual((place['derived'][3] in (0, 2), place['derived'][6] is None or 7 in risk['frs']), (True, True))
        self.assertEqual(self.json('list', 'kind:sl_target'), [])
        self.derive()
        self.assertEqual([item['key'] for item in self.json('list', 'kind:sl_target')], ['ST-1'])
        shown = self.json('sl', '--zone', 'ZN-1')[0]
        self.assertEqual(shown['derivation']['state'], 'draft')
        # A 0 counts only with an approved statement.
        self.assertEqual(shown['target'], [level or None for level in shown['derivation']['derived']])
        self.assertEqual(self.json('risk', 'derive')['changes']['commit'], None)
        # No FR: a technique without a row asks a person.
        self.assertEqual(self.json('risk', 'show', 'RK-3')['unmapped'], ['T0837'])
        self.assertEqual(self.derive('--dry-run')['CD-1']['state'], 'not_derived')

    def test_change_and_history(self):
        self.small()
        self.derive()
        before = self.json('sl', '--zone', 'ZN-1')[0]
        at = str(self.json('risk', 'derive')['changes']['commit'] or self.json('show', 'ST-1')['since'])
        self.zw('set', 'RK-1', 'impact={"safety":3}')
        place = self.json('sl', '--zone', 'ZN-1')[0]
        self.assertEqual(place['derivation']['state'], 'under_review')
        self.assertEqual(place['target'], before['target'])
        self.assertIn('SL-T under review', self.zw('sl'))
        self.derive()
        place = self.json('sl', '--zone', 'ZN-1')[0]
        self.assertEqual(place['derivation']['state'], 'draft')
        self.assertEqual(place['derivation']['derived'][0], 2 if before['derivation']['derived'][0] is None else place['derivation']['derived'][0])
        self.assertEqual(self.json('--at', at, 'sl', '--zone', 'ZN-1')[0]['derivation']['arithmetic'], before['derivation']['arithmetic'])

    def test_versions(self):
        self.small()
        self.zw('risk', 'method', 'add', self.file(method()), '-m', 'ours')
        self.zw('risk', 'method', 'use', 'own@A')
        self.assertEqual(self.json('risk', 'show', 'RK-3')['method'], 'own@A')
        self.zw('set', 'RK-1', 'method=own@A')
        self.derive()
        self.zw('risk', 'method', 'add', self.file(method(version='B', replaces='A')))
        self.assertTrue(self.json('risk', 'show', 'RK-1')['suspect'])
        self.assertFalse(self.json('risk', 'show', 'RK-2')['suspect'])
        place = self.derive('--dry-run')['ZN-1']
        self.assertEqual((place['state'], sorted(place['methods'])), ('under_review', ['crrf-5x5@1', 'own@A']))
        # What `show` gives can be given back, and changes nothing.
        path = self.file(self.json('risk', 'method', 'show', 'own@B'))
        self.assertIn('as before', self.zw('risk', 'method', 'add', path))
        names = [one['name'] for one in self.json('risk', 'method', 'list')]
        self.assertEqual(names, ['matrix-5x5@1', 'crrf-5x5@1', 'attacker-5x5@1', 'own@A', 'own@B'])

    def test_refused_methods(self):
        hole, high = method(), method()
        hole['rating'][2][3] = None
        high['sl']['bands'][1]['sl'] = 5
        self.assertIn('/rating/2/3', self.zw('risk', 'method', 'add', self.file(hole), code=3))
        self.assertIn('/sl/bands/1/sl', self.zw('risk', 'method', 'add', self.file(high), code=3))
        more = self.file({**method(), 'colour': 'red'})
        self.assertIn(f'{more}: there is no field "colour"', self.zw('risk', 'method', 'add', more, code=3))
        self.zw('risk', 'method', 'add', self.file(method()))
        changed = copy.deepcopy(method())
        changed['rating'][0][0] = 2
        self.assertIn('never edited', self.zw('risk', 'method', 'add', self.file(changed), code=4))
        self.assertIn('replaces', self.zw('risk', 'method', 'add', self.file(method(version='B')), code=3))
        self.zw('risk', 'method', 'use', 'own@C', code=2)
        away = self.lines({'op': 'setting', 'name': 'risk_method:own@A', 'value': None})
        self.assertIn('never taken away', self.zw('import', away, code=3))
        other = self.lines({'op': 'setting', 'name': 'risk_method:own@B', 'value': method()})
        self.zw('import', other, code=3)
        for words in (['nothing'], ['show'], ['list', '--dry-run'], ['method', 'add']):
            self.zw('risk', *words, code=2)
        self.zw('risk', 'show', 'ZN-9', code=2)
        self.zw('add', 'sl_target', 'title=t', 'vector=[5,0,0,0,0,0,0]', code=3)

    def test_settings_travel(self):
        self.zw('risk', 'method', 'add', self.file(method(version='10')))
        self.zw('risk', 'method', 'add', self.file(method(version='2', replaces='10')))
        self.zw('risk', 'method', 'use', 'own@2')
        path = os.path.join(self.folder.name, 'all.ndjson')
        self.zw('export', 'native', '-o', path)
        other = os.path.join(self.folder.name, 'other')
        self.data, first = other, self.data
        self.zw('init')
        self.zw('import', path)
        there = self.json('risk', 'method', 'list')
        self.data = first
        self.assertEqual(there, self.json('risk', 'method', 'list'))

    def test_overrides(self):
        self.small()
        self.derive()
        self.zw('import', self.lines({'op': 'setting', 'name': 'separation_of_duties', 'value': False}))
        self.zw('move', 'ST-1', 'in_review')
        self.zw('move', 'ST-1', 'approved')
        self.zw('set', 'ST-1', 'title=Levels of the line')
        self.assertEqual(self.json('show', 'ST-1')['state'], 'approved')
        # Where no rule makes a draft of it again an override is refused as a whole, and what else a file says is taken.
        rules = {'initial': 'draft', 'states': [{'state': name} for name in ('draft', 'in_review', 'approved', 'retired')],
                 'transitions': [{'from': before, 'to': after, 'roles': ['author']} for before, after in
                                 (('draft', 'in_review'), ('in_review', 'approved'), ('approved', 'retired'))]}
        workflow = {'op': 'setting', 'name': 'workflow:sl_target', 'value': rules}
        self.zw('import', self.lines(workflow))
        before = self.json('show', 'ST-1')['rev']
        rest = self.json('import', '--partial', self.lines(
            {'op': 'item', 'key': 'ST-1', 'attrs': {'vector': [1, 1, 1, 0, 1, 1, 1], 'basis': ['override']}},
            {'op': 'item', 'key': 'ZN-1', 'title': 'Line 1'}))
        self.assertEqual(([row['where'] for row in rest['refused']], rest['updated']), (['line 1 ST-1'], {'zone': 1}))
        shown = self.json('show', 'ST-1')
        self.assertEqual((shown['rev'], shown['state'], 'override' in shown['attrs']['basis']), (before, 'approved', False))
        self.zw('import', self.lines({**workflow, 'value': None}))
        # Nobody has approved an override that is written over approved levels.
        self.zw('set', 'ST-1', 'vector=[1,1,1,0,1,1,1]', 'basis=["override"]')
        self.assertEqual(self.json('show', 'ST-1')['state'], 'draft')
        self.zw('move', 'ST-1', 'in_review')
        self.assertIn('override_reason', self.zw('move', 'ST-1', 'approved', code=4))
        self.zw('set', 'ST-1', 'override_reason=cost')
        self.assertIn('residual_risk', self.zw('move', 'ST-1', 'approved', code=4))
        self.zw('set', 'ST-1', 'residual_risk=somebody stops the line')
        self.assertIn('owner_approval', self.zw('move', 'ST-1', 'approved', code=4))
        self.zw('set', 'ST-1', 'vector=[4,4,4,4,4,4,4]')
        self.assertIn('"approved"', self.zw('move', 'ST-1', 'approved', code=4))
        # An override stays when the rest is derived again.
        self.zw('set', 'RK-2', 'likelihood=5')
        self.derive()
        self.assertEqual(self.json('show', 'ST-1')['attrs']['vector'], [4] * 7)


tap.main()
