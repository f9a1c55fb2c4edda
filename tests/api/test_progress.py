#!/usr/bin/env python3
"""Long work says on a terminal how far it is, here and through a server, and nowhere else; it ends with its client."""
import os
import pty
import re
import signal
import subprocess
import time

import tap
from plant import ZW, Plant
from server import Served


def on_terminal(args):
    """Runs the program with a terminal as standard error; gives its status, its output, and what the terminal got."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        got = b''
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            got += part
        out = process.stdout.read()
    os.close(ours)
    return process.returncode, out, got.decode()


# The line is replaced in place and taken away at the end.
SHOWN = r'^(\r[a-z ]+: [0-9.]+( MB)?( of [0-9.]+)?( MB)?( [a-z ]+)?(, [0-9]+ %)?\x1b\[K)+\r\x1b\[K$'


class Here(Plant):
    def test_terminal(self):
        code, out, shown = on_terminal([ZW, '--data', self.data, '--json', 'bench', 'generate', '--size', 'S'])
        self.assertEqual(code, 0, shown)
        self.assertIn(b'"items":5000', out)
        self.assertRegex(shown, SHOWN)
        self.assertRegex(shown, r'generating: [0-9]+ of 25000 items and links, [0-9]+ %')

    def test_quiet(self):
        code, _, shown = on_terminal([ZW, '--data', self.data, '-q', 'bench', 'generate', '--size', 'S'])
        self.assertEqual((code, shown), (0, ''))

    def test_no_terminal(self):
        done = self.run_zw('bench', 'generate', '--size', 'S')
        self.assertEqual((done.returncode, done.stderr), (0, ''))

    def test_short_work(self):
        """What is done at once shows nothing."""
        code, _, shown = on_terminal([ZW, '--data', self.data, 'list'])
        self.assertEqual((code, shown), (0, ''))

    def test_long_work(self):
        self.zw('bench', 'generate', '--size', 'S')
        path = os.path.join(self.folder.name, 'sheet.csv')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('ID,Title,Text\n' + ''.join(f'R{n},Requirement {n},The device shall do {n}\n' for n in range(5000)))
        whole, backup = (os.path.join(self.folder.name, name) for name in ('s.zw', 'backup'))
        for args in (['--project', 'MAIN', 'import', path], ['--project', 'S', 'check'], ['--project', 'S', 'verify'],
                     ['project', 'export', 'S', '-o', whole], ['verify', whole], ['backup', backup],
                     ['--project', 'S', 'report', 'traceability', '-o', os.path.join(self.folder.name, 'r.html')]):
            with self.subTest(args):
                code, _, shown = on_terminal([ZW, '--data', self.data, *args])
                self.assertEqual(code, 0, shown)
                if shown:  # a fast machine shows nothing
                    self.assertRegex(shown, SHOWN)


class Through(Served):
    def test_terminal(self):
        code, out, shown = on_terminal([ZW, '--data', self.data, '--json', 'bench', 'generate', '--size', 'S'])
        self.assertEqual(code, 0, shown)
        self.assertIn(b'"items":5000', out)
        self.assertRegex(shown, SHOWN)
        self.assertRegex(shown, r'generating: [0-9]+ of 25000 items and links, [0-9]+ %')

    def test_at_a_server_elsewhere(self):
        """An import there is a job; how far it is is shown here."""
        token, sheet = (os.path.join(self.folder.name, name) for name in ('token', 'sheet.csv'))
        with open(token, 'w', encoding='utf-8') as file:
            file.write(self.token + '\n')
        with open(sheet, 'w', encoding='utf-8') as file:
            file.write('ID,Title,Text\n' + ''.join(f'R{n},Requirement {n},The device shall do {n}\n' for n in range(20000)))
        remote = [ZW, '--server', f'http://127.0.0.1:{self.port}', '--token-file', token, '--project', 'MAIN', 'import', sheet]
        code, _, shown = on_terminal(remote)
        self.assertEqual(code, 0, shown)
        self.assertRegex(shown, SHOWN)

    def test_no_terminal(self):
        done = self.run_zw('bench', 'generate', '--size', 'S')
        self.assertEqual((done.returncode, done.stderr), (0, ''))

    def test_client_killed(self):
        """What a client that is gone had begun is undone, and the server takes the next call."""
        client = subprocess.Popen([ZW, '--data', self.data, 'bench', 'generate', '--size', 'M'], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while 'M' not in re.findall(r'^ *"key": "(.*?)"', self.zw('project', 'list'), re.M):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        client.send_signal(signal.SIGKILL)
        client.wait()
        while 'outcome=CANCELLED' not in self.log_text():
            self.assertLess(time.monotonic(), deadline, self.log_text())
            time.sleep(0.05)
        self.assertEqual([p['key'] for p in self.json('project', 'list')], ['MAIN'])


if __name__ == '__main__':
    tap.main()
