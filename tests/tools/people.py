"""A server with several people who sign in: each acts in a session of their own, and signs with a password."""
from server import Served

PASSWORD = 'an evening at the pumps'


class People(Served):
    roles = {}  # name → roles in MAIN
    scope = Served.scope + ',sign'

    def fill(self):
        path = self.folder.name + '/password'
        with open(path, 'w', encoding='utf-8') as file:
            file.write(PASSWORD + '\n')
        for name, roles in self.roles.items():
            self.zw('user', 'add', name, '--password-file', path)
            self.zw('role', 'grant', name, *roles)

    def setUp(self):
        super().setUp()
        self.sessions = {}

    def proof(self, name):
        if name not in self.sessions:
            made = self.send('POST', '/api/v1/session', {'name': name, 'password': PASSWORD}, 201, anonymous=True)
            self.sessions[name] = {'Cookie': made.headers['Set-Cookie'].partition(';')[0],
                                   'Origin': f'http://127.0.0.1:{self.port}', 'X_Zonewright_CSRF': made.json['csrf']}
        return self.sessions[name]

    def act(self, name, method, path, body, status=None, **more):
        return self.send(method, path, body, status, **more, **self.proof(name))

    def body(self, name, key, meaning='approved', **more):
        shown = self.act(name, 'GET', f'/p/MAIN/api/v1/items/{key}/manifest?meaning={meaning}', None, 200).json
        return {'on': key, 'rev': shown['rev'], 'hash': shown['hash'], 'meaning': meaning, 'reason': 'read', 'password': PASSWORD, **more}

    def sign(self, name, body, status=201, to='signatures', project='MAIN'):
        return self.act(name, 'POST', f'/p/{project}/api/v1/{to}', body, status)
