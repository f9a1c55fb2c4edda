"""The named defects said a second time. Each rule looks at one live item and gives its defects, as tuples of other items."""
import functools
import re

import twin_capability
import twin_target
from plain import SEPARATION, Model

IACS = {'control', 'safety'}
LEVELS = {'0': 0, '1': 1, '2': 2, '3': 3, '3.5': 3.5, '4': 4, '5': 5}
WARNINGS = {*SEPARATION} - {'business_not_separated', 'safety_asset_outside', 'flow_without_conduit'}
EVENTS = {'lock_out', 'expired_credential', 'audit_failure', 'time_failure', 'denial_of_service', 'fail_close', 'island_mode'}
ALONE = {'system', 'test_run', 'document', 'baseline', 'review', 'report', 'assumption'}


LOGS = {'SR 2.8', 'SR 2.9', 'SR 2.10', 'SR 3.9', 'SR 6.1'}
EFFECTIVE = {'report', 'inspection', 'log', 'observation'}

# What SVV-5 asks of the tester, by the kind of test.
DEGREES = ['none', 'person', 'department', 'organisation']
ASKED = {'unit': 'none', 'fuzz': 'person', 'vulnerability_scan': 'person', 'abuse': 'person', None: 'person',
         'integration': 'department', 'fat': 'department', 'sat': 'department', 'mitigation': 'department', 'penetration': 'department'}


def once(found):
    return [()] if found else []


class Twin(Model):
    def has(self, no, *links):
        """Is there a link of these types, written 'name>' for out and '>name' for in, to a live item?"""
        return any(self.after(no, link[:-1]) if link[-1] == '>' else self.before(no, link[1:]) for link in links)

    def place(self, asset):
        return next((no for no in self.after(asset, 'part_of') if self.kind(no) in ('zone', 'conduit')), None)

    def target_without_risk(self, no):
        return once(self.kind(no) == 'sl_target' and not self.has(no, '>justifies'))

    @functools.cached_property
    def levels(self):
        """SL-C of every component, native and with compensation."""
        twin = twin_capability.Twin(self.facts, {'items': [*self.items.values()], 'links': self.links, 'results': self.results,
                                                 'now': self.now}, self.dates)
        return {key: [levels['native'], levels['with_compensation']] for key, levels in twin.answer().items()}

    def target_from_capability(self, no):
        if self.kind(no) != 'sl_target' or self.has(no, '>justifies'):
            return []
        stated = [(i, level) for i, level in enumerate(self.attr(no, 'vector') or []) if level is not None]
        for place in self.after(no, 'targets') if stated else []:
            installed = {component for asset in self.before(place, 'part_of') for component in self.after(asset, 'instance_of')}
            same = [component for component in installed for levels in self.levels[self.items[component]['key']]
                    if all(levels[i] == level for i, level in stated)]
            if same:
                return [(min(same),)]
        return []

    def requirement_without_source(self, no):
        return once(self.kind(no) == 'requirement' and not self.has(no, '>derives') and not self.attr(no, 'source'))

    def requirement_on_unversioned_document(self, no):
        named = re.match('[^ ,;:()/]+', self.attr(no, 'source') or '') if self.kind(no) == 'requirement' else None
        return [(other,) for other, item in self.items.items() if named and item['key'] == named[0] and
                item['kind'] == 'document' and self.live(other) and not self.attr(other, 'revision')]

    def requirement_not_allocated(self, no):
        return once(self.kind(no) == 'requirement' and not self.has(no, 'allocated_to>'))

    def row(self, no):
        """Standard and id of the row that an item names."""
        standard, _, name = (self.attr(no, 'ref') or '').partition(' ')
        return standard, name

    def component_requirement_on_place(self, no):
        if self.kind(no) != 'requirement' or self.row(no)[0] != '62443-4-2':
            return []
        there = self.after(no, 'allocated_to')
        at_all = [other for other in there if self.kind(other) in ('system', 'zone', 'conduit')]
        return [(min(at_all),)] if at_all and len(at_all) == len(there) else []

    def checklist_without_scope(self, no):
        parts = [other for other in self.before(no, 'part_of') if self.kind(other) in ('zone', 'conduit')]
        return once(self.kind(no) == 'system' and self.has(no, '>allocated_to') and not (self.attr(no, 'scope') and parts))

    def log_unowned(self, no):
        standard, name = self.row(no) if self.kind(no) == 'requirement' else ('', '')
        return once(standard == '62443-3-3' and name.split(' RE')[0] in LOGS and not self.attr(no, 'responsible'))

    def says_met(self, no):
        return self.kind(no) == 'claim' and self.attr(no, 'statement') in ('met', 'met_by_configuration', 'compensated')

    def claim_without_allocation(self, no):
        return once(self.says_met(no) and self.attr(no, 'maturity') is None and not self.has(no, 'rests_on>'))

    def claim_on_retired(self, no):
        gone = {link['to'] for link in self.out(no, 'rests_on') if not self.live(link['to'])} if self.says_met(no) else set()
        return [(other,) for other in gone]

    def proof_without_effect(self, no):
        """Records of a claim about a plant, none of which tells how it behaved."""
        if not self.says_met(no) or self.has(no, '>verifies') or any(self.kind(other) == 'component' for other in self.after(no, 'covers')):
            return []
        proofs = self.before(no, 'evidences')
        works = any(self.kind(other) == 'test_run' or self.kind(other) == 'evidence' and self.attr(other, 'nature') in EFFECTIVE
                    for other in proofs)
        return [] if works or not proofs else [(min(proofs),)]

    def claim_without_proof(self, no):
        return once(self.kind(no) == 'claim' and not self.has(no, '>verifies', '>evidences'))

    def compensation_incomplete(self, no):
        return once(self.kind(no) == 'claim' and self.attr(no, 'statement') == 'compensated' and not (
            self.attr(no, 'equivalence') and self.attr(no, 'valid_until') and self.has(no, '>verifies') and self.approved(no)))

    def evidence_without_revision(self, no):
        return once(self.kind(no) == 'evidence' and not self.attr(no, 'revision'))

    def document_without_revision(self, no):
        return once(self.kind(no) == 'document' and not self.attr(no, 'revision') and self.has(no, 'evidences>', '>rests_on'))

    def orphan(self, no):
        return once(self.kind(no) not in ALONE and not any(
            no in ends and all(self.live(end) for end in ends)
            for ends in ((link['from'], link['to']) for link in self.links)))

    def loop(self, no):
        """One for each of the link types over which the item comes back to itself."""
        found = []
        for kind in ('part_of', 'derives', 'supersedes'):
            reached, before = {*self.after(no, kind)}, None
            while reached != before:
                before, reached = reached, reached.union(*(self.after(other, kind) for other in reached))
            found += [()] if no in reached else []
        return found

    def asset_in_no_place(self, no):
        return once(self.kind(no) == 'asset' and self.place(no) is None)

    # ---- the drawing and the inventory ----

    def origin(self, no):
        return self.items[no].get('origin')

    def others(self, no):
        """Live assets of the other origin."""
        wanted = {'drawing': 'inventory', 'inventory': 'drawing'}[self.origin(no)]
        return [other for other in self.items if self.kind(other) == 'asset' and self.live(other) and self.origin(other) == wanted]

    def linked(self, no):
        near = {other for kind in ('relates_to', 'supersedes') for other in self.after(no, kind) + self.before(no, kind)}
        return [other for other in self.others(no) if other in near]

    def title(self, no):
        return self.items[no].get('title', self.items[no]['key']).strip().casefold()

    def same(self, no):
        """What the other side calls the same thing: by a link, else by its title where it has no link itself."""
        found = self.linked(no) or [other for other in self.others(no) if self.title(other) == self.title(no) and not self.linked(other)]
        return min(found, default=None)

    def asset_unlike(self, no):
        origins = {self.origin(other) for other in self.items if self.kind(other) == 'asset' and self.live(other)}
        if not {'drawing', 'inventory'} <= origins:
            return []
        same = self.same(no)
        if self.origin(no) == 'drawing':
            return once(same is None and not self.has(no, 'instance_of>') and not self.attr(no, 'installed_version'))
        if same is None:
            return [()]
        places = {self.place(no), self.place(same)}
        return [(same,)] if len(places) == 2 and None not in places else []

    def ends(self, flow):
        """Pairs of places that a flow goes between."""
        sources, sinks = ({self.place(link['to']) for link in self.out(flow, 'connects')
                           if link.get('as') == role and self.live(link['to'])} - {None} for role in ('source', 'sink'))
        return {(here, there) for here in sources for there in sinks}

    def drawing_unlike_inventory(self, no):
        if self.kind(no) == 'asset' and self.origin(no):
            return self.asset_unlike(no)
        if self.kind(no) != 'flow' or self.origin(no) != 'inventory':
            return []
        drawn = [other for other in self.items if self.kind(other) == 'flow' and self.live(other) and self.origin(other) == 'drawing']
        pairs = {pair for other in drawn for pair in self.ends(other)}
        return once(drawn and any(here != there and (here, there) not in pairs for here, there in self.ends(no)))

    def flow_without_conduit(self, no):
        if self.kind(no) != 'flow' or any(self.kind(other) == 'conduit' for other in self.after(no, 'connects')):
            return []
        return once(any(here != there for here, there in self.ends(no)))

    def natures(self, no):
        return set(self.attr(no, 'nature') or [])

    def business_not_separated(self, no):
        if self.kind(no) in ('zone', 'conduit'):
            return once('business' in self.natures(no) and IACS & self.natures(no))
        place = self.place(no) if self.kind(no) == 'asset' else None
        if place is None or ('business' in self.natures(place) and IACS & self.natures(place)):
            return []
        beside = set().union(*(self.natures(other) for other in self.before(place, 'part_of') if self.kind(other) == 'asset'))
        wrong = 'business' in self.natures(no) and IACS & (self.natures(place) | beside)
        return [(place,)] if wrong or ('business' in self.natures(place) and IACS & self.natures(no)) else []

    def safety_asset_outside(self, no):
        place = self.place(no) if self.kind(no) == 'asset' else None
        if place is None or 'safety' in self.natures(place):
            return []
        used = any(self.live(link['from']) and self.kind(link['from']) == 'safety_function' and
                   link['as'] in ('sensor', 'logic', 'final') for link in self.into(no, 'uses'))
        return [(place,)] if used or 'safety' in self.natures(no) else []

    def apart(self, no, nature, has):
        place = self.place(no) if has and not self.attr(no, 'separation_reason') else None
        return [(place,)] if place is not None and nature not in self.natures(place) else []

    def temporary_not_separated(self, no):
        return self.apart(no, 'temporary', self.kind(no) == 'asset' and 'temporary' in self.natures(no))

    def wireless_not_separated(self, no):
        if self.kind(no) != 'asset':
            return []
        own = (self.attr(no, 'traits') or {}).get('wireless')
        products = [(self.attr(other, 'traits') or {}).get('wireless') for other in self.after(no, 'instance_of')]
        radio = own if own is not None else True in products
        return self.apart(no, 'wireless', radio or 'wireless' in self.natures(no))

    def external_not_separated(self, no):
        return self.apart(no, 'external', self.kind(no) == 'asset' and 'external' in self.natures(no))

    def joined(self, no):
        return set(self.after(no, 'connects'))

    def conduit_skips_levels(self, no):
        levels = [LEVELS[self.attr(zone, 'purdue')] for zone in self.joined(no) if self.attr(zone, 'purdue')] if self.kind(no) == 'conduit' else []
        return once(levels and (max(levels) - min(levels) > 1 or min(levels) <= 3 and max(levels) >= 4))

    def conduit_without_ends(self, no):
        return once(self.kind(no) == 'conduit' and len(self.joined(no)) < 2)

    def access_point_without_conduit(self, no):
        if self.kind(no) != 'access_point':
            return []
        lonely = [(zone,) for zone in self.joined(no) if not any(self.kind(other) == 'conduit' for other in self.before(zone, 'connects'))]
        return lonely if self.joined(no) else [()]

    def mitigation_without_test(self, no):
        return once(self.kind(no) == 'countermeasure' and self.has(no, 'mitigates>') and not self.has(no, '>verifies'))

    def no_failure_effect(self, no):
        return once(self.kind(no) == 'countermeasure' and not self.attr(no, 'failure_effect'))

    def essential_function_unanswered(self, no):
        asked = self.kind(no) == 'essential_function' or self.kind(no) == 'safety_function' and self.has(no, '>affects')
        return once(asked and set(self.attr(no, 'keeps') or {}) != EVENTS)

    def essential_function_lost(self, no):
        return once(self.kind(no) in ('essential_function', 'safety_function') and False in (self.attr(no, 'keeps') or {}).values())

    def testers(self, no):
        """Of the case, and of the run whose result counts."""
        ran = [result for result in self.results if result['case'] == no and result['status'] in ('passed', 'failed')
               and self.live(result['run'])]
        last = max(ran, key=lambda result: result['at'], default=None)
        return {self.attr(no, 'tester'), last and self.attr(last['run'], 'tester')} - {None}

    @functools.cached_property
    def departments(self):
        """Of the oldest record that names one for a person."""
        found = {}
        for no in sorted(self.items):
            if self.kind(no) == 'evidence' and self.live(no) and self.attr(no, 'person') and self.attr(no, 'department'):
                found.setdefault(self.attr(no, 'person'), self.attr(no, 'department'))
        return found

    def shares(self, testers, developer, asked):
        """The developer is among the testers, or, where more than another person is asked, of the department of one."""
        return developer is not None and (developer in testers or DEGREES.index(asked) >= DEGREES.index('department') and
                                          self.departments.get(developer) in {self.departments[who] for who in testers if who in self.departments})

    def tester_not_independent(self, no):
        """One for each thing with a tester as its developer: what the case verifies, and what a verified claim rests on; else
        one for a degree of independence below what the kind of test asks for."""
        asked = ASKED[self.attr(no, 'test_kind')] if self.kind(no) == 'test_case' else 'none'
        if asked == 'none':
            return []
        tested = {*self.after(no, 'verifies')}
        tested |= {base for claim in tested if self.kind(claim) == 'claim' for base in self.after(claim, 'rests_on')}
        stated = self.attr(no, 'independence')
        return [(thing,) for thing in tested if self.shares(self.testers(no), self.attr(thing, 'developer'), asked)] or once(
            stated is not None and DEGREES.index(stated) < DEGREES.index(asked))

    def waiver_without_rationale(self, no):
        decides = self.kind(no) == 'waiver' or self.kind(no) == 'claim' and self.attr(no, 'statement') == 'not_applicable'
        return once(decides and not self.attr(no, 'rationale'))

    @functools.cached_property
    def rated(self):
        """Risks as the method of the program rates them."""
        return twin_target.Twin(self.facts, {'items': [*self.items.values()], 'links': self.links, 'results': [], 'now': self.now,
                                             'methods': [], 'default': 'matrix-5x5@1'}, self.dates)

    def proposed(self, no):
        """FRs that the techniques of a threat, or the threats of a risk, lead to."""
        if self.kind(no) == 'threat':
            return set().union(*(self.facts.techniques.get(name, set()) for name in self.attr(no, 'techniques') or []))
        return set().union(*(self.rated.threat_frs(other) for other in self.after(no, 'assesses') if self.kind(other) == 'threat'))

    def frs_without_reason(self, no):
        stated = set(self.attr(no, 'frs') or []) if self.kind(no) in ('threat', 'risk') else set()
        return once(stated and self.proposed(no) and stated != self.proposed(no) and not self.attr(no, 'frs_reason'))

    def technique_without_fr(self, no):
        return once(self.kind(no) == 'threat' and not self.attr(no, 'frs') and
                    any(not self.facts.techniques.get(name) for name in self.attr(no, 'techniques') or []))

    def residual_above_tolerable(self, no):
        return once(self.kind(no) == 'risk' and not self.attr(no, 'decision') and self.rated.residual_above(no))

    RULES = ('target_without_risk', 'target_from_capability', 'requirement_without_source', 'requirement_on_unversioned_document',
             'requirement_not_allocated', 'component_requirement_on_place', 'checklist_without_scope', 'log_unowned',
             'claim_without_allocation', 'claim_on_retired', 'claim_without_proof', 'proof_without_effect', 'compensation_incomplete', 'evidence_without_revision',
             'document_without_revision', 'orphan', 'loop', 'asset_in_no_place', 'drawing_unlike_inventory', *SEPARATION,
             'mitigation_without_test', 'no_failure_effect', 'essential_function_unanswered',
             'essential_function_lost', 'tester_not_independent',
             'waiver_without_rationale', 'frs_without_reason', 'technique_without_fr', 'residual_above_tolerable')

    def answered(self, rule, no):
        """Is there a waiver for this rule that nobody has to judge again? What is no warning needs an approved one."""
        return rule in SEPARATION and any(
            rule in link['attrs'].get('rules', []) and self.live(link['from']) and not self.suspect(link) and
            self.attr(link['from'], 'rationale') and not self.past(link['from'], 'expires') and
            (rule in WARNINGS or self.approved(link['from'])) for link in self.into(no, 'waives'))

    def answer(self):
        return [[rule, no, *other] for rule in self.RULES for no in sorted(self.items) if self.live(no) and not self.answered(rule, no)
                for other in sorted(getattr(self, rule)(no))]
