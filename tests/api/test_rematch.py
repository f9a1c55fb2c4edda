#!/usr/bin/env python3
"""Matching that is left out where nothing touched it, against matching everything anew: over random histories of feeds and edits
the second never finds anything that the first did not. Usage: test_rematch.py ZW [ROUNDS [SEED]]"""
import json
import os
import random
import shutil
import sqlite3
import sys
import unittest

import plant
import tap

PRODUCTS = [(vendor, product) for vendor in ('Example AG', 'Nordwerk GmbH') for product in ('Gate 7', 'Sluice X200', 'Pump', 'Level Meter 4')]
ROUNDS, SEED = [int(value) for value in sys.argv[1:]] + [24, 1][len(sys.argv) - 1:]
del sys.argv[1:]


class Rematch(plant.Plant):
    def prepare(self):
        super().prepare()
        self.rng, self.modified, self.kept = random.Random(), 0, {}

    def write(self, name, value):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(value, file)
        return path

    def feed(self, value):
        self.zw('feed', 'import', self.write('feed.json', value))

    def pick(self, kind):
        keys = [key for key, (known, _) in self.kept.items() if known == kind]
        return self.rng.choice(keys) if keys else None

    def install(self, kind, **attrs):
        key = f'{ {"component": "CP", "asset": "AS", "requirement": "RQ", "zone": "ZN"}[kind] }-{len(self.kept) + 1}'
        self.zw('import', self.lines({'op': 'item', 'key': key, 'kind': kind, 'title': key, 'attrs': attrs}))
        self.kept[key] = kind, attrs
        return key

    # Each of these does one thing that may or may not matter, and says whether it could do anything.

    def record(self):
        self.modified += 1
        vendor, product = self.rng.choice(PRODUCTS)
        affected = {'vendor': vendor, 'product': product, 'defaultStatus': 'unaffected',
                    'versions': [{'version': '0', 'lessThan': f'{self.rng.randint(1, 4)}.0', 'status': 'affected', 'versionType': 'custom'}]}
        self.feed({'dataType': 'CVE_RECORD', 'dataVersion': '5.1',
                   'cveMetadata': {'cveId': f'CVE-2024-{self.rng.randint(1, 9)}', 'state': self.rng.choice(['PUBLISHED'] * 5 + ['REJECTED']),
                                   'dateUpdated': f'2024-01-03T00:{self.modified // 60:02}:{self.modified % 60:02}Z'},
                   'containers': {'cna': {'title': 'A hole', 'affected': [affected]}}})

    def exploited(self):
        ids = [f'CVE-2024-{number}' for number in self.rng.sample(range(1, 30), 3)]
        self.feed({'catalogVersion': '1', 'count': 3, 'vulnerabilities': [{'cveID': one, 'dateAdded': '2024-01-02'} for one in ids]})

    def component(self):
        vendor, product = self.rng.choice(PRODUCTS)
        self.install('component', vendor=vendor, product=product, version=f'{self.rng.randint(0, 4)}.{self.rng.randint(0, 9)}')

    def asset(self):
        component = self.pick('component')
        asset = self.install('asset', **({'installed_version': f'{self.rng.randint(0, 4)}.5'} if self.rng.random() < 0.5 else {}))
        if component:
            self.zw('link', asset, 'instance_of', component)

    def zone(self):
        asset, zone = self.pick('asset'), self.pick('zone') or self.install('zone')
        if asset:
            self.run_zw('link', asset, 'part_of', zone)

    def version(self):
        key = self.pick('component')
        if key:
            self.zw('set', key, f'version={self.rng.randint(0, 4)}.{self.rng.randint(0, 9)}')

    def title(self):
        key = self.pick('component') or self.pick('asset')
        if key:
            self.zw('set', key, f'title=Called {self.rng.random()}')

    def retire(self):
        key = self.pick(self.rng.choice(['component', 'asset']))
        installed = sum(kind in ('component', 'asset') for kind, _ in self.kept.values())
        if key and installed > 1 and self.rng.random() < 0.5:
            self.zw('retire', key)
            del self.kept[key]
            self.kept[f'retired {len(self.kept)}'] = 'retired', {}

    def requirement(self):
        key = self.pick('requirement') or self.install('requirement')
        self.zw('set', key, f'title=Wanted {self.rng.random()}')

    def finding(self):
        found = self.json('findings')
        if found:
            self.run_zw('set', self.rng.choice(found)['key'], f'rationale=Because {self.rng.random()}')

    def matched(self):
        done = self.run_zw('--json', 'match')
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout)

    def anew(self):
        """The same of a copy that nobody has matched before."""
        here, self.data = self.data, os.path.join(self.folder.name, 'twin')
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(here, self.data)
        try:
            with sqlite3.connect(os.path.join(self.data, 'feeds.db')) as database:
                database.execute('DELETE FROM matched')
            database.close()
            return self.matched()
        finally:
            self.data = here

    def test_nothing_is_left_out(self):
        self.rng.seed(SEED)
        steps = [*[self.record] * 5, self.exploited, self.component, self.asset, self.zone, self.version, self.title, self.retire, self.requirement,
                 self.finding]
        for _ in range(6):
            self.component()
        self.record()
        left, done, history = 0, 0, []
        for _ in range(ROUNDS):
            for step in self.rng.sample(steps, self.rng.choice([1, 1, 1, 2])):
                history.append(step.__name__)
                step()
            answer = self.matched()
            twin = self.anew()
            why = f'{history}'
            self.assertIsNone(twin['commit'], why)
            self.assertGreater(twin['read']['installed'], 0, why)
            if answer['read']['installed'] == 0:
                self.assertIsNone(answer['commit'], why)
                left += 1
            else:
                self.assertEqual(answer['read'], twin['read'], why)
                done += 1
            history.append('-')
        self.assertGreater(left, ROUNDS // 10)
        self.assertGreater(done, ROUNDS // 10)

    def test_what_touches_it_and_what_does_not(self):
        """A record that means nothing installed, facts of other vulnerabilities, requirements and titles are passed by; the rest is not."""
        self.rng.seed(1)
        self.install('component', vendor='Example AG', product='Gate 7', version='1.0')
        asset, zone = self.install('asset', serial='SN-100'), self.install('zone')
        rest = {'dataType': 'CVE_RECORD', 'dataVersion': '5.1'}

        def record(number, product, minute, **entry):
            self.feed({**rest, 'cveMetadata': {'cveId': number, 'state': 'PUBLISHED', 'dateUpdated': f'2024-01-03T00:{minute:02}:00Z'}, 'containers': {'cna': {
                'title': 'A hole', 'affected': [{'vendor': 'Example AG', 'product': product, 'defaultStatus': 'affected', **entry}]}}})

        def exploited(*ids):
            self.feed({'catalogVersion': '1', 'count': len(ids), 'vulnerabilities': [{'cveID': one, 'dateAdded': '2024-01-02'} for one in ids]})

        def read():
            return self.matched()['read']['installed']
        record('CVE-2024-1', 'Gate 7', 1)
        self.assertEqual([read(), read()], [2, 0])
        untouching = [lambda: record('CVE-2024-2', 'Sluice', 1), lambda: record('CVE-2024-2', 'Sluices of another kind', 2), lambda: exploited('CVE-2024-2'),
                      lambda: self.install('requirement'), lambda: self.zw('set', 'CP-1', 'title=Another'), lambda: self.zw('comment', 'add', 'CP-1', 'Seen.')]
        for at, step in enumerate(untouching):
            step()
            self.assertEqual(read(), 0, at)
        record('CVE-2024-3', 'Gate 7', 1)
        touching = [lambda: record('CVE-2024-3', 'Sluice', 2), lambda: exploited('CVE-2024-1'), lambda: self.zw('set', 'CP-1', 'version=2.0'),
                    lambda: self.zw('link', asset, 'part_of', zone), lambda: self.zw('set', 'FD-1', 'rationale=So'), lambda: self.zw('retire', asset)]
        self.assertEqual([read(), read()], [2, 0])
        for at, step in enumerate(touching):
            step()
            self.assertEqual([read(), read()], [1 if step is touching[-1] else 2, 0], at)


if __name__ == '__main__':
    tap.main()
