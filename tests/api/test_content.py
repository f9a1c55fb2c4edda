#!/usr/bin/env python3
"""What configurations and documents hold: captured, held against the one before, and what rests on it suspect when it differs."""
import json
import os
import subprocess

import plant
import tap

CONFIG = '! taken 10:00\nhostname fw1\ninterface eth0\n rule 1 permit tcp 502\n rule 2 deny all\nlogging on\nntp on\nsnmp off\nend\n'


class Content(plant.Plant):
    def prepare(self):
        super().prepare()
        def item(key, kind, title, **attrs):
            return {'op': 'item', 'key': key, 'kind': kind, 'title': title, 'attrs': attrs}
        def link(from_, type_, to):
            return {'op': 'link', 'from': from_, 'type': type_, 'to': to}
        self.zw('import', self.lines(
            item('CF-1', 'configuration', 'Firewall', volatile=['! taken']), item('DO-1', 'document', 'RBAC'), item('CL-1', 'claim', 'closed'), item('RQ-1', 'requirement', 'Boundary'),
            item('ZN-1', 'zone', 'z'), link('CL-1', 'rests_on', 'CF-1'), link('CL-1', 'answers', 'RQ-1')))

    def file(self, content, name='fw1.cfg'):
        path = os.path.join(self.folder.name, name)
        with open(path, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def capture(self, content, *args, key='CF-1', code=0):
        done = self.run_zw('--json', 'capture', key, self.file(content), *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def suspects(self):
        return [one['link']['from'] for one in self.json('suspects')]

    def confirm(self):
        self.zw('confirm', 'CL-1/rests_on/CF-1', '-m', 'looked')

    def test_capture(self):
        self.assertTrue(self.capture(CONFIG, '--captured', '2026-03-01', '--version', '7.2')['first'])
        self.confirm()
        # The same again, and the same but for what says nothing: no suspect. What was seen and when is known all the same.
        self.assertTrue(self.capture(CONFIG, '--captured', '2026-04-01')['same'])
        later = CONFIG.replace('10:00', '11:00')
        self.assertTrue(self.capture(later, '--captured', '2026-05-01', '--version', '7.2')['same'])
        self.assertEqual(self.suspects(), [])
        now = json.loads(self.zw('show', 'CF-1'))
        self.assertEqual((now['attrs']['captured'], [file['sha256'] for file in now['attachments']]), ('2026-05-01', [now['attrs']['hash']]))
        # A line that counts breaks what rests on it, and is shown.
        answer = self.capture(later.replace('deny all', 'permit all').replace('snmp off\n', ''), '--dry-run', code=1)
        self.assertEqual((answer['gone'], answer['new'], answer['outcome']['commit']), (2, 1, None))
        answer = self.capture(later.replace('deny all', 'permit all').replace('snmp off\n', ''), code=1)
        self.assertEqual((answer['same'], answer['gone'], answer['new']), (False, 2, 1))
        self.assertEqual(self.suspects(), ['CL-1'])
        diff = self.json('captures', 'CF-1', '--diff')
        self.assertEqual([(line['change'], line['before'], line['after'], line['text']) for line in diff['lines'] if line['change'] != 'same'],
                         [('gone', 5, None, ' rule 2 deny all'), ('new', None, 5, ' rule 2 permit all'), ('gone', 8, None, 'snmp off')])
        self.assertEqual(len(diff['lines']), 3 + 7 - 1)
        text = self.zw('captures', 'CF-1', '--diff')
        self.assertIn('-  rule 2 deny all\n+  rule 2 permit all\n', text)
        listed = self.json('captures', 'CF-1')
        self.assertEqual([(one['captured'], one['counts']) for one in listed['revisions']][:2], [('2026-03-01', True), ('2026-05-01', False)])
        self.assertEqual((len(listed['revisions']), listed['implements']), (3, [{'key': 'RQ-1', 'title': 'Boundary', 'via': 'CL-1', 'suspect': True}]))
        self.assertEqual([(one['key'], one['implements'], one['suspect'], one['approvals'], one['released']) for one in self.json('captures')],
                         [('CF-1', ['RQ-1'], True, 0, False), ('DO-1', [], False, 0, False)])
        first = str(listed['revisions'][0]['rev'])
        self.assertFalse(self.json('captures', 'CF-1', '--diff', first)['same'])
        self.assertTrue(self.json('captures', 'CF-1', '--diff', first, str(listed['revisions'][1]['rev']))['same'])
        # Another version of the same bytes is another thing, too.
        self.confirm()
        self.capture(later.replace('deny all', 'permit all').replace('snmp off\n', ''), '--version', '7.3', code=1)
        self.assertEqual(self.suspects(), ['CL-1'])

    def test_check_in(self):
        """An approved document with other content is a draft again; what is no text is compared as a whole."""
        self.capture(b'%PDF\x00one', '--revision', 'v2.0', key='DO-1')
        self.zw('move', 'DO-1', 'in_review')
        subprocess.run([plant.ZW, '--data', self.data, 'move', 'DO-1', 'approved'], check=False, capture_output=True, timeout=60)
        state = json.loads(self.zw('show', 'DO-1'))['state']
        answer = self.capture(b'%PDF\x00two', '--revision', 'v2.1', key='DO-1', code=1)
        self.assertEqual((answer['first'], answer['same']), (False, False))
        now = json.loads(self.zw('show', 'DO-1'))
        self.assertEqual((now['attrs']['revision'], now['state'], len(now['attachments'])), ('v2.1', 'draft' if state == 'approved' else state, 1))
        diff = self.json('captures', 'DO-1', '--diff')
        self.assertEqual((diff['text'], diff['same'], diff['lines']), (False, False, []))
        self.assertEqual([one['revision'] for one in self.json('captures', 'DO-1')['revisions']], ['v2.0', 'v2.1'])

    def test_refused(self):
        self.assertIn('neither a document nor a configuration', self.capture('x', key='ZN-1', code=2))
        self.capture('x', key='CF-9', code=2)
        self.capture('x', '--captured', 'yesterday', code=3)
        self.zw('capture', 'CF-1', os.path.join(self.folder.name, 'none'), code=3)
        self.zw('capture', 'CF-1', code=2)
        self.assertIn('no two revisions', self.zw('captures', 'CF-1', '--diff', code=2))
        self.assertIn('no number', self.zw('captures', 'CF-1', '--diff', 'x', code=2))
        self.assertEqual(self.json('captures', 'CF-1')['revisions'], [])


tap.main()
