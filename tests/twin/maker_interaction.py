"""Random plants for the questions between safety and security: functions, what they stand on, measures, ways and scenarios."""
from maker import EVENTS, Maker, Web

ASPECTS = ['availability', 'response_time', 'integrity', 'independence', 'access', 'common_cause', 'maintenance']
WAYS = ['network', 'wireless', 'removable_media']


class Joining(Web):
    """Items of KINDS, twice each, joined by LINKS only."""
    def make(self):
        for kind in self.KINDS * 2:
            self.item(kind, self.attrs(kind))
        rules = [rule for rule in self.facts.rules if rule['link'] in self.LINKS and self.those(rule['from']) and self.those(rule['to'])]
        for _ in range(self.random.randint(20, 120)):
            self.join(self.random.choice(rules))
        self.finish()

    def finish(self):
        pass

    def most(self, attrs):
        """Each attribute nearly always."""
        return {name: value for name, value in attrs.items() if self.random.random() < 0.85}


class Interacting(Joining):
    KINDS = ['countermeasure', 'countermeasure', 'asset', 'component', 'zone', 'conduit', 'system', 'safety_function', 'essential_function']
    LINKS = ['deployed_on', 'uses', 'instance_of', 'part_of', 'affects']

    def attrs(self, kind):
        pick = self.random
        keeps = {event: pick.random() < 0.8 for event in EVENTS if pick.random() < 0.8}
        if kind == 'essential_function':
            return self.most({'keeps': keeps})
        if kind != 'safety_function':
            return {}
        return self.most({'mode': pick.choice(['low', 'low', 'low', 'high']), 'sil_target': pick.randint(0, 3), 'keeps': keeps,
                          'pfd': str(pick.choice([0.5, 0.03, 0.004, 0.0006])), 'pfh_per_h': str(pick.choice([1e-4, 3e-7])),
                          'process_safety_time_ms': str(pick.choice([1000, 4000])), 'process_lag_ms': str(pick.choice([0, 100])),
                          'response_time_ms': str(pick.choice([100, 900, 1800])),
                          **({'response_margin_ms': '250'} if pick.random() < 0.5 else {})})

    def link_attrs(self, kind):
        pick = self.random
        return self.most({'aspects': pick.sample(ASPECTS, pick.randint(1, 3)), 'added_latency_ms': str(pick.choice([1, 40, 1200])),
                          'added_pfd': str(pick.choice([0, 0.001, 0.02])),
                          'verdict': pick.choice(['acceptable', 'acceptable', 'not_acceptable', 'open'])}) if kind == 'affects' else None

    def finish(self):
        """Half of the verdicts say what they were given on, and some of that has changed."""
        for link in self.links:
            if link['type'] != 'affects' or self.random.random() < 0.5:
                continue
            basis = {self.items[no]['key']: str(self.items[no]['subst']) for no in self.basis(link['from'], link['to'])}
            for key in list(basis):
                if self.bad():
                    basis[key] = '9'
                elif self.bad():
                    del basis[key]
            link['attrs']['judged_on'] = basis | ({'X-999': '1'} if self.bad() else {})

    def basis(self, measure, function):
        live = {item['no'] for item in self.items if item['state'] != 'retired'}
        ends = [link['to'] for link in self.links if link['to'] in live and
                (link['from'], link['type']) in ((measure, 'deployed_on'), (function, 'uses'))]
        parts = [link['to'] for link in self.links if link['from'] in ends and link['type'] == 'instance_of' and link['to'] in live]
        return {measure, function, *ends, *parts}


class Attacked(Joining):
    KINDS = ['threat', 'hazard', 'asset', 'asset', 'asset', 'component', 'zone', 'zone', 'conduit', 'access_point', 'flow', 'system',
             'safety_function', 'protection_layer', 'risk', 'sl_target']
    LINKS = ['uses', 'uses', 'instance_of', 'part_of', 'connects', 'threatens', 'leads_to', 'prevents', 'serves', 'assesses', 'targets']

    def attrs(self, kind):
        pick = self.random
        attrs = {'threat': {'frs': pick.sample(range(1, 8), 2)}, 'hazard': {'severity': pick.randint(1, 5)},
                 'conduit': {'direction': pick.choice(['a_to_b', 'b_to_a', 'both'])},
                 'access_point': {'medium': pick.choice(['removable_media', 'removable_media', 'network'])},
                 'asset': {'traits': {way: pick.random() < 0.3 for way in WAYS}, 'networks': [pick.choice('abcdefg')]},
                 'component': {'traits': {way: pick.random() < 0.3 for way in WAYS}},
                 'protection_layer': {'nature': pick.choice(['alarm', 'mechanical', 'relief', 'bpcs_loop'])},
                 'risk': {'impact': {pick.choice(['safety', 'finance']): 3}},
                 'sl_target': {'vector': [pick.choice([None, 1, 2, 3, 4]) for _ in range(7)]}}.get(kind, {})
        return self.most(attrs)
