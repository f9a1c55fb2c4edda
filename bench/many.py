#!/usr/bin/env python3
"""Very many projects on one PostgreSQL: PROJECTS of size S beside one of size L, on NODES servers. Measures how long they take to be made and
taken into the database; the first answer on a project, on any node; the memory of a node that has opened more and more of them, and, with
--idle, when it has dropped them; durable writes into one of them and into the largest; the list of projects. One JSON line a figure, as the
other programs. Usage: many.py ZW [PROJECTS [SIZE]] [--idle]

The projects are made in one directory with SQLite and taken along as docs/postgresql.md has it, by a backup that is restored: rows go into the
database by its own bulk copy then, not by a statement each. 1,000 and L need 35 GB of disk while that is done. Needs PostgreSQL and wrk."""
import contextlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from figures import figure
from servers import WRITE, Server, postgres, rate

NODES, ASKED, SECONDS, WRITERS, ZONES, IDLE_SECONDS = 2, 60, 5, 16, 20, 16 * 60


def timed(what, *args, **options):
    begin = time.monotonic()
    answer = what(*args, **options)
    return time.monotonic() - begin, answer


def make(zw, folder, keys, largest):
    """All projects in one directory, and its backup."""
    source = Server(zw, folder, 'source')
    source.call('init')
    seconds = [timed(source.call, '--project', key, 'bench', 'generate', '--size', 'S', '--seed', str(seed))[0] for seed, key in enumerate(keys)]
    figure('a project of size S is made, median', 's', statistics.median(seconds), 'the slowest', max(seconds))
    big, _ = timed(source.call, 'bench', 'generate', '--size', largest, '--seed', '1')
    figure(f'a project of size {largest} is made', 's', big, 'goal of 600 s', 600.0)
    source.call('user', 'set', json.loads(source.call('--json', 'user', 'me'))['name'], '--operator')
    token = json.loads(source.call('--json', 'token', 'create', 'bench', '--scope', 'read,write,change'))['token']
    source.call('backup', os.path.join(folder, 'all.tar'))
    shutil.rmtree(os.path.join(folder, 'source'))
    return token


def resident(process):
    with open(f'/proc/{process.pid}/status', encoding='ascii') as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith('VmRSS'))


def ask(server, token, path):
    answer = server.get(token, path)
    body = answer.read()
    if answer.status != 200:
        sys.exit(f'bench: {path}: {answer.status} {body[:200]}')
    return body


def first_answer(server, token, key):
    return timed(ask, server, token, f'/api/v1/items?project={key}&q=kind:zone')[0]


def open_some(nodes, token, keys):
    """Projects in no order, each on any node, which has not seen it before."""
    pick = random.Random(1)
    seconds = [first_answer(pick.choice(nodes), token, key) for key in pick.sample(keys, min(ASKED, len(keys)))]
    figure('first answer on one of many projects of size S, on any node, median', 's', statistics.median(seconds), 'the slowest', max(seconds))


def memory_grows(node, process, token, keys):
    before, seconds = resident(process), []
    for share in (4, 2, 1):
        seconds += [first_answer(node, token, key) for key in keys[:len(keys) // share]]
        figure(f'memory of a node with {len(keys) // share} projects of size S open, MiB', 'MiB', resident(process), 'with those opened before', before)
    if '--idle' in sys.argv:
        time.sleep(IDLE_SECONDS)
        figure('the same node when it has dropped them, MiB', 'MiB', resident(process), 'with those opened before', before)


def writes(nodes, token, folder, key):
    script = os.path.join(folder, 'write.lua')
    with open(script, 'w', encoding='utf-8') as file:
        file.write(WRITE.replace('TOKEN', token).replace('ITEMS', str(ZONES)).replace('project=MAIN', f'project={key}'))
    return rate(nodes, WRITERS, script, SECONDS)


def measure(nodes, processes, token, folder, keys, largest):
    open_some(nodes, token, keys)
    memory_grows(nodes[0], processes[0], token, keys)
    opened = [first_answer(node, token, largest) for node in nodes]
    figure(f'first answer on size {largest} beside them', 's', statistics.median(opened), 'the slowest', max(opened))
    small, large = (writes(nodes, token, folder, key) for key in ('S1', largest))
    figure(f'durable writes into a project of size S, writers: {WRITERS}', '1/s', small, f'into the one of size {largest}', large)
    listed = [timed(ask, node, token, '/api/v1/projects')[0] for node in nodes for _ in range(ASKED)]
    figure(f'list of {len(keys) + 2} projects', 's', statistics.median(listed), 'goal of 50 ms', 0.05)


def main():
    if postgres.programs() is None or shutil.which('wrk') is None:
        sys.exit('bench: many projects over PostgreSQL are left out: PostgreSQL or wrk is missing')
    given = [arg for arg in sys.argv[1:] if not arg.startswith('--')]
    zw, n, largest = os.path.abspath(given[0]), int(given[1]) if len(given) > 1 else 1000, given[2] if len(given) > 2 else 'L'
    keys = [f'S{i}' for i in range(1, n + 1)]
    with tempfile.TemporaryDirectory(dir='/var/tmp') as folder, contextlib.ExitStack() as stack:
        os.chmod(folder, 0o755)
        token = make(zw, folder, keys, largest)
        cluster = postgres.Cluster({'fsync': 'on', 'full_page_writes': 'on', 'shared_buffers': '256MB', 'autovacuum': 'on'}, place=folder)
        stack.callback(cluster.close)
        os.environ['ZONEWRIGHT_DATABASE'] = cluster.url
        nodes = [Server(zw, folder, f'server{i}') for i in range(NODES)]
        seconds, _ = timed(nodes[0].call, 'restore', os.path.join(folder, 'all.tar'))
        figure('all of them taken into PostgreSQL and proven', 's', seconds, f'each of size S, of {n}', seconds / n)
        os.remove(os.path.join(folder, 'all.tar'))
        for node in nodes[1:]:
            node.call('init', '--join')
        processes = [stack.enter_context(node.serve()) for node in nodes]
        measure(nodes, processes, token, folder, keys, largest)


if __name__ == '__main__':
    main()
