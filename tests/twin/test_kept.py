#!/usr/bin/env python3
"""What is kept from commit to commit against what is computed from scratch. Use: test_kept.py REPLAY [COUNT [FIRST_SEED]]."""
import unittest

import compare
import maker_edits
import tap

COMMITS = 40


class Nothing:
    """There is no twin: the program is held to itself."""

    def __init__(self, _facts, model, _instant):
        self.model = model

    def answer(self):
        return self.model['commits']


class Kept(unittest.TestCase):
    def test_random_edits(self):
        commits = computed = places = quiet = 0
        for seed, _, said, expected in compare.answers('kept', lambda facts, seed: maker_edits.edited(facts, seed, COMMITS), Nothing, 60):
            self.assertEqual(len(said), sum(not commit['unasked'] for commit in expected), f'seed {seed}')
            for at, commit in enumerate(said):
                self.assertIsNone(commit['wrong'], f'seed {seed}, assessment {at}')
            commits += len(said)
            computed += sum(commit['computed'] for commit in said[1:])
            places += sum(commit['places'] for commit in said[1:])
            quiet += sum(commit['computed'] == 0 for commit in said[1:])
        print(f'# {commits} assessments of {places} places, {computed} of them computed; after {quiet} none')
        if compare.enough(60):
            # What computes everything each time, or nothing ever, would agree as well.
            self.assertLess(computed, places)
            self.assertGreater(computed, 0)
            self.assertGreater(quiet, 0)


tap.main()
