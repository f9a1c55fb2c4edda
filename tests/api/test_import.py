#!/usr/bin/env python3
"""Imports of sheets and native files: refused rows, dry runs, repetition, and what people changed meanwhile."""
import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile

import plant
import tap


def item(key, kind, **members):
    return {'op': 'item', 'key': key, 'kind': kind, 'title': key, **members}


def sourced(number, kind='asset', **members):
    return {'op': 'item', 'kind': kind, 'source': {'system': 'tool', 'id': str(number)}, **members}


def end(number):
    return {'source': ['tool', str(number)]}


class Import(plant.Plant):
    def write(self, name, text, mode='w'):
        path = os.path.join(self.folder.name, name)
        with open(path, mode, **({} if 'b' in mode else {'encoding': 'utf-8', 'newline': ''})) as file:
            file.write(text)
        return path

    def ops(self, *ops):
        return self.write('ops.ndjson', ''.join(json.dumps(op) + '\n' for op in ops))

    def imported(self, *args, code=0):
        done = self.run_zw('--json', 'import', *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def titles(self):
        return {i['key']: i['title'] for i in self.json('list')}

    def links(self, key):
        return {(x['from'], x['type'], x['to']) for x in self.json('show', key)['links']}


class Memory(Import):
    """What an import holds while it commits: the kernel's own peak of that process, not of the reader it starts."""
    GEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'bench', 'gen-bom.py')

    def peak(self, components, feed=None):
        """KiB at most, of the import of a bill of so many components into a directory of its own, with a feed that it is matched to."""
        data = os.path.join(self.folder.name, f'{components} {feed is not None}')
        bill = self.write(f'{components}.json', subprocess.run([sys.executable, self.GEN, str(components)], check=True, capture_output=True,
                                                               text=True, timeout=60).stdout)
        subprocess.run([plant.ZW, '--data', data, 'init'], check=True, capture_output=True, timeout=60)
        if feed:
            subprocess.run([plant.ZW, '--data', data, 'feed', 'import', feed], check=True, capture_output=True, timeout=60)
        # What the sanitizer keeps of freed memory is not what the program holds.
        environment = {**os.environ, 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=1'}
        most = 0
        with subprocess.Popen([plant.ZW, '--data', data, '--json', 'import', bill], stdout=subprocess.PIPE, env=environment) as program:
            while program.poll() is None:
                try:
                    with open(f'/proc/{program.pid}/status', encoding='utf-8') as status:
                        most = max([most, *(int(line.split()[1]) for line in status if line.startswith('VmHWM:'))])
                except ProcessLookupError:
                    pass
                time.sleep(0.005)
            answer = json.load(program.stdout)
        found = {} if feed is None else {'finding': 1}
        self.assertEqual((program.returncode, answer['created'], answer['links']),
                         (0, {'component': components + 1, **found}, {'part_of': components, **({'concerns': 1} if feed else {})}))
        self.assertEqual(answer.get('read'), None if feed is None else {'installed': components + 1, 'advisories': 1})
        self.assertGreater(most, 0, 'the peak was never read')
        return most

    def test_a_component_costs_little(self):
        few, many = 4000, 12000
        grown = self.peak(many) - self.peak(few)
        self.assertLess(grown / (many - few), 10, 'KiB for each component, pages of the database among them')

    def test_a_component_that_is_matched_costs_little_too(self):
        """All of them are held against a feed that means one."""
        few, many = 4000, 12000
        feed = self.write('feed.json', json.dumps({
            'dataType': 'CVE_RECORD', 'dataVersion': '5.1', 'cveMetadata': {'cveId': 'CVE-2024-1', 'state': 'PUBLISHED', 'dateUpdated': '2024-01-03T00:00:00Z'},
            'containers': {'cna': {'title': 'A hole', 'affected': [{'vendor': 'Supplier 7', 'product': 'part-7-7', 'defaultStatus': 'affected'}]}}}))
        grown = self.peak(many, feed) - self.peak(few, feed)
        self.assertLess(grown / (many - few), 10, 'KiB for each component, pages of the database among them')


class Rows(Import):
    def test_rows_become_requirements_and_links(self):
        path = self.write('reqs.csv', 'id,title,parent,Colour\nA,One,,red\nB,Two,A,\n')
        first = self.imported(path)
        self.assertEqual((first['format'], first['created'], first['links'], first['commit']),
                         ('csv', {'requirement': 2}, {'derives': 1}, 2))
        self.assertEqual(self.links('RQ-2'), {('RQ-1', 'derives', 'RQ-2')})
        self.assertEqual(self.json('show', 'RQ-1')['attrs'], {'extra': {'Colour': 'red'}})
        again = self.imported(path)
        self.assertEqual((again['created'], again['updated'], again['unchanged'], again['commit']),
                         ({}, {}, {'requirement': 2}, None))
        self.assertEqual(self.json('history', 'RQ-1')[0]['message'], 'import of reqs.csv')

    def test_one_refused_row_refuses_all(self):
        path = self.write('reqs.csv', 'id,title,parent\nA,One,\nA,Again,\n,None,\nC,' + 'x' * 5000 + ',A\n')
        refused = self.imported(path, code=3)
        self.assertEqual([r['where'] for r in refused['refused']], ['row 3', 'row 4', 'row 5/title', 'row 5/to'])
        self.assertIsNone(refused['commit'])
        self.assertEqual(self.json('list'), [])
        self.assertIn('4 refused; nothing was changed', self.zw('import', path, code=3))
        rest = self.imported('--partial', path)
        self.assertEqual((rest['created'], rest['commit'], len(rest['refused'])), ({'requirement': 1}, 2, 4))
        self.assertEqual(self.titles(), {'RQ-1': 'One'})

    def test_what_names_a_refused_item_is_refused_too(self):
        self.zw('import', self.ops(item('ZN-1', 'zone'), item('AS-1', 'asset')))
        path = self.ops(item('AS-1', 'asset', attrs={'purdue': '17'}), {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'},
                        {'op': 'retire', 'key': 'AS-1'}, item('AS-2', 'asset'), {'op': 'link', 'from': 'AS-2', 'type': 'part_of', 'to': 'ZN-1'})
        refused = self.imported('--partial', path)
        self.assertEqual([r['where'] for r in refused['refused']], ['line 1/attrs/purdue', 'line 2/from', 'line 3/key'])
        self.assertIn('AS-1 was refused (line 1/attrs/purdue)', refused['refused'][1]['reason'])
        self.assertEqual(self.links('AS-2'), {('AS-2', 'part_of', 'ZN-1')})
        self.assertEqual(self.imported('--partial', self.ops({'op': 'retire', 'key': 'AS-9'}), code=3)['commit'], None)

    def test_dry_run_changes_nothing(self):
        path = self.write('reqs.csv', 'id,title\nA,One\n')
        dry = self.imported('--dry-run', path)
        self.assertEqual((dry['created'], dry['commit'], dry['dry_run']), ({'requirement': 1}, None, True))
        run = self.ops(item('TC-1', 'test_case'), item('TR-1', 'test_run'),
                       {'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'passed', 'at': '2026-03-01'})
        self.assertEqual(self.imported('--dry-run', run)['results'], 1)
        self.assertEqual(self.json('list'), [])
        blobs = [name for _, _, names in os.walk(os.path.join(self.data, 'blobs')) for name in names]
        self.assertEqual(blobs, [])

    def test_several_files_are_one_commit(self):
        first = self.write('a.csv', 'id,title\nA,One\n')
        second = self.write('b.csv', 'id,title\nB,Two\nB,Again\n')
        refused = self.imported(first, second, code=3)
        self.assertEqual([r['where'] for r in refused['refused']], ['b.csv: row 3'])
        self.assertEqual(refused['files'][1]['created'], {'requirement': 1})
        second = self.write('b.csv', 'id,title\nB,Two\n')
        done = self.imported(first, second)
        self.assertEqual((done['created'], done['commit']), ({'requirement': 2}, 2))
        self.assertEqual([f['created'] for f in done['files']], [{'requirement': 1}] * 2)
        broken = self.write('c.csv', b'\xff\xfe\x00', 'wb')
        refused = self.imported(first, broken, code=3)
        self.assertEqual(refused['refused'][0]['where'], 'c.csv: byte 2')

    def test_a_file_that_cannot_be_read_says_why(self):
        self.assertIn('a.csv: row 1: no column is known to hold the id', self.zw('import', self.write('a.csv', 'colour\nred\n'), code=3))
        self.assertIn('regular file', self.zw('import', '/dev/null', code=3))
        self.assertIn('No such file', self.zw('import', '/nonsense', code=3))
        self.assertIn('did you mean "csv"', self.zw('import', '--format', 'cvs', self.write('a.csv', 'id\n'), code=2))
        self.assertIn('did you mean "doorstop"', self.zw('import', '--profile', 'doorstep', self.write('a.csv', 'id\n'), code=2))

    def test_profiles(self):
        profile = self.write('p.json', json.dumps({'name': 'acme', 'columns': {'id': 'Nr', 'title': 'What', 'level': 'L'},
                                                   'ignore': ['Skip']}))
        path = self.write('x.csv', 'Nr,What,L,Skip,More\n1,One,system,s,m\n2,Two,cosmic,s,m\n')
        self.assertEqual(self.imported('--profile', profile, path, code=3)['refused'][0]['where'], 'row 3')
        self.imported('--profile', profile, '--partial', path)
        shown = self.json('show', 'RQ-1')
        self.assertEqual((shown['source']['system'], shown['attrs']), ('csv:acme', {'level': 'system', 'extra': {'More': 'm'}}))
        self.assertIn('titel', self.zw('import', '--profile', self.write('q.json', '{"columns":{"titel":"a"}}'), path, code=3))
        stamped = self.imported('--profile', 'doorstop', self.write('d.csv', 'uid,text,links,level\nR1,Be,,1.0\nR2,Do,"R1:abc\nS2:abc",1.1\n'))
        self.assertEqual(self.links('RQ-3'), {('RQ-2', 'derives', 'RQ-3')})
        self.assertEqual([row['message'] for row in stamped['problems'] if 'parent' in row['message']], ['the parent "S2" is not in this sheet'])

    def test_files_of_results_are_known_again(self):
        self.zw('import', self.ops(item('TC-1', 'test_case'), item('TR-1', 'test_run')))
        result = {'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'passed'}
        two = self.ops({**result, 'at': '2026-03-01'}, {**result, 'at': '2026-03-02'})
        self.assertEqual(self.imported(two)['results'], 2)
        self.assertIsNone(self.imported(two)['commit'])
        self.assertEqual(self.imported(self.ops({**result, 'at': '2026-03-03'}))['results'], 1)
        self.assertIsNone(self.imported(two)['commit'])

    def digests(self):
        found = set()
        for folder, _, names in os.walk(os.path.join(self.data, 'blobs')):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as file:
                    found.add(hashlib.sha256(file.read()).hexdigest())
        return found

    def test_attachments_are_made_once(self):
        self.zw('import', self.ops(item('TC-1', 'test_case'), item('TR-1', 'test_run'),
                                   {'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'passed', 'at': '2026-03-01'}))
        digest, = self.digests()
        attach = {'op': 'attach', 'item': 'TR-1', 'name': 'r.json', 'digest': digest}
        self.assertEqual(self.imported(self.ops(attach))['attached'], {'test_run': 1})
        self.assertEqual(self.json('show', 'TR-1')['rev'], 2)
        self.assertIsNone(self.imported(self.ops(attach))['commit'])
        self.assertIsNone(self.imported(self.ops({**attach, 'name': 'other.json'}))['commit'])
        unknown = self.imported(self.ops({**attach, 'digest': 'ab' * 32}), code=3)
        self.assertEqual(unknown['refused'][0]['where'][:6], 'line 1')
        # What took its place in the same file does not keep it away.
        self.zw('import', self.ops({'op': 'result', 'case': 'TC-1', 'run': 'TR-1', 'status': 'failed', 'at': '2026-03-02'}))
        other, = self.digests() - {digest}
        self.imported(self.ops({**attach, 'digest': other}, attach))
        self.assertEqual([(file['name'], file['sha256']) for file in self.json('show', 'TR-1')['attachments']], [('r.json', digest)])

    def test_states_come_only_where_there_is_nothing(self):
        self.zw('import', self.ops(item('RQ-1', 'requirement', state='approved')))
        self.assertEqual(self.json('show', 'RQ-1')['state'], 'approved')
        self.zw('import', self.ops(item('RQ-2', 'requirement', state='approved')))
        self.assertEqual(self.json('show', 'RQ-2')['state'], 'draft')


class Merge(Import):
    """The same file again, after people changed things here."""

    def sheet(self, *rows, header='id,title,text,priority,parent'):
        return self.write('s.csv', '\n'.join([header, *rows]) + '\n')

    def prepare(self):
        super().prepare()
        self.imported(self.sheet('A,One,First,high,', 'B,Two,Second,low,A'))

    def test_what_only_the_file_changed_is_updated(self):
        done = self.imported(self.sheet('A,One!,First,high,', 'B,Two,Second,,A'))
        self.assertEqual((done['updated'], done['unchanged'], done['kept'], done['problems']), ({'requirement': 2}, {}, [], []))
        self.assertEqual(self.titles(), {'RQ-1': 'One!', 'RQ-2': 'Two'})
        self.assertEqual(self.json('show', 'RQ-2')['attrs'], {})
        self.assertEqual(self.json('show', 'RQ-1')['source']['rev'], '2')
        self.assertIsNone(self.imported(self.sheet('A,One!,First,high,', 'B,Two,Second,,A'))['commit'])

    def test_what_people_changed_is_kept(self):
        self.zw('set', 'RQ-1', 'title=Mine', 'priority=')
        done = self.imported(self.sheet('A,One,First,high,', 'B,Two,Second,low,A'))
        self.assertEqual((done['updated'], done['unchanged'], done['problems'], done['commit']), ({}, {'requirement': 2}, [], None))
        self.assertEqual([(k['where'], k['item'], k['member'], k['here'], k['file']) for k in done['kept']],
                         [('row 2', 'RQ-1', 'title', 'Mine', 'One'), ('row 2', 'RQ-1', 'priority', None, 'high')])
        self.assertEqual(self.titles()['RQ-1'], 'Mine')

    def test_both_changed_is_a_problem_and_the_rest_is_taken(self):
        self.zw('set', 'RQ-1', 'title=Mine')
        changed = self.sheet('A,Theirs,Other text,high,', 'B,Two,Second,low,A')
        done = self.imported(changed)
        self.assertEqual((done['updated'], [k['member'] for k in done['kept']]), ({'requirement': 1}, ['title']))
        self.assertIn('title of RQ-1 was changed here and in the file', done['problems'][0]['message'])
        shown = self.json('show', 'RQ-1')
        self.assertEqual((shown['title'], shown['body']), ('Mine', 'Other text'))
        again = self.imported(changed)
        self.assertEqual((again['commit'], len(again['kept'])), (None, 1))
        self.zw('set', 'RQ-1', 'title=Theirs')
        self.assertEqual(self.imported(changed)['kept'], [])

    def test_a_value_people_added_is_theirs(self):
        self.zw('set', 'RQ-1', 'rationale=Because')
        header = 'id,title,text,priority,parent,rationale'
        self.imported(self.sheet('A,One,First,high,,', 'B,Two,Second,low,A,', header=header))
        self.assertEqual(self.json('show', 'RQ-1')['attrs']['rationale'], 'Because')
        done = self.imported(self.sheet('A,One,First,high,,Since', 'B,Two,Second,low,A,Since', header=header))
        self.assertEqual([(k['item'], k['member']) for k in done['kept']], [('RQ-1', 'rationale')])
        self.assertEqual(self.json('show', 'RQ-2')['attrs']['rationale'], 'Since')

    def test_what_the_file_no_longer_has_is_missing_and_stays(self):
        done = self.imported(self.sheet('A,One,First,high,'))
        self.assertEqual((done['missing'], [(m['item'], m['id']) for m in done['missing_items']]), ({'requirement': 1}, [('RQ-2', 'B')]))
        self.assertEqual(self.json('show', 'RQ-2')['state'], 'draft')
        self.zw('retire', 'RQ-2')
        self.assertEqual(self.imported(self.sheet('A,One,First,high,'))['missing'], {})

    def test_what_people_retired_stays_so(self):
        self.zw('retire', 'RQ-2')
        done = self.imported(self.sheet('A,One,First,high,', 'B,New,Second,low,A'))
        self.assertEqual([(k['item'], k['member'], k['here']) for k in done['kept']], [('RQ-2', 'state', 'retired')])
        self.assertEqual(self.titles()['RQ-2'], 'Two')

    def test_a_link_people_removed_is_not_made_again(self):
        self.zw('unlink', 'RQ-1', 'derives', 'RQ-2')
        done = self.imported(self.sheet('A,One,First,high,', 'B,Two,Changed,low,A'))
        self.assertEqual([(k['link'], k['from'], k['to'], k['here']) for k in done['kept']], [('derives', 'RQ-1', 'RQ-2', 'removed')])
        self.assertEqual(self.links('RQ-2'), set())
        self.zw('link', 'RQ-1', 'derives', 'RQ-2')
        self.assertEqual(self.imported(self.sheet('A,One,First,high,', 'B,Two,Changed,low,A'))['kept'], [])


class Tool(Import):
    """A tool's items by outside identity, in native operations."""

    def prepare(self):
        super().prepare()
        self.imported(self.ops(item('ZN-1', 'zone'), item('ZN-2', 'zone'), item('ZN-3', 'zone'),
                               sourced(1, title='Pump', attrs={'location': 'hall'}),
                               {'op': 'link', 'from': end(1), 'type': 'part_of', 'to': 'ZN-1'}))

    def part_of(self, zone):
        return self.imported(self.ops({'op': 'link', 'from': end(1), 'type': 'part_of', 'to': zone}))

    def test_a_change_names_only_what_changes(self):
        done = self.imported(self.ops(sourced(1, title='Pump 1')))
        self.assertEqual(done['updated'], {'asset': 1})
        self.assertEqual(self.json('show', 'AS-1')['attrs'], {'location': 'hall'})

    def test_what_moved_in_the_file_moves_here(self):
        self.assertEqual(self.part_of('ZN-2')['links'], {'part_of': 1})
        self.assertEqual(self.links('AS-1'), {('AS-1', 'part_of', 'ZN-2')})

    def test_what_people_moved_stays(self):
        self.zw('unlink', 'AS-1', 'part_of', 'ZN-1')
        self.zw('link', 'AS-1', 'part_of', 'ZN-3')
        self.assertEqual(self.part_of('ZN-1')['kept'][0]['here'], 'removed')
        done = self.part_of('ZN-2')
        self.assertEqual((done['kept'][0]['here'], len(done['problems'])), ('linked elsewhere', 1))
        self.assertEqual(self.links('AS-1'), {('AS-1', 'part_of', 'ZN-3')})

    def test_two_places_in_one_file_are_refused(self):
        link = {'op': 'link', 'from': end(2), 'type': 'part_of'}
        refused = self.imported(self.ops(sourced(2, title='x'), {**link, 'to': 'ZN-1'}, {**link, 'to': 'ZN-2'}), code=3)
        self.assertEqual(refused['refused'][0]['where'], 'line 3/from')

    def test_an_order_by_key_is_carried_out(self):
        self.zw('set', 'AS-1', 'title=Mine')
        done = self.imported(self.ops(item('AS-1', 'asset')))
        self.assertEqual((done['updated'], done['kept']), ({'asset': 1}, []))

    def test_a_refused_change_leaves_its_item_as_it_was(self):
        self.imported(self.ops(sourced(5, 'safety_function', title='Stop', attrs={'safety_standard': '62061', 'sil_target': 2})))
        done = self.imported('--partial', self.ops(sourced(5, 'safety_function', title='Off', attrs={'sil_target': 4}),
                                                   {'op': 'item', 'key': 'SF-1', 'body': 'At once.'}))
        self.assertEqual(([r['where'] for r in done['refused']], done['updated']), (['line 1/attrs/sil_target'], {'safety_function': 1}))
        shown = self.json('show', 'SF-1')
        self.assertEqual((shown['rev'], shown['title'], shown['body'], shown['attrs']['sil_target']), (2, 'Stop', 'At once.', 2))

    def test_an_item_is_named_again_after_many_others(self):
        """More of them than have their members in memory, and items both old and new."""
        done = self.imported(self.ops(sourced(1, title='Pump 1'), sourced(2, title='New', attrs={'location': 'roof'}),
                                      *(sourced(n, title=str(n)) for n in range(100, 500)),
                                      sourced(1, attrs={'location': 'yard'}), sourced(2, title='Newer'),
                                      {'op': 'link', 'from': end(2), 'type': 'part_of', 'to': 'ZN-2'},
                                      *(sourced(n, attrs={'location': 'shed'}) for n in range(100, 500)), sourced(2, body='Last')))
        self.assertEqual((done['created'], done['updated'], done['kept']), ({'asset': 401}, {'asset': 404}, []))
        old, new, other = (self.json('show', key) for key in ('AS-1', 'AS-2', 'AS-3'))
        self.assertEqual((old['rev'], old['title'], old['attrs']), (3, 'Pump 1', {'location': 'yard'}))
        self.assertEqual((new['rev'], new['title'], new['body'], new['attrs']), (3, 'Newer', 'Last', {'location': 'roof'}))
        self.assertEqual((other['rev'], other['title'], other['attrs']), (2, '100', {'location': 'shed'}))
        self.assertEqual(self.links('AS-2'), {('AS-2', 'part_of', 'ZN-2')})

    def test_an_identity_belongs_to_one_item(self):
        refused = self.imported(self.ops({**item('AS-7', 'asset'), 'source': {'system': 'tool', 'id': '1'}}), code=3)
        self.assertEqual(refused['refused'][0]['where'], 'line 1/source')

    def test_attributes_of_links(self):
        self.zw('import', self.ops(item('CD-1', 'conduit'), item('SF-1', 'safety_function'), item('CM-1', 'countermeasure')))
        affects = {'op': 'link', 'from': 'CM-1', 'type': 'affects', 'to': 'SF-1', 'attrs': {'added_latency_ms': '1'}}
        by_source = {**affects, 'from': end(9)}
        self.zw('import', self.ops(sourced(9, 'countermeasure', title='c'), by_source))
        self.assertEqual(self.imported(self.ops(by_source))['commit'], None)
        changed = {**by_source, 'attrs': {'added_latency_ms': '2'}}
        self.assertEqual(self.imported(self.ops(changed))['links'], {'affects': 1})


class Foreign(Import):
    """Drawings and documents of other tools."""
    def drawing(self, label='PLC', glued=True):
        """A drawing of Visio: a cell with a controller, whose size and corner are those of its master, and a panel that is connected to it."""
        relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        cells = '<Cell N="PinX" V="{}"/><Cell N="PinY" V="2"/>'.format
        shapes = (f'<Shape ID="1">{cells(2)}<Cell N="Width" V="4"/><Cell N="Height" V="4"/><Text>Cell 1</Text></Shape>'
                  f'<Shape ID="2" Master="7">{cells(0)}<Section N="Property"><Row N="IPAddress"><Cell N="Value" V="10.0.0.5"/></Row></Section>'
                  f'<Text>{label}</Text></Shape><Shape ID="3" Master="7">{cells(9)}<Text>Panel</Text></Shape><Shape ID="4"><Cell N="BeginX" V="9"/></Shape>')
        ends = '<Connect FromSheet="4" FromCell="BeginX" ToSheet="3"/><Connect FromSheet="4" FromCell="EndX" ToSheet="2"/>' if glued else ''
        path = os.path.join(self.folder.name, 'line.vsdx')
        with zipfile.ZipFile(path, 'w') as file:
            for folder, plural, element, text in (
                    ('pages', 'Pages', 'Page', f'<PageContents><Shapes>{shapes}</Shapes><Connects>{ends}</Connects></PageContents>'),
                    ('masters', 'Masters', 'Master', '<MasterContents><Shapes><Shape ID="5"><Cell N="Width" V="1"/><Cell N="Height" V="1"/><Cell N="LocPinX" V="0"/><Cell N="LocPinY" V="0"/></Shape></Shapes></MasterContents>')):
                file.writestr(f'visio/{folder}/{folder}.xml', f'<{plural} {relations}><{element} ID="7"><Rel r:id="r"/></{element}></{plural}>')
                file.writestr(f'visio/{folder}/_rels/{folder}.xml.rels', f'<Relationships><Relationship Id="r" Target="{folder[:-1]}1.xml"/></Relationships>')
                file.writestr(f'visio/{folder}/{folder[:-1]}1.xml', text)
        return path

    def test_a_drawing_is_known_again(self):
        path = self.drawing()
        self.assertEqual(self.imported('--dry-run', path)['commit'], None)
        self.assertEqual(self.imported(path)['created'], {'zone': 1, 'asset': 2, 'flow': 1})
        self.assertEqual(self.json('show', 'AS-1')['attrs'], {'addresses': ['10.0.0.5']})
        self.assertIn(('AS-1', 'part_of', 'ZN-1'), self.links('AS-1'))
        self.assertEqual(self.links('FL-1'), {('FL-1', 'connects', 'AS-2'), ('FL-1', 'connects', 'AS-1')})
        self.assertIsNone(self.imported(path)['commit'])
        again = self.imported(self.drawing('Controller', glued=False))
        self.assertEqual((again['updated'], again['unchanged'], [row['where'] for row in again['lost'][:1]]), ({'asset': 1}, {'zone': 1, 'asset': 1}, ['page 1']))

    def test_claims_find_the_controls_they_answer(self):
        about = {'title': 'Plant', 'oscal-version': '1.1.2'}
        definition = self.write('d.json', json.dumps({'component-definition': {'metadata': {**about, 'title': 'Panel'}, 'components': [
            {'uuid': 'c', 'type': 'software', 'title': 'Panel', 'control-implementations': [{'implemented-requirements': [
                {'uuid': 'r', 'control-id': 'ac-1', 'description': 'It has accounts.'},
                {'uuid': 's', 'control-id': 'sr-1.1', 'description': 'It knows people.'},
                {'uuid': 't', 'control-id': 'sr-2.1', 'description': 'Supply chain of NIST.'}]}]}]}}))
        self.imported(self.ops({**item('RQ-1', 'requirement'), 'attrs': {'ref': '62443-3-3 SR 1.1'}},
                               {**item('RQ-2', 'requirement'), 'attrs': {'ref': '62443-3-3 SR 2.1'}}))
        # nothing here is ac-1: the claim waits for the catalogue, the other one finds its row
        first = self.imported(definition)
        self.assertEqual((first['created'], [row['where'].rpartition('/')[2] for row in first['unmatched']]), ({'component': 1, 'claim': 1}, ['0', '2']))
        self.assertIn(('CL-1', 'answers', 'RQ-1'), self.links('CL-1'))
        catalog = self.write('c.json', json.dumps({'catalog': {'metadata': about, 'controls': [{'id': 'ac-1', 'title': 'Accounts'}]}}))
        both = self.imported(catalog, definition)
        self.assertEqual((both['created'], both['unchanged'], len(both['unmatched'])), ({'requirement': 1, 'claim': 1}, {'component': 1, 'claim': 1}, 1))
        self.assertEqual({link[:2] for link in self.links('CL-2')}, {('CL-2', 'answers'), ('CL-2', 'covers')})
        self.assertIsNone(self.imported(definition)['commit'])

    def test_what_holds_nothing_to_import_says_so(self):
        path = self.write('print.xml', '<Fingerprint><Filter/></Fingerprint>')
        self.assertIn('nothing to import', self.zw('inspect', path))
        self.assertIn('nothing to import', self.zw('import', path, code=3))
        profile = self.write('p.json', json.dumps({'profile': {'metadata': {'title': 'Low', 'oscal-version': '1.1.2'}, 'imports': [{'href': '#x', 'include-controls': [{'with-ids': ['ac-1']}]}]}}))
        self.assertIn('1 control chosen from #x', self.imported(profile)['lost'][0]['what'])


class Mapping(Import):
    """Column mappings by name, and what a sheet begins with, for who makes one."""

    def profile(self, value, name='acme.json'):
        return self.write(name, json.dumps(value))

    def test_a_sheet_shows_its_first_rows(self):
        path = self.write('own.csv', 'Nr;Title;Farbe\n' + ''.join(f'{n};Row {n};{"ä" * 200}\n' for n in range(20)))
        table = self.json('inspect', path)['table']
        self.assertEqual(table['columns'], [{'header': 'Nr', 'to': 'id'}, {'header': 'Title', 'to': 'title'}, {'header': 'Farbe', 'to': 'extra'}])
        self.assertEqual((len(table['rows']), table['rows'][7][:2], table['delimiter']), (8, ['7', 'Row 7'], ';'))
        self.assertEqual(table['rows'][0][2], 'ä' * (len(table['rows'][0][2]) - 1) + '…', 'whole characters')
        self.assertEqual(table['members'][:2], ['id', 'title'])
        self.assertNotIn('extra', table['members'])
        mapped = self.json('inspect', path, '--profile', self.profile({'columns': {'id': 'Nr'}, 'ignore': ['Farbe']}))['table']
        self.assertEqual([c['to'] for c in mapped['columns']], ['id', 'extra', ''])
        self.assertNotIn('table', self.json('inspect', self.ops(item('ZN-1', 'zone'))))

    def test_a_profile_of_the_project_is_used_by_its_name(self):
        path = self.write('own.csv', 'Nr;What\n1;Lock\n')
        self.assertIn('acme', self.zw('import', '--profile', 'acme', path, code=2))
        mapping = {'name': 'acme', 'columns': {'id': 'Nr', 'title': 'What'}}
        self.zw('profile', 'set', 'acme', self.profile(mapping))
        self.assertEqual(self.imported('--profile', 'acme', path)['created'], {'requirement': 1})
        self.assertEqual([(p['name'], p['own']) for p in self.json('profile', 'list')], [('acme', True)] + [
            (name, False) for name in ('asvs', 'doorstop', 'risk-register', 'hazop-hazop2rdf', 'hazop-prehazop')])
        self.assertEqual(self.json('profile', 'show', 'acme'), mapping)
        self.zw('profile', 'drop', 'acme')
        self.assertIn('acme', self.zw('import', '--profile', 'acme', path, code=2))

    def test_one_of_the_project_comes_before_that_of_the_program(self):
        self.zw('profile', 'set', 'asvs', self.profile({'columns': {'id': 'Nr', 'title': 'What'}}))
        self.assertEqual(self.imported('--profile', 'asvs', self.write('own.csv', 'Nr,What\n1,Lock\n'))['created'], {'requirement': 1})

    def test_profiles_that_are_refused(self):
        for value, where in (({'columns': {'idd': 'Nr'}}, '/columns/idd'), ({'colums': {}}, 'colums'), ([], 'object'), ({'columns': {'id': 7}}, '/columns'),
                             ({'header_row': 0}, '/header_row'), ({'defaults': {'level': 'x'}}, '/defaults')):
            with self.subTest(value=value):
                self.assertIn(where, self.zw('profile', 'set', 'acme', self.profile(value), code=3))
        for name in ('a/b', '{', 'x' * 201):
            self.assertIn('name', self.zw('profile', 'set', name, self.profile({}), code=3))
        self.assertIn('JSON', self.zw('import', '--profile', '{"columns"', self.write('own.csv', 'id\n1\n'), code=3))


tap.main()
