"""The score of a CVSS 4.0 vector, from section 8 of the specification: the most severe vectors of a class and its depth are found by
looking at every vector of it, the distance to the first of them that is nowhere less severe, and fractions throughout. Nothing is taken
from the program but the scores of the macro vectors, which are the specification's."""
import functools
import itertools
import os
import re
from fractions import Fraction

# Severity of values, as the specification lists it; 0 is the most severe.
SEVERITY = {
    'AV': {'N': 0, 'A': 1, 'L': 2, 'P': 3}, 'PR': {'N': 0, 'L': 1, 'H': 2}, 'UI': {'N': 0, 'P': 1, 'A': 2},
    'AC': {'L': 0, 'H': 1}, 'AT': {'N': 0, 'P': 1},
    'VC': {'H': 0, 'L': 1, 'N': 2}, 'VI': {'H': 0, 'L': 1, 'N': 2}, 'VA': {'H': 0, 'L': 1, 'N': 2},
    'SC': {'H': 1, 'L': 2, 'N': 3}, 'SI': {'S': 0, 'H': 1, 'L': 2, 'N': 3}, 'SA': {'S': 0, 'H': 1, 'L': 2, 'N': 3},
    'CR': {'H': 0, 'M': 1, 'L': 2}, 'IR': {'H': 0, 'M': 1, 'L': 2}, 'AR': {'H': 0, 'M': 1, 'L': 2},
}
DEFAULT = {'E': 'A', 'CR': 'H', 'IR': 'H', 'AR': 'H'}
METRICS = {'1': ('AV', 'PR', 'UI'), '2': ('AC', 'AT'), '36': ('VC', 'VI', 'VA', 'CR', 'IR', 'AR'), '4': ('SC', 'SI', 'SA')}


def macro_scores(source):
    """Macro vector -> score in tenths."""
    with open(os.path.join(source, 'src/vuln/cvss_4.def'), encoding='utf-8') as file:
        rows = re.findall(r'^MACROVECTORS\(([\d, ]+)\)$', file.read(), re.M)
    scores = {}
    for row in rows:
        eq1, eq2, eq3, eq4, *cells = row.split(', ')
        for (eq5, eq6), score in zip(itertools.product('012', '01'), cells, strict=True):
            if score != '0':
                scores[eq1 + eq2 + eq3 + eq4 + eq5 + eq6] = int(score)
    return scores


def eq1(v):
    if v['AV'] == v['PR'] == v['UI'] == 'N':
        return '0'
    return '1' if 'N' in (v['AV'], v['PR'], v['UI']) and v['AV'] != 'P' else '2'


def eq2(v):
    return '0' if v['AC'] == 'L' and v['AT'] == 'N' else '1'


def eq3(v):
    if v['VC'] == 'H' and v['VI'] == 'H':
        return '0'
    return '1' if 'H' in (v['VC'], v['VI'], v['VA']) else '2'


def eq4(v):
    if 'S' in (v['SI'], v['SA']):
        return '0'
    return '1' if 'H' in (v['SC'], v['SI'], v['SA']) else '2'


def eq6(v):
    return '0' if any(v[need] == 'H' and v[impact] == 'H' for need, impact in (('CR', 'VC'), ('IR', 'VI'), ('AR', 'VA'))) else '1'


LEVEL = {'1': eq1, '2': eq2, '36': lambda v: eq3(v) + eq6(v), '4': eq4}


def beside(a, b, names):
    """How much less severe `a` is than `b`, metric by metric."""
    return [SEVERITY[name][a[name]] - SEVERITY[name][b[name]] for name in names]


@functools.lru_cache(maxsize=None)
def the_class(which, level):
    """The most severe vectors of a level, those none other is at least as severe as everywhere; and how deep it goes."""
    names = METRICS[which]
    members = [v for values in itertools.product(*(SEVERITY[name] for name in names))
               if LEVEL[which](v := dict(zip(names, values, strict=True))) == level]
    tops = [v for v in members if not any(w is not v and min(beside(v, w, names)) >= 0 for w in members)]
    return tops, 1 + max(distance(v, tops, names) for v in members)


def distance(v, tops, names):
    """To the first of the most severe vectors that is nowhere less severe."""
    return next(sum(steps) for steps in (beside(v, top, names) for top in tops) if min(steps) >= 0)


def in_force(vector):
    given = dict(part.split(':') for part in vector.split('/')[1:])
    value = lambda name: given[name] if given.get(name, 'X') != 'X' else None
    return {name: value('M' + name) or value(name) or DEFAULT.get(name) for name in (*SEVERITY, 'E')}


def score(vector, macro):
    """In tenths; and the macro vector, None where there is no impact."""
    v = in_force(vector)
    if {v[name] for name in ('VC', 'VI', 'VA', 'SC', 'SI', 'SA')} == {'N'}:
        return 0, None
    levels = {'1': eq1(v), '2': eq2(v), '3': eq3(v), '4': eq4(v), '5': {'A': '0', 'P': '1', 'U': '2'}[v['E']], '6': eq6(v)}
    name = lambda changed: ''.join({**levels, **changed}.values())
    down = lambda eq: macro.get(name({eq: str(int(levels[eq]) + 1)}))
    here = macro[name({})]
    both = [below for below in (down('3'), down('6')) if below is not None]
    lost = []
    for which, below in (('1', down('1')), ('2', down('2')), ('36', max(both, default=None)), ('4', down('4'))):
        tops, depth = the_class(which, LEVEL[which](v))
        if below is not None:
            lost.append(Fraction((here - below) * distance(v, tops, METRICS[which]), depth))
    if down('5') is not None:
        lost.append(Fraction(0))
    exact = here - (sum(lost) / len(lost) if lost else 0)
    return int(exact + Fraction(1, 2)), name({})
