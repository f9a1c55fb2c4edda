#!/usr/bin/env python3
"""The filter language on a small plant: what each term finds, and what is refused."""
import tap
from plant import Plant


def item(key, kind, title=None, **members):
    attrs = {name: value for name, value in members.items() if name not in ('owner', 'tags', 'body')}
    return {'op': 'item', 'key': key, 'kind': kind, 'title': title or key, 'attrs': attrs,
            **{name: members[name] for name in ('owner', 'tags', 'body') if name in members}}


def link(from_, type_, to, role=''):
    return {'op': 'link', 'from': from_, 'type': type_, 'to': to, 'as': role}


class Filters(Plant):
    def prepare(self):
        super().prepare()
        self.zw('import', self.lines(
            item('SYS-1', 'system'), item('ZN-1', 'zone', 'Filter house', owner='ann', tags=['legacy', 'wet']),
            item('ZN-2', 'zone', 'Cell', isolated=True), item('ZN-3', 'zone', 'Office (north)'),
            item('AS-1', 'asset', 'Pump PLC', body='drives the raw water pump', installed_version='2.8'),
            item('CP-1', 'component', vendor='Siemens', product='SIMATIC', types=['EDR'], end_of_support='2027-06-30'),
            item('RQ-1', 'requirement', ref='62443-3-3 SR 1.1'), item('RQ-2', 'requirement', ref='62443-3-3 SR 2.1 RE(3)'),
            item('RQ-3', 'requirement', ref='62443-3-3 SR 5.2'), item('TS-1', 'threat', frs=[2, 5]),
            item('ST-1', 'sl_target', vector=[1, 3, None, 1, 2, 1, 1]),
            item('CL-1', 'claim', statement='met', rationale='a firewall'), item('CD-1', 'conduit'),
            link('ZN-1', 'part_of', 'SYS-1'), link('ZN-2', 'part_of', 'ZN-1'), link('AS-1', 'part_of', 'ZN-2'),
            link('AS-1', 'instance_of', 'CP-1'), link('RQ-1', 'allocated_to', 'ZN-1'), link('RQ-3', 'allocated_to', 'ZN-3'),
            link('ST-1', 'targets', 'ZN-1'), link('CL-1', 'answers', 'RQ-3'), link('CL-1', 'covers', 'CD-1'),
            link('CD-1', 'connects', 'ZN-3', 'a')))

    def found(self, query):
        return {i['key'] for i in self.json('list', '--', query)}

    def test_each_term_finds_what_it_says(self):
        cases = {
            'kind:zone': {'ZN-1', 'ZN-2', 'ZN-3'}, 'kind:zone -tag:legacy': {'ZN-2', 'ZN-3'}, 'state:draft key:zn-1': {'ZN-1'},
            'pump': {'AS-1'}, 'text:"RAW water"': {'AS-1'}, 'title:"office (north)"': {'ZN-3'}, 'owner:ANN': {'ZN-1'},
            'fr:2': {'RQ-2', 'TS-1'}, 'fr>=2 kind:requirement': {'RQ-2', 'RQ-3'}, 'kind:requirement sl<=1': {'RQ-1', 'RQ-3'},
            'sl:3': {'RQ-2', 'ST-1'}, 'sl:4': set(), 'kind:sl_target sl>2': {'ST-1'}, 'vendor:siem': {'CP-1'}, 'types:EDR': {'CP-1'},
            'isolated:true': {'ZN-2'}, 'zone:ZN-1': {'ZN-1', 'ZN-2', 'AS-1', 'RQ-1', 'ST-1', 'CP-1'}, 'zone:ZN-2': {'ZN-2', 'AS-1', 'CP-1'},
            'kind:zone (owner:ann or title:cell)': {'ZN-1', 'ZN-2'}, '-(kind:zone or kind:requirement) fr:5': {'TS-1'},
            'changed>=2020-01-01 kind:asset': {'AS-1'}, 'changed<2020-01-01': set(), 'end_of_support<2028-01-01': {'CP-1'},
            'end_of_support>2028-01-01': set(), 'installed_version>2.7': {'AS-1'}, 'suspect': set(), 'text:suspect': set(),
            'status:open': {'RQ-3'}, 'status:verified': set()}
        for query, keys in cases.items():
            with self.subTest(query=query):
                self.assertEqual(self.found(query), keys)

    def test_suspects_are_found_after_a_change(self):
        self.zw('set', 'RQ-3', 'title=Zone boundary protection')
        self.assertEqual(self.found('suspect'), {'RQ-3', 'CL-1', 'ZN-3'})
        self.assertEqual(self.found('-suspect kind:requirement'), {'RQ-1', 'RQ-2'})

    def test_refusals_name_the_place_and_the_near_names(self):
        cases = [(2, 'did you mean "kind"', 'kid:zone'), (2, 'did you mean "zone"', 'kind:zoen'), (2, 'state', 'state:drafty'),
                 (2, 'status', 'status:opened'), (2, 'ZN-9', 'zone:ZN-9'), (3, 'character 11', '(kind:zone'), (3, 'beginning', 'a)'),
                 (3, 'quote', 'text:"abc'), (3, 'FR', 'fr:8'), (3, 'FR', 'fr:x'), (3, 'level', 'sl>9'), (3, 'date', 'changed>soon'),
                 (3, 'order', 'kind>zone'), (3, 'missing', 'kind:zone or'), (3, 'missing', '()'), (3, 'missing', 'kind:'),
                 (3, 'deep', '(' * 40 + 'a' + ')' * 40), (3, 'terms', 'a ' * 300), (3, 'bytes', 'a' * 5000), (3, 'missing', '-')]
        for code, words, query in cases:
            with self.subTest(query=query[:20]):
                self.assertIn(words, self.zw('list', '--', query, code=code))


tap.main()
