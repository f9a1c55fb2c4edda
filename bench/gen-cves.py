#!/usr/bin/env python3
"""Writes the list of CVE records as its programme publishes it, an archive within an archive, with N records: the same for the same N.
Records are of the sizes that real ones have: most are short, some name many products and versions. Usage: gen-cves.py N FILE.zip"""
import io
import json
import random
import sys
import zipfile

WORDS = ('gateway controller firmware server client library module driver panel relay sensor router switch portal engine agent runtime '
         'viewer manager monitor bridge station terminal kernel service').split()
VENDORS = [f'{a}{b}' for a in ('Nor', 'Alt', 'Bel', 'Kor', 'Mer', 'Tal', 'Ves', 'Zan', 'Pol', 'Rin') for b in ('dan', 'mark', 'tec', 'sys', 'wald', 'ex', 'on', 'ium')]


def record(number, rng):
    year = 1999 + number * 26 // 400000
    state = 'REJECTED' if rng.random() < 0.04 else 'PUBLISHED'
    affected = []
    for _ in range(1 if rng.random() < 0.9 else rng.randint(2, 20)):
        versions = [{'version': f'{rng.randint(0, 9)}.{rng.randint(0, 20)}', 'lessThan': f'{rng.randint(10, 12)}.{rng.randint(0, 30)}', 'status': 'affected',
                     'versionType': 'custom'} for _ in range(1 if rng.random() < 0.8 else rng.randint(2, 8))]
        vendor = rng.choice(VENDORS) if rng.random() < 0.7 else 'n/a'
        affected.append({'vendor': vendor, 'product': f'{rng.choice(WORDS)} {rng.choice(WORDS)} {rng.randint(1, 900)}', 'defaultStatus': 'unaffected', 'versions': versions})
    text = ' '.join(rng.choice(WORDS) for _ in range(int(rng.lognormvariate(3.6, 0.6))))
    return year, {
        'dataType': 'CVE_RECORD', 'dataVersion': '5.1',
        'cveMetadata': {'cveId': f'CVE-{year}-{number:06d}', 'assignerOrgId': '00000000-0000-4000-9000-000000000000', 'state': state,
                        'assignerShortName': 'example', 'dateReserved': '2024-01-01T00:00:00.000Z', 'datePublished': '2024-01-02T00:00:00.000Z',
                        'dateUpdated': f'2024-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}T00:00:00.000Z'},
        'containers': {'cna': {
            'title': text[:80], 'affected': affected, 'descriptions': [{'lang': 'en', 'value': text}],
            'problemTypes': [{'descriptions': [{'cweId': f'CWE-{rng.randint(20, 1300)}', 'lang': 'en', 'type': 'CWE', 'description': text[:60]}]}],
            'references': [{'url': f'https://example.com/{number}/{i}'} for i in range(rng.randint(1, 8))],
            'metrics': [{'cvssV3_1': {'version': '3.1', 'vectorString': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'baseScore': 9.8, 'baseSeverity': 'CRITICAL'}}]}}}


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    rng, inner = random.Random(count), io.BytesIO()
    with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for number in range(1, count + 1):
            year, one = record(number, rng)
            file.writestr(zipfile.ZipInfo(f'cves/{year}/{number // 1000}xxx/{one["cveMetadata"]["cveId"]}.json'), json.dumps(one, indent=4), zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_STORED) as file:
        file.writestr(zipfile.ZipInfo('cves.zip'), inner.getvalue())


main()
