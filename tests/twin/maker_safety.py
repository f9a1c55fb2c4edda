"""Makes random models of safety: hazards with layers, safety functions with elements, fault trees."""
from maker import Maker

VOTES = {1: ['1oo1'], 2: ['1oo2', '2oo2', '1oo2D'], 3: ['2oo3', '1oo3', '3oo3']}
PARTS = ['sensor', 'logic', 'final']


class Safety(Maker):
    def make(self):
        pick = self.random
        self.components = [self.item('component', self.element()) for _ in range(2)]
        self.assets = [self.asset() for _ in range(6)]
        self.conduits = [self.item('conduit', self.some_of({'latency_ms': ['5', '40']})) for _ in range(2)]
        hazards = [self.item('hazard', self.some_of({
            'initiating_frequency_per_y': ['0.1', '1', '0.01'], 'tolerable_frequency_per_y': ['1e-4', '1e-6', '1e-3']}) | {
            name: value for name, value in {'enabling_probability': '0.5', 'ignition_probability': '0.3', 'presence_probability': '0.1',
                                            'injury_probability': '1'}.items() if pick.random() < 0.5} | self.tree()) for _ in range(2)]
        layers = [self.function() for _ in range(3)] + [self.layer() for _ in range(2)]
        for layer in layers:
            for hazard in self.some(hazards):
                self.link(layer, 'prevents', hazard)

    def some_of(self, choices):
        """One of the values of each attribute; now and then it is left out."""
        return {name: self.random.choice(values) for name, values in choices.items() if not self.bad()}

    def element(self):
        pick = self.random
        attrs = self.some_of({
            'lambda_du_per_h': ['1e-7', '2.5e-6', '0.00001', '0'], 'proof_test_interval_h': ['8760', '4380'],
            'proof_test_coverage': ['1', '0.9', '0.6'], 'mission_time_h': ['87600', '100000', '8760'],
            'beta': ['0.1', '0.02', '0'], 'beta_d': ['0.05'], 'systematic_capability': [2, 3], 'element_type': ['A', 'B'],
            'lambda_sd_per_h': ['1e-6', '0'], 'lambda_su_per_h': ['1e-6'], 'element_response_ms': ['10', '250', '1200'],
            'diagnostic_interval_h': ['1', '24']})
        if pick.random() < 0.5:
            attrs |= self.some_of({'lambda_dd_per_h': ['1e-6', '9e-6', '0'], 'repair_time_h': ['8', '72']})
        if pick.random() < 0.2:
            attrs |= {'element_pfd': '2e-4', 'element_pfh_per_h': '3e-8'}
            if pick.random() < 0.7:
                attrs.pop('lambda_du_per_h', None)
        if pick.random() < 0.1:
            attrs['prior_use_sil'] = pick.randint(1, 3)
        if pick.random() < 0.1:
            attrs['switchover'] = pick.choice(['0.98', '1'])
        if self.bad():
            attrs['lambda_du_per_h'] = '0.01'
        return attrs

    def asset(self):
        pick = self.random
        attrs = {} if pick.random() < 0.2 else self.element()
        if pick.random() < 0.2:
            attrs['last_proof_test'] = pick.choice(['2025-06-30', '2019-12-31'])
        no = self.item('asset', attrs)
        for component in self.some(self.components, 0):
            self.link(no, 'instance_of', component)
        return no

    def function(self):
        pick = self.random
        attrs = self.some_of({'sil_target': [0, 1, 2, 3], 'mode': ['low', 'low', 'high', 'continuous'],
                              'process_safety_time_ms': ['10000', '3000', '1000'], 'process_lag_ms': ['0', '500']})
        for name, values in {'safety_standard': ['62061', '61511'], 'hft_route': ['1H', '61511'], 'response_margin_ms': ['200', '2000'],
                             'bypass_fraction': ['0.001', '0.05'], 'pfd': ['0.02', '0.0001'], 'pfh_per_h': ['1e-7'],
                             'response_time_ms': ['700', '3000']}.items():
            if pick.random() < 0.25:
                attrs[name] = pick.choice(values)
        used = []
        for part in PARTS:
            elements = pick.sample(self.assets, pick.choice([1, 1, 2, 2, 3]))
            channels = len(elements)
            if len(elements) == 3 and pick.random() < 0.3:
                channels = 2
            if channels > 1 or pick.random() < 0.5:
                attrs[f'{part}_vote'] = pick.choice(VOTES[pick.randint(1, 3) if self.bad() else channels])
            if channels > 1 and self.bad():
                del attrs[f'{part}_vote']
            used += [(part, no, {'channel': 1 + i % channels} if channels < len(elements) else {}) for i, no in enumerate(elements)]
        no = self.item('safety_function', attrs | self.tree())
        for part, element, link in used:
            if not self.bad():
                self.link(no, 'uses', element, link, part)
        for thing in self.some(self.conduits + self.assets, 0):
            self.link(no, 'uses', thing, role='path')
        return no

    def layer(self):
        no = self.item('protection_layer', self.some_of({'pfd': ['0.1', '0.01'], 'independent': [True, True, False]}))
        if self.random.random() < 0.5:
            self.link(no, 'uses', self.random.choice(self.assets), role='logic')
        return no

    def tree(self):
        """Few basic events, so that all their subsets can be tried."""
        pick = self.random
        if pick.random() < 0.3:
            return {}
        events = [f'e{i}' for i in range(pick.randint(1, 8))]
        gates = [f'g{i}' for i in range(pick.randint(1, 6))]
        lines = []
        for i, gate in enumerate(gates):
            inputs = pick.sample(gates[i + 1:] + events, pick.randint(1, min(4, len(gates) - i - 1 + len(events))))
            what = pick.choice(['and', 'or', 'or', f'atleast {pick.randint(1, len(inputs))}'])
            lines.append(f'{gate} = {what} {" ".join(inputs)}')
        for event in events:
            lines.append(f'{event} = ' + pick.choice(['event 0.01', 'event 0.2', 'event 1e-4', f'element X-{pick.choice(self.assets)}', 'house true',
                                                      'house false', 'event' if self.bad() else 'event 0.3']))
        if self.bad():
            lines[pick.randrange(len(lines))] = pick.choice(['g0 = or g0', 'e0 = or g0', 'x = nothing', f'{gates[-1]} = and', 'e0 = event 2'])
        return {'fault_tree': lines}
