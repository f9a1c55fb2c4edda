"""A private PostgreSQL cluster for tests: made in a temporary directory, reached by a socket in it alone, gone at the end.

Usage: postgres.py COMMAND…            runs COMMAND with ZONEWRIGHT_DATABASE naming the cluster, each new store in a schema of its own
       postgres.py --offer COMMAND…    runs COMMAND; what that runs by this file gets a database of one cluster, in place of one each
Skips, in the words of TAP, where PostgreSQL's programs are not installed."""
import contextlib
import glob
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile

# A cluster that is thrown away need not survive a crash of the machine; what of a process is lost does not depend on these.
SETTINGS = {'listen_addresses': '', 'fsync': 'off', 'full_page_writes': 'off', 'shared_buffers': '32MB',
            'max_connections': '200', 'wal_level': 'minimal', 'max_wal_senders': '0', 'autovacuum': 'off',
            'log_min_messages': 'fatal'}


def programs():
    """The directory of PostgreSQL's server programs, or None."""
    found = sorted(glob.glob('/usr/lib/postgresql/*/bin/initdb'), key=lambda path: int(path.split('/')[4]))
    if found:
        return os.path.dirname(found[-1])
    path = shutil.which('initdb')
    return os.path.dirname(path) if path else None


class Cluster:
    """A running cluster; `url` is what ZONEWRIGHT_DATABASE is to be. The server refuses root, so root gives it to postgres.
    `admin` owns it; `copy_of` another one makes it a standby of that. It lies in `place`, else in memory where there is such a place:
    a schema is a hundred files."""

    def __init__(self, settings=None, admin='zonewright', copy_of=None, place=None):
        self.bin = programs()
        memory = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
        self.dir = tempfile.mkdtemp(prefix='zw-pg-', dir=place or memory)
        self.data = os.path.join(self.dir, 'data')
        self.user = []
        if os.geteuid() == 0:
            owner = pwd.getpwnam('postgres')
            os.chown(self.dir, owner.pw_uid, owner.pw_gid)
            self.user = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups']
        os.chmod(self.dir, 0o755)
        self.settings = {**SETTINGS, **(settings or {})}
        self.admin = admin
        if copy_of is None:
            self.run('initdb', '-D', self.data, '-U', admin, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
        else:
            source = f"host={copy_of.dir} user={admin} application_name={self.settings['cluster_name']}"
            self.run('pg_basebackup', '-d', source, '-D', self.data, '-R', '--checkpoint=fast')
        self.start()

    def run(self, program, *options):
        return subprocess.run([*self.user, os.path.join(self.bin, program), *options], cwd='/', check=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True).stdout

    @property
    def url(self):
        return f'postgresql:///postgres?host={self.dir}&user={self.admin}'

    def start(self):
        options = [word for name, value in self.settings.items() for word in ('-c', f'{name}={value}')]
        self.run('pg_ctl', '-D', self.data, '-l', os.path.join(self.dir, 'log'), '-w', '-t', '60', '-o',
                 ' '.join(f"'{option}'" for option in ['-k', self.dir, *options]), 'start')

    def stop(self, mode='immediate'):
        self.run('pg_ctl', '-D', self.data, '-w', '-m', mode, 'stop')

    def sql(self, text, database='postgres', user=None):
        """What psql gives for a statement, a row a line."""
        return self.run('psql', '-X', '-At', '-h', self.dir, '-U', user or self.admin, database, '-c', text)

    def script(self, path, database='postgres', user=None):
        """Runs a file of statements, up to the first that fails."""
        with open(path, encoding='utf-8') as file:
            subprocess.run([os.path.join(self.bin, 'psql'), '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', self.dir, '-U', user or self.admin,
                            database], stdin=file, check=True, capture_output=True, timeout=120)

    def close(self):
        try:
            if os.path.exists(os.path.join(self.data, 'postmaster.pid')):
                self.stop()
        finally:
            shutil.rmtree(self.dir, ignore_errors=True)


class Database:
    """One of a cluster, that which ZONEWRIGHT_DATABASE names if none is given; ZONEWRIGHT_DATABASE names it from then on until it is closed: for
    the stores of a class of tests. It can be kept as it is, and made again as it was kept, sooner than what is in it."""

    def __init__(self, cluster=None):
        self.cluster, self.name = cluster or os.environ['ZONEWRIGHT_DATABASE'], f'tests_{secrets.token_hex(6)}'
        self.run(f'CREATE DATABASE {self.name}')
        os.environ['ZONEWRIGHT_DATABASE'] = re.sub(r'///\w+', f'///{self.name}', self.cluster)

    def run(self, *statements):
        command = [os.path.join(programs(), 'psql'), '-X', '-q', '-v', 'ON_ERROR_STOP=1', self.cluster]
        subprocess.run([*command, *(word for one in statements for word in ('-c', one))], check=True, capture_output=True, timeout=120)

    def keep(self):
        self.run(f'CREATE DATABASE {self.name}_kept TEMPLATE {self.name} STRATEGY file_copy')

    def again(self):
        self.run(f'DROP DATABASE {self.name} WITH (FORCE)', f'CREATE DATABASE {self.name} TEMPLATE {self.name}_kept STRATEGY file_copy')

    def close(self):
        os.environ['ZONEWRIGHT_DATABASE'] = self.cluster
        self.run(*(f'DROP DATABASE IF EXISTS {name} WITH (FORCE)' for name in (self.name, f'{self.name}_kept')))


OFFERED = 'ZONEWRIGHT_TEST_CLUSTER'


def run(command, **environment):
    child = subprocess.Popen(command, env={**os.environ, **environment})
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    return child.wait()


def offer(command):
    if programs() is None:
        return run(command)
    with contextlib.closing(Cluster()) as cluster:
        return run(command, **{OFFERED: cluster.url})


def main():
    for name in [name for name in os.environ if name.startswith('ZONEWRIGHT_DATABASE')]:
        del os.environ[name]  # what somebody works with is not for tests
    if sys.argv[1] == '--offer':
        return offer(sys.argv[2:])
    if programs() is None:
        print('1..0 # SKIP PostgreSQL is not installed')
        return 0
    there = os.environ.get(OFFERED)
    if there:
        with contextlib.closing(Database(there)):
            return run(sys.argv[1:], ZONEWRIGHT_DATABASE_SCHEMA='*')
    with contextlib.closing(Cluster()) as cluster:
        return run(sys.argv[1:], ZONEWRIGHT_DATABASE=cluster.url, ZONEWRIGHT_DATABASE_SCHEMA='*', **{OFFERED: cluster.url})


if __name__ == '__main__':
    sys.exit(main())
