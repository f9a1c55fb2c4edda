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
import time

import postgres
import tap
from plant import ZW
from server import Served


class Nodes(Served):
    """`here` and `there` are two servers of one store; requests go to the one that is chosen by its port."""

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
        self.second = subprocess.Popen([ZW, '--data', self.there, 'serve', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        self.ports = [self.port, int(self.second.stdout.readline().rsplit(':', 1)[1])]

    def tearDown(self):
        self.second.terminate()
        self.assertEqual(self.second.wait(60), 0)
        self.second.stdout.close()
        super().tearDown()

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


if __name__ == '__main__':
    if postgres.programs() is None:
        print('1..0 # SKIP PostgreSQL is not installed')
        sys.exit(0)
    tap.main()
