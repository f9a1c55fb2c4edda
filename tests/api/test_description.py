#!/usr/bin/env python3
"""The description of the API: whole, true, and good enough to make a client from."""
import importlib.util
import json
import os
import re
import subprocess
import sys

import jsonschema

import tap
from server import Served

TOOLS = os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'tests/tools')


class Document(Served):
    def setUp(self):
        super().setUp()
        self.document = self.api('/api/v1/openapi.json')

    def operations(self):
        for path, operations in self.document['paths'].items():
            for method, operation in operations.items():
                yield path, method, operation

    def test_every_route_is_described(self):
        with open(os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'src/http/routes.def'), encoding='utf-8') as file:
            rows = re.findall(r'^ROUTE\((\w+), "([^"]+)", \w+, (\w+),', file.read(), re.MULTILINE)
        for method, pattern, permission in rows:
            pattern = pattern.replace('{plural}', 'zones')
            operation = self.document['paths'][pattern][method.lower()]
            self.assertEqual(operation.get('x-zonewright-permission'), None if permission == 'PUBLIC' else permission.lower())
            self.assertEqual(operation.get('security') == [], permission == 'PUBLIC')
        self.assertEqual(len({(m, p) for m, p, _ in rows}), len(rows), 'no row is hidden by another')

    def test_it_is_whole(self):
        self.assertEqual(self.document['openapi'], '3.1.0')
        names = [operation['operationId'] for _, _, operation in self.operations()]
        self.assertEqual(len(set(names)), len(names))
        for path, method, operation in self.operations():
            with self.subTest(path=path, method=method):
                self.assertEqual({p['name'] for p in operation['parameters'] if p['in'] == 'path'}, set(re.findall(r'\{([^}]+)\}', path)))
                self.assertIn('default', operation['responses'])
                self.assertTrue(operation['summary'])
        schemas = self.document['components']['schemas']
        for ref in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(self.document)):
            self.assertIn(ref, schemas)
        for name, schema in schemas.items():
            jsonschema.Draft202012Validator.check_schema(schema)
        self.assertEqual(set(schemas['attrs_zone']['properties']['operator']), {'description', 'type'})

    def test_every_json_answer_and_body_has_a_schema(self):
        for path, method, operation in self.operations():
            with self.subTest(path=path, method=method):
                for status, answer in operation['responses'].items():
                    for kind, media in answer.get('content', {}).items():
                        self.assertTrue(kind not in ('application/json', 'application/problem+json') or 'schema' in media, status)
                for kind, media in operation.get('requestBody', {}).get('content', {}).items():
                    self.assertTrue('json' not in kind or kind == 'application/x-ndjson' or 'schema' in media, kind)

    def test_a_wrong_answer_would_be_seen(self):
        """The check the other tests rest on does find something."""
        class Wrong:
            status, headers, content = 200, {'Content-Type': 'application/json'}, b'[{"title": "no key"}]'
        for change in ({}, {'content': b'{}'}, {'status': 201}, {'headers': {'Content-Type': 'text/html'}},
                       {'content': json.dumps([{'key': 'ZN-1', 'attrs': {'nothing': 1}}]).encode()}):
            wrong = Wrong()
            vars(wrong).update(change)
            with self.subTest(change=change), self.assertRaises(AssertionError):
                self.describe().check(self, 'GET', '/api/v1/zones', wrong)

    def test_the_sample_is_as_described(self):
        self.send('POST', '/api/v1/projects', {'key': 'PLANT', 'sample': True}, 201)
        kinds = self.api('/api/v1/metamodel')['kinds']
        for kind in kinds:
            if kind['plural'] not in ('reports', 'reviews'):  # these say more than a list of items
                self.assertEqual(self.send('GET', f'/p/PLANT/api/v1/{kind["plural"]}?limit=1000').status, 200)
        for address in ('sl', 'sl?component=CP-1', 'gaps', 'lint', 'items/ZN-1', 'items/ZN-1/history', 'items/RQ-1/trace', 'items/AS-1/impact', 'verify', 'check', 'diff?from=1'):
            self.assertEqual(self.send('GET', f'/p/PLANT/api/v1/{address}').status, 200)


class Generated(Served):
    """A client made from the description alone works."""

    def setUp(self):
        super().setUp()
        described, made = os.path.join(self.folder.name, 'api.json'), os.path.join(self.folder.name, 'client.py')
        with open(described, 'wb') as file:
            file.write(self.get('/api/v1/openapi.json').content)
        subprocess.run([sys.executable, os.path.join(TOOLS, 'make_client.py'), described, made], check=True)
        spec = importlib.util.spec_from_file_location('client', made)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.client = self.module.Client(f'http://127.0.0.1:{self.port}', self.token)

    def test_a_day_of_work(self):
        client = self.client
        client.post_items({'kind': 'system', 'title': 'Plant'}, message='First')
        made = client.post_items({'kind': 'zone', 'title': 'Filters', 'links': [{'type': 'part_of', 'to': 'SYS-1'}]}, idempotency_key='k')
        again = client.post_items({'kind': 'zone', 'title': 'Filters', 'links': [{'type': 'part_of', 'to': 'SYS-1'}]}, idempotency_key='k')
        self.assertEqual(made.body, again.body)
        changed = client.patch_items_key('ZN-1', {'attrs': {'purdue': '3'}}, if_match=made.headers['ETag'])
        self.assertEqual(changed.body['attrs'], {'purdue': '3'})
        with self.assertRaises(self.module.Problem) as refused:
            client.patch_items_key('ZN-1', {'title': 'Late'}, if_match=made.headers['ETag'])
        self.assertEqual(refused.exception.document['theirs']['rev'], 2)
        self.assertEqual([i['key'] for i in client.get_zones(q='purdue:3', fields='title').body], ['ZN-1'])
        client.post_changes(b'{"op":"item","kind":"zone","title":"Pumps"}\n')
        self.assertEqual([r['key'] for r in client.post_items_bulk({'q': 'kind:zone', 'patch': {'owner': 'Eve'}}, dry_run=True).body], ['ZN-1', 'ZN-2'])
        client.post_items_key_transitions('ZN-1', {'to': 'in_review'})
        client.delete_links(from_='ZN-1', type_='part_of', to='SYS-1')
        self.assertEqual(client.get_items_key_history('ZN-1').body[-1]['state'], 'in_review')
        self.assertEqual(client.get_metamodel().body['version'], 1)
        self.assertIn(b'"ZN-2"', client.get_exports_format('native').body)
        self.assertTrue(client.get_verify().body['ok'])
        self.assertEqual([p['key'] for p in client.get_projects().body], ['MAIN'])


if __name__ == '__main__':
    tap.main()
