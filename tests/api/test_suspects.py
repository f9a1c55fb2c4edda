#!/usr/bin/env python3
"""Suspect links: what raises them, how they are shown, and how they are worked off; and a long random script of editorial and
substantive changes beside a second, slow account of the definition (docs/algorithms/suspects.md)."""
import json
import random

import tap
from server import Served

LINES = 'application/x-ndjson'


class Account:
    """What the definition says of a project: items and links as plain dictionaries."""
    SUBSTANTIVE = {'title', 'body', 'installed_version', 'criticality'}

    def __init__(self):
        self.items, self.links = {}, {}

    def create(self, key, title):
        self.items[key] = {'rev': 1, 'subst': 1, 'retired': False, 'fields': {'title': title}, 'past': {}}

    def change(self, key, editorial, **fields):
        item = self.items[key]
        fields = {name: value for name, value in fields.items() if item['fields'].get(name) != value}
        if fields:
            self.revise(item, not editorial and set(fields) & self.SUBSTANTIVE)
            item['fields'].update(fields)

    def retire(self, key, editorial):
        item = self.items[key]
        if not item['retired']:
            item['retired'] = True
            self.revise(item, set() if editorial else {'state'})

    def revise(self, item, substantive):
        item['rev'] += 1
        if substantive:
            item['subst'] = item['rev']
            item['past'][item['rev']] = substantive

    def link(self, start, end):
        self.links.setdefault((start, end), [self.items[start]['subst'], self.items[end]['subst']])

    def confirm(self, start, end):
        self.links[start, end] = [self.items[start]['subst'], self.items[end]['subst']]

    def suspects(self):
        """From, to and end of each; with the revisions and the fields that are the reason."""
        answer = {}
        for ends, judged in self.links.items():
            for place, name in enumerate(('from', 'to')):
                item = self.items[ends[place]]
                if item['subst'] > judged[place]:
                    changed = set().union(*(fields for rev, fields in item['past'].items() if rev > judged[place]))
                    answer[(*ends, name)] = (judged[place], item['rev'], sorted(changed))
        return answer


class Suspects(Served):
    def changes(self, *ops, editorial=False, status=200):
        body = ''.join(json.dumps(op) + '\n' for op in ops).encode()
        return self.send('POST', f'/api/v1/changes?editorial={json.dumps(editorial)}', body, status, LINES).json

    def zone_and_asset(self):
        self.changes({'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Filters', 'owner': 'ann'},
                     {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'Pump', 'owner': 'ben'},
                     {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'})

    def rows(self, query='?limit=10000'):
        return self.api('/api/v1/suspects' + query)

    def test_a_row_says_what_changed_since_when_and_who_acts(self):
        self.zone_and_asset()
        self.assertEqual(self.rows(), [])
        self.changes({'op': 'item', 'key': 'AS-1', 'attrs': {'installed_version': '2.0', 'serial': 'x'}})
        row, = self.rows()
        self.assertEqual(row['link'], {'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1', 'as': ''})
        self.assertEqual((row['end'], row['owner'], row['commit'], row['age_days'], row['revs'], row['deferred']), ('from', 'ann', 3, 0, [2, 1], None))
        because = row['because']
        self.assertEqual((because['key'], because['rev_judged'], because['rev_now'], because['changed']), ('AS-1', 1, 2, ['installed_version']))
        self.assertIn({'field': 'installed_version', 'old': None, 'new': '2.0'}, because['fields'])
        self.assertEqual(self.rows('?at=2'), [])
        self.assertEqual(json.loads(self.zw('--json', 'suspects')), self.rows())
        self.assertEqual(self.rows('?q=owner:ann'), [row])
        self.assertEqual(self.rows('?q=owner:eve'), [])

    def test_pages_repeat_and_hide_none_while_links_are_confirmed(self):
        self.zone_and_asset()
        self.changes(*({'op': 'item', 'key': f'AS-{n}', 'kind': 'asset', 'title': f'Pump {n}'} for n in range(2, 12)),
                     *({'op': 'link', 'from': f'AS-{n}', 'type': 'part_of', 'to': 'ZN-1'} for n in range(2, 12)))
        self.changes({'op': 'item', 'key': 'ZN-1', 'title': 'Filter hall'})
        every = self.rows()
        path, found, n = '/api/v1/suspects?limit=4', [], 0
        while path is not None:
            response = self.send('GET', path, None, 200)
            found += response.json
            self.assertEqual(int(response.headers['Zonewright-Count']), len(every) - n)
            link = response.headers['Link']
            path = None if link is None else link[1:link.index('>')]
            last = response.json[-1]['link']  # whoever works through the queue confirms what a page begins after
            self.zw('confirm', f'{last["from"]}/{last["type"]}/{last["to"]}', '-m', 'looked')
            n += 1
        self.assertEqual(found, every)
        for after in ('x', '1.2.3', '1.2.3.4.-5', '1.2.3.4.5.6'):
            self.assertIn('begin without it', self.api(f'/api/v1/suspects?after={after}', 422)['detail'])

    def test_who_acts_is_the_owner_of_the_changed_item_where_the_other_has_none(self):
        self.zone_and_asset()
        self.changes({'op': 'item', 'key': 'ZN-1', 'owner': None}, {'op': 'item', 'key': 'AS-1', 'body': 'moved'})
        self.assertEqual([row['owner'] for row in self.rows()], ['ben'])

    def test_editorial_and_other_attributes_raise_none_and_the_log_says_so(self):
        self.zone_and_asset()
        self.changes({'op': 'item', 'key': 'AS-1', 'title': 'The pump'}, editorial=True)
        self.zw('set', 'ZN-1', 'title=Filter hall', '--editorial')
        self.changes({'op': 'item', 'key': 'AS-1', 'attrs': {'serial': '12'}})
        self.changes({'op': 'transition', 'key': 'AS-1', 'to': 'in_review'})
        self.changes({'op': 'retire', 'key': 'AS-1'}, editorial=True)
        self.send('POST', '/api/v1/items/bulk?editorial=true', {'keys': ['ZN-1'], 'patch': {'body': 'x'}}, 200)
        self.assertEqual(self.rows(), [])
        self.assertEqual([rev['editorial'] for rev in self.api('/api/v1/items/AS-1/history')], [False, True, False, False, True])

    def test_retiring_raises_and_names_the_state(self):
        self.zone_and_asset()
        self.changes({'op': 'retire', 'key': 'AS-1'})
        self.assertEqual([(row['end'], row['because']['changed']) for row in self.rows()], [('from', ['state'])])

    def test_what_came_back_to_what_it_was_is_named_too(self):
        self.zone_and_asset()
        for title in ('Other', 'Pump'):
            self.changes({'op': 'item', 'key': 'AS-1', 'title': title})
        row, = self.rows()
        self.assertEqual((row['because']['changed'], row['because']['fields']), (['title'], []))

    def test_both_ends_are_two_rows_and_one_link(self):
        self.zone_and_asset()
        self.changes({'op': 'item', 'key': 'AS-1', 'title': 'P'}, {'op': 'item', 'key': 'ZN-1', 'title': 'Z'})
        self.assertEqual([row['end'] for row in self.rows()], ['from', 'to'])
        done = self.send('POST', '/api/v1/suspects/confirm', {'q': 'suspect', 'reason': 'looked'}, 200)
        self.assertEqual((len(done.json['links']), done.json['changes']['confirmed']), (1, {'part_of': 1}))
        self.assertEqual(done.headers['Zonewright-Seq'], '4')
        self.assertEqual(self.rows(), [])
        self.assertEqual(len(self.rows('?at=3')), 2)

    def test_confirming_by_name_and_what_is_refused(self):
        self.zone_and_asset()
        self.changes({'op': 'item', 'key': 'AS-1', 'title': 'P'})
        self.assertIn('say why', self.zw('confirm', 'AS-1/part_of/ZN-1', code=2))
        self.assertIn('FROM/TYPE/TO', self.zw('confirm', 'AS-1', '-m', 'x', code=2))
        self.assertIn('there is no link', self.zw('confirm', 'ZN-1/part_of/AS-1', '-m', 'x', code=2))
        self.assertIn('did you mean', self.zw('confirm', 'AS-1/part_off/ZN-1', '-m', 'x', code=3))
        self.assertIn('nothing was changed', self.zw('confirm', 'AS-1/part_of/ZN-1', '-m', 'x', '--dry-run'))
        self.assertIn('either a list', self.zw('confirm', 'AS-1/part_of/ZN-1', '--filter', 'a', '-m', 'x', code=2))
        link = {'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'}
        self.assertEqual(self.send('POST', '/api/v1/suspects/confirm', {'links': [link]}).status, 422)
        stale = self.send('POST', '/api/v1/suspects/confirm', {'links': [{**link, 'revs': [1, 1]}], 'reason': 'x'}, 412)
        self.assertEqual(stale.json['code'], 'CONFLICT')
        self.assertEqual(len(self.rows()), 1)
        self.assertIn('commit 4', self.zw('confirm', 'AS-1/part_of/ZN-1', '-m', 'the pump is still there'))
        self.assertIn('nothing was changed', self.zw('confirm', 'AS-1/part_of/ZN-1', '-m', 'again'))
        judged = [l['change'] for l in self.api('/api/v1/diff?from=3')['links']]
        self.assertEqual(judged, ['judged'])

    def test_a_request_that_comes_twice_is_done_once(self):
        self.zone_and_asset()
        self.changes({'op': 'item', 'key': 'AS-1', 'title': 'P'})
        body = {'links': [{'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'}], 'reason': 'x'}
        seqs = [self.send('POST', '/api/v1/suspects/confirm', body, 200, Idempotency_Key='k1').headers['Zonewright-Seq'] for _ in range(2)]
        self.assertEqual(seqs, ['4', '4'])

    def test_deferring_ends_with_its_day_a_change_or_a_confirmation(self):
        self.zone_and_asset()
        self.assertIn('not suspect', self.zw('defer', 'AS-1/part_of/ZN-1', '--until', '2099-01-01', '-m', 'later', code=4))
        self.changes({'op': 'item', 'key': 'AS-1', 'title': 'P'})
        for until in ('soon', '2099-13-01', ''):
            self.zw('defer', 'AS-1/part_of/ZN-1', '--until', until, '-m', 'later', code=3)
        self.zw('defer', 'AS-1/part_of/ZN-1', '--until', '2099-01-01', '-m', 'after the shutdown')
        deferred = lambda query='': [row['deferred'] and row['deferred']['until'] for row in self.rows(query)]
        self.assertEqual(deferred(), ['2099-01-01'])
        self.assertEqual(self.rows()[0]['deferred']['reason'], 'after the shutdown')
        self.assertEqual(deferred('?instant=2099-01-01T23:59:59Z'), ['2099-01-01'])
        self.assertEqual(deferred('?instant=2099-01-02'), [None])
        self.assertEqual(deferred('?at=3'), [None])
        self.changes({'op': 'item', 'key': 'AS-1', 'attrs': {'serial': '5'}})
        self.assertEqual(deferred(), ['2099-01-01'])
        self.changes({'op': 'item', 'key': 'AS-1', 'title': 'Q'})
        self.assertEqual(deferred(), [None])
        self.send('POST', '/api/v1/suspects/defer', {'q': 'key:AS-1', 'reason': 'r', 'until': '2098-01-01'}, 200)
        self.assertEqual(deferred(), ['2098-01-01'])
        self.zw('confirm', '--filter', 'key:AS-1', '-m', 'done')
        self.changes({'op': 'item', 'key': 'AS-1', 'title': 'R'})
        self.assertEqual(deferred(), [None])

    def test_one_scenario_edited_in_a_generated_project_makes_exactly_its_links_suspect(self):
        self.zw('bench', 'generate', '--size', 'S', '--seed', '1')
        ask = lambda path: self.api(path + ('&' if '?' in path else '?') + 'project=S')
        self.assertEqual(ask('/api/v1/suspects'), [])
        links = ask('/api/v1/items/TS-3')['links']
        self.assertGreater(len(links), 2)
        self.zw('set', 'TS-3', 'title=Another scenario', '--project', 'S')
        rows = ask('/api/v1/suspects?limit=10000')
        name = lambda link: (link['from'], link['type'], link['to'], link['as'])
        self.assertEqual(sorted(name(row['link']) for row in rows), sorted(map(name, links)))
        self.assertEqual({(row['because']['key'], *row['because']['changed']) for row in rows}, {('TS-3', 'title')})
        reached = ask('/api/v1/items/TS-3/impact')
        near = {}
        for item in ask('/api/v1/items?fields=links&limit=10000'):
            for link in item['links']:
                near.setdefault(link['from'], set()).add(link['to'])
                near.setdefault(link['to'], set()).add(link['from'])
        self.assertTrue(reached)
        for row in reached:
            self.assertEqual((row['path'][0], row['path'][-1], len(row['path']) - 1, row['because']['changed']), ('TS-3', row['key'], row['distance'], ['title']))
            self.assertTrue(all(b in near[a] for a, b in zip(row['path'], row['path'][1:])), row)

    def step(self, dice, account):
        """One random change, made here and said to the account; gives the operations and whether they are editorial."""
        keys, editorial = sorted(account.items), dice.random() < 0.3
        live = [key for key in keys if not account.items[key]['retired']]
        what = dice.choices(('title', 'body', 'installed_version', 'criticality', 'serial', 'owner', 'retire', 'new', 'link', 'confirm'),
                            (8, 3, 8, 5, 12, 8, 1, 2, 8, 10))[0]
        key = dice.choice(live)
        if what == 'new':
            key = f'AS-{len(keys) + 1}'
            account.create(key, key)
            return [{'op': 'item', 'key': key, 'kind': 'asset', 'title': key}], editorial
        if what == 'retire':
            account.retire(key, editorial)
            return [{'op': 'retire', 'key': key}], editorial
        if what == 'link':
            other = dice.choice([k for k in keys if k != key])
            account.link(key, other)
            return [{'op': 'link', 'from': key, 'type': 'relates_to', 'to': other}], editorial
        if what == 'confirm':
            chosen = dice.sample(sorted(account.links), min(3, len(account.links)))
            for ends in chosen:
                account.confirm(*ends)
            return [{'op': 'confirm', 'from': start, 'type': 'relates_to', 'to': end} for start, end in chosen], editorial
        value = dice.choice(('low', 'high')) if what == 'criticality' else f'{what} {dice.randrange(3)}'
        account.change(key, editorial, **{what: value})
        member = {what: value} if what in ('title', 'body', 'owner') else {'attrs': {what: value}}
        return [{'op': 'item', 'key': key, **member}], editorial

    def test_a_thousand_edits_raise_none_that_is_false_and_miss_none_that_is_true(self):
        dice, account, seen = random.Random(62443), Account(), 0
        for number in range(1, 25):
            account.create(f'AS-{number}', f'AS-{number}')
        self.changes(*({'op': 'item', 'key': key, 'kind': 'asset', 'title': key} for key in account.items))
        for edit in range(1000):
            ops, editorial = self.step(dice, account)
            if ops:
                self.changes(*ops, editorial=editorial)
            if edit % 20 == 19:
                said = {(row['link']['from'], row['link']['to'], row['end']):
                        (row['because']['rev_judged'], row['because']['rev_now'], row['because']['changed']) for row in self.rows()}
                self.assertEqual(said, account.suspects(), f'after edit {edit}')
                seen += len(said)
        print(f'# {seen} suspects compared')
        self.assertGreater(seen, 500)
        self.assertEqual(self.api('/api/v1/check')['problems'], [])


tap.main()
