#!/usr/bin/env python3
"""Metrics of findings and their twin. Use: test_metric.py REPLAY [COUNT [FIRST_SEED]]."""
import unittest

import compare
import maker
import tap
import twin_metric


class Metric(unittest.TestCase):
    def test_random_histories(self):
        seen = set()
        for seed, _, said, expected in compare.answers('metrics', maker.Handled, twin_metric.Twin, 500):
            self.assertIsNone(compare.difference(said, expected), f'seed {seed}')
            seen |= {(name, bool(value if isinstance(value, int) else sum(value))) for scope in expected.values()
                     for name, value in scope.items() if name not in ('open', 'trend')}
        if compare.enough(500):
            self.assertEqual(len(seen), 14, 'each figure was zero once and something else once')


tap.main()
