#!/usr/bin/env python3
"""Tests without a server: what is given out, what comes back, by whom something else was recorded meanwhile, and what was altered."""
import base64
import hashlib
import json
import os
import re
import time

import plant
import tap


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Offline(plant.Plant):
    def prepare(self):
        super().prepare()
        def item(key, kind, title, **attrs):
            return {'op': 'item', 'key': key, 'kind': kind, 'title': title, 'attrs': attrs}
        self.zw('import', self.lines(
            item('TP-1', 'test_plan', 'FAT </script><b>'), item('TC-1', 'test_case', 'Sign in ä', steps='Sign in\nLeave', expected='He is in\nHe is out'),
            item('TC-2', 'test_case', 'Plug', steps='Pull'), item('TC-3', 'test_case', 'Rest', steps='Wait'),
            *({'op': 'link', 'from': f'TC-{i}', 'type': 'planned_in', 'to': 'TP-1'} for i in (1, 2, 3))))
        self.page = os.path.join(self.folder.name, 'page.html')
        self.n = 0

    def give(self, key='TP-1', *args):
        if os.path.exists(self.page):
            os.unlink(self.page)
        answer = self.json('test', 'pack', key, '-o', self.page, *args)
        with open(self.page, encoding='utf-8') as file:
            text = re.search(r'<script type="application/json" id="given">(.*?)</script>', file.read(), re.DOTALL)[1]
        self.assertEqual(digest(text), answer['hash'])
        return text

    def result(self, text, *steps, change=None, **more):
        """What the page saves: the steps given as (case, step, status, observation)."""
        names = ('case', 'step', 'status', 'observation')
        recorded = json.dumps({'steps': [dict(zip(names, step)) for step in steps], 'tester': 'Eve Moss', 'witness': 'Ada', 'environment': 'Hall 3', 'stated': True,
                               'saved': '2026-03-01T10:00:00.000Z', **more})
        file = {'format': 'zonewright-offline-result-1', 'given': text, 'hash': digest(text), 'recorded': recorded, 'recorded_hash': digest(recorded)}
        if change is not None:
            change(file)
        self.n += 1
        path = os.path.join(self.folder.name, f'result{self.n}.json')
        with open(path, 'w', encoding='utf-8') as out:
            json.dump(file, out)
        return path

    def merge(self, path, *args, code=0):
        done = self.run_zw('--json', 'test', 'merge', path, *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def said(self, run='TR-1'):
        return json.loads(self.zw('show', run))['attrs'].get('step_results')

    def test_files_of_steps(self):
        def taken(step, name, content, **more):
            return {'case': 'TC-1', 'step': step, 'name': name, 'media': 'image/jpeg', 'sha256': hashlib.sha256(content).hexdigest(),
                    'data': base64.urlsafe_b64encode(content).decode().rstrip('='), **more}
        text = self.give('TP-1', '--stage', 'factory')
        photo, other, large = b'\xff\xd8 a door', b'another door', os.urandom(3 << 20)
        step = ('TC-1', 1, 'passed', '')
        for wrong, where in ((taken(9, 'a.jpg', photo), 'belongs to a step'), (taken(1, '../a', photo), 'without /'), (taken(1, '.a', photo), 'without /'),
                             (taken(1, 'a.jpg', photo, sha256='0' * 64), 'altered'), (taken(1, 'a.jpg', photo, data='+/=='), 'base64url'), (taken(1, 'a.jpg', photo, data=3), '/recorded/files/0')):
            self.assertIn(where, self.merge(self.result(text, step, files=[wrong]), code=3))
        self.assertEqual(self.json('list', 'kind:test_run'), [])
        answer = self.merge(self.result(text, step, files=[taken(1, 'door.jpg', photo), taken(2, 'large.bin', large)]))
        self.assertEqual((answer['key'], answer['files']), ('TR-1', 2))
        # a second copy with another photo of the same name, and with one that is there already
        again = self.merge(self.result(text, step, files=[taken(1, 'door.jpg', other), taken(1, 'door.jpg', photo)]))
        self.assertEqual((again['recorded'], again['files']), (0, 1))
        kept = {one['name']: one['sha256'] for one in json.loads(self.zw('show', 'TR-1'))['attachments'] if not one['name'].startswith('offline-')}
        second = hashlib.sha256(other).hexdigest()
        self.assertEqual(kept, {'TC-1-1 door.jpg': hashlib.sha256(photo).hexdigest(), 'TC-1-2 large.bin': hashlib.sha256(large).hexdigest(), f'TC-1-1 {second[:8]} door.jpg': second})

    def test_out_and_back(self):
        text = self.give('TP-1', '--stage', 'factory')
        with open(self.page, encoding='utf-8') as file:
            page = file.read()
        self.assertTrue(all(rule in page for rule in ("default-src 'none'", "form-action 'none'", "base-uri 'none'")))
        self.assertNotRegex(page, r'src=|href="http|@[A-Z]+@')
        self.assertEqual((page.count('<script'), json.loads(text)['title']), (2, 'FAT </script><b>'))
        path = self.result(text, ('TC-1', 1, 'passed', ''), ('TC-1', 2, 'failed', ' no\nway '), ('TC-2', 1, 'blocked', 'no plug'), ('TC-3', 1, 'not_run', ''))
        seen = self.merge(path, '--dry-run')
        self.assertEqual((seen['commit'], seen['recorded'], self.json('list', 'kind:test_run')), (None, 3, []))
        answer = self.merge(path)
        self.assertEqual((answer['key'], answer['recorded'], answer['conflicts'], answer['changed'], answer['meanwhile']), ('TR-1', 3, [], [], []))
        run = json.loads(self.zw('show', 'TR-1'))
        self.assertEqual(run['attrs']['step_results'], {'TC-1/1': 'passed', 'TC-1/2': 'failed: no\nway', 'TC-2/1': 'blocked: no plug'})
        self.assertEqual((run['state'], run['attrs']['tester'], run['attrs']['environment'], run['attrs']['stage'], run['attrs']['at'], run['attrs']['counts']),
                         ('in_progress', 'Eve Moss', 'Hall 3', 'factory', '2026-03-01T10:00:00.000Z', {'passed': 0, 'failed': 1, 'error': 1, 'skipped': 1}))
        self.assertIn('Eve Moss, witness Ada states', run['body'])
        # Nothing is lost: the file stays with the run, byte for byte. And once is enough.
        with open(path, 'rb') as file:
            self.assertEqual([one['sha256'] for one in run['attachments']], [hashlib.sha256(file.read()).hexdigest()])
        again = self.merge(path)
        self.assertEqual((again['commit'], again['recorded'], again['unchanged'], again['key']), (None, 0, 3, 'TR-1'))
        self.assertEqual([row['key'] for row in self.json('list', 'kind:test_run')], ['TR-1'])
        self.assertIn('TR-1', self.json('test', 'status')['runs'][0]['key'])

    def test_two_copies(self):
        """Two people had the same page: what both agree on is taken, the rest is shown until somebody decides."""
        text = self.give()
        self.merge(self.result(text, ('TC-1', 1, 'passed', ''), ('TC-2', 1, 'passed', '')))
        other = self.result(text, ('TC-1', 1, 'failed', 'locked'), ('TC-2', 1, 'passed', ''), ('TC-3', 1, 'passed', ''), tester='Tom')
        told = self.merge(other, code=1)
        self.assertEqual((told['commit'], told['conflicts']), (None, [{'case': 'TC-1', 'step': 1, 'here': 'passed', 'given': 'failed: locked'}]))
        self.assertEqual(self.said(), {'TC-1/1': 'passed', 'TC-2/1': 'passed'})
        self.merge(other, '--keep', 'here')
        self.assertEqual(self.said(), {'TC-1/1': 'passed', 'TC-2/1': 'passed', 'TC-3/1': 'passed'})
        self.merge(other, '--keep', 'file')
        self.assertEqual(self.said()['TC-1/1'], 'failed: locked')
        self.assertIsNone(self.merge(other)['commit'])
        run = json.loads(self.zw('show', 'TR-1'))
        self.assertEqual((run['attrs']['tester'], len(run['attachments'])), ('Eve Moss, Tom', 2))
        self.merge(self.result(text, ('TC-1', 2, 'passed', ''), tester='Eve'))
        self.assertEqual(json.loads(self.zw('show', 'TR-1'))['attrs']['tester'], 'Eve Moss, Tom, Eve')
        self.assertIn('"file" or "here"', self.merge(other, '--keep', 'both', code=2))

    def test_of_a_run(self):
        """A run goes on here while its page is out; a case changes, another has a newer result."""
        self.zw('test', 'execute', 'TP-1')
        self.zw('test', 'record', 'TR-1', 'TC-1/1=passed')
        text = self.give('TR-1')
        self.assertEqual(json.loads(text)['cases'][0]['steps'][0]['recorded'], 'passed')
        self.zw('test', 'record', 'TR-1', 'TC-1/2=blocked')
        self.zw('set', 'TC-2', 'steps=Pull harder')
        self.zw('retire', 'TC-3')
        tap_file = os.path.join(self.folder.name, 'ci.tap')
        with open(tap_file, 'w', encoding='utf-8') as file:
            file.write('1..1\nnot ok 1 - TC-1\n')
        self.zw('test', 'ingest', tap_file, '--ran', time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 3600)))
        path = self.result(text, ('TC-1', 1, 'passed', ''), ('TC-1', 2, 'passed', ''), ('TC-2', 1, 'passed', ''))
        told = self.merge(path, code=1)
        self.assertEqual([(one['case'], one['here']) for one in told['conflicts']], [('TC-1', 'blocked')])
        self.assertEqual([(one['case'], one['given'], one['retired']) for one in told['changed']], [('TC-2', 1, False), ('TC-3', 1, True)])
        at = json.loads(self.zw('show', 'TR-1'))['attrs']['at']
        done = self.merge(path, '--keep', 'file')
        self.assertEqual(json.loads(self.zw('show', 'TR-1'))['attrs']['at'], at, 'what was done here later is no older for it')
        self.assertEqual([(one['case'], one['run'], one['status'], one['given']) for one in done['meanwhile']], [('TC-1', 'TR-2', 'failed', 'passed')])
        self.assertEqual(self.said(), {'TC-1/1': 'passed', 'TC-1/2': 'passed', 'TC-2/1': 'passed'})
        text = self.run_zw('test', 'merge', path).stdout
        self.assertIn('changed: TC-3 was given out as revision 1, it is 2 now, retired', text)

    def test_altered(self):
        text = self.give()
        step = ('TC-1', 1, 'passed', '')
        def forge(file, old, new):
            file['given'] = file['given'].replace(old, new)
            file['hash'] = digest(file['given'])
        # With its hash made anew it is refused all the same, since what was given out is known here.
        for old, new, where in (('He is in', 'He is out', '/cases/0/steps/0/expected was "He is in" and is "He is out"'), ('"rev":1', '"rev":2', '/cases/0/rev'),
                                ('"commit":2', '"commit":1', 'there is no item TP-1'), ('"commit":2', '"commit":9', 'as of which commit'),
                                ('"project":"MAIN"', '"project":"OTHER"', '/project'), (',"environment":null', '', '/environment'),
                                ('Sign in ä', 'ä' * 9000, f' is "{"ä" * 99}\n'), ('"expected":"He is in"', f'"{"é" * 9000}":1', f'/{"é" * 91} was not there')):
            with self.subTest(new=new):
                self.assertIn(where, self.merge(self.result(text, step, change=lambda file: forge(file, old, new)), code=2 if 'no item' in where else 3))
        self.assertIn('its hash is not that of its text', self.merge(self.result(text, step, change=lambda file: file.update(hash='0' * 64)), code=3))
        self.assertIn('the results were altered', self.merge(self.result(text, step, change=lambda file: file.update(recorded=file['recorded'].replace('passed', 'failed'))), code=3))
        for change, where in ((lambda file: file.update(format='x'), '/format'), (lambda file: file.pop('given'), 'given'), (lambda file: file.update(given='{'), 'line 1'),
                              (lambda file: file.update(given='[]'), 'does not say'), (lambda file: file.update(more=1), 'more')):
            self.assertIn(where, self.merge(self.result(text, step, change=change), code=3))
        for bad in (('TC-9', 1, 'passed', ''), ('TC-1', 9, 'passed', ''), ('TC-1', 0, 'passed', ''), ('TC-1', 1, 'pased', ''), ('TC-1', 1, 'passed', 'x' * 9000)):
            self.assertIn(self.run_zw('test', 'merge', self.result(text, bad)).returncode, (2, 3))
        self.merge(self.lines({'op': 'item'}), code=3)
        self.assertEqual(self.json('list', 'kind:test_run'), [])
        self.assertIn('there is no item TP-9', self.zw('test', 'pack', 'TP-9', '-o', self.page + '2', code=2))
        self.assertFalse(os.path.exists(self.page + '2'))


tap.main()
