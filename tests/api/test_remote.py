#!/usr/bin/env python3
"""`zw --server` says what `zw --data` says, and every command has its equivalent in the API."""
import os
import re
import subprocess

import tap
from plant import ZW
from server import Served

SOURCE = os.environ['ZONEWRIGHT_SOURCE']

# Each command, as it only reads, with all its ways to be called that matter here.
READS = {
    'project': [['list'], ['export', '{file}'], ['--project', 'MAIN', 'export', 'MAIN', '-o', '{file}']],
    'list': [[], ['kind:zone'], ['kind:zoen'], ['(purdue:3', 'or', 'purdue:2)']],
    'view': [['list'], ['keep', 'x', '//elsewhere'], ['drop', 'x'], ['keep', 'x']],
    'show': [['ZN-1'], ['ZN-99'], ['--at', '3', 'ZN-1'], ['--at', '99', 'ZN-1']],
    'history': [['ZN-1'], ['ZN-99']],
    'diff': [['2'], ['2', '4'], ['x']],
    'comment': [['list', 'ZN-1'], ['list', 'ZN-99'], ['add', 'ZN-99', 'x'], ['resolve', 'ZN-1', '0' * 32], ['add', 'ZN-1']],
    'profile': [['list'], ['show', 'asvs'], ['show', 'none']],
    'job': [['list'], ['show', '0' * 32], ['cancel', '0' * 32], ['file', '0' * 32], ['wait']],
    'trace': [['ZN-1'], ['ZN-1', '--up'], ['--down', 'RQ-1']],
    'impact': [['SYS-1'], ['SYS-1', '--kinds', 'zone,conduit'], ['NO-1']],
    'neighbourhood': [['ZN-1'], ['ZN-1', '--depth', '9'], ['ZN-99']],
    'why': [['ZN-1', 'SYS-1'], ['ZN-1', 'CP-1'], ['ZN-1', 'ZN-99']],
    'trace-matrix': [['requirement', 'component'], ['requirement', 'component', '--gaps', 'rows'], ['zoen', 'component']],
    'log': [[], ['ZN-1'], ['--person', 'nobody']],
    'branch': [['list'], ['merge', 'none', '-m', 'x'], ['drop', 'none', '--yes']],
    'vendors': [[], ['Example'], ['none']],
    'advisories': [[], ['none']],
    'review': [['list'], ['show', 'ZN-1'], ['create', 'x', '--to', 'root', 'ZN-99']],
    'personal': [['list'], ['erase', 'none']],
    'triage': [['policy'], ['decisions'], ['FD-9', 'fixed']],
    'work': [[], ['--project', 'MAIN'], ['more']],
    'change': [['list'], ['list', '--state', 'opn'], ['show', 'ZN-1'], ['impact', 'CH-9'], ['move']],
    'incident': [['list', '--filter', 'none'], ['show', 'ZN-1'], ['notify', 'IN-9', 'x'], ['policy'], ['policy', '{folder}/acme.json']],
    'checkpoint': [['--at', '2'], []], 'evidence-pack': [['-o', '{file}'], ['--at', '3', '--zone', 'ZN-1', '-o', '{file}'], ['-o', '{file}', '--zone', 'ZN-99'], []],
    'test': [['status'], ['matrix'], ['matrix', '--zone', 'ZN-1'], ['matrix', '--zone', 'ZN-99'], ['evidence'], ['run', 'TP-9'], ['show', 'TR-9'], ['pack', 'TP-9', '-o', '{file}'], ['pack', 'TP-9'], ['walk']],
    'captures': [['ZN-1'], ['DO-9'], ['DO-9', '1'], ['DO-9', '--diff', 'x']],
    'suspects': [[], ['--filter', 'kind:zone'], ['--filter', 'kind:zoen']],
    'catalog': [['list'], ['show', '62443-3-3'], ['show', 'none']],
    'risk': [['list'], ['method', 'list'], ['show', 'RK-9'], ['method', 'show', 'none']],
    'sl': [[], ['--zone', 'ZN-1'], ['--component', 'CP-1'], ['--zone', 'SYS-1']],
    'gaps': [[], ['--zone', 'ZN-1']],
    'lint': [[], ['--answered']],
    'gate': [[], ['--zone', 'ZN-1', '--sl', '2'], ['--sl', '9'], ['--zone', 'SYS-1', '--findings']],
    'plan': [[], ['--target', 'SL-T', '--zone', 'ZN-1'], ['--ops'], ['--target', '3'], ['--zone', 'SYS-1']],
    'safety': [[], ['list'], ['SF-1'], ['show', 'SF-1'], ['show', 'HZ-1'], ['lopa'], ['lopa', 'HZ-1'], ['cutsets', 'HZ-1'], ['checklist'], ['interactions'], ['interactions', 'SF-1'], ['interactions', 'ZN-1'], ['attack'], ['attack', 'HZ-1'], ['attack', 'SF-1'], ['attac']],
    'zcr': [[], ['ZCR 5.6'], ['ZCR 9']],
    'assessment': [[], ['62443-4-1'], ['62443-2-1:2010', '--organisation', 'Acme'], ['62443-2-1', '--subject', 'CP-1'], ['62443-3-3'], ['62443-2-4', '--subject', 'RQ-1'], ['start', '62443-2-4'], ['triggers'], ['audits'], ['sample', 'ZN-1', '--of', 'kind:zone', '--n', '2']],
    'inventory': [['diff'], ['diff', '--accepted'], ['settle', 'AS-1:version', 'update']],
    'metrics': [['--to', '2026-03-01'], ['--environment', 'SYS-1', '--to', '2026-03-01'], ['--zone', 'AS-1'], ['--from', 'then']],
    'report': [['list'], ['gap', '--at', '4', '-o', '{file}.html'], ['gap', '--at', '4', '--format', 'json'], ['gop', '-o', '{file}.html'],
               ['compare', '2', '4'], ['compare', 'RP-9', '4'], ['get', 'ZN-1']],
    'verify': [[]],
    'check': [[]],
    'export': [['native'], ['native', '--filter', 'kind:zone', '-o', '{file}'], ['csv'], ['nothing']],
    'role': [['list']],
    'provider': [['show'], ['shwo']],
    'feed': [['status'], ['stats']],
    'findings': [[]],
    'vex': [['openvex'], ['csaf'], ['cyclonedx', '--filter', 'none'], ['openvex', '--filter', 'kind:finding', '-o', '{file}'], ['opnvex']],
    'psirt': [[], ['advisory', 'DO-9'], ['advisory', 'ZN-1'], ['intake', 'Weak', '--product', 'CP-9'], ['draft', 'x', '--tracking', 'y'], ['x']],
    'audit': [['--most', '2', '--before', '4'], ['--all', '--most', '1', '--before', '2'], ['--most', '0']],
    'signatures': [[], ['ZN-1']],
    'workflow': [['list'], ['show', 'claim'], ['show', 'clam']],
    'baseline': [['list'], ['compare', '2', '3']],
}
# What changes something, in this order.
WRITES = [
    ['add', 'zone', 'title=Pumps', 'purdue=2', '-m', 'why'], ['add', 'zoen', 'title=x'], ['add', 'zone', 'title=x', 'purdue=9'],
    ['set', 'ZN-1', 'title=Filter house'], ['set', 'ZN-1', 'title=Filter house'], ['set', 'ZN-1', 'purdu=3'], ['set', 'ZN-99', 'title=x'],
    ['safety', 'assess', 'CM-18', 'SF-7', '--verdict', 'open', '--aspects', 'access', '-m', 'not yet'], ['safety', 'assess', 'CM-18', 'SF-9', '--verdict', 'open', '-m', 'x'],
    ['view', 'keep', 'Drafts', 'requirements?q=state:draft', '--shared'], ['view', 'keep', 'x', 'no page'], ['view', 'drop', 'Drafts'], ['view', 'drop', 'Drafts', '--person', 'x'],
    ['defer', 'ZN-1/part_of/SYS-1', '--until', '2099-01-01', '-m', 'later'],
    ['confirm', '--filter', 'key:ZN-1', '--dry-run', '-m', 'all'], ['confirm', 'ZN-1/part_of/SYS-1', '-m', 'it holds'], ['confirm', 'ZN-1/part_of/SYS-9', '-m', 'x'],
    ['link', 'ZN-2', 'part_of', 'SYS-1'], ['link', 'ZN-2', 'part_of', 'ZN-2'], ['unlink', 'ZN-2', 'part_of', 'SYS-1'], ['unlink', 'ZN-2', 'part_of', 'SYS-1'],
    ['link', 'CP-1', 'satisfies', 'RQ-1'], ['move', 'ZN-1', 'in_review'], ['move', 'ZN-1', 'approved'], ['move', 'ZN-1', 'nowhere'],
    ['retire', 'ZN-2', '--editorial'], ['baseline', 'create', 'Issue 1'], ['history', 'ZN-2'],
    ['user', 'add', 'eve', '--full-name', 'Eve Moss'], ['user', 'add', 'eve'], ['user', 'set', 'eve', '--operator'], ['user', 'disable', 'eve'], ['user', 'list'],
    ['role', 'grant', 'eve', 'author', '--zone', 'ZN-1'], ['role', 'grant', 'eve', 'autor'], ['role', 'revoke', 'eve', 'author'],
    ['findings', 'ZN-1', '--note', 'x'], ['match', '--dry-run'], ['match'], ['match', '--queue'],
    ['risk', 'derive', '--dry-run'], ['risk', 'derive'], ['catalog', 'apply', '--zone', 'ZN-1'], ['catalog', 'apply', '--zone', 'ZN-99'],
    ['comment', 'add', 'ZN-1', 'Which door?'], ['comment', 'list', 'ZN-1'],
    ['import', '{folder}/sheet.csv', '--dry-run'], ['import', '{folder}/sheet.csv', '-m', 'A sheet'], ['import', '{folder}/sheet.csv', '{folder}/more.ndjson'],
    ['test', 'ingest', '{folder}/sheet.csv'], ['test', 'ingest'],
    ['capture', 'ZN-1', '{folder}/own.csv'], ['capture', 'ZN-1'], ['add', 'test_case', 'title=Door', 'steps=push'], ['test', 'execute', 'TC-1', '--stage', 'site'], ['test', 'execute', 'ZN-1'], ['test', 'record', 'TR-1', 'TC-1/1=failed: open'],
    ['test', 'record', 'TR-1', 'TC-1/2=passed'], ['test', 'record', 'TR-1', 'x'], ['test', 'finish', 'TR-1'], ['test', 'merge', '{folder}/sheet.csv'],
    ['import', '{folder}/bad.ndjson'], ['import', '--partial', '{folder}/bad.ndjson'], ['import', '--format', 'nothing', '{folder}/sheet.csv'],
    ['import', '--profile', '{folder}/acme.json', '{folder}/own.csv'], ['import', '{folder}/own.csv'], ['profile', 'set', 'acme', '{folder}/acme.json'],
    ['profile', 'list'], ['import', '--profile', 'acme', '{folder}/own.csv'], ['import', '--profile', 'acne', '{folder}/own.csv'],
    ['profile', 'set', 'acme', '{folder}/sheet.csv'], ['profile', 'drop', 'acme'], ['profile', 'drop', 'acme'],
    ['workflow', 'reset', 'claim'], ['project', 'create', 'NEW', 'A new one'], ['project', 'create', 'NEW'], ['--project', 'NEW', 'project', 'delete', 'NEW'],
    ['project', 'delete', 'NEW', '--yes'], ['--project', 'BIG', 'bench', 'generate', '--size', 'X'],
]
# What is imported there.
FILES = {
    'sheet.csv': 'ID,Title,Colour\nR1,Log in,red\nR2,Log out,blue\n',
    'more.ndjson': '{"op":"item","kind":"zone","title":"Tanks"}\n',
    'bad.ndjson': '{"op":"item","kind":"zone","title":"Good"}\n{"op":"item","kind":"zoen","title":"Bad"}\n',
    'own.csv': 'Nr;What\n1;Lock the door\n',
    'acme.json': '{"name": "acme", "columns": {"id": "Nr", "title": "What"}}',
}
# By a person alone: a token is told so, and so is whoever asks with one.
IN_PERSON = [['token', 'list'], ['token', 'create', 'x'], ['session', 'list'], ['session', 'end', 'all'], ['user', 'totp', 'enrol'], ['provider', 'remove']]
# What works on this machine by its nature.
LOCAL = {'init', 'serve', 'inspect', 'restore', 'config', 'selftest', 'help', 'version'}
# What cannot be compared byte by byte, and has a test of its own.
OTHERWISE = {'mail', 'backup', 'sign', 'approve', 'token', 'session', 'bench', 'user'}


def commands():
    with open(os.path.join(SOURCE, 'src/cli/commands.def'), encoding='utf-8') as file:
        return re.findall(r'^COMMAND\("([\w-]+)"', file.read(), re.MULTILINE)


class Remote(Served):
    def fill(self):
        self.zw('import', '--format', 'native', self.lines(
            {'op': 'item', 'key': 'SYS-1', 'kind': 'system', 'title': 'Plant'}, {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Filters ä <b>', 'attrs': {'purdue': '3'}},
            {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'PLC', 'attrs': {'types': ['EDR']}}, {'op': 'item', 'key': 'RQ-1', 'kind': 'requirement', 'title': 'Log in'},
            {'op': 'link', 'from': 'ZN-1', 'type': 'part_of', 'to': 'SYS-1'}))
        self.zw('set', 'ZN-1', 'title=Filters')
        self.zw('add', 'conduit', 'title=Link')

    def setUp(self):
        super().setUp()
        self.secret = os.path.join(self.folder.name, 'token')
        with open(self.secret, 'w', encoding='utf-8') as file:
            file.write(self.token + '\n')
        for name, text in FILES.items():
            with open(os.path.join(self.folder.name, name), 'w', encoding='utf-8') as file:
                file.write(text)

    def run_as(self, way, args):
        """Status, standard output and error, and the file it wrote."""
        where = ['--server', f'http://127.0.0.1:{self.port}', '--token-file', self.secret] if way == 'server' else ['--data', self.data]
        target = os.path.join(self.folder.name, 'out')
        words = [arg.replace('{file}', target).replace('{folder}', self.folder.name) for arg in args]
        done = subprocess.run([ZW, *where, '--instant', '2026-01-01', *words], capture_output=True, timeout=120, check=False)
        written = None
        for name in (target, target + '.html'):
            if os.path.exists(name):
                with open(name, 'rb') as file:
                    written = file.read()
                os.unlink(name)
        return done.returncode, done.stdout, done.stderr, written

    def test_every_command_is_met(self):
        self.assertEqual(set(READS) | {args[0] for args in WRITES if not args[0].startswith('-')} | LOCAL | OTHERWISE, set(commands()))

    def test_every_use_case_of_a_command_has_an_address(self):
        """From the sources: what a command asks for is a use case of a route."""
        asked = set()
        for name in os.listdir(os.path.join(SOURCE, 'src/cli')):
            with open(os.path.join(SOURCE, 'src/cli', name), encoding='utf-8') as file:
                asked |= set(re.findall(r'"((?:[a-z]+\.)?[a-z]+)"(?=,\s*(?:args|json_|input|true|false|cli|print|NULL))', file.read()))
        with open(os.path.join(SOURCE, 'src/service/usecases.def'), encoding='utf-8') as file:
            there = set(re.findall(r'^USECASE\(\w+, "([^"]+)"', file.read(), re.MULTILINE))
        with open(os.path.join(SOURCE, 'src/http/routes.def'), encoding='utf-8') as file:
            routed = set(re.findall(r'"([^"]+)", (?:P\(|NO_PARAMS)', file.read()))
        with open(os.path.join(SOURCE, 'src/http/client.c'), encoding='utf-8') as file:
            routed |= set(re.findall(r'\{ "([a-z.]+)", "[A-Z]+", "/api', file.read()))
        asked &= there
        self.assertGreater(len(asked), 20)
        self.assertEqual(asked - routed, set())

    def test_reading_says_the_same(self):
        # Words are printed from the answer by the same code in all three, so one call of a command shows that; the answers of all are compared.
        calls = [['--json', name, *args] for name, ways in READS.items() for args in ways] + [[name, *ways[0]] for name, ways in READS.items()]
        socket = [self.run_as('socket', args) for args in calls]
        server = [self.run_as('server', args) for args in calls]
        self.stop()
        data = [self.run_as('data', args) for args in calls]
        for args, one, two, three in zip(calls, data, socket, server):
            with self.subTest(args=args):
                self.assertEqual(one, two)
                self.assertEqual(one, three)
        self.assertGreater(sum(done[0] == 0 for done in data), 60)
        self.assertGreater(sum(done[0] != 0 for done in data), 15)

    def masked(self, done):
        """Without what is another at each run: ids, hashes, times."""
        return tuple(re.sub(rb'[0-9a-f]{32,64}|\d{4}-\d\d-\d\dT[0-9:.]+Z|127\.0\.0\.1', b'#', part) if isinstance(part, bytes) else part for part in done)

    def test_changing_says_the_same(self):
        calls = [(['--json'] if n % 2 else []) + args for n, args in enumerate(WRITES)]
        outcomes = {}
        for way in ('server', 'socket', 'data'):
            if way != 'server':  # everything anew
                self.stop()
                self.data = os.path.join(self.folder.name, f'{way}-directory')
                self.zw('init')
                self.fill()
                self.zw('user', 'set', self.json('user', 'me')['name'], '--operator')
                if way == 'socket':
                    self.serve()
            outcomes[way] = [self.masked(self.run_as(way, args)) for args in calls]
        for args, one, two, three in zip(calls, outcomes['data'], outcomes['socket'], outcomes['server']):
            with self.subTest(args=args):
                self.assertEqual(one, two)
                self.assertEqual(one, three)

    def test_in_person(self):
        for args in IN_PERSON:
            code, out, err, _ = self.run_as('server', args)
            with self.subTest(args=args):
                self.assertEqual((code, out), (5, b''), err)

    def test_backup_and_whole_projects(self):
        target = os.path.join(self.folder.name, 'copy')
        code, out, err, _ = self.run_as('server', ['backup', target])
        self.assertEqual(code, 0, err)
        self.assertIn(b'wrote', out)
        restored = os.path.join(self.folder.name, 'restored')
        subprocess.run([ZW, '--data', restored, 'restore', target], check=True, capture_output=True)
        self.zw('branch', 'create', 'alt')  # it is not meant where none is named
        code, _, err, written = self.run_as('server', ['project', 'export', '-o', '{file}'])
        self.zw('branch', 'drop', 'alt', '--yes')
        self.assertEqual(code, 0, err)
        self.assertEqual(self.run_as('server', ['project', 'delete', 'MAIN', '--yes'])[0], 0)
        whole = os.path.join(self.folder.name, 'whole')
        with open(whole, 'wb') as file:
            file.write(written)
        code, out, err, _ = self.run_as('server', ['project', 'import', whole])
        self.assertEqual(code, 0, err)
        self.assertEqual(self.run_as('server', ['list', 'kind:zone'])[1], self.run_as('socket', ['list', 'kind:zone'])[1])

    def test_refused(self):
        address = f'http://127.0.0.1:{self.port}'
        other = os.path.join(self.folder.name, 'other')
        with open(other, 'w', encoding='utf-8') as file:
            file.write('zw_' + '0' * 64 + '\n')
        for args, code, words in ((['--server', address, 'list'], 2, 'token-file'), (['--server', address, '--token-file', '/nowhere', 'list'], 6, 'No such file'),
                                  (['--server', address, '--token-file', other, 'list'], 5, 'sign in again'),
                                  (['--server', address, '--data', self.data, '--token-file', self.secret, 'list'], 2, 'either'),
                                  (['--server', 'http://plant.example', '--token-file', self.secret, 'list'], 2, 'https only'),
                                  (['--server', 'ftp://127.0.0.1', '--token-file', self.secret, 'list'], 2, 'https'),
                                  (['--server', 'nonsense/x', '--token-file', self.secret, 'list'], 2, ''), (['--server', address + '/x', '--token-file', self.secret, 'list'], 2, 'named as'),
                                  (['--server', 'http://127.0.0.1:1', '--token-file', self.secret, 'list'], 6, 'connect')):
            done = subprocess.run([ZW, *args], capture_output=True, text=True, timeout=60, check=False)
            with self.subTest(args=args):
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(words.lower(), done.stderr.lower())
                self.assertNotIn('zw_', done.stderr)


if __name__ == '__main__':
    tap.main()
