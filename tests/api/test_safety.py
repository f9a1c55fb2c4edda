#!/usr/bin/env python3
"""Safety functions, layers of protection and fault trees as their users meet them: sheets and Open-PSA in, figures out. The
arithmetic is that of tests/unit/analysis/test_safety.c and tests/twin/test_safety.py."""
import collections
import csv
import json
import os
import unittest

import cutsets
import plant
import tap

TREES = os.path.join(os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent'), 'corpus', 'openpsa-mef', 'scram')

ELEMENTS = [
    {'id': 'PT-1', 'title': 'Transmitter 1', 'lambda_du_per_h': '2e-7', 'proof_test_interval_h': '8760', 'proof_test_coverage': '1', 'beta': '0.1',
     'systematic_capability': '2', 'element_response_ms': '500'},
    {'id': 'PT-2', 'title': 'Transmitter 2', 'lambda_du_per_h': '2e-7', 'proof_test_interval_h': '8760', 'proof_test_coverage': '1', 'beta': '0.1',
     'systematic_capability': '2', 'element_response_ms': '500'},
    {'id': 'LS-1', 'title': 'Controller', 'element_pfd': '1.3e-4', 'systematic_capability': '3', 'element_response_ms': '200'},
    {'id': 'XV-1', 'title': 'Valve', 'lambda_du_per_h': '1e-6', 'proof_test_interval_h': '8760', 'proof_test_coverage': '0.9', 'mission_time_h': '87600',
     'systematic_capability': '2', 'element_response_ms': '2000'}]
HAZARDS = [{'id': 'H-1', 'title': 'Overflow', 'cause': 'Level control fails', 'initiating_frequency_per_y': '0.1', 'ignition_probability': '0.5',
            'presence_probability': '0.1', 'tolerable_frequency_per_y': '1e-5'}]
LAYERS = [{'id': 'L-1', 'title': 'Dike', 'pfd': '0.1', 'independent': 'true', 'prevents': 'HZ-1'}]
FUNCTIONS = [{'id': 'S-1', 'title': 'High level closes the inlet', 'sil_target': '1', 'mode': 'low', 'sensor_vote': '1oo2', 'process_safety_time_ms': '10000',
              'process_lag_ms': '1000', 'prevents': 'HZ-1'}]
LOGIC = ('<opsa-mef><define-fault-tree name="T"><define-gate name="top"><or><gate name="g"/><basic-event name="a"/></or></define-gate>'
         '<define-gate name="g">{}</define-gate><define-basic-event name="a"><float value="0.01"/></define-basic-event>'
         '<define-basic-event name="b"><float value="0.1"/></define-basic-event></define-fault-tree></opsa-mef>')


class Safety(plant.Plant):
    def sheet(self, kind, rows, *args, code=0):
        path = os.path.join(self.folder.name, f'{kind}.csv')
        with open(path, 'w', encoding='utf-8', newline='') as file:
            columns = list(dict.fromkeys(column for row in rows for column in row))
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
        profile = os.path.join(self.folder.name, f'{kind}.json')
        with open(profile, 'w', encoding='utf-8') as file:
            json.dump({'kind': kind, 'columns': {column: column for column in columns}}, file)
        return self.zw('import', '--profile', profile, path, *args, code=code)

    def document(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def count(self, kind):
        return len(self.json('list', f'kind:{kind}'))

    def loop(self):
        for kind, rows in (('asset', ELEMENTS), ('hazard', HAZARDS), ('protection_layer', LAYERS), ('safety_function', FUNCTIONS)):
            self.sheet(kind, rows)
        for asset, role in (('AS-1', 'sensor'), ('AS-2', 'sensor'), ('AS-3', 'logic'), ('AS-4', 'final')):
            self.zw('link', 'SF-1', 'uses', asset, role)

    def test_sheets_in_figures_out(self):
        self.loop()
        self.sheet('asset', ELEMENTS)
        self.sheet('protection_layer', LAYERS)
        self.assertEqual([self.count(kind) for kind in ('asset', 'hazard', 'protection_layer', 'safety_function')], [4, 1, 1, 1])
        function, = self.json('safety', 'show', 'SF-1')
        self.assertAlmostEqual(function['value'], 8.5404e-3, 6)
        self.assertEqual([function[name] for name in ('basis', 'sil_probability', 'sil_hardware', 'sil_systematic', 'sil_achieved', 'integrity')],
                         ['computed', 2, 2, 2, 2, 'met'])
        self.assertEqual((function['response']['total_ms'], function['response']['budget_ms'], function['response']['verdict']), (2700, 4000, 'met'))
        self.assertEqual([part['formula'] for part in function['parts']], ['PFDavg 1oo2', None, 'PFDavg PTC 1oo1'])
        self.assertEqual(self.json('safety', 'list'), [function])
        self.assertEqual((self.json('safety', 'SF-1'), self.json('safety')), ([function], [function]))
        self.assertIn('there is no item SF-9', self.zw('safety', 'SF-9', code=2))
        self.assertIn('[show] FUNCTION', self.zw('safety', 'cutsets', code=2))
        hazard, = self.json('safety', 'lopa', 'HZ-1')
        self.assertAlmostEqual(hazard['mitigated_per_y'], 5e-4 * function['value'], 12)
        self.assertEqual((round(hazard['reduction_needed'], 6), hazard['sil_needed'], hazard['verdict']), (50, 1, 'met'))
        self.assertIn('SIL 2 of 1, met', self.zw('safety', 'list'))
        self.assertIn('credited', self.zw('safety', 'lopa'))

    def test_unknown_is_not_zero(self):
        self.loop()
        self.zw('import', self.lines({'op': 'item', 'key': 'AS-4', 'attrs': {'lambda_du_per_h': None}}))
        function, = self.json('safety', 'show', 'SF-1')
        self.assertEqual((function['value'], function['sil_achieved'], function['integrity']), (None, None, 'unknown'))
        self.assertIn(('missing', 'rate_missing', 'AS-4'), {(note['kind'], note['rule'], note['item']) for note in function['notes']})
        hazard, = self.json('safety', 'lopa', 'HZ-1')
        self.assertEqual((hazard['mitigated_per_y'], hazard['verdict']), (None, 'unknown'))

    def test_dry_run_and_refusals_change_nothing(self):
        self.sheet('asset', ELEMENTS, '--dry-run')
        self.assertEqual(self.count('asset'), 0)
        self.assertIn('element_pfd', self.sheet('asset', [{'id': 'X', 'title': 'x', 'element_pfd': '1.5'}], code=3))
        self.assertIn('proof_test_interval_h', self.sheet('asset', [{'id': 'X', 'title': 'x', 'proof_test_interval_h': '1 year'}], code=3))
        self.assertEqual(self.count('asset'), 0)
        for tree, why in ((['t = or t'], 'a cycle: t needs t'), (['t = event 2'], 'from 0 to 1'), (['t = not a', 'a = event'], 'one of and, or')):
            self.assertIn(why, self.zw('add', 'hazard', 'title=x', f'fault_tree={json.dumps(tree)}', code=3))
        self.assertEqual(self.count('hazard'), 0)

    def test_machinery_knows_no_sil_4(self):
        """Refused whichever of the three is said last, and nothing is changed."""
        add = ['add', 'safety_function', 'title=Stop', 'safety_standard=62061']
        self.assertIn('at most 3, not 4', self.zw(*add, 'sil_target=4', code=3))
        self.assertIn('low demand', self.zw(*add, 'sil_target=3', 'mode=low', code=3))
        self.zw(*add, 'sil_target=3', 'mode=high')
        self.zw('add', 'safety_function', 'title=Trip', 'sil_target=4', 'mode=low')
        root = self.json('verify')['root']
        for key, said in (('SF-1', 'sil_target=4'), ('SF-1', 'mode=low'), ('SF-2', 'safety_standard=62061')):
            self.zw('set', key, said, code=3)
        self.assertEqual(self.json('verify')['root'], root)
        self.zw('set', 'SF-2', 'safety_standard=62061', 'sil_target=2', 'mode=continuous')

    def test_open_psa(self):
        path = self.document('t.xml', LOGIC.format('<and><basic-event name="b"/><or><basic-event name="a"/><basic-event name="b"/></or></and>'))
        self.zw('import', '--dry-run', path)
        self.assertEqual(self.count('hazard'), 0)
        self.zw('import', path)
        self.zw('import', path)
        self.assertEqual(self.count('hazard'), 1)
        found = self.json('safety', 'cutsets', 'HZ-1')
        self.assertEqual([[event['name'] for event in one['events']] for one in found['sets']], [['b'], ['a']])
        self.assertAlmostEqual(found['probability'], 0.11)
        for inner, why in (('<and><gate name="top"/><basic-event name="a"/></and>', 'a cycle: T.top needs T.g needs T.top'),
                           ('<not><basic-event name="a"/></not>', 'not of not'), ('<and><gate name="c"/></and>', 'c is not defined'),
                           ('<atleast min="3"><basic-event name="a"/><basic-event name="b"/></atleast>', 'at least 3 of 2')):
            self.assertIn(why, self.zw('import', self.document('bad.xml', LOGIC.format(inner)), code=3))
        self.assertEqual(self.count('hazard'), 1)

    def test_events_of_another_file_of_open_psa(self):
        """They are basic, and nobody knows how probable; what else a document holds is told."""
        more = '<define-substitution name="S"/><define-event-tree name="E"/></opsa-mef>'
        said = self.zw('import', self.document('t.xml', LOGIC.format('<and><basic-event name="c"/></and>').replace('</opsa-mef>', more)))
        for part in ('1 basic events are not defined here', 'substitutions', 'event trees'):
            self.assertIn(part, said)
        found = self.json('safety', 'cutsets', 'HZ-1')
        self.assertIn(['c'], [[event['name'] for event in one['events']] for one in found['sets']])
        self.assertIsNone(found['probability'])

    def test_names_of_components_of_open_psa(self):
        """The innermost name counts; a private event is another one in each component. The label of the top event is kept."""
        inner = ('<define-component name="{}" role="private"><define-gate name="g"><or><basic-event name="e"/><basic-event name="x"/></or></define-gate>'
                 '<define-basic-event name="e"><float value="{}"/></define-basic-event></define-component>')
        self.zw('import', self.document('c.xml', '<opsa-mef><define-fault-tree name="T"><define-gate name="top"><label>Both stop</label>'
                                        '<and><gate name="p.g"/><gate name="q.g"/></and></define-gate>' + inner.format('p', 0.1) + inner.format('q', 0.2) +
                                        '</define-fault-tree><model-data><define-basic-event name="x"><float value="0.5"/></define-basic-event></model-data></opsa-mef>'))
        self.assertEqual(self.count('hazard'), 1)
        self.assertEqual(self.json('show', 'HZ-1')['body'], 'Both stop')
        found = self.json('safety', 'cutsets', 'HZ-1')
        self.assertEqual(sorted(sorted(event['name'] for event in one['events']) for one in found['sets']), [['T.p.e', 'T.q.e'], ['x']])
        self.assertAlmostEqual(found['probability'], 0.1 * 0.2 + 0.5)

    def test_common_cause_of_open_psa(self):
        """Two events of a group of 0.1 with a beta factor of 0.2: 0.2 0.1 together, (0.8 0.1) squared apart."""
        group = ('<opsa-mef><define-fault-tree name="T"><define-gate name="top"><and><basic-event name="a"/><basic-event name="b"/></and></define-gate>'
                 '</define-fault-tree><define-CCF-group name="G" model="{}"><members><basic-event name="a"/><basic-event name="b"/></members>'
                 '<distribution><float value="0.1"/></distribution><factor level="2"><float value="0.2"/></factor></define-CCF-group></opsa-mef>')
        self.assertNotIn('lost', self.zw('import', self.document('g.xml', group.format('beta-factor'))))
        found = self.json('safety', 'cutsets', 'HZ-1')
        self.assertEqual([sorted(event['name'] for event in one['events']) for one in found['sets']], [['G.common'], ['a.alone', 'b.alone']])
        self.assertAlmostEqual(found['probability'], 0.02 + 0.08 ** 2)
        self.assertIn('common cause other than the beta factor', self.zw('import', self.document('m.xml', group.format('MGL'))))
        self.assertIsNone(self.json('safety', 'cutsets', 'HZ-2')['probability'])
        inside = group.format('beta-factor').replace('<factor ', '<factors><factor ').replace('</factor>', '</factor></factors>')
        self.assertNotIn('lost', self.zw('import', self.document('f.xml', inside)))
        self.assertAlmostEqual(self.json('safety', 'cutsets', 'HZ-3')['probability'], 0.02 + 0.08 ** 2)
        for more, why in (('<define-CCF-group name="G" model="beta-factor"><members><basic-event name="c"/></members></define-CCF-group>', 'G is defined twice'),
                          ('<define-basic-event name="G.common"><float value="0.5"/></define-basic-event>', 'G.common is defined twice')):
            twice = group.format('beta-factor').replace('</opsa-mef>', more + '</opsa-mef>')
            self.assertIn(why, self.zw('import', self.document('bad.xml', twice), code=3))
        self.assertEqual(self.count('hazard'), 3)

    def test_checklist(self):
        questions = self.json('safety', 'checklist')
        self.assertEqual(len({one['key'] for one in questions}), len(questions))
        self.assertTrue(all(one['question'].endswith('?') and one['source'] for one in questions))
        self.assertIn('[ ] zone: ', self.zw('safety', 'checklist'))

    def test_elements_of_a_tree(self):
        self.loop()
        tree = ['top = or logic valve', 'logic = element AS-3', 'valve = element AS-4']
        self.zw('set', 'SF-1', f'fault_tree={json.dumps(tree)}')
        found = self.json('safety', 'cutsets', 'SF-1')
        self.assertAlmostEqual(found['probability'], 1.3e-4 + 8.322e-3)
        self.assertEqual({event['element'] for one in found['sets'] for event in one['events']}, {'AS-3', 'AS-4'})
        self.assertIn('no fault tree', self.zw('safety', 'cutsets', 'HZ-1', code=2))

    def test_corpus(self):
        """Counts that the tests of SCRAM state, and those a slow program finds."""
        if not os.path.isdir(TREES):
            self.skipTest('the corpus is not here')
        published = {'chinese': {2: 12, 4: 24, 5: 188, 6: 168}, 'baobab1': {2: 1, 3: 1, 4: 70, 5: 400, 6: 2212}}
        for number, name in enumerate(('chinese', 'baobab1', 'HIPPS', 'BSCU'), 1):
            path = os.path.join(TREES, f'{name}.xml')
            self.zw('import', path)
            found = self.json('safety', 'cutsets', f'HZ-{number}', '--limit', '3000')
            slow = cutsets.cut_sets(path, 5 if name == 'baobab1' else 6)
            sizes = {one['size']: one['count'] for one in found['sizes'] if one['size'] <= 6}
            self.assertEqual(sizes, published.get(name, collections.Counter(map(len, slow))), name)
            listed = {frozenset(event['name'] for event in one['events']) for one in found['sets']}
            most = max(map(len, slow))
            self.assertEqual({one for one in listed if len(one) <= most}, slow, name)
        self.zw('import', os.path.join(TREES, 'bcd.xml'))
        self.assertEqual(self.count('hazard'), 4)


if __name__ == '__main__':
    tap.main()
