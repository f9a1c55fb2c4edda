"""Plants that are edited: any revision, link, result and passing of time, commit by commit."""
from maker import DATES, Derived, Plant, instant


class Edits:
    """What is done to a plant after it is made. A link is known by its ends, type and role."""

    def edit(self, count):
        self.ended = []
        self.now = instant('2026-01-01')
        return [self.commit() for _ in range(count)]

    def commit(self):
        self.changed = {'items': [], 'links': [], 'results': []}
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            self.random.choice([self.revise, self.revise, self.revise, self.end, self.begin, self.again, self.relink, self.judge, self.report, self.grow])()
        if self.random.random() < 0.15:
            self.now = instant(self.random.choice(DATES)) + self.random.choice([-1, 0, 86399999, 86400000])
        return self.changed | {'now': self.now, 'unasked': self.random.random() < 0.1}

    def change(self, link, **how):
        link.update(how)
        self.changed['links'].append(dict(link))

    def revise(self):
        """As another item of its kind is, or in another state."""
        item = self.random.choice(self.items)
        like = self.random.choice([other for other in self.items if other['kind'] == item['kind']])
        attrs = dict(self.random.choice([item, like])['attrs'])
        if attrs and self.random.random() < 0.3:
            del attrs[self.random.choice(sorted(attrs))]
        state = self.random.choice(self.facts.kinds[item['kind']]) if self.random.random() < 0.4 else like['state']
        item.update(attrs=attrs, state=state, rev=item['rev'] + 1)
        if self.random.random() < 0.5:
            item['subst'] = item['rev']
        self.changed['items'].append(dict(item))

    def end(self):
        if self.links:
            link = self.links.pop(self.random.randrange(len(self.links)))
            self.ended.append(link)
            self.change(link, ended=True)

    def again(self):
        if self.ended:
            link = self.ended.pop(self.random.randrange(len(self.ended)))
            self.links.append(link)
            self.change(link, ended=False)

    def alike(self, no):
        return self.random.choice([item['no'] for item in self.items if item['kind'] == self.items[no]['kind']])

    def begin(self):
        """As another link is, between other ends of those kinds."""
        like = self.random.choice(self.links)
        self.connect(like, self.alike(like['from']), self.alike(like['to']))

    def connect(self, like, start, end):
        name = (start, like['type'], end, like.get('as', ''))
        if name in self.linked or start == end:
            return
        self.linked.add(name)
        link = dict(like) | {'from': start, 'to': end, 'judged': [self.items[no]['subst'] for no in (start, end)]}
        self.links.append(link)
        self.change(link)

    def relink(self):
        link = self.random.choice(self.links)
        others = [other for other in self.links if other['type'] == link['type']]
        self.change(link, attrs=self.random.choice(others)['attrs'])

    def judge(self):
        link = self.random.choice(self.links)
        self.change(link, judged=[self.items[link[end]]['subst'] - (self.random.random() < 0.2) for end in ('from', 'to')])

    def report(self):
        cases = [item['no'] for item in self.items if item['kind'] == 'test_case']
        runs = [item['no'] for item in self.items if item['kind'] == 'test_run']
        if cases and runs:
            self.changed['results'].append({'case': self.random.choice(cases), 'run': self.random.choice(runs), 'at': self.random.randrange(4000),
                                            'status': self.random.choice(['passed', 'passed', 'failed', 'error', 'skipped'])})

    def grow(self):
        """One more item like another, with some of its links."""
        like = self.random.choice(self.items)
        no = len(self.items)
        self.items.append(like | {'no': no, 'key': f'X-{no}', 'rev': 1, 'subst': 1})
        self.changed['items'].append(dict(self.items[no]))
        for link in [link for link in self.links if like['no'] in (link['from'], link['to'])]:
            if self.random.random() < 0.5:
                self.connect(link, *(no if link[end] == like['no'] else link[end] for end in ('from', 'to')))


def edited(facts, seed, count):
    """The model and its commits; the model is copied before they change it."""
    base = [Plant, Derived][seed % 2]
    made = type('Edited', (Edits, base), {})(facts, seed)
    made.model = {name: [dict(each) for each in made.model[name]] for name in ('items', 'links', 'results')} | {'now': made.model['now']}
    made.model['commits'] = made.edit(count)
    return made
