#!/usr/bin/env python3
"""SL-C of components and of systems, and its twin. Use: test_capability.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker
import tap
import twin_capability


class Capability(unittest.TestCase):
    def test_random_products(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('components', maker.Products, twin_capability.Twin, 400):
            self.assertIsNone(compare.difference(said, expected), f'seed {seed}')
            for component in expected.values():
                seen.update(component['native'])
                seen['raised by compensation'] += component['native'] != component['with_compensation']
                seen['claimed above'] += component['native'] != component['claimed']
        print('# entries: ' + ', '.join(f'{name} {n}' for name, n in seen.items()))
        if compare.enough(400):
            self.assertLessEqual({None, 0, 1, 2, 3, 4, 'raised by compensation', 'claimed above'}, {name for name, n in seen.items() if n})

    def test_random_systems(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('systems', maker.Built, twin_capability.SystemTwin, 80):
            self.assertIsNone(compare.difference(said, expected), f'seed {seed}')
            for system in expected.values():
                seen.update(system['native'])
                seen['raised by compensation'] += system['native'] != system['with_compensation']
                seen['claimed above'] += system['native'] != system['claimed']
        print('# entries: ' + ', '.join(f'{name} {n}' for name, n in seen.items()))
        if compare.enough(80):
            self.assertLessEqual({None, 0, 1, 'raised by compensation', 'claimed above'}, {name for name, n in seen.items() if n})


tap.main()
