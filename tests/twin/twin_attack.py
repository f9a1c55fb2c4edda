"""Attack on safety, said a second time: places by repeating until nothing is added, credits by trying every split."""
import twin_status

WAYS = ('network', 'wireless', 'removable_media')
LEAST = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4}


class Twin(twin_status.Twin):
    def place_of(self, asset):
        places = [no for no in self.after(asset, 'part_of') if self.kind(no) in ('zone', 'conduit')]
        return places[0] if places else None

    def key(self, no):
        return self.items[no]['key']

    # ---- places ----

    def edges(self):
        """Pairs (from, to) of places, but for media."""
        found = set()
        for no, item in self.items.items():
            if not self.live(no):
                continue
            if item['kind'] == 'conduit':
                for link in self.out(no, 'connects'):
                    if self.live(link['to']):
                        found.add((link['to'], no))
                        if self.attr(no, 'direction') != ('a_to_b' if link['as'] == 'a' else 'b_to_a'):
                            found.add((no, link['to']))
            if item['kind'] == 'flow':
                ends = {role: [self.place_of(link['to']) for link in self.out(no, 'connects')
                               if link.get('as') == role and self.live(link['to'])] for role in ('source', 'sink')}
                if ends['source'] and ends['sink'] and ends['source'][-1] is not None and ends['sink'][-1] is not None:
                    found.add((ends['source'][-1], ends['sink'][-1]))
        return found

    def ports(self):
        return {zone for no, item in self.items.items() if item['kind'] == 'access_point' and self.live(no) and
                self.attr(no, 'medium') == 'removable_media' for zone in self.after(no, 'connects')}

    def entries(self, threat):
        for target in self.after(threat, 'threatens'):
            kind = self.kind(target)
            if kind in ('zone', 'conduit'):
                yield target
            elif kind == 'access_point':
                yield from self.after(target, 'connects')
            elif kind in ('asset', 'component'):
                for asset in [target] if kind == 'asset' else self.before(target, 'instance_of'):
                    if self.place_of(asset) is not None:
                        yield self.place_of(asset)

    def places(self, threat):
        reached, edges, ports = set(self.entries(threat)), self.edges(), self.ports()
        while True:
            more = {to for start, to in edges if start in reached} | (ports if reached & ports else set())
            if more <= reached:
                return reached
            reached |= more

    # ---- functions ----

    def trait(self, asset, way):
        own = (self.attr(asset, 'traits') or {}).get(way)
        if own is not None:
            return own
        answers = [(self.attr(part, 'traits') or {}).get(way) for part in self.after(asset, 'instance_of')]
        return True if True in answers else False if False in answers else None

    def asset_reached(self, asset, named, reached):
        if asset in named:
            return 2
        if all(self.trait(asset, way) is False for way in WAYS):
            return 0
        return 1 if self.place_of(asset) is None else 2 * (self.place_of(asset) in reached)

    def element_reached(self, element, named, reached):
        if self.kind(element) == 'asset':
            return self.asset_reached(element, named, reached)
        if self.kind(element) == 'component':
            assets = self.before(element, 'instance_of')
            return 2 if element in named else max((self.asset_reached(asset, named, reached) for asset in assets), default=1)
        return 2 * (element in reached)

    def function_reached(self, function, named, reached):
        elements = self.after(function, 'uses')
        if function in named:
            return 2
        if not elements:
            hard = self.kind(function) == 'protection_layer' and self.attr(function, 'nature') in ('mechanical', 'relief')
            return 0 if hard else 1
        return max(self.element_reached(element, named, reached) for element in elements)

    def element_places(self, element, named, reached):
        if self.kind(element) == 'conduit':
            return {element} & reached
        assets = [element] if self.kind(element) == 'asset' else self.before(element, 'instance_of')
        return {self.place_of(asset) for asset in assets if self.asset_reached(asset, named, reached) == 2} - {None}

    def functions(self, threat, among):
        named, reached = set(self.after(threat, 'threatens')), self.places(threat)
        return {function: self.function_reached(function, named, reached) for function in among}

    # ---- hazards ----

    def stands(self, layer):
        """What it has in common with others if they have it, too."""
        for element in self.after(layer, 'uses'):
            yield element
            for name in self.attr(element, 'networks') or []:
                yield f'network {name}'
            if self.kind(element) != 'component':
                for no in self.chain(element):
                    yield from (asset for asset in self.before(no, 'serves'))

    def groups(self, layers):
        groups = []
        for layer in layers:
            have = set(self.stands(layer))
            same = [group for group in groups if group[1] & have]
            groups = [group for group in groups if not group[1] & have]
            groups.append(({layer}.union(*(group[0] for group in same)), have.union(*(group[1] for group in same))))
        return [members for members, _ in groups]

    def target(self, place):
        vectors = [self.attr(no, 'vector') for no in self.before(place, 'targets') if self.attr(no, 'vector')]
        return [max((vector[i] for vector in vectors if vector[i] is not None), default=None) for i in range(7)]

    def hazard(self, hazard, threat):
        layers = sorted(self.before(hazard, 'prevents'))
        found = self.functions(threat, layers)
        groups = self.groups(layers)
        least = LEAST.get(self.attr(hazard, 'severity'), -1)
        rated = any('safety' in (self.attr(risk, 'impact') or {}) for item in (threat, hazard) for risk in self.before(item, 'assesses')
                    if self.kind(risk) == 'risk')
        return {'hazard': self.key(hazard), 'threat': self.key(threat), 'credits': len(groups), 'least': least, 'rated': rated,
                'standing': sum(any(found[layer] == 0 for layer in group) for group in groups),
                'layers': {self.key(layer): ('no', 'unknown', 'yes')[reached] for layer, reached in found.items()},
                'verdict': self.verdict(threat, layers, found, least)}

    def verdict(self, threat, layers, found, least):
        if 0 in found.values():
            return 'held'
        if 1 in found.values():
            return 'unknown'
        named, reached = set(self.after(threat, 'threatens')), self.places(threat)
        places = {place for layer in layers for element in self.after(layer, 'uses') for place in self.element_places(element, named, reached)}
        places = places if layers else set(self.entries(threat))
        entries = [self.target(place)[fr - 1] for place in places for fr in self.attr(threat, 'frs') or []]
        if least >= 0 and any(entry is not None and entry < least for entry in entries):
            return 'below'
        return 'unrated' if least < 0 or None in entries or not entries else 'met'

    def answer(self):
        threats = [no for no, item in sorted(self.items.items()) if item['kind'] == 'threat' and self.live(no)]
        functions = [no for no, item in sorted(self.items.items()) if self.live(no) and
                     item['kind'] in ('safety_function', 'protection_layer', 'essential_function')]
        scenarios = {self.key(threat): {
            'places': {self.key(no) for no in self.places(threat)},
            'functions': {self.key(no): ('no', 'unknown', 'yes')[reached] for no, reached in self.functions(threat, functions).items()}}
            for threat in threats}
        hazards = [self.hazard(no, threat) for no, item in sorted(self.items.items()) if item['kind'] == 'hazard' and self.live(no)
                   for threat in sorted(self.before(no, 'leads_to'))]
        return {'scenarios': scenarios, 'hazards': hazards}
