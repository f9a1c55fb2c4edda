#!/usr/bin/env python3
"""What findings do to the case and its twin. Use: test_exposure.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import unittest

import compare
import maker
import tap
import twin_exposure


class Exposures(unittest.TestCase):
    def test_random_models(self):
        seen = collections.Counter()
        for seed, _, said, expected in compare.answers('exposures', maker.Exposed, twin_exposure.Twin, 60, twin_exposure.Facts):
            for found in said.values():
                found['functions'].sort()
            self.assertIsNone(compare.difference(said, expected), f'seed {seed}')
            for found in expected.values():
                seen.update(found['rows'].values())
                seen.update(f'moved by {least}' for place in found['places'].values() for least in ('verified', 'claimed')
                            if place[least][2] != place[least][3])
                seen.update({'places': len(found['places']), 'functions': len(found['functions']),
                             'cleared': found['cleared'], 'measures that clear': sum(found['measures'].values()),
                             'linked': sum(found['scenarios'].values()), 'scenarios': len(found['scenarios'])})
        print('# ' + ', '.join(f'{name} {n}' for name, n in sorted(seen.items())))
        if compare.enough(60):
            # Models that reach nothing would compare nothing.
            for name in ('weakness', 'technique', 'score', 'stated', 'moved by claimed', 'functions', 'cleared', 'measures that clear', 'linked'):
                self.assertGreater(seen[name], 0, name)
            self.assertGreater(seen['scenarios'], seen['linked'])


tap.main()
