#!/usr/bin/env python3
"""Auditors limited to a baseline: what they see, what they do not, and that every view is recorded."""
import datetime
import html
import json
import os
import re
import shutil
import time

import tap
from server import Served


class Auditor(Served):
    def fill(self):
        self.zw('add', 'zone', 'title=Filters')
        self.zw('add', 'zone', 'title=Pumps')
        self.zw('link', 'ZN-1', 'relates_to', 'ZN-2')
        self.zw('baseline', 'create', 'Issue 1')
        self.seq = self.json('project', 'list')[0]['commits'] - 1  # the baseline names the commit before its own
        self.zw('set', 'ZN-1', 'title=Filters and what came later')
        self.zw('comment', 'add', 'ZN-1', 'said later')
        self.zw('add', 'zone', 'title=A later zone')
        self.zw('user', 'add', 'eve')
        self.zw('role', 'grant', 'eve', 'auditor', '--baseline', 'BL-1')
        self.eve = self.json('token', 'create', 'eve', '--person', 'eve', '--scope', 'read,audit')['token']

    def ask(self, path, status=200, method='GET', body=None):
        return self.send(method, f'/p/MAIN/api/v1/{path}', body, status, Authorization=f'Bearer {self.eve}').json

    def bytes(self, path):
        response = self.get(path, headers={'Authorization': f'Bearer {self.eve}'})
        self.assertEqual(response.status, 200, response.content)
        return response

    def views(self):
        return [e['object'] for e in self.json('audit', '--most', '1000') if e['action'] == 'view' and e['person'] == 'eve']

    def test_the_baseline_and_nothing_later(self):
        for path in ('items', 'items/ZN-1', 'items/ZN-1/history', 'items/ZN-1/trace', 'items/ZN-1/impact', 'items/ZN-1/neighbourhood', 'items/ZN-1/connection?to=ZN-2', 'trace-matrix?from=zone&to=zone', 'log', 'zones', 'sl', 'gaps', 'lint', 'signatures', 'workflows',
                     'baseline-signatures', 'risk-ratings', 'exports/native', 'diff?from=1', 'zcr', 'assessments', 'assessments/62443-4-1', 'plan', 'inventory/differences', 'drawing', 'drawing.svg', 'items/ZN-1/comments'):
            response = self.bytes(f'/p/MAIN/api/v1/{path}')
            self.assertNotIn(b'later', response.content, path)
            self.assertNotIn(b'ZN-3', response.content, path)
        self.assertEqual([item['title'] for item in self.ask('zones')], ['Filters', 'Pumps'])
        self.assertEqual([rev['rev'] for rev in self.ask('items/ZN-1/history')], [1])
        self.assertEqual(self.ask('items?q=text:later'), [])
        self.ask('items/ZN-3', 404)
        response = self.send('GET', '/reports/gap.html?project=MAIN', None, 200, Authorization=f'Bearer {self.eve}')
        self.assertNotIn(b'later', response.content)
        self.assertEqual([(p['key'], p['commits']) for p in self.send('GET', '/api/v1/projects', None, 200, Authorization=f'Bearer {self.eve}').json], [('MAIN', self.seq)])

    def test_the_same_however_it_is_asked(self):
        self.assertEqual([item['title'] for item in self.ask(f'zones?at={self.seq}')], ['Filters', 'Pumps'])
        self.ask(f'zones?at={self.seq - 1}', 403)
        self.ask(f'zones?at={self.seq + 1}', 404)
        self.ask('zones?at=2099-01-01', 404)
        self.ask(f'diff?from=1&to={self.seq + 2}', 404)
        self.ask(f'diff?from={self.seq + 1}', 404)

    def test_what_goes_beyond_is_refused(self):
        for path in ('audit', 'verify', 'check', 'items/ZN-1/transitions', 'suspects', f'attachments/{"0" * 64}'):
            self.assertEqual(self.ask(path, 403)['code'], 'DENIED', path)
        self.send('GET', '/api/v1/projects/MAIN/export', None, 403, Authorization=f'Bearer {self.eve}')
        self.send('GET', '/api/v1/events?project=MAIN', None, 404, Authorization=f'Bearer {self.eve}', Last_Event_ID='nonsense')
        self.ask('items', 403, 'POST', {'kind': 'zone', 'title': 'x'})
        for kind in ('verify', 'project.export'):
            self.send('POST', '/api/v1/jobs', {'kind': kind, 'input': {'project': 'MAIN'}}, 403, Authorization=f'Bearer {self.eve}')

    def test_a_job_is_held_to_it_too(self):
        made = self.send('POST', '/api/v1/jobs', {'kind': 'export', 'input': {'project': 'MAIN', 'format': 'native'}}, 202, Authorization=f'Bearer {self.eve}').json
        end = time.monotonic() + 60
        while (job := self.send('GET', f'/api/v1/jobs/{made["job"]}', None, 200, Authorization=f'Bearer {self.eve}').json)['state'] in ('queued', 'running'):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)
        self.assertEqual(job['state'], 'done', job)
        content = self.bytes(f'/api/v1/jobs/{made["job"]}/file').content
        self.assertIn(b'Filters', content)
        self.assertNotIn(b'later', content)

    def test_every_view_is_recorded(self):
        before = len(self.views())
        self.ask('zones?q=text:Pumps')
        self.ask('items/ZN-1')
        self.ask('gaps')
        self.ask('audit', 403)
        self.assertEqual(self.views()[:len(self.views()) - before], ['gaps', 'item.show ZN-1', 'item.page text:Pumps'])

    def test_another_role_lifts_it(self):
        self.zw('role', 'grant', 'eve', 'viewer')
        self.assertEqual(len(self.ask('zones')), 3)
        self.zw('role', 'revoke', 'eve', 'viewer')
        self.assertEqual(len(self.ask('zones')), 2)

    def test_a_baseline_that_is_moved_shows_no_more(self):
        self.run_zw('set', 'BL-1', 'seq=7')  # refused or not
        self.assertEqual(len(self.ask('zones')), 2)

    def test_until(self):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
        self.zw('role', 'grant', 'eve', 'auditor', '--baseline', 'BL-1', '--until', soon.strftime('%Y-%m-%dT%H:%M:%SZ'))
        [row] = [row for row in self.json('role', 'list') if row['name'] == 'eve']
        self.assertEqual((row['role'], row['baseline']), ('auditor', 'BL-1'))
        self.assertIn('as of BL-1', self.zw('role', 'list'))
        self.ask('zones')
        time.sleep(max(0, (soon - datetime.datetime.now(datetime.timezone.utc)).total_seconds()) + 0.2)
        self.assertIn('there is no project', self.ask('zones', 404)['detail'])

    def test_limits_that_are_none(self):
        self.zw('role', 'grant', 'eve', 'viewer', '--baseline', 'BL-1', code=3)
        self.zw('role', 'grant', 'eve', 'auditor', 'viewer', '--baseline', 'BL-1', code=3)
        for key in ('BL-9', 'ZN-1', '1', ''):
            self.zw('role', 'grant', 'eve', 'auditor', '--baseline', key, code=2)
        self.zw('role', 'grant', 'eve', 'auditor', '--baseline', 'BL-1', '--until', '2020-01-01', code=3)
        self.send('POST', '/api/v1/roles?project=MAIN', {'name': 'eve', 'roles': ['auditor'], 'baseline': 'BL-9'}, 404)
        self.send('POST', '/api/v1/roles?project=MAIN', {'name': 'eve', 'roles': ['auditor'], 'baseline': 'BL-1'}, 200)
        self.assertEqual([e['object'] for e in self.json('audit') if e['action'] == 'role.grant'][0], 'eve auditor as of BL-1')


class Zones(Served):
    """An auditor of some zones of the sample plant sees of them what everybody sees, and nothing of the rest."""
    MORE = ('trace-matrix?from=requirement&to=claim', 'exports/native', 'items?limit=1000', 'sl?reasons=true', 'lint?answered=true')
    SOURCE = os.environ['ZONEWRIGHT_SOURCE']
    REPORTS = [name.removesuffix('.json') for name in sorted(os.listdir(os.path.join(SOURCE, 'data/reports'))) if name.endswith('.json')]

    def fill(self):
        self.eves = {}
        shutil.rmtree(self.data)
        self.zw('init', '--sample')
        items = self.json('list')
        self.zones = [item['key'] for item in items if item['kind'] == 'zone'][::3]
        self.titles = {item['key']: item['title'] for item in items}
        # Runs by hand that have no results yet.
        self.runs = {self.json('test', 'execute', test)['key']: test for test in [item['key'] for item in items if item['kind'] == 'test_case'][::9]}
        for zone in self.zones:
            self.zw('user', 'add', f'of-{zone}')
            self.zw('role', 'grant', f'of-{zone}', 'auditor', '--zone', zone)
            self.eves[zone] = self.json('token', 'create', 'eve', '--person', f'of-{zone}', '--scope', 'read')['token']

    def ask(self, path, status=200, **who):
        return self.send('GET', f'/api/v1/{path}', None, status, **who).json

    def of(self, zone):
        return {'Authorization': f'Bearer {self.eves[zone]}'}

    def texts(self, zone):
        """What a zone's auditor is answered at every address of the project, about the zone and what is seen with it."""
        with open(os.path.join(self.SOURCE, 'src/http/routes.def'), encoding='utf-8') as file:
            patterns = re.findall(r'^ROUTE\(GET, "(/api/v1/[^"]+)", \w+, READ, BODY_NONE, IN_PROJECT', file.read(), re.MULTILINE)
        paths = [p.replace('{key}', zone) for p in patterns if not re.search(r'{(?!key)|xlsx', p)]
        for path in [*paths, *(f'/api/v1/{p}' for p in self.MORE), *(f'/reports/{name}.html' for name in self.REPORTS)]:
            response = self.get(path, headers=self.of(zone))
            self.assertIn(response.status, (200, 400, 403, 404), path)
            yield path, response.status, html.unescape(response.content.decode())

    def test_what_is_seen(self):
        runs = 0
        for zone in self.zones:
            seen = {item['key'] for item in self.ask('items?limit=1000', **self.of(zone))}
            self.assertIn(zone, seen)
            self.assertLess(len(seen), len(self.titles))
            self.assertEqual({run for run in self.runs if run in seen}, {run for run, test in self.runs.items() if test in seen})
            runs += len(seen & set(self.runs))
            self.levels_are_those_of_everybody(zone, seen)
            self.what_concerns_the_zone(zone, seen)
            self.nothing_else_is_named(zone, seen)
        self.assertGreater(runs, 0)
        self.only_an_auditor_who_is_nothing_else()

    def levels_are_those_of_everybody(self, zone, seen):
        everybody = {place['place']: place for place in self.ask('sl')}
        eve = self.ask('sl', **self.of(zone))
        self.assertIn(zone, [place['place'] for place in eve])
        for place in eve:
            self.assertIn(place['place'], seen)
            for member in ('target', 'achieved'):
                self.assertEqual(place[member], everybody[place['place']][member], (zone, place['place'], member))

    def what_concerns_the_zone(self, zone, seen):
        shown = self.ask(f'items/{zone}')['links']
        self.assertLessEqual({link['from'] for link in shown if link['to'] == zone and link['type'] == 'part_of'}, seen)
        for link in self.ask(f'items/{zone}', **self.of(zone))['links']:
            self.assertLessEqual({link['from'], link['to']}, seen)
        exported = self.get('/api/v1/exports/native', headers=self.of(zone)).content.decode()
        self.assertEqual({op['key'] for op in map(json.loads, exported.splitlines()) if op.get('op') == 'item'}, seen)

    def nothing_else_is_named(self, zone, seen):
        """In no answer is there the key of another item, or its title, but where a text of what is seen says it."""
        own = self.get('/api/v1/exports/native', headers=self.of(zone)).content.decode()
        words = set(re.findall(r'[\w-]+', own))
        hidden = sorted(self.titles.keys() - seen - words)
        titles = {self.titles[key] for key in hidden if self.titles[key] not in own}
        shown = 0
        for path, status, text in self.texts(zone):
            shown += status == 200
            named = set(hidden) & set(re.findall(r'[\w-]+', text)) | {title for title in titles if title in text}
            self.assertEqual(sorted(named)[:9], [], (zone, path))
        self.assertGreater(shown, 30)
        for path in ('', '/history', '/trace', '/impact', '/neighbourhood', '/comments', '/signatures'):
            self.ask(f'items/{hidden[0]}{path}', 404, **self.of(zone))

    def only_an_auditor_who_is_nothing_else(self):
        zone, other = self.zones[0], self.zones[-1]
        self.ask(f'items/{other}', 404, **self.of(zone))
        self.zw('role', 'grant', f'of-{zone}', 'viewer')
        self.ask(f'items/{other}', **self.of(zone))
        self.zw('role', 'revoke', f'of-{zone}', 'viewer')
        self.ask(f'items/{other}', 404, **self.of(zone))
        self.assertIn('not limited to zones', self.zw('role', 'grant', f'of-{zone}', 'viewer', '--zone', zone, code=3))


class Parts(Served):
    """What of a seen item rests on items that are not seen is judged like everybody's: a part alone would look better, or worse, than it is."""

    def fill(self):
        def item(key, kind, **attrs):
            return {'op': 'item', 'key': key, 'kind': kind, 'title': f'title of {key}', 'attrs': attrs}
        def link(from_, type_, to):
            return {'op': 'link', 'from': from_, 'type': type_, 'to': to}
        def result(case, status):
            return {'op': 'result', 'case': case, 'run': 'TR-1', 'status': status, 'at': '2026-01-01T00:00:00Z'}
        places = [line for n in (1, 2) for line in (item(f'ZN-{n}', 'zone'), item(f'AS-{n}', 'asset'), link(f'AS-{n}', 'part_of', f'ZN-{n}'),
                  item(f'CL-{n}', 'claim', statement='met'), link(f'CL-{n}', 'covers', f'ZN-{n}'))]
        self.zw('import', self.lines(
            *places, item('RQ-1', 'requirement', ref='62443-3-3 SR 1.1'), link('RQ-1', 'allocated_to', 'ZN-1'), link('RQ-1', 'allocated_to', 'ZN-2'),
            item('RQ-2', 'requirement', ref='62443-3-3 SR 1.2'), link('RQ-2', 'allocated_to', 'ZN-1'), link('CL-2', 'answers', 'RQ-1'), link('CL-2', 'answers', 'RQ-2'),
            item('TC-1', 'test_case'), item('TC-2', 'test_case'), link('TC-1', 'verifies', 'RQ-1'), link('TC-2', 'verifies', 'CL-2'),
            item('TR-1', 'test_run', stage='site'), result('TC-1', 'passed'), result('TC-2', 'failed'),
            item('EV-1', 'evidence'), link('EV-1', 'evidences', 'CL-1'), link('EV-1', 'evidences', 'CL-2'),
            item('TS-1', 'threat', frs=[1, 3]), link('TS-1', 'threatens', 'ZN-2'), link('TS-1', 'derives', 'RQ-2'), item('RK-1', 'risk'), link('RK-1', 'within', 'ZN-1'),
            item('ST-1', 'sl_target', vector=[2] * 7), link('ST-1', 'targets', 'ZN-1'),
            link('RK-1', 'assesses', 'TS-1'), item('FD-1', 'finding', broken=['62443-3-3 SR 1.1']), link('FD-1', 'concerns', 'AS-1'), link('FD-1', 'concerns', 'AS-2'),
            item('FD-2', 'finding'), link('FD-2', 'concerns', 'AS-2')))
        self.zw('set', 'CL-2', 'statement=not_met')
        self.zw('user', 'add', 'eve')
        self.zw('role', 'grant', 'eve', 'auditor', '--zone', 'ZN-1')
        self.eve = {'Authorization': f'Bearer {self.json("token", "create", "eve", "--person", "eve", "--scope", "read")["token"]}'}

    def both(self, path):
        """What everybody is answered, and what the auditor is."""
        return (self.send('GET', f'/api/v1/{path}', None, 200, **who).json for who in ({}, self.eve))

    def broken(self, **who):
        sections = self.send('GET', '/reports/traceability.json', None, 200, **who).json['sections']
        return {row['item']['key'] for section in sections for table in section['tables'] if table['id'] == 'breaks' for row in table['rows']}

    def test_the_same_however_little_is_seen(self):
        everybody, eve = ({row['key']: row['state'] for row in answer['requirements']} for answer in self.both('verification'))
        self.assertEqual((everybody, eve), ({'RQ-1': 'failed', 'RQ-2': 'failed'},) * 2)
        everybody, eve = ([row['state'] for row in answer['evidence']] for answer in self.both('evidence-status'))
        self.assertEqual((everybody, eve), (['suspect'], ['suspect']))
        everybody, eve = ([row['frs'] for row in answer] for answer in self.both('risk-ratings'))
        self.assertEqual(everybody, eve)
        self.assertNotEqual(eve, [[]])
        everybody, eve = ({row['ref']: row['stage'] for row in answer} for answer in self.both('gaps?zone=ZN-1'))
        self.assertEqual(everybody, eve)
        self.assertEqual((eve['62443-3-3 SR 1.1'], eve['62443-3-3 SR 1.2']), ('not_derived', 'not_claimed'))
        everybody, eve = self.both('findings/FD-1/impact')
        self.assertEqual(everybody['hash'], eve['hash'])
        self.assertEqual([[asset['key'] for asset in answer['assets']] for answer in (everybody, eve)], [['AS-1', 'AS-2'], ['AS-1']])
        for asked in ('', '&limit=1', '&limit=9'):
            everybody, eve = ([row['key'] for row in answer] for answer in self.both(f'findings?sort=-key{asked}'))
            self.assertEqual((everybody[0], eve), ('FD-2', ['FD-1']), asked)
        self.breaks_are_those_of_everybody()
        self.what_holds_of_the_whole_only_is_refused()

    def breaks_are_those_of_everybody(self):
        """RQ-2 is answered, if by a claim for another zone, and RK-1 is of a scenario."""
        everybody, eve = self.broken(), self.broken(**self.eve)
        self.assertLessEqual(eve, everybody)
        self.assertIn('RK-1', eve)

    def what_holds_of_the_whole_only_is_refused(self):
        for name in ('safety-security', 'programme', 'process'):
            self.send('GET', f'/reports/{name}.json', None, 200)
            self.assertEqual(self.send('GET', f'/reports/{name}.json', None, 403, **self.eve).json['code'], 'DENIED')
        everybody, eve = self.both('work')
        self.assertEqual(([one['project'] for one in everybody], eve), (['MAIN'], []))


if __name__ == '__main__':
    tap.main()
