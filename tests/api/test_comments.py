#!/usr/bin/env python3
"""Comments on items, and files that are taken away from one."""
import tap
from server import Served

MERGE = 'application/merge-patch+json'


class Comments(Served):
    def fill(self):
        self.zw('add', 'zone', 'title=Filters')
        self.zw('add', 'zone', 'title=Pumps')
        for name, role in (('bob', 'reviewer'), ('vera', 'viewer')):
            self.zw('user', 'add', name, '--full-name', name.title())
            self.zw('role', 'grant', name, role)

    def setUp(self):
        super().setUp()
        self.tokens = {name: self.json('token', 'create', 't', '--person', name, '--scope', 'read,change,comment')['token'] for name in ('bob', 'vera')}

    def say(self, method, path, body, status, person=None):
        fields = {} if person is None else {'Authorization': f'Bearer {self.tokens[person]}'}
        kind = MERGE if method == 'PATCH' else 'application/json'
        return self.send(method, f'/api/v1/items/{path}', body, status, kind=kind, **fields).json

    def test_a_comment_is_made_changed_and_settled(self):
        rev = self.api('/api/v1/items/ZN-1')['rev']
        made = self.say('POST', 'ZN-1/comments', {'text': 'Which **door**?'}, 201)
        self.assertEqual(made['item'], 'ZN-1')
        path = f'ZN-1/comments/{made["comment"]}'
        self.say('PATCH', path, {'text': 'Which gate?'}, 200)
        self.say('PATCH', path, {'resolved': True}, 200, 'bob')
        comment, = self.api('/api/v1/items/ZN-1/comments')
        self.assertEqual((comment['text'], comment['own'], comment['resolved'], comment['resolved_by_name']), ('Which gate?', True, True, 'Bob'))
        self.assertLess(comment['created'], comment['edited'])
        self.assertEqual(self.say('PATCH', path, {'resolved': True}, 200)['outcome']['commit'], None, 'it is so already')
        self.say('PATCH', path, {'resolved': False}, 200)
        self.assertEqual(self.api('/api/v1/items/ZN-1/comments')[0]['resolved_by'], None)
        self.assertEqual(self.api('/api/v1/items/ZN-1')['rev'], rev, 'a comment is no part of the item')
        self.assertEqual(self.api('/api/v1/items/ZN-2/comments'), [])

    def test_as_of_a_commit_it_says_what_it_said(self):
        made = self.say('POST', 'ZN-1/comments', {'text': 'First'}, 201)
        commit = made['outcome']['commit']
        self.say('PATCH', f'ZN-1/comments/{made["comment"]}', {'text': 'Second'}, 200)
        self.assertEqual([c['text'] for c in self.api(f'/api/v1/items/ZN-1/comments?at={commit}')], ['First'])
        self.assertEqual(self.api(f'/api/v1/items/ZN-1/comments?at={commit - 1}'), [])
        self.assertEqual(self.zw('check').strip(), 'ok')

    def test_who_may(self):
        made = self.say('POST', 'ZN-1/comments', {'text': 'Mine'}, 201, 'bob')
        path = f'ZN-1/comments/{made["comment"]}'
        self.assertEqual(self.say('PATCH', path, {'text': 'Not yours'}, 403)['code'], 'DENIED')
        self.assertEqual(self.say('POST', 'ZN-1/comments', {'text': 'No'}, 403, 'vera')['code'], 'DENIED')
        self.assertEqual(self.say('PATCH', path, {'resolved': True}, 403, 'vera')['code'], 'DENIED')
        comment, = self.api('/api/v1/items/ZN-1/comments')
        self.assertEqual((comment['text'], comment['full_name'], comment['own'], comment['resolved']), ('Mine', 'Bob', False, False))

    def test_refused(self):
        made = self.say('POST', 'ZN-1/comments', {'text': 'One'}, 201)
        for method, path, body, status in (('POST', 'ZN-1/comments', {'text': ''}, 422), ('POST', 'ZN-1/comments', {}, 422), ('POST', 'ZN-1/comments', {'text': 7}, 422),
                                           ('POST', 'ZN-1/comments', {'text': 'x' * 16385}, 422), ('POST', 'ZN-1/comments', {'text': 'x', 'by': 'bob'}, 422),
                                           ('POST', 'ZN-99/comments', {'text': 'x'}, 404), ('PATCH', f'ZN-2/comments/{made["comment"]}', {'text': 'x'}, 404),
                                           ('PATCH', 'ZN-1/comments/' + '0' * 32, {'text': 'x'}, 404), ('PATCH', 'ZN-1/comments/x', {'text': 'x'}, 404)):
            with self.subTest(path=path, body=str(body)[:40]):
                self.say(method, path, body, status)
        self.assertEqual([c['text'] for c in self.api('/api/v1/items/ZN-1/comments')], ['One'])

    def test_the_same_content_under_two_names(self):
        def put(name, content):
            answer = self.send('PUT', f'/api/v1/items/ZN-2/attachments/{name}', content, 201, kind='text/plain').json
            return answer['outcome']['commit'] is not None, [(f['name'], f['size']) for f in self.api('/api/v1/items/ZN-2')['attachments']]
        self.assertEqual(put('a.txt', b'north'), (True, [('a.txt', 5)]))
        self.assertEqual(put('a.txt', b'north'), (False, [('a.txt', 5)]))
        self.assertEqual(put('b.txt', b'north is up'), (True, [('a.txt', 5), ('b.txt', 11)]))
        self.assertEqual(put('b.txt', b'north'), (True, [('a.txt', 5), ('b.txt', 5)]), 'what was put last is there')

    def test_a_file_is_taken_away_and_put_back(self):
        for name in ('plan.txt', 'list.txt'):
            self.send('PUT', f'/api/v1/items/ZN-1/attachments/{name}', name.encode(), 201, kind='text/plain')
        listed = self.api('/api/v1/items/ZN-1')['attachments']
        self.assertEqual([(f['name'], f['size'], f['media']) for f in listed], [('list.txt', 8, 'text/plain'), ('plan.txt', 8, 'text/plain')])
        self.send('DELETE', '/api/v1/items/ZN-1/attachments/plan.txt', status=200)
        self.assertEqual([f['name'] for f in self.api('/api/v1/items/ZN-1')['attachments']], ['list.txt'])
        self.send('DELETE', '/api/v1/items/ZN-1/attachments/plan.txt', status=404)
        history = self.api('/api/v1/items/ZN-1/history')
        self.assertEqual([len(rev['attachments'] or []) for rev in history], [0, 1, 2, 1])
        again = f'{{"op":"attach","item":"ZN-1","name":"plan.txt","digest":"{listed[1]["sha256"]}","media":"text/plain"}}\n'
        self.send('POST', '/api/v1/changes', again.encode(), 200, kind='application/x-ndjson')
        self.assertEqual(self.api('/api/v1/items/ZN-1')['attachments'], listed)


if __name__ == '__main__':
    tap.main()
