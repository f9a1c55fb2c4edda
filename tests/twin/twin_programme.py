"""How programmes stand, said a second time from docs/algorithms/programme.md: a model is looked at as lists, and every claim of every record anew."""
import os

from plain import Model, table

FILES = (('62443-2-1:2024', 'sp_62443-2-1.tsv', 'spe', '2024'), ('62443-2-1:2010', 'sp_62443-2-1.tsv', 'spe', '2010'),
         ('62443-2-4', 'sp_62443-2-4.tsv', 'functional_area', None), ('62443-4-1', 'practice_62443-4-1.tsv', 'practice', None))


class Twin(Model):
    def rows(self, file, group, edition):
        for row in table(os.environ['ZONEWRIGHT_SOURCE'], f'catalogues/{file}'):
            if (edition is None or row['edition'] == edition) and row.get('notes') != 'group heading':
                yield row['id'], row[group]

    def name_of(self, no):
        """The programme and the row that a requirement names, as the tables write it."""
        standard, _, name = (self.attr(no, 'ref') or '').partition(' ')
        if standard.startswith('62443-2-1'):
            return ('62443-2-1:2010', f'2010:{name}') if standard.endswith('2010') else ('62443-2-1:2024', name)
        return standard, name

    def procedure(self, no):
        return self.kind(no) == 'document' or (self.kind(no) == 'countermeasure' and self.attr(no, 'nature') == 'procedural')

    def other_version(self, no):
        return self.attr(no, 'version') is not None and any(
            self.kind(base) == 'component' and self.attr(base, 'version') != self.attr(no, 'version')
            for proven in self.after(no, 'evidences') for base in self.after(proven, 'rests_on'))

    def current(self, no):
        if not self.approved(no):
            return False
        if self.kind(no) != 'evidence':
            return True
        return not (self.past(no, 'valid_until') or self.other_version(no) or
                    any(self.suspect(link) for link in self.out(no, 'evidences') if self.live(link['to'])))

    def concerns(self, both):
        return [no for item in both for kind in ('concerns', 'resolves') for no in self.before(item, kind)]

    def judged(self, requirement, claim):
        """Everything about a requirement with one of its claims, or with none."""
        both = [requirement] + ([] if claim is None else [claim])
        proofs = [no for item in both for no in self.before(item, 'evidences')]
        bases = [] if claim is None else self.after(claim, 'rests_on')
        about = self.concerns(both)
        subject = self.attr(requirement, 'ref').startswith('62443-2-1') or self.after(requirement, 'allocated_to') or (
            claim is not None and self.after(claim, 'covers'))
        have = {'procedures': [no for no in proofs + bases if self.procedure(no)], 'records': [no for no in proofs if not self.procedure(no)],
                'subject': bool(subject),
                'improved': any(self.kind(no) in ('change', 'action', 'nonconformity') and self.approved(no) for no in about),
                'open': any(self.kind(no) == 'nonconformity' and not self.approved(no) for no in about)}
        steps = [claim is not None, any(self.approved(no) for no in have['procedures']),
                 any(self.current(no) for no in have['records']) and have['subject'], have['improved']]
        supported = -1 if claim is None else next((level for level, step in enumerate(steps) if not step), 4)
        claimed = verified = -1
        if claim is not None:
            claimed = 0 if self.attr(claim, 'statement') == 'not_met' else self.attr(claim, 'maturity') or -1
            have['assessed'] = bool(self.attr(claim, 'assessor') and self.attr(claim, 'assessed') and self.dates(self.attr(claim, 'assessed')) <= self.now)
            found = self.attr(claim, 'maturity_verified')
            if self.approved(claim) and claimed == 0:
                verified = 0
            elif found and self.approved(claim) and have['assessed'] and not self.past(claim, 'valid_until'):
                verified = min(found, supported)
        return have, claimed, supported, verified

    def gaps(self, requirement, claim, have, claimed, verified):
        target = self.attr(requirement, 'maturity_target') or -1
        level = max(claimed, target)
        if level >= 2 and not any(self.approved(no) for no in have['procedures']):
            yield 'procedure_not_approved' if have['procedures'] else 'no_procedure'
        if level >= 3 and not any(self.current(no) for no in have['records']):
            yield 'record_not_current' if have['records'] else 'no_record'
        if level >= 3 and not have['subject']:
            yield 'no_subject'
        if level == 4 and not have['improved']:
            yield 'no_improvement'
        if claim is not None:
            if not self.approved(claim):
                yield 'claim_not_approved'
            if not self.attr(claim, 'maturity_verified'):
                yield 'not_verified'
            elif not have['assessed']:
                yield 'no_assessor'
            if self.past(claim, 'valid_until'):
                yield 'expired'
            if verified < target:
                yield 'below_target'
        if have['open']:
            yield 'nonconformity'

    def inapplicable(self, requirement):
        return any(self.attr(no, 'statement') == 'not_applicable' and self.attr(no, 'rationale') and self.approved(no)
                   for no in self.before(requirement, 'answers')) or any(
            self.approved(link['from']) and not self.past(link['from'], 'expires') and self.attr(link['from'], 'decision') == 'not_applicable' and
            self.attr(link['from'], 'rationale') and not link['attrs'].get('places') for link in self.into(requirement, 'waives') if self.live(link['from']))

    def record(self, row, requirement):
        claims = self.before(requirement, 'answers')
        best = max([(self.judged(requirement, no)[3], self.judged(requirement, no)[2], self.judged(requirement, no)[1], -no) for no in claims], default=None)
        claim = None if best is None else -best[3]
        have, claimed, supported, verified = self.judged(requirement, claim)
        if self.inapplicable(requirement):
            return [row, requirement, claimed, supported, verified, 'not_applicable', []]
        gaps = list(self.gaps(requirement, claim, have, claimed, verified))
        return [row, requirement, claimed, supported, verified, 'not_assessed' if claim is None else 'gaps' if gaps else 'met', gaps]

    def group(self, name, records, groups):
        of = [(i, record) for i, record in enumerate(records) if name in (None, groups[record[0]])]
        counts = [(i, record) for i, record in of if record[5] != 'not_applicable']
        levels = []
        for column in (2, 4):
            values = [record[column] for _, record in counts]
            levels.append(0 if 0 in values else min(values, default=-1))
        held = [i for i, record in counts if record[4] <= max(levels[1], 0) and levels[1] < 4]
        return [name, sum(record[5] == 'met' for _, record in of), sum(record[5] == 'gaps' for _, record in of), *levels, held]

    def answer(self):
        said = {}
        for programme, *where in FILES:
            groups = dict(self.rows(*where))
            records = []
            for row in groups:
                mine = sorted(no for no in self.items if self.kind(no) == 'requirement' and self.live(no) and self.name_of(no) == (programme, row))
                records += [self.record(row, no) for no in mine] or [[row, -1, -1, -1, -1, 'no_requirement', []]]
            said[programme] = {'records': records, 'groups': [self.group(name, records, groups) for name in [*dict.fromkeys(groups.values()), None]]}
        return said
