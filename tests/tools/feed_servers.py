"""Servers of vulnerability feeds on this machine, as the real ones answer: the CVE API 2.0 of the NVD, the list of CVE records with
releases and its log of changes, the catalogue of CISA, EPSS, and a provider of CSAF. Tests change what they have, and what is wrong with it."""
import hashlib
import http.server
import io
import json
import threading
import urllib.parse
import zipfile


class World:
    """What the servers have, and how they misbehave; `asked` is every request."""

    def __init__(self):
        self.nvd = {}  # id → item
        self.page = 2  # items of a page, whatever is asked for
        self.now = '2024-01-10T12:00:00.000'
        self.records = {}  # CVE id → record
        self.day, self.hour = '2024-01-10', '1200'
        self.delta, self.log = {}, []  # records changed today, and entries of the log
        self.kev = {'catalogVersion': '2024.01.09', 'count': 1, 'vulnerabilities': [{'cveID': 'CVE-2024-1', 'dateAdded': '2024-01-09'}]}
        self.epss = '#model_version:v3,score_date:2024-01-10T00:00:00+0000\ncve,epss,percentile\nCVE-2024-1,0.9,0.99\nCVE-2024-2,0.1,0.5\n'
        self.advisories = {}  # name → (time, text)
        self.signatures, self.keys = {}, {}  # name of an advisory → its signature; fingerprint → key, of OpenPGP
        self.rolie = True
        self.asked = []
        self.faults = {}  # path → list of faults for the next requests: a status, (status, fields), 'cut', 'hash', ...
        self.total = None  # what the NVD says there is


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def do_GET(self):
        world, parts = self.server.world, urllib.parse.urlsplit(self.path)
        path = parts.path
        world.asked.append((path, dict(urllib.parse.parse_qsl(parts.query)), dict(self.headers)))
        fault = world.faults[path].pop(0) if world.faults.get(path) else None
        if isinstance(fault, (int, tuple)):
            status, fields = fault if isinstance(fault, tuple) else (fault, {})
            return self.answer(b'not now', status, fields)
        body = self.body(world, path, dict(urllib.parse.parse_qsl(parts.query)))
        if body is None:
            return self.answer(b'nothing here', 404)
        return self.file(body if isinstance(body, bytes) else body.encode(), fault)

    def file(self, body, fault):
        """With an ETag; 304 and parts as they are asked for; `cut` breaks off in the middle."""
        etag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if self.headers.get('If-None-Match') == etag:
            return self.answer(b'', 304, {'ETag': etag})
        status, fields, asked = 200, {'ETag': etag}, self.headers.get('Range')
        if asked and self.headers.get('If-Range') == etag:
            status, body = 206, body[int(asked.split('=')[1].rstrip('-')):]
        return self.answer(body, status, fields, cut=fault == 'cut')

    def answer(self, body, status=200, fields=None, cut=False):
        self.send_response(status)
        for name, value in (fields or {}).items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True

    def body(self, world, path, query):
        base = f'http://127.0.0.1:{self.server.server_port}'
        if path == '/nvd':
            return self.nvd(world, query)
        if path == '/kev':
            return json.dumps(world.kev)
        if path == '/epss':
            return world.epss
        if path == '/releases/latest':
            return json.dumps({'tag_name': 'cve', 'assets': [{'name': name, 'size': len(body), 'browser_download_url': f'{base}/download/{name}'}
                                                             for name, body in self.archives(world).items()]})
        if path.startswith('/download/'):
            return self.archives(world).get(path.rpartition('/')[2])
        if path == '/deltaLog.json':
            return json.dumps([{**entry, **{kind: [{'cveId': one, 'githubLink': f'{base}/cves/{one}.json', 'dateUpdated': entry['fetchTime']}
                                                   for one in entry[kind]] for kind in ('new', 'updated')}} for entry in world.log])
        if path.startswith('/cves/'):
            record = world.records.get(path[len('/cves/'):-len('.json')])
            return None if record is None else json.dumps(record)
        return self.csaf(world, path, base)

    @staticmethod
    def archives(world):
        """Fixed times, so that the same records are the same bytes; all records lie in an archive within the archive."""
        def pack(files):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as file:
                for name, text in sorted(files.items()):
                    file.writestr(zipfile.ZipInfo(name), text)
            return buffer.getvalue()
        whole = pack({f'cves/2024/0xxx/{one}.json': json.dumps(record) for one, record in world.records.items()})
        made = {f'{world.day}_all_CVEs_at_midnight.zip.zip': pack({'cves.zip': whole})}
        if world.delta:
            made[f'{world.day}_delta_CVEs_at_{world.hour}Z.zip'] = pack({f'deltaCves/{one}.json': json.dumps(r) for one, r in world.delta.items()})
        return made

    @staticmethod
    def nvd(world, query):
        items = [item for _, item in sorted(world.nvd.items())]
        if 'lastModStartDate' in query:
            low, high = query['lastModStartDate'].rstrip('Z'), query['lastModEndDate'].rstrip('Z')
            items = [item for item in items if low <= item['lastModified'] <= high]
        start = int(query['startIndex'])
        page = items[start:start + world.page]
        return json.dumps({'resultsPerPage': len(page), 'startIndex': start, 'totalResults': len(items) if world.total is None else world.total,
                           'format': 'NVD_CVE', 'version': '2.0', 'timestamp': world.now, 'vulnerabilities': [{'cve': item} for item in page]})

    @staticmethod
    def csaf(world, path, base):
        if path == '/csaf/provider-metadata.json':
            where = {'rolie': {'feeds': [{'tlp_label': 'WHITE', 'url': f'{base}/csaf/white/feed.json'}, {'tlp_label': 'RED', 'url': f'{base}/csaf/red.json'}]}} \
                if world.rolie else {'directory_url': f'{base}/csaf/white'}
            keys = [{'fingerprint': fingerprint, 'url': f'{base}/csaf/keys/{fingerprint}'} for fingerprint in world.keys]
            return json.dumps({'metadata_version': '2.0', 'role': 'csaf_provider', 'distributions': [where], 'public_openpgp_keys': keys})
        name = path.rpartition('/')[2]
        if path.startswith('/csaf/keys/'):
            return world.keys.get(name)
        if name.endswith('.asc'):
            return world.signatures.get(name[:-len('.asc')])
        if name == 'feed.json' and world.rolie:
            return json.dumps({'feed': {'id': 'x', 'category': [{'scheme': 'urn:ietf:params:rolie:category:information-type', 'term': 'csaf'}], 'entry': [
                {'id': one, 'updated': time, 'content': {'src': f'{base}/csaf/white/{one}', 'type': 'application/json'},
                 'link': [{'rel': 'self', 'href': f'{base}/csaf/white/{one}'}, {'rel': 'hash', 'href': f'{base}/csaf/white/{one}.sha512'},
                          {'rel': 'signature', 'href': f'{base}/csaf/white/{one}.asc'}]} for one, (time, _) in world.advisories.items()]}})
        if name == 'changes.csv' and not world.rolie:
            return ''.join(f'"{one}","{time}"\n' for one, (time, _) in world.advisories.items())
        if name.endswith(('.sha512', '.sha256')) and name[:-7] in world.advisories:
            if name.endswith('.sha512') != world.rolie:
                return None
            text = world.advisories[name[:-7]][1]
            return getattr(hashlib, name[-6:])(text.encode()).hexdigest() + '  ' + name[:-7] if not world.faults.get('hash') else '0' * 128
        return world.advisories[name][1] if name in world.advisories else None


class Servers:
    def __init__(self, context=None):
        self.world = World()
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.server.world = self.world
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.base = f'{"http" if context is None else "https"}://127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def settings(self, **more):
        """The environment of a program that asks these servers and no others."""
        return {'ZONEWRIGHT_OUTBOUND_ALLOW': '127.0.0.1', 'ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES': 'true', 'ZONEWRIGHT_OUTBOUND_RETRY_SECONDS': '1',
                'ZONEWRIGHT_FEEDS_NVD': f'{self.base}/nvd', 'ZONEWRIGHT_FEEDS_NVD_PAUSE_MS': '0', 'ZONEWRIGHT_FEEDS_KEV': f'{self.base}/kev',
                'ZONEWRIGHT_FEEDS_EPSS': f'{self.base}/epss', 'ZONEWRIGHT_FEEDS_CVE': f'{self.base}/releases/latest',
                'ZONEWRIGHT_FEEDS_CVE_CHANGES': f'{self.base}/deltaLog.json', 'ZONEWRIGHT_FEEDS_CSAF': f'{self.base}/csaf/provider-metadata.json', **more}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
