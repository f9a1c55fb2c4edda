#!/usr/bin/env python3
"""Changes and incidents: a patch from the finding to its closure, an emergency, dual approval for safety, an incident with its deadlines."""
import datetime
import json
import subprocess

import plant
import tap
from people import People

OPS = [
    {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Trip', 'attrs': {'nature': ['safety']}},
    {'op': 'item', 'key': 'ZN-2', 'kind': 'zone', 'title': 'Control', 'attrs': {'nature': ['control']}},
    {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'Gate 7', 'attrs': {'vendor': 'Example AG', 'product': 'Gate 7', 'version': '1.0'}},
    {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'Trip controller'},
    {'op': 'item', 'key': 'AS-2', 'kind': 'asset', 'title': 'Gate'},
    {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'},
    {'op': 'link', 'from': 'AS-2', 'type': 'part_of', 'to': 'ZN-2'},
    {'op': 'link', 'from': 'AS-2', 'type': 'instance_of', 'to': 'CP-1'},
    {'op': 'item', 'key': 'TS-1', 'kind': 'threat', 'title': 'Someone comes in by the gate'},
    {'op': 'link', 'from': 'TS-1', 'type': 'threatens', 'to': 'AS-2'},
    {'op': 'item', 'key': 'RK-1', 'kind': 'risk', 'title': 'Loss of control'},
    {'op': 'link', 'from': 'RK-1', 'type': 'assesses', 'to': 'TS-1'},
    {'op': 'item', 'key': 'RQ-1', 'kind': 'requirement', 'title': 'Log in'},
    {'op': 'item', 'key': 'CL-1', 'kind': 'claim', 'title': 'By the gate'},
    {'op': 'link', 'from': 'CL-1', 'type': 'answers', 'to': 'RQ-1'},
    {'op': 'link', 'from': 'CL-1', 'type': 'covers', 'to': 'AS-2'},
    {'op': 'item', 'key': 'FD-1', 'kind': 'finding', 'title': 'A hole', 'attrs': {'vulnerability': 'CVE-2026-1', 'severity': 'high'}},
    {'op': 'link', 'from': 'FD-1', 'type': 'concerns', 'to': 'AS-2'},
    {'op': 'item', 'key': 'TC-1', 'kind': 'test_case', 'title': 'The hole is closed', 'attrs': {'stage': 'site'}},
]
JUNIT = '<testsuite name="gate" timestamp="{at}"><testcase name="TC-1 the hole is closed">{inner}</testcase></testsuite>'


def ahead(hours):
    """The time of a clock that is ahead by so much; by a day or more nothing is taken from it."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime('%Y-%m-%dT%H:%M:%S')


class Changes(People):
    roles = {'ann': ['author', 'vulnerability_manager'], 'ira': ['author', 'tester'], 'tom': ['tester'], 'carol': ['approver'],
             'sam': ['safety_engineer']}

    def fill(self):
        super().fill()
        self.zw('import', self.lines(*OPS), '--format', 'native')

    def new(self, title, *links, **attrs):
        made = self.act('ann', 'POST', '/api/v1/items', {'kind': 'change', 'title': title, 'attrs': attrs,
                                                         'links': [{'type': kind, 'to': to} for kind, to in links]}, 201)
        return made.json['key']

    def move(self, who, key, to, status=200):
        return self.act(who, 'POST', f'/api/v1/items/{key}/transitions', {'to': to}, status).json

    def refused(self, who, key, to, words):
        self.assertIn(words, self.move(who, key, to, 409 if any(told in words for told in ('only with', 'by no rule', 'before ')) else 403)['detail'])

    def assess(self, key, who='ann', **body):
        return self.act(who, 'POST', f'/api/v1/operation/changes/{key}/impact', body, 200).json

    def show(self, key):
        return self.api(f'/api/v1/operation/changes/{key}')

    def set(self, key, who='ann', **attrs):
        rev = self.api(f'/api/v1/items/{key}')['rev']
        self.act(who, 'PATCH', f'/api/v1/items/{key}', {'attrs': attrs}, 200, kind='application/merge-patch+json', If_Match=f'"{rev}"')

    def ingest(self, run, at, inner=''):
        body = JUNIT.format(at=at, inner=inner)
        job = self.act('tom', 'POST', f'/api/v1/test-runs?run={run}&name=gate.xml', body, 202, kind='application/xml').json['job']
        while True:
            state = self.act('tom', 'GET', f'/api/v1/jobs/{job}', None, 200).json
            if state['state'] not in ('queued', 'running'):
                self.assertEqual(state['state'], 'done', state)
                return

    def waits(self, who):
        found = self.act(who, 'GET', '/api/v1/work', None, 200).json
        self.assertEqual([one['project'] for one in found], ['MAIN'])
        return [(row['why'], row['key'], row['to']) for row in found[0]['rows']]

    def approve(self, key, who='carol', status=201):
        return self.sign(who, self.body(who, key), status, to='approvals')

    def proven_by_what_is_there_now(self, key):
        """Failed, of another day, of another test, of another change, of a run that was taken back: none of them verifies it."""
        asked = 'only with tests that verify it, each of which passed last: '
        self.ingest('0', '2026-02-01T10:00:00')
        early = f'the result of TC-1 is of 2026-02-01T10:00:00.000Z, before {key} came to be done ('
        self.refused('tom', key, 'verified', asked + early)
        self.assertIn(early, self.show(key)['problems'][0])
        self.ingest('1', '2026-03-01T10:00:00', '<failure message="still open"/>')
        self.assertEqual(self.show(key)['problems'], ['TC-1: last result failed'])
        self.refused('tom', key, 'verified', asked + 'the last result of TC-1 is failed')
        self.ingest('2', ahead(2))
        self.assertEqual(self.show(key)['problems'], [])
        self.move('carol', self.show(key)['tests'][0]['run'], 'retired')
        self.assertEqual(self.show(key)['tests'][0]['status'], 'failed')
        self.refused('tom', key, 'verified', asked + 'the last result of TC-1 is failed')
        # a clock that is ahead does not help
        self.ingest('3', ahead(3))
        self.set('TC-1', expected='refused, and logged')
        self.refused('tom', key, 'verified', 'before TC-1 was changed')
        self.ingest('4', ahead(4))
        self.set(key, back_out='image of version 1, by hand')
        self.refused('tom', key, 'verified', f'before {key} was changed')
        self.ingest('5', ahead(5))

    def test_a_patch_from_finding_to_closure(self):
        self.move('ann', 'FD-1', 'acknowledged')
        key = self.new('Gate 7 version 2', ('concerns', 'AS-2'), ('resolves', 'FD-1'), nature='patch', back_out='image of version 1')
        self.refused('ann', key, 'assessed', 'only with "impact_commit" filled in')
        self.refused('ann', key, 'approved', 'from open to approved by no rule')
        # looked at, tried with what is proposed, then attached
        reached = self.api(f'/api/v1/operation/changes/{key}/impact')['impact']
        self.assertEqual((reached['requirements'], reached['risks'], reached['places'], reached['touches_safety'], reached['what_if']),
                         (['RQ-1'], ['RK-1'], ['ZN-2'], False, None))
        proposed = [{'op': 'item', 'key': 'CP-1', 'attrs': {'version': '2.0'}}]
        tried = self.act('ann', 'POST', f'/api/v1/operation/changes/{key}/impact?dry_run=true', {'ops': proposed}, 200).json
        self.assertEqual([row['key'] for row in tried['impact']['what_if']['changed']], ['CP-1'])
        self.assertNotIn('attached', tried)
        self.assertIsNone(self.show(key)['impact'])
        done = self.assess(key, ops=proposed)
        self.assertRegex(done['summary'], r'requirements 1, risks 1, zones and conduits 1, safety functions 0')
        kept = next(file for file in self.api(f'/api/v1/items/{key}')['attachments'] if file['name'] == done['attached'])
        self.assertEqual(self.api(f'/api/v1/attachments/{kept["sha256"]}'), done['impact'])
        self.move('ann', key, 'assessed')
        # approved by role, not by who wrote it
        self.refused('ann', key, 'approved', 'approver')
        self.assertEqual((self.waits('carol'), self.waits('sam')), ([('decide', key, 'approved')], []))
        self.approve(key)
        self.assertEqual((self.show(key)['state'], self.waits('carol')), ('approved', []))
        self.move('ann', key, 'in_progress')
        self.set('CP-1', version='2.0')
        self.move('ann', key, 'done')
        self.assertEqual(self.show(key)['problems'], ['no test verifies it'])
        # verified by another, with a test that verifies it
        self.refused('tom', key, 'verified', 'only with 1 link(s) verifies to it')
        self.act('ira', 'POST', '/api/v1/links', {'from': 'TC-1', 'type': 'verifies', 'to': key}, 201)
        self.assertEqual(self.show(key)['problems'], ['TC-1 was never run'])
        self.proven_by_what_is_there_now(key)
        self.move('tom', key, 'verified')
        self.move('carol', key, 'closed')
        shown = self.show(key)
        self.assertEqual((shown['problems'], shown['tests'][0]['status']), (['FD-1 is still acknowledged'], 'passed'))
        self.move('ann', 'FD-1', 'fixed')
        shown = self.show(key)
        self.assertEqual(shown['problems'], [])
        self.assertEqual([row['state'] for row in shown['timeline']],
                         ['open', 'assessed', 'approved', 'in_progress', 'done', 'verified', 'closed'])
        self.assertEqual([row['by'] for row in shown['timeline']], ['ann', 'ann', 'carol', 'ann', 'ann', 'tom', 'carol'])
        # one search tells it, from finding to closure
        story = [act for entry in reversed(self.api(f'/api/v1/log?keys={key}')) for act in entry['acts']]
        told = [(act['what'], act.get('key'), act.get('to')) for act in story]
        for act in [('transition', 'FD-1', 'acknowledged'), ('create', key, None), ('transition', key, 'assessed'), ('sign', key, None),
                    ('transition', key, 'approved'), ('transition', key, 'done'), ('link', None, key), ('transition', key, 'verified'),
                    ('transition', key, 'closed'), ('transition', 'FD-1', 'fixed')]:
            self.assertIn(act, told)
        self.assertIn('results', [act['what'] for act in story])
        order = [told.index(act) for act in [('transition', 'FD-1', 'acknowledged'), ('create', key, None), ('transition', key, 'approved'),
                                             ('transition', key, 'verified'), ('transition', key, 'closed'), ('transition', 'FD-1', 'fixed')]]
        self.assertEqual(order, sorted(order))

    def test_a_change_that_denies_safety_is_not_believed(self):
        self.zw('import', '--format', 'native', self.lines(
            {'op': 'item', 'key': 'CP-90', 'kind': 'component', 'title': 'Relay'}, {'op': 'item', 'key': 'AS-90', 'kind': 'asset', 'title': 'Relay'},
            {'op': 'link', 'from': 'AS-90', 'type': 'instance_of', 'to': 'CP-90'},
            {'op': 'item', 'key': 'SF-90', 'kind': 'safety_function', 'title': 'Stop'},
            {'op': 'link', 'from': 'SF-90', 'type': 'uses', 'to': 'AS-90', 'as': 'logic'}))
        for concerned in ('AS-90', 'CP-90'):
            key = self.new('Another relay', ('concerns', concerned), nature='design')
            self.assertTrue(self.assess(key)['impact']['touches_safety'])
            self.set(key, touches_safety=False)
            self.move('ann', key, 'assessed')
            self.approve(key)
            self.assertEqual(self.show(key)['state'], 'assessed')
            self.refused('carol', key, 'approved', 'only with the signature "safety_approved"')
        # however far away it is
        self.zw('import', '--format', 'native', self.lines(
            *({'op': 'item', 'key': f'ZN-{n}', 'kind': 'zone', 'title': f'Level {n}', 'attrs': {'nature': ['safety']} if n == 120 else {}} for n in range(100, 121)),
            *({'op': 'link', 'from': f'ZN-{n}', 'type': 'part_of', 'to': f'ZN-{n + 1}'} for n in range(100, 120)),
            {'op': 'item', 'key': 'AS-91', 'kind': 'asset', 'title': 'Far away'}, {'op': 'link', 'from': 'AS-91', 'type': 'part_of', 'to': 'ZN-100'}))
        key = self.new('Something far away', ('concerns', 'AS-91'), nature='design')
        self.assess(key)
        self.set(key, touches_safety=False)
        self.move('ann', key, 'assessed')
        self.approve(key)
        self.refused('carol', key, 'approved', 'only with the signature "safety_approved"')
        # a function that is retired makes nothing a matter of safety any more
        self.zw('retire', 'SF-90', '-m', 'taken away')
        key = self.new('Yet another relay', ('concerns', 'AS-90'), nature='design')
        self.assertFalse(self.assess(key)['impact']['touches_safety'])
        self.move('ann', key, 'assessed')
        self.approve(key)
        self.assertEqual(self.show(key)['state'], 'approved')

    def test_safety_asks_for_both_disciplines(self):
        key = self.new('Another trip limit', ('concerns', 'AS-1'), nature='design')
        self.assertTrue(self.assess(key)['impact']['touches_safety'])
        self.move('ann', key, 'assessed')
        self.refused('carol', key, 'approved', 'only with the signature "approved" (dual approval for security and safety')
        self.assertEqual(self.sign('carol', self.body('carol', key, 'safety_approved'), 403).json['code'], 'DENIED')
        self.assertEqual((self.waits('carol'), self.waits('sam')), ([('sign', key, None)], [('sign', key, None)]))
        self.approve(key)  # signs, and moves nothing yet
        self.assertEqual(self.show(key)['state'], 'assessed')
        self.refused('carol', key, 'approved', 'only with the signature "safety_approved"')
        self.sign('sam', self.body('sam', key, 'safety_approved'))
        self.assertEqual((self.waits('carol'), self.waits('sam')), ([('decide', key, 'approved')], []))
        # what they signed is what is approved: another text is signed anew
        self.set(key, back_out='the old limit')
        self.refused('carol', key, 'approved', 'only with the signature "approved"')
        self.sign('sam', self.body('sam', key, 'safety_approved'))
        self.approve(key)
        self.assertEqual(self.show(key)['state'], 'approved')

    def test_what_waits_for_whom(self):
        for kind, title, attrs in (('action', 'Ask the maker', {'due': '2026-01-01'}), ('waiver', 'Until spring', {'decision': 'deferred', 'expires': '2026-01-01'})):
            self.act('ann', 'POST', '/api/v1/items', {'kind': kind, 'title': title, 'owner': 'tom', 'attrs': attrs}, 201)
        review = self.act('ann', 'POST', '/api/v1/reviews', {'title': 'Look', 'items': ['RQ-1', 'CL-1'], 'reviewers': ['tom']}, 201).json['key']
        rows = self.act('tom', 'GET', '/api/v1/work', None, 200).json[0]['rows']
        self.assertEqual([(row['why'], row['key'], row['overdue'], row['count']) for row in rows],
                         [('own', 'AC-1', True, 1), ('expires', 'WV-1', True, 1), ('review', review, False, 2)])
        self.assertEqual(self.waits('carol'), [('escalated', 'AC-1', None)])
        self.assertEqual(self.waits('ann'), [('findings', None, None)])
        self.act('tom', 'POST', f'/api/v1/reviews/{review}/decisions', {'item': 'RQ-1', 'decision': 'accepted'}, 200)
        self.assertEqual(self.act('tom', 'GET', '/api/v1/work', None, 200).json[0]['rows'][-1]['count'], 1)
        self.act('ann', 'PATCH', '/api/v1/items/AC-1', {'owner': 'ann'}, 200, kind='application/merge-patch+json', If_Match='"1"')
        self.assertEqual(self.waits('ann'), [('own', 'AC-1', None), ('findings', None, None)])

    def test_an_emergency_is_approved_later(self):
        key = self.new('The port is closed', ('concerns', 'AS-2'), nature='configuration', due='2098-01-01')
        self.refused('ann', key, 'emergency', 'only with "emergency" filled in')
        self.set(key, emergency='it is being scanned')
        self.move('ann', key, 'emergency')
        for to in ('verified', 'closed', 'done', 'approved'):
            self.refused('carol', key, to, 'by no rule')
        late = self.api(f'/api/v1/operation/changes/{key}?instant=2099-01-01')
        self.assertEqual((late['overdue'], self.show(key)['overdue']), (True, False))
        self.assertEqual(late['problems'], ['no impact analysis is attached', 'carried out without approval for more than 7 days'])
        self.assess(key)
        self.move('ann', key, 'assessed')
        self.approve(key)
        self.move('ann', key, 'done')
        self.act('ira', 'POST', '/api/v1/links', {'from': 'TC-1', 'type': 'verifies', 'to': key}, 201)
        self.refused('ann', key, 'verified', 'tester')
        self.refused('tom', key, 'verified', 'only with tests that verify it, each of which passed last')
        self.ingest('emergency', datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%f')[:-3])
        # what a branch began with is as old as it is in the project
        self.send('POST', '/api/v1/branches?project=MAIN', {'name': 'next'}, 201)
        self.assertEqual([told for told in self.api(f'/api/v1/operation/changes/{key}?project=MAIN.next')['problems'] if 'TC-1' in told], [])
        self.act('tom', 'POST', f'/api/v1/items/{key}/transitions?project=MAIN.next', {'to': 'verified'}, 200)
        self.move('tom', key, 'verified')
        # what changed after the impact was computed is told of while it matters
        other = self.new('Next', ('concerns', 'AS-2'))
        self.assess(other)
        self.set('AS-2', hostname='gate')
        self.move('ann', other, 'assessed')
        self.assertRegex(self.show(other)['problems'][0], 'AS-2 changed since the impact was computed')

    def test_an_incident(self):
        key = self.act('ann', 'POST', '/api/v1/items', {'kind': 'incident', 'title': 'Somebody was in', 'attrs': {
            'occurred': '2026-01-30', 'aware': '2026-01-31T10:00:00Z', 'regimes': ['nis2', 'nis3']},
            'links': [{'type': 'concerns', 'to': 'AS-2'}, {'type': 'concerns', 'to': 'RQ-1'}]}, 201).json['key']
        path = f'/api/v1/operation/incidents/{key}'
        shown = self.api(path + '?instant=2026-02-01T09:00:00Z')
        self.assertEqual([(c['clock'], c['state'], c['due'], c['left_s']) for c in shown['clocks']],
                         [('nis2.early_warning', 'running', '2026-02-01T10:00:00.000Z', 3600),
                          ('nis2.notification', 'running', '2026-02-03T10:00:00.000Z', 49 * 3600),
                          ('nis2.final_report', 'waiting', None, None)])
        self.assertIn('no regime "nis3", did you mean "nis2"', shown['problems'][0])
        self.assertEqual((shown['foreseen'], [c['key'] for c in shown['candidates']], [f['key'] for f in shown['failed']]),
                         (None, ['TS-1'], ['RQ-1']))
        self.assertEqual(([a['key'] for a in shown['assets']], [p['key'] for p in shown['affected_places']]), (['AS-2'], ['ZN-2']))
        self.assertEqual(self.api(path + '?instant=2026-02-02')['clocks'][0]['state'], 'overdue')
        # notifications: in time, late, and the one that runs from another
        told = path + '/notifications'
        self.assertEqual(self.act('ann', 'POST', told, {'clock': 'nis2.early_waring'}, 404).json['code'], 'NAME_UNKNOWN')
        self.act('ann', 'POST', told, {'clock': 'cra_incident.notification'}, 409)
        self.act('ann', 'POST', told, {'clock': 'nis2.notification', 'sent': '2099-01-01'}, 422)
        self.act('tom', 'POST', told, {'clock': 'nis2.notification'}, 403)
        self.act('ann', 'POST', told + '?editorial=true', {'clock': 'nis2.early_warning', 'sent': '2026-02-01T12:00:00Z'}, 200)
        self.assertTrue(self.api('/api/v1/log?limit=1')[0]['editorial'])
        body = {'clock': 'nis2.notification', 'sent': '2026-01-31T12:00:00Z'}
        once, again = (self.act('ann', 'POST', told, body, 200, idempotency_key='n1').json['changes'] for _ in range(2))
        self.assertEqual((again['commit'], again['repeated']), (once['commit'], True), 'what is done is done once')
        self.act('ann', 'POST', told, {**body, 'sent': '2026-01-30'}, 422, idempotency_key='n1')
        shown = self.api(path + '?instant=2026-02-01T12:00:00Z')
        self.assertEqual([(c['state'], c['due']) for c in shown['clocks']],
                         [('late', '2026-02-01T10:00:00.000Z'), ('met', '2026-02-03T10:00:00.000Z'), ('running', '2026-02-28T12:00:00.000Z')])
        # every step asks for what it is about
        for to, attrs, words in [('triaged', {'severity': 'high'}, 'severity'), ('contained', {'containment': 'cable out'}, 'containment'),
                                 ('analysed', {'root_cause': 'an old account'}, 'root_cause')]:
            self.refused('ann', key, to, f'only with "{words}" filled in')
            self.set(key, **attrs)
            self.move('ann', key, to)
        self.refused('ann', key, 'in_progress', 'only with 1 link(s) resolves to it')
        self.act('ann', 'POST', '/api/v1/items', {'kind': 'action', 'title': 'Close the account', 'links': [{'type': 'resolves', 'to': key}]}, 201)
        self.act('ann', 'POST', '/api/v1/items', {'kind': 'threat', 'title': 'An account nobody uses', 'links': []}, 201)
        self.act('ann', 'POST', '/api/v1/links', {'from': key, 'type': 'derives', 'to': 'TS-2'}, 201)
        shown = self.api(path)
        self.assertEqual((shown['foreseen'], [one['key'] for one in shown['lessons']], [one['key'] for one in shown['actions']]),
                         (False, ['TS-2'], ['AC-1']))
        self.act('ann', 'POST', '/api/v1/links', {'from': key, 'type': 'relates_to', 'to': 'TS-1'}, 201)
        shown = self.api(path)
        self.assertEqual((shown['foreseen'], [(one['key'], one['before']) for one in shown['scenarios']]), (True, [('TS-2', False), ('TS-1', True)]))
        self.assertEqual([(row['what'], row.get('state') or row.get('clock')) for row in shown['timeline']][:4],
                         [('occurred', None), ('aware', None), ('notified', 'nis2.notification'), ('notified', 'nis2.early_warning')])
        self.move('ann', key, 'in_progress')
        self.move('ann', key, 'done')
        self.refused('ann', key, 'closed', 'approver')
        self.move('carol', key, 'closed')

    def test_the_policy(self):
        policy = self.api('/api/v1/operation/policy')
        own = {**policy, 'regimes': [{'name': 'plant', 'title': 'The plant itself', 'clocks': [
            {'name': 'call', 'title': 'a call', 'from': 'aware', 'hours': 1}]}]}
        for broken, place in [({**policy, 'remind_days': -1}, '/remind_days'), ({**policy, 'more': 1}, '/more'), ({'regimes': []}, '/remind_days'),
                              ({**own, 'regimes': [{**own['regimes'][0], 'clocks': [{'name': 'call', 'title': 'x', 'from': 'later', 'hours': 1}]}]}, 'clocks/0'),
                              ({**own, 'regimes': [{**own['regimes'][0], 'clocks': [{'name': 'call', 'title': 'x', 'from': 'aware'}]}]}, 'clocks/0'),
                              ({**own, 'weakness': policy['weakness'][:3]}, '/weakness'),
                              ({**own, 'weakness': [{**one, 'name': 'acknowledge'} for one in policy['weakness']]}, '/weakness/1'),
                              ({**own, 'weakness': [{**one, 'from': 'aware'} for one in policy['weakness']]}, '/weakness/0'),
                              ({**own, 'regimes': own['regimes'] * 2}, '/regimes/1')]:
            self.assertIn(place, self.send('PUT', '/api/v1/operation/policy', {'policy': broken}, 422).json['pointer'])
        self.send('PUT', '/api/v1/operation/policy', {'policy': own}, 200)
        self.assertEqual(self.api('/api/v1/operation/policy'), own)
        self.send('PUT', '/api/v1/operation/policy', {'policy': None}, 200)
        self.assertEqual(self.api('/api/v1/operation/policy'), policy)

    def test_much_is_touched(self):
        many = [f'RQ-{100 + i}' for i in range(60)]
        self.zw('import', self.lines(*({'op': 'item', 'key': key, 'kind': 'requirement', 'title': key} for key in many),
                                     *({'op': 'link', 'from': 'CL-1', 'type': 'answers', 'to': key} for key in many)), '--format', 'native')
        key = self.new('Gate 8', ('concerns', 'AS-2'))
        self.assertEqual((self.show(key)['n_requirements'], len(self.show(key)['requirements'])), (61, 50))
        self.assertIn('\n    and 11 more\n', self.zw('change', 'show', key), 'what is left out is said')
        # more suspect links than are looked at for their owners
        self.assertFalse(self.act('tom', 'GET', '/api/v1/work', None, 200).json[0]['more'])
        claims = [f'CL-{100 + i}' for i in range(2001)]
        self.zw('import', self.lines(*({'op': 'item', 'key': one, 'kind': 'claim', 'title': one} for one in claims),
                                     *({'op': 'link', 'from': one, 'type': 'answers', 'to': 'RQ-1'} for one in claims)), '--format', 'native')
        self.set('RQ-1', ref='62443-3-3 SR 1.1')
        self.assertTrue(self.act('tom', 'GET', '/api/v1/work', None, 200).json[0]['more'])


class OfTheSample(plant.Sample):
    def test_lists(self):
        self.assertEqual([c['key'] for c in self.json('change', 'list')], ['CH-1', 'CH-2', 'CH-3', 'CH-4', 'CH-5'])
        self.assertEqual([c['key'] for c in self.json('change', 'list', '--state', 'open')], ['CH-3'])
        self.assertIn('no state "opn"', self.zw('change', 'list', '--state', 'opn', code=2))
        self.assertIn('ZN-1 is a zone', self.zw('change', 'show', 'ZN-1', code=2))
        shown = self.json('change', 'show', 'CH-1')
        self.assertEqual(([o['key'] for o in shown['concerns']], [o['key'] for o in shown['resolves']], shown['places']),
                         (['CP-6'], ['FD-4'], ['ZN-2', 'ZN-8', 'ZN-9']))
        modem = self.json('change', 'show', 'CH-3')
        self.assertLess(modem['n_places'], 5, 'what is connected to everything does not touch everything')
        self.assertEqual([i['key'] for i in self.json('incident', 'list')], ['IN-1', 'IN-2'])
        self.assertIn('no impact analysis is attached', self.zw('change', 'list'))
        self.assertEqual(self.zw('incident', 'policy', 'default'), 'nothing was changed\n')
        first = subprocess.run([plant.ZW, '--data', self.data, '--json', 'change', 'impact', 'CH-1'], capture_output=True, check=True, timeout=60).stdout
        self.assertIn('AS-12', {row['key'] for row in json.loads(first)['impact']['reached']})


if __name__ == '__main__':
    tap.main()
