#!/usr/bin/env python3
"""Advisories in a project: findings of the right confidence, none on fixed versions, and matching again at every import."""
import json
import os
import unittest

import plant
import tap

CORPUS = os.path.join(os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent'), 'corpus', 'csaf-advisories')


def component(key, **attrs):
    return {'op': 'item', 'key': key, 'kind': 'component', 'title': key, 'attrs': attrs}


def asset(key, of, **attrs):
    return [{'op': 'item', 'key': key, 'kind': 'asset', 'title': key, 'attrs': attrs},
            {'op': 'link', 'from': key, 'type': 'instance_of', 'to': of}]


def product(number, version=None, span=None, name='Gate 7'):
    kind = {'category': 'product_version', 'name': version} if version else {'category': 'product_version_range', 'name': span}
    return {'category': 'product_name', 'name': name,
            'branches': [{**kind, 'product': {'product_id': number, 'name': f'{name} {version or span}'}}]}


def advisory(number, products, publisher='CERT', role='coordinator', released='2024-01-01', revision='1', **status):
    """One vulnerability, CVE-2024-1, on products of Example AG."""
    history = [{'date': f'2023-12-{i + 1:02}T00:00:00Z', 'number': str(i + 1), 'summary': 's'} for i in range(int(revision))]
    return {'document': {
        'category': 'csaf_base', 'csaf_version': '2.0', 'title': f'Advisory {number}',
        'publisher': {'category': role, 'name': publisher, 'namespace': f'https://{publisher.split()[0].lower()}.example'},
        'references': [{'category': 'self', 'summary': 's', 'url': f'https://cert.example/{number}.json'}],
        'tracking': {'id': number, 'status': 'final', 'version': revision, 'revision_history': history,
                     'current_release_date': f'{released}T00:00:00Z', 'initial_release_date': '2023-12-01T00:00:00Z'}},
        'product_tree': {'branches': [{'category': 'vendor', 'name': 'Example AG', 'branches': products}]},
        'vulnerabilities': [{'cve': 'CVE-2024-1', 'title': 'A hole', 'product_status': status,
                             'cwe': {'id': 'CWE-787', 'name': 'Out-of-bounds Write'},
                             'scores': [{'products': ['P'], 'cvss_v3': {
                                 'version': '3.1', 'vectorString': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
                                 'baseScore': 9.8, 'baseSeverity': 'CRITICAL'}}],
                             'remediations': [{'category': 'vendor_fix', 'details': 'update', 'product_ids': ['P']}]}]}


class Advisories(plant.Plant):
    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def ops(self, *ops):
        return self.write('ops.ndjson', ''.join(json.dumps(op) + '\n' for op in ops))

    def file(self, number, *args, **named):
        return self.write(f'{number}.json', json.dumps(advisory(number, *args, **named)))

    def imported(self, *args, code=0):
        done = self.run_zw('--json', 'import', *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def concerned(self, kinds=('component', 'asset')):
        """What findings concern → their keys."""
        found = {}
        for kind in kinds:
            for item in self.json('list', f'kind:{kind}'):
                keys = [x['from'] for x in self.json('show', item['key'])['links'] if x['type'] == 'concerns']
                found.update({item['key']: keys} if keys else {})
        return found

    def findings(self):
        """What they concern → the finding, where there is one at most."""
        items = {item['key']: item for item in self.json('list', 'kind:finding')}
        self.assertTrue(all(len(keys) == 1 for keys in self.concerned().values()))
        return {on: items[keys[0]] for on, keys in self.concerned().items()}

    def confidences(self):
        return {on: finding['attrs']['confidence'] for on, finding in self.findings().items()}

    def unchanged(self, *files):
        again = self.imported(*files)
        self.assertEqual((again['created'], again['updated'], again['commit']), ({}, {}, None))


class Kept(Advisories):
    def test_an_advisory_is_a_document_and_makes_no_component(self):
        path = self.file('EX-1', [product('P', span='<2.0')], known_affected=['P'])
        first = self.imported(path)
        self.assertEqual((first['format'], first['created'], first['attached']), ('csaf', {'document': 1}, {'document': 2}))
        document = self.json('show', 'DO-1')
        self.assertEqual((document['title'], document['attrs']), ('Advisory EX-1', {'revision': '1', 'uri': 'https://cert.example/EX-1.json'}))
        self.assertEqual([i['kind'] for i in self.json('list')], ['document'])
        self.unchanged(path)

    def test_it_is_matched_to_what_comes_later(self):
        self.imported(self.file('EX-1', [product('P', span='<2.0')], known_affected=['P']))
        later = self.imported(self.ops(component('CP-1', vendor='Example', product='Gate 7', version='1.9'),
                                       component('CP-2', vendor='Example', product='Gate 7', version='2.0')))
        self.assertEqual(later['created'], {'component': 2, 'finding': 1})
        finding = self.findings()['CP-1']
        self.assertEqual((finding['state'], finding['title']), ('new', 'CVE-2024-1: A hole'))
        self.assertRegex(finding['attrs'].pop('assertion'), '^[0-9a-f]{64}$')
        self.assertRegex(finding['attrs'].pop('found'), r'^\d{4}-\d\d-\d\d$')
        self.assertEqual(finding['attrs'], {
            'vulnerability': 'CVE-2024-1', 'confidence': 'probable', 'severity': 'critical', 'score': '9.8',
            'cvss': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'cwes': ['CWE-787'], 'remediation': 'vendor_fix: update', 'fix': 'available',
            'proposed': ['62443-3-3 SR 3.2', '62443-3-3 SR 3.5', '62443-3-3 SR 7.1'], 'sources': ['csaf:EX-1'],
            'reason': 'csaf:EX-1: name Gate 7 of Example; version 1.9 is within "<2.0"'})
        self.unchanged(self.ops(component('CP-1', vendor='Example', product='Gate 7', version='1.9')))

    def test_a_new_revision_takes_the_place_of_the_old(self):
        self.imported(self.ops(component('CP-1', vendor='Example', product='Gate 7', version='1.9')))
        self.imported(self.file('EX-1', [product('P', span='<2.0')], known_affected=['P']))
        self.imported(self.file('EX-1', [product('P', span='<1.5')], revision='2', known_affected=['P']))
        self.assertEqual(self.json('show', 'DO-1')['attrs']['revision'], '2')
        finding = self.findings()['CP-1']
        self.assertEqual(finding['state'], 'new')
        self.assertEqual(finding['attrs'].get('sources', []), [])
        self.assertIn('no advisory that is kept says so any longer', finding['attrs']['reason'])
        self.unchanged(self.file('EX-1', [product('P', span='<1.5')], revision='2', known_affected=['P']))
        again = self.imported(self.file('EX-1', [product('P', span='<3')], revision='3', known_affected=['P']))
        self.assertEqual(again['updated'], {'document': 1, 'finding': 1})
        self.assertEqual(self.findings()['CP-1']['attrs']['sources'], ['csaf:EX-1'])

    def test_a_retired_advisory_is_not_matched(self):
        self.imported(self.file('EX-1', [product('P', span='<2.0')], known_affected=['P']))
        self.zw('retire', 'DO-1')
        later = self.imported(self.ops(component('CP-1', vendor='Example', product='Gate 7', version='1.9')))
        self.assertEqual(later['created'], {'component': 1})

    def test_dry_run_and_refusal_keep_nothing(self):
        good = self.file('EX-1', [product('P', span='<2.0')], known_affected=['P'])
        bad = self.write('bad.json', json.dumps({**advisory('EX-2', []), 'vulnerabilities': {}}))
        self.imported('--dry-run', good)
        self.assertEqual(self.imported(good, bad, code=3)['commit'], None)
        self.assertEqual(self.json('list'), [])


class Words(Advisories):
    def prepare(self):
        super().prepare()
        self.imported(self.ops(component('CP-1', vendor='Example', product='Gate 7', version='1.9'),
                               component('CP-2', vendor='Example', product='Gate 7', version='1.8')))

    def test_the_supplier_outranks_others(self):
        cert = self.file('CERT-1', [product('P', span='<2.0')], known_affected=['P'])
        vex = self.file('EX-2', [product('P', '1.9')], publisher='Example PSIRT', role='vendor', released='2024-02-01',
                        known_not_affected=['P'])
        self.imported(cert, vex)
        self.assertEqual(self.confidences(), {'CP-2': 'probable'})
        self.unchanged(cert, vex)

    def test_a_later_word_is_told_and_closes_nothing(self):
        self.imported(self.file('CERT-1', [product('P', span='<2.0')], known_affected=['P']))
        key = self.findings()['CP-1']['key']
        vex = self.file('EX-2', [product('P', '1.9')], publisher='Example PSIRT', role='vendor', released='2024-02-01', fixed=['P'])
        self.imported(vex)
        finding = self.findings()['CP-1']
        self.assertEqual((finding['key'], finding['state'], finding['attrs']['sources']), (key, 'new', ['csaf:CERT-1', 'csaf:EX-2']))
        self.assertIn('csaf:EX-2 (supplier): fixed (name Gate 7', finding['attrs']['reason'])
        self.assertEqual(finding['attrs']['confidence'], 'probable')
        self.unchanged(vex)

    def test_what_people_did_stays(self):
        cert = self.file('CERT-1', [product('P', span='<2.0')], known_affected=['P'])
        self.imported(cert)
        key = self.findings()['CP-1']['key']
        self.zw('set', key, 'severity=low')
        self.zw('move', key, 'acknowledged')
        self.unchanged(cert)
        more = self.imported(self.file('CERT-2', [product('P', '1.9')], known_affected=['P']))
        self.assertEqual(more['created'], {'document': 1})
        finding = self.findings()['CP-1']
        self.assertEqual((finding['state'], finding['attrs']['severity'], finding['attrs']['sources']),
                         ('acknowledged', 'low', ['csaf:CERT-1', 'csaf:CERT-2']))

    def test_a_retired_finding_stays_away(self):
        cert = self.file('CERT-1', [product('P', span='<2.0')], known_affected=['P'])
        self.imported(cert)
        key = self.findings()['CP-1']['key']
        self.zw('retire', key)
        self.unchanged(cert)
        self.assertEqual(self.json('show', key)['state'], 'retired')

    def test_a_finding_of_people_gets_the_source(self):
        self.imported(self.ops({'op': 'item', 'key': 'FD-9', 'kind': 'finding', 'title': 'by hand',
                                'attrs': {'vulnerability': 'CVE-2024-1', 'severity': 'low', 'sources': ['audit'], 'reason': 'seen'}},
                               {'op': 'link', 'from': 'FD-9', 'type': 'concerns', 'to': 'CP-1'}))
        cert = self.file('CERT-1', [product('P', span='<2.0')], known_affected=['P'])
        self.imported(cert)
        finding = self.findings()['CP-1']
        self.assertEqual((finding['key'], finding['title'], finding['attrs']['severity']), ('FD-9', 'by hand', 'low'))
        self.assertEqual(finding['attrs']['sources'], ['audit', 'csaf:CERT-1'])
        self.assertTrue(finding['attrs']['reason'].endswith('\nseen'))
        self.unchanged(cert)

    def test_investigation_and_doubt_are_for_people(self):
        self.imported(self.file('CERT-1', [product('P', span='< the summer release 2')], known_affected=['P']))
        self.assertEqual(self.confidences(), {'CP-1': 'possible', 'CP-2': 'possible'})
        self.assertIn('cannot be decided', self.findings()['CP-1']['attrs']['reason'])


class Installed(Advisories):
    def test_the_version_on_the_device_counts(self):
        self.imported(self.ops(component('CP-1', vendor='Example', product='Gate 7', version='1.9'), *asset('AS-1', 'CP-1'),
                               *asset('AS-2', 'CP-1', installed_version='2.1'), *asset('AS-3', 'CP-1', installed_version='1.0'),
                               component('CP-2', vendor='Example', product='Gate 7'), *asset('AS-4', 'CP-2', installed_version='1.2')))
        self.imported(self.file('EX-1', [product('P', span='<2.0')], known_affected=['P']))
        self.assertEqual(self.confidences(), {'CP-1': 'probable', 'AS-3': 'probable', 'AS-4': 'probable'})

    def test_serial_number(self):
        self.imported(self.ops(component('CP-1', vendor='Example', product='Gate 7', version='1.9'), *asset('AS-1', 'CP-1', serial='S-17'),
                               *asset('AS-2', 'CP-1', serial='S-18')))
        made = advisory('EX-1', [product('P', span='<2.0', name='Other name')], known_affected=['P'])
        leaf = made['product_tree']['branches'][0]['branches'][0]['branches'][0]['product']
        leaf['product_identification_helper'] = {'serial_numbers': ['S-1?'], 'model_numbers': ['X-1']}
        leaf['product_identification_helper']['serial_numbers'] = ['S-17']
        self.imported(self.write('a.json', json.dumps(made)))
        self.assertEqual(self.confidences(), {'AS-1': 'exact'})

    def test_firmware_on_hardware_belongs_together(self):
        made = advisory('EX-1', [product('F', '4.2', name='Gate firmware'), product('H', 'vers:all/*', name='Gate board')],
                        known_affected=['FH'])
        made['product_tree']['relationships'] = [{'category': 'installed_on', 'product_reference': 'F', 'relates_to_product_reference': 'H',
                                                  'full_product_name': {'product_id': 'FH', 'name': 'both'}}]
        made['vulnerabilities'][0].pop('remediations'), made['vulnerabilities'][0].pop('scores')
        firmware = lambda key: component(key, vendor='Example', product='Gate firmware', version='4.2')
        self.imported(self.ops(
            firmware('CP-1'), component('CP-2', vendor='Example', product='Gate board', version='A'), *asset('AS-1', 'CP-1'),
            {'op': 'link', 'from': 'AS-1', 'type': 'instance_of', 'to': 'CP-2'},
            firmware('CP-3'), *asset('AS-2', 'CP-3')))
        self.imported(self.write('a.json', json.dumps(made)))
        self.assertEqual(self.confidences(), {'CP-1': 'probable', 'CP-3': 'possible'})

    def test_a_component_without_a_key_has_its_finding_at_once(self):
        self.imported(self.file('EX-1', [product('P', span='<2.0')], known_affected=['P']))
        path = self.ops({'op': 'item', 'kind': 'component', 'title': 'Gate', 'source': {'system': 'bom', 'id': 'gate'},
                         'attrs': {'vendor': 'Example', 'product': 'Gate 7', 'version': '1.9'}})
        self.assertEqual(self.imported(path)['created'], {'component': 1, 'finding': 1})
        self.assertEqual(self.confidences(), {'CP-1': 'probable'})
        self.unchanged(path)


@unittest.skipUnless(os.path.isdir(CORPUS), f'{CORPUS} is absent')
class Real(Advisories):
    """Advisories of Siemens, Rockwell Automation, Honeywell, Baxter, ABB and Red Hat, and products they name or nearly name."""
    INVENTORY = [
        component('CP-1', vendor='Siemens AG', product='SINEC NMS', version='V1.0 SP3'),  # <V2.0_SP1
        component('CP-2', vendor='Siemens', product='SINEC NMS', version='V2.0 SP1'),  # fixed
        component('CP-3', vendor='Siemens', product='SCALANCE XCM332', part_number='6GK5 332-0GA01-2AC2', version='V2.3'),
        component('CP-4', vendor='Siemens', product='SCALANCE XCM332', part_number='6GK5 332-0GA01-2AC2', version='V2.4'),  # fixed
        component('CP-5', vendor='Siemens', product='SIMATIC ET 200SP CPU 1510SP F-1 PN', version='V3.1.5'),  # depends on the order number
        component('CP-6', vendor='Rockwell Automation', product='Stratix 5700', version='15.2(6)E0a'),
        component('CP-7', vendor='Rockwell Automation', product='Stratix 5700', version='15.2(8)E1'),  # fixed
        component('CP-8', vendor='Cisco', product='Stratix 5700', version='15.2(6)E0a'),  # another vendor
        component('CP-9', vendor='Baxter', product='ExactaMix EM2400', version='1.1'),  # 1.10 is meant
        component('CP-10', vendor='Baxter', product='ExactaMix EM2400', version='1.10'),
        component('CP-11', vendor='ABB', product='eSOMS'),  # no version
        component('CP-12', vendor='Honeywell', product='Safety Manager', version='R151'),
        component('CP-13', vendor='Honeywell', product='Safety Manager SC', version='R151'),  # another product
        component('CP-14', vendor='Gemalto', product='All HASP SRM Sentinel HASP and Sentinel LDK', version='7.5'),  # no order
        component('CP-15', product='rhc-worker-script', purl='pkg:rpm/redhat/rhc-worker-script@0.5-1.el7_9?arch=x86_64'),  # fixed
        component('CP-16', product='mediawiki', version='1.2', purl='pkg:rpm/redhat/mediawiki@1.2?arch=src'),  # of an unseen platform
    ]
    ADVISORIES = ['CSAF/icsa-24-046-15.json', 'CSAF/icsa-24-046-11.json.xz', 'trustify/ssa-054046.json', 'CSAF/icsa-21-110-02.json',
                  'CSAF/icsma-20-170-01.json', 'CSAF/icsa-20-072-01.json', 'CSAF/icsa-24-116-04.json', 'CSAF/icsa-18-032-03.json',
                  'trustify/rhsa-2023_5835.json', 'trustify/CVE-2024-34500.json']
    EXPECTED = {  # component → (confidence, vulnerabilities of its advisory)
        'CP-1': ('probable', 62), 'CP-3': ('exact', 160), 'CP-5': ('possible', 1), 'CP-6': ('probable', 7), 'CP-10': ('probable', 7),
        'CP-11': ('possible', 13), 'CP-12': ('probable', 16), 'CP-14': ('possible', 7), 'CP-16': ('possible', 1),
    }

    def found(self):
        items = {item['key']: item['attrs']['confidence'] for item in self.json('list', 'kind:finding')}
        concerned = self.concerned()
        self.assertTrue(all(len({items[key] for key in keys}) == 1 for keys in concerned.values()))
        return {on: (items[keys[0]], len(keys)) for on, keys in concerned.items()}

    def test_components_first(self):
        self.imported(self.ops(*self.INVENTORY))
        files = [os.path.join(CORPUS, name) for name in self.ADVISORIES]
        first = self.imported(*files)
        self.assertEqual(first['created'], {'document': 10, 'finding': sum(n for _, n in self.EXPECTED.values())})
        self.assertEqual(self.found(), self.EXPECTED)
        self.unchanged(*files)
        self.zw('verify')
        self.zw('check')

    def test_advisories_first(self):
        self.imported(*(os.path.join(CORPUS, name) for name in self.ADVISORIES))
        later = self.imported(self.ops(*self.INVENTORY))
        self.assertEqual(later['created']['finding'], sum(n for _, n in self.EXPECTED.values()))
        kept = self.json('list', 'kind:finding')
        self.assertEqual({f['attrs']['confidence'] for f in kept}, {'exact', 'probable', 'possible'})
        self.assertTrue(all(f['attrs']['reason'] and f['attrs']['sources'] for f in kept))

    def test_the_largest_file(self):
        path = os.path.join(CORPUS, 'trustify', 'cve-2024-2961.json.xz')
        self.imported(self.ops(component('CP-1', purl='pkg:rpm/redhat/glibc@2.17-326.el7_9.3?arch=x86_64'),
                               component('CP-2', product='Red Hat Enterprise Linux 6', vendor='Red Hat')))
        self.assertEqual(self.imported(path)['created']['document'], 1)
        self.unchanged(path)


@unittest.skipUnless(os.path.isdir(CORPUS), f'{CORPUS} is absent')
class Sample(Advisories):
    """Every advisory there is against the sample plant. The list was made from the advisories by hand: what they name, with how many
    vulnerabilities and why. The Multilin UR F60, which its advisory names by its weaknesses alone ("Web server vulnerabilities"), waits for a
    person once the advisory is in the feeds."""

    @staticmethod
    def expected():
        with open(os.path.join(os.path.dirname(__file__), '..', 'data', 'sample-advisories.tsv'), encoding='utf-8') as file:
            rows = [line.rstrip('\n').split('\t') for line in file][1:]
        return {product: (int(count), f'csaf:{advisory}', because) for product, advisory, count, because in rows}

    def test_what_is_named_and_nothing_else(self):
        self.data = os.path.join(self.folder.name, 'sample')
        self.zw('init', '--sample')
        before = {item['key']: item['state'] for item in self.json('list', 'kind:finding')}
        files = [os.path.join(folder, name) for folder, _, names in os.walk(CORPUS) for name in sorted(names)
                 if name.endswith(('.json', '.json.xz')) and 'feed' not in name]
        self.assertEqual(self.imported(*files)['created']['document'], 47)
        said = {item['key'] for item in self.json('list', 'kind:finding')
                if item['attrs'].get('reason', '').startswith('csaf:')}
        names = {item['key']: item['attrs'].get('product') for item in self.json('list', 'kind:component')}
        found = {names.get(on, on): len(said.intersection(keys)) for on, keys in self.concerned(['component']).items()}
        self.assertEqual(len(said), sum(found.values()))
        expected = self.expected()
        self.assertEqual({on: n for on, n in found.items() if n > 0}, {on: n for on, (n, _, _) in expected.items()})
        for row in self.json('findings'):
            if row['key'] in said:
                _, source, because = expected[names[row['on']]]
                self.assertIn(source, row['reason'])
                self.assertIn(because, row['reason'])
        self.zw('feed', 'import', os.path.join(CORPUS, 'CSAF', 'icsa-21-075-02.json'))
        queue = json.loads(self.run_zw('--json', 'match', '--queue').stdout)['rows']
        self.assertEqual([(row['title'], [names[key] for key in row['components']]) for row in queue],
                         [('GE UR family', ['Multilin UR F60'])])
        after = {item['key']: item['state'] for item in self.json('list', 'kind:finding')}
        self.assertEqual({key: after[key] for key in before}, before)
        self.unchanged(*files)


tap.main()
