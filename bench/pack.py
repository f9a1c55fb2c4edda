#!/usr/bin/env python3
"""An evidence pack of many gigabytes: seconds and memory of writing it, and of verifying it with both verifiers. One JSON line a figure,
as the other programs. Usage: pack.py ZW [GIGABYTES [FOLDER]]. FOLDER has to hold twice as much; all is removed at the end."""
import http.client
import os
import random
import sys
import tempfile
import urllib.parse

from figures import figure, measured
from serve import Zw

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILE, CHUNK, MEMORY_MIB = 1000 << 20, 1 << 20, 200


def content(seed):
    """What a file of FILE bytes holds: nothing that packs or repeats a block."""
    chunk = bytearray(random.Random(seed).randbytes(CHUNK))
    for number in range(FILE // CHUNK):
        chunk[:8] = number.to_bytes(8, 'little')
        yield bytes(chunk)


def attach(zw, base, count):
    host = urllib.parse.urlsplit(base).netloc
    for number in range(count):
        connection = http.client.HTTPConnection(host, timeout=600)
        headers = {'Authorization': f'Bearer {zw.token}', 'Content-Type': 'application/octet-stream', 'Content-Length': str(FILE)}
        connection.request('PUT', f'/api/v1/items/ZN-1/attachments/capture-{number}.bin?project=MAIN', content(number), headers)
        answer = connection.getresponse()
        if answer.status not in (200, 201):
            sys.exit(f'bench: an attachment was refused: {answer.status} {answer.read().decode()}')
        connection.close()


def taken(name, command):
    seconds, memory = measured(*command)
    figure(name, 's', seconds, '-', seconds)
    figure(f'{name}: memory', 'MiB', memory, f'goal of {MEMORY_MIB} MiB', MEMORY_MIB)


def main():
    gigabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory(dir=sys.argv[3] if len(sys.argv) > 3 else None) as folder:
        zw = Zw(os.path.abspath(sys.argv[1]), folder)
        with zw.serve() as server:
            attach(zw, server.stdout.readline().split()[-1], -(-gigabytes * 10 ** 9 // FILE))
        pack = os.path.join(folder, 'pack.tar')
        taken(f'evidence pack of {gigabytes} GB: write', [*zw.command, 'evidence-pack', '-o', pack])
        taken(f'evidence pack of {gigabytes} GB: zw verify', [zw.command[0], 'verify', pack])
        taken(f'evidence pack of {gigabytes} GB: second verifier', [sys.executable, os.path.join(ROOT, 'verifier', 'zonewright_verify.py'), pack])


main()
