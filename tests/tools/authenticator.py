"""An authenticator in software, for tests of passkeys: it makes keys and signs challenges as one of hardware does."""
import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
ES256, EDDSA, RS256 = -7, -8, -257


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip('=')


def unb64(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def cbor_bytes(data):
    return (bytes([0x58, len(data)]) if len(data) < 256 else bytes([0x59]) + len(data).to_bytes(2, 'big')) + data


class Authenticator:
    def __init__(self, algorithm=ES256, counts=True):
        self.algorithm, self.counts, self.counter = algorithm, counts, 0
        self.id = os.urandom(16)
        self.key = {ES256: lambda: ec.generate_private_key(ec.SECP256R1()), EDDSA: ed25519.Ed25519PrivateKey.generate,
                    RS256: lambda: rsa.generate_private_key(65537, 2048)}[algorithm]()

    def cose(self):
        """The public key (RFC 8152)."""
        public = self.key.public_key()
        if self.algorithm == ES256:
            numbers = public.public_numbers()
            return (bytes([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21]) + cbor_bytes(numbers.x.to_bytes(32, 'big')) + bytes([0x22]) +
                    cbor_bytes(numbers.y.to_bytes(32, 'big')))
        if self.algorithm == EDDSA:
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return bytes([0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21]) + cbor_bytes(raw)
        numbers = public.public_numbers()
        return bytes([0xa4, 1, 3, 3, 0x39, 1, 0, 0x20]) + cbor_bytes(numbers.n.to_bytes(256, 'big')) + bytes([0x21]) + bytes([0x43, 1, 0, 1])

    def data(self, host, flags, with_key=False):
        self.counter += self.counts
        key = bytes(16) + len(self.id).to_bytes(2, 'big') + self.id + self.cose() if with_key else b''
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, 'big') + key

    @staticmethod
    def client_data(kind, challenge, origin, **more):
        return json.dumps({'type': kind, 'challenge': challenge, 'origin': origin, 'crossOrigin': False, **more}).encode()

    def make(self, challenge, host, origin, flags=PRESENT | VERIFIED | HAS_KEY, kind='webauthn.create', **more):
        """What a browser gives for a new key."""
        return {'algorithm': self.algorithm, 'client_data': b64(self.client_data(kind, challenge, origin, **more)),
                'authenticator_data': b64(self.data(host, flags, flags & HAS_KEY))}

    def sign(self, challenge, host, origin, flags=PRESENT | VERIFIED, kind='webauthn.get', **more):
        """What a browser gives for a challenge."""
        client, data = self.client_data(kind, challenge, origin, **more), self.data(host, flags)
        text = data + hashlib.sha256(client).digest()
        signature = {ES256: lambda: self.key.sign(text, ec.ECDSA(hashes.SHA256())), EDDSA: lambda: self.key.sign(text),
                     RS256: lambda: self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())}[self.algorithm]()
        return {'id': b64(self.id), 'client_data': b64(client), 'authenticator_data': b64(data), 'signature': b64(signature)}
