#!/usr/bin/env python3
"""Scores of CVSS 4.0 vectors and their twin: every base vector, and random ones of all metrics. Use: test_cvss.py SCORES [COUNT]."""
import itertools
import os
import random
import subprocess
import sys
import unittest

import tap
import twin_cvss

SCORES = sys.argv[1]
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
BASE = {'AV': 'NALP', 'AC': 'LH', 'AT': 'NP', 'PR': 'NLH', 'UI': 'NPA', **dict.fromkeys(('VC', 'VI', 'VA', 'SC', 'SI', 'SA'), 'HLN')}
OTHER = {'E': 'XAPU', 'CR': 'XHML', 'IR': 'XHML', 'AR': 'XHML',
         **{'M' + name: 'X' + ('S' if name in ('SI', 'SA') else '') + values for name, values in BASE.items()}}


def vector(metrics):
    return 'CVSS:4.0/' + '/'.join(f'{name}:{value}' for name, value in metrics)


GROUPS = (('AV', 'PR', 'UI'), ('AC', 'AT'), ('VC', 'VI', 'VA'), ('SC', 'SI', 'SA'), ('CR', 'IR', 'AR'))


def any_vector(rng):
    """In each group of metrics any values, or the most severe, or none of those: few macro vectors lie between."""
    part = {name: cut for group in GROUPS for cut in (rng.choice((slice(None), slice(0, 1), slice(1, None))),) for name in group}
    given = [(name, rng.choice(values[part[name]])) for name, values in BASE.items()]
    others = rng.choice((0.05, 0.6))
    for name, values in OTHER.items():
        if name in part:
            given.append((name, rng.choice(values[1:][part[name]])))
        elif name == 'E' or rng.random() < others:
            given.append((name, rng.choice(values)))
    return vector(given)


class Scores(unittest.TestCase):
    macro = twin_cvss.macro_scores(os.environ['ZONEWRIGHT_SOURCE'])

    def look(self, vectors):
        """The macro vectors that were met."""
        done = subprocess.run([SCORES], input='\n'.join(vectors) + '\n', capture_output=True, text=True, check=True)
        met = set()
        for text, said in zip(vectors, done.stdout.split(), strict=True):
            expected, where = twin_cvss.score(text, self.macro)
            self.assertEqual(int(said), expected, text)
            met.add(where)
        return met

    def test_every_base_vector(self):
        self.look([vector(zip(BASE, values, strict=True)) for values in itertools.product(*BASE.values())])

    def test_random_vectors(self):
        rng = random.Random(4)
        met = self.look([any_vector(rng) for _ in range(COUNT)])
        print(f'# {COUNT} vectors, {len(met - {None})} macro vectors')
        self.assertEqual(len(self.macro), 270)
        if COUNT >= 20000:
            self.assertEqual(met - {None}, set(self.macro), 'each macro vector comes up')


tap.main()
