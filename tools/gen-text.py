#!/usr/bin/env python3
"""Embeds text files as an array of C strings.

Usage: gen-text.py HEADER NAME OUT.c FILE...
Makes `const char *const NAME[]` and `const size_t NAME_count`, in the order given; HEADER declares them."""
import sys


def literal(text):
    lines = text.replace('\\', '\\\\').replace('"', '\\"').split('\n')
    return '\n'.join(f'        "{line}\\n"' for line in lines[:-1]) or '        ""'


header, name, out, files = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
texts = []
for path in files:
    with open(path, encoding='utf-8') as file:
        text = file.read()
    if not text.endswith('\n'):
        sys.exit(f'gen-text: {path}: the last line has no end')
    texts.append(literal(text))
with open(out, 'w', encoding='utf-8') as file:
    file.write(f'/* Made by tools/gen-text.py; do not edit. */\n#include "{header}"\n\n')
    file.write(f'const char *const {name}[] = {{\n' + ',\n'.join(texts) + f',\n}};\nconst size_t {name}_count = {len(texts)};\n')
