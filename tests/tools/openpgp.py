"""Keys and signatures of OpenPGP, made by GnuPG in a folder of their own."""
import os
import subprocess


class Ring:
    def __init__(self, folder):
        self.folder = folder
        os.mkdir(folder, 0o700)

    def gpg(self, *args, data=None, at=None):
        """At another time, where `at` is given as YYYYMMDDTHHMMSS."""
        clock = ['--faked-system-time', at] if at else []
        return subprocess.run(['gpg', '--homedir', self.folder, '--batch', '--quiet', '--yes', '--passphrase', '', '--pinentry-mode', 'loopback', *clock, *args],
                              input=data, check=True, capture_output=True, timeout=60).stdout

    def key(self, name, kind='ed25519', until='never', at=None):
        """Makes a key, and gives its fingerprint."""
        self.gpg('--quick-gen-key', name, kind, 'sign', until, at=at)
        rows = self.gpg('--with-colons', '--list-keys', name).decode().splitlines()
        return next(row.split(':')[9] for row in rows if row.startswith('fpr:'))

    def public(self, *names):
        return self.gpg('--armor', '--export', *names)

    def sign(self, data, *names, how=('--armor', '--detach-sign'), options=(), at=None):
        signers = [word for name in names for word in ('--local-user', name)]
        return self.gpg(*signers, *options, '--output', '-', *how, data=data, at=at)

    def revoke(self, name, fingerprint):
        """The public key with its revocation, which GnuPG made when it made the key."""
        path = os.path.join(self.folder, 'openpgp-revocs.d', fingerprint + '.rev')
        with open(path, encoding='ascii') as file:
            self.gpg('--import', data=file.read().replace(':-----BEGIN', '-----BEGIN').encode())
        return self.public(name)

    def close(self):
        """Ends the agent that GnuPG started."""
        subprocess.run(['gpgconf', '--homedir', self.folder, '--kill', 'all'], check=False, capture_output=True)
