#!/usr/bin/env python3
"""What changed between two commits, and the short form `satisfies`."""
import tap
from plant import Plant


class Differences(Plant):
    def prepare(self):
        super().prepare()
        for args in (('add', 'system', 'title=Plant'), ('add', 'zone', 'title=Filters', 'nature=control'),
                     ('link', 'ZN-1', 'part_of', 'SYS-1'), ('add', 'baseline', 'title=Drawing', 'seq=4'),
                     ('set', 'ZN-1', 'title=Filter house', 'nature=', 'operator=Ann'), ('unlink', 'ZN-1', 'part_of', 'SYS-1'),
                     ('retire', 'SYS-1')):
            self.zw(*args)

    def diff(self, *args, code=1):
        done = self.run_zw('--json', 'diff', *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return __import__('json').loads(done.stdout)

    def test_fields_and_links(self):
        answer = self.diff('4')
        zone = next(i for i in answer['items'] if i['key'] == 'ZN-1')
        self.assertEqual((zone['change'], zone['rev_old'], zone['rev_new']), ('changed', 1, 2))
        self.assertEqual({f['field']: (f['old'], f['new']) for f in zone['fields']},
                         {'title': ('Filters', 'Filter house'), 'nature': (['control'], None), 'operator': (None, 'Ann')})
        self.assertEqual({i['key']: i['change'] for i in answer['items']}, {'SYS-1': 'changed', 'ZN-1': 'changed', 'BL-1': 'added'})
        self.assertEqual([(l['change'], l['from'], l['type'], l['to']) for l in answer['links']], [('removed', 'ZN-1', 'part_of', 'SYS-1')])
        self.assertEqual(answer['differences'], 4)

    def test_between_two_commits_and_a_baseline(self):
        self.assertEqual([(l['change'], l['type']) for l in self.diff('3', 'BL-1')['links']], [('added', 'part_of')])
        self.assertEqual(self.diff('4', 'BL-1', code=0)['differences'], 0)

    def test_confirming_is_a_difference_of_its_own(self):
        self.zw('retire', 'ZN-1')
        self.zw('add', 'zone', 'title=Pumps')
        self.zw('move', 'SYS-1', 'draft')
        self.zw('link', 'ZN-2', 'part_of', 'SYS-1')
        self.zw('set', 'SYS-1', 'title=Works')
        before = self.json('project', 'list')[0]['commits']
        self.zw('import', self.lines({'op': 'link', 'from': 'ZN-2', 'type': 'part_of', 'to': 'SYS-1', 'attrs': {}}))
        answer = self.diff(str(before), code=0)
        self.assertEqual(answer['links'], [])

    def test_refusals(self):
        for words, args in (('no commit', ('99',)), ('no commit', ('ZN-1',)), ('few', ())):
            with self.subTest(args=args):
                self.assertIn(words, self.zw('diff', *args, code=2))


class Satisfies(Plant):
    def prepare(self):
        super().prepare()
        for args in (('add', 'zone', 'title=Filters'), ('add', 'asset', 'title=PLC'), ('link', 'AS-1', 'part_of', 'ZN-1'),
                     ('add', 'requirement', 'title=Identification', 'ref=62443-3-3 SR 1.1'), ('link', 'RQ-1', 'allocated_to', 'ZN-1'),
                     ('add', 'countermeasure', 'title=Badge reader')):
            self.zw(*args)

    def links(self, key):
        return {(l['from'], l['type'], l['to']) for l in self.json('show', key)['links']}

    def test_an_asset_speaks_for_itself(self):
        self.zw('link', 'AS-1', 'satisfies', 'RQ-1')
        self.assertEqual(self.links('CL-1'), {('CL-1', 'answers', 'RQ-1'), ('CL-1', 'covers', 'AS-1'), ('CL-1', 'rests_on', 'AS-1')})
        again = self.json('link', 'AS-1', 'satisfies', 'RQ-1')
        self.assertEqual((again['unchanged'], again['commit']), ({'claim': 1}, None))

    def test_a_countermeasure_speaks_for_the_place_of_the_requirement(self):
        self.zw('link', 'CM-1', 'satisfies', 'RQ-1')
        self.assertEqual(self.links('CL-1'), {('CL-1', 'answers', 'RQ-1'), ('CL-1', 'covers', 'ZN-1'), ('CL-1', 'rests_on', 'CM-1')})

    def test_unlink_retires_the_claim(self):
        self.zw('link', 'CM-1', 'satisfies', 'RQ-1')
        self.zw('unlink', 'CM-1', 'satisfies', 'RQ-1')
        self.assertEqual(self.json('show', 'CL-1')['state'], 'retired')

    def test_refusals_change_nothing(self):
        before = self.json('list')
        for code, words, args in ((3, 'requirement', ('AS-1', 'satisfies', 'ZN-1')), (3, 'rests_on', ('ZN-1', 'satisfies', 'RQ-1')),
                                  (2, 'AS-9', ('AS-9', 'satisfies', 'RQ-1'))):
            with self.subTest(args=args):
                self.assertIn(words, self.zw('link', *args, code=code))
        self.assertIn('no claim', self.zw('unlink', 'AS-1', 'satisfies', 'RQ-1', code=2))
        self.assertEqual(self.json('list'), before)


tap.main()
