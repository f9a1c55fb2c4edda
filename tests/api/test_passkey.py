#!/usr/bin/env python3
"""Passkeys: making them, and signing with them what was shown and nothing else."""
import datetime
import json
import os

import rows
import tap
from authenticator import EDDSA, HAS_KEY, PRESENT, RS256, VERIFIED, Authenticator, b64, unb64
from server import Served

PASSWORD = 'an evening at the pumps'
HOST = '127.0.0.1'


class Passkeys(Served):
    scope = Served.scope + ',sign'

    def fill(self):
        path = os.path.join(self.folder.name, 'password')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(PASSWORD + '\n')
        for name, *roles in (('alice', 'author'), ('bob', 'approver'), ('carol', 'approver'), ('olaf',)):
            self.zw('user', 'add', name, '--password-file', path, *([] if roles else ['--operator']))
            if roles:
                self.zw('role', 'grant', name, *roles)
        for title in ('Locks', 'Filter'):
            self.zw('add', 'countermeasure', f'title={title}')
        for key in ('CM-1', 'CM-2'):
            self.zw('move', key, 'in_review')

    def setUp(self):
        super().setUp()
        self.origin = f'http://{HOST}:{self.port}'
        self.sessions = {}

    def by(self, name):
        if name not in self.sessions:
            made = self.send('POST', '/api/v1/session', {'name': name, 'password': PASSWORD}, 201, anonymous=True)
            self.sessions[name] = {'Cookie': made.headers['Set-Cookie'].partition(';')[0], 'Origin': self.origin, 'X_Zonewright_CSRF': made.json['csrf']}
        return self.sessions[name]

    # ---- a new one ----

    def asked(self, name):
        return self.send('POST', '/api/v1/passkeys/challenge', None, 200, **self.by(name)).json

    def add(self, name, body, status=201):
        return self.send('POST', '/api/v1/passkeys', {'name': 'Key ring', 'present': PASSWORD, **body}, status, **self.by(name)).json

    def passkey(self, name, *args, **more):
        authenticator = Authenticator(*args, **more)
        asked = self.asked(name)
        made = self.add(name, authenticator.make(asked['challenge'], HOST, self.origin))
        self.assertEqual(made, {'id': b64(authenticator.id)})
        authenticator.user = asked['user']
        return authenticator

    def listed(self, name):
        return self.send('GET', '/api/v1/passkeys', None, 200, **self.by(name)).json

    def test_make_list_and_remove(self):
        asked = self.asked('bob')
        self.assertEqual((asked['host'], asked['name'], asked['known']), (HOST, 'bob', []))
        for algorithm in ({}, {'algorithm': EDDSA}, {'algorithm': RS256}):
            self.passkey('bob', **algorithm)
        ids = [row['id'] for row in self.listed('bob')]
        self.assertEqual(len(ids), 3)
        self.assertEqual(self.listed('bob')[0]['name'], 'Key ring')
        self.assertEqual(sorted(self.asked('bob')['known']), sorted(ids))
        self.assertEqual(self.listed('carol'), [])
        self.send('DELETE', f'/api/v1/passkeys/{ids[0]}', None, 404, **self.by('carol'))
        self.send('DELETE', f'/api/v1/passkeys/{ids[0]}', None, 200, **self.by('bob'))
        self.send('DELETE', f'/api/v1/passkeys/{ids[1]}?person=bob', None, 403, **self.by('carol'))
        self.send('DELETE', f'/api/v1/passkeys/{ids[1]}?person=bob', None, 200, **self.by('olaf'))
        self.assertEqual([row['id'] for row in self.listed('bob')], ids[2:])
        self.assertIn(ids[2], self.zw('user', 'passkeys', 'bob'))
        self.zw('user', 'passkey-remove', ids[2], 'bob')
        self.assertEqual(self.listed('bob'), [])

    def test_what_is_no_new_passkey(self):
        good = Authenticator()
        for why, change in (('another host', {'host': 'evil.example'}), ('another page', {'origin': 'https://evil.example'}), ('https', {'origin': f'https://{HOST}:{self.port}'}),
                            ('nobody there', {'flags': VERIFIED | HAS_KEY}), ('not verified', {'flags': PRESENT | HAS_KEY}), ('no key', {'flags': PRESENT | VERIFIED}),
                            ('signing', {'kind': 'webauthn.get'}), ('inside another page', {'crossOrigin': True}), ('no challenge of ours', {'challenge': b64(b'x' * 32)}),
                            ('short challenge', {'challenge': b64(b'x')})):
            with self.subTest(why=why):
                asked = {'challenge': self.asked('bob')['challenge'], 'host': HOST, 'origin': self.origin, **change}
                self.add('bob', good.make(**asked), 409 if why == 'no challenge of ours' else 422)
        made = good.make(self.asked('bob')['challenge'], HOST, self.origin)
        for member, value in (('authenticator_data', b64(unb64(made['authenticator_data'])[:-1])), ('authenticator_data', '*'), ('algorithm', RS256), ('algorithm', 0),
                              ('client_data', b64(b'{')), ('name', 'a\nb')):
            self.add('bob', {**made, member: value}, 422)
        self.add('bob', {**made, 'present': 'not the password'}, 401)
        self.add('bob', {**made, 'rp': 'evil.example'}, 422)
        self.add('carol', made, 409)  # asked of somebody else
        self.add('bob', made)
        self.add('bob', made, 409)  # answered already
        again = good.make(self.asked('carol')['challenge'], HOST, self.origin)
        self.add('carol', again, 409)  # there is one of this id
        self.send('POST', '/api/v1/passkeys', {'name': 'x', **made}, 403)  # by a token
        self.send('POST', '/api/v1/passkeys/challenge', None, 403)
        self.assertEqual(len(self.listed('bob')), 1)

    # ---- signing in ----

    def enter(self, key, status=201, challenge=None, change=None, **more):
        """Signs in by a key."""
        if challenge is None:
            asked = self.send('POST', '/api/v1/session/challenge', None, 200, anonymous=True).json
            self.assertEqual(asked['host'], HOST)
            challenge = asked['challenge']
        signed = key.sign(challenge, **{'host': HOST, 'origin': self.origin, **more})
        return self.send('POST', '/api/v1/session/passkey', {**signed, 'user': key.user, **(change or {})}, status, anonymous=True)

    def test_signs_in(self):
        for algorithm in ({}, {'algorithm': EDDSA}, {'algorithm': RS256}, {'counts': False}):
            key = self.passkey('bob', **algorithm)
            entered = self.enter(key)
            self.assertEqual(entered.json['person']['name'], 'bob')
            cookie = entered.headers['Set-Cookie'].partition(';')[0]
            self.assertTrue(cookie.startswith('__Host-zonewright='))
            self.send('GET', '/api/v1/me', None, 200, anonymous=True, Cookie=cookie)
        self.assertIsNotNone(self.listed('bob')[0]['used'])
        self.assertEqual([(e['person'], e['outcome']) for e in self.json('audit', '--all') if e['action'] == 'sign_in'][:2], [('bob', 'ok')] * 2)

    def test_what_signs_nobody_in(self):
        key, hers, stranger = self.passkey('bob'), self.passkey('carol'), Authenticator()
        stranger.user = key.user
        once = self.send('POST', '/api/v1/session/challenge', None, 200, anonymous=True).json['challenge']
        self.enter(key, challenge=once)
        mine = self.asked('bob')['challenge']  # asked for a new passkey, not to sign in
        for why, using, more in (('replayed', key, {'challenge': once}), ('never asked', key, {'challenge': b64(b'x' * 32)}), ('no challenge', key, {'challenge': 'x'}),
                                 ('of a new passkey', key, {'challenge': mine}), ('unknown', stranger, {}), ('of another person', hers, {'change': {'user': key.user}}), ('no id', key, {'change': {'id': '*'}})):
            with self.subTest(why=why):
                self.enter(using, status=401, **more)
                self.zw('user', 'enable', 'bob')
        for why, more in (('host', {'host': 'evil.example'}), ('page', {'origin': 'https://evil.example'}), ('nobody there', {'flags': VERIFIED}), ('not verified', {'flags': PRESENT}),
                          ('made', {'kind': 'webauthn.create'}), ('inside another', {'crossOrigin': True})):
            with self.subTest(why=why):
                self.enter(key, status=401, **more)
                self.zw('user', 'enable', 'bob')
        key.counter = 1
        self.enter(key, status=401)
        outcomes = [e['outcome'] for e in self.json('audit', '--all') if e['action'] == 'sign_in' and e['outcome'] != 'ok']
        self.assertEqual(set(outcomes), {'was not asked', 'unknown passkey', 'wrong passkey', 'a copy of the passkey'})
        for body in ({}, {'id': 'x'}, {**key.sign(once, HOST, self.origin)}, {**key.sign(once, HOST, self.origin), 'user': 'x', 'signature': '*'}):
            self.send('POST', '/api/v1/session/passkey', body, 422, anonymous=True)

    def test_locked_disabled_and_removed(self):
        key = self.passkey('bob')
        for _ in range(5):
            self.enter(key, status=401, flags=PRESENT)
        self.enter(key, status=401)  # locked
        outcomes = [e['outcome'] for e in self.json('audit', '--all') if e['action'] == 'sign_in']
        self.assertEqual(outcomes[:3], ['locked', 'wrong passkey, locked', 'wrong passkey'])
        self.zw('user', 'enable', 'bob')
        self.zw('user', 'disable', 'bob')
        self.enter(key, status=401)
        self.zw('user', 'enable', 'bob')
        entered = self.enter(key)
        cookie = entered.headers['Set-Cookie'].partition(';')[0]
        self.send('GET', '/api/v1/me', None, 200, anonymous=True, Cookie=cookie)
        self.sessions.clear()  # that of before ended with the account
        self.send('DELETE', f'/api/v1/passkeys/{b64(key.id)}', None, 200, **self.by('bob'))
        self.send('GET', '/api/v1/me', None, 401, anonymous=True, Cookie=cookie)  # what it began ends with it
        self.send('GET', '/api/v1/me', None, 200, **self.by('bob'))
        self.enter(key, status=401)

    # ---- signing ----

    def items(self, name, keys, meaning):
        query = '&'.join(f'keys={key}' for key in keys)
        shown = self.send('GET', f'/p/MAIN/api/v1/manifests?{query}&meaning={meaning}', None, 200, **self.by(name)).json
        return [{name: row[name] for name in ('key', 'rev', 'hash')} for row in shown]

    def challenge(self, name, keys=('CM-1',), meaning='approved', **more):
        """The body of a signature without its proof, and what is to be signed."""
        body = {'items': self.items(name, keys, meaning), 'meaning': meaning, 'reason': 'read', **more}
        asked = self.send('POST', '/p/MAIN/api/v1/signatures/challenge', body, 200, **self.by(name)).json
        return {**body, 'time': asked['time']}, asked

    def sign(self, name, body, passkey, status=201, to='signatures'):
        if to == 'approvals':
            body = {name: value for name, value in body.items() if name != 'meaning'}
        return self.send('POST', f'/p/MAIN/api/v1/{to}', {**body, 'passkey': passkey}, status, **self.by(name)).json

    def signatures(self):
        return self.json('signatures', 'CM-1') + self.json('signatures', 'CM-2')

    def test_sign(self):
        for name, kind in (('bob', {}), ('carol', {'algorithm': EDDSA, 'counts': False})):
            key = self.passkey(name, **kind)
            body, asked = self.challenge(name)
            self.assertEqual((asked['host'], asked['passkeys'], [m['key'] for m in asked['manifests']]), (HOST, [b64(key.id)], ['CM-1']))
            for line in ('proof passkey\n', f'time {asked["time"]}\n', 'reason "read"\n', 'role approver\n'):
                self.assertIn(line, asked['manifests'][0]['manifest'])
            self.sign(name, body, key.sign(asked['challenge'], HOST, self.origin))
        self.assertEqual([(s['person'], s['proof'], s['standing']) for s in self.signatures()], [('bob', 'passkey', True), ('carol', 'passkey', True)])
        self.assertTrue(self.json('verify')['ok'])
        self.assertIsNotNone(self.listed('bob')[0]['used'])

    def test_what_is_signed_is_the_hash_of_the_manifest(self):
        key = self.passkey('bob')
        body, asked = self.challenge('bob')
        self.sign('bob', body, key.sign(asked['challenge'], HOST, self.origin))
        [row] = self.signatures()
        self.assertEqual(row['manifest'], asked['manifests'][0]['manifest'], 'what was shown is what was signed')

    def test_many_at_once_and_approving(self):
        key = self.passkey('bob')
        body, asked = self.challenge('bob', ('CM-1', 'CM-2'))
        done = self.sign('bob', body, key.sign(asked['challenge'], HOST, self.origin), to='approvals')
        self.assertEqual([(row['key'], row['state']) for row in done['signed']], [('CM-1', 'approved'), ('CM-2', 'approved')])
        self.assertTrue(self.json('verify')['ok'])

    def refused(self, name, body, passkey, status=401, why=None):
        before = self.signatures()
        self.sign(name, body, passkey, status)
        self.assertEqual(self.signatures(), before)
        if why is not None:
            said = [e for e in self.json('audit') if e['action'] == 'sign']
            self.assertEqual(said[0]['outcome'], why)
        self.zw('user', 'enable', name)  # failures lock

    def test_what_does_not_sign(self):
        key, other, hers = self.passkey('bob'), Authenticator(), self.passkey('carol')
        body, asked = self.challenge('bob')
        challenge = asked['challenge']
        other.id = key.id
        _, two = self.challenge('bob', ('CM-1', 'CM-2'))
        _, second = self.challenge('bob', ('CM-2',))
        good = lambda **change: key.sign(**{'challenge': challenge, 'host': HOST, 'origin': self.origin, **change})
        for why, passkey in (('wrong passkey', good(challenge=second['challenge'])), ('wrong passkey', good(challenge=two['challenge'])), ('wrong passkey', good(host='evil.example')),
                             ('wrong passkey', good(origin='https://evil.example')), ('wrong passkey', good(flags=PRESENT)), ('wrong passkey', good(flags=VERIFIED)),
                             ('wrong passkey', good(kind='webauthn.create')), ('wrong passkey', good(crossOrigin=True)), ('wrong passkey', other.sign(challenge, HOST, self.origin)),
                             ('unknown passkey', hers.sign(challenge, HOST, self.origin)), ('unknown passkey', {**good(), 'id': b64(b'nothing')}),
                             ('unknown passkey', {**good(), 'id': '*'}), ('wrong passkey', {**good(), 'signature': b64(b'x')})):
            self.refused('bob', body, passkey, why=why)
        earlier = (datetime.datetime.fromisoformat(asked['time'].rstrip('Z')) - datetime.timedelta(milliseconds=1)).isoformat(timespec='milliseconds') + 'Z'
        for change in ({'reason': 'read twice'}, {'time': earlier}):
            self.refused('bob', {**body, **change}, good(), why='wrong passkey')
        self.refused('bob', {**body, 'meaning': 'owner_approval'}, good(), 403)
        self.refused('bob', {**body, 'time': '2020-01-01T00:00:00.000Z'}, good(), 409)
        self.refused('bob', {name: value for name, value in body.items() if name != 'time'}, good(), 400)
        self.refused('carol', body, good(), why='unknown passkey')  # nobody signs for another
        self.sign('bob', body, good())

    def test_counter_that_goes_back(self):
        key = self.passkey('bob')
        body, asked = self.challenge('bob')
        key.counter = 0
        self.refused('bob', body, key.sign(asked['challenge'], HOST, self.origin), why='a copy of the passkey')
        key.counter = 9
        self.sign('bob', body, key.sign(asked['challenge'], HOST, self.origin))

    def test_replay(self):
        key = self.passkey('bob', counts=False)
        body, asked = self.challenge('bob')
        passkey = key.sign(asked['challenge'], HOST, self.origin)
        self.sign('bob', body, passkey)
        self.sign('bob', body, passkey, 409)
        self.send('POST', '/p/MAIN/api/v1/signatures', {**body, 'passkey': passkey}, 403)  # by a token

    def test_removed_and_locked(self):
        key = self.passkey('bob')
        body, asked = self.challenge('bob')
        self.send('DELETE', f'/api/v1/passkeys/{b64(key.id)}', None, 200, **self.by('bob'))
        for _ in range(5):
            self.sign('bob', body, key.sign(asked['challenge'], HOST, self.origin), 401)
        self.sign('bob', body, key.sign(asked['challenge'], HOST, self.origin), 401)
        self.assertEqual([e['outcome'] for e in self.json('audit') if e['action'] == 'sign'], ['locked'] + ['unknown passkey'] * 5)

    def test_altered_in_the_store(self):
        key = self.passkey('bob')
        body, asked = self.challenge('bob')
        self.sign('bob', body, key.sign(asked['challenge'], HOST, self.origin))
        self.stop()
        [[text]] = rows.ask(self.data, 'SELECT passkey FROM signature')
        proof = json.loads(text)
        self.assertEqual(len(proof['manifests']), 1)
        for member in ('signature', 'client_data', 'key'):
            altered = bytearray(unb64(proof[member]))
            altered[-1] ^= 1
            rows.ask(self.data, 'UPDATE signature SET passkey = ?', json.dumps({**proof, member: b64(bytes(altered))}))
            said = self.run_zw('verify')
            self.assertEqual(said.returncode, 1)
            self.assertIn('the passkey it names did not sign', said.stdout + said.stderr)


if __name__ == '__main__':
    tap.main()
