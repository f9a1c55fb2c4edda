#!/usr/bin/env python3
"""What docs/postgresql.md and docs/operations.md tell an administrator to do, done as it is written there.

  tests/fault/drills.py ZW

A standby that is promoted, a database brought back to a moment, a pooler that gives each transaction another session, roles that
cannot rewrite the log, a connection whose server has to prove who it is, and the way from one laptop to three servers."""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
import postgres  # noqa: E402
import tap  # noqa: E402

ZW = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else None
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
EXAMPLES = os.path.join(SOURCE, 'packaging', 'examples')
DURABLE = {'fsync': 'on', 'full_page_writes': 'on', 'wal_level': 'replica', 'max_wal_senders': '4', 'hot_standby': 'on'}


def until(what, seconds=60):
    """Waits for a condition, and says which one never came."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError(f'not within {seconds} seconds: {what.__doc__ or what}')
        time.sleep(0.05)


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


class Drill(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = os.path.join(self.folder.name, 'node')

    def cluster(self, **options):
        made = postgres.Cluster(**options)
        self.addCleanup(made.close)
        return made

    def command(self, *args, data=None, wrong=None, **environment):
        """What a command prints; `wrong`: it fails, and says this."""
        done = subprocess.run([ZW, '--data', data or self.data, *args], capture_output=True, text=True, timeout=120,
                              env={**os.environ, **environment}, check=False)
        if wrong is not None:
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(wrong, done.stderr)
        else:
            self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def ok(self, data=None):
        for command in ('verify', 'check'):
            self.assertTrue(json.loads(self.command('--json', command, data=data))['ok'], command)

    def titles(self, data=None):
        return [item['title'] for item in json.loads(self.command('--json', 'list', 'kind:zone', data=data))]

    def serve(self, data=None):
        log = open(os.path.join(self.folder.name, 'log'), 'ab')
        self.addCleanup(log.close)
        server = subprocess.Popen([ZW, '--data', data or self.data, 'serve', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE,
                                  stderr=log, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(lambda: server.poll() is None and (server.terminate(), server.wait(60)))
        return int(server.stdout.readline().rsplit(':', 1)[1])

    def token(self):
        name = json.loads(self.command('--json', 'user', 'me'))['name']
        self.command('user', 'set', name, '--operator')
        return json.loads(self.command('--json', 'token', 'create', 'drill', '--scope', 'read,change,write'))['token']


class Writers:
    """Clients that add zones until they are told to stop; `acknowledged` holds the titles whose commit was acknowledged."""

    def __init__(self, port, token, names='abcd'):
        self.port, self.token, self.stop, self.acknowledged = port, token, threading.Event(), []
        self.threads = [threading.Thread(target=self.run, args=[name], daemon=True) for name in names]
        for thread in self.threads:
            thread.start()

    def ask(self, title, key):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=90)
        try:
            connection.request('POST', '/api/v1/items', json.dumps({'kind': 'zone', 'title': title}),
                               {'Authorization': f'Bearer {self.token}', 'Content-Type': 'application/json', 'Idempotency-Key': key})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def run(self, name):
        turn = 0
        while not self.stop.is_set():
            title = f'zone-{name}-{turn}'
            # What is not known to be written is asked again with its key, until it is known.
            while self.ask(title, title) != 201:
                if self.stop.wait(0.1):
                    return
            self.acknowledged.append(title)
            turn += 1

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(120)
        return self.acknowledged


class Standby(Drill):
    def test_what_was_acknowledged_is_on_the_standby_that_is_promoted(self):
        first = self.cluster(settings=DURABLE)
        second = self.cluster(settings={**DURABLE, 'cluster_name': 'standby'}, copy_of=first)
        first.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        first.sql('SELECT pg_reload_conf()')
        until(lambda: first.sql("SELECT sync_state FROM pg_stat_replication").strip() == 'sync')
        address = f'postgresql:///postgres?host={first.dir},{second.dir}&user=zonewright&target_session_attrs=read-write'
        self.command('init', ZONEWRIGHT_DATABASE=address)
        token = self.token()
        writers = Writers(self.serve(), token)
        until(lambda: len(writers.acknowledged) >= 50)
        first.stop('immediate')
        second.run('pg_ctl', '-D', second.data, '-w', 'promote')
        before = len(writers.acknowledged)
        until(lambda: len(writers.acknowledged) >= before + 50)
        acknowledged = writers.end()
        self.assertEqual([title for title in acknowledged if title not in set(self.titles())], [])
        self.assertEqual(len(self.titles()), len(set(self.titles())), 'nothing was written twice')
        self.ok()


class Moment(Drill):
    def test_the_database_comes_back_as_it_was_at_a_moment(self):
        archive = os.path.join(self.folder.name, 'archive')
        os.mkdir(archive)
        for path in (self.folder.name, archive):
            os.chmod(path, 0o777)
        cluster = self.cluster(settings={**DURABLE, 'archive_mode': 'on', 'archive_command': f'cp %p {archive}/%f'})
        self.command('init', ZONEWRIGHT_DATABASE=cluster.url)
        self.command('add', 'zone', 'title=Before the base backup')
        base = os.path.join(cluster.dir, 'base')
        cluster.run('pg_basebackup', '-h', cluster.dir, '-U', 'zonewright', '-D', base, '-X', 'none', '--checkpoint=fast')
        self.command('add', 'zone', 'title=Before the moment')
        moment = cluster.sql('SELECT clock_timestamp()').strip()
        self.command('add', 'zone', 'title=After the moment')
        cluster.sql('SELECT pg_switch_wal()')
        until(lambda: cluster.sql("SELECT last_archived_wal IS NOT NULL AND last_archived_time > "
                                  f"'{moment}' FROM pg_stat_archiver").strip() == 't')
        cluster.stop('fast')
        recovery = {'restore_command': f'cp {archive}/%f %p', 'recovery_target_time': moment, 'recovery_target_action': 'promote'}
        cluster.settings = {**cluster.settings, 'archive_mode': 'off', **recovery}
        cluster.data = base
        open(os.path.join(base, 'recovery.signal'), 'w', encoding='ascii').close()
        if cluster.user:
            shutil.chown(os.path.join(base, 'recovery.signal'), 'postgres')
        cluster.start()
        until(lambda: cluster.sql('SELECT pg_is_in_recovery()').strip() == 'f')
        self.assertEqual(sorted(self.titles()), ['Before the base backup', 'Before the moment'])
        self.ok()
        self.command('add', 'zone', 'title=And goes on')
        self.ok()


@unittest.skipIf(shutil.which('pgbouncer') is None, 'PgBouncer is not installed')
class Pooler(Drill):
    def begin(self, cluster):
        """PgBouncer over a cluster, each transaction on any of eight sessions; its address."""
        place = os.path.join(cluster.dir, 'pool')
        os.mkdir(place)
        with open(os.path.join(place, 'users.txt'), 'w', encoding='ascii') as users:
            users.write('"zonewright" ""\n')
        with open(os.path.join(place, 'pgbouncer.ini'), 'w', encoding='ascii') as settings:
            settings.write(f'[databases]\npostgres = host={cluster.dir}\n[pgbouncer]\npool_mode = transaction\n'
                           f'default_pool_size = 8\nunix_socket_dir = {place}\nlisten_port = 5432\nauth_type = trust\n'
                           f'auth_file = {place}/users.txt\nlogfile = {place}/log\npidfile = {place}/pid\n')
        if cluster.user:
            for path in (place, *(os.path.join(place, name) for name in os.listdir(place))):
                shutil.chown(path, 'postgres', 'postgres')
        pooler = subprocess.Popen([*cluster.user, shutil.which('pgbouncer'), '-q', os.path.join(place, 'pgbouncer.ini')])
        self.addCleanup(lambda: (pooler.terminate(), pooler.wait(30)))
        until(lambda: os.path.exists(os.path.join(place, '.s.PGSQL.5432')))
        return f'postgresql:///postgres?host={place}&user=zonewright'

    def test_each_transaction_may_have_another_session(self):
        cluster = self.cluster()
        pool = {'ZONEWRIGHT_DATABASE': self.begin(cluster), 'ZONEWRIGHT_DATABASE_POOLER': 'transaction'}
        self.command('init', **pool)
        self.command('add', 'zone', 'title=Zone alone')
        token = self.token()
        there = os.path.join(self.folder.name, 'there')
        self.command('init', '--join', data=there, **pool)
        writers = [Writers(self.serve(data), token, names) for data, names in ((self.data, 'abcd'), (there, 'efgh'))]
        until(lambda: all(len(one.acknowledged) >= 50 for one in writers))
        acknowledged = [title for one in writers for title in one.end()]
        self.assertEqual(sorted(self.titles()), sorted(self.titles(there)))
        self.assertEqual([title for title in acknowledged if title not in set(self.titles())], [])
        self.assertLessEqual(int(cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'zonewright'")), 8)
        self.ok()


class Roles(Drill):
    def test_the_role_that_serves_cannot_change_the_log(self):
        cluster = self.cluster(admin='postgres')
        cluster.script(os.path.join(EXAMPLES, 'roles.sql'))
        owner = f'postgresql:///zonewright?host={cluster.dir}&user=zonewright_owner'
        serving = f'postgresql:///zonewright?host={cluster.dir}&user=zonewright'
        self.command('init', ZONEWRIGHT_DATABASE=owner)
        cluster.script(os.path.join(EXAMPLES, 'grants.sql'), 'zonewright', 'zonewright_owner')
        here = os.path.join(self.folder.name, 'here')
        self.command('init', '--join', data=here, ZONEWRIGHT_DATABASE=serving)
        self.command('add', 'zone', 'title=Served', data=here)
        self.ok(here)
        for statement in ("UPDATE zonewright.log_commit SET seq = seq", 'DELETE FROM zonewright.log_commit', 'DELETE FROM zonewright.audit',
                          'DELETE FROM zonewright.secret', 'DROP TABLE zonewright.item_rev', 'CREATE TABLE zonewright.more ()'):
            with self.assertRaises(subprocess.CalledProcessError) as refused:
                cluster.sql(statement, 'zonewright', 'zonewright')
            self.assertRegex(refused.exception.stderr, 'permission denied|must be owner')


class Tls(Drill):
    def certificate(self, name):
        """A certificate that signs itself, for the name localhost."""
        path = os.path.join(self.folder.name, name)
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                        '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', path + '.key', '-out', path + '.pem'],
                       check=True, capture_output=True, timeout=60)
        return path

    def test_a_server_that_cannot_prove_who_it_is_is_not_spoken_to(self):
        mine, other = self.certificate('server'), self.certificate('other')
        cluster = self.cluster()
        for end in ('.key', '.pem'):
            place = shutil.copy(mine + end, os.path.join(cluster.data, 'server' + end))
            os.chmod(place, 0o600)
            if cluster.user:
                shutil.chown(place, 'postgres')
        cluster.stop('fast')
        port = free_port()
        cluster.settings.update(listen_addresses='127.0.0.1', port=str(port), ssl='on', ssl_cert_file='server.pem', ssl_key_file='server.key')
        cluster.start()
        address = f'postgresql://zonewright@localhost:{port}/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert='
        self.command('init', wrong='certificate verify failed', ZONEWRIGHT_DATABASE=address + other + '.pem')
        self.assertFalse(os.path.exists(os.path.join(self.data, 'store.db')))
        self.command('init', wrong='does not match host name', ZONEWRIGHT_DATABASE=address.replace('@localhost', '@elsewhere') + mine + '.pem')
        self.command('init', ZONEWRIGHT_DATABASE=address + mine + '.pem')
        self.command('add', 'zone', 'title=Over TLS')
        self.ok()


def commands_of(path, heading):
    """The indented blocks of a section of a page, as one script."""
    with open(path, encoding='utf-8') as page:
        section = re.search(f'^## {heading}\n(.*?)^## ', page.read(), re.DOTALL | re.MULTILINE).group(1)
    return ''.join(line[4:] + '\n' for line in section.splitlines() if line.startswith('    '))


class Walk(Drill):
    """It takes the ports that the page names (8440 to 8443, 5501 to 5503)."""

    def setUp(self):
        super().setUp()
        self.user = []
        shutil.copytree(EXAMPLES, os.path.join(self.folder.name, 'examples'), ignore=shutil.ignore_patterns('compose'))
        os.mkdir(os.path.join(self.folder.name, 'bin'))
        shutil.copy(ZW, os.path.join(self.folder.name, 'bin', 'zw'))
        if os.geteuid() == 0:
            self.user = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups']
            shutil.chown(self.folder.name, 'postgres', 'postgres')

    def play(self, script):
        """Runs it as somebody who has just logged in; what it left running ends with it."""
        environment = {'HOME': self.folder.name, 'PATH': f'{self.folder.name}/bin:/usr/bin:/bin', 'LANG': 'C.UTF-8',
                       'EXAMPLES': os.path.join(self.folder.name, 'examples')}
        shell = subprocess.Popen([*self.user, 'bash', '-euo', 'pipefail', '-c', script], cwd=self.folder.name, env=environment, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            said = shell.communicate(timeout=600)[0]
        finally:
            try:
                os.killpg(shell.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return shell.returncode, said

    @unittest.skipIf(shutil.which('haproxy', path='/usr/sbin:/usr/bin') is None, 'HAProxy is not installed')
    def test_from_one_laptop_to_three_servers_word_for_word(self):
        code, said = self.play(commands_of(os.path.join(SOURCE, 'docs', 'operations.md'), 'From one laptop to three servers'))
        self.assertEqual(code, 0, said)
        self.assertIn('\nno write failed\n', said)
        self.assertNotIn('lost: ', said)
        self.assertRegex(said, r'(?m)^ZN-\d+ +zone +draft +Before the mistake$')
        self.assertNotRegex(said, r'(?m)^ZN-\d+ .*The mistake$')
        with open(os.path.join(self.folder.name, 'walk', 'acknowledged'), encoding='utf-8') as acknowledged:
            self.assertGreater(len(acknowledged.readlines()), 10, 'the writer was there all the time')


if __name__ == '__main__':
    if postgres.programs() is None:
        print('1..0 # SKIP PostgreSQL is not installed')
        sys.exit(0)
    tap.main()
