#!/usr/bin/env python3
"""Every address of a project that reads it reads it as of a commit, a date or a baseline: the same three times, and nothing later."""
import os
import re

import tap
from server import Served

SOURCE = os.environ['ZONEWRIGHT_SOURCE']
# What is not of a commit, and why.
NOW = {
    'GET /api/v1/webhooks': 'whom the project tells is in no log',
    'GET /api/v1/attachments/{sha256}': 'a content is named by its hash',
    'GET /api/v1/items/{key}/transitions': 'where an item can go from now on',
    'GET /api/v1/items/{key}/manifest': 'what is signed is the newest revision',
    'GET /api/v1/manifests': 'what is signed is the newest revision',
    'GET /api/v1/roles': 'who has which role is in no log',
    'GET /api/v1/audit': 'the trail of access is in no log',
    'GET /api/v1/verify': 'the whole log',
    'GET /api/v1/check': 'the projections of the whole log',
    'GET /api/v1/checkpoint': 'what the log is now',
    'GET /api/v1/proof': 'names its commits itself',
    'GET /api/v1/test-packs/{key}': 'holds the time it was made at',
    'GET /api/v1/evidence-pack': 'holds the time it was made at',
    'GET /api/v1/items/{key}/comments': 'what was said of an item since is shown with it',
    'GET /api/v1/branches/{name}/merge': 'what merging would do from now on',
    'GET /{page}': 'the user interface', 'GET /{page}/{key}': 'the user interface', 'GET /': 'the user interface',
}
QUERIES = {'GET /api/v1/trace-matrix': 'from=requirement&to=threat', 'GET /api/v1/trace-matrix.xlsx': 'from=requirement&to=threat',
           'GET /api/v1/items/{key}/connection': 'to=TS-1', 'GET /api/v1/diff': 'from=1', 'GET /api/v1/reports/compare': 'from=1&to=5',
           'GET /api/v1/safety/cut-sets': 'key=HZ-1'}
VALUES = {'key': 'ZN-1', 'plural': 'zones', 'type': 'gap', 'format': 'native', 'kind': 'zone', 'name': 'sample', 'vendor': 'Acme', 'standard': '62443-4-1'}
# Of which item, where it is not the zone.
KEYS = (('psirt/advisories', 'DO-1'), ('risk', 'RK-1'), ('findings/', 'FD-1'), ('reviews/', 'RV-1'), ('test-plans/', 'TP-1'),
        ('test-executions/', 'TR-1'), ('/content', 'CF-1'), ('operation/changes/', 'CH-1'), ('operation/incidents/', 'IN-1'))


def routes():
    with open(os.path.join(SOURCE, 'src/http/routes.def'), encoding='utf-8') as file:
        for method, pattern, flags in re.findall(r'^ROUTE\((GET), "([^"]+)", \w+, \w+, \w+, ([A-Z_| ]+),', file.read(), re.MULTILINE):
            if 'IN_PROJECT' in flags:
                yield f'{method} {pattern}', pattern


class AsOf(Served):
    def capture(self, text, code):
        path = os.path.join(self.folder.name, 'rules.txt')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        self.zw('capture', 'CF-1', path, code=code)

    def fill(self):
        self.zw('add', 'configuration', 'title=Rules')
        self.capture('one\n', 0)
        self.capture('two\n', 1)
        for args in (('add', 'zone', 'title=Filters'), ('add', 'threat', 'title=Setpoint changed'), ('add', 'risk', 'title=Wrong setpoint', 'likelihood=2'),
                     ('link', 'RK-1', 'assesses', 'TS-1'), ('link', 'RK-1', 'within', 'ZN-1'), ('add', 'requirement', 'title=Accounts', 'ref=62443-3-3 SR 1.1'),
                     ('link', 'TS-1', 'derives', 'RQ-1'), ('link', 'RQ-1', 'allocated_to', 'ZN-1'), ('set', 'TS-1', 'title=Setpoint changed from outside'),
                     ('add', 'component', 'title=Controller', 'vendor=Acme', 'product=X'), ('add', 'asset', 'title=PLC'), ('link', 'AS-1', 'instance_of', 'CP-1'),
                     ('add', 'finding', 'title=Weak', 'vulnerability=CVE-2026-1'), ('link', 'FD-1', 'concerns', 'AS-1'), ('add', 'document', 'title=Advisory', 'tracking=A-1', 'revision=1'), ('link', 'DO-1', 'concerns', 'FD-1'), ('add', 'review', 'title=Issue 1'), ('add', 'test_plan', 'title=Tests'),
                     ('add', 'test_case', 'title=Door'), ('test', 'execute', 'TC-1'),
                     ('add', 'change', 'title=Patch'), ('add', 'incident', 'title=Odd login'), ('add', 'hazard', 'title=Burst main', 'fault_tree=["top = event 0.1"]'), ('baseline', 'create', 'Issue 1')):
            self.zw(*args)
        self.seq = self.json('baseline', 'list')[0]['seq']
        for args in (('set', 'ZN-1', 'title=Filters later'), ('add', 'threat', 'title=A later threat'), ('add', 'requirement', 'title=A later requirement', 'ref=62443-3-3 SR 1.2'),
                     ('link', 'TS-2', 'derives', 'RQ-2'), ('set', 'RK-1', 'title=Later still', '-m', 'for a later reason'), ('confirm', '--filter', 'suspect', '-m', 'looked at later')):
            self.zw(*args)
        self.zw('test', 'record', 'TR-1', 'TC-1/1=passed')
        self.capture('later\n', 1)
        self.risk = self.json('risk', 'method', 'list')[0]['name']

    def read(self, pattern, name, at):
        path = pattern
        for member, value in {**VALUES, **{'key': key for part, key in [('', 'ZN-1'), *KEYS] if part in pattern}, **({'name': self.risk} if 'risk-methods' in pattern else {}),
                              **({'type': 'drawing'} if pattern.endswith('.svg') else {}), **({'format': 'openvex'} if '/vex/' in pattern else {})}.items():
            path = path.replace('{%s}' % member, value)
        response = self.get(f'{path}?{QUERIES.get(name, "")}&project=MAIN&at={at}'.replace('?&', '?'))
        self.assertEqual(response.status, 200, (name, at, response.content[:500]))
        return response.content

    def test_every_address_reads_as_of_a_number_a_date_and_a_baseline(self):
        moment = next(e['time'] for e in self.api('/api/v1/log?limit=1000') if e['commit'] == self.seq)
        seen = set()
        for name, pattern in routes():
            seen.add(name)
            if name in NOW:
                continue
            with self.subTest(name=name):
                by_number, by_date, by_baseline = (self.read(pattern, name, at) for at in (self.seq, moment, 'BL-1'))
                self.assertEqual(by_number, by_date)
                self.assertEqual(by_number, by_baseline)
                self.assertNotIn(b'later', by_number.lower())
        self.assertLessEqual(set(NOW), seen)
        self.assertTrue(self.api(f'/api/v1/suspects?at={self.seq}'))
        self.assertEqual(self.api('/api/v1/suspects?q=key:TS-1'), [])

    def test_what_is_no_commit_is_refused_everywhere(self):
        for name, pattern in routes():
            if name not in NOW:
                path = pattern
                for member, value in VALUES.items():
                    path = path.replace('{%s}' % member, value)
                self.assertIn('is no commit, date or baseline', self.api(f'{path}?{QUERIES.get(name, "")}&project=MAIN&at=99'.replace('?&', '?'), 404)['detail'], name)
        self.assertIn('is before the first commit of MAIN, at 20', self.api('/api/v1/items?at=2020-01-01', 404)['detail'])


tap.main()
