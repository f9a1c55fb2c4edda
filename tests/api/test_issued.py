#!/usr/bin/env python3
"""Issued reports: kept with what they are of, read again byte for byte, signed like anything else, and compared."""
import hashlib
import json
import os

from plant import Plant
import tap


class Issued(Plant):
    def prepare(self):
        super().prepare()
        self.data = os.path.join(self.folder.name, 'sample')
        self.zw('init', '--sample')

    def issue(self, kind, *args):
        return self.json('report', 'issue', kind, *args)

    def read(self, name):
        with open(os.path.join(self.folder.name, name), 'rb') as file:
            return file.read()

    def test_kept_and_read_again(self):
        path = os.path.join(self.folder.name, 'ra.pdf')
        rows = {row['id']: row['status'] for row in self.json('zcr')}
        self.assertEqual(rows['ZCR 5.13'], 'skipped')
        issued = self.json('report', 'issue', 'risk-assessment', '-o', path, '-m', 'first issue')
        self.assertEqual(hashlib.sha256(self.read('ra.pdf')).hexdigest(), issued['sha256'])
        item = self.json('show', issued['key'])
        self.assertEqual({name: item['attrs'][name] for name in ('type', 'hash', 'format', 'commit')},
                         {'type': 'risk-assessment', 'hash': issued['sha256'], 'format': 'pdf', 'commit': issued['commit']})
        self.assertEqual((item['kind'], [x['sha256'] for x in item['attachments']]), ('report', [issued['sha256']]))
        self.assertEqual({row['id']: row['status'] for row in self.json('zcr')}['ZCR 5.13'], 'met')
        self.zw('add', 'zone', 'title=Later')
        self.zw('report', 'get', issued['key'], '-o', path + '.again')
        self.assertEqual(self.read('ra.pdf.again'), self.read('ra.pdf'), 'as it was issued, whatever came later')
        self.zw('--at', str(issued['commit']), '--instant', issued['instant'], 'report', 'risk-assessment', '-o', path)
        self.assertEqual(self.read('ra.pdf'), self.read('ra.pdf.again'), 'its parameters give the same bytes')
        self.assertIn('"ok":true', self.zw('--json', 'verify'))

    def test_what_moved_between_two(self):
        first = self.issue('iec62443', '--format', 'json', '--environment', 'SYS-1', '--from', '2020-01-01', '--to', '2099-01-01')
        self.assertEqual(json.loads(self.json('show', first['key'])['attrs']['parameters']),
                         {'from': '2020-01-01', 'systems': ['SYS-1'], 'to': '2099-01-01'})
        self.zw('import', self.lines(
            {'op': 'transition', 'key': 'FD-4', 'to': 'fixed'}, {'op': 'transition', 'key': 'FD-8', 'to': 'acknowledged'},
            {'op': 'transition', 'key': 'FD-15', 'to': 'in_progress'},
            {'op': 'item', 'key': 'FD-90', 'kind': 'finding', 'title': 'New', 'attrs': {'vulnerability': 'CVE-2026-1', 'severity': 'low'}},
            {'op': 'link', 'from': 'FD-90', 'type': 'concerns', 'to': 'AS-1'}, {'op': 'commit', 'message': 'the switches are patched'}))
        second = self.issue('iec62443', '--format', 'json', '--environment', 'SYS-1', '--from', '2020-01-01', '--to', '2099-01-01')
        done = self.run_zw('--json', 'report', 'compare', first['key'], second['key'])
        self.assertEqual(done.returncode, 1, 'there are differences')
        said = json.loads(done.stdout)
        self.assertEqual({x['key']: (x['change'], x['from'], x['to']) for x in said['findings']},
                         {'FD-4': ('closed', 'in_progress', 'fixed'), 'FD-8': ('state', 'new', 'acknowledged'),
                          'FD-15': ('reopened', 'fixed', 'in_progress'), 'FD-90': ('new', None, 'new')})
        moved = {place['place']: {(x['vector'], x['fr'], x['old'], x['new']) for x in place['levels']} for place in said['places']}
        self.assertIn(('verified_with_findings', 1, 1, 2), moved['ZN-2'], 'what FD-4 broke is whole again')
        self.assertEqual((said['from']['scope'], said['from']['commit'], said['to']['report']), (['SYS-1'], first['commit'], second['key']))
        self.assertEqual(said['metrics']['acknowledged'], {'from': {'part': 16, 'of': 18}, 'to': {'part': 17, 'of': 19}})
        self.assertIn('the switches are patched', [x['message'] for x in said['commits']])
        self.assertEqual(said['between'], second['commit'] - first['commit'])
        back = json.loads(self.run_zw('--json', 'report', 'compare', second['key'], first['key']).stdout)
        self.assertEqual(len(back['places']), len(said['places']))
        self.assertEqual(self.json('report', 'compare', '17', '17')['differences'], 0)

    def test_refused(self):
        for args, code in ((('compare', 'RP-9', '17'), 2), (('compare', 'CM-1', '17'), 2), (('get', 'CM-1'), 2), (('get', 'RP-9'), 2),
                           (('issue', 'nonsense'), 2), (('issue', 'gap', '--zone', 'AS-1'), 2), (('a', 'b'), 2)):
            self.assertEqual(self.run_zw('report', *args).returncode, code, args)
        self.assertEqual(self.json('list', 'kind:report'), [], 'nothing was issued')
        key = self.json('add', 'report', 'title=By hand', 'type=gap')['keys'][0]
        self.assertIn('was not issued', self.zw('report', 'compare', key, '17', code=2))
        self.zw('set', key, 'commit=999999', 'evaluated=2026-01-01', 'parameters={}')
        self.assertIn('was not issued', self.zw('report', 'compare', key, '17', code=2), 'of a commit that is not there')


tap.main()
