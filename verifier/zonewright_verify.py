#!/usr/bin/env python3
"""Verifies an evidence pack of Zonewright with the standard library alone. Use: zonewright_verify.py PACK.tar [KEY]

KEY is the line `zonewright+…` from a trusted place; without it the pack is held to the key it brings along, which shows that it is
whole, not who made it. Exit 0: nothing is wrong; 1: something is, and it is said where; 2: wrong use."""
import base64
import binascii
import hashlib
import json
import math
import re
import sys
import tarfile

SMALL, TEXT = 4096, 64 << 20
SIGN = '\n\n\u2014 zonewright '


class Bad(Exception):
    """What is wrong with one file."""


# ---- Ed25519, RFC 8032 section 5.1: verification alone ----

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point_add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return ((f - e) * (h - g) % P, (f + e) * (h + g) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P)


def point_mul(n, point):
    total = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            total = point_add(total, point)
        point = point_add(point, point)
        n >>= 1
    return total


def point_read(data):
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, y & (2 ** 255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x, y, 1, (P - x if x & 1 != sign else x) * y % P)


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))


def point_equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def signature_fits(public, message, signature):
    key, point, scalar = point_read(public), point_read(signature[:32]), int.from_bytes(signature[32:], 'little')
    if key is None or point is None or scalar >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), 'little') % L
    return point_equal(point_mul(scalar, BASE), point_add(point, point_mul(challenge, key)))


# ---- notes ----

def base64_read(text, n):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if len(data) == n and base64.b64encode(data).decode() == text else None


def key_hash(public):
    return hashlib.sha256(b'zonewright\n\x01' + public).digest()[:4]


def key_read(line):
    """The public key of a line `zonewright+HASH+BASE64`."""
    parts = line.split('+', 2)
    data = base64_read(parts[2], 33) if len(parts) == 3 else None
    if data is None or data[0] != 1 or parts[0] != 'zonewright' or parts[1] != key_hash(data[1:]).hex():
        raise Bad('this is no key')
    return data[1:]


def note_open(public, note):
    """The text that the key has signed, or None."""
    text, found, rest = note.partition(SIGN)
    data = base64_read(rest[:-1], 68) if found and rest.endswith('\n') and rest.count('\n') == 1 else None
    text += '\n'
    if data is None or data[:4] != key_hash(public) or not signature_fits(public, text.encode(), data[4:]):
        return None
    return text


def checkpoint_read(text):
    match = re.fullmatch(r'zonewright\.log/([0-9a-f]{32})\n([1-9][0-9]{0,18})\n([A-Za-z0-9+/=]+)\n', text or '')
    root = base64_read(match.group(3), 32) if match else None
    if root is None:
        raise Bad('the checkpoint is not one of this key')
    return match.group(1), int(match.group(2)), root.hex()


# ---- the tree, RFC 6962 and RFC 9162 ----

def sha(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def node(left, right):
    return sha(b'\x01', left, right)


def inclusion_holds(path, leaf, index, size, root):
    if not 0 <= index < size:
        return False
    fn, sn, found = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = node(step, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node(found, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == root


class Edge:
    """The roots of the perfect subtrees, from left."""

    def __init__(self):
        self.size, self.roots = 0, []

    def append(self, leaf):
        size = self.size
        while size & 1:
            leaf, size = node(self.roots.pop(), leaf), size >> 1
        self.roots.append(leaf)
        self.size += 1

    def root(self):
        if not self.roots:
            return sha()
        found = self.roots[-1]
        for root in reversed(self.roots[:-1]):
            found = node(root, found)
        return found


# ---- JSON, as strict as the program reads it: UTF-8; a name stands once; integers of 64 bits and numbers that are some; texts without
# the character 0 and halves of pairs; arrays and objects at most 100 deep ----

DEPTH = 100

def refuse(_):
    raise ValueError


def once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError
    return dict(pairs)


def integer(digits):
    value = int(digits)
    return value if -2 ** 63 <= value < 2 ** 63 else refuse(digits)


def real(digits):
    value = float(digits)
    return value if math.isfinite(value) else refuse(digits)


def is_sound(value, depth=0):
    if isinstance(value, str):
        value.encode()  # half of a pair is an error
        return '\0' not in value
    if not isinstance(value, (dict, list)):
        return True
    return depth < DEPTH and all(is_sound(part, depth + 1) for part in ([*value, *value.values()] if isinstance(value, dict) else value))


def parse(text):
    """The value, or None where there is none."""
    try:
        text = text.decode() if isinstance(text, bytes) else text
        value = json.loads(text, object_pairs_hook=once, parse_constant=refuse, parse_int=integer, parse_float=real)
        is_plain = '\\u' not in text and text.count('[') + text.count('{') <= DEPTH
        return value if is_plain or is_sound(value) else None
    except (ValueError, RecursionError):
        return None


def member(value, name, kind, fallback=None):
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, kind) and not (kind is int and isinstance(found, bool)) else fallback


# ---- the log ----

class Log:
    def __init__(self, report, log, size, root, partial):
        self.report, self.log, self.size, self.root, self.partial = report, log, size, root, partial
        self.seq, self.header, self.operation, self.ops, self.message = 0, None, None, 0, False
        self.previous, self.edge = None, Edge()

    def bad(self, what):
        self.report('log/commits.ndjson', f'commit {self.seq}: {what}')

    def line(self, number, data):
        line = parse(data)
        if member(line, 'commit', int) is not None and member(line, 'header', str) is not None:
            self.commit(line)
        elif member(line, 'op', int) is not None and self.header is not None:
            self.piece(line)
        else:
            self.report('log/commits.ndjson', f'line {number} cannot be read')

    def commit(self, line):
        self.end()
        data, seq = line['header'].encode('utf-8', 'surrogatepass'), line['commit']
        found = sha(b'\x00', data)
        if seq <= self.seq if self.partial else seq != self.seq + 1:
            self.report('log/commits.ndjson', f'commit {seq} does not follow')
        self.seq, self.header = seq, parse(data) or {}
        if member(self.header, 'log', str) != self.log or member(self.header, 'seq', int) != seq:
            self.bad('the header is of another commit')
        if self.partial:
            path = self.path(member(line, 'proof', list))
            if path is None or not inclusion_holds(path, found, seq - 1, self.size, bytes.fromhex(self.root)):
                self.bad('the proof does not hold')
        else:
            parents = member(self.header, 'parents', list, [])
            # The first of a branch names the commit it starts from; one that merges a branch, its commit besides.
            if len(parents) > 1 if seq == 1 else not 1 <= len(parents) <= 2 or parents[0] != self.previous:
                self.bad('the parent is not the commit before')
            self.edge.append(found)
        self.previous = found.hex()

    @staticmethod
    def path(proof):
        if proof is None or len(proof) > 64 or not all(isinstance(one, str) and re.fullmatch('[0-9a-f]{64}', one) for one in proof):
            return None
        return [bytes.fromhex(one) for one in proof]

    def commitment(self, field, op):
        if op < 0:
            return member(self.header, 'message', str)
        if field:
            attrs = member(member(self.operation, 'set', dict), 'attrs', dict)
            return member(member(attrs, field, dict), 'personal', str)
        ops = member(self.header, 'ops', list, [])
        return ops[op] if op < len(ops) else None

    def piece(self, line):
        field, salt, text, op = member(line, 'field', str), member(line, 'salt', str, ''), member(line, 'text', str), line['op']
        erased = member(line, 'erased', bool, False)
        if op < 0:
            self.message = True
        elif field == '':
            self.ops += 1
            self.operation = None if erased or text is None else parse(text)
        if erased:
            return
        found = None
        if field is not None and text is not None and re.fullmatch('[0-9a-f]{64}', salt):
            found = sha(b'\x02', bytes.fromhex(salt), text.encode('utf-8', 'surrogatepass')).hex()
        if field is None or found is None or self.commitment(field, op) != found:
            self.bad('a piece is not what the header commits to')

    def end(self):
        if self.header is not None and not self.partial and (
                self.ops != len(member(self.header, 'ops', list, [])) or not self.message):
            self.bad('a piece is missing')
        self.header, self.operation, self.ops, self.message = None, None, 0, False

    def finish(self):
        self.end()
        if not self.partial and (self.edge.size, self.edge.root().hex()) != (self.size, self.root):
            self.report('log/commits.ndjson', 'the commits are not those of the checkpoint')


# ---- the archive ----

def header_size(block):
    field = block[124:136]
    if field[0] == 0x80:
        return int.from_bytes(field[1:], 'big')
    digits = ''.join(chr(c) for c in field if 0x30 <= c <= 0x37)
    return int(digits, 8) if digits else 0


def header_holds(block):
    total = sum(block) - sum(block[148:156]) + 8 * 0x20
    return block[148:156] == f'{total:06o}'.encode() + b'\0 '


# ---- the pack ----

class Pack:
    def __init__(self):
        self.problems, self.found, self.kept = [], {}, {}

    def report(self, where, message):
        self.problems.append({'where': where, 'message': message})

    def entry(self, tar, info):
        if not info.isreg():
            raise Bad('a pack holds plain files only')
        limit = {'key.txt': SMALL, 'checkpoint.txt': SMALL, 'MANIFEST.note': SMALL, 'MANIFEST.json': TEXT}.get(info.name)
        if limit is not None and info.size > limit:
            raise Bad(f'{info.name} is larger than it can be')
        digest, size, kept = hashlib.sha256(), 0, bytearray()
        with tar.extractfile(info) as file:
            while chunk := file.read(1 << 18):
                digest.update(chunk)
                size += len(chunk)
                if limit is not None:
                    kept += chunk
        if size != info.size:
            raise Bad('the pack is cut')
        if info.name in self.found:
            self.report(info.name, 'the file is there twice')
        self.found[info.name] = (digest.hexdigest(), size)
        if limit is not None:
            self.kept[info.name] = bytes(kept)

    def archive(self, path):
        """What no digest of a file covers: sums of headers in the form they are written in, the zeros between, and two empty
        blocks at the end and nothing after them."""
        at, empty = 0, 0
        with open(path, 'rb') as file:
            end = file.seek(0, 2)
            file.seek(0)
            while len(block := file.read(512)) == 512:
                size = header_size(block) if any(block) else 0
                padding = b''
                if any(block) and (empty or not header_holds(block) or size > end - at):
                    raise Bad(f'the archive was altered near byte {at}')
                if size % 512:
                    file.seek(at + 512 + size)
                    padding = file.read(512 - size % 512)
                if not any(block):
                    empty += 1
                elif any(padding) or (size % 512 and len(padding) != 512 - size % 512):
                    raise Bad(f'the archive was altered near byte {at}')
                at += 512 + (size + 511) // 512 * 512
                file.seek(at)
            if empty != 2 or file.seek(0, 2) != at:
                raise Bad('the archive does not end as it has to')

    def text(self, name):
        return self.kept.get(name, b'').decode('utf-8', 'replace')

    def files(self, manifest):
        rest = {name: facts for name, facts in self.found.items() if name not in ('MANIFEST.json', 'MANIFEST.note')}
        for file in manifest['files']:
            path = member(file, 'path', str)
            if path not in rest:
                self.report(path or 'MANIFEST.json', 'the file is missing')
            elif rest.pop(path) != (member(file, 'sha256', str), member(file, 'size', int)):
                self.report(path, 'the file is not the one that is listed')
        for name in sorted(rest):
            self.report(name, 'the file is not listed')

    def checkpoint(self, public, manifest):
        log, size, root = checkpoint_read(note_open(public, self.text('checkpoint.txt')))
        if (member(manifest, 'log', str), member(manifest, 'root', str), member(manifest, 'commits', int)) != (log, root, size):
            raise Bad('the checkpoint is of another state of the log')
        return log, size, root

    def contents(self, path, trusted):
        manifest = parse(self.kept.get('MANIFEST.json', b''))
        if member(manifest, 'format', int) != 1 or member(manifest, 'files', list) is None:
            self.report('MANIFEST.json', 'there is no list of files')
            return
        self.files(manifest)
        where = 'key.txt'
        try:
            public = key_read(self.text('key.txt').removesuffix('\n'))
            if trusted is not None and public != trusted:
                raise Bad('this is not the key that is trusted')
            if note_open(public, self.text('MANIFEST.note')) != f'zonewright.pack\n{self.found["MANIFEST.json"][0]}\n':
                self.report('MANIFEST.note', 'the seal is not that of the list of files by this key')
            where = 'checkpoint.txt'
            log, size, root = self.checkpoint(public, manifest)
        except Bad as bad:
            self.report(where, str(bad))
            return
        if 'log/commits.ndjson' in self.found:
            self.log(path, Log(self.report, log, size, root, bool(member(member(manifest, 'scope', dict), 'zones', list))))

    def log(self, path, log):
        with tarfile.open(path, 'r:') as tar, tar.extractfile('log/commits.ndjson') as file:
            for number, data in enumerate(file, 1):
                log.line(number, data.removesuffix(b'\n'))
        log.finish()

    def verify(self, path, trusted):
        try:
            self.archive(path)
        except Bad as bad:
            self.report('pack', str(bad))
        try:
            with tarfile.open(path, 'r:') as tar:
                for info in tar:
                    self.entry(tar, info)
        except (Bad, tarfile.TarError, EOFError, UnicodeDecodeError, ValueError, OverflowError) as why:
            self.report('pack', str(why))
            return
        self.contents(path, trusted)


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    pack = Pack()
    try:
        trusted = key_read(sys.argv[2]) if len(sys.argv) == 3 else None
    except Bad as bad:
        print(f'KEY: {bad}', file=sys.stderr)
        return 2
    pack.verify(sys.argv[1], trusted)
    print(json.dumps({'ok': not pack.problems, 'problems': pack.problems}, ensure_ascii=False))
    return 1 if pack.problems else 0


if __name__ == '__main__':
    sys.exit(main())
