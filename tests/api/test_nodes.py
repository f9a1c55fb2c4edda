#!/usr/bin/env python3
"""Two servers over one PostgreSQL: what one acknowledged the other shows at once, access ends on both, and connections that the
database cuts lose nothing that was acknowledged."""
import concurrent.futures
import hashlib
import http.client
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest

import postgres
import tap
from bucket import Bucket
from plant import ZW
from post_office import PostOffice
from server import Served
from test_webhooks import Receiver


class Nodes(Served):
    """`here` and `there` are two servers of one store; requests go to the one that is chosen by its port."""
    prepares_files_alone = False  # each test has a schema that it alters
    settings = {'ZONEWRIGHT_OUTBOUND_ALLOW': '127.0.0.1 localhost', 'ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES': 'true'}

    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster()
        os.environ.update(ZONEWRIGHT_DATABASE=cls.cluster.url, ZONEWRIGHT_DATABASE_SCHEMA='*')

    @classmethod
    def tearDownClass(cls):
        cls.cluster.close()

    def setUp(self):
        super().setUp()
        self.there = os.path.join(self.folder.name, 'there')
        with open(os.path.join(self.data, 'store.db'), encoding='utf-8') as file:
            place = json.load(file)
        self.schema, self.node = place['schema'], place['node']
        environment = {**os.environ, 'ZONEWRIGHT_DATABASE_SCHEMA': self.schema}
        subprocess.run([ZW, '--data', self.there, 'init', '--join'], check=True, env=environment, timeout=60, capture_output=True)
        self.serve_there()

    def tearDown(self):
        self.stop_there()
        super().tearDown()

    def serve_there(self):
        self.second = subprocess.Popen([ZW, '--data', self.there, 'serve', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, env={**os.environ, **self.settings, 'ZONEWRIGHT_LOG': 'error'})
        line = self.second.stdout.readline()
        if line:
            self.ports = [self.port, int(line.rsplit(':', 1)[1])]

    def stop_there(self, code=0):
        """What it said besides."""
        self.second.terminate()
        self.second.stdout.close()
        said = self.second.stderr.read()
        self.second.stderr.close()
        self.assertEqual(self.second.wait(60), code, said)
        return said

    def at(self, node):
        self.port = self.ports[node]
        return self

    def new(self, node, title, **headers):
        return self.at(node).send('POST', '/api/v1/items', {'kind': 'zone', 'title': title}, **headers)

    def titles(self):
        """Of the zones, as each server shows them."""
        return [[item['title'] for item in self.at(node).api('/api/v1/items?q=kind:zone')] for node in (0, 1)]

    def test_what_was_acknowledged_is_shown_by_the_other(self):
        for i in range(6):
            made = self.new(i % 2, f'Zone {i}', status=201)
            there = self.at(1 - i % 2).api(f'/api/v1/items/{made.json["key"]}')
            self.assertEqual((there['key'], there['title']), (f'ZN-{i + 1}', f'Zone {i}'))
            self.assertEqual(len(self.at(1 - i % 2).api('/api/v1/items?q=kind:zone')), i + 1)
        again = self.new(0, 'Once', status=201, Idempotency_Key='k-1')
        other = self.new(1, 'Once', Idempotency_Key='k-1')
        self.assertEqual(again.headers['Zonewright-Seq'], other.headers['Zonewright-Seq'])
        self.assertEqual(len(self.api('/api/v1/items?q=kind:zone')), 7)
        # A server whose row is gone has nothing to count in what others must learn of.
        self.cluster.sql(f"DELETE FROM {self.schema}.node WHERE id = decode('{self.node}', 'hex')")
        self.assertIn('start it again', self.new(0, 'Not counted', status=503).json['detail'])
        self.new(1, 'Counted', status=201)
        self.assertEqual(len(self.at(0).api('/api/v1/items?q=kind:zone')), 8)

    def test_access_ends_on_both(self):
        bearer = {'Authorization': 'Bearer ' + self.at(0).json('token', 'create', 'x', '--scope', 'read')['token']}
        self.assertEqual([self.at(node).get('/api/v1/items', headers=bearer).status for node in (0, 1)], [200, 200])
        ident = next(token['id'] for token in self.json('token', 'list') if token['name'] == 'x')
        self.zw('token', 'revoke', ident)
        end = time.monotonic() + 1
        while self.at(1).get('/api/v1/items', headers=bearer).status != 401:
            self.assertLess(time.monotonic(), end)

    def test_what_is_erased_is_gone_from_the_other(self):
        """Also from what it has in memory of a branch."""
        self.zw('import', '--format', 'native', self.lines(
            {'op': 'item', 'key': 'CM-1', 'kind': 'countermeasure', 'title': 'Locks', 'attrs': {'developer': 'A. Nother'}},
            {'op': 'item', 'key': 'TC-1', 'kind': 'test_case', 'title': 'Try', 'attrs': {'tester': 'A. Nother', 'test_kind': 'sat'}},
            {'op': 'link', 'from': 'TC-1', 'type': 'verifies', 'to': 'CM-1'}))
        self.at(0).send('POST', '/api/v1/branches', {'name': 'b'}, 201)
        both = [(node, project) for node in (0, 1) for project in ('MAIN', 'MAIN.b')]
        found = lambda: ['tester_not_independent' in {one['rule'] for one in self.at(node).api(f'/api/v1/lint?project={project}')}
                         for node, project in both]
        self.assertEqual(found(), [True] * 4)
        self.at(0).send('DELETE', '/api/v1/personal?project=MAIN&key=CM-1&yes=true', status=200)
        self.assertEqual(found(), [False] * 4)

    def test_one_of_them_delivers(self):
        receiver = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Receiver)
        receiver.got, receiver.answers = [], [500]
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        try:
            hook = self.at(0).send('POST', '/api/v1/webhooks', {'url': f'http://127.0.0.1:{receiver.server_port}/'}, 201).json['id']
            # One that another server has taken, as if that had gone since: it is left alone until its time is over.
            until = time.time() + 2
            self.cluster.sql(f'UPDATE {self.schema}.webhook SET next = {int(until * 1000)}')
            for i in range(12):
                made = self.new(i % 2, f'Told {i}', status=201)
            last, end = int(made.headers['Zonewright-Seq']), time.monotonic() + 60
            while self.at(1).api('/api/v1/webhooks')[0]['seq'] != last:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.1)
        finally:
            receiver.shutdown()
            receiver.server_close()
        self.assertGreaterEqual(receiver.got[0][0], until - 0.1)
        self.assertEqual([fields['webhook-id'] for _, fields, _ in receiver.got],
                         [f'{hook}-{seq}' for seq in [last - 11, *range(last - 11, last + 1)]], 'each once, but the refused one')

    def test_one_of_them_sends_the_mail_of_the_day(self):
        self.zw('user', 'add', 'ann')
        self.zw('role', 'grant', 'ann', 'author')
        self.zw('import', self.lines({'op': 'item', 'kind': 'action', 'title': 'Ask', 'owner': 'ann', 'attrs': {'due': '2020-01-01'}}), '--format', 'native')
        self.stop()
        self.stop_there()
        office = PostOffice()
        self.settings = {**self.settings, 'ZONEWRIGHT_MAIL_SERVER': f'smtp://localhost:{office.port}', 'ZONEWRIGHT_MAIL_FROM': 'zw@plant.example',
                         'ZONEWRIGHT_MAIL_DOMAIN': 'plant.example', 'ZONEWRIGHT_MAIL_HOUR': '0'}
        try:
            self.serve()
            self.serve_there()
            end = time.monotonic() + 60
            while not (jobs := self.at(0).api('/api/v1/jobs')) or any(job['state'] != 'done' for job in jobs):
                self.assertLess(time.monotonic(), end, self.log_text())
                time.sleep(0.1)
            self.stop_there()  # whichever has begun it ends it, or says that it could not
            self.serve_there()
        finally:
            office.close()
        self.assertEqual([job['kind'] for job in jobs], ['mail.digest'])
        self.assertEqual([to for to, _ in office.mails], [['ann@plant.example']])

    def test_a_newer_program_beside_this_one(self):
        """It added to the schema, and said that this program can work with that; then made what it cannot work with."""
        later = f'CREATE TABLE {self.schema}.later (a BIGINT); ALTER TABLE {self.schema}.log ADD COLUMN later BIGINT NOT NULL DEFAULT 0; '
        self.cluster.sql(later + f"UPDATE {self.schema}.meta SET value = value + 1 WHERE name = 'schema'")
        self.new(0, 'Goes on', status=201)
        self.stop_there()
        self.serve_there()
        self.new(1, 'And starts', status=201)
        self.assertEqual(self.titles(), [['Goes on', 'And starts']] * 2)
        self.assertIn('a newer program', self.zw('backup', os.path.join(self.folder.name, 'part.tar'), code=6))
        self.assertIn('a newer program', self.zw('check', code=6))
        self.cluster.sql(f"UPDATE {self.schema}.meta SET value = (SELECT value FROM {self.schema}.meta WHERE name = 'schema') WHERE name = 'compatible'")
        self.assertIn('only newer programs', self.new(0, 'Too old', status=503).json['detail'])
        self.stop_there()
        self.serve_there()
        self.assertIn('this program knows up to', self.stop_there(code=6))
        self.cluster.sql(f"UPDATE {self.schema}.meta SET value = value - 1 WHERE name IN ('schema', 'compatible')")
        self.serve_there()
        self.assertEqual(self.titles(), [['Goes on', 'And starts']] * 2)

    def test_a_word_that_is_not_known_is_refused(self):
        for name, said in (('ZONEWRIGHT_DATABASE_POOLER', 'session'), ('ZONEWRIGHT_DATABASE_BLOBS', 'dir')):
            done = subprocess.run([ZW, '--data', os.path.join(self.folder.name, 'none'), 'init', '--join'], timeout=60, capture_output=True, text=True,
                                  check=False, env={**os.environ, 'ZONEWRIGHT_DATABASE_SCHEMA': self.schema, name: said})
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn(name, done.stderr)
            self.assertFalse(os.path.exists(os.path.join(self.folder.name, 'none', 'store.db')))

    def test_a_project_taken_in_again_is_not_taken_for_the_old_one(self):
        """Its log has the same name, and from where it was exported on other commits."""
        file = os.path.join(self.folder.name, 'a.zw')
        self.new(0, 'First', status=201)
        self.zw('project', 'export', '-o', file)
        self.new(0, 'Gone', status=201)
        self.assertEqual(self.titles(), [['First', 'Gone']] * 2)
        self.zw('project', 'delete', self.json('project', 'list')[0]['key'], '--yes')
        self.zw('project', 'import', file)
        self.new(0, 'Other', status=201)
        self.assertEqual(self.titles(), [['First', 'Other']] * 2)

    def test_a_backup_with_a_table_of_its_own_is_refused(self):
        """Its name would have become a part of a statement."""
        plain, backup = os.path.join(self.folder.name, 'plain'), os.path.join(self.folder.name, 'b.tar')
        alone = {name: value for name, value in os.environ.items() if name != 'ZONEWRIGHT_DATABASE'}
        for command in (['init'], ['backup', backup]):
            subprocess.run([ZW, '--data', plain, *command], env=alone, check=True, timeout=60, capture_output=True)
        with tarfile.open(backup) as tar:
            entries = {entry.name: tar.extractfile(entry).read() for entry in tar if entry.isfile()}
        path = os.path.join(self.folder.name, 'altered.db')
        with open(path, 'wb') as file:
            file.write(entries['store.db'])
        database = sqlite3.connect(path)
        name = "log\" TO '/dev/null'; CREATE TABLE public.made (); COMMIT; COPY \"log"
        database.execute('CREATE TABLE "' + name.replace('"', '""') + '" (a)')
        database.commit()
        database.close()
        with open(path, 'rb') as file:
            entries['store.db'] = file.read()
        entries['manifest.json'] = json.dumps({**json.loads(entries['manifest.json']),
                                               'database': hashlib.sha256(entries['store.db']).hexdigest()}).encode()
        with tarfile.open(backup, 'w', format=tarfile.USTAR_FORMAT) as tar:
            for name, content in entries.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
        done = subprocess.run([ZW, '--data', os.path.join(self.folder.name, 'again'), 'restore', backup], timeout=60, capture_output=True,
                              text=True, check=False)
        self.assertIn('this program makes no such thing', done.stderr)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.cluster.sql("SELECT to_regclass('public.made')").strip(), '')

    def test_the_serving_role_joins_and_rewrites_no_commit(self):
        """With the rights of packaging/examples/grants.sql and no more."""
        with open(os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'packaging/examples/grants.sql'), encoding='utf-8') as file:
            grants = re.sub(r'(TO|FROM) zonewright;', r'\1 serving;', re.sub(r'SCHEMA zonewright\b', f'SCHEMA {self.schema}', file.read()))
        self.cluster.sql('CREATE ROLE serving LOGIN; ' + grants.replace(' zonewright.', f' {self.schema}.'))
        data, url = os.path.join(self.folder.name, 'serving'), self.cluster.url.replace('user=zonewright', 'user=serving')
        environment = {**os.environ, 'ZONEWRIGHT_DATABASE': url, 'ZONEWRIGHT_DATABASE_SCHEMA': self.schema}
        for command in (['init', '--join'], ['add', 'zone', 'title=Served']):
            done = subprocess.run([ZW, '--data', data, *command], env=environment, timeout=60, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.at(0).api('/api/v1/items/ZN-1')['title'], 'Served')
        for statement in ('DELETE FROM log_commit', 'UPDATE log_commit SET time = 0', 'DELETE FROM audit', 'UPDATE meta SET value = 0'):
            with self.assertRaises(subprocess.CalledProcessError) as refused:
                self.cluster.sql(f'SET ROLE serving; SET search_path TO {self.schema}; {statement}')
            self.assertIn('permission denied', refused.exception.stderr)

    def test_cut_connections_lose_nothing_acknowledged(self):
        """Backends are killed while both are written to. What is answered by 201 is there; what failed is asked again with its
        request id, and is there once."""
        def write(i):
            for _ in range(20):
                try:
                    answer = self.post(self.ports[i % 2], i)
                except OSError:
                    continue
                if answer == 201:
                    return i
                time.sleep(0.02)
            return None

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            waiting = [pool.submit(write, i) for i in range(40)]
            while not all(one.done() for one in waiting):
                self.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zonewright' "
                                 'AND random() < 0.5')
                time.sleep(0.05)
        self.assertEqual([one.result() for one in waiting], list(range(40)))
        for node in (0, 1):
            titles = sorted(item['title'] for item in self.at(node).api('/api/v1/items?q=kind:zone&limit=100'))
            self.assertEqual(titles, sorted(f'Cut {i}' for i in range(40)))
        self.assertTrue(self.json('verify')['ok'])

    def post(self, port, i):
        """A status, without touching what other threads use."""
        body = json.dumps({'kind': 'zone', 'title': f'Cut {i}'})
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
        try:
            connection.request('POST', '/api/v1/items', body, {'Authorization': f'Bearer {self.token}', 'Idempotency-Key': f'cut-{i}',
                                                               'Content-Type': 'application/json'})
            return connection.getresponse().status
        finally:
            connection.close()


class Files(Nodes):
    """Content lies in a bucket."""
    KEY = 'AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bucket = Bucket(*cls.KEY, 'eu-north-1')
        cls.keys = tempfile.TemporaryDirectory()
        cls.key = os.path.join(cls.keys.name, 'key')
        cls.say_key(cls.KEY[1])
        cls.environment = {'ZONEWRIGHT_DATABASE_BLOBS': cls.bucket.url('files/plant'), 'ZONEWRIGHT_DATABASE_BLOBS_KEY': cls.key,
                           'ZONEWRIGHT_DATABASE_BLOBS_REGION': 'eu-north-1'}
        os.environ.update(cls.environment)

    @classmethod
    def tearDownClass(cls):
        for name in cls.environment:
            del os.environ[name]
        cls.bucket.close()
        cls.keys.cleanup()
        super().tearDownClass()

    @classmethod
    def say_key(cls, secret):
        with open(cls.key, 'w', encoding='utf-8') as file:
            file.write(f'{cls.KEY[0]}:{secret}\n')

    def attach(self, node, content, status=201):
        return self.at(node).send('PUT', '/api/v1/items/ZN-1/attachments/a', content, status, kind='text/plain').json

    def fetch(self, node, digest):
        return self.at(node).get(f'/api/v1/attachments/{digest}')

    def say_seconds(self, seconds):
        """How long the other server waits for the bucket; gives what it was."""
        path = os.path.join(self.there, 'store.db')
        with open(path, encoding='utf-8') as file:
            place = json.load(file)
        with open(path, 'w', encoding='utf-8') as file:
            json.dump({**place, 'seconds': seconds}, file)
        return place['seconds']

    def test_content_is_shared_by_a_bucket(self):
        self.new(0, 'Filters', status=201)
        large = os.urandom(3 << 20)
        for node, content in ((0, b'content'), (1, large)):
            digest = self.attach(node, content)['sha256']
            self.assertEqual(self.bucket.objects[f'/files/plant/{digest[:2]}/{digest[2:]}'], content)
            self.assertEqual(self.fetch(1 - node, digest).content, content)
        self.assertEqual(self.cluster.sql(f'SELECT count(*) FROM {self.schema}.blob').strip(), '0')
        self.assertTrue(self.json('check')['ok'])
        # Reasons of theirs are tried again.
        self.bucket.refuse = [503, 500]
        digest = self.attach(0, b'another')['sha256']
        self.bucket.refuse = [500]
        self.assertEqual(self.fetch(1, digest).content, b'another')
        # What is not what it is called is not handed out, nor what is not there.
        for name in ('altered', 'gone'):
            digest = self.attach(0, name.encode())['sha256']
            path = f'/files/plant/{digest[:2]}/{digest[2:]}'
            if name == 'gone':
                del self.bucket.objects[path]
            else:
                self.bucket.objects[path] = b'other'
            self.assertEqual(self.fetch(1, digest).status, 404)
            self.assertEqual(self.fetch(0, digest).content, name.encode())

    def test_what_cannot_be_put_is_not_written(self):
        self.new(0, 'Filters', status=201)
        before = self.at(0).api('/api/v1/projects')[0]['commits']
        self.say_key('wrong')
        try:
            self.assertIn('403', self.attach(0, b'unsigned', 503)['detail'])
        finally:
            self.say_key(self.KEY[1])
        self.bucket.refuse = [503, 503, 503]
        self.assertIn('answered 503', self.attach(0, b'unsigned', 503)['detail'])
        self.assertEqual(self.at(1).api('/api/v1/projects')[0]['commits'], before)
        self.attach(0, b'unsigned')

    def test_a_backup_holds_what_lies_in_the_bucket(self):
        self.new(0, 'Filters', status=201)
        digest = self.attach(1, b'content')['sha256']
        # A bucket that cannot be asked is not one that has it not.
        self.bucket.refuse = [503, 503, 503]
        self.assertIn('answered 503', self.zw('backup', os.path.join(self.folder.name, 'b.tar'), code=6))
        self.zw('backup', os.path.join(self.folder.name, 'b.tar'))
        with tarfile.open(os.path.join(self.folder.name, 'b.tar')) as tar:
            self.assertIn(f'blobs/{digest[:2]}/{digest[2:]}', tar.getnames())

    def test_a_bucket_that_drips_is_not_waited_for(self):
        self.new(0, 'Filters', status=201)
        digest = self.attach(0, b'drop by drop ' * 40)['sha256']
        self.stop_there()
        self.assertEqual(self.say_seconds(0), 300)
        self.serve_there()
        self.assertIn('does not say where', self.stop_there(code=1))
        self.say_seconds(3)
        self.serve_there()
        self.bucket.drips = True
        try:
            answer = self.fetch(1, digest)  # which would take two minutes
        finally:
            self.bucket.drips = False
        self.assertEqual(answer.status, 503)
        self.assertIn('did not answer', json.loads(answer.content)['detail'])
        self.assertEqual(self.fetch(1, digest).content, b'drop by drop ' * 40)

    def test_other_addresses_are_refused(self):
        for url, why, seconds in (('ftp://x.example/b', 'https only', '9'), ('http://x.example/b', 'https only', '9'), ('https://x.example', 'BUCKET', '9'),
                                  ('https://x.example/', 'BUCKET', '9'), ('https://x.example/b/', 'BUCKET', '9'), ('https://u:p@x.example/b', 'BUCKET', '9'),
                                  ('https://x.example/b?c', 'BUCKET', '9'), ('https://x.example/a%20b', 'BUCKET', '9'), ('https://x.example/b', '1 to 3600', '0'),
                                  ('https://x.example/b', '1 to 3600', '3601'), ('https://x.example/b', '1 to 3600', 'soon')):
            done = subprocess.run([ZW, '--data', os.path.join(self.folder.name, 'none'), 'init', '--join'], timeout=60, capture_output=True, text=True, check=False,
                                  env={**os.environ, 'ZONEWRIGHT_DATABASE_SCHEMA': self.schema, 'ZONEWRIGHT_DATABASE_BLOBS': url,
                                       'ZONEWRIGHT_DATABASE_BLOBS_SECONDS': seconds})
            self.assertEqual(done.returncode, 3, url)
            self.assertIn(why, done.stderr)


def load_tests(loader, _tests, _pattern):
    """What lies in a bucket has its own tests, and not those of its class again."""
    names = [name for name in vars(Files) if name.startswith('test_')]
    return unittest.TestSuite([loader.loadTestsFromTestCase(Nodes), *(Files(name) for name in names)])


if __name__ == '__main__':
    if postgres.programs() is None:
        print('1..0 # SKIP PostgreSQL is not installed')
        sys.exit(0)
    tap.main()
