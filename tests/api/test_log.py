#!/usr/bin/env python3
"""The log as people search it, and the trail of access: who did what, when, from where and why; who accepted a risk, and on what basis."""
import json
import os

import tap
from server import Served

PASSWORD = 'an evening at the pumps'
LINES = 'application/x-ndjson'


class Log(Served):
    def fill(self):
        secret = os.path.join(self.folder.name, 'password')
        with open(secret, 'w', encoding='utf-8') as file:
            file.write(PASSWORD)
        self.zw('user', 'password', '--password-file', secret)
        self.zw('add', 'zone', 'title=Filters', '-m', 'the first zone')
        self.zw('add', 'threat', 'title=Setpoint changed')
        self.zw('add', 'risk', 'title=Wrong setpoint')
        self.zw('link', 'RK-1', 'assesses', 'TS-1')
        self.zw('link', 'RK-1', 'within', 'ZN-1')
        self.zw('set', 'RK-1', 'decision=accept', 'decision_reason=tests every week', '-m', 'board of 3 March')
        self.zw('-q', 'sign', 'RK-1', '--meaning', 'accepted_risk', '-m', 'below the limit of the works', '--password-file', secret)
        self.zw('set', 'RK-1', 'decision_reason=tests every day', '--editorial')
        self.zw('add', 'waiver', 'title=Until the shutdown', 'decision=accepted_risk', 'rationale=parts are ordered')
        self.zw('link', 'WV-1', 'waives', 'RK-1')
        self.zw('set', 'ZN-1', 'title=Filter hall', '-m', 'nothing of the risk')

    def log_of(self, query=''):
        return self.api('/api/v1/log' + query)

    def test_who_accepted_a_risk_and_on_what_basis_is_one_search(self):
        entry, = self.log_of('?keys=RK-1&action=accepted_risk')
        act, = entry['acts']
        me = self.json('user', 'me')['name']
        self.assertEqual((entry['by'], entry['origin'], act['what'], act['key'], act['meaning'], act['reason']),
                         (me, 'cli', 'sign', 'RK-1', 'accepted_risk', 'below the limit of the works'))
        self.assertEqual((act['signed']['decision'], act['signed']['decision_reason']), ('accept', 'tests every week'))
        self.assertIn('below the limit of the works', self.zw('log', 'RK-1'))
        whole = self.log_of('?keys=RK-1')
        self.assertEqual([(e['message'], [a['what'] for a in e['acts']]) for e in whole if e['message'] == 'board of 3 March'], [('board of 3 March', ['update'])])
        changes = {c['field']: c['new'] for e in whole for a in e['acts'] for c in a.get('changes', []) if e['message'] == 'board of 3 March'}
        self.assertEqual(changes, {'decision': 'accept', 'decision_reason': 'tests every week'})
        # What waives it says why, too, and nothing else is told of.
        self.assertIn(('create', 'WV-1'), {(a['what'], a.get('key')) for e in whole for a in e['acts']})
        self.assertNotIn('ZN-1', {a.get('key') for e in whole for a in e['acts']})

    def test_filters_pages_and_both_ways(self):
        every = self.log_of('?limit=1000')
        self.assertEqual([e['commit'] for e in every], sorted((e['commit'] for e in every), reverse=True))
        self.assertEqual(json.loads(self.zw('--json', 'log', '--most', '1000')), every)
        pages, path = [], '/api/v1/log?limit=3'
        while path is not None:
            response = self.send('GET', path, None, 200)
            pages += response.json
            link = response.headers['Link']
            path = None if link is None else link[1:link.index('>')]
        self.assertEqual(pages, every)
        self.send('POST', '/api/v1/changes?message=by%20a%20program', b'{"op":"item","key":"ZN-1","owner":"ann"}\n', 200, LINES)
        self.assertEqual([e['origin'] for e in self.log_of()][0], 'api')
        self.assertEqual([e['message'] for e in self.log_of('?q=PROGRAM')], ['by a program'])
        self.assertEqual([e['editorial'] for e in self.log_of('?action=decision_reason')], [True, False])
        self.assertEqual({a['what'] for e in self.log_of('?action=link') for a in e['acts']}, {'link'})
        self.assertEqual([e['commit'] for e in self.log_of('?since=3&at=5')], [5, 4])
        self.assertEqual(self.log_of(f'?person={self.json("user", "me")["name"]}&keys=TS-1&action=create')[0]['acts'][0]['fields'], ['title'])
        for query, status, words in (('?keys=RK-9', 404, 'RK-9'), ('?person=eve', 404, 'no person'), ('?since=99', 404, 'no commit'), ('?after=x', 422, 'begin without it'),
                                     ('?limit=0', 422, 'page'), ('?' + '&'.join(['keys=RK-1'] * 21), 413, 'at most')):
            self.assertIn(words, self.api('/api/v1/log' + query, status)['detail'])

    def test_the_trail_of_access_is_searched(self):
        self.zw('user', 'add', 'eve')
        self.zw('role', 'grant', 'eve', 'auditor')
        self.zw('role', 'grant', 'eve', 'viewer')
        self.zw('role', 'revoke', 'eve', 'viewer')
        eve = self.json('token', 'create', 'eve', '--person', 'eve', '--scope', 'read,audit')['token']
        ask = lambda path, status=200: self.send('GET', path, None, status, Authorization=f'Bearer {eve}').json
        ask('/api/v1/items/ZN-1')
        ask('/api/v1/log?q=zone')
        ask('/reports/gap.json?project=MAIN')
        self.assertEqual([e['object'] for e in ask('/api/v1/audit?person=eve&action=view')], ['report gap', 'log.list zone', 'item.show ZN-1'])
        self.assertEqual([e['action'] for e in self.api('/api/v1/audit?q=EVE')][:2], ['role.revoke', 'role.grant'])
        self.assertEqual(self.api('/api/v1/audit?action=role.grant&q=viewer'), [e for e in self.json('audit', '--action', 'role.grant', '--text', 'viewer')])
        self.assertEqual(self.api('/api/v1/audit?to=2020-01-01'), [])
        today = self.api('/api/v1/audit?most=1')[0]['time'][:10]
        self.assertEqual(self.api(f'/api/v1/audit?from={today}&to={today}&action=role.grant'), self.api('/api/v1/audit?action=role.grant'))
        for query, status, words in (('?person=nobody', 404, 'no person'), ('?from=soon', 422, ''), ('?most=0', 422, 'most')):
            self.assertIn(words, self.api('/api/v1/audit' + query, status)['detail'])


tap.main()
