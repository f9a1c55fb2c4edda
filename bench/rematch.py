#!/usr/bin/env python3
"""How long it takes until one change shows all of its effects in a generated project: a new record of a product that is installed, the same vulnerability
known to be exploited, another version on an asset; each is one `zw match`, by processor time and by the clock. Usage: rematch.py BUILD [SIZE]
Run by hand: size L makes a project of 2.4 GB first."""
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile

RECORDS, COMPONENTS, TIMES = 30000, {'S': 30, 'M': 600, 'L': 12000}, 5


def products(path, count):
    """Names and versions for components: six of ten are of products that a record names."""
    rng, names = random.Random(5), []
    with zipfile.ZipFile(path) as outer, zipfile.ZipFile(io.BytesIO(outer.read('cves.zip'))) as inner:
        for name in inner.namelist()[:20000]:
            record = json.loads(inner.read(name))
            if record['cveMetadata']['state'] == 'PUBLISHED':
                names += [(one['vendor'], one['product']) for one in record['containers']['cna']['affected'] if one['vendor'] != 'n/a']
    rng.shuffle(names)
    for i in range(count):
        vendor, product = names[i % len(names)] if i == 0 or rng.random() < 0.6 else (f'Own{i % 97} GmbH', f'Device {i}')
        yield {'vendor': vendor, 'product': product, 'version': f'{rng.randint(0, 12)}.{rng.randint(0, 9)}'}


class Bench:
    def __init__(self, build, size, folder):
        self.zw_path, self.size, self.folder, self.data = os.path.join(build, 'zw'), size, folder, os.path.join(folder, 'data')

    def zw(self, *args):
        done = subprocess.run([self.zw_path, '--data', self.data, *args], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(done.stderr)
        return done.stdout

    def write(self, name, *values):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(''.join(json.dumps(value) + '\n' for value in values))
        return path

    def match(self):
        """Seconds of processor time and by the clock, and what was read."""
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        answer = json.loads(self.zw('--project', self.size, '--json', 'match'))
        took, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, took, answer['read']

    def build(self):
        archive = os.path.join(self.folder, 'cves.zip')
        subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), 'gen-cves.py'), str(RECORDS), archive], check=True)
        self.zw('init')
        self.zw('bench', 'generate', '--size', self.size)
        named = list(products(archive, COMPONENTS[self.size]))
        self.zw('--project', self.size, 'import', self.write('named.ndjson', *({'op': 'item', 'key': f'CP-{i}', 'kind': 'component', 'attrs': one} for i, one in enumerate(named, 1))))
        self.zw('feed', 'import', archive)
        return named[0]

    def record(self, product, number):
        self.zw('feed', 'import', self.write('one.json', {'dataType': 'CVE_RECORD', 'dataVersion': '5.1', 'cveMetadata': {
            'cveId': number, 'state': 'PUBLISHED', 'dateUpdated': '2025-01-01T00:00:00Z'}, 'containers': {'cna': {'title': 'A hole', 'affected': [{
                'vendor': product['vendor'], 'product': product['product'], 'defaultStatus': 'affected'}]}}}))

    def exploited(self, number):
        self.zw('feed', 'import', self.write('one.json', {'catalogVersion': '1', 'count': 1, 'vulnerabilities': [{'cveID': number, 'dateAdded': '2025-01-02'}]}))

    def run(self):
        product, rows = self.build(), {'everything, the first time': [self.match()], 'nothing': [], 'a new record': [], 'known to be exploited': [], 'an asset': []}
        for i in range(TIMES):
            number = f'CVE-2025-9{i:05}'
            rows['nothing'].append(self.match())
            self.record(product, number)
            rows['a new record'].append(self.match())
            self.exploited(number)
            rows['known to be exploited'].append(self.match())
            self.zw('--project', self.size, 'set', f'AS-{77 + i}', f'installed_version={i}.1')
            rows['an asset'].append(self.match())
        for name, runs in rows.items():
            processor, clock, read = sorted(runs, key=lambda one: one[0])[len(runs) // 2]
            print(f'{name}: {processor:.3f} s of processor time, {clock:.3f} s by the clock; read {read["installed"]} installed, {read["advisories"]} advisories')


if __name__ == '__main__':
    with tempfile.TemporaryDirectory(dir='/var/tmp') as work:
        Bench(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else 'M', work).run()
