"""Makes random models of programmes: requirements of 62443-2-1, 2-4 and 4-1 with claims, procedures, records and what is wrong with them."""
from maker import DATES, Maker

REFS = ['62443-4-1 DM-1', '62443-4-1 DM-2', '62443-4-1 SG-1', '62443-2-4 SP.01.01 BR', '62443-2-4 SP.01.02 BR', '62443-2-1 ORG 1.1',
        '62443-2-1 CM 1.1', '62443-2-1:2010 4.2.3.4', '62443-3-3 SR 1.1']


class Assessed(Maker):
    def make(self):
        pick = self.random
        self.things = [self.item('component', {'version': pick.choice('12')}), self.item('system', {}), self.item('component', {})]
        self.procedures = [self.item('document', {}), self.item('countermeasure', {'nature': 'procedural'}), self.item('countermeasure', {'nature': 'technical'})]
        for ref in pick.choices(REFS, k=pick.randint(1, 9)):
            self.requirement(ref)

    def requirement(self, ref):
        pick = self.random
        no = self.item('requirement', {'ref': ref} | ({'maturity_target': pick.randint(1, 4)} if pick.random() < .5 else {}))
        if pick.random() < .8:
            self.link(no, 'allocated_to', pick.choice(self.things))
        if pick.random() < .15:
            attrs = {'decision': pick.choice(['not_applicable', 'deferred'])} | ({'rationale': 'r'} if pick.random() < .7 else {})
            self.link(self.item('waiver', attrs | ({'expires': pick.choice(DATES)} if self.bad() else {})), 'waives', no, {'places': ['X-1']} if self.bad() else {})
        claims = [self.claim(no) for _ in range(pick.choice([0, 1, 1, 2]))]
        self.carry([no, *claims])
        for _ in range(pick.choice([0, 1, 2])):
            kind = pick.choice(['nonconformity', 'action', 'change', 'incident'])
            concern = self.item(kind, {}, pick.choice(['closed', 'closed', 'open']))
            link = 'concerns' if kind == 'incident' else pick.choice(['concerns', 'resolves'] if kind != 'nonconformity' else ['concerns'])
            self.link(concern, link, pick.choice([no, *claims]) if link == 'concerns' else no)

    def claim(self, requirement):
        pick = self.random
        attrs = {'statement': pick.choice(['met', 'met', 'met', 'not_met', 'not_applicable'])}
        if attrs['statement'] == 'not_applicable' and pick.random() < .7:
            attrs['rationale'] = 'r'
        for name, value, often in (('maturity', pick.randint(1, 4), .9), ('maturity_verified', pick.randint(1, 4), .8), ('assessor', 'A', .9),
                                   ('assessed', pick.choice(DATES), .9), ('valid_until', pick.choice(DATES), .3)):
            if pick.random() < often:
                attrs[name] = value
        no = self.item('claim', attrs)
        self.link(no, 'answers', requirement)
        if pick.random() < .3:
            self.link(no, 'covers', pick.choice(self.things))
        if pick.random() < .5:
            self.link(no, 'rests_on', pick.choice(self.procedures + self.things[:1]))
        return no

    def carry(self, carried):
        pick = self.random
        if pick.random() < .6:
            self.link(self.procedures[0], 'evidences', pick.choice(carried))
        for _ in range(pick.choice([0, 1, 2])):
            attrs = {'version': pick.choice('12')} if self.bad() else {}
            attrs |= {'valid_until': pick.choice(DATES)} if pick.random() < .3 else {}
            kind, state = pick.choice([('evidence', 'approved'), ('evidence', 'approved'), ('test_run', 'recorded')])
            self.link(self.item(kind, attrs if kind == 'evidence' else {}, state), 'evidences', pick.choice(carried))
