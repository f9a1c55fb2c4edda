"""What each finding does to the case, said a second time: every place is judged anew under every supposition."""
import twin_status
from plain import Facts as Tables
from plain import table

LOSSES = {'C': 'SR 4.1', 'VC': 'SR 4.1', 'I': 'SR 3.4', 'VI': 'SR 3.4', 'A': 'SR 7.1', 'VA': 'SR 7.1'}


class Facts(Tables):
    def __init__(self, source):
        super().__init__(source)
        self.weaknesses = {row['cwe']: [sr for sr in row['srs'].split(',') if sr] for row in table(source, 'catalogues/cwe_to_fr.tsv')}
        self.techniques = {}
        for row in table(source, 'catalogues/attack_ics_to_sr.tsv'):
            self.techniques.setdefault(row['technique_id'], set()).update(sr.strip() for sr in row['sr_ids'].split(',') if sr.strip())


class Twin(twin_status.Twin):
    supposed = None  # finding, rows, and whether it is alone

    def parts(self, component):
        """The component and what is inside it."""
        found = [component]
        for no in found:
            found += [link['from'] for link in self.into(no, 'part_of') if self.live(link['from']) and link['from'] not in found
                      and self.kind(no) == 'component']
        return set(found)

    def subjects(self, asset):
        return {asset}.union(*(self.parts(link['to']) for link in self.out(asset, 'instance_of')))

    def findings_of(self, asset):
        return {link['from'] for subject in self.subjects(asset) for link in self.into(subject, 'concerns')
                if self.kind(link['from']) == 'finding'}

    def breaks(self, finding, row):
        if self.supposed and finding == self.supposed[0]:
            return row in self.supposed[1]
        if self.supposed and self.supposed[2]:
            return False
        return '62443-3-3 ' + row in (self.attr(finding, 'broken') or []) and not self.cleared(finding)

    def holders(self, place, member):
        if self.kind(member) == 'asset':
            return {member}
        if self.kind(member) == 'system':
            return self.within(member)
        return self.assets(member) if member == place or self.kind(member) == 'conduit' else set()

    def broken(self, row, place, member):
        return any(self.breaks(finding, row) for asset in self.holders(place, member) for finding in self.findings_of(asset))

    # ---- one finding ----

    def scored(self, finding):
        parts = dict(part.split(':') for part in (self.attr(finding, 'cvss') or '').split('/') if part)
        return {LOSSES[name] for name, value in parts.items() if name in LOSSES and value != 'N'}

    def proposals(self, finding):
        techniques = [name for link in self.into(finding, 'exploits') if self.live(link['from'])
                      for name in self.attr(link['from'], 'techniques') or []]
        steps = {'weakness': {sr for cwe in self.attr(finding, 'cwes') or [] for sr in self.facts.weaknesses.get(cwe, [])},
                 'technique': {sr for name in techniques for sr in self.facts.techniques.get(name, [])},
                 'score': self.scored(finding)}
        basis = next((name for name, rows in steps.items() if rows), None)
        rows = {row: basis for row in steps.get(basis, ())}
        for ref in self.attr(finding, 'proposed') or []:
            rows.setdefault(ref.removeprefix('62443-3-3 '), 'stated')
        if not self.attr(finding, 'broken'):
            return rows
        return {row: rows.get(row, 'stated') for row in (ref.removeprefix('62443-3-3 ') for ref in self.attr(finding, 'broken'))}

    def under(self, supposed):
        self.supposed = supposed
        return {no: self.rows(no) for no in self.places()}

    def stakes(self, finding, rows, place):
        """The members of each row at stake with their status."""
        self.supposed = finding, rows, True
        found = {}
        for row in self.facts.rows:
            if self.removed_by_waiver(row, place):
                continue
            for member in self.need(row, place)[0]:
                if not self.removed_by_waiver(row, place, member) and self.broken(row, place, member):
                    status = self.member_status(row, place, member)
                    if self.facts.rows[row]['scope'] in ('service', 'system') and status != 'verified' and self.inherits(row, place):
                        status = 'verified'
                    found[f"{row} {self.items[member]['key']}"] = status
        return found

    def levels(self, rows, least, findings):
        return [self.level(rows, fr, least, findings) for fr in range(1, 8)]

    def exposed(self, finding, rows):
        plain = self.under(None)
        cases = [plain, plain, self.under((finding, (), False)), self.under((finding, rows, False))]
        found = {}
        for no in self.places():
            stakes = self.stakes(finding, rows, no)
            if stakes:
                found[self.items[no]['key']] = {least: [self.levels(case[no], least, i > 0) for i, case in enumerate(cases)]
                                                for least in ('verified', 'claimed')} | {'rows': stakes}
        self.supposed = None
        return found

    def touched(self, finding):
        """Affected assets, the components between, and the places of the assets."""
        subjects = {link['to'] for link in self.out(finding, 'concerns')}
        assets = [no for no in self.items if self.kind(no) == 'asset' and self.live(no) and subjects & self.subjects(no)]
        components = {no for no in self.items if self.kind(no) == 'component' and subjects & self.parts(no)}
        return set(assets) | components | {self.home(no) for no in assets} - {None}

    def answer(self):
        return {self.items[no]['key']: self.one(no) for no in self.items if self.kind(no) == 'finding'}

    def one(self, finding):
        rows, touched = self.proposals(finding), self.touched(finding)
        frs = {self.facts.rows[row]['fr'] for row in rows}
        linked = {link['from'] for link in self.into(finding, 'exploits') if self.live(link['from'])}
        possible = {link['from'] for no in touched for link in self.into(no, 'threatens')
                    if self.live(link['from']) and frs & set(self.attr(link['from'], 'frs'))}
        return {'confirmed': bool(self.attr(finding, 'broken')), 'cleared': self.cleared(finding), 'rows': rows,
                'places': self.exposed(finding, rows),
                'measures': {self.items[link['from']]['key']: self.clears(link['from']) for link in self.into(finding, 'mitigates')},
                'scenarios': {self.items[no]['key']: no in linked for no in linked | possible},
                'functions': sorted([link['from'], no, link.get('as', '')] for no in touched for link in self.into(no, 'uses')
                                    if self.live(link['from']))}

    def clears(self, measure):
        results = [result['status'] for case in self.cases(measure) if (result := self.outcome(case, None, None))]
        return bool(self.live(measure) and self.approved(measure) and not self.past(measure, 'expires') and results
                    and 'failed' not in results)
