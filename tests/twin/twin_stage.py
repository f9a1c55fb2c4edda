"""Coverage said a second time: the furthest stage that each row has reached in each place."""
import twin_status

SOURCES = {'threat', 'hazard', 'incident', 'risk'}


class Twin(twin_status.Twin):
    def above(self, no):
        """Live items that an item derives from, or that justify it."""
        return {*self.before(no, 'derives'), *self.before(no, 'justifies')}

    def from_risk(self, requirement):
        found, before = {requirement}, set()
        while found != before:
            before, found = found, found.union(*(self.above(no) for no in found))
        return any(self.kind(no) in SOURCES for no in found)

    def stage(self, row, status, place):
        requirements = {no for no, _ in self.requirements('62443-3-3 ' + row, place)}
        if status == 'removed':
            return 'not_applicable'
        if not requirements:
            return 'no_requirement'
        if status == 'verified':
            return 'verified'
        if status in ('failed', 'suspect', 'claimed'):
            return 'not_verified'
        return 'not_claimed' if any(self.from_risk(no) for no in requirements) else 'not_derived'

    def answer(self):
        return {self.items[no]['key']: {row: self.stage(row, status, no) for row, (status, _) in self.rows(no).items()}
                for no in self.places()}
