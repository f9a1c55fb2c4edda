"""A real data directory for tests that call the program. The program's path is the first argument of the test."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

ZW = sys.argv.pop(1)


class Plant(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = os.path.join(self.folder.name, 'data')
        self.zw('init')

    def tearDown(self):
        self.folder.cleanup()

    def run_zw(self, *args):
        return subprocess.run([ZW, '--data', self.data, *args], capture_output=True, text=True, timeout=60, check=False)

    def zw(self, *args, code=0):
        done = self.run_zw(*args)
        self.assertEqual(done.returncode, code, f'zw {" ".join(args)}: {done.stderr}')
        return done.stdout if code == 0 else done.stderr

    def json(self, *args):
        return json.loads(self.zw('--json', *args))

    def lines(self, *ops):
        path = os.path.join(self.folder.name, 'ops.ndjson')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(''.join(json.dumps(op) + '\n' for op in ops))
        return path


class Sample(Plant):
    """The sample plant, made once: for tests that only read."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = os.path.join(cls.folder.name, 'data')
        subprocess.run([ZW, '--data', cls.data, 'init', '--sample'], check=True, capture_output=True, timeout=60)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        pass

    def tearDown(self):
        pass
