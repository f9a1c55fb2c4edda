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

    def meant_for(self, row, place):
        """Requirements of the row that derive from an SL target of the place, or are allocated to nothing."""
        found, before = {*self.before(place, 'targets')}, None
        while found != before:
            before, found = found, found.union(*({next_one for next_one in self.after(no, 'derives')
                                                  if self.kind(next_one) == 'requirement'} for no in found))
        requirements = {no for no in self.items if self.kind(no) == 'requirement' and self.live(no)}
        return {no for no in requirements if self.attr(no, 'ref') == '62443-3-3 ' + row and
                (no in found or not self.after(no, 'allocated_to'))}

    def stage(self, row, status, place):
        requirements = {no for no, _ in self.requirements('62443-3-3 ' + row, place)}
        if status == 'removed':
            return 'not_applicable'
        if not requirements:
            others = self.meant_for(row, place)
            return 'no_requirement' if not others else 'not_allocated' if any(map(self.from_risk, others)) else 'not_derived'
        if status == 'verified':
            return 'verified'
        if status in ('failed', 'suspect', 'claimed'):
            return 'not_verified'
        return 'not_claimed' if any(self.from_risk(no) for no in requirements) else 'not_derived'

    def answer(self):
        return {self.items[no]['key']: {row: self.stage(row, status, no) for row, (status, _) in self.rows(no).items()}
                for no in self.places()}
