"""Which rows need something to be done, by their status alone, and the cheapest cover by trying all of it."""
import twin_status


class Twin(twin_status.Twin):
    def answer(self):
        """Rows demanded at SL-T, by place, that are not met or broken; what their base row does is not asked."""
        answer = {}
        for no in self.places():
            target = self.target(no)
            demanded = [row for row, facts in self.facts.rows.items() if target[facts['fr'] - 1] and target[facts['fr'] - 1] in facts['levels']]
            found = {row: self.row(row, no) for row in demanded}
            answer[self.items[no]['key']] = sorted(row for row, (status, broken) in found.items()
                                                   if status != 'removed' and (status != 'verified' or broken))
        return answer


def clusters(needs):
    """Needs in groups that share no action."""
    groups = []
    for need in set(needs):
        touched = [group for group in groups if any(need & other for other in group)]
        groups = [group for group in groups if group not in touched] + [[need, *(other for group in touched for other in group)]]
    return groups


def cheapest(needs, costs):
    """The least cost that meets all needs of a group, each a set of actions."""
    best = sum(costs[min(need, key=costs.__getitem__)] for need in needs)

    def search(left, spent):
        nonlocal best
        if spent >= best:
            return
        if not left:
            best = spent
            return
        for action in min(left, key=len):
            search([need for need in left if action not in need], spent + costs[action])

    search(needs, 0)
    return best
