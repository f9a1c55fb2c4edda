#!/usr/bin/env python3
"""The analysis and its twin on random models. Use: test_analysis.py REPLAY [COUNT [FIRST_SEED]]."""
import collections
import datetime
import json
import os
import random
import subprocess
import sys
import unittest

import tap
import twin

SOURCE = os.environ['ZONEWRIGHT_SOURCE']
REPLAY = sys.argv[1]
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 400
FIRST = int(sys.argv[3]) if len(sys.argv) > 3 else 1
TYPES = ['SAR', 'EDR', 'HDR', 'NDR']
DATES = ['2025-06-30', '2025-12-31', '2026-01-01', '2027-01-01']


def instant(date):
    day = datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.timezone.utc)
    return int(day.timestamp()) * 1000


class Maker:
    """One random model. `rot` is how often something is not as it should be."""

    def __init__(self, catalogue, seed):
        self.random, self.catalogue = random.Random(seed), catalogue
        self.rot = self.random.choice([0, 0.02, 0.1, 0.3])
        self.items, self.links, self.results = [], [], []
        self.plant()
        for ref in self.references():
            self.requirement(ref)
        self.overlay()
        now = instant('2026-01-01') + self.random.choice([-1, 0, 1, 43200000])
        self.model = {'items': self.items, 'links': self.links, 'results': self.results, 'now': now}

    def bad(self):
        return self.random.random() < self.rot

    def item(self, kind, attrs, state='approved'):
        if self.bad():
            state = self.random.choice(['retired'] if kind == 'test_run' else ['draft', 'in_review', 'retired'])
        rev = self.random.randint(1, 3)
        no = len(self.items)
        self.items.append({'no': no, 'key': f'X-{no}', 'kind': kind, 'state': state, 'rev': rev,
                           'subst': self.random.randint(1, rev), 'attrs': attrs})
        return no

    def link(self, start, kind, end, attrs=None):
        judged = [self.items[no]['subst'] for no in (start, end)]
        if self.bad():
            judged[self.random.randrange(2)] -= 1
        self.links.append({'from': start, 'type': kind, 'to': end, 'judged': judged, 'attrs': attrs or {}})

    def some(self, among, least=1):
        return self.random.sample(among, min(len(among), self.random.randint(least, 2)))

    def traits(self, silence):
        return {trait: self.random.random() < 0.5 for trait in self.catalogue.traits if self.random.random() >= silence}

    def plant(self):
        pick = self.random
        self.system = self.item('system', {}, 'approved')
        self.zones = [self.item('zone', {}) for _ in range(pick.randint(1, 3))]
        self.edges = [self.item(pick.choice(['conduit', 'conduit', 'access_point']), {}) for _ in range(pick.randint(1, 3))]
        self.components = [self.item('component', {'version': pick.choice('12')} | (
            {} if self.bad() else {'types': pick.sample(TYPES, pick.randint(1, 2))}) | (
            {'traits': self.traits(0.3)})) for _ in range(3)]
        for no in self.zones + self.edges:
            if not self.bad():
                self.link(no, 'part_of', self.system)
        for no in self.edges:
            for zone in self.some(self.zones):
                self.link(no, 'connects', zone)
        self.conduits = [no for no in self.edges if self.items[no]['kind'] == 'conduit']
        self.places = self.zones + self.conduits
        self.assets = []
        for _ in range(pick.randint(2, 5)):
            attrs = {'traits': self.traits(self.rot)} | ({'installed_version': pick.choice('12')} if pick.random() < .5 else {})
            self.assets.append(self.item('asset', attrs))
            self.link(self.assets[-1], 'part_of', pick.choice(self.places))
            if not self.bad():
                for component in self.some(self.components):
                    self.link(self.assets[-1], 'instance_of', component)
        self.everything = [self.system] + self.zones + self.edges + self.assets
        for place in self.places:
            for _ in range(pick.randint(0, 2)):
                zero = {'zero_statement': 'z'} if pick.random() < 0.5 else {}
                vector = [pick.choice([None, 0, 1, 2, 3, 4]) for _ in range(7)]
                self.link(self.item('sl_target', {'vector': vector} | zero), 'targets', place)

    def references(self):
        frs = set(self.random.sample(range(1, 8), 2))
        for row, facts in self.catalogue.rows.items():
            if facts['fr'] in frs and not self.bad():
                yield '62443-3-3 ' + row
                for cr, _ in self.catalogue.crs.get(row, []):
                    if self.random.random() < 0.5:
                        yield '62443-4-2 ' + cr

    def requirement(self, ref):
        no = self.item('requirement', {'ref': ref})
        spots = [self.system]
        if self.random.random() < 0.3:
            spots = self.some(self.everything + (self.components if '4-2' in ref else []))
        for spot in spots:
            self.link(no, 'allocated_to', spot)
        if self.random.random() < 0.08:
            self.waiver(no)
        if '4-2' in ref or self.random.random() < 0.8:
            for _ in range(1 + self.bad()):
                self.claim(no)

    def waiver(self, no):
        pick = self.random
        attrs = {'decision': pick.choice(['not_applicable'] * 3 + ['accepted_risk', 'deferred'])}
        if not self.bad():
            attrs['rationale'] = 'r'
        if pick.random() < 0.3:
            attrs['expires'] = pick.choice(DATES)
        if pick.random() < 0.3:
            attrs['reopens_on'] = pick.sample(self.catalogue.traits, 1)
        places = {} if pick.random() < 0.5 else {'places': [self.items[place]['key'] for place in self.some(self.places)]}
        self.link(self.item('waiver', attrs), 'waives', no, places)

    def claim(self, requirement):
        pick = self.random
        attrs = {'statement': pick.choice(['met', 'met', 'met_by_configuration', 'compensated'])}
        if self.bad():
            attrs['statement'] = pick.choice(['not_met', 'not_applicable'])
        if attrs['statement'] == 'compensated' and not self.bad():
            attrs |= {'equivalence': 'e', 'valid_until': DATES[3]}
        if self.bad():
            attrs['valid_until'] = pick.choice(DATES)
        no = self.item('claim', attrs)
        self.link(no, 'answers', requirement)
        for spot in [self.system] if pick.random() < 0.7 else self.some(self.everything):
            self.link(no, 'covers', spot)
        if pick.random() < self.rot * 2:
            self.link(no, 'rests_on', self.base())
        if pick.random() < 0.9:
            self.test(no)
        if pick.random() < 0.3:
            self.evidence(no)

    def base(self):
        kind = self.random.choice(['asset', 'component', 'countermeasure', 'document', 'configuration'])
        if kind in ('asset', 'component'):
            return self.random.choice(self.assets if kind == 'asset' else self.components)
        no = self.item(kind, {'expires': self.random.choice(DATES)} if kind == 'countermeasure' and self.bad() else {})
        subjects = self.everything if kind == 'countermeasure' else self.everything + self.components
        for subject in self.some(subjects, 0):
            self.link(no, 'deployed_on' if kind == 'countermeasure' else 'concerns', subject)
        return no

    def test(self, subject):
        pick = self.random
        attrs = {'test_kind': 'fat' if self.bad() else 'sat'}
        if self.bad():
            attrs['stage'] = pick.choice(['development', 'factory', 'site', 'operation'])
        case = self.item('test_case', attrs)
        self.link(case, 'verifies', subject)
        for at in pick.sample(range(1000), 1 + (pick.random() < 0.3)):
            run = {'stage': pick.choice(['factory', 'site', 'operation'])} if self.bad() else {}
            if self.bad():
                run['versions'] = {self.items[no]['key']: pick.choice('12')
                                   for no in self.some(self.assets + self.components)}
            status = pick.choice(['failed', 'error', 'skipped']) if self.bad() else 'passed'
            self.results.append({'case': case, 'run': self.item('test_run', run, 'recorded'), 'status': status, 'at': at})

    def evidence(self, claim):
        pick = self.random
        kind = pick.choice(['evidence', 'evidence', 'document'])
        attrs = {'stage': pick.choice(['factory', 'site', 'operation'])} if kind == 'evidence' else {}
        if kind == 'evidence' and pick.random() < 0.3:
            attrs |= {'version': pick.choice('12'), 'valid_until': pick.choice(DATES)}
        self.link(self.item(kind, attrs), 'evidences', claim)

    def overlay(self):
        pick = self.random
        rows = ['62443-3-3 ' + row for row in self.catalogue.rows]
        for _ in range(pick.randint(0, 3)):
            state = pick.choice(['new', 'acknowledged', 'mitigated', 'accepted', 'fixed', 'not_affected', 'false_positive'])
            finding = self.item('finding', {'broken': sorted(pick.sample(rows, 8))}, state)
            if self.items[finding]['state'] in ('draft', 'in_review'):
                self.items[finding]['state'] = 'new'
            self.link(finding, 'concerns', pick.choice(self.assets + self.components))
            if pick.random() < 0.4:
                no = self.item('countermeasure', {'expires': pick.choice(DATES)} if pick.random() < 0.3 else {})
                self.link(no, 'mitigates', finding)
                self.test(no)
        for _ in range(pick.randint(0, 2)):
            attrs = {'refs': [ref for ref in rows if pick.random() < 0.6], 'survives_loss': pick.random() < 0.8}
            self.link(pick.choice(self.assets), 'serves', pick.choice(self.places), attrs)


def difference(said, expected):
    if [place['place'] for place in said] != [place['place'] for place in expected]:
        return 'other places'
    for left, right in zip(said, expected):
        for row, pair in right['rows'].items():
            if left['rows'].get(row) != pair:
                return f'{right["place"]} {row}: the analysis says {left["rows"].get(row)}, the twin {pair}'
        for name in right:
            if left[name] != right[name]:
                return f'{right["place"]} {name}: the analysis says {left[name]}, the twin {right[name]}'
    return None


class Analysis(unittest.TestCase):
    def test_random_models(self):
        catalogue, seen, levels = twin.Catalogue(SOURCE), collections.Counter(), set()
        with subprocess.Popen([REPLAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as replay:
            for seed in range(FIRST, FIRST + COUNT):
                model = Maker(catalogue, seed).model
                replay.stdin.write(json.dumps(model) + '\n')
                replay.stdin.flush()
                expected = twin.Twin(catalogue, model, instant).places()
                line = replay.stdout.readline()
                self.assertTrue(line, f'seed {seed}: the analysis gave no answer')
                found = difference(json.loads(line), expected)
                self.assertIsNone(found, f'seed {seed}: {found}')
                for place in expected:
                    seen.update(status for status, _ in place['rows'].values())
                    seen['broken'] += sum(broken for _, broken in place['rows'].values())
                    levels.update(level for name in twin.VECTORS for level in place[name])
            replay.stdin.close()
            self.assertEqual(replay.wait(), 0)
        print('# rows: ' + ', '.join(f'{name} {n}' for name, n in sorted(seen.items())))
        if COUNT >= 100:
            # Models that never reach a status or a level would compare nothing.
            self.assertLessEqual({*twin.ORDER, 'unknown', 'removed', 'broken'}, set(seen))
            self.assertLessEqual({None, 0, 1, 4}, levels)


tap.main()
