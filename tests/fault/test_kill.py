#!/usr/bin/env python3
"""Kills the program (-9) while it commits, at random instants: what it acknowledged stays, no changeset by halves, and
`zw verify` holds after each.

Usage: test_kill.py ZW [KILLS [SECONDS [SEED]]] - so many kills at least, and for so long"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import tap

ZW = sys.argv.pop(1)
KILLS, SECONDS, SEED = [int(value) for value in sys.argv[1:]] + [15, 0, 1][len(sys.argv) - 1:]
del sys.argv[1:]
ITEMS = 20
ROUNDS_PER_STORE = 40


class Plant:
    """A data directory, and which rounds must be in it."""

    def __init__(self, folder, number):
        self.data = os.path.join(folder, f'data{number}')
        self.path = os.path.join(folder, 'ops.ndjson')
        self.landed = set()
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
        chance, began = random.Random(SEED), time.monotonic()
        kills = landed = acknowledged = number = stores = 0
        with tempfile.TemporaryDirectory(prefix='zonewright-kill-') as folder:
            while kills < KILLS or time.monotonic() - began < SECONDS:
                if number % ROUNDS_PER_STORE == 0:
                    shutil.rmtree(os.path.join(folder, f'data{stores}'), ignore_errors=True)
                    stores += 1
                    plant = Plant(folder, stores)
                    longest = self.longest(plant, number)
                    number += 1
                process = plant.begin(number)
                time.sleep(chance.random() ** 2 * longest)  # what follows the commit takes the most of it
                process.kill()
                output = process.communicate()[0]
                kills += process.returncode == -9
                acknowledged += 'commit ' in output
                landed += self.check(plant, number, 'commit ' in output)
                number += 1
        print(f'# {kills} kills in {time.monotonic() - began:.0f} s, {stores} stores: {landed} rounds landed, '
              f'{acknowledged} were acknowledged')
        self.assertGreater(landed, 0)
        self.assertGreater(kills, 0)


tap.main()
