#!/usr/bin/env python3
"""The feed database: importing, all or nothing, again and older words; how fresh it is; matching, with findings that say why."""
import hashlib
import json
import os
import sqlite3
import subprocess
import unittest
import unittest.mock
import zipfile

import plant
import tap
from plant import ZW

CORPUS = os.path.join(os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent'), 'corpus')
DAY = '2024-01-10'


def component(key, **attrs):
    return {'op': 'item', 'key': key, 'kind': 'component', 'title': key, 'attrs': attrs}


def cve(number, *versions, modified='2024-01-03T00:00:00Z', state='PUBLISHED', **entry):
    affected = {'vendor': 'Example AG', 'product': 'Gate 7', 'defaultStatus': 'unaffected', 'versions': list(versions), **entry}
    return {'dataType': 'CVE_RECORD', 'dataVersion': '5.1', 'cveMetadata': {'cveId': number, 'state': state, 'dateUpdated': modified},
            'containers': {'cna': {'title': 'A hole', 'affected': [affected], 'problemTypes': [{'descriptions': [{'cweId': 'CWE-787'}]}],
                                   'metrics': [{'cvssV3_1': {'version': '3.1', 'vectorString': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
                                                             'baseScore': 9.8, 'baseSeverity': 'CRITICAL'}}]}}}


def stretch(version, **bounds):
    return {'version': version, 'status': 'affected', 'versionType': 'custom', **bounds}


def match(criteria, vulnerable=True, **bounds):
    return {'vulnerable': vulnerable, 'criteria': criteria, 'matchCriteriaId': 'x', **bounds}


def nvd(number, nodes, operator=None, total=1, status='Analyzed'):
    configuration = {'nodes': [{'operator': 'OR', 'negate': False, 'cpeMatch': node} for node in nodes]}
    if operator:
        configuration['operator'] = operator
    return {'resultsPerPage': 1, 'startIndex': 0, 'totalResults': total, 'format': 'NVD_CVE', 'version': '2.0', 'vulnerabilities': [
        {'cve': {'id': number, 'sourceIdentifier': 'a', 'vulnStatus': status, 'lastModified': '2024-01-03T00:00:00.000', 'metrics': {},
                 'descriptions': [{'lang': 'en', 'value': 'A hole'}], 'configurations': [configuration]}}]}


FIRMWARE, HARDWARE = 'cpe:2.3:o:example:gate_7_firmware:*:*:*:*:*:*:*:*', 'cpe:2.3:h:example:gate_7:-:*:*:*:*:*:*:*'


class Feeds(plant.Plant):
    def write(self, name, value):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(value if isinstance(value, str) else json.dumps(value))
        return path

    def feed(self, value):
        return self.json('--instant', DAY, 'feed', 'import', self.write('feed.json', value))

    def run_with(self, settings, *args):
        with unittest.mock.patch.dict(os.environ, settings):
            return self.run_zw(*args)

    def install(self, *ops):
        self.zw('import', '--format', 'native', self.write('plant.ndjson', ''.join(json.dumps(op) + '\n' for op in ops)))

    def status(self, source, day=DAY):
        done = self.run_zw('--json', '--instant', day, 'feed', 'status')
        self.assertEqual(done.returncode, 1, done.stderr)
        rows = json.loads(done.stdout)
        return next(row for row in rows if row['source'] == source)

    def findings(self):
        self.zw('match', code=1)
        return sorted((f['vulnerability'], f['on'], f['confidence']) for f in self.json('findings'))

    def test_nothing_is_said_to_be_fresh(self):
        rest = {'checked': None, 'limit_days': 7, 'problem': None}
        self.assertEqual(self.status('nvd'), {'source': 'nvd', 'records': 0, 'newest': None, 'age_days': None, 'state': 'empty'} | rest)
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.assertEqual(self.status('cve'), {'source': 'cve', 'records': 1, 'newest': '2024-01-03T00:00:00Z', 'age_days': 7, 'state': 'fresh'} | rest)
        self.assertEqual(self.status('cve', '2024-01-11')['state'], 'stale')
        self.feed(nvd('CVE-2024-1', [[match(FIRMWARE)]], total=5))
        self.assertEqual(self.status('nvd')['state'], 'partial')

    def test_unknown_wherever_it_is_asked(self):
        """Findings rest on the feeds: where one that is wanted is not fresh, no view, gate or report says that all is well."""
        self.install(component('CP-1', vendor='Example AG', product='Gate 7', version='1.0'))
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        matched = json.loads(self.run_zw('--json', '--instant', DAY, 'match').stdout)['feeds']
        self.assertEqual(matched['state'], 'unknown')
        self.assertIn('epss is empty', matched['because'])
        self.assertIn('vulnerabilities are unknown: csaf is empty', self.run_zw('findings').stderr)
        gate = self.run_zw('--json', 'gate', '--sl', '1', '--findings')
        self.assertEqual((gate.returncode, json.loads(gate.stdout)['feeds']['state']), (1, 'unknown'))
        self.assertNotIn('feeds', json.loads(self.run_zw('--json', 'gate', '--sl', '1').stdout))
        report = os.path.join(self.folder.name, 'gap.json')
        self.zw('--instant', DAY, 'report', 'gap', '-o', report)
        with open(report, encoding='utf-8') as file:
            told = json.load(file)['feed']
        self.assertEqual((told['snapshot'], told['state']), (None, 'unknown'))
        self.assertIn('nvd is empty', told['because'])

    def test_known_when_what_is_wanted_is_fresh(self):
        wanted = {'ZONEWRIGHT_FEEDS_LIMITS': 'cve:7 kev:14'}
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.feed({'catalogVersion': '1', 'count': 1, 'vulnerabilities': [{'cveID': 'CVE-2024-1', 'dateAdded': '2024-01-02'}]})
        self.install(component('CP-1', vendor='Example AG', product='Gate 7', version='1.0'))
        self.assertEqual(self.run_with(wanted, '--instant', DAY, 'feed', 'status').returncode, 0)
        self.assertEqual(self.run_with(wanted, '--instant', '2024-01-11', 'feed', 'status').returncode, 1)
        matched = self.run_with(wanted, '--json', '--instant', DAY, 'match')
        self.assertEqual((matched.returncode, json.loads(matched.stdout)['feeds']), (0, {'state': 'known', 'because': None}))
        self.install(component('CP-2', vendor='Nobody GmbH', product='X', version='1'))
        self.assertIn('cves 0 ', self.run_with(wanted, '--instant', DAY, 'vendors').stdout.splitlines()[1])
        report = os.path.join(self.folder.name, 'gap.json')
        self.assertEqual(self.run_with(wanted, '--instant', DAY, 'report', 'gap', '-o', report).returncode, 0)
        with open(report, encoding='utf-8') as file:
            self.assertEqual(json.load(file)['feed'], {'snapshot': 'cve 2024-01-03T00:00:00Z (1), kev 2024-01-02 (1)', 'state': 'known'})
        for wrong in ('cve', 'cve:0', ':7', 'cve:x'):
            done = self.run_with({'ZONEWRIGHT_FEEDS_LIMITS': wrong}, 'feed', 'status')
            self.assertEqual(done.returncode, 3, wrong)
            self.assertIn('feeds.limits', done.stderr)

    def test_nothing_is_matched_twice(self):
        """Nothing has changed, nothing is read; of a new record, a newer word and an edit, what they mean is."""
        def matched():
            answer = json.loads(self.run_zw('--json', '--instant', DAY, 'match').stdout)
            return answer['created'].get('finding', 0), answer['commit'] is not None, answer['read']['installed'], answer['read']['advisories']
        nothing = (0, False, 0, 0)
        self.install(component('CP-1', vendor='Example AG', product='Gate 7', version='1.0'), component('CP-2', vendor='Other AG', product='Sluice', version='1.0'))
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.assertEqual([matched(), matched()], [(1, True, 2, 1), nothing])
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.assertEqual(matched(), nothing)
        self.feed(cve('CVE-2024-2', stretch('0', lessThan='2.0')))
        self.assertEqual([matched(), matched()], [(1, True, 1, 1), nothing])
        self.feed(cve('CVE-2024-2', stretch('0', lessThan='0.5'), modified='2024-01-04T00:00:00Z'))
        self.assertEqual([matched(), matched()], [(0, True, 1, 1), nothing])
        self.zw('set', 'CP-1', 'version=0.4')
        self.assertEqual([matched(), matched()], [(0, True, 1, 2), nothing])
        # Somebody writes to the feeds: what is found is kept, and nobody waits for them.
        self.zw('set', 'CP-1', 'version=1.0')
        database = sqlite3.connect(os.path.join(self.data, 'feeds.db'), isolation_level=None)
        self.addCleanup(database.close)
        database.execute('BEGIN IMMEDIATE')
        self.assertEqual(matched(), (0, True, 1, 2))
        database.execute('ROLLBACK')
        self.assertEqual([matched(), matched()], [(0, False, 1, 2), nothing])

    def test_bundles_for_plants_without_a_network(self):
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.feed({'catalogVersion': '1', 'count': 1, 'vulnerabilities': [{'cveID': 'CVE-2024-1', 'dateAdded': '2024-01-02'}]})
        path, again = (os.path.join(self.folder.name, name) for name in ('feeds.bundle', 'again.bundle'))
        key = self.json('feed', 'bundle', path)['key']
        self.zw('feed', 'bundle', again)
        with open(path, 'rb') as one, open(again, 'rb') as other:
            content = one.read()
            self.assertEqual(content, other.read())  # the same feeds and key, the same bytes
        plain = os.path.join(self.folder.name, 'elsewhere')
        self.assertEqual(subprocess.run([ZW, '--data', plain, 'init'], check=False, capture_output=True).returncode, 0)
        self.data = plain
        self.assertIn(f'signed with the key {key}', self.zw('feed', 'import', path, code=5))
        self.assertIn('64 hexadecimal digits', self.zw('feed', 'import', '--trust', 'x', path, code=3))
        self.assertEqual(self.status('cve')['records'], 0)
        # Any byte that is flipped is found before anything is changed, and the part is named.
        for at, named in ((len(content) // 2, None), (20, 'cve-1'), (len(content) - 1, 'manifest'), (len(content) - 150, 'manifest'), (len(content) - 70, 'key')):
            flipped = bytearray(content)
            flipped[at] ^= 1
            with open(again, 'wb') as file:
                file.write(flipped)
            done = self.run_zw('feed', 'import', '--trust', key, again)
            self.assertIn(done.returncode, (3, 5), at)
            if named:
                self.assertIn(named, done.stderr)
        with open(again, 'wb') as file:
            file.write(content[:-40])
        self.assertIn(self.run_zw('feed', 'import', '--trust', key, again).returncode, (3, 5))
        self.assertEqual(self.status('cve')['records'], 0)
        taken = json.loads(self.run_with({'ZONEWRIGHT_FEEDS_TRUST': key}, '--json', '--instant', DAY, 'feed', 'import', path).stdout)
        self.assertEqual(taken['sources'], {name: {'added': 1, 'updated': 0, 'unchanged': 0} for name in ('cve', 'kev')})
        self.install(component('CP-1', vendor='Example AG', product='Gate 7', version='1.0'))
        self.assertEqual(len(self.findings()), 1)
        self.assertTrue(self.json('findings')[0]['kev'])

    def test_a_list_of_names_and_a_vendor_before_one(self):
        """A record that lists products is found by each of them, and by a line that says the vendor before the name."""
        self.install(component('CP-1', vendor='Example', product='Gate 2711', version='1.0'), component('CP-2', product='Example Gate 2411', version='1.0'))
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0'), product='Gate 2411/2711'))
        self.assertEqual(sorted(found[:2] for found in self.findings()), [('CVE-2024-1', 'CP-1'), ('CVE-2024-1', 'CP-2')])

    def test_negated_rejected_deferred_and_misspelled(self):
        """What is negated accuses nobody; a deferred item says what it says; a vendor that is spelled almost so is a question for a person."""
        gate = 'cpe:2.3:a:example:gate_7:*:*:*:*:*:*:*:*'
        self.install(component('CP-1', vendor='Example', product='Gate 7', version='1.0'))
        negated = nvd('CVE-2024-1', [[match(gate)]])
        negated['vulnerabilities'][0]['cve']['configurations'][0]['nodes'][0]['negate'] = True
        self.feed(negated)
        whole = nvd('CVE-2024-2', [[match(gate)]])
        whole['vulnerabilities'][0]['cve']['configurations'][0]['negate'] = True
        self.feed(whole)
        self.feed(nvd('CVE-2024-3', [[match(gate)]], status='Rejected'))
        self.assertEqual(self.findings(), [])
        self.feed(nvd('CVE-2024-4', [[match(gate, versionEndExcluding='2.0')]], status='Deferred'))
        self.feed(cve('CVE-2024-5', stretch('0', lessThan='2.0'), vendor='Exemple AG'))
        self.assertEqual([found[:2] for found in self.findings()], [('CVE-2024-4', 'CP-1'), ('CVE-2024-5', 'CP-1')])
        self.assertIn('Exemple', next(f['reason'] for f in self.json('findings') if f['vulnerability'] == 'CVE-2024-5'))
        self.assertEqual(self.json('vendors', 'Example AG')['near'], [{'vendor': 'exemple', 'records': 1}])

    def test_vendors(self):
        self.install(component('CP-1', vendor='Example AG', product='Gate 7', version='1.0'), component('CP-2', vendor='Nobody GmbH', product='X', version='1'))
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.feed(cve('CVE-2023-2', stretch('0', lessThan='0.5'), vendor='EXAMPLE'))
        self.feed(nvd('CVE-2023-2', [[match('cpe:2.3:a:example:gate_8:*:*:*:*:*:*:*:*')]]))
        self.feed({'catalogVersion': '1', 'count': 1, 'vulnerabilities': [{'cveID': 'CVE-2024-1', 'dateAdded': '2024-01-02'}]})
        self.zw('match', code=1)
        answer = self.json('vendors')
        self.assertEqual(answer['feeds']['state'], 'unknown')
        self.assertEqual([(row['name'], row['cves'], row['critical'], row['kev'], row['components'], row['open']) for row in answer['vendors']],
                         [('Example AG', 2, 2, 1, 1, 1), ('Nobody GmbH', None, None, None, 1, 0)], 'nothing found while not all is known')
        self.assertRegex(self.zw('vendors'), 'Nobody GmbH +cves [?] ')
        one = self.json('vendors', 'example ag')
        self.assertEqual([(row['year'], row['cves'], row['kev']) for row in one['years']], [('2023', 1, None), ('2024', 1, 1)])
        self.assertEqual({row['family']: (row['cves'], row['kev']) for row in one['families']}, {'Gate 7': (2, 1), 'cpe:2.3:a:example:gate_8:*:*:*:*:*:*:*:*': (1, None)})
        self.assertEqual((one['exploited'], one['without_cpe'], one['findings']), (['CVE-2024-1'], ['CVE-2024-1'], ['FD-1']))
        self.assertEqual((one['fixed'], one['days_to_fix']), (0, None))
        for state in ('acknowledged', 'in_progress', 'fixed'):
            self.zw('move', 'FD-1', state)
        one = self.json('vendors', 'Example')
        self.assertEqual((one['open'], one['fixed'], one['days_to_fix']), (0, 1, 0))
        self.assertIn('knows of a vendor', self.zw('vendors', 'Exxample', code=2))

    @unittest.skipUnless(os.path.isdir(CORPUS), 'the corpus is absent')
    def test_knowledge_and_advisories(self):
        """Names of weaknesses and techniques, and scores, where an advisory tells of them."""
        known = self.json('feed', 'import', *(os.path.join(CORPUS, name) for name in (
            'cwe/trustify', 'attack-ics-stix/attack-stix-data/ics-attack-18.1.json.xz', 'emb3d/emb3d/emb3d-stix-2.0.1.json.xz', 'csaf-advisories/CSAF/icsa-24-046-11.json.xz')))['sources']
        self.assertEqual({name: counts['added'] for name, counts in known.items() if name != 'cwe'}, {'attack-ics': 83, 'emb3d': 81, 'csaf': 1})
        self.assertGreater(known['cwe']['added'], 900)
        [row] = self.json('advisories', '--q', 'SCALANCE')['advisories']
        self.assertEqual(row['id'], 'ICSA-24-046-11')
        self.assertEqual(self.json('advisories', '--q', 'nothing like it')['advisories'], [])
        self.assertEqual(self.json('advisories', '--skip', '1')['advisories'], [])
        first = row['cves'][0]
        self.feed({'catalogVersion': '1', 'count': 1, 'vulnerabilities': [{'cveID': first, 'dateAdded': '2024-01-02', 'dueDate': '2024-02-01'}]})
        self.zw('feed', 'import', self.write('epss.csv', f'#score_date:2024-01-10T00:00:00+0000\ncve,epss,percentile\n{first},0.42,0.97\n'))
        shown = self.json('advisories', 'icsa-24-046-11')['vulnerabilities'][0]
        self.assertEqual((shown['id'], shown['kev'], shown['kev_due'], shown['epss'], shown['percentile']), (first, True, '2024-02-01', '0.42', '0.97'))
        self.assertTrue(all(weakness['name'] for weakness in shown['cwes']), shown['cwes'])
        self.zw('advisories', 'ICSA-00-000-00', code=2)

    def test_again_newer_and_older(self):
        self.assertEqual(self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))['sources'], {'cve': {'added': 1, 'updated': 0, 'unchanged': 0}})
        self.assertEqual(self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))['sources'], {'cve': {'added': 0, 'updated': 0, 'unchanged': 1}})
        newer = cve('CVE-2024-1', stretch('0', lessThan='3.0'), modified='2024-01-04T00:00:00Z')
        self.assertEqual(self.feed(newer)['sources'], {'cve': {'added': 0, 'updated': 1, 'unchanged': 0}})
        self.assertEqual(self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))['sources'], {'cve': {'added': 0, 'updated': 0, 'unchanged': 1}})
        self.install(component('CP-1', vendor='Example', product='Gate 7', version='2.5'))
        self.assertEqual(self.findings(), [('CVE-2024-1', 'CP-1', 'probable')])

    def page(self, *args):
        return json.loads(self.run_zw('--json', 'match', '--queue', *args).stdout)

    def test_what_a_person_has_to_look_at(self):
        self.assertEqual(self.page()['rows'], [])
        other = {'product': 'Gate 9'}
        for record in (cve('CVE-2024-1', stretch('0', lessThan='2.0')), cve('CVE-2024-2', stretch('0'), **other),
                       cve('CVE-2024-3', stretch('0'), **other), cve('CVE-2024-4', stretch('0'), vendor='Another')):
            self.feed(record)
        self.feed(nvd('CVE-2024-3', [[match('cpe:2.3:a:example:gate_9:*:*:*:*:*:*:*:*')]]))
        self.install(component('CP-1', vendor='Example', product='Gate 7', version='1.5'))
        # the first has its finding, the third a CPE name, the fourth another vendor
        self.assertEqual([(row['vulnerability'], row['vendor'], row['product'], row['components']) for row in self.page()['rows']],
                         [('CVE-2024-2', 'Example AG', 'Gate 9', ['CP-1'])])
        self.assertIn('Gate 9', self.run_zw('match', '--queue').stdout)

    def test_queue_in_pages(self):
        for n in range(1, 6):
            self.feed(cve(f'CVE-2024-{n}', stretch('0'), product='Gate 9'))
        self.install(component('CP-1', vendor='Example', product='Gate 7', version='1.5'))
        seen, after = [], ''
        while after is not None:
            page = self.page('--limit', '2', '--after', after)
            self.assertEqual(page['count'], 5)
            self.assertEqual(page['feeds']['state'], 'unknown')  # what was read once is older than its limit
            seen += [row['vulnerability'] for row in page['rows']]
            after = page['next']
        self.assertEqual(seen, [f'CVE-2024-{n}' for n in range(1, 6)])
        done = self.run_zw('match', '--queue', '--limit', '2')
        self.assertIn('2 of 5', done.stdout)
        self.assertEqual(done.returncode, 1)
        for limit in ('-1', '10001'):
            self.zw('match', '--queue', '--limit', limit, code=2 if limit == '-1' else 3)

    def test_all_or_nothing(self):
        good, bad = self.write('a.json', cve('CVE-2024-1')), self.write('b.json', {'catalogVersion': '1', 'vulnerabilities': [{}]})
        done = self.run_zw('--json', 'feed', 'import', good, bad)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(json.loads(done.stdout)['refused'][0]['where'], 'b.json: /vulnerabilities/0/cveID')
        self.assertEqual(self.status('cve')['records'], 0)
        self.assertIn('holds no record', self.zw('feed', 'import', good, self.write('c.xml', '<testsuites/>'), code=3))
        self.assertEqual(self.status('cve')['records'], 0)
        self.zw('feed', 'import', '--partial', good, bad)
        self.assertEqual(self.status('cve')['records'], 1)

    def test_archives_and_folders(self):
        path = os.path.join(self.folder.name, 'cves.zip')
        with zipfile.ZipFile(path, 'w') as file:
            for i in range(1, 4):
                file.writestr(f'cves/2024/0xxx/CVE-2024-000{i}.json', json.dumps(cve(f'CVE-2024-000{i}')))
            file.writestr('cves/delta.json', '{}')
        self.assertEqual(self.json('feed', 'import', path)['sources']['cve']['added'], 3)
        folder = os.path.join(self.folder.name, 'tree', 'deep')
        os.makedirs(folder)
        for i in (4, 5):
            self.write(f'tree/deep/CVE-2024-000{i}.json', cve(f'CVE-2024-000{i}'))
        self.assertEqual(self.json('feed', 'import', os.path.dirname(folder))['sources']['cve']['added'], 2)

    def test_folder_of_a_provider(self):
        """Lists, signatures and hashes that lie beside records are none, and what is not as its hash says is refused."""
        folder = os.path.join(self.folder.name, 'white')
        os.makedirs(folder)
        path = self.write('white/CVE-2024-0001.json', cve('CVE-2024-0001'))
        with open(path, 'rb') as file:
            digest = hashlib.sha512(file.read()).hexdigest()
        self.write('white/CVE-2024-0001.json.asc', 'a signature')
        self.write('white/index.txt', 'CVE-2024-0001.json\n')
        self.write('white/changes.csv', '"CVE-2024-0001.json","2024-01-01T00:00:00Z"\n')
        self.write('white/provider-metadata.json', '{}')
        for wrong in (digest[:-1] + ('0' if digest[-1] != '0' else '1'), digest + '0', digest[:64], ''):
            self.write('white/CVE-2024-0001.json.sha512', f'{wrong}  CVE-2024-0001.json\n')
            self.assertIn('it is not what', self.zw('feed', 'import', folder, code=3))
        self.assertEqual(self.status('cve')['records'], 0)
        self.write('white/CVE-2024-0001.json.sha512', f'{digest}  CVE-2024-0001.json\n')
        self.assertEqual(self.json('feed', 'import', folder)['sources']['cve']['added'], 1)
        self.write('white/lonely.json.asc', 'of nothing')
        self.assertIn('lonely.json.asc', self.zw('feed', 'import', folder, code=3))

    def test_a_backup_says_that_it_leaves_feeds_out(self):
        first, second = (os.path.join(self.folder.name, name) for name in ('a.tar', 'b.tar'))
        self.assertNotIn('feeds', self.zw('backup', first))
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.assertIn('without the vulnerability feeds', self.zw('backup', second))

    def test_a_feed_is_no_import(self):
        self.assertIn('feed import', self.zw('import', self.write('a.json', cve('CVE-2024-1', stretch('0', lessThan='2.0'))), code=3))

    def test_versions_of_cve_records(self):
        self.install(*(component(f'CP-{i}', vendor='Example AG', product='Gate 7', version=v) for i, v in enumerate(['1.0', '2.0', '2.4'], 1)))
        self.feed(cve('CVE-2024-1', stretch('2.0', lessThan='2.4')))
        self.feed(cve('CVE-2024-2', stretch('*', lessThanOrEqual='2.0')))
        self.feed(cve('CVE-2024-3', {'version': '2.4', 'status': 'affected'}))
        self.feed(cve('CVE-2024-4', stretch('0', lessThan='*', changes=[{'at': '2.0', 'status': 'unaffected'}])))
        self.feed(cve('CVE-2024-5', stretch('0', lessThan='9.9'), product='Gate 8'))
        self.feed(cve('CVE-2024-6', stretch('0', lessThan='9.9'), state='REJECTED'))
        self.feed(cve('CVE-2024-7', {'version': 'n/a', 'status': 'affected'}))
        found = self.findings()
        self.assertEqual([(v, on) for v, on, confidence in found if confidence == 'probable'], [
            ('CVE-2024-1', 'CP-2'), ('CVE-2024-2', 'CP-1'), ('CVE-2024-2', 'CP-2'), ('CVE-2024-3', 'CP-3'), ('CVE-2024-4', 'CP-1')])
        self.assertEqual([(v, on) for v, on, confidence in found if confidence == 'possible'], [('CVE-2024-7', f'CP-{i}') for i in (1, 2, 3)])

    def test_firmware_on_hardware(self):
        bounds = {'versionStartIncluding': '1.0', 'versionEndExcluding': '2.0'}
        self.feed(nvd('CVE-2024-1', [[match(FIRMWARE, **bounds)], [match(HARDWARE, False)]], 'AND'))
        self.install(component('CP-1', vendor='Example', product='Gate 7 firmware', version='1.5', cpe=FIRMWARE.replace('firmware:*', 'firmware:1.5')),
                     component('CP-2', vendor='Example', product='Gate 7 firmware', version='2.0', cpe=FIRMWARE.replace('firmware:*', 'firmware:2.0')))
        self.assertEqual(self.findings(), [('CVE-2024-1', 'CP-1', 'possible')])
        self.assertIn('not known to be there', self.json('findings')[0]['reason'])

    def test_exploited_and_every_source_kept(self):
        self.install(component('CP-1', vendor='Example AG', product='Gate 7', version='1.0'))
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.feed(nvd('CVE-2024-1', [[match('cpe:2.3:a:example:gate_7:*:*:*:*:*:*:*:*', versionEndExcluding='2.0')]]))
        self.feed({'catalogVersion': '1', 'count': 1, 'vulnerabilities': [{'cveID': 'CVE-2024-1', 'dateAdded': '2024-01-02'}]})
        self.assertEqual(len(self.findings()), 1)
        finding = self.json('findings')[0]
        self.assertEqual(finding['sources'], ['cve:CVE-2024-1', 'nvd:CVE-2024-1'])
        self.assertTrue(finding['kev'])
        self.assertEqual(finding['severity'], 'critical')
        self.assertGreater(len(finding['refs']), 0)
        self.assertEqual(self.run_zw('match').stdout.strip(), 'nothing to change')

    def test_a_word_that_is_taken_back(self):
        self.install(component('CP-1', vendor='Example AG', product='Gate 7', version='1.0'))
        self.feed(cve('CVE-2024-1', stretch('0', lessThan='2.0')))
        self.assertEqual(len(self.findings()), 1)
        self.feed(cve('CVE-2024-1', modified='2024-01-05T00:00:00Z', state='REJECTED'))
        self.findings()
        self.assertIn('no advisory that is kept says so any longer', self.json('findings')[0]['reason'])

    @unittest.skipUnless(os.path.isdir(CORPUS), 'the corpus is absent')
    def test_real_files(self):
        done = self.json('feed', 'import', *(os.path.join(CORPUS, name) for name in (
            'nvd-cve-api-2.0', 'cve-record-v5', 'openvex', 'cisa-kev', 'epss')))['sources']
        self.assertEqual({name: counts['added'] for name, counts in done.items()}, {'nvd': 16, 'cve': 14, 'openvex': 10, 'kev': 1404, 'epss': 7})
        again = self.json('feed', 'import', os.path.join(CORPUS, 'cisa-kev'))['sources']
        self.assertEqual(again, {'kev': {'added': 0, 'updated': 0, 'unchanged': 1404}})


tap.main()
