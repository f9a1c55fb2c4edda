"""Makes random models: plants with their requirements, claims and proof, or webs of any items and links."""
import datetime
import random

from plain import SEPARATION

TYPES = ['SAR', 'EDR', 'HDR', 'NDR']
NAMES = ['PLC', 'plc ', 'Panel']
NATURES = ['control', 'safety', 'wireless', 'temporary', 'external', 'business']
IMPACTS = ['safety', 'environment', 'finance']
EVENTS = ['lock_out', 'expired_credential', 'audit_failure', 'time_failure', 'denial_of_service', 'fail_close', 'island_mode']
TECHNIQUES = ['T0837', 'T0814', 'T0859', 'T0843', 'T9999']
DATES = ['2025-06-30', '2025-12-31', '2026-01-01', '2027-01-01']


def instant(date):
    day = datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.timezone.utc)
    return int(day.timestamp()) * 1000


class Maker:
    """Items and links of one random model. `rot` is how often something is not as it should be."""

    def __init__(self, facts, seed):
        self.random, self.facts = random.Random(seed), facts
        self.rot = self.random.choice([0, 0.02, 0.1, 0.3])
        self.items, self.links, self.results, self.linked = [], [], [], set()
        self.make()
        now = instant('2026-01-01') + self.random.choice([-1, 0, 1, 43200000])
        self.model = {'items': self.items, 'links': self.links, 'results': self.results, 'now': now}
        if isinstance(self, Handled):
            self.histories.sort(key=lambda change: (change['finding'], change['at']))
            self.model |= {'changes': self.histories} | dict(zip(('from', 'to'), (instant('2025-01-01') + day * 86400000 for day in self.span)))

    def bad(self):
        return self.random.random() < self.rot

    def item(self, kind, attrs, state='approved'):
        if self.bad():
            state = self.random.choice([other for other in self.facts.kinds[kind] if 'approved' not in self.facts.states[other]])
        rev = self.random.randint(1, 3)
        no = len(self.items)
        self.items.append({'no': no, 'key': f'X-{no}', 'kind': kind, 'state': state, 'rev': rev,
                           'subst': self.random.randint(1, rev), 'attrs': attrs})
        return no

    def link(self, start, kind, end, attrs=None, role=''):
        """One link; another one of the same identity would only be a change of the first."""
        if (start, kind, end, role) in self.linked:
            return
        self.linked.add((start, kind, end, role))
        judged = [self.items[no]['subst'] for no in (start, end)]
        if self.bad():
            judged[self.random.randrange(2)] -= 1
        link = {'from': start, 'type': kind, 'to': end, 'judged': judged, 'attrs': attrs or {}}
        self.links.append(link | ({'as': role} if role else {}))

    def some(self, among, least=1):
        return self.random.sample(among, min(len(among), self.random.randint(least, 2)))


class Plant(Maker):
    """A system with a few zones, and the requirements of two FRs with their claims, tests and evidence."""

    def make(self):
        self.plant()
        for ref in self.references():
            self.requirement(ref)
        self.overlay()

    def traits(self, silence):
        return {trait: self.random.random() < 0.5 for trait in self.facts.traits if self.random.random() >= silence}

    def plant(self):
        pick = self.random
        ages = {nature: pick.choice([30, 400, 4000]) for nature in ('report', 'certificate', 'log') if pick.random() < 0.3}
        self.system = self.item('system', {'evidence_ages': ages} if ages else {}, 'approved')
        if ages and self.bad():
            self.item('system', {'evidence_ages': {'report': 1}}, pick.choice(['approved', 'retired']))
        self.zones = [self.item('zone', {}) for _ in range(pick.choice([1, 1, 2, 2, 3]))]
        self.edges = [self.item(pick.choice(['conduit', 'conduit', 'access_point']), {}) for _ in range(pick.choice([1, 1, 2, 2, 3]))]
        self.components = [self.item('component', {'version': pick.choice('12')} | (
            {} if self.bad() else {'types': pick.sample(TYPES, pick.randint(1, 2))}) | (
            {'traits': self.traits(0.3)})) for _ in range(3)]
        for no in self.zones + self.edges:
            if not self.bad():
                self.link(no, 'part_of', self.system)
        for no in self.edges:
            for zone in self.some(self.zones):
                self.link(no, 'connects', zone)
        self.conduits = [no for no in self.edges if self.items[no]['kind'] == 'conduit']
        self.places = self.zones + self.conduits
        self.assets = []
        for _ in range(pick.randint(2, 5)):
            attrs = {'traits': self.traits(self.rot)} | ({'installed_version': pick.choice('12')} if pick.random() < .5 else {})
            self.assets.append(self.item('asset', attrs))
            self.link(self.assets[-1], 'part_of', pick.choice(self.places))
            if not self.bad():
                for component in self.some(self.components):
                    self.link(self.assets[-1], 'instance_of', component)
        self.everything = [self.system] + self.zones + self.edges + self.assets
        for place in self.places:
            for _ in range(pick.randint(0, 2)):
                zero = {'zero_statement': 'z'} if pick.random() < 0.5 else {}
                vector = [pick.choice([None, 0, 1, 2, 3, 4]) for _ in range(7)]
                self.link(self.item('sl_target', {'vector': vector} | zero), 'targets', place)

    def references(self):
        frs = set(self.random.sample(range(1, 8), self.random.randint(1, 2)))
        for row, facts in self.facts.rows.items():
            if facts['fr'] in frs and not self.bad():
                yield '62443-3-3 ' + row
                for cr, _ in self.facts.crs.get(row, []):
                    if self.random.random() < 0.5:
                        yield '62443-4-2 ' + cr

    def requirement(self, ref):
        no = self.item('requirement', {'ref': ref})
        spots = [] if self.bad() else [self.system]
        if self.random.random() < 0.3:
            spots = self.some(self.everything + (self.components if '4-2' in ref else []))
        for spot in spots:
            self.link(no, 'allocated_to', spot)
        if self.random.random() < 0.08:
            self.waiver(no)
        if '4-2' in ref or self.random.random() < 0.8:
            for _ in range(1 + self.bad()):
                self.claim(no)

    def waiver(self, no):
        pick = self.random
        attrs = {'decision': pick.choice(['not_applicable'] * 3 + ['accepted_risk', 'deferred'])}
        if not self.bad():
            attrs['rationale'] = 'r'
        if pick.random() < 0.3:
            attrs['expires'] = pick.choice(DATES)
        if pick.random() < 0.3:
            attrs['reopens_on'] = pick.sample(self.facts.traits, 1)
        places = {} if pick.random() < 0.5 else {'places': [self.items[place]['key'] for place in self.some(self.places)]}
        self.link(self.item('waiver', attrs), 'waives', no, places)

    def claim(self, requirement):
        pick = self.random
        attrs = {'statement': pick.choice(['met', 'met', 'met_by_configuration', 'compensated'])}
        if self.bad():
            attrs['statement'] = pick.choice(['not_met', 'not_applicable'])
        if attrs['statement'] == 'compensated' and not self.bad():
            attrs |= {'equivalence': 'e', 'valid_until': DATES[3]}
        if self.bad():
            attrs['valid_until'] = pick.choice(DATES)
        no = self.item('claim', attrs)
        self.link(no, 'answers', requirement)
        for spot in [self.system] if pick.random() < 0.7 else self.some(self.everything):
            self.link(no, 'covers', spot)
        if attrs['statement'] == 'met_by_configuration' and not self.bad():
            self.link(no, 'rests_on', self.configuration())
        if pick.random() < self.rot * 2:
            self.link(no, 'rests_on', self.base())
        if pick.random() < 0.9:
            self.test(no)
        if pick.random() < 0.3:
            self.evidence(no)

    def configuration(self):
        """Captured from most of the assets, so that many members find theirs."""
        no = self.item('configuration', {} if self.bad() else {'captured': DATES[0]})
        for asset in self.assets:
            if self.random.random() < 0.8:
                self.link(no, 'concerns', asset)
        return no

    def base(self):
        kind = self.random.choice(['asset', 'component', 'countermeasure', 'document', 'configuration'])
        if kind in ('asset', 'component'):
            return self.random.choice(self.assets if kind == 'asset' else self.components)
        attrs = {'nature': self.random.choice(['technical', 'procedural', 'procedural'])} if kind == 'countermeasure' else {}
        no = self.item(kind, attrs | ({'expires': self.random.choice(DATES)} if kind == 'countermeasure' and self.bad() else {}))
        subjects = self.everything if kind == 'countermeasure' else self.everything + self.components
        for subject in self.some(subjects, 0):
            self.link(no, 'deployed_on' if kind == 'countermeasure' else 'concerns', subject)
        return no

    def test(self, subject):
        pick = self.random
        attrs = {'test_kind': 'fat' if self.bad() else 'sat'}
        if self.bad():
            attrs['stage'] = pick.choice(['development', 'factory', 'site', 'operation'])
        case = self.item('test_case', attrs)
        self.link(case, 'verifies', subject)
        if pick.random() < 0.01:
            # Many results that are none, newer than the one that counts.
            run = self.item('test_run', {}, 'recorded')
            self.results += [{'case': case, 'run': run, 'status': 'skipped', 'at': 2000 + at} for at in range(70)]
        for at in pick.sample(range(1000), 1 + (pick.random() < 0.3)):
            run = {'stage': pick.choice(['factory', 'site', 'operation'])} if self.bad() else {}
            if self.bad() or pick.random() < 0.03:
                run['versions'] = {self.items[no]['key']: pick.choice('12')
                                   for no in self.some(self.assets + self.components)}
            status = pick.choice(['failed', 'error', 'skipped']) if self.bad() else 'passed'
            self.results.append({'case': case, 'run': self.item('test_run', run, 'recorded'), 'status': status, 'at': at})

    def evidence(self, claim):
        pick = self.random
        kind = pick.choice(['evidence', 'evidence', 'document'])
        attrs = {'stage': pick.choice(['factory', 'site', 'operation'])} if kind == 'evidence' else {}
        if kind == 'evidence' and pick.random() < 0.3:
            attrs['nature'] = pick.choice(['certificate', 'report'])
        if kind == 'evidence' and pick.random() < 0.7:
            attrs['date'] = pick.choice(DATES)
        if kind == 'evidence' and pick.random() < 0.3:
            attrs |= {'version': pick.choice('12'), 'valid_until': pick.choice(DATES)}
        self.link(self.item(kind, attrs), 'evidences', claim)

    def overlay(self):
        pick = self.random
        rows = ['62443-3-3 ' + row for row in self.facts.rows]
        for _ in range(pick.randint(0, 3)):
            state = pick.choice(['new', 'acknowledged', 'mitigated', 'accepted', 'fixed', 'not_affected', 'false_positive'])
            finding = self.item('finding', {'broken': sorted(pick.sample(rows, 8))}, state)
            self.link(finding, 'concerns', pick.choice(self.assets + self.components))
            if pick.random() < 0.4:
                no = self.item('countermeasure', {'expires': pick.choice(DATES)} if pick.random() < 0.3 else {})
                self.link(no, 'mitigates', finding)
                self.test(no)
        for _ in range(pick.randint(0, 2)):
            attrs = {'refs': [ref for ref in rows if pick.random() < 0.6], 'survives_loss': pick.random() < 0.8}
            self.link(pick.choice(self.assets), 'serves', pick.choice(self.places), attrs)


class Handled(Plant):
    """A plant without requirements, and findings that went through their states at odd times."""

    def make(self):
        pick = self.random
        self.plant()
        self.histories = []
        self.span = sorted(pick.sample(range(200), 2))
        for _ in range(pick.randint(0, 12)):
            self.found()

    def test(self, measure):
        case = self.item('test_case', {'stage': 'site'})
        self.link(case, 'verifies', measure)
        self.results.append({'case': case, 'status': self.random.choice(['passed', 'failed']), 'at': instant('2025-06-30'),
                             'run': self.item('test_run', {})})

    def found(self):
        pick = self.random
        attrs = {name: pick.choice(values) for name, values in (
            ('severity', ['none', 'low', 'medium', 'high', 'critical']), ('kev', [True, False]), ('fix', ['available', 'none']))
            if pick.random() < 0.8}
        states = self.facts.kinds['finding']
        history = [pick.choice(['new', 'new', pick.choice(states)])] + pick.choices(states, k=pick.randint(0, 4))
        no = self.item('finding', attrs, history[-1])
        for subject in pick.sample(self.assets + self.components, pick.randint(0, 2)):
            self.link(no, 'concerns', subject)
        for day, state in zip(sorted(pick.choices(range(220), k=len(history))), history):
            self.histories.append({'finding': no, 'state': state, 'at': instant('2025-01-01') + day * 86400000 + pick.choice([0, 0, 1])})
        if pick.random() < 0.4:
            measure = self.item('countermeasure', {'expires': pick.choice(DATES)} if pick.random() < 0.3 else {})
            self.link(measure, 'mitigates', no)
            self.test(measure)


class Derived(Plant):
    """A plant with few requirements, most of which come from somewhere."""

    def make(self):
        self.sources = [self.item(kind, {}) for kind in ('risk', 'threat', 'hazard', 'incident')]
        super().make()
        targets = [item['no'] for item in self.items if item['kind'] == 'sl_target']
        for target in targets:
            if self.random.random() < 0.5:
                self.link(self.sources[0], 'justifies', target)
        requirements = [item['no'] for item in self.items if item['kind'] == 'requirement']
        for requirement in requirements:
            for source in self.some(self.sources[1:] + targets + requirements[:9], 0) if self.random.random() < 0.7 else []:
                if source != requirement:
                    self.link(source, 'derives', requirement)

    def references(self):
        rows = ['62443-3-3 ' + row for row in self.random.sample(list(self.facts.rows), 8)]
        return rows + self.some(rows, 0)


class Products(Maker):
    """Components with the common constraints and the 4-2 requirements of one FR, most of them claimed and proved."""

    def make(self):
        pick = self.random
        fr = pick.randint(1, 7)
        rows = self.facts.constraints + [ref for ref, row in self.facts.capabilities.items() if row['fr'] == fr]
        silent = pick.choice([0, 0, 0.01, 0.03, 0.2])
        self.components = [self.item('component', {'version': pick.choice('12')} | (
            {'types': pick.sample(TYPES, pick.randint(1, 3))} if pick.random() < 0.9 else {})) for _ in range(2)]
        self.around()
        self.rot /= 3
        often = self.rot
        for ref in rows:
            self.rot = often / 10 if ref in self.facts.constraints else often
            if pick.random() < silent and (ref not in self.facts.constraints or pick.random() < 0.2):
                continue
            requirement = self.item('requirement', {'ref': '62443-4-2 ' + ref})
            for spot in self.components if pick.random() < 0.97 else self.some(self.spots, 0):
                self.link(requirement, 'allocated_to', spot)
            for _ in range(2 if ref in self.facts.constraints else 1 + (pick.random() < 0.2)):
                self.claim(requirement)

    def around(self):
        """A zone with an instance of each, and a part of the first."""
        zone, asset = self.item('zone', {}), self.item('asset', {})
        self.part = self.item('component', {})
        self.link(asset, 'part_of', zone)
        for component in self.components:
            self.link(asset, 'instance_of', component)
        self.link(self.part, 'part_of', self.components[0])
        self.spots = [zone, asset, *self.components]
        self.others = [asset, self.part, *self.components, self.item('countermeasure', {}),
                       self.item('countermeasure', {'nature': 'procedural'})]

    def claim(self, requirement):
        pick = self.random
        attrs = {'statement': pick.choice(['met', 'met', 'met_by_configuration'])}
        if self.bad() or pick.random() < 0.02:
            attrs['statement'] = pick.choice(['not_met', 'not_applicable', 'compensated', 'compensated'])
        for name in ('rationale', 'equivalence'):
            if not self.bad():
                attrs[name] = 'r'
        if pick.random() < 0.1 or attrs['statement'] == 'compensated' and not self.bad():
            attrs['valid_until'] = pick.choice(DATES if self.bad() else DATES[2:])
        no = self.item('claim', attrs)
        self.link(no, 'answers', requirement)
        for component in self.components if pick.random() < 0.97 else self.some(self.components, 0):
            self.link(no, 'covers', component)
        if pick.random() < 0.05:
            self.link(no, 'rests_on', self.item('document', {}))
        if pick.random() < 0.03:
            self.link(no, 'rests_on', pick.choice(self.others))
        if not self.bad():
            self.prove(no, attrs['statement'] == 'compensated' or pick.random() < 0.5)

    def prove(self, claim, by_test):
        pick = self.random
        if not by_test:
            attrs = {'version': pick.choice('12')} if self.bad() else {}
            if self.bad():
                attrs['valid_until'] = pick.choice(DATES)
            self.link(self.item('evidence', attrs | {'nature': 'certificate'}), 'evidences', claim)
            return
        case = self.item('test_case', {})
        self.link(case, 'verifies', claim)
        for at in pick.sample(range(1000), 2):
            versions = {self.items[self.components[0]]['key']: pick.choice('12')} if self.bad() else None
            run = self.item('test_run', {'versions': versions} if versions else {}, 'recorded')
            status = pick.choice(['failed', 'error', 'skipped']) if self.bad() else 'passed'
            self.results.append({'case': case, 'run': run, 'status': status, 'at': at})


class Copied(Products):
    """Products installed in a zone whose SL targets often repeat what they can do."""

    def make(self):
        super().make()
        zone, pick = self.spots[0], self.random
        risk = self.item('risk', {})
        for _ in range(12):
            level, entry = pick.randint(0, 4), pick.randrange(7)
            target = self.item('sl_target', {'vector': [level if i == entry else pick.choice([0, 0, 0, None]) for i in range(7)]})
            self.link(target, 'targets', zone)
            if pick.random() < 0.2:
                self.link(risk, 'justifies', target)


class Built(Plant):
    """A plant whose components have claims of their own, with the common constraints of most of them."""

    def make(self):
        self.plant()
        self.rot /= 2
        for component in self.components:
            for ref in self.facts.constraints if self.random.random() < 0.8 else []:
                self.product(component, self.item('requirement', {'ref': '62443-4-2 ' + ref}))
        for ref in self.references():
            no = self.item('requirement', {'ref': ref})
            self.link(no, 'allocated_to', self.system)
            # Rows of 62443-3-3 by few claims, so that what the components can do decides; but wholly for what is no asset.
            scope = self.facts.rows.get(ref.removeprefix('62443-3-3 '), {'scope': 'each_asset'})['scope']
            if '4-2' in ref and self.random.random() < 0.97:
                for component in self.components:
                    self.product(component, no)
            elif self.random.random() < (0.2 if scope == 'each_asset' else 0.9):
                self.claim(no)

    def product(self, component, requirement):
        attrs = {'statement': 'compensated', 'equivalence': 'e', 'valid_until': DATES[3]} if self.bad() else {'statement': 'met'}
        no = self.item('claim', attrs)
        self.link(requirement, 'allocated_to', component)
        self.link(no, 'answers', requirement)
        self.link(no, 'covers', component)
        if not self.bad():
            self.test(no)

    def references(self):
        """As in a plant, but each row with all of its CRs."""
        frs = set(self.random.sample(range(1, 8), self.random.randint(1, 2)))
        for row, facts in self.facts.rows.items():
            if facts['fr'] in frs:
                yield '62443-3-3 ' + row
                yield from ('62443-4-2 ' + cr for cr, _ in self.facts.crs.get(row, []))


class Web(Maker):
    """Items of every kind and any links that the metamodel allows, loops among them."""
    def make(self):
        pick = self.random
        kinds = pick.choice([['zone', 'conduit', 'asset', 'flow'], ['zone', 'conduit', 'asset', 'access_point', 'safety_function', 'waiver'],
                             ['claim', 'test_case', 'component', 'document', 'requirement'],
                             ['risk', 'sl_target', 'countermeasure', 'evidence', 'waiver', 'threat', 'test_case'],
                             pick.sample(sorted(self.facts.kinds), pick.randint(3, len(self.facts.kinds)))])
        for _ in range(pick.randint(2, 16)):
            kind = pick.choice(kinds)
            self.item(kind, self.attrs(kind), pick.choice([state for state in self.facts.kinds[kind] if state != 'retired']))
        self.outside()
        rules = [rule for rule in self.facts.rules if self.those(rule['from']) and self.those(rule['to'])]
        rules += 3 * [rule for rule in rules if rule['link'] in ('part_of', 'connects', 'verifies', 'rests_on', 'mitigates')]
        for _ in range(pick.randint(0, 5 * len(self.items))):
            self.join(pick.choice(rules))

    def outside(self):
        """Where assets and flows came from, what they are called, and runs with results."""
        pick = self.random
        for item in self.items:
            if item['kind'] in ('asset', 'flow') and pick.random() < 0.7:
                item |= {'origin': pick.choice(['drawing', 'inventory'])} | ({'title': pick.choice(NAMES)} if pick.random() < 0.5 else {})
        for case in self.those('test_case'):
            for at in pick.sample(range(1000), pick.randint(0, 2)) if pick.random() < 0.5 else []:
                run = self.item('test_run', {'tester': pick.choice('ab')}, 'recorded')
                self.results.append({'case': case, 'run': run, 'status': pick.choice(['passed', 'failed', 'skipped']), 'at': at})

    def attrs(self, kind):
        """What decides about defects, each attribute in half of the items."""
        pick = self.random
        natures = [*pick.sample(NATURES, pick.randint(1, 3))]
        levels = {name: {area: pick.randint(0, 5) for area in pick.sample(IMPACTS, 2)} for name in ('impact', 'residual_impact', 'tolerable')}
        keeps = {event: pick.random() < 0.95 for event in EVENTS if pick.random() < 0.95}
        attrs = {'essential_function': {'keeps': keeps}, 'safety_function': {'keeps': keeps},
                 'zone': {'nature': natures, 'purdue': pick.choice(['1', '2', '3', '3.5', '4'])}, 'conduit': {'nature': natures},
                 'asset': {'nature': natures, 'separation_reason': 'r', 'traits': {'wireless': pick.random() < 0.5}},
                 'requirement': {'source': pick.choice(['s', *(f'X-{no}{end}' for no in range(9) for end in ('', ', 4', '0'))]), 'developer': pick.choice('ab'), 'responsible': 'owner',
                                 'ref': pick.choice(['62443-4-2 CR 1.1', '62443-3-3 SR 1.1', '62443-3-3 SR 2.8', '62443-3-3 SR 2.9 RE(1)', '62443-3-3 SR 6.1'])},
                 'system': {'scope': 's'},
                 'component': {'developer': pick.choice('ab'), 'traits': {'wireless': pick.random() < 0.5}},
                 'claim': {'statement': pick.choice(['met', 'not_applicable', 'not_applicable', 'compensated', 'compensated']), 'rationale': 'r',
                           'equivalence': 'e', 'valid_until': DATES[3]},
                 'sl_target': {'vector': [pick.choice([None, 0, 4]) for _ in range(7)]},
                 'evidence': {'revision': '1', 'nature': pick.choice(['report', 'certificate', 'log', 'interview']), 'person': pick.choice('ab'), 'department': pick.choice('de')}, 'document': {'revision': '1'},
                 'countermeasure': {'failure_effect': 'f', 'developer': pick.choice('ab')},
                 'test_case': {'tester': pick.choice('ab'), 'independence': pick.choice(['none', 'person', 'department', 'organisation']),
                               'test_kind': pick.choice(['unit', 'sat', 'fuzz', 'penetration', 'abuse'])}, 'waiver': {'rationale': 'r', 'decision': 'deferred', 'expires': pick.choice(DATES)},
                 'threat': {'techniques': pick.sample(TECHNIQUES, 2), 'frs': pick.choice([[1, 2], [3]]), 'frs_reason': 'r'},
                 'risk': {'residual_likelihood': pick.randint(1, 3), 'decision': 'accept', 'likelihood': pick.randint(1, 6),
                          'frs': pick.choice([[1, 2], [3]]), 'frs_reason': 'r'} | levels}.get(kind, {})
        return {name: value for name, value in attrs.items() if pick.random() < 0.5 or value is levels.get(name)}

    def join(self, rule):
        """One link by a rule, if there is no such link yet; never a second one where one is the most."""
        start, end = (self.random.choice(self.those(rule[end])) for end in ('from', 'to'))
        if rule['to'] == '=' and self.items[start]['kind'] != self.items[end]['kind'] or start == end:
            return
        role = '' if rule['roles'] == '-' else self.random.choice(rule['roles'].split(','))
        same = [link for link in self.links if link['from'] == start and link['type'] == rule['link']]
        if rule['from_max'] == '1' and same or any(link['to'] == end and link.get('as', '') == role for link in same):
            return
        self.link(start, rule['link'], end, self.link_attrs(rule['link']), role)

    def link_attrs(self, kind):
        return {'rules': self.random.sample(SEPARATION, 5)} if kind == 'waives' and self.random.random() < 0.8 else None

    def those(self, kinds):
        return [item['no'] for item in self.items if kinds in ('*', '=') or item['kind'] in kinds.split(',')]


class Sharing(Web):
    """What leads from requirements to safety functions, and nothing else."""
    KINDS = ['requirement', 'claim', 'countermeasure', 'asset', 'asset', 'component', 'zone', 'conduit', 'system', 'safety_function',
             'protection_layer']
    LINKS = ['answers', 'rests_on', 'deployed_on', 'uses', 'instance_of', 'part_of']

    def make(self):
        pick = self.random
        for kind in self.KINDS * 2:
            self.item(kind, {})
        rules = [rule for rule in self.facts.rules if rule['link'] in self.LINKS and self.those(rule['from']) and self.those(rule['to'])]
        for _ in range(pick.randint(20, 120)):
            self.join(pick.choice(rules))


class Exposed(Plant):
    """A plant with findings that say why, on what is inside products too, and the scenarios and functions they touch."""

    def make(self):
        super().make()
        pick = self.random
        part = self.item('component', {})
        self.link(part, 'part_of', pick.choice(self.components))
        deeper = self.item('component', {})
        self.link(deeper, 'part_of', part)
        if self.bad():
            self.link(part, 'part_of', deeper)
        subjects = self.assets + self.components + [part, deeper]
        threats = [self.item('threat', {'frs': sorted(pick.sample(range(1, 8), 2)), 'techniques': pick.sample(TECHNIQUES, 2)})
                   for _ in range(3)]
        for no in threats:
            self.link(no, 'threatens', pick.choice(subjects + self.places))
        function = self.item('safety_function', {})
        for role in ('sensor', 'logic', 'path'):
            self.link(function, 'uses', pick.choice(subjects + self.conduits), role=role)
        for _ in range(3):
            self.finding(subjects, threats)

    def finding(self, subjects, threats):
        pick = self.random
        attrs = {name: value for name, value in {
            'cwes': pick.choice([['CWE-787'], ['CWE-288', 'CWE-9999'], ['CWE-9999'], None]),
            'cvss': pick.choice(['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H', 'AV:N/AC:L/Au:N/C:P/I:P/A:N',
                                 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N', None]),
            'proposed': pick.choice([['62443-3-3 SR 7.8'], None, None]),
            'broken': pick.choice([['62443-3-3 SR 1.1', '62443-3-3 SR 3.5'], None, None])}.items() if value}
        no = self.item('finding', attrs, pick.choice(['new', 'acknowledged', 'accepted', 'fixed']))
        for subject in self.some(subjects):
            self.link(no, 'concerns', subject)
        if pick.random() < 0.5:
            self.link(pick.choice(threats), 'exploits', no)
        if pick.random() < 0.3:
            measure = self.item('countermeasure', {})
            self.link(measure, 'mitigates', no)
            self.test(measure)
