#!/usr/bin/env python3
"""Findings: the list, what one does to the case, triage."""
import os
import subprocess
import tempfile
import time

import plant
import tap


class Sample(plant.Plant):
    """The sample plant, made once: what only reads shares it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = os.path.join(cls.folder.name, 'data')
        subprocess.run([plant.ZW, '--data', cls.data, 'init', '--sample'], check=True, capture_output=True, timeout=60)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        pass

    def tearDown(self):
        pass


class Findings(Sample):
    def impact(self, key):
        return self.json('findings', key)

    def test_list(self):
        rows = self.json('findings')
        self.assertEqual(len(rows), 18)
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


tap.main()
