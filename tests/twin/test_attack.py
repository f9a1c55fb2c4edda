#!/usr/bin/env python3
"""Attacks on safety against their twin. Use: test_attack.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker_interaction
import tap
import twin_attack


class Attacks(unittest.TestCase):
    def test_random_plants(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('attacks', maker_interaction.Attacked, twin_attack.Twin, 500):
            for key, scenario in said['scenarios'].items():
                self.assertEqual(set(scenario['places']), expected['scenarios'][key]['places'], f'seed {seed} {key}')
                self.assertEqual(scenario['functions'], expected['scenarios'][key]['functions'], f'seed {seed} {key}')
                seen.update(scenario['functions'].values())
                seen['place'] += len(scenario['places'])
            self.assertEqual(len(said['hazards']), len(expected['hazards']), f'seed {seed}')
            for one, twin in zip(said['hazards'], expected['hazards']):
                self.assertEqual(one, twin, f'seed {seed}')
                seen[one['verdict']] += 1
        print('# ' + ', '.join(f'{n} {what}' for what, n in sorted(seen.items())))
        if compare.enough(500):
            self.assertLessEqual({'yes', 'no', 'unknown', 'held', 'met', 'below', 'unrated', 'place'}, set(seen))


tap.main()
