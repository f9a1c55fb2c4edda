#!/usr/bin/env python3
"""Checkpoints, proofs and evidence packs, which the program and the second verifier must judge alike."""
import base64
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import unittest

import rows
import tap
from plant import ZW, Plant

VERIFIER = os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'verifier', 'zonewright_verify.py')
sys.path.insert(0, os.path.dirname(VERIFIER))
import zonewright_verify


def node(left, right):
    return hashlib.sha256(b'\x01' + left + right).digest()


tarfile.RECORDSIZE = tarfile.BLOCKSIZE  # a pack ends with two empty blocks, and not with a whole tape record of them


class Packs(Plant):
    def prepare(self):
        super().prepare()
        self.zw('import', self.lines(
            {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Filters'}, {'op': 'item', 'key': 'ZN-2', 'kind': 'zone', 'title': 'Pumps'},
            {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'PLC'}, {'op': 'item', 'key': 'AS-2', 'kind': 'asset', 'title': 'Drive'},
            {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'}, {'op': 'link', 'from': 'AS-2', 'type': 'part_of', 'to': 'ZN-2'}))
        self.zw('set', 'AS-2', 'title=A drive', '-m', 'only the pumps')
        self.zw('add', 'requirement', 'title=Identification', 'developer=A. Nother')
        self.zw('baseline', 'create', 'Issue 1')
        self.zw('set', 'AS-1', 'title=The PLC', '-m', 'after the baseline \u00fc')

    def pack(self, name='pack.tar', *args):
        path = os.path.join(self.folder.name, name)
        self.zw('evidence-pack', '-o', path, *args)
        return path

    def first(self, path):
        done = subprocess.run([ZW, '--json', 'verify', path], capture_output=True, text=True, timeout=60, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout)

    def second(self, path):
        pack = zonewright_verify.Pack()
        pack.verify(path, None)
        return {'ok': not pack.problems, 'problems': pack.problems}

    def both(self, path):
        first, second = self.first(path), self.second(path)
        self.assertEqual(first['ok'], second['ok'], (first, second))
        return first, second

    def entries(self, path):
        with tarfile.open(path) as tar:
            return {info.name: tar.extractfile(info).read() for info in tar}

    def write(self, entries, name='other.tar'):
        path = os.path.join(self.folder.name, name)
        with tarfile.open(path, 'w', format=tarfile.USTAR_FORMAT) as tar:
            for name, data in entries:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return path

    # ---- checkpoints and proofs ----

    def test_a_checkpoint_is_signed_and_remembered(self):
        one = self.json('checkpoint')
        self.assertEqual(one['size'], 6)
        lines = one['note'].split('\n')
        self.assertEqual(lines[:2], ['zonewright.log/' + one['log'], '6'])
        self.assertEqual(base64.b64decode(lines[2]).hex(), one['root'])
        self.assertEqual(one['root'], self.json('verify')['root'])
        public = zonewright_verify.key_read(one['key'])
        self.assertIsNotNone(zonewright_verify.note_open(public, one['note']))
        self.assertIsNone(zonewright_verify.note_open(public, one['note'].replace('\n6\n', '\n5\n')))
        self.assertEqual(self.json('--at', '3', 'checkpoint')['size'], 3)

    def test_an_old_copy_and_another_log_are_noticed(self):
        if rows.place(self.data) is not None:
            self.skipTest('an old copy is put back by copying a file')
        old = os.path.join(self.folder.name, 'old.db')
        shutil.copy(os.path.join(self.data, 'store.db'), old)
        self.zw('add', 'zone', 'title=New')
        self.zw('checkpoint')
        shutil.copy(old, os.path.join(self.data, 'store.db'))
        self.assertIn('an older copy', self.zw('checkpoint', code=1))
        self.assertIn('an older copy', self.run_zw('verify').stdout)
        self.zw('add', 'zone', 'title=Other')
        self.assertIn('are not those that were signed', self.zw('checkpoint', code=1))
        answer = json.loads(self.run_zw('--json', 'verify').stdout)
        self.assertEqual((answer['ok'], [p['where'] for p in answer['problems']]), (False, ['checkpoint']))

    def test_proofs(self):
        self.zw('project', 'export', '-o', os.path.join(self.folder.name, 'p'))
        roots = {size: self.json('--at', str(size), 'checkpoint')['root'] for size in range(1, 7)}
        log = zonewright_verify
        commits = [json.loads(line)['header'] for line in self.entries(self.pack())['log/commits.ndjson'].splitlines() if b'"commit"' in line[:10]]
        leaves = [hashlib.sha256(b'\x00' + header.encode()).digest() for header in commits]
        done = subprocess.Popen([ZW, '--data', self.data, 'serve', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            port = int(done.stdout.readline().rsplit(':', 1)[1])
            token = self.json('token', 'create', 't')['token']
            import urllib.request
            ask = lambda path: json.load(urllib.request.urlopen(urllib.request.Request(f'http://127.0.0.1:{port}/api/v1/{path}', headers={'Authorization': 'Bearer ' + token})))
            for size in range(1, 7):
                for seq in range(1, size + 1):
                    said = ask(f'proof?commit={seq}&at={size}')
                    self.assertTrue(log.inclusion_holds([bytes.fromhex(h) for h in said['path']], leaves[seq - 1], seq - 1, size, bytes.fromhex(roots[size])))
                    self.assertEqual(ask(f'proof?from={seq}&at={size}')['root'], roots[size])
            with self.assertRaises(urllib.error.HTTPError):
                ask('proof?commit=6&at=3')
        finally:
            done.terminate()
            done.wait(30)
            done.stdout.close()

    # ---- packs ----

    def test_the_same_pack_has_the_same_bytes(self):
        with open(self.pack('a.tar', '--at', 'BL-1'), 'rb') as a:
            first = a.read()
        self.zw('add', 'zone', 'title=Later')
        with open(self.pack('b.tar', '--at', 'BL-1'), 'rb') as b:
            self.assertEqual(first, b.read())

    def test_what_is_in_it_and_that_both_verifiers_say_so(self):
        path = self.pack('a.tar', '--at', 'BL-1')
        first, second = self.both(path)
        self.assertEqual((first['ok'], first['problems'], first['commits']), (True, [], 4))
        self.assertEqual(second['problems'], [])
        entries = self.entries(path)
        self.assertEqual(list(entries)[0], 'ZONEWRIGHT-PACK')
        self.assertNotIn(b'after the baseline', entries['log/commits.ndjson'])
        self.assertIn(b'A. Nother', entries['log/commits.ndjson'])
        self.assertEqual(json.loads(entries['MANIFEST.json'])['scope'], {'at': 'BL-1', 'sample': 0, 'seed': 0, 'zones': []})

    def test_a_zone_holds_what_touches_it_and_nothing_else(self):
        entries = self.entries(self.pack('z.tar', '--zone', 'ZN-2'))
        self.assertTrue(self.both(os.path.join(self.folder.name, 'z.tar'))[0]['ok'])
        text = entries['log/commits.ndjson'].decode()
        self.assertIn('A drive', text)
        self.assertNotIn('The PLC', text)
        self.assertNotIn('A. Nother', text)
        self.assertNotIn('AS-1', entries['case.ndjson'].decode())
        self.assertIn('"proof":[', text)

    def test_a_sample_is_chosen_by_its_seed(self):
        zones = {seed: self.json('evidence-pack', '--sample', '1', '--seed', str(seed), '-o', os.path.join(self.folder.name, f's{seed}'))['zones'] for seed in range(8)}
        self.assertEqual({zone for one in zones.values() for zone in one}, {'ZN-1', 'ZN-2'})
        self.assertEqual(self.json('evidence-pack', '--sample', '1', '--seed', '3', '-o', os.path.join(self.folder.name, 'again'))['zones'], zones[3])

    def test_what_is_refused(self):
        self.assertIn('-o FILE', self.zw('evidence-pack', code=2))
        path = os.path.join(self.folder.name, 'x')
        self.assertIn('no zone', self.zw('evidence-pack', '-o', path, '--zone', 'ZN-9', code=2))
        self.assertIn('either', self.zw('evidence-pack', '-o', path, '--zone', 'ZN-1', '--sample', '1', code=2))
        self.assertFalse(os.path.exists(path))
        self.zw('evidence-pack', '-o', self.pack(), code=4)

    def test_another_list_of_files_another_key_and_lies_are_named(self):
        entries = self.entries(self.pack())
        first = lambda changed: self.both(self.write(changed))[0]['problems']
        self.assertEqual(first(list(entries.items())), [])
        self.assertIn({'where': 'extra', 'message': 'the file is not listed'}, first([*entries.items(), ('extra', b'x')]))
        self.assertIn({'where': 'case.ndjson', 'message': 'the file is missing'}, first([e for e in entries.items() if e[0] != 'case.ndjson']))
        self.assertIn('README.txt', {p['where'] for p in first([*entries.items(), ('README.txt', b'x')])})
        # what stands behind a zero byte is not passed over: no list holds this file
        self.assertEqual([p['where'] for p in first([*list(entries.items())[:-1], ('MANIFEST.note', entries['MANIFEST.note'] + b'\0x')])], ['MANIFEST.note'])
        other = {**entries, 'case.ndjson': entries['case.ndjson'] + b'{}\n'}
        manifest = json.loads(entries['MANIFEST.json'])
        next(f for f in manifest['files'] if f['path'] == 'case.ndjson').update(sha256=hashlib.sha256(other['case.ndjson']).hexdigest(), size=len(other['case.ndjson']))
        other['MANIFEST.json'] = json.dumps(manifest, sort_keys=True, separators=(',', ':')).encode()
        self.assertEqual([p['where'] for p in first(list(other.items()))], ['MANIFEST.note'])
        shorter = entries['log/commits.ndjson'].splitlines(keepends=True)[:-1]
        with open(self.pack('end.tar'), 'rb') as file:
            whole = file.read()
        for ending in (whole[:-512], whole[:-1024], whole + bytes(512), whole + b'x'):
            with open(os.path.join(self.folder.name, 'other-end.tar'), 'wb') as file:
                file.write(ending)
            self.assertFalse(self.both(file.name)[0]['ok'], len(ending) - len(whole))
        self.assertIn('log/commits.ndjson', {p['where'] for p in first(list({**entries, 'log/commits.ndjson': b''.join(shorter)}.items()))})
        done = subprocess.run([sys.executable, VERIFIER, self.pack('k.tar'), 'zonewright+00000000+AAAA'], capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)

    def test_branches_and_merges_are_packed(self):
        self.zw('branch', 'create', 'b')
        self.zw('--project', 'MAIN.b', 'set', 'AS-1', 'title=of the branch')
        self.assertTrue(self.both(self.pack('b.tar', '--project', 'MAIN.b'))[0]['ok'])
        self.zw('branch', 'merge', 'b', '-m', 'agreed')
        self.assertTrue(self.both(self.pack('m.tar'))[0]['ok'])
        self.assertEqual(self.json('verify')['problems'], [])

    def test_one_flipped_bit_fails_with_the_file_named(self):
        dice = random.Random(1)
        entries = self.entries(self.pack())
        # the list and its seal are one thing: a list that was altered is one that was not sealed
        named = {'MANIFEST.json': {'MANIFEST.note', 'MANIFEST.json'}, 'MANIFEST.note': {'MANIFEST.note'}}
        for name, data in entries.items():
            if not data:
                continue
            changed = bytearray(data)
            changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            path = self.write([*{**entries, name: bytes(changed)}.items()])
            if name == 'ZONEWRIGHT-PACK':
                self.assertFalse(self.second(path)['ok'])
                self.assertNotEqual(subprocess.run([ZW, 'verify', path], capture_output=True, check=False).returncode, 0)
                continue
            for said in self.both(path):
                self.assertTrue({p['where'] if isinstance(p, dict) else str(p).partition(':')[0] for p in said['problems']} & named.get(name, {name}), (name, said))

    def test_a_size_past_the_end_is_said(self):
        """The header of the second file, with a sum that fits, states more than any disk holds."""
        with open(self.pack(), 'rb') as file:
            data = bytearray(file.read())
        at = 512 + (int(data[124:135], 8) + 511) // 512 * 512
        data[at + 124:at + 136] = b'\x80' + b'\x7f' * 11
        total = sum(data[at:at + 512]) - sum(data[at + 148:at + 156]) + 8 * 0x20
        data[at + 148:at + 156] = f'{total:06o}'.encode() + b'\0 '
        path = os.path.join(self.folder.name, 'huge.tar')
        with open(path, 'wb') as file:
            file.write(data)
        self.assertFalse(self.both(path)[0]['ok'])


tap.main()
