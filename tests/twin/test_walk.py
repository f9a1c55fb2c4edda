#!/usr/bin/env python3
"""Trace, impact, suspect links and their twin. Use: test_walk.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker
import tap
import twin_walk


class Walks(unittest.TestCase):
    def check(self, twin, name, steps, distances):
        """The items and distances of the twin, and to each a path of that length."""
        start, column, way = name.split()
        self.assertEqual({item: distance for item, distance, _ in steps}, distances, name)
        self.assertEqual(len(steps), len(distances), name)
        for item, distance, path in steps:
            self.assertEqual((path[0], path[-1], len(path)), (int(start), item, distance + 1), name)
            self.assertTrue(twin.is_path(path, column, way), f'{name}: {path}')

    def test_random_webs(self):
        seen = collections.Counter()
        for seed, twin, said, expected in compare.answers('walks', maker.Web, twin_walk.Twin, 1000):
            self.assertEqual(sorted(said['suspects']), expected['suspects'], f'seed {seed}')
            self.assertEqual(set(said['walks']), set(expected['walks']), f'seed {seed}')
            for name, steps in said['walks'].items():
                self.check(twin, name, steps, expected['walks'][name])
                seen[name.split()[1]] += len(steps) - 1
                seen['longest'] = max(seen['longest'], len(steps[-1][2]))
            seen['suspects'] += len(expected['suspects'])
        print('# ' + ', '.join(f'{name} {n}' for name, n in sorted(seen.items())))
        if compare.enough(1000):
            self.assertGreater(min(seen['trace'], seen['ripple'], seen['suspects']), 300)
            self.assertGreater(seen['longest'], 5)


tap.main()
