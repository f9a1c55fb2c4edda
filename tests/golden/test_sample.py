#!/usr/bin/env python3
"""The sample plant against docs/sample-plant.md, whose figures are worked out by hand. Use: test_sample.py ZW"""
import collections
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile
import unittest

import tap

ZW = sys.argv.pop(1)
SOURCE = os.environ['ZONEWRIGHT_SOURCE']
SHARED = os.environ.get('ZONEWRIGHT_SHARED')
FRS = ['IAC', 'UC', 'SI', 'DC', 'RDF', 'TRE', 'RA']
VECTORS = ['verified', 'claimed', 'verified with findings', 'claimed with findings']
# What the plant must hold at least.
LEAST = {'system': 1, 'zone': 10, 'conduit': 10, 'asset': 60, 'component': 30, 'threat': 25, 'hazard': 10, 'safety_function': 8}


def page():
    """The tables of the page by section: each a list of rows, a row a dictionary by heading."""
    with open(os.path.join(SOURCE, 'docs', 'sample-plant.md'), encoding='utf-8') as file:
        lines = file.read().split('\n')
    sections, head, section = collections.defaultdict(list), None, ''
    for line in lines:
        cells = [cell.strip() for cell in line.strip('|').split('|')] if line.startswith('|') else None
        if line.startswith('## '):
            section = line[3:]
        if cells is None:
            head = None
        elif head is None:
            head = cells
            sections[section].append([])
        elif not set(line) <= set('|- '):
            assert len(cells) == len(head), f'{section}: {line}'
            sections[section][-1].append(dict(zip(head, cells)))
    return sections


def entry(text):
    return None if text == '-' else int(text)


def vector(text):
    return [entry(part) for part in text.strip('{}').split()]


def some(text):
    return [] if text == '-' else text.split(', ')


def levels(text):
    return {name: int(value) for name, value in (part.split() for part in text.split(', '))}


def risk_level(likelihood, impact, tolerable):
    """The method of the page: likelihood x impact by category, against what is tolerable there."""
    return max(next(n for n in range(5) if n == 4 or likelihood * impact[c] <= (n + 1) * tolerable[c]) for c in impact)


def run(data, *args):
    return subprocess.run([ZW, '--data', data, *args], capture_output=True, text=True, timeout=300, check=False)


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = os.path.join(cls.folder.name, 'data')
        done = run(cls.data, 'init', '--sample')
        assert done.returncode == 0, done.stderr
        cls.page = page()
        cls.items = {item['key']: item for item in cls.json('list')}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def json(cls, *args):
        done = run(cls.data, '--json', *args)
        assert done.returncode == 0, f'zw {" ".join(args)}: {done.stderr}'
        return json.loads(done.stdout)

    def table(self, section, index=0):
        return self.page[section][index]

    def of_kind(self, kind):
        return {key: item for key, item in self.items.items() if item['kind'] == kind}

    def worked(self):
        """Place → the tables of its section."""
        return {title.split(':')[1].split(',')[0].strip(): tables for title, tables in self.page.items()
                if title.startswith('Worked out')}

    def test_safety_functions(self):
        for row in self.page['Safety functions and layers'][0]:
            function, = self.json('safety', 'show', row['function'])
            with self.subTest(row['function']):
                figures = [*(part['value'] for part in function['parts']), function['value']]
                self.assertEqual([f'{figure:.3e}' for figure in figures],
                                 [row[name] for name in ('sensors', 'logic', 'final elements', 'PFDavg')])
                self.assertEqual([function['sil_achieved'], function['response']['total_ms'], function['response']['budget_ms']],
                                 [int(row[name]) for name in ('SIL achieved', 'response ms', 'budget ms')])
        hazard, = self.json('safety', 'lopa', 'HZ-4')
        self.assertEqual((f'{hazard["mitigated_per_y"]:.3e}', hazard['sil_needed'], hazard['verdict']), ('3.154e-05', 1, 'met'))

    def test_counts(self):
        stated = {row['kind']: int(row['items']) for row in self.table('Counts')}
        self.assertEqual(stated, dict(collections.Counter(item['kind'] for item in self.items.values())))
        for kind, least in LEAST.items():
            self.assertGreaterEqual(stated[kind], least, kind)

    def test_targets_follow_from_the_risks(self):
        rows, exceptions = self.page['SL-T from the risks']
        self.assertEqual({row['risk'] for row in rows}, set(self.of_kind('risk')))
        derived = collections.defaultdict(lambda: [None] * 7)
        for row in rows:
            attrs = self.items[row['risk']]['attrs']
            stated = (int(row['likelihood']), levels(row['impact']), levels(row['tolerable']))
            self.assertEqual((attrs['likelihood'], attrs['impact'], attrs['tolerable']), stated, row['risk'])
            self.assertEqual(attrs['frs'], [int(fr) for fr in row['FR'].split()], row['risk'])
            level = risk_level(*stated)
            self.assertEqual(level, int(row['SL']), row['risk'])
            for fr in attrs['frs']:
                derived[row['place']][fr - 1] = max(level, derived[row['place']][fr - 1] or 0)
        for row in exceptions:
            derived[row['place']][FRS.index(row['entry'])] = int(row['value'])
        self.assertEqual({place['place']: place['target'] for place in self.json('sl')}, dict(derived))

    def test_derivations_are_accepted(self):
        """What the method gives is what is stated, but where the page names an exception."""
        place_of = {row['risk']: row['place'] for row in self.table('SL-T from the risks')}
        places = self.json('risk', 'derive', '--dry-run')['places']
        self.assertEqual({place['place']: place['state'] for place in places if place['state'] != 'accepted'},
                         {'ZN-12': 'not_derived', 'CD-4': 'draft'})
        levels = {row['risk']: int(row['SL']) for row in self.table('SL-T from the risks')}
        for risk in self.json('risk', 'list'):
            self.assertEqual((risk['sl'], risk['place'], risk['method']),
                             (levels[risk['key']], place_of[risk['key']], 'LWW-RM-02@C'), risk['key'])
        for place in places:
            for fr, (level, witnesses) in enumerate(zip(place['derived'], place['witnesses']), 1):
                expected = [risk for risk, where in place_of.items() if where == place['place'] and levels[risk] == level and
                            fr in self.items[risk]['attrs']['frs']]
                self.assertEqual(witnesses, sorted(expected, key=lambda key: int(key[3:])), f'{place["place"]} FR {fr}')

    def test_levels_of_all_places(self):
        stated = {row['place']: [vector(row[name]) for name in ['SL-T', *VECTORS]] for row in self.table('SL-A of all places')}
        computed = {place['place']: [place['target']] + [place['achieved'][name.replace(' ', '_')] for name in VECTORS]
                    for place in self.json('sl')}
        self.assertEqual(stated, computed)
        self.assertGreaterEqual(len([v for v in stated.values() if all(e is not None and e > 0 for e in v[1])]), 8)

    def test_worked_places(self):
        worked = self.worked()
        self.assertGreaterEqual(len(worked), 3)
        summary = {row['place']: row for row in self.table('SL-A of all places')}
        for place, tables in worked.items():
            by_fr = {row['FR']: row for row in tables[0]}
            self.assertEqual(list(by_fr), FRS)
            for name in VECTORS:
                self.assertEqual([entry(by_fr[fr][name]) for fr in FRS], vector(summary[place][name]), f'{place} {name}')
            reasons = self.json('sl', '--zone', place)[0]['reasons']
            for number, fr in enumerate(FRS, 1):
                found = {reason['ref']: reason['status'] for reason in reasons if reason['fr'] == number}
                if by_fr[fr]['verified'] == '-':
                    self.assertIn('unknown', found.values(), f'{place} {fr}')
                else:
                    self.assertEqual(set(found), set(some(by_fr[fr]['stops the verified level'])), f'{place} {fr}')

    def test_gaps_of_worked_places(self):
        for place, tables in self.worked().items():
            if len(tables) < 2:
                continue
            found = {(gap['ref'].removeprefix('62443-3-3 '), gap['status'], gap['broken'])
                     for gap in self.json('gaps', '--zone', place)
                     if gap['broken'] or gap['status'] not in ('verified', 'removed')}
            self.assertEqual(found, {(row['row'], row['status'], row['broken'] == 'yes') for row in tables[1]}, place)

    def test_components(self):
        self.capabilities('component', self.table('SL-C of components'))

    def test_systems(self):
        rows = self.table('SL-C of the systems')
        self.assertEqual({row['system'] for row in rows}, set(self.of_kind('system')))
        self.capabilities('system', rows)

    def capabilities(self, kind, rows):
        self.assertGreaterEqual(len(rows), 2)
        for row in rows:
            found = self.json('sl', '--' + kind, row[kind])
            self.assertEqual(found, self.json('sl', '--component', row[kind]))
            self.assertEqual(found['capability'], vector(row['SL-C']), row)
            self.assertEqual(found['with_compensation'], vector(row['with compensation']), row)
            self.assertEqual(found['claimed'], vector(row['design claim']), row)
            self.assertEqual(' '.join(f'{share["met"]}/{share["of"]}' for share in found['rows']), row['rows met'], row)

    def test_seeded_defects_and_no_other(self):
        stated = [(row['rule'], tuple(row['items'].split())) for row in self.table('Seeded defects')]
        self.assertGreaterEqual(len({rule for rule, _ in stated}), 12)
        self.assertEqual(sorted((defect['rule'], tuple(defect['items'])) for defect in self.json('lint')), sorted(stated))

    def test_work_of_62443_3_2(self):
        rows = {row['id']: row for row in self.json('zcr')}
        self.assertEqual(len(rows), 32)
        stated = {row['row']: row for row in self.table('The work of 62443-3-2')}
        self.assertGreaterEqual(len(stated), 29)
        for name, row in stated.items():
            self.assertEqual(rows[name]['status'], row['status'], name)
            missing = {missing['item'] for missing in rows[name]['missing']} - {None}
            self.assertEqual(missing, set() if row['missing at'] == '-' else set(row['missing at'].split()), name)
        self.assertEqual({rows[name]['status'] for name in rows if name not in stated}, {'partly'})
        for row in rows.values():
            self.assertEqual(row['step'], int(row['id'].split()[1].split('.')[0]))
            self.assertEqual(bool(row['missing']), row['status'] != 'met', row['id'])
            self.assertTrue(row['text'])

    def test_answers(self):
        """WV-10 answers for eleven assets, and says so where it is asked for."""
        answered = [defect for defect in self.json('lint', '--answered') if defect['answer']]
        self.assertEqual({defect['rule'] for defect in answered}, {'safety_asset_outside'})
        self.assertEqual(len(answered), 11)
        self.assertEqual({(defect['answer']['waiver'], defect['answer']['expires']) for defect in answered}, {('WV-10', '2031-12-31')})
        self.assertEqual({defect['number'] for defect in answered}, {'S2'})

    def test_findings(self):
        rows = {row['finding']: row for row in self.table('Findings')}
        self.assertEqual(set(rows), set(self.of_kind('finding')))
        for key, row in rows.items():
            item = self.json('show', key)
            on = [link['to'] for link in item['links'] if link['type'] == 'concerns' and link['from'] == key]
            broken = [ref.removeprefix('62443-3-3 ') for ref in item['attrs'].get('broken', [])]
            self.assertEqual((item['attrs']['vulnerability'], on, item['state'], broken),
                             (row['vulnerability'], [row['on']], row['state'], some(row['breaks'])), key)

    def test_findings_are_those_of_the_advisories(self):
        if SHARED is None:
            self.skipTest('ZONEWRIGHT_SHARED is not set')
        advisories = {}
        for folder, _, names in os.walk(os.path.join(SHARED, 'corpus', 'csaf-advisories')):
            for name in names:
                if re.fullmatch(r'(icsa|ssa)-.*\.json(\.xz)?', name):
                    with (lzma.open if name.endswith('.xz') else open)(os.path.join(folder, name), 'rt', encoding='utf-8') as file:
                        advisory = json.load(file)
                    advisories['csaf:' + advisory['document']['tracking']['id']] = advisory
        seen = 0
        for key, item in self.of_kind('finding').items():
            attrs, source = item['attrs'], (item['attrs'].get('sources') or ['reported'])[0]
            if not source.startswith('csaf:'):
                continue
            found = [v for v in advisories[source]['vulnerabilities'] if v['cve'] == attrs['vulnerability']]
            self.assertEqual([v['cwe']['id'] for v in found], attrs['cwes'], key)
            self.assertEqual([f"{v['scores'][0]['cvss_v3']['baseScore']:.1f}" for v in found], [attrs['score']], key)
            on = next(link['to'] for link in self.json('show', key)['links'] if link['type'] == 'concerns')
            names = json.dumps(advisories[source]['product_tree'])
            product = self.items[on]['attrs']
            self.assertTrue(product.get('part_number', '\n') in names or product['product'] in names, f'{key} {product}')
            seen += 1
        self.assertGreaterEqual(seen, 10)

    def test_product_of_the_works(self):
        one, = self.json('psirt')
        self.assertEqual((one['key'], one['next'], one['advisories']), ('FD-19', None, ['DO-18']))
        self.assertEqual([(clock['due'], clock['done']) for clock in one['clocks']],
                         [(day, True) for day in ('2025-09-08', '2025-10-01', '2025-11-30', '2025-11-30')])
        update, = one['updates']
        self.assertEqual([update[f'sum_{n}'] for n in range(1, 6)], ['yes'] * 5)
        self.assertEqual(self.json('psirt', 'advisory', 'DO-18')['status'], 'final')

    def test_programme_and_deadlines(self):
        programme, deadlines = self.page['Programme and deadlines']
        rows = {row['ref']: row for row in self.json('assessment', '62443-2-1:2024')['records']}
        for row in programme:
            told = rows[row['row']]
            self.assertEqual([str(told[name]) for name in ('target', 'claimed', 'verified')], [row['aim'], row['claimed'], row['found']], row)
        audit, = self.json('assessment', 'audits')
        self.assertEqual((audit['key'], audit['looked_at'], len(audit['sample'])), ('AU-1', 2, 2))
        incidents = {one['key']: [clock['state'] for clock in one['clocks']] for one in self.json('incident', 'list')}
        self.assertEqual(incidents, {row['incident']: [row[name] for name in ('early warning', 'notification', 'final report')] for row in deadlines})

    def test_no_figure_depends_on_the_day(self):
        for key, item in self.items.items():
            for name in ('valid_until', 'expires'):
                date = item['attrs'].get(name)
                self.assertTrue(date is None or date < '2026' or date >= '2030', f'{key} {name} {date}')

    def test_log_holds_and_keys_are_the_same_again(self):
        self.assertTrue(self.json('verify')['ok'])
        self.assertTrue(self.json('check')['ok'])
        self.assertEqual([project['sample'] for project in self.json('project', 'list')], [True])
        with tempfile.TemporaryDirectory() as folder:
            again = os.path.join(folder, 'again')
            self.assertEqual(run(again, '--project', 'WATER', 'init', '--sample').returncode, 0)
            listed = json.loads(run(again, '--project', 'WATER', '--json', 'list').stdout)
        # What a baseline names is a commit of its own project: personal values in it are salted anew each time.
        salted = [{key: {**item, 'attrs': {**item['attrs'], 'hash': None}} if item['kind'] == 'baseline' else item for key, item in items.items()}
                  for items in ({item['key']: item for item in listed}, self.items)]
        self.assertEqual(*salted)
        self.assertRegex(self.items['BL-1']['attrs']['hash'], '^[0-9a-f]{64}$')

    def test_earlier_commits_can_be_read(self):
        before = {place['place']: place['achieved']['claimed'] for place in self.json('--at', 'BL-1', 'sl')}
        self.assertEqual(before['ZN-2'][:6], [0] * 6)
        self.assertEqual(set(before), {place['place'] for place in self.json('sl')})

    def test_an_existing_directory_is_refused(self):
        done = run(self.data, 'init', '--sample')
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len(self.json('list')), len(self.items))


if __name__ == '__main__':
    tap.main()
