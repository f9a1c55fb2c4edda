"""SL-C of components said a second time: the highest level below which no row of the component's types is unmet."""
from plain import Model


class Twin(Model):
    def failed(self, claim, component):
        """Does a verifying case fail, by the newest result that speaks of this component?"""
        for case in self.before(claim, 'verifies'):
            valid = [result for result in self.results
                     if result['case'] == case and result['status'] in ('passed', 'failed') and self.live(result['run'])
                     and self.speaks_of(result['run'], component)]
            if valid and max(valid, key=lambda result: result['at'])['status'] == 'failed':
                return True
        return False

    def speaks_of(self, run, component):
        versions = self.attr(run, 'versions') or {}
        key = self.items[component]['key']
        return key not in versions or versions[key] == self.attr(component, 'version')

    def claims(self, component):
        """Pairs (reference, claim): approved claims that cover the component, by the requirements they answer."""
        return [(self.attr(no, 'ref'), link['from']) for link in self.into(component, 'covers')
                if self.approved(link['from']) for no in self.after(link['from'], 'answers')]

    def meets(self, claim, component, compensated):
        if self.failed(claim, component) or self.past(claim, 'valid_until') or not all(
                self.live(link['to']) for link in self.out(claim, 'rests_on')):
            return False
        statement = self.attr(claim, 'statement')
        if statement == 'not_applicable':
            return bool(self.attr(claim, 'rationale'))
        if statement == 'compensated':
            return compensated and bool(self.attr(claim, 'equivalence'))
        return statement in ('met', 'met_by_configuration')

    def unmet(self, component, compensated):
        """The rows and constraints of the component's types that no claim meets, each with its first level."""
        types = set(self.attr(component, 'types') or [])
        met = {ref for ref, claim in self.claims(component) if self.meets(claim, component, compensated)}
        first = {ref: min(row['levels']) for ref, row in self.facts.capabilities.items() if row['types'] & types}
        first |= dict.fromkeys(self.facts.constraints if types else [], 1)
        return {ref: level for ref, level in first.items() if '62443-4-2 ' + ref not in met}

    def vector(self, component, compensated):
        if not self.attr(component, 'types') or {*self.facts.constraints} & {*self.unmet(component, False)}:
            return [None] * 7
        unmet = self.unmet(component, compensated)
        return [min([level - 1 for ref, level in unmet.items() if self.facts.capabilities[ref]['fr'] == fr], default=4)
                for fr in range(1, 8)]

    def answer(self):
        return {item['key']: {'native': self.vector(no, False), 'with_compensation': self.vector(no, True),
                              'reasons': self.unmet(no, False)}
                for no, item in self.items.items() if item['kind'] == 'component' and self.live(no)}
