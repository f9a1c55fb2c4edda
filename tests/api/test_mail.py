#!/usr/bin/env python3
"""Mail about what waits for people, to a real SMTP server: a digest once a day, by TLS, with a password that no log shows."""
import datetime
import os
import secrets
import signal
import subprocess
import time

import plant
import rows
import tap
from people import People
from post_office import PostOffice

SECRET = 'gulls over the weir'
DUE = str(datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=2))  # overdue, and not yet escalated


def certificate(folder):
    names = [os.path.join(folder, name) for name in ('office.pem', 'office.key')]
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext',
                    'subjectAltName=DNS:localhost', '-out', names[0], '-keyout', names[1]], check=True, capture_output=True)
    return names


class Mail(plant.Plant):
    def setUp(self):
        self.office = None
        self.env = {'ZONEWRIGHT_OUTBOUND_ALLOW': 'localhost', 'ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES': 'true', 'ZONEWRIGHT_MAIL_FROM': 'zw@plant.example',
                    'ZONEWRIGHT_MAIL_DOMAIN': 'plant.example', 'ZONEWRIGHT_MAIL_LINK': 'https://zw.plant.example'}
        super().setUp()
        for name in ('ann', 'refused', 'idle', 'bob@other.example'):
            self.zw('user', 'add', name)
            if name != 'idle':
                self.zw('role', 'grant', name, 'author')
        for owner in ('ann', 'ann', 'refused', 'bob@other.example'):
            self.zw('import', self.lines({'op': 'item', 'kind': 'action', 'title': 'Übergabe', 'owner': owner, 'attrs': {'due': DUE}}),
                    '--format', 'native')

    def tearDown(self):
        if self.office is not None:
            self.office.close()
        super().tearDown()

    def open(self, scheme='smtp', **more):
        self.office = PostOffice(**more)
        self.env['ZONEWRIGHT_MAIL_SERVER'] = f'{scheme}://localhost:{self.office.port}'

    def run_zw(self, *args):
        return subprocess.run([plant.ZW, '--data', self.data, *args], capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **self.env})

    def mails(self):
        return {tuple(to): mail for to, mail in self.office.mails}

    def test_each_hears_of_their_own(self):
        self.open()
        done = self.json('mail')
        self.assertEqual((done['sent'], [one['name'] for one in done['failed']]), (2, ['refused']))
        self.assertGreaterEqual(done['skipped'], 1)
        found = self.mails()
        self.assertEqual(set(found), {('ann@plant.example',), ('bob@other.example',)})
        mail = found[('ann@plant.example',)]
        self.assertEqual((mail['To'], mail['From'], mail['Subject']), ('ann@plant.example', 'Zonewright <zw@plant.example>', '2 wait for you, 2 overdue'))
        text = mail.get_content()
        self.assertIn('AC-1 Übergabe', text)
        self.assertIn(f'due {DUE} (overdue)', text)
        self.assertIn('https://zw.plant.example/p/MAIN/work', text)
        self.assertNotIn('AC-3', text)

    def test_more_than_is_listed(self):
        self.open()
        self.zw('import', self.lines(*({'op': 'item', 'key': f'AC-{100 + i}', 'kind': 'action', 'title': 'Ask', 'owner': 'ann'} for i in range(501))), '--format', 'native')
        self.json('mail')
        text = self.mails()[('ann@plant.example',)].get_content()
        self.assertIn('\n  and 400 more\n  there is more than is counted here\n', text)
        self.assertEqual(text.count('\n  own '), 100)

    def test_tls_and_a_password(self):
        pem, key = certificate(self.folder.name)
        path = os.path.join(self.folder.name, 'password')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(SECRET + '\n')
        os.chmod(path, 0o600)
        self.open('smtps', password=SECRET, certificate=(pem, key))
        self.env.update(ZONEWRIGHT_MAIL_USER='zw', ZONEWRIGHT_MAIL_PASSWORD=path)
        self.assertEqual(self.json('mail')['sent'], 0, 'nobody vouches for the certificate')
        self.env['ZONEWRIGHT_OUTBOUND_CA'] = pem
        self.assertEqual(self.json('mail')['sent'], 2)
        self.assertNotIn(SECRET, self.zw('config', 'show'))
        # a server that turns to TLS when asked, before the password is said; one that nobody vouches for is not told it
        self.office.close()
        self.open(password=SECRET, certificate=(pem, key), turns=True)
        self.assertEqual((self.json('mail')['sent'], self.office.turned > 0), (2, True))
        before = self.office.mails[:]
        del self.env['ZONEWRIGHT_OUTBOUND_CA']
        self.assertEqual((self.json('mail')['sent'], self.office.mails), (0, before))
        self.env['ZONEWRIGHT_OUTBOUND_CA'] = pem
        # a wrong password
        with open(path, 'w', encoding='utf-8') as file:
            file.write('another\n')
        self.assertEqual((self.json('mail')['sent'], self.office.mails), (0, before))
        with open(path, 'w', encoding='utf-8') as file:
            file.write(SECRET + '\n')
        # a password is not said to a server without TLS, whatever addresses are allowed
        self.office.close()
        self.open(password=SECRET)
        self.assertEqual((self.json('mail')['sent'], self.office.mails), (0, []))
        # without closed addresses allowed what is not TLS is not spoken, and loopback not asked
        del self.env['ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES']
        self.assertEqual(self.json('mail')['sent'], 0)

    def test_settings(self):
        self.assertIn('mail.server names no server', self.zw('mail', code=4))
        self.open()
        for name, value in (('SERVER', 'http://localhost'), ('FROM', 'nobody'), ('FROM', 'a@b>\r\nBcc: c@d'), ('DOMAIN', 'two words')):
            before = dict(self.env)
            self.env['ZONEWRIGHT_MAIL_' + name] = value
            self.assertIn(f'mail.{name.lower()}', self.zw('mail', code=3))
            self.env = before
        self.env['ZONEWRIGHT_OUTBOUND_ALLOW'] = 'elsewhere.example'
        self.assertIn('outbound.allow', self.json('mail')['failed'][0]['why'])
        self.assertEqual(self.office.mails, [])


class Daily(People):
    roles = {'ann': ['author']}

    def setUp(self):
        self.office = PostOffice()
        self.settings = {'ZONEWRIGHT_OUTBOUND_ALLOW': 'localhost', 'ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES': 'true', 'ZONEWRIGHT_MAIL_FROM': 'zw@plant.example',
                         'ZONEWRIGHT_MAIL_DOMAIN': 'plant.example', 'ZONEWRIGHT_MAIL_SERVER': f'smtp://localhost:{self.office.port}', 'ZONEWRIGHT_MAIL_HOUR': '0'}
        super().setUp()

    def fill(self):
        super().fill()
        self.zw('add', 'action', 'title=Ask', 'owner=ann')

    def tearDown(self):
        super().tearDown()
        self.office.close()

    def test_who_wants_none(self):
        def say(on, status=200):
            return self.act('ann', 'PUT', '/api/v1/users/me/mail', {'on': on}, status).json
        end = time.monotonic() + 60
        while not self.office.mails:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)
        self.send('PUT', '/api/v1/users/me/mail', {'on': False}, 403)  # by a token: an account is for the person to change
        self.assertTrue(self.api('/api/v1/users/me')['mail'])
        for no in ('no', 0):
            self.assertIn('boolean is expected', say(no, 422)['detail'])
        say(False)
        self.assertFalse(self.act('ann', 'GET', '/api/v1/users/me', None, 200).json['mail'])
        self.zw('user', 'set', 'ann', '--full-name', 'Ann')  # what others change of the account leaves it
        self.assertEqual(self.json('mail')['sent'], 0)
        say(True)
        self.assertEqual(self.json('mail')['sent'], 1)

    def digests(self):
        return [job for job in self.api('/api/v1/jobs?all=true') if job['kind'] == 'mail.digest']

    def test_once_a_day(self):
        end = time.monotonic() + 60
        while not (jobs := self.digests()) or jobs[0]['state'] in ('queued', 'running'):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)
        self.assertEqual((jobs[0]['state'], jobs[0]['result']['sent'], jobs[0]['result']['failed']), ('done', 1, []))
        self.assertEqual([to for to, _ in self.office.mails], [['ann@plant.example']])
        # a server that starts again on the same day does not begin again
        self.stop()
        self.serve()
        self.send('POST', '/api/v1/mail/digest', {}, 202)
        while len(self.digests()) < 2 or len(self.office.mails) < 2:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)
        self.assertEqual(len(self.digests()), 2, 'the one of the day, and the one that was asked for')
        # nor when more jobs came after it than are looked through
        self.stop()
        several = ', '.join(['(?)'] * 1000)
        rows.ask(self.data, 'INSERT INTO job (id, person, kind, state, created, started, ended, done, total, unit) '
                            "SELECT n.column1, person, 'check', state, created + 60000, started, ended, done, total, unit "
                            f'FROM job, (VALUES {several}) AS n WHERE job.id = ?', *(secrets.token_bytes(16) for _ in range(1000)), bytes.fromhex(jobs[0]['id']))
        self.settings = {**self.settings, 'ZONEWRIGHT_FINISH_SECONDS': '60'}
        self.serve()
        self.server.send_signal(signal.SIGHUP)  # has it look at once; what it begins then is ended before it ends
        self.stop()
        self.assertEqual(len(self.office.mails), 2)


if __name__ == '__main__':
    tap.main()
