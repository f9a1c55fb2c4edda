"""A running `zw serve` on a free port, and plain sockets to talk to it."""
import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request

from description import Description
from plant import ZW, Plant


class Answer:
    """What came back over a raw connection: the first response, and how many there were."""

    def __init__(self, raw):
        self.raw = raw
        self.count = raw.count(b'HTTP/1.1 ')
        head, _, self.body = raw.partition(b'\r\n\r\n')
        lines = head.decode('latin-1').split('\r\n')
        self.status = int(lines[0].split()[1]) if raw else 0
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(':') for line in lines[1:])}

    def json(self):
        return json.loads(self.body)


class Served(Plant):
    """A plant with a server; the environment of the server can be set by `settings`. Requests are made with a token of whoever
    runs the test, an operator here, unless they bring something of their own or are `anonymous`."""
    settings = {}
    description = None  # of the API, the same for every server of a test program
    scope = 'read,audit,change,write,import,comment,approve,test,triage,accept_risk,sign_owner,admin'

    def setUp(self):
        self.server = None
        super().setUp()
        self.serve()

    def prepare(self):
        super().prepare()
        self.fill()
        self.zw('user', 'set', self.json('user', 'me')['name'], '--operator')
        self.token = self.json('token', 'create', 'test', '--scope', self.scope)['token']

    def fill(self):
        """What the directory holds before the server starts, the same for every test of the class."""

    def tearDown(self):
        self.stop()
        super().tearDown()

    def serve(self):
        self.log = open(os.path.join(self.folder.name, 'log'), 'a+', encoding='utf-8')
        self.server = subprocess.Popen([ZW, '--data', self.data, 'serve', '--listen', '127.0.0.1:0'],
                                       stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, **self.settings})
        line = self.server.stdout.readline()
        self.assertRegex(line, r'^serving http://127\.0\.0\.1:[0-9]+\n$', self.log_text())
        self.port = int(line.rsplit(':', 1)[1])
        self.how = self.server.stdout.readline()

    def stop(self, how=signal.SIGTERM, code=0):
        if self.server is None:
            return
        self.server.send_signal(how)
        self.assertEqual(self.server.wait(60), code, self.log_text())
        self.server.stdout.close()
        self.log.close()
        self.server = None

    def log_text(self):
        self.log.flush()
        with open(self.log.name, encoding='utf-8') as file:
            return file.read()

    def get(self, path, method='GET', headers=None, body=None, anonymous=False):
        headers = dict(headers or {})
        if not anonymous and not {'Authorization', 'Cookie'} & set(headers):
            headers['Authorization'] = f'Bearer {self.token}'
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.content = response.read()
            self.describe().check(self, method, path, response)
            return response
        finally:
            connection.close()

    def describe(self):
        """What the server says its answers look like; every answer is held to it."""
        if Served.description is None:
            with urllib.request.urlopen(urllib.request.Request(f'http://127.0.0.1:{self.port}/api/v1/openapi.json',
                                                               headers={'Authorization': f'Bearer {self.token}'}), timeout=30) as response:
                Served.description = Description(json.load(response))
        return Served.description

    def api(self, path, status=200):
        response = self.get(path)
        self.assertEqual(response.status, status, response.content)
        return json.loads(response.content)

    def send(self, method, path, body=None, status=None, kind='application/json', **headers):
        """A request with a JSON body (or bytes as they are); gives the response with its `json`, None when it has none."""
        named = {name.replace('_', '-'): value for name, value in headers.items() if name != 'anonymous'}
        if body is not None:
            named['Content-Type'] = kind
        content = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
        response = self.get(path, method, named, content, headers.get('anonymous', False))
        response.json = json.loads(response.content) if 'json' in (response.headers['Content-Type'] or '') else None
        if status is not None:
            self.assertEqual(response.status, status, response.content)
        return response

    def raw(self, data, timeout=20):
        """Sends bytes and reads to the end; the requests say `Connection: close` unless the server must close."""
        with socket.create_connection(('127.0.0.1', self.port), timeout=timeout) as connection:
            try:
                connection.sendall(data)
            except OSError:
                pass  # it may have had enough already
            received = b''
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except ConnectionResetError:
                pass
            return Answer(received)

    def drip(self, data, pause, most):
        """Sends one byte at a time; gives the seconds until the server cut, or None."""
        began = time.monotonic()
        with socket.create_connection(('127.0.0.1', self.port), timeout=pause) as connection:
            for byte in data:
                try:
                    connection.sendall(bytes([byte]))
                    if connection.recv(1) == b'':
                        return time.monotonic() - began
                except TimeoutError:
                    pass
                except OSError:
                    return time.monotonic() - began
                if time.monotonic() - began > most:
                    return None
        return None
