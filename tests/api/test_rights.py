#!/usr/bin/env python3
"""Who may do what over HTTP: every route as every role, in the own project, another one, one that was deleted and one that is
guessed, with a session, a token, and a token of another project. What is expected is made from the tables of the program."""
import concurrent.futures
import http.client
import json
import os
import re
import threading
import urllib.parse

import tap
from server import Served

SOURCE = os.environ['ZONEWRIGHT_SOURCE']
PASSWORD = 'an evening at the pumps'
MERGE, LINES = 'application/merge-patch+json', 'application/x-ndjson'

# What a request brings along, by method and pattern: the right shape, and nothing it could change.
BODIES = {
    'POST /api/v1/items': {'kind': 'zone', 'title': 'x'},
    'POST /api/v1/items/bulk': {'keys': ['ZN-1'], 'patch': {'owner': 'x'}},
    'PATCH /api/v1/items/{key}': (MERGE, {'title': 'x'}),
    'POST /api/v1/items/{key}/transitions': {'to': 'in_review'},
    'POST /api/v1/links': {'from': 'ZN-1', 'type': 'relates_to', 'to': 'ZN-2'},
    'POST /api/v1/changes': (LINES, '{"op":"item","kind":"zone","title":"x"}\n'),
    'POST /api/v1/projects': {'key': 'MAIN'},
    'POST /api/v1/projects/generated': {'key': 'MAIN', 'size': 'S'},
    'POST /api/v1/projects/imported': ('application/octet-stream', 'nothing'),
    'POST /api/v1/inspect': ('application/octet-stream', 'nothing'),
    'POST /api/v1/feeds/sync': {'feeds': ['kev']},
    'POST /api/v1/feeds/imported': ('application/octet-stream', 'nothing'),
    'POST /api/v1/matches': {},
    'POST /api/v1/reports': {'type': 'nothing'},
    'POST /api/v1/users': {'name': 'viewer'},
    'PUT /api/v1/users/me/mail': {'on': True},
    'PATCH /api/v1/users/{name}': (MERGE, {}),
    'PUT /api/v1/users/{person}/password': {'password': 'short'},
    'POST /api/v1/totp/confirm': {'code': '000000'},
    'POST /api/v1/totp/remove': {'present': 'wrong'},
    'POST /api/v1/roles': {'name': 'nobody', 'roles': ['author']},
    'POST /api/v1/tokens': {'name': 'x', 'scope': ['nothing']},
    'POST /api/v1/what-if': (LINES, '{"op":"item","kind":"zone","title":"x"}\n'),
    'POST /api/v1/branches': {'name': 'a.b'},
    'POST /api/v1/branches/{name}/merge': {},
    'POST /api/v1/findings/{key}/note': {'text': 'x'},
    'POST /api/v1/findings/triage': {'items': ['ZN-1'], 'state': 'acknowledged', 'reason': 'x'},
    'PUT /api/v1/triage-policy': {'policy': {}},
    'POST /api/v1/webhooks/{webhook}/tickets': {'ticket': 'x', 'state': 'x'},
    'POST /api/v1/mail/digest': {},
    'PUT /api/v1/operation/policy': {'policy': {}},
    'POST /api/v1/operation/changes/{key}/impact': {},
    'POST /api/v1/operation/incidents/{key}/notifications': {'clock': 'none'},
    'POST /api/v1/safety/interactions': {'measure': 'CM-1', 'function': 'SF-1', 'verdict': 'open', 'reason': 'x'},
    'POST /api/v1/reviews': {'title': 'x', 'items': ['ZN-1'], 'reviewers': ['nobody-there']},
    'POST /api/v1/reviews/{key}/decisions': {'item': 'ZN-1', 'decision': 'accepted'},
    'POST /api/v1/reviews/{key}/finish': {},
    'POST /api/v1/verify': {'checkpoint': 'none'},
    'POST /api/v1/suspects/confirm': {'links': [{'from': 'ZN-1', 'type': 'part_of', 'to': 'ZN-99'}], 'reason': 'x'},
    'POST /api/v1/suspects/defer': {'links': [{'from': 'ZN-1', 'type': 'part_of', 'to': 'ZN-99'}], 'reason': 'x', 'until': '2099-01-01'},
    'POST /api/v1/catalogs/applied': {'zone': 'ZN-99'},
    'POST /api/v1/risk-derivations': {},
    'POST /api/v1/risk-methods': {'method': {}},
    'PUT /api/v1/workflows/{kind}': {},
    'PUT /api/v1/views/{name}': {'address': 'items'},
    'PUT /api/v1/profiles/{name}': {},
    'POST /api/v1/signatures': {'items': [], 'reason': 'x', 'password': PASSWORD},
    'POST /api/v1/signatures/challenge': {'items': [], 'reason': 'x'},
    'POST /api/v1/passkeys': {'name': 'x', 'algorithm': -7, 'client_data': 'x', 'authenticator_data': 'x'},
    'POST /api/v1/approvals': {'items': [], 'reason': 'x', 'password': PASSWORD},
    'POST /api/v1/baselines': {},
    'POST /api/v1/jobs': {'kind': 'nothing'},
    'POST /api/v1/imports': ('text/csv', 'x'),
    'POST /api/v1/test-runs': ('application/xml', 'x'),
    'PUT /api/v1/items/{key}/attachments/{name}': ('text/plain', 'x'),
    'POST /api/v1/items/{key}/comments': {'text': 'x'},
    'PATCH /api/v1/items/{key}/comments/{comment}': (MERGE, {'resolved': True}),
    'PUT /api/v1/provider': {'issuer': 'nowhere', 'client_id': 'x'},
    'POST /api/v1/provider/groups': {'group': 'x', 'roles': []},
    'POST /api/v1/webhooks': {'url': 'https://nowhere.example/'},
    'POST /api/v1/test-executions': {'cases': ['TC-99']},
    'POST /api/v1/test-executions/{key}/steps': {'steps': [{'case': 'TC-99', 'step': 1, 'status': 'passed'}]},
    'POST /api/v1/test-executions/{key}/finish': {},
    'POST /api/v1/test-packs': ('application/octet-stream', 'nothing'),
    'PUT /api/v1/items/{key}/content': ('text/plain', 'x'),
    'POST /api/v1/psirt': {'title': 'x', 'products': ['CP-99']},
    'POST /api/v1/psirt/advisories': {'title': 'x', 'tracking': 'x', 'findings': ['FD-99']},
    'POST /api/v1/assessments/started': {'standard': 'none', 'organisation': 'x'},
    'POST /api/v1/audits/sample': {'audit': 'AU-99', 'n': 1},
    'POST /api/v1/setup': {'code': 'x', 'name': 'x', 'password': PASSWORD},
    'POST /api/v1/session': {'name': 'x', 'password': 'x'},
    'POST /api/v1/session/passkey': {'id': 'x', 'user': 'x', 'client_data': 'x', 'authenticator_data': 'x', 'signature': 'x'},
}
QUERIES = {
    'DELETE /api/v1/links': 'from=ZN-1&type=relates_to&to=ZN-2',
    'DELETE /api/v1/roles': 'name=nobody&roles=author',
    'GET /api/v1/diff': 'from=1',
    'GET /api/v1/manifests': 'keys=ZN-1',
    'POST /api/v1/imports': 'name=a%2Fb',
    'POST /api/v1/test-runs': 'name=a%2Fb',
}
# By the person alone, whatever the token: call_in_person of src/service/.
IN_PERSON = ('user.password', 'user.mail', 'totp.', 'token.', 'session.', 'passkey.', 'provider.set', 'provider.remove')
# Secrets that are wrong on purpose are no denial of the route.
WRONG_SECRET = ('POST /api/v1/setup', 'POST /api/v1/session', 'POST /api/v1/session/passkey', 'POST /api/v1/totp/confirm', 'POST /api/v1/totp/remove')


def table(path, pattern):
    with open(os.path.join(SOURCE, path), encoding='utf-8') as file:
        return re.findall(pattern, file.read(), re.MULTILINE)


def routes():
    rows = table('src/http/routes.def', r'^ROUTE\((\w+), "([^"]+)", \w+, (\w+), (\w+), ([A-Z_| ]+), ("[^"]+"|NULL),')
    for method, pattern, permission, body, flags, usecase in rows:
        yield {'name': f'{method} {pattern}', 'method': method, 'pattern': pattern, 'permission': permission.lower(), 'body': body,
               'flags': {f.strip() for f in flags.split('|')}, 'usecase': usecase.strip('"')}


def tsv(name):
    with open(os.path.join(SOURCE, f'data/metamodel/{name}.tsv'), encoding='utf-8') as file:
        rows = [line.split('\t') for line in file.read().splitlines()]
    return [dict(zip(rows[0], row)) for row in rows[1:]]


SCOPES = {name: scope for name, _, scope in table('src/service/usecases.def', r'^USECASE\(\w+, "([^"]+)", \w+, (\w+), (\w+),')}
ROLES = {row['role']: set(row['permissions'].split(',')) for row in tsv('roles')}
BOUNDED = dict(table('src/service/asof.def', r'^ASOF\("([^"]+)", (\w+)\)'))
# What an auditor limited to a baseline may call, and one limited to zones.
ASOF = {'limited': set(BOUNDED), 'zoned': {name for name, zones in BOUNDED.items() if zones == 'true'}}


def movers(start, end):
    return {role for row in tsv('transitions') if (row['lifecycle'], row['from'], row['to']) == ('default', start, end) for role in row['roles'].split(',')}


class Rights(Served):
    maxDiff = None
    def fill(self):
        self.zw('project', 'create', 'OTHER')
        self.zw('project', 'create', 'GONE')
        self.zw('add', '--project', 'MAIN', 'zone', 'title=Filters')
        self.zw('add', '--project', 'MAIN', 'zone', 'title=Pumps')
        self.zw('link', '--project', 'MAIN', 'ZN-1', 'relates_to', 'ZN-2')
        secret = os.path.join(self.folder.name, 'password')
        with open(secret, 'w', encoding='utf-8') as file:
            file.write(PASSWORD)
        self.zw('--project', 'MAIN', 'baseline', 'create', 'Issue 1')
        # Outside of ZN-1 and what concerns it.
        self.zw('add', '--project', 'MAIN', 'asset', 'title=Pumps: controller')
        self.zw('link', '--project', 'MAIN', 'AS-1', 'part_of', 'ZN-2')
        self.zw('add', '--project', 'MAIN', 'requirement', 'title=Pumps: sessions are locked')
        self.zw('link', '--project', 'MAIN', 'RQ-1', 'allocated_to', 'ZN-2')
        # `limited` is an auditor as of a baseline only, `zoned` one of ZN-1 only, `stranger` has no role anywhere, `operator` manages the installation and has none either.
        self.people = [*ROLES, 'limited', 'zoned', 'stranger', 'operator']
        for name in self.people:
            self.zw('user', 'add', name, *(['--operator'] if name == 'operator' else []))
            self.give(name, name)
        every = ','.join(sorted(set().union(*ROLES.values())))
        # An operator makes tokens while there is no password; a password ends them, so a robot of the same role has them.
        self.tokens = {}
        for name in self.people:
            robot = f'{name}-robot'
            self.zw('user', 'add', robot, *(['--operator'] if name == 'operator' else []))
            self.give(robot, name)
            self.tokens[name] = [self.json('token', 'create', 't', '--person', robot, '--scope', every)['token'],
                                 self.json('--project', 'OTHER', 'token', 'create', 't', '--person', robot, '--scope', every)['token']]
            self.zw('user', 'password', name, '--password-file', secret)
        self.zw('project', 'delete', 'GONE', '--yes')

    def give(self, person, role):
        if role in ROLES:
            self.zw('role', '--project', 'MAIN', 'grant', person, role)
        elif role == 'limited':
            self.zw('role', '--project', 'MAIN', 'grant', person, 'auditor', '--baseline', 'BL-1')
        elif role == 'zoned':
            self.zw('role', '--project', 'MAIN', 'grant', person, 'auditor', '--zone', 'ZN-1')

    def setUp(self):
        super().setUp()
        self.here = threading.local()  # a connection for each thread
        self.cookies = {}
        for name in self.people:
            made = self.send('POST', '/api/v1/session', {'name': name, 'password': PASSWORD}, 201, anonymous=True)
            self.cookies[name] = {'Cookie': made.headers['Set-Cookie'].partition(';')[0], 'X-Zonewright-CSRF': made.json['csrf'],
                                  'Origin': f'http://127.0.0.1:{self.port}'}

    def connection(self):
        if not hasattr(self.here, 'connection'):
            self.here.connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=120)
        return self.here.connection

    def ask(self, route, headers, project, key, person):
        """The status, and the problem when it is one."""
        path = route['pattern'] if route['pattern'] != '/' else '/p/{project}/'
        for name, value in (('key', key), ('project', project), ('plural', 'zones'), ('type', 'gap'), ('format', 'native'), ('standard', '62443-3-3'),
                            ('id', '0' * 32), ('sha256', '0' * 64), ('comment', '0' * 32), ('name', 'viewer'), ('person', person), ('kind', 'zone'), ('vendor', 'siemens')):
            path = path.replace('{%s}' % name, value)
        query = [QUERIES.get(route['name'], '')]
        if 'IN_PROJECT' in route['flags'] and route['pattern'] != '/':
            query.append(f'project={urllib.parse.quote(project)}')
        if 'COMMITS' in route['flags']:
            query.append('dry_run=true')
        headers, body = dict(headers), BODIES.get(route['name'])
        if body is not None:
            kind, body = body if isinstance(body, tuple) else ('application/json', body)
            body = body if isinstance(body, str) else json.dumps(body)
            headers['Content-Type'] = kind
        if route['method'] in ('PATCH', 'DELETE'):
            headers['If-Match'] = '*'
        if 'ENDLESS' in route['flags']:
            headers['Last-Event-ID'] = 'nonsense'  # else it would go on
        connection = self.connection()
        self.describe()
        connection.request(route['method'], path + '?' + '&'.join(q for q in query if q), body, headers)
        response = connection.getresponse()
        response.content = content = response.read()
        self.here.content = content
        self.describe().check(self, route['method'], path, response)
        is_problem = response.headers['Content-Type'] == 'application/problem+json'
        return response.status, json.loads(content) if is_problem else None

    def outcome(self, route, headers, *request):
        status, problem = self.ask(route, headers, *request)
        self.assertLess(status, 500, problem)
        if status == 401 and (route['name'] not in WRONG_SECRET or (route['permission'] != 'public' and not headers)):
            return 'asked'
        if status == 403 and problem['code'] == 'DENIED':
            return 'denied'
        if status == 404 and 'there is no project' in problem['detail']:
            return 'hidden'
        self.assertNotEqual(status, 403, problem)
        return 'allowed'

    def roles_needed(self, route, role):
        """Whether the role is enough: the permission of the route, and what the operations need besides."""
        if role in ASOF:
            return route['usecase'] in ASOF[role]
        if route['permission'] not in ROLES.get(role, ()):
            return False
        if route['name'] == 'POST /api/v1/items/{key}/transitions':
            return role in movers('draft', 'in_review')
        if route['name'] == 'DELETE /api/v1/items/{key}':
            return role in movers('draft', 'retired')
        return route['usecase'] not in ('edit', 'attachment.put', 'attachment.drop') or 'write' in ROLES[role]

    def expected(self, route, name, project, credential):
        scope = SCOPES.get(route['usecase'], 'GLOBAL')
        is_operator = name == 'operator' and credential != 'elsewhere'
        if route['permission'] == 'public':
            return 'allowed'
        if scope == 'GLOBAL':
            if credential != 'session' and route['usecase'].startswith(IN_PERSON):
                return 'denied'
            return 'allowed' if route['permission'] != 'admin' or is_operator else 'denied'
        sees = project == 'MAIN' and (name in ROLES or name in ASOF) and credential != 'elsewhere'
        if not sees and not (is_operator and project in ('MAIN', 'OTHER')):
            return 'hidden'
        if self.roles_needed(route, name) and sees:
            return 'denied' if credential != 'session' and route['usecase'] in ('sign', 'approve', 'signature.ask') else 'allowed'
        return 'allowed' if scope == 'ACCESS' and is_operator else 'denied'

    def credentials(self, name):
        bearer = lambda token: {'Authorization': f'Bearer {token}'}
        return {'session': self.cookies[name], 'token': bearer(self.tokens[name][0]), 'elsewhere': bearer(self.tokens[name][1])}

    def walk(self, name):
        """Every route as one person: what came that was not expected, and how many were asked."""
        wrong, asked = [], 0
        for route in routes():
            if route['name'] == 'DELETE /api/v1/session':
                continue  # it ends what this test is made with; test_sign.py has it
            in_project = 'IN_PROJECT' in route['flags'] or '{project}' in route['pattern']
            for credential, headers in self.credentials(name).items():
                # Of oneself, as whoever asks: the robot has no password to change.
                person = name if credential == 'session' else f'{name}-robot'
                for project in ('MAIN', 'OTHER', 'GONE', 'GUESSED') if in_project else ('MAIN',):
                    got, expected = self.outcome(route, headers, project, 'ZN-1', person), self.expected(route, name, project, credential)
                    asked += 1
                    if got != expected:
                        wrong.append(f'{route["name"]} as {name} with {credential} in {project}: {got}, not {expected}')
        return wrong, asked

    def test_matrix(self):
        with concurrent.futures.ThreadPoolExecutor(len(self.people)) as pool:
            walks = list(pool.map(self.walk, self.people))
        self.assertGreater(sum(asked for _, asked in walks), 3000)
        self.assertEqual([line for wrong, _ in walks for line in wrong], [])

    def test_nobody(self):
        for route in routes():
            with self.subTest(route=route['name']):
                self.assertEqual(self.outcome(route, {}, 'MAIN', 'ZN-1', 'viewer'), 'allowed' if route['permission'] == 'public' else 'asked')

    def test_guessed_items(self):
        """An item that is not there is told to those only who may see the project, and in the same words to all of them."""
        for route in routes():
            if '{key}' not in route['pattern']:
                continue
            for name in self.people:
                status, problem = self.ask(route, self.cookies[name], 'MAIN', 'ZN-999', name)
                with self.subTest(route=route['name'], name=name):
                    if self.expected(route, name, 'MAIN', 'session') == 'hidden':
                        self.assertIn('there is no project', problem['detail'])
                    else:
                        self.assertIn((status, problem['code']), ((404, 'NOT_FOUND'), (403, 'DENIED')))

    def test_other_zones_read_as_unknown(self):
        """Whatever is read by an auditor of ZN-1: another zone, what lies in it and what concerns it alone are not there."""
        outside, seen = ('ZN-2', 'AS-1', 'RQ-1', 'ZN-999'), 0
        for route in routes():
            if route['method'] != 'GET' or 'ENDLESS' in route['flags'] or route['permission'] == 'public':
                continue
            for key in outside if '{key}' in route['pattern'] else ('ZN-1',):
                status, problem = self.ask(route, self.cookies['zoned'], 'MAIN', key, 'zoned')
                with self.subTest(route=route['name'], key=key):
                    for word in (b'Pumps', b'ZN-2', b'AS-1', b'RQ-1'):
                        if word != key.encode() or status == 200:
                            self.assertNotIn(word, self.here.content)
                    if '{key}' in route['pattern']:
                        self.assertIn((status, problem['code']), ((404, 'NOT_FOUND'), (403, 'DENIED')))
                seen += status == 200
        self.assertGreater(seen, 30)
        status, _ = self.ask({'name': '', 'method': 'GET', 'pattern': '/api/v1/items', 'flags': {'IN_PROJECT'}}, self.cookies['zoned'], 'MAIN', '', '')
        self.assertEqual((status, [item['key'] for item in json.loads(self.here.content)]), (200, ['ZN-1']))

    def test_every_changing_route_has_a_body_here(self):
        for route in routes():
            if route['body'] != 'BODY_NONE':
                self.assertIn(route['name'], BODIES)


if __name__ == '__main__':
    tap.main()
