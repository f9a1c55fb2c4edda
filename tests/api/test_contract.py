#!/usr/bin/env python3
"""What scripts rely on, held with hostile words: that nothing said is dropped, cut short or done to something else."""
import json
import os
import subprocess
import time

import tap
from plant import ZW
from server import Served


class Contract(Served):
    def fill(self):
        self.zw('add', 'system', 'title=Plant')
        self.zw('add', 'zone', 'title=Filters')
        self.zw('link', 'ZN-1', 'part_of', 'SYS-1')

    def run_zw(self, *args, **options):
        return subprocess.run([ZW, '--data', self.data, *args], capture_output='stdout' not in options, text=True, timeout=60,
                              check=False, errors='surrogateescape', **options)

    def elsewhere(self, *args):
        token = os.path.join(self.folder.name, 'token')
        with open(token, 'w', encoding='utf-8') as file:
            os.chmod(token, 0o600)
            file.write(self.token + '\n')
        done = subprocess.run([ZW, '--server', f'http://127.0.0.1:{self.port}', '--token-file', token, '--json', *args],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, op, words, code=3):
        before = self.json('list')
        self.assertIn(words, self.zw('import', '--format', 'native', self.lines(op), code=code))
        self.assertEqual(self.json('list'), before)

    def test_words_that_are_no_text_are_refused(self):
        """They were left out: a list without its filter, an item without its title."""
        before = self.json('list')
        for args in (('list', 'kind:\udcff'), ('add', 'zone', 'title=\udcff'), ('set', 'ZN-1', 'title=\udcff'), ('show', '\udcff')):
            with self.subTest(args=args):
                self.assertIn('not UTF-8', self.zw(*args, code=3))
        self.assertEqual(self.json('list'), before)

    def test_an_empty_instant_is_no_instant(self):
        self.assertIn('at: a commit', self.zw('--at', '', 'list', code=2))

    def test_nothing_is_changed_as_of_a_past_commit(self):
        """It was changed now, and a baseline named the newest commit in place of the one said."""
        before = self.json('project', 'list')[0]['commits']
        path = self.lines({'op': 'item', 'kind': 'zone', 'title': 'x'})
        for args in (('add', 'zone', 'title=x'), ('set', 'ZN-1', 'title=x'), ('baseline', 'create', 'x'), ('import', path), ('retire', 'ZN-1'),
                     ('comment', 'add', 'ZN-1', 'x'), ('risk', 'derive')):
            with self.subTest(args=args):
                self.assertIn('changed now, and not as of 3', self.zw('--at', '3', *args, code=2))
        self.assertEqual(self.json('project', 'list')[0]['commits'], before)
        self.zw('--at', '3', 'risk', 'derive', '--dry-run')
        self.zw('branch', 'create', 'then', '--at', '3')

    def test_what_cannot_be_printed_fails(self):
        for args in (('--json', 'list'), ('sl',), ('help',)):
            with self.subTest(args=args), open('/dev/full', 'w', encoding='utf-8') as full:
                self.assertEqual(self.run_zw(*args, stdout=full).returncode, 6)

    def test_a_negated_filter_is_told_where_to_stand(self):
        self.assertIn('stands after --', self.zw('list', '-kind:zone', code=2))
        self.assertEqual([row['key'] for row in self.json('list', '--', '-kind:zone')], ['SYS-1'])

    def test_names_and_numbers_are_filtered_as_a_whole(self):
        conduit = lambda latency: {'op': 'item', 'kind': 'conduit', 'title': latency, 'attrs': {'latency_ms': latency}}
        claim = lambda statement: {'op': 'item', 'kind': 'claim', 'title': statement, 'attrs': {'statement': statement}}
        self.zw('import', self.lines(*map(conduit, ('7', '17', '0.70', '7e0')), *map(claim, ('met', 'not_met', 'met_by_configuration')),
                                     *({'op': 'item', 'kind': 'zone', 'title': level, 'attrs': {'purdue': level, 'isolated': level == '3'}} for level in ('3', '3.5'))))
        for words, titles in (('latency_ms:7', ['7', '7e0']), ('latency_ms=0.7', ['0.70']), ('latency_ms>=7', ['7', '17', '7e0']), ('statement:met', ['met']),
                              ('statement:NOT_MET', ['not_met']), ('purdue:3', ['3']), ('purdue>2', ['3', '3.5']), ('purdue>3', ['3.5']), ('isolated:true', ['3'])):
            self.assertEqual([row['title'] for row in self.json('list', words)], titles, words)
        for words, code, said in (('latency_ms>x', 3, 'a number is expected'), ('latency_ms:', 3, 'a value is missing'), ('statement:mett', 2, 'did you mean "met"'),
                                  ('severity>lou', 2, 'did you mean "low"'), ('isolated:maybe', 3, 'true or false'), ('valid_until<2026-02-30', 3, 'a date such as')):
            self.assertIn(said, self.zw('list', words, code=code), words)

    def test_numbers_go_on_after_large_ones(self):
        self.zw('import', self.lines({'op': 'item', 'key': 'ZN-20261126101500', 'kind': 'zone', 'title': 'stamped'}))
        self.assertEqual(self.json('add', 'zone', 'title=x')['keys'], ['ZN-20261126101501'])
        self.assertEqual(self.json('add', 'zone', 'title=x')['keys'], ['ZN-20261126101502'])
        self.zw('import', self.lines({'op': 'item', 'key': 'ST-4294967296', 'kind': 'sl_target', 'title': 'large'}))
        self.zw('add', 'threat', 'title=T', 'frs=1')
        self.zw('add', 'risk', 'title=R', 'frs=1', 'likelihood=3', 'impact={"safety":4}', 'tolerable={"safety":4}')
        for ends in (('RK-1', 'assesses', 'TS-1'), ('RK-1', 'within', 'ZN-1')):
            self.zw('link', *ends)
        self.zw('risk', 'derive')
        self.assertEqual([row['key'] for row in self.json('list', 'kind:sl_target')], ['ST-4294967296', 'ST-4294967297'])
        last = 'ZN-' + '9' * 18
        self.zw('import', self.lines({'op': 'item', 'key': last, 'kind': 'zone', 'title': 'last'}))
        self.assertIn(f'no number comes after the key {last}', self.zw('add', 'zone', 'title=x', code=3))

    def test_the_revision_a_change_was_made_on_counts(self):
        self.refused({'op': 'item', 'key': 'ZN-7', 'kind': 'zone', 'title': 'gone', 'rev': 3}, 'ZN-7 is not there')
        self.refused({'op': 'transition', 'key': 'ZN-1', 'to': 'in_review', 'rev': 4}, 'made on 4')
        self.refused({'op': 'retire', 'key': 'ZN-1', 'rev': 4}, 'made on 4')
        self.zw('import', self.lines({'op': 'transition', 'key': 'ZN-1', 'to': 'in_review', 'rev': 1}))
        self.zw('import', self.lines({'op': 'retire', 'key': 'ZN-1', 'rev': 2}))
        done = self.send('POST', '/api/v1/changes', '{"op":"item","key":"SYS-1","title":"x","rev":"1"}\n', 422, 'application/x-ndjson')
        self.assertEqual(done.json['pointer'], '/rev')

    def test_no_result_is_of_a_time_to_come(self):
        """A case stood as passed by it, however often it failed afterwards."""
        self.zw('import', self.lines({'op': 'item', 'key': 'TC-1', 'kind': 'test_case', 'title': 'c'}, {'op': 'item', 'key': 'TR-1', 'kind': 'test_run', 'title': 'r'}))
        result = lambda status, at: {'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': status, 'at': at}
        self.refused(result('passed', '9999-01-01T00:00:00Z'), 'line 1/at: no result is of a time to come')
        self.refused(result('passed', '2026-02-30'), 'line 1/at: must be a date')
        self.zw('import', '--format', 'native', self.lines(result('failed', time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 3600)))))
        self.assertEqual([case['status'] for case in self.json('test', 'status')['cases']], ['failed'])

    def test_a_long_or_wrong_line_is_still_native(self):
        self.zw('import', self.lines({'op': 'item', 'key': 'ZN-2', 'kind': 'zone', 'title': 'long', 'body': 'x' * 1000000}))
        self.assertEqual(len(self.json('show', 'ZN-2')['body']), 1000000)
        path = os.path.join(self.folder.name, 'ops.json')
        for line, words in (('{"op":"item","kind":"zone","title":"a\\u0000"}', 'line 1: a text has no NUL'),
                            ('{"op":"item","kind":"zone","kind":"zone"}', 'line 1: not valid JSON: duplicate object key')):
            with open(path, 'w', encoding='utf-8') as file:
                file.write(line + '\n')
            said = self.zw('import', path, code=3)
            self.assertIn(words, said)
            self.assertNotIn('JSON_', said)

    def test_members_and_lists_can_be_set(self):
        self.zw('set', 'ZN-1', 'tags=hot, old', 'owner=ann', 'parent=SYS-1', 'order=3')
        shown = self.json('show', 'ZN-1')
        self.assertEqual((shown['tags'], shown['owner'], shown['parent']), (['hot', 'old'], 'ann', 'SYS-1'))
        self.assertEqual([row['key'] for row in self.json('list', 'tag:hot')], ['ZN-1'])
        self.zw('set', 'ZN-1', 'tags=', 'owner=', 'parent=', 'order=')
        shown = self.json('show', 'ZN-1')
        self.assertEqual((shown['tags'], shown['owner'], shown['parent']), (None, None, None))
        self.zw('add', 'asset', 'title=x', 'addresses=10')
        self.assertEqual(self.json('show', 'AS-1')['attrs'], {'addresses': ['10']})
        self.zw('add', 'threat', 'title=x', 'frs=3,5')
        self.assertEqual(self.json('show', 'TS-1')['attrs'], {'frs': [3, 5]})

    def test_suspects_come_in_one_order(self):
        self.zw('add', 'asset', 'title=x')
        self.zw('add', 'component', 'title=y')
        for ends in (('AS-1', 'part_of', 'ZN-1'), ('AS-1', 'instance_of', 'CP-1')):
            self.zw('link', *ends)
        for key in ('AS-1', 'CP-1', 'ZN-1', 'SYS-1'):
            self.zw('set', key, 'title=other')
        links = lambda rows: [(row['link'], row['end']) for row in rows]
        served = links(self.json('suspects'))
        self.assertEqual(len(served), 6)
        self.assertEqual(links(self.elsewhere('suspects')), served)
        self.stop()
        self.assertEqual(links(self.json('suspects')), served)

    def test_json_is_what_json_asks_for(self):
        path = lambda name: os.path.join(self.folder.name, name)
        self.assertEqual(set(self.json('version')), {'version'})
        self.assertEqual(self.json('backup', path('kept'))['file'], path('kept'))
        self.data = path('restored')
        self.assertEqual(self.json('restore', path('kept')), {'data': self.data})
        self.data = path('new')
        self.assertEqual(self.json('init'), {'data': self.data, 'project': 'MAIN'})

    def test_a_data_directory_needs_no_option(self):
        home = os.path.join(self.folder.name, 'home')
        for name, value, expected in (('XDG_DATA_HOME', home, os.path.join(home, 'zonewright')), ('ZONEWRIGHT_DATA', home + '2', home + '2')):
            with self.subTest(name=name):
                environment = {**{k: v for k, v in os.environ.items() if k != 'ZONEWRIGHT_DATABASE'}, name: value}
                for args in (['init'], ['list']):
                    done = subprocess.run([ZW, *args], capture_output=True, text=True, timeout=60, check=False, env=environment)
                    self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(os.path.exists(os.path.join(expected, 'store.db')))

    def test_selftest(self):
        folder = os.path.join(self.folder.name, 'tmp')
        os.mkdir(folder)
        run = lambda: subprocess.run([ZW, '--json', 'selftest'], capture_output=True, text=True, timeout=60, check=False, env={**os.environ, 'TMPDIR': folder})
        done = run()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        said = json.loads(done.stdout)
        self.assertEqual((said['ok'], [trial['name'] for trial in said['trials']]), (True, ['store', 'edit', 'log', 'levels', 'reader', 'backup']))
        self.assertEqual(os.listdir(folder), [])
        self.assertIn('no data', self.zw('--project', 'MAIN', 'selftest', code=2))


tap.main()
