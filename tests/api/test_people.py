#!/usr/bin/env python3
"""People and access by the command line: accounts, roles with limits, tokens, the audit trail."""
import os
import subprocess

import rows
import tap
from plant import ZW, Plant

PASSWORD = 'an evening at the pumps'


class People(Plant):
    def password(self, text=PASSWORD):
        path = os.path.join(self.folder.name, 'password')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text + '\n')
        return path

    def user(self, name):
        return next(u for u in self.json('user', 'list') if u['name'] == name)

    def test_add(self):
        self.zw('user', 'add', 'eve', '--full-name', 'Eve Moss', '--password-file', self.password())
        self.zw('user', 'add', 'robot')
        self.assertEqual(self.user('eve'), {'name': 'eve', 'full_name': 'Eve Moss', 'state': 'active', 'operator': False,
                                            'password': True, 'totp': False, 'mail': True, 'locked_until': None})
        self.assertFalse(self.user('robot')['password'])
        self.assertIn('already', self.zw('user', 'add', 'eve', code=4))
        self.assertIn('too few', self.zw('user', code=2))
        self.assertIn('understood', self.zw('user', 'add', code=2))
        self.assertIn('understood', self.zw('user', 'remove', 'eve', code=2))

    def test_refused_password_adds_nobody(self):
        for text, why in (('short', 'at least 12'), ('evangeline-123', 'built on the name'), ('password1234', 'tried'),
                          ('two\nlines of it all', 'one line'), ('', 'empty'), ('x' * 300, 'at most')):
            with self.subTest(text):
                self.assertIn(why, self.zw('user', 'add', 'evangeline', '--password-file', self.password(text), code=3))
        self.assertNotIn('evangeline', [u['name'] for u in self.json('user', 'list')])

    def test_password_by_standard_input(self):
        self.zw('user', 'add', 'eve')
        done = subprocess.run([ZW, '--data', self.data, 'user', 'password', 'eve', '--password-file', '-'], text=True,
                              input=PASSWORD, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(self.user('eve')['password'])

    def test_no_secret_is_stored(self):
        self.zw('user', 'add', 'eve', '--password-file', self.password())
        token = self.json('token', 'create', 'ci', '--scope', 'read')['token']
        kept = rows.everything(self.data)
        self.assertNotIn(PASSWORD.encode(), kept)
        self.assertNotIn(token.encode(), kept)
        self.assertNotIn(bytes.fromhex(token.removeprefix('zw_')), kept)
        self.assertIn(b'$argon2id$v=19$m=65536,t=3,p=1$', kept)

    def test_set_and_disable(self):
        self.zw('user', 'add', 'eve')
        self.zw('user', 'set', 'eve', '--full-name', 'E. Moss', '--operator')
        self.assertTrue(self.user('eve')['operator'])
        self.zw('user', 'set', 'eve', '--no-operator')
        self.assertEqual((self.user('eve')['operator'], self.user('eve')['full_name']), (False, 'E. Moss'))
        self.zw('user', 'disable', 'eve')
        self.assertEqual(self.user('eve')['state'], 'disabled')
        self.zw('user', 'enable', 'eve')
        self.assertEqual(self.user('eve')['state'], 'active')
        self.assertIn('no person', self.zw('user', 'disable', 'nobody', code=2))
        self.assertIn('their own', self.zw('user', 'disable', self.json('user', 'me')['name'], code=4))

    def grants(self, name):
        return {g['role']: g for g in self.json('role', 'list') if g['name'] == name}

    def test_roles(self):
        self.zw('user', 'add', 'eve')
        self.zw('add', 'zone', 'title=Chlorination')
        self.zw('role', 'grant', 'eve', 'author', 'tester', '--zone', 'ZN-1')
        self.zw('role', 'grant', 'eve', 'auditor', '--until', '2999-01-01')
        self.assertEqual(self.grants('eve')['author']['zones'], ['ZN-1'])
        self.assertEqual(self.grants('eve')['auditor']['until'], '2999-01-01T00:00:00.000Z')
        self.zw('role', 'grant', 'eve', 'author')
        self.assertEqual(self.grants('eve')['author']['zones'], [])
        self.zw('role', 'revoke', 'eve', 'author', 'auditor')
        self.assertEqual(list(self.grants('eve')), ['tester'])
        for words, why, code in ((('grant', 'eve', 'autor'), 'did you mean "author"', 2), (('grant', 'eve'), 'understood', 2),
                                 (('grant', 'eve', 'author', '--zone', 'ZN-9'), 'no zone ZN-9', 2),
                                 (('grant', 'eve', 'viewer', '--zone', 'ZN-1'), 'not limited', 3),
                                 (('grant', 'eve', 'administrator', '--zone', 'ZN-1'), 'not limited', 3),
                                 (('grant', 'eve', 'author', '--until', '2020-01-01'), 'past', 3),
                                 (('grant', 'bob', 'author'), 'no person', 2), (('revoke', 'eve', 'author'), 'has not', 2)):
            with self.subTest(words):
                self.assertIn(why, self.zw('role', *words, code=code))
        self.assertEqual(list(self.grants('eve')), ['tester'])

    def test_tokens(self):
        made = self.json('--project', 'MAIN', 'token', 'create', 'ci', '--scope', 'read,change', '--days', '7')
        self.assertRegex(made['token'], '^zw_[0-9a-f]{64}$')
        listed = self.json('token', 'list')[0]
        self.assertEqual((listed['name'], listed['scope'], listed['project'], listed['revoked']),
                         ('ci', ['read', 'change'], 'MAIN', None))
        self.assertNotIn('token', listed)
        self.assertIn('ended 1', self.zw('token', 'revoke', made['id']))
        self.assertIsNotNone(self.json('token', 'list')[0]['revoked'])
        self.assertIn('no live token', self.zw('token', 'revoke', made['id'], code=2))
        self.assertIn('hexadecimal', self.zw('token', 'revoke', 'x', code=3))
        self.assertIn('did you mean "read"', self.zw('token', 'create', 'x', '--scope', 'raed', code=2))
        self.assertIn('1 to 366', self.zw('token', 'create', 'x', '--days', '0', code=3))
        self.assertIn('no project', self.zw('--project', 'NOPE', 'token', 'create', 'x', code=2))

    def test_audit(self):
        self.zw('user', 'add', 'eve', '--password-file', self.password())
        self.assertIn('their own tokens', self.zw('token', 'create', 'x', '--person', 'eve', code=5))
        self.zw('role', 'grant', 'eve', 'author')
        self.assertEqual([e['action'] for e in self.json('audit')], ['role.grant', 'project.create'])
        rows = self.json('audit', '--all')
        self.assertEqual([(e['action'], e['outcome']) for e in rows][:3],
                         [('role.grant', 'ok'), ('call', 'denied'), ('user.password', 'ok')])
        self.assertEqual(self.json('audit', '--all', '--before', str(rows[0]['no']), '--most', '1'), rows[1:2])
        self.assertIn('/most', self.zw('audit', '--most', '0', code=3))

    def test_an_auditor_is_seen(self):
        me = self.json('user', 'me')['name']
        self.zw('list')
        self.assertNotIn('view', [e['action'] for e in self.json('audit')])
        self.zw('role', 'grant', me, 'auditor')
        self.zw('list', 'kind:zone')
        self.assertEqual([(e['person'], e['object']) for e in self.json('audit') if e['action'] == 'view'][-1],
                         (me, 'item.list kind:zone'))

    def test_projects_one_may_not_see_look_like_none(self):
        self.assertIn('"NOPE" that you may see', self.zw('--project', 'NOPE', 'list', code=2))

    def test_init_makes_no_password_and_no_code(self):
        self.assertEqual(rows.ask(self.data, 'SELECT count(*) FROM setup_code'), [['0']])
        self.assertEqual(rows.ask(self.data, 'SELECT count(*) FROM account WHERE password IS NOT NULL'), [['0']])


if __name__ == '__main__':
    tap.main()
