#!/usr/bin/env python3
"""Baselines of the sample plant compared, and everything read as of one: the same as the lists and analyses say of each commit."""
import json
import os
import subprocess
import tempfile
import unittest

import tap
from plant import ZW

VECTORS = ('verified', 'claimed', 'verified_with_findings', 'claimed_with_findings')


class Compare(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = os.path.join(cls.folder.name, 'data')
        subprocess.run([ZW, '--data', cls.data, 'init', '--sample'], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def json(self, *args, codes=(0,)):
        done = subprocess.run([ZW, '--data', self.data, '--json', *args], capture_output=True, text=True, timeout=120, check=False)
        self.assertIn(done.returncode, codes, done.stderr)
        return json.loads(done.stdout)

    def compare(self, *args):
        return self.json('baseline', 'compare', *args, codes=(0, 1))

    def levels(self, at, instant):
        found = {}
        for place in self.json('--at', at, '--instant', instant, 'sl'):
            for name, vector in [('target', place['target']), *((name, place['achieved'][name]) for name in VECTORS)]:
                found.update({(place['place'], name, fr): level for fr, level in enumerate(vector, 1)})
        return found

    def test_items_links_and_analyses_are_those_of_the_two_commits(self):
        instant = '2026-06-01'
        answer = self.compare('BL-1', '17', '--instant', instant)
        self.assertEqual((answer['from'], answer['to']), (8, 17))
        revs = [{i['key']: i['rev'] for i in self.json('--at', at, 'list')} for at in ('8', '17')]
        self.assertEqual({i['key']: (i['rev_old'], i['rev_new']) for i in answer['items']},
                         {key: (revs[0].get(key), rev) for key, rev in revs[1].items() if revs[0].get(key) != rev})
        old, new = self.levels('BL-1', instant), self.levels('17', instant)
        self.assertEqual({(p['place'], l['vector'], l['fr']): (l['old'], l['new']) for p in answer['places'] for l in p['levels']},
                         {key: (old.get(key), new.get(key)) for key in {*old, *new} if old.get(key) != new.get(key)})
        gaps = [{(g['place'], g['ref'].removeprefix('62443-3-3 ')): g['status'] for g in self.json('--at', at, '--instant', instant, 'gaps')} for at in ('8', '17')]
        rows = {(p['place'], r['ref']): (r['old']['status'], r['new']['status']) for p in answer['places'] for r in p['rows']}
        for key in set(gaps[0]) & set(gaps[1]):
            if gaps[0][key] != gaps[1][key]:
                self.assertEqual(rows[key], (gaps[0][key], gaps[1][key]), key)
        stages = {row['stage']: row['new'] for row in answer['coverage']}
        self.assertGreater(stages['verified'], 0)

    def test_a_short_stretch_of_the_log_and_a_long_one(self):
        """A short one is followed, of a long one both states are read: each says what the items and links of both commits say."""
        name = lambda link: (link['from'], link['type'], link['to'], link['as'])
        lines = {}
        for at in ('1', '9', '15', '16', '17'):
            path = os.path.join(self.folder.name, f'at-{at}')
            self.json('--at', at, 'export', 'native', '-o', path)
            with open(path, encoding='utf-8') as file:
                ops = [json.loads(line) for line in file]
            items = {i['key']: i['rev'] for i in self.json('--at', at, 'list')}
            lines[at] = items, {name({'as': '', **op}): op.get('attrs') for op in ops if op['op'] == 'link'}
        for start, end in (('16', '17'), ('15', '17'), ('17', '15'), ('9', '17'), ('1', '17'), ('17', '1')):
            with self.subTest(start=start, end=end):
                (items, links), (items_then, links_then) = lines[start], lines[end]
                answer = self.json('diff', start, end, codes=(0, 1))
                self.assertEqual([(i['key'], i['rev_old'], i['rev_new']) for i in answer['items']],
                                 [(key, items.get(key), items_then.get(key)) for key in [*items_then, *(k for k in items if k not in items_then)] if items.get(key) != items_then.get(key)])
                self.assertEqual({name(l): l['change'] for l in answer['links'] if l['change'] != 'judged'},
                                 {link: 'added' if link not in links else 'removed' if link not in links_then else 'changed'
                                  for link in {*links, *links_then} if (link in links, links.get(link)) != (link in links_then, links_then.get(link))})

    def test_backwards_is_the_mirror_image(self):
        there, back = self.compare('8', '17'), self.compare('17', 'BL-1')
        self.assertEqual(there['differences'], back['differences'])
        mirror = {'added': 'removed', 'removed': 'added', 'changed': 'changed', 'judged': 'judged'}
        for part, names in (('items', ('key',)), ('links', ('from', 'type', 'to', 'as'))):
            name = lambda row: tuple(row[n] for n in names)
            self.assertEqual({name(row): mirror[row['change']] for row in there[part]}, {name(row): row['change'] for row in back[part]})

    def test_filters(self):
        every, zones = self.compare('8', '17'), self.compare('8', '17', '--kinds', 'asset,finding')
        kept = [i['key'] for i in every['items'] if i['kind'] in ('asset', 'finding')]
        self.assertEqual([i['key'] for i in zones['items']], kept)
        place = self.compare('8', '17', '--zone', 'ZN-2')
        self.assertEqual([p['place'] for p in place['places']], ['ZN-2'])
        inside = {i['key'] for at in ('8', '17') for i in self.json('--at', at, 'list', 'zone:ZN-2')}
        self.assertEqual({i['key'] for i in place['items']}, {i['key'] for i in every['items']} & inside)
        self.assertTrue({l['chain'] for l in every['links']} == {True, False})

    def test_the_same_with_itself_is_nothing(self):
        answer = self.compare('BL-1', '8')
        self.assertEqual((answer['items'], answer['links'], answer['places'], answer['differences'], answer['ok']), ([], [], [], 0, True))

    def test_what_is_refused(self):
        for words, args in (('did you mean', ('8', '--kinds', 'asse')), ('no item', ('8', '--zone', 'ZN-99')), ('no commit', ('BL-9',))):
            done = subprocess.run([ZW, '--data', self.data, 'baseline', 'compare', *args], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)

    def test_every_reading_command_reads_as_of_a_baseline_a_number_and_a_date(self):
        date = self.json('history', 'BL-1')[0]['time']
        baseline = self.json('baseline', 'list')[0]
        for words in (['list'], ['sl'], ['gaps'], ['lint'], ['trace', 'RQ-1'], ['impact', 'TS-1'], ['suspects'], ['show', 'RQ-1'], ['history', 'RQ-1'],
                      ['list', 'suspect'], ['report', 'gap', '--format', 'json'], ['risk', 'list'], ['signatures']):
            with self.subTest(words=words):
                self.assertEqual(self.json('--at', 'BL-1', *words), self.json('--at', str(baseline['seq']), *words))
                self.assertEqual(self.json('--at', date, *words), self.json('--at', str(baseline['since']), *words))

    def test_a_baseline_of_the_sample_has_the_hash_of_its_commit(self):
        one = self.json('baseline', 'list')[0]
        self.assertRegex(one['hash'], '^[0-9a-f]{64}$')
        again = self.json('baseline', 'create', 'The same', '--commit', 'BL-1')
        self.assertEqual((again['seq'], again['hash']), (one['seq'], one['hash']))


tap.main()
