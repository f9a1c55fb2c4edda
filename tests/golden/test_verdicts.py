#!/usr/bin/env python3
"""What `zw inspect` and `zw import` say of test files whose names begin with `valid-` or `invalid-`.

    test_verdicts.py ZW FOLDER

FOLDER is a folder of the corpus below $ZONEWRIGHT_SHARED. A valid file must be read; an invalid one must be refused, by import
too, with a place, a reason and exit code 3."""
import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

import tap

ZW, FOLDER = sys.argv[1:3]
del sys.argv[1:]
FILES = sorted(glob.glob(os.path.join(os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent'), 'corpus', FOLDER, '*', '*valid-*')))


def run(*args):
    return subprocess.run([ZW, '--json', *args], capture_output=True, text=True, timeout=120, check=False)


class Verdicts(unittest.TestCase):
    def verdict(self, path, data):
        """None, or what is wrong with what the program says of this file."""
        seen = run('inspect', path)
        if os.path.basename(path).startswith('valid-'):
            if seen.returncode != 0:
                return f'{path}: refused: {seen.stderr}'
            return None if json.loads(seen.stdout)['figures'] else f'{path}: no figures'
        taken = run('--data', data, 'import', '--dry-run', path)
        if (seen.returncode, taken.returncode) != (3, 3):
            return f'{path}: accepted: {seen.stdout}'
        name = os.path.basename(path)
        place, reason = seen.stderr.removeprefix('zw: ').removeprefix(name).strip(': \n').split(': ', 1)
        return None if place and len(reason) > 5 else f'{path}: without place or reason: {seen.stderr}'

    def verdicts(self, files):
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, 'data')
            self.assertEqual(run('--data', data, 'init').returncode, 0)
            return [fault for fault in (self.verdict(path, data) for path in files) if fault]

    @unittest.skipUnless(FILES, 'the corpus is absent')
    def test_verdicts(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            wrong = sum(pool.map(self.verdicts, (FILES[::2], FILES[1::2])), [])
        self.assertEqual(wrong, [])
        names = [os.path.basename(path) for path in FILES]
        self.assertGreater(sum(name.startswith('valid-') for name in names), 100)
        self.assertGreater(sum(name.startswith('invalid-') for name in names), 80)


tap.main()
