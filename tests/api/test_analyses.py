#!/usr/bin/env python3
"""The analyses on a real data directory: what they answer through the command line, as of commits, and what is refused."""
import os

import tap
from plant import Plant

SEED = os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'tests', 'fuzz', 'seeds', 'tm7', 'model.tm7')


def item(key, kind, state='approved', **attrs):
    return {'op': 'item', 'key': key, 'kind': kind, 'title': key, 'state': state, 'attrs': attrs}


def link(start, kind, end, role='', **attrs):
    return {'op': 'link', 'from': start, 'type': kind, 'to': end, 'as': role} | ({'attrs': attrs} if attrs else {})


def seen(ident, title):
    """An asset of an inventory."""
    return {'op': 'item', 'kind': 'asset', 'title': title, 'source': {'system': 'cmdb:works', 'id': ident}, 'attrs': {}}


class Analyses(Plant):
    def load(self, *ops):
        return self.json('import', self.lines(*ops, {'op': 'commit', 'message': 'step'}))

    def drawing_defects(self, *options):
        return [tuple(d['items']) for d in self.json(*options, 'lint') if d['rule'] == 'drawing_unlike_inventory']

    def test_drawing_and_inventory(self):
        self.zw('import', SEED)
        drawn = {i['title']: i['key'] for i in self.json('list', 'kind:asset')}
        self.assertGreaterEqual(len(drawn), 2)
        self.assertEqual(self.drawing_defects(), [], 'there is no inventory yet')
        first, *rest = sorted(drawn)
        commit = self.load(seen('1', first.upper()), seen('2', 'Modem'))['commit']
        modem = self.json('list', 'text:Modem kind:asset')[0]['key']
        self.assertEqual(set(self.drawing_defects()), {(drawn[title],) for title in rest} | {(modem,)})
        self.zw('link', modem, 'relates_to', drawn[rest[0]])
        self.assertEqual(set(self.drawing_defects()), {(drawn[title],) for title in rest[1:]})
        self.assertEqual(len(self.drawing_defects('--at', str(commit))), len(rest) + 1, 'as it was')
        self.assertEqual(self.drawing_defects('--at', str(commit - 1)), [])
        report = os.path.join(self.folder.name, 'gap.json')
        self.zw('report', 'gap', '-o', report)
        with open(report, encoding='utf-8') as file:
            self.assertEqual(file.read().count('is on the drawing and not in the inventory'), len(rest) - 1)

    def test_metrics_of_findings(self):
        self.load(item('SYS-1', 'system'), item('ZN-1', 'zone'), item('AS-1', 'asset'), item('CP-1', 'component'),
                  item('FD-1', 'finding', 'new', vulnerability='CVE-1', severity='high', kev=True, fix='available'),
                  item('FD-2', 'finding', 'fixed', vulnerability='CVE-2', severity='low'), link('ZN-1', 'part_of', 'SYS-1'),
                  link('AS-1', 'part_of', 'ZN-1'), link('AS-1', 'instance_of', 'CP-1'), link('FD-1', 'concerns', 'CP-1'),
                  link('FD-2', 'concerns', 'AS-1'))
        answer = self.json('metrics')
        self.assertEqual([(x['scope'], x['kind'], x['findings'], x['open']) for x in answer['scopes']],
                         [(None, 'project', 2, 1), ('SYS-1', 'system', 2, 1), ('ZN-1', 'zone', 2, 1)])
        self.load({'op': 'transition', 'key': 'FD-1', 'to': 'acknowledged'})
        zone, = self.json('metrics', '--zone', 'ZN-1')['scopes']
        self.assertEqual((zone['acknowledged'], zone['patched'], zone['kev']['assets'], zone['to_acknowledge']['findings']),
                         ({'part': 2, 'of': 2}, {'part': 0, 'of': 1}, 1, 1))
        self.load({'op': 'transition', 'key': 'FD-1', 'to': 'acknowledged'},
                  {'op': 'transition', 'key': 'FD-1', 'to': 'fixed'})
        zone, = self.json('metrics', '--zone', 'ZN-1')['scopes']
        self.assertEqual((zone['open'], zone['patched'], zone['to_fix']['findings']), (0, {'part': 1, 'of': 1}, 1))
        self.assertEqual(self.json('metrics', '--to', '2001-01-01')['scopes'][0]['findings'], 0, 'nothing had come then')
        both = self.json('metrics', '--zone', 'ZN-1', '--environment', 'SYS-1')['scopes']
        self.assertEqual([x['scope'] for x in both], ['SYS-1', 'ZN-1'])
        for wrong in (['--zone', 'AS-1'], ['--environment', 'ZN-1'], ['--from', '2999-01-01']):
            self.assertEqual(self.run_zw('metrics', *wrong).returncode, 2, wrong)
        self.assertEqual(self.run_zw('metrics', '--from', 'then').returncode, 3)

    def product(self, *more):
        """A product with the four constraints and CR 5.1, all but the last row proved; states count in the first import only."""
        ops = [item('SYS-1', 'system'), item('ZN-1', 'zone'), item('AS-1', 'asset'), item('CP-1', 'component', types=['SAR'], version='1'),
               item('EV-1', 'evidence', nature='certificate', version='1'), link('ZN-1', 'part_of', 'SYS-1'),
               link('AS-1', 'part_of', 'ZN-1'), link('AS-1', 'instance_of', 'CP-1')]
        for n, ref in enumerate(['CCSC 1', 'CCSC 2', 'CCSC 3', 'CCSC 4', 'CR 5.1'], 1):
            ops += [item(f'RQ-{n}', 'requirement', ref='62443-4-2 ' + ref), item(f'CL-{n}', 'claim', statement='met'),
                    link(f'RQ-{n}', 'allocated_to', 'CP-1'), link(f'CL-{n}', 'answers', f'RQ-{n}'), link(f'CL-{n}', 'covers', 'CP-1')]
            ops += [link('EV-1', 'evidences', f'CL-{n}')] if n < 5 else []
        self.load(*ops, *more)

    def test_capability_of_a_component(self):
        self.product()
        found = self.json('sl', '--component', 'CP-1')
        self.assertEqual((found['types'], found['capability'], found['claimed']), (['SAR'], [0] * 7, [0, 0, 0, 0, 4, 0, 0]))
        self.assertEqual((found['rows'][4], found['rows'][0]), ({'met': 0, 'of': 1}, {'met': 0, 'of': 20}))
        reason = next(r for r in found['reasons'] if r['ref'] == 'CR 5.1')
        self.assertEqual((reason['fr'], reason['level'], reason['requirement'], reason['claim'], reason['status']), (5, 1, 'RQ-5', 'CL-5', 'claimed'))
        self.assertIn('not_verified', [c['kind'] for c in reason['causes']])
        self.load(link('EV-1', 'evidences', 'CL-5'))
        self.assertEqual(self.json('sl', '--component', 'CP-1')['capability'], [0, 0, 0, 0, 4, 0, 0])
        self.assertIn('1 of 1', self.zw('sl', '--component', 'CP-1'))
        self.zw('unlink', 'RQ-1', 'allocated_to', 'CP-1')
        self.assertEqual(self.json('sl', '--component', 'CP-1')['capability'], [None] * 7, 'a constraint that nobody asks of it')

    def test_capability_of_a_system(self):
        self.product(
            item('CP-2', 'component', types=['NDR']), item('AS-2', 'asset'), link('AS-2', 'part_of', 'ZN-1'),
            link('AS-2', 'instance_of', 'CP-2'), item('RQ-9', 'requirement', ref='62443-3-3 SR 5.4'), link('RQ-9', 'allocated_to', 'SYS-1'),
            item('CL-9', 'claim', statement='met'), link('CL-9', 'answers', 'RQ-9'), link('CL-9', 'covers', 'SYS-1'),
            link('CL-9', 'rests_on', 'CP-1'), link('CL-9', 'rests_on', 'CP-2'), link('EV-1', 'evidences', 'CL-9'))
        of = lambda: next((r for r in self.json('sl', '--system', 'SYS-1')['reasons'] if r['ref'] == 'SR 5.4'), None)
        self.assertIsNone(of(), 'both are there')
        self.assertEqual(self.json('sl', '--component', 'SYS-1'), self.json('sl', '--system', 'SYS-1'))
        self.zw('unlink', 'AS-2', 'instance_of', 'CP-2')
        self.assertEqual((of()['status'], of()['member'], of()['claim']), ('open', 'SYS-1', 'CL-9'))
        self.assertIn('CP-2', ' '.join(c['text'] for c in of()['causes'] if c['kind'] == 'missing'))

    def test_capability_refuses_other_kinds(self):
        self.product()
        for option, key in (('--component', 'ZN-1'), ('--system', 'CP-1'), ('--system', 'ZN-1')):
            self.assertIn(key, self.zw('sl', option, key, code=2))
        self.assertIn('SYS-9', self.zw('sl', '--system', 'SYS-9', code=2))

    def test_requirement_that_is_not_allocated(self):
        self.load(item('ZN-1', 'zone'), item('CD-1', 'conduit'), link('CD-1', 'connects', 'ZN-1', 'a'), item('TS-1', 'threat'),
                  item('ST-1', 'sl_target', vector=[1] * 7), link('ST-1', 'targets', 'ZN-1'), item('RQ-1', 'requirement', ref='62443-3-3 SR 5.2'))
        row = lambda: next(g for g in self.json('gaps', '--zone', 'ZN-1') if g['ref'].endswith('SR 5.2'))
        self.assertEqual((row()['stage'], row()['requirement'], row()['unallocated']), ('not_derived', None, 'RQ-1'))
        self.zw('link', 'TS-1', 'derives', 'RQ-1')
        self.assertEqual((row()['stage'], row()['status']), ('not_allocated', 'open'))
        self.assertIn('not_allocated', [c['kind'] for c in row()['causes']])
        self.zw('link', 'RQ-1', 'allocated_to', 'ZN-1')
        self.assertEqual((row()['stage'], row()['requirement'], row()['unallocated']), ('not_claimed', 'RQ-1', None))

    def test_every_vector_opens(self):
        self.load(item('ZN-1', 'zone'), item('AS-1', 'asset'), link('AS-1', 'part_of', 'ZN-1'), item('ST-1', 'sl_target', vector=[1] * 7),
                  link('ST-1', 'targets', 'ZN-1'), item('CP-1', 'component', types=['SAR'], traits={'audit_store': False}),
                  link('AS-1', 'instance_of', 'CP-1'), item('RQ-1', 'requirement', ref='62443-3-3 SR 6.2'), link('RQ-1', 'allocated_to', 'ZN-1'),
                  item('CL-1', 'claim', statement='met'), link('CL-1', 'answers', 'RQ-1'), link('CL-1', 'covers', 'ZN-1'),
                  item('FD-1', 'finding', 'new', vulnerability='CVE-1', broken=['62443-3-3 SR 6.2']), link('FD-1', 'concerns', 'AS-1'))
        self.assertNotIn('stops', self.json('sl')[0], 'of every place only what stops the verified vector')
        place = self.json('sl', '--zone', 'ZN-1')[0]
        self.assertEqual((place['rows'][5], place['rows'][0]['met']), ({'met': 0, 'of': 2}, 0))
        entries = {name: vector[5] for name, vector in place['achieved'].items()}
        self.assertEqual(entries, {'verified': 1, 'claimed': 2, 'verified_with_findings': 1, 'claimed_with_findings': 1})
        stops = {name: [(r['ref'], r['level'], r['broken']) for r in rows if r['fr'] == 6]
                 for name, rows in [('verified', place['reasons']), *place['stops'].items()]}
        self.assertEqual(stops, {'verified': [('SR 6.2', 2, True)], 'claimed': [('SR 6.1 RE(1)', 3, False)],
                                 'verified_with_findings': [('SR 6.2', 2, True)], 'claimed_with_findings': [('SR 6.2', 2, True)]})
        said = self.zw('sl', '--zone', 'ZN-1')
        self.assertIn('FR 6 stops below 2: SR 6.2 is ', said)
        self.assertEqual(said.count('stops below'), len({r['ref'] for r in place['reasons'] if r['level'] > 0}))
        self.assertNotIn('stops below', self.zw('sl'))
        broken = next(r for r in place['stops']['claimed_with_findings'] if r['fr'] == 6)
        self.assertEqual([c['item'] for c in broken['causes'] if c['kind'] == 'finding'], ['FD-1'])

    def test_plan(self):
        self.load(item('ZN-1', 'zone'), item('AS-1', 'asset'), link('AS-1', 'part_of', 'ZN-1'), item('ST-1', 'sl_target', vector=[None] * 5 + [2, None]),
                  link('ST-1', 'targets', 'ZN-1'), item('CP-1', 'component', types=['SAR'], traits={'audit_store': False}),
                  link('AS-1', 'instance_of', 'CP-1'), item('RQ-1', 'requirement', ref='62443-3-3 SR 6.2'), link('RQ-1', 'allocated_to', 'ZN-1'),
                  item('CL-1', 'claim', statement='met'), link('CL-1', 'answers', 'RQ-1'), link('CL-1', 'covers', 'ZN-1'),
                  item('FD-1', 'finding', 'new', vulnerability='CVE-1', fix='available', broken=['62443-3-3 SR 6.2']),
                  link('FD-1', 'concerns', 'CP-1'), item('SF-1', 'safety_function'), link('SF-1', 'uses', 'AS-1', 'logic'))
        plan = self.json('plan', '--target', 'SL-T')
        self.assertEqual([(s['action'], s['item'], s['cost']) for s in plan['steps']], [('new_test', 'CL-1', 3), ('patch', 'CP-1', 3)])
        self.assertEqual((plan['cost'], plan['needs'], plan['unmet'], plan['feeds']['state']), (6, 2, [], 'unknown'))
        self.assertEqual([s['gains'][0]['to'] for s in plan['steps']], [1, 2], 'the row is met when both are done')
        patch = plan['steps'][1]
        self.assertEqual((patch['touches'], patch['safety_functions'], [a['action'] for a in patch['alternatives']]), (['AS-1'], ['SF-1'], ['mitigate']))
        path = os.path.join(self.folder.name, 'plan.ndjson')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(self.zw('plan', '--ops'))
        self.assertEqual(self.json('import', path)['created'], {'test_case': 1, 'change': 1})
        change, = self.json('list', 'kind:change')
        self.assertEqual({(l['type'], l['to']) for l in self.json('show', change['key'])['links']}, {('concerns', 'CP-1'), ('resolves', 'FD-1')})
        test, = self.json('list', 'kind:test_case')
        self.assertEqual([s['item'] for s in self.json('plan')['steps']], [test['key'], 'CP-1'], 'the draft of the test is there to be run')
        self.load(item('TR-1', 'test_run', 'recorded', stage='site'), {'op': 'result', 'case': test['key'], 'run': 'TR-1', 'status': 'passed', 'at': '2026-01-01T00:00:00Z'},
                  {'op': 'transition', 'key': 'FD-1', 'to': 'acknowledged'},
                  {'op': 'transition', 'key': 'FD-1', 'to': 'fixed'})
        self.assertEqual((self.json('plan')['steps'], self.json('sl')[0]['achieved']['verified_with_findings'][5]), ([], 2))
        self.assertIn('SL-T', self.zw('plan', '--target', '3', code=2))
        self.assertIn('SF-1', self.zw('plan', '--zone', 'SF-1', code=2))

    def test_what_is_shared_with_safety(self):
        self.load(item('TS-1', 'threat'), item('RQ-1', 'requirement'), link('TS-1', 'derives', 'RQ-1'), item('CL-1', 'claim'),
                  link('CL-1', 'answers', 'RQ-1'), item('CM-1', 'countermeasure'), link('CL-1', 'rests_on', 'CM-1'), item('AS-1', 'asset'),
                  item('AS-2', 'asset'), item('CP-1', 'component'), link('CM-1', 'deployed_on', 'AS-1'), link('AS-1', 'instance_of', 'CP-1'),
                  link('AS-2', 'instance_of', 'CP-1'), item('SF-1', 'safety_function'), link('SF-1', 'uses', 'AS-2', 'logic'))
        ask = lambda *options: {i['key']: i for i in self.json('impact', 'TS-1', '--kinds', 'requirement,safety_function', *options)}
        self.assertEqual(set(ask()), {'RQ-1'})
        found = ask('--shared')
        self.assertEqual(set(found), {'RQ-1', 'SF-1'})
        path = ['TS-1', 'RQ-1', 'CL-1', 'CM-1', 'AS-1', 'CP-1', 'AS-2', 'SF-1']
        self.assertEqual((found['SF-1']['path'], found['SF-1']['shared'], found['SF-1']['distance']), (path, path, 7))
        self.zw('retire', 'CM-1')
        self.assertEqual(set(ask('--shared')), {'RQ-1'})
        self.load(link('TS-1', 'threatens', 'SF-1'), {'op': 'transition', 'key': 'CM-1', 'to': 'draft'})
        found = ask('--shared')['SF-1']
        self.assertEqual((found['path'], found['shared']), (['TS-1', 'SF-1'], path))


tap.main()
