"""The metrics of findings, said a second time from docs/algorithms/metrics.md."""
import twin_status
from plain import DAY

SEVERITIES = ['critical', 'high', 'medium', 'low', 'none', None]
POINTS = 4


class Twin(twin_status.Twin):
    def __init__(self, facts, model, dates):
        super().__init__(facts, model, dates)
        self.first, self.last = model['from'], model['to']
        self.histories = {}
        for change in model['changes']:
            self.histories.setdefault(change['finding'], []).append((change['at'], change['state']))

    def state(self, finding, at):
        there = [state for time, state in self.histories[finding] if time <= at]
        return there[-1] if there else None

    def flagged(self, state, flag):
        return flag in self.facts.states[state]

    def open(self, finding, at):
        state = self.state(finding, at)
        return state is not None and not self.flagged(state, 'cleared') and not self.flagged(state, 'retired')

    def concerned(self, finding):
        subjects = {link['to'] for link in self.out(finding, 'concerns')}
        return {no for no in self.items if self.kind(no) == 'asset' and self.live(no)
                and (no in subjects or subjects & {link['to'] for link in self.out(no, 'instance_of')})}

    def inside(self, asset, scope):
        if scope is None:
            return True
        home = self.home(asset)
        return home == scope or home is not None and self.kind(scope) == 'system' and scope in self.chain(home)

    def compensated(self, finding):
        return any(self.measure_holds(no) for no in self.before(finding, 'mitigates'))

    def mean(self, findings, wanted):
        """[how many, milliseconds together] from coming until the first state that is wanted, in the period."""
        spans = []
        for finding in findings:
            changes = self.histories[finding]
            hits = [time for time, state in changes if wanted(state)]
            if hits and not wanted(changes[0][1]) and self.first < hits[0] <= self.last:
                spans.append(hits[0] - changes[0][0])
        return [len(spans), sum(spans)]

    def fixes(self, there, scope):
        """[patched, with a fix, unknown, exposed to what is exploited]: numbers of assets."""
        counts = [0, 0, 0, 0]
        for asset in (no for no in self.items if self.kind(no) == 'asset' and self.live(no) and self.inside(no, scope)):
            mine = [no for no in there if asset in self.concerned(no)]
            now = [no for no in mine if self.open(no, self.last)]
            lacking = [no for no in now if self.attr(no, 'fix') == 'available']
            fixed = [no for no in mine if self.state(no, self.last) == 'fixed' and self.attr(no, 'fix') != 'none']
            counts[0] += bool(fixed and not lacking)
            counts[1] += bool(fixed or lacking)
            counts[2] += any(self.attr(no, 'fix') is None for no in now)
            counts[3] += any(self.attr(no, 'kev') for no in now)
        return counts

    def trend(self, findings):
        step = (self.last - self.first) // POINTS
        times = [self.first + step * i for i in range(POINTS)] + [self.last]
        sets = [{no for no in findings if self.open(no, at)} for at in times]
        return [[len(now), len(now - before), len(before - now)] for before, now in zip(sets, sets[1:])]

    def scope(self, scope):
        mine = [no for no in self.histories if self.state(no, self.last) is not None
                and (scope is None or any(self.inside(asset, scope) for asset in self.concerned(no)))]
        there = [no for no in mine if not self.flagged(self.state(no, self.last), 'retired')]
        now = [no for no in there if self.open(no, self.last)]
        seen = [no for no in there if self.state(no, self.last) != 'new']
        ages = [[0] * 4 for _ in SEVERITIES]
        for no in now:
            age = self.last - self.histories[no][0][0]
            ages[SEVERITIES.index(self.attr(no, 'severity'))][sum(age > days * DAY for days in (30, 90, 180))] += 1
        return {'findings': len(there), 'open': ages, 'acknowledged': len(seen), 'compensated': sum(map(self.compensated, now)),
                'fixes': self.fixes(there, scope), 'kev': sum(bool(self.attr(no, 'kev')) for no in now),
                'acknowledge': self.mean(there, lambda state: state not in ('new', 'retired')),
                'fix': self.mean(there, lambda state: state == 'fixed'), 'trend': self.trend(mine)}

    def answer(self):
        scopes = [no for no in self.items if self.kind(no) in ('system', 'zone', 'conduit') and self.live(no)]
        return {'': self.scope(None)} | {self.items[no]['key']: self.scope(no) for no in scopes}
