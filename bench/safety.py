#!/usr/bin/env python3
"""The query "requirements that depend on scenario X, and safety functions that share components with their countermeasures" on a
project of size M, held to the slow implementation of tests/twin. Usage: safety.py ZW [SCENARIOS [SIZE]]

The generated project gets a thousand safety functions that stand on its assets; nothing is measured but how long each side takes."""
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'twin'))

from plain import Facts  # noqa: E402
from twin_shared import Twin as Sharing  # noqa: E402
from twin_walk import Twin as Walking  # noqa: E402

FUNCTIONS, ELEMENTS = 1000, 1
ZW, SCENARIOS, SIZE = sys.argv[1], int((sys.argv[2:3] or ['5'])[0]), (sys.argv[3:4] or ['M'])[0]


class Twin(Sharing, Walking):
    def depend(self, scenario):
        """Requirements of security and safety functions down the ripple, a ring at a time over links found once."""
        ways = collections.defaultdict(set)
        for here, there in self.steps('ripple', False):
            ways[here].add(there)
        reached, ring = {scenario}, {scenario}
        while ring:
            ring = {there for here in ring for there in ways[here] if there not in reached and self.live(there)}
            reached |= ring
        return reached - {scenario}

    def query(self, scenario):
        reached = self.depend(scenario)
        requirements = {no for no in reached if self.kind(no) == 'requirement' and self.items[no]['attrs'].get('discipline', 'security') == 'security'}
        things = {thing for no in requirements for _, _, _, thing in self.runs_on(no)}
        functions = {no for no in self.items if self.kind(no) == 'safety_function' and self.live(no) and
                     (no in reached or any(anchor in things for anchor, _ in self.stands_on(no)))}
        return {self.items[no]['key'] for no in requirements | functions}


def zw(data, *args):
    return subprocess.run([ZW, '--data', data, '--project', SIZE, *args], check=True, text=True, stdout=subprocess.PIPE).stdout


def functions(keys):
    pick = random.Random(1)
    for i in range(FUNCTIONS):
        key = f'SF-{900000 + i}'
        yield {'op': 'item', 'key': key, 'kind': 'safety_function', 'title': f'Function {i}'}
        for asset in pick.sample(keys['asset'], ELEMENTS):
            yield {'op': 'link', 'from': key, 'type': 'uses', 'to': asset, 'as': pick.choice(['sensor', 'logic', 'final', 'station'])}


def read(text):
    """The model as the twins take it, from the native format."""
    numbers, items, links = {}, [], []
    for line in text.splitlines():
        op = json.loads(line)
        if op['op'] == 'item':
            numbers[op['key']] = len(items)
            items.append({'no': len(items), 'key': op['key'], 'kind': op['kind'], 'state': op.get('state', 'draft'), 'rev': 1, 'subst': 1,
                          'attrs': op.get('attrs', {})})
        elif op['op'] == 'link':
            links.append({'from': op['from'], 'to': op['to'], 'type': op['type'], 'as': op.get('as', ''), 'judged': [1, 1],
                          'attrs': op.get('attrs', {})})
    return {'items': items, 'results': [], 'now': 0,
            'links': [link | {end: numbers[link[end]] for end in ('from', 'to')} for link in links]}


def main():
    with tempfile.TemporaryDirectory() as folder:
        data, path = os.path.join(folder, 'data'), os.path.join(folder, 'functions.ndjson')
        subprocess.run([ZW, '--data', data, 'init'], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([ZW, '--data', data, 'bench', 'generate', '--size', SIZE, '--seed', '1'], check=True, stdout=subprocess.DEVNULL)
        keys = collections.defaultdict(list)
        for line in zw(data, 'export', 'native').splitlines():
            op = json.loads(line)
            if op['op'] == 'item':
                keys[op['kind']].append(op['key'])
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(json.dumps(op) + '\n' for op in functions(keys))
        zw(data, 'import', '--format', 'native', path)
        model = read(zw(data, 'export', 'native'))
        twin = Twin(Facts(ROOT), model, None)
        for scenario in random.Random(2).sample(keys['threat'], SCENARIOS):
            begin = time.monotonic()
            said = {row['key'] for row in json.loads(zw(data, '--json', 'impact', scenario, '--kinds', 'requirement', '--kinds', 'safety_function',
                                                        '--discipline', 'security', '--shared'))}
            between = time.monotonic()
            expected = twin.query(next(no for no, item in twin.items.items() if item['key'] == scenario))
            if said != expected:
                sys.exit(f'{scenario}: only one of them has {sorted(said ^ expected)[:10]}')
            print(f'{scenario}: {len(said)} items equal, {sum(key.startswith("SF-") for key in said)} of them functions; '
                  f'{between - begin:.2f} s with opening the project, the twin {time.monotonic() - between:.2f} s')


main()
