#!/usr/bin/env python3
"""The required set of a place by the command line. Use: test_apply.py ZW"""
import csv
import os

import plant
import tap

SOURCE = os.environ['ZONEWRIGHT_SOURCE']


def rows(name):
    with open(os.path.join(SOURCE, 'data', 'catalogues', name), encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))


def required(vector):
    return [row['id'] for row in rows('sr_62443-3-3.tsv') if vector[int(row['fr']) - 1] and row[f'sl{vector[int(row["fr"]) - 1]}'] == '1']


def of_types(vector, types):
    return [row['id'] for row in rows('cr_62443-4-2.tsv') if row['use'] == 'row' and types & set(row['component_types'].split(',')) and
            vector[int(row['fr']) - 1] and row[f'sl{vector[int(row["fr"]) - 1]}'] == '1']


class Apply(plant.Plant):
    def plant(self, vector, types=('EDR',)):
        self.zw('import', self.lines(
            {'op': 'item', 'key': 'SYS-1', 'kind': 'system', 'title': 'Plant'},
            {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Line'},
            {'op': 'item', 'key': 'ZN-2', 'kind': 'zone', 'title': 'Store'},
            {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'PLC'},
            {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'PLC', 'attrs': {'types': list(types)}},
            {'op': 'item', 'key': 'ST-1', 'kind': 'sl_target', 'title': 'Target', 'attrs': {'vector': vector, 'basis': ['policy'], 'zero_statement': 'z'}},
            {'op': 'item', 'key': 'RQ-1', 'kind': 'requirement', 'title': 'Log', 'attrs': {'ref': '62443-3-3 SR 6.1'}},
            {'op': 'link', 'from': 'ZN-1', 'type': 'part_of', 'to': 'SYS-1'},
            {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'},
            {'op': 'link', 'from': 'AS-1', 'type': 'instance_of', 'to': 'CP-1'},
            {'op': 'link', 'from': 'RQ-1', 'type': 'allocated_to', 'to': 'SYS-1'},
            {'op': 'link', 'from': 'ST-1', 'type': 'targets', 'to': 'ZN-1'}))

    def test_rows_of_every_level(self):
        self.plant([1, 2, 3, 4, None, 2, 4], ('NDR', 'SAR'))
        vector = [1, 2, 3, 4, 0, 2, 4]
        answer = self.json('catalog', 'apply', '--zone', 'ZN-1', '--dry-run')
        self.assertEqual([row['ref'] for row in answer['requirements']], required(vector))
        self.assertEqual(sorted(row['ref'] for row in answer['components']), sorted(of_types(vector, {'NDR', 'SAR'})))
        self.assertEqual((answer['not_derived'], answer['changes']['commit']), ([5], None))
        self.assertEqual(len(self.json('list', 'kind:requirement')), 1)

    def test_once_again_and_lower(self):
        self.plant([None] * 5 + [2, None])
        answer = self.json('catalog', 'apply', '--zone', 'ZN-1')
        self.assertEqual([(row['ref'], row['action'], row['requirement']) for row in answer['requirements']],
                         [('SR 6.1', 'reuse', 'RQ-1'), ('SR 6.2', 'add', 'RQ-2')])
        self.assertEqual({row['ref']: row['derives_from'] for row in answer['components']}, {'CR 6.1': 'RQ-1', 'CR 6.2': 'RQ-2'})
        again = self.json('catalog', 'apply', '--zone', 'ZN-1')
        self.assertEqual(({row['action'] for row in again['requirements'] + again['components']}, again['changes']['commit']), ({'reuse'}, None))
        links = {(link['from'], link['type'], link['to']) for link in self.json('trace', 'RQ-2')['links']}
        self.assertIn(('ST-1', 'derives', 'RQ-2'), links)
        self.zw('set', 'ST-1', 'vector=[null,null,null,null,null,1,null]')
        lower = self.json('catalog', 'apply', '--zone', 'ZN-1', '--dry-run')
        self.assertEqual([row['ref'] for row in lower['no_longer']], ['SR 6.2'])
        # Elsewhere the same requirement is allocated, not made again.
        self.zw('import', self.lines({'op': 'item', 'key': 'ST-2', 'kind': 'sl_target', 'title': 'T', 'attrs': {'vector': [None] * 5 + [2, None]}},
                                     {'op': 'link', 'from': 'ST-2', 'type': 'targets', 'to': 'ZN-2'}))
        other = self.json('catalog', 'apply', '--zone', 'ZN-2')
        self.assertEqual({row['action'] for row in other['requirements']}, {'allocate'})

    def test_refused(self):
        self.plant([1] * 7)
        self.assertIn('no SL-T', self.zw('catalog', 'apply', '--zone', 'ZN-2', code=4))
        self.zw('catalog', 'apply', '--zone', 'AS-1', code=2)
        self.zw('catalog', 'apply', '--zone', 'ZN-9', code=2)
        self.zw('catalog', 'apply', code=2)
        self.zw('catalog', 'list', '--zone', 'ZN-1', code=2)


tap.main()
