"""Need, status and SL-A said a second time, slowly and plainly, over dictionaries. Catalogue tables are read from data/."""
import functools

from plain import Model

ORDER = ['open', 'failed', 'suspect', 'claimed', 'verified']
VECTORS = {'verified': ('verified', False), 'claimed': ('claimed', False),
           'verified_with_findings': ('verified', True), 'claimed_with_findings': ('claimed', True)}


class Twin(Model):
    capability = None  # what twin_capability.py asks: 'native' or 'compensated'

    # ---- places ----

    @functools.cached_property
    def chains(self):
        return {}

    def chain(self, no):
        """What contains an item, itself first."""
        if no not in self.chains:
            self.chains[no] = self.containers(no)
        return self.chains[no]

    def containers(self, no):
        found = []
        while no is not None and no not in found:
            found.append(no)
            no = next((link['to'] for link in self.out(no, 'part_of') if self.live(link['to'])), None)
        return found

    def home(self, no):
        return next((link['to'] for link in self.out(no, 'part_of')
                     if self.live(link['to']) and self.kind(link['to']) in ('zone', 'conduit')), None)

    def assets(self, place):
        return {link['from'] for link in self.into(place, 'part_of')
                if self.kind(link['from']) == 'asset' and self.live(link['from'])}

    def boundary(self, place):
        if self.kind(place) == 'conduit':
            return {place}
        return {link['from'] for link in self.into(place, 'connects')
                if self.kind(link['from']) in ('conduit', 'access_point') and self.live(link['from'])}

    def system(self, place):
        return next((no for no in reversed(self.chain(place)) if self.kind(no) == 'system'), None)

    def components(self, asset):
        return [link['to'] for link in self.out(asset, 'instance_of') if self.live(link['to'])]

    def types(self, asset):
        return {name for no in self.components(asset) for name in self.attr(no, 'types') or []}

    def has_trait(self, asset, trait):
        """True, False, or None when nobody answered. The asset's own answer goes first."""
        own = (self.attr(asset, 'traits') or {}).get(trait)
        if own is not None:
            return own
        said = [(self.attr(no, 'traits') or {}).get(trait) for no in self.components(asset)]
        return True if True in said else False if False in said else None

    def target(self, place):
        best = [None] * 7
        for link in self.into(place, 'targets'):
            no = link['from']
            for i, level in enumerate(self.attr(no, 'vector') or [] if self.live(no) else []):
                if level is None or level == 0 and not (self.approved(no) and self.attr(no, 'zero_statement')):
                    continue
                best[i] = level if best[i] is None else max(best[i], level)
        return best

    # ---- need ----

    def need(self, row, place):
        """(members, known)."""
        facts = self.facts.rows[row]
        if facts['scope'] == 'service':
            return {place}, True
        if facts['scope'] == 'system':
            system = self.system(place)
            return ({system}, True) if system is not None else (set(), False)
        if facts['scope'] == 'boundary':
            members = self.boundary(place)
            return members, bool(members)
        members, known = set(), bool(self.assets(place))
        for asset in self.assets(place):
            types = self.types(asset)
            holds = True if facts['trait'] is None else self.has_trait(asset, facts['trait'])
            if not types:
                known = False
            elif types & facts['types'] and holds is None:
                known = False
            elif types & facts['types'] and holds:
                members.add(asset)
        return members, known

    def requirements(self, ref, place):
        """Requirement items with this reference that reach the place, each with what it is allocated to."""
        return self.reaches[place].get(ref, set())

    @functools.cached_property
    def reaches(self):
        found = {}
        for place in self.places():
            assets = self.assets(place)
            spots = set(self.chain(place)) | assets | self.boundary(place)
            spots |= {no for asset in assets for no in self.components(asset)}
            found[place] = self.by_reference(spots)
        return found

    def by_reference(self, spots):
        """Requirement items that are allocated to one of the spots, each with that, by what they refer to."""
        refs = {}
        for spot in spots:
            for no in self.before(spot, 'allocated_to'):
                refs.setdefault(self.attr(no, 'ref'), set()).add((no, spot))
        return refs

    # ---- proof ----

    def installed(self, asset):
        """The version found on the asset, else that of its first component."""
        if self.attr(asset, 'installed_version') is not None:
            return self.attr(asset, 'installed_version')
        return next((self.attr(no, 'version') for no in self.components(asset)), None)

    def installed_of(self, component, asset):
        """What was found on an asset is said of its component only where there is no other one."""
        return self.installed(asset) if {*self.components(asset)} == {component} else self.attr(component, 'version')

    def instances(self, component):
        return [link['from'] for link in self.into(component, 'instance_of') if self.live(link['from'])]

    @functools.cached_property
    def by_key(self):
        return {item['key']: no for no, item in self.items.items()}

    def speaks_of(self, run, place, member):
        """Is each version that the run states for what stands at the member the installed one?"""
        for key, version in (self.attr(run, 'versions') or {}).items():
            no = self.by_key.get(key)
            if no is None or not self.live(no):
                continue
            if no == member and self.kind(no) == 'component':
                found = [self.attr(no, 'version')]
            elif self.kind(no) == 'component':
                found = [self.installed_of(no, asset) for asset in self.instances(no) if self.stands_at(asset, place, member)]
            else:
                found = [self.installed(no)] if self.kind(no) == 'asset' and self.stands_at(no, place, member) else []
            if any(other != version for other in found):
                return False
        return True

    @functools.cached_property
    def results_of(self):
        """By case, the newest of each run."""
        newest = {}
        for result in sorted(self.results, key=lambda result: result['at']):
            newest[result['case'], result['run']] = result
        found = {}
        for (case, _), result in newest.items():
            found.setdefault(case, []).append(result)
        return found

    def outcome(self, case, place, member):
        """Without a member, whatever is installed."""
        valid = [result for result in self.results_of.get(case, [])
                 if result['status'] in ('passed', 'failed') and self.live(result['run'])
                 and (member is None or self.speaks_of(result['run'], place, member))]
        return max(valid, key=lambda result: result['at'], default=None)

    def cases(self, no):
        return [link['from'] for link in self.into(no, 'verifies') if self.live(link['from'])]

    def at_site(self, result):
        stage = self.attr(result['run'], 'stage') or self.attr(result['case'], 'stage')
        return stage in ('site', 'operation') if stage else self.attr(result['case'], 'test_kind') == 'sat'

    def evidence_proves(self, no, member):
        version = self.attr(no, 'version')
        fits = {'asset': self.installed, 'component': lambda no: self.attr(no, 'version')}.get(self.kind(member), lambda no: version)
        return (self.kind(no) == 'evidence' and self.approved(no) and not self.past(no, 'valid_until') and not self.aged(no) and
                (version is None or fits(member) == version) and
                (self.capability or self.attr(no, 'stage') in ('site', 'operation') and self.attr(no, 'nature') != 'certificate'))

    # ---- what a claim rests on ----

    def stands_at(self, asset, place, member):
        kind = self.kind(member)
        if asset == member:
            return True
        if kind == 'system':
            return member in self.chain(asset)
        if kind in ('asset', 'component'):
            return False
        if kind != 'conduit' and self.kind(place) == 'system':
            return place in self.chain(asset)
        return self.home(asset) == (member if kind == 'conduit' else place)

    def component_there(self, component, place, member):
        return self.kind(member) == 'component' or any(self.stands_at(asset, place, member) for asset in self.instances(component))

    def deployed_there(self, spot, place, member):
        """On the member or what stands at it, on its place or a conduit of that, or on what contains them."""
        if spot in self.chain(member) or spot in self.chain(place):
            return True
        if self.kind(spot) == 'asset':
            return self.stands_at(spot, place, member)
        if self.kind(spot) == 'component':
            return self.component_there(spot, place, member)
        zone = {'asset': self.home, 'zone': lambda no: no}.get(self.kind(member), lambda no: None)(member)
        if self.kind(spot) == 'conduit' and zone is not None:
            return any(link['to'] == zone for link in self.out(spot, 'connects'))
        return self.kind(member) == 'system' and member in self.chain(spot)

    def there(self, thing, place, member):
        if not self.live(thing):
            return False
        if self.kind(thing) == 'asset':
            return self.home(thing) is not None
        if self.kind(thing) == 'component':
            return self.component_there(thing, place, member)
        if self.kind(thing) == 'countermeasure':
            return not self.past(thing, 'expires') and (self.kind(member) == 'component' or any(
                self.deployed_there(spot, place, member) for spot in self.after(thing, 'deployed_on')))
        about = {*self.after(thing, 'concerns')}
        if self.kind(member) == 'component':
            return True
        if not self.out(thing, 'concerns'):
            return self.kind(thing) == 'document'
        return any(self.component_there(no, place, member) if self.kind(no) == 'component'
                   else self.stands_at(no, place, member) for no in about)

    def captured(self, claim, place, member):
        return any(self.kind(subject) == 'asset' and self.stands_at(subject, place, member)
                   for no in self.after(claim, 'rests_on') if self.kind(no) == 'configuration' and self.attr(no, 'captured')
                   for subject in self.after(no, 'concerns'))

    def any_suspect(self, links, end):
        return any(self.suspect(link) and self.live(link[end]) for link in links)

    def claim_suspect(self, claim, place, member):
        rests = [link['to'] for link in self.out(claim, 'rests_on')]
        outward = [link for kind in ('answers', 'covers', 'rests_on') for link in self.out(claim, kind)]
        for no in {member, *rests}:
            if self.kind(no) == 'asset':
                outward += self.out(no, 'instance_of')
            elif self.kind(no) == 'countermeasure':
                outward += self.out(no, 'deployed_on')
        outward += [link for no in rests if self.kind(no) == 'component' for link in self.into(no, 'instance_of')
                    if self.live(link['from']) and self.stands_at(link['from'], place, member)]
        inward = self.into(claim, 'verifies') + self.into(claim, 'evidences')
        return self.any_suspect(outward, 'to') or self.any_suspect(inward, 'from')

    def procedure(self, claim):
        """Does the claim rest on procedural countermeasures and, but for documents, on nothing else?"""
        means = [no for no in (link['to'] for link in self.out(claim, 'rests_on')) if self.kind(no) != 'document']
        return bool(means) and all(self.kind(no) == 'countermeasure' and self.attr(no, 'nature') == 'procedural' for no in means)

    def integrates(self, claim, component):
        """Does a claim for a component rest on more than it and its parts?"""
        for no in (link['to'] for link in self.out(claim, 'rests_on')):
            if self.kind(no) in ('asset', 'countermeasure'):
                return True
            if self.kind(no) == 'component':
                wholes, before = {no}, set()
                while wholes != before:
                    before, wholes = wholes, wholes.union(*(self.after(other, 'part_of') for other in wholes))
                if component not in wholes:
                    return True
        return False

    def holds(self, claim, place, member, passed):
        """Does the statement of the claim itself hold?"""
        statement = self.attr(claim, 'statement')
        if self.past(claim, 'valid_until'):
            return False
        if statement == 'compensated':
            return (self.capability != 'native' and bool(self.attr(claim, 'equivalence')) and
                    self.attr(claim, 'valid_until') is not None and bool(passed))
        if statement == 'not_applicable':
            return bool(self.capability and self.attr(claim, 'rationale'))
        if statement not in ('met', 'met_by_configuration') or self.procedure(claim):
            return False
        if statement == 'met_by_configuration' and not self.capability and not self.captured(claim, place, member):
            return False
        return not (self.capability == 'native' and self.kind(member) == 'component' and self.integrates(claim, member))

    def claim_status(self, claim, place, member):
        """(status, whether everything it rests on is there)"""
        results = [result for case in self.cases(claim) if (result := self.outcome(case, place, member))]
        passed = [result for result in results if result['status'] == 'passed']
        whose = place if self.kind(place) == 'system' else member
        complete = all(self.there(link['to'], place, whose) for link in self.out(claim, 'rests_on'))
        if len(passed) < len(results):
            return 'failed', complete
        if not self.holds(claim, place, member, passed) or not complete:
            return 'open', complete
        if self.claim_suspect(claim, place, member):
            return 'suspect', complete
        proofs = [link['from'] for link in self.into(claim, 'evidences') if self.live(link['from'])]
        if (any(self.capability or self.at_site(result) for result in passed) or
                any(self.evidence_proves(no, member) for no in proofs)):
            return 'verified', complete
        return 'claimed', complete

    def reaches_member(self, spot, place, member):
        return (spot in self.chain(member) or spot in self.chain(place) or self.kind(member) == 'component' or
                self.kind(member) == 'asset' and spot in self.components(member))

    def best_claim(self, ref, place, member):
        """(the best status of the approved claims or None when there is none, whether one is in force)"""
        chain = {member} if self.kind(member) == 'component' else set(self.chain(member))
        best, in_force = None, False
        for requirement in {no for no, spot in self.requirements(ref, place) if self.reaches_member(spot, place, member)}:
            for link in self.into(requirement, 'answers'):
                claim = link['from']
                if self.approved(claim) and any(cover['to'] in chain for cover in self.out(claim, 'covers')):
                    status, complete = self.claim_status(claim, place, member)
                    best = status if best is None else max(best, status, key=ORDER.index)
                    in_force |= complete
        return best, in_force

    # ---- rows ----

    def through_crs(self, row, place, member):
        crs = [cr for cr, types in self.facts.crs.get(row, []) if types & self.types(member)]
        states = [self.best_claim('62443-4-2 ' + cr, place, member)[0] or 'open' for cr in crs]
        return min(states, key=ORDER.index, default='open')

    def member_status(self, row, place, member):
        status, in_force = self.best_claim('62443-3-3 ' + row, place, member)
        if in_force or self.facts.rows[row]['scope'] != 'each_asset':
            return status or 'open'
        return max(status or 'open', self.through_crs(row, place, member), key=ORDER.index)

    def verified_at_home(self, row, home):
        """The row and its base row, by what is there."""
        status = self.row(row, home, alone=True)[0]
        base = self.facts.rows[row]['parent']
        return status == 'verified' and (base is None or self.row(base, home, alone=True)[0] in ('verified', 'removed'))

    def inherits(self, row, place):
        fr = self.facts.rows[row]['fr'] - 1
        for link in self.into(place, 'serves'):
            home = self.home(link['from'])
            if (not self.live(link['from']) or home in (None, place) or not link['attrs'].get('survives_loss') or
                    '62443-3-3 ' + row not in link['attrs'].get('refs', [])):
                continue
            there, here = (-1 if v[fr] is None else v[fr] for v in (self.target(home), self.target(place)))
            if self.target(place)[fr] is not None and there >= here and self.verified_at_home(row, home):
                return True
        return False

    def waiver_removes(self, link, place):
        no, places = link['from'], link['attrs'].get('places', [])
        reopened = any(self.has_trait(asset, trait) for asset in self.assets(place)
                       for trait in self.attr(no, 'reopens_on') or [])
        return (self.approved(no) and not self.past(no, 'expires') and self.attr(no, 'rationale') and
                self.attr(no, 'decision') == 'not_applicable' and not reopened and
                (not places or self.items[place]['key'] in places))

    def removed_by_waiver(self, row, place, member=None):
        """For the whole place by a requirement of it or of what contains it; for a member by one of its own."""
        up = set(self.chain(place))
        return any(self.waiver_removes(link, place)
                   for requirement, spot in self.requirements('62443-3-3 ' + row, place)
                   if (spot in up if member is None else spot not in up and self.reaches_member(spot, place, member))
                   for link in self.into(requirement, 'waives'))

    def cleared(self, finding):
        return self.items[finding]['state'] in ('fixed', 'not_affected', 'false_positive', 'retired') or any(
            self.measure_holds(link['from']) for link in self.into(finding, 'mitigates'))

    def measure_holds(self, no):
        results = [result['status'] for case in self.cases(no) if (result := self.outcome(case, None, None))]
        return self.approved(no) and not self.past(no, 'expires') and bool(results) and 'failed' not in results

    def within(self, system):
        """Assets of the places in a system."""
        return {asset for place in self.places() if system in self.chain(place) for asset in self.assets(place)}

    def broken(self, row, place, member):
        if self.kind(member) == 'asset':
            assets = {member}
        elif self.kind(member) == 'system':
            assets = self.within(member)
        elif member == place or self.kind(member) == 'conduit':
            assets = self.assets(member)
        else:
            assets = set()
        subjects = assets | {link['to'] for asset in assets for link in self.out(asset, 'instance_of')}
        return any('62443-3-3 ' + row in (self.attr(link['from'], 'broken') or []) and not self.cleared(link['from'])
                   for subject in subjects for link in self.into(subject, 'concerns')
                   if self.kind(link['from']) == 'finding')

    def row(self, row, place, alone=False):
        if self.removed_by_waiver(row, place):
            return 'removed', False
        members, known = self.need(row, place)
        scope, states, broken = self.facts.rows[row]['scope'], [], False
        for member in members:
            if self.removed_by_waiver(row, place, member):
                continue
            status = self.member_status(row, place, member)
            if scope in ('service', 'system') and status != 'verified' and not alone and self.inherits(row, place):
                status = 'verified'
            states.append(status)
            broken |= self.broken(row, place, member)
        if not known:
            return 'unknown', broken
        if not states:
            return 'removed', broken
        status = min(states, key=ORDER.index)
        if not self.requirements('62443-3-3 ' + row, place):
            status = 'open'
        return status, broken

    def rows(self, place):
        alone = {row: self.row(row, place) for row in self.facts.rows}
        bound = {}
        for row, (status, broken) in alone.items():
            base = alone.get(self.facts.rows[row]['parent'])
            if base is not None and status != 'removed':
                broken |= base[1]
                if 'unknown' in (status, base[0]):
                    status = 'unknown'
                elif base[0] != 'removed':
                    status = min(status, base[0], key=ORDER.index)
            bound[row] = [status, broken]
        return bound

    def level(self, rows, fr, least, findings):
        mine = {row: rows[row] for row, facts in self.facts.rows.items()
                if facts['fr'] == fr and rows[row][0] != 'removed'}
        if any(status == 'unknown' for status, _ in mine.values()):
            return None
        unmet = [row for row, (status, broken) in mine.items()
                 if ORDER.index(status) < ORDER.index(least) or findings and broken]
        return max(n for n in range(5)
                   if not any(level <= n for row in unmet for level in self.facts.rows[row]['levels']))

    @functools.cached_property
    def all_places(self):
        return [no for no in sorted(self.items) if self.kind(no) in ('zone', 'conduit') and self.live(no)]

    def places(self):
        return self.all_places

    def answer(self):
        answer = {}
        for no in self.places():
            rows = self.rows(no)
            answer[self.items[no]['key']] = {'target': self.target(no), 'rows': rows} | {
                name: [self.level(rows, fr, *how) for fr in range(1, 8)] for name, how in VECTORS.items()}
        return answer
