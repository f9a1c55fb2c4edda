"""A model as plain lists and dictionaries, and the tables of data/: what every twin stands on."""
import collections
import csv
import os

DAY = 86400000
SEPARATION = ('business_not_separated', 'safety_asset_outside', 'temporary_not_separated', 'wireless_not_separated',
              'external_not_separated', 'flow_without_conduit', 'conduit_skips_levels', 'conduit_without_ends',
              'access_point_without_conduit')


def table(source, name):
    with open(os.path.join(source, 'data', *name.split('/')), encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))


class Facts:
    def __init__(self, source):
        traits = {row['condition']: row['trait'] for row in table(source, 'metamodel/traits.tsv')}
        scopes = {row['id']: row for row in table(source, 'catalogues/sr_scope.tsv')}
        self.traits = sorted(traits.values())
        self.rows = {}
        self.crs = {}
        for row in table(source, 'catalogues/sr_62443-3-3.tsv'):
            types, _, condition = scopes[row['id']]['applies_to'].partition('; ')
            self.rows[row['id']] = {
                'fr': int(row['fr']), 'parent': row['parent'] or None, 'scope': scopes[row['id']]['scope'],
                'types': set(types.split(',')), 'trait': traits[condition] if condition else None,
                'levels': {n for n in range(1, 5) if row[f'sl{n}'] == '1'}}
        self.capabilities, self.constraints = {}, []
        for row in table(source, 'catalogues/cr_62443-4-2.tsv'):
            types = set(row['component_types'].split(','))
            if row['use'] == 'constraint':
                self.constraints.append(row['id'])
            elif row['use'] == 'row':
                self.capabilities[row['id']] = {'fr': int(row['fr']), 'types': types,
                                                'levels': {n for n in range(1, 5) if row[f'sl{n}'] == '1'}}
                if row['derived_sr'] in self.rows:
                    self.crs.setdefault(row['derived_sr'], []).append((row['id'], types))
        self.links = {row['link']: row for row in table(source, 'metamodel/link_types.tsv')}
        self.lifecycles, self.states = {}, {}
        for row in table(source, 'metamodel/lifecycles.tsv'):
            self.lifecycles.setdefault(row['lifecycle'], []).append(row['state'])
            self.states.setdefault(row['state'], set()).update(row['flags'].split(','))
        self.kinds = {row['kind']: self.lifecycles[row['lifecycle']] for row in table(source, 'metamodel/kinds.tsv')}
        self.rules = table(source, 'metamodel/link_rules.tsv')


class Model:
    def __init__(self, facts, model, dates):
        self.facts, self.dates, self.now = facts, dates, model['now']
        self.items = {item['no']: item for item in model['items']}
        self.links = model['links']
        self.results = model['results']
        self.leaving, self.arriving = collections.defaultdict(list), collections.defaultdict(list)
        for link in self.links:
            self.leaving[link['from'], link['type']].append(link)
            self.arriving[link['to'], link['type']].append(link)

    def live(self, no):
        return self.items[no]['state'] != 'retired'

    def approved(self, no):
        return 'approved' in self.facts.states[self.items[no]['state']]

    def kind(self, no):
        return self.items[no]['kind']

    def attr(self, no, name):
        return self.items[no]['attrs'].get(name)

    def past(self, no, name):
        date = self.attr(no, name)
        return date is not None and self.now >= self.dates(date) + DAY

    def aged(self, no):
        """Is it older than evidence of its nature may be, by the strictest of the systems? Without a date it always is."""
        limits = [self.attr(other, 'evidence_ages')[self.attr(no, 'nature')] for other, item in self.items.items()
                  if item['kind'] == 'system' and self.live(other) and self.attr(no, 'nature') in (self.attr(other, 'evidence_ages') or {})]
        date = self.attr(no, 'date')
        return bool(limits) and (date is None or self.now >= self.dates(date) + (min(limits) + 1) * DAY)

    def out(self, no, kind):
        return self.leaving[no, kind]

    def into(self, no, kind):
        return self.arriving[no, kind]

    def before(self, no, kind):
        """Live items at the first end of links to this one."""
        return [link['from'] for link in self.into(no, kind) if self.live(link['from'])]

    def after(self, no, kind):
        return [link['to'] for link in self.out(no, kind) if self.live(link['to'])]

    def changed_ends(self, link):
        """The ends that had a substantive revision since the link was last judged."""
        return [end for end, judged in zip(('from', 'to'), link['judged']) if self.items[link[end]]['subst'] > judged]

    def suspect(self, link):
        return bool(self.changed_ends(link))
