#!/usr/bin/env python3
"""Signatures, approvals, state machines and baselines by the command line; hashes computed again here, and a database altered."""
import hashlib
import json
import os
import subprocess

import rows
import tap
from plant import ZW, Plant

PASSWORD = 'an evening at the pumps'


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()


def hashed(prefix, data):
    return hashlib.sha256(bytes([prefix]) + data).hexdigest()


class Sign(Plant):
    def prepare(self):
        super().prepare()
        self.password = self.file('password', PASSWORD + '\n')
        self.zw('user', 'password', '--password-file', self.password)
        self.zw('add', 'countermeasure', 'title=Locks "x"\nkind zone', 'nature=physical')
        self.zw('add', 'zone', 'title=Filters')
        self.zw('link', 'CM-1', 'deployed_on', 'ZN-1')

    def file(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def sign(self, *words, code=0):
        return self.zw('-q', 'sign', *words, '--password-file', self.password, code=code)

    def signed(self, key='CM-1', meaning='authored'):
        self.sign(key, '--meaning', meaning, '-m', 'mine\nmeaning approved')
        return self.json('signatures', key)[-1]

    def test_bytes(self):
        """What another program computes from the page docs/log-format.md."""
        row = self.signed()
        lines = dict(line.split(' ', 1) for line in row['manifest'].splitlines())
        self.assertEqual(list(lines), ['zonewright-signature', 'project', 'item', 'kind', 'revision', 'title', 'content',
                                       'meaning', 'role', 'person', 'reason', 'proof', 'time'])
        self.assertEqual(hashed(3, row['manifest'].encode()), row['digest'])
        self.assertEqual(json.loads(lines['title']), 'Locks "x"\nkind zone')
        self.assertEqual(json.loads(lines['reason']), 'mine\nmeaning approved')
        item = self.json('show', 'CM-1')
        content = {'attachments': None, 'attrs': item['attrs'], 'body': item['body'], 'id': lines['item'].split()[1],
                   'key': 'CM-1', 'kind': 'countermeasure', 'log': lines['project'].split()[1], 'owner': item['owner'],
                   'parent': None, 'tags': None, 'title': item['title'],
                   'links': [{'as': '', 'attrs': {}, 'to': 'ZN-1', 'type': 'deployed_on'}]}
        self.assertEqual(hashed(4, canonical(content)), row['hash'])
        self.assertEqual(lines['content'], row['hash'])

    def test_note_of_an_impact(self):
        """What is signed holds the note and the hash of the impact it speaks of; another note is not signed."""
        self.zw('add', 'component', 'title=Gate', 'vendor=Acme')
        self.zw('add', 'finding', 'title=Any password does', 'vulnerability=CVE-2026-12345')
        self.zw('link', 'FD-1', 'concerns', 'CP-1')
        noted = self.json('findings', 'FD-1', '--note', 'the pumps stop')
        self.assertEqual(noted['hash'], self.json('findings', 'FD-1')['hash'])
        row = self.signed('FD-1')
        attrs = self.json('show', 'FD-1')['attrs']
        self.assertEqual((attrs['impact_note'], attrs['impact_hash']), ('the pumps stop', noted['hash']))
        shown = self.json('sign', 'FD-1', '--meaning', 'authored', '-m', 'mine\nmeaning approved', '--preview')[0]
        self.assertEqual((row['standing'], row['hash']), (True, shown['hash']))
        self.zw('findings', 'FD-1', '--note', 'the pumps do not stop')
        self.assertEqual([one['standing'] for one in self.json('signatures', 'FD-1')], [False])

    def test_preview_is_what_is_signed(self):
        shown = self.json('sign', 'CM-1', '--meaning', 'authored', '-m', 'why', '--preview')[0]
        row = self.json('-q', 'sign', 'CM-1', '--meaning', 'authored', '-m', 'why', '--password-file', self.password)['signed'][0]
        before, after = (m['manifest'].splitlines() for m in (shown, row))
        self.assertEqual(before[:11], after[:11])
        self.assertIn('(when it is signed)', before[12])
        self.assertEqual(row['hash'], shown['hash'])
        # It is shown on the way, too, before the password is asked for.
        done = subprocess.run([ZW, '--data', self.data, 'sign', 'ZN-1', '--meaning', 'authored', '-m', 'why', '--password-file', '-'],
                              input=PASSWORD + '\n', capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('item ZN-1 ', done.stderr)
        self.assertIn('signed as authored by the role author', done.stdout)

    def test_superseded(self):
        self.signed()
        at = self.json('project', 'list')[0]['commits']
        self.zw('set', 'CM-1', 'title=Better locks')
        self.assertIn('SUPERSEDED', self.zw('signatures', 'CM-1'))
        self.assertEqual([(s['meaning'], s['standing']) for s in self.json('show', 'CM-1')['signatures']], [('authored', False)])
        self.assertTrue(self.json('--at', str(at), 'signatures', 'CM-1')[0]['standing'])
        self.assertEqual(self.json('--at', str(at - 1), 'signatures', 'CM-1'), [])
        self.assertEqual(self.zw('--at', str(at - 1), 'signatures', 'CM-1'), 'nothing is signed\n')
        self.assertTrue(self.json('verify')['ok'])

    def test_refused(self):
        self.assertIn('say with -m why', self.sign('CM-1', '--meaning', 'authored', code=2))
        self.assertIn('--meaning', self.sign('CM-1', '-m', 'x', code=2))
        self.assertIn('did you mean "authored"', self.sign('CM-1', '--meaning', 'autored', '-m', 'x', code=2))
        self.assertIn('CM-9', self.sign('CM-9', '--meaning', 'authored', '-m', 'x', code=2))
        self.assertIn('CM-9', self.sign('CM-1', 'CM-9', '--meaning', 'authored', '-m', 'x', code=2))
        self.assertIn('separation of duties', self.sign('CM-1', '--meaning', 'approved', '-m', 'x', code=5))
        self.password = self.file('wrong', 'a morning at the pumps\n')
        self.assertIn('not proved', self.sign('CM-1', '--meaning', 'authored', '-m', 'x', code=5))
        self.password = self.file('empty', '')
        self.assertIn('empty', self.sign('CM-1', '--meaning', 'authored', '-m', 'x', code=3))
        self.assertEqual(self.json('signatures'), [])
        outcomes = [e['outcome'] for e in self.json('audit') if e['action'] == 'sign']
        self.assertEqual(outcomes, ['wrong password'])

    def test_no_other_door(self):
        op = {'op': 'sign', 'key': 'CM-1', 'rev': 1, 'hash': '0' * 64}
        self.assertIn('no such operation', self.zw('import', '--format', 'native', self.lines(op), code=3))
        self.assertEqual(self.json('signatures'), [])

    def test_altered_database(self):
        self.signed()
        self.assertTrue(self.json('verify')['ok'])
        whole = self.data
        for sql, words, *values in (("UPDATE signature SET reason = 'theirs'", 'manifest'),
                           ("UPDATE signature SET meaning = 'approved'", 'manifest'),
                           ("UPDATE signature SET time = time + 1", 'manifest'),
                           ("UPDATE signature SET person = ?", 'not of the person', os.urandom(16)),
                           ("UPDATE signature SET content = ?", 'does not say', os.urandom(32)),
                           ("UPDATE signature SET rev = 7", 'not there'),
                           ("UPDATE item_rev SET title = 'Another' WHERE key = 'CM-1'", 'does not say'),
                           ("DELETE FROM link_rev", 'does not say')):
            with self.subTest(sql):
                self.data = os.path.join(self.folder.name, hashed(0, sql.encode()))
                rows.copy(ZW, whole, self.data)
                rows.ask(self.data, sql, *values)
                done = self.run_zw('--json', 'verify')
                self.assertEqual(done.returncode, 1, done.stderr)
                problems = json.loads(done.stdout)['problems']
                self.assertTrue(any(words in p['message'] and 'signature' in p['where'] for p in problems), problems)
                self.assertEqual(self.run_zw('check').returncode, 1)

    def test_moves_with_its_project(self):
        row = self.signed()
        path = os.path.join(self.folder.name, 'main.zwp')
        self.zw('project', 'export', '-o', path)
        self.assertIn('ok', self.zw('verify', path))
        self.data = os.path.join(self.folder.name, 'elsewhere')
        self.zw('init')
        self.zw('project', 'delete', 'MAIN', '--yes')
        self.zw('project', 'import', path)
        there = self.json('signatures', 'CM-1')[0]
        # A log knows no names: whose it is says the id in the manifest.
        self.assertEqual(there, {**row, 'person': None, 'full_name': None})
        self.assertTrue(self.json('verify')['ok'])
        self.assertTrue(self.json('check')['ok'])

    def test_workflow(self):
        own = self.json('workflow', 'show', 'claim')
        self.assertFalse(own['own'])
        own['states'].append({'state': 'on_hold', 'label': 'Wartet'})
        own['transitions'].append({'from': 'draft', 'to': 'on_hold', 'roles': ['author'], 'fields': ['rationale']})
        own['transitions'].append({'from': 'on_hold', 'to': 'draft', 'roles': ['author']})
        path = self.file('claim.json', json.dumps(own))
        self.assertIn('own state machine', self.zw('workflow', 'set', 'claim', path, '-m', 'claims may wait'))
        self.assertIn('as before', self.zw('workflow', 'set', 'claim', path))
        self.zw('add', 'claim', 'title=Walls', 'statement=met')
        self.assertIn('"rationale" filled in', self.zw('move', 'CL-1', 'on_hold', code=4))
        self.assertRegex(self.zw('move', 'CL-1'), r'(?s)CL-1 is draft\n  in_review +yes\n.*  on_hold +.*"rationale" filled in')
        self.zw('set', 'CL-1', 'rationale=later')
        self.zw('move', 'CL-1', 'on_hold')
        self.assertIn('by no rule', self.zw('move', 'CL-1', 'approved', code=4))
        self.assertIn('CL-1 (on_hold)', self.zw('workflow', 'reset', 'claim', code=4))
        self.assertIn(('call', 'refused'), [(e['action'], e['outcome']) for e in self.json('audit')])
        # It goes with the native format, and what has its states.
        native = os.path.join(self.folder.name, 'all.ndjson')
        self.zw('export', 'native', '-o', native)
        self.data = os.path.join(self.folder.name, 'again')
        self.zw('init')
        self.zw('import', '--format', 'native', native)
        self.assertEqual(self.json('show', 'CL-1')['state'], 'on_hold')
        self.assertEqual(self.json('workflow', 'show', 'claim')['states'], [{'locked': False, **s} for s in own['states']])
        for text, words in (('[]', 'object'), ('{', 'line 1'), ('{"initial":"draft","states":[],"transitions":[]}', 'not among'),
                            ('x' * (8 << 20) + 'x', 'read at most')):
            self.assertIn(words, self.zw('workflow', 'set', 'claim', self.file('bad', text), code=3))
        self.assertIn('did you mean "claim"', self.zw('workflow', 'show', 'clam', code=2))
        self.assertIn('understood', self.zw('workflow', 'show', code=2))

    def test_baseline(self):
        self.assertIn('BL-1 names commit 4', self.zw('baseline', 'create', 'Issue 1', '-m', 'first'))
        self.zw('set', 'CM-1', 'title=Better locks')
        self.assertIn('BL-2 names commit 4', self.zw('baseline', 'create', 'Again', '--commit', 'BL-1'))
        approval = lambda: next(r for r in self.json('zcr') if r['id'] == 'ZCR 7.1')
        self.zw('add', 'system', 'title=Plant')
        self.assertEqual((approval()['status'], approval()['text']), ('missing', "0 of 1 systems have the asset owner's approval"))
        self.signed('BL-1', 'owner_approval')
        self.assertEqual((approval()['status'], approval()['text']), ('met', "1 of 1 systems have the asset owner's approval; 2 items have changed since"))
        rows = {r['key']: r for r in self.json('baseline', 'list')}
        self.assertEqual((rows['BL-1']['standing'], rows['BL-2']['standing']), (1, 0))
        self.assertEqual(rows['BL-1']['hash'], rows['BL-2']['hash'])
        done = self.run_zw('baseline', 'compare', 'BL-1', 'now')
        self.assertEqual(done.returncode, 1)
        self.assertIn('Better locks', done.stdout)
        self.assertEqual(self.run_zw('baseline', 'compare', 'BL-1', 'BL-2').returncode, 0)
        self.assertEqual(self.json('--at', 'BL-1', 'show', 'CM-1')['title'], 'Locks "x"\nkind zone')
        self.assertIn('does not change', self.zw('set', 'BL-1', 'seq=1', code=4))
        self.assertIn('no commit', self.zw('baseline', 'create', 'Far', '--commit', '99', code=2))
        self.assertIn('understood', self.zw('baseline', 'create', code=2))


if __name__ == '__main__':
    tap.main()
