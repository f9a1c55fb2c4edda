#!/usr/bin/env python3
"""Branches: made from any commit, worked on like a project, merged back field by field. What both sides changed is a
conflict and nothing of it is lost; random histories are held to a plain merge of whole states."""
import json
import random
import subprocess

import tap
from plant import ZW
from server import Served

LINES = 'application/x-ndjson'
FIELDS = ('title', 'body', 'owner', 'order', 'priority', 'rationale')
ATTRS = ('priority', 'rationale')


def item(key, **values):
    attrs = {name: values.pop(name) for name in ATTRS if name in values}
    return {'op': 'item', 'key': key, **values, **({'attrs': attrs} if attrs else {})}


class Branch(Served):
    def change(self, project, *ops, message='work'):
        text = ''.join(json.dumps(op) + '\n' for op in ops).encode()
        return self.send('POST', f'/api/v1/changes?project={project}&message={message}', text, 200, LINES).json

    def branch(self, name, project='MAIN', at=None, status=201):
        query = f'?project={project}' + (f'&at={at}' if at else '')
        return self.send('POST', '/api/v1/branches' + query, {'name': name}, status).json

    def merge(self, name, choices=None, project='MAIN', status=200, dry=False, **more):
        query = f'?project={project}' + ('&dry_run=true' if dry else '&message=merged')
        return self.send('POST', f'/api/v1/branches/{name}/merge{query}', {'choices': choices or {}, **more}, status).json

    def show(self, key, project='MAIN'):
        return self.api(f'/api/v1/items/{key}?project={project}')

    # ---- what a branch is ----

    def test_a_branch_begins_as_its_commit_was_and_lives_alone(self):
        self.change('MAIN', {'op': 'item', 'kind': 'zone', 'key': 'ZN-1', 'title': 'First'})
        at = self.change('MAIN', {'op': 'item', 'key': 'ZN-1', 'title': 'Second'}, {'op': 'item', 'kind': 'threat', 'key': 'TS-1', 'title': 'T'},
                         {'op': 'link', 'from': 'TS-1', 'type': 'threatens', 'to': 'ZN-1'})['commit']
        self.change('MAIN', {'op': 'item', 'key': 'ZN-1', 'title': 'Third'}, {'op': 'item', 'kind': 'threat', 'key': 'TS-2', 'title': 'later'})
        made = self.branch('old', at=at)
        self.assertEqual((made['key'], made['from']), ('MAIN.old', at))
        shown = self.show('ZN-1', 'MAIN.old')
        self.assertEqual((shown['title'], shown['rev'], [l['from'] for l in shown['links']]), ('Second', 2, ['TS-1']))
        self.assertEqual([r['title'] for r in self.api('/api/v1/items/ZN-1/history?project=MAIN.old')], ['First', 'Second'])
        self.api('/api/v1/items/TS-2?project=MAIN.old', 404)
        self.change('MAIN.old', {'op': 'item', 'kind': 'threat', 'title': 'of the branch'})
        self.assertEqual(self.show('TS-2', 'MAIN.old')['title'], 'of the branch')
        self.assertEqual(self.show('TS-2')['title'], 'later')
        row, = self.api('/api/v1/branches?project=MAIN')
        self.assertEqual((row['name'], row['from'], row['ahead'], row['behind'], row['merged']), ('old', at, 1, 1, None))
        # no project named: the branch is not in the way of the only one
        self.assertEqual(self.api('/api/v1/items/ZN-1')['title'], 'Third')
        for project in ('MAIN', 'MAIN.old'):
            self.assertEqual(self.api(f'/api/v1/verify?project={project}')['problems'], [])
            self.assertEqual(self.api(f'/api/v1/check?project={project}')['problems'], [])

    def test_names_and_what_is_refused(self):
        for name in ('', 'a.b', 'ü', 'x' * 33):
            self.send('POST', '/api/v1/branches?project=MAIN', {'name': name}, 422 if name in ('', 'x' * 33) else None)
        self.assertEqual(self.api('/api/v1/branches?project=MAIN'), [])
        self.branch('one')
        self.branch('one', status=409)
        self.branch('two', at=99, status=404)
        self.merge('no-such', status=404)
        self.send('POST', '/api/v1/branches/one/merge?project=MAIN', {}, 400)   # who merges says why
        self.send('DELETE', '/api/v1/projects/MAIN?yes=true', status=409)         # it has branches
        self.send('POST', '/api/v1/roles?project=MAIN.one', {'name': 'nobody', 'roles': ['author']}, 409)
        export = subprocess.run([ZW, '--data', self.data, '--project', 'MAIN.one', 'project', 'export', '-o', self.data + '.x'], capture_output=True, text=True)
        self.assertNotEqual(export.returncode, 0)
        self.assertIn('branch', export.stderr)
        self.change('MAIN.one', {'op': 'item', 'kind': 'zone', 'title': 'Z'})
        self.send('DELETE', '/api/v1/branches/one?project=MAIN', status=409)      # not merged
        self.send('DELETE', '/api/v1/branches/one?project=MAIN&yes=true', status=200)
        self.assertEqual(self.api('/api/v1/branches?project=MAIN'), [])

    def test_signatures_comments_and_baselines_stay_where_they_were_given(self):
        self.change('MAIN', {'op': 'item', 'kind': 'zone', 'key': 'ZN-1', 'title': 'Z'})
        self.send('POST', '/api/v1/items/ZN-1/comments?project=MAIN', {'text': 'of the project'}, 201)
        self.send('POST', '/api/v1/baselines?project=MAIN', {'title': 'B'}, 201)
        self.branch('b')
        self.assertEqual(self.api('/api/v1/items/ZN-1/comments?project=MAIN.b'), [])
        self.assertEqual(self.api('/api/v1/items/ZN-1/signatures?project=MAIN.b'), [])
        self.api('/api/v1/items?project=MAIN.b&at=BL-1', 404)  # it names a commit of the project
        self.send('POST', '/api/v1/items/ZN-1/comments?project=MAIN.b', {'text': 'of the branch'}, 201)
        self.send('POST', '/api/v1/baselines?project=MAIN.b', {'title': 'mine'}, 201)
        told = self.merge('b')
        self.assertEqual({row['what']: row['n'] for row in told['left']}, {'comments': 1, 'baselines': 1})
        self.assertEqual([c['text'] for c in self.api('/api/v1/items/ZN-1/comments?project=MAIN')], ['of the project'])

    # ---- merging ----

    def test_two_hundred_conflicts_and_nothing_is_lost(self):
        """Each is listed once; with one choice for each, exactly what was chosen holds; what was no conflict came, too."""
        n = 20
        ends = [{'op': 'item', 'kind': 'system', 'key': 'SYS-1', 'title': 'S'}, {'op': 'item', 'kind': 'safety_function', 'key': 'SF-1', 'title': 'F'}]
        ends += [{'op': 'item', 'kind': 'zone', 'key': f'ZN-{i}', 'title': 'Z'} for i in range(1, 4)]
        for i in range(n):
            ends += [{'op': 'item', 'kind': 'requirement', 'key': f'{k}-{i}', 'title': 'base', 'order': 1, 'attrs': {'priority': 'base'}} for k in ('T', 'O', 'A', 'N', 'E', 'R')]
            ends += [{'op': 'item', 'kind': 'countermeasure', 'key': f'{k}-{i}', 'title': 'M'} for k in ('LC', 'LA', 'LR')]
            ends += [{'op': 'link', 'from': f'{k}-{i}', 'type': 'affects', 'to': 'SF-1', 'attrs': {'verdict': 'open'}} for k in ('LC', 'LR')]
            ends += [{'op': 'item', 'kind': 'asset', 'key': f'M-{i}', 'title': 'A'}, {'op': 'link', 'from': f'M-{i}', 'type': 'part_of', 'to': 'ZN-1'}]
        self.change('MAIN', *ends)
        self.branch('many')
        link = {'op': 'link', 'type': 'affects', 'to': 'SF-1'}
        for project, mine, verdict, zone in (('MAIN', 'project', 'acceptable', 'ZN-2'), ('MAIN.many', 'branch', 'not_acceptable', 'ZN-3')):
            here = project == 'MAIN'
            for i in range(n):
                ops = [item(f'T-{i}', title=mine), item(f'O-{i}', order=7 if here else 9), item(f'A-{i}', priority=mine), item(f'N-{i}', rationale=mine),
                       {**link, 'from': f'LC-{i}', 'attrs': {'verdict': verdict}}, {**link, 'from': f'LA-{i}', 'attrs': {'verdict': verdict}},
                       {'op': 'unlink', 'from': f'M-{i}', 'type': 'part_of', 'to': 'ZN-1'}, {'op': 'link', 'from': f'M-{i}', 'type': 'part_of', 'to': zone},
                       item(f'E-{i}', title=mine) if here else {'op': 'retire', 'key': f'E-{i}'},
                       {'op': 'retire', 'key': f'R-{i}'} if here else item(f'R-{i}', title=mine),
                       {'op': 'unlink', 'from': f'LR-{i}', 'type': 'affects', 'to': 'SF-1'} if here else {**link, 'from': f'LR-{i}', 'attrs': {'verdict': verdict}},
                       item(f'T-{i}', owner='o') if here else item(f'T-{i}', body='b'),
                       {'op': 'item', 'kind': 'hazard', 'title': f'{mine} {i}'}]
                self.change(project, *ops)
        told = self.merge('many', dry=True)
        names = {f'{k}-{i}/{f}' for i in range(n) for k, f in (('T', 'title'), ('O', 'order'), ('A', 'attrs/priority'), ('N', 'attrs/rationale'), ('E', 'state'),
                                                                ('R', 'state'), ('LC', 'affects/SF-1/attrs/verdict'), ('LA', 'affects/SF-1/attrs/verdict'),
                                                                ('LR', 'affects/SF-1'), ('M', 'part_of'))}
        self.assertEqual(len(names), 200)
        self.assertEqual(sorted(c['conflict'] for c in told['conflicts']), sorted(names))
        self.assertEqual((told['open'], len(told['renamed']), told['commit']), (200, n, None))
        self.assertEqual(self.merge('many', status=412)['code'], 'CONFLICT')
        self.merge('many', {'T-0/title': 'neither'}, status=422)
        self.merge('many', {'T-0/body': 'branch'}, status=412)   # no conflict of this merge
        self.merge('many', {'E-0/state': {'value': 'draft'}}, status=422)  # only fields take another value
        choices = {name: ('project', 'branch')[k % 2] for k, name in enumerate(sorted(names))}
        choices['T-3/title'] = {'value': 'third'}
        self.merge('many', choices, status=412, project_commit=1)  # looked at before
        told = self.merge('many', choices, project_commit=told['project_commit'], branch_commit=told['branch_commit'])
        self.assertEqual((told['open'], self.api('/api/v1/projects')[0]['commits']), (0, told['commit']))
        items, links = self.native('MAIN')
        links = {(l['from'], l['type'], l['to']): (l.get('attrs') or {}).get('verdict') for l in links}
        for name, choice in choices.items():
            key, _, field = name.partition('/')
            now, kind, branch = items.get(key), key.split('-')[0], choice == 'branch'
            if kind == 'T':
                self.assertEqual((now['title'], now['owner']), ('third' if name == 'T-3/title' else choice, 'o'))
                self.assertEqual(self.show(key)['body'], 'b')
            elif kind == 'O':
                self.assertEqual(now['order'], 9 if branch else 7)
            elif kind in 'AN':
                self.assertEqual(now['attrs'][field.partition('/')[2]], choice)
            elif kind == 'E':
                self.assertEqual((now['state'], now['title']), ('retired' if branch else 'draft', 'project'))
            elif kind == 'R':
                self.assertEqual((now['state'], now['title']), ('draft', 'branch') if branch else ('retired', 'base'))
            elif kind in ('LC', 'LA'):
                self.assertEqual(links[key, 'affects', 'SF-1'], 'not_acceptable' if branch else 'acceptable')
            elif kind == 'LR':
                self.assertEqual(links.get((key, 'affects', 'SF-1')), 'not_acceptable' if branch else None)
            else:
                self.assertEqual([to for f, t, to in links if (f, t) == (key, 'part_of')], ['ZN-3' if branch else 'ZN-2'])
        hazards = sorted(i['title'] for i in items.values() if i['kind'] == 'hazard')
        self.assertEqual(hazards, sorted(f'{side} {i}' for side in ('project', 'branch') for i in range(n)))
        for project in ('MAIN', 'MAIN.many'):
            self.assertEqual(self.api(f'/api/v1/verify?project={project}')['problems'], [])
            self.assertEqual(self.api(f'/api/v1/check?project={project}')['problems'], [])
        self.assertIsNone(self.merge('many')['commit'])  # nothing came since
        self.send('DELETE', '/api/v1/branches/many?project=MAIN', status=200)
        self.assertEqual(self.api('/api/v1/verify?project=MAIN')['problems'], [])

    def native(self, project):
        """Items by key, and links, as an export gives them."""
        ops = [json.loads(line) for line in self.get(f'/api/v1/exports/native?project={project}').content.splitlines()]
        return {op['key']: op for op in ops if op['op'] == 'item'}, [op for op in ops if op['op'] == 'link']

    def test_keys_of_what_is_new_and_what_names_them(self):
        self.change('MAIN', {'op': 'item', 'kind': 'zone', 'key': 'ZN-1', 'title': 'Z'})
        self.branch('keys')
        self.change('MAIN', {'op': 'item', 'kind': 'zone', 'key': 'ZN-2', 'title': 'of the project'})
        self.change('MAIN.keys', {'op': 'item', 'kind': 'zone', 'key': 'ZN-2', 'title': 'of the branch', 'parent': 'ZN-1'},
                    {'op': 'item', 'kind': 'zone', 'key': 'ZN-3', 'title': 'below', 'parent': 'ZN-2'},
                    {'op': 'link', 'from': 'ZN-3', 'type': 'part_of', 'to': 'ZN-2'})
        told = self.merge('keys')
        self.assertEqual([(r['item'], r['becomes']) for r in told['renamed']], [('ZN-2', 'ZN-4')])
        self.assertEqual((self.show('ZN-2')['title'], self.show('ZN-4')['title']), ('of the project', 'of the branch'))
        below = self.show('ZN-3')
        self.assertEqual((below['parent'], [(l['type'], l['to']) for l in below['links']]), ('ZN-4', [('part_of', 'ZN-4')]))
        # what came with one merge is known by the next
        self.change('MAIN.keys', item('ZN-2', title='again'))
        self.merge('keys')
        self.assertEqual(self.show('ZN-4')['title'], 'again')
        self.assertEqual(self.show('ZN-2')['title'], 'of the project')

    # ---- held to a plain merge ----

    def side(self, rng, state, links, keys):
        """Random changes of one side: native operations, applied to the plain state as well."""
        ops = []
        for _ in range(rng.randrange(3, 10)):
            key = rng.choice(keys)
            what = rng.randrange(5)
            if what < 3 and not state[key]['retired']:
                field = rng.choice(FIELDS)
                value = rng.randrange(3) if field == 'order' else rng.choice(['', 'x', 'y', 'z']) if field == 'body' else rng.choice(['x', 'y', 'z'])
                state[key][field] = value
                ops.append(item(key, **{field: value}))
            elif what == 3 and rng.random() < 0.3 and not state[key]['retired']:
                state[key]['retired'] = True
                ops.append({'op': 'retire', 'key': key})
            elif what == 4:
                other = rng.choice([k for k in keys if k != key])
                if (key, other) in links:
                    links.discard((key, other))
                    ops.append({'op': 'unlink', 'from': key, 'type': 'relates_to', 'to': other})
                else:
                    links.add((key, other))
                    ops.append({'op': 'link', 'from': key, 'type': 'relates_to', 'to': other})
        return ops

    @staticmethod
    def plain(base, ours, theirs, choose):
        """The merge as one would do it by hand over whole states: (items, links) of each. Gives conflicts and the result."""
        conflicts, items, links = set(), {}, set()

        def pick(name):
            conflicts.add(name)
            return choose(name) == 'branch'

        for key, was in base[0].items():
            o, t = ours[0][key], theirs[0][key]
            plain = [f for f in was if f != 'retired']
            result = dict(o)
            skip = False
            if t['retired'] and not was['retired'] and not o['retired']:
                if all(o[f] == was[f] for f in plain) or pick(f'{key}/state'):
                    result['retired'] = True
            elif o['retired'] and not was['retired'] and not t['retired'] and any(t[f] != was[f] for f in plain):
                if pick(f'{key}/state'):
                    result['retired'] = False
                else:
                    skip = True
            for f in plain:
                if not skip and t[f] != was[f] and t[f] != o[f]:
                    if o[f] == was[f] or pick(f'{key}/attrs/{f}' if f in ATTRS else f'{key}/{f}'):
                        result[f] = t[f]
            items[key] = result
        for pair in base[1] | ours[1] | theirs[1]:
            b, o, t = (pair in side[1] for side in (base, ours, theirs))
            keep = o
            if t and not b and not o:
                gone = any(ours[0][k]['retired'] and not theirs[0][k]['retired'] for k in pair)
                keep = not gone or pick(f'{pair[0]}/relates_to/{pair[1]}')
            elif b and not t:
                keep = False
            if keep:
                links.add(pair)
        return conflicts, items, links

    def state_of(self, project, keys):
        items, links = self.native(project)
        plain = {key: {**{f: items[key].get(f) for f in ('title', 'owner')}, 'body': items[key].get('body', ''), 'order': items[key].get('order', 0),
                       **{name: items[key].get('attrs', {}).get(name) for name in ATTRS}, 'retired': items[key]['state'] == 'retired'} for key in keys}
        return plain, {(l['from'], l['to']) for l in links if l['type'] == 'relates_to' and l['from'] in plain}

    def test_random_histories_merge_as_a_plain_merge_does(self):
        rng = random.Random(20261)
        met = 0
        for number in range(12):
            keys = [f'Q{number}-{i}' for i in range(6)]
            self.change('MAIN', *({'op': 'item', 'kind': 'requirement', 'key': key, 'title': 'base'} for key in keys))
            name = f'r{number}'
            self.branch(name)
            base = self.state_of('MAIN', keys)
            for merge in range(2):  # the second merge of a branch begins where the first one ended
                sides = {}
                for project in ('MAIN', f'MAIN.{name}'):
                    items, links = self.state_of(project, keys)
                    for _ in range(2):
                        ops = self.side(rng, items, links, keys)
                        if ops:
                            self.change(project, *ops)
                    sides[project] = (items, links)
                ours, theirs = sides['MAIN'], sides[f'MAIN.{name}']
                self.assertEqual(self.state_of('MAIN', keys), ours)
                told = self.merge(name, dry=True)
                conflicts, _, _ = self.plain(base, ours, theirs, lambda _: 'project')
                listed = {c['conflict'] for c in told['conflicts']}
                self.assertEqual(listed, conflicts, (number, merge))
                met += len(listed)
                choices = {c: rng.choice(['project', 'branch']) for c in listed}
                for c in [c for c in choices if c.endswith('/state')]:  # what is restored may differ in its fields, too
                    choices[c] = 'project'
                _, items, links = self.plain(base, ours, theirs, choices.get)
                self.merge(name, choices)
                self.assertEqual(self.state_of('MAIN', keys), (items, links), (number, merge, choices))
                base = theirs
        self.assertGreater(met, 30)

    # ---- the command line ----

    def test_the_same_by_command(self):
        self.stop()
        self.zw('add', 'zone', 'title=Z')
        self.assertEqual(self.zw('branch', 'create', 'alt', '--title', 'Another way'), 'MAIN.alt, from commit 2\n')
        self.zw('--project', 'MAIN.alt', 'set', 'ZN-1', 'title=alt')
        self.zw('set', 'ZN-1', 'title=main')
        self.assertEqual(self.zw('branch', 'list'), f'{"MAIN.alt":<24} from commit 2, 1 to merge, 1 behind  Another way\n')
        shown = self.zw('branch', 'merge', 'alt', '--dry-run')
        self.assertIn('conflict ZN-1/title\n    base     "Z"\n    project  "main"\n    branch   "alt"\n', shown)
        self.assertIn('ZN-1/title', self.zw('branch', 'merge', 'alt', '-m', 'why', code=4))
        self.assertIn('commit 4\n', self.zw('branch', 'merge', 'alt', '-m', 'why', '--take', 'ZN-1/title==both'))
        self.assertEqual(self.json('show', 'ZN-1')['title'], 'both')
        self.zw('branch', 'drop', 'alt')
        self.assertEqual(self.json('branch', 'list'), [])
        # the file of a project names what was merged by its hash alone
        self.zw('project', 'export', '-o', self.data + '.project')
        self.assertTrue(self.json('verify', self.data + '.project')['ok'])
        backup = self.data + '.backup'
        self.zw('branch', 'create', 'kept')
        self.zw('--project', 'MAIN.kept', 'set', 'ZN-1', 'title=kept')
        self.zw('backup', backup)
        self.assertTrue(self.json('verify', backup)['ok'])
        self.serve()


if __name__ == '__main__':
    tap.main()
