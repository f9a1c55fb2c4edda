#!/usr/bin/env python3
"""Results of tests from CI: which test case they are for, what comes twice, totals that lie, and many of them."""
import glob
import json
import os
import subprocess
import time
import unittest

import plant
import tap

SHARED = os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent')


def case(key, **attrs):
    return {'op': 'item', 'key': key, 'kind': 'test_case', 'title': key, 'attrs': attrs}


class Results(plant.Plant):
    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def ingest(self, *args, code=0):
        done = self.run_zw('--json', 'test', 'ingest', *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def runs(self):
        return {run['key']: run['attrs'] for run in self.json('list', 'kind:test_run')}

    def test_binding(self):
        """By tag, by key in the name, by `keys`, by a rule; what fits nothing, or a retired case, is listed."""
        self.zw('import', self.lines(case('TC-1'), case('TC-2'), case('TC-3', keys=['Suite.third']), case('TC-4'), case('TC-5')))
        self.zw('retire', 'TC-5')
        path = self.write('output.xml', """<robot generator="Robot 7"><suite name="Suite">
<test name="first"><tag>tc_1</tag><status status="PASS" start="2026-03-01T10:00:00"/></test>
<test name="TC-2 second"><status status="FAIL" start="2026-03-01T10:00:00">no lock</status></test>
<test name="third"><status status="PASS" start="2026-03-01T10:00:00"/></test>
<test name="fourth"><status status="SKIP" start="2026-03-01T10:00:00"/></test>
<test name="fifth"><tag>TC-5</tag><status status="PASS" start="2026-03-01T10:00:00"/></test>
<test name="sixth"><status status="PASS" start="2026-03-01T10:00:00"/></test>
</suite><statistics><total><stat pass="9" fail="0" skip="0">All Tests</stat></total></statistics></robot>""")
        profile = self.write('map.json', json.dumps({'tests': [{'match': '*fourth', 'case': 'TC-4'}]}))
        answer = self.ingest(path, '--profile', profile, '--stage', 'site', '--version', 'CP-1=2.1.0')
        self.assertEqual((answer['format'], answer['results'], answer['created']), ('robot', 4, {'test_run': 1}))
        self.assertEqual(answer['totals'], {'passed': 4, 'failed': 1, 'error': 0, 'skipped': 1, 'unmatched': 2})
        self.assertEqual([row['what'] for row in answer['unmatched']],
                         ['Suite.fifth: the test case TC-5 is retired',
                          'Suite.sixth: no test case has it among its keys, its key is not in it, and no rule fits'])
        self.assertIn('the file claims 9 tests and has 6', [row['message'] for row in answer['problems']])
        run = self.runs()['TR-1']
        self.assertEqual((run['stage'], run['versions'], run['tool'], run['counts']['failed'], run['declared']['tests']),
                         ('site', {'CP-1': '2.1.0'}, 'Robot 7', 1, 9))
        text = self.zw('test', 'ingest', path, '--profile', profile, '--stage', 'site', '--version', 'CP-1=2.1.0')
        self.assertIn('nothing to change', text)
        self.assertIn('tests: 4 passed 1 failed 0 error 1 skipped 2 unmatched', text)

    def test_same_run_twice_and_at_once(self):
        self.zw('import', self.lines(case('TC-1')))
        path = self.write('a.tap', '1..1\nok 1 - TC-1\n')
        many = [subprocess.Popen([plant.ZW, '--data', self.data, '--json', 'test', 'ingest', path, '--run', 'job-7'],
                                 stdout=subprocess.PIPE, text=True) for _ in range(4)]
        answers = [json.loads(one.communicate(timeout=60)[0]) for one in many]
        self.assertEqual(sorted(answer['commit'] is None for answer in answers), [False, True, True, True])
        self.assertEqual([run['identity'] for run in self.runs().values()], ['job-7'])
        # Another file of the same run is the same run: the job was begun anew.
        path = self.write('b.tap', '1..1\nnot ok 1 - TC-1\n')
        self.ingest(path, '--run', 'job-7', '--ran', time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 3600)))
        self.assertEqual([run['counts']['failed'] for run in self.runs().values()], [1])

    def test_refused(self):
        self.assertIn('there are no test results in it', self.zw('test', 'ingest', self.lines(case('TC-1')), code=3))
        self.assertIn('KEY=VERSION', self.zw('test', 'ingest', self.write('a.tap', '1..0\n'), '--version', 'x', code=2))
        self.assertIn('/run', self.zw('test', 'ingest', self.write('a.tap', '1..0\n'), '--run', '', code=3))
        self.zw('test', 'ingest', self.write('a.tap', '1..0\n'), '--stage', 'nowhere', code=3)
        self.zw('test', 'ingest', self.write('c.xml', '<robot><suite>'), code=3)
        self.zw('test', 'ingest', code=2)
        self.assertEqual(self.json('list'), [])

    def test_run_of_a_plan(self):
        """Commands of approved cases run here, within limits, and their output is kept; a case without one is for people."""
        def automated(key, state, *command, **attrs):
            return {'op': 'item', 'key': key, 'kind': 'test_case', 'title': f'case {key}', 'state': state,
                    'attrs': {'command': list(command), **attrs}}
        self.zw('import', self.lines(
            {'op': 'item', 'key': 'TP-1', 'kind': 'test_plan', 'title': 'Release 2'},
            {'op': 'item', 'key': 'TP-2', 'kind': 'test_plan', 'title': 'Suite', 'attrs': {'nature': 'suite'}},
            automated('TC-1', 'approved', 'sh', '-c', 'echo "key $ZONEWRIGHT_TEST_CASE token $ZONEWRIGHT_TOKEN_FILE"; pwd; printf "\\001<&"'),
            automated('TC-2', 'approved', 'echo', '; touch /tmp/never; $(id)', 'a b'),
            automated('TC-3', 'approved', 'sh', '-c', 'echo no; exit 3'),
            automated('TC-4', 'approved', 'sh', '-c', 'sleep 60 & sleep 60', time_limit=1),
            automated('TC-5', 'approved', 'no-such-program'),
            automated('TC-6', 'approved', 'sh', '-c', 'exit 77'),
            automated('TC-7', 'draft', 'touch', os.path.join(self.folder.name, 'drafted')),
            {'op': 'item', 'key': 'TC-8', 'kind': 'test_case', 'title': 'by hand', 'attrs': {'steps': 'push'}},
            {'op': 'link', 'from': 'TP-2', 'type': 'planned_in', 'to': 'TP-1'},
            *({'op': 'link', 'from': f'TC-{i}', 'type': 'planned_in', 'to': 'TP-2' if i % 2 else 'TP-1'} for i in range(1, 9))))
        self.assertEqual(self.run_zw('test', 'run', 'TP-1', '--list').stdout.splitlines()[2], 'TC-3 sh -c echo no; exit 3')
        self.assertEqual(self.runs(), {})
        os.environ['ZONEWRIGHT_SECRET'] = 'hush'
        self.addCleanup(os.environ.pop, 'ZONEWRIGHT_SECRET')
        done = self.run_zw('--json', 'test', 'run', 'TP-1', '--stage', 'site')
        self.assertEqual(done.returncode, 1, done.stderr)
        answer = json.loads(done.stdout)
        self.assertEqual((answer['run'], answer['manual'], answer['unapproved']), (6, 1, 1))
        self.assertEqual(answer['totals'], {'passed': 2, 'failed': 2, 'error': 1, 'skipped': 1, 'unmatched': 0})
        self.assertIn('TC-7 is not approved', done.stderr)
        self.assertRegex(done.stderr, r'failed +TC-4 .*it took longer than 1 s')
        self.assertRegex(done.stderr, r'error +TC-5 .*cannot be started: No such file')
        self.assertFalse(os.path.exists('/tmp/never') or os.path.exists(os.path.join(self.folder.name, 'drafted')))
        status = {case['key']: case for case in self.json('test', 'status')['cases']}
        self.assertEqual([status[f'TC-{i}']['status'] for i in range(1, 9)], ['passed', 'passed', 'failed', 'failed', None, None, None, None])
        self.assertEqual((status['TC-1']['automated'], status['TC-8']['automated'], status['TC-8']['plans']), (True, False, ['TP-1']))
        kept = json.loads(self.zw('show', 'TR-1'))['attachments']
        self.assertEqual([file['name'] for file in kept], ['TP-1.xml'])
        self.assertIn('use one of ingest, run', self.zw('test', 'walk', code=2))
        self.assertIn('no test plan', self.zw('test', 'run', 'TC-1', code=2))

    def test_flaky_and_never_run(self):
        self.zw('import', self.lines(case('TC-1'), case('TC-2'), case('TC-3')))
        for day, outcome in enumerate(['ok', 'not ok', 'ok', 'not ok'], 1):
            self.zw('test', 'ingest', self.write('a.tap', f'1..2\n{outcome} 1 - TC-1\nok 2 - TC-2\n'), '--run', f'run {day}', '--ran', f'2026-03-0{day}T10:00:00Z')
        status = {case['key']: case for case in self.json('test', 'status')['cases']}
        self.assertEqual([(status[k]['status'], status[k]['flaky'], status[k]['results']) for k in ('TC-1', 'TC-2', 'TC-3')],
                         [('failed', True, 4), ('passed', False, 4), (None, False, 0)])
        self.assertEqual(status['TC-1']['history'], ['failed', 'passed', 'failed', 'passed'])
        self.assertIn('3 test cases: 1 failed, 1 never run, 1 flaky; 4 runs', self.zw('test', 'status'))

    def test_counts_of_a_run_that_no_report_told(self):
        def result(test, status):
            return {'op': 'result', 'case': test, 'run': 'TR-1', 'status': status, 'at': '2026-03-01T10:00:00Z'}
        self.zw('import', self.lines(case('TC-1'), case('TC-2'), case('TC-3'), {'op': 'item', 'key': 'TR-1', 'kind': 'test_run', 'title': 'By hand'},
                                     {'op': 'item', 'key': 'TR-2', 'kind': 'test_run', 'title': 'Nothing'}, result('TC-1', 'passed'), result('TC-2', 'passed'), result('TC-3', 'failed')))
        runs = {run['key']: {name: n for name, n in run['counts'].items() if n > 0} for run in self.json('test', 'status')['runs']}
        self.assertEqual(runs, {'TR-1': {'passed': 2, 'failed': 1}, 'TR-2': {}})

    def test_matrix(self):
        def link(from_, type_, to):
            return {'op': 'link', 'from': from_, 'type': type_, 'to': to}
        self.zw('import', self.lines(
            {'op': 'item', 'key': 'SYS-1', 'kind': 'system', 'title': 's'}, {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'z'},
            {'op': 'item', 'key': 'ZN-2', 'kind': 'zone', 'title': 'z'}, {'op': 'item', 'key': 'CL-1', 'kind': 'claim', 'title': 'c'},
            {'op': 'item', 'key': 'CM-1', 'kind': 'countermeasure', 'title': 'm'}, *(case(f'TC-{i}') for i in range(1, 5)),
            *({'op': 'item', 'key': f'RQ-{i}', 'kind': 'requirement', 'title': f'r{i}'} for i in range(1, 6)),
            link('ZN-1', 'part_of', 'SYS-1'), link('RQ-1', 'allocated_to', 'ZN-1'), link('RQ-2', 'allocated_to', 'SYS-1'),
            link('RQ-3', 'allocated_to', 'ZN-2'), link('TC-1', 'verifies', 'RQ-1'), link('CL-1', 'answers', 'RQ-2'),
            link('CL-1', 'rests_on', 'CM-1'), link('TC-2', 'verifies', 'CL-1'), link('TC-3', 'verifies', 'CM-1'), link('TC-4', 'verifies', 'RQ-4')))
        self.zw('test', 'ingest', self.write('a.tap', '1..2\nnot ok 1 - TC-1\nok 2 - TC-2\n'))
        answer = self.json('test', 'matrix')
        self.assertEqual({r['key']: r['state'] for r in answer['requirements']},
                         {'RQ-1': 'failed', 'RQ-2': 'partly', 'RQ-3': 'no_test', 'RQ-4': 'not_run', 'RQ-5': 'no_test'})
        self.assertEqual(answer['totals'], {'no_test': 2, 'not_run': 1, 'failed': 1, 'partly': 1, 'passed': 0})
        self.assertEqual([(t['case'], t['via'], t['status']) for t in answer['requirements'][1]['tests']],
                         [('TC-2', 'CL-1', 'passed'), ('TC-3', 'CM-1', None)])
        self.assertEqual([r['key'] for r in self.json('test', 'matrix', '--zone', 'ZN-1')['requirements']], ['RQ-1', 'RQ-2'])
        self.zw('test', 'matrix', '--zone', 'ZN-9', code=2)

    def test_static_analysis(self):
        self.zw('import', self.lines({'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'Controller', 'attrs': {'version': '2.1'}}))
        result = {'ruleId': 'R1', 'level': 'error', 'message': {'text': 'weak cipher (CWE-327)'}}
        path = self.write('a.sarif', json.dumps({'version': '2.1.0', '$schema': 'sarif', 'runs': [{'tool': {'driver': {'name': 'Scan'}}, 'results': [result]}]}))
        profile = self.write('map.json', json.dumps({'component': 'CP-1'}))
        answer = self.ingest(path, '--profile', profile, '--version', 'CP-1=2.1', '--stage', 'development', '--ran', '2026-03-01')
        self.assertEqual(answer['created'], {'evidence': 1, 'finding': 1})
        evidence = json.loads(self.zw('show', 'EV-1'))
        self.assertEqual((evidence['attrs']['version'], evidence['attrs']['date'], evidence['attachments'][0]['name']), ('2.1', '2026-03-01', 'a.sarif'))
        finding = self.json('list', 'kind:finding')[0]
        self.assertEqual((finding['attrs']['severity'], finding['attrs']['cwes'], finding['state']), ('high', ['CWE-327'], 'new'))
        self.assertIsNone(self.ingest(path, '--profile', profile, '--version', 'CP-1=2.1', '--stage', 'development', '--ran', '2026-03-01')['commit'])

    def test_evidence(self):
        def proof(number, state='approved', **attrs):
            return {'op': 'item', 'key': f'EV-{number}', 'kind': 'evidence', 'title': f'proof {number}', 'state': state, 'attrs': attrs}
        def link(from_, type_, to):
            return {'op': 'link', 'from': from_, 'type': type_, 'to': to}
        self.zw('import', self.lines(
            {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'c', 'attrs': {'version': '2.1'}}, {'op': 'item', 'key': 'CL-1', 'kind': 'claim', 'title': 'old'},
            {'op': 'item', 'key': 'CL-2', 'kind': 'claim', 'title': 'c'}, {'op': 'item', 'key': 'CL-3', 'kind': 'claim', 'title': 'c'},
            proof(1, valid_until='2026-01-01'), proof(2, version='2.0', valid_until='2027-01-01'), proof(3), proof(4, state='draft'), proof(5, valid_until='2026-06-01'),
            proof(6, version='2.1', valid_until='2027-01-01', nature='certificate'),
            *(link(f'EV-{i}', 'evidences', f'CL-{2 if i != 3 else 1}') for i in range(1, 7)), link('CL-2', 'rests_on', 'CP-1')))
        self.zw('set', 'CL-1', 'rationale=another one')
        at = ('--instant', '2026-05-01')
        answer = self.json(*at, 'test', 'evidence')
        self.assertEqual([one['state'] for one in answer['evidence']], ['expired', 'other_version', 'suspect', 'not_approved', 'expiring', 'current'])
        self.assertEqual((answer['totals']['current'], answer['evidence'][5]['nature'], answer['evidence'][5]['proves']), (1, 'certificate', ['CL-2']))
        self.assertRegex(self.zw(*at, 'test', 'evidence'), r'expired +EV-1 +2026-01-01 proof 1')

    def test_evidence_ages(self):
        """A system says how long evidence of a kind holds: what is older, or has no date, proves nothing any more, and the row says so."""
        def item(key, kind, state=None, **attrs):
            return {'op': 'item', 'key': key, 'kind': kind, 'title': key, **({} if state is None else {'state': state}), 'attrs': attrs}
        def link(from_, type_, to):
            return {'op': 'link', 'from': from_, 'type': type_, 'to': to}
        self.zw('import', self.lines(
            item('SYS-1', 'system'), item('ZN-1', 'zone'), item('AS-1', 'asset', traits={'human_interface': True}), item('CP-1', 'component', types=['EDR']), item('ST-1', 'sl_target', 'approved', vector=[1, 0, 0, 0, 0, 0, 0]),
            item('RQ-1', 'requirement', 'approved', ref='62443-3-3 SR 1.1'), item('CL-1', 'claim', 'approved', statement='met'),
            item('EV-1', 'evidence', 'approved', nature='report', stage='site', date='2026-01-10'), item('EV-2', 'evidence', 'approved', nature='inspection', stage='site'),
            link('ZN-1', 'part_of', 'SYS-1'), link('AS-1', 'part_of', 'ZN-1'), link('AS-1', 'instance_of', 'CP-1'), link('ST-1', 'targets', 'ZN-1'), link('RQ-1', 'allocated_to', 'ZN-1'), link('CL-1', 'answers', 'RQ-1'),
            link('CL-1', 'covers', 'AS-1'), link('CL-1', 'rests_on', 'AS-1'), link('EV-1', 'evidences', 'CL-1')))
        def stands(day):
            rows = [row for row in self.json('--instant', day, 'gaps') if row['ref'].endswith(' SR 1.1')]
            return [(row['status'], [cause['text'] for cause in row['causes'] if cause['kind'] == 'stale']) for row in rows]
        self.assertEqual(stands('2027-01-01'), [('verified', [])])
        self.zw('set', 'SYS-1', 'evidence_ages={"report": 30, "inspection": 365}', '--editorial')
        self.assertEqual(stands('2026-02-09'), [('verified', [])])
        self.assertEqual(stands('2026-02-10'), [('claimed', ['EV-1 is past its validity or its age'])])
        rows = {row['key']: (row['state'], row['ends']) for row in self.json('--instant', '2026-01-20', 'test', 'evidence')['evidence']}
        self.assertEqual(rows, {'EV-1': ('expiring', '2026-02-09'), 'EV-2': ('expired', None)})
        self.zw('set', 'SYS-1', 'evidence_ages={"report": 0}', code=3)

    def test_process_matrix(self):
        def link(from_, to):
            return {'op': 'link', 'from': from_, 'type': 'evidences', 'to': to}
        self.zw('import', self.lines(
            *({'op': 'item', 'key': f'RQ-{i}', 'kind': 'requirement', 'title': f'SM-{i}', 'attrs': {'ref': f'62443-4-1 SM-{i}'}} for i in (1, 2, 3)),
            {'op': 'item', 'key': 'DO-1', 'kind': 'document', 'title': 'how', 'state': 'approved'}, {'op': 'item', 'key': 'EV-1', 'kind': 'evidence', 'title': 'done', 'state': 'approved'},
            {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'product'}, {'op': 'link', 'from': 'RQ-1', 'type': 'allocated_to', 'to': 'CP-1'},
            link('DO-1', 'RQ-1'), link('EV-1', 'RQ-1'), link('DO-1', 'RQ-2'), link('EV-1', 'RQ-3')))
        path = os.path.join(self.folder.name, 'process.json')
        self.zw('report', 'process', '-o', path)
        with open(path, encoding='utf-8') as file:
            rows = json.load(file)['sections'][0]['tables'][0]['rows']
        self.assertEqual(len(rows), 47)
        self.assertEqual([row['state'] for row in rows[:4]], ['executed', 'no_record', 'no_procedure', 'no_requirement'])
        self.assertEqual(sum(row['state'] == 'no_requirement' for row in rows), 44)

    def test_fifty_thousand(self):
        self.zw('import', self.lines(*(case(f'TC-{i}') for i in range(1, 101))))
        body = ''.join(f'<testcase classname="suite{i % 100}" name="TC-{i % 100 + 1} variant {i}"/>' for i in range(50000))
        path = self.write('junit.xml', f'<testsuite name="s" tests="50000" timestamp="2026-03-01T10:00:00Z">{body}</testsuite>')
        answer = self.ingest(path)
        self.assertEqual((answer['results'], answer['totals']['passed'], answer['totals']['unmatched']), (100, 50000, 0))
        again = self.ingest(path)
        self.assertEqual((again['commit'], again['unchanged'], again['updated']), (None, {'test_run': 1}, {}))

    @unittest.skipUnless(os.path.isdir(SHARED), 'the corpus is absent')
    def test_corpus(self):
        """Every report of the corpus becomes a run, or is refused and says why."""
        taken = 0
        for path in sorted(sum((glob.glob(f'{SHARED}/corpus/{folder}/**/*.*', recursive=True)
                                for folder in ('robot-output', 'other-test-reports', 'junit-xml', 'sarif')), [])):
            done = self.run_zw('--json', 'test', 'ingest', path)
            with self.subTest(path=os.path.basename(path)):
                self.assertIn(done.returncode, (0, 3), done.stderr)
                if done.returncode == 0:
                    answer = json.loads(done.stdout)
                    counts = answer['totals']
                    self.assertEqual(counts['unmatched'] + answer.get('results', 0) > 0, sum(counts.values()) > 0)
                    self.assertTrue(set(answer['created']) <= {'test_run', 'evidence'})
                    taken += 1
                else:
                    self.assertRegex(done.stderr, r'^zw: .*(line \d+|refused|JUnit|no format is known)')
        self.assertGreater(taken, 30)


tap.main()
