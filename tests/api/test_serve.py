#!/usr/bin/env python3
"""The HTTP server as browsers, scripts and attackers meet it."""
import base64
import concurrent.futures
import gzip
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import time
import unittest

import tap
from plant import ZW, Plant
from server import Served

CLOSE = b'Host: localhost\r\nConnection: close\r\n\r\n'


MORE = {'/api/v1/safety/cut-sets': '&key=HZ-1', '/api/v1/diff': '&from=1', '/api/v1/manifests': '&keys=ZN-1', '/api/v1/proof': '&commit=1', '/api/v1/reports/compare': '&from=1&to=2',
        '/api/v1/items/{key}/connection': '&to=ZN-1', '/api/v1/trace-matrix': '&from=zone&to=system', '/api/v1/trace-matrix.xlsx': '&from=zone&to=system'}  # what an address cannot do without
LEADS_ELSEWHERE = ('/api/v1/oidc/start', '/api/v1/oidc/callback')  # back to the page to sign in where there is no provider
NO_FEEDS = {'/api/v1/advisories/{id}': 404, '/api/v1/feeds/bundle': 409}  # of a feed database, which test_feeds.py and test_feed_sync.py have
IN_PERSON = ('/api/v1/tokens', '/api/v1/sessions', '/api/v1/passkeys')  # not for a token, whatever its scope


def routes():
    """The rows of the route table, so that a new one is met here without being named."""
    path = os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'src/http/routes.def')
    with open(path, encoding='utf-8') as file:
        rows = re.findall(r'^ROUTE\((\w+), "([^"]+)", \w+, (\w+), \w+, ([A-Z_| ]+),', file.read(), re.MULTILINE)
    return [(method, pattern, permission, {f.strip() for f in flags.split('|')}) for method, pattern, permission, flags in rows]


def matches(pattern, other):
    """Whether an address of `pattern` is one of `other` too."""
    parts, others = pattern.split('/'), other.split('/')
    return len(parts) == len(others) and all(o == p or (o.startswith('{') and p.endswith(o.partition('}')[2])) for p, o in zip(parts, others))


def methods(pattern):
    taken = {method for method, other, _, _ in routes() if matches(pattern, other)}
    return taken | ({'HEAD'} if 'GET' in taken else set())


# What an address that names an item of one kind alone is asked of.
MADE = (('risk-ratings/', 'risk', 'RK-1'), ('test-plans/', 'test_plan', 'TP-1'), ('test-packs/', 'test_case', 'TC-1'), ('findings/', 'finding', 'FD-1'),
        ('operation/changes/', 'change', 'CH-1'), ('operation/incidents/', 'incident', 'IN-1'))


class Pages(Served):
    def fill(self):
        self.zw('add', 'system', 'title=Plant')
        self.zw('add', 'zone', 'title=Filters <script>alert(1)</script> & "more"')
        self.zw('add', 'component', 'title=PLC', 'types=EDR', 'vendor=Example')
        self.zw('add', 'safety_function', 'title=Dry-run protection')
        self.zw('add', 'hazard', 'title=Burst main', 'fault_tree=["top = event 0.1"]')
        self.zw('link', 'ZN-1', 'part_of', 'SYS-1')
        self.zw('set', 'ZN-1', 'title=Filter <b>house</b>')

    def job(self):
        """One that has made a file."""
        job = self.send('POST', '/api/v1/jobs', {'kind': 'report', 'input': {'type': 'gap', 'format': 'json'}}, 202).json['job']
        end = time.monotonic() + 30
        while self.api(f'/api/v1/jobs/{job}')['state'] != 'done':
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        return job

    def attached(self):
        return self.send('PUT', '/api/v1/items/ZN-1/attachments/a', b'content', 201, kind='text/plain').json['sha256']

    def made(self, kind, key):
        if not self.json('--project', 'MAIN', 'list', f'kind:{kind}'):
            self.zw('--project', 'MAIN', 'add', kind, f'title=Some {kind}')
        return key

    def review(self):
        reviews = self.json('--project', 'MAIN', 'review', 'list')
        if not reviews:
            self.zw('--project', 'MAIN', 'review', 'create', 'All of it', '--to', 'root', 'ZN-1')
            reviews = self.json('--project', 'MAIN', 'review', 'list')
        return reviews[0]['key']

    def execution(self):
        self.made('test_case', 'TC-1')
        if not self.json('--project', 'MAIN', 'list', 'kind:test_run'):
            self.zw('--project', 'MAIN', 'set', 'TC-1', 'steps=push')
            self.zw('--project', 'MAIN', 'test', 'execute', 'TC-1')
        return 'TR-1'

    def content(self):
        if not self.json('--project', 'MAIN', 'list', 'kind:configuration'):
            self.zw('--project', 'MAIN', 'add', 'configuration', 'title=Firewall')
            for code, text in enumerate(('permit', 'deny')):
                path = os.path.join(self.folder.name, 'fw.cfg')
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(text)
                self.zw('--project', 'MAIN', 'capture', 'CF-1', path, code=code)
        return 'CF-1'

    def advisory(self):
        if not self.json('--project', 'MAIN', 'list', 'kind:document'):
            self.zw('--project', 'MAIN', 'psirt', 'intake', 'Takes any password', '--product', 'CP-1', '--severity', 'high', '--affected', 'vers:generic/<2')
            finding = self.json('--project', 'MAIN', 'list', 'kind:finding')[-1]['key']
            self.zw('--project', 'MAIN', 'psirt', 'draft', 'Takes any password', '--tracking', 'EX-2026-1', '--finding', finding)
        return self.json('--project', 'MAIN', 'list', 'kind:document')[0]['key']

    def address(self, pattern):
        if '{file}' in pattern:
            return re.search('src="(/assets/[^"]+)"', self.get('/').content.decode()).group(1)
        if '{id}' in pattern and 'jobs' in pattern:
            pattern = pattern.replace('{id}', self.job())
        if '{sha256}' in pattern:
            pattern = pattern.replace('{sha256}', self.attached())
        for part, kind, key in MADE:
            if part + '{key}' in pattern:
                pattern = pattern.replace('{key}', self.made(kind, key))
        if '/content' in pattern:
            pattern = pattern.replace('{key}', self.content())
        if 'test-executions/' in pattern:
            pattern = pattern.replace('{key}', self.execution())
        if 'psirt/advisories/' in pattern:
            pattern = pattern.replace('{key}', self.advisory())
        if 'assessments/' in pattern:
            pattern = pattern.replace('{standard}', '62443-4-1')
        if 'risk-methods' in pattern:
            pattern = pattern.replace('{name}', 'matrix-5x5@1')
        if 'branches/{name}' in pattern and not self.json('--project', 'MAIN', 'branch', 'list'):
            self.zw('--project', 'MAIN', 'branch', 'create', 'a')
        if pattern.endswith('reviews/{key}'):
            pattern = pattern.replace('{key}', self.review())
        if '/vex/' in pattern:
            pattern = pattern.replace('{format}', 'openvex')
        if pattern.endswith('.svg'):
            pattern = pattern.replace('{type}', 'drawing')
        for name, value in (('key', 'ZN-1'), ('standard', '62443-3-3'), ('type', 'gap'), ('page', 'items'), ('plural', 'zones'),
                            ('format', 'native'), ('project', 'MAIN'), ('kind', 'zone'), ('name', 'a'), ('vendor', 'Example')):
            pattern = pattern.replace('{%s}' % name, value)
        return pattern

    def test_every_route_that_reads(self):
        table = [row for row in routes() if row[0] == 'GET']
        self.assertGreater(len(table), 15)
        for _, pattern, permission, flags in table:
            # A fixed instant: what is judged now is judged a moment later the second time.
            address = self.address(pattern) + ('?instant=2026-01-01' if 'IN_PROJECT' in flags else '') + MORE.get(pattern, '')
            if 'ENDLESS' in flags:
                self.assertEqual(self.get(address, 'HEAD').status, 200)
                self.assertEqual(self.get(address, anonymous=True).status, 401)
                continue
            got = self.get(address)
            with self.subTest(address=address):
                if pattern in IN_PERSON:
                    self.assertEqual(got.status, 403, got.content)
                    continue
                if pattern in NO_FEEDS:
                    self.assertEqual(got.status, NO_FEEDS[pattern], got.content)
                    continue
                if pattern in LEADS_ELSEWHERE:
                    self.assertEqual((got.status, got.headers['Location'][0]), (303, '/'))
                    continue
                self.assertEqual(got.status, 200, got.content)
                head = self.get(address, 'HEAD')
                self.assertEqual((head.status, head.content), (200, b''))
                if 'TAGGED' in flags:
                    self.assertEqual(head.headers['Content-Length'], str(len(got.content)))
                    self.assertEqual(head.headers['ETag'], got.headers['ETag'])
                self.assertEqual(self.get(address, anonymous=True).status, 200 if permission == 'PUBLIC' else 401)

    def test_every_method_that_is_not_taken(self):
        for _, pattern, _, _ in routes():
            taken = methods(pattern)
            for method in {'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'} - taken:
                with self.subTest(pattern=pattern, method=method):
                    refused = self.get(self.address(pattern), method)
                    self.assertEqual(refused.status, 405, f'{method} {pattern}')
                    self.assertEqual(set(refused.headers['Allow'].split(', ')), taken)
                    if method != 'HEAD':
                        self.assertEqual(json.loads(refused.content)['code'], 'METHOD')

    def test_routes_of_a_project(self):
        for method, pattern, _, flags in routes():
            if method != 'GET':
                continue
            address = self.address(pattern)
            if 'PAGE' in flags: # the same bytes whatever the project: test_the_user_interface
                continue
            more = MORE.get(pattern, '')
            with self.subTest(address=address):
                if 'IN_PROJECT' in flags:
                    there = self.get('/p/MAIN' + address + '?instant=2026-01-01' + more)
                    self.assertEqual(there.status, 200)
                    self.assertEqual(there.content, self.get(address + '?project=MAIN&instant=2026-01-01' + more).content)
                    self.api(address + '?project=NONE', 404)
                    for wrong in ('/p/NONE' + address, address + '?at=99', address + '?at=nonsense'):
                        problem = self.api(wrong, 404)
                        self.assertEqual((problem['code'], problem['status']), ('NOT_FOUND', 404))
                else:
                    # 405 where the same address does something else in a project
                    self.assertIn(self.get('/p/MAIN' + address).status, (404, 405))

    def test_says_what_the_command_line_says(self):
        pairs = [('/api/v1/projects', ('project', 'list')), ('/api/v1/items', ('list',)), ('/api/v1/items?q=kind:zone', ('list', 'kind:zone')),
                 ('/api/v1/items?q=kind%3Azone+text%3Afilter', ('list', 'kind:zone text:filter')),
                 ('/api/v1/items/ZN-1', ('show', 'ZN-1')), ('/api/v1/items/ZN-1/history', ('history', 'ZN-1')),
                 ('/api/v1/items/ZN-1/trace?up', ('trace', 'ZN-1', '--up')),
                 ('/api/v1/items/SYS-1/impact?kinds=zone&kinds=conduit', ('impact', 'SYS-1', '--kinds', 'zone', '--kinds', 'conduit')),
                 ('/api/v1/sl', ('sl',)), ('/api/v1/sl?zone=ZN-1', ('sl', '--zone', 'ZN-1')),
                 ('/api/v1/sl?component=CP-1', ('sl', '--component', 'CP-1')), ('/api/v1/gaps?zone=ZN-1', ('gaps', '--zone', 'ZN-1')),
                 ('/api/v1/lint', ('lint',)), ('/api/v1/lint?answered', ('lint', '--answered')), ('/api/v1/zcr', ('zcr',)), ('/api/v1/safety/checklist', ('safety', 'checklist')), ('/api/v1/safety/figures', ('safety', 'list')), ('/api/v1/safety/figures?key=SF-1', ('safety', 'show', 'SF-1')), ('/api/v1/safety/lopa?key=HZ-1', ('safety', 'lopa', 'HZ-1')), ('/api/v1/safety/interactions?key=SF-1', ('safety', 'interactions', 'SF-1')), ('/api/v1/safety/attack?key=HZ-1', ('safety', 'attack', 'HZ-1')), ('/api/v1/plan?zone=ZN-1', ('plan', '--zone', 'ZN-1')), ('/api/v1/inventory/differences', ('inventory', 'diff')), ('/api/v1/catalogs', ('catalog', 'list')),
                 ('/api/v1/catalogs/62443-3-3', ('catalog', 'show', '62443-3-3')), ('/api/v1/verify', ('verify',)),
                 ('/api/v1/items?at=2', ('--at', '2', 'list')), ('/api/v1/items/ZN-1?at=3', ('--at', '3', 'show', 'ZN-1'))]
        for address, command in pairs:
            with self.subTest(address=address):
                self.assertEqual(self.api(address), self.json(*command))

    def test_what_is_not_there(self):
        for address, status, code, words in (
                ('/nothing', 404, 'NOT_FOUND', 'nothing at'), ('/api/v1/items/', 404, 'NOT_FOUND', 'nothing at'),
                ('/api/v1', 404, 'NOT_FOUND', 'nothing at'), ('/p/', 404, 'NOT_FOUND', 'nothing at'), ('/p', 404, 'NOT_FOUND', 'nothing at'),
                ('/p/MAIN/p/MAIN/', 404, 'NOT_FOUND', 'nothing at'), ('/HEALTHZ', 404, 'NOT_FOUND', 'nothing at'),
                ('/api/v1/items/ZN-9', 404, 'NOT_FOUND', 'ZN-9'), ('/api/v1/items/ZN-9/history', 404, 'NOT_FOUND', 'ZN-9'),
                ('/api/v1/items?q=kid:zone', 404, 'NAME_UNKNOWN', 'kind'), ('/api/v1/items?q=kind:zoen', 404, 'NAME_UNKNOWN', 'zone'),
                ('/api/v1/sl?zone=SYS-1', 400, 'USAGE', 'neither'), ('/api/v1/catalogs/none', 404, 'NAME_UNKNOWN', 'none'),
                ('/api/v1/items?kinds=zone', 400, 'USAGE', 'kinds'), ('/api/v1/items?zone=ZN-1', 400, 'USAGE', 'zone'),
                ('/api/v1/sl?zon=ZN-1', 400, 'USAGE', 'did you mean "zone"'), ('/api/v1/sl?zone=ZN-1&zone=ZN-1', 400, 'USAGE', 'twice'),
                ('/p/MAIN/api/v1/sl?project=MAIN', 400, 'USAGE', 'twice'), ('/api/v1/items/ZN-1/trace?up=maybe', 400, 'USAGE', 'true'),
                ('/healthz?at=1', 400, 'USAGE', 'at')):
            with self.subTest(address=address):
                problem = self.api(address, status)
                self.assertEqual((problem['code'], problem['status']), (code, status))
                self.assertIn(words, problem['detail'])
                self.assertRegex(problem['request'], '^[0-9a-f]{16}$')
                self.assertEqual(self.get(address).headers['Content-Type'], 'application/problem+json')

    def test_pages_escape_and_are_held_by_their_policy(self):
        page = self.get('/reports/overview')
        text = page.content.decode()
        self.assertIn('Filter &lt;b&gt;house&lt;/b&gt;', text)
        self.assertNotIn('Filter <b>', text)
        self.assertIn('&lt;script&gt;', self.get('/reports/overview?at=3').content.decode())
        style = re.search('<style>(.*?)</style>', text, re.DOTALL).group(1)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.assertIn(f"default-src 'none'; style-src 'sha256-{digest}'", page.headers['Content-Security-Policy'])
        self.assertNotRegex(text, r'(?i)<script|javascript:|\son\w+=|\sstyle=|<link|<img|https?://')

    def test_headers_of_all_answers(self):
        for address in ('/', '/api/v1/items', '/healthz', '/nothing', '/api/v1/items/ZN-9'):
            with self.subTest(address=address):
                headers = self.get(address, headers={'Origin': 'http://evil.example', 'Authorization': f'Bearer {self.token}'}).headers
                self.assertTrue(headers['Content-Security-Policy'].startswith("default-src 'none';"))
                self.assertEqual(headers['X-Content-Type-Options'], 'nosniff')
                self.assertEqual(headers['Referrer-Policy'], 'no-referrer')
                self.assertEqual(headers['Cross-Origin-Resource-Policy'], 'same-origin')
                for absent in ('Set-Cookie', 'Access-Control-Allow-Origin', 'Server'):
                    self.assertNotIn(absent, headers)

    def test_tags(self):
        first = self.get('/api/v1/items')
        tag = first.headers['ETag']
        self.assertEqual(self.get('/api/v1/items').headers['ETag'], tag)
        for known in (tag, f'"other", {tag}', f'W/{tag}', '*'):
            with self.subTest(known=known):
                again = self.get('/api/v1/items', headers={'If-None-Match': known})
                self.assertEqual((again.status, again.content, again.headers['ETag']), (304, b'', tag))
                self.assertEqual(self.get('/api/v1/items', 'HEAD', {'If-None-Match': known}).status, 304)
        self.assertEqual(self.get('/api/v1/items', headers={'If-None-Match': '"other"'}).status, 200)
        self.zw('add', 'zone', 'title=Another')
        changed = self.get('/api/v1/items', headers={'If-None-Match': tag})
        self.assertEqual(changed.status, 200)
        self.assertNotEqual(changed.headers['ETag'], tag)
        self.assertEqual(self.get('/api/v1/items?at=8').headers['ETag'], tag)
        for untagged in ('/healthz', '/metrics', '/api/v1/verify', '/nothing'):
            headers = self.get(untagged).headers
            self.assertNotIn('ETag', headers)
            self.assertEqual(headers['Cache-Control'], 'no-store')

    def test_reports(self):
        out = os.path.join(self.folder.name, 'report')
        told = {r['type']: r for r in self.api('/api/v1/reports')}
        self.assertEqual([told[t]['formats'] for t in ('gap', 'drawing')], [['html', 'json', 'pdf', 'docx', 'xlsx'], ['html', 'json', 'pdf', 'docx', 'svg', 'xlsx']])
        self.assertEqual([told[t]['period'] for t in ('gap', 'iec62443')], [False, True])
        for kind in told:
            for ending in ('html', 'json'):
                self.zw('--at', '6', 'report', kind, '--format', ending, '-o', out)
                with open(out, 'rb') as file, self.subTest(kind=kind, ending=ending):
                    expected = file.read()
                    self.assertEqual(self.get(f'/reports/{kind}.{ending}?at=6').content, expected)
                    self.assertEqual(self.get(f'/p/MAIN/{kind}.{ending}?at=6').content, expected)
                    self.assertTrue(self.get(f'/{kind}.{ending}').headers['Content-Type'].startswith('text/html' if ending == 'html' else 'application/json'))
        self.assertEqual(self.get('/reports/gap?at=6').content, self.get('/reports/gap.html?at=6').content)
        self.zw('--at', '6', 'report', 'gap', '--zone', 'ZN-1', '--format', 'json', '-o', out)
        with open(out, 'rb') as file:
            self.assertEqual(self.get('/reports/gap.json?zone=ZN-1&at=6').content, file.read())
        tag = self.get('/reports/gap?at=6').headers['ETag']
        self.assertEqual(self.get('/reports/gap?at=6', headers={'If-None-Match': tag}).status, 304)
        for address, status, words in (('/reports/gop', 404, 'gap'), ('/gop.html', 404, 'gap'), ('/reports/gap?zone=ZN-9', 404, 'ZN-9'),
                                       ('/reports/gap?zone=SYS-1', 400, 'zone'), ('/reports/gap?instant=then', 422, ''), ('/reports/gap?format=odt', 404, 'pdf'),
                                       ('/reports/gap.svg', 400, 'drawing')):
            self.assertIn(words, self.api(address, status)['detail'])

    def test_links_of_the_overview_lead_somewhere(self):
        self.zw('project', 'create', 'OTHER')
        self.zw('--project', 'OTHER', 'add', 'zone', 'title=x')
        for base in ('/p/MAIN/', '/p/OTHER/'):
            links = set(re.findall('href="([^"#]+)', self.get(base + 'overview.html').content.decode()))
            self.assertGreaterEqual(links, {'gap.html', 'traceability.json'})
            for link in links:
                self.assertEqual(self.get(base + link).status, 200, link)

    def test_the_user_interface(self):
        page = self.get('/')
        self.assertTrue(page.headers['Content-Type'].startswith('text/html'))
        for policy in ("script-src 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'", "frame-ancestors 'none'"):
            self.assertIn(policy, page.headers['Content-Security-Policy'])
        for address in ('/p/MAIN', '/p/MAIN/', '/p/MAIN/zones?q=pump&sort=-key', '/p/MAIN/items/ZN-1', '/projects'):
            self.assertEqual(self.get(address).content, page.content, address)
        for address in ('/p/MAIN/nothing', '/items/ZN-1/more', '/assets/index.html', '/assets/nothing.js', '/assets/'):
            self.api(address, 404)
        assets = set(re.findall('(?:src|href)="(/assets/[^"]+)"', page.content.decode()))
        self.assertGreaterEqual(len(assets), 3)
        for address in assets:
            plain, packed = self.get(address), self.get(address, headers={'Accept-Encoding': 'br, gzip'})
            self.assertEqual(gzip.decompress(packed.content), plain.content)
            self.assertEqual((packed.headers['Content-Encoding'], plain.headers.get('Content-Encoding')), ('gzip', None))
            self.assertNotEqual(packed.headers['ETag'], plain.headers['ETag'])
            self.assertEqual(plain.headers['Cache-Control'], 'public, max-age=31536000, immutable')
            self.assertEqual(self.get(address, headers={'If-None-Match': plain.headers['ETag']}).status, 304)

    def test_several_projects(self):
        self.zw('project', 'create', 'OTHER', 'A <i>second</i> one')
        self.assertEqual([one['title'] for one in self.api('/api/v1/projects')][1:], ['A <i>second</i> one'])
        self.assertEqual(self.api('/api/v1/items', 400)['code'], 'USAGE')
        self.assertEqual(self.api('/p/OTHER/api/v1/items'), [])
        self.assertEqual(self.api('/p/OTHER/api/v1/items/ZN-1', 404)['code'], 'NOT_FOUND')
        self.assertEqual(self.get('/p/OTHER/').status, 200)

    def test_figures(self):
        self.get('/api/v1/items')
        self.get('/nothing')
        text = self.get('/metrics').content.decode()
        self.assertIn('zonewright_http_requests_total{method="GET",route="/api/v1/items",status="2xx"} 1\n', text)
        self.assertIn('zonewright_http_requests_total{method="none",route="none",status="4xx"} 1\n', text)
        self.assertIn('zonewright_http_request_seconds_count{method="GET",route="/api/v1/items"} 1\n', text)
        self.assertIn('zonewright_commits{project="MAIN"} 8\n', text)
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? [0-9.e+-]+)$')

    def test_log_has_ids_and_no_queries(self):
        got = self.get('/api/v1/items?q=text:Secretword')
        problem = self.api('/api/v1/items/a%22b%20c?at=Secretword', 404)
        self.stop()
        log = open(os.path.join(self.folder.name, 'log'), encoding='utf-8').read()
        self.assertIn(f'request={got.headers["X-Request-Id"]} method=GET path=/api/v1/items status=200', log)
        self.assertIn(problem['request'], log)
        self.assertNotIn('Secretword', log)
        self.assertTrue(all(line.startswith('time=') for line in log.splitlines()), log)


class Hostile(Served):
    settings = {'ZONEWRIGHT_HEAD_SECONDS': '2', 'ZONEWRIGHT_CONNECTIONS': '64'}

    def tearDown(self):
        self.assertEqual(self.get('/healthz').status, 200, 'the server is still there')
        super().tearDown()

    def test_request_lines(self):
        for line in (b'', b'\r\n\r\n', b'GET\r\n', b'GET /\r\n', b'/healthz HTTP/1.1\r\n', b'GET  /healthz  HTTP/1.1\r\n', b'\x00\x00\x00\x00',
                     b'GET /healthz HTTP/9.9\r\n', b'GET http://evil.example/ HTTP/1.1\r\n', b'GET healthz HTTP/1.1\r\n',
                     b'CONNECT evil.example:443 HTTP/1.1\r\n', b'OPTIONS * HTTP/1.1\r\n', b'GET * HTTP/1.1\r\n',
                     b'PRI * HTTP/2.0\r\n', b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', b'GET /healthz\tHTTP/1.1\r\n',
                     b'GET /heal thz HTTP/1.1\r\n', b'GET /\xff\xfe HTTP/1.1\r\n', b'GET /healthz#x HTTP/1.1\r\n'):
            with self.subTest(line=line):
                answer = self.raw(line + CLOSE)
                self.assertNotEqual(answer.status // 100, 2, answer.raw[:200])
                self.assertLessEqual(answer.count, 1)

    def test_targets(self):
        for target, words in ((b'/../etc/passwd', '. or ..'), (b'/./healthz', '. or ..'), (b'/%2e%2e/etc/passwd', '. or ..'), (b'/%2E/x', '. or ..'),
                              (b'//healthz', 'empty'), (b'/api//v1', 'empty'), (b'/api/v1/items/a%2fb', 'slash'), (b'/%00', 'control'),
                              (b'/healthz%00', 'control'), (b'/healthz%0d%0aX-Evil:1', 'control'), (b'/%7f', 'control'), (b'/%', 'percent'),
                              (b'/%4', 'percent'), (b'/%zz', 'percent'), (b'/%-1', 'percent'), (b'/api/v1/items?q=%', 'percent'),
                              (b'/api/v1/items?q=%00', 'control'), (b'/api/v1/items?%00=1', 'control'), (b'/%ff', 'UTF-8'), (b'/%c0%ae%c0%ae/', 'UTF-8'),
                              (b'/%ed%a0%80', 'UTF-8'), (b'/api/v1/items?q=%ff', 'UTF-8'), (b'/api/v1/items?' + b'a&' * 65, 'many')):
            with self.subTest(target=target):
                answer = self.raw(b'GET ' + target + b' HTTP/1.1\r\n' + CLOSE)
                self.assertIn(answer.status, (400, 422))
                self.assertIn(words, answer.json()['detail'])

    def test_targets_that_stay_plain(self):
        for target, status in ((b'/%68ealthz', 200), (b'/api/v1/items/%252e%252e', 404), (b'/api/v1/items/..%5c..', 404), (b'/api/v1/items/%3Cscript%3E', 404),
                               (b'/api/v1/items/%C3%A4', 404), (b'/api/v1/items/a%25', 404), (b"/api/v1/items/'%20or%201=1--", 404), (b'/healthz?', 200),
                               (b'/healthz?&&', 200)):
            with self.subTest(target=target):
                signed = b'Authorization: Bearer ' + self.token.encode() + b'\r\n'
                self.assertEqual(self.raw(b'GET ' + target + b' HTTP/1.1\r\n' + signed + CLOSE).status, status)

    def test_long(self):
        get = lambda target, more=b'': self.raw(b'GET ' + target + b' HTTP/1.1\r\n' + more + CLOSE)
        self.assertEqual(get(b'/' + b'a' * 9000).status, 414)
        self.assertEqual(get(b'/?q=' + b'a' * 9000).json()['code'], 'ADDRESS_LENGTH')
        self.assertEqual(get(b'/' + b'a' * 8000).status, 404)
        self.assertIn(get(b'/' + b'a' * 200000).status, (0, 414, 431))
        self.assertEqual(get(b'/healthz', b'X: ' + b'a' * 17000 + b'\r\n').json()['code'], 'HEADERS_LENGTH')
        self.assertEqual(get(b'/healthz', b'X: ' + b'a' * 8000 + b'\r\n').status, 200)
        self.assertEqual(get(b'/healthz', b'X: y\r\n' * 3000).status, 431)
        self.assertIn(get(b'/healthz', b'X: ' + b'a' * 300000 + b'\r\n').status, (0, 431))
        self.assertIn(get(b'/healthz', b'X: y\r\n' * 100000).status, (0, 431))

    def test_hosts(self):
        for host, status in ((b'localhost', 200), (b'LOCALHOST:1', 200), (b'127.0.0.1', 200), (b'127.0.0.1:62443', 200), (b'127.9.8.7', 200),
                             (b'[::1]', 200), (b'[::1]:80', 200), (b'evil.example', 421), (b'localhost.evil.example', 421), (b'evil.example:80', 421),
                             (b'127.0.0.1.evil.example', 421), (b'127.0.0.256', 421), (b'127.1', 421), (b'0.0.0.0', 421), (b'10.0.0.1', 421), (b'localhost@evil', 421),
                             (b'localhost:x', 421), (b'localhost:99999', 421), (b'[::1', 421), (b'[::1]x', 421), (b'[::2]', 421), (b'', 421), (b'localhost localhost', 421),
                             (b'\xff', 421)):
            with self.subTest(host=host):
                answer = self.raw(b'GET /healthz HTTP/1.1\r\nHost: ' + host + b'\r\nConnection: close\r\n\r\n')
                self.assertEqual(answer.status, status)
                if status == 421:
                    self.assertEqual(answer.json()['code'], 'HOST')
        self.assertEqual(self.raw(b'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n').status, 400)
        self.assertEqual(self.raw(b'GET /healthz HTTP/1.0\r\n\r\n').status, 400)
        self.assertEqual(self.raw(b'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n').status, 200)
        self.assertEqual(self.raw(b'GET /healthz HTTP/1.1\r\nHost: localhost\r\n' + CLOSE).status, 400)
        self.assertEqual(self.raw(b'GET /healthz HTTP/1.1\r\nHost: evil.example\r\n' + CLOSE).status, 400)

    def test_bodies_and_smuggling(self):
        inner = b'GET /api/v1/items HTTP/1.1\r\nHost: localhost\r\n\r\n'
        keep = b'Host: localhost\r\n'
        for head in (b'Content-Length: %d\r\n' % len(inner), b'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', b'Transfer-Encoding: chunked\r\n',
                     b'Transfer-Encoding: identity, chunked\r\n', b'Transfer-Encoding : chunked\r\n', b'Content-Length: 0\r\nContent-Length: 40\r\n',
                     b'Content-Length: +0\r\n', b'Content-Length: -1\r\n', b'Content-Length: 0x10\r\n', b'Content-Length: 99999999999999999999\r\n',
                     b'Content-Length:\r\n', b'Transfer-Encoding: \x0bchunked\r\n', b'Content-Length: 40, 40\r\n'):
            for method in (b'GET', b'POST', b'HEAD'):
                with self.subTest(head=head, method=method):
                    answer = self.raw(method + b' /healthz HTTP/1.1\r\n' + keep + head + b'\r\n' + inner)
                    # libmicrohttpd 0.9.75 sends the head of some of its own refusals twice, so answers are not counted.
                    self.assertEqual(set(re.findall(rb'HTTP/1.1 (.)', answer.raw)), {b'4'}, answer.raw)
        self.assertNotIn('path=/api/v1/items', self.log_text())

    def test_header_tricks(self):
        for head in (b'X\r\n', b' X: folded\r\n', b'X: a\r\n b\r\n', b'X: \x00\r\n', b': novalue\r\n', b'X: a\nHost: evil.example\r\n', b'X:\rY\r\n'):
            with self.subTest(head=head):
                answer = self.raw(b'GET /healthz HTTP/1.1\r\n' + head + CLOSE)
                self.assertLessEqual(answer.count, 1)
                self.assertIn(answer.status, (0, 200, 400, 421))

    def test_pipelined(self):
        one = b'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
        self.assertEqual(self.raw(one * 20 + b'GET /healthz HTTP/1.1\r\n' + CLOSE).count, 21)

    def test_slow_clients_are_cut(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            dripping = [pool.submit(self.drip, b'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ' + b'a' * 100, 0.2, 12) for _ in range(4)]
            silent = [pool.submit(self.raw, b'', 12) for _ in range(4)]
            self.assertEqual(self.get('/healthz').status, 200)
            for task in dripping:
                self.assertLess(task.result() or 99, 8)
            for task in silent:
                self.assertEqual(task.result().raw, b'')

    def test_more_connections_than_there_may_be(self):
        held = []
        try:
            for _ in range(100):
                held.append(socket.create_connection(('127.0.0.1', self.port), timeout=5))
            time.sleep(3.5)  # those that said nothing are late by now
            self.assertEqual(self.get('/healthz').status, 200)
        finally:
            for connection in held:
                connection.close()

    def test_many_at_once(self):
        self.zw('add', 'zone', 'title=x')
        addresses = ['/', '/api/v1/items', '/api/v1/sl', '/api/v1/items/ZN-1', '/nothing', '/metrics', '/api/v1/verify'] * 40
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            statuses = list(pool.map(lambda a: self.get(a).status, addresses))
        self.assertEqual({(a, s) for a, s in zip(addresses, statuses) if a != '/nothing' and s != 200}, set())

    def test_client_that_leaves(self):
        for _ in range(30):
            with socket.create_connection(('127.0.0.1', self.port), timeout=5) as connection:
                connection.sendall(b'GET /api/v1/catalogs/62443-3-3 HTTP/1.1\r\nAuthorization: Bearer ' + self.token.encode() + b'\r\n' + CLOSE)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\x01\x00\x00\x00\x00\x00\x00\x00')


class Lifecycle(Served):
    settings = {'ZONEWRIGHT_HOST': 'plant.example'}

    def test_configured_host(self):
        for host, status in ((b'plant.example', 200), (b'PLANT.example:8080', 200), (b'other.example', 421)):
            self.assertEqual(self.raw(b'GET /healthz HTTP/1.1\r\nHost: ' + host + b'\r\nConnection: close\r\n\r\n').status, status)

    def test_ends_by_signal_and_answers_what_it_began(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(how=how), concurrent.futures.ThreadPoolExecutor(8) as pool:
                tasks = [pool.submit(self.get, '/api/v1/catalogs/62443-3-3') for _ in range(8)]
                idle = socket.create_connection(('127.0.0.1', self.port))
                for task in tasks:
                    self.assertEqual(task.result().status, 200)
                began = time.monotonic()
                self.stop(how)
                self.assertLess(time.monotonic() - began, 15)
                idle.close()
                self.assertFalse(os.path.exists(os.path.join(self.data, 'zw.sock')))
                self.serve()

    def test_second_server(self):
        began = time.monotonic()
        done = subprocess.run([ZW, '--data', self.data, 'serve', '--listen', '127.0.0.1:0'], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 6)
        self.assertIn('another process holds', done.stderr)
        self.assertLess(time.monotonic() - began, 4)
        self.assertEqual(self.get('/readyz').status, 200)

    def test_address_in_use(self):
        self.folder_2 = os.path.join(self.folder.name, 'second')
        subprocess.run([ZW, '--data', self.folder_2, 'init'], check=True, capture_output=True)
        done = subprocess.run([ZW, '--data', self.folder_2, 'serve', '--listen', f'127.0.0.1:{self.port}'], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 6)
        self.assertIn(f'127.0.0.1:{self.port}: ', done.stderr)


class Addresses(Plant):
    def test_refused(self):
        for listen, words in (('0.0.0.0:0', 'loopback only'), ('[::]:0', 'loopback only'), ('10.1.2.3:80', 'loopback only'), ('nonsense', 'ADDR:PORT'),
                              ('127.0.0.1:99999', 'ADDR:PORT'), ('127.0.0.1:', 'ADDR:PORT'), ('[::1', 'ADDR:PORT'), ('[::1]0', 'ADDR:PORT'), ('127.0.0.1:0x', 'ADDR:PORT')):
            with self.subTest(listen=listen):
                self.assertIn(words, self.zw('serve', '--listen', listen, code=2))

    def test_bad_settings(self):
        for name, value in (('ZONEWRIGHT_LOG', 'loud'), ('ZONEWRIGHT_THREADS', '0'), ('ZONEWRIGHT_CONNECTIONS', 'many')):
            done = subprocess.run([ZW, '--data', self.data, 'serve', '--listen', '127.0.0.1:0'], capture_output=True, text=True, timeout=60,
                                  check=False, env={**os.environ, name: value})
            self.assertEqual(done.returncode, 3, done.stderr)

    def test_no_directory(self):
        self.data = os.path.join(self.folder.name, 'none')
        self.assertIn('zw init', self.zw('serve', '--listen', '127.0.0.1:0', code=2))


if __name__ == '__main__':
    tap.main()
