#!/usr/bin/env python3
"""Makes the table of words from data/reports/words.tsv, sorted for look-up. Usage: gen-words.py WORDS.tsv OUT.c"""
import sys

TONES = ('-', 'ok', 'claimed', 'warn', 'bad', 'unknown', 'dim')
HEADER = ['word', 'label', 'sign', 'tone']


def fail(path, line, why):
    sys.exit(f'gen-words: {path}:{line}: {why}')


def read(path):
    with open(path, encoding='utf-8') as file:
        lines = file.read().splitlines()
    if not lines or lines[0].split('\t') != HEADER:
        fail(path, 1, f'the first line is {HEADER}')
    words = {}
    for number, line in enumerate(lines[1:], 2):
        fields = line.split('\t')
        if len(fields) != len(HEADER) or not all(fields):
            fail(path, number, 'a row has four fields, none empty; - is nothing')
        word, label, sign, tone = fields
        if tone not in TONES:
            fail(path, number, f'no tone "{tone}": there are {", ".join(TONES)}')
        if tone not in ('-', 'dim') and sign == '-':
            fail(path, number, 'a tone needs a sign: colour alone says nothing')
        if word in words:
            fail(path, number, f'the word "{word}" stands twice')
        words[word] = (label, '' if sign == '-' else sign, 'NONE' if tone == '-' else tone.upper())
    return words


def text(value):
    return '"' + value.replace('\\', '\\\\').replace('"', '\\"') + '"'


def main():
    path, out = sys.argv[1:]
    words = read(path)
    rows = [f'        {{ {text(w)}, {text(words[w][0])}, {text(words[w][1])}, TONE_{words[w][2]} }},\n'
            for w in sorted(words, key=lambda w: w.encode())]
    with open(out, 'w', encoding='utf-8') as file:
        file.write('/* Made by tools/gen-words.py; do not edit. */\n#include "report/words.h"\n\n'
                   f'const Word words_table[] = {{\n{"".join(rows)}}};\nconst unsigned words_count = {len(rows)};\n')


if __name__ == '__main__':
    main()
