#!/usr/bin/env python3
"""Imports of bills of materials: repeated, in the other form, in a new edition, and broken ones."""
import json
import os

import plant
import tap

SERIAL = 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79'


def bill(*components, version=1, **members):
    return {'bomFormat': 'CycloneDX', 'specVersion': '1.5', 'serialNumber': SERIAL, 'version': version,
            'metadata': {'component': {'type': 'application', 'bom-ref': 'root', 'name': 'Plant', 'version': '7'}},
            'components': list(components), **members}


def component(ref, name, version='1.0', **members):
    return {'type': 'library', 'bom-ref': ref, 'name': name, 'version': version, **members}


def as_xml(document):
    """The same bill in XML, for the members used here."""
    def element(entry):
        inside = ''.join(f'<{name}>{entry[name]}</{name}>' for name in ('publisher', 'group', 'name', 'version') if name in entry)
        parts = ''.join(element(part) for part in entry.get('components', []))
        return (f'<component type="{entry["type"]}" bom-ref="{entry["bom-ref"]}">{inside}'
                + (f'<components>{parts}</components>' if parts else '') + '</component>')
    return (f'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="{document["version"]}" '
            f'serialNumber="{SERIAL}"><metadata>{element(document["metadata"]["component"])}</metadata>'
            f'<components>{"".join(map(element, document["components"]))}</components></bom>')


class Bill(plant.Plant):
    def write(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return path

    def imported(self, *args, code=0):
        done = self.run_zw('--json', 'import', *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def titles(self):
        return {i['key']: i['title'] for i in self.json('list')}

    first = bill(component('a', 'pump', publisher='Acme', components=[component('a1', 'boot')]), component('b', 'panel'))

    def test_again_and_in_the_other_form(self):
        done = self.imported(self.write('bom.json', self.first))
        self.assertEqual((done['format'], done['created'], done['links'], done['commit']),
                         ('cyclonedx', {'component': 4}, {'part_of': 3}, 2))
        self.assertEqual(self.titles(), {'CP-1': 'Plant 7', 'CP-2': 'boot 1.0', 'CP-3': 'pump 1.0', 'CP-4': 'panel 1.0'})
        self.assertEqual(self.json('show', 'CP-3')['attrs'],
                         {'vendor': 'Acme', 'product': 'pump', 'version': '1.0', 'bom_type': 'library'})
        self.assertEqual({(x['from'], x['type'], x['to']) for x in self.json('show', 'CP-3')['links']},
                         {('CP-2', 'part_of', 'CP-3'), ('CP-3', 'part_of', 'CP-1')})
        for again in ('bom.json', self.first), ('bom.xml', as_xml(self.first)):
            done = self.imported(self.write(*again))
            self.assertEqual((done['created'], done['updated'], done['unchanged'], done['missing'], done['commit']),
                             ({}, {}, {'component': 4}, {}, None))

    def test_new_edition(self):
        self.imported(self.write('bom.json', self.first))
        second = bill(component('a', 'pump', '1.1', publisher='Acme'), component('c', 'valve'), version=2)
        done = self.imported(self.write('bom.xml', as_xml(second)))
        self.assertEqual((done['created'], done['updated'], done['unchanged'], done['missing']),
                         ({'component': 1}, {'component': 1}, {'component': 1}, {'component': 2}))
        self.assertEqual(self.json('show', 'CP-3')['attrs']['version'], '1.1')

    def test_broken_rule(self):
        path = self.write('bom.json', bill(component('a', 'pump'), component('b', 'panel', scope='maybe')))
        refused = self.imported(path, code=3)
        self.assertEqual([r['where'] for r in refused['refused']], ['/components/1/scope'])
        self.assertIn('"maybe" is not one of', refused['refused'][0]['reason'])
        self.assertEqual((refused['commit'], self.json('list')), (None, []))
        self.assertIn('bom.json: /components/1/scope: "maybe" is not one of', self.zw('inspect', path, code=3))
        rest = self.imported('--partial', path)
        self.assertEqual((rest['created'], rest['commit']), ({'component': 2}, 2))
        self.assertEqual(self.titles(), {'CP-1': 'Plant 7', 'CP-2': 'pump 1.0'})

    def test_odd_is_a_problem(self):
        path = self.write('bom.json', bill(component('a', 'pump', purl='pump'), dependencies=[{'ref': 'a', 'dependsOn': ['z']}]))
        done = self.json('inspect', path)
        self.assertEqual([(p['where'], p['message']) for p in done['problems']],
                         [('/components/0/purl', '"pump" is not a package URL'),
                          ('dependencies', '"a" depends on "z", which is nowhere in the file')])
        done = self.imported(path)
        self.assertEqual(done['created'], {'component': 2})
        self.assertIn({'where': 'dependencies', 'what': '1 dependencies of one component on another: no link takes them'}, done['lost'])

    def test_no_bill(self):
        for name, text, why in (('a.json', '{"bomFormat":"CycloneDX"', 'byte 24'), ('b.xml', '<bom/>', 'line 1'),
                                ('c.json', '{"bomFormat":"CycloneDX","specVersion":"9"}', '/specVersion')):
            self.assertIn(f'{name}: {why}', self.zw('import', self.write(name, text), code=3))
        self.assertEqual(self.json('list'), [])


tap.main()
