#!/usr/bin/env python3
"""Changes over HTTP: items, links, transitions, many at once; revisions, repetitions, what a wrong body says."""
import concurrent.futures
import json

import tap
from server import Served

MERGE = 'application/merge-patch+json'


class Write(Served):
    def new(self, kind='zone', title='Filters', status=201, address='/api/v1/items', **members):
        return self.send('POST', address, {'kind': kind, 'title': title, **members}, status)

    def patch(self, key, body, status=200, tag='*', **fields):
        return self.send('PATCH', f'/api/v1/items/{key}', body, status, MERGE, If_Match=tag, **fields)

    def show(self, key):
        return self.api(f'/api/v1/items/{key}')


class Items(Write):
    def test_new(self):
        made = self.new(body='Why', attrs={'purdue': '3'}, tags=['a'], owner='Eve', address='/api/v1/items?message=First')
        self.assertEqual((made.headers['Location'], made.headers['Zonewright-Seq']), ('/api/v1/items/ZN-1', '2'))
        self.assertRegex(made.headers['ETag'], '^"1-[0-9a-f]{32}"$')
        self.assertEqual(made.json, self.show('ZN-1'))
        self.assertEqual((made.json['title'], made.json['attrs'], made.json['state']), ('Filters', {'purdue': '3'}, 'draft'))
        history = self.api('/api/v1/items/ZN-1/history')
        self.assertEqual((history[0]['message'], history[0]['by']), ('First', self.json('user', 'me')['name']))
        self.assertEqual(self.new(key='ZN-9').headers['Location'], '/api/v1/items/ZN-9')
        self.assertEqual(self.new().headers['Location'], '/api/v1/items/ZN-10')
        self.assertEqual(self.new(key='Ä%?#', address='/api/v1/items?project=MAIN').headers['Location'], '/api/v1/items/%C3%84%25%3F%23?project=MAIN')

    def test_new_with_links(self):
        self.new('system', 'Plant')
        self.new(links=[{'type': 'part_of', 'to': 'SYS-1'}])
        made = self.new('conduit', 'Link', links=[{'type': 'connects', 'to': 'ZN-1', 'as': 'a'}, {'type': 'part_of', 'to': 'SYS-1'}])
        self.assertEqual({(link['type'], link['to'], link['as']) for link in made.json['links']}, {('connects', 'ZN-1', 'a'), ('part_of', 'SYS-1', '')})
        risk = self.new('risk', 'Flood', links=[{'type': 'within', 'to': 'ZN-1'}])
        self.new('sl_target', 'Target', links=[{'type': 'justifies', 'from': risk.json['key']}, {'type': 'targets', 'to': 'ZN-1'}])
        before = self.json('project', 'list')[0]['commits']
        for links, pointer in (([{'type': 'part_of', 'to': 'SYS-1'}, {'type': 'part_of', 'to': 'SYS-9'}], '/links/1/to'), ([{'type': 'part_off', 'to': 'SYS-1'}], '/links/0/type'),
                               ([{'type': 'part_of'}], '/links/0/to'), ([{'type': 'part_of', 'to': 'SYS-1', 'from': 'SYS-1'}], '/links/0/to'),
                               ([{'type': 'part_of', 'to': 'SYS-1', 'ass': ''}], '/links/0/ass'), ([7], '/links/0')):
            with self.subTest(links=links):
                refused = self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x', 'links': links})
                self.assertIn(refused.status, (404, 422))
                self.assertEqual(refused.json['pointer'], pointer)
        self.assertEqual(self.json('project', 'list')[0]['commits'], before)

    def test_wrong_bodies_name_the_field(self):
        good = {'kind': 'zone', 'title': 'x'}
        for change, pointer, words in (({'kind': 'zoen'}, '/kind', 'did you mean "zone"'), ({'title': ''}, '/title', 'at least 1'), ({'title': None}, '/title', 'string'),
                                       ({'attrs': {'purdeu': '3'}}, '/attrs/purdeu', 'did you mean "purdue"'), ({'attrs': {'purdue': 9}}, '/attrs/purdue', ''),
                                       ({'attrs': []}, '/attrs', 'object'), ({'attrs': {'a/b': 1}}, '/attrs/a~1b', ''), ({'titel': 'x'}, '/titel', 'did you mean "title"'),
                                       ({'tags': ['a', 1]}, '/tags/1', 'string'), ({'key': 'a b'}, '/key', ''), ({'rev': 7}, '/rev', 'no member'),
                                       ({'state': 'approved'}, '/state', 'no member'), ({'title': 'x' * 5000}, '/title', 'at most 4096')):
            with self.subTest(change=change):
                refused = self.send('POST', '/api/v1/items', {**good, **change}, 422)
                self.assertEqual(refused.json['pointer'], pointer)
                self.assertIn(words, refused.json['detail'])
        self.assertEqual(self.send('POST', '/api/v1/items', {'title': 'x'}, 422).json['pointer'], '/kind')
        self.assertEqual(self.api('/api/v1/items'), [])

    def test_a_key_that_is_taken_changes_nothing(self):
        self.new(key='ZN-5', title='First')
        refused = self.new(key='ZN-5', title='Second', status=409)
        self.assertEqual((refused.json['code'], refused.json['pointer']), ('EXISTS', '/key'))
        self.assertEqual(self.show('ZN-5')['title'], 'First')

    def test_patch(self):
        tag = self.new(attrs={'purdue': '3'}, body='Why', tags=['a']).headers['ETag']
        changed = self.patch('ZN-1', {'title': 'Sand filters', 'attrs': {'purdue': None, 'operator': 'Works'}}, tag=tag)
        self.assertEqual((changed.json['rev'], changed.json['title'], changed.json['body'], changed.json['attrs']), (2, 'Sand filters', 'Why', {'operator': 'Works'}))
        self.assertEqual(changed.headers['Zonewright-Seq'], '3')
        self.assertRegex(changed.headers['ETag'], '^"2-')
        same = self.patch('ZN-1', {'title': 'Sand filters'}, tag='"2"')
        self.assertEqual((same.json['rev'], same.headers['Zonewright-Seq']), (2, None))
        self.assertEqual(self.patch('ZN-1', {'body': None}, tag='"2"').json['body'], '')
        self.assertEqual(self.patch('ZN-1', {'owner': 'Eve'}).json['owner'], 'Eve')
        self.assertIsNone(self.patch('ZN-1', {'owner': None}).json['owner'])

    def test_patch_refused(self):
        self.new()
        self.assertEqual(self.send('PATCH', '/api/v1/items/ZN-1', {'title': 'x'}, 428, MERGE).json['code'], 'IF_MATCH')
        for tag in ('1', '"x"', '""', '"1', 'W/"1"', '"1", "2"', '"-1"', '"0"', '"99999999999"'):
            self.patch('ZN-1', {'title': 'x'}, 400, tag)
        self.assertEqual(self.send('PATCH', '/api/v1/items/ZN-1', {'title': 'x'}, 415, If_Match='*').json['code'], 'MEDIA_TYPE')
        self.patch('ZN-9', {'title': 'x'}, 404)
        self.patch('ZN-9', {'title': 'x'}, 404, '"1"')
        for body, pointer in (({'title': None}, '/title'), ({'kind': 'conduit'}, '/kind'), ({'key': 'ZN-2'}, '/key'), ({'state': 'approved'}, '/state'),
                              ({'attrs': {'purdue': '7'}}, '/attrs/purdue'), ({'attrs': None}, '/attrs')):
            self.assertEqual(self.patch('ZN-1', body, 422).json['pointer'], pointer)
        self.assertEqual(self.show('ZN-1')['rev'], 1)

    def test_two_editors(self):
        """Whoever comes second gets all three texts to choose from, and nothing is lost."""
        tag = self.new(attrs={'purdue': '3', 'operator': 'Works'}).headers['ETag']
        self.patch('ZN-1', {'title': 'Hers', 'attrs': {'purdue': '2'}}, tag=tag)
        late = self.patch('ZN-1', {'title': 'His', 'attrs': {'operator': None}}, 412, tag)
        self.assertEqual(late.json['code'], 'CONFLICT')
        self.assertEqual((late.json['base']['title'], late.json['theirs']['title'], late.json['yours']['title']), ('Filters', 'Hers', 'His'))
        self.assertEqual((late.json['base']['attrs'], late.json['theirs']['attrs'], late.json['yours']['attrs']),
                         ({'purdue': '3', 'operator': 'Works'}, {'purdue': '2', 'operator': 'Works'}, {'purdue': '3'}))
        self.assertEqual(late.json['theirs']['rev'], 2)
        self.assertEqual(self.show('ZN-1')['title'], 'Hers')
        merged = self.patch('ZN-1', {'title': 'His', 'attrs': {'operator': None}}, tag='"2"')
        self.assertEqual((merged.json['title'], merged.json['attrs']), ('His', {'purdue': '2'}))
        self.assertEqual(self.send('DELETE', '/api/v1/items/ZN-1', status=412, If_Match='"1"').json['code'], 'CONFLICT')
        self.assertEqual(self.send('POST', '/api/v1/items/ZN-1/transitions', {'to': 'in_review'}, 412, If_Match='"1"').json['code'], 'CONFLICT')

    def test_many_editors(self):
        """Of those who change the same revision at once one is done, and the others are told."""
        self.new()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda n: self.patch('ZN-1', {'title': f'Title {n}'}, None, '"1"').status, range(8)))
        self.assertEqual(sorted(done), [200] + [412] * 7)
        self.assertEqual(self.show('ZN-1')['rev'], 2)

    def test_states(self):
        self.new()
        moved = self.send('POST', '/api/v1/items/ZN-1/transitions', {'to': 'in_review'}, 200, If_Match='"1"')
        self.assertEqual((moved.json['state'], moved.json['rev']), ('in_review', 2))
        # Nobody approves their own revision, over HTTP neither.
        self.assertEqual(self.send('POST', '/api/v1/items/ZN-1/transitions', {'to': 'approved'}, 403).json['code'], 'DENIED')
        self.assertEqual(self.send('POST', '/api/v1/items/ZN-1/transitions', {'to': 'draft2'}, 422).json['pointer'], '/to')
        self.assertEqual(self.send('POST', '/api/v1/items/ZN-9/transitions', {'to': 'in_review'}, 404).json['code'], 'NOT_FOUND')
        self.assertEqual(self.send('DELETE', '/api/v1/items/ZN-1', status=428).json['code'], 'IF_MATCH')
        retired = self.send('DELETE', '/api/v1/items/ZN-1', status=200, If_Match='"2"')
        self.assertEqual(retired.json['state'], 'retired')
        self.send('DELETE', '/api/v1/items/ZN-9', status=404, If_Match='"2"')

    def test_dry_run(self):
        tried = self.new(address='/api/v1/items?dry_run=true', status=200)
        self.assertEqual(tried.json['created'], {'zone': 1})
        self.assertIsNone(tried.json['commit'])
        self.assertEqual(self.api('/api/v1/items'), [])
        self.new()
        self.assertEqual(self.send('PATCH', '/api/v1/items/ZN-1?dry_run', {'title': 'x'}, 200, MERGE, If_Match='*').json['updated'], {'zone': 1})
        self.assertEqual(self.show('ZN-1')['title'], 'Filters')

    def test_editorial(self):
        self.new()
        self.send('PATCH', '/api/v1/items/ZN-1?editorial=true&message=typo', {'title': 'x'}, 200, MERGE, If_Match='*')
        last = self.api('/api/v1/items/ZN-1/history')[-1]
        self.assertEqual((last['editorial'], last['message']), (True, 'typo'))

    def test_cached(self):
        tag = self.new().headers['ETag']
        headers = {'If-None-Match': tag}
        self.assertEqual(self.get('/api/v1/items/ZN-1', headers=headers).status, 304)
        self.new('system', 'Plant')
        self.send('POST', '/api/v1/links', {'from': 'ZN-1', 'type': 'part_of', 'to': 'SYS-1'}, 201)
        self.assertEqual(self.get('/api/v1/items/ZN-1', headers=headers).status, 200, 'its links are another part of the answer')


class Repeated(Write):
    def test_once(self):
        first = self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x'}, 201, Idempotency_Key='a-1')
        again = self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x'}, 201, Idempotency_Key='a-1')
        self.assertEqual((first.json, first.headers['Location'], first.headers['Zonewright-Seq']),
                         (again.json, again.headers['Location'], again.headers['Zonewright-Seq']))
        self.assertEqual(len(self.api('/api/v1/items')), 1)
        self.patch('ZN-1', {'title': 'y'})
        self.assertEqual(self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x'}, 201, Idempotency_Key='a-1').json, first.json, 'as it was then')

    def test_another_request_with_the_same_key(self):
        self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x'}, 201, Idempotency_Key='a-1')
        for method, path, body, kind in (('POST', '/api/v1/items', {'kind': 'zone', 'title': 'y'}, 'application/json'),
                                         ('POST', '/api/v1/items?message=m', {'kind': 'zone', 'title': 'x'}, 'application/json'),
                                         ('PATCH', '/api/v1/items/ZN-1', {'title': 'y'}, MERGE)):
            refused = self.send(method, path, body, 422, kind, Idempotency_Key='a-1', If_Match='*')
            self.assertIn('something else', refused.json['detail'])
        self.assertEqual(self.show('ZN-1')['title'], 'x')

    def test_keys_of_others(self):
        self.zw('user', 'add', 'robot')
        self.zw('role', 'grant', 'robot', 'author')
        token = self.json('token', 'create', 'x', '--person', 'robot', '--scope', 'read,change,write')['token']
        self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x'}, 201, Idempotency_Key='a-1')
        other = self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x'}, 201, Idempotency_Key='a-1', Authorization=f'Bearer {token}')
        self.assertEqual(other.json['key'], 'ZN-2')

    def test_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x'}, 201, Idempotency_Key='k').json['key'], range(8)))
        self.assertEqual(set(made), {'ZN-1'})
        self.assertEqual(len(self.api('/api/v1/items')), 1)

    def test_patches_links_and_bulk(self):
        self.new()
        self.new('system', 'Plant')
        for _ in range(2):
            self.assertEqual(self.patch('ZN-1', {'title': 'y'}, 200, '"1"', Idempotency_Key='p').json['rev'], 2)
            self.assertEqual(self.send('POST', '/api/v1/links', {'from': 'ZN-1', 'type': 'part_of', 'to': 'SYS-1'}, 201, Idempotency_Key='l').headers['Zonewright-Seq'], '5')
            self.assertEqual(self.send('POST', '/api/v1/items/bulk', {'q': 'kind:zone', 'patch': {'owner': 'Eve'}}, 200, Idempotency_Key='b').headers['Zonewright-Seq'], '6')

    def test_refused(self):
        for key in ('a b', 'x' * 256, 'ä'.encode().decode('latin-1')):
            self.assertEqual(self.send('POST', '/api/v1/items', {'kind': 'zone', 'title': 'x'}, 400, Idempotency_Key=key).json['code'], 'USAGE')
        self.assertEqual(self.send('POST', '/api/v1/projects', {'key': 'X'}, 400, Idempotency_Key='a').json['code'], 'USAGE')


class Many(Write):
    def fill(self):
        for n in range(1, 6):
            self.zw('add', 'zone', f'title=Zone {n}', f'purdue={2 + n % 2}')

    def test_links(self):
        self.new('system', 'Plant')
        made = self.send('POST', '/api/v1/links', {'from': 'ZN-1', 'type': 'part_of', 'to': 'SYS-1'}, 201)
        self.assertEqual(made.headers['Zonewright-Seq'], str(made.json['commit']))
        self.assertEqual(self.show('ZN-1')['links'][0]['to'], 'SYS-1')
        for body, status, pointer in (({'from': 'ZN-1', 'type': 'part_of', 'to': 'ZN-1'}, 422, None), ({'from': 'ZN-9', 'type': 'part_of', 'to': 'SYS-1'}, 404, '/from'),
                                      ({'from': 'ZN-1', 'type': 'part_fo', 'to': 'SYS-1'}, 422, '/type'), ({'from': 'SYS-1', 'type': 'part_of', 'to': 'ZN-1'}, 422, None),
                                      ({'from': 'ZN-1', 'type': 'part_of', 'to': 'SYS-1', 'as': 'x'}, 422, '/as'), ({'from': 'ZN-1', 'type': 'part_of'}, 422, '/to')):
            refused = self.send('POST', '/api/v1/links', body, status)
            if pointer:
                self.assertEqual(refused.json['pointer'], pointer)
        self.send('DELETE', '/api/v1/links?from=ZN-1&type=part_of&to=SYS-1', status=200)
        self.assertEqual(self.show('ZN-1')['links'], [])
        self.send('DELETE', '/api/v1/links?from=ZN-1&type=part_of&to=SYS-1', status=404)
        self.send('DELETE', '/api/v1/links?from=ZN-1', status=422)

    def test_satisfies(self):
        self.new('requirement', 'Log in')
        self.new('component', 'PLC')
        made = self.send('POST', '/api/v1/links', {'from': 'CP-1', 'type': 'satisfies', 'to': 'RQ-1'}, 201)
        self.assertEqual(made.json['keys'], ['CL-1'])

    def test_changes(self):
        lines = [{'op': 'commit', 'message': 'Two'}, {'op': 'item', 'key': 'SYS-1', 'kind': 'system', 'title': 'Plant'}, {'op': 'link', 'from': 'ZN-1', 'type': 'part_of', 'to': 'SYS-1'}]
        text = '\n'.join(json.dumps(line) for line in lines) + '\n\n'
        done = self.send('POST', '/api/v1/changes', text, 200, 'application/x-ndjson')
        self.assertEqual(done.json['keys'], ['SYS-1'])
        self.assertEqual(self.api('/api/v1/items/SYS-1/history')[0]['message'], 'Two')
        for wrong, where, pointer in (('{"op":"item","key":"ZN-1","attrs":{"purdue":"9"}}', 'line 2/attrs/purdue', '/attrs/purdue'), ('{', 'line 2', None), ('[]', 'line 2', None),
                                      ('{"op":"retyre","key":"ZN-1"}', 'line 2/op', '/op'), ('{"op":"item","key":"ZN-1","rev":9}', 'line 2 ZN-1', None)):
            with self.subTest(wrong=wrong):
                refused = self.send('POST', '/api/v1/changes', '{"op":"item","key":"ZN-2","title":"no"}\n' + wrong, None, 'application/x-ndjson')
                self.assertIn(refused.status, (412, 422))
                self.assertEqual((refused.json['where'], refused.json.get('pointer')), (where, pointer))
        self.assertEqual(self.show('ZN-2')['title'], 'Zone 2')
        self.assertEqual(self.send('POST', '/api/v1/changes', '{"op":"item","kind":"zone","title":"s","state":"approved"}', 200, 'application/x-ndjson').json['keys'], ['ZN-6'])
        self.assertEqual(self.show('ZN-6')['state'], 'draft', 'a state is nobody\'s to say')

    def test_bulk(self):
        body = {'q': 'kind:zone purdue:3', 'patch': {'owner': 'Eve', 'attrs': {'operator': 'Works'}}}
        look = self.send('POST', '/api/v1/items/bulk?dry_run=true', body, 200)
        self.assertEqual(look.json[0], {'key': 'ZN-1', 'before': {'owner': None, 'attrs': {'operator': None}}, 'after': {'owner': 'Eve', 'attrs': {'operator': 'Works'}}})
        self.assertEqual([row['key'] for row in look.json], ['ZN-1', 'ZN-3', 'ZN-5'])
        self.assertIsNone(look.headers['Zonewright-Seq'])
        self.assertEqual(self.show('ZN-1')['owner'], None)
        done = self.send('POST', '/api/v1/items/bulk?message=All', body, 200)
        self.assertEqual((done.json, done.headers['Zonewright-Seq']), (look.json, '7'))
        self.assertEqual([i['key'] for i in self.api('/api/v1/items?q=owner:Eve')], ['ZN-1', 'ZN-3', 'ZN-5'])
        moved = self.send('POST', '/api/v1/items/bulk', {'keys': ['ZN-1', 'ZN-2'], 'to': 'in_review'}, 200)
        self.assertEqual(moved.json[1], {'key': 'ZN-2', 'before': {'state': 'draft'}, 'after': {'state': 'in_review'}})

    def test_bulk_refused(self):
        self.send('POST', '/api/v1/items/ZN-2/transitions', {'to': 'in_review'}, 200)
        body = {'keys': ['ZN-1', 'ZN-2', 'ZN-77'], 'to': 'approved'}
        look = self.send('POST', '/api/v1/items/bulk?dry_run', body, 200)
        self.assertEqual([('refused' in row) for row in look.json], [True, True, True])
        refused = self.send('POST', '/api/v1/items/bulk', body, 422)
        self.assertEqual([row['key'] for row in refused.json['refused']], ['ZN-1', 'ZN-2', 'ZN-77'])
        mixed = self.send('POST', '/api/v1/items/bulk', {'keys': ['ZN-3', 'ZN-77'], 'patch': {'owner': 'x'}}, 422)
        self.assertEqual([row['key'] for row in mixed.json['refused']], ['ZN-77'])
        self.assertIsNone(self.show('ZN-3')['owner'], 'all or nothing')
        for body, status, pointer in (({'patch': {'owner': 'x'}}, 400, '/q'), ({'q': 'kind:zone', 'keys': ['ZN-1'], 'patch': {}}, 400, '/q'), ({'q': 'kind:zone'}, 400, '/patch'),
                                      ({'q': 'kind:zoen', 'patch': {}}, 404, '/q'), ({'q': '', 'patch': {'state': 'x'}}, 422, '/patch/state'), ({'keys': [], 'patch': {}}, 422, '/keys')):
            self.assertEqual(self.send('POST', '/api/v1/items/bulk', body, status).json['pointer'], pointer)


class Whole(Write):
    def test_projects(self):
        made = self.send('POST', '/api/v1/projects', {'key': 'NEW', 'title': 'A new one'}, 201)
        self.assertEqual(made.json['commit'], 1)
        self.assertEqual(self.send('POST', '/api/v1/projects', {'key': 'NEW'}, 409).json['code'], 'EXISTS')
        self.assertEqual(self.send('POST', '/api/v1/projects', {'key': 'a b'}, 422).json['code'], 'INPUT')
        self.send('POST', '/api/v1/projects', {'key': 'PLANT', 'sample': True}, 201)
        self.assertEqual({p['key']: p['sample'] for p in self.api('/api/v1/projects')}, {'MAIN': False, 'NEW': False, 'PLANT': True})
        self.assertEqual(self.send('DELETE', '/api/v1/projects/NEW', status=400).json['code'], 'USAGE')
        self.send('DELETE', '/api/v1/projects/NEW?yes=true', status=200)
        self.send('DELETE', '/api/v1/projects/NEW?yes=true', status=404)

    def test_files(self):
        self.new()
        whole = self.get('/api/v1/projects/MAIN/export')
        self.assertEqual((whole.status, whole.headers['Content-Disposition']), (200, 'attachment; filename="MAIN.zonewright"'))
        self.assertEqual(json.loads(whole.headers['Zonewright-Answer'])['commits'], 2)
        self.send('DELETE', '/api/v1/projects/MAIN?yes=true', status=200)
        back = self.send('POST', '/api/v1/projects/imported?name=MAIN.zonewright', whole.content, 201, 'application/octet-stream')
        self.assertEqual((back.json['key'], back.json['commits']), ('MAIN', 2))
        self.assertEqual(self.show('ZN-1')['title'], 'Filters')
        broken = self.send('POST', '/api/v1/projects/imported?name=x', whole.content[:-9], None, 'application/octet-stream')
        self.assertIn(broken.status, (409, 422))
        native = self.get('/api/v1/exports/native?filter=kind:zone')
        self.assertEqual((native.status, native.headers['Content-Type']), (200, 'application/x-ndjson'))
        self.assertIn({'op': 'item', 'key': 'ZN-1'}.items(), [{k: v for k, v in json.loads(line).items() if k in ('op', 'key')}.items() for line in native.content.splitlines()])
        self.assertEqual(self.get('/api/v1/exports/csv').status, 200)
        self.assertEqual(self.send('GET', '/api/v1/exports/nativ').json['code'], 'NAME_UNKNOWN')
        self.assertEqual(self.send('POST', '/api/v1/inspect?name=a.ndjson', native.content, 200, 'application/x-ndjson').json['format'], 'native')
        self.assertEqual(self.get('/api/v1/backup').content[257:262], b'ustar')

    def test_people(self):
        self.send('POST', '/api/v1/users', {'name': 'eve', 'full_name': 'Eve Moss'}, 201)
        self.assertEqual(self.send('POST', '/api/v1/users', {'name': 'eve'}, 409).json['code'], 'EXISTS')
        self.send('PATCH', '/api/v1/users/eve', {'operator': True}, 200, MERGE)
        self.assertEqual([(u['name'], u['operator']) for u in self.api('/api/v1/users') if u['name'] == 'eve'], [('eve', True)])
        self.send('POST', '/api/v1/roles', {'name': 'eve', 'roles': ['author', 'tester']}, 200)
        self.assertEqual(self.send('POST', '/api/v1/roles', {'name': 'eve', 'roles': ['autor']}, 404).json['pointer'], '/roles')
        self.send('DELETE', '/api/v1/roles?name=eve&roles=tester', status=200)
        self.assertEqual([g['role'] for g in self.api('/api/v1/roles') if g['name'] == 'eve'], ['author'])
        # A token touches no account and makes no tokens, whatever its scope.
        self.send('PUT', '/api/v1/users/eve/password', {'password': 'an evening at the pumps'}, 403)
        self.send('POST', '/api/v1/tokens', {'name': 'x', 'scope': ['read']}, 403)
        self.assertEqual(self.api('/api/v1/audit?most=1')[0]['project'], 'MAIN')
        self.assertEqual(self.api('/api/v1/audit/all?most=1&before=2')[0]['no'], 1)
        self.assertEqual(self.send('GET', '/api/v1/audit?most=x').status, 400)


if __name__ == '__main__':
    tap.main()
