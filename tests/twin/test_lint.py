#!/usr/bin/env python3
"""The named defects and their twin. Use: test_lint.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker
import tap
import twin_lint
import twin_target


class Lint(unittest.TestCase):
    def check(self, kind, count):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('defects', kind, twin_lint.Twin, count, twin_target.Facts):
            only = [[f'{who} has', *row] for who, left, right in (('the program', said, expected), ('the twin', expected, said))
                    for row in left if row not in right]
            self.assertEqual(only, [], f'seed {seed}')
            self.assertEqual(len(said), len(expected), f'seed {seed}: a defect is given twice')
            # Rules in table order, items in their order within a rule.
            self.assertEqual([row[:2] for row in said], [row[:2] for row in expected], f'seed {seed}')
            seen.update(row[0] for row in expected)
        print('# defects: ' + ', '.join(f'{name} {n}' for name, n in sorted(seen.items())))
        return set(seen)

    def test_random_webs(self):
        seen = self.check(maker.Web, 1000)
        if compare.enough(1000):
            self.assertEqual(seen | {'target_from_capability'}, set(twin_lint.Twin.RULES))

    def test_copied_targets(self):
        seen = self.check(maker.Copied, 60)
        if compare.enough(60):
            self.assertIn('target_from_capability', seen)


tap.main()
