#!/usr/bin/env python3
"""Saved views: one's own and shared ones, by address and by command; what is none, and who may do what."""
import tap
from people import People


class Views(People):
    roles = {'ann': ['author'], 'bob': ['viewer'], 'dora': ['administrator']}

    def put(self, name, view, address, status=200, **more):
        return self.act(name, 'PUT', f'/p/MAIN/api/v1/views/{view}', {'address': address, **more}, status).json

    def seen(self, name):
        return [(v['person'], v['name'], v['address'], v['shared']) for v in self.act(name, 'GET', '/p/MAIN/api/v1/views', None, 200).json]

    def drop(self, name, view, status=200, person=''):
        self.act(name, 'DELETE', f'/p/MAIN/api/v1/views/{view}{person and "?person=" + person}', None, status)

    def test_own_and_shared(self):
        self.put('ann', 'Drafts', 'requirements?q=state%3Adraft&sort=-key&cols=ref')
        self.put('ann', 'For%20all', 'items?q=suspect', shared=True)
        self.put('bob', 'Drafts', 'zones')
        drafts = ('ann', 'Drafts', 'requirements?q=state%3Adraft&sort=-key&cols=ref', False)
        shared = ('ann', 'For all', 'items?q=suspect', True)
        self.assertEqual(self.seen('ann'), [drafts, shared])
        self.assertEqual(self.seen('bob'), [('bob', 'Drafts', 'zones', False), shared])
        self.put('ann', 'For%20all', 'items?q=suspect')  # shared no more
        self.assertEqual(self.seen('bob'), [('bob', 'Drafts', 'zones', False)])
        self.put('bob', 'Drafts', 'zones?sort=title')
        self.drop('ann', 'Drafts')
        self.drop('ann', 'Drafts', 404)
        self.assertEqual(self.seen('bob'), [('bob', 'Drafts', 'zones?sort=title', False)])
        self.zw('view', 'keep', 'Mine', 'components?q=tag:legacy', '--shared')
        self.assertEqual([v['name'] for v in self.json('view', 'list')], ['Mine'])
        self.assertIn(('Mine', 'components?q=tag:legacy'), [v[1:3] for v in self.seen('bob')])
        self.zw('project', 'create', 'OTHER')
        self.assertEqual(self.json('--project', 'OTHER', 'view', 'list'), [])
        self.zw('project', 'delete', 'OTHER', '--yes')
        self.zw('view', 'drop', 'Mine')
        for words in (['keep', 'x', 'items', '--person', 'bob'], ['drop', 'x', '--shared'], ['list', '--shared']):
            self.assertEqual(self.run_zw('view', *words).returncode, 2, words)

    def test_who_may(self):
        self.put('bob', 'x', 'zones', 403, shared=True)  # a viewer changes nothing of the project
        self.put('ann', 'x', 'zones', shared=True)
        self.put('ann', 'y', 'zones')
        self.drop('bob', 'x', 404)
        self.drop('bob', 'x', 403, 'ann')
        self.drop('dora', 'y', 404, 'ann')  # what is not shared is nobody else's
        self.drop('dora', 'x', 200, 'ann')
        self.assertEqual(self.seen('ann'), [('ann', 'y', 'zones', False)])

    def test_limited_auditor_sees_own_ones_alone(self):
        self.zw('add', 'zone', 'title=Cell')
        self.zw('user', 'add', 'eve', '--password-file', self.folder.name + '/password')
        self.zw('role', 'grant', 'eve', 'auditor', '--zone', 'ZN-1')
        self.put('ann', 'Secret ZN-2'.replace(' ', '%20'), 'zones?q=key:ZN-2', shared=True)
        self.put('eve', 'Own', 'zones')
        self.assertEqual(self.seen('eve'), [('eve', 'Own', 'zones', False)])

    def test_what_is_no_view(self):
        for address in ('', '/people', '//evil.example', 'https://evil.example', 'javascript:alert(1)', 'items/../../x', 'items#x', 'items?q=a b', 'items?q=\u00fc', 'Items', 'items?' + 'x' * 4096, 5):
            with self.subTest(address=address):
                refused = self.put('ann', 'x', address, 422)
                self.assertEqual(refused['pointer'], '/address')
        self.put('ann', 'a%0Ab', 'items', 400)
        self.put('ann', 'x' * 300, 'items', 422)
        self.act('ann', 'PUT', '/p/MAIN/api/v1/views/x', {}, 422)
        self.act('ann', 'PUT', '/p/MAIN/api/v1/views/x', {'address': 'items', 'more': 1}, 422)
        for n in range(200):
            self.put('bob', f'v{n}', 'items')
        refused = self.put('bob', 'one-more', 'items', None)
        self.assertEqual(refused['code'], 'LIMIT')
        self.put('bob', 'v7', 'zones')


tap.main()
