#!/usr/bin/env python3
"""Load on one server for a long time.

  tests/fault/soak.py ZW SECONDS [SEED]

Clients read pages, levels, gaps, findings, traces and reports of the sample plant, give its zones other titles, and watch what happens. What must
hold: no answer of 500 or more; memory, open files and threads at the end are what they were when a third of the time was over, but for
what the changes since take; each change that was acknowledged is one of the log, which holds, as do its projections."""
import http.client
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time

from nodes import MERGE, Node

CLIENTS, LOOKS = 8, 60
SPARE_KIB, CHANGE_KIB = 48 << 10, 16  # memory may grow by so much, and by so much for each change
SPARE_FILES = SPARE_THREADS = 16
READS = ['items?limit=200&sort=title', 'items?q=kind:asset&sort=-changed', 'items?q=valve', 'sl', 'gaps', 'lint', 'findings?limit=50', 'suspects', 'work',
         'trace-matrix?from=requirement&to=component&limit=100', 'verification', 'items/ZN-1', 'items/ZN-1/history', 'items/ZN-1/trace', 'items/TS-1/impact', 'metamodel']
PAGES = ['/', '/reports/gap.html', '/reports/gap.json', '/metrics', '/readyz']


class Look:
    """What the process takes now."""

    def __init__(self, process):
        with open(f'/proc/{process.pid}/status', encoding='ascii') as file:
            fields = dict(line.split(':', 1) for line in file)
        self.kib, self.threads = int(fields['VmRSS'].split()[0]), int(fields['Threads'])
        self.files = len(os.listdir(f'/proc/{process.pid}/fd'))


class Client(threading.Thread):
    def __init__(self, soak, number):
        super().__init__(daemon=True)
        self.soak, self.random = soak, random.Random(soak.seed * 100 + number)
        self.connection = None
        self.asked = self.changed = 0
        self.wrong = []

    def ask(self, method, path, body=None, **headers):
        """The status; a connection serves some requests, and then another one does."""
        if self.connection is None or self.random.random() < 0.05:
            if self.connection is not None:
                self.connection.close()
            self.connection = http.client.HTTPConnection('127.0.0.1', self.soak.node.port, timeout=120)
        fields = {'Authorization': f'Bearer {self.soak.token}', **{name.replace('_', '-'): value for name, value in headers.items()}}
        self.connection.request(method, path, None if body is None else json.dumps(body), fields)
        answer = self.connection.getresponse()
        content = answer.read()
        self.asked += 1
        if answer.status >= 400 and answer.status != 412:
            self.wrong.append(f'{method} {path}: {answer.status} {content[:200]}')
        if answer.headers.get('Connection') == 'close':
            self.connection.close()
            self.connection = None
        return answer.status

    def change(self):
        path = f'/api/v1/items/ZN-{self.random.randint(1, 12)}'
        title = f'Zone {self.random.getrandbits(64):016x}'
        self.changed += self.ask('PATCH', path, {'title': title}, If_Match='*', Content_Type=MERGE) == 200

    def watch(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.soak.node.port, timeout=120)
        connection.request('GET', '/api/v1/events', headers={'Authorization': f'Bearer {self.soak.token}'})
        connection.getresponse().read(self.random.randint(1, 30))
        connection.close()

    def run(self):
        while time.monotonic() < self.soak.end and not self.wrong:
            dice = self.random.random()
            try:
                if dice < 0.1:
                    self.change()
                elif dice < 0.12:
                    self.watch()
                elif dice < 0.2:
                    self.ask('GET', self.random.choice(PAGES))
                else:
                    self.ask('GET', f'/api/v1/{self.random.choice(READS)}')
            except (OSError, http.client.HTTPException) as why:
                self.wrong.append(f'no answer: {why!r}')


class Soak:
    def __init__(self, zw, folder, seconds, seed):
        self.node, self.seed, self.seconds = Node(zw, folder, 0), seed, seconds
        self.node.run('init', '--sample')
        self.node.run('user', 'set', json.loads(self.node.run('--json', 'user', 'me'))['name'], '--operator')
        self.token = json.loads(self.node.run('--json', 'token', 'create', 'soak', '--scope', 'read,audit,write,change,admin'))['token']
        self.commits = self.commits_now()
        self.wrong = []

    def commits_now(self):
        return json.loads(self.node.run('--json', '--project', 'MAIN', 'verify'))['commits']

    def load(self):
        """Looks and changes so far, over the time."""
        self.end = time.monotonic() + self.seconds
        clients = [Client(self, number) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        looks = []
        while time.monotonic() < self.end and any(client.is_alive() for client in clients):
            time.sleep(self.seconds / LOOKS)
            looks.append((Look(self.node.process), sum(client.changed for client in clients)))
        for client in clients:
            client.join()
            self.wrong += client.wrong
        return looks, sum(client.asked for client in clients), sum(client.changed for client in clients)

    def judge(self, looks):
        """The greatest of the last third against the greatest of the one before it."""
        third = len(looks) // 3
        if third == 0:
            return
        before, last, changes = looks[third:2 * third], looks[2 * third:], looks[-1][1] - looks[third][1]
        for name, spare in (('kib', SPARE_KIB + CHANGE_KIB * changes), ('files', SPARE_FILES), ('threads', SPARE_THREADS)):
            was, now = (max(getattr(look, name) for look, _ in part) for part in (before, last))
            print(f'# {name}: {was} in the second third, {now} in the last')
            if now > was + spare:
                self.wrong.append(f'{name} grew from {was} to {now}, with {changes} changes')

    def run(self):
        if not self.node.start():
            sys.exit('soak: the server did not start')
        looks, asked, changed = self.load()
        self.judge(looks)
        self.node.end(signal.SIGTERM)
        print(f'# seed {self.seed}: {asked} requests, {changed} changes acknowledged')
        if self.commits_now() != self.commits + changed:
            self.wrong.append(f'the log has {self.commits_now()} commits, and not {self.commits} and {changed}')
        self.node.run('--project', 'MAIN', 'check')
        return self.wrong


def main():
    if len(sys.argv) not in (3, 4) or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().getrandbits(32)
    with tempfile.TemporaryDirectory() as folder:
        wrong = Soak(os.path.abspath(sys.argv[1]), folder, int(sys.argv[2]), seed).run()
    for text in wrong[:20]:
        print(f'# {text}')
    print(f'{"not ok" if wrong else "ok"} 1 - nothing fails, nothing grows, and all that was acknowledged is there')
    print('1..1')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
