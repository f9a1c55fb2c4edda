#!/usr/bin/env python3
"""Kills the program (-9) while it commits, at random instants: what it acknowledged stays, no changeset by halves, and
`zw verify` holds after each.

Usage: test_kill.py ZW [KILLS [SECONDS [SEED]]] - so many kills at least, and for so long"""
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import tap

ZW = sys.argv.pop(1)
KILLS, SECONDS, SEED = [int(value) for value in sys.argv[1:]] + [15, 0, 1][len(sys.argv) - 1:]
del sys.argv[1:]
ITEMS = 20
ROUNDS_PER_STORE = 40
SERVER_SHARE, SERVER_SECONDS, CLIENTS = 5, 0.5, 4


class Plant:
    """A data directory, and which rounds must be in it."""

    def __init__(self, folder, number):
        self.data = os.path.join(folder, f'data{number}')
        self.path = os.path.join(folder, 'ops.ndjson')
        self.landed = set()
        self.working = []  # one event for each client of a server: it has written something
        self.killed = threading.Event()
        self.run('init')

    def run(self, *args):
        return subprocess.run([ZW, '--data', self.data, '--json', *args], check=True, capture_output=True, text=True).stdout

    def begin(self, number):
        with open(self.path, 'w', encoding='utf-8') as file:
            for item in range(ITEMS):
                file.write(json.dumps({'op': 'item', 'key': f'ZN-{number * ITEMS + item + 1}', 'kind': 'zone',
                                       'title': f'round {number}'}) + '\n')
        return subprocess.Popen([ZW, '--data', self.data, 'import', self.path], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def rounds(self):
        """How many items of each round are there."""
        found = {}
        for item in json.loads(self.run('list')):
            number = int(item['title'].removeprefix('round '))
            found[number] = found.get(number, 0) + 1
        return found


def serve(data):
    server = subprocess.Popen([ZW, '--data', data, 'serve', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    assert server.stdout.readline().startswith('serving '), 'the server does not start'
    return server


def write_until_killed(plant, name):
    """What was acknowledged, until the killing is told. Without a server a client works on the directory by itself."""
    told, working = set(), threading.Event()
    plant.working.append(working)
    number = 0
    while not plant.killed.is_set():
        number += 1
        title = f'{name}.{number}'
        done = subprocess.run([ZW, '--data', plant.data, 'add', 'zone', f'title={title}'], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            told.add(title)
            working.set()
    return told


class Kill(unittest.TestCase):
    def check(self, plant, number, acknowledged):
        """All earlier rounds, and the present one whole or not at all; whether it is there."""
        found = plant.rounds()
        for earlier in plant.landed:
            self.assertEqual(found.get(earlier), ITEMS, f'round {number}: round {earlier} was there and is lost')
        self.assertIn(found.get(number), (None, ITEMS), f'round {number}: half a changeset')
        if acknowledged:
            self.assertEqual(found.get(number), ITEMS, f'round {number}: acknowledged and lost')
        self.assertLessEqual(set(found), plant.landed | {number}, f'round {number}: a round that was killed is there now')
        if number in found:
            plant.landed.add(number)
        verified = json.loads(plant.run('verify'))
        self.assertTrue(verified['ok'], f'round {number}: {verified}')
        self.assertEqual(verified['commits'], 1 + len(plant.landed))
        return number in found

    def longest(self, plant, number):
        """A round that is not killed: how long it takes."""
        began = time.monotonic()
        output = plant.begin(number).communicate()[0]
        self.assertIn('commit ', output)
        self.check(plant, number, True)
        return time.monotonic() - began

    def test_kill(self):
        """Half of the kills fall anywhere, half about the commit, wherever in the run that is: early in it for SQLite, at its end for a
        server. `reach` finds it, shorter after each round that landed and longer after each other."""
        chance, began = random.Random(SEED), time.monotonic()
        kills = landed = acknowledged = number = stores = 0
        with tempfile.TemporaryDirectory(prefix='zonewright-kill-') as folder:
            while kills < KILLS or time.monotonic() - began < SECONDS:
                if number % ROUNDS_PER_STORE == 0:
                    shutil.rmtree(os.path.join(folder, f'data{stores}'), ignore_errors=True)
                    stores += 1
                    plant = Plant(folder, stores)
                    reach = longest = self.longest(plant, number)
                    number += 1
                process = plant.begin(number)
                time.sleep(chance.random() * chance.choice((2 * reach, longest)))
                process.kill()
                output = process.communicate()[0]
                kills += process.returncode == -9
                acknowledged += 'commit ' in output
                there = self.check(plant, number, 'commit ' in output)
                landed += there
                reach *= 0.8 if there else 1.25
                number += 1
        print(f'# {kills} kills in {time.monotonic() - began:.0f} s, {stores} stores: {landed} rounds landed, '
              f'{acknowledged} were acknowledged')
        self.assertGreater(landed, 0)
        self.assertGreater(kills, 0)

    def test_kill_server(self):
        """A server dies under several clients. What any of them was told is there; the next server takes the place over."""
        chance = random.Random(SEED)
        with tempfile.TemporaryDirectory(prefix='zonewright-kill-') as folder:
            plant, told = Plant(folder, 0), set()
            for number in range(max(2, KILLS // SERVER_SHARE)):
                plant.killed.clear()
                server = serve(plant.data)
                with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
                    clients = [pool.submit(write_until_killed, plant, f'{number}.{client}') for client in range(CLIENTS)]
                    while not any(done_once.is_set() for done_once in plant.working):
                        time.sleep(0.005)
                    time.sleep(chance.random() * SERVER_SECONDS)
                    server.kill()
                    server.wait()
                    plant.killed.set()
                    for client in clients:
                        told |= client.result()
                server.stdout.close()
                plant.working.clear()
                found = {item['title'] for item in json.loads(plant.run('list'))}
                self.assertLessEqual(told, found, f'round {number}: told and lost')
                self.assertTrue(json.loads(plant.run('verify'))['ok'], f'round {number}')
            self.assertTrue(json.loads(plant.run('check'))['ok'])
        print(f'# {number + 1} servers killed under {CLIENTS} clients: {len(told)} writes were acknowledged')
        self.assertGreater(len(told), 0)


tap.main()
