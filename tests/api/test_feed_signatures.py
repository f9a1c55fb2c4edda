#!/usr/bin/env python3
"""Signatures of OpenPGP beside advisories: whom they are believed from, and everything else, which is refused and changes nothing."""
import base64
import json
import os
import resource
import subprocess
import tempfile
import unittest.mock
import urllib.parse

import plant
import tap
from feed_servers import Servers
from openpgp import Ring
from plant import Plant
from server import Served

DAY = '2024-01-10'


def advisory(number, title='A hole'):
    time = f'2024-01-0{number}T00:00:00.000Z'
    return json.dumps({'document': {
        'category': 'csaf_security_advisory', 'csaf_version': '2.0', 'title': title, 'lang': 'en',
        'publisher': {'category': 'vendor', 'name': 'Example AG', 'namespace': 'https://example.com'},
        'notes': [{'category': 'summary', 'text': 'A hole'}], 'references': [{'category': 'external', 'summary': 'x', 'url': 'https://example.com/x'}],
        'tracking': {'id': f'EX-{number}', 'status': 'final', 'version': '1', 'initial_release_date': time, 'current_release_date': time,
                     'revision_history': [{'date': time, 'number': '1', 'summary': 'First'}]}},
        'product_tree': {'full_product_names': [{'name': 'Gate 7', 'product_id': 'P1'}]},
        'vulnerabilities': [{'cve': f'CVE-2024-{number}', 'notes': [{'category': 'description', 'text': 'x'}], 'product_status': {'known_affected': ['P1']},
                             'remediations': [{'category': 'mitigation', 'details': 'x', 'product_ids': ['P1']}]}]}).encode()


class Keys:
    """Made once for all tests: keys of the vendor (two kinds), of somebody else, one that has expired and one that was revoked."""
    folder = tempfile.TemporaryDirectory()
    ring = Ring(os.path.join(folder.name, 'ring'))
    vendor = ring.key('Vendor <v@example.com>')
    rsa = ring.key('Old vendor <r@example.com>', 'rsa2048')
    other = ring.key('Somebody <s@example.com>')
    expired = ring.key('Late <l@example.com>', until='30d', at='20200101T000000')
    old = ring.key('Of old <o@example.com>', at='20200101T000000')
    revoked = ring.key('Gone <g@example.com>')
    document = advisory(1)
    by_revoked = ring.sign(document, revoked)
    by_revoked_3 = ring.sign(advisory(3), revoked)
    late = ring.sign(document, old, options=['--default-sig-expire', '1d'], at='20200110T000000')
    until_then = ring.public(revoked)
    since = ring.revoke('Gone', revoked)
    trusted = ring.public(vendor, rsa, expired, old) + b'\n' + since


class Signed(Plant):
    def setUp(self):
        super().setUp()
        self.keys = self.write('vendor.asc', Keys.trusted)
        self.trust(self.keys)

    def trust(self, *words, **more):
        patch = unittest.mock.patch.dict(os.environ, {'ZONEWRIGHT_FEEDS_CSAF_KEYS': ' '.join(words), **more})
        patch.start()
        self.addCleanup(patch.stop)

    def write(self, name, data):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(data)
        return path

    def take(self, document, signature, code=0):
        """A file and, beside it, its signature."""
        path = self.write('ex.json', document)
        if signature is None and os.path.exists(path + '.asc'):
            os.unlink(path + '.asc')
        if signature is not None:
            self.write('ex.json.asc', signature)
        return self.zw('feed', 'import', path, code=code)

    def signed(self):
        rows = json.loads(self.run_zw('--json', '--instant', DAY, 'feed', 'status').stdout)
        counts = next(row for row in rows if row['source'] == 'csaf').get('signed', {'trusted': 0, 'unknown': 0, 'none': 0})
        return counts['trusted'], counts['unknown'], counts['none']

    def signature(self, number='EX-1'):
        said = self.json('advisories', number)['signature']
        return said['state'], said['key']


class Files(Signed):
    def test_who_signed_is_kept(self):
        sign, document = Keys.ring.sign, Keys.document
        self.take(document, None)
        self.assertEqual((self.signed(), self.signature()), ((0, 0, 1), ('none', None)))
        self.assertIn('0 signed by a trusted key, 0 by an unknown one, 1 by none', self.run_zw('feed', 'status').stdout)
        # Somebody's signature proves nothing, and refuses nothing; the key of one of two signers that is here does.
        self.take(document, sign(document, Keys.other))
        self.assertEqual((self.signed(), self.signature()), ((0, 1, 0), ('unknown', Keys.other[-16:])))
        self.take(document, sign(document, Keys.other, Keys.rsa))
        self.assertEqual(self.signature(), ('trusted', Keys.rsa))
        self.take(document, sign(document, Keys.vendor))
        self.assertEqual((self.signed(), self.signature()), ((1, 0, 0), ('trusted', Keys.vendor)))
        # The same without its signature is what was signed; a newer word is not.
        self.take(document, None)
        self.assertEqual(self.signed(), (1, 0, 0))
        newer = document.replace(b'2024-01-01', b'2024-01-02')
        self.take(newer, None)
        self.assertEqual((self.signed(), self.signature()), ((0, 0, 1), ('none', None)))

    def test_a_folder_of_a_provider(self):
        sign = Keys.ring.sign
        for number in (1, 2, 3):
            self.write(f'provider/2024/ex-{number}.json', advisory(number))
        self.write('provider/2024/ex-1.json.asc', sign(advisory(1), Keys.vendor))
        self.write('provider/2024/ex-2.json.asc', sign(advisory(2), Keys.rsa, how=['--detach-sign']))  # not armored
        self.assertIn('3 added', self.zw('feed', 'import', os.path.join(self.folder.name, 'provider')))
        self.assertEqual((self.signed(), self.signature('EX-2')), ((2, 0, 1), ('trusted', Keys.rsa)))
        # Files of two folders may have one name; each has the signature of its own folder, or none.
        self.write('other/ex-1.json', advisory(4))
        self.assertIn('1 added', self.zw('feed', 'import', os.path.join(self.folder.name, 'other'), os.path.join(self.folder.name, 'provider')))
        self.assertEqual((self.signed(), self.signature('EX-4')), ((2, 0, 2), ('none', None)))
        self.write('other/ex-1.json.asc', sign(advisory(4), Keys.rsa))
        self.zw('feed', 'import', *(os.path.join(self.folder.name, name) for name in ('provider', 'other', 'other/ex-1.json.asc')))
        self.assertEqual((self.signed(), self.signature('EX-4')), ((3, 0, 1), ('trusted', Keys.rsa)))
        self.write('provider/2024/ex-3.json.asc', sign(advisory(2), Keys.vendor))
        self.assertIn('ex-3.json: its signature is wrong', self.zw('feed', 'import', os.path.join(self.folder.name, 'provider'), code=3))

    def test_what_is_refused(self):
        sign, document = Keys.ring.sign, Keys.document
        good = sign(document, Keys.vendor)
        lines = good.decode().splitlines()
        altered = lines[:3] + [lines[3][:20] + ('B' if lines[3][20] == 'A' else 'A') + lines[3][21:]] + lines[4:]
        weak = ['--digest-algo', 'SHA1'], ['--allow-weak-digest-algos', '--digest-algo', 'MD5']
        cases = {
            'another document': (advisory(2), good, 'altered'),
            'one byte more': (document + b' ', good, 'altered'),
            'a byte less': (document[:-1] + b'\n', good, 'altered'),
            'an altered signature': (document, '\n'.join(altered).encode() + b'\n', 'signature'),
            'half a signature': (document, good[:len(good) // 2], 'no signature of OpenPGP'),
            'an expired key': (document, sign(document, Keys.expired, at='20200110T000000'), 'expired'),
            'a revoked key': (document, Keys.by_revoked, 'revoked'),
            'an expired signature': (document, Keys.late, 'signature has expired'),
            'a signature of the future': (document, sign(document, Keys.vendor, at='20400101T000000'), 'of the future'),
            'a weak hash': (document, sign(document, Keys.rsa, options=weak[0]), 'hash is not safe'),
            'a broken hash': (document, sign(document, Keys.rsa, options=weak[1]), 'hash is not safe'),
            'garbage': (document, b'\x00\xff' * 2000, 'no signature'),
            'text': (document, b'signed by the vendor, honestly\n', 'no signature'),
            'the document': (document, document, 'no signature'),
            'a key': (document, Keys.ring.public(Keys.vendor), 'no signature'),
            'a signed message': (document, sign(document, Keys.vendor, how=['--armor', '--sign']), 'signature'),
            'a message signed in clear text': (document, sign(document, Keys.vendor, how=['--clear-sign']), 'signature'),
            'nothing': (document, b'', 'signature'),
            'too much': (document, good + b'\n' * (64 << 10), '65536'),
            'nothing that is signed': (b'', sign(b'', Keys.vendor), 'empty'),
            'two of two that are wrong': (document, sign(advisory(2), Keys.vendor, Keys.rsa), 'altered'),
        }
        for name, (text, signature, why) in cases.items():
            said = self.take(text, signature, code=3)
            self.assertIn('ex.json', said, name)
            self.assertIn(why, said, name)
        self.assertEqual(self.signed(), (0, 0, 0))

    def test_only_what_is_signed(self):
        sign, document = Keys.ring.sign, Keys.document
        self.trust(self.keys, ZONEWRIGHT_FEEDS_CSAF_SIGNED='true')
        self.assertIn('no trusted key signed it', self.take(document, None, code=3))
        self.assertIn('no trusted key signed it', self.take(document, sign(document, Keys.other), code=3))
        records = self.write('records', json.dumps({'op': 'feed', 'source': 'csaf', 'id': 'CSAF EX-1', 'modified': '', 'body': {'vulnerabilities': []}}).encode())
        self.assertIn('no trusted key signed it', self.zw('feed', 'import', '--format', 'feed-records', records, code=3))
        self.assertEqual(self.signed(), (0, 0, 0))
        self.take(document, sign(document, Keys.vendor))
        self.assertEqual(self.signed(), (1, 0, 0))

    def test_settings(self):
        sign, document = Keys.ring.sign, Keys.document
        self.trust('', ZONEWRIGHT_FEEDS_CSAF_SIGNED='true')
        self.assertIn('feeds.csaf_keys names no key', self.zw('feed', 'status', code=3))
        self.trust(os.path.join(self.folder.name, 'nowhere.asc'), ZONEWRIGHT_FEEDS_CSAF_SIGNED='false')
        self.assertIn('feeds.csaf_keys', self.take(document, None, code=3))
        self.trust(self.write('none.asc', b'-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n'))
        said = self.take(document, sign(document, Keys.vendor), code=3)
        self.assertIn('feeds.csaf_keys', said)
        self.assertIn('no public keys', said)
        # Without a key nothing is verified, and nothing is said to be; a fingerprint alone is no key.
        self.trust('')
        self.take(document, b'garbage')
        self.assertEqual(self.signed(), (0, 0, 1))
        self.trust(Keys.vendor.lower())
        self.take(document, sign(document, Keys.vendor))
        self.assertEqual(self.signed(), (0, 1, 0))
        said = self.zw('inspect', self.keys)
        self.assertIn(Keys.vendor, said)
        self.assertIn('keys', said)
        self.assertIn('feeds.csaf_keys', self.zw('import', self.keys, code=3))


class Withdrawn(Signed):
    """A signature is verified when a record comes; whether its key still counts is asked whenever it is told or rested on."""

    def setUp(self):
        super().setUp()
        self.vendor = self.write('only-vendor.asc', Keys.ring.public(Keys.vendor))
        self.trust(self.vendor)
        self.write('ex.json', Keys.document)
        self.write('ex.json.asc', Keys.ring.sign(Keys.document, Keys.vendor))
        self.zw('--instant', DAY, 'feed', 'import', os.path.join(self.folder.name, 'ex.json'))

    def said(self):
        return self.json('advisories', 'EX-1')['signature']

    def counted(self):
        rows = json.loads(self.run_zw('--json', '--instant', DAY, 'feed', 'status').stdout)
        return next(row for row in rows if row['source'] == 'csaf')['signed']

    def test_a_key_that_is_taken_off(self):
        self.assertEqual(self.said(), {'state': 'trusted', 'key': Keys.vendor, 'since': DAY + 'T00:00:00.000Z', 'because': None})
        self.assertIn(f'signed by key {Keys.vendor}, trusted since {DAY}', self.zw('advisories', 'EX-1'))
        self.trust(self.write('other.asc', Keys.ring.public(Keys.other)))
        self.assertEqual(self.said(), {'state': 'withdrawn', 'key': Keys.vendor, 'since': None, 'because': 'feeds.csaf_keys does not name the key any more'})
        self.assertIn('which covers it no longer: feeds.csaf_keys does not name', self.zw('advisories', 'EX-1'))
        self.assertEqual(self.counted(), {'trusted': 0, 'withdrawn': 1, 'unknown': 0, 'none': 0})
        self.assertIn('1 by one that is trusted no longer', self.run_zw('--instant', DAY, 'feed', 'status').stdout)
        self.trust('')
        self.assertEqual(self.said()['state'], 'withdrawn')
        self.trust(self.vendor)
        self.assertEqual((self.said()['state'], self.counted()['trusted']), ('trusted', 1))

    def test_a_key_that_is_trusted_again_is_so_since_then(self):
        self.trust(self.write('other.asc', Keys.ring.public(Keys.other)))
        self.zw('--instant', '2024-01-11', 'feed', 'import', self.write('ex-2.json', advisory(2)))
        self.assertEqual((self.said()['state'], self.json('advisories', 'EX-2')['signature']['state']), ('withdrawn', 'none'))
        self.trust(self.vendor)
        self.zw('--instant', '2024-01-12', 'feed', 'import', os.path.join(self.folder.name, 'ex-2.json'))
        self.assertEqual((self.said()['state'], self.said()['since']), ('trusted', '2024-01-12T00:00:00.000Z'))

    def test_a_key_that_is_revoked_and_one_that_cannot_be_read(self):
        self.trust(self.write('both.asc', Keys.ring.public(Keys.vendor) + b'\n' + Keys.until_then))
        document = advisory(3)
        self.write('ex-3.json.asc', Keys.by_revoked_3)
        self.zw('feed', 'import', self.write('ex-3.json', document))
        self.assertEqual(self.signature('EX-3'), ('trusted', Keys.revoked))
        self.write('both.asc', Keys.ring.public(Keys.vendor) + b'\n' + Keys.since)
        said = self.json('advisories', 'EX-3')['signature']
        self.assertEqual((said['state'], said['because']), ('withdrawn', 'the key was revoked'))
        self.assertEqual(self.said()['state'], 'trusted')
        os.unlink(os.path.join(self.folder.name, 'both.asc'))
        self.assertEqual(self.said()['state'], 'withdrawn')
        self.assertIn('cannot be read', self.said()['because'])

    def test_what_nobody_checked(self):
        self.trust('')
        self.zw('feed', 'import', self.write('ex-2.json', advisory(2)))
        said = self.json('advisories', 'EX-2')['signature']
        self.assertEqual((said['state'], said['because']), ('unchecked', 'feeds.csaf_keys names no key'))
        self.assertIn('signature not checked: feeds.csaf_keys names no key', self.zw('advisories', 'EX-2'))
        self.trust(self.vendor)
        self.assertIn('before feeds.csaf_keys named a key', self.json('advisories', 'EX-2')['signature']['because'])
        self.zw('feed', 'import', os.path.join(self.folder.name, 'ex-2.json'))
        self.assertEqual(self.json('advisories', 'EX-2')['signature'], {'state': 'none', 'key': None, 'since': None, 'because': None})
        self.assertIn('not signed', self.zw('advisories', 'EX-2'))

    def test_what_is_covered_no_longer_decides_nothing(self):
        """Where signatures are demanded: the finding that rested on it is asked about, until the key counts again."""
        self.trust(self.vendor, ZONEWRIGHT_FEEDS_CSAF_SIGNED='true')
        branches = [{'category': 'vendor', 'name': 'Example AG', 'branches': [{'category': 'product_name', 'name': 'Gate 7', 'branches': [
            {'category': 'product_version', 'name': '1.0', 'product': {'product_id': 'P1', 'name': 'Gate 7 1.0'}}]}]}]
        document = json.loads(advisory(2))
        document['product_tree'] = {'branches': branches}
        text = json.dumps(document).encode()
        self.write('ex-2.json.asc', Keys.ring.sign(text, Keys.vendor))
        self.zw('feed', 'import', self.write('ex-2.json', text))
        self.zw('import', '--format', 'native', self.lines({'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'Gate',
                                                            'attrs': {'vendor': 'Example AG', 'product': 'Gate 7', 'version': '1.0'}}))
        def found():
            self.zw('match', code=1)  # the feeds are old
            return [(f['vulnerability'], f['confidence']) for f in self.json('findings') if f['vulnerability'] == 'CVE-2024-2']
        before = found()
        self.assertEqual([v for v, _ in before], ['CVE-2024-2'])
        self.assertNotEqual(before[0][1], 'possible')
        self.trust(self.write('other.asc', Keys.ring.public(Keys.other)), ZONEWRIGHT_FEEDS_CSAF_SIGNED='true')
        self.assertEqual(found(), [('CVE-2024-2', 'possible')])
        self.assertIn('not vouched for: feeds.csaf_keys does not name the key any more', json.dumps(self.json('list', 'kind:finding')))
        self.trust(self.vendor, ZONEWRIGHT_FEEDS_CSAF_SIGNED='true')
        self.assertEqual(found(), before)


class ManyFiles(Signed):
    def test_signatures_take_no_descriptors(self):
        """As many files as there may be descriptors for, each with its signature."""
        files, most = 60, 100
        signature = Keys.ring.sign(Keys.document, Keys.vendor)
        for number in range(files):
            self.write(f'many/ex-{number:03}.json', Keys.document)
            self.write(f'many/ex-{number:03}.json.asc', signature)
        limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        done = subprocess.run([plant.ZW, '--data', self.data, 'feed', 'import', os.path.join(self.folder.name, 'many')],
                              preexec_fn=limit, capture_output=True, text=True, timeout=300, check=False)  # pylint: disable=subprocess-popen-preexec-fn
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual(self.signed(), (1, 0, 0))


class Synced(Signed):
    def setUp(self):
        super().setUp()
        servers = Servers()
        self.world = servers.world
        self.addCleanup(servers.close)
        patch = unittest.mock.patch.dict(os.environ, servers.settings())
        patch.start()
        self.addCleanup(patch.stop)
        self.world.advisories = {f'ex-{i}.json': (f'2024-01-0{i}T00:00:00.000Z', advisory(i).decode()) for i in (1, 2)}

    def sync(self, code=0):
        done = self.run_zw('--json', '--instant', '2024-01-10T12:30:00Z', 'feed', 'sync', 'csaf')
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)['feeds'][0]

    def test_keys_that_the_provider_names_and_the_administrator_confirmed(self):
        self.world.keys = {name: Keys.ring.public(name) for name in (Keys.vendor, Keys.other)}
        self.world.signatures = {'ex-1.json': Keys.ring.sign(advisory(1), Keys.vendor), 'ex-2.json': Keys.ring.sign(advisory(2), Keys.other)}
        self.trust(Keys.vendor.lower())
        self.assertEqual((self.sync()['added'], self.signed(), self.signature('EX-1')), (2, (1, 1, 0), ('trusted', Keys.vendor)))
        asked = [path for path, _, _ in self.world.asked]
        self.assertIn(f'/csaf/keys/{Keys.vendor}', asked)
        self.assertNotIn(f'/csaf/keys/{Keys.other}', asked)

    def test_a_key_that_is_another(self):
        """Who took over the provider's server has a key of their own under the fingerprint that was confirmed."""
        for key in (Keys.ring.public(Keys.other), Keys.ring.public(Keys.vendor, Keys.other)):
            self.world.keys = {Keys.vendor: key}
            self.world.signatures = {'ex-1.json': Keys.ring.sign(advisory(1), Keys.other)}
            self.trust(Keys.vendor)
            self.assertIn(f'not the key {Keys.vendor} alone', self.sync()['problem'])
            self.assertEqual(self.signed(), (0, 1, 1))

    def test_a_key_that_is_not_revoked_any_more(self):
        """Who has the key that a vendor gave up, and the server, cannot take back that it was revoked."""
        self.world.signatures = {'ex-1.json': Keys.by_revoked}
        self.trust(Keys.revoked)
        for key, why in ((Keys.since, 'the key is revoked'), (Keys.until_then, 'does not say any more')):
            self.world.keys = {Keys.revoked: key}
            row = self.sync(code=1)
            self.assertEqual((row['missing'], self.signed()), (1, (0, 0, 1)))
            self.assertIn(why, row['problem'])

    def test_one_that_is_wrong_is_missing(self):
        self.world.signatures = {'ex-1.json': Keys.ring.sign(advisory(2), Keys.vendor), 'ex-2.json': Keys.ring.sign(advisory(2), Keys.vendor)}
        row = self.sync(code=1)
        self.assertEqual((row['added'], row['missing'], self.signed()), (1, 1, (1, 0, 0)))
        self.assertIn('/csaf/white/ex-1.json: its signature is wrong', row['problem'])
        self.world.signatures['ex-1.json'] = b'<p>The page was not found.</p>' * 3000
        row = self.sync(code=1)
        self.assertEqual((row['missing'], row['unchanged'], self.signed()), (1, 1, (1, 0, 0)))
        self.assertIn('65536', row['problem'])
        self.world.signatures['ex-1.json'] = Keys.ring.sign(advisory(1), Keys.vendor)
        self.assertEqual((self.sync()['added'], self.signed()), (1, (2, 0, 0)))

    def test_who_is_interrupted_before_a_signature(self):
        """An advisory that came without what lies beside it is not taken as one that is signed by nobody."""
        self.world.signatures = {f'ex-{i}.json': Keys.ring.sign(advisory(i), Keys.vendor) for i in (1, 2)}
        self.world.faults['/csaf/white/ex-1.json.asc'] = [400]
        self.assertEqual(self.run_zw('--instant', '2024-01-10T12:30:00Z', 'feed', 'sync', 'csaf').returncode, 6)
        self.assertEqual((self.sync()['added'], self.signed()), (2, (2, 0, 0)))

    def test_nobody_asks_for_signatures_without_keys(self):
        self.trust('')
        self.sync()
        self.assertEqual([path for path, _, _ in self.world.asked if path.endswith('.asc')], [])


class OverHttp(Served):
    def setUp(self):
        self.keys = os.path.join(Keys.folder.name, 'trusted.asc')
        with open(self.keys, 'wb') as file:
            file.write(Keys.trusted)
        self.settings = {'ZONEWRIGHT_FEEDS_CSAF_KEYS': self.keys}
        super().setUp()

    def test_the_signature_of_a_body(self):
        good = Keys.ring.sign(Keys.document, Keys.vendor).decode()
        for signature, status in (('nothing', 422), (good[:90], 422), (good, 200)):
            coded = base64.b64encode(signature.encode()).decode()
            self.send('POST', '/api/v1/feeds/imported?' + urllib.parse.urlencode({'name': 'ex.json', 'signature': coded}), Keys.document, status,
                      kind='application/octet-stream')
        said = self.api('/api/v1/advisories/EX-1')['signature']
        self.assertRegex(said.pop('since'), r'^20\d\d-')
        self.assertEqual(said, {'state': 'trusted', 'key': Keys.vendor, 'because': None})


try:
    tap.main()
finally:
    Keys.ring.close()
