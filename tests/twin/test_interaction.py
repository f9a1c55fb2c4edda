#!/usr/bin/env python3
"""Countermeasures and safety against their twin. Use: test_interaction.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker_interaction
import tap
import twin_interaction


class Interactions(unittest.TestCase):
    def near(self, said, expected, where):
        if expected is None or said is None:
            self.assertEqual(said, expected, where)
        else:
            self.assertAlmostEqual(float(said), expected, 9, where)

    def test_random_plants(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('interactions', maker_interaction.Interacting, twin_interaction.Twin, 500):
            self.assertEqual(said['everywhere'], expected['everywhere'], f'seed {seed}')
            self.assertEqual(said['conflicts'], expected['conflicts'], f'seed {seed}')
            self.assertEqual(set(said['functions']), set(expected['functions']), f'seed {seed}')
            for key, function in said['functions'].items():
                other, where = expected['functions'][key], f'seed {seed} {key}'
                for name in ('response_ms', 'pfd'):
                    self.near(function.pop(name), other[name], f'{where} {name}')
                pairs = function.pop('interactions')
                self.assertEqual(function, {name: other[name] for name in function}, where)
                self.assertEqual(set(pairs), set(other['interactions']), where)
                for measure, pair in pairs.items():
                    twin = other['interactions'][measure]
                    self.assertEqual((pair['state'], pair['on_loop']), (twin['state'], twin['on_loop']), f'{where} {measure}')
                    self.assertTrue(pair['path'] in twin['paths'] if twin['paths'] else pair['path'] == [], f'{where} {measure}')
                    seen[pair['state']] += 1
                seen[function['verdict']] += 1
            seen.update(kind for kind, _, _ in said['conflicts'])
        print('# ' + ', '.join(f'{n} {what}' for what, n in sorted(seen.items())))
        if compare.enough(500):
            self.assertLessEqual({'unassessed', 'open', 'reopened', 'acceptable', 'not_acceptable', 'conflict', 'unknown', 'response',
                                  'probability', 'hindered'}, set(seen))


tap.main()
