#!/usr/bin/env python3
"""Databases that speak as PostgreSQL does and are none are refused when they say what they are, and nothing is made."""
import os
import socket
import struct
import subprocess
import tempfile
import threading
import unittest

import tap
from plant import ZW


def message(kind, content):
    return kind + struct.pack('!i', len(content) + 4) + content


def session_begin(parameters):
    """What a server says when it has let somebody in."""
    said = b''.join(message(b'S', f'{name}\0{value}\0'.encode()) for name, value in parameters.items())
    return message(b'R', struct.pack('!i', 0)) + said + message(b'K', struct.pack('!ii', 1, 1)) + message(b'Z', b'I')


class Other:
    """A server that lets anybody in, says what it is, and fails every statement."""

    def __init__(self, parameters):
        self.parameters, self.statements = parameters, 0
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(session_begin(self.parameters))
                while (asked := connection.recv(65536)) and asked[:1] != b'X':
                    self.statements += 1
                    connection.sendall(message(b'E', b'SERROR\0C0A000\0Mnot here\0\0') + message(b'Z', b'I'))


class Database(unittest.TestCase):
    def made(self, parameters):
        """What `init` says over such a server, whether it made anything, and how many statements it sent."""
        other = Other(parameters)
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, 'data')
            done = subprocess.run([ZW, '--data', data, 'init'], capture_output=True, text=True, timeout=60, check=False,
                                  env={**os.environ, 'ZONEWRIGHT_DATABASE': f'postgresql://x@127.0.0.1:{other.port}/x?sslmode=disable'})
            other.listener.close()
            self.assertNotEqual(done.returncode, 0)
            return done.stderr, os.path.exists(data), other.statements

    def test_others_are_refused(self):
        for product, parameters in (('CockroachDB', {'server_version': '13.0.0', 'crdb_version': 'CockroachDB CCL v25.1.0'}),
                                    ('YugabyteDB', {'server_version': '11.2-YB-2.25.0.0-b0'})):
            with self.subTest(product=product):
                said, made, statements = self.made(parameters)
                self.assertIn(f'this is {product} (', said)
                self.assertEqual((made, statements), (False, 0))

    def test_postgresql_is_asked(self):
        said, made, statements = self.made({'server_version': '15.18 (Debian 15.18-0+deb12u1)'})
        self.assertNotIn('this is', said)
        self.assertFalse(made)
        self.assertGreater(statements, 0)


tap.main()
