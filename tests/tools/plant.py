"""A real data directory for tests that call the program. The program's path is the first argument of the test."""
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import postgres

ZW = sys.argv.pop(1)


class Folder(tempfile.TemporaryDirectory):
    """A temporary directory whose content can be kept, and made again in the same place; with `database`, in which the rows lie then."""

    def keep(self, database):
        self.kept, self.database = tempfile.TemporaryDirectory(), database
        shutil.copytree(self.name, self.kept.name, symlinks=True, dirs_exist_ok=True)
        if database is not None:
            database.keep()

    def again(self):
        self.cleanup()
        shutil.copytree(self.kept.name, self.name, symlinks=True)
        if self.database is not None:
            self.database.again()


class Plant(unittest.TestCase):
    prepares_files_alone = True  # so that what `prepare` did for one test of the class can be copied for the next

    def setUp(self):
        """Each test has a directory of its own; what it holds before the test is made once for the class."""
        cls = type(self)
        if 'prepared' in vars(cls):
            self.folder, attributes = cls.prepared
            self.folder.again()
            vars(self).update(copy.deepcopy(attributes))
            return
        before, database = {*vars(self), 'folder'}, None
        if self.prepares_files_alone and 'ZONEWRIGHT_DATABASE' in os.environ:
            database = postgres.Database()
            cls.addClassCleanup(database.close)
        self.prepare()
        if self.prepares_files_alone:
            self.folder.keep(database)
            cls.addClassCleanup(self.folder.kept.cleanup)
            cls.prepared = self.folder, copy.deepcopy({name: value for name, value in vars(self).items() if name not in before})

    def prepare(self):
        """What the directory holds before each test of the class."""
        self.folder = Folder()
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
