#!/usr/bin/env python3
"""Programmes of 62443-2-1, 2-4 and 4-1, and the work of a product team, by the command line."""
import json
import os

import plant
import tap

CVSS = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'


class Case(plant.Plant):
    def prepare(self):
        super().prepare()
        self.zw('import', self.lines({'op': 'setting', 'name': 'separation_of_duties', 'value': False}))

    def approve(self, *keys, message='it holds'):
        for key in keys:
            self.zw('move', key, 'in_review')
            self.zw('move', key, 'approved', '-m', message)

    def at(self, *args, instant='2026-03-01', code=0):
        return self.zw('--instant', instant, *args, code=code)

    def answer(self, *args, instant='2026-03-01'):
        return json.loads(self.at('--json', *args, instant=instant))


class Programmes(Case):
    def record(self, standard, ref, *args):
        return next(record for record in self.answer('assessment', standard, *args)['records'] if record['ref'] == ref)

    def test_start_and_stand(self):
        """An hour of work on DM-1 of one product, step by step."""
        self.zw('add', 'component', 'title=PLC')
        self.assertIn('nothing was changed', self.zw('assessment', 'start', '62443-4-1', '--organisation', 'Acme', '--dry-run'))
        self.assertIn('47 requirements', self.zw('assessment', 'start', '62443-4-1', '--organisation', 'Acme', '--subject', 'CP-1', '--target', '3'))
        self.assertIn(' 0 requirements', self.zw('assessment', 'start', '62443-4-1', '--organisation', 'Acme', '--subject', 'CP-1'))
        key = self.record('62443-4-1', 'DM-1')['requirement']
        self.assertEqual(self.json('show', key)['attrs'], {'ref': '62443-4-1 DM-1', 'level': 'organisation', 'discipline': 'security', 'responsible': 'supplier',
                                                           'organisation': 'Acme', 'maturity_target': 3})
        self.zw('add', 'claim', 'title=We do', 'statement=met', 'maturity=3', 'maturity_verified=3', 'assessor=A. Lind', 'assessed=2026-02-01')
        self.zw('add', 'document', 'title=How to report', 'revision=2')
        self.zw('add', 'evidence', 'title=Mailbox of 2025', 'nature=log', 'valid_until=2026-06-30')
        for link in (('CL-1', 'answers', key), ('DO-1', 'evidences', key), ('EV-1', 'evidences', 'CL-1')):
            self.zw('link', *link)
        record = self.record('62443-4-1', 'DM-1')
        self.assertEqual([gap['gap'] for gap in record['gaps']], ['procedure_not_approved', 'record_not_current', 'claim_not_approved', 'below_target'])
        self.approve('CL-1', 'DO-1', 'EV-1')
        record = self.record('62443-4-1', 'DM-1', '--organisation', 'Acme', '--subject', 'CP-1')
        self.assertEqual((record['state'], record['claimed'], record['supported'], record['verified'], record['gaps']), ('met', 3, 3, 3, []))
        self.assertEqual((record['subjects'], record['assessor'], record['assessed']), (['CP-1'], 'A. Lind', '2026-02-01'))
        self.assertEqual([(one['key'], one['state']) for one in record['procedures'] + record['records']], [('DO-1', 'current'), ('EV-1', 'current')])
        later = self.answer('assessment', '62443-4-1', instant='2026-07-01')
        record = next(record for record in later['records'] if record['ref'] == 'DM-1')
        self.assertEqual((record['supported'], record['verified'], [gap['gap'] for gap in record['gaps']]), (2, 2, ['record_not_current', 'below_target']))
        practice = next(group for group in later['groups'] if group['group'].startswith('Practice 6'))
        self.assertEqual((practice['not_assessed'], practice['gaps'], practice['verified']), (5, 1, None))
        self.assertEqual([held['ref'] for held in practice['held_by']], ['DM-2', 'DM-3', 'DM-4', 'DM-5', 'DM-6'])
        listed = {programme['standard']: programme for programme in self.answer('assessment')}
        self.assertEqual((listed['62443-4-1']['organisation'], listed['62443-4-1']['met'], listed['62443-2-4']['no_requirement']), ('Acme', 1, 123))

    def test_editions(self):
        """What a clause of 2010 maps to is shown with its state, and nothing counts by it."""
        self.zw('assessment', 'start', '62443-2-1:2010', '--organisation', 'Works')
        record = self.record('62443-2-1', 'EVENT 1.9')
        self.assertEqual((record['state'], record['requirement']), ('no_requirement', None))
        self.assertEqual([(one['ref'], one['state']) for one in record['mapped']], [('2010:4.2.3.7', 'not_assessed'), ('2010:4.2.3.14', 'not_assessed')])
        back = self.record('62443-2-1:2010', '2010:4.2.3.7')
        self.assertEqual({one['ref'] for one in back['mapped']}, {'EVENT 1.9', 'ORG 2.2'})
        whole = self.answer('assessment', '62443-2-1:2010')['total']
        self.assertEqual((whole['not_assessed'], whole['no_requirement']), (32, 0))

    def test_report(self):
        path = os.path.join(self.folder.name, 'programme.json')
        self.zw('assessment', 'start', '62443-2-4', '--organisation', 'Nordlab')
        self.at('report', 'programme', '-o', path)
        with open(path, encoding='utf-8') as file:
            tables = {table['id']: table['rows'] for section in json.load(file)['sections'] for table in section['tables']}
        self.assertEqual({row['standard'] for row in tables['assessed']}, {'62443-2-4'})
        self.assertEqual((len(tables['assessed']), tables['rolled-up'][-1]['not_assessed']), (123, 123))

    def test_design(self):
        """SR-3 and SR-4: requirement, design and test of a product."""
        path = os.path.join(self.folder.name, 'process.json')
        self.zw('import', self.lines(
            {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'PLC'}, *({'op': 'item', 'key': f'RQ-{n}', 'kind': 'requirement', 'title': f'R{n}'} for n in (1, 2, 3)),
            {'op': 'item', 'key': 'RQ-4', 'kind': 'requirement', 'title': 'SM-1', 'attrs': {'ref': '62443-4-1 SM-1'}},
            {'op': 'item', 'key': 'CL-1', 'kind': 'claim', 'title': 'So'}, {'op': 'item', 'key': 'DO-1', 'kind': 'document', 'title': 'Design'}, {'op': 'item', 'key': 'TC-1', 'kind': 'test_case', 'title': 'T'},
            *({'op': 'link', 'from': f'RQ-{n}', 'type': 'allocated_to', 'to': 'CP-1'} for n in (1, 2, 3, 4)), {'op': 'link', 'from': 'CL-1', 'type': 'answers', 'to': 'RQ-1'},
            {'op': 'link', 'from': 'CL-1', 'type': 'rests_on', 'to': 'DO-1'}, {'op': 'link', 'from': 'CL-1', 'type': 'rests_on', 'to': 'CP-1'}, {'op': 'link', 'from': 'TC-1', 'type': 'verifies', 'to': 'CL-1'},
            {'op': 'link', 'from': 'DO-1', 'type': 'evidences', 'to': 'RQ-2'}))
        self.at('report', 'process', '-o', path)
        with open(path, encoding='utf-8') as file:
            rows = {table['id']: table['rows'] for section in json.load(file)['sections'] for table in section['tables']}['design']
        self.assertEqual([(row['requirement']['key'], row['state']) for row in rows], [('RQ-1', 'not_run'), ('RQ-2', 'no_test'), ('RQ-3', 'no_design')])
        self.assertEqual([[item['key'] for item in rows[0][field]] for field in ('design', 'tests')], [['DO-1'], ['TC-1']])

    def test_refused(self):
        self.zw('add', 'requirement', 'title=x')
        for args, code, words in ((('62443-3-3',), 2, 'a programme is of'), (('62443-4-1', '--subject', 'RQ-1'), 2, 'no product, system or place'),
                                  (('62443-4-1', '--subject', 'CP-9'), 2, 'CP-9'), (('start', '62443-4-1'), 2, 'whose programme'),
                                  (('start', '62443-4-1', '--organisation', 'A', '--target', '5'), 2, '1 to 4'), (('x', 'y'), 2, 'not understood')):
            self.assertIn(words, self.zw('assessment', *args, code=code))
        self.assertIn('maturity', self.zw('add', 'claim', 'title=x', 'maturity=5', code=3))
        self.assertEqual(self.json('list', 'kind:claim'), [])


class Audits(Case):
    def audit(self):
        return self.answer('assessment', 'audits')[0]

    def test_from_sample_to_closure(self):
        self.zw('assessment', 'start', '62443-4-1', '--organisation', 'Acme', '-m', 'for the audit')
        self.assertEqual(self.json('history', self.json('list', 'kind:requirement')[0]['key'])[0]['message'], 'for the audit')
        self.zw('add', 'audit', 'title=Spring', 'criteria=62443-4-1', 'auditor=N. Berg', 'date=2026-03-01')
        self.assertFalse(self.audit()['complete'], 'nothing was looked at')
        draw = lambda seed, *more: self.answer('assessment', 'sample', 'AU-1', '--of', 'kind:requirement', '--n', '3', '--seed', str(seed), *more)
        first = draw(7, '--dry-run')
        self.assertEqual((first['population'], len(first['sample']), self.audit()['sample']), (47, 3, []))
        self.assertNotEqual(draw(8, '--dry-run')['sample'], first['sample'])
        self.assertEqual(draw(7)['sample'], first['sample'])
        audit = self.audit()
        self.assertEqual([one['key'] for one in audit['sample']], first['sample'])
        self.assertEqual((audit['population'], audit['population_size'], audit['seed'], audit['auditor']), ('kind:requirement', 47, 7, 'N. Berg'))
        for n, (key, nature) in enumerate(zip(first['sample'], ('interview', 'observation', 'interview')), 1):
            self.zw('add', 'evidence', f'title=Record {n}', f'nature={nature}')
            self.zw('link', f'EV-{n}', 'evidences', 'AU-1')
            self.assertEqual(self.audit()['looked_at'], n - 1)
            self.zw('link', f'EV-{n}', 'concerns', key)
        self.assertTrue(self.audit()['complete'])
        self.zw('add', 'nonconformity', 'title=No list of interfaces', 'clause=SD-1')
        self.zw('link', 'NC-1', 'concerns', 'AU-1')
        self.zw('link', 'NC-1', 'concerns', first['sample'][0])
        audit = self.audit()
        self.assertEqual((audit['looked_at'], audit['open'], audit['complete'], [one['nature'] for one in audit['records']]), (3, 1, False, ['interview', 'observation', 'interview']))
        for state in ('in_progress', 'done', 'closed'):
            self.zw('move', 'NC-1', state, '-m', 'corrected')
        self.assertTrue(self.audit()['complete'])
        self.assertIn('3 of 3 looked at, 0 nonconformities open, complete', self.zw('assessment', 'audits'))

    def test_triggers(self):
        """A certificate of a version, and a procedure that changed after somebody relied on it."""
        self.zw('add', 'component', 'title=PLC', 'version=2.1')
        self.zw('add', 'evidence', 'title=Certificate', 'nature=certificate', 'scope=["2.1"]', 'valid_until=2026-04-30')
        self.zw('link', 'EV-1', 'concerns', 'CP-1')
        self.zw('add', 'requirement', 'title=DM-1', 'ref=62443-4-1 DM-1')
        self.zw('add', 'claim', 'title=We do', 'statement=met', 'maturity=2', 'assessed=2026-01-01')
        self.zw('add', 'document', 'title=How', 'revision=1')
        self.zw('link', 'CL-1', 'answers', 'RQ-1')
        self.zw('link', 'DO-1', 'evidences', 'RQ-1')
        found = lambda: [(one['reason'], one['because'], one['items'], one['ends']) for one in self.answer('assessment', 'triggers')]
        self.assertEqual(found(), [('certificate_expiring', 'EV-1', ['EV-1'], '2026-04-30')])
        self.zw('set', 'CP-1', 'version=2.2')
        self.zw('set', 'DO-1', 'revision=2')
        self.assertEqual(found()[1:], [('beyond_scope', 'CP-1', ['EV-1'], None), ('procedure_changed', 'DO-1', ['CL-1'], None)])
        self.zw('confirm', 'DO-1/evidences/RQ-1', '-m', 'read')
        self.assertEqual(len(found()), 2)

    def test_refused(self):
        self.zw('add', 'audit', 'title=Spring')
        for args, words in ((('AU-1',), 'fit a filter'), (('AU-1', '--of', 'kind:zone'), '1 to 10000'), (('AU-9', '--of', 'kind:zone', '--n', '1'), 'AU-9'),
                            (('AU-1', '--of', 'kind:zone', '--n', '1', '--seed', '-1'), 'no negative'), (('AU-1', '--of', 'kind:zone', '--n', '20000'), '1 to 10000')):
            self.assertIn(words, self.zw('assessment', 'sample', *args, code=2))
        self.zw('assessment', 'sample', 'AU-1', '--of', 'kind:(', '--n', '1', code=3)
        self.zw('add', 'zone', 'title=x')
        self.assertIn('no audit', self.zw('assessment', 'sample', 'ZN-1', '--of', 'kind:zone', '--n', '1', code=2))


class Team(Case):
    def fill(self):
        self.zw('add', 'component', 'title=PLC 1.4', 'vendor=Acme', 'product=PLC 7', 'version=1.4')
        self.zw('add', 'component', 'title=PLC 2.0', 'vendor=Acme', 'product=PLC 7', 'version=2.0')
        self.zw('psirt', 'intake', 'Any password does', '--product', 'CP-1', '--product', 'CP-2', '--reporter', 'R. Hale', '--reported', '2026-01-10',
                '--vulnerability', 'CVE-2026-12345', '--cvss', CVSS, '--affected', 'vers:generic/<2.1', '--text', 'Seen by a customer', '-m', 'by mail')

    def clocks(self, **args):
        return {clock['step']: (clock['due'], clock['done'], clock['overdue']) for clock in self.answer('psirt', **args)[0]['clocks']}

    def test_clocks(self):
        self.fill()
        self.assertEqual((self.json('show', 'FD-1')['state'], self.json('history', 'FD-1')[0]['message']), ('new', 'by mail'))
        self.assertEqual(self.clocks(instant='2026-01-17T23:59:59Z')['acknowledge'], ('2026-01-17', False, False))
        self.assertEqual(self.clocks(instant='2026-01-18')['acknowledge'], ('2026-01-17', False, True))
        self.zw('triage', 'FD-1', '--state', 'acknowledged', '--reason', 'seen')
        self.zw('set', 'FD-1', 'disclosure=2026-02-20')
        self.assertEqual(self.clocks(), {'acknowledge': ('2026-01-17', True, False), 'assess': ('2026-02-09', False, True), 'remedy': ('2026-04-10', False, False),
                                         'disclose': ('2026-02-20', False, True)})
        self.zw('triage', 'FD-1', '--state', 'false_positive', '--reason', 'of another maker')
        row = self.answer('psirt')[0]
        self.assertEqual((row['next'], row['products'], row['reporter']), (None, ['CP-1', 'CP-2'], 'R. Hale'))
        self.assertTrue(all(clock['done'] for clock in row['clocks']))

    def test_clocks_of_the_project(self):
        self.fill()
        policy = self.json('incident', 'policy')
        own = {'acknowledge': {'days': 2}, 'remedy': {'months': 1}}
        weakness = [{'name': one['name'], 'title': one['title'], 'from': 'reported', **own.get(one['name'], {'days': one['days']})} for one in policy['weakness']]
        self.zw('incident', 'policy', self.lines({**policy, 'weakness': weakness}))
        self.assertEqual(self.clocks(instant='2026-02-10'), {'acknowledge': ('2026-01-12', False, True), 'assess': ('2026-02-09', False, True),
                                                             'remedy': ('2026-02-10', False, False), 'disclose': ('2026-04-10', False, False)})
        self.zw('set', 'FD-1', 'reported=9999-12-31')  # no calendar goes that far
        self.assertEqual(self.clocks()['remedy'], ('9999-12-31', False, False))

    def test_updates(self):
        self.fill()
        self.zw('add', 'change', 'title=2.1', 'delivered=2026-04-10', 'delivery=signed image on the portal')
        self.zw('link', 'CH-1', 'resolves', 'FD-1')
        answers = lambda instant: [self.answer('psirt', instant=instant)[0]['updates'][0][f'sum_{n}'] for n in range(1, 6)]
        self.assertEqual(answers('2026-04-09'), ['no', 'no', 'not_needed', 'no', 'no'])
        self.assertEqual(answers('2026-04-11'), ['no', 'no', 'not_needed', 'yes', 'yes'])
        self.zw('add', 'evidence', 'title=Qualified', 'nature=report')
        self.zw('add', 'document', 'title=Release notes', 'revision=1')
        self.zw('link', 'EV-1', 'evidences', 'CH-1')
        self.zw('link', 'DO-1', 'evidences', 'CH-1')
        self.zw('add', 'component', 'title=Rack', 'vendor=Acme', 'product=Rack', 'version=1')
        self.zw('link', 'CP-1', 'part_of', 'CP-3')
        self.zw('set', 'CH-1', 'delivered=2026-04-11')
        self.approve('EV-1', 'DO-1')
        self.assertEqual(answers('2026-04-12')[0], 'no', 'the change is another one since')
        self.zw('confirm', 'EV-1/evidences/CH-1', '-m', 'the same image')
        self.assertEqual(answers('2026-04-12'), ['yes', 'yes', 'no', 'yes', 'no'])
        self.zw('set', 'CH-1', 'dependent=Rack 1: no change')
        self.assertEqual(answers('2026-04-12')[2], 'yes')

    def test_advisory(self):
        """Out as CSAF, in again as anybody's, and valid at each revision."""
        self.fill()
        self.zw('set', 'FD-1', 'fixed_in=2.1', 'cwes=["CWE-287"]')
        self.zw('psirt', 'draft', 'Passwords', '--tracking', 'ACME-SA-2026:001', '--finding', 'FD-1', '--uri', 'https://acme.example/psirt/1.json', '--text', 'Update to 2.1.')
        self.zw('triage', 'FD-1', '--state', 'acknowledged', '--reason', 'seen')
        self.zw('triage', 'FD-1', '--state', 'in_progress', '--reason', 'inside information')
        answer = self.answer('psirt', 'advisory', 'DO-1')
        document, tracking = answer['document'], answer['document']['document']['tracking']
        self.assertEqual((answer['status'], answer['file'], answer['lost'], tracking['version']), ('draft', 'acme-sa-2026_001.json', [], '1'))
        self.assertEqual(document['document']['publisher'], {'category': 'vendor', 'name': 'Acme', 'namespace': 'https://acme.example'})
        weakness, = document['vulnerabilities']
        self.assertEqual((weakness['cve'], weakness['cwe']['id'], weakness['discovery_date']), ('CVE-2026-12345', 'CWE-287', '2026-01-10T00:00:00.000Z'))
        self.assertEqual(weakness['product_status'], {'known_affected': ['CP-1', 'CP-2', 'FD-1:affected'], 'fixed': ['FD-1:fixed']})
        self.assertEqual([(one['category'], one['details'], one['url']) for one in weakness['remediations']],
                         [('vendor_fix', 'Update to version 2.1.', 'https://acme.example/psirt/1.json')])
        self.assertEqual((weakness['scores'][0]['cvss_v3']['baseScore'], weakness['scores'][0]['products']), (9.8, ['CP-1', 'CP-2', 'FD-1:affected']))
        self.assertNotIn('inside information', json.dumps(document))
        names = {branch['name']: branch['category'] for branch in document['product_tree']['branches'][0]['branches'][0]['branches']}
        self.assertEqual(names, {'1.4': 'product_version', '2.0': 'product_version', '2.1': 'product_version', 'vers:generic/<2.1': 'product_version_range'})
        self.approve('DO-1', message='First issue')
        self.zw('move', 'DO-1', 'draft')
        self.zw('set', 'DO-1', 'revision=3', '-m', 'a slip')
        self.assertIn('6.1.21', self.zw('psirt', 'advisory', 'DO-1', code=3))
        self.zw('set', 'DO-1', 'revision=2', '-m', 'Named the fix')
        self.approve('DO-1', message='Second issue')
        path = os.path.join(self.folder.name, 'advisory.json')
        self.assertIn('ACME-SA-2026:001, final; to be published as acme-sa-2026_001.json', self.zw('psirt', 'advisory', 'DO-1', '-o', path))
        with open(path, encoding='utf-8') as file:
            text = file.read()
        tracking = json.loads(text)['document']['tracking']
        self.assertIn('"baseScore": 9.8,', text)
        self.assertEqual([(one['number'], one['summary']) for one in tracking['revision_history']], [('1', 'First issue'), ('2', 'Second issue')])
        self.assertEqual((tracking['status'], tracking['version'], tracking['initial_release_date']), ('final', '2', tracking['revision_history'][0]['date']))
        inspected = self.json('inspect', path)
        self.assertEqual((inspected['format'], inspected['problems'], inspected['figures']['vulnerabilities']), ('csaf', [], 1))
        self.assertEqual(self.answer('psirt', 'advisory', 'DO-1')['warnings'], inspected['warnings'])
        self.assertEqual({clock['step'] for clock in self.answer('psirt')[0]['clocks'] if clock['done']}, {'acknowledge', 'assess', 'disclose'})
        self.assertIn(path, self.zw('psirt', 'advisory', 'DO-1', '-o', '/nowhere/x', code=6) + path)

    def test_fixed_is_the_product_and_not_what_was_affected(self):
        self.fill()
        self.zw('set', 'FD-1', 'fixed_in=2.1')
        self.zw('set', 'CP-2', 'version=2.1')
        self.zw('triage', 'FD-1', '--state', 'fixed', '--reason', 'asks again')
        self.zw('psirt', 'draft', 'Passwords', '--tracking', 'A-1', '--finding', 'FD-1')
        weakness, = self.answer('psirt', 'advisory', 'DO-1')['document']['vulnerabilities']
        self.assertEqual(weakness['product_status'], {'known_affected': ['FD-1:affected'], 'fixed': ['CP-1', 'CP-2', 'FD-1:fixed']})
        self.assertEqual([(one['category'], one['product_ids']) for one in weakness['remediations']], [('vendor_fix', ['FD-1:affected'])])
        self.assertEqual(weakness['scores'][0]['products'], ['FD-1:affected'])

    def test_fixes_of_products_without_names(self):
        for n in (1, 2):
            self.zw('add', 'component', f'title=Gate {n}', 'version=1')
            self.zw('psirt', 'intake', 'Any password does', '--product', f'CP-{n}', '--vulnerability', 'CVE-2026-12345')
            self.zw('set', f'FD-{n}', 'fixed_in=2')
        self.zw('psirt', 'draft', 'x', '--tracking', 'A-1', '--finding', 'FD-1', '--finding', 'FD-2')
        weakness, = self.answer('psirt', 'advisory', 'DO-1')['document']['vulnerabilities']
        self.assertEqual(weakness['product_status']['fixed'], ['FD-1:fixed', 'FD-2:fixed'])

    def test_versions_of_all_products(self):
        for name in ('Gate', 'Rack'):
            self.zw('add', 'component', f'title={name} 1', 'vendor=Acme', f'product={name}', 'version=1')
        self.zw('psirt', 'intake', 'Any password does', '--product', 'CP-1', '--product', 'CP-2', '--vulnerability', 'CVE-2026-12345')
        self.zw('set', 'FD-1', 'affected=vers:generic/<2', 'fixed_in=2')
        self.zw('psirt', 'draft', 'x', '--tracking', 'A-1', '--finding', 'FD-1')
        document = self.answer('psirt', 'advisory', 'DO-1')['document']
        self.assertEqual(document['vulnerabilities'][0]['product_status'],
                         {'under_investigation': ['CP-1', 'CP-2', 'FD-1:affected', 'FD-1:affected:2'], 'fixed': ['FD-1:fixed', 'FD-1:fixed:2']})
        versions = {product['name']: [version['name'] for version in product['branches']] for product in document['product_tree']['branches'][0]['branches']}
        self.assertEqual({name: sorted(names) for name, names in versions.items()},
                         {'Gate': ['1', '2', 'vers:generic/<2'], 'Rack': ['1', '2', 'vers:generic/<2']})

    def test_what_csaf_cannot_say(self):
        self.fill()
        self.zw('set', 'FD-1', 'cvss=CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 'vulnerability=')
        self.zw('psirt', 'draft', 'x', '--tracking', 'A-1', '--finding', 'FD-1')
        answer = self.answer('psirt', 'advisory', 'DO-1')
        self.assertEqual([row['where'] for row in answer['lost']], ['FD-1'])
        self.assertIn('CVSS 4.0', answer['lost'][0]['what'])
        self.assertEqual(answer['document']['vulnerabilities'][0]['ids'][0]['text'], 'FD-1')
        self.assertEqual(answer['document']['document']['publisher']['namespace'], 'urn:zonewright:MAIN')

    def test_refused(self):
        self.fill()
        self.zw('psirt', 'draft', 'x', '--tracking', 'A-1', '--finding', 'FD-1')
        for args, code, words in ((('intake', 'x'), 2, 'at least one component'), (('intake', 'x', '--product', 'FD-1'), 2, 'no component FD-1'),
                                  (('intake', '', '--product', 'CP-1'), 2, 'title has to be said'), (('intake', 'x', '--product', 'CP-1', '--reported', '2026-13-01'), 3, 'reported'),
                                  (('draft', 'x', '--tracking', 'A-1', '--finding', 'FD-1'), 4, 'DO-1'), (('draft', 'x', '--finding', 'FD-1'), 2, 'tracking has to be said'),
                                  (('draft', 'x', '--tracking', 'A-2'), 2, 'at least one finding'),
                                  (('draft', 'x', '--tracking', 'A-2', '--finding', 'FD-1', '--uri', 'our web site'), 3, 'is no address'), (('advisory', 'CP-1'), 2, 'no advisory'), (('advisory', 'DO-9'), 2, 'DO-9'),
                                  (('what',), 2, 'not understood')):
            self.assertIn(words, self.zw('psirt', *args, code=code))
        self.zw('set', 'DO-1', 'uri=acme.example/sa 1')
        self.assertIn('is no address', self.zw('psirt', 'advisory', 'DO-1', code=3))
        self.zw('set', 'DO-1', 'uri=')
        self.zw('retire', 'FD-1')
        self.assertIn('nothing to say', self.zw('psirt', 'advisory', 'DO-1', code=4))
        self.assertEqual(self.answer('psirt'), [])


tap.main()
