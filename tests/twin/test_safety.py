#!/usr/bin/env python3
"""Safety functions, layers of protection, cut sets and their twin. Use: test_safety.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import math
import unittest

import compare
import maker_safety
import tap
import twin_safety


class Safety(unittest.TestCase):
    def same(self, said, expected, where):
        """Figures are equal but for rounding; what is unknown is so on both sides."""
        for name, value in expected.items():
            if value is None or isinstance(value, (str, list)):
                self.assertEqual(said[name], value, f'{where} {name}')
            else:
                self.assertIsNotNone(said[name], f'{where} {name}')
                self.assertTrue(math.isclose(said[name], value, rel_tol=1e-9, abs_tol=1e-30), f'{where} {name}: {said[name]} {float(value)}')

    def reason(self, said, names, where):
        """What is unknown has a note that says why."""
        if any(said[name] is None for name in names):
            self.assertTrue({kind for kind, _ in said['notes']} & {'missing', 'refused'}, where)

    def tree(self, said, expected, where):
        if isinstance(expected, dict):
            sets = {tuple(sorted(one)) for one in said['sets']}
            self.assertEqual(sets, expected['sets'], where)
            self.assertEqual([len(one) for one in said['sets']], sorted(map(len, said['sets'])), where)
            self.same(said, {name: expected[name] for name in ('count', 'probability')}, where)
        elif expected is None:
            self.assertIsNone(said, where)
        else:
            self.assertIsInstance(said, str, where)

    def test_random_models(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('safety', maker_safety.Safety, twin_safety.Twin, 400):
            for key, function in expected['functions'].items():
                where = f'seed {seed} {key}'
                self.same(said['functions'][key], function, where)
                self.reason(said['functions'][key], ('probability', 'hardware', 'systematic', 'response', 'budget'), where)
                seen.update([f'integrity {function["integrity"]}', f'time {function["in_time"]}', f'basis {function["basis"]}'])
            for key, hazard in expected['hazards'].items():
                self.same(said['hazards'][key], hazard, f'seed {seed} {key}')
                self.reason(said['hazards'][key], ('unmitigated', 'mitigated', 'reduction'), f'seed {seed} {key}')
                seen.update([f'hazard {hazard["verdict"]}', f'needs {hazard["sil"]}'])
            for key, tree in expected['trees'].items():
                self.tree(said['trees'][key], tree, f'seed {seed} {key}')
                seen.update(['tree ' + (tree if isinstance(tree, str) else 'there' if tree else 'none')])
        print('# ' + ', '.join(f'{name}: {n}' for name, n in sorted(seen.items())))
        if compare.enough(400):
            for name in ('integrity', 'time', 'hazard'):
                self.assertTrue(all(seen[f'{name} {verdict}'] for verdict in ('met', 'not_met', 'unknown')), name)
            self.assertTrue(seen['tree cycle'] and seen['tree there'] and seen['basis stated'])


tap.main()
