#!/usr/bin/env python3
"""The zone and conduit drawing of the sample plant: equal to the inventory, labelled by the rules of ZCR 6.3, nothing over
anything else, the same bytes for the same commit, well-formed as SVG."""
import itertools
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import tap

ZW = sys.argv.pop(1)
SVG = '{http://www.w3.org/2000/svg}'


def overlap(a, b):
    return a['x'] < b['x'] + b['w'] and b['x'] < a['x'] + a['w'] and a['y'] < b['y'] + b['h'] and b['y'] < a['y'] + a['h']


class Drawing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = os.path.join(cls.folder.name, 'data')
        cls.zw('init', '--sample')
        cls.drawing = next(cls.drawings(json.loads(cls.report('json'))['sections']))
        cls.zones = {zone['key']: zone for zone in cls.drawing['zones']}
        cls.conduits = {conduit['key']: conduit for conduit in cls.drawing['conduits']}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def zw(cls, *args, code=0):
        done = subprocess.run([ZW, '--data', cls.data, *args], capture_output=True, timeout=100, check=False)
        assert done.returncode == code, (args, done)
        return (done.stdout if code == 0 else done.stderr).decode()

    @classmethod
    def report(cls, form):
        path = os.path.join(cls.folder.name, 'drawing.' + form)
        cls.zw('--instant', '2026-06-01', 'report', 'drawing', '-o', path)
        with open(path, encoding='utf-8') as file:
            return file.read()

    @classmethod
    def drawings(cls, sections):
        for section in sections:
            if 'drawing' in section:
                yield section['drawing']
            yield from cls.drawings(section['sections'])

    def listed(self, kind):
        return {item['key']: item for item in json.loads(self.zw('--json', 'list', f'kind:{kind}'))}

    def test_equals_inventory(self):
        self.assertEqual(set(self.zones), set(self.listed('zone')))
        self.assertEqual(set(self.conduits), set(self.listed('conduit')))
        points = ' '.join(line for zone in self.zones.values() for line in zone['lines'])
        for key in self.listed('access_point'):
            self.assertIn(key + ':', points)

    def test_labels_of_zones(self):
        levels = {row['place']: row for row in json.loads(self.zw('--json', '--instant', '2026-06-01', 'sl'))}
        for key, item in self.listed('zone').items():
            text = ' '.join(self.zones[key]['lines'])
            vector = ' '.join('?' if n is None else str(n) for n in levels[key]['target'])
            self.assertIn(f'SL-T {{{vector}}}', text)
            self.assertIn(f'Level {item["attrs"]["purdue"]}', text)
            for nature in item['attrs']['nature']:
                self.assertIn(nature.replace('_', ' '), text)

    def test_labels_of_conduits(self):
        for key, item in self.listed('conduit').items():
            conduit = self.conduits[key]
            text = conduit['label']['text'].replace('\n', ' ')
            for words in (*item['attrs']['protocols'], item['attrs']['enforcement'], conduit['from'], conduit['to'], 'SL-T {'):
                self.assertIn(words, text)
            self.assertEqual(conduit['direction'], item['attrs']['direction'])
            self.assertIn({'both': '⇄', 'a_to_b': '→', 'b_to_a': '←'}[item['attrs']['direction']], text)
            self.assertEqual(conduit['untrusted'], item['attrs'].get('untrusted', False))

    def test_nothing_overlaps(self):
        boxes = [*self.zones.values(), *[conduit['label'] for conduit in self.conduits.values()]]
        for a, b in itertools.combinations(boxes, 2):
            self.assertFalse(overlap(a, b), (a, b))
        for box in boxes:
            self.assertTrue(0 <= box['x'] and box['x'] + box['w'] <= self.drawing['width'])
            self.assertTrue(0 <= box['y'] and box['y'] + box['h'] <= self.drawing['height'])

    def test_lines_end_at_their_zones(self):
        for conduit in self.conduits.values():
            for key, (x, y) in ((conduit['from'], conduit['points'][0]), (conduit['to'], conduit['points'][-1])):
                zone = self.zones[key]
                self.assertTrue(zone['x'] < x < zone['x'] + zone['w'])
                self.assertIn(y, (zone['y'], zone['y'] + zone['h']))

    def test_svg(self):
        svg = self.report('svg')
        self.assertEqual(svg, self.report('svg'), 'the same commit, the same bytes')
        root = ElementTree.fromstring(svg)
        self.assertEqual((root.tag, root.get('role')), (SVG + 'svg', 'img'))
        ids = {element.get('id'): element for element in root.iter() if element.get('id')}
        self.assertEqual(ids[root.get('aria-labelledby')].tag, SVG + 'title')
        told = ids[root.get('aria-describedby')]
        self.assertEqual(told.tag, SVG + 'desc')
        for key in (*self.zones, *self.conduits):
            self.assertIn(key, told.text)
        words = ''.join(element.text or '' for element in root.iter(SVG + 'text'))
        for zone in self.zones.values():
            self.assertIn(zone['title'].replace(' ', ''), words.replace(' ', ''))
        self.assertNotIn('http', svg.replace('http://www.w3.org/2000/svg', ''), 'nothing from outside')

    def test_page_holds_it(self):
        page = self.report('html')
        self.assertIn('<svg ', page)
        self.assertIn('.drawing', page[page.index('<style>'):page.index('</style>')])

    def test_another_report_has_none(self):
        self.assertIn('the report gap has no drawing', self.zw('report', 'gap', '--format', 'svg', code=2))
        self.assertIn('html', self.zw('report', 'drawing', '--format', 'svgz', code=2))


tap.main()
