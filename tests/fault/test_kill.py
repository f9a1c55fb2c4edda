#!/usr/bin/env python3
"""Kills the program (-9) while it commits, at random instants: what it acknowledged is there, and no changeset by halves.

Usage: test_kill.py ZW [KILLS]"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest

import tap

ZW = sys.argv.pop(1)
KILLS = int(sys.argv.pop(1)) if len(sys.argv) > 1 else 40
ITEMS = 20


class Kill(unittest.TestCase):
    def test_kill(self):
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, 'data')
            subprocess.run([ZW, '--data', data, 'init'], check=True, capture_output=True)
            chance = random.Random(1)
            landed = killed = 0
            for number in range(KILLS):
                path = os.path.join(folder, 'ops.ndjson')
                with open(path, 'w', encoding='utf-8') as file:
                    for item in range(ITEMS):
                        file.write(json.dumps({'op': 'item', 'key': f'ZN-{number * ITEMS + item + 1}', 'kind': 'zone',
                                               'title': f'round {number}'}) + '\n')
                process = subprocess.Popen([ZW, '--data', data, 'import', path], stdout=subprocess.PIPE,
                                           stderr=subprocess.PIPE, text=True)
                time.sleep(chance.uniform(0, 0.04))
                process.kill()
                output = process.communicate()[0]
                killed += process.returncode == -9
                listing = subprocess.run([ZW, '--data', data, '--json', 'list', f'text:"round {number}"'], check=True,
                                         capture_output=True, text=True).stdout
                found = sum(i['title'] == f'round {number}' for i in json.loads(listing))
                landed += found == ITEMS
                verified = subprocess.run([ZW, '--data', data, '--json', 'verify'], check=False, capture_output=True, text=True)
                self.assertEqual(verified.returncode, 0, f'round {number}: {verified.stdout}')
                self.assertIn(found, (0, ITEMS), f'round {number}: half a changeset')
                if 'commit ' in output:
                    self.assertEqual(found, ITEMS, f'round {number}: acknowledged and lost')
            print(f'# {KILLS} rounds, {killed} killed, {landed} landed')
            self.assertGreater(killed, 0)


tap.main()
