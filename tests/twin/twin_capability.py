"""SL-C said a second time: the highest level below which no row is unmet, natively and with compensation or by integration."""
import functools
import re

import twin_status
from twin_status import ORDER

WAYS = ('native', 'compensated')


class Twin(twin_status.Twin):
    def base(self, ref):
        return re.sub(r' RE\(\d\)$', '', ref)

    def requirements(self, ref, place):
        """A component is reached by what is allocated to it, to an instance, or to what contains one."""
        if self.kind(place) != 'component':
            return super().requirements(ref, place)
        if place not in self.reached:
            self.reached[place] = self.by_reference({place}.union(*(self.chain(asset) for asset in self.instances(place))))
        return self.reached[place].get(ref, set())

    @functools.cached_property
    def reached(self):
        """By component or system, once it was asked for."""
        return {}

    def bound(self, states):
        """An enhancement counts only where its base row counts."""
        found = {}
        for row, status in states.items():
            base = states.get(self.base(row), 'removed')
            if 'unknown' in (status, base) and status != 'removed':
                status = 'unknown'
            elif 'removed' not in (status, base):
                status = min(status, base, key=ORDER.index)
            found[row] = status
        return found

    def states(self, component, way):
        """How each row of the component's types, and each constraint, is met."""
        types = set(self.attr(component, 'types') or [])
        rows = [*self.facts.constraints, *(ref for ref, row in self.facts.capabilities.items() if row['types'] & types)]
        self.capability = way
        found = {ref: self.best_claim('62443-4-2 ' + ref, component, component)[0] or 'open' for ref in rows} if types else {}
        self.capability = None
        return self.bound(found)

    def vector(self, states, facts, least):
        """`facts`: the rows of the catalogue, with fr and levels."""
        return [None if any(status == 'unknown' for row, status in states.items() if facts[row]['fr'] == fr) else
                min([min(facts[row]['levels']) - 1 for row, status in states.items()
                     if facts[row]['fr'] == fr and status != 'removed' and ORDER.index(status) < ORDER.index(least)], default=4)
                for fr in range(1, 8)]

    def said(self, native, compensated, facts):
        """What is answered of rows that are met in two ways."""
        return {'native': self.vector(native, facts, 'verified'), 'with_compensation': self.vector(compensated, facts, 'verified'),
                'claimed': self.vector(native, facts, 'claimed'),
                'rows': [[sum(status == 'verified' for row, status in native.items() if facts[row]['fr'] == fr),
                          sum(status != 'removed' for row, status in native.items() if facts[row]['fr'] == fr)]
                         for fr in range(1, 8)]}

    def component(self, no):
        native, compensated = (self.states(no, way) for way in WAYS)
        constraints = [native.pop(ref, 'open') for ref in self.facts.constraints]
        reasons = {ref: 1 for ref, status in zip(self.facts.constraints, constraints) if native and status != 'verified'}
        for ref in self.facts.constraints:
            compensated.pop(ref, None)
        answer = self.said(native, compensated, self.facts.capabilities)
        worst = ORDER.index(min(constraints, key=ORDER.index))
        for name, least in (('native', 'verified'), ('with_compensation', 'verified'), ('claimed', 'claimed')):
            if worst < ORDER.index(least):
                answer[name] = [None] * 7
        reasons |= {ref: min(self.facts.capabilities[ref]['levels']) for ref, status in native.items() if status != 'verified'}
        return answer | {'reasons': reasons}

    def answer(self):
        return {item['key']: self.component(no) for no, item in self.items.items() if item['kind'] == 'component' and self.live(no)}


class SystemTwin(Twin):
    """The same over the rows of 62443-3-3, from claims about the system and what its components can do."""

    def component_states(self, component, way):
        """Rows of a component whose constraints are not met are claimed at most, if those are claimed."""
        key = (component, way)
        if key not in self.known:
            native = self.states(component, 'native')
            worst = min((native.get(ref, 'open') for ref in self.facts.constraints), key=ORDER.index)
            states = native if way == 'native' else self.states(component, way)
            if worst != 'verified':
                most = 'claimed' if worst == 'claimed' else 'open'
                states = {ref: min(native[ref], most, key=ORDER.index) for ref in native}
            self.known[key] = states
        return self.known[key]

    def through(self, row, place, asset, way):
        found = []
        for cr, types in self.facts.crs.get(row, []):
            if not types & self.types(asset):
                continue
            parts = [states[cr] for component in self.components(asset) if cr in (states := self.component_states(component, way))]
            self.capability = way
            own = self.best_claim('62443-4-2 ' + cr, place, asset)[0] or 'open'
            found.append(max(own, min(parts, key=ORDER.index, default='open'), key=ORDER.index))
        return min(found, key=ORDER.index, default='open')

    def assets(self, place):
        return self.within(place) if self.kind(place) == 'system' else super().assets(place)

    def boundary(self, place):
        if self.kind(place) != 'system':
            return super().boundary(place)
        conduits = {no for no in self.places() if self.kind(no) == 'conduit' and place in self.chain(no)}
        return conduits | {no for no in self.before(place, 'part_of') if self.kind(no) == 'access_point'}

    def requirements(self, ref, place):
        if self.kind(place) != 'system':
            return super().requirements(ref, place)
        if place not in self.reached:
            spots = {place} | {no for no in self.places() if place in self.chain(no)} | self.boundary(place) | self.assets(place)
            self.reached[place] = self.by_reference(spots | {no for asset in self.assets(place) for no in self.components(asset)})
        return self.reached[place].get(ref, set())

    def member(self, row, system, member, way):
        self.capability = way
        status, in_force = self.best_claim('62443-3-3 ' + row, system, member)
        if not in_force and self.facts.rows[row]['scope'] == 'each_asset':
            status = max(status or 'open', self.through(row, system, member, way), key=ORDER.index)
        return status or 'open'

    def system_states(self, system, way):
        found = {}
        for row in self.facts.rows:
            members, known = self.need(row, system)
            states = [self.member(row, system, member, way) for member in members]
            found[row] = min(states, key=ORDER.index, default='removed') if known else 'unknown'
        self.capability = None
        return self.bound(found)

    def answer(self):
        self.known, answer = {}, {}
        for no, item in self.items.items():
            if item['kind'] == 'system' and self.live(no):
                native, compensated = (self.system_states(no, way) for way in WAYS)
                answer[item['key']] = self.said(native, compensated, self.facts.rows) | {
                    'reasons': {row: min(self.facts.rows[row]['levels']) for row, status in native.items()
                                if status not in ('verified', 'removed')}}
        return answer
