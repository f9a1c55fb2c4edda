#!/usr/bin/env python3
"""A sample plant in which everything that was forgotten has been mended has no defect, and each thing that is forgotten there again is
found, and nothing else. Use: test_defects.py ZW"""
import os
import re

import plant
import tap

EVENTS = ('lock_out', 'expired_credential', 'audit_failure', 'time_failure', 'denial_of_service', 'fail_close', 'island_mode')


def item(key, kind, **attrs):
    return {'op': 'item', 'key': key, 'kind': kind, 'title': key, 'attrs': attrs}


def change(key, **attrs):
    return {'op': 'item', 'key': key, 'attrs': attrs}


def link(start, kind, end, role=None, **attrs):
    return {'op': 'link', 'from': start, 'type': kind, 'to': end} | ({'as': role} if role else {}) | ({'attrs': attrs} if attrs else {})


def asset(key, place, *nature):
    return [item(key, 'asset', nature=list(nature)), link(key, 'part_of', place)]


def requirement(key, *places, **attrs):
    return [item(key, 'requirement', source='DO-1', **attrs), *(link(key, 'allocated_to', place) for place in places)]


def claim(key, *ops, **attrs):
    return [item(key, 'claim', **attrs), link(key, 'answers', 'RQ-1'), link(key, 'covers', 'ZN-2'), *ops]


def measure(key, **attrs):
    return [item(key, 'countermeasure', **attrs), link(key, 'deployed_on', 'ZN-2')]


# What mends the seeded defects of docs/sample-plant.md.
MENDED = [
    item('RK-90', 'risk', stage='detailed', frs=[1], frs_reason='Nobody works there.'), link('RK-90', 'within', 'ZN-12'),
    link('RK-90', 'justifies', 'ST-12'),
    {'op': 'retire', 'key': 'ST-25'}, {'op': 'retire', 'key': 'TS-26'},
    item('AS-90', 'asset') | {'source': {'system': 'drawing:as built', 'id': '90'}}, link('AS-90', 'part_of', 'ZN-6'), link('AS-45', 'relates_to', 'AS-90'),
    change('RQ-211', source='DO-2'), change('DO-10', revision='2025-06'), link('RQ-212', 'allocated_to', 'SYS-1'),
    link('TC-1', 'verifies', 'CL-112'), link('TC-1', 'verifies', 'CL-190'), change('CL-190', equivalence='Armoured tubes.'),
    change('EV-10', revision='2'), {'op': 'unlink', 'from': 'DO-9', 'type': 'supersedes', 'to': 'DO-8'},
    link('AS-85', 'part_of', 'ZN-8'), {'op': 'unlink', 'from': 'AS-33', 'type': 'part_of', 'to': 'ZN-4'}, link('AS-33', 'part_of', 'ZN-3'),
    item('WV-90', 'waiver', decision='accepted_risk', rationale='Taken along each evening.', expires='2039-12-31'),
    link('WV-90', 'waives', 'AS-7', rules=['temporary_not_separated', 'external_not_separated']),
    link('FL-19', 'connects', 'CD-5'), link('TC-1', 'verifies', 'CM-24'), change('CM-25', failure_effect='A seal is missing.'),
    change('SF-7', keeps={event: True for event in EVENTS}), change('EF-3', keeps={event: True for event in EVENTS}),
    change('TC-61', tester='A. Demir (Nordlab)', independence='organisation'), change('WV-7', rationale='Nobody goes there.'),
    change('RK-16', decision='accept', decided_by='S. Haas', decision_reason='As RK-18.'),
]

# (what is forgotten, the defects it gives), each with items of its own.
SEEDS = [
    (asset('B-1', 'ZN-2', 'business'), [('business_not_separated', 'B-1', 'ZN-2')]),
    (asset('B-2', 'ZN-12', 'control'), [('business_not_separated', 'B-2', 'ZN-12')]),
    (asset('S-1', 'ZN-2', 'safety'), [('safety_asset_outside', 'S-1', 'ZN-2')]),
    (asset('T-1', 'ZN-2', 'temporary'), [('temporary_not_separated', 'T-1', 'ZN-2')]),
    (asset('W-1', 'ZN-2', 'wireless'), [('wireless_not_separated', 'W-1', 'ZN-2')]),
    (asset('X-1', 'ZN-2', 'external'), [('external_not_separated', 'X-1', 'ZN-2')]),
    (asset('F-1', 'ZN-2') + asset('F-2', 'ZN-4') + [item('F-3', 'flow'), link('F-3', 'connects', 'F-1', 'source'), link('F-3', 'connects', 'F-2', 'sink')],
     [('flow_without_conduit', 'F-3')]),
    ([item('C-1', 'conduit'), link('C-1', 'connects', 'ZN-2', 'a'), link('C-1', 'connects', 'ZN-12', 'b')], [('conduit_skips_levels', 'C-1')]),
    ([item('C-2', 'conduit'), link('C-2', 'connects', 'ZN-2', 'a')], [('conduit_without_ends', 'C-2')]),
    ([item('P-1', 'access_point'), link('P-1', 'part_of', 'SYS-1')], [('access_point_without_conduit', 'P-1')]),
    ([item('L-1', 'sl_target', vector=[4] * 7, basis=['policy']), link('L-1', 'targets', 'ZN-2')], [('target_without_risk', 'L-1')]),
    ([item('L-2', 'sl_target', vector=[1, 1, 1, 1, None, None, None], basis=['initial']), link('L-2', 'targets', 'ZN-2')],
     [('target_without_risk', 'L-2'), ('target_from_capability', 'L-2', 'CP-1')]),
    ([item('R-1', 'requirement'), link('R-1', 'allocated_to', 'ZN-2')], [('requirement_without_source', 'R-1')]),
    ([item('D-1', 'document'), item('R-2', 'requirement', source='D-1, page 4'), link('R-2', 'allocated_to', 'ZN-2')],
     [('requirement_on_unversioned_document', 'R-2', 'D-1')]),
    ([item('R-3', 'requirement', source='DO-1'), link('RQ-1', 'derives', 'R-3')], [('requirement_not_allocated', 'R-3')]),
    (requirement('R-4', 'ZN-2', ref='62443-4-2 CR 1.1'), [('component_requirement_on_place', 'R-4', 'ZN-2')]),
    ([item('Y-1', 'system', operator='o'), *requirement('R-5', 'Y-1')], [('checklist_without_scope', 'Y-1')]),
    ([item('Y-2', 'system', scope='s'), *requirement('R-6', 'Y-2')], [('checklist_without_scope', 'Y-2')]),
    (requirement('R-7', 'ZN-2', ref='62443-3-3 SR 2.9 RE(1)'), [('log_unowned', 'R-7')]),
    (claim('K-1', link('TC-1', 'verifies', 'K-1'), statement='met'), [('claim_without_allocation', 'K-1')]),
    (measure('M-9', failure_effect='f') + [{'op': 'retire', 'key': 'M-9'}] +
     claim('K-7', link('K-7', 'rests_on', 'CP-1'), link('K-7', 'rests_on', 'M-9'), link('TC-1', 'verifies', 'K-7'), statement='met'),
     [('claim_on_retired', 'K-7', 'M-9')]),
    (claim('K-2', link('K-2', 'rests_on', 'CP-1'), statement='met'), [('claim_without_proof', 'K-2')]),
    (claim('K-3', link('K-3', 'rests_on', 'CP-1'), statement='met') +
     [item('E-1', 'evidence', nature='certificate', revision='1'), link('E-1', 'evidences', 'K-3')], [('proof_without_effect', 'K-3', 'E-1')]),
    (claim('K-4', link('K-4', 'rests_on', 'CP-1'), link('TC-1', 'verifies', 'K-4'), statement='compensated', valid_until='2039-01-01'),
     [('compensation_incomplete', 'K-4')]),
    (claim('K-5', link('K-5', 'rests_on', 'CP-1'), link('TC-1', 'verifies', 'K-5'), statement='compensated', equivalence='e', valid_until='2039-01-01'),
     [('compensation_incomplete', 'K-5')]),
    (claim('K-6', link('TC-1', 'verifies', 'K-6'), statement='not_applicable'), [('waiver_without_rationale', 'K-6')]),
    ([item('E-2', 'evidence', nature='log'), link('E-2', 'evidences', 'CL-1')], [('evidence_without_revision', 'E-2')]),
    ([item('D-2', 'document'), link('D-2', 'evidences', 'CL-1')], [('document_without_revision', 'D-2')]),
    ([item('H-1', 'hazard')], [('orphan', 'H-1')]),
    (requirement('R-8', 'ZN-2') + requirement('R-9', 'ZN-2') + [link('R-8', 'derives', 'R-9'), link('R-9', 'derives', 'R-8')],
     [('loop', 'R-8'), ('loop', 'R-9')]),
    ([item('A-1', 'asset'), link('A-1', 'instance_of', 'CP-1')], [('asset_in_no_place', 'A-1')]),
    ([item('A-2', 'asset') | {'source': {'system': 'inventory:scan', 'id': '7'}}, link('A-2', 'part_of', 'ZN-2')], [('drawing_unlike_inventory', 'A-2')]),
    (measure('M-1', failure_effect='f') + [link('M-1', 'mitigates', 'RK-3')], [('mitigation_without_test', 'M-1')]),
    (measure('M-2'), [('no_failure_effect', 'M-2')]),
    ([item('EF-90', 'essential_function', nature='view'), link('EF-90', 'uses', 'AS-1', 'logic')], [('essential_function_unanswered', 'EF-90')]),
    ([item('EF-91', 'essential_function', keeps={event: event != 'lock_out' for event in EVENTS}), link('EF-91', 'uses', 'AS-1', 'logic')],
     [('essential_function_lost', 'EF-91')]),
    (measure('M-3', failure_effect='f', developer='l') + [item('Q-1', 'test_case', tester='l', test_kind='sat'), link('Q-1', 'verifies', 'M-3')],
     [('tester_not_independent', 'Q-1', 'M-3')]),
    ([item('V-1', 'waiver', decision='deferred'), link('V-1', 'waives', 'RQ-1')], [('waiver_without_rationale', 'V-1')]),
    ([item('N-1', 'threat', techniques=['T0839'], frs=[2]), link('N-1', 'threatens', 'ZN-2')], [('frs_without_reason', 'N-1')]),
    ([item('N-2', 'threat', techniques=['T0837']), link('N-2', 'threatens', 'ZN-2')], [('technique_without_fr', 'N-2')]),
    ([item('K-9', 'risk', likelihood=5, impact={'safety': 5}, tolerable={'safety': 1}, residual_likelihood=5, frs=[1]), link('K-9', 'within', 'ZN-2')],
     [('residual_above_tolerable', 'K-9')]),
]


class Defects(plant.Sample):
    def defects(self):
        return {(defect['rule'], *defect['items']) for defect in self.json('lint')}

    def test_clean_and_seeded(self):
        with open(os.path.join(os.environ['ZONEWRIGHT_SOURCE'], 'src/analysis/lint.c'), encoding='utf-8') as file:
            rules = set(re.findall(r'^ +\{ \{ "(\w+)",', file.read(), re.MULTILINE))
        self.zw('import', self.lines(*MENDED))
        self.assertEqual(self.defects(), set())
        self.zw('import', self.lines(*(op for ops, _ in SEEDS for op in ops)))
        expected = {defect for _, found in SEEDS for defect in found}
        self.assertEqual(self.defects(), expected)
        self.assertEqual({defect[0] for defect in expected}, rules)


tap.main()
