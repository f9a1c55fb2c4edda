"""Makes random models of risks: places, threats with techniques, risks rated by one of several methods, and targets."""
import copy

from maker import Maker

CATEGORIES = ['safety', 'environment', 'continuity', 'finance', 'legal', 'reputation', 'quality']
FACTORS = ['skill', 'motivation', 'resources', 'means']
BASES = ['detailed', 'initial', 'policy', 'override']


class Risks(Maker):
    def __init__(self, facts, seed):
        super().__init__(facts, seed)
        self.model |= {'methods': self.methods, 'default': self.default}

    def matrix(self, most):
        return [[self.random.randint(0, most) for _ in range(self.columns)] for _ in range(self.rows)]

    def how(self):
        pick = self.random
        kind = pick.choice(['matrix', 'risk_reduction', 'attacker_capability'])
        if kind == 'matrix':
            return {'by': kind, 'matrix': self.matrix(4)}
        if kind == 'attacker_capability':
            return {'by': kind, 'factors': {factor: [{'name': 'n', 'sl': pick.randint(0, 4)} for _ in range(pick.randint(2, 5))]
                                            for factor in FACTORS}}
        levels = sorted(pick.choices(range(5), k=pick.randint(1, 5)))
        bounds = sorted(pick.sample(range(1, 60), len(levels) - 1))
        return {'by': kind, 'bands': [{pick.choice(['up_to', 'below']): f'{bound / 8:.3f}', 'sl': level}
                                      for bound, level in zip(bounds, levels)] + [{'sl': levels[-1]}]}

    def method(self, name, version, replaces):
        pick = self.random
        self.rows, self.columns = pick.randint(2, 6), pick.randint(2, 6)
        known = pick.sample(CATEGORIES, pick.randint(1, 7))
        return {'method': name, 'version': version, 'title': 't', 'practice': 'p',
                'likelihood': [{'name': 'n', 'criterion': 'c'}] * self.rows, 'impact': ['i'] * self.columns,
                'categories': {category: {'tolerable': pick.choice([0, 2, 4, 9]), 'criteria': ['c'] * self.columns} for category in known},
                'rating': self.matrix(pick.choice([9, 25, 100])), 'sl': self.how()} | ({'replaces': replaces} if replaces else {})

    def make(self):
        pick = self.random
        self.methods = [self.method('own', '1', None), self.method('other', 'A.1', None)]
        if pick.random() < 0.3:
            self.methods.append(self.method('own', '2', '1'))
        self.names = [f'{method["method"]}@{method["version"]}' for method in self.methods] + ['matrix-5x5@1', 'crrf-5x5@1', 'attacker-5x5@1']
        self.default = pick.choice(self.names)
        self.zones = [self.item(pick.choice(['zone', 'conduit']), {}) for _ in range(pick.randint(1, 3))]
        self.threats = [self.item('threat', self.threat(), self.state()) for _ in range(pick.randint(1, 4))]
        self.threats.append(self.item('hazard', {}))
        self.risks = [self.risk() for _ in range(pick.randint(0, 6))]
        for place in self.zones:
            for _ in range(pick.choice([0, 1, 1, 1, 2])):
                self.target(place)

    def state(self):
        return 'retired' if self.bad() else 'approved'

    def threat(self):
        pick = self.random
        names = sorted(self.facts.techniques)
        techniques = [pick.choice(['T9999', pick.choice(names)]) if self.bad() else pick.choice(names) for _ in range(pick.randint(0, 2))]
        return ({'techniques': techniques} if techniques else {}) | ({'frs': self.frs()} if pick.random() < 0.3 else {})

    def frs(self):
        return sorted(self.random.sample(range(1, 8), self.random.randint(1, 4)))

    def classes(self, names, least, most):
        return {name: self.random.randint(least, most) for name in self.random.sample(names, self.random.randint(1, 3))}

    def risk(self):
        pick = self.random
        most = 7 if self.bad() else 3
        attrs = {'impact': self.classes(CATEGORIES, 0, most), 'likelihood': pick.randint(1, most)}
        attrs['tolerable'] = {name: pick.choice([0, 1, 2, 4, 9]) for name in attrs['impact'] if not self.bad()}
        attrs['attacker'] = {name: pick.randint(1, 3) for name in FACTORS if not self.bad()}
        for name, value in {'frs': self.frs(), 'method': pick.choice(self.names), 'stage': pick.choice(['initial', 'detailed'])}.items():
            if pick.random() < 0.6:
                attrs[name] = value
        if self.bad():
            attrs['method'] = 'gone@1'
        if self.bad():
            del attrs['likelihood']
        if pick.random() < 0.5:
            attrs |= {'residual_likelihood': pick.randint(1, 3), 'residual_impact': self.classes(CATEGORIES, 0, 3)}
        no = self.item('risk', {name: value for name, value in attrs.items() if value != {}}, self.state())
        for threat in self.some(self.threats):
            self.link(no, 'assesses', threat)
        if not self.bad():
            self.link(no, 'within', pick.choice(self.zones))
        return no

    def target(self, place):
        """Often what a naive reader would state, so that some are accepted."""
        pick = self.random
        vector = [pick.choice([None, 0, 1, 2, 3]) for _ in range(7)]
        basis = pick.choice([[], ['detailed'], ['initial'], ['policy'], ['override'], pick.choices(BASES, k=7), ['detailed', 'policy'],
                             ['of old']])
        attrs = {'vector': vector} | ({'basis': basis} if basis else {})
        if pick.random() < 0.4:
            attrs['zero_statement'] = 'z'
        if pick.random() < 0.4:
            attrs['derived'] = [pick.choice([None, 0, 1, 2, 3]) for _ in range(7)]
        no = self.item('sl_target', attrs, pick.choice(['draft', 'approved', 'approved', self.state()]))
        self.link(no, 'targets', place)
        for risk in self.some(self.risks, 0):
            self.link(risk, 'justifies', no)


class Settled(Risks):
    """The same with targets that state what `derive` (of the twin) gives, so that many are accepted."""
    derive = None

    def __init__(self, facts, seed):
        super().__init__(facts, seed)
        model = copy.deepcopy(self.model)
        for place, entries in self.derive(facts, model).items():
            for link in self.links:
                target = self.items[link['from']]
                if link['type'] == 'targets' and link['to'] == place and self.random.random() < 0.9:
                    target['attrs'] |= {'vector': entries, 'derived': entries}
