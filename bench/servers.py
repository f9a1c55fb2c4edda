#!/usr/bin/env python3
"""Several servers over one PostgreSQL, against one server over SQLite, on the same disk: durable writes a second of 1, 4 and 16 writers at
1, 2 and 3 servers, in one project; how long after its answer a commit is told by another server; and how long a project of size S
takes to be opened. One JSON line a figure, as the other programs. Usage: servers.py ZW [SECONDS]

Needs PostgreSQL and wrk. All runs on one machine, so more servers show what sharing costs, not what more machines bring."""
import contextlib
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from figures import figure
from serve import load_of, running

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tests', 'tools'))
import postgres  # noqa: E402

WRITERS, SERVERS, ITEMS, LAGS, SIZE_S = (1, 4, 16), (1, 2, 3), 64, 40, 'S'
# Each request gives an item another title; items are many, so that writers seldom wait for the same one.
WRITE = '''
local n = 0
request = function()
  n = n + 1
  return wrk.format("PATCH", "/api/v1/items/ZN-" .. math.random(ITEMS) .. "?project=MAIN", { ["Authorization"] = "Bearer TOKEN", ["If-Match"] = "*",
    ["Content-Type"] = "application/merge-patch+json" }, '{"title":"Changed ' .. n .. '"}')
end
done = function(summary) io.write("refused " .. summary.errors.status .. "\\n") end
'''


class Server:
    def __init__(self, zw, folder, name):
        self.command = [zw, '--data', os.path.join(folder, name)]
        self.log = open(os.path.join(folder, f'{name}.log'), 'wb')

    def call(self, *args):
        return subprocess.run([*self.command, *args], check=True, capture_output=True, text=True).stdout

    def fill(self):
        self.call('init')
        self.call('bench', 'generate', '--size', SIZE_S, '--seed', '1')
        for i in range(ITEMS):
            self.call('--project', 'MAIN', 'add', 'zone', f'title=Zone {i}')
        self.call('user', 'set', json.loads(self.call('--json', 'user', 'me'))['name'], '--operator')
        return json.loads(self.call('--json', 'token', 'create', 'bench', '--scope', 'read,write,change'))['token']

    @contextlib.contextmanager
    def serve(self):
        """Gives the process."""
        with running([*self.command, 'serve', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE, stderr=self.log, text=True) as process:
            self.port = int(process.stdout.readline().rsplit(':', 1)[1])
            yield process

    def get(self, token, path):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
        connection.request('GET', path, None, {'Authorization': f'Bearer {token}'})
        return connection.getresponse()


def rate(servers, writers, script, seconds):
    """Writes a second of all, each server having its share of the writers."""
    shares = [writers // len(servers) + (i < writers % len(servers)) for i in range(len(servers))]
    loads = [subprocess.Popen(['wrk', '-t1', f'-c{n}', f'-d{seconds}', '--latency', '-s', script, f'http://127.0.0.1:{server.port}'],
                              stdout=subprocess.PIPE, text=True) for server, n in zip(servers, shares) if n > 0]
    return sum(load_of(one.communicate()[0], 'writes')[0] for one in loads)


def opening(server, token):
    """The first answer on a project that needs its graph."""
    begin = time.monotonic()
    answer = server.get(token, f'/api/v1/items?project={SIZE_S}&q=kind:zone')
    answer.read()
    if answer.status != 200:
        sys.exit(f'bench: the project was not opened: {answer.status}')
    return time.monotonic() - begin


def lag(writer, follower, token):
    """From the answer of one server to the event of another, in seconds; below nothing where the event is faster."""
    events, lags = follower.get(token, '/api/v1/events?project=MAIN'), []
    for i in range(LAGS + 1):
        connection = http.client.HTTPConnection('127.0.0.1', writer.port, timeout=60)
        connection.request('PATCH', '/api/v1/items/ZN-1?project=MAIN', json.dumps({'title': f'Followed {i}'}),
                           {'Authorization': f'Bearer {token}', 'If-Match': '*', 'Content-Type': 'application/merge-patch+json'})
        seq = connection.getresponse().headers['Zonewright-Seq']
        answered = time.monotonic()
        while f'"seq":{seq},' not in events.readline().decode():
            pass
        lags.append(time.monotonic() - answered)
    return lags[1:]  # the first finds the follower without its project


def measure(servers, token, folder, seconds):
    script = os.path.join(folder, 'write.lua')
    with open(script, 'w', encoding='utf-8') as file:
        file.write(WRITE.replace('TOKEN', token).replace('ITEMS', str(ITEMS)))
    return {(n, writers): rate(servers[:n], writers, script, seconds) for n in SERVERS[:len(servers)] for writers in WRITERS}


def on_sqlite(zw, folder, seconds):
    server = Server(zw, folder, 'alone')
    token = server.fill()
    with server.serve():
        first = opening(server, token)
        return measure([server], token, folder, seconds), first


def on_postgresql(zw, folder, seconds):
    servers = [Server(zw, folder, f'server{i}') for i in range(max(SERVERS))]
    token = servers[0].fill()
    for server in servers[1:]:
        server.call('init', '--join')
    with contextlib.ExitStack() as stack:
        for server in servers:
            stack.enter_context(server.serve())
        opened = statistics.median(opening(server, token) for server in servers)
        return measure(servers, token, folder, seconds), opened, lag(servers[0], servers[1], token)


def main():
    if postgres.programs() is None or shutil.which('wrk') is None:
        sys.exit('bench: servers over PostgreSQL are left out: PostgreSQL or wrk is missing')
    zw, seconds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    # Both on a disk, and synced: in memory neither would have anything to wait for.
    with tempfile.TemporaryDirectory(dir='/var/tmp') as folder:
        os.chmod(folder, 0o755)
        alone, alone_opened = on_sqlite(zw, folder, seconds)
        cluster = postgres.Cluster({'fsync': 'on', 'full_page_writes': 'on', 'shared_buffers': '128MB'}, place=folder)
        try:
            os.environ['ZONEWRIGHT_DATABASE'] = cluster.url
            rates, opened, lags = on_postgresql(zw, folder, seconds)
        finally:
            cluster.close()
    for (n, writers), found in rates.items():
        figure(f'durable writes, servers: {n}, writers: {writers}', '1/s', found, 'one server over SQLite', alone[1, writers])
    figure('commit told by another server after its answer, median', 's', max(statistics.median(lags), 1e-6), 'goal of 1 s', 1.0)
    figure('the same, the longest', 's', max(max(lags), 1e-6), 'goal of 1 s', 1.0)
    figure('first answer on a project of size S', 's', opened, 'one server over SQLite', alone_opened)


if __name__ == '__main__':
    main()
