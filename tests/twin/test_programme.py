#!/usr/bin/env python3
"""How programmes stand and their twin. Use: test_programme.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker_programme
import tap
import twin_programme


class Programme(unittest.TestCase):
    def test_random_programmes(self):
        seen, gaps, levels = collections.Counter(), set(), set()
        for seed, _, said, expected in compare.answers('programmes', maker_programme.Assessed, twin_programme.Twin, 400):
            for name, programme in expected.items():
                self.assertEqual(said[name]['records'], programme['records'], f'seed {seed} {name}')
                self.assertEqual(said[name]['groups'], programme['groups'], f'seed {seed} {name}')
                for record in programme['records']:
                    seen[record[5]] += 1
                    gaps |= set(record[6])
                    levels.add(tuple(record[2:5]))
        print('# ' + ', '.join(f'{n} {state}' for state, n in sorted(seen.items())))
        if compare.enough(400):
            self.assertEqual((len(seen), len(gaps)), (5, 12))
            self.assertLessEqual({(4, 4, 4), (0, 1, 0), (3, 2, 2), (4, 3, -1)}, levels)


tap.main()
