#!/usr/bin/env python3
"""Safety and security on the sample: a firewall too many, a diagnostic port closed, an engineering station shared; each conflict is
found, explained and resolved, and the report shows before and after."""
import json
import os
import subprocess

import tap
from plant import Plant, ZW


class SafetySecurity(Plant):
    def prepare(self):
        super().prepare()
        self.data += '-sample'
        subprocess.run([ZW, '--data', self.data, 'init', '--sample'], check=True, capture_output=True, timeout=60)

    def edit(self, *ops):
        self.zw('import', '--format', 'native', self.lines(*ops))

    def measure(self, key, title, *on):
        self.edit({'op': 'item', 'key': key, 'kind': 'countermeasure', 'title': title, 'attrs': {'nature': 'technical'}},
                  *({'op': 'link', 'from': key, 'type': 'deployed_on', 'to': at} for at in on))

    def assess(self, measure, function, verdict, *said, code=0):
        return self.zw('safety', 'assess', measure, function, '--verdict', verdict, *said, '-m', 'workshop', code=code)

    def function(self, key):
        answer = self.json('safety', 'interactions', key)
        return answer, next(one for one in answer['functions'] if one['function'] == key)

    def pair(self, measure, function):
        return next(one for one in self.json('safety', 'interactions', function)['interactions'] if one['measure'] == measure)

    def report(self):
        text = json.loads(self.zw('report', 'safety-security', '--format', 'json'))
        tables = {table['id']: table['rows'] for section in text['sections'] for table in section['tables']}
        return {(row['kind'], row['function']['key']): row['text'] for row in tables['conflicts']}, tables

    def shares(self, tables):
        return next((row['own'], row['added'], row['left']) for row in tables['budgets'] if row['function']['key'] == 'SF-2')

    def test_one_firewall_too_many(self):
        self.zw('set', 'SF-2', 'process_lag_ms=520000', 'response_margin_ms=40000', '-m', 'mixing in the clear water channel')
        for measure in [one['measure'] for one in self.function('SF-2')[0]['interactions'] if one['state'] != 'acceptable']:
            self.assess(measure, 'SF-2', 'acceptable', '--aspects', 'independence')
        self.assess('CM-16', 'SF-2', 'acceptable', '--aspects', 'response_time', '--added-latency-ms', '40')
        before, function = self.function('SF-2')
        self.assertEqual((function['response']['verdict'], function['open'], before['conflicts']), ('met', 0, []))
        self.assertEqual(function['response']['text'], '38000 ms own + 40 ms CM-16 = 38040 ms; budget 40000 ms = 600000 ms process '
                                                       'safety time - 520000 ms process lag - 40000 ms margin')
        self.what_if_a_firewall()
        self.measure('CM-90', 'Inspecting firewall between treatment and safety', 'CD-2')
        pair = self.pair('CM-90', 'SF-2')
        self.assertEqual((pair['state'], pair['path'], pair['on_loop']), ('unassessed', ['CM-90', 'CD-2', 'SF-2'], True))
        self.assertEqual(self.function('SF-2')[1]['response']['verdict'], 'unknown')
        self.assertEqual(self.shares(self.report()[1]), (95, None, None), 'what is added is not known')
        self.assess('CM-90', 'SF-2', 'acceptable', '--aspects', 'response_time', code=3)
        self.assess('CM-90', 'SF-2', 'open', '--aspects', 'response_time', '--added-latency-ms', '2500')
        answer, function = self.function('SF-2')
        self.assertEqual((function['verdict'], function['response']['verdict'], function['response']['total_ms']), ('conflict', 'not_met', 40540))
        self.assertIn('+ 2500 ms CM-90 = 40540 ms; budget 40000 ms', answer['conflicts'][0]['text'])
        conflicts, tables = self.report()
        self.assertIn('40540 ms', conflicts['response', 'SF-2'])
        self.assertEqual(self.shares(tables), (95, 6, 0))
        self.zw('unlink', 'CM-90', 'deployed_on', 'CD-2', '-m', 'the one-way line does without')
        self.zw('unlink', 'CM-90', 'affects', 'SF-2', '-m', 'not there any more')
        self.assertEqual(self.function('SF-2')[1]['response']['verdict'], 'met')
        self.assertNotIn(('response', 'SF-2'), self.report()[0])

    def what_if_a_firewall(self):
        """The same, asked before it is there: what would be is told, and nothing is written."""
        root = self.json('verify')['root']
        path = self.lines({'op': 'item', 'key': 'CM-95', 'kind': 'countermeasure', 'title': 'Firewall'},
                          {'op': 'link', 'from': 'CM-95', 'type': 'deployed_on', 'to': 'CD-2'},
                          {'op': 'link', 'from': 'CM-95', 'type': 'affects', 'to': 'SF-2', 'attrs': {'aspects': ['response_time'], 'added_latency_ms': '2500'}})
        told = self.json('impact', '--what-if', path)
        self.assertEqual([(one['function'], one['old']['response'], one['new']['response']) for one in told['balances']], [('SF-2', 'met', 'not_met')])
        self.assertEqual([(one['kind'], one['function']) for one in told['conflicts']], [('response', 'SF-2')])
        self.assertIn('+ 2500 ms CM-95 = 40540 ms', told['conflicts'][0]['text'])
        self.assertEqual(self.json('verify')['root'], root)

    def test_a_diagnostic_port_closed(self):
        self.measure('CM-91', 'Diagnostic port of the safety controller closed', 'AS-17')
        self.assess('CM-91', 'SF-1', 'not_acceptable', '--aspects', 'availability,maintenance', '--added-pfd', '0.0061')
        answer, function = self.function('SF-1')
        self.assertEqual({one['kind'] for one in answer['conflicts']}, {'probability', 'not_acceptable'})
        self.assertEqual((function['probability']['total'], function['probability']['sil'], function['probability']['sil_target']), (0.0103, 1, 2))
        self.assertIn('0.0042 own + 0.0061 CM-91 = 0.0103; SIL 1, demanded is SIL 2', self.report()[0]['probability', 'SF-1'])
        self.assess('CM-91', 'SF-1', 'acceptable', '--aspects', 'maintenance', '--failure-effect', 'A key opens the port for the test.')
        self.assertEqual(self.function('SF-1')[0]['conflicts'], [])
        self.assertNotIn(('probability', 'SF-1'), self.report()[0])
        # A verdict holds for what it was given on: a new version, and another element, reopen it.
        self.assertEqual(self.pair('CM-91', 'SF-1')['state'], 'acceptable')
        self.zw('set', 'CP-2', 'version=9.9', '-m', 'update')
        self.assertIn('CP-2', ' '.join(self.pair('CM-91', 'SF-1')['causes']))
        self.assess('CM-91', 'SF-1', 'acceptable', '--aspects', 'maintenance')
        self.zw('link', 'SF-1', 'uses', 'CD-2', 'path', '-m', 'status')
        self.assertIn('CD-2 was not there', self.pair('CM-91', 'SF-1')['causes'])

    def test_a_maintenance_lock_out_that_hinders(self):
        keeps = {event: event != 'lock_out' for event in ('lock_out', 'expired_credential', 'audit_failure', 'time_failure', 'denial_of_service',
                                                          'fail_close', 'island_mode')}
        self.zw('set', 'SF-3', 'keeps=' + json.dumps(keeps), '-m', 'the bypass asks for an account')
        self.measure('CM-92', 'Maintenance accounts are locked after three tries', 'AS-17')
        self.assess('CM-92', 'SF-3', 'open', '--aspects', 'access,maintenance')
        self.assertEqual([(one['kind'], one['measure']) for one in self.function('SF-3')[0]['conflicts']], [('hindered', 'CM-92')])

    def test_a_shared_engineering_station(self):
        layers = [op for n, asset in ((90, 'AS-290'), (91, 'AS-291')) for op in (
            {'op': 'item', 'key': f'ZN-{n}', 'kind': 'zone', 'title': f'Pressure alarm {n}'},
            {'op': 'item', 'key': asset, 'kind': 'asset', 'title': 'Pressure switch'},
            {'op': 'link', 'from': asset, 'type': 'part_of', 'to': f'ZN-{n}'},
            {'op': 'item', 'key': f'PL-{n}', 'kind': 'protection_layer', 'title': 'Low pressure alarm', 'attrs': {'nature': 'alarm'}},
            {'op': 'link', 'from': f'PL-{n}', 'type': 'prevents', 'to': 'HZ-10'},
            {'op': 'link', 'from': f'PL-{n}', 'type': 'uses', 'to': asset, 'as': 'logic'},
            {'op': 'link', 'from': f'PL-{n}', 'type': 'uses', 'to': 'AS-58', 'as': 'station'})]
        self.edit(*layers)
        hazard = next(one for one in self.json('safety', 'attack', 'HZ-10')['hazards'] if one['threat'] == 'TS-11')
        self.assertEqual((hazard['verdict'], hazard['credits'], hazard['standing'], hazard['least']), ('below', 1, 0, 3))
        self.assertEqual((hazard['severity'], hazard['consequence']), (4, 'Polluted water in a district of 3,000 people'))
        self.assertEqual(hazard['shares'], [{'layers': ['PL-90', 'PL-91'], 'item': 'AS-58', 'network': None}])
        self.assertEqual([(one['reached'], one['element'], one['as']) for one in hazard['layers']], [('yes', 'AS-58', 'station')] * 2)
        self.assertIn('SL-T(ZN-8) = {2 2 2 1 2 2 2} is below', hazard['text'])
        before = next(row for row in self.report()[1]['attacks'] if (row['hazard']['key'], row['threat']['key']) == ('HZ-10', 'TS-11'))
        for layer in ('PL-90', 'PL-91'):
            self.zw('unlink', layer, 'uses', 'AS-58', 'station', '-m', 'set by hand at the switch')
        hazard = next(one for one in self.json('safety', 'attack', 'HZ-10')['hazards'] if one['threat'] == 'TS-11')
        self.assertEqual((hazard['verdict'], hazard['credits'], hazard['standing']), ('held', 2, 2))
        after = next(row for row in self.report()[1]['attacks'] if (row['hazard']['key'], row['threat']['key']) == ('HZ-10', 'TS-11'))
        self.assertEqual((before['verdict'], after['verdict']), ('below', 'held'))

    def test_what_is_refused_changes_nothing(self):
        root = self.json('verify')['root']
        for said, where in ((['--aspects', 'acces'], 'aspects'), (['--added-pfd', '1.5', '--aspects', 'integrity'], 'added_pfd'),
                            (['--added-latency-ms', '2 s', '--aspects', 'response_time'], 'added_latency_ms'),
                            (['--added-latency-ms', '-1', '--aspects', 'response_time'], 'added_latency_ms'), ([], 'aspects')):
            self.assertIn(where, self.assess('CM-16', 'SF-2', 'acceptable', *said, code=3))
        self.assertIn('affects', self.assess('SF-2', 'SF-2', 'open', code=3))
        self.assess('CM-16', 'SF-99', 'open', code=2)
        self.zw('safety', 'interactions', 'ZN-1', code=2)
        self.assertEqual(self.json('verify')['root'], root)

    def test_the_report_in_each_format(self):
        self.edit({'op': 'item', 'key': 'TS-90', 'kind': 'threat', 'title': 'One scenario more than a drawing has room for'},
                  {'op': 'link', 'from': 'TS-90', 'type': 'leads_to', 'to': 'HZ-5'})
        for end in ('html', 'pdf', 'xlsx', 'json'):
            path = os.path.join(self.folder.name, f'report.{end}')
            self.zw('report', 'safety-security', '-o', path)
            self.assertGreater(os.path.getsize(path), 5000)
        with open(os.path.join(self.folder.name, 'report.html'), encoding='utf-8') as file:
            text = file.read()
        self.assertIn('Barriers of HZ-1: against TS-4 SF-1 reached: yes, credit 1', text)
        self.assertIn('Barriers of HZ-5, continued: against TS-90 no layer', text)


tap.main()
