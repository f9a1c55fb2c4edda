#!/usr/bin/env python3
"""Tests done by people: step by step, by several at once, signed and finished; then they count like those of CI."""
import concurrent.futures

import tap
from people import People

RUNS = '/p/MAIN/api/v1/test-executions'


class Execution(People):
    roles = {'tess': ['tester'], 'tom': ['tester'], 'rae': ['viewer']}

    def fill(self):
        super().fill()
        def item(key, kind, **attrs):
            return {'op': 'item', 'key': key, 'kind': kind, 'title': f'title of {key}', 'attrs': attrs}
        def link(from_, type_, to):
            return {'op': 'link', 'from': from_, 'type': type_, 'to': to}
        self.zw('import', self.lines(
            item('TP-1', 'test_plan'), item('TP-2', 'test_plan', nature='suite'), item('TP-3', 'test_plan'), item('RQ-1', 'requirement'),
            item('TC-1', 'test_case', steps='1. Sign in\n\n2) Open the valve', expected='- he is in\n- it stays shut', environment='Rack 4'),
            item('TC-2', 'test_case', steps='Pull the plug\nWait', expected='All goes on'), item('TC-3', 'test_case'), item('TC-4', 'test_case'),
            link('TC-1', 'planned_in', 'TP-2'), link('TP-2', 'planned_in', 'TP-1'), link('TC-2', 'planned_in', 'TP-1'), link('TC-3', 'planned_in', 'TP-1'),
            link('TC-4', 'planned_in', 'TP-1'), link('TC-1', 'verifies', 'RQ-1')))
        self.zw('retire', 'TC-4')

    def post(self, who, path, body, status=200):
        return self.act(who, 'POST', RUNS + path, body, status).json

    def show(self, key='TR-1'):
        return self.act('rae', 'GET', f'{RUNS}/{key}', None, 200).json

    def step(self, case, step, status, **more):
        return {'steps': [{'case': case, 'step': step, 'status': status, **more}]}

    def state_of(self, case):
        return next(one for one in self.json('test', 'status')['cases'] if one['key'] == case)

    def test_asked_twice_done_once(self):
        """A call that comes again because its answer was lost, with the same Idempotency-Key."""
        def twice(who, path, body, status):
            return [who(path, body, status) for _ in range(2)]
        tess = lambda path, body, status: self.act('tess', 'POST', path, body, status, Idempotency_Key='a-1').json
        root = lambda path, body, status: self.send('POST', f'/p/MAIN/api/v1/{path}', body, status, Idempotency_Key=f'b-{path}').json
        first, second = twice(tess, RUNS, {'cases': ['TP-1']}, 201)
        self.assertEqual((first['key'], second), ('TR-1', {'key': 'TR-1', 'commit': first['commit'], 'repeated': True}))
        self.act('tess', 'POST', RUNS, {'cases': ['TC-1']}, 422, Idempotency_Key='a-1')  # the same key for something else
        self.assertEqual(self.act('tess', 'POST', RUNS, {'cases': ['TP-1']}, 201, Idempotency_Key='a-2').json['key'], 'TR-2')
        self.zw('add', 'component', 'title=Gate')
        for path, body in (('psirt', {'title': 'A hole', 'products': ['CP-1']}), ('psirt/advisories', {'title': 'A hole', 'tracking': 'A-1', 'findings': ['FD-1']})):
            first, second = twice(root, path, body, 200)
            self.assertEqual((first['key'], first['changes']['commit'], second['changes']['repeated']), (second['key'], second['changes']['commit'], True))
        self.assertEqual(len(self.json('list', 'kind:finding')), 1)
        first, second = twice(root, 'assessments/started', {'standard': '62443-4-1', 'organisation': 'Acme'}, 200)
        self.assertEqual((first['added'], first['changes']['commit'], second['changes']['repeated']), (second['added'], second['changes']['commit'], True))
        self.assertGreater(second['added'], 0)

    def test_reports_at_the_same_time(self):
        """None takes the place of another: who comes second to a number is told."""
        self.zw('add', 'component', 'title=Gate')
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: self.send('POST', '/p/MAIN/api/v1/psirt', {'title': f'Hole {n}', 'products': ['CP-1']}), range(16)))
        self.assertEqual({answer.status for answer in answers} - {200, 412}, set())
        made = sorted((answer.json['key'], f'Hole {n}') for n, answer in enumerate(answers) if answer.status == 200)
        self.assertEqual(sorted((one['key'], one['title']) for one in self.json('list', 'kind:finding')), made)

    def test_from_plan_to_result(self):
        made = self.post('tess', '', {'cases': ['TP-1'], 'environment': 'Rack 4', 'stage': 'site', 'versions': {}}, 201)
        self.assertEqual(made['key'], 'TR-1')
        run = self.show()
        self.assertEqual((run['state'], run['environment'], run['stage'], [one['key'] for one in run['cases']]), ('in_progress', 'Rack 4', 'site', ['TC-1', 'TC-2', 'TC-3']))
        self.assertEqual([[(s['does'], s['expected'], s['status']) for s in one['steps']] for one in run['cases']],
                         [[('Sign in', 'he is in', 'not_run'), ('Open the valve', 'it stays shut', 'not_run')],
                          [('Pull the plug', '', 'not_run'), ('Wait', 'All goes on', 'not_run')], [('title of TC-3', '', 'not_run')]])
        # A step batch is one commit; the same again is none.
        first = self.post('tess', '/TR-1/steps', {'steps': [{'case': 'TC-1', 'step': 1, 'status': 'passed', 'was': None}, {'case': 'TC-1', 'step': 2, 'status': 'passed', 'was': None}]})
        self.assertEqual((first['recorded'], self.post('tess', '/TR-1/steps', self.step('TC-1', 1, 'passed'))['commit']), (2, None))
        # Two people, one step: the second is told, and nothing is lost.
        self.post('tom', '/TR-1/steps', self.step('TC-2', 1, 'blocked', observation=' no plug\nthere ', was=None))
        told = self.post('tess', '/TR-1/steps', self.step('TC-2', 1, 'passed', was=None), 412)
        self.assertIn('recorded as "blocked: no plug\nthere" by now', told['detail'])
        # It proves nothing yet, and cannot be finished before it is signed.
        self.assertIsNone(self.state_of('TC-1')['status'])
        self.assertIn('authored', self.post('tess', '/TR-1/finish', {}, 409)['detail'])
        self.act('tess', 'PUT', '/p/MAIN/api/v1/items/TR-1/attachments/TC-2-1%20plug.txt', b'a picture', 201, kind='text/plain')
        self.assertEqual([file['name'] for file in self.show()['cases'][1]['steps'][0]['attachments']], ['TC-2-1 plug.txt'])
        self.sign('tess', self.body('tess', 'TR-1', 'authored'))
        # What is recorded after the signature ends it.
        self.post('tom', '/TR-1/steps', self.step('TC-3', 1, 'failed', observation='smoke'))
        self.post('tess', '/TR-1/finish', {}, 409)
        self.sign('tess', self.body('tess', 'TR-1', 'authored'))
        done = self.post('tess', '/TR-1/finish', {})
        self.assertEqual((done['results'], done['counts'], done['left_out']), (3, {'passed': 1, 'failed': 1, 'error': 1, 'skipped': 0}, []))
        self.assertEqual([self.state_of(case)['status'] for case in ('TC-1', 'TC-2', 'TC-3')], ['passed', None, 'failed'])
        self.assertEqual(self.json('test', 'matrix')['requirements'][0]['state'], 'passed')
        run = self.show()
        self.assertEqual((run['state'], [s['standing'] for s in run['signatures']]), ('recorded', [False, True]))
        self.assertIn('nothing more is recorded', self.post('tom', '/TR-1/steps', self.step('TC-3', 1, 'passed'), 409)['detail'])
        self.post('tess', '/TR-1/finish', {}, 409)
        self.assertIn('TR-1', self.zw('test', 'show', 'TR-1'))

    def test_another_test_by_now(self):
        """A case that changed or was retired while it was done gets no result, and it is said why."""
        self.post('tess', '', {'cases': ['TC-1', 'TC-2', 'TC-3']}, 201)
        for case in ('TC-1', 'TC-2', 'TC-3'):
            self.post('tess', '/TR-1/steps', self.step(case, 1, 'passed'))
        self.zw('set', 'TC-1', 'steps=Sign in\nLeave')
        self.zw('retire', 'TC-2')
        run = self.show()
        self.assertEqual([(one['changed'], one['retired']) for one in run['cases']], [(True, False), (True, True), (False, False)])
        self.assertEqual(run['cases'][0]['steps'][1]['does'], 'Open the valve')
        self.sign('tess', self.body('tess', 'TR-1', 'authored'))
        done = self.post('tess', '/TR-1/finish', {})
        self.assertEqual([(one['case'], one['why'].split(':')[0]) for one in done['left_out']], [('TC-1', 'it changed'), ('TC-2', 'it is retired')])
        self.assertEqual([self.state_of(case)['status'] for case in ('TC-1', 'TC-3')], [None, 'passed'])

    def test_refused(self):
        self.assertIn('there is no item TC-9', self.post('tess', '', {'cases': ['TC-9']}, 404)['detail'])
        self.assertIn('neither a test plan nor a test case', self.post('tess', '', {'cases': ['RQ-1']}, 400)['detail'])
        self.assertIn('retired', self.post('tess', '', {'cases': ['TC-4']}, 400)['detail'])
        self.assertIn('a plan that has some', self.post('tess', '', {'cases': ['TP-3']}, 400)['detail'])
        self.post('tess', '', {'cases': []}, 422)
        self.post('tess', '', {'cases': ['TC-1'], 'stage': 'nowhere'}, 422)
        self.post('rae', '', {'cases': ['TC-1']}, 403)
        self.post('tess', '', {'cases': ['TC-1'], 'title': 'by hand'}, 201)
        self.post('tess', '/TR-1/finish', {}, 409)
        for body, status in ((self.step('TC-1', 3, 'passed'), 404), (self.step('TC-2', 1, 'passed'), 404), (self.step('TC-1', 0, 'passed'), 404), (self.step('TC-1', -1, 'passed'), 404),
                             (self.step('TC-1', 1, 'pased'), 422), (self.step('TC-1', 1, 'failed', observation='x' * 9000), 413), ({'steps': []}, 422), ({}, 422)):
            self.post('tess', '/TR-1/steps', body, status)
        self.post('rae', '/TR-1/steps', self.step('TC-1', 1, 'passed'), 403)
        self.assertIn('is no test run', self.act('rae', 'GET', f'{RUNS}/TC-1', None, 404).json['detail'])
        # The state machine asks for the signature whichever way it is moved.
        self.zw('test', 'record', 'TR-1', 'TC-1/1=failed: it opened', 'TC-1/2=passed')
        self.zw('move', 'TR-1', 'recorded', code=4)
        self.assertEqual(self.json('list', 'kind:test_run state:in_progress')[0]['title'], 'by hand')
        self.assertEqual(self.show()['cases'][0]['outcome'], 'failed')


tap.main()
