"""The named defects said a second time. Each rule looks at one live item and gives its defects, as tuples of other items."""
from plain import Model

SPECIAL = {'temporary', 'wireless', 'external'}
ALONE = {'system', 'test_run', 'document', 'baseline', 'review', 'report', 'assumption'}


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

    def requirement_without_source(self, no):
        return once(self.kind(no) == 'requirement' and not self.has(no, '>derives') and not self.attr(no, 'source'))

    def requirement_not_allocated(self, no):
        return once(self.kind(no) == 'requirement' and not self.has(no, 'allocated_to>'))

    def claim_without_proof(self, no):
        return once(self.kind(no) == 'claim' and not self.has(no, '>verifies', '>evidences'))

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

    def flow_without_conduit(self, no):
        if self.kind(no) != 'flow' or any(self.kind(other) == 'conduit' for other in self.after(no, 'connects')):
            return []
        sources, sinks = ({self.place(link['to']) for link in self.out(no, 'connects')
                           if link.get('as') == role and self.live(link['to'])} - {None} for role in ('source', 'sink'))
        return once(any(here != there for here in sources for there in sinks))

    def natures(self, no):
        return set(self.attr(no, 'nature') or [])

    def safety_asset_outside(self, no):
        place = self.place(no) if self.kind(no) == 'asset' else None
        return [(place,)] if place is not None and 'safety' in self.natures(no) - self.natures(place) else []

    def not_separated(self, no):
        place = self.place(no) if self.kind(no) == 'asset' and not self.attr(no, 'separation_reason') else None
        return [(place,)] if place is not None and SPECIAL & (self.natures(no) - self.natures(place)) else []

    def mitigation_without_test(self, no):
        return once(self.kind(no) == 'countermeasure' and self.has(no, 'mitigates>') and not self.has(no, '>verifies'))

    def no_failure_effect(self, no):
        return once(self.kind(no) == 'countermeasure' and not self.attr(no, 'failure_effect'))

    def tester_not_independent(self, no):
        """One for each thing with the tester as its developer: what the case verifies, and what a verified claim rests on."""
        if self.kind(no) != 'test_case' or not self.attr(no, 'tester'):
            return []
        tested = {*self.after(no, 'verifies')}
        tested |= {base for claim in tested if self.kind(claim) == 'claim' for base in self.after(claim, 'rests_on')}
        return [(thing,) for thing in tested if self.attr(thing, 'developer') == self.attr(no, 'tester')]

    def waiver_without_rationale(self, no):
        decides = self.kind(no) == 'waiver' or self.kind(no) == 'claim' and self.attr(no, 'statement') == 'not_applicable'
        return once(decides and not self.attr(no, 'rationale'))

    def residual_above_tolerable(self, no):
        likelihood, decision = self.attr(no, 'residual_likelihood'), self.attr(no, 'decision')
        if self.kind(no) != 'risk' or decision or likelihood is None:
            return []
        impact, tolerable = (self.attr(no, name) or {} for name in ('residual_impact', 'tolerable'))
        return once(any(likelihood * impact[area] > tolerable[area] for area in impact if area in tolerable))

    RULES = ('target_without_risk', 'requirement_without_source', 'requirement_not_allocated', 'claim_without_proof',
             'evidence_without_revision', 'document_without_revision', 'orphan', 'loop', 'asset_in_no_place',
             'flow_without_conduit', 'safety_asset_outside', 'not_separated', 'mitigation_without_test', 'no_failure_effect',
             'tester_not_independent', 'waiver_without_rationale', 'residual_above_tolerable')

    def answer(self):
        return [[rule, no, *other] for rule in self.RULES for no in sorted(self.items) if self.live(no)
                for other in sorted(getattr(self, rule)(no))]
