"""Safety functions that share something with the countermeasures of a requirement, said a second time."""
import twin_status


class Twin(twin_status.Twin):
    def stands_on(self, function):
        """Pairs (anchor, thing): what the function uses, its components, and the places it lies in."""
        for thing in self.after(function, 'uses'):
            yield thing, thing
            for component in self.after(thing, 'instance_of'):
                yield component, thing
            for no in self.chain(thing)[1:] if self.kind(thing) != 'component' else []:
                if self.kind(no) != 'system':
                    yield no, thing

    def runs_on(self, requirement):
        """Tuples (claim, countermeasure, spot, thing): where the countermeasures run, and the components of that."""
        for claim in self.before(requirement, 'answers'):
            for measure in self.after(claim, 'rests_on'):
                if self.kind(measure) == 'countermeasure':
                    for spot in self.after(measure, 'deployed_on'):
                        for thing in [spot, *self.after(spot, 'instance_of')]:
                            yield claim, measure, spot, thing

    def paths(self, requirement, function):
        """Every way from the requirement to the function, what is the same as the one before left out."""
        found = set()
        for claim, measure, spot, thing in self.runs_on(requirement):
            for anchor, uses in self.stands_on(function):
                if anchor == thing:
                    steps = [requirement, claim, measure, spot, thing, uses, function]
                    found.add(tuple(self.items[no]['key'] for i, no in enumerate(steps) if i == 0 or no != steps[i - 1]))
        return found

    def answer(self):
        functions = [no for no in self.items if self.kind(no) in ('safety_function', 'protection_layer') and self.live(no)]
        return {item['key']: {self.items[function]['key']: paths for function in functions if (paths := self.paths(no, function))}
                for no, item in self.items.items() if item['kind'] == 'requirement' and self.live(no)}
