#!/usr/bin/env python3
"""Safety functions that share something with countermeasures and their twin. Use: test_shared.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker
import tap
import twin_shared


class Shared(unittest.TestCase):
    def test_random_webs(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('shared', maker.Sharing, twin_shared.Twin, 600):
            self.assertEqual({key: set(found) for key, found in said.items()},
                             {key: set(found) for key, found in expected.items()}, f'seed {seed}')
            for key, found in said.items():
                for function, path in found.items():
                    self.assertIn(tuple(path), expected[key][function], f'seed {seed}')
                    seen[len(path)] += 1
        print('# paths: ' + ', '.join(f'{n} of {length}' for length, n in sorted(seen.items())))
        if compare.enough(600):
            self.assertLessEqual({5, 6, 7}, set(seen))


tap.main()
