#!/usr/bin/env python3
"""Feeds from servers in the formats of the real ones: what is asked for, how often, how it goes on, and what is not believed."""
import json
import os
import ssl
import subprocess
import time
import unittest.mock

import tap
from feed_servers import Servers
from plant import ZW, Plant
from server import Served

DAY = '2024-01-10T12:30:00Z'


def item(number, modified='2024-01-09T00:00:00.000', status='Analyzed'):
    return {'id': f'CVE-2024-{number}', 'sourceIdentifier': 'a', 'vulnStatus': status, 'lastModified': modified, 'metrics': {},
            'descriptions': [{'lang': 'en', 'value': 'A hole'}], 'configurations': []}


def record(number, modified='2024-01-03T00:00:00Z'):
    return {'dataType': 'CVE_RECORD', 'dataVersion': '5.1', 'cveMetadata': {'cveId': f'CVE-2024-{number}', 'state': 'PUBLISHED', 'dateUpdated': modified},
            'containers': {'cna': {'title': 'A hole', 'affected': [{'vendor': 'Example AG', 'product': 'Gate 7', 'defaultStatus': 'affected'}]}}}


def advisory(number, time):
    product = {'name': 'Gate 7', 'product_id': 'P1'}
    return json.dumps({'document': {
        'category': 'csaf_security_advisory', 'csaf_version': '2.0', 'title': f'Gate 7 {number}', 'lang': 'en',
        'publisher': {'category': 'vendor', 'name': 'Example AG', 'namespace': 'https://example.com'},
        'notes': [{'category': 'summary', 'text': 'A hole'}], 'references': [{'category': 'external', 'summary': 'x', 'url': 'https://example.com/x'}],
        'tracking': {'id': f'EX-{number}', 'status': 'final', 'version': '1', 'initial_release_date': time, 'current_release_date': time,
                     'revision_history': [{'date': time, 'number': '1', 'summary': 'First'}]}},
        'product_tree': {'full_product_names': [product]},
        'vulnerabilities': [{'cve': f'CVE-2024-{number}', 'notes': [{'category': 'description', 'text': 'x'}], 'product_status': {'known_affected': ['P1']},
                             'remediations': [{'category': 'mitigation', 'details': 'x', 'product_ids': ['P1']}]}]})


class Synced(Plant):
    def setUp(self):
        super().setUp()
        self.servers = Servers()
        self.world = self.servers.world
        patch = unittest.mock.patch.dict(os.environ, self.servers.settings())
        patch.start()
        self.addCleanup(patch.stop)
        self.addCleanup(self.servers.close)

    def sync(self, *feeds, code=0, now=DAY):
        done = self.run_zw('--json', '--instant', now, 'feed', 'sync', *feeds)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)['feeds'] if code in (0, 1) else done.stderr

    def status(self, source, now=DAY):
        return next(row for row in json.loads(self.run_zw('--json', '--instant', now, 'feed', 'status').stdout) if row['source'] == source)

    def counts(self, row):
        return tuple(row[name] for name in ('state', 'added', 'updated', 'unchanged', 'forgotten', 'missing'))

    def paths(self):
        asked, self.world.asked[:] = [path for path, _, _ in self.world.asked], []
        return asked


class Lists(Synced):
    def test_kev_asks_for_what_changed_and_forgets_what_is_gone(self):
        self.world.kev['vulnerabilities'].append({'cveID': 'CVE-2024-2', 'dateAdded': '2024-01-09'})
        self.world.kev['count'] = 2
        [row] = self.sync('kev')
        self.assertEqual(self.counts(row), ('updated', 2, 0, 0, 0, 0))
        [row] = self.sync('kev')
        self.assertEqual(self.counts(row), ('current', 0, 0, 0, 0, 0))
        self.assertIn('If-None-Match', self.world.asked[-1][2])
        # Nothing new for weeks, and the server says so: it is fresh all the same.
        self.sync('kev', now='2024-03-01')
        self.assertEqual((self.status('kev', '2024-03-10')['state'], self.status('kev', '2024-03-20')['state']), ('fresh', 'stale'))
        self.world.kev['vulnerabilities'].pop()
        self.world.kev['vulnerabilities'].append({'cveID': 'CVE-2024-3', 'dateAdded': '2024-01-10'})
        [row] = self.sync('kev', now='2024-03-02')
        self.assertEqual(self.counts(row), ('updated', 1, 0, 1, 1, 0))

    def test_a_count_that_lies(self):
        self.world.kev['count'] = 5
        self.assertIn('says that there are 5 records, and gives 1', self.sync('kev', code=3))
        status = self.status('kev')
        self.assertEqual((status['records'], status['state']), (0, 'empty'))
        self.assertIn('gives 1', status['problem'])

    def test_a_list_that_shrinks(self):
        head = '#model_version:v3,score_date:2024-01-10T00:00:00+0000\ncve,epss,percentile\n'
        self.world.epss = head + ''.join(f'CVE-2024-{i},0.5,0.5\n' for i in range(1, 31))
        self.assertEqual(self.sync('epss')[0]['added'], 30)
        self.world.epss = head + 'CVE-2024-1,0.5,0.5\n'
        self.assertIn('not believed', self.sync('epss', code=3))
        self.assertEqual(self.status('epss')['records'], 30)

    def test_busy_and_broken_off(self):
        self.world.faults['/kev'] = [(503, {'Retry-After': '1'}), 429, 'cut']
        begun = time.monotonic()
        self.assertEqual(self.sync('kev')[0]['added'], 1)
        self.assertGreater(time.monotonic() - begun, 2)
        self.assertEqual(len(self.world.asked), 4)
        # What came of it is not asked for again.
        self.assertIn('Range', self.world.asked[3][2])
        self.assertEqual(self.status('kev')['problem'], None)

    def test_what_is_not_asked(self):
        with unittest.mock.patch.dict(os.environ, {'ZONEWRIGHT_OUTBOUND_ALLOW': 'other.example'}):
            self.assertIn('does not name this host', self.sync('kev', code=3))
        with unittest.mock.patch.dict(os.environ, {'ZONEWRIGHT_OUTBOUND_ALLOW': ''}):
            self.assertIn('no other server is asked', self.sync('kev', code=3))
        self.assertIn('did you mean "kev"', self.sync('kevs', code=2))
        with unittest.mock.patch.dict(os.environ, {'ZONEWRIGHT_FEEDS_MEGABYTES': '1'}):
            self.world.kev['notes'] = 'x' * (2 << 20)
            self.assertIn('1048576 bytes, its limit', self.sync('kev', code=3))
        self.zw('feed', 'status', code=1)
        self.zw('match', code=1)
        self.assertEqual([path for path in self.paths() if path != '/kev'], [])

    def test_one_fails_the_others_are_taken(self):
        self.world.faults['/epss'] = [404]
        rows = self.sync('kev', 'epss', code=1)
        self.assertEqual([(row['source'], row['state']) for row in rows], [('epss', 'failed'), ('kev', 'updated')])
        self.assertIn('404', self.status('epss')['problem'])

    def test_through_a_proxy(self):
        """Here the same server takes whole addresses, as a proxy does; the host it is asked for is nowhere."""
        settings = {'ZONEWRIGHT_OUTBOUND_PROXY': self.servers.base, 'ZONEWRIGHT_OUTBOUND_ALLOW': 'nowhere.invalid',
                    'ZONEWRIGHT_FEEDS_KEV': 'http://nowhere.invalid/kev'}
        with unittest.mock.patch.dict(os.environ, settings):
            self.assertEqual(self.sync('kev')[0]['added'], 1)
        self.assertEqual(self.world.asked[0][2]['Host'], 'nowhere.invalid')


class Nvd(Synced):
    def setUp(self):
        super().setUp()
        self.world.nvd = {f'{i}': item(i) for i in range(1, 6)}

    def test_pages_and_then_what_was_modified(self):
        [row] = self.sync('nvd')
        self.assertEqual(self.counts(row), ('updated', 5, 0, 0, 0, 0))
        self.assertEqual([query['startIndex'] for _, query, _ in self.world.asked], ['0', '2', '4'])
        self.assertEqual(self.status('nvd')['state'], 'fresh')
        self.world.asked.clear()
        self.world.nvd['1'] = item(1, '2024-01-11T00:00:00.000')
        self.world.nvd['6'] = item(6, '2024-01-11T01:00:00.000', 'Rejected')
        [row] = self.sync('nvd', now='2024-01-12')
        self.assertEqual(self.counts(row), ('updated', 1, 1, 0, 0, 0))
        # From the server's time of the first page, a little earlier, not from ours.
        self.assertEqual(self.world.asked[0][1]['lastModStartDate'], '2024-01-10T11:50:00.000Z')
        self.world.now = '2024-01-12T00:00:00.000'
        self.sync('nvd', now='2024-01-12')
        self.world.asked.clear()
        self.assertEqual(self.counts(self.sync('nvd', now='2024-07-30')[0])[0], 'current')
        self.assertEqual(len(self.world.asked), 2)  # no window is longer than 120 days

    def test_totals_that_lie(self):
        self.world.total = 9
        self.assertIn('it ends before its end', self.sync('nvd', code=3))
        self.world.total = 3
        self.assertIn('there are more than it says', self.sync('nvd', code=3))
        self.assertEqual(self.status('nvd')['state'], 'empty')
        self.world.total = None
        self.world.nvd['5'] = item(4)
        self.assertIn('says that there are 5 records, and gives 4', self.sync('nvd', code=3))
        self.assertEqual(self.status('nvd')['records'], 0)

    def test_interrupted_and_gone_on_with(self):
        self.world.faults['/nvd'] = [None, 404]
        self.sync('nvd', code=6)
        self.assertEqual((self.status('nvd')['records'], len(self.paths())), (0, 2))
        self.assertEqual(self.sync('nvd')[0]['added'], 5)
        self.assertEqual(len(self.paths()), 2)  # the first page is there already

    def test_a_key(self):
        path = os.path.join(self.folder.name, 'key')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('a-key\n')
        with unittest.mock.patch.dict(os.environ, {'ZONEWRIGHT_FEEDS_NVD_KEY': path}):
            self.sync('nvd')
        self.assertEqual(self.world.asked[0][2]['apiKey'], 'a-key')


class Cve(Synced):
    def test_a_release_and_then_its_changes(self):
        self.world.records = {f'CVE-2024-{i}': record(i) for i in range(1, 4)}
        self.world.delta = {'CVE-2024-2': record(2, '2024-01-10T10:00:00Z')}
        [row] = self.sync('cve')
        self.assertEqual(self.counts(row), ('updated', 3, 1, 0, 0, 0))
        self.paths()
        self.world.records['CVE-2024-1'] = record(1, '2024-01-10T13:00:00Z')
        self.world.records['CVE-2024-9'] = record(9, '2024-01-10T13:00:00Z')
        self.world.log = [{'fetchTime': '2024-01-10T13:30:00.000Z', 'numberOfChanges': 2, 'new': ['CVE-2024-9'], 'updated': ['CVE-2024-1'], 'error': []},
                          {'fetchTime': '2024-01-09T00:00:00.000Z', 'numberOfChanges': 1, 'new': ['CVE-2024-3'], 'updated': [], 'error': []}]
        [row] = self.sync('cve', now='2024-01-10T14:00:00Z')
        self.assertEqual(self.counts(row), ('updated', 1, 1, 0, 0, 0))
        self.assertEqual(self.paths(), ['/deltaLog.json', '/cves/CVE-2024-1.json', '/cves/CVE-2024-9.json'])
        # The log does not reach back so far: the whole list again.
        self.world.log, self.world.day, self.world.delta = [{'fetchTime': '2024-03-09T00:00:00.000Z', 'numberOfChanges': 0, 'new': [], 'updated': [], 'error': []}], '2024-03-10', {}
        [row] = self.sync('cve', now='2024-03-10T01:00:00Z')
        self.assertEqual(self.counts(row), ('updated', 0, 0, 4, 0, 0))

    def test_an_archive_that_is_shorter_than_the_release_says(self):
        self.world.records = {'CVE-2024-1': record(1)}
        self.world.faults['/download/2024-01-10_all_CVEs_at_midnight.zip.zip'] = [503]
        archives = self.servers.server.RequestHandlerClass.archives
        with unittest.mock.patch.object(self.servers.server.RequestHandlerClass, 'archives', staticmethod(
                lambda world, calls=[]: calls.append(1) or {name: body if len(calls) == 1 else body[:-9] for name, body in archives(world).items()})):
            self.assertIn('the release says', self.sync('cve', code=3))
        self.assertEqual(self.status('cve')['state'], 'empty')


class Csaf(Synced):
    def setUp(self):
        super().setUp()
        self.world.advisories = {f'ex-{i}.json': (f'2024-01-0{i}T00:00:00.000Z', advisory(i, f'2024-01-0{i}T00:00:00.000Z')) for i in (1, 2, 3)}

    def test_rolie_and_then_what_is_new(self):
        [row] = self.sync('csaf')
        self.assertEqual(self.counts(row), ('updated', 3, 0, 0, 0, 0))
        self.assertNotIn('/csaf/red.json', self.paths())
        self.world.advisories['ex-4.json'] = ('2024-01-09T00:00:00.000Z', advisory(4, '2024-01-09T00:00:00.000Z'))
        [row] = self.sync('csaf', now='2024-01-11')
        self.assertEqual(row['added'], 1)
        self.assertNotIn('/csaf/white/ex-1.json', self.paths())

    def test_a_folder(self):
        self.world.rolie = False
        self.assertEqual(self.sync('csaf')[0]['added'], 3)
        self.assertIn('/csaf/white/changes.csv', self.paths())

    def test_a_hash_that_differs_and_an_advisory_that_is_not_there(self):
        self.world.faults['hash'] = [1]
        rows = self.sync('csaf', code=1)
        self.assertEqual(self.counts(rows[0])[1:], (0, 0, 0, 0, 3))
        self.assertIn('not what its hash says', self.status('csaf')['problem'])
        self.world.faults = {'/csaf/white/ex-2.json': [404]}
        [row] = self.sync('csaf', code=1)
        self.assertEqual(self.counts(row), ('updated', 2, 0, 0, 0, 1))
        self.assertEqual(self.status('csaf')['state'], 'partial')
        [row] = self.sync('csaf')
        self.assertEqual((row['added'], self.status('csaf')['state']), (1, 'fresh'))


class Tls(Plant):
    def test_a_certificate_of_nobody(self):
        names = {name: os.path.join(self.folder.name, name) for name in ('key', 'crt')}
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=x',
                        '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', names['key'], '-out', names['crt']], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(names['crt'], names['key'])
        servers = Servers(context)
        self.addCleanup(servers.close)
        with unittest.mock.patch.dict(os.environ, servers.settings()):
            self.assertIn('certificate', self.zw('feed', 'sync', 'kev', code=6))
        with unittest.mock.patch.dict(os.environ, servers.settings(ZONEWRIGHT_OUTBOUND_CA=names['crt'])):
            self.assertIn('1 added', self.zw('feed', 'sync', 'kev'))


class Jobs(Served):
    def setUp(self):
        self.servers = Servers()
        self.settings = self.servers.settings()
        self.addCleanup(self.servers.close)
        super().setUp()

    def test_a_job_and_a_server_that_is_configured(self):
        taken = self.send('POST', '/api/v1/feeds/sync', {'feeds': ['kev']}, 202).json
        end = time.monotonic() + 30
        while (job := self.api(f'/api/v1/jobs/{taken["job"]}'))['state'] in ('queued', 'running'):
            self.assertLess(time.monotonic(), end, job)
            time.sleep(0.02)
        self.assertEqual((job['state'], job['result']['feeds'][0]['added']), ('done', 1), job)
        self.assertEqual({row['source']: row['records'] for row in self.api('/api/v1/feeds')}['kev'], 1)
        self.assertEqual(self.send('POST', '/api/v1/feeds/sync', {'feeds': ['kev']}, anonymous=True).status, 401)
        token = os.path.join(self.folder.name, 'token')
        with open(token, 'w', encoding='utf-8') as file:
            file.write(self.token)
        os.chmod(token, 0o600)
        done = subprocess.run([ZW, '--server', f'http://127.0.0.1:{self.port}', '--token-file', token, 'feed', 'sync', 'kev'], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertIn('kev: current', done.stdout, done.stderr)


tap.main()
