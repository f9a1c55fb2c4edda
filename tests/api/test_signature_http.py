#!/usr/bin/env python3
"""Signatures and state machines over HTTP, by several people: sessions sign, tokens do not; stale views, replays, other projects."""
import json
import urllib.parse

import tap
from people import PASSWORD, People


class Signatures(People):
    roles = {'alice': ['author'], 'bob': ['approver'], 'carol': ['approver'], 'otto': ['asset_owner'], 'vera': ['viewer'], 'adam': ['administrator']}

    def fill(self):
        super().fill()
        self.zw('add', 'zone', 'title=Trip', 'nature=safety')
        self.zw('add', 'countermeasure', 'title=Locks <script>')
        self.zw('add', 'countermeasure', 'title=Filter')
        self.zw('link', 'CM-2', 'deployed_on', 'ZN-1')
        for key in ('CM-1', 'CM-2'):
            self.zw('move', key, 'in_review')
        self.zw('project', 'create', 'OTHER')

    def ask(self, name, path, status=200):
        return self.act(name, 'GET', path, None, status).json

    def test_sign_and_list(self):
        shown = self.ask('bob', '/p/MAIN/api/v1/items/CM-1/manifest?meaning=approved&reason=%22x%22+role+author')
        self.assertIn('title "Locks <script>"\n', shown['manifest'])
        self.assertIn('reason "\\"x\\" role author"\n', shown['manifest'])
        self.assertEqual((shown['person'], shown['role']), ('bob', 'approver'))
        made = self.sign('bob', self.body('bob', 'CM-1'))
        self.assertEqual(int(made.headers['Zonewright-Seq']), made.json['commit'])
        rows = self.ask('vera', '/p/MAIN/api/v1/items/CM-1/signatures')
        self.assertEqual([(r['person'], r['meaning'], r['standing']) for r in rows], [('bob', 'approved', True)])
        self.assertEqual(self.ask('vera', '/p/MAIN/api/v1/signatures?person=bob'), rows)
        self.assertEqual(self.ask('vera', '/p/MAIN/api/v1/signatures?person=carol'), [])
        self.assertTrue(self.ask('vera', '/p/MAIN/api/v1/verify')['ok'])

    def test_dual_approval(self):
        first = self.sign('bob', self.body('bob', 'CM-2'), to='approvals').json['signed'][0]
        self.assertIn('two people', first['missing'])
        moves = {m['to']: m for m in self.ask('carol', '/p/MAIN/api/v1/items/CM-2/transitions')['transitions']}
        self.assertEqual((moves['draft']['allowed'], moves['approved']['allowed']), (True, False))
        self.assertIn('there are 1', moves['approved']['why'])
        self.assertIn('by the role', self.ask('vera', '/p/MAIN/api/v1/items/CM-2/transitions')['transitions'][0]['why'])
        self.assertEqual(self.ask('vera', '/p/MAIN/api/v1/items/CM-2')['state'], 'in_review')
        second = self.sign('carol', self.body('carol', 'CM-2'), to='approvals').json['signed'][0]
        self.assertEqual((second['state'], second['missing']), ('approved', None))

    def test_many(self):
        query = urllib.parse.urlencode([('keys', 'CM-1'), ('keys', 'CM-2'), ('meaning', 'approved')])
        shown = self.ask('bob', '/p/MAIN/api/v1/manifests?' + query)
        items = [{name: one[name] for name in ('key', 'rev', 'hash')} for one in shown]
        made = self.sign('bob', {'items': items, 'reason': 'both', 'password': PASSWORD}, to='approvals').json['signed']
        self.assertEqual([(r['key'], r['state']) for r in made], [('CM-1', 'approved'), ('CM-2', 'in_review')])

    def test_stale(self):
        body = self.body('bob', 'CM-1')
        self.zw('--project', 'MAIN', 'set', 'CM-1', 'title=Changed meanwhile')
        problem = self.sign('bob', body, 409).json
        self.assertEqual((problem['code'], problem['yours']), ('STALE', {'rev': body['rev'], 'hash': body['hash']}))
        self.assertEqual(problem['theirs']['rev'], body['rev'] + 1)
        self.assertIn('Changed meanwhile', problem['theirs']['manifest'])
        self.sign('bob', self.body('bob', 'CM-1'))

    def test_replayed_and_transplanted(self):
        body = self.body('bob', 'CM-1')
        self.sign('bob', body)
        self.assertEqual(self.sign('bob', body, 409).json['code'], 'EXISTS')
        self.assertEqual(self.sign('bob', {**body, 'on': 'CM-2'}, 409).json['code'], 'STALE')
        self.assertEqual(self.sign('bob', body, 404, project='OTHER').json['code'], 'NOT_FOUND')
        self.zw('role', 'grant', 'carol', 'approver', '--project', 'OTHER')
        self.assertEqual(self.sign('carol', body, 404, project='OTHER').json['code'], 'NOT_FOUND')
        # What one was shown another may sign only if it says the same of the item: the hash is of content, the person of who asks.
        self.assertEqual(self.sign('carol', body).json['signed'][0]['hash'], body['hash'])

    def test_not_for_another(self):
        body = self.body('bob', 'CM-1')
        for more, status, code in (({'person': 'carol'}, 422, 'INPUT'), ({'project': 'OTHER'}, 422, 'INPUT'),
                                   ({'role': 'asset_owner'}, 403, 'DENIED'), ({'role': 'king'}, 404, 'NAME_UNKNOWN'),
                                   ({'meaning': 'blessed'}, 404, 'NAME_UNKNOWN'), ({'meaning': 'owner_approval'}, 403, 'DENIED'),
                                   ({'password': 'a guess at it, one'}, 401, 'SIGN_IN'), ({'password': ''}, 422, 'INPUT'),
                                   ({'password': 7}, 422, 'INPUT'), ({'reason': ' '}, 400, 'USAGE'), ({'reason': 7}, 422, 'INPUT'),
                                   ({'rev': 'x'}, 422, 'INPUT'), ({'hash': None}, 422, 'INPUT'), ({'rev': 1}, 409, 'STALE'),
                                   ({'on': 'CM-99'}, 404, 'NOT_FOUND'), ({'on': None}, 422, 'INPUT'), ({'items': []}, 400, 'USAGE'),
                                   ({'more': 1}, 422, 'INPUT'), ({'reason': 'x' * 5000}, 413, 'LIMIT')):
            with self.subTest(more=more):
                problem = self.sign('bob', {**body, **more}, status).json
                self.assertEqual(problem['code'], code)
                self.assertNotIn(PASSWORD, json.dumps(problem))
        for name, status in (('vera', 403), ('adam', 403), ('alice', 403), ('otto', 403)):
            with self.subTest(name=name):
                self.assertEqual(self.sign(name, {**body, 'password': PASSWORD}, status).json['code'], 'DENIED')
        self.assertEqual(self.ask('vera', '/p/MAIN/api/v1/signatures'), [])
        self.assertNotIn(PASSWORD, self.log_text())

    def test_tokens_and_other_pages(self):
        body = self.body('bob', 'CM-1')
        refused = self.send('POST', '/p/MAIN/api/v1/signatures', body, 403)
        self.assertEqual(refused.json['code'], 'DENIED')
        self.send('POST', '/p/MAIN/api/v1/signatures', body, 401, anonymous=True)
        proof = dict(self.proof('bob'))
        del proof['X_Zonewright_CSRF']
        self.assertEqual(self.send('POST', '/p/MAIN/api/v1/signatures', body, 403, **proof).json['code'], 'CSRF')
        self.assertEqual(self.send('POST', '/p/MAIN/api/v1/signatures', body, 403, **{**self.proof('bob'), 'Origin': 'http://evil.example'}).json['code'],
                         'CSRF')
        self.assertEqual(self.ask('vera', '/p/MAIN/api/v1/signatures'), [])

    def test_workflows(self):
        own = self.ask('vera', '/p/MAIN/api/v1/workflows/claim')
        self.assertEqual(len(self.ask('vera', '/p/MAIN/api/v1/workflows')), len(self.ask('vera', '/api/v1/metamodel')['kinds']))
        own['states'].append({'state': 'on_hold'})
        self.assertEqual(self.send('PUT', '/p/MAIN/api/v1/workflows/claim', own, 422, **self.proof('adam')).json['pointer'], '/states')
        own['transitions'] += [{'from': 'draft', 'to': 'on_hold', 'roles': ['author']}, {'from': 'on_hold', 'to': 'draft', 'roles': ['author']}]
        self.assertEqual(self.send('PUT', '/p/MAIN/api/v1/workflows/claim', own, 403, **self.proof('alice')).json['code'], 'DENIED')
        self.send('PUT', '/p/MAIN/api/v1/workflows/claim?message=claims+may+wait', own, 200, **self.proof('adam'))
        self.assertTrue(self.ask('vera', '/p/MAIN/api/v1/workflows/claim')['own'])
        self.assertEqual(self.send('PUT', '/p/MAIN/api/v1/workflows/clam', own, 404, **self.proof('adam')).json['code'], 'NAME_UNKNOWN')
        self.send('DELETE', '/p/MAIN/api/v1/workflows/claim', None, 200, **self.proof('adam'))
        self.assertFalse(self.ask('vera', '/p/MAIN/api/v1/workflows/claim')['own'])

    def test_metamodel(self):
        model = self.ask('vera', '/api/v1/metamodel')
        meanings = {m['name']: m for m in model['meanings']}
        self.assertEqual(meanings['owner_approval']['roles'], ['asset_owner'])
        self.assertNotIn('claim', meanings['owner_approval']['kinds'])
        self.assertIn({'name': 'on_hold', 'approved': False, 'cleared': False}, model['states'])

    def test_baselines(self):
        made = self.send('POST', '/p/MAIN/api/v1/baselines', {'title': 'Issue 1'}, 201, **self.proof('alice')).json
        self.sign('otto', self.body('otto', made['key'], 'owner_approval'))
        rows = self.ask('vera', '/p/MAIN/api/v1/baseline-signatures')
        self.assertEqual([(r['key'], r['standing']) for r in rows], [('BL-1', 1)])
        self.send('POST', '/p/MAIN/api/v1/baselines', {'title': 'No'}, 403, **self.proof('vera'))
        self.send('POST', '/p/MAIN/api/v1/baselines', {}, 400, **self.proof('alice'))


if __name__ == '__main__':
    tap.main()
