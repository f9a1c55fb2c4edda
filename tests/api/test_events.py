"""Server-sent events: what is told, to whom, from where on, and that those who listen block nobody."""
import concurrent.futures
import json
import re
import socket
import time

import tap
from server import Served


class Events:
    """One who listens: reads events until the stream ends."""

    def __init__(self, port, path='/api/v1/events', last=None, **fields):
        lines = [f'GET {path} HTTP/1.1', 'Host: localhost'] + [f'{name.replace("_", "-")}: {value}' for name, value in fields.items()]
        if last is not None:
            lines.append(f'Last-Event-ID: {last}')
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=20)
        self.socket.sendall(('\r\n'.join(lines) + '\r\n\r\n').encode())
        self.file = self.socket.makefile('rb')
        self.status = int(self.file.readline().split()[1])
        self.fields = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(':')
            self.fields[name.lower()] = value.strip()
        self.text = b''
        self.ended = False

    def fill(self):
        size = int(self.file.readline() or b'0', 16)
        self.text += self.file.read(size)
        self.file.readline()
        self.ended = size == 0
        return not self.ended

    def next(self, *kinds):
        """The next event of one of the kinds (or of any): (kind, id, data); None at the end."""
        while True:
            while b'\n\n' not in self.text:
                if self.ended or not self.fill():
                    return None
            block, _, self.text = self.text.partition(b'\n\n')
            fields = dict(line.split(': ', 1) for line in block.decode().split('\n') if ': ' in line and not line.startswith(':'))
            if 'event' in fields and (not kinds or fields['event'] in kinds):
                return fields['event'], fields.get('id'), json.loads(fields['data'])

    def close(self):
        self.file.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Listening(Served):
    def listen(self, path='/api/v1/events', last=None, token=None, **fields):
        if 'Cookie' not in fields:
            fields['Authorization'] = f'Bearer {token or self.token}'
        return Events(self.port, path, last, **fields)


class Told(Listening):
    def test_commits_as_they_happen(self):
        with self.listen() as events:
            self.assertEqual((events.status, events.fields['content-type'], events.fields['cache-control']), (200, 'text/event-stream; charset=utf-8', 'no-store'))
            self.assertEqual(events.next()[:2], ('hello', 'MAIN:1'))
            began = time.monotonic()
            self.zw('add', 'zone', 'title=Intake')
            kind, mark, data = events.next()
            self.assertLess(time.monotonic() - began, 5)
            self.assertEqual((kind, mark), ('commit', 'MAIN:2'))
            self.assertEqual((data['project'], data['seq'], data['keys'], data['more']), ('MAIN', 2, ['ZN-1'], False))
            self.assertRegex(data['author'], r'^\w')
            self.zw('add', 'asset', 'title=Pump')
            self.zw('link', 'AS-1', 'part_of', 'ZN-1')
            self.assertEqual([events.next('commit')[2]['keys'] for _ in range(2)], [['AS-1'], ['AS-1', 'ZN-1']])

    def test_one_project(self):
        self.zw('project', 'create', 'OTHER', 'Other')
        with self.listen('/api/v1/events?project=OTHER') as events:
            self.assertEqual(events.next()[:2], ('hello', '1'))
            self.zw('--project', 'MAIN', 'add', 'zone', 'title=x')
            self.zw('--project', 'OTHER', 'add', 'zone', 'title=y')
            kind, mark, data = events.next()
            self.assertEqual((kind, mark, data['project']), ('commit', '2', 'OTHER'))

    def test_where_one_left_off(self):
        self.assets = 0
        for i in range(3):
            self.zw('add', 'zone', f'title={i}')
        for path, last, seqs in (('/api/v1/events', 'MAIN:2', [3, 4]), ('/api/v1/events?project=MAIN', '1', [2, 3, 4]), ('/api/v1/events', 'MAIN:4', []),
                                 ('/api/v1/events', 'MAIN:99,GONE:7', []), ('/api/v1/events?project=MAIN', '0', [1, 2, 3, 4]), ('/api/v1/events', 'GONE:1', [])):
            with self.subTest(path=path, last=last), self.listen(path, last) as events:
                self.zw('add', 'asset', 'title=last')
                self.assets += 1
                got = []
                while not got or got[-1][2]['keys'][:1] != ['AS-%d' % self.assets]:
                    got.append(events.next('commit'))
                seqs = seqs + [got[-1][2]['seq']]
                self.assertEqual([event[2]['seq'] for event in got][:len(seqs) - 1], seqs[:-1])
                self.assertEqual(len({event[2]['seq'] for event in got}), len(got), 'each once')

    def test_long_absence(self):
        for i in range(510):
            self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': str(i)}, 201)
        with self.listen(last='MAIN:1') as events:
            kind, _, data = events.next('commit', 'reset')
            self.assertEqual((kind, data['project']), ('reset', 'MAIN'))
            self.zw('add', 'zone', 'title=then')
            self.assertEqual(events.next()[0], 'commit')

    def test_jobs(self):
        with self.listen() as events:
            events.next('hello')
            job = self.send('POST', '/api/v1/jobs', {'kind': 'verify', 'input': {}}, 202).json['job']
            while (event := events.next('job'))[2]['state'] != 'done':
                self.assertIn(event[2]['state'], ('queued', 'running'))
            self.assertEqual((event[1], event[2]['id'], event[2]['result']['ok']), (None, job, True))

    def test_project_that_is_new(self):
        with self.listen() as events:
            events.next('hello')
            self.zw('project', 'create', 'LATER', 'Later')
            self.assertEqual(events.next('commit')[2]['project'], 'LATER')

    def test_refused(self):
        for path, last, status in (('/api/v1/events?project=NONE', None, 404), ('/api/v1/events', '7', 422), ('/api/v1/events?project=MAIN', 'MAIN:1', 422),
                                   ('/api/v1/events', 'MAIN:x', 422), ('/api/v1/events', ':', 422), ('/api/v1/events?projec=MAIN', None, 400)):
            with self.subTest(path=path, last=last), self.listen(path, last) as events:
                self.assertEqual(events.status, status)
        with Events(self.port) as events:
            self.assertEqual(events.status, 401)
        self.assertEqual(self.get('/api/v1/events', 'HEAD').status, 200)


class Rights(Listening):
    def sign_in(self):
        code = re.search('[0-9a-f]{20}', self.how).group()
        made = self.send('POST', '/api/v1/setup', {'code': code, 'name': 'eve', 'full_name': 'Eve', 'password': 'an evening at the pumps'}, 201, anonymous=True)
        return made.headers['Set-Cookie'].partition(';')[0]

    def test_ends_with_the_session_within_a_second(self):
        cookie = self.sign_in()
        with self.listen(Cookie=cookie) as events:
            self.assertEqual(events.next()[0], 'hello')
            began = time.monotonic()
            self.zw('session', 'end', 'all', '--person', 'eve')
            self.assertEqual(events.next(), ('end', None, {'code': 'SIGN_IN'}))
            self.assertIsNone(events.next())
            self.assertLess(time.monotonic() - began, 4, 'a second, and the time the command takes')

    def test_ends_with_the_token(self):
        made = self.json('token', 'create', 'other', '--scope', 'read')
        with self.listen(token=made['token']) as events:
            events.next('hello')
            self.zw('token', 'revoke', made['id'])
            self.assertEqual(events.next('end')[2]['code'], 'SIGN_IN')
            self.assertIsNone(events.next())

    def test_only_what_one_may_see(self):
        self.zw('project', 'create', 'SECRET', 'Secret')
        limited = self.json('--project', 'MAIN', 'token', 'create', 'limited', '--scope', 'read')['token']
        with self.listen(token=limited) as events:
            self.assertEqual(events.next()[1], 'MAIN:1', 'the other is not even named')
            self.zw('--project', 'SECRET', 'add', 'zone', 'title=x')
            self.zw('--project', 'MAIN', 'add', 'zone', 'title=y')
            self.assertEqual(events.next()[2]['project'], 'MAIN')
        with self.listen('/api/v1/events?project=SECRET', token=limited) as events:
            self.assertEqual(events.status, 404)

    def test_role_that_is_taken_away(self):
        eve = self.sign_in()
        with self.listen(Cookie=eve) as events:
            events.next('hello')
            self.zw('user', 'set', 'eve', '--no-operator')
            roles = [row['role'] for row in self.json('role', 'list') if row['name'] == 'eve']
            self.zw('role', 'revoke', 'eve', *roles)
            self.zw('add', 'zone', 'title=unseen')
            self.zw('role', 'grant', 'eve', 'viewer')
            self.zw('add', 'zone', 'title=seen')
            self.assertEqual([events.next()[2]['seq'] for _ in range(2)], [2, 3], 'told once they may')


class Many(Listening):
    settings = {'ZONEWRIGHT_THREADS': '2', 'ZONEWRIGHT_CONNECTIONS': '192'}

    def test_idle_listeners_block_nobody(self):
        person = [self.json('token', 'create', f't{i}', '--scope', 'read')['token'] for i in range(1)]
        cookie = Rights.sign_in(self)
        listeners = [self.listen(token=person[0]) if i % 2 else self.listen(Cookie=cookie) for i in range(64)]
        try:
            self.assertEqual({events.status for events in listeners}, {200})
            with self.listen(token=person[0]) as one_more:
                self.assertEqual(one_more.status, 429, 'too many of one person')
            for events in listeners:
                self.assertEqual(events.next()[0], 'hello')
            began = time.monotonic()
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                self.assertEqual(set(pool.map(lambda _: self.get('/api/v1/projects').status, range(64))), {200})
            self.assertLess(time.monotonic() - began, 10)
            self.zw('add', 'zone', 'title=x')
            for events in listeners:
                self.assertEqual(events.next()[2]['seq'], 2)
        finally:
            for events in listeners:
                events.close()
        end = time.monotonic() + 10
        while self.get('/api/v1/events', 'HEAD').status == 429:
            self.assertLess(time.monotonic(), end, 'there is room again')
            time.sleep(0.1)

    def test_client_that_leaves(self):
        for _ in range(20):
            self.listen().close()
        self.zw('add', 'zone', 'title=x')
        self.assertEqual(self.get('/healthz').status, 200)

    def test_client_that_reads_nothing(self):
        with self.listen() as deaf, self.listen() as events:
            deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            events.next('hello')
            for i in range(3):
                self.zw('add', 'zone', f'title={i}')
            self.assertEqual([events.next()[2]['seq'] for _ in range(3)], [2, 3, 4])

    def test_end_of_the_server(self):
        with self.listen() as events:
            events.next('hello')
            began = time.monotonic()
            self.stop()
            self.assertLess(time.monotonic() - began, 8)
            self.assertEqual(events.next(), ('end', None, {'code': 'BUSY'}))


if __name__ == '__main__':
    tap.main()
