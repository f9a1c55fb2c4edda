#!/usr/bin/env python3
"""The plan and its twin: needs where rows are not met, and the cheapest cover of them. Use: test_plan.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker
import tap
import twin_plan


class Plans(unittest.TestCase):
    def test_random_models(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('plan', maker.Plant, twin_plan.Twin, 150):
            rows = {place: set() for place in expected}
            for place, row, kind, _ in said['needs']:
                rows[place].add(row)
                seen[kind] += 1
            self.assertIsNone(compare.difference({place: sorted(of) for place, of in rows.items()}, expected), f'seed {seed}')
            costs, chosen = [cost for cost, _ in said['actions']], {i for i, (_, chosen) in enumerate(said['actions']) if chosen}
            needs = [frozenset(actions) for *_, actions in said['needs'] if actions]
            self.assertTrue(all(need & chosen for need in needs), f'seed {seed}')
            best = sum(twin_plan.cheapest(group, costs) for group in twin_plan.clusters(needs))
            self.assertEqual((said['cost'], sum(costs[i] for i in chosen)), (best, best), f'seed {seed}')
            seen['shared'] += sum(len(need) > 1 for need in needs)
        print('# ' + ', '.join(f'{name} {n}' for name, n in sorted(seen.items())))
        if compare.enough(150):
            # Models without such needs would compare nothing.
            for name in ('no_requirement', 'no_claim', 'claim_open', 'not_verified', 'suspect', 'failed', 'broken', 'unknown', 'shared'):
                self.assertGreater(seen[name], 0, name)


tap.main()
