"""What safety functions achieve, layers of protection and minimal cut sets, said a second time: averages are integrals taken
piece by piece with exact fractions, and cut sets are found by trying every subset of the basic events."""
import fractions
import itertools
import math

import plain

PARTS = ['sensor', 'logic', 'final']
HOUR = 3600000
F = fractions.Fraction


def number(text):
    return None if text is None else F(str(text))


def known(*values):
    return all(value is not None for value in values)


def average(power, rate, a, t, m):
    """Average over 0..m of the power of rate (a (time since the test) + (1 - a) time), tests each t."""
    pieces, total = math.ceil(m / t), F(0)
    m = pieces * t
    b = 1 - a
    for j in range(pieces):
        start = b * j * t  # a u + b (j t + u) = u + start
        total += ((start + t) ** (power + 1) - start ** (power + 1)) / (power + 1)
    return total / m * rate ** power


class Twin(plain.Model):
    def value(self, no, name):
        """Its own, else that of the first component that is there and has it."""
        for thing in [no, *self.after(no, 'instance_of')]:
            if self.attr(thing, name) is not None:
                return self.attr(thing, name)
        return None

    def rate(self, no, name):
        return number(self.value(no, name))

    def interval(self, no):
        t, last = self.rate(no, 'proof_test_interval_h'), self.value(no, 'last_proof_test')
        if known(t, last):
            t = max(t, F(self.now - self.dates(last), HOUR))
        return t

    # ---- one part ----

    def channels(self, function, part):
        """Lists of elements; those with one number of a channel are one."""
        found = {}
        for i, link in enumerate(self.out(function, 'uses')):
            if link.get('as') == part:
                found.setdefault(link['attrs'].get('channel', f'own {i}'), []).append(link['to'])
        return list(found.values())

    def tests(self, elements):
        """Interval, coverage, mission of the worst; None where one is unknown."""
        t = [self.interval(no) for no in elements]
        a = [self.rate(no, 'proof_test_coverage') for no in elements]
        m = [self.rate(no, 'mission_time_h') for no in elements]
        if not known(*t, *a):
            return None
        if min(a) == 1:
            return max(t), F(1), max(t)
        return (max(t), min(a), max(m)) if known(*m) and max(m) >= max(t) else None

    def worst(self, elements, name):
        values = [self.rate(no, name) for no in elements]
        return max(values) if known(*values) else None

    def summed(self, channels, name):
        values = [[self.rate(no, name) for no in channel] for channel in channels]
        return max(map(sum, values)) if known(*itertools.chain(*values)) else None

    def pfd_alone(self, no):
        """PFDavg of an element of which nothing is redundant."""
        du, dd, r = (self.rate(no, name) for name in ('lambda_du_per_h', 'lambda_dd_per_h', 'repair_time_h'))
        if du is None:
            return self.rate(no, 'element_pfd')
        tests = self.tests([no])
        if tests is None or (dd is None) != (r is None):
            return None
        t, a, m = tests
        return du * (a * t + (1 - a) * m) / 2 + ((du + dd) * r if known(dd) else 0)

    def pfh_alone(self, no):
        du = self.rate(no, 'lambda_du_per_h')
        return self.rate(no, 'element_pfh_per_h') if du is None else du

    def group(self, channels, vote, mode):
        elements = list(itertools.chain(*channels))
        du, dd, sd = (self.summed(channels, f'lambda_{kind}_per_h') for kind in ('du', 'dd', 'sd'))
        beta, beta_d, r, k = (self.worst(elements, name) for name in ('beta', 'beta_d', 'repair_time_h', 'switchover'))
        k = min((self.rate(no, 'switchover') for no in elements), default=None) if known(k) else None
        needed, n = int(vote[0]), int(vote[3])
        if mode == 'machinery':
            return self.machinery(elements, n, du, dd, beta)
        if not known(du, beta):
            return None
        bare = dd is None and r is None
        tests = self.tests(elements)
        if mode == 'low':
            return self.group_pfd(du, dd, sd, beta, beta_d, r, k if vote == '1oo2D' else None, needed, n, tests, bare)
        return self.group_pfh(du, dd, sd, beta, beta_d, r, k if vote == '1oo2D' else None, needed, n, tests, bare)

    def group_pfd(self, du, dd, sd, beta, beta_d, r, k, needed, n, tests, bare):
        if tests is None:
            return None
        t, a, m = tests
        wide = a * t + (1 - a) * m
        if k is not None:
            if not known(dd, sd, beta_d, r):
                return None
            if du + dd + sd == 0:
                return F(0)
            one = (du * (wide / 2 + r) + (dd + sd) * r) / (du + dd + sd)
            return (2 * (1 - beta) * du * ((1 - beta) * du + (1 - beta_d) * dd + sd) * one * (wide / 3 + r)
                    + 2 * (1 - k) * dd * one + beta * du * (wide / 2 + r))
        if not bare and not known(dd, r, beta_d):
            return None
        fail = n - needed + 1
        whole = math.ceil(m / t) * t
        share, rate, stay = (F(1), (1 - beta) * du, F(0)) if bare else (
            du / (du + dd) if du + dd else F(0), (1 - beta) * du + (1 - beta_d) * dd, r)
        # n! rate^n tCE tGE ... with every power of T in it replaced by what an imperfect test makes of it
        powers = [F(1)]
        for i in range(2, fail + 2):
            powers = [(powers[j] * stay if j < len(powers) else F(0)) + (powers[j - 1] * share / i if j else F(0)) for j in range(len(powers) + 1)]
        spans = [1, a * t + (1 - a) * whole] + [average(j, F(1), a, t, m) * (j + 1) for j in (2, 3)]
        single = math.factorial(fail) * sum(power * span for power, span in zip(powers, spans)) * rate ** fail
        repair = 0 if bare else (beta * du + beta_d * dd) * r
        return (math.comb(n, fail) * single
                + beta * du * (a * t + (1 - a) * whole) / 2 + repair)

    def group_pfh(self, du, dd, sd, beta, beta_d, r, k, needed, n, tests, bare):
        if tests is None:
            return None
        t, a, m = tests
        wide, one_du = a * t + (1 - a) * m, (1 - beta) * du
        if k is not None:
            if not known(dd, sd, beta_d, r):
                return None
            one = (du * (wide / 2 + r) + (dd + sd) * r) / (du + dd + sd) if du + dd + sd else F(0)
            return 2 * one_du * (one_du + (1 - beta_d) * dd + sd) * one + 2 * (1 - k) * dd + beta * du
        if bare:
            if n - needed == 2:
                return 3 * one_du * average(2, one_du, a, t, m) + beta * du
            return math.comb(n, 2) * one_du * one_du * wide + beta * du
        if not known(dd, r, beta_d):
            return None
        times = [(du * (wide / i + r) + dd * r) / (du + dd) if du + dd else F(0) for i in (2, 3)]
        first = (1 - beta_d) * dd + one_du
        if n - needed == 2:
            return 6 * first * first * one_du * times[0] * times[1] + beta * du
        return 2 * math.comb(n, 2) * first * one_du * times[0] + beta * du

    def machinery(self, elements, n, du, dd, beta):
        t = [self.interval(no) for no in elements]
        if n != 2 or not known(du, dd, beta, *t):
            return None
        t1, m, t2 = max(t), self.worst(elements, 'mission_time_h'), self.worst(elements, 'diagnostic_interval_h')
        if known(m):
            t1 = min(t1, m)
        if dd > 0 and not known(t2):
            return None
        both = du + dd
        return (1 - beta) ** 2 * both * (dd * (t2 or 0) + du * t1) + beta * both

    def part(self, function, part, mode, route):
        """Figure, SIL by hardware, SIL by capability; None each where unknown."""
        channels = self.channels(function, part)
        elements = list(itertools.chain(*channels))
        claims = [max((int(self.value(no, name)) for name in ('systematic_capability', 'prior_use_sil') if self.value(no, name) is not None),
                      default=None) for no in elements]
        systematic = min(claims) if claims and known(*claims) else None
        vote = self.attr(function, f'{part}_vote') or ('1oo1' if len(channels) == 1 else None)
        if vote is None or int(vote[3]) != len(channels) or mode is None or not all(map(self.live, elements)):
            return None, None, systematic
        fault = int(vote[3]) - int(vote[0])
        if fault == 0:
            each = [self.pfd_alone(no) if mode == 'low' else self.pfh_alone(no) for no in elements]
            figure = sum(each) if known(*each) else None
        else:
            figure = self.group(channels, vote, mode)
        if mode == 'low' and known(figure) and figure > 1:
            figure = None
        return figure, self.hardware(elements, fault, mode, route), systematic

    def hardware(self, elements, fault, mode, route):
        if not route:
            least = {1: 0, 2: 0 if mode == 'low' else 1, 3: 1, 4: 2}
            return max((sil for sil in least if fault >= least[sil]), default=0)
        levels = []
        for no in elements:
            su, sd, dd, du = (self.rate(no, f'lambda_{kind}_per_h') for kind in ('su', 'sd', 'dd', 'du'))
            kind = self.value(no, 'element_type')
            if not known(su, sd, dd, du, kind) or su + sd + dd + du == 0:
                return None
            fraction = (su + sd + dd) / (su + sd + dd + du)
            column = sum(fraction >= limit for limit in (F('0.6'), F('0.9'), F('0.99')))
            rows = {'A': [1, 2, 3, 3], 'B': [0, 1, 2, 3]}[kind]
            levels.append(min(4, rows[column] + min(fault, 2)))
        return min(levels)

    # ---- functions ----

    def sil(self, figure, low):
        if figure is None:
            return None
        limits = ['1e-1', '1e-2', '1e-3', '1e-4'] if low else ['1e-5', '1e-6', '1e-7', '1e-8']
        return sum(figure < F(limit) for limit in limits)

    def function(self, no):
        machine = self.attr(no, 'safety_standard') == '62061'
        mode = self.attr(no, 'mode')
        mode = ('machinery' if mode != 'low' else None) if machine else mode and ('low' if mode == 'low' else 'high')
        low, target = mode == 'low', self.attr(no, 'sil_target')
        route = machine or self.attr(no, 'hft_route') == '1H'
        parts = [self.part(no, part, mode, route) for part in PARTS]
        figures, hardware, systematic = zip(*parts)
        figure = sum(figures) if known(*figures) else None
        basis = 'computed' if known(figure) else 'none'
        stated = number(self.attr(no, 'pfd' if low else 'pfh_per_h'))
        if mode and figure is None and stated is not None:
            figure, basis = stated, 'stated'
        if low and known(figure):
            figure += number(self.attr(no, 'bypass_fraction')) or 0
            figure, basis = (None, 'none') if figure > 1 else (figure, basis)
        most = 3 if machine else 4
        levels = [self.sil(figure, low), *(min(each) if known(*each) else None for each in (hardware, systematic))]
        levels = [None if level is None else min(level, most) for level in levels]
        achieved = min(levels) if known(*levels) else None
        integrity = 'unknown'
        if target is not None:
            if any(level is not None and level < target for level in levels):
                integrity = 'not_met'
            elif achieved is not None:
                integrity = 'met'
        return {'pfd': figure if low else None, 'pfh': None if low or not mode else figure, 'basis': basis, 'probability': levels[0],
                'hardware': levels[1], 'systematic': levels[2], 'achieved': achieved, 'integrity': integrity} | self.time(no)

    def time(self, no):
        total, slowest = F(0), []
        for part in PARTS:
            channels = [[self.rate(thing, 'element_response_ms') for thing in channel] for channel in self.channels(no, part)]
            each = list(itertools.chain(*channels))
            slowest += [value for value in each if value is not None]
            there = all(self.live(thing) for channel in self.channels(no, part) for thing in channel)
            total = total + max(map(sum, channels)) if known(total, *each) and each and there else None
        for link in self.out(no, 'uses'):
            if link.get('as') == 'path':
                thing = link['to']
                added = number(self.attr(thing, 'latency_ms')) if self.kind(thing) == 'conduit' else self.rate(thing, 'element_response_ms')
                total = total + added if known(total, added) and self.live(thing) else None
        stated = number(self.attr(no, 'response_time_ms'))
        total = stated if total is None else total
        allowed, lag, margin = (number(self.attr(no, name)) for name in ('process_safety_time_ms', 'process_lag_ms', 'response_margin_ms'))
        if margin is None and allowed is not None:
            margin = allowed / 2
        most = allowed - (lag or 0) - margin if known(allowed, margin) else None
        budget = most if known(lag) else None
        verdict = 'unknown'
        if known(total, most) and not any(value > most for value in slowest):
            verdict = 'not_met' if total > most else 'met' if known(budget) else 'unknown'
        return {'response': total, 'budget': budget, 'in_time': verdict}

    # ---- layers ----

    def elements(self, layer):
        return {link['to'] for link in self.out(layer, 'uses') if link.get('as') in PARTS}

    def hazard(self, no):
        first, tolerable = (number(self.attr(no, name)) for name in ('initiating_frequency_per_y', 'tolerable_frequency_per_y'))
        bare = first
        for name in ('enabling', 'ignition', 'presence', 'injury'):
            claimed = number(self.attr(no, f'{name}_probability'))
            bare = bare * claimed if known(bare, claimed) else bare
        sure, open_ = {}, {}  # layers with a credit, and those that nobody answered for
        for layer in sorted(self.before(no, 'prevents')):
            if self.kind(layer) == 'safety_function':
                sure[layer] = self.function(layer)['pfd']
            elif self.attr(layer, 'independent') is not False:
                (sure if self.attr(layer, 'independent') else open_)[layer] = number(self.attr(layer, 'pfd'))
        every = [self.credits(bare, {**sure, **{layer: open_[layer] for layer in some}})
                 for n in range(len(open_) + 1) for some in itertools.combinations(open_, n)]

        def ends(values):
            return (min(values), max(values)) if known(*values) else (None, None)

        def needed(others):
            if not known(others, tolerable):
                return None
            return 0 if others <= tolerable else max(1, sum(others / tolerable > limit for limit in (10, 100, 1000, 10000, 100000)))

        others, after = ends([one[1] for one in every]), ends([one[2] for one in every])
        sils = {needed(end) for end in others}
        verdict = 'unknown'
        if known(*after, tolerable):
            verdict = 'met' if after[1] <= tolerable else 'not_met' if after[0] > tolerable else 'unknown'
        same = others[0] if others[0] == others[1] else None
        return {'unmitigated': bare, 'mitigated': after[0] if after[0] == after[1] else None, 'least': after[0], 'most': after[1],
                'reduction': same / tolerable if known(same, tolerable) else None, 'sil': sils.pop() if len(sils) == 1 else None,
                'credits': every[0][0], 'verdict': verdict}

    def credits(self, bare, layers):
        """Which layers have a credit, how often it comes about with the protection layers among them, and with all."""
        groups = []  # sets of layers that have something in common, directly or over others
        for layer in layers:
            joined = {layer}.union(*(group for group in groups if any(self.elements(layer) & self.elements(other) for other in group)))
            groups = [group for group in groups if not group & joined] + [joined]
        chosen = [min(group, key=lambda layer: (layers[layer] is not None, layers[layer] or 0, layer)) for group in groups]

        def times(kinds):
            values = [bare, *(layers[layer] for layer in chosen if self.kind(layer) in kinds)]
            return math.prod(values) if known(*values) else None

        return sorted(chosen), times(['protection_layer']), times(['protection_layer', 'safety_function'])

    # ---- fault trees ----

    def tree(self, no):
        """None without one, a text where it is faulty, else the cut sets and their probability."""
        lines = [line.split() for line in self.attr(no, 'fault_tree') or []]
        if not lines:
            return None
        nodes = {words[0]: words[2:] for words in lines}
        if len(nodes) < len(lines):
            return 'twice'
        for name, (what, *rest) in nodes.items():
            if what not in ('and', 'or', 'atleast', 'event', 'element', 'house') or what == 'and' and not rest or rest == ['2'] and what == 'event':
                return 'faulty'
            if any(other not in nodes for other in self.inputs(nodes[name])):
                return 'undefined'
        top, path = lines[0][0], []

        def reach(name):
            if name in path:
                return None
            path.append(name)
            found = {name}
            for other in self.inputs(nodes[name]):
                below = reach(other)
                if below is None:
                    return None
                found |= below
            path.pop()
            return found

        needed = reach(top)
        if needed is None:
            return 'cycle'
        events = [name for name in nodes if nodes[name][0] in ('event', 'element') and name in needed]
        sets = []
        for size in range(len(events) + 1):
            for subset in map(frozenset, itertools.combinations(events, size)):
                if not any(other <= subset for other in sets) and self.happens(nodes, top, subset):
                    sets.append(subset)
        probability = F(0)
        for subset in sets:
            each = [self.probability(nodes[name]) for name in subset]
            probability = probability + math.prod(each) if known(probability, *each) else None
        return {'sets': {tuple(sorted(subset)) for subset in sets}, 'count': len(sets), 'probability': probability}

    def inputs(self, words):
        return words[2:] if words[0] == 'atleast' else words[1:] if words[0] in ('and', 'or') else []

    def happens(self, nodes, name, subset):
        what, *rest = nodes[name]
        if what in ('event', 'element'):
            return name in subset
        if what == 'house':
            return rest == ['true']
        n = sum(self.happens(nodes, other, subset) for other in self.inputs(nodes[name]))
        return n >= {'and': len(rest), 'or': 1, 'atleast': int(rest[0]) if what == 'atleast' else 0}[what]

    def probability(self, words):
        if words[0] == 'event':
            return number(words[1]) if len(words) > 1 else None
        no = next(no for no, item in self.items.items() if item['key'] == words[1])
        found = self.pfd_alone(no) if self.live(no) else None
        return None if found is None or found > 1 else found

    def answer(self):
        functions = [no for no in self.items if self.kind(no) == 'safety_function']
        hazards = [no for no in self.items if self.kind(no) == 'hazard']
        key = lambda no: self.items[no]['key']
        return {'functions': {key(no): self.function(no) for no in functions}, 'hazards': {key(no): self.hazard(no) for no in hazards},
                'trees': {key(no): self.tree(no) for no in functions + hazards}}
