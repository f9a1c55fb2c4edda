#!/usr/bin/env python3
"""VEX: what was decided about findings, out as documents and back again."""
import json
import os
import random

import plant
import tap

FORMATS = ('openvex', 'csaf', 'cyclonedx')
STATUS = {'new': 'under_investigation', 'acknowledged': 'under_investigation', 'in_progress': 'affected', 'mitigated': 'affected',
          'accepted': 'affected', 'fixed': 'fixed', 'not_affected': 'not_affected', 'false_positive': 'not_affected'}


class Out(plant.Sample):
    def setUp(self):
        self.findings = self.json('list', 'kind:finding')

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
        said = {(one.get('cve') or one['ids'][0]['text'], product): status for one in document['vulnerabilities']
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
        self.assertEqual([statement['status'] for statement in answer['document']['statements']], ['fixed', 'fixed'])
        self.assertEqual(answer['statements'], 2)

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

    def test_long_documents(self):
        self.zw('import', '--format', 'native', self.lines(
            {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'Library', 'attrs': {'purl': 'pkg:generic/x@1'}},
            {'op': 'item', 'key': 'FD-1', 'kind': 'finding', 'title': 'One', 'attrs': {'vulnerability': 'CVE-2026-0001'}},
            {'op': 'link', 'from': 'FD-1', 'type': 'concerns', 'to': 'CP-1'}))
        document = self.json('vex', 'openvex')['document']
        path = os.path.join(self.folder.name, 'long.json')
        for size, code in ((7 << 20, 0), (9 << 20, 3)):
            with open(path, 'w', encoding='utf-8') as file:
                json.dump({**document, 'tooling': 'x' * size}, file)
            said = self.zw('triage', '--vex', path, '--dry-run', code=code)
        self.assertIn('8388608', said)

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


class Back(plant.Plant):
    """The way back: what was exported changes nothing where it is from, and says the same where nothing was decided yet."""

    TEXTS = ('Web server off', 'accepted: by the board', 'Größe ≠ <b>"alles"</b>\nzweite Zeile', 'component_not_present: not built in', 'inline_mitigations_already_exist', ': ', 'x' * 900)

    def ops(self, draw):
        things = [{'op': 'item', 'key': f'CP-{i}', 'kind': 'component', 'title': f'Product {i}', 'attrs': draw.choice((
            {'vendor': 'Acme', 'product': f'X {i}', 'version': '1.0', 'part_number': f'6ES7 {i}'}, {'product': f'Y{i}', 'cpe': f'cpe:2.3:o:acme:y{i}:1:*:*:*:*:*:*:*'},
            {'purl': f'pkg:npm/%40acme/z{i}@2.0.{i}'}, {}))} for i in range(1, 7)]
        things += [{'op': 'item', 'key': f'AS-{i}', 'kind': 'asset', 'title': f'Device {i}'} for i in range(1, 4)]
        links = [{'op': 'link', 'from': f'AS-{i}', 'type': 'instance_of', 'to': f'CP-{i}'} for i in range(1, 3)]
        for number, (thing, cve) in enumerate(draw.sample([(t['key'], c) for t in things for c in ('CVE-2026-0001', 'CVE-2026-0002', 'GHSA-xx', 'CVE-2026-12345')], 30), 1):
            state = draw.choice(tuple(STATUS))
            attrs = {'vulnerability': cve}
            if state in ('fixed', 'not_affected', 'false_positive') or draw.random() < 0.7:
                attrs['rationale'] = draw.choice(self.TEXTS)
            things.append({'op': 'item', 'key': f'FD-{number}', 'kind': 'finding', 'title': f'{cve} on {thing}', 'state': state, 'attrs': attrs})
            links.append({'op': 'link', 'from': f'FD-{number}', 'type': 'concerns', 'to': thing})
        return things + links

    def project(self, name, ops):
        self.zw('project', 'create', name, name)
        self.zw('--project', name, 'import', '--format', 'native', self.lines(*ops))

    def decided(self, name):
        return {row['key']: (row['state'], row['rationale']) for row in self.json('--project', name, 'findings')}

    @staticmethod
    def untouched(ops):
        return [{**op, 'state': 'new', 'attrs': {'vulnerability': op['attrs']['vulnerability']}} if op.get('kind') == 'finding' else op for op in ops]

    def test_out_and_back_is_the_same(self):
        path = os.path.join(self.folder.name, 'out.json')
        for seed, name in enumerate(FORMATS * 2):
            with self.subTest(seed=seed, format=name):
                ops = self.ops(random.Random(seed))
                self.project(f'P{seed}', ops)
                self.zw('--project', f'P{seed}', 'vex', name, '-o', path)
                answer = self.json('--project', f'P{seed}', 'triage', '--vex', path)
                self.assertEqual(answer, {'refused': 0, 'rows': [], 'unmatched': [], 'changes': None})
                self.project(f'Q{seed}', self.untouched(ops))
                self.zw('--project', f'Q{seed}', 'triage', '--vex', path)
                self.assertEqual(self.decided(f'Q{seed}'), self.decided(f'P{seed}'))
                self.assertEqual(self.json('--project', f'Q{seed}', 'triage', '--vex', path)['rows'], [])

    def one(self, *things):
        self.zw('import', '--format', 'native', self.lines(
            *({'op': 'item', 'key': key, 'kind': 'component', 'title': key, 'attrs': attrs} for key, attrs in things),
            *({'op': 'item', 'key': f'FD-{i}', 'kind': 'finding', 'title': 'Hole', 'attrs': {'vulnerability': 'CVE-2026-0001'}} for i, _ in enumerate(things, 1)),
            *({'op': 'link', 'from': f'FD-{i}', 'type': 'concerns', 'to': key} for i, (key, _) in enumerate(things, 1))))

    def hear(self, *statements, code=0, args=()):
        path = os.path.join(self.folder.name, 'theirs.json')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump({'@context': 'https://openvex.dev/ns/v0.2.0', 'statements': [
                {'vulnerability': {'name': 'CVE-2026-0001'}, 'products': [{'@id': product}], **rest} for product, rest in statements]}, file)
        done = self.run_zw('--json', 'triage', '--vex', path, *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def test_a_document_of_another(self):
        self.one(('CP-1', {'purl': 'pkg:npm/x@1'}), ('CP-2', {'purl': 'pkg:npm/x@1'}), ('CP-3', {'purl': 'pkg:npm/x@2'}))
        said = {'status': 'not_affected', 'justification': 'component_not_present', 'impact_statement': 'not built in'}
        preview = self.hear(('pkg:npm/x@1', said), ('pkg:npm/y@1', said), args=['--dry-run'])
        self.assertEqual([row['key'] for row in preview['rows']], ['FD-1', 'FD-2'])
        self.assertEqual(preview['unmatched'], [{'where': '/statements/1', 'vulnerability': 'CVE-2026-0001'}])
        self.assertEqual(self.decided('MAIN')['FD-1'][0], 'new')
        self.hear(('pkg:npm/x@1', said), ('pkg:npm/x@2', {'status': 'affected', 'action_statement': 'update'}))
        self.assertEqual(self.decided('MAIN'), {**dict.fromkeys(('FD-1', 'FD-2'), ('not_affected', 'component_not_present: not built in')), 'FD-3': ('in_progress', 'update')})
        self.assertEqual({(row['finding'], row['state']) for row in self.json('triage', 'decisions')}, {('FD-1', 'not_affected'), ('FD-2', 'not_affected'), ('FD-3', 'in_progress')})
        self.hear(('pkg:npm/x@1', {'status': 'under_investigation'}))
        self.assertEqual(self.decided('MAIN')['FD-1'][0], 'not_affected')
        self.hear(('pkg:npm/x@2', {'status': 'fixed'}))
        self.assertEqual(self.decided('MAIN')['FD-3'], ('fixed', 'A VEX document says so, without a reason.'))

    def test_what_is_refused(self):
        self.one(('CP-1', {'purl': 'pkg:npm/x@1'}))
        answer = self.hear(('pkg:npm/x@1', {'status': 'fixed'}), ('pkg:npm/x@1', {'status': 'affected'}), code=3)
        self.assertEqual((answer['refused'], answer['changes']), (1, None))
        self.assertEqual(self.decided('MAIN'), {'FD-1': ('new', None)})
        self.assertEqual(self.hear(('urn:zonewright:MAIN:CP-1', {'status': 'fixed', 'products': [{'@id': 'urn:zonewright:MAIN:CP-1', 'identifiers': {'purl': 'pkg:npm/x@9'}}]}))['rows'], [])
        self.assertIn('says itself', self.hear(code=2, args=['--state', 'fixed']))
        self.assertIn('a VEX document does', self.hear(code=2, args=['FD-1']))
        path = self.lines({'op': 'none'})
        self.assertIn('no document of OpenVEX, CSAF or CycloneDX', self.zw('triage', '--vex', path, code=3))


tap.main()
