"""SL-T said a second time: levels of risks by their methods, the entries of a place, and what is under review."""
import fractions
import functools
import json
import os

import maker_risk
import plain

SHIPPED = ['matrix-5x5', 'crrf-5x5', 'attacker-5x5']


class Facts(plain.Facts):
    def __init__(self, source):
        super().__init__(source)
        self.techniques = {}
        for row in plain.table(source, 'catalogues/attack_ics_to_sr.tsv'):
            rows = self.techniques.setdefault(row['technique_id'], set())
            rows.update(self.rows[name.strip()]['fr'] for name in row['sr_ids'].split(',') if name.strip() in self.rows)
        self.shipped = []
        for name in SHIPPED:
            with open(os.path.join(source, 'data', 'risk', name + '.json'), encoding='utf-8') as file:
                self.shipped.append(json.load(file))


class Twin(plain.Model):
    def __init__(self, facts, model, dates):
        super().__init__(facts, model, dates)
        self.methods = {f'{method["method"]}@{method["version"]}': method for method in facts.shipped + model['methods']}
        self.default = model['default']
        self.replaced = {f'{method["method"]}@{method["replaces"]}' for method in self.methods.values() if 'replaces' in method}

    # ---- what a risk exercises

    def threat_frs(self, no):
        stated = set(self.attr(no, 'frs') or [])
        return stated or set().union(*(self.facts.techniques.get(name, set()) for name in self.attr(no, 'techniques') or []))

    @functools.cache
    def frs(self, risk):
        threats = [no for no in self.after(risk, 'assesses') if self.kind(no) == 'threat']
        return set(self.attr(risk, 'frs') or []) or set().union(*map(self.threat_frs, threats))

    # ---- what a risk is

    def method(self, risk):
        return self.methods.get(self.attr(risk, 'method') or self.default)

    @staticmethod
    def by_bands(bands, ratio):
        for band in bands[:-1]:
            bound = fractions.Fraction(band.get('up_to') or band['below'])
            if ratio < bound or ratio == bound and 'up_to' in band:
                return band['sl']
        return bands[-1]['sl']

    def attacker(self, risk, factors):
        classes = self.attr(risk, 'attacker') or {}
        levels = [factors[name][classes[name] - 1]['sl'] if 1 <= classes.get(name, 0) <= len(factors[name]) else None for name in factors]
        return None if None in levels else max(levels)

    def category(self, risk, method, name, likelihood, impact):
        """(risk, level) of one category, each None when it is unknown."""
        if impact == 0:
            return 0, 0
        known = method['categories'].get(name, {})
        tolerable = (self.attr(risk, 'tolerable') or {}).get(name, known.get('tolerable'))
        if impact > len(method['impact']) or likelihood is None or likelihood > len(method['likelihood']):
            return None, None
        value = method['rating'][likelihood - 1][impact - 1]
        if tolerable is None:
            return value, None
        how = method['sl']
        if how['by'] == 'risk_reduction':
            if value == 0:
                return value, how['bands'][0]['sl']
            return value, how['bands'][-1]['sl'] if tolerable == 0 else self.by_bands(how['bands'], fractions.Fraction(value, tolerable))
        if value <= tolerable:
            return value, 0
        return value, how['matrix'][likelihood - 1][impact - 1] if how['by'] == 'matrix' else self.attacker(risk, how['factors'])

    @functools.cache
    def level(self, risk):
        method, impacts = self.method(risk), self.attr(risk, 'impact') or {}
        if method is None or not impacts:
            return None
        levels = [self.category(risk, method, name, self.attr(risk, 'likelihood'), impact)[1] for name, impact in impacts.items()]
        return None if None in levels else max(levels)

    def residual_above(self, risk):
        method = self.method(risk)
        if method is None or self.attr(risk, 'residual_likelihood') is None and self.attr(risk, 'residual_impact') is None:
            return False
        likelihood = self.attr(risk, 'residual_likelihood') or self.attr(risk, 'likelihood')
        impacts = (self.attr(risk, 'impact') or {}) | (self.attr(risk, 'residual_impact') or {})
        for name, impact in impacts.items():
            tolerable = (self.attr(risk, 'tolerable') or {}).get(name, method['categories'].get(name, {}).get('tolerable'))
            value = self.category(risk, method, name, likelihood, impact)[0]
            if tolerable is not None and value is not None and value > tolerable:
                return True
        return False

    # ---- a place

    def risks(self, place):
        return sorted(self.before(place, 'within'))

    @functools.cache
    def entry(self, place, fr):
        levels = [self.level(risk) for risk in self.risks(place) if fr in self.frs(risk)]
        return None if not levels or None in levels else max(levels)

    def witnesses(self, place, fr):
        value = self.entry(place, fr)
        return [] if value is None else [risk for risk in self.risks(place) if fr in self.frs(risk) and self.level(risk) == value]

    def basis(self, place, fr):
        stages = {self.attr(risk, 'stage') or 'detailed' for risk in self.witnesses(place, fr)}
        return 'detailed' if 'detailed' in stages else 'initial' if stages else None

    def stated_basis(self, target, fr):
        stated = self.attr(target, 'basis') or []
        one = stated[0] if len(stated) == 1 else stated[fr - 1] if fr <= len(stated) else None
        return one if one in maker_risk.BASES else None

    @functools.cache
    def target(self, place):
        live = sorted(self.before(place, 'targets'))
        justified = [no for no in live if self.before(no, 'justifies')]
        derived = [no for no in live if {self.stated_basis(no, fr) for fr in range(1, 8)} & {'detailed', 'initial'}]
        return (justified or derived or [None])[0]

    def moved(self, place, target, fr):
        """Is the entry not what the risks give now?"""
        now, stated, basis = self.entry(place, fr), self.attr(target, 'vector')[fr - 1], self.stated_basis(target, fr)
        if basis == 'policy':
            return False
        if basis == 'override':
            return self.attr(target, 'derived') is not None and self.attr(target, 'derived')[fr - 1] != now
        if stated == 0 and now in (None, 0) and self.attr(target, 'zero_statement'):
            return False
        return stated != now

    def state(self, place):
        target = self.target(place)
        if target is None:
            return 'missing' if any(self.entry(place, fr) is not None for fr in range(1, 8)) else 'not_derived'
        links = self.into(target, 'justifies')
        if (any(self.moved(place, target, fr) for fr in range(1, 8)) or
                any(self.suspect(link) or not self.live(link['from']) for link in links) or
                any((self.attr(risk, 'method') or self.default) in self.replaced and self.frs(risk) for risk in self.risks(place))):
            return 'under_review'
        return 'accepted' if self.approved(target) else 'draft'

    def places(self):
        return [no for no in self.items if self.kind(no) in ('zone', 'conduit') and self.live(no)]

    def answer(self):
        frs = range(1, 8)
        return {self.items[place]['key']: {
            'derived': [self.entry(place, fr) for fr in frs], 'basis': [self.basis(place, fr) for fr in frs],
            'witnesses': [self.witnesses(place, fr) for fr in frs], 'target': self.target(place), 'state': self.state(place),
            'risks': [[risk, self.level(risk), sorted(self.frs(risk)), self.residual_above(risk)] for risk in self.risks(place)],
        } for place in self.places()}


def derive(facts, model):
    twin = Twin(facts, model, None)
    return {place: [twin.entry(place, fr) for fr in range(1, 8)] for place in twin.places()}


class Settled(maker_risk.Settled):
    derive = staticmethod(derive)
