"""Trace, impact and suspect links said a second time: items by distance, one ring of neighbours after the other."""
from plain import Model


class Twin(Model):
    def steps(self, column, up):
        """Pairs (item, next) along the column `trace` or `ripple` of link_types.tsv, or against it."""
        for link in self.links:
            way = self.facts.links[link['type']][column]
            if way in ('forward', 'both'):
                yield (link['to'], link['from']) if up else (link['from'], link['to'])
            if way in ('backward', 'both'):
                yield (link['from'], link['to']) if up else (link['to'], link['from'])

    def rings(self, start, column, up):
        """Distance of each item reached, the start included; retired items are not reached."""
        steps, distance, ring = set(self.steps(column, up)), {start: 0}, {start}
        while ring:
            ring = {there for here, there in steps if here in ring and there not in distance and self.live(there)}
            distance |= dict.fromkeys(ring, max(distance.values()) + 1)
        return distance

    def walk(self, start, column, way):
        """Distances; of an item found both ways, the nearer one."""
        found = [self.rings(start, column, up) for up in {'down': [False], 'up': [True], 'both': [False, True]}[way]]
        return {no: min(ring[no] for ring in found if no in ring) for no in {no for ring in found for no in ring}}

    def is_path(self, path, column, way):
        """Does each item follow from the one before, all the way down or all the way up?"""
        pairs = {*zip(path, path[1:])}
        return all(self.live(no) for no in path[1:]) and any(
            pairs <= set(self.steps(column, up)) for up in {'down': [False], 'up': [True], 'both': [False, True]}[way])

    def suspects(self):
        return sorted([link['from'], link['type'], link['to'], link.get('as', ''), end]
                      for link in self.links for end in self.changed_ends(link))

    def answer(self):
        walks = {f'{no} {column} {way}': self.walk(no, column, way)
                 for no in self.items for column in ('trace', 'ripple') for way in ('down', 'up', 'both')}
        return {'suspects': self.suspects(), 'walks': walks}
