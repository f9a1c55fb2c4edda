#!/usr/bin/env python3
"""The local socket: commands print the same whether they work on the data directory or through the server that holds it."""
import concurrent.futures
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import threading
import time
import unittest

import rows
import tap
from plant import ZW, Plant
from server import Served

# Every command on the same directory twice. What the second writes has its own times and ids, so commands that show those
# come before the first write.
COMMANDS = [
    'list', '--json list', 'list kind:zone', 'list text:"a b"', 'list kid:zone', 'show ZN-1', '--json show ZN-1', 'show ZN-9', 'show',
    'history ZN-1', '--json history ZN-1', '--at 2 list', '--at 99 list', '--at nonsense list', '--project NONE list', 'diff 2 3', '--json diff 1',
    'trace ZN-1', 'trace ZN-1 --up', 'impact SYS-1', 'impact SYS-1 --kinds zone', 'impact SYS-1 --kinds none', 'sl', '--json sl', 'sl --zone ZN-1',
    'sl --zone SYS-1', 'sl --component ZN-1', 'gaps', '--json gaps --zone ZN-1', 'lint', '--json lint', 'lint --answered', 'zcr', '--json zcr', 'plan --zone ZN-1', '--json plan', 'plan --ops', 'plan --target 3', 'inventory diff', '--json inventory diff --accepted', 'catalog list', 'catalog show 62443-3-3',
    'catalog show none', 'project list', '--json project list', 'verify', '--json verify', 'check', '--json test status', 'test matrix', 'test evidence', 'report list', '--at 3 report gap', '--at 3 report overview -o out.html', '--at 3 --json report gap --format json -o out.json',
    'report none', 'report gap --zone ZN-9', 'export native', '--json export csv -o out.csv', 'export xlsx -o out.xlsx', 'export none', 'export native -o none/out',
    'project export MAIN -o out.zw', 'project export MAIN -o out.zw', 'project export NONE -o none.zw', 'verify out.zw', 'verify bad.ndjson', 'project import out.zw',
    'project import bad.ndjson', 'help', 'help sl', 'config show', 'nonsense',
    'sho ZN-1', 'list --nonsense', 'backup ../backup', 'backup ../backup', 'backup /nonsense/backup', 'init', 'init --project X', 'restore none', 'import none.ndjson',
    'import bad.ndjson', 'import --dry-run deep.ndjson', '--json import --dry-run good.ndjson sheet.csv', 'import sheet.csv', '--json import sheet.csv',
    'import good.ndjson', 'import good.ndjson nonsense.bin', 'import nonsense.bin', 'import --format csv nonsense.bin', 'import --format none sheet.csv',
    'import .', 'inspect sheet.csv', '--json inspect good.ndjson bad.ndjson', 'import --partial bad.ndjson',
    'add zone title=New', '--json add zone title=Newer -m why', 'add zoen title=x', 'add zone titel=x', 'add zone title=\u00e4\u00f6\u20ac', 'set ZN-1 title=Other',
    'set ZN-9 title=Other', 'set ST-1 vector=[9]', 'link ZN-1 part_of SYS-1', 'link ZN-1 uses SYS-1', 'link ZN-1 part_of ZN-9', 'unlink ZN-1 part_of SYS-1',
    'unlink ZN-1 part_of SYS-1', 'retire ZN-2', 'move ZN-1 in_review', 'move ZN-1 nonsense', 'project create SECOND', 'project create SECOND',
    'project create bad/key', 'list', '--project MAIN list', '--project MAIN show ZN-1', '--project SECOND list', '--project SECOND --json sl',
    'project delete SECOND', 'project delete SECOND --yes', 'project delete SECOND --yes', '--project SECOND list', 'list',
]


class Twice(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        os.mkdir(self.path('here'))
        self.run_in('here', 'init', check=True)
        for command in ('add system title=Plant', 'add zone title=Filters', 'link ZN-1 part_of SYS-1', 'add zone title="Pump <house>"',
                        'set ZN-1 title="Filter house"'):
            self.run_in('here', command, check=True)
        with open(self.path('here/bad.ndjson'), 'wb') as file:
            file.write(b'{"op":"item","kind":"zone","title":"x"}\n{"op":"item","kind":"zone","titel":"x"}\n')
        with open(self.path('here/deep.ndjson'), 'wb') as file:
            file.write(b'{"op":"item","kind":"zone","title":"x","attrs":{"a":' + b'[' * 97 + b']' * 97 + b'}}\n')
        with open(self.path('here/good.ndjson'), 'wb') as file:
            file.write(b''.join(b'{"op":"item","key":"AS-%d","kind":"asset","title":"Pump %d"}\n' % (n, n) for n in range(1, 2001)))
        with open(self.path('here/sheet.csv'), 'wb') as file:
            file.write(b'id,title,text\n' + b''.join(b'R%d,Requirement %d,Text\n' % (n, n) for n in range(1, 51)))
        with open(self.path('here/nonsense.bin'), 'wb') as file:
            file.write(bytes(range(256)) * 10)
        shutil.copytree(self.path('here'), self.path('there'))
        if rows.place(self.path('here/data')) is not None:  # else both would have the same rows
            shutil.rmtree(self.path('there/data'))
            rows.copy(os.path.abspath(ZW), self.path('here/data'), self.path('there/data'))

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_in(self, side, command, check=False):
        # A backup goes beside both, so each has a name of its own.
        return subprocess.run([os.path.abspath(ZW), '--data', 'data', *shlex.split(command.replace('../backup', '../backup-' + side))], cwd=self.path(side),
                              capture_output=True, timeout=120, check=check)

    def plain(self, command, output):
        """Without what must differ: where each has its backup, and the random id and root of a new project."""
        output = output.replace(b'backup-here', b'backup').replace(b'backup-there', b'backup')
        if not command.endswith(('SECOND', 'SECOND --yes')):
            return output
        return re.sub(b'("log": "|root )[0-9a-f]{32,}', b'', output)

    def test_every_command(self):
        products = ('out.html', 'out.json', 'out.csv', 'out.xlsx', 'out.zw')
        server = subprocess.Popen([os.path.abspath(ZW), '--data', 'data', 'serve', '--listen', '127.0.0.1:0'], cwd=self.path('there'), stdout=subprocess.PIPE,
                                  stderr=open(self.path('log'), 'wb'))
        try:
            server.stdout.readline()
            met = set()
            for command in COMMANDS:
                with self.subTest(command=command):
                    here, there = self.run_in('here', command), self.run_in('there', command)
                    self.assertEqual(*((done.returncode, self.plain(command, done.stdout), self.plain(command, done.stderr)) for done in (here, there)))
                    met.add(here.returncode)
            self.assertLessEqual({0, 1, 2, 3, 4}, met)
        finally:
            server.terminate()
            self.assertEqual(server.wait(60), 0)
            server.stdout.close()
        for name in products:
            with open(self.path('here/' + name), 'rb') as here, open(self.path('there/' + name), 'rb') as there, self.subTest(name=name):
                self.assertEqual(here.read(), there.read())
        with open(self.path('log'), encoding='utf-8') as log:
            calls = log.read()
        # It did go through the server, and by this user.
        for usecase in ('item.list', 'edit', 'import', 'backup', 'verify', 'check', 'diff', 'project.create'):
            self.assertRegex(calls, f'event=call request=[0-9a-f]+ user=[^ ]+ usecase={usecase} outcome=ok')
        self.assertEqual(stat.S_IMODE(os.stat(self.path('backup-there')).st_mode), 0o600)
        subprocess.run([ZW, '--data', self.path('again'), 'restore', self.path('backup-there')], check=True, capture_output=True)
        again = subprocess.run([ZW, '--data', self.path('again'), '--json', '--at', '6', 'list'], check=True, capture_output=True)
        self.assertEqual(again.stdout, self.run_in('here', '--project MAIN --json --at 6 list').stdout)


class Many(Served):
    def test_clients_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(24) as pool:
            done = list(pool.map(lambda n: self.run_zw('add', 'zone', f'title=Zone {n}'), range(40)))
        self.assertEqual({d.returncode for d in done}, {0}, [d.stderr for d in done if d.returncode])
        self.assertEqual(sorted(int(d.stdout.split('commit ')[1]) for d in done), list(range(2, 42)))
        self.assertEqual(len(self.json('list')), 40)
        self.assertEqual(len(json.loads(self.get('/api/v1/items').content)), 40)
        self.assertTrue(self.json('verify')['ok'])

    def test_readers_beside_writers(self):
        stop = threading.Event()
        lengths = []

        def read():
            while not stop.is_set():
                lengths.append(len(self.api('/api/v1/items')))

        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            readers = [pool.submit(read) for _ in range(2)]
            for n in range(20):
                self.zw('add', 'zone', f'title=Zone {n}')
                self.assertEqual(len(self.api('/api/v1/items')), n + 1, 'who has written sees it')
            stop.set()
            for reader in readers:
                reader.result()
        self.assertGreater(len(lengths), 10)

    def test_socket_is_for_its_owner(self):
        path = os.path.join(self.data, 'zw.sock')
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        if os.geteuid() != 0:
            self.skipTest('only root can become another user')
        os.chmod(self.folder.name, 0o755)
        os.chmod(self.data, 0o755)
        os.chmod(path, 0o666)
        code = ('import os,socket,sys\n'
                'os.setuid(65534)\n'
                's=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n'
                'for got in iter(lambda: s.recv(4096),b""): sys.stdout.buffer.write(got)\n')
        done = subprocess.run(['/usr/bin/python3', '-c', code, path], capture_output=True, timeout=30, check=True)
        self.assertEqual(done.stdout[:1], b'E')
        self.assertEqual(struct.unpack('>I', done.stdout[5:9])[0], 2005)
        self.assertIn(b'only the owner', done.stdout)
        self.assertIn('DENIED', self.log_text())
        self.zw('list')

    def test_operators_work_is_for_the_owner(self):
        """What manages the installation is refused to another user who can reach the socket, and nothing is made."""
        path = os.path.join(self.data, 'zw.sock')
        if os.geteuid() != 0:
            self.skipTest('only root can become another user')
        for name, mode in ((self.folder.name, 0o755), (self.data, 0o755), (path, 0o666)):
            os.chmod(name, mode)
        before = self.json('project', 'list')
        product = os.path.join(self.folder.name, 'product')
        code = ('import array,json,os,socket,struct,sys\n'
                'file=os.open(sys.argv[2],os.O_RDWR)\n'
                'os.setuid(65534)\n'
                's=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n'
                'frame=lambda kind,body: kind+struct.pack(">I",len(body))+body\n'
                'call=json.dumps({"usecase":sys.argv[3],"input":json.loads(sys.argv[4])}).encode()\n'
                'try:\n'
                '  s.sendmsg([frame(b"F",b"product\\0")],[(socket.SOL_SOCKET,socket.SCM_RIGHTS,array.array("i",[file]))])\n'
                '  s.sendall(frame(b"C",call))\n'
                'except OSError: pass\n'
                'try:\n'
                '  for got in iter(lambda: s.recv(4096),b""): sys.stdout.buffer.write(got)\n'
                'except OSError: pass\n')
        for usecase, given in (('backup', {}), ('project.create', {'key': 'NEW'}), ('bench.generate', {'size': 'S', 'key': 'NEW'}),
                               ('sample.create', {'key': 'NEW'}), ('project.import', {}), ('user.add', {'name': 'eve'})):
            with self.subTest(usecase):
                with open(product, 'wb'):
                    pass
                done = subprocess.run(['/usr/bin/python3', '-c', code, path, product, usecase, json.dumps(given)], capture_output=True,
                                      timeout=30, check=True)
                self.assertEqual((done.stdout[:1], struct.unpack('>I', done.stdout[5:9])[0]), (b'E', 2005), done.stdout)
                self.assertEqual(os.path.getsize(product), 0)
        self.assertEqual(self.json('project', 'list'), before)
        self.assertNotIn('eve', [user['name'] for user in self.json('user', 'list')])


class Frames(Served):
    """What a client must not send."""

    def connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(20)
        connection.connect(os.path.join(self.data, 'zw.sock'))
        kind, body = self.receive(connection)
        self.assertEqual((kind, json.loads(body)['protocol']), (b'H', 1))
        return connection

    def receive(self, connection):
        head = connection.recv(5, socket.MSG_WAITALL)
        if len(head) < 5:
            return b'', b''
        return head[:1], connection.recv(struct.unpack('>I', head[1:])[0], socket.MSG_WAITALL)

    def assert_refused(self, connection):
        """Told why and cut off; what was still on its way then resets the connection."""
        kind, body = self.receive(connection)
        self.assertEqual(kind, b'E', body)
        with contextlib.suppress(ConnectionResetError):
            self.assertEqual(connection.recv(1), b'')

    def frame(self, kind, body, announced=None):
        return kind + struct.pack('>I', len(body) if announced is None else announced) + body

    def call(self, usecase, **given):
        return self.frame(b'C', json.dumps({'usecase': usecase, 'input': given}).encode())

    def tearDown(self):
        self.zw('list')
        super().tearDown()

    def test_calls_after_each_other(self):
        with self.connect() as connection:
            for usecase, kind in (('project.list', b'A'), ('nonsense', b'E'), ('item.list', b'A'), ('item.show', b'E'), ('backup', b'E')):
                connection.sendall(self.call(usecase))
                self.assertEqual(self.receive(connection)[0], kind, usecase)

    def test_refused(self):
        deep = b'{"usecase":"item.list","input":' + b'[' * 100000 + b']' * 100000 + b'}'
        for data in (self.frame(b'X', b'{}'), self.frame(b'A', b'{}'), self.frame(b'H', b'{}'), self.frame(b'C', b''), self.frame(b'C', b'nonsense'),
                     self.frame(b'C', b'[]'), self.frame(b'C', b'{"input":{}}'), self.frame(b'C', b'{"usecase":7}'), self.frame(b'C', deep),
                     self.frame(b'C', b'{"usecase":"item.list","usecase":"edit"}'), self.frame(b'C', b'\xff'), self.frame(b'C', b'', 0xffffffff),
                     self.frame(b'C', b'', (1 << 30) + 1), self.frame(b'F', b'name\0'), self.frame(b'F', b'name'), b'GET / HTTP/1.1\r\n\r\n'):
            with self.subTest(data=data[:60]), self.connect() as connection:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                self.assert_refused(connection)

    def test_names_and_files_must_match(self):
        with open(os.devnull, 'rb') as file:
            for names, n in ((b'', 1), (b'a\0', 2), (b'a\0b\0', 1), (b'a', 1), (b'a\0b', 2)):
                with self.subTest(names=names, n=n), self.connect() as connection:
                    socket.send_fds(connection, [self.frame(b'F', names)], [file.fileno()] * n)
                    self.assert_refused(connection)
            with self.connect() as connection:
                socket.send_fds(connection, [self.call('project.list')], [file.fileno()])
                self.assert_refused(connection)
        held = os.listdir(f'/proc/{self.server.pid}/fd')
        self.assertFalse([n for n in held if os.readlink(f'/proc/{self.server.pid}/fd/{n}') == os.devnull and int(n) > 2])

    def test_thousands_of_files(self):
        with open(os.devnull, 'rb') as file, self.connect() as connection:
            try:
                for _ in range(100):
                    socket.send_fds(connection, [self.frame(b'F', b'a\0' * 100)], [file.fileno()] * 100)
            except OSError:
                pass
            self.assert_refused(connection)

    def test_clients_that_stop_midway(self):
        held = [self.connect() for _ in range(10)]
        for connection in held:
            connection.sendall(self.call('project.list')[:7])
        self.zw('list')
        for connection in held[:5]:
            connection.close()
        self.zw('list')
        for connection in held[5:]:
            connection.close()

    def test_more_clients_than_threads_wait(self):
        held = [self.connect() for _ in range(16)]
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.zw, 'list')
            time.sleep(1)
            self.assertFalse(waiting.done())
            held.pop().close()
            waiting.result()
        for connection in held:
            connection.close()


class Turns(Plant):
    """Who holds the directory when."""

    def test_commands_wait_for_each_other(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda n: self.run_zw('add', 'zone', f'title=Zone {n}'), range(16)))
        self.assertEqual({d.returncode for d in done}, {0}, [d.stderr for d in done if d.returncode])
        self.assertEqual(len(self.json('list')), 16)

    def test_held_for_good(self):
        holder = subprocess.Popen(['flock', os.path.join(self.data, 'lock'), 'sleep', '60'])
        try:
            time.sleep(0.5)
            began = time.monotonic()
            self.assertIn('holds', self.zw('list', code=6).replace('has held', 'holds'))
            self.assertIn('holds', self.zw('serve', '--listen', '127.0.0.1:0', code=6))
            self.assertLess(time.monotonic() - began, 20)
        finally:
            holder.kill()
            holder.wait()


class Ends(Served):
    def test_killed_and_served_again(self):
        acknowledged = []
        for turn in range(3):
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                tasks = [pool.submit(self.run_zw, 'add', 'zone', f'title=Zone {turn}.{n}') for n in range(16)]
                time.sleep(0.25)
                self.server.kill()
                self.server.wait()
                self.server.stdout.close()
                done = [task.result() for task in tasks]
            self.server = None
            self.assertTrue(os.path.exists(os.path.join(self.data, 'zw.sock')), 'a killed server leaves its socket')
            acknowledged += [n for n, d in enumerate(done) if d.returncode == 0]
            # Who was cut off says so; all others have taken the directory themselves by now.
            self.assertLessEqual({d.returncode for d in done}, {0, 6}, [d.stderr for d in done])
            self.assertGreaterEqual(len(self.json('list')), len(acknowledged))
            self.assertTrue(self.json('verify')['ok'])
            self.serve()
            self.assertGreaterEqual(len(self.json('list')), len(acknowledged))
        self.assertGreater(len(acknowledged), 0)

    def test_clients_outlive_a_server_that_ends(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            tasks = [pool.submit(self.run_zw, 'add', 'zone', f'title=Zone {n}') for n in range(30)]
            time.sleep(0.4)
            self.stop(signal.SIGTERM)
            done = [task.result() for task in tasks]
        self.assertEqual({d.returncode for d in done}, {0}, [d.stderr for d in done if d.returncode])
        self.assertEqual(len(self.json('list')), 30)


class LongPath(Served):
    def fill(self):
        deep = os.path.join(self.folder.name, *['a' * 50] * 4)
        os.makedirs(deep)
        self.data = os.path.join(deep, 'data')
        self.zw('init')

    def test_path_longer_than_a_socket_address(self):
        self.assertGreater(len(self.data), 200)
        self.zw('add', 'zone', 'title=x')
        self.assertEqual(len(self.api('/api/v1/items')), 1)
        self.assertIn('usecase=edit outcome=ok', self.log_text())


if __name__ == '__main__':
    tap.main()
