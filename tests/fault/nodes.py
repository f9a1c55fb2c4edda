#!/usr/bin/env python3
"""Bad luck for several servers over one PostgreSQL.

  tests/fault/nodes.py ZW MINUTES [SEED]

Three servers of one store, 16 clients that count up in the titles of a few items, each change by the revision that was read and with a
request id, each request to any of the servers, and make and end links between them. Meanwhile backends of the database are killed, servers are stopped for a
while or killed and started again, and the database itself is killed. A request whose outcome is not known is asked again with its id,
elsewhere. In the end every count that was acknowledged is there once (nothing lost, no update lost), no client was shown less than it
had seen, the servers show the same, which is what one shows that has just read it all, and the log and its projections hold."""
import hashlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
import postgres  # noqa: E402

NODES, CLIENTS, ITEMS = 3, 16, 6
MERGE = 'application/merge-patch+json'
# What a server shows of all that it holds: the root of the log, items, links, and what is computed from the graph in its memory.
WHOLE = ['projects', 'items?limit=1000', 'exports/native', 'sl', 'lint']


class Node:
    def __init__(self, zw, folder, number):
        self.zw, self.data, self.process, self.port = zw, os.path.join(folder, f'node{number}'), None, 0
        self.log = open(self.data + '.log', 'ab')

    def run(self, *args, **environment):
        return subprocess.run([self.zw, '--data', self.data, *args], check=True, capture_output=True, text=True, timeout=300,
                              env={**os.environ, **environment}).stdout

    def start(self):
        self.process = subprocess.Popen([self.zw, '--data', self.data, 'serve', '--listen', f'127.0.0.1:{self.port}'],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if line:
            self.port = int(line.rsplit(':', 1)[1])
        return bool(line)

    def start_again(self):
        """However long the database is away."""
        while not self.start():
            self.process.wait()
            time.sleep(0.2)

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait()
        self.process.stdout.close()


class History:
    """What clients were told; everything under one lock."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged = {}  # (item, count) → how often it was acknowledged
        self.unknown = self.conflicts = 0
        self.wrong = []

    def count(self, name):
        with self.lock:
            setattr(self, name, getattr(self, name) + 1)

    def acknowledge(self, item, count):
        with self.lock:
            self.acknowledged[item, count] = self.acknowledged.get((item, count), 0) + 1

    def blame(self, text):
        with self.lock:
            self.wrong.append(text)


class Client(threading.Thread):
    def __init__(self, test, number):
        super().__init__(daemon=True)
        self.test, self.number, self.random = test, number, random.Random(test.seed * 100 + number)
        self.seen = {}  # item → the greatest count it was shown

    def ask(self, method, path, body=None, **headers):
        """A status, the headers and the content; 0 when nothing is known of the outcome."""
        node = self.random.choice(self.test.nodes)
        connection = http.client.HTTPConnection('127.0.0.1', node.port, timeout=60)
        fields = {'Authorization': f'Bearer {self.test.token}', **{name.replace('_', '-'): value for name, value in headers.items()}}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), fields)
            answer = connection.getresponse()
            content = answer.read()
            if 'json' in answer.headers.get('Content-Type', '') and 'ndjson' not in answer.headers['Content-Type']:
                content = json.loads(content)
            return (0 if answer.status >= 500 else answer.status), answer.headers, content
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None, None
        finally:
            connection.close()

    def show(self, item, count):
        if count < self.seen.get(item, 0):
            self.test.history.blame(f'client {self.number} was shown {count} of {item} after {self.seen[item]}')
        self.seen[item] = max(self.seen.get(item, 0), count)

    def step(self, turn):
        item = self.random.choice(self.test.items)
        status, headers, content = self.ask('GET', f'/api/v1/items/{item}')
        if status != 200:
            return time.sleep(0.05)
        count = int(content['title'])
        self.show(item, count)
        request = f'c{self.number}-{turn}'
        while True:
            status, _, content = self.ask('PATCH', f'/api/v1/items/{item}', {'title': str(count + 1)}, If_Match=headers['ETag'],
                                          Content_Type=MERGE, Idempotency_Key=request)
            if status != 0:
                break
            self.test.history.count('unknown')
            time.sleep(0.05)
        if status == 200:
            self.test.history.acknowledge(item, count + 1)
            self.show(item, count + 1)
        elif status == 412:
            self.test.history.count('conflicts')
        else:
            self.test.history.blame(f'a change of {item} was answered by {status}: {content}')

    def link(self):
        one, other = self.random.sample(self.test.items, 2)
        if self.random.random() < 0.5:
            status, _, content = self.ask('POST', '/api/v1/links', {'from': one, 'type': 'relates_to', 'to': other}, Content_Type='application/json')
        else:
            status, _, content = self.ask('DELETE', f'/api/v1/links?from={one}&type=relates_to&to={other}')
        if status not in (0, 200, 201, 404):
            self.test.history.blame(f'a link of {one} was answered by {status}: {content}')

    def run(self):
        turn = 0
        while time.monotonic() < self.test.end:
            turn += 1
            self.step(turn)
            if turn % 4 == 0:
                self.link()


class Test:
    def __init__(self, zw, minutes, seed):
        self.seed, self.random, self.history = seed, random.Random(seed), History()
        self.folder = tempfile.TemporaryDirectory()
        self.cluster = postgres.Cluster({'fsync': 'on', 'full_page_writes': 'on'})
        self.nodes = [Node(zw, self.folder.name, number) for number in range(NODES)]
        self.faults = {}
        self.minutes, self.end, self.hashes = minutes, 0, []

    def begin(self):
        database = {'ZONEWRIGHT_DATABASE': self.cluster.url}
        first = self.nodes[0]
        first.run('init', **database)
        for node in self.nodes[1:]:
            node.run('init', '--join', **database)
        name = json.loads(first.run('--json', 'user', 'me'))['name']
        first.run('user', 'set', name, '--operator')
        self.token = json.loads(first.run('--json', 'token', 'create', 'fault', '--scope', 'read,change,write'))['token']
        for _ in range(ITEMS):
            first.run('add', 'zone', 'title=0')
        self.items = [f'ZN-{i + 1}' for i in range(ITEMS)]
        for node in self.nodes:
            node.start_again()
        self.end = time.monotonic() + self.minutes * 60

    def fault(self):
        what = self.random.choice(['backends', 'backends', 'stop', 'kill', 'database'])
        self.faults[what] = self.faults.get(what, 0) + 1
        node = self.random.choice(self.nodes)
        if what == 'backends':
            self.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zonewright' "
                             'AND random() < 0.5')
        elif what == 'stop':
            node.process.send_signal(signal.SIGSTOP)
            time.sleep(self.random.uniform(0.5, 3))
            node.process.send_signal(signal.SIGCONT)
        elif what == 'kill':
            node.end(signal.SIGKILL)
            node.start_again()
        else:
            self.cluster.stop('immediate')
            self.cluster.start()

    def shown(self, node, path):
        client = Client(self, 99)
        client.random.choice = lambda _: node
        status, _, content = client.ask('GET', f'/api/v1/{path}')
        if status != 200:
            raise RuntimeError(f'{path} is answered by {status} in the end')
        return content

    def hash_of_all(self, node):
        return hashlib.sha256(json.dumps([str(self.shown(node, path)) for path in WHOLE]).encode()).hexdigest()

    def judge(self):
        wrong = list(self.history.wrong)
        self.hashes = [self.hash_of_all(node) for node in self.nodes]
        self.nodes[0].end(signal.SIGTERM)
        self.nodes[0].start_again()
        self.hashes.append(self.hash_of_all(self.nodes[0]))
        if len(set(self.hashes)) > 1:
            wrong.append(f'the servers, and the first started again, show different things: {self.hashes}')
        items = self.shown(self.nodes[0], 'items?limit=1000')
        for item in self.items:
            count = next(int(one['title']) for one in items if one['key'] == item)
            told = [self.history.acknowledged.get((item, number), 0) for number in range(1, count + 1)]
            if any(number != 1 for number in told) or any(key == item and number > count for key, number in self.history.acknowledged):
                wrong.append(f'{item} is at {count}; acknowledged: {told}')
        for number, node in enumerate(self.nodes):
            for command in ('verify', 'check'):
                if not json.loads(node.run('--json', command))['ok']:
                    wrong.append(f'zw {command} finds something at server {number}')
        return wrong

    def run(self):
        self.begin()
        clients = [Client(self, number) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        while time.monotonic() < self.end - 3:
            time.sleep(self.random.uniform(0.3, 2))
            self.fault()
        for client in clients:
            client.join(180)
        if any(client.is_alive() for client in clients):
            self.history.blame('a client never got an answer')
        return self.judge()

    def close(self):
        for node in self.nodes:
            if node.process is not None and node.process.poll() is None:
                node.end(signal.SIGTERM)
            node.log.close()
        self.cluster.close()
        self.folder.cleanup()


def main():
    if postgres.programs() is None:
        print('1..0 # SKIP PostgreSQL is not installed')
        return 0
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 30)
    test = Test(os.path.abspath(sys.argv[1]), float(sys.argv[2]), seed)
    try:
        wrong = test.run()
    finally:
        test.close()
    history = test.history
    for text in wrong:
        print(f'# {text}')
    print(f'# seed {seed}: {len(history.acknowledged)} changes acknowledged, {history.conflicts} refused for their revision, '
          f'{history.unknown} asked again; faults {test.faults}')
    print(f'# all servers show {test.hashes[0]}')
    print(f'{"not ok" if wrong else "ok"} 1 - nothing is lost, no update is lost, nobody is shown less than before')
    print('1..1')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
