#!/usr/bin/env python3
"""Evidence packs altered at random: the program and the second verifier must judge each alike, and let none pass. A part of them is altered
by who has the key and seals them again: of these some are whole, and of each both must say the same.
Use: test_packs.py FAULT_PACKS ZW [COUNT [SEED]]. Both verifiers judge one pack after another in one process, as many of these beside
each other as there are processors; what the second one computes of signatures alone, which most alterations leave as they are, it
computes once."""
import base64
import functools
import hashlib
import io
import json
import multiprocessing
import os
import random
import struct
import subprocess
import sys
import tarfile
import tempfile

JUDGE = sys.argv.pop(1)
COUNT, SEED = (int(sys.argv.pop(2)) if len(sys.argv) > 2 else 400), (int(sys.argv.pop(2)) if len(sys.argv) > 2 else 1)

import tap
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from plant import Plant

sys.path.insert(0, os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'verifier'))
import zonewright_verify

tarfile.RECORDSIZE = tarfile.BLOCKSIZE  # a pack ends with two empty blocks, and not with a whole tape record of them


def alter(dice, original):
    """What it is after one accident, and what that was; None where it is the same pack."""
    data = bytearray(original)
    how = dice.choice(('bit', 'bit', 'cut', 'bytes', 'moved'))
    at = dice.randrange(len(data))
    if how == 'bit':
        data[at] ^= 1 << dice.randrange(8)
    elif how == 'cut':
        at -= at % 512
        if not any(data[at:]):
            return None, how, at  # fewer of the zeros that end an archive are the same pack
        del data[at:]
    elif how == 'bytes':
        data[at:at + 16] = bytes(dice.randrange(256) for _ in data[at:at + 16])
    else:
        to = dice.randrange(0, len(data), 512)
        at -= at % 512
        data[at:at + 512], data[to:to + 512] = data[to:to + 512], data[at:at + 512]
    return (None if data == original else bytes(data)), how, at


SEALED = 0.2  # of all
TOKENS = (b'null', b'true', b'0', b'-1', b'1.0', b'1e2', b'9223372036854775807', b'9223372036854775808', b'1' * 400, b'""', b'"\\u0000"', b'"\\ud800"', b'"\xff"', b'[]', b'{}',
          b'[[]]', b'{"a":1,"a":2}', b'"op":-1', b'"op":0', b'"field":""', b'"erased":true', b'NaN', b'-0', b'01', b' ', b'\n', b'\r', b',', b'"text":"x",')


def alter_text(dice, data):
    """A text of JSON lines after something that keeps parts of it."""
    how = dice.choice(('bit', 'token', 'token', 'value', 'value', 'line', 'line', 'cut'))
    at = dice.randrange(len(data) + 1)
    if how == 'bit' and data:
        at %= len(data)
        return data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1:]
    if how == 'token':
        return data[:at] + dice.choice(TOKENS) + data[at + dice.randrange(3):]
    if how == 'value':  # what stands behind a colon
        begin = data.find(b':', at) + 1
        ends = [end for end in (data.find(b, begin) for b in (b',', b'}', b'\n')) if end >= 0]
        return data[:begin] + dice.choice(TOKENS) + data[min(ends, default=len(data)):]
    if how == 'cut':
        return data[:at]
    lines = data.splitlines(keepends=True)
    a, b = (dice.randrange(len(lines)) for _ in range(2)) if lines else (0, 0)
    return b''.join(lines[:a] + lines[b:] if dice.random() < 0.5 else lines[:a] + lines[b:b + 1] + lines[a:])


def note(key, text):
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    signed = zonewright_verify.key_hash(public) + key.sign(text.encode())
    return f'{text}\n\u2014 zonewright {base64.b64encode(signed).decode()}\n'.encode()


def entries_of(original):
    with tarfile.open(fileobj=io.BytesIO(original)) as tar:
        return [(info.name, tar.extractfile(info).read()) for info in tar]


def sealed(dice, entries, key):
    """The pack with one of its files altered, listed as it is now, and sealed again."""
    names = [name for name, _ in entries[:-1]]
    name = dice.choice([*names, *['log/commits.ndjson'] * len(names), 'MANIFEST.json', 'MANIFEST.json'])
    files = dict(entries)
    manifest = json.loads(files['MANIFEST.json'])
    files[name] = alter_text(dice, files[name])
    for file in manifest['files']:
        data = files[file['path']]
        file.update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    if name != 'MANIFEST.json':
        files['MANIFEST.json'] = json.dumps(manifest, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()
    files['MANIFEST.note'] = note(key, f'zonewright.pack\n{hashlib.sha256(files["MANIFEST.json"]).hexdigest()}\n')
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.USTAR_FORMAT) as tar:
        for path, _ in entries:
            info = tarfile.TarInfo(path)
            info.size = len(files[path])
            tar.addfile(info, io.BytesIO(files[path]))
    return out.getvalue(), f'sealed again with another {name}'


def second(path):
    pack = zonewright_verify.Pack()
    pack.verify(path, None)
    return not pack.problems


def kept(data, seed, number):
    """Where a pack on which they differ lies for whoever looks into it."""
    path = os.path.join(tempfile.gettempdir(), f'zonewright-pack-{seed}-{number}.tar')
    with open(path, 'wb') as file:
        file.write(data)
    return path


def judge(task):
    """Judges a share of the packs; gives how many there were and what went wrong."""
    originals, seed_of_key, count, seed = task
    dice, judged, passed, wrong = random.Random(seed), 0, 0, []
    key, parts = Ed25519PrivateKey.from_private_bytes(seed_of_key), [entries_of(original) for original in originals]
    heads = {original[:512] for original in originals}  # what begins as a pack is judged as one
    zonewright_verify.signature_fits = functools.lru_cache(4096)(zonewright_verify.signature_fits)
    with tempfile.NamedTemporaryFile(dir='/dev/shm') as file, subprocess.Popen([JUDGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        while judged < count and not wrong:
            if dice.random() < SEALED:
                (data, how), at, may_pass = sealed(dice, dice.choice(parts), key), 0, True
            else:
                (data, how, at), may_pass = alter(dice, dice.choice(originals)), False
            if data is None:
                continue
            first.stdin.write(struct.pack('<Q', len(data)) + data)
            first.stdin.flush()
            file.seek(0)
            file.truncate()
            file.write(data)
            file.flush()
            theirs, ours = second(file.name), first.stdout.readline().decode().split(' ')[0].strip()
            judged += 1
            passed += theirs
            agreed = theirs == (ours == 'ok') if may_pass else not theirs and ours != 'ok'
            if not agreed or (ours == 'refused' and data[:512] in heads) or ours not in ('ok', 'wrong', 'refused'):
                wrong.append(f'{how} at {at}: the program says {ours}, the second verifier {theirs}; {kept(data, seed, judged)}')
        first.stdin.close()
        if first.wait() != 0:
            wrong.append(f'fault_packs ended with {first.returncode}')
    return judged, passed, wrong


class Altered(Plant):
    def setUp(self):
        super().setUp()
        self.zw('import', self.lines(
            {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Filters'}, {'op': 'item', 'key': 'ZN-2', 'kind': 'zone', 'title': 'Pumps'},
            {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'PLC'}, {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'}))
        self.zw('add', 'requirement', 'title=Identification', 'developer=A. Nother')
        self.zw('set', 'AS-1', 'title=The PLC', '-m', 'once more')

    def original(self, name, *args):
        path = os.path.join(self.folder.name, name)
        self.zw('evidence-pack', '-o', path, *args)
        self.assertTrue(second(path))
        with open(path, 'rb') as file:
            data = file.read()
        done = subprocess.run([JUDGE], input=struct.pack('<Q', len(data)) + data, capture_output=True, check=True)
        self.assertEqual(done.stdout, b'ok\n')
        return data

    def test_altered_packs_are_judged_alike_and_none_passes(self):
        originals = [self.original('a.tar'), self.original('z.tar', '--zone', 'ZN-2')]
        with open(os.path.join(self.data, 'keys', 'log.key'), encoding='ascii') as file:
            seed_of_key = bytes.fromhex(file.read())
        workers = os.cpu_count() or 1
        with multiprocessing.Pool(workers) as pool:
            shares = [(originals, seed_of_key, COUNT // workers + (i < COUNT % workers), SEED * 1000 + i) for i in range(workers)]
            done = pool.map(judge, shares)
        self.assertEqual([line for _, _, wrong in done for line in wrong], [])
        self.assertEqual(sum(judged for judged, _, _ in done), COUNT)
        passed = sum(passed for _, passed, _ in done)
        print(f'# {COUNT} altered packs, seed {SEED}: both verifiers agreed on each; none passed but {passed} that were whole and sealed again')


if __name__ == '__main__':
    tap.main()
