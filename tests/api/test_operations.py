"""Running a server: settings, certificate, reload, supervisor, log."""
import json
import os
import signal
import socket
import ssl
import subprocess
import time
import warnings

import tap
from plant import ZW, Plant
from server import Served


def certificate(folder, name, host='plant.example'):
    """A key and a certificate that it signed itself; gives their paths."""
    paths = os.path.join(folder, name + '.crt'), os.path.join(folder, name + '.key')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90', '-subj', f'/CN={host}',
                    '-addext', f'subjectAltName=DNS:{host},IP:127.0.0.1', '-keyout', paths[1], '-out', paths[0]], check=True, capture_output=True)
    os.chmod(paths[1], 0o600)
    return paths


class Settings(Plant):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.folder.name, 'zonewright.conf')

    def check(self, text, *args):
        with open(self.path, 'w', encoding='utf-8') as file:
            file.write(text)
        return subprocess.run([ZW, '--data', self.data, 'serve', '--check-config', *args], capture_output=True, text=True, timeout=20, check=False,
                              env={**os.environ, 'ZONEWRIGHT_CONFIG': self.path})

    def test_good(self):
        crt, key = certificate(self.folder.name, 'a')
        for text, args in (('', ()), ('[server]\nlisten = 127.0.0.1:1\n', ()), ('[server]\ninsecure_plain_http = true\nlisten = 0.0.0.0:80\n', ()),
                           ('[server]\nlisten = 10.1.2.3:443\n', ('--insecure-plain-http',)), ('[log]\nformat = json\nlevel = debug\n', ()),
                           (f'[server]\nlisten = [::]:443\ncertificate = {crt}\nkey = {key}\nhost = plant.example\n', ())):
            with self.subTest(text=text):
                done = self.check(text, *args)
                self.assertEqual((done.returncode, done.stdout), (0, 'the settings are good\n'), done.stderr)

    def test_refused(self):
        crt, key = certificate(self.folder.name, 'a')
        _, other = certificate(self.folder.name, 'b')
        rsa = '[server]\ncertificate = {}\nkey = {}\n'
        for text, code, words in (('[server]\nthreds = 4\n', 3, ':2: server.threds: there is no setting "threds", did you mean "threads"?'),
                                  ('\n[sever]\n', 3, ':2: sever: there is no group "sever", did you mean "server"?'),
                                  ('[server]\nthreads = 1000\n', 3, ':2: server.threads: must be an integer from 1 to 64'),
                                  ('[server]\nthreads = 4\nthreads = 5\n', 3, ':3: "threads" is given twice, first in line 2'),
                                  ('[log]\nlevel = noisy\n', 3, ':2: log.level: must be one of'), ('[log]\nformat = xml\n', 3, 'logfmt, json'),
                                  ('nothing\n', 3, ':1: a setting is written name = value'), ('[server]\nhost = http://x\n', 3, 'server.host: '),
                                  ('[server]\nlisten = 0.0.0.0:80\n', 2, '0.0.0.0:80: without TLS the server listens on loopback only'),
                                  ('[server]\nlisten = [::]:80\n', 2, 'loopback only'), ('[server]\nlisten = nowhere\n', 2, 'ADDR:PORT'),
                                  (f'[server]\ncertificate = {crt}\n', 3, 'both or not at all'), (f'[server]\nkey = {key}\n', 3, 'both or not at all'),
                                  (rsa.format(crt, other), 3, 'server.certificate: '), (rsa.format(key, key), 3, 'server.certificate: '),
                                  (rsa.format(crt, crt), 3, 'server.'), (rsa.format('/nowhere', key), 6, 'server.certificate: '),
                                  (rsa.format(crt, '/dev/null'), 3, 'server.'), (rsa.format(self.folder.name, key), 6, 'server.certificate: ')):
            with self.subTest(text=text):
                done = self.check(text)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(words, done.stderr)
                self.assertEqual(done.stdout, '')
        os.chmod(key, 0o644)
        self.assertIn('every user may read the key', self.check(rsa.format(crt, key)).stderr)

    def test_named_file_must_be_there(self):
        done = subprocess.run([ZW, '--data', self.data, 'list'], capture_output=True, text=True, check=False, env={**os.environ, 'ZONEWRIGHT_CONFIG': '/nowhere'})
        self.assertEqual(done.returncode, 6)
        self.assertIn('/nowhere', done.stderr)


class Supervised(Served):
    """With a supervisor that listens, and a settings file."""
    conf = '[log]\nformat = json\n'
    prepares_files_alone = False

    def setUp(self):
        self.settings = dict(type(self).settings)
        super().setUp()

    def fill(self):
        self.path = os.path.join(self.folder.name, 'zonewright.conf')
        self.write(self.conf)
        self.supervisor = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.supervisor.bind(os.path.join(self.folder.name, 'notify'))
        self.supervisor.settimeout(20)
        self.settings |= {'ZONEWRIGHT_CONFIG': self.path, 'NOTIFY_SOCKET': os.path.join(self.folder.name, 'notify'), 'WATCHDOG_USEC': '30000000'}

    def tearDown(self):
        super().tearDown()
        self.supervisor.close()

    def write(self, text):
        with open(self.path, 'w', encoding='utf-8') as file:
            file.write(text)

    def told(self, what):
        while True:
            text = self.supervisor.recv(4096).decode()
            if text.startswith(what):
                return text

    def reload(self):
        self.server.send_signal(signal.SIGHUP)
        self.assertRegex(self.told('RELOADING=1'), r'^RELOADING=1\nMONOTONIC_USEC=[0-9]+$')
        self.told('READY=1')

    def until(self, holds):
        end = time.monotonic() + 20
        while not holds():
            self.assertLess(time.monotonic(), end, self.log_text())
            time.sleep(0.02)

    def events(self):
        return [json.loads(line) for line in self.log_text().splitlines() if line.startswith('{')]


class Reload(Supervised):
    def test_supervisor_hears_all(self):
        self.assertEqual(self.supervisor.recv(4096), b'READY=1')
        self.told('WATCHDOG=1')
        self.told('WATCHDOG=1')
        self.reload()
        self.stop()
        self.told('STOPPING=1')

    def test_settings_taken_anew(self):
        self.told('READY=1')
        self.assertEqual((self.get('/healthz').status, self.get('/readyz').status), (200, 200))
        got = self.get('/healthz?at=1')
        self.assertEqual(got.status, 400)
        self.until(lambda: any(event['event'] == 'request' for event in self.events()))
        self.write('[log]\nformat = json\nlevel = warning\n')
        self.reload()
        self.get('/healthz?at=1')
        requests = [event for event in self.events() if event['event'] == 'request']
        self.assertEqual([event['request'] for event in requests], [got.headers['X-Request-Id']])
        self.write('[server]\nthreads = 9\nlisten = 127.0.0.1:9\n')
        self.reload()
        self.assertIn('event=reload outcome=restart_needed settings=server.threads', self.log_text())
        self.assertEqual(self.get('/healthz').status, 200)

    def test_bad_settings_change_nothing(self):
        self.told('READY=1')
        self.write('[log]\nlevel = error\n[server]\nthreds = 1\n')
        self.reload()
        [failed] = [event for event in self.events() if event['event'] == 'reload']
        self.assertEqual((failed['outcome'], failed['level']), ('INPUT', 'error'))
        self.assertIn(':4: server.threds', failed['where'])
        self.get('/api/v1/setup')
        self.until(lambda: self.events()[-1]['event'] == 'request')  # the level is as it was


class Encrypted(Supervised):
    def fill(self):
        super().fill()
        self.first = certificate(self.folder.name, 'first')
        self.use(self.first)

    def use(self, paths):
        self.write(f'[server]\ncertificate = {paths[0]}\nkey = {paths[1]}\nhost = plant.example\n')

    def serve(self):
        self.log = open(os.path.join(self.folder.name, 'log'), 'a+', encoding='utf-8')
        self.server = subprocess.Popen([ZW, '--data', self.data, 'serve', '--listen', '0.0.0.0:0'], stdout=subprocess.PIPE, stderr=self.log, text=True,
                                       env={**os.environ, **self.settings})
        line = self.server.stdout.readline()
        self.assertRegex(line, r'^serving https://0\.0\.0\.0:[0-9]+\n$', self.log_text())
        self.port = int(line.rsplit(':', 1)[1])

    def connect(self, trusted, least=ssl.TLSVersion.TLSv1_2, most=ssl.TLSVersion.TLSv1_3, ciphers=None):
        context = ssl.create_default_context(cafile=trusted)
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')  # that it is old is the point
            context.minimum_version, context.maximum_version = least, most
        if ciphers:
            context.set_ciphers(ciphers)
        return context.wrap_socket(socket.create_connection(('127.0.0.1', self.port), timeout=10), server_hostname='plant.example')

    def ask(self, connection, host='plant.example'):
        connection.sendall(f'GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n'.encode())
        answer = ''
        while not answer.endswith('}\n'):
            part = connection.recv(65536)
            self.assertNotEqual(part, b'', answer)
            answer += part.decode()
        return answer

    def test_answers(self):
        for most, name in ((ssl.TLSVersion.TLSv1_2, 'TLSv1.2'), (ssl.TLSVersion.TLSv1_3, 'TLSv1.3')):
            with self.connect(self.first[0], most=most) as connection:
                answer = self.ask(connection)
                self.assertTrue(answer.startswith('HTTP/1.1 200 '), answer)
                self.assertIn('\r\nStrict-Transport-Security: max-age=31536000\r\n', answer)
                self.assertEqual(connection.version(), name)

    def test_hosts(self):
        for host, status in (('plant.example', 200), ('127.0.0.1', 200), ('10.1.2.3:443', 200), ('[fe80::1]', 200), ('evil.example', 421), ('1.2.3', 421)):
            with self.connect(self.first[0]) as connection:
                self.assertIn(f'HTTP/1.1 {status} ', self.ask(connection, host))

    def test_old_and_weak_are_refused(self):
        for options in ({'least': ssl.TLSVersion.TLSv1, 'most': ssl.TLSVersion.TLSv1_1, 'ciphers': 'ALL:@SECLEVEL=0'},
                        {'most': ssl.TLSVersion.TLSv1_2, 'ciphers': 'AES256-SHA'}, {'most': ssl.TLSVersion.TLSv1_2, 'ciphers': 'ECDHE-ECDSA-AES128-SHA256'}):
            with self.subTest(options=options), self.assertRaises((ssl.SSLError, ConnectionError)):
                self.connect(self.first[0], **options)

    def test_plain_text_gets_nothing(self):
        self.assertNotIn(b'200', self.raw(b'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n').raw)
        with self.connect(self.first[0]) as connection:
            self.assertIn(' 200 ', self.ask(connection))

    def test_certificate_changes_while_serving(self):
        self.told('READY=1')
        second = certificate(self.folder.name, 'second')
        with self.connect(self.first[0]) as kept:
            self.assertIn(' 200 ', self.ask(kept))
            self.use(second)
            self.reload()
            self.assertIn(' 200 ', self.ask(kept), 'a connection lives on')
        with self.connect(second[0]) as connection:
            self.assertIn(' 200 ', self.ask(connection))
        with self.assertRaises(ssl.SSLError):
            self.connect(self.first[0])
        self.write('[server]\ncertificate = /nowhere\nkey = /nowhere\n')
        self.reload()
        with self.connect(second[0]) as connection:
            self.assertIn(' 200 ', self.ask(connection))
        self.assertIn('event=certificate', self.log_text())
        self.assertNotIn('PRIVATE', self.log_text())

    def test_silent_greeting_is_cut(self):
        self.told('READY=1')
        self.write(f'[server]\nhead_seconds = 1\ncertificate = {self.first[0]}\nkey = {self.first[1]}\n')
        self.reload()
        with socket.create_connection(('127.0.0.1', self.port), timeout=15) as connection:
            began = time.monotonic()
            self.assertEqual(connection.recv(1), b'')
            self.assertLess(time.monotonic() - began, 8)


class Plain(Served):
    def serve(self):
        self.log = open(os.path.join(self.folder.name, 'log'), 'a+', encoding='utf-8')
        self.server = subprocess.Popen([ZW, '--data', self.data, 'serve', '--listen', '0.0.0.0:0', '--insecure-plain-http'], stdout=subprocess.PIPE,
                                       stderr=self.log, text=True)
        line = self.server.stdout.readline()
        self.assertRegex(line, r'^serving http://0\.0\.0\.0:[0-9]+\n$', self.log_text())
        self.port = int(line.rsplit(':', 1)[1])

    def test_served_because_it_was_said(self):
        got = self.get('/healthz')
        self.assertEqual(got.status, 200)
        self.assertNotIn('Strict-Transport-Security', got.headers)


if __name__ == '__main__':
    tap.main()
