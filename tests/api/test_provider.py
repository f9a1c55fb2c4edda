#!/usr/bin/env python3
"""Signing in elsewhere: with a real provider of identities, and with one that lies."""
import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

import tap
from authenticator import Authenticator
from server import Served

PROVIDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools', 'provider.mjs')
SECRETS = {'zonewright': 'a secret: of two/parts', 'public': None}
PASSWORD = 'an evening at the pumps'


class Browser:
    """Follows redirects step by step and keeps cookies by server."""

    def __init__(self):
        self.cookies = {}

    def get(self, url):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        jar = self.cookies.setdefault(parts.netloc, {})
        target = parts.path + (f'?{parts.query}' if parts.query else '')
        connection.request('GET', target, headers={'Cookie': '; '.join(f'{n}={v}' for n, v in jar.items())} if jar else {})
        response = connection.getresponse()
        response.content = response.read()
        for name, value in response.getheaders():
            if name.lower() == 'set-cookie':
                pair, *attributes = value.split('; ')
                cookie, _, text = pair.partition('=')
                if text == '' or any(a.lower() in ('max-age=0', 'expires=thu, 01 jan 1970 00:00:00 gmt') for a in attributes):
                    jar.pop(cookie, None)
                else:
                    jar[cookie] = text
                response.cookie = value
        connection.close()
        return response

    def follow(self, url, until):
        """Where redirects lead, up to the address that begins with `until`, which is not asked."""
        for _ in range(10):
            if url.startswith(until):
                return url
            response = self.get(url)
            assert response.status in (302, 303), (url, response.status, response.content)
            url = urllib.parse.urljoin(url, response.headers['Location'])
        raise AssertionError(f'goes round: {url}')


class SignedInElsewhere(Served):
    settings = {'ZONEWRIGHT_OUTBOUND_ALLOW': '127.0.0.1', 'ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES': 'true'}

    def here(self, path):
        return f'http://127.0.0.1:{self.port}{path}'

    @property
    def back(self):
        return self.here('/api/v1/oidc/callback')

    def set_provider(self, issuer, client='zonewright', secret='a secret: of two/parts', **more):
        options = [word for name, value in more.items() for word in (f'--{name}', value)]
        if secret is not None:
            path = os.path.join(self.folder.name, 'secret')
            with open(path, 'w', encoding='utf-8') as file:
                file.write(secret)
            options += ['--secret-file', path]
        self.zw('provider', 'set', issuer, client, *options)

    def start(self, browser, to='/projects'):
        """The address of the provider that the browser is sent to."""
        response = browser.get(self.here('/api/v1/oidc/start?' + urllib.parse.urlencode({'to': to})))
        self.assertEqual(response.status, 303, response.content)
        return response.headers['Location']

    def come_back(self, browser, url):
        response = browser.get(url)
        self.assertEqual(response.status, 303, response.content)
        return response

    def refused(self, response, code='SIGN_IN'):
        self.assertEqual(response.headers['Location'], f'/?refused={code}')
        self.assertNotIn('__Host-zonewright=', str(response.headers))

    def me(self, browser):
        response = browser.get(self.here('/api/v1/me'))
        return json.loads(response.content) if response.status == 200 else None

    def audit(self, action='sign_in'):
        return [entry for entry in self.json('audit', '--all') if entry['action'] == action]


class RealProvider(SignedInElsewhere):
    def setUp(self):
        super().setUp()
        self.other = subprocess.Popen(['node', PROVIDER, self.back], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True)
        self.issuer = self.other.stdout.readline().strip()
        self.set_provider(self.issuer, title='Waterworks login')

    def tearDown(self):
        self.end_provider()
        super().tearDown()

    def end_provider(self):
        if self.other.poll() is None:
            self.other.stdin.close()
            self.other.wait(30)
        self.other.stdout.close()

    def people(self, **people):
        self.other.stdin.write(json.dumps({'people': people}) + '\n')
        self.other.stdin.flush()
        self.assertEqual(self.other.stdout.readline(), 'done\n')

    def enter(self, browser, subject, to='/projects'):
        """Signs in at the provider; gives the address it sends the browser back to."""
        page = browser.follow(self.start(browser, to), f'{self.issuer}/enter/')
        return browser.follow(f'{page}?subject={subject}', self.back)

    def sign_in(self, subject, to='/projects'):
        browser = Browser()
        response = self.come_back(browser, self.enter(browser, subject, to))
        return browser, response

    def test_groups_give_roles_and_take_them(self):
        self.zw('project', 'create', 'OTHER')
        for project, group, *roles in (('MAIN', '/plant/authors', 'author', 'tester'), ('OTHER', 'readers', 'viewer'), ('OTHER', 'nobody', 'approver')):
            self.zw('--project', project, 'provider', 'map', group, *roles)
        self.people(s1={'preferred_username': 'ann', 'name': 'Ann Author', 'groups': ['/plant/authors', 'readers', 'unknown']})
        browser, response = self.sign_in('s1', '/p/MAIN/zones?q=nature:safety')
        self.assertEqual(response.headers['Location'], '/p/MAIN/zones?q=nature:safety')
        self.assertRegex(response.cookie, '^__Host-zonewright=[0-9a-f]{32}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=')
        me = self.me(browser)
        self.assertEqual((me['person']['name'], me['person']['full_name'], me['person']['operator']), ('ann', 'Ann Author', False))
        roles = {project['key']: set(project['roles']) for project in me['projects']}
        self.assertEqual(roles, {'MAIN': {'author', 'tester'}, 'OTHER': {'viewer'}})
        listed = [row for row in self.json('--project', 'MAIN', 'role', 'list') if row['name'] == 'ann']
        self.assertEqual([(row['role'], row['provided']) for row in listed], [('author', True), ('tester', True)])

        # The next time: one group less, and a role by hand that groups do not touch.
        self.zw('--project', 'OTHER', 'role', 'grant', 'ann', 'reviewer')
        self.zw('--project', 'MAIN', 'role', 'grant', 'ann', 'tester')
        self.people(s1={'preferred_username': 'renamed', 'groups': 'readers'})
        browser, _ = self.sign_in('s1')
        me = self.me(browser)
        self.assertEqual(me['person']['name'], 'ann', 'the same person, whatever they are called there')
        roles = {project['key']: set(project['roles']) for project in me['projects']}
        self.assertEqual(roles, {'MAIN': {'tester'}, 'OTHER': {'viewer', 'reviewer'}})
        self.people(s1={})
        browser, _ = self.sign_in('s1')
        self.assertEqual({project['key'] for project in self.me(browser)['projects']}, {'MAIN', 'OTHER'})
        said = [(e['action'], e['object']) for e in self.json('--project', 'MAIN', 'audit') if e['action'].startswith('role.')]
        self.assertIn(('role.revoke', 'ann author by groups'), said)

    def test_nobody_is_linked_by_name_or_mail(self):
        self.zw('user', 'add', 'ann', '--operator')
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author')
        self.people(s1={'preferred_username': 'ann', 'email': 'ann@example.com', 'groups': ['authors']},
                    s2={'preferred_username': 'ann', 'groups': ['authors']}, s3={'preferred_username': 'a\nb', 'name': '', 'groups': ['authors']})
        self.assertEqual([self.me(self.sign_in(subject)[0])['person']['name'] for subject in ('s1', 's2', 's3', 's1')], ['ann-2', 'ann-3', 's3', 'ann-2'])
        self.assertFalse(self.me(self.sign_in('s1')[0])['person']['operator'])

    def test_who_has_no_role_and_is_not_known_stays_outside(self):
        self.people(s1={'preferred_username': 'ann', 'groups': ['authors']})
        _, response = self.sign_in('s1')
        self.refused(response)
        self.assertNotIn('ann', [user['name'] for user in self.json('user', 'list')])
        self.assertEqual(self.audit()[0]['outcome'], 'nobody known, and no group of theirs has a role')

    def test_disabled(self):
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author')
        self.people(s1={'preferred_username': 'ann', 'groups': ['authors']})
        browser, _ = self.sign_in('s1')
        self.zw('user', 'disable', 'ann')
        self.assertIsNone(self.me(browser))
        self.refused(self.sign_in('s1')[1])
        self.assertEqual((self.audit()[0]['person'], self.audit()[0]['outcome']), ('ann', 'disabled'))

    def test_every_kind_of_client(self):
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author')
        self.people(s1={'preferred_username': 'ann', 'groups': ['authors']})
        for client, secret in (('post', 'another secret'), ('ec', 'another secret'), ('ps', 'another secret'), ('public', None)):
            with self.subTest(client=client):
                self.set_provider(self.issuer, client, secret)
                self.assertEqual(self.me(self.sign_in('s1')[0])['person']['name'], 'ann')
        self.set_provider(self.issuer, 'zonewright', 'not the secret')
        self.refused(self.sign_in('s1')[1])
        self.assertEqual(self.audit()[0]['outcome'], 'the provider does not know this client, or not by this secret')

    def test_a_code_is_good_once_and_in_one_browser(self):
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author')
        self.people(s1={'preferred_username': 'ann', 'groups': ['authors']})
        browser, thief = Browser(), Browser()
        url = self.enter(browser, 's1')
        self.refused(self.come_back(thief, url))
        self.assertEqual(self.audit()[0]['outcome'] if self.audit() else None, None, 'nothing was begun there')
        self.start(thief)
        self.refused(self.come_back(thief, url))
        self.assertEqual(self.audit()[0]['outcome'], 'wrong state')
        host = f'127.0.0.1:{self.port}'
        flow = dict(browser.cookies[host])
        self.assertEqual(self.come_back(browser, url).headers['Location'], '/projects')
        self.assertNotIn('__Host-zonewright-flow', browser.cookies[host], 'it is used up')
        browser.cookies[host] = flow
        self.refused(self.come_back(browser, url))
        self.assertEqual(self.audit()[0]['outcome'], 'the provider refuses the code')

    def test_answers_that_are_not_the_provider_s(self):
        self.people(s1={'preferred_username': 'ann', 'groups': ['authors']})
        for change, why in (({'state': 'x'}, 'wrong state'), ({'state': None}, 'wrong state'), ({'iss': 'https://evil.example'}, 'wrong issuer'),
                            ({'iss': None}, 'wrong issuer'), ({'code': 'x'}, 'the provider refuses the code'), ({'code': None}, 'no code')):
            with self.subTest(change=change):
                browser = Browser()
                parts = urllib.parse.urlsplit(self.enter(browser, 's1'))
                query = {**dict(urllib.parse.parse_qsl(parts.query)), **change}
                query = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
                self.refused(self.come_back(browser, f'{self.back}?{query}'))
                self.assertEqual(self.audit()[0]['outcome'], why)

    def test_who_says_no_at_the_provider(self):
        self.people()
        self.refused(self.sign_in('nobody')[1])
        self.assertEqual(self.audit()[0]['outcome'], 'refused by the provider')

    def test_provider_that_is_gone(self):
        browser = Browser()
        self.start(browser)
        self.end_provider()
        self.refused(self.come_back(browser, f'{self.back}?code=x&state=y'), 'SIGN_IN')
        self.zw('provider', 'set', self.issuer + '/elsewhere', 'zonewright')
        self.refused(browser.get(self.here('/api/v1/oidc/start')), 'NETWORK')
        # people with a password go on
        self.zw('user', 'add', 'bob', '--password-file', self.password_file())
        self.send('POST', '/api/v1/session', {'name': 'bob', 'password': PASSWORD}, 201, anonymous=True)

    def password_file(self):
        path = os.path.join(self.folder.name, 'password')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(PASSWORD)
        return path

    def test_only_places_here(self):
        for to in ('https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '', 'zones', '/a\r\nX: y', '/' + 'a' * 2000, '/\x7f'):
            response = self.get('/api/v1/oidc/start?' + urllib.parse.urlencode({'to': to}), anonymous=True)
            self.assertIn(response.status, (400, 422), to)
        browser = Browser()
        self.start(browser)
        host = f'127.0.0.1:{self.port}'
        flow = browser.cookies[host]['__Host-zonewright-flow'].partition('.')[0]
        for place in ('//evil.example/', 'https://evil.example/'):
            browser.cookies[host] = {'__Host-zonewright-flow': f'{flow}.{base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")}'}
            self.refused(self.come_back(browser, self.back + '?code=x&state=y'))

    def test_nothing_secret_is_told(self):
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author')
        self.people(s1={'preferred_username': 'ann', 'groups': ['authors']})
        browser = Browser()
        url = self.enter(browser, 's1')
        flow = browser.cookies[f'127.0.0.1:{self.port}']['__Host-zonewright-flow']
        self.come_back(browser, url)
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))['code']
        shown = self.json('provider', 'show')
        self.assertEqual(shown['provider'], {'title': 'Waterworks login', 'issuer': self.issuer, 'client_id': 'zonewright', 'secret': True,
                                             'scope': 'openid profile', 'groups': 'groups'})
        self.assertEqual(shown['map'], [{'group': 'authors', 'project': 'MAIN', 'role': 'author'}])
        said = self.log_text() + json.dumps(shown) + json.dumps(self.audit('provider.set')) + json.dumps(self.audit())
        for secret in (code, flow.partition('.')[0], SECRETS['zonewright'], 'a%20secret'):
            self.assertNotIn(secret, said)

    def test_who_signs_in_elsewhere_makes_their_own_tokens(self):
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author')
        self.people(s1={'preferred_username': 'ann', 'groups': ['authors']})
        self.sign_in('s1')
        self.zw('token', 'create', 'x', '--person', 'ann', code=5)

    def test_who_has_no_password_signs_with_a_passkey(self):
        self.zw('--project', 'MAIN', 'provider', 'map', 'approvers', 'approver')
        self.zw('--project', 'MAIN', 'add', 'countermeasure', 'title=Locks')
        self.people(s1={'preferred_username': 'ann', 'groups': ['approvers']})
        browser, _ = self.sign_in('s1')
        origin, key = self.here(''), Authenticator()
        by = {'Cookie': f'__Host-zonewright={browser.cookies[f"127.0.0.1:{self.port}"]["__Host-zonewright"]}', 'Origin': origin,
              'X_Zonewright_CSRF': self.me(browser)['csrf']}
        made = self.send('POST', '/api/v1/passkeys/challenge', None, 200, **by).json
        self.send('POST', '/api/v1/passkeys', {'name': 'Key ring', **key.make(made['challenge'], '127.0.0.1', origin)}, 201, **by)
        shown = self.send('GET', '/p/MAIN/api/v1/items/CM-1/manifest?meaning=approved', None, 200, **by).json
        body = {'on': 'CM-1', 'rev': shown['rev'], 'hash': shown['hash'], 'meaning': 'approved', 'reason': 'read'}
        self.send('POST', '/p/MAIN/api/v1/signatures', {**body, 'password': PASSWORD}, 401, **by)
        asked = self.send('POST', '/p/MAIN/api/v1/signatures/challenge', body, 200, **by).json
        self.send('POST', '/p/MAIN/api/v1/signatures', {**body, 'time': asked['time'], 'passkey': key.sign(asked['challenge'], '127.0.0.1', origin)}, 201, **by)
        self.assertTrue(self.json('--project', 'MAIN', 'verify')['ok'])
        # the way in stays the provider's, who says which groups one is in
        entry = self.send('POST', '/api/v1/session/challenge', None, 200, anonymous=True).json['challenge']
        signed = {**key.sign(entry, '127.0.0.1', origin), 'user': made['user']}
        self.send('POST', '/api/v1/session/passkey', signed, 401, anonymous=True)

    def test_removed(self):
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author')
        self.people(s1={'preferred_username': 'ann', 'groups': ['authors']})
        browser, _ = self.sign_in('s1')
        self.assertEqual(self.api('/api/v1/setup')['provider'], {'title': 'Waterworks login'})
        self.zw('provider', 'remove')
        self.assertIsNone(self.api('/api/v1/setup')['provider'])
        self.assertEqual(self.me(browser)['projects'], [], 'what groups gave has ended')
        self.refused(Browser().get(self.here('/api/v1/oidc/start')), 'STATE')
        self.zw('provider', 'remove', code=2)


class Management(SignedInElsewhere):
    def test_what_is_no_provider(self):
        for issuer in ('login.example', 'ftp://127.0.0.1/', 'http://127.0.0.1/?x', 'http://127.0.0.1/#x', 'http://user@127.0.0.1/', 'https://not-allowed.example/', ''):
            self.zw('provider', 'set', issuer, 'zonewright', code=3)
        self.zw('provider', 'set', 'http://127.0.0.1/', 'zonewright', '--scope', 'profile', code=3)
        self.zw('provider', 'set', 'http://127.0.0.1/', '', code=3)
        self.zw('provider', 'set', 'http://127.0.0.1/', 'a\nb', code=3)
        self.assertIsNone(self.json('provider', 'show')['provider'])

    def test_groups_of_roles_that_are_none(self):
        self.assertIn('author', self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'auhtor', code=2))
        self.zw('--project', 'MAIN', 'provider', 'map', 'a\nb', 'author', code=3)
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author', 'viewer')
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'tester')
        self.assertEqual(self.json('provider', 'show')['map'], [{'group': 'authors', 'project': 'MAIN', 'role': 'tester'}])
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors')
        self.assertEqual(self.json('provider', 'show')['map'], [])

    def test_secret_stays_with_its_client(self):
        self.set_provider('http://127.0.0.1:1', 'one', 'a secret')
        self.zw('provider', 'set', 'http://127.0.0.1:1', 'one', '--title', 'Other')
        self.assertTrue(self.json('provider', 'show')['provider']['secret'])
        self.zw('provider', 'set', 'http://127.0.0.1:2', 'one')
        self.assertFalse(self.json('provider', 'show')['provider']['secret'], 'another server does not get it')

    def test_over_http(self):
        self.send('PUT', '/api/v1/provider', {'issuer': 'http://127.0.0.1:1', 'client_id': 'x', 'secret': 'y'}, 403)  # not by a token
        self.send('DELETE', '/api/v1/provider', None, 403)
        self.send('POST', '/api/v1/provider/groups?project=MAIN', {'group': '/a/b', 'roles': ['viewer']}, 200)
        self.assertEqual(self.api('/api/v1/provider')['map'], [{'group': '/a/b', 'project': 'MAIN', 'role': 'viewer'}])
        self.send('POST', '/api/v1/provider/groups?project=MAIN', {'group': 'x', 'roles': ['nothing']}, 404)
        self.send('POST', '/api/v1/provider/groups?project=MAIN', {'group': '', 'roles': []}, 422)


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip('=')


def number(value, n):
    return b64(value.to_bytes(n, 'big'))


class Liar(http.server.BaseHTTPRequestHandler):
    """Answers as `server.say` has it: by path, a status and an object."""

    def do_GET(self):
        status, answer = self.server.say(self.path, self.headers, self.rfile.read(int(self.headers.get('Content-Length', 0))))
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # it was too much

    do_POST = do_GET

    def log_message(self, *_):
        pass


class LyingProvider(SignedInElsewhere):
    RSA = rsa.generate_private_key(65537, 2048)
    OTHER = rsa.generate_private_key(65537, 2048)

    def setUp(self):
        super().setUp()
        self.other = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Liar)
        self.other.say = self.say
        threading.Thread(target=self.other.serve_forever, daemon=True).start()
        self.issuer = f'http://127.0.0.1:{self.other.server_port}'
        self.document = {'issuer': self.issuer, 'authorization_endpoint': self.issuer + '/auth', 'token_endpoint': self.issuer + '/token',
                         'jwks_uri': self.issuer + '/keys'}
        numbers = self.RSA.public_key().public_numbers()
        self.keys = {'keys': [{'kty': 'RSA', 'kid': 'one', 'n': number(numbers.n, 256), 'e': 'AQAB'}]}
        self.asked = []
        self.answers = {}
        self.set_provider(self.issuer)
        self.zw('--project', 'MAIN', 'provider', 'map', 'authors', 'author')

    def tearDown(self):
        super().tearDown()
        self.other.shutdown()
        self.other.server_close()

    def say(self, path, headers, body):
        self.asked.append((path, headers, body))
        if path in self.answers:
            return self.answers[path]
        return 200, {'/.well-known/openid-configuration': self.document, '/token': {'id_token': getattr(self, 'token_', '')}, '/keys': self.keys}[path]

    def sign(self, claims, head=None, key=None):
        text = f'{b64(json.dumps(head or {"alg": "RS256", "kid": "one"}).encode())}.{b64(json.dumps(claims).encode())}'
        return f'{text}.{b64((key or self.RSA).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}'

    def claims(self, begun, **change):
        now = int(time.time())
        claims = {'iss': self.issuer, 'sub': 's1', 'aud': 'zonewright', 'nonce': begun['nonce'], 'exp': now + 300, 'iat': now, 'groups': ['authors'], **change}
        return {name: value for name, value in claims.items() if value is not None}

    def attempt(self, make):
        """One sign-in with the token that `make` makes of what was asked; gives the answer to the browser."""
        browser = Browser()
        begun = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.start(browser)).query))
        self.token_ = make(begun)
        return self.come_back(browser, f'{self.back}?{urllib.parse.urlencode({"code": "c", "state": begun["state"]})}')

    def test_what_is_asked(self):
        begun = {}
        response = self.attempt(lambda asked: begun.update(asked) or self.sign(self.claims(asked)))
        self.assertEqual(response.headers['Location'], '/projects')
        self.assertEqual({name: begun[name] for name in ('response_type', 'client_id', 'redirect_uri', 'scope', 'code_challenge_method')},
                         {'response_type': 'code', 'client_id': 'zonewright', 'redirect_uri': self.back, 'scope': 'openid profile', 'code_challenge_method': 'S256'})
        [(_, headers, body)] = [asked for asked in self.asked if asked[0] == '/token']
        form = dict(urllib.parse.parse_qsl(body.decode()))
        self.assertEqual(b64(hashlib.sha256(form['code_verifier'].encode()).digest()), begun['code_challenge'])
        self.assertEqual(base64.b64decode(headers['Authorization'].removeprefix('Basic ')).decode(), 'zonewright:a%20secret%3A%20of%20two%2Fparts')
        self.assertNotIn('client_secret', form)
        self.assertEqual(len({begun['state'], begun['nonce'], begun['code_challenge'], form['code_verifier']}), 4)

    def test_claims(self):
        now = int(time.time())
        for change, why in (({'nonce': 'x'}, 'wrong nonce'), ({'nonce': None}, 'wrong nonce'), ({'aud': 'other'}, 'wrong audience'), ({'aud': None}, 'wrong audience'),
                            ({'aud': []}, 'wrong audience'), ({'aud': ['zonewright', 'other']}, 'wrong audience'), ({'azp': 'other'}, 'wrong audience'),
                            ({'aud': ['other'], 'azp': 'zonewright'}, 'wrong audience'), ({'iss': self.issuer + '/'}, 'wrong issuer'), ({'iss': None}, 'wrong issuer'),
                            ({'exp': now - 90}, 'expired'), ({'exp': None}, 'expired'), ({'exp': 'never'}, 'expired'), ({'iat': now + 90}, 'not yet good'),
                            ({'iat': None}, 'not yet good'), ({'nbf': now + 90}, 'not yet good'), ({'sub': ''}, 'no subject'), ({'sub': None}, 'no subject'),
                            ({'sub': 7}, 'no subject'), ({'sub': 'x' * 256}, 'no subject')):
            with self.subTest(change=change):
                self.zw('user', 'list')
                self.refused(self.attempt(lambda begun, c=change: self.sign(self.claims(begun, **c))))
                self.assertEqual(self.audit()[0]['outcome'], why)
                self.forget()

    def forget(self):
        """Failures of an address lock it; one good sign-in forgets them."""
        self.assertEqual(self.attempt(lambda begun: self.sign(self.claims(begun))).headers['Location'], '/projects')

    def test_clocks_may_differ_a_little(self):
        now = int(time.time())
        for change in ({'exp': now - 30}, {'iat': now + 30}, {'aud': ['zonewright', 'other'], 'azp': 'zonewright'}, {'aud': ['zonewright']}):
            with self.subTest(change=change):
                self.assertEqual(self.attempt(lambda begun, c=change: self.sign(self.claims(begun, **c))).headers['Location'], '/projects')

    def test_signatures(self):
        public = self.RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

        def shared(begun, secret):
            text = f'{b64(json.dumps({"alg": "HS256", "kid": "one"}).encode())}.{b64(json.dumps(self.claims(begun)).encode())}'
            return f'{text}.{b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}'

        def unsigned(begun, alg):
            return f'{b64(json.dumps({"alg": alg}).encode())}.{b64(json.dumps(self.claims(begun)).encode())}.'

        def swapped(begun):
            head, _, signature = self.sign(self.claims(begun)).split('.')
            return f'{head}.{b64(json.dumps(self.claims(begun, sub="operator")).encode())}.{signature}'

        lies = {
            'none': lambda begun: unsigned(begun, 'none'),
            'None': lambda begun: unsigned(begun, 'None'),
            'HS256 with the public key': lambda begun: shared(begun, public),
            'HS256 with the secret of the client': lambda begun: shared(begun, SECRETS['zonewright'].encode()),
            'HS256 with the modulus': lambda begun: shared(begun, self.keys['keys'][0]['n'].encode()),
            'unknown kid': lambda begun: self.sign(self.claims(begun), {'alg': 'RS256', 'kid': 'two'}),
            'another key': lambda begun: self.sign(self.claims(begun), key=self.OTHER),
            'a key of its own': lambda begun: self.sign(self.claims(begun), {'alg': 'RS256', 'jku': self.issuer + '/evil', 'kid': 'evil'}, self.OTHER),
            'other claims': swapped,
            'critical': lambda begun: self.sign(self.claims(begun), {'alg': 'RS256', 'kid': 'one', 'crit': ['exp']}),
            'no token': lambda begun: '',
            'nonsense': lambda begun: 'a.b.c',
            'huge': lambda begun: self.sign(self.claims(begun, x='y' * 45000)) + 'A' * 100,
        }
        for name, lie in lies.items():
            with self.subTest(lie=name):
                self.refused(self.attempt(lie))
        self.forget()
        self.assertEqual([user['name'] for user in self.json('user', 'list') if user['name'] == 'operator'], [])

    def test_elliptic(self):
        key = ec.generate_private_key(ec.SECP256R1())
        numbers = key.public_key().public_numbers()
        self.keys['keys'].append({'kty': 'EC', 'crv': 'P-256', 'kid': 'two', 'x': number(numbers.x, 32), 'y': number(numbers.y, 32)})
        self.refused(self.attempt(lambda begun: self.sign(self.claims(begun), {'alg': 'ES256', 'kid': 'two'})))
        self.refused(self.attempt(lambda begun: self.sign(self.claims(begun), {'alg': 'ES256', 'kid': 'one'})))
        self.forget()

    def test_descriptions(self):
        for change in ({'issuer': self.issuer + '/'}, {'issuer': 'https://evil.example'}, {'authorization_endpoint': 'https://evil.example/'},
                       {'authorization_endpoint': 'javascript:alert(1)'}, {'token_endpoint': 'https://evil.example/'}, {'jwks_uri': 'file:///etc/passwd'},
                       {'jwks_uri': None}, {'code_challenge_methods_supported': ['plain']}):
            with self.subTest(change=change):
                good = self.document
                self.document = {**good, **change}
                self.refused(Browser().get(self.here('/api/v1/oidc/start')), 'NETWORK')
                self.document = good

    def test_answers(self):
        for path, status, answer in (('/token', 500, {}), ('/token', 200, b'<html>'), ('/token', 200, []), ('/token', 200, b'{"a":' * 50000), ('/token', 200, b'x' * 200000),
                                     ('/keys', 200, b'nothing'), ('/keys', 404, {}), ('/token', 302, {})):
            with self.subTest(path=path, status=status):
                self.answers = {path: (status, answer)}
                self.refused(self.attempt(lambda begun: self.sign(self.claims(begun))), 'NETWORK')
                self.answers = {}
        self.forget()

    def test_guessing_is_locked_out(self):
        for _ in range(20):
            self.refused(self.attempt(lambda begun: 'a.b.c'))
        self.refused(Browser().get(self.here('/api/v1/oidc/start')), 'TOO_MANY')


class NotAllowed(SignedInElsewhere):
    settings = {}

    def test_no_host_is_asked_unless_the_settings_name_it(self):
        self.zw('provider', 'set', 'https://login.example/', 'zonewright', code=3)


if __name__ == '__main__':
    tap.main()
