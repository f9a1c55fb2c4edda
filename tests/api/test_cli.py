#!/usr/bin/env python3
"""The command line on a real data directory: what it does, what it refuses, and with which exit code."""
import json
import os

import rows
import tap
from plant import Plant


class Commands(Plant):
    def zone(self):
        """A zone with a target, one requirement that a claim answers on its conduit, and a passed site test."""
        link = lambda a, t, b: {'op': 'link', 'from': a, 'type': t, 'to': b}
        item = lambda key, kind, **attrs: {'op': 'item', 'key': key, 'kind': kind, 'title': key, 'attrs': attrs}
        return self.lines(
            item('SYS-1', 'system'), item('ZN-1', 'zone'), item('CD-1', 'conduit'),
            item('ST-1', 'sl_target', vector=[1, 1, 1, 1, 2, 1, 1]), item('RQ-1', 'requirement', ref='62443-3-3 SR 5.2'),
            item('CL-1', 'claim', statement='met', rationale='firewall'), item('TC-1', 'test_case', test_kind='sat'),
            item('TR-1', 'test_run', at='2026-03-01'),
            link('ZN-1', 'part_of', 'SYS-1'), link('CD-1', 'part_of', 'SYS-1'),
            {'op': 'link', 'from': 'CD-1', 'type': 'connects', 'to': 'ZN-1', 'as': 'a'}, link('ST-1', 'targets', 'ZN-1'),
            link('RQ-1', 'allocated_to', 'ZN-1'), link('CL-1', 'answers', 'RQ-1'), link('CL-1', 'covers', 'CD-1'),
            link('TC-1', 'verifies', 'CL-1'),
            {'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'passed', 'at': '2026-03-01T10:00:00Z'},
            {'op': 'commit', 'message': 'first plant'})

    def test_import_is_repeatable(self):
        path = self.zone()
        first = self.json('import', path)
        self.assertEqual(first['created']['zone'], 1)
        self.assertEqual(first['commit'], 2)
        again = self.json('import', path)
        self.assertEqual((again['created'], again['updated']), ({}, {}))
        self.assertEqual(again['unchanged']['claim'], 1)
        self.assertIsNone(again['commit'])
        setting = self.lines({'op': 'setting', 'name': 'separation_of_duties', 'value': False})
        self.assertEqual(self.json('import', setting)['commit'], 3)
        self.assertIsNone(self.json('import', setting)['commit'])

    def test_dry_run_changes_nothing(self):
        self.assertIsNone(self.json('import', '--dry-run', self.zone())['commit'])
        self.assertEqual(self.json('list'), [])

    def test_status_follows_approval_and_proof(self):
        self.zw('import', self.zone())
        self.zw('project', 'create', 'OTHER')
        row = lambda: next(g for g in self.json('--project', 'MAIN', 'gaps', '--zone', 'ZN-1') if g['ref'].endswith('SR 5.2'))
        self.assertEqual(row()['status'], 'open')
        self.assertIn('not_approved', [c['kind'] for c in row()['causes']])
        self.zw('--project', 'MAIN', 'move', 'CL-1', 'in_review')
        self.assertIn('separation of duties', self.zw('--project', 'MAIN', 'move', 'CL-1', 'approved', code=5))
        setting = self.lines({'op': 'setting', 'name': 'separation_of_duties', 'value': False})
        self.zw('--project', 'MAIN', 'import', setting)
        self.zw('--project', 'MAIN', 'move', 'CL-1', 'approved')
        self.assertEqual(row()['status'], 'verified')
        self.assertEqual(next(g for g in self.json('--project', 'MAIN', '--at', '2', 'gaps')
                              if g['ref'].endswith('SR 5.2'))['status'], 'open')
        self.zw('--project', 'MAIN', 'set', 'CL-1', 'rationale=another firewall')
        self.assertEqual(row()['status'], 'suspect')

    def test_trace_and_impact(self):
        self.zw('import', self.zone())
        trace = self.json('trace', 'RQ-1')
        self.assertEqual({i['key'] for i in trace['items']}, {'RQ-1', 'CL-1', 'TC-1'})
        impact = {i['key']: i['path'] for i in self.json('impact', 'RQ-1')}
        self.assertEqual(impact['TC-1'], ['RQ-1', 'CL-1', 'TC-1'])

    def test_lint_finds_each_seeded_defect_and_no_other(self):
        item = lambda key, kind, **attrs: {'op': 'item', 'key': key, 'kind': kind, 'title': key, 'attrs': attrs}
        link = lambda a, t, b, role='': {'op': 'link', 'from': a, 'type': t, 'to': b, 'as': role}
        clean = [
            item('SYS-1', 'system'), item('ZN-1', 'zone'), item('ZN-2', 'zone', nature=['safety']), item('CD-1', 'conduit'),
            item('AS-1', 'asset'), item('AS-2', 'asset', nature=['safety']), item('FL-1', 'flow'), item('TS-1', 'threat'),
            item('RK-1', 'risk', residual_likelihood=2, residual_impact={'safety': 2}, tolerable={'safety': 4}),
            item('ST-1', 'sl_target', vector=[1, 1, 1, 1, 1, 1, 1]), item('RQ-1', 'requirement'), item('CL-1', 'claim'),
            item('TC-1', 'test_case', tester='A'), item('EV-1', 'evidence', revision='B'),
            item('CM-1', 'countermeasure', failure_effect='nothing', developer='B'),
            item('WV-1', 'waiver', decision='deferred', rationale='r'),
            link('ZN-1', 'part_of', 'SYS-1'), link('ZN-2', 'part_of', 'SYS-1'), link('CD-1', 'part_of', 'SYS-1'),
            link('CD-1', 'connects', 'ZN-1', 'a'), link('CD-1', 'connects', 'ZN-2', 'b'), link('AS-1', 'part_of', 'ZN-1'),
            link('AS-2', 'part_of', 'ZN-2'), link('FL-1', 'connects', 'AS-1', 'source'), link('FL-1', 'connects', 'CD-1'),
            link('FL-1', 'connects', 'AS-2', 'sink'), link('RK-1', 'assesses', 'TS-1'), link('RK-1', 'within', 'ZN-1'),
            link('RK-1', 'justifies', 'ST-1'), link('ST-1', 'targets', 'ZN-1'), link('ST-1', 'derives', 'RQ-1'),
            link('RQ-1', 'allocated_to', 'ZN-1'), link('CL-1', 'answers', 'RQ-1'), link('TC-1', 'verifies', 'CL-1'),
            link('TC-1', 'verifies', 'CM-1'), link('EV-1', 'evidences', 'CL-1'), link('CM-1', 'mitigates', 'RK-1'),
            link('WV-1', 'waives', 'RQ-1')]
        self.zw('import', self.lines(*clean))
        self.assertEqual(self.json('lint'), [])
        seeded = [
            item('ST-2', 'sl_target', vector=[1, 1, 1, 1, 1, 1, 1]), link('ST-2', 'targets', 'ZN-2'),
            item('RQ-2', 'requirement'), link('CL-1', 'answers', 'RQ-2'), item('CL-2', 'claim'), link('CL-2', 'answers', 'RQ-1'),
            item('EV-2', 'evidence'), link('EV-2', 'evidences', 'CL-1'), item('DO-1', 'document'), link('DO-1', 'evidences', 'CL-1'),
            item('AM-1', 'assumption'), item('HZ-1', 'hazard'), item('RQ-3', 'requirement'), item('RQ-4', 'requirement'),
            link('RQ-3', 'derives', 'RQ-4'), link('RQ-4', 'derives', 'RQ-3'), link('RQ-3', 'allocated_to', 'ZN-1'),
            link('RQ-4', 'allocated_to', 'ZN-1'), item('CP-1', 'component'), item('AS-3', 'asset'),
            link('AS-3', 'instance_of', 'CP-1'), item('FL-2', 'flow'), link('FL-2', 'connects', 'AS-1', 'source'),
            link('FL-2', 'connects', 'AS-2', 'sink'), item('AS-4', 'asset', nature=['safety']), link('AS-4', 'part_of', 'ZN-1'),
            item('AS-5', 'asset', nature=['wireless']), link('AS-5', 'part_of', 'ZN-1'),
            item('AS-6', 'asset', nature=['wireless'], separation_reason='own cell'), link('AS-6', 'part_of', 'ZN-1'),
            item('CM-2', 'countermeasure', failure_effect='x', developer='C'), link('CM-2', 'mitigates', 'RK-1'),
            item('CM-3', 'countermeasure', developer='A'), link('TC-1', 'verifies', 'CM-3'),
            item('WV-2', 'waiver', decision='deferred'), link('WV-2', 'waives', 'RQ-1'),
            item('RK-2', 'risk', residual_likelihood=2, residual_impact={'safety': 3}, tolerable={'safety': 5}),
            link('RK-2', 'assesses', 'TS-1')]
        self.zw('import', self.lines(*seeded))
        self.assertEqual({(d['rule'], *d['items']) for d in self.json('lint')}, {
            ('target_without_risk', 'ST-2'), ('requirement_without_source', 'RQ-2'), ('requirement_not_allocated', 'RQ-2'),
            ('claim_without_proof', 'CL-2'), ('evidence_without_revision', 'EV-2'), ('document_without_revision', 'DO-1'),
            ('orphan', 'HZ-1'), ('loop', 'RQ-3'), ('loop', 'RQ-4'), ('asset_in_no_place', 'AS-3'),
            ('flow_without_conduit', 'FL-2'), ('safety_asset_outside', 'AS-4', 'ZN-1'), ('wireless_not_separated', 'AS-5', 'ZN-1'),
            ('mitigation_without_test', 'CM-2'), ('no_failure_effect', 'CM-3'), ('tester_not_independent', 'TC-1', 'CM-3'),
            ('waiver_without_rationale', 'WV-2'), ('residual_above_tolerable', 'RK-2')})

    def test_history_tells_who_and_why(self):
        self.zw('add', 'zone', 'title=Filters', '-m', 'as drawn')
        self.zw('set', 'ZN-1', 'title=Filter house', '-m', 'renamed')
        history = self.json('history', 'ZN-1')
        self.assertEqual([h['message'] for h in history], ['as drawn', 'renamed'])
        self.assertEqual([h['rev'] for h in history], [1, 2])
        self.assertTrue(all(h['by'] for h in history))

    def test_refusals_say_where_and_change_nothing(self):
        self.zw('import', self.zone())
        before = self.json('list')
        cases = [(3, '/type', ('link', 'ZN-1', 'uses', 'RQ-1')), (3, 'zone', ('add', 'zoen', 'title=x')),
                 (3, 'vector', ('set', 'ST-1', 'vector=[9,1,1,1,1,1,1]')), (2, 'ZN-9', ('show', 'ZN-9')),
                 (3, 'role', ('link', 'CD-1', 'part_of', 'SYS-1', 'x')), (4, 'lifecycle', ('move', 'RQ-1', 'approved')),
                 (2, 'show', ('sho', 'x')), (2, 'no commit', ('--at', '99', 'list')), (2, 'project', ('--project', 'NONE', 'list')),
                 (2, 'kind', ('list', 'kid:zone')), (3, 'nonsense', ('import', '/nonsense'))]
        for code, words, args in cases:
            with self.subTest(args=args):
                self.assertIn(words, self.zw(*args, code=code))
        self.assertEqual(self.json('list'), before)

    def test_bad_lines_change_nothing(self):
        good = {'op': 'item', 'kind': 'zone', 'title': 'x'}
        for bad in ({'op': 'item', 'kind': 'zone', 'titel': 'x'}, {'op': 'link', 'from': 'A', 'type': 'part_of', 'to': 'B'},
                    {'op': 'nothing'}, {'op': 'setting', 'name': 'none', 'value': 1}, {'op': 'item', 'kind': 'zone', 'attrs': {'isolated': 'yes'}}, {}):
            with self.subTest(bad=bad):
                self.assertIn('zw: line 2', self.zw('import', self.lines(good, bad), code=3))
        self.assertEqual(self.json('list'), [])

    def test_not_json(self):
        path = os.path.join(self.folder.name, 'bad.ndjson')
        for content in (b'{"op":', b'{"op":"item","op":"item"}\n', b'\xff\xfe\n', b'[' * 200):
            with self.subTest(content=content[:10]), open(path, 'wb') as file:
                file.write(content)
                file.flush()
                self.zw('import', path, code=3)

    def test_backup_restores_and_verifies(self):
        self.zw('import', self.zone())
        before = self.json('list')
        verified = self.json('verify')
        self.assertTrue(verified['ok'] and verified['commits'] == 2 and verified['problems'] == [])
        self.assertEqual(self.json('check'), {'ok': True, 'problems': []})
        backup = os.path.join(self.folder.name, 'backup')
        self.zw('backup', backup)
        self.assertIn(backup, self.zw('backup', backup, code=4))
        self.data = os.path.join(self.folder.name, 'again')
        self.zw('restore', backup)
        self.assertEqual(self.json('list'), before)
        self.assertEqual(self.json('verify')['root'], verified['root'])
        self.assertTrue(self.json('check')['ok'])

    def flip(self, old, new):
        if rows.place(self.data) is not None:
            self.assertEqual(rows.replace(self.data, 'secret', 'bytes', old, new), 1)
            return
        with open(os.path.join(self.data, 'store.db'), 'r+b') as file:
            at = file.read().find(old.encode())
            self.assertGreater(at, 0)
            file.seek(at)
            file.write(new.encode())

    def test_flipped_bytes_are_found(self):
        self.zw('import', self.zone())
        self.flip('"title":"ZN-1"', '"title":"XN-1"')
        done = self.run_zw('--json', 'verify')
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertFalse(json.loads(done.stdout)['ok'])

    def test_all_projects_are_judged_where_none_is_named(self):
        self.zw('import', self.zone())
        one = {what: self.json(what) for what in ('verify', 'check')}
        self.zw('project', 'create', 'OTHER')
        for what in ('verify', 'check'):
            all_of_them = self.json(what)
            other = self.json('--project', 'OTHER', what)
            self.assertEqual(all_of_them, {'ok': True, 'projects': [{'project': 'MAIN', **one[what]}, {'project': 'OTHER', **other}], 'problems': []})
            self.assertEqual([line.split(',')[0] for line in self.zw(what).splitlines()], ['ok', 'MAIN: ok', 'OTHER: ok'])
        self.flip('"title":"ZN-1"', '"title":"XN-1"')
        done = self.run_zw('--json', 'verify')
        self.assertEqual(done.returncode, 1, done.stderr)
        said = json.loads(done.stdout)
        self.assertEqual((said['ok'], [project['ok'] for project in said['projects']]), (False, [False, True]))
        self.zw('--at', '1', 'verify', code=2)

    def test_second_init_is_refused(self):
        self.assertIn('not empty', self.zw('init', code=4))

    def test_missing_directory(self):
        self.data = os.path.join(self.folder.name, 'none')
        self.zw('list', code=2)


tap.main()
