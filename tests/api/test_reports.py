#!/usr/bin/env python3
"""Imports of threat models and test reports through the whole program: what they make, that they can be repeated, and that
results find their test cases."""
import json
import os

import plant
import tap

MODEL = '''<ThreatModel xmlns="http://schemas.datacontract.org/2004/07/ThreatModeling.Model" xmlns:a="urn:a"
 xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><DrawingSurfaceList><DrawingSurfaceModel><Borders>
{elements}</Borders><Lines>
<a:K><a:Value i:type="Connector"><GenericTypeId>GE.DF</GenericTypeId><Guid>f-1</Guid><SourceGuid>a-1</SourceGuid>
<TargetGuid>a-2</TargetGuid><TypeId>GE.DF</TypeId></a:Value></a:K></Lines></DrawingSurfaceModel></DrawingSurfaceList>
<ThreatInstances><a:T><a:Key>t-1</a:Key><a:Value><Title>Writes</Title><State>Mitigated</State><FlowGuid>f-1</FlowGuid>
<SourceGuid>a-1</SourceGuid><TargetGuid>a-2</TargetGuid></a:Value></a:T></ThreatInstances></ThreatModel>'''
ELEMENT = '''<a:K><a:Value i:type="{type}"><Guid>{guid}</Guid><Properties><a:P i:type="b:StringDisplayAttribute">
<DisplayName>Name</DisplayName><Value>{name}</Value></a:P></Properties><Left>{left}</Left><Top>0</Top><Width>{size}</Width>
<Height>{size}</Height></a:Value></a:K>\n'''


def model(name='Valve'):
    return MODEL.format(elements=''.join(
        ELEMENT.format(type=t, guid=g, name=n, left=left, size=size)
        for t, g, n, left, size in [('BorderBoundary', 'z-1', 'Office', 0, 50), ('BorderBoundary', 'z-2', 'Plant', 60, 50),
                                    ('StencilRectangle', 'a-1', 'Planner', 10, 10), ('StencilEllipse', 'a-2', name, 70, 10)]))


def report(*cases, time='timestamp="2026-03-01T10:00:00Z"'):
    return f'<testsuite name="s" {time}>' + ''.join(
        f'<testcase classname="pkg.C" name="{name}">{child}</testcase>' for name, child in cases) + '</testsuite>'


class Reports(plant.Plant):
    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def imported(self, *args, code=0):
        done = self.run_zw('--json', 'import', *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def links(self, key):
        return {(x['from'], x['type'], x['to'], x['as']) for x in self.json('show', key)['links']}


class Models(Reports):
    def test_model_becomes_zones_assets_flows_and_threats(self):
        first = self.imported(self.write('plant.tm7', model()))
        self.assertEqual(first['created'], {'zone': 2, 'asset': 2, 'flow': 1, 'conduit': 1, 'threat': 1})
        self.assertEqual(first['problems'], [])
        self.assertEqual(self.links('CD-1'), {('CD-1', 'connects', 'ZN-1', 'a'), ('CD-1', 'connects', 'ZN-2', 'b'),
                                              ('FL-1', 'connects', 'CD-1', '')})
        self.assertEqual(self.links('TS-1'), {('TS-1', 'threatens', 'AS-2', ''), ('TS-1', 'relates_to', 'FL-1', '')})
        self.assertEqual(self.json('show', 'TS-1')['state'], 'draft')
        self.assertEqual([i['key'] for i in self.json('list', 'tag:"tm7:Mitigated"')], ['TS-1'])

    def test_model_can_be_repeated_and_changed(self):
        self.imported(self.write('plant.tm7', model()))
        again = self.imported(self.write('plant.tm7', model()))
        self.assertEqual((again['created'], again['updated'], again['commit']), ({}, {}, None))
        changed = self.imported(self.write('plant.tm7', model('Pump')))
        self.assertEqual(changed['updated'], {'asset': 1, 'threat': 1})  # the vector of the threat names the asset
        self.assertEqual(self.json('show', 'AS-2')['title'], 'Pump')
        fewer = model('Pump').replace('<ThreatInstances>', '<Ignored>').replace('</ThreatInstances>', '</Ignored>')
        self.assertEqual(self.imported(self.write('plant.tm7', fewer))['missing'], {'threat': 1})

    def test_two_elements_of_one_guid_refuse_the_model(self):
        refused = self.imported(self.write('plant.tm7', model().replace('a-2', 'a-1', 1)), code=3)
        self.assertEqual(len(refused['refused']), 1)
        self.assertEqual(self.json('list'), [])


class Results(Reports):
    def prepare(self):
        super().prepare()
        ops = [{'op': 'item', 'key': 'TC-1', 'kind': 'test_case', 'title': 'one', 'attrs': {'keys': ['pkg.C.one', 'uno']}},
               {'op': 'item', 'key': 'TC-2', 'kind': 'test_case', 'title': 'two'}]
        self.zw('import', self.write('cases.ndjson', ''.join(json.dumps(op) + '\n' for op in ops)))

    def test_results_find_their_cases(self):
        path = self.write('r.xml', report(('one', ''), ('uno', '<failure message="no lock"/>'), ('test_tc_2', ''), ('other', '')))
        first = self.imported(path)
        self.assertEqual((first['created'], first['results'], first['attached']), ({'test_run': 1}, 2, {'test_run': 1}))
        self.assertEqual([u['where'] for u in first['unmatched']], ['line 1'])
        self.assertIn('pkg.C.other', first['unmatched'][0]['what'])
        run = self.json('show', 'TR-1')
        self.assertEqual(run['attrs']['counts'], {'passed': 3, 'failed': 1, 'error': 0, 'skipped': 0, 'unmatched': 1})
        self.assertEqual(run['attrs']['at'], '2026-03-01T10:00:00.000Z')
        again = self.imported(path)
        self.assertEqual((again['created'], again['updated'], again.get('results', 0), again['commit']), ({}, {}, 0, None))

    def test_rules_of_a_profile_and_cases_added_later(self):
        path = self.write('r.xml', report(('other', '')))
        self.assertEqual(len(self.imported(path)['unmatched']), 1)
        rules = self.write('rules.json', json.dumps({'tests': [{'match': 'pkg.*', 'case': 'TC-2'}], 'defaults': {'stage': 'site'}}))
        bound = self.imported(path, '--profile', rules)
        self.assertEqual((bound['updated'], bound['results'], bound['unmatched']), ({'test_run': 1}, 1, []))
        self.assertEqual(self.json('show', 'TR-1')['attrs']['stage'], 'site')
        wrong = self.write('wrong.json', json.dumps({'tests': [{'match': '*', 'case': 'TC-9'}]}))
        self.assertIn('/tests/0/case', self.zw('import', path, '--profile', wrong, code=3))

    def test_a_report_without_times_keeps_those_of_its_first_import(self):
        path = self.write('r.xml', report(('one', ''), time=''))
        self.imported(path)
        at = self.json('show', 'TR-1')['attrs']['at']
        again = self.imported(path)
        self.assertEqual((again['updated'], again['commit'], self.json('show', 'TR-1')['attrs']['at']), ({}, None, at))
        dated = self.write('at.json', json.dumps({'at': '2026-02-01T00:00:00Z'}))
        self.imported(self.write('q.xml', report(('one', '<skipped/>'), time='')), '--profile', dated)
        self.assertEqual(self.json('show', 'TR-2')['attrs']['at'], '2026-02-01T00:00:00Z')

    def test_several_reports_in_one_import(self):
        both = self.imported(self.write('a.xml', report(('one', ''))), self.write('b.xml', report(('one', '<error/>'), ('x', ''))))
        self.assertEqual((both['created'], both['results']), ({'test_run': 2}, 2))
        self.assertEqual([u['where'] for u in both['unmatched']], ['b.xml: line 1'])


tap.main()
