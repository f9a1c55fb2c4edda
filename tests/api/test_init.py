#!/usr/bin/env python3
"""A data directory is made whole or not at all: by init, with and without the sample plant, and by restore."""
import os
import random
import resource
import shutil
import signal
import subprocess
import time

import tap
from plant import ZW, Plant


class Making(Plant):
    def setUp(self):
        super().setUp()
        self.made = self.path('made')

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def make(self, *args, **options):
        return subprocess.run([ZW, '--data', self.made, *args], capture_output=True, text=True, timeout=120, check=False, **options)

    def assert_none(self):
        """Nothing there passes for a data directory."""
        for args in (['list'], ['project', 'list'], ['verify']):
            done = self.make(*args)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn('no data directory', done.stderr)

    def kill_all_along(self, args, whole):
        """Kills at ever later moments until it is done before; what is there then is whole or none, and can be made anew."""
        chance = random.Random(5)
        began = time.monotonic()
        self.assertEqual(self.make(*args).returncode, 0)
        lasts = time.monotonic() - began
        whole()
        nones = 0
        for step in range(8):
            shutil.rmtree(self.made, ignore_errors=True)
            process = subprocess.Popen([ZW, '--data', self.made, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(lasts * (step + chance.random()) / 8)
            process.send_signal(signal.SIGKILL)
            process.wait()
            with self.subTest(step=step):
                if os.path.exists(os.path.join(self.made, 'store.db')):
                    whole()
                    continue
                nones += 1
                self.assert_none()
                again = self.make(*args)
                self.assertEqual(again.returncode, 0, again.stderr)
                whole()
        self.assertGreater(nones, 2)
        self.assertEqual(sorted(name for name in os.listdir(self.folder.name) if name not in ('data', 'backup')), ['made'])

    def sample_is_whole(self):
        done = self.make('project', 'list')
        self.assertIn('"commits": 18', done.stdout, done.stderr)
        self.assertEqual(sorted(os.listdir(os.path.join(self.made, 'tmp'))), [])

    def test_killed_sample(self):
        self.kill_all_along(['init', '--sample'], self.sample_is_whole)
        self.assertEqual(self.make('check').returncode, 0)

    def test_killed_init(self):
        self.kill_all_along(['init'], lambda: self.assertIn('"key": "MAIN"', self.make('project', 'list').stdout))

    def test_killed_restore(self):
        shutil.rmtree(self.data)
        self.zw('init', '--sample')
        self.zw('backup', self.path('backup'))
        self.kill_all_along(['restore', self.path('backup')], self.sample_is_whole)

    def test_refused(self):
        """What fails leaves nothing, and an empty directory that was there as it was."""
        for was_there in (False, True):
            with self.subTest(was_there=was_there):
                if was_there:
                    os.mkdir(self.made)
                done = self.make('--project', 'bad/key', 'init')
                self.assertEqual(done.returncode, 3, done.stderr)
                done = self.make('--project', 'bad key', 'init', '--sample')
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertEqual(os.path.exists(self.made), was_there)
                self.assert_none()
                if was_there:
                    self.assertEqual(os.listdir(self.made), [])
        self.assertEqual(self.make('init').returncode, 0)

    def test_disk_full(self):
        if 'ZONEWRIGHT_DATABASE' in os.environ:
            self.skipTest('the disk that is full is that of the directory')

        def little():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        done = self.make('init', '--sample', preexec_fn=little)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertFalse(os.path.exists(self.made))

    def test_others_are_kept(self):
        os.mkdir(self.made)
        with open(os.path.join(self.made, 'letter'), 'w', encoding='utf-8') as file:
            file.write('x')
        for args in (['init'], ['init', '--sample']):
            done = self.make(*args)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn('not empty', done.stderr)
        self.assertEqual(os.listdir(self.made), ['letter'])

    def test_damaged_backup(self):
        self.zw('backup', self.path('backup'))
        with open(self.path('backup'), 'r+b') as file:
            file.seek(os.path.getsize(self.path('backup')) // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        self.assertIn(self.make('restore', self.path('backup')).returncode, (1, 3))
        self.assertFalse(os.path.exists(self.made))


if __name__ == '__main__':
    tap.main()
