#!/usr/bin/env python3
"""Reports of the real program: the same bytes for the same inputs, numbers that agree with the other answers and lead to
the rows they count, stored markup that stays text, and unknown that stays unknown."""
import collections
import hashlib
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import tap

ZW = sys.argv.pop(1)
AT = '2026-06-01T00:00:00Z'
EVIL = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)></style></title><!-- &lt; \u202e ]]> javascript:alert(3)'
STANDINGS = ('no_requirement', 'not_derived', 'not_allocated', 'not_claimed', 'not_verified', 'unknown', 'verified', 'not_applicable')
FR = ('iac', 'uc', 'si', 'dc', 'rdf', 'tre', 'ra')


def item(key, kind, title=None, **attrs):
    return {'op': 'item', 'key': key, 'kind': kind, 'title': title or f'{key} title', 'attrs': attrs}


def link(a, kind, b, role='', **attrs):
    return {'op': 'link', 'from': a, 'type': kind, 'to': b, 'as': role, 'attrs': attrs}


def plant(title=None):
    """A zone whose rows stand at every stage, one with an SL-T that is partly unknown, and a conduit without any."""
    ops = [
        item('SYS-1', 'system', title), item('ZN-1', 'zone', title), item('ZN-2', 'zone', title), item('CD-1', 'conduit', title),
        item('CP-1', 'component', title, types=['EDR'], version='1.0', vendor=title or 'Maker', product=title or 'Box'),
        item('AS-1', 'asset', title), item('AS-2', 'asset', title),
        item('TS-1', 'threat', title), item('TS-2', 'threat', title), item('HZ-1', 'hazard', title), item('RK-1', 'risk', title),
        item('RK-2', 'risk', title), item('ST-1', 'sl_target', title, vector=[1, 1, 1, 1, 2, 2, 1]),
        item('ST-2', 'sl_target', title, vector=[1, None, 1, 1, 1, 1, 1]),
        item('RQ-1', 'requirement', title, ref='62443-3-3 SR 5.2', responsible='integrator'),
        item('RQ-2', 'requirement', title, ref='62443-3-3 SR 6.2'), item('RQ-3', 'requirement', title, ref='62443-3-3 SR 5.1'),
        item('RQ-4', 'requirement', title, ref='62443-3-3 SR 7.5'), item('RQ-5', 'requirement', title),
        item('RQ-6', 'requirement', title, ref='62443-3-3 SR 5.3'), item('RQ-7', 'requirement', title, ref='62443-3-3 SR 5.1 RE(1)'),
        item('CL-1', 'claim', title, statement='met', rationale=title or 'firewall'),
        item('CL-2', 'claim', title, statement='met', rationale='walls'), item('CL-3', 'claim', title, statement='met', rationale='r'),
        item('CM-1', 'countermeasure', title), item('TC-1', 'test_case', title, test_kind='sat'),
        item('TC-2', 'test_case', title, test_kind='sat'), item('TR-1', 'test_run', title, at='2026-03-01'),
        item('EV-1', 'evidence', title, nature='report', stage='site', valid_until='2026-05-01', date='2026-01-02'),
        item('WV-1', 'waiver', title, decision='not_applicable', rationale=title or 'no power needed'),
        item('WV-2', 'waiver', title, decision='accepted_risk', rationale=title or 'small'),
        item('FD-1', 'finding', title, vulnerability=title or 'CVE-2026-1', severity='high', broken=['62443-3-3 SR 5.2']),
        item('FD-2', 'finding', title, vulnerability='CVE-2026-2'),
        link('ZN-1', 'part_of', 'SYS-1'), link('ZN-2', 'part_of', 'SYS-1'), link('CD-1', 'part_of', 'SYS-1'),
        link('CD-1', 'connects', 'ZN-1', 'a'), link('CD-1', 'connects', 'ZN-2', 'b'),
        link('AS-1', 'part_of', 'ZN-1'), link('AS-2', 'part_of', 'CD-1'), link('AS-1', 'instance_of', 'CP-1'),
        link('TS-1', 'leads_to', 'HZ-1'), link('RK-1', 'assesses', 'HZ-1'), link('RK-1', 'within', 'ZN-1'), link('RK-1', 'justifies', 'ST-1'),
        link('RK-2', 'assesses', 'TS-1'), link('RK-2', 'justifies', 'ST-1'),
        link('ST-1', 'targets', 'ZN-1'), link('ST-2', 'targets', 'ZN-2'),
        link('ST-1', 'derives', 'RQ-1'), link('ST-1', 'derives', 'RQ-2'), link('ST-1', 'derives', 'RQ-3'), link('ST-1', 'derives', 'RQ-4'),
        link('RQ-1', 'derives', 'RQ-5'), link('ST-1', 'derives', 'RQ-7'),
        *[link(f'RQ-{n}', 'allocated_to', 'ZN-1') for n in (1, 2, 3, 4, 6)], link('RQ-5', 'allocated_to', 'CP-1'),
        link('CL-1', 'answers', 'RQ-1'), link('CL-1', 'covers', 'CD-1'), link('CL-1', 'rests_on', 'CM-1'),
        link('CL-2', 'answers', 'RQ-3'), link('CL-2', 'covers', 'CD-1'), link('CL-3', 'answers', 'RQ-5'), link('CL-3', 'covers', 'AS-1'),
        link('CM-1', 'deployed_on', 'CD-1'), link('CM-1', 'mitigates', 'RK-1'), link('TC-1', 'verifies', 'CL-1'), link('TC-2', 'verifies', 'CM-1'),
        link('EV-1', 'evidences', 'CL-2'), link('WV-1', 'waives', 'RQ-4'), link('WV-2', 'waives', 'RQ-2'),
        link('FD-1', 'concerns', 'AS-2'), link('FD-2', 'concerns', 'CP-1'),
        {'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'passed', 'at': '2026-03-01T10:00:00Z', 'message': title or 'ok'},
        {'op': 'commit', 'message': title or 'a small plant'}]
    return ops


class Page(html.parser.HTMLParser):
    """The elements of a page, with nesting checked, and how many rows stand under each id."""
    VOID = {'meta', 'br'}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.problems, self.tags = [], [], collections.Counter()
        self.ids, self.rows, self.links, self.texts, self.cells = [], collections.Counter(), [], [], []
        self.attributes, self.table_ids = set(), set()
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f'left open: {self.open}')

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags[tag] += 1
        self.attributes |= set(attrs)
        if 'id' in attrs:
            self.ids.append(attrs['id'])
        if tag == 'tr' and attrs.get('class') not in ('group', 'none'):
            for _, above in self.open:
                if 'id' in above:
                    self.rows[above['id']] += 1
        if tag == 'table':
            self.table_ids.add(attrs['id'])
        if tag == 'a':
            self.links.append({'href': attrs['href'], 'class': attrs.get('class'), 'text': '',
                               'table': next((a['id'] for t, a in reversed(self.open) if t == 'table'), None)})
        if tag not in self.VOID:
            self.open.append((tag, attrs))

    def handle_startendtag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes |= set(dict(attrs))
        if tag not in self.VOID:
            self.problems.append(f'<{tag}/>')

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.problems.append(f'</{tag}> inside {self.open[-1:]}')
        else:
            self.open.pop()

    def handle_data(self, data):
        self.texts.append(data)
        if self.open and self.open[-1][0] == 'a':
            self.links[-1]['text'] += data

    @property
    def text(self):
        return ''.join(self.texts)


class Reports(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = os.path.join(self.folder.name, 'data')
        self.zw('init')

    def tearDown(self):
        self.folder.cleanup()

    def run_zw(self, *args):
        return subprocess.run([ZW, '--data', self.data, *args], capture_output=True, timeout=100, check=False)

    def zw(self, *args, code=0):
        done = self.run_zw(*args)
        self.assertEqual(done.returncode, code, f'zw {" ".join(args)}: {done.stderr.decode()}')
        return (done.stdout if code == 0 else done.stderr).decode()

    def json(self, *args):
        return json.loads(self.zw('--json', '--instant', AT, *args))

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def lines(self, ops):
        path = self.path('ops.ndjson')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(''.join(json.dumps(op) + '\n' for op in ops))
        return path

    def load(self, ops):
        """Commit 2 lets one person approve, commit 3 is the plant with its approvals."""
        moves = [{'op': 'transition', 'key': key, 'to': to} for to in ('in_review', 'approved')
                 for key in ('CL-1', 'CL-2', 'CL-3', 'WV-1', 'WV-2', 'EV-1')]
        self.zw('import', self.lines([{'op': 'setting', 'name': 'separation_of_duties', 'value': False}]))
        self.zw('import', self.lines([*ops[:-1], *moves, ops[-1]]))

    def report(self, kind, *args, form='json', at=AT):
        path = self.path(f'{kind}.{form}')
        self.zw('--instant', at, 'report', kind, '-o', path, *args)
        with open(path, encoding='utf-8', newline='') as file:
            text = file.read()
        return json.loads(text) if form == 'json' else text

    def types(self):
        return [row['type'] for row in self.json('report', 'list')]

    @staticmethod
    def tables(report):
        found = {}

        def walk(sections):
            for section in sections:
                found.update({table['id']: table['rows'] for table in section['tables']})
                walk(section['sections'])
        walk(report['sections'])
        return found

    # ---- the same inputs, the same bytes ----

    def test_same_inputs_same_bytes(self):
        self.load(plant())
        head = self.json('report', 'gap', '-o', self.path('x.html'))['commit']
        first = {(kind, form): self.report(kind, form=form) for kind in self.types() for form in ('html', 'json')}
        self.zw('add', 'zone', 'title=Later', '-m', 'after')
        self.zw('set', 'RQ-1', 'title=Changed')
        for (kind, form), text in first.items():
            with self.subTest(kind=kind, form=form):
                self.assertEqual(self.report(kind, '--at', str(head), form=form), text)
                self.assertNotEqual(self.report(kind, form=form), text)

    def test_answer_says_what_was_written(self):
        self.load(plant())
        path = self.path('gap.html')
        answer = self.json('report', 'gap', '-o', path)
        with open(path, 'rb') as file:
            content = file.read()
        self.assertEqual(answer['bytes'], len(content))
        self.assertEqual(answer['sha256'], hashlib.sha256(content).hexdigest())
        self.assertEqual((answer['type'], answer['format'], answer['instant']), ('gap', 'html', '2026-06-01T00:00:00.000Z'))
        self.assertRegex(answer['hash'], '^[0-9a-f]{64}$')
        self.assertEqual(self.run_zw('--instant', AT, 'report', 'gap').stdout, content, 'stdout without -o')

    def test_inputs_stand_in_every_report(self):
        self.load(plant())
        version = self.zw('version').split()[-1]
        for kind in self.types():
            with self.subTest(kind=kind):
                report = self.report(kind)
                self.assertEqual(report['instant'], '2026-06-01T00:00:00.000Z')
                self.assertEqual(report['feed'], {'snapshot': None, 'state': 'unknown'})
                self.assertEqual(report['version'], version)
                text = self.report(kind, form='html')
                footer = text[text.rindex('<footer>'):]
                for words in (f'commit {report["commit"]}', report['hash'], '2026-06-01T00:00:00.000Z', 'none, so unknown', version):
                    self.assertIn(words, footer)
                page_rules = text[text.index('@bottom-left'):text.index('</style>')]
                self.assertIn(report['hash'], page_rules)
                self.assertIn('counter(page) " of " counter(pages)', page_rules)

    def test_past_commit_is_judged_at_its_own_time(self):
        self.load(plant())
        self.zw('add', 'zone', 'title=Later')
        path = self.path('gap.json')
        self.zw('report', 'gap', '--at', '3', '-o', path)
        with open(path, encoding='utf-8') as file:
            report = json.load(file)
        times = {h['commit']: h['time'] for h in self.json('history', 'ZN-1')}
        self.assertEqual((report['commit'], report['instant']), (3, times[3]))

    # ---- numbers ----

    def test_gap_agrees_with_gaps_and_sl(self):
        self.load(plant())
        report, gaps, levels = self.tables(self.report('gap')), self.json('gaps'), self.json('sl')
        stages = {row['place']['key']: row for row in report['stages']}
        self.assertEqual(set(stages), {place['place'] for place in levels})
        seen = collections.Counter()
        for gap in gaps:
            standing = 'unknown' if gap['status'] == 'unknown' else gap['stage']
            rows = {row['ref']: row for row in report[f'{standing}-{gap["place"]}']}
            row = rows[gap['ref'].removeprefix('62443-3-3 ')]
            seen[gap['place'], standing] += 1
            self.assertEqual(row['title'], gap['title'])
            if 'status' in row:
                self.assertEqual(row['status'], gap['status'])
            if 'requirement' in row:
                self.assertEqual(row['requirement'] and row['requirement']['key'], gap['requirement'] or gap['unallocated'])
            if 'waiver' in row:
                self.assertEqual(row['waiver'] and row['waiver']['key'], gap['waiver'])
            causes = {(c['kind'], c['item'], c['text']) for c in gap['causes']}
            self.assertEqual({(c['kind'], c['item'], c['text']) for c in row['causes']}, causes)
        for place, row in stages.items():
            for standing in STANDINGS:
                field = 'rows_verified' if standing == 'verified' else standing
                self.assertEqual(row[field], seen[place, standing], (place, standing))
                self.assertEqual(len(report.get(f'{standing}-{place}', [])), seen[place, standing])
            self.assertEqual(row['demanded'], sum(seen[place, s] for s in STANDINGS))
        for total in report['totals']:
            self.assertEqual(total['rows'], sum(seen[place, total['standing']] for place in stages))
        vectors = {row['place']['key']: row for row in report['places']}
        for place in levels:
            row = vectors[place['place']]
            self.assertEqual(row['target'], place['target'])
            for name, vector in place['achieved'].items():
                self.assertEqual(row[name], vector)
        self.assertGreaterEqual({standing for _, standing in seen},
                                {'no_requirement', 'not_derived', 'not_allocated', 'not_claimed', 'not_verified', 'unknown', 'verified', 'not_applicable'})

    def test_entries_stop_where_sl_says(self):
        self.load(plant())
        report = self.tables(self.report('gap'))
        for place in self.json('sl'):
            reasons = collections.defaultdict(set)
            for reason in place['reasons']:
                reasons[reason['fr']].add(reason['ref'])
            for entry in report[f'entries-{place["place"]}']:
                fr = FR.index(entry['fr_name'].lower()) + 1
                target = place['target'][fr - 1]
                reached = place['achieved']['verified'][fr - 1]
                self.assertEqual((entry['target'], entry['verified']), (target, reached))
                if target is None:
                    self.assertIsNone(entry['met'], 'what an unknown SL-T demands is unknown')
                elif reached is None or reached < target:
                    self.assertEqual(set(entry['stops']), reasons[fr], (place['place'], fr))
                else:
                    self.assertEqual(entry['stops'], [])
                if reached is None:
                    self.assertIsNone(entry['rests_on'])
                else:
                    self.assertLessEqual(entry['rests_on']['n'], entry['rests_on']['of'])
        row = next(e for e in report['entries-ZN-1'] if e['fr_name'] == 'TRE')
        self.assertEqual(row['met']['of'], 2, 'TRE at SL 2 is two rows')

    def test_worked_rows(self):
        """Rows whose standing follows from the plant by hand."""
        self.load(plant())
        report = self.tables(self.report('gap'))
        rows = {row['ref']: (standing, row) for standing in STANDINGS for row in report.get(f'{standing}-ZN-1', [])}
        self.assertEqual(rows['SR 5.2'][0], 'verified')
        self.assertEqual([c['key'] for c in rows['SR 5.2'][1]['claims']], ['CL-1'])
        self.assertEqual(rows['SR 5.1'][0], 'not_verified')
        self.assertIn('stale', [c['kind'] for c in rows['SR 5.1'][1]['causes']], 'EV-1 ended a month before')
        self.assertEqual(rows['SR 5.3'][0], 'not_derived')
        self.assertEqual((rows['SR 7.5'][0], rows['SR 7.5'][1]['decision']), ('not_applicable', 'not_applicable'))
        self.assertEqual(rows['SR 5.4'][0], 'no_requirement')
        self.assertEqual((rows['SR 5.1 RE(1)'][0], rows['SR 5.1 RE(1)'][1]['requirement']['key']), ('not_allocated', 'RQ-7'))
        self.assertEqual(rows['SR 6.2'][0], 'not_claimed')
        self.assertEqual(rows['SR 1.1'][0], 'unknown', 'nobody answered the traits of AS-1')
        self.assertEqual([m['member'] for m in rows['SR 5.1'][1]['members']], ['CD-1'])
        self.assertEqual([(r['ref'], r['standing']) for r in report['broken-ZN-1']], [('SR 5.2', 'verified'), ('SR 5.2 RE(1)', 'no_requirement')],
                         'an enhancement is never better than its base row')
        before = self.tables(self.report('gap', at='2026-04-01'))
        self.assertIn('SR 5.1', [r['ref'] for r in before['verified-ZN-1']], 'EV-1 still held')

    def test_accepted_risks_stand_apart_and_keep_their_stage(self):
        self.load(plant())
        report = self.tables(self.report('gap'))
        self.assertEqual([(r['ref'], r['decision'], r['waiver']['key'], r['standing']) for r in report['waived-ZN-1']],
                         [('SR 6.2', 'accepted_risk', 'WV-2', 'not_claimed')])
        self.assertEqual(next(r['deferred'] for r in report['stages'] if r['place']['key'] == 'ZN-1'), 1)

    def test_defects_and_findings_agree(self):
        self.load(plant())
        report, lint = self.tables(self.report('gap')), self.json('lint')
        self.assertEqual([(d['rule'] if 'rule' in d else None, d['message']) for d in report['defects']],
                         [(None, d['message']) for d in lint])
        counts = collections.Counter(d['rule'] for d in lint)
        self.assertEqual({r['rule']: r['defects'] for r in report['rules']}, {r['rule']: counts[r['rule']] for r in report['rules']})
        self.assertEqual(sum(r['defects'] for r in report['rules']), len(lint))
        open_ = {r['severity']: r['open'] for r in report['severities']}
        self.assertEqual((open_['high'], open_['unknown'], open_['critical']), (1, 1, 0))
        self.assertEqual([f['finding']['key'] for f in report['findings']], ['FD-1', 'FD-2'])
        self.zw('move', 'FD-1', 'false_positive')
        report = self.tables(self.report('gap'))
        self.assertEqual([f['finding']['key'] for f in report['findings']], ['FD-2'])
        self.assertNotIn('broken-ZN-1', report)

    def test_one_place(self):
        self.load(plant())
        report = self.tables(self.report('gap', '--zone', 'ZN-1'))
        self.assertEqual([row['place']['key'] for row in report['places']], ['ZN-1'])
        self.assertFalse([name for name in report if name.endswith(('-ZN-2', '-CD-1'))])
        paths = self.tables(self.report('paths', '--zone', 'ZN-2'))['paths']
        self.assertEqual([row['target']['key'] for row in paths], ['ST-2'])

    def test_overview(self):
        self.load(plant())
        report, levels = self.tables(self.report('overview')), self.json('sl')
        for row, place in zip(report['levels'], levels, strict=True):
            self.assertEqual(row['place']['key'], place['place'])
            self.assertEqual([row[fr]['target'] for fr in FR], place['target'])
            self.assertEqual([row[fr]['verified'] for fr in FR], place['achieved']['verified'])
        sizes = [(row['levels']['target'] - (row['levels']['verified'] or 0)) for row in report['next']]
        self.assertEqual(sizes, sorted(sizes, reverse=True), 'largest gaps first')
        self.assertEqual({row['place']['key']: row['names'] for row in report['underived']},
                         {'ZN-2': ['UC'], 'CD-1': [fr.upper() for fr in FR]})
        self.assertEqual([row['type'] if 'type' in row else row['html'] for row in report['reports']],
                         [kind + '.html' for kind in self.types()])

    # ---- the chain ----

    def test_breaks_agree_with_lint(self):
        self.load(plant())
        report, lint = self.tables(self.report('traceability')), self.json('lint')
        links = {row['rule']: row for row in report['links']}
        for rule in ('target_without_risk', 'requirement_without_source', 'requirement_not_allocated', 'claim_without_proof'):
            self.assertEqual(links[rule]['missing'], sum(d['rule'] == rule for d in lint), rule)
        self.assertEqual(sum(row['missing'] for row in links.values()), len(report['breaks']))
        found = {rule: row['missing'] for rule, row in links.items()}
        self.assertEqual(found, {
            'scenario_without_risk': 1, 'risk_without_scenario': 0, 'risk_without_target': 0, 'target_without_risk': 1,
            'target_without_requirement': 1, 'requirement_without_source': 1, 'requirement_not_allocated': 1,
            'requirement_without_claim': 4, 'claim_without_requirement': 0, 'claim_rests_on_nothing': 2,
            'claim_without_proof': 1, 'test_without_result': 1, 'test_failed': 0})
        for row in links.values():
            self.assertEqual(row['complete'], {'n': row['looked_at'] - row['missing'], 'of': row['looked_at']})

    def test_paths(self):
        self.load(plant())
        name = lambda step: step and step['key']
        report = self.tables(self.report('traceability'))
        sources = {tuple(name(row[f]) for f in ('origin', 'hazard', 'risk', 'target', 'requirement')) for row in report['sources']}
        self.assertEqual(sources, {('TS-1', 'HZ-1', 'RK-1', 'ST-1', None), ('TS-1', None, 'RK-2', 'ST-1', None),
                                   ('TS-2', None, None, None, None), (None, None, None, 'ST-2', None)})
        proofs = [(name(r['requirement']), *map(name, r['derived']), name(r['claim']), name(r['proof']), r['result'], name(r['run']))
                  for r in report['proofs']]
        self.assertEqual(sorted(proofs, key=str), sorted([
            ('RQ-1', 'CL-1', 'TC-1', 'passed', 'TR-1'), ('RQ-1', 'CL-1', 'TC-2', 'no_result', None),
            ('RQ-1', 'RQ-5', 'CL-3', None, None, None), ('RQ-2', None, None, None, None),
            ('RQ-3', 'CL-2', 'EV-1', 'expired', None), ('RQ-4', None, None, None, None), ('RQ-6', None, None, None, None),
            ('RQ-7', None, None, None, None)], key=str))
        whole = self.tables(self.report('paths'))['paths']
        upper = collections.Counter(s[3] for s in sources)
        derived = lambda key: key in ('RQ-1', 'RQ-2', 'RQ-3', 'RQ-4', 'RQ-7')
        self.assertEqual(len(whole), upper['ST-1'] * sum(derived(p[0]) for p in proofs) + sum(not derived(p[0]) for p in proofs) + 2)
        row = next(r for r in whole if name(r['risk']) == 'RK-1' and name(r['proof']) == 'TC-1')
        trace = {i['key']: i for i in self.json('trace', 'RQ-1')['items']}
        for field in ('origin', 'hazard', 'risk', 'target', 'requirement', 'claim', 'proof', 'run'):
            step = row[field]
            known = trace.get(step['key'])
            if known is not None:
                self.assertEqual((step['rev'], step['state'], step['title']), (known['rev'], known['state'], known['title']))
        self.assertEqual([s['key'] for s in row['rests_on']], ['CM-1'])

    def test_suspect_links_are_marked(self):
        self.load(plant())
        self.assertFalse(any(row['suspect'] for row in self.tables(self.report('paths'))['paths']))
        self.zw('set', 'RK-1', 'likelihood=3')
        rows = self.tables(self.report('paths'))['paths']
        marked = [row for row in rows if row['suspect']]
        self.assertTrue(marked)
        self.assertTrue(all(row['risk'] and row['risk']['key'] == 'RK-1' for row in marked))
        self.assertEqual(len(marked), sum(bool(row['risk'] and row['risk']['key'] == 'RK-1') for row in rows))
        self.assertIn('! suspect', Page(self.report('traceability', form='html')).text)

    def test_loops_end(self):
        ops = plant()
        self.load([*ops[:-1], item('RQ-8', 'requirement'), item('RQ-9', 'requirement'), link('RQ-8', 'derives', 'RQ-9'),
                   link('RQ-9', 'derives', 'RQ-8'), ops[-1]])
        rows = self.tables(self.report('traceability'))['proofs']
        loops = [row for row in rows if 'derives_in_a_loop' in row['breaks']]
        self.assertEqual([row['requirement']['key'] for row in loops], ['RQ-8'])

    # ---- the page ----

    def pages(self):
        for kind in self.types():
            with self.subTest(kind=kind):
                text = self.report(kind, '--from', '2020-01-01', '--to', '2099-01-01', form='html')
                yield kind, text, Page(text)

    def test_pages_are_well_formed(self):
        self.load(plant(EVIL))
        for _, text, page in self.pages():
            self.assertEqual(page.problems, [])
            self.assertEqual([i for i, n in collections.Counter(page.ids).items() if n > 1], [], 'ids are unique')
            self.assertFalse([i for i in page.ids if re.search(r'\s', i)])
            ElementTree.fromstring(text.removeprefix('<!DOCTYPE html>\n'))
            self.assertEqual(page.tags['th'] > 0, True)
            self.assertEqual(page.tags['caption'], page.tags['table'])
            self.assertIn('<html lang="en">', text)

    def test_pages_need_nothing_from_outside(self):
        self.load(plant())
        for _, text, page in self.pages():
            for tag in ('script', 'link', 'img', 'iframe', 'object', 'embed', 'base', 'form'):
                self.assertEqual(page.tags[tag], 0, tag)
            style = text[text.index('<style>'):text.index('</style>')]
            self.assertNotRegex(style, r'url\(|@import|@font-face')
            self.assertFalse({'src', 'srcset', 'style'} & page.attributes)
            for link_ in page.links:
                self.assertRegex(link_['href'], r'^(#|[a-z0-9-]+\.html(#|$)|[a-z0-9-]+\.json$)')
            self.assertIn("default-src 'none'", text)

    def test_stored_markup_is_inert(self):
        self.load(plant(EVIL))
        for kind, text, page in self.pages():
            self.assertEqual(page.tags['script'] + page.tags['img'], 0)
            self.assertFalse([name for name in page.attributes if name.startswith('on')])
            self.assertNotIn('<script', text)
            self.assertNotIn('<!--', text)
            self.assertEqual(text.count('</style>'), 1)
            self.assertEqual(text.count('</title>'), page.tags['title'], 'each ends a title, of the page or in its drawing')
            self.assertFalse([link_ for link_ in page.links if 'javascript' in link_['href']])
            if kind not in ('overview', 'process', 'programme', 'change', 'incident'):  # these show keys, and what nobody here has
                self.assertIn(EVIL, page.text, 'it is shown as it was written')

    def test_evil_keys_and_project(self):
        key = 'ZN-%41;~#?é)}:1'
        self.zw('project', 'create', 'EVIL', EVIL)
        self.zw('--project', 'EVIL', 'import', self.lines([item(key, 'zone'), item('ZN-2', 'zone')]))
        for kind in self.types():
            self.zw('--project', 'EVIL', '--instant', AT, 'report', kind, '-o', self.path('evil.html'))
            with open(self.path('evil.html'), encoding='utf-8') as file:
                text = file.read()
            page = Page(text)
            self.assertEqual(page.problems, [])
            self.assertEqual(text.count('</style>'), 1)
            self.assertEqual(page.tags['script'] + page.tags['img'], 0)
            self.assertIn(EVIL, page.text)
            self.check_links(kind, page)
        with open(self.path('evil.html'), encoding='utf-8') as file:
            self.assertIn('@bottom-left', file.read())

    def check_links(self, kind, page):
        """Every link inside a page leads to something that is there."""
        ids = set(page.ids)
        for link_ in page.links:
            name, _, anchor = link_['href'].partition('#')
            if anchor and name in ('', f'{kind}.html'):
                self.assertIn(anchor, ids, link_)

    def test_numbers_lead_to_the_rows_they_count(self):
        self.load(plant())
        pages = {kind: page for kind, _, page in self.pages()}
        counted = 0
        for kind, page in pages.items():
            self.check_links(kind, page)
            for link_ in page.links:
                name, _, anchor = link_['href'].partition('#')
                there = pages[name.removesuffix('.html') or kind] if not name.endswith('.json') else None
                if there is None or not anchor:
                    continue
                self.assertIn(anchor, there.ids, link_)
                if link_['class'] == 'n' and link_['text'].isdigit() and anchor != 'stages' and not anchor.startswith('entries-'):
                    rows = there.rows[anchor] - (1 if anchor in there.table_ids else 0)
                    if link_['table'] not in ('next',):
                        self.assertEqual(rows, int(link_['text']), (kind, link_))
                        counted += 1
        self.assertGreater(counted, 60)

    def test_unknown_is_shown_as_unknown(self):
        self.load(plant())
        gap = self.tables(self.report('gap'))
        self.assertEqual(next(r['target'] for r in gap['places'] if r['place']['key'] == 'CD-1'), [None] * 7)
        self.assertEqual([(r['open'], r['exploited']) for r in gap['severities'] if r['severity'] == 'not_looked_for'], [(None, None)])
        for kind in ('gap', 'overview'):
            text = Page(self.report(kind, form='html')).text
            self.assertIn('none: ? unknown', text)
            self.assertRegex(text, r'not looked for\? unknown')
        overview = self.report('overview', form='html')
        row = overview[overview.index('>CD-1<'):]
        row = row[:row.index('</tr>')]
        self.assertEqual(row.count('? unknown'), 7, row)
        self.assertNotIn('met', row)

    def test_empty_project(self):
        for kind in self.types():
            with self.subTest(kind=kind):
                self.assertEqual(Page(self.report(kind, form='html')).problems, [])
                self.report(kind)
        self.assertIn('There is no zone and no conduit yet.', Page(self.report('overview', form='html')).text)

    # ---- refusals ----

    def test_refusals_leave_files_alone(self):
        self.load(plant())
        keep = self.path('keep.html')
        with open(keep, 'w', encoding='utf-8') as file:
            file.write('mine')
        cases = [(2, 'did you mean "gap"', ('report', 'gpa', '-o', keep)), (2, 'there are html', ('report', 'gap', '-o', self.path('x.odt'))),
                 (2, 'xml', ('report', 'gap', '--format', 'xml', '-o', keep)), (2, 'ZN-9', ('report', 'gap', '--zone', 'ZN-9', '-o', keep)),
                 (2, 'neither a zone', ('report', 'gap', '--zone', 'AS-1', '-o', keep)), (2, 'too few', ('report',)),
                 (2, 'list, TYPE', ('report', 'gap', 'x')), (3, '', ('--instant', 'yesterday', 'report', 'gap', '-o', keep)),
                 (2, '99', ('--at', '99', 'report', 'gap', '-o', keep)),
                 (6, 'none', ('report', 'gap', '-o', self.path('none/x.html')))]
        for code, words, args in cases:
            with self.subTest(args=args):
                self.assertIn(words, self.zw(*args, code=code))
        with open(keep, encoding='utf-8') as file:
            self.assertEqual(file.read(), 'mine')
        self.assertEqual([name for name in os.listdir(self.folder.name) if name.startswith(('keep.html.', 'x.'))], [])


tap.main()
