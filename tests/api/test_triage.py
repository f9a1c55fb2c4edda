#!/usr/bin/env python3
"""Findings: the list, what one does to the case, triage."""
import json
import os
import time

import plant
import tap


class Findings(plant.Sample):
    def impact(self, key):
        return self.json('findings', key)

    def test_list(self):
        rows = self.json('findings')
        self.assertEqual(len(rows), 19)
        first = rows[0]
        self.assertEqual((first['key'], first['on'], first['places'], first['refs'], first['owner']),
                         ('FD-1', 'CP-1', ['ZN-2'], ['SR 2.1'], 'J. Lindqvist'))
        self.assertEqual([row['key'] for row in self.json('findings', '--filter', 'kev:true')], ['FD-16', 'FD-17'])
        self.assertEqual([row['key'] for row in self.json('findings', '--state', 'new')], ['FD-3', 'FD-8'])
        self.assertEqual([row['key'] for row in self.json('findings', '--zone', 'ZN-5')], ['FD-3', 'FD-10'])
        ranks = ['critical', 'high', 'medium']
        found = self.json('findings', '--sort=-severity,-score,key')
        self.assertEqual([row['severity'] for row in found], sorted((row['severity'] for row in rows), key=ranks.index))
        self.assertEqual(found[0]['score'], '9.9')
        self.assertIn('not sorted by "colour"', self.zw('findings', '--sort', 'colour', code=2))
        self.zw('findings', '--zone', 'ZN-99', code=2)

    def test_impact(self):
        found = self.impact('FD-3')
        self.assertEqual([(row['ref'], row['basis']) for row in found['rows']],
                         [('SR 1.1', 'weakness'), ('SR 1.13', 'weakness'), ('SR 2.1', 'weakness')])
        self.assertFalse(found['confirmed'])
        place = next(place for place in found['places'] if place['key'] == 'ZN-2')
        self.assertEqual(place['verified']['now'], place['verified']['if_cleared'])
        self.assertEqual((place['verified']['now'][:2], place['verified']['if_confirmed'][:2]), ([1, 2], [0, 0]))
        self.assertEqual({(row['ref'], row['member']) for row in place['rows']}, {('SR 1.1', 'AS-10'), ('SR 2.1', 'AS-10')})
        self.assertEqual([(each['key'], each['element'], each['as']) for each in found['functions']], [('SF-4', 'AS-36', 'logic')])
        self.assertEqual({(each['key'], each['linked']) for each in found['scenarios']}, {('TS-1', False), ('TS-2', False), ('TS-9', False)})
        self.assertEqual(set(found['clears']['states']), {'fixed', 'not_affected', 'false_positive'})
        self.assertIn('if its rows are confirmed', self.zw('findings', 'FD-3'))

    def test_what_clears_it(self):
        found = self.impact('FD-1')
        self.assertTrue(found['confirmed'])
        measure = found['clears']['countermeasures'][0]
        self.assertEqual((measure['key'], found['clears']['cleared']), ('CM-20', measure['clears']))
        self.assertIn('mitigated', found['clears']['not_states'])
        accepted = self.impact('FD-13')
        self.assertEqual((accepted['state'], accepted['clears']['cleared']), ('accepted', False))
        moved = [place['key'] for place in accepted['places'] if place['verified']['now'] != place['verified']['if_cleared']]
        self.assertEqual(moved, [place['key'] for place in accepted['places']
                                 if place['verified']['if_cleared'] != place['verified']['if_confirmed']])

    def test_levels_are_those_of_the_place(self):
        levels = {place['place']: place['achieved'] for place in self.json('sl')}
        for key in ('FD-3', 'FD-10', 'FD-17'):
            for place in self.impact(key)['places']:
                self.assertEqual(place['verified']['now'], levels[place['key']]['verified_with_findings'])
                self.assertEqual(place['claimed']['without_findings'], levels[place['key']]['claimed'])

    def test_bad_keys(self):
        self.assertIn('ZN-1 is no finding', self.zw('findings', 'ZN-1', code=2))
        self.assertIn('FD-999', self.zw('findings', 'FD-999', code=2))

    def test_a_second_is_enough(self):
        start = time.monotonic()
        self.impact('FD-17')
        took = time.monotonic() - start
        print(f'# the impact of a known exploited vulnerability, program start included: {took:.2f} s')


def component(key, version='1.0', **attrs):
    return {'op': 'item', 'key': key, 'kind': 'component', 'title': key,
            'attrs': {'vendor': 'Example AG', 'product': 'Gate 7', 'version': version, **attrs}}


def cve(number, below='2.0', text='A hole', modified='2024-01-03T00:00:00Z', cwe='CWE-798', vector='CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'):
    return {'dataType': 'CVE_RECORD', 'dataVersion': '5.1', 'cveMetadata': {'cveId': number, 'state': 'PUBLISHED', 'dateUpdated': modified},
            'containers': {'cna': {'title': text, 'affected': [{'vendor': 'Example AG', 'product': 'Gate 7', 'defaultStatus': 'unaffected', 'versions': [
                {'version': '0', 'status': 'affected', 'versionType': 'custom', 'lessThan': below}]}],
                'problemTypes': [{'descriptions': [{'cweId': cwe}]}],
                'metrics': [{'cvssV3_1': {'version': '3.1', 'vectorString': vector, 'baseScore': 9.8, 'baseSeverity': 'CRITICAL'}}]}}}


class Triage(plant.Plant):
    """A plant of a few products with findings from CVE records."""

    def feed(self, value):
        path = os.path.join(self.folder.name, 'feed.json')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(value, file)
        self.zw('feed', 'import', path)

    def install(self, *ops):
        self.zw('import', self.lines(*ops))

    def find(self, **wanted):
        return [row for row in self.json('findings') if all(row[name] == value for name, value in wanted.items())]

    def one(self, **wanted):
        found = self.find(**wanted)
        self.assertEqual(len(found), 1, found)
        return found[0]

    def prepare(self):
        super().prepare()
        self.install(component('CP-1'))
        self.feed(cve('CVE-2024-1'))
        self.zw('match', code=1)
        self.key = self.one()['key']

    def test_states_on_the_way(self):
        self.zw('triage', self.key, '--state', 'in_progress', '--owner', 'Eve', '--ticket', 'https://tickets.example/1', '--treatment', 'next_window')
        found = self.one()
        self.assertEqual((found['state'], found['owner'], found['ticket'], found['treatment']), ('in_progress', 'Eve', 'https://tickets.example/1', 'next_window'))
        self.assertEqual([rev['state'] for rev in self.json('history', self.key)][-3:], ['new', 'acknowledged', 'in_progress'])
        self.assertIn('a reason is needed', self.zw('triage', self.key, '--state', 'fixed', code=3) + self.run_zw('triage', self.key, '--state', 'fixed').stdout)
        self.assertEqual(self.one()['state'], 'in_progress')
        self.zw('triage', self.key, code=2)
        self.zw('triage', self.key, '--state', 'asleep', code=2)
        self.zw('triage', self.key, '--of', 'product', '--state', 'fixed', code=2)
        self.zw('triage', self.key, '--treatment', 'soon', code=3)
        refused = self.run_zw('triage', self.key, '--treatment', 'never')
        self.assertEqual((refused.returncode, 'needs a reason of the treatment' in refused.stdout), (3, True), refused)
        # by whatever way it is said
        self.assertIn('/attrs/treatment_reason', self.zw('set', self.key, 'treatment=never', code=3))
        self.assertIn('/attrs/treatment_reason', self.zw('import', '--format', 'native', self.lines({'op': 'item', 'key': self.key, 'attrs': {'treatment': 'never'}}), code=3))
        self.assertIn('/attrs/treatment_reason', self.zw('add', 'finding', 'title=Another', 'treatment=never', code=3))
        self.assertEqual(self.one()['treatment'], 'next_window')
        self.zw('triage', self.key, '--treatment', 'never', '--treatment-reason', 'it stands in a locked cabinet without a network')
        self.assertIn('/attrs/treatment_reason', self.zw('set', self.key, 'treatment_reason=', code=3))
        self.zw('set', self.key, 'treatment_reason=', 'treatment=')

    def test_a_note_is_about_an_impact(self):
        before = self.json('findings', self.key)
        self.assertEqual((before['note'], len(before['hash'])), (None, 64))
        self.assertEqual(self.json('findings', self.key, '--note', 'No way in from the cell')['hash'], before['hash'])
        noted = self.json('findings', self.key)
        self.assertEqual(noted['note'], {'text': 'No way in from the cell', 'hash': before['hash'], 'current': True})
        self.assertEqual(noted['hash'], before['hash'], 'a note does not change what it is about')
        self.assertIn('noted: No way in', self.zw('findings', self.key))
        self.install({'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'Gate', 'attrs': {}}, {'op': 'link', 'from': 'AS-1', 'type': 'instance_of', 'to': 'CP-1'})
        later = self.json('findings', self.key)
        self.assertNotEqual(later['hash'], before['hash'])
        self.assertEqual(later['note']['current'], False)
        self.assertIn('another one since', self.zw('findings', self.key))
        self.zw('findings', '--note', 'Of what?', code=2)
        self.assertIn('/text', self.zw('findings', self.key, '--note', '', code=3))
        self.zw('findings', 'CP-1', '--note', 'x', code=2)
        self.assertEqual(self.json('suspects'), [])

    def test_preview_changes_nothing(self):
        before = self.json('history', self.key)
        shown = self.json('triage', '--filter', 'severity:critical', '--state', 'not_affected', '--reason', 'x', '--dry-run')
        self.assertEqual(shown['rows'], [{'key': self.key, 'before': {'state': 'new', 'attrs': {'decision': None, 'rationale': None}},
                                          'after': {'state': 'not_affected', 'attrs': shown['rows'][0]['after']['attrs']}}])
        self.assertEqual(self.json('history', self.key), before)
        self.assertIsNone(shown['changes']['commit'])

    def test_a_decision_follows_the_product_line(self):
        self.zw('triage', self.key, '--state', 'not_affected', '--reason', 'The port is closed here', '--of', 'product', '--versions', '<1.5')
        decision, = self.json('triage', 'decisions')
        self.assertEqual(decision['scope'], {'vendor': 'Example AG', 'product': 'Gate 7', 'versions': '<1.5'})
        self.install(component('CP-2', '1.2'), component('CP-3', '1.7'), component('CP-4', '2.0'))
        self.assertEqual({row['on']: row['state'] for row in self.json('findings')}, {'CP-1': 'not_affected', 'CP-2': 'not_affected', 'CP-3': 'new'})
        again = self.one(on='CP-2')
        self.assertEqual((again['decision'], again['rationale']), (decision['id'], f'as decided on {self.key}: The port is closed here'))
        self.assertEqual(self.run_zw('match').stdout.strip(), 'nothing to change')

    def test_reopened_when_the_source_changes(self):
        self.zw('triage', self.key, '--state', 'false_positive', '--reason', 'Not this one')
        self.assertEqual(self.run_zw('match').stdout.strip(), 'nothing to change')
        self.feed(cve('CVE-2024-1', modified='2024-01-05T00:00:00Z'))  # the same said again
        self.zw('match', code=1)
        self.assertEqual(self.one()['state'], 'false_positive')
        self.feed(cve('CVE-2024-1', below='3.0', modified='2024-01-06T00:00:00Z'))
        self.zw('match', code=1)
        found = self.one()
        self.assertEqual((found['state'], found['decision']), ('in_progress', None))
        self.assertIn('its sources say something else', found['rationale'])
        self.assertEqual(self.run_zw('match').stdout.strip(), 'nothing to change')

    def test_reopened_when_the_scope_or_the_time_ends(self):
        self.zw('triage', self.key, '--state', 'accepted', '--reason', 'Until the stop', '--until', '2020-01-01')
        self.zw('match', code=1)
        self.assertIn('expired', self.one()['rationale'])
        self.zw('triage', self.key, '--state', 'not_affected', '--reason', 'This version', '--versions', '<1.5')
        self.install({'op': 'item', 'key': 'CP-1', 'attrs': {'version': '1.6'}})
        found = self.one()
        self.assertEqual(found['state'], 'in_progress')
        self.assertIn('outside of the scope', found['rationale'])

    def test_a_decision_for_one_zone(self):
        self.install({'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'A'}, {'op': 'item', 'key': 'ZN-2', 'kind': 'zone', 'title': 'B'},
                     *(op for i in (1, 2) for op in (
                         {'op': 'item', 'key': f'AS-{i}', 'kind': 'asset', 'title': f'AS-{i}', 'attrs': {'installed_version': '1.1'}},
                         {'op': 'link', 'from': f'AS-{i}', 'type': 'instance_of', 'to': 'CP-1'},
                         {'op': 'link', 'from': f'AS-{i}', 'type': 'part_of', 'to': f'ZN-{i}'})))
        key = self.one(on='AS-1')['key']
        self.zw('triage', key, '--state', 'not_affected', '--reason', 'No network there', '--of', 'product', '--zone', 'ZN-1')
        self.install({'op': 'item', 'key': 'AS-3', 'kind': 'asset', 'title': 'AS-3', 'attrs': {'installed_version': '1.1'}},
                     {'op': 'link', 'from': 'AS-3', 'type': 'instance_of', 'to': 'CP-1'}, {'op': 'link', 'from': 'AS-3', 'type': 'part_of', 'to': 'ZN-1'})
        states = {row['on']: row['state'] for row in self.json('findings')}
        self.assertEqual((states['AS-1'], states['AS-2'], states['AS-3']), ('not_affected', 'new', 'not_affected'))
        self.assertIn('no zone', self.zw('triage', key, '--state', 'in_progress', '--reason', 'x', '--zone', 'CP-1', code=2))

    def test_what_is_due(self):
        self.assertEqual(self.one()['due']['rule'], 'critical')
        self.install({'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'A', 'attrs': {'windows': ['2020-01-01', '2030-02-01/2030-02-03', '2031-01-01']}},
                     {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'AS-1'}, {'op': 'link', 'from': 'AS-1', 'type': 'instance_of', 'to': 'CP-1'},
                     {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'}, {'op': 'item', 'key': 'SF-1', 'kind': 'safety_function', 'title': 'S'},
                     {'op': 'link', 'from': 'SF-1', 'type': 'uses', 'to': 'AS-1', 'as': 'logic'})
        found = self.one()
        self.assertEqual((found['due']['rule'], found['safety'], found['next_window']),
                         ('critical, on an element of a safety function', True, '2030-02-01/2030-02-03'))
        self.feed({'catalogVersion': '1', 'count': 1, 'vulnerabilities': [{'cveID': 'CVE-2024-1', 'dateAdded': '2024-01-02'}]})
        self.zw('match', code=1)
        self.assertEqual(self.one()['due']['rule'], 'exploited, on an element of a safety function')
        self.zw('triage', self.key, '--due', '2020-01-01')
        self.assertEqual(self.one()['due'], {'date': '2020-01-01', 'rule': None, 'overdue': True})
        self.zw('triage', self.key, '--due', 'tomorrow', code=3)

    def policy(self, value, code=0):
        path = os.path.join(self.folder.name, 'policy.json')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(value, file)
        return self.zw('triage', 'policy', path, code=code)

    def test_a_policy_of_the_project(self):
        given = self.json('triage', 'policy')
        own = {'confirm': [{'name': 'exploited for certain', 'kev': True, 'confidence': ['exact', 'probable']}], 'due': [{'name': 'all', 'days': 5}]}
        for wrong, place in (({**own, 'due': []}, 'due'), ({**own, 'due': [{'name': 'x', 'kev': True, 'days': 1}]}, 'due'),
                             ({**own, 'confirm': [{'name': 'x', 'epss': '0.5'}]}, 'confirm/0/epss'), ({**own, 'due': [{'name': 'x', 'days': -1}]}, 'due/0/days'),
                             ({**own, 'due': [{'name': 'x', 'sl_t': 5, 'days': 1}]}, 'due/0/sl_t'), ({**own, 'more': 1}, 'more'), ({}, 'confirm')):
            self.assertIn(place, self.policy(wrong, code=3))
        self.assertEqual(self.json('triage', 'policy'), given)
        self.policy(own)
        self.assertEqual(self.one()['due']['rule'], 'all')
        self.zw('match', code=1)
        self.assertIsNone(self.one()['broken'])
        self.feed({'catalogVersion': '1', 'count': 1, 'vulnerabilities': [{'cveID': 'CVE-2024-1', 'dateAdded': '2024-01-02'}]})
        self.zw('match', code=1)
        self.assertEqual((self.one()['broken'], self.one()['refs']), (['62443-3-3 SR 1.5'], ['SR 1.5']))
        self.assertIn('exploited for certain', self.one()['rationale'])
        self.feed(cve('CVE-2024-2', cwe='CWE-99999'))  # a score alone confirms nothing
        self.feed({'catalogVersion': '2', 'count': 1, 'vulnerabilities': [{'cveID': 'CVE-2024-2', 'dateAdded': '2024-01-02'}]})
        self.zw('match', code=1)
        self.assertIsNone(self.one(vulnerability='CVE-2024-2')['broken'])
        self.zw('triage', 'policy', 'default')
        self.assertEqual(self.json('triage', 'policy'), given)

    def test_only_matching_applies_decisions(self):
        done = self.run_zw('import', self.lines({'op': 'decided', 'key': self.key, 'to': 'not_affected'}))
        self.assertEqual(done.returncode, 3)
        self.assertIn('no such operation', done.stdout + done.stderr)
        self.assertEqual(self.one()['state'], 'new')


tap.main()
