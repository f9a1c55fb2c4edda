#!/usr/bin/env python3
"""From a requirement to an audit report and back, as a plant does it: risk, design document, test, result of a build, report; then the
test fails in the next build, and everything that rests on it says so."""
import json
import os
import re

import plant
import tap

FR = 2  # use control


def item(key, kind, title, **attrs):
    return {'op': 'item', 'key': key, 'kind': kind, 'title': title, 'state': 'approved', 'attrs': attrs}


def link(from_, type_, to):
    return {'op': 'link', 'from': from_, 'type': type_, 'to': to}


class Flow(plant.Plant):
    def prepare(self):
        super().prepare()
        self.data = os.path.join(self.folder.name, 'sample')
        self.zw('init', '--sample')

    def build(self, number, body):
        """What pytest writes with --junitxml, and its import as a build server does it."""
        path = os.path.join(self.folder.name, 'results.xml')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(f"""<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="0" failures="{body.count('<failure')}"
 skipped="0" tests="1" time="0.212" timestamp="2026-03-{number:02}T10:00:00+00:00" hostname="ci-runner-7"><testcase
 classname="tests.rbac.test_operator" name="test_least_privilege" time="0.1">{body}</testcase></testsuite></testsuites>""")
        return self.json('test', 'ingest', path, '--run', f'build-{number}', '--stage', 'site')

    def zone(self):
        (place,) = self.json('sl', '--zone', 'ZN-8')
        return place

    def gate_fails(self):
        done = self.run_zw('--json', 'gate', '--zone', 'ZN-8', '--sl', '2')
        return [fail for fail in json.loads(done.stdout)['places'][0]['fails'] if fail['fr'] == FR]

    def report(self, name):
        path = os.path.join(self.folder.name, f'{name}.html')
        self.zw('report', name, '-o', path)
        with open(path, encoding='utf-8') as file:
            return re.sub(r'<[^>]*>', ' ', file.read())

    def test_example(self):
        claims = [x['from'] for x in json.loads(self.zw('show', 'RQ-19'))['links'] if x['type'] == 'answers' and x['to'] == 'RQ-19']
        target = next(x['from'] for x in json.loads(self.zw('show', 'ZN-8'))['links'] if x['type'] == 'targets')
        self.zw('import', self.lines(
            item('TS-900', 'threat', 'Somebody at the operator console who should not be there', frs=[FR]),
            item('RK-900', 'risk', 'Unauthorised access to the operator console', frs=[FR]),
            item('RQ-900', 'requirement', 'Role-based access control', ref='62443-3-3 SR 2.1 RE(2)', source='SL 2'),
            item('DO-900', 'document', 'RBAC in control software v2.1', revision='2.1'),
            item('TC-900', 'test_case', 'Least privilege for operator accounts', test_kind='sat', keys=['test_least_privilege']),
            link('RK-900', 'assesses', 'TS-900'), link('RK-900', 'within', 'ZN-8'), link('RK-900', 'justifies', target), link(target, 'derives', 'RQ-900'), link('RQ-900', 'allocated_to', 'ZN-8'),
            *(op for claim in claims for op in (link(claim, 'answers', 'RQ-900'), link('TC-900', 'verifies', claim), link('DO-900', 'evidences', claim)))))
        before = self.build(1, '')
        self.assertEqual((before['results'], before['totals']['passed'], before['totals']['unmatched']), (1, 1, 0))
        good = self.zone()['achieved']['verified'][FR - 1]
        self.assertEqual((good, self.gate_fails()), (2, []))
        self.assertEqual(self.state('RQ-900'), 'passed')
        chain = {x['key'] for x in self.json('trace', 'RQ-900')['items']}
        self.assertLessEqual({'TS-900', 'RK-900', target, 'RQ-900', 'DO-900', 'TC-900'}, chain)
        text = self.report('verification')
        self.assertIn('Role-based access control', text)
        self.assertNotRegex(text, r'TC-900[^§]{0,200}failed')

        after = self.build(2, '<failure message="operator may change a parameter">assert 403 == 200</failure>')
        self.assertEqual(after['totals']['failed'], 1)
        place = self.zone()
        self.assertLess(place['achieved']['verified'][FR - 1], good)
        causes = [cause['text'] for reason in place['reasons'] if reason['fr'] == FR for cause in reason['causes']]
        self.assertTrue([text for text in causes if text.startswith('TC-900 failed in TR-')], causes[:5])
        (fail,) = self.gate_fails()
        self.assertIn('SR 2.1', fail['refs'])  # enhancements count only where it does
        self.assertEqual(self.run_zw('gate', '--zone', 'ZN-8', '--sl', '2').returncode, 1)
        self.assertEqual(self.state('RQ-900'), 'failed')
        for name in ('verification', 'evidence-sheet', 'gap'):
            with self.subTest(report=name):
                self.assertIn('TC-900', self.report(name))
        self.assertEqual(self.build(2, '<failure message="operator may change a parameter">assert 403 == 200</failure>')['commit'], None)

    def state(self, key):
        return next(r['state'] for r in self.json('test', 'matrix', '--zone', 'ZN-8')['requirements'] if r['key'] == key)


tap.main()
