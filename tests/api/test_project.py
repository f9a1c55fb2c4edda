#!/usr/bin/env python3
"""Whole projects on the command line: given away as one file, verified there, taken back byte for byte, deleted."""
import hashlib
import io
import json
import os
import random
import sqlite3
import sys
import tarfile

import rows
import tap
from plant import Plant
from server import Served

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, 'vectors'))
import project_file  # pylint: disable=wrong-import-position


class Files(Plant):
    def path(self, name):
        return os.path.join(self.folder.name, name)

    def filled(self):
        item = lambda key, kind, **attrs: {'op': 'item', 'key': key, 'kind': kind, 'title': key, 'attrs': attrs}
        self.zw('import', self.lines(
            item('ZN-1', 'zone'), item('TC-1', 'test_case', tester='Eve'), item('TR-1', 'test_run', at='2026-03-01'),
            {'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'passed', 'at': '2026-03-01T10:00:00Z'}))
        self.zw('set', 'ZN-1', 'title=Intake')
        self.zw('project', 'export', '-o', self.path('a.zw'))
        return self.bytes('a.zw')

    def bytes(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def write(self, name, content):
        with open(self.path(name), 'wb') as file:
            file.write(content)
        return self.path(name)


class Projects(Files):
    def other_directory(self):
        self.data = self.path('other')
        self.zw('--project', 'OTHER', 'init')

    def test_there_and_back(self):
        content = self.filled()
        before, listed = self.json('list'), self.json('project', 'list')
        verified = self.json('verify', self.path('a.zw'))
        self.assertEqual(verified, self.json('verify'))
        self.other_directory()
        said = self.json('project', 'import', self.path('a.zw'))
        self.assertEqual((said['key'], said['commits'], said['root']), ('MAIN', 3, verified['root']))
        self.assertEqual(self.json('--project', 'MAIN', 'list'), before)
        self.assertEqual(self.json('project', 'list')[0], listed[0])
        self.assertTrue(self.json('--project', 'MAIN', 'check')['ok'])
        self.zw('project', 'export', 'MAIN', '-o', self.path('b.zw'))
        self.assertEqual(self.bytes('b.zw'), content)
        self.zw('--project', 'MAIN', 'set', 'ZN-1', 'title=Works')  # whoever imports may work in it
        self.assertIn('already', self.zw('project', 'import', self.path('a.zw'), code=4))

    def test_second_verifier(self):
        """A reader written from the page alone says the same of the file and of what is altered in it, under a hash that fits."""
        content = self.filled()
        self.assertEqual(project_file.verify(content), [])
        self.assertEqual(len(project_file.load(content)[1]), 1)
        chance = random.Random(7)
        for _ in range(25):
            at = chance.randrange(11, len(content) - 41)
            altered = content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1:-41]
            altered += content[-41:-32] + hashlib.sha256(altered).digest()
            with self.subTest(at=at):
                self.assertNotEqual(project_file.verify(altered), [])
                self.assertIn(self.run_zw('verify', self.write('bad.zw', altered)).returncode, (1, 3))

    def test_key_taken(self):
        self.filled()
        self.data = self.path('other')
        self.zw('init')
        self.assertIn('MAIN', self.zw('project', 'import', self.path('a.zw'), code=4))
        self.assertEqual(len(self.json('project', 'list')), 1)

    def test_delete_and_bring_back(self):
        content = self.filled()
        self.assertIn('--yes', self.zw('project', 'delete', 'MAIN', code=2))
        self.assertEqual(len(self.json('list')), 3)
        self.zw('project', 'delete', 'MAIN', '--yes')
        self.assertEqual(self.json('project', 'list'), [])
        self.zw('project', 'delete', 'MAIN', '--yes', code=2)
        self.zw('--project', 'MAIN', 'list', code=2)
        self.zw('project', 'import', self.path('a.zw'))
        self.assertEqual(len(self.json('list')), 3)
        self.zw('project', 'export', '-o', self.path('b.zw'))
        self.assertEqual(self.bytes('b.zw'), content)

    def test_altered_files_are_refused(self):
        content = self.filled()
        self.other_directory()
        cases = [('empty', b''), ('cut', content[:-1]), ('half', content[:len(content) // 2]), ('text', b'{"op":"item"}\n'),
                 ('head', content[:11]), ('twice', content + content), ('bomb', b'ZWPROJECT1\nP' + b'\xff' * 8 + b'x' * 100)]
        cases += [(f'byte {at}', content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
                  for at in range(0, len(content), len(content) // 12)]
        for what, altered in cases:
            with self.subTest(what):
                path = self.write('bad.zw', altered)
                self.assertIn('bad.zw', self.zw('project', 'import', path, code=3))
                done = self.run_zw('--json', 'verify', path)
                self.assertIn(done.returncode, (1, 3), done.stdout)
        self.assertEqual([project['key'] for project in self.json('project', 'list')], ['OTHER'])

    def test_output_is_whole_or_not_there(self):
        self.filled()
        kept = self.write('kept.zw', b'what was there')
        blobs = [os.path.join(at, name) for at, _, names in os.walk(os.path.join(self.data, 'blobs')) for name in names]
        self.assertEqual(len(blobs), 1)
        os.unlink(blobs[0])
        if rows.place(self.data) is not None:
            rows.ask(self.data, 'DELETE FROM blob')  # where other servers would have it from
        self.zw('project', 'export', '-o', kept, code=1)
        self.assertEqual(self.bytes('kept.zw'), b'what was there')
        self.assertEqual([name for name in os.listdir(self.folder.name) if 'part' in name], [])
        self.assertIn('none', self.zw('project', 'export', '-o', self.path('none/x'), code=6))

    def test_wrong_use(self):
        self.filled()
        for args in (('export',), ('export', 'MAIN', 'MORE', '-o', 'x'), ('import',), ('delete',), ('delete', '--yes'), ('move', 'x'),
                     ('export', 'MIAN', '-o', self.path('x')), ('import', self.path('none'))):
            with self.subTest(args=args):
                self.zw('project', *args, code=2)
        self.zw('verify', self.path('none'), code=2)
        self.zw('verify', self.folder.name, code=3)
        self.zw('project', 'import', self.folder.name, code=3)


class Backups(Files):
    """A backup is verified where it lies, project by project."""

    def backed_up(self):
        self.filled()
        self.zw('project', 'create', 'SECOND')
        self.zw('backup', self.path('backup'))
        return self.bytes('backup')

    def test_whole(self):
        self.backed_up()
        expected = [{'project': key, **self.json('--project', key, 'verify')} for key in ('MAIN', 'SECOND')]
        self.data = self.path('nowhere')
        self.assertEqual(self.json('verify', self.path('backup')), {'ok': True, 'projects': expected, 'problems': []})
        self.assertRegex(self.zw('verify', self.path('backup')),
                         '^ok\nMAIN: ok, 3 commits, root [0-9a-f]{64}\nSECOND: ok, 1 commits, root [0-9a-f]{64}\n$')
        self.assertFalse(os.path.exists(self.data))

    def test_altered(self):
        content = self.backed_up()
        cases = [(f'byte {at}', content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
                 for at in range(600, len(content) - 1024, len(content) // 15)]
        cases += [('cut', content[:len(content) // 2]), ('text', b'x' * 2000), ('tar of others', self.tar({'a': b'b'})), ('no database', self.without('store.db'))]
        for what, altered in cases:
            with self.subTest(what):
                done = self.run_zw('--json', 'verify', self.write('bad', altered))
                self.assertIn(done.returncode, (1, 3), done.stdout)
                if done.returncode == 1:
                    self.assertFalse(json.loads(done.stdout)['ok'])
                else:
                    self.assertIn('bad', done.stderr)

    def test_other_manifest(self):
        """One project is not what the manifest says: that one is wrong, the other one is not."""
        entries = self.entries(self.backed_up())
        manifest = json.loads(entries['manifest.json'])
        manifest['logs'][1]['root'] = 64 * 'a'
        entries['manifest.json'] = json.dumps(manifest, sort_keys=True, separators=(',', ':')).encode()
        said = json.loads(self.run_zw('--json', 'verify', self.write('bad', self.tar(entries))).stdout)
        self.assertEqual([(p['project'], p['ok'], len(p['problems'])) for p in said['projects']], [('MAIN', True, 0), ('SECOND', False, 1)])
        self.assertEqual((said['ok'], said['problems']), (False, []))
        del manifest['logs'][1]
        entries['manifest.json'] = json.dumps(manifest, sort_keys=True, separators=(',', ':')).encode()
        said = json.loads(self.run_zw('--json', 'verify', self.write('bad', self.tar(entries))).stdout)
        self.assertEqual((said['ok'], len(said['problems'])), (False, 1))

    def test_altered_inside(self):
        """Content and database under hashes that fit: the log itself tells."""
        entries = self.entries(self.backed_up())
        database = self.write('altered.db', entries['store.db'])
        with sqlite3.connect(database) as connection:
            connection.execute("UPDATE log_commit SET header = CAST(replace(CAST(header AS TEXT), '\"seq\":3', '\"seq\":4') AS BLOB) WHERE seq = 3")
        connection.close()
        entries['store.db'] = self.bytes('altered.db')
        manifest = json.loads(entries['manifest.json'])
        manifest['database'] = hashlib.sha256(entries['store.db']).hexdigest()
        entries['manifest.json'] = json.dumps(manifest, sort_keys=True, separators=(',', ':')).encode()
        said = json.loads(self.run_zw('--json', 'verify', self.write('bad', self.tar(entries))).stdout)
        self.assertEqual([(p['project'], p['ok']) for p in said['projects']], [('MAIN', False), ('SECOND', True)])
        self.assertIn('seq 3', said['projects'][0]['problems'][0]['where'])

    def entries(self, content):
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            return {member.name: tar.extractfile(member).read() for member in tar}

    def without(self, name):
        entries = self.entries(self.bytes('backup'))
        del entries[name]
        return self.tar(entries)

    def tar(self, entries):
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode='w', format=tarfile.PAX_FORMAT) as tar:
            for name, content in entries.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        return file.getvalue()


class ThroughServer(Served):
    """The same while a server holds the directory: files go to it as descriptors, and what it keeps in memory follows."""

    def fill(self):
        self.path = os.path.join(self.folder.name, 'a.zw')
        self.zw('add', 'zone', 'title=Intake')
        self.zw('project', 'export', '-o', self.path)

    def titles(self):
        return [item['title'] for item in self.json('list')]

    def test_older_project_comes_back(self):
        self.zw('add', 'zone', 'title=Filters')
        self.zw('sl')  # the server has the project in memory now
        self.zw('project', 'delete', 'MAIN', '--yes')
        self.zw('list', code=2)
        self.zw('project', 'import', self.path)
        self.assertEqual(self.titles(), ['Intake'])
        self.assertEqual([place['place'] for place in self.json('sl')], ['ZN-1'])
        self.zw('add', 'conduit', 'title=Works')
        self.assertEqual(sorted(place['place'] for place in self.json('sl')), ['CD-1', 'ZN-1'])
        again = os.path.join(self.folder.name, 'b.zw')
        self.zw('project', 'export', '-o', again)
        verified = self.json('verify', again)
        self.assertEqual((verified['ok'], verified['commits']), (True, 3))
        self.assertTrue(self.json('check')['ok'])


tap.main()
