#!/usr/bin/env python3
"""Evidence packs altered at random: the program and the second verifier must judge each alike, and let none pass.
Use: test_packs.py FAULT_PACKS ZW [COUNT [SEED]]. Both verifiers judge one pack after another in one process, as many of these beside
each other as there are processors; what the second one computes of signatures alone, which most alterations leave as they are, it
computes once."""
import functools
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


def second(path):
    pack = zonewright_verify.Pack()
    pack.verify(path, None)
    return not pack.problems


def judge(task):
    """Judges a share of the packs; gives how many there were and what went wrong."""
    originals, count, seed = task
    dice, judged, wrong = random.Random(seed), 0, []
    heads = {original[:512] for original in originals}  # what begins as a pack is judged as one
    zonewright_verify.signature_fits = functools.lru_cache(4096)(zonewright_verify.signature_fits)
    with tempfile.NamedTemporaryFile(dir='/dev/shm') as file, subprocess.Popen([JUDGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        while judged < count and not wrong:
            data, how, at = alter(dice, dice.choice(originals))
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
            if theirs or ours not in ('wrong', 'refused') or (ours == 'refused' and data[:512] in heads):
                wrong.append(f'{how} at {at} of seed {seed}, alteration {judged}: the program says {ours}, the second verifier {theirs}')
        first.stdin.close()
        if first.wait() != 0:
            wrong.append(f'fault_packs ended with {first.returncode}')
    return judged, wrong


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
        workers = os.cpu_count() or 1
        with multiprocessing.Pool(workers) as pool:
            shares = [(originals, COUNT // workers + (i < COUNT % workers), SEED * 1000 + i) for i in range(workers)]
            done = pool.map(judge, shares)
        self.assertEqual([line for _, wrong in done for line in wrong], [])
        self.assertEqual(sum(judged for judged, _ in done), COUNT)
        print(f'# {COUNT} altered packs, seed {SEED}: none passed, both verifiers agreed on each')


if __name__ == '__main__':
    tap.main()
