#!/usr/bin/env python3
"""The stage of each row in each place and its twin. Use: test_stage.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker
import tap
import twin_stage

STAGES = {'no_requirement', 'not_derived', 'not_allocated', 'not_claimed', 'not_verified', 'verified', 'not_applicable'}


class Stage(unittest.TestCase):
    def test_random_plants(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('stages', maker.Derived, twin_stage.Twin, 800):
            self.assertIsNone(compare.difference(said, expected), f'seed {seed}')
            for rows in expected.values():
                seen.update(rows.values())
        print('# rows: ' + ', '.join(f'{name} {n}' for name, n in sorted(seen.items())))
        if compare.enough(800):
            self.assertLessEqual(STAGES, set(seen))


tap.main()
