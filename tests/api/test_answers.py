#!/usr/bin/env python3
"""Answers that are kept: given again only while nothing changed, and only to whom they were given."""
import re
import time

import tap
from server import Served

PASSWORD = 'a long enough password'


class Answers(Served):
    def fill(self):
        self.zw('add', 'zone', 'title=Filters')
        self.zw('add', 'zone', 'title=Pumps')
        self.zw('project', 'create', 'OTHER')
        for name, role in (('eve', 'viewer'), ('bob', 'author')):
            self.zw('user', 'add', name)
            self.zw('role', 'grant', name, role, '--project', 'MAIN')
        self.eve, self.bob = (self.json('token', 'create', name, '--person', name, '--scope', 'read,write,change')['token'] for name in ('eve', 'bob'))

    def kept(self):
        text = self.get('/metrics').content.decode()
        return int(next(line for line in text.splitlines() if line.startswith('zonewright_http_kept_total ')).split()[1])

    def ask(self, path, token=None, method='GET', **fields):
        return self.get(f'/p/MAIN/api/v1/{path}', method, {'Authorization': f'Bearer {token or self.eve}', **{n.replace('_', '-'): v for n, v in fields.items()}})

    def twice(self, path, again, token=None, method='GET', **fields):
        """Asks, and asks once more: gives the second answer, which is kept or not as `again` says."""
        first, before = self.ask(path, token), self.kept()
        second = self.ask(path, token, method, **fields)
        self.assertEqual(self.kept() - before, int(again), path)
        self.assertEqual(second.headers['ETag'], first.headers['ETag'])
        return first, second

    def title(self, token=None):
        return self.ask('items/ZN-1', token).content.decode()

    def test_what_is_kept(self):
        self.again_the_same()
        self.never_again()
        self.a_write_is_seen_at_once()

    def test_for_whom(self):
        self.to_each_their_own()
        self.a_session_that_ends()
        self.what_auditors_see_is_recorded_each_time()
        self.rights_that_end_are_seen_at_once()

    def again_the_same(self):
        for path in ('items/ZN-1', 'items/ZN-1/history', 'items/ZN-1/trace', 'zones?sort=-title&limit=1', 'workflows', 'items?q=kind:zone', 'items/ZN-1?at=2'):
            first, second = self.twice(path, True)
            self.assertEqual((second.status, second.content), (200, first.content), path)
            for name in ('Content-Type', 'Cache-Control', 'Zonewright-Seq', 'Zonewright-Count', 'Link', 'Content-Security-Policy'):
                self.assertEqual(second.headers[name], first.headers[name], path)
            self.assertNotEqual(second.headers['X-Request-Id'], first.headers['X-Request-Id'])
        first, second = self.twice('items/ZN-1', True, method='HEAD')
        self.assertEqual((second.status, second.content, second.headers['Content-Length']), (200, b'', str(len(first.content))))
        first, second = self.twice('items/ZN-1', True, If_None_Match=first.headers['ETag'])
        self.assertEqual((second.status, second.content), (304, b''))
        self.assertEqual(self.twice('items/ZN-1', True, If_None_Match='"other"')[1].status, 200)

    def never_again(self):
        for path in ('sl', 'gaps', 'lint', 'items?q=status:open', 'items/ZN-1/transitions', 'items/ZN-1/comments', 'signatures'):
            self.twice(path, False)
        before = self.kept()
        for path in ('/api/v1/me', '/api/v1/users', '/api/v1/setup', '/api/v1/audit/all'):
            for _ in range(2):
                self.get(path)
        self.assertEqual(self.ask('items/ZN-9').status, 404)
        self.assertEqual(self.ask('items/ZN-9').status, 404)
        self.assertEqual(self.kept(), before)

    def a_write_is_seen_at_once(self):
        for n in range(5):
            self.twice('items/ZN-1', True)
            self.twice('zones', True)
            self.send('PATCH', '/p/MAIN/api/v1/items/ZN-1', {'title': f'Filters {n}'}, 200, kind='application/merge-patch+json', If_Match='*')
            self.assertIn(f'Filters {n}', self.title())
            self.assertIn(f'Filters {n}'.encode(), self.ask('zones').content)
        self.assertNotIn('Filters 4', self.ask('items/ZN-1?at=2').content.decode())

    def to_each_their_own(self):
        self.twice('items/ZN-1', True)
        self.assertEqual(self.ask('items/ZN-1', 'zw_' + '0' * 64).status, 401)
        self.assertEqual(self.get('/p/MAIN/api/v1/items/ZN-1', anonymous=True).status, 401)
        self.zw('user', 'add', 'mallory')
        stranger = self.json('token', 'create', 'm', '--person', 'mallory', '--scope', 'read')['token']
        self.twice('items/ZN-1', True)
        self.assertEqual(self.ask('items/ZN-1', stranger).status, 404)
        self.assertEqual(self.ask('items/ZN-1', stranger).status, 404)

    def rights_that_end_are_seen_at_once(self):
        self.twice('items/ZN-1', True)
        self.send('DELETE', '/p/MAIN/api/v1/roles?name=eve&roles=viewer', None, 200)
        self.assertEqual(self.ask('items/ZN-1').status, 404)
        self.send('POST', '/p/MAIN/api/v1/roles', {'name': 'eve', 'roles': ['viewer']}, 200)
        self.twice('items/ZN-1', True)
        self.send('PATCH', '/api/v1/users/eve', {'disabled': True}, 200, kind='application/merge-patch+json')
        self.assertEqual(self.ask('items/ZN-1').status, 401)
        self.twice('items/ZN-1', True, self.bob)
        self.zw('user', 'disable', 'bob')
        self.assertEqual(self.ask('items/ZN-1', self.bob).status, 401)

    def a_session_that_ends(self):
        made = self.send('POST', '/api/v1/setup', {'code': re.search('[0-9a-f]{20}', self.how).group(), 'name': 'ann', 'full_name': 'Ann', 'password': PASSWORD}, 201, anonymous=True)
        cookie = {'Cookie': made.headers['Set-Cookie'].partition(';')[0]}
        before = self.kept()
        self.assertEqual([self.get('/p/MAIN/api/v1/items/ZN-1', headers=cookie).status for _ in range(3)], [200, 200, 200])
        self.assertEqual(self.kept() - before, 2)
        self.send('DELETE', '/api/v1/session', None, 204, Origin=f'http://127.0.0.1:{self.port}', X_Zonewright_CSRF=made.json['csrf'], **cookie)
        self.assertEqual(self.get('/p/MAIN/api/v1/items/ZN-1', headers=cookie).status, 401)

    def what_auditors_see_is_recorded_each_time(self):
        self.zw('role', 'grant', 'bob', 'auditor', '--project', 'OTHER')
        self.twice('items/ZN-1', False, self.bob)
        self.zw('role', 'revoke', 'bob', 'auditor', '--project', 'OTHER')

    def test_a_role_that_ends_by_itself(self):
        self.zw('role', 'revoke', 'eve', 'viewer', '--project', 'MAIN')
        end = time.time() + 3
        self.zw('role', 'grant', 'eve', 'viewer', '--project', 'MAIN', '--until', time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(end + 1)))
        self.twice('items/ZN-1', True)
        while time.time() < end + 1:
            time.sleep(0.1)
        self.assertEqual(self.ask('items/ZN-1').status, 404)


if __name__ == '__main__':
    tap.main()
