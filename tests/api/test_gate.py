#!/usr/bin/env python3
"""The gate, essential functions and their approval, on small plants."""
import json

import plant
import tap

EVENTS = ['lock_out', 'expired_credential', 'audit_failure', 'time_failure', 'denial_of_service', 'fail_close', 'island_mode']


def item(key, kind, **attrs):
    return {'op': 'item', 'key': key, 'kind': kind, 'title': key, 'attrs': attrs}


class Gate(plant.Plant):
    def test_gate(self):
        self.zw('import', self.lines(item('SYS-1', 'system'), item('ZN-1', 'zone'), item('ST-1', 'sl_target', vector=[1, 0, 0, 0, 0, 0, None]),
                                     {'op': 'link', 'from': 'ZN-1', 'type': 'part_of', 'to': 'SYS-1'},
                                     {'op': 'link', 'from': 'ST-1', 'type': 'targets', 'to': 'ZN-1'}))
        done = self.run_zw('--json', 'gate', '--zone', 'ZN-1', '--target')
        self.assertEqual(done.returncode, 1)
        answer = json.loads(done.stdout)
        self.assertFalse(answer['met'])
        place = answer['places'][0]
        self.assertEqual((place['place'], place['demanded'][0]), ('ZN-1', 1))
        # Nothing is known of a zone without assets, and nothing was derived for FR 7: neither passes.
        self.assertTrue({1, 7} <= {fail['fr'] for fail in place['fails']})
        self.assertIn('SR 1.1', place['fails'][0]['refs'])
        self.assertEqual(self.run_zw('gate', '--zone', 'ZN-1', '--sl', '1').returncode, 1)
        self.zw('gate', '--zone', 'ZN-1', '--sl', '5', code=3)
        self.zw('gate', '--sl', '1', '--target', code=2)
        self.zw('gate', '--zone', 'SYS-1', code=2)

    def test_essential_functions(self):
        keeps = {event: True for event in EVENTS}
        self.zw('import', self.lines(item('EF-1', 'essential_function', keeps={'lock_out': True}), item('EF-2', 'essential_function', keeps=keeps),
                                     item('SF-1', 'safety_function'), item('SF-2', 'safety_function'), item('CM-1', 'countermeasure'),
                                     item('CM-2', 'countermeasure'), {'op': 'link', 'from': 'CM-1', 'type': 'affects', 'to': 'SF-1'}))
        self.zw('set', 'EF-2', 'keeps=' + json.dumps(keeps | {'fail_close': False}))
        found = {(defect['rule'], *defect['items']) for defect in self.json('lint') if defect['rule'].startswith('essential')}
        self.assertEqual(found, {('essential_function_unanswered', 'EF-1'), ('essential_function_unanswered', 'SF-1'), ('essential_function_lost', 'EF-2')})
        self.zw('import', self.lines({'op': 'setting', 'name': 'separation_of_duties', 'value': False}))
        for key in ('EF-1', 'EF-2', 'SF-1', 'SF-2', 'CM-1', 'CM-2'):
            self.zw('move', key, 'in_review')
        self.assertIn('expired_credential', self.zw('move', 'EF-1', 'approved', code=4))
        self.assertIn('lock_out', self.zw('move', 'SF-1', 'approved', code=4))
        self.assertIn('failure_effect', self.zw('move', 'CM-1', 'approved', code=4))
        # An answer that is a no is an answer; nothing affects SF-2, and CM-2 affects nothing.
        for key in ('EF-2', 'CM-2'):
            self.zw('move', key, 'approved')
        self.assertIn('signatures of two people', self.zw('move', 'SF-2', 'approved', code=4))

    def test_catalogue_maps(self):
        """Editions of 62443-2-1 lead to one another, and SRs to other frameworks."""
        rows = {row['id']: row for row in self.json('catalog', 'show', '62443-2-1')['requirements']}
        self.assertEqual(rows['ORG 1.2']['maps_to'], ['2010:4.3.3.2'])
        rows = {row['id']: row for row in self.json('catalog', 'show', '62443-3-3')['requirements']}
        self.assertIn('NIST CSF 1.1', {other['framework'] for other in rows['SR 1.1']['crosswalk']})
        self.assertNotIn('crosswalk', rows['SR 1.1 RE(1)'])


tap.main()
