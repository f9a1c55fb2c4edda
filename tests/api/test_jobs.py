"""Long work over HTTP: imports, exports and jobs, as they are asked for, watched, cancelled and fetched."""
import concurrent.futures
import io
import json
import os
import re
import signal
import socket
import time
import zipfile

import tap
from server import Served

SHEET = b'id,title,text\nR-1,First,The pump shall stop.\nR-2,Second,The pump shall start.\n'


def form(files, boundary='xXx'):
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode() + content + b'\r\n'
             for name, content in files]
    return b''.join(parts) + f'--{boundary}--\r\n'.encode()


class Working(Served):
    def post(self, path, body, kind, status=202, **headers):
        response = self.send('POST', path, body, kind=kind, status=status, **headers)
        return response.json if status != 202 else response.json['job']

    def ended(self, job, state='done'):
        end = time.monotonic() + 60
        while True:
            got = self.api(f'/api/v1/jobs/{job}')
            if got['state'] not in ('queued', 'running'):
                self.assertEqual(got['state'], state, got)
                return got
            self.assertLess(time.monotonic(), end, got)
            time.sleep(0.05)

    def big(self):
        """A project on which a check takes a while."""
        self.zw('bench', 'generate', '--size', 'S', '--seed', '1')
        [self.large] = [project['key'] for project in self.json('project', 'list') if project['key'] != 'MAIN']

    def operator(self):
        """What a page sends for the first operator."""
        code = re.search('[0-9a-f]{20}', self.how).group()
        made = self.send('POST', '/api/v1/setup', {'code': code, 'name': 'eve', 'full_name': 'Eve', 'password': 'an evening at the pumps'}, 201, anonymous=True)
        return {'Cookie': made.headers['Set-Cookie'].partition(';')[0], 'Origin': f'http://127.0.0.1:{self.port}', 'X_Zonewright_CSRF': made.json['csrf']}

    def start(self, kind, **given):
        return self.post('/api/v1/jobs', {'kind': kind, 'input': given}, 'application/json')


class Imports(Working):
    def test_raw_body(self):
        answer = self.send('POST', '/api/v1/imports?format=csv&name=needs.csv&message=from+the+customer', SHEET, kind='text/csv', status=202)
        job = answer.json['job']
        self.assertEqual(answer.headers['Location'], f'/api/v1/jobs/{job}')
        got = self.ended(job)
        self.assertEqual((got['kind'], got['project'], got['result']['created']), ('import', 'MAIN', {'requirement': 2}))
        self.assertIsNone(got['problem'])
        self.assertRegex(got['ended'], r'^20')
        self.assertEqual(len(self.api('/api/v1/items?q=kind:requirement')), 2)

    def test_form_of_several_files(self):
        body = form([('a.csv', SHEET), ('b.csv', SHEET.replace(b'R-', b'S-'))])
        got = self.ended(self.post('/api/v1/imports?format=csv', body, 'multipart/form-data; boundary=xXx'))
        self.assertEqual(got['result']['created'], {'requirement': 4})

    def test_dry_run_changes_nothing(self):
        got = self.ended(self.post('/api/v1/imports?format=csv&dry_run', SHEET, 'text/csv'))
        self.assertEqual(got['result']['created'], {'requirement': 2})
        self.assertEqual(self.api('/api/v1/items?q=kind:requirement'), [])

    def test_rows_that_are_refused_are_listed(self):
        lines = b'{"op":"item","kind":"zone","title":"Good"}\n{"op":"item","kind":"zone","title":"Bad","attrs":{"nonsense":1}}\n'
        job = self.post('/api/v1/imports?format=native', lines, 'application/x-ndjson')
        got = self.ended(job)
        self.assertEqual(len(got['result']['refused']), 1)
        self.assertEqual(self.api('/api/v1/items?q=kind:zone'), [])
        got = self.ended(self.post('/api/v1/imports?format=native&partial', lines, 'application/x-ndjson'))
        self.assertEqual(got['result']['created'], {'zone': 1})

    def test_file_that_is_none_of_its_format(self):
        got = self.ended(self.post('/api/v1/imports?format=xlsx', b'not a zip', 'application/octet-stream'), 'failed')
        self.assertEqual((got['problem']['code'], got['result']), ('INPUT', None))

    def test_refused_before_there_is_a_job(self):
        for path, body, kind, status in (('/api/v1/imports?format=csv', b'', 'text/csv', 400), ('/api/v1/imports?formt=csv', SHEET, 'text/csv', 400),
                                         ('/api/v1/imports?project=OTHER', SHEET, 'text/csv', 404), ('/api/v1/imports?name=a%2Fb', SHEET, 'text/csv', 400),
                                         ('/api/v1/imports', form([]), 'multipart/form-data; boundary=xXx', 422),
                                         ('/api/v1/imports', SHEET, 'multipart/form-data; boundary=xXx', 422),
                                         ('/api/v1/imports', SHEET, 'multipart/form-data', 422),
                                         ('/api/v1/imports', form([('a', b'')])[:-6], 'multipart/form-data; boundary=xXx', 422),
                                         ('/api/v1/imports', form([('..', b'x')]), 'multipart/form-data; boundary=xXx', 422),
                                         ('/api/v1/imports', form([('f', b'x')] * 257), 'multipart/form-data; boundary=xXx', 413)):
            with self.subTest(path=path, body=body[:40]):
                self.assertEqual(self.send('POST', path, body, kind=kind).status, status)
        self.assertEqual(self.api('/api/v1/jobs'), [])

    def test_who_may_not(self):
        viewer = self.json('token', 'create', 'viewer', '--scope', 'read')['token']
        self.assertEqual(self.send('POST', '/api/v1/imports?format=csv', SHEET, kind='text/csv', Authorization=f'Bearer {viewer}').status, 403)
        self.assertEqual(self.send('POST', '/api/v1/imports?format=csv', SHEET, kind='text/csv', anonymous=True).status, 401)
        self.assertEqual(self.api('/api/v1/items?q=kind:requirement'), [])


class Jobs(Working):
    def fill(self):
        self.zw('import', '--format', 'native', self.lines({'op': 'item', 'kind': 'zone', 'title': 'Intake', 'key': 'ZN-1'}))

    def test_report(self):
        got = self.ended(self.start('report', type='gap', format='html', instant='2026-01-01'))
        self.assertEqual((got['file'], got['media']), ('gap.html', 'text/html; charset=utf-8'))
        file = self.get(f'/api/v1/jobs/{got["id"]}/file')
        self.assertEqual(file.headers['Content-Type'], 'application/octet-stream')
        self.assertIn('attachment; filename="gap.html"', file.headers['Content-Disposition'])
        self.assertEqual(file.headers['X-Content-Type-Options'], 'nosniff')
        self.assertEqual(file.content, self.get('/reports/gap.html?instant=2026-01-01').content)
        part = self.get(f'/api/v1/jobs/{got["id"]}/file', headers={'Range': 'bytes=5-14', 'Authorization': f'Bearer {self.token}'})
        self.assertEqual((part.status, part.content, part.headers['Content-Range']), (206, file.content[5:15], f'bytes 5-14/{len(file.content)}'))

    def test_issued_report(self):
        reader = self.json('token', 'create', 'reader', '--scope', 'read')['token']
        order = {'kind': 'report.issue', 'input': {'project': 'MAIN', 'type': 'gap', 'format': 'html'}}
        self.assertEqual(self.send('POST', '/api/v1/jobs', order, Authorization=f'Bearer {reader}').status, 403, 'it changes the project')
        got = self.ended(self.start('report.issue', type='gap', format='html', title='Kept', instant='2026-01-01'))
        item = self.api(f'/api/v1/items/{got["result"]["key"]}')
        self.assertEqual((got['file'], item['title'], item['attrs']['format']), (None, 'Kept', 'html'))

    def test_what_checks(self):
        self.assertTrue(self.ended(self.start('verify'))['result']['ok'])
        self.assertTrue(self.ended(self.start('check'))['result']['ok'])

    def test_whole_project(self):
        got = self.ended(self.start('project.export'))
        self.assertGreater(len(self.get(f'/api/v1/jobs/{got["id"]}/file').content), 100)

    def test_backup_is_for_operators(self):
        self.zw('user', 'add', 'robot')
        robot = self.json('token', 'create', 't', '--person', 'robot', '--scope', 'read')['token']
        self.assertEqual(self.send('POST', '/api/v1/jobs', {'kind': 'backup', 'input': {}}, Authorization=f'Bearer {robot}').status, 403)
        eve = self.operator()
        job = self.post('/api/v1/jobs', {'kind': 'backup', 'input': {}}, 'application/json', **eve)
        cookie = {'Cookie': eve['Cookie']}
        end = time.monotonic() + 60
        while json.loads(self.get(f'/api/v1/jobs/{job}', headers=cookie).content)['state'] != 'done':
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        self.assertIn(b'store.db', self.get(f'/api/v1/jobs/{job}/file', headers=cookie).content[:2000])
        self.token = robot
        self.assertEqual(self.get(f'/api/v1/jobs/{job}').status, 404, 'of another person')
        self.assertEqual(self.get(f'/api/v1/jobs/{job}/file').status, 404)
        self.assertEqual(self.send('DELETE', f'/api/v1/jobs/{job}').status, 404)
        self.assertEqual(self.api('/api/v1/jobs'), [])
        self.zw('role', 'grant', 'robot', 'viewer')
        own = self.start('verify')
        self.ended(own)
        self.assertEqual([got['id'] for got in json.loads(self.get('/api/v1/jobs', headers=cookie).content)], [job])
        self.assertEqual({got['id'] for got in json.loads(self.get('/api/v1/jobs?all', headers=cookie).content)}, {job, own})

    def test_export(self):
        got = self.ended(self.start('export', format='native'))
        self.assertEqual((got['file'], got['media']), ('export.ndjson', 'application/x-ndjson'))
        native = self.get(f'/api/v1/jobs/{got["id"]}/file')
        self.assertIn('Intake', [json.loads(line).get('title') for line in native.content.splitlines()])
        book = self.get(f'/api/v1/jobs/{self.ended(self.start("export", format="xlsx"))["id"]}/file')
        self.assertIn('xl/workbook.xml', zipfile.ZipFile(io.BytesIO(book.content)).namelist())
        self.assertEqual(self.ended(self.start('export', format='nonsense'), 'failed')['problem']['code'], 'NAME_UNKNOWN')

    def test_not_jobs(self):
        for body, status in (({'kind': 'edit', 'input': {}}, 400), ({'kind': 'project.delete', 'input': {}}, 400), ({'input': {}}, 422), ({'kind': 'report', 'input': []}, 422),
                             ({'kind': 'report', 'input': {'project': 'OTHER'}}, 404), ({'kind': 7}, 422)):
            with self.subTest(body=body):
                self.assertEqual(self.send('POST', '/api/v1/jobs', body).status, status)
        self.assertEqual(self.api('/api/v1/jobs'), [])
        for job in ('0' * 32, 'nonsense', '..%5c'):
            self.assertEqual(self.get('/api/v1/jobs/' + job).status, 404)
            self.assertEqual(self.get(f'/api/v1/jobs/{job}/file').status, 404)

    def test_failure_is_told(self):
        got = self.ended(self.start('report', type='nonsense', format='html'), 'failed')
        self.assertEqual(got['problem']['code'], 'NAME_UNKNOWN')
        self.assertIsNone(got['file'])
        self.assertEqual(self.get(f'/api/v1/jobs/{got["id"]}/file').status, 404)

    def test_cancel(self):
        self.big()
        job = self.start('check', project=self.large)
        got = self.send('DELETE', f'/api/v1/jobs/{job}')
        if got.status == 200:
            self.assertEqual(self.ended(job, 'cancelled')['problem']['code'], 'CANCELLED')
        again = self.send('DELETE', f'/api/v1/jobs/{job}')
        self.assertEqual((again.status, again.json['code']), (409, 'STATE'))
        self.assertEqual(got.status, 200)

    def test_finished_before_the_end_of_the_server(self):
        """It answers meanwhile, says that it ends, and takes nothing more that is long."""
        self.big()
        self.stop()
        self.settings = {**self.settings, 'ZONEWRIGHT_LEAVE_SECONDS': '3', 'ZONEWRIGHT_FINISH_SECONDS': '120'}
        self.serve()
        jobs = [self.start('check', project=self.large) for _ in range(3)]
        self.server.send_signal(signal.SIGTERM)
        end = time.monotonic() + 10
        while (answer := self.get('/readyz')).status != 503:
            self.assertLess(time.monotonic(), end)
        self.assertIn(b'the server is ending', answer.content)
        self.assertEqual(answer.headers['Connection'], 'close')
        self.assertEqual(self.get('/healthz').status, 200)
        self.assertEqual(self.send('POST', '/api/v1/jobs', {'kind': 'check', 'input': {'project': self.large}}).status, 503)
        self.assertEqual(len(self.api('/api/v1/jobs')), 3)
        self.assertEqual(self.server.wait(120), 0)
        self.server.stdout.close()
        self.log.close()
        self.serve()
        self.assertEqual([self.api(f'/api/v1/jobs/{job}')['state'] for job in jobs], ['done'] * 3)

    def test_interrupted_by_the_end_of_the_server(self):
        self.big()
        jobs = [self.start('check', project=self.large) for _ in range(4)]
        self.stop(signal.SIGKILL, -signal.SIGKILL)
        self.serve()
        states = [self.ended(job, 'failed') for job in jobs]
        self.assertEqual({got['problem']['code'] for got in states}, {'INTERRUPTED'})
        jobs = [self.start('check', project=self.large) for _ in range(4)]
        began = time.monotonic()
        self.stop()
        self.assertLess(time.monotonic() - began, 20)
        self.serve()
        self.assertLessEqual({self.api(f'/api/v1/jobs/{job}')['state'] for job in jobs}, {'failed', 'done'})
        self.assertEqual(len(self.api('/api/v1/jobs')), 8)

    def test_many_are_bounded(self):
        self.big()
        statuses = [self.send('POST', '/api/v1/jobs', {'kind': 'check', 'input': {'project': self.large}}).status for _ in range(20)]
        self.assertEqual(set(statuses), {202, 429})
        self.assertLessEqual(statuses.count(202), 19)
        for job in self.api('/api/v1/jobs'):
            self.send('DELETE', f'/api/v1/jobs/{job["id"]}')

    def test_file_survives_a_restart(self):
        got = self.ended(self.start('report', type='gap', format='json', instant='2026-01-01'))
        content = self.get(f'/api/v1/jobs/{got["id"]}/file').content
        open(os.path.join(self.data, 'jobs', 'f' * 32), 'w', encoding='utf-8').close()
        self.stop()
        self.serve()
        self.assertEqual(self.get(f'/api/v1/jobs/{got["id"]}/file').content, content)
        self.assertEqual(os.listdir(os.path.join(self.data, 'jobs')), [got['id']])

    def test_log_names_the_request(self):
        answer = self.send('POST', '/api/v1/jobs', {'kind': 'verify', 'input': {}}, status=202)
        self.ended(answer.json['job'])
        self.stop()
        with open(os.path.join(self.folder.name, 'log'), encoding='utf-8') as file:
            self.assertRegex(file.read(), f'event=job request={answer.headers["X-Request-Id"]} job={answer.json["job"]} kind=verify outcome=done')


class Attachments(Working):
    def fill(self):
        self.zw('import', '--format', 'native', self.lines({'op': 'item', 'kind': 'zone', 'title': 'Intake', 'key': 'ZN-1'}))

    def put(self, name, content, status=201, kind='application/pdf', **headers):
        return self.send('PUT', f'/api/v1/items/ZN-1/attachments/{name}', content, kind=kind, status=status, **headers)

    def test_put_and_get(self):
        content = os.urandom(3 << 20)
        got = self.put('plan%20of%20it.pdf?message=the+plan', content)
        digest = got.json['sha256']
        self.assertEqual(got.headers['Location'], f'/api/v1/attachments/{digest}')
        file = self.get(got.headers['Location'])
        self.assertEqual((file.status, file.content, file.headers['Content-Type'], file.headers['ETag']), (200, content, 'application/pdf', f'"{digest}"'))
        self.assertEqual(file.headers['Content-Disposition'], 'attachment; filename="plan_of_it.pdf"; filename*=UTF-8\'\'plan%20of%20it.pdf')
        self.assertIn("default-src 'none'", file.headers['Content-Security-Policy'])
        self.assertEqual(self.zw('history', 'ZN-1').count('the plan'), 1)
        own = {'Authorization': f'Bearer {self.token}'}
        for field, value, status, part in (('If-None-Match', f'"{digest}"', 304, b''), ('If-None-Match', '"other"', 200, content), ('Range', 'bytes=0-0', 206, content[:1]),
                                           ('Range', 'bytes=100-', 206, content[100:]), ('Range', 'bytes=-7', 206, content[-7:]),
                                           ('Range', f'bytes=5-{10 ** 12}', 206, content[5:]), ('Range', 'bytes=9-3', 200, content), ('Range', 'lines=1-2', 200, content),
                                           ('Range', 'bytes=0-1,4-5', 200, content)):
            with self.subTest(field=field, value=value):
                got = self.get(f'/api/v1/attachments/{digest}', headers={field: value, **own})
                self.assertEqual((got.status, got.content), (status, part))
        self.assertEqual(self.get(f'/api/v1/attachments/{digest}', headers={'Range': f'bytes={len(content)}-', **own}).status, 416)
        for when, status in ((f'"{digest}"', 206), ('"other"', 200)):
            self.assertEqual(self.get(f'/api/v1/attachments/{digest}', headers={'Range': 'bytes=0-3', 'If-Range': when, **own}).status, status)
        head = self.get(f'/api/v1/attachments/{digest}', 'HEAD')
        self.assertEqual((head.headers['Content-Length'], head.content), (str(len(content)), b''))

    def test_what_a_browser_could_run_is_bytes(self):
        for kind in ('text/html', 'image/svg+xml', 'application/javascript', 'text/html; charset=utf-8', 'nonsense'):
            digest = self.put('a.html', os.urandom(8), kind=kind).json['sha256']
            self.assertEqual(self.get(f'/api/v1/attachments/{digest}').headers['Content-Type'], 'application/octet-stream')

    def test_same_content_again_is_no_change(self):
        first = self.put('a.pdf', b'content').json
        again = self.put('a.pdf', b'content').json
        self.assertEqual((first['sha256'], again['outcome']['commit']), (again['sha256'], None))

    def test_refused(self):
        self.assertEqual(self.send('PUT', '/api/v1/items/ZN-9/attachments/a', b'x', kind='text/plain').status, 404)
        self.assertEqual(self.put('a' * 300, b'x', status=422).json['code'], 'INPUT')
        self.put('a', b'', status=400)
        self.put('a', b'x', status=401, anonymous=True)
        viewer = self.json('token', 'create', 'viewer', '--scope', 'read')['token']
        self.put('a', b'x', status=403, Authorization=f'Bearer {viewer}')
        for digest in ('0' * 64, 'nonsense', 'A' * 64):
            self.assertEqual(self.get(f'/api/v1/attachments/{digest}').status, 404)

    def test_content_of_another_project(self):
        digest = self.put('a', b'secret plan').json['sha256']
        self.zw('project', 'create', 'OTHER', 'Other')
        self.assertEqual(self.get(f'/api/v1/attachments/{digest}?project=OTHER').status, 404)
        self.assertEqual(self.get(f'/api/v1/attachments/{digest}?project=MAIN').status, 200)


class Slow(Working):
    settings = {'ZONEWRIGHT_THREADS': '2'}

    def test_slow_uploads_block_nobody(self):
        held = []
        try:
            for _ in range(40):
                connection = socket.create_connection(('127.0.0.1', self.port), timeout=20)
                connection.sendall(b'POST /api/v1/imports?format=csv HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n'
                                   b'Authorization: Bearer ' + self.token.encode() + b'\r\n\r\nid,')
                held.append(connection)
            began = time.monotonic()
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                for answer in pool.map(lambda _: self.get('/api/v1/projects').status, range(40)):
                    self.assertEqual(answer, 200)
            self.assertLess(time.monotonic() - began, 10)
            self.assertEqual(self.ended(self.post('/api/v1/imports?format=csv', SHEET, 'text/csv'))['result']['created'], {'requirement': 2})
        finally:
            for connection in held:
                connection.close()


if __name__ == '__main__':
    tap.main()
