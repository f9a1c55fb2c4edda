#!/usr/bin/env python3
"""Matching of what was touched alone, against matching everything anew: over random histories of feeds, advisories, edits and decisions both come
to the same findings, states and reasons, step by step, and whoever matches everything afterwards finds nothing more. Usage: test_rematch.py ZW [ROUNDS [SEED]]"""
import json
import os
import random
import shutil
import sqlite3
import sys
import unittest

import plant
import tap

VENDORS = ('Example AG', 'Nordwerk GmbH')
PRODUCTS = [(vendor, product) for vendor in VENDORS for product in ('Gate 7', 'Sluice X200', 'Pump', 'Level Meter 4', 'Gate 7/9')]
ROUNDS, SEED = [int(value) for value in sys.argv[1:]] + [30, 1][len(sys.argv) - 1:]
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

    def pick(self, *kinds):
        keys = [key for key, kind in self.kept.items() if kind in kinds]
        return self.rng.choice(keys) if keys else None

    def install(self, kind, **attrs):
        """By an edit, which matches nothing, or by an import, which matches everything."""
        if self.rng.random() < 0.8:
            key, = self.json('add', kind, 'title=A thing', *(f'{name}={value}' for name, value in attrs.items()))['keys']
        else:
            key = f'{ {"component": "CP", "asset": "AS", "requirement": "RQ", "zone": "ZN", "threat": "TH"}[kind] }-{1000 + len(self.kept)}'
            self.zw('import', self.lines({'op': 'item', 'key': key, 'kind': kind, 'title': key, 'attrs': attrs}))
        self.kept[key] = kind
        return key

    def release(self):
        return f'{self.rng.randint(0, 4)}.{self.rng.randint(0, 9)}'

    # Each of these does one thing that may or may not matter.

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

    def advisory(self):
        """Some vulnerabilities of two products, and of the one on the other; a few numbers, so that later ones take the place of earlier ones."""
        self.modified += 1
        time = f'2024-01-03T00:{self.modified // 60:02}:{self.modified % 60:02}Z'
        vendor, (one, other) = self.rng.choice(VENDORS), self.rng.sample([name for _, name in PRODUCTS[:5]], 2)

        def branch(number, name):
            return {'category': 'product_name', 'name': name, 'branches': [{'category': 'product_version_range', 'name': f'<{self.rng.randint(1, 5)}.0', 'product': {
                'product_id': number, 'name': name, **({'product_identification_helper': {'serial_numbers': [self.rng.choice(['SN-1', 'SN-2', 'SN-*'])]}}
                                                       if self.rng.random() < 0.2 else {})}}]}
        products = self.rng.choice([['A'], ['B'], ['A', 'B'], ['A:B'], ['A:B', 'B']])
        number = self.rng.randint(1, 4)
        return {'document': {
            'category': 'csaf_base', 'csaf_version': '2.0', 'title': f'Advisory {number}',
            'publisher': {'category': 'vendor', 'name': vendor, 'namespace': 'https://vendor.example'},
            'references': [{'category': 'self', 'summary': 's', 'url': f'https://vendor.example/{number}.json'}],
            'tracking': {'id': f'ADV-{number}', 'status': 'final', 'version': '1', 'revision_history': [{'date': time, 'number': '1', 'summary': 's'}],
                         'current_release_date': time, 'initial_release_date': time}},
            'product_tree': {'branches': [{'category': 'vendor', 'name': vendor, 'branches': [branch('A', one), branch('B', other)]}],
                             'relationships': [{'category': 'installed_on', 'product_reference': 'A', 'relates_to_product_reference': 'B',
                                                'full_product_name': {'product_id': 'A:B', 'name': f'{one} on {other}'}}]},
            'vulnerabilities': [{'cve': f'CVE-2024-{cve}', 'title': 'A hole', 'product_status': {self.rng.choice(['known_affected'] * 3 + ['known_not_affected']): products}}
                                for cve in self.rng.sample(range(1, 10), self.rng.choice([1, 1, 3]))]}

    def published(self):
        self.feed(self.advisory())

    def document(self):
        self.zw('import', self.write('advisory.json', self.advisory()))
        for row in self.json('list', 'document'):
            self.kept.setdefault(row['key'], 'document')

    def component(self):
        vendor, product = self.rng.choice(PRODUCTS)
        self.install('component', vendor=vendor, product=product, version=self.release())

    def asset(self):
        component = self.pick('component')
        attrs = {'installed_version': self.release(), 'serial': f'SN-{self.rng.randint(1, 3)}'}
        asset = self.install('asset', **{name: value for name, value in attrs.items() if self.rng.random() < 0.5})
        if component:
            self.zw('link', asset, 'instance_of', component)

    def zone(self):
        asset, zone = self.pick('asset'), self.pick('zone') or self.install('zone')
        if asset:
            self.run_zw('link', asset, 'part_of', zone)

    def part(self):
        """A component within another one, or on one more asset; or no longer."""
        component, whole = self.pick('component'), self.pick('component', 'asset')
        if component and whole and component != whole:
            link = (component, 'part_of', whole) if self.kept[whole] == 'component' else (whole, 'instance_of', component)
            if self.run_zw('link', *link).returncode != 0:
                self.run_zw('unlink', *link)

    def version(self):
        key = self.pick('component')
        if key:
            self.zw('set', key, f'version={self.release()}')

    def installed(self):
        key = self.pick('asset')
        if key:
            self.zw('set', key, self.rng.choice([f'installed_version={self.release()}', 'installed_version=', f'serial=SN-{self.rng.randint(1, 3)}']))

    def name(self):
        key = self.pick('component')
        if key:
            vendor, product = self.rng.choice(PRODUCTS)
            self.zw('set', key, f'vendor={vendor}', f'product={product}')

    def title(self):
        key = self.pick('component', 'asset')
        if key:
            self.zw('set', key, f'title=Called {self.rng.random()}')

    def retire(self):
        key = self.pick(self.rng.choice(['component', 'asset', 'document']))
        installed = sum(kind in ('component', 'asset') for kind in self.kept.values())
        if key and installed > 1 and self.rng.random() < 0.5:
            self.zw('retire', key)
            self.kept[key] = 'retired'

    def requirement(self):
        key = self.pick('requirement') or self.install('requirement')
        self.zw('set', key, f'title=Wanted {self.rng.random()}')

    def finding(self):
        found, subject = self.json('findings'), self.pick('component', 'asset')
        if found and subject:
            key = self.rng.choice(found)['key']
            self.run_zw(*self.rng.choice([('set', key, f'rationale=Because {self.rng.random()}'), ('set', key, 'severity=low'), ('retire', key),
                                          ('set', key, f'vulnerability=CVE-2024-{self.rng.randint(1, 9)}'), ('link', key, 'concerns', subject),
                                          ('triage', key, '--state', 'acknowledged')]))
        elif subject:
            key, = self.json('add', 'finding', 'title=Seen', f'vulnerability=CVE-2024-{self.rng.randint(1, 9)}')['keys']
            self.zw('link', key, 'concerns', subject)

    def threat(self):
        found, threat = self.json('findings'), self.pick('threat') or self.install('threat')
        if found:
            self.run_zw('link', threat, 'exploits', self.rng.choice(found)['key'])
        self.zw('set', threat, f'title=Feared {self.rng.random()}')

    def decision(self):
        found, zone = self.json('findings'), self.pick('zone')
        if found:
            self.run_zw('triage', self.rng.choice(found)['key'], '--state', self.rng.choice(['not_affected', 'false_positive', 'in_progress']), '--reason', 'So it is',
                        *self.rng.choice([(), ('--of', 'product'), ('--versions', '<2.5'), ('--of', 'product', '--versions', '<2.5')]),
                        *(('--zone', zone) if zone and self.rng.random() < 0.3 else ()))

    def matched(self):
        done = self.run_zw('--json', 'match')
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout)

    def anew(self):
        """The same of a copy that nobody has matched before; and what it says of the project then."""
        here, self.data = self.data, os.path.join(self.folder.name, 'twin')
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(here, self.data)
        try:
            with sqlite3.connect(os.path.join(self.data, 'feeds.db')) as database:
                database.execute('DELETE FROM matched')
            database.close()
            return self.matched(), self.zw('export', 'native')
        finally:
            self.data = here

    def test_nothing_is_left_out(self):
        """On PostgreSQL a copy has the same rows, so there the copy is matched only afterwards."""
        self.rng.seed(SEED)
        steps = [*[self.record] * 4, *[self.published] * 3, self.document, self.exploited, *[self.component] * 2, *[self.asset] * 2, self.zone, self.part, self.version,
                 self.installed, self.name, self.title, self.retire, self.requirement, self.finding, self.threat, self.decision]
        for _ in range(6):
            self.component()
        self.record()
        self.matched()
        reads, history = [], []
        for _ in range(ROUNDS):
            for step in self.rng.sample(steps, self.rng.choice([1, 1, 1, 2])):
                history.append(step.__name__)
                step()
            _, wanted = (None, None) if 'ZONEWRIGHT_DATABASE' in os.environ else self.anew()
            answer, why = self.matched(), f'{history}'
            if wanted is not None:
                self.assertEqual(self.zw('export', 'native'), wanted, why)
            twin, _ = self.anew()
            self.assertIsNone(twin['commit'], why)
            self.assertLessEqual(answer['read']['installed'], twin['read']['installed'], why)
            reads.append((answer['read']['installed'], twin['read']['installed']))
            history.append('-')
        print(f'# {sum(not one for one, _ in reads)} matchings of {ROUNDS} read nothing, {sum(one == all_ for one, all_ in reads)} everything')
        self.assertGreater(sum(one == 0 for one, _ in reads), ROUNDS // 10)
        self.assertGreater(sum(0 < one < all_ for one, all_ in reads), ROUNDS // 10)

    def test_what_touches_it_and_what_does_not(self):
        """A record that means nothing installed, facts of other vulnerabilities, requirements and titles are passed by; of the rest, what
        it may mean is read and nothing else."""
        self.zw('import', self.lines(*({'op': 'item', 'key': f'CP-{number}', 'kind': 'component', 'title': 'A gate', 'attrs': {
            'vendor': 'Example AG', 'product': product, 'version': '1.0'}} for number, product in enumerate(('Gate 7', 'Sluice', 'Pump', 'Level Meter 4'), 1)),
            *({'op': 'item', 'key': f'AS-{number}', 'kind': 'asset', 'title': 'A gate', 'attrs': {'serial': f'SN-{number}'}} for number in (1, 2, 3, 4)),
            *({'op': 'link', 'from': f'AS-{number}', 'type': 'instance_of', 'to': f'CP-{number}'} for number in (1, 2, 3, 4)),
            {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'A zone'}))
        rest = {'dataType': 'CVE_RECORD', 'dataVersion': '5.1'}

        def record(number, product, minute, **entry):
            self.feed({**rest, 'cveMetadata': {'cveId': number, 'state': 'PUBLISHED', 'dateUpdated': f'2024-01-03T00:{minute:02}:00Z'}, 'containers': {'cna': {
                'title': 'A hole', 'affected': [{'vendor': 'Example AG', 'product': product, 'defaultStatus': 'affected', **entry}]}}})

        def exploited(*ids):
            self.feed({'catalogVersion': '1', 'count': len(ids), 'vulnerabilities': [{'cveID': one, 'dateAdded': '2024-01-02'} for one in ids]})

        def read():
            answer = self.matched()['read']
            return answer['installed'], answer['advisories']
        record('CVE-2024-1', 'Gate 7', 1)
        record('CVE-2024-2', 'Pump', 1)
        self.assertEqual([read(), read()], [(8, 2), (0, 0)])
        untouching = [lambda: record('CVE-2024-4', 'Lock', 1), lambda: record('CVE-2024-4', 'Locks of another kind', 2), lambda: exploited('CVE-2024-4'),
                      lambda: self.zw('add', 'requirement', 'title=Wanted'), lambda: self.zw('set', 'CP-1', 'title=Another'),
                      lambda: self.zw('set', 'CP-4', 'version=2.0'), lambda: self.zw('comment', 'add', 'CP-1', 'Seen.'), lambda: self.zw('set', 'ZN-1', 'title=Another')]
        for at, step in enumerate(untouching):
            step()
            self.assertEqual(read(), (0, 0), at)
        touching = [(lambda: record('CVE-2024-3', 'Gate 7', 1), (2, 1)), (lambda: exploited('CVE-2024-1'), (2, 1)), (lambda: exploited('CVE-2024-1', 'CVE-2024-2'), (2, 1)),
                    (lambda: record('CVE-2024-3', 'Sluice', 2), (2, 1)), (lambda: record('CVE-2024-3', 'Lock', 3), (0, 0)),
                    (lambda: self.zw('set', 'CP-1', 'version=2.0'), (2, 1)), (lambda: self.zw('set', 'AS-1', 'installed_version=1.5'), (2, 1)),
                    (lambda: self.zw('link', 'AS-1', 'part_of', 'ZN-1'), (2, 1)), (lambda: self.zw('set', 'FD-1', 'rationale=So'), (2, 1)),
                    (lambda: self.zw('triage', 'FD-1', '--state', 'not_affected', '--reason', 'So', '--of', 'product'), (2, 1)),
                    (lambda: self.zw('retire', 'AS-3'), (1, 1)), (lambda: self.zw('retire', 'CP-3'), (0, 1))]
        for at, (step, wanted) in enumerate(touching):
            step()
            self.assertEqual([read(), read()], [wanted, (0, 0)], at)

    def test_a_finding_of_two_settles(self):
        """Each of two things would have it say something else; it follows the first, and stays so."""
        self.zw('import', self.lines(*({'op': 'item', 'key': f'CP-{number}', 'kind': 'component', 'title': 'A gate', 'attrs': {
            'vendor': 'Example AG', 'product': 'Gate 7', 'version': f'{number}.0'}} for number in (1, 2))))
        self.feed({'dataType': 'CVE_RECORD', 'dataVersion': '5.1', 'cveMetadata': {'cveId': 'CVE-2024-1', 'state': 'PUBLISHED', 'dateUpdated': '2024-01-03T00:00:00Z'}, 'containers': {
            'cna': {'title': 'A hole', 'affected': [{'vendor': 'Example AG', 'product': 'Gate 7', 'defaultStatus': 'unaffected', 'versions': [
                {'version': '0', 'lessThan': '2.0', 'status': 'affected', 'versionType': 'custom'}]}]}}})
        self.matched()
        self.zw('link', 'FD-1', 'concerns', 'CP-2')
        self.zw('set', 'CP-2', 'version=1.5')
        self.matched()
        self.assertIn('version 1.0', self.json('show', 'FD-1')['attrs']['reason'])
        self.assertIsNone(self.anew()[0]['commit'])

    def test_a_newer_program_begins_anew(self):
        """What is kept of the last matching is of one program, and of feeds and projects that are the same still."""
        self.rng.seed(2)
        for _ in range(3):
            self.component()
        self.record()
        self.matched()
        self.record()
        with sqlite3.connect(os.path.join(self.data, 'feeds.db')) as database:
            database.execute("UPDATE matched SET rests = '0.0.1 ' || rests")
        database.close()
        self.assertEqual([self.matched()['read']['installed'], self.matched()['read']['installed']], [3, 0])


if __name__ == '__main__':
    tap.main()
