#!/usr/bin/env python3
"""What is signed is kept its time, what is personal can be erased, and all proofs still hold."""
import tap
from people import People


class Keep(People):
    roles = {'alice': ['author'], 'carol': ['approver'], 'adam': ['administrator'], 'vera': ['viewer']}

    def fill(self):
        super().fill()
        self.zw('add', 'requirement', 'title=Identification', 'developer=A. Nother')
        self.zw('set', 'RQ-1', 'developer=B. Nother')
        self.zw('add', 'countermeasure', 'title=Locks', 'developer=C. Nother', '-m', 'as A. Nother said')

    def setting(self, years, status):
        line = '{"op":"setting","name":"retention_years","value":%s}\n' % years
        return self.act('adam', 'POST', '/api/v1/changes', line, status, kind='application/x-ndjson')

    def test_what_is_signed_is_kept(self):
        delete = lambda: self.send('DELETE', '/api/v1/projects/MAIN?yes=true')
        self.setting(5, 200)    # nothing is signed yet
        self.setting('"x"', 422)
        self.setting(0, 422)
        self.setting(101, 422)
        self.send('POST', '/api/v1/branches', {'name': 'b'}, 201)
        for key, project in (('RQ-1', 'MAIN'), ('RQ-1', 'MAIN.b')):
            shown = self.act('carol', 'GET', f'/p/{project}/api/v1/items/{key}/manifest?meaning=reviewed', None, 200).json
            self.sign('carol', {'on': key, 'rev': shown['rev'], 'hash': shown['hash'], 'meaning': 'reviewed', 'reason': 'read',
                                'password': 'an evening at the pumps'}, project=project)
        self.setting(4, 409)    # it only grows from now on
        self.setting(7, 200)
        problem = self.send('DELETE', '/api/v1/branches/b?yes=true&project=MAIN', status=409).json
        self.assertRegex(problem['detail'], 'kept 5 years from the last signature, until 20[0-9-]{8}')
        self.assertEqual(delete().status, 409)
        self.assertEqual(self.api('/api/v1/items/RQ-1?project=MAIN')['key'], 'RQ-1')
        for project in ('MAIN', 'MAIN.b'):
            self.assertEqual(self.api(f'/api/v1/verify?project={project}')['problems'], [])

    def test_what_is_personal_can_be_erased(self):
        shown = self.act('carol', 'GET', '/api/v1/items/RQ-1/manifest?meaning=reviewed', None, 200).json
        self.sign('carol', {'on': 'RQ-1', 'rev': shown['rev'], 'hash': shown['hash'], 'meaning': 'reviewed', 'reason': 'read', 'password': 'an evening at the pumps'})
        self.send('POST', '/api/v1/branches', {'name': 'b'}, 201)
        root = self.api('/api/v1/verify?project=MAIN')['root']
        rows = self.act('adam', 'GET', '/api/v1/personal', None, 200).json
        self.assertEqual([(r['item'], r['field'], r['commit']) for r in rows], [('RQ-1', 'developer', 2), ('RQ-1', 'developer', 3), ('CM-1', 'developer', 4)])
        for who, status in (('alice', 403), ('vera', 403)):
            self.act(who, 'DELETE', '/api/v1/personal?key=RQ-1&yes=true', None, status)
        self.act('adam', 'DELETE', '/api/v1/personal?key=RQ-1', None, 400)               # it is not meant
        self.act('adam', 'DELETE', '/api/v1/personal?yes=true', None, 400)               # what?
        self.act('adam', 'DELETE', '/api/v1/personal?key=RQ-1&field=title&yes=true', None, 404)
        self.act('adam', 'DELETE', '/api/v1/personal?commit=99&yes=true', None, 404)
        self.act('adam', 'DELETE', '/api/v1/personal?commit=x&yes=true', None, 400)
        made = self.act('adam', 'DELETE', '/api/v1/personal?key=RQ-1&field=developer&yes=true', None, 200).json
        self.assertEqual(made, {'erased': 'developer of RQ-1', 'pieces': 2})
        self.act('adam', 'DELETE', '/api/v1/personal?key=RQ-1&yes=true', None, 404)      # nothing is left
        self.act('adam', 'DELETE', '/api/v1/personal?commit=4&yes=true', None, 200)
        for project in ('MAIN', 'MAIN.b'):
            self.assertNotIn('developer', self.api(f'/api/v1/items/RQ-1?project={project}')['attrs'])
            self.assertEqual(self.api(f'/api/v1/items/CM-1?project={project}')['attrs']['developer'], 'C. Nother')
            for what in ('verify', 'check'):
                self.assertEqual(self.api(f'/api/v1/{what}?project={project}')['problems'], [])
        self.assertEqual(self.api('/api/v1/verify?project=MAIN')['root'], root)
        self.assertEqual([s['standing'] for s in self.api('/api/v1/items/RQ-1/signatures?project=MAIN')], [True])
        self.assertIn(('personal.erase', 'developer of RQ-1'), {(e['action'], e['object']) for e in self.api('/api/v1/audit?project=MAIN')})
        self.stop()
        self.assertEqual(self.zw('personal', 'list'), f'{"CM-1":<10} {"developer":<20} commit 4\n')
        self.assertIn('developer of CM-1', self.zw('personal', 'erase', 'CM-1', 'developer', '--yes'))
        self.assertEqual(self.json('personal', 'list'), [])
        self.serve()


if __name__ == '__main__':
    tap.main()
