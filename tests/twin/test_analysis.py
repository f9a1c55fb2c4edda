#!/usr/bin/env python3
"""Need, status and SL-A and their twin. Use: test_analysis.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker
import tap
import twin_status


class Analysis(unittest.TestCase):
    def test_random_models(self):
        seen, levels = collections.Counter(), set()
        for seed, _, said, expected in compare.answers('places', maker.Plant, twin_status.Twin, 500):
            self.assertIsNone(compare.difference(said, expected), f'seed {seed}')
            for place in expected.values():
                seen.update(status for status, _ in place['rows'].values())
                seen['broken'] += sum(broken for _, broken in place['rows'].values())
                levels.update(level for name in twin_status.VECTORS for level in place[name])
        print('# rows: ' + ', '.join(f'{name} {n}' for name, n in sorted(seen.items())))
        if compare.enough(500):
            # Models that never reach a status or a level would compare nothing.
            self.assertLessEqual({*twin_status.ORDER, 'unknown', 'removed', 'broken'}, set(seen))
            self.assertLessEqual({None, 0, 1, 4}, levels)


tap.main()
