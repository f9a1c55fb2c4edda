#!/usr/bin/env python3
"""Levels of risks, SL-T of places and what is under review, and their twin. Use: test_target.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import tap
import twin_target
import maker_risk

STATES = {'missing', 'not_derived', 'draft', 'accepted', 'under_review'}


class Target(unittest.TestCase):
    def look(self, maker, count):
        seen, levels = collections.Counter(), collections.Counter()
        for seed, _, said, expected in compare.answers('targets', maker, twin_target.Twin, count, twin_target.Facts):
            self.assertIsNone(compare.difference(said, expected), f'seed {seed}')
            for place in expected.values():
                seen[place['state']] += 1
                levels.update(place['derived'])
        print(f'# states {dict(seen)}, entries {dict(levels)}')
        if compare.enough(count):
            self.assertLessEqual(STATES, set(seen))
            self.assertLessEqual({None, 0, 1, 2, 3, 4}, set(levels))

    def test_random_risks(self):
        self.look(maker_risk.Risks, 250)

    def test_settled_targets(self):
        self.look(twin_target.Settled, 250)


tap.main()
