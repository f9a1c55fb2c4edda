#!/usr/bin/env python3
"""VEX: what was decided about findings, out as documents and back again."""
import json
import os
import subprocess
import tempfile

import plant
import tap

FORMATS = ('openvex', 'csaf', 'cyclonedx')
STATUS = {'new': 'under_investigation', 'acknowledged': 'under_investigation', 'in_progress': 'affected', 'mitigated': 'affected',
          'accepted': 'affected', 'fixed': 'fixed', 'not_affected': 'not_affected', 'false_positive': 'not_affected'}


class Out(plant.Plant):
    """The sample plant, made once: these only read."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = os.path.join(cls.folder.name, 'data')
        subprocess.run([plant.ZW, '--data', cls.data, 'init', '--sample'], check=True, capture_output=True, timeout=60)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.findings = self.json('list', 'kind:finding')

    def tearDown(self):
        pass

    def document(self, name, *args):
        return json.loads(self.zw('vex', name, *args))

    def test_openvex_says_each_finding(self):
        document = self.document('openvex')
        self.assertEqual(len(document['statements']), len(self.findings))
        for statement, row in zip(document['statements'], self.json('findings'), strict=True):
            with self.subTest(finding=row['key']):
                self.assertEqual(statement['vulnerability'], {'name': row['vulnerability']})
                self.assertEqual(statement['products'][0]['@id'], f'urn:zonewright:MAIN:{row["on"]}')
                self.assertIn('purl', statement['products'][0]['identifiers'])
                self.assertEqual(statement['status'], STATUS[row['state']])
                note = row['state'] + (f': {row["rationale"]}' if row['rationale'] else '')
                self.assertEqual(statement['status_notes'], note)
                self.assertEqual('action_statement' in statement, statement['status'] == 'affected')
                self.assertEqual('impact_statement' in statement, statement['status'] == 'not_affected')

    def test_csaf_says_each_finding(self):
        document = self.document('csaf')
        names = {'affected': 'known_affected', 'not_affected': 'known_not_affected'}
        said = {(one['cve'], product): status for one in document['vulnerabilities']
                for status, products in one['product_status'].items() for product in products}
        rows = self.json('findings')
        self.assertEqual(said, {(row['vulnerability'], row['on']): names.get(STATUS[row['state']], STATUS[row['state']]) for row in rows})
        vendors = {branch['name'] for branch in document['product_tree']['branches']}
        self.assertEqual(len(vendors), len(document['product_tree']['branches']))
        self.assertIn('Siemens', vendors)

    def test_cyclonedx_says_each_finding(self):
        document = self.document('cyclonedx')
        known = {component['bom-ref'] for component in document['components']}
        for one, row in zip(document['vulnerabilities'], self.json('findings'), strict=True):
            self.assertEqual((one['id'], one['affects']), (row['vulnerability'], [{'ref': f'urn:zonewright:MAIN:{row["on"]}'}]))
            self.assertIn(one['affects'][0]['ref'], known)
            self.assertEqual(one['analysis']['detail'].split(':')[0], row['state'])

    def test_the_same_commit_is_the_same_bytes(self):
        at = str(self.json('log')[0]['commit'])
        for name in FORMATS:
            self.assertEqual(self.zw('vex', name), self.zw('vex', name, '--at', at))

    def test_a_filter_chooses(self):
        answer = self.json('vex', 'openvex', '--filter', 'kind:finding state:fixed')
        self.assertEqual(answer['statements'], 1)
        self.assertEqual(answer['document']['statements'][0]['status'], 'fixed')

    def test_a_file_is_read_by_the_reader_of_its_format(self):
        path = os.path.join(self.folder.name, 'out.json')
        for name in FORMATS:
            self.zw('vex', name, '-o', path)
            told = self.json('inspect', path)
            self.assertEqual((told['format'], told['problems']), (name, []))

    def test_another_format_is_refused(self):
        self.assertIn('did you mean "openvex"', self.zw('vex', 'opnvex', code=2))


class Lost(plant.Plant):
    def test_what_cannot_be_said_is_told(self):
        self.zw('import', '--format', 'native', self.lines(
            {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'PLC', 'attrs': {'vendor': 'Acme', 'product': 'X', 'version': '1', 'purl': 'nonsense'}},
            {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'PLC of line 2', 'attrs': {'installed_version': '2'}},
            {'op': 'link', 'from': 'AS-1', 'type': 'instance_of', 'to': 'CP-1'},
            {'op': 'item', 'key': 'FD-1', 'kind': 'finding', 'title': 'On nothing', 'attrs': {'vulnerability': 'CVE-2026-0001'}},
            {'op': 'item', 'key': 'FD-2', 'kind': 'finding', 'title': 'Unnamed'}, {'op': 'link', 'from': 'FD-2', 'type': 'concerns', 'to': 'CP-1'},
            {'op': 'item', 'key': 'FD-3', 'kind': 'finding', 'title': 'Both', 'attrs': {'vulnerability': 'CVE-2026-0002'}},
            {'op': 'link', 'from': 'FD-3', 'type': 'concerns', 'to': 'CP-1'}, {'op': 'link', 'from': 'FD-3', 'type': 'concerns', 'to': 'AS-1'}))
        self.assertEqual(self.json('vex', 'csaf', '--filter', 'text:nothing')['document']['document']['category'], 'csaf_base')
        answer = self.json('vex', 'openvex')
        self.assertEqual({(row['where'], row['what']) for row in answer['lost']},
                         {('FD-1', 'the finding, which concerns nothing'), ('FD-2', 'the finding, which names no vulnerability'),
                          ('CP-1', 'its package URL, which is none')})
        products = {one['@id'][-4:]: one['identifiers'] for one in answer['document']['statements'][0]['products']}
        self.assertEqual(products, {'CP-1': {'purl': 'pkg:generic/Acme/X@1'}, 'AS-1': {'purl': 'pkg:generic/Acme/X@2'}})

    def test_csaf_speaks_once_of_a_product(self):
        self.zw('import', '--format', 'native', self.lines(
            {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'Library', 'attrs': {'product': 'X', 'version': 'all versions'}},
            *({'op': 'item', 'key': f'FD-{i}', 'kind': 'finding', 'title': 'Twice', 'attrs': {'vulnerability': 'GHSA-1'}} for i in (1, 2)),
            *({'op': 'link', 'from': f'FD-{i}', 'type': 'concerns', 'to': 'CP-1'} for i in (1, 2))))
        answer = self.json('vex', 'csaf')
        self.assertEqual([row['where'] for row in answer['lost']], ['FD-2'])
        self.assertEqual([one['ids'][0]['text'] for one in answer['document']['vulnerabilities']], ['GHSA-1'])
        self.zw('vex', 'csaf', '-o', os.path.join(self.folder.name, 'out.json'))
        self.assertEqual(self.json('inspect', os.path.join(self.folder.name, 'out.json'))['problems'], [])


tap.main()
