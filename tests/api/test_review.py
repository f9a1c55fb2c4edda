#!/usr/bin/env python3
"""Reviews: items sent to reviewers, a decision each, comments in place, signatures at the end; what it means when the case moves on."""
import tap
from people import People


class Review(People):
    roles = {'alice': ['author'], 'rita': ['reviewer'], 'rolf': ['reviewer'], 'vera': ['viewer'], 'carol': ['approver']}

    def fill(self):
        super().fill()
        self.zw('add', 'zone', 'title=Trip')
        self.zw('add', 'countermeasure', 'title=Locks')
        self.zw('add', 'countermeasure', 'title=Filter')

    def send_out(self, **more):
        body = {'title': 'Before the audit', 'due': '2026-01-31', 'items': ['ZN-1'], 'q': 'kind:countermeasure', 'reviewers': ['rita', 'rolf'], **more}
        return self.act('alice', 'POST', '/api/v1/reviews', body, 201).json['key']

    def decide(self, who, key, item, decision, status=200, **more):
        return self.act(who, 'POST', f'/api/v1/reviews/{key}/decisions', {'item': item, 'decision': decision, **more}, status).json

    def show(self, key, who='vera'):
        return self.act(who, 'GET', f'/api/v1/reviews/{key}', None, 200).json

    def test_the_whole_way(self):
        key = self.send_out()
        shown = self.show(key)
        self.assertEqual((shown['state'], shown['overdue'], shown['open'], shown['moved_on']), ('open', True, 6, 0))
        self.assertEqual([r['name'] for r in shown['reviewers']], ['rita', 'rolf'])
        sent = self.api('/api/v1/verify')['commits']
        self.assertEqual({i['key']: i['sent'] for i in shown['items']}, {'CM-1': 1, 'CM-2': 1, 'ZN-1': 1})
        self.decide('rita', key, 'CM-1', 'changes', text='Which locks?')
        row = next(i for i in self.show(key)['items'] if i['key'] == 'CM-1')
        self.assertEqual((row['open_comments'], [(d['by'], d['decision'], d['rev'], d['stands']) for d in row['decisions']]),
                         (1, [('rita', 'changes', 1, True), ('rolf', None, None, False)]))
        self.assertEqual([c['text'] for c in self.act('vera', 'GET', '/api/v1/items/CM-1/comments', None, 200).json], ['Which locks?'])
        # what was decided on before it changed is to be decided on again; and nobody decides on what they have not seen
        self.act('alice', 'PATCH', '/api/v1/items/CM-1', {'title': 'Locks of class C'}, 200, kind='application/merge-patch+json', If_Match='"1"')
        row = next(i for i in self.show(key)['items'] if i['key'] == 'CM-1')
        self.assertEqual((row['moved_on'], row['rev'], row['decisions'][0]['stands']), (True, 2, False))
        self.decide('rita', key, 'CM-1', 'accepted', 412, rev=1)
        for who in ('rita', 'rolf'):
            for item in ('CM-1', 'CM-2', 'ZN-1'):
                self.assertEqual(self.act('alice', 'POST', f'/api/v1/reviews/{key}/finish', {}, 409).json['code'], 'STATE')
                self.decide(who, key, item, 'rejected' if (who, item) == ('rolf', 'CM-2') else 'accepted')
        self.act('alice', 'POST', f'/api/v1/reviews/{key}/finish', {'message': 'all decided'}, 200)
        shown = self.show(key)
        self.assertEqual((shown['state'], shown['open'], shown['overdue']), ('done', 0, False))
        self.assertEqual(shown['outcome'], {'CM-1': 'accepted 2', 'CM-2': 'rejected 1', 'ZN-1': 'accepted 1'})
        self.decide('rita', key, 'CM-1', 'rejected', 409)
        before = self.act('vera', 'GET', f'/api/v1/reviews/{key}?at={sent}', None, 200).json
        self.assertEqual((before['state'], before['open'], before['moved_on'], before['outcome']), ('open', 6, 0, None))
        # who decided is no author of the review, and signs it; when an item moves on the signature stands and says of what
        self.sign('rita', self.body('rita', key, 'reviewed'))
        self.act('alice', 'PATCH', '/api/v1/items/ZN-1', {'title': 'Trip 2'}, 200, kind='application/merge-patch+json', If_Match='"1"')
        shown = self.show(key)
        self.assertEqual([(s['person'], s['meaning'], s['standing']) for s in shown['signatures']], [('rita', 'reviewed', True)])
        self.assertEqual((shown['moved_on'], next(i for i in shown['items'] if i['key'] == 'ZN-1')['moved_on']), (2, True))
        # another outcome is another review
        self.act('alice', 'PATCH', f'/api/v1/items/{key}', {'attrs': {'outcome': {}}}, None, kind='application/merge-patch+json', If_Match='*')
        self.assertEqual([s['standing'] for s in self.show(key)['signatures']], [False])
        row, = self.act('vera', 'GET', '/api/v1/reviews', None, 200).json
        self.assertEqual((row['key'], row['n_items'], row['moved_on']), (key, 3, 2))
        self.assertTrue(self.api('/api/v1/check')['ok'])

    def test_who_may(self):
        key = self.send_out()
        self.decide('alice', key, 'ZN-1', 'accepted', 403)   # was not asked
        self.decide('vera', key, 'ZN-1', 'accepted', 403)
        self.decide('rita', key, 'ZN-99', 'accepted', 404)
        self.decide('rita', 'ZN-1', 'ZN-1', 'accepted', 422)
        self.decide('rita', key, 'ZN-1', 'maybe', 422)
        self.act('rita', 'POST', '/api/v1/reviews', {'title': 'x', 'items': ['ZN-1'], 'reviewers': ['rita']}, 403)
        for body, status in (({'reviewers': ['vera']}, 403), ({'reviewers': ['nobody']}, 404), ({'reviewers': []}, 422), ({'items': ['ZN-9']}, 404),
                             ({'items': [], 'q': 'text:nowhere'}, 400), ({'q': 'kind:'}, 422)):
            self.act('alice', 'POST', '/api/v1/reviews', {'title': 'x', 'items': ['ZN-1'], 'reviewers': ['rita'], **body}, status)
        self.act('alice', 'GET', '/api/v1/reviews/ZN-1', None, 404)

    def test_a_signed_baseline_when_the_case_moves_on(self):
        made = self.act('alice', 'POST', '/api/v1/baselines', {'title': 'B'}, 201).json
        self.sign('carol', self.body('carol', made['key']))
        state = lambda: [(b['signatures'], b['standing'], b['changed_since']) for b in self.api('/api/v1/baseline-signatures')]
        self.assertEqual(state(), [(1, 1, 0)])
        self.act('alice', 'PATCH', '/api/v1/items/CM-2', {'title': 'Other filter'}, 200, kind='application/merge-patch+json', If_Match='"1"')
        self.assertEqual(state(), [(1, 1, 1)])  # signed still, of what it names; one item is not what was signed any more

    def test_the_same_by_command(self):
        self.stop()
        me = self.json('user', 'me')['name']
        self.assertEqual(self.zw('review', 'create', 'Mine', 'ZN-1', '--to', me, '--due', '2999-01-01')[:5], 'RV-1,')
        self.zw('review', 'decide', 'RV-1', 'ZN-1', 'accepted', '-m', 'fine')
        self.assertIn('open         1 items, 0 decisions open, due 2999-01-01', self.zw('review', 'show', 'RV-1'))
        self.zw('review', 'finish', 'RV-1')
        self.assertIn('RV-1', self.zw('review', 'list'))
        self.assertEqual(self.json('review', 'show', 'RV-1')['outcome'], {'ZN-1': 'accepted 1'})
        self.serve()


if __name__ == '__main__':
    tap.main()
