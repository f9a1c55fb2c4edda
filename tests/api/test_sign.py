#!/usr/bin/env python3
"""Signing in over HTTP: the first start, sessions, tokens, requests of other pages, bodies that are wrong."""
import concurrent.futures
import json
import re
import socket
import time

import tap
from server import Served

PASSWORD = 'an evening at the pumps'


class Sign(Served):
    def setup_code(self):
        return re.search('[0-9a-f]{20}', self.how).group()

    def first(self, **more):
        body = {'code': self.setup_code(), 'name': 'eve', 'full_name': 'Eve Moss', 'password': PASSWORD, **more}
        return self.send('POST', '/api/v1/setup', body, anonymous=True)

    def sign_in(self, name='eve', password=PASSWORD, status=201, **more):
        return self.send('POST', '/api/v1/session', {'name': name, 'password': password, **more}, status, anonymous=True)

    def cookie(self, response):
        return response.headers['Set-Cookie'].partition(';')[0]

    def proof(self, response):
        """What a page of this server sends with a change."""
        return {'Cookie': self.cookie(response), 'Origin': f'http://127.0.0.1:{self.port}', 'X_Zonewright_CSRF': response.json['csrf']}


class First(Sign):
    def test_code_makes_the_first_operator_once(self):
        self.assertEqual(self.send('GET', '/api/v1/setup', anonymous=True).json, {'setup': True, 'provider': None})
        wrong = self.first(code='0' * 20)
        self.assertEqual((wrong.status, wrong.json['code']), (401, 'SIGN_IN'))
        refused = self.first(password='short')
        self.assertEqual((refused.status, refused.json['code']), (422, 'INPUT'))
        made = self.first()
        self.assertEqual(made.status, 201, made.content)
        self.assertEqual(made.json['person'], {'name': 'eve', 'full_name': 'Eve Moss', 'operator': True})
        self.assertEqual([(p['key'], 'administrator' in p['roles'], 'auditor' in p['roles']) for p in made.json['projects']], [('MAIN', True, False)])
        self.assertRegex(made.headers['Set-Cookie'], r'^__Host-zonewright=[0-9a-f]{32}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200$')
        self.assertEqual(self.first().status, 401)
        self.assertEqual(self.send('GET', '/api/v1/setup', anonymous=True).json, {'setup': False, 'provider': None})
        self.stop()
        self.serve()
        self.assertNotRegex(self.how, '[0-9a-f]{20}')
        self.assertIn('name and password', self.how)

    def test_a_new_start_makes_a_new_code(self):
        old = self.setup_code()
        self.stop()
        self.serve()
        self.assertNotEqual(self.setup_code(), old)
        self.assertEqual(self.first(code=old).status, 401)
        self.assertEqual(self.first().status, 201)

    def test_nothing_secret_is_logged(self):
        made = self.first()
        self.get('/api/v1/me', headers={'Cookie': self.cookie(made)})
        self.get('/api/v1/me')
        log = self.log_text()
        for secret in (PASSWORD, self.setup_code(), self.cookie(made).partition('=')[2], made.json['csrf'], self.token):
            self.assertNotIn(secret, log)


class Session(Sign):
    def setUp(self):
        super().setUp()
        self.made = self.first()
        self.assertEqual(self.made.status, 201, self.made.content)

    def test_cookie_reads(self):
        got = self.get('/api/v1/items', headers={'Cookie': f'other=1; {self.cookie(self.made)}; x=y'})
        self.assertEqual(got.status, 200)
        self.assertNotIn('Set-Cookie', got.headers)
        me = self.get('/api/v1/me', headers={'Cookie': self.cookie(self.made)})
        self.assertEqual(json.loads(me.content), self.made.json)
        for bad in ('__Host-zonewright=', '__Host-zonewright=' + '0' * 32, 'zonewright=' + self.cookie(self.made)[18:], self.cookie(self.made) + '0',
                    '__Host-zonewright=' + self.token, "__Host-zonewright=' or 1=1--"):
            with self.subTest(bad=bad):
                refused = self.get('/api/v1/items', headers={'Cookie': bad})
                self.assertEqual(refused.status, 401)
                self.assertEqual(json.loads(refused.content)['code'], 'SIGN_IN')

    def test_tokens(self):
        for bad in ('Bearer ', 'Bearer zw_' + '0' * 64, 'Bearer ' + self.token[:-1], 'Basic ' + self.token, self.token, 'Bearer  ' + self.token,
                    'Bearer ' + self.cookie(self.made).partition('=')[2]):
            with self.subTest(bad=bad):
                self.assertEqual(self.get('/api/v1/items', headers={'Authorization': bad}).status, 401)
        self.assertEqual(self.get('/api/v1/items', headers={'Authorization': 'bearer ' + self.token}).status, 200)
        self.assertIsNone(self.api('/api/v1/me')['csrf'])
        self.assertEqual(self.send('DELETE', '/api/v1/session', status=400).json['code'], 'USAGE')
        made = self.json('token', 'create', 'x', '--scope', 'read')
        asked = {'Authorization': 'Bearer ' + made['token']}
        self.assertEqual(self.get('/api/v1/items', headers=asked).status, 200)
        self.zw('token', 'revoke', made['id'])
        self.assertEqual(self.get('/api/v1/items', headers=asked).status, 401)

    def test_wrong_answers_are_one_answer(self):
        self.zw('user', 'add', 'robot')
        answers = [self.sign_in(name, password, 401).json for name, password in
                   (('eve', 'wrong'), ('nobody', PASSWORD), ('robot', PASSWORD), ('', PASSWORD), ('eve', ''), ('e' * 300, PASSWORD), ('eve', 'x' * 1000))]
        for answer in answers:
            del answer['request']
            self.assertEqual(answer, answers[0])

    def test_lockout(self):
        for _ in range(5):
            self.sign_in(password='wrong wrong wrong', status=401)
        self.sign_in(status=401)
        self.assertIn('wrong password, locked', [e['outcome'] for e in self.json('audit', '--all')])
        self.zw('user', 'enable', 'eve')
        self.sign_in()

    def test_address_is_locked_out_too(self):
        for n in range(20):
            self.sign_in(name=f'guess-{n}', status=401)
        self.assertEqual(self.sign_in(status=429).json['code'], 'TOO_MANY')

    def test_signing_out_ends_it(self):
        proof = self.proof(self.made)
        gone = self.send('DELETE', '/api/v1/session', status=204, **proof)
        self.assertEqual(gone.content, b'')
        self.assertIn('Max-Age=0', gone.headers['Set-Cookie'])
        self.assertEqual(self.get('/api/v1/me', headers={'Cookie': proof['Cookie']}).status, 401)
        self.assertEqual(self.send('DELETE', '/api/v1/session', **proof).status, 401)

    def test_disabled_at_once(self):
        other = self.sign_in()
        self.zw('user', 'disable', 'eve')
        for session in (self.made, other):
            self.assertEqual(self.get('/api/v1/me', headers={'Cookie': self.cookie(session)}).status, 401)

    def test_no_fixation(self):
        again = self.sign_in()
        self.assertNotEqual(self.cookie(again), self.cookie(self.made))
        chosen = self.send('POST', '/api/v1/session', {'name': 'eve', 'password': PASSWORD}, 201, Cookie='__Host-zonewright=' + '1' * 32)
        self.assertNotEqual(self.cookie(chosen), '__Host-zonewright=' + '1' * 32)

    def test_requests_of_other_pages(self):
        good = self.proof(self.made)
        here = good['Origin']
        for change in ({'Origin': 'http://evil.example'}, {'Origin': 'null'}, {'Origin': here + '0'}, {'Origin': here.replace('127.0.0.1', 'localhost')},
                       {'Origin': None}, {'Sec_Fetch_Site': 'cross-site'}, {'Sec_Fetch_Site': 'same-site'}, {'X_Zonewright_CSRF': None},
                       {'X_Zonewright_CSRF': ''}, {'X_Zonewright_CSRF': '0' * 64}, {'X_Zonewright_CSRF': self.sign_in().json['csrf']}):
            with self.subTest(change=change):
                fields = {name: value for name, value in {**good, **change}.items() if value is not None}
                refused = self.send('DELETE', '/api/v1/session', status=403, **fields)
                self.assertEqual(refused.json['code'], 'CSRF')
        self.assertEqual(self.get('/api/v1/me', headers={'Cookie': good['Cookie']}).status, 200, 'nothing happened')
        # A page of elsewhere cannot sign somebody in either.
        for fields in ({'Origin': 'http://evil.example'}, {'Sec_Fetch_Site': 'cross-site'}):
            refused = self.send('POST', '/api/v1/session', {'name': 'eve', 'password': PASSWORD}, 403, anonymous=True, **fields)
            self.assertNotIn('Set-Cookie', refused.headers)
        same = {**good, 'Sec_Fetch_Site': 'same-origin'}
        del same['Origin']
        self.send('DELETE', '/api/v1/session', status=204, **same)

    def test_one_time_codes(self):
        self.assertEqual(self.sign_in(code='000000').status, 201, 'a code nobody asked for is not looked at')

    def test_command_line_does_not_come_in_over_http(self):
        # Whoever reaches the port is nobody in particular, however it calls itself.
        for fields in ({}, {'X_Forwarded_For': '127.0.0.1'}, {'X_Remote_User': 'root'}, {'Authorization': 'Bearer root'}):
            self.assertEqual(self.send('GET', '/api/v1/items', anonymous=True, **fields).status, 401)


class Bodies(Sign):
    settings = {'ZONEWRIGHT_HEAD_SECONDS': '3'}
    HEAD = b'Host: localhost\r\nConnection: close\r\n'

    def tearDown(self):
        self.assertEqual(self.get('/healthz', anonymous=True).status, 200, 'the server is still there')
        super().tearDown()

    def post(self, content, *fields, path=b'/api/v1/session', method=b'POST', length=True):
        head = [b'%s %s HTTP/1.1' % (method, path), b'Host: localhost', b'Connection: close', *fields]
        if length:
            head.append(b'Content-Length: %d' % len(content))
        return self.raw(b'\r\n'.join(head) + b'\r\n\r\n' + content)

    def test_wrong_json(self):
        for content, words in ((b'{', 'line 1'), (b'[]', ''), (b'"x"', ''), (b'null', ''), (b'{"a":1,"a":2}', ''), (b'{"name":"\xff"}', 'line 1'),
                               (b'{"name":"eve"} {}', 'line 1'), (b'{"name":' + b'[' * 200 + b']' * 200 + b'}', ''), (b'{"name":1e999}', ''),
                               (b'\xef\xbb\xbf{}', 'line 1'), (b'\x00', ''), (b'{"name":"\\ud800","password":"x"}', '')):
            with self.subTest(content=content[:40]):
                answer = self.post(content, b'Content-Type: application/json')
                self.assertIn(answer.status, (413, 422), answer.raw)
                self.assertEqual(answer.headers['content-type'], 'application/problem+json')
                self.assertIn(words, answer.json().get('where', ''))

    def test_wrong_fields_are_named(self):
        for body, pointer in (({'name': 'eve', 'password': 1}, '/password'), ({'name': ['eve'], 'password': 'x'}, '/name'),
                              ({'name': 'eve', 'password': 'x', 'code': {}}, '/code'), ({'name': 'eve', 'password': 'x', 'cod': '1'}, '/cod'),
                              ({'name': 'eve'}, '/password'), ({}, '/name')):
            with self.subTest(body=body):
                answer = self.send('POST', '/api/v1/session', body, 422, anonymous=True)
                self.assertEqual(answer.json['pointer'], pointer)

    def test_types(self):
        for kind in (b'text/plain', b'application/x-www-form-urlencoded', b'multipart/form-data; boundary=x', b'application/json; charset=utf-16', b''):
            with self.subTest(kind=kind):
                self.assertEqual(self.post(b'{}', b'Content-Type: ' + kind).json()['code'], 'MEDIA_TYPE')
        self.assertEqual(self.post(b'{}').status, 415)
        self.assertEqual(self.post(b'{}', b'Content-Type: application/json', b'Content-Encoding: gzip').status, 415)

    def test_lengths(self):
        json_type = b'Content-Type: application/json'
        self.assertEqual(self.post(b' ' * 20000, json_type).json()['code'], 'LIMIT')
        self.assertEqual(self.post(b'', json_type).status, 400)
        self.assertEqual(self.post(b'', json_type, length=False).status, 400)
        self.assertEqual(self.post(b'', json_type, b'Content-Length: 100000000000', length=False).json()['code'], 'LIMIT')
        self.assertEqual(self.post(b'2\r\n{}\r\n0\r\n\r\n', json_type, b'Transfer-Encoding: chunked', length=False).status, 411)

    def test_smuggling(self):
        inner = b'GET /api/v1/setup?inner HTTP/1.1\r\nHost: localhost\r\n\r\n'
        json_type = b'Content-Type: application/json'
        for fields in ((b'Content-Length: 2', b'Transfer-Encoding: chunked'), (b'Transfer-Encoding: chunked', b'Content-Length: 2'),
                       (b'Content-Length: 2', b'Content-Length: 60'), (b'Content-Length: 60', b'Content-Length: 2'), (b'Content-Length: +2',),
                       (b'Content-Length: 2, 2',), (b'Content-Length: 0x2',), (b'Content-Length: 2;',), (b'Content-Length : 2',),
                       (b'Transfer-Encoding: xchunked',), (b'Transfer-Encoding: chunked, identity',), (b'Transfer-Encoding:\tchunked',)):
            with self.subTest(fields=fields):
                head = b'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n' + json_type + b'\r\n' + b'\r\n'.join(fields) + b'\r\n\r\n'
                answer = self.raw(head + b'{}' + inner)
                self.assertEqual(set(re.findall(rb'HTTP/1.1 (.)', answer.raw)), {b'4'}, answer.raw)
        self.assertNotIn('path=/api/v1/setup', self.log_text())
        # What is framed well is followed by the next request.
        good = b'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n' + json_type + b'\r\nContent-Length: 2\r\n\r\n{}'
        answer = self.raw(good + good + b'GET /healthz HTTP/1.1\r\n' + self.HEAD + b'\r\n')
        self.assertEqual(re.findall(rb'HTTP/1.1 (\d+)', answer.raw), [b'422', b'422', b'200'])

    def test_bodies_that_never_come(self):
        """Less than was announced: the connection is given time by its rate, and the server goes on meanwhile."""
        head = b'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n'

        def wait():
            began = time.monotonic()
            with socket.create_connection(('127.0.0.1', self.port), timeout=60) as connection:
                connection.sendall(head + b'{')
                return connection.recv(1), time.monotonic() - began

        with concurrent.futures.ThreadPoolExecutor(9) as pool:
            dripping = pool.submit(self.drip, head + b' ' * 200, 0.3, 50)
            silent = [pool.submit(wait) for _ in range(8)]
            self.assertEqual(self.get('/healthz', anonymous=True).status, 200)
            for task in silent:
                received, seconds = task.result()
                self.assertEqual(received, b'')
                self.assertLess(seconds, 40)
            self.assertIsNotNone(dripping.result())

    def test_a_body_in_pieces_and_expectations(self):
        content = json.dumps({'name': 'eve', 'password': 'wrong'}).encode()
        head = b'POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\n' + self.HEAD
        with socket.create_connection(('127.0.0.1', self.port), timeout=20) as connection:
            connection.sendall(head + b'Expect: 100-continue\r\nContent-Length: %d\r\n\r\n' % len(content))
            self.assertIn(b'100 Continue', connection.recv(1000))
            for at in range(0, len(content), 7):
                connection.sendall(content[at:at + 7])
                time.sleep(0.02)
            received = b''
            while chunk := connection.recv(65536):
                received += chunk
        self.assertIn(b'HTTP/1.1 401', received)
        with socket.create_connection(('127.0.0.1', self.port), timeout=20) as connection:
            connection.sendall(head + b'Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n')
            self.assertIn(b'HTTP/1.1 413', connection.recv(1000), 'refused before the body is sent')

    def test_nobody_sends_a_body_before_signing_in(self):
        head = b'DELETE /api/v1/session HTTP/1.1\r\nContent-Length: 5\r\n' + self.HEAD + b'\r\nhello'
        self.assertEqual(self.raw(head).json()['code'], 'LIMIT')


if __name__ == '__main__':
    tap.main()
