#!/usr/bin/env python3
"""Help, man page and completion say what the commands take; settings are shown; wrong options name the near ones."""
import os
import re
import subprocess

import tap
from plant import ZW, Plant

SOURCE = os.environ['ZONEWRIGHT_SOURCE']


def commands():
    with open(os.path.join(SOURCE, 'src', 'cli', 'commands.def'), encoding='utf-8') as file:
        return re.findall(r'^COMMAND\("(\w+)"', file.read(), re.MULTILINE)


class Help(Plant):
    def test_every_command_is_in_all_three(self):
        text, page, script = self.zw('help'), self.zw('help', '--man'), self.zw('help', '--completion')
        self.assertGreater(len(commands()), 20)
        for name in commands():
            with self.subTest(name=name):
                self.assertRegex(text, rf'(?m)^  {name} ')
                self.assertRegex(page, rf'(?m)^\.SS {name}\b')
                self.assertRegex(script, rf'commands="[^"]*\b{name}\b')
                one = self.zw('help', name)
                self.assertTrue(one.startswith(f'Usage: zw {name}'))
                self.assertEqual(self.zw(name, '--help'), one)

    def test_options_of_a_command_are_those_it_takes(self):
        self.assertIn('--component KEY', self.zw('help', 'sl'))
        self.assertNotIn('--component', self.zw('help', 'gaps'))
        self.assertIn('\\fB\\-\\-component', self.zw('help', '--man'))

    def test_completion_runs_in_bash(self):
        script = self.zw('help', '--completion')
        done = subprocess.run(['bash', '-c', script + '\nCOMP_WORDS=(zw --project X im); COMP_CWORD=3; _zw; echo "${COMPREPLY[@]}"\n'
                               'COMP_WORDS=(zw sl --co); COMP_CWORD=2; _zw; echo "${COMPREPLY[@]}"'],
                              capture_output=True, text=True, check=True)
        words = done.stdout.splitlines()
        self.assertIn('import', words[0].split())
        self.assertEqual(words[1], '--component')

    def test_wrong_words(self):
        self.assertIn('did you mean "zone"', self.zw('sl', '--zoen', 'ZN-1', code=2))
        self.assertIn('did you mean "import"', self.zw('help', 'imprt', code=2))
        self.assertIn('zw help show', self.zw('show', code=2))
        self.assertEqual(subprocess.run([ZW, '--json'], capture_output=True, check=False).returncode, 2)

    def test_settings_say_where_they_come_from(self):
        os.environ['ZONEWRIGHT_THREADS'] = '7'
        self.addCleanup(os.environ.pop, 'ZONEWRIGHT_THREADS')
        settings = {s['name']: s for s in self.json('config', 'show')}
        self.assertEqual((settings['server.threads']['value'], settings['server.threads']['from']), (7, 'environment'))
        self.assertEqual(settings['log.level']['from'], 'default')
        self.assertRegex(self.zw('config', 'show'), r'server\.threads +7 +environment')

    def test_version(self):
        self.assertEqual(self.zw('--version'), self.zw('version'))


tap.main()
