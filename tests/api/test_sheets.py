#!/usr/bin/env python3
"""Sheets of risks, hazards and supplier statements: what they become, and what is refused with its cell and rule."""
import json
import os
import unittest

import plant
import tap

HAZOP = os.path.join(os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent'), 'corpus', 'hazop-xlsx')


def item(key, kind, **attrs):
    return {'op': 'item', 'key': key, 'kind': kind, 'title': key, 'attrs': attrs}


class Sheets(plant.Plant):
    def prepare(self):
        super().prepare()
        self.zw('import', self.lines(
            item('ZN-1', 'zone'), item('TS-1', 'threat'), item('CM-1', 'countermeasure'), item('CP-1', 'component', types=['EDR']),
            item('CP-2', 'component'), item('RQ-1', 'requirement', ref='62443-4-2 CR 1.1'),
            {'op': 'link', 'from': 'RQ-1', 'type': 'allocated_to', 'to': 'CP-1'}))

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text if isinstance(text, str) else json.dumps(text))
        return path

    def bring(self, sheet, profile, *options, code=0):
        """The answer of the import, whether it was done or refused."""
        done = self.run_zw('--json', 'import', '--profile', profile, *options, sheet)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return json.loads(done.stdout)

    def of_kind(self, kind):
        return self.json('list', f'kind:{kind}')

    def links(self, key, kind):
        return {(link['from'], link['to']) for link in self.json('show', key)['links'] if link['type'] == kind}

    def test_risk_register(self):
        sheet = self.write('register.csv', 'id,title,stage,likelihood,impact.safety,tolerable.safety,within,assesses,<mitigates,frs,Colour\n'
                           'R1,Dosing is changed,detailed,3,5,4,ZN-1,TS-1,CM-1,"1, 3",red\nR2,Nothing happens,initial,1,1,4,ZN-1,,,,\n')
        answer = self.bring(sheet, 'risk-register')
        self.assertEqual((answer['created'], answer['refused']), ({'risk': 2}, []))
        risk = next(one for one in self.of_kind('risk') if one['title'] == 'Dosing is changed')
        self.assertEqual(risk['attrs'], {'stage': 'detailed', 'likelihood': 3, 'impact': {'safety': 5}, 'tolerable': {'safety': 4},
                                         'frs': [1, 3], 'extra': {'Colour': 'red'}})
        self.assertEqual(self.links(risk['key'], 'within'), {(risk['key'], 'ZN-1')})
        self.assertEqual(self.links(risk['key'], 'mitigates'), {('CM-1', risk['key'])})
        rated = {one['title']: one['sl'] for one in self.json('risk', 'list')}
        self.assertEqual(rated['Nothing happens'], 0)
        self.assertGreater(rated['Dosing is changed'], 0)
        self.assertIsNone(self.bring(sheet, 'risk-register')['commit'], 'the same again changes nothing')

    def test_words_of_a_register(self):
        profile = self.write('own.json', {'kind': 'risk', 'columns': {'id': 'No', 'title': 'What', 'likelihood': 'L', 'decision': 'Do'},
                                          'values': {'likelihood': {'rare': 1}, 'decision': {'keep': 'accept'}}})
        good = self.write('good.csv', 'No,What,L,Do\n1,a,rare,keep\n2,b,4,Treat\n')
        self.assertEqual(self.bring(good, profile)['created'], {'risk': 2})
        self.assertEqual({one['title']: (one['attrs']['likelihood'], one['attrs']['decision']) for one in self.of_kind('risk')},
                         {'a': (1, 'accept'), 'b': (4, 'treat')})
        bad = self.write('bad.csv', 'No,What,L,Do\n3,c,11,treat\n4,d,often,treat\n5,e,2,forget\n,,,\n6,f,2,treat\n')
        answer = self.bring(bad, profile, code=3)
        self.assertEqual([(row['where'], row['reason'].split(':')[0]) for row in answer['refused']],
                         [('row 2', 'column "L"'), ('row 3', 'column "L"'), ('row 4', 'column "Do"')])
        self.assertEqual([row['where'] for row in answer['problems']], ['row 5'])
        self.assertEqual(len(self.of_kind('risk')), 2)
        self.assertEqual(self.bring(bad, profile, '--partial')['created'], {'risk': 1})
        missing = self.write('missing.csv', 'id,title,within\n7,g,ZN-9\n')
        self.assertEqual(self.bring(missing, 'risk-register', code=3)['refused'][0]['where'].split('/')[0], 'row 2')

    def test_defaults_are_of_each_row(self):
        profile = self.write('own.json', {'kind': 'risk', 'columns': {'id': 'No', 'tolerable.finance': 'T'}, 'defaults': {'tolerable': {'safety': 4}}})
        self.bring(self.write('own.csv', 'No,T\n1,6\n2,\n'), profile)
        self.assertEqual({one['title']: one['attrs']['tolerable'] for one in self.of_kind('risk')},
                         {'1': {'safety': 4, 'finance': 6}, '2': {'safety': 4}})

    def test_wrong_profiles(self):
        sheet = self.write('sheet.csv', 'id\n1\n')
        for profile, where in (({'kind': 'rsk'}, '/kind'), ({'kind': 'risk', 'columns': {'impact.sfety': 'id'}}, '/columns/impact.sfety'),
                               ({'kind': 'hazard', 'columns': {'within': 'id'}}, '/columns/within'),
                               ({'kind': 'risk', 'values': {'likelihood': 3}}, '/values')):
            path = self.write('wrong.json', profile)
            self.assertIn(where, self.zw('import', '--profile', path, sheet, code=3))

    def test_statement(self):
        profile = self.write('maker.json', {'name': 'maker', 'component': 'CP-1', 'columns': {'id': 'Row', 'statement': 'Says', 'rationale': 'Why'},
                                            'values': {'statement': {'+': 'met_by_configuration', '-': 'not_met', 'yes': 'met'}}})
        sheet = self.write('maker.csv', 'Row,Says,Why\nCR 1.1,yes,ok\n62443-4-2 CR 1.3,+,switch it on\nCR 1.5,-,no way\nEDR 3.11,Not applicable,sealed\n'
                           'CR 2.1,compensated,guarded\n')
        answer = self.bring(sheet, profile)
        self.assertEqual(answer['created'], {'claim': 5, 'requirement': 5, 'action': 1})
        claims = {one['title']: one for one in self.of_kind('claim')}
        self.assertEqual({title.split(' of ')[0]: one['attrs']['statement'] for title, one in claims.items()},
                         {'CR 1.1': 'met', 'CR 1.3': 'met_by_configuration', 'CR 1.5': 'not_met', 'EDR 3.11': 'not_applicable', 'CR 2.1': 'compensated'})
        first = claims['CR 1.1 of CP-1']['key']
        self.assertEqual(self.links(first, 'answers'), {(first, 'RQ-1')}, 'what is there is used again')
        self.assertEqual(self.links(first, 'covers'), {(first, 'CP-1')})
        action = self.of_kind('action')[0]
        self.assertIn('CR 1.5', action['title'])
        self.assertEqual(len(self.links(action['key'], 'resolves')), 1)
        configure = next(one for one in self.of_kind('requirement') if one['title'].startswith('Configure'))
        self.assertEqual(configure['attrs']['responsible'], 'integrator')
        self.assertEqual(len(self.links(configure['key'], 'derives')), 1)
        again = self.bring(sheet, profile)
        self.assertEqual((again['commit'], again['missing']), (None, {}))

    def test_refused_statements(self):
        profile = self.write('maker.json', {'component': 'CP-1'})
        sheet = self.write('maker.csv', 'id,statement\nCR 9.9,met\nSR 1.1,met\nNDR 1.6,met\nCR 1.1,perhaps\nCR 3.2,met\nCR 1.2,met\n')
        answer = self.bring(sheet, profile, code=3)
        reasons = {row['where']: row['reason'] for row in answer['refused']}
        self.assertEqual(set(reasons), {'row 2', 'row 3', 'row 4', 'row 5', 'row 6'})
        self.assertIn('no row of 62443-4-2', reasons['row 2'])
        self.assertIn('other types', reasons['row 4'])
        self.assertIn('column "statement"', reasons['row 5'])
        self.assertIn('rows of its type', reasons['row 6'])
        self.assertEqual(self.of_kind('claim'), [])
        for component, reason in (('CP-2', 'no component type'), ('CP-9', 'no component CP-9'), ('ZN-1', 'no component ZN-1')):
            path = self.write('other.json', {'component': component})
            one = self.write('one.csv', 'id,statement\nCR 1.2,met\n')
            self.assertIn(reason, self.bring(one, path, code=3)['refused'][0]['reason'])

    @unittest.skipUnless(os.path.isdir(HAZOP), 'the corpus is not here')
    def test_hazop_sheets(self):
        answer = self.bring(os.path.join(HAZOP, 'HAZOP2RDF', 'PEA-HAZOP-Dosiermodul_v07.xlsx'), 'hazop-hazop2rdf')
        self.assertEqual((answer['created'], answer['refused']), ({'hazard': 16}, []))
        self.assertEqual([row['where'] for row in answer['problems']], ['row 3'])
        hazards = self.of_kind('hazard')
        self.assertTrue(all(one['attrs']['severity'] in (1, 2, 4, 5) and one['attrs']['likelihood'] in (1, 2, 4) for one in hazards))
        self.assertTrue(all(one['attrs']['cause'] and one['attrs']['consequence'] for one in hazards))
        self.assertIn('Hochwertige Dichtungen', hazards[0]['attrs']['safeguards'])
        empty = self.bring(os.path.join(HAZOP, 'preHAZOP', 'HAZOP_template.xlsx'), 'hazop-prehazop')
        self.assertEqual(empty['created'], {})


tap.main()
