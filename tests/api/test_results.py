#!/usr/bin/env python3
"""Results of tests from CI: which test case they are for, what comes twice, totals that lie, and many of them."""
import glob
import json
import os
import subprocess
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
        self.ingest(path, '--run', 'job-7', '--ran', '2030-01-01T00:00:00Z')
        self.assertEqual([run['counts']['failed'] for run in self.runs().values()], [1])

    def test_refused(self):
        self.assertIn('there are no test results in it', self.zw('test', 'ingest', self.lines(case('TC-1')), code=3))
        self.assertIn('KEY=VERSION', self.zw('test', 'ingest', self.write('a.tap', '1..0\n'), '--version', 'x', code=2))
        self.assertIn('/run', self.zw('test', 'ingest', self.write('a.tap', '1..0\n'), '--run', '', code=3))
        self.zw('test', 'ingest', self.write('a.tap', '1..0\n'), '--stage', 'nowhere', code=3)
        self.zw('test', 'ingest', self.write('c.xml', '<robot><suite>'), code=3)
        self.zw('test', 'ingest', code=2)
        self.assertEqual(self.json('list'), [])

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
                                for folder in ('robot-output', 'other-test-reports', 'junit-xml')), [])):
            done = self.run_zw('--json', 'test', 'ingest', path)
            with self.subTest(path=os.path.basename(path)):
                self.assertIn(done.returncode, (0, 3), done.stderr)
                if done.returncode == 0:
                    answer = json.loads(done.stdout)
                    counts = answer['totals']
                    self.assertEqual(counts['unmatched'] + answer.get('results', 0) > 0, sum(counts.values()) > 0)
                    taken += 1
                else:
                    self.assertRegex(done.stderr, r'^zw: .*(line \d+|refused|JUnit|no format is known)')
        self.assertGreater(taken, 30)


tap.main()
