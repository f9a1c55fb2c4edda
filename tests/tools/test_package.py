"""The Debian package and the systemd unit: what tools/package makes of a program that is built. Usage: test_package.py BUILD_DIR"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import tap

BUILD = sys.argv.pop(1)
SOURCE = os.environ['ZONEWRIGHT_SOURCE']
UNIT = os.path.join(SOURCE, 'packaging', 'zonewright.service')
NODE = os.path.join(SOURCE, 'packaging', 'examples', 'zonewright@.conf')
MOST_EXPOSED = 1.5


def run(*args, **options):
    return subprocess.run(args, capture_output=True, text=True, timeout=100, check=False, **options)


class Unit(unittest.TestCase):
    def settings(self, path=UNIT):
        with open(path, encoding='utf-8') as file:
            return [line.strip() for line in file if '=' in line and not line.startswith('#')]

    @unittest.skipUnless(shutil.which('systemd-analyze'), 'there is no systemd-analyze')
    def test_exposure(self):
        done = run('systemd-analyze', 'security', '--offline=true', UNIT)
        [level] = re.findall(r'Overall exposure level for zonewright\.service: ([0-9.]+)', done.stdout)
        self.assertLessEqual(float(level), MOST_EXPOSED, done.stdout)
        self.assertNotRegex(done.stdout + done.stderr, 'Unknown|ignoring|Invalid')

    @unittest.skipUnless(shutil.which('systemd-analyze'), 'there is no systemd-analyze')
    def test_exposure_of_a_loose_unit_is_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'zonewright.service')
            with open(path, 'w', encoding='utf-8') as file:
                file.write('[Service]\nExecStart=/usr/bin/zw serve\n')
            done = run('systemd-analyze', 'security', '--offline=true', path)
            self.assertGreater(float(re.search(r'level for zonewright\.service: ([0-9.]+)', done.stdout).group(1)), MOST_EXPOSED)

    @unittest.skipUnless(shutil.which('systemd-analyze'), 'there is no systemd-analyze')
    def test_one_of_several_is_protected_like_the_only_one(self):
        with tempfile.TemporaryDirectory() as root:
            units = os.path.join(root, 'etc', 'systemd', 'system')
            os.makedirs(os.path.join(units, 'zonewright@.service.d'))
            shutil.copy(UNIT, os.path.join(units, 'zonewright@.service'))
            shutil.copy(NODE, os.path.join(units, 'zonewright@.service.d', 'database.conf'))
            done = run('systemd-analyze', 'security', '--offline=true', f'--root={root}', 'zonewright@8443.service')
            [level] = re.findall(r'Overall exposure level for zonewright@8443\.service: ([0-9.]+)', done.stdout)
            self.assertLessEqual(float(level), MOST_EXPOSED, done.stdout)
            self.assertNotRegex(done.stdout + done.stderr, 'Unknown|ignoring|Invalid')

    def test_runs_what_is_there(self):
        for path in (UNIT, NODE):
            programs = {line.split('=', 1)[1].split(' ')[0] for line in self.settings(path) if re.match('Exec[A-Za-z]*=.', line)}
            self.assertEqual(programs, {'/usr/bin/zw', '/bin/sh'}, 'a small system has no other')

    def test_supervised(self):
        settings = self.settings()
        for line in ('Type=notify', 'WatchdogSec=30', 'DynamicUser=yes', 'ProtectSystem=strict', 'CapabilityBoundingSet=', 'MemoryDenyWriteExecute=yes',
                     'NoNewPrivileges=yes'):
            self.assertIn(line, settings)


@unittest.skipUnless(shutil.which('dpkg-deb'), 'there is no dpkg-deb')
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        done = run(os.path.join(SOURCE, 'tools', 'package'), BUILD, cls.folder.name)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.package = done.stdout.strip()
        cls.root = os.path.join(cls.folder.name, 'root')
        cls.about = os.path.join(cls.folder.name, 'about')
        subprocess.run(['dpkg-deb', '-x', cls.package, cls.root], check=True)
        subprocess.run(['dpkg-deb', '-e', cls.package, cls.about], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_files(self):
        found = sorted(os.path.relpath(os.path.join(folder, name), self.root) for folder, _, names in os.walk(self.root) for name in names)
        self.assertEqual(found, ['etc/zonewright/zonewright.conf', 'lib/systemd/system/zonewright.service', 'usr/bin/zw',
                                 'usr/share/bash-completion/completions/zw', 'usr/share/doc/zonewright/NOTICE', 'usr/share/doc/zonewright/changelog.gz',
                                 'usr/share/doc/zonewright/copyright', 'usr/share/doc/zonewright/examples/grants.sql',
                                 'usr/share/doc/zonewright/examples/haproxy.cfg', 'usr/share/doc/zonewright/examples/roles.sql',
                                 'usr/share/doc/zonewright/examples/zonewright@.conf', 'usr/share/man/man1/zw.1.gz'])
        listing = run('dpkg-deb', '-c', self.package).stdout
        for line in listing.splitlines():
            self.assertRegex(line, r'^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) root/root ')

    def test_control(self):
        version = run(os.path.join(BUILD, 'zw'), '--version').stdout.split()[-1]
        fields = dict(re.findall(r'^ ?([A-Za-z-]+): (.*)$', run('dpkg-deb', '-f', self.package).stdout, re.MULTILINE))
        self.assertEqual((fields['Package'], fields['Version']), ('zonewright', version))
        for library in ('libmicrohttpd12', 'libsqlite3-0', 'libc6'):
            self.assertIn(library, fields['Depends'])
        with open(os.path.join(self.about, 'conffiles'), encoding='utf-8') as file:
            self.assertEqual(file.read(), '/etc/zonewright/zonewright.conf\n')

    def test_scripts(self):
        for name in ('postinst', 'prerm', 'postrm'):
            path = os.path.join(self.about, name)
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o755)
            self.assertEqual(run('sh', '-n', path).returncode, 0)
            with open(path, encoding='utf-8') as file:
                text = file.read()
            self.assertTrue(text.startswith('#!/bin/sh\n') and '\nset -e\n' in text)
            self.assertNotRegex(text, r'rm -r|userdel')

    def test_settings_file_is_good_and_says_all(self):
        path = os.path.join(self.root, 'etc/zonewright/zonewright.conf')
        done = run(os.path.join(BUILD, 'zw'), 'serve', '--check-config', env={**os.environ, 'ZONEWRIGHT_CONFIG': path})
        self.assertEqual((done.returncode, done.stdout), (0, 'the settings are good\n'), done.stderr)
        with open(path, encoding='utf-8') as file:
            text = file.read()
        # With every line in force it says what is said without it.
        every = os.path.join(self.folder.name, 'every.conf')
        with open(every, 'w', encoding='utf-8') as file:
            file.write(re.sub(r'^#([a-z_]+ = )', r'\1', text, flags=re.MULTILINE))
        shown = [run(os.path.join(BUILD, 'zw'), '--json', 'config', 'show', env={**os.environ, 'ZONEWRIGHT_CONFIG': of}).stdout for of in (every, '/dev/null')]
        self.assertIn('"from":"file"', shown[0])
        self.assertEqual(shown[0].replace('"from":"file"', '"from":"default"'), shown[1])

    def test_same_bytes_again(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run(os.path.join(SOURCE, 'tools', 'package'), BUILD, folder)
            with open(done.stdout.strip(), 'rb') as one, open(self.package, 'rb') as other:
                self.assertEqual(one.read(), other.read())


if __name__ == '__main__':
    tap.main()
