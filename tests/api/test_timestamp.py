#!/usr/bin/env python3
"""Checkpoints that others keep: a file, a time-stamp authority (a real one, `openssl ts`), the log of the server."""
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading

import tap
from plant import ZW
from server import Served

CONFIG = '''[tsa]
default_tsa = one
[one]
serial = {0}/serial
signer_cert = {0}/tsa.pem
certs = {0}/ca.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
'''


class Authority:
    """A time-stamp authority on a free port; `how` makes it misbehave."""

    def __init__(self, folder):
        self.folder, self.how = folder, 'well'
        run = lambda *args: subprocess.run(['openssl', *args], check=True, capture_output=True, cwd=folder)
        with open(folder + '/tsa.cnf', 'w', encoding='ascii') as file:
            file.write(CONFIG.format(folder))
        with open(folder + '/ext.cnf', 'w', encoding='ascii') as file:
            file.write('extendedKeyUsage = critical,timeStamping\n')
        with open(folder + '/serial', 'w', encoding='ascii') as file:
            file.write('01\n')
        for name in ('ca', 'other'):
            run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', name + '.key', '-out', name + '.pem',
                '-subj', '/CN=' + name, '-days', '30')
        run('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=tsa')
        run('x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'tsa.pem', '-days', '30', '-extfile', 'ext.cnf')
        authority = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers['Content-Length']))
                assert self.headers['Content-Type'] == 'application/timestamp-query'
                status, answer = authority.answer(query)
                self.send_response(status)
                self.send_header('Content-Type', 'application/timestamp-reply')
                self.send_header('Content-Length', str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, query):
        if self.how == 'down':
            return 503, b''
        if self.how == 'garbage':
            return 200, b'no time-stamp'
        if self.how == 'replayed':
            return 200, self.last
        with open(self.folder + '/query', 'wb') as file:
            file.write(query)
        subprocess.run(['openssl', 'ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query', '-out', 'reply'], check=True, capture_output=True, cwd=self.folder)
        with open(self.folder + '/reply', 'rb') as file:
            self.last = file.read()
        return 200, self.last


class Kept(Served):
    @classmethod
    def setUpClass(cls):
        cls.ground = tempfile.TemporaryDirectory()
        cls.authority = Authority(cls.ground.name)

    @classmethod
    def tearDownClass(cls):
        cls.authority.server.shutdown()
        cls.ground.cleanup()

    def setUp(self):
        self.authority.how = 'well'
        self.settings = {'ZONEWRIGHT_TIMESTAMP_URL': f'http://127.0.0.1:{self.authority.server.server_port}/tsa',
                         'ZONEWRIGHT_TIMESTAMP_CA': self.ground.name + '/ca.pem', 'ZONEWRIGHT_OUTBOUND_ALLOW': '127.0.0.1',
                         'ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES': 'true', 'ZONEWRIGHT_CHECKPOINT_SECONDS': '1'}
        super().setUp()

    def fill(self):
        self.zw('add', 'zone', 'title=Filters')

    def verify(self):
        return [(p['where'], p['message']) for p in self.api('/api/v1/verify')['problems']]

    def stamp_file(self):
        return next(os.path.join(self.data, 'keys', name) for name in os.listdir(self.data + '/keys') if name.endswith('.stamp'))

    def test_a_stamp_is_kept_and_verified(self):
        made = self.send('POST', '/api/v1/checkpoint/stamp', status=200).json
        self.assertEqual(made['size'], 2)
        self.assertEqual(self.verify(), [])
        self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'Later'}, 201)
        self.assertEqual(self.verify(), [])  # the log continues what was stamped
        with open(self.stamp_file(), encoding='utf-8') as file:
            stamp = json.load(file)
        self.assertEqual(stamp['time'], made['time'])
        with open(self.ground.name + '/ca.pem', encoding='ascii') as file:
            self.assertEqual(stamp['ca'], file.read())
        with open(self.ground.name + '/other.pem', encoding='ascii') as file:
            other = file.read()
        for change in ({'note': stamp['note'].replace('\n2\n', '\n1\n')}, {'token': stamp['token'][:200]}, {'ca': other}, {'ca': 'none'}, {'token': None}):
            with open(self.stamp_file(), 'w', encoding='utf-8') as file:
                json.dump({**stamp, **change}, file)
            self.assertEqual([where for where, _ in self.verify()], ['timestamp'], change)

    def test_an_authority_that_is_not_one(self):
        self.send('POST', '/api/v1/checkpoint/stamp', status=200)
        with open(self.stamp_file(), encoding='utf-8') as file:
            before = file.read()
        self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'Later'}, 201)
        for how, code in (('down', 'NETWORK'), ('garbage', 'INPUT'), ('replayed', 'DAMAGED')):
            self.authority.how = how
            self.assertEqual(self.send('POST', '/api/v1/checkpoint/stamp').json['code'], code, how)
        self.authority.how = 'well'
        self.stop()
        self.settings = {**self.settings, 'ZONEWRIGHT_TIMESTAMP_CA': self.ground.name + '/other.pem'}
        self.serve()
        self.assertEqual(self.send('POST', '/api/v1/checkpoint/stamp').json['code'], 'DAMAGED')
        self.stop()
        self.settings = {**self.settings, 'ZONEWRIGHT_TIMESTAMP_URL': ''}
        self.serve()
        self.assertEqual(self.send('POST', '/api/v1/checkpoint/stamp').json['code'], 'STATE')
        with open(self.stamp_file(), encoding='utf-8') as file:
            self.assertEqual(file.read(), before)

    def test_a_checkpoint_that_was_kept(self):
        self.stop()
        kept = self.data + '.checkpoint'
        with open(kept, 'w', encoding='utf-8') as file:
            file.write(self.zw('checkpoint'))
        copy = self.data + '.copy'
        self.zw('backup', self.data + '.backup')
        self.zw('add', 'zone', 'title=Later')
        self.zw('verify', '--checkpoint', kept)
        # a restored copy has no key of before: what was kept says whether it is the same log, and what came after it is missed
        subprocess.run([ZW, '--data', copy, 'restore', self.data + '.backup'], check=True, capture_output=True)
        run = lambda *args: subprocess.run([ZW, '--data', copy, *args], capture_output=True, text=True, check=False)
        self.assertEqual(run('verify', '--checkpoint', kept).returncode, 0)
        with open(kept, 'w', encoding='utf-8') as file:
            file.write(self.zw('checkpoint'))
        done = run('verify', '--checkpoint', kept)
        self.assertEqual(done.returncode, 1)
        self.assertIn('an older copy was put in its place', done.stdout)
        run('add', 'zone', 'title=Another')
        self.assertIn('are not those that were signed', run('verify', '--checkpoint', kept).stdout)
        # the keys of before, put beside the restored copy, notice it at the next checkpoint
        run('project', 'list')
        shutil.rmtree(copy)
        subprocess.run([ZW, '--data', copy, 'restore', self.data + '.backup'], check=True, capture_output=True)
        shutil.copytree(self.data + '/keys', copy + '/keys')
        self.assertIn('an older copy', run('checkpoint').stderr)
        with open(kept, 'w', encoding='utf-8') as file:
            file.write('nothing\n')
        self.assertIn('the checkpoint given', self.run_zw('verify', '--checkpoint', kept).stdout)
        self.serve()

    def test_the_log_of_the_server_tells_them(self):
        root = self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'Later'}, 201) and self.api('/api/v1/verify')['root']
        self.wait_for(lambda: f'root={root}' in self.log_text())
        self.assertRegex(self.log_text(), f'event=checkpoint project=MAIN size=3 root={root}|checkpoint.*project=MAIN.*size=3.*root={root}')

    def wait_for(self, done):
        import time
        end = time.monotonic() + 20
        while not done():
            self.assertLess(time.monotonic(), end, self.log_text())
            time.sleep(0.1)

    def test_a_report_says_what_a_checkpoint_would(self):
        root = self.api('/api/v1/verify')['root']
        self.assertIn(f'Checkpoint {root}', self.get('/reports/gap.html').content.decode())
        self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'Later'}, 201)
        self.assertIn(f'Checkpoint {root}', self.get('/reports/gap.html?at=2').content.decode())


if __name__ == '__main__':
    tap.main()
