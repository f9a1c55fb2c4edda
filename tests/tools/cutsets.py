"""Minimal cut sets of a fault tree in Open-PSA, found slowly: sets of events, joined gate by gate, those that contain another thrown
away. Independent of the program's own way; for trees of the corpus, up to a number of events."""
import itertools
import xml.etree.ElementTree


def minimal(sets):
    """Those that contain no other; the few events of a set are looked up as all its parts."""
    kept = set()
    for one in sorted(sets, key=len):
        if not any(frozenset(part) in kept for n in range(len(one) + 1) for part in itertools.combinations(one, n)):
            kept.add(one)
    return kept


def product(families, most):
    found = {frozenset()}
    for family in families:
        found = minimal({one | other for one in found for other in family if len(one | other) <= most})
    return found


def cut_sets(path, most):
    """All minimal cut sets of at most `most` events of the first gate that no other needs."""
    root = xml.etree.ElementTree.parse(path).getroot()
    gates = {gate.get('name'): next(child for child in gate if child.tag not in ('label', 'attributes')) for gate in root.iter('define-gate')}
    needed = {reference.get('name') for gate in gates.values() for reference in gate.iter()}
    known = {}

    def sets(node):
        if node.tag in ('gate', 'event', 'basic-event'):
            name = node.get('name')
            if name not in gates:
                return {frozenset([name])}
            if name not in known:
                known[name] = sets(gates[name])
            return known[name]
        below = [sets(child) for child in node]
        if node.tag == 'or':
            return minimal(set().union(*below))
        least = len(below) if node.tag == 'and' else int(node.get('min'))
        return minimal(set().union(*(product(some, most) for some in itertools.combinations(below, least))))

    return sets(gates[next(name for name in gates if name not in needed)])
