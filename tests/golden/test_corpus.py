#!/usr/bin/env python3
"""What `zw inspect` finds in real files against the figures computed for them by other means.

    test_corpus.py ZW FOLDER

FOLDER is a format folder of the corpus below $ZONEWRIGHT_SHARED. Every file its index names must give each figure of its
ground truth; a file that the index says is broken, or that its readme says is invalid or to be refused, must be refused with a
message and exit code 3."""
import json
import os
import re
import subprocess
import sys
import unittest

import tap

ZW, FOLDER = sys.argv[1:3]
del sys.argv[1:]
CORPUS = os.path.join(os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent'), 'corpus')
BROKEN = {'PARSE-ERROR', 'xml_error', 'json_error'}


def pairs(text):
    """`a=1; b={x:2, y:3}` as a dict of texts; `c.reqif=[a=1; b=2]` is one of a document within. A value may hold anything but `; NAME=`."""
    inner = re.search(r'; ([\w.-]+)=\[(.*)\]$', text)
    if inner and '=' in inner[2]:
        return {**pairs(text[:inner.start()]), inner[1]: pairs(inner[2])}
    return dict(part.partition('=')[::2] for part in re.split(r'; (?=[\w-]+=)', text)) if text else {}


def entries(text):
    """`{x:2, y:3}` as a dict of integers. A name may hold anything but `:N, `."""
    parts = re.split(r'(?<=:\d), |(?<=\d), ', text[1:-1]) if text != '{}' else []
    return {name: int(number) for name, _, number in (part.rpartition(':') for part in parts)}


def expected(index, readme):
    """File → (figures as text, whether it is to be refused), in the order of the index."""
    with open(index, encoding='utf-8') as lines:
        rows = [line.rstrip('\n').split('\t') for line in lines]
    with open(readme, encoding='utf-8') as lines:
        section, refused = '', set()
        for line in lines:
            cells = [cell.strip() for cell in line.split('|')]
            section = line[4:].strip() if line.startswith('### ') else section
            if section == FOLDER and len(cells) > 6 and re.search(r'\brefused?\b|^INVALID$', cells[6]):
                refused.add(f'{section}/{cells[1].split("`")[1]}')
    column = {name: i for i, name in enumerate(rows[0])}
    for row in rows[1:]:
        if row[column['format']] == FOLDER:
            figures = pairs(row[column['ground_truth']])
            yield row[column['file']], figures, bool(BROKEN & set(figures)) or row[column['file']] in refused


def inspect(path):
    return subprocess.run([ZW, 'inspect', '--json', path], capture_output=True, text=True, timeout=120, check=False)


class Corpus(unittest.TestCase):
    maxDiff = None

    def check(self, path, figures):
        done = inspect(path)
        self.assertEqual(done.returncode, 0, done.stderr)
        answer = json.loads(done.stdout)
        self.assertTrue(answer['format'])
        self.same(figures, answer['figures'])

    def same(self, figures, found):
        for name, within in list(figures.items()):
            if isinstance(within, dict):
                self.same(figures.pop(name), found[name])
        self.assertEqual({name: entries(figures[name]) if isinstance(found.get(name), dict) else figures[name] for name in figures},
                         {name: found[name] if isinstance(found.get(name), dict) else str(found.get(name)) for name in figures})

    def refuse(self, path):
        done = inspect(path)
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn('zw: ', done.stderr)
        self.assertGreater(len(done.stderr), 20)


def add_cases():
    for file, figures, refused in expected(os.path.join(CORPUS, 'INDEX.tsv'), os.path.join(CORPUS, 'README.md')):
        path = os.path.join(CORPUS, file)
        if refused:
            case = lambda self, path=path: self.refuse(path)
        else:
            case = lambda self, path=path, figures=figures: self.check(path, figures)
        setattr(Corpus, f'test_{file}', case)


if os.path.isdir(CORPUS):
    add_cases()
else:
    Corpus.test_corpus = unittest.skip(f'{CORPUS} is absent')(lambda self: None)
tap.main()
