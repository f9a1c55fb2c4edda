#!/usr/bin/env python3
"""Compiles data/cyclonedx/*.tsv into the constant tables of src/exchange/cyclonedx_tables.h.

Usage: gen-cyclonedx.py DIR OUT.c
The output depends on the tables only. A wrong table is refused with file, line and reason, and nothing is written."""
import os
import re
import sys

VERSIONS = [f'1.{i}' for i in range(8)]
POSITIONS_MOST = 64
ALTERNATIVES_MOST = 4
RULES = {'*one': 'ONE', '*any': 'ANY', '*not': 'NOT'}
PLAIN = {'any': 'ANY', 'bool': 'BOOL', 'text': 'TEXT', 'integer': 'INTEGER', 'number': 'NUMBER'}
FORMS = ('serial', 'media_type', 'digest', 'locale', 'cre', 'patent_number', 'country', 'iri', 'email', 'date_time',
         'date', 'cpe', 'purl')
TOKEN = re.compile(r'\s*([A-Za-z_$][A-Za-z0-9_.$-]*(?::[A-Za-z_.0-9-]+)*(?:\{\d*,\d*\})?|#other|[()\[\]|,?*+!1])')


class Bad(Exception):
    pass


def text(value):
    return '"' + value.replace('\\', '\\\\').replace('"', '\\"') + '"'


class Table:
    """Rows of one file as dictionaries with their line; `-` is the empty text."""

    def __init__(self, folder, name, columns):
        self.name, self.rows = name, []
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            lines = file.read().split('\n')
        if lines[0].split('\t') != columns.split():
            raise Bad(f'{name}:1: the columns must be {columns}')
        if lines.pop() != '':
            raise Bad(f'{name}: the last line does not end')
        for number, line in enumerate(lines[1:], 2):
            cells = line.split('\t')
            if len(cells) != len(columns.split()) or '' in cells:
                raise Bad(f'{name}:{number}: a row has {len(columns.split())} cells, none empty')
            row = {k: '' if v == '-' else v for k, v in zip(columns.split(), cells)}
            row['at'] = f'{name}:{number}'
            if 'since' in row:
                row['since'], row['until'] = self.version(row, 'since'), self.version(row, 'until')
                if row['since'] > row['until']:
                    raise Bad(f'{row["at"]}: until lies before since')
            self.rows.append(row)

    @staticmethod
    def version(row, column):
        if column == 'until' and row[column] == '':
            return len(VERSIONS) - 1
        if row[column] not in VERSIONS:
            raise Bad(f'{row["at"]}: {column} is no version of CycloneDX: {row[column]!r}')
        return VERSIONS.index(row[column])


class Parser:
    """Tokens of one value or content expression."""

    def __init__(self, expression, at):
        self.at, self.tokens, position = at, [], 0
        while position < len(expression):
            match = TOKEN.match(expression, position)
            if match is None:
                raise Bad(f'{at}: {expression[position:]!r} is no expression')
            self.tokens.append(match.group(1))
            position = match.end()

    def peek(self):
        return self.tokens[0] if self.tokens else ''

    def take(self, *wanted):
        if self.peek() in wanted:
            return self.tokens.pop(0)
        return ''

    def need(self, token):
        if not self.take(token):
            raise Bad(f'{self.at}: {token!r} is missing before {self.peek()!r}')


class Compiler:
    def __init__(self, folder):
        self.enums = Table(folder, 'enums.tsv', 'enum value since until').rows
        licences = Table(folder, 'licences.tsv', 'id').rows
        self.enums += [{'enum': 'license_id', 'value': r['id'], 'since': 0, 'until': 7, 'at': r['at']} for r in licences]
        self.json = Table(folder, 'json.tsv', 'type member value need since until').rows
        self.xml = Table(folder, 'xml.tsv', 'type node value need since until').rows
        self.roles = {}
        for row in Table(folder, 'roles.tsv', 'form type member role').rows:
            self.roles[row['form'], row['type'], row['member']] = row
        self.enum_names = list(dict.fromkeys(r['enum'] for r in self.enums))
        self.objects = list(dict.fromkeys(r['type'] for r in self.json))
        self.elements = list(dict.fromkeys(r['type'] for r in self.xml))
        self.values, self.value_index, self.used_roles = [], {}, set()
        self.ops = []

    # ---- values

    def role(self, form, owner, member):
        for key in ((form, owner, member), (form, '*', member)):
            if key in self.roles:
                self.used_roles.add(key)
                return 'CDX_ROLE_' + self.roles[key]['role'].upper()
        return 'CDX_ROLE_NONE'

    def add(self, shape, of=0, flags='0', n=0, least='INT64_MIN', most='INT64_MAX'):
        value = f'{{ CDX_SHAPE_{shape}, {flags}, {n}, {of}, {least}, {most} }}'
        if value not in self.value_index:
            self.value_index[value] = len(self.values)
            self.values.append(value)
        return self.value_index[value]

    def named(self, token, at, form):
        match = re.fullmatch(r'([^{]+)(?:\{(\d*),(\d*)\})?', token)
        name, least, most = match.groups()
        if name.startswith('enum:'):
            if name[5:] not in self.enum_names:
                raise Bad(f'{at}: there is no enumeration {name[5:]!r}')
            return self.add('ENUM', self.enum_names.index(name[5:]))
        if name == 'nonempty':
            return self.add('TEXT', least=1)
        if name in PLAIN:
            return self.add(PLAIN[name], least=least or 'INT64_MIN', most=most or 'INT64_MAX')
        if name in FORMS:
            return self.add('FORM', 'CDX_FORM_' + name.upper())
        types, shape = (self.objects, 'OBJECT') if form == 'json' else (self.elements, 'ELEMENT')
        if name not in types:
            raise Bad(f'{at}: there is no type {name!r}')
        return self.add(shape, types.index(name))

    def value(self, parser):
        """Alternatives with | between, each a name or [entries] with flags."""
        alternatives = [self.one_value(parser)]
        while parser.take('|'):
            alternatives.append(self.one_value(parser))
        if len(alternatives) == 1:
            return alternatives[0]
        copies = [self.values[a] for a in alternatives]
        first = len(self.values)
        self.values += copies  # a union's values lie one after the other
        return self.add('UNION', first, n=len(copies))

    def one_value(self, parser):
        if parser.take('('):
            inside = self.value(parser)
            parser.need(')')
            return inside
        if not parser.take('['):
            return self.named(parser.tokens.pop(0), parser.at, 'json')
        entry, flags = self.value(parser), []
        parser.need(']')
        while parser.peek() in ('!', '+', '1') and parser.peek():
            flags.append({'!': 'CDX_ARRAY_UNIQUE', '+': 'CDX_ARRAY_SOME', '1': 'CDX_ARRAY_ONE'}[parser.tokens.pop(0)])
        return self.add('ARRAY', entry, ' | '.join(flags) or '0')

    def json_value(self, row):
        parser = Parser(row['value'], row['at'])
        found = self.value(parser)
        if parser.tokens:
            raise Bad(f'{row["at"]}: {parser.peek()!r} is too much')
        return found

    # ---- JSON

    @staticmethod
    def mix(name):
        b = name.encode()
        return len(b) | b[0] << 8 | b[len(b) // 2] << 16 | b[-1] << 24

    def slots(self, names):
        """Multiplier, bits and table of a perfect hash: `names` are (name, index) pairs."""
        for bits in range(max(1, (len(names) - 1).bit_length()), 10):
            multiplier = 0x9E3779B1
            for _ in range(3000):
                multiplier = (multiplier * 1664525 + 1013904223) & 0xFFFFFFFF | 1
                table = {}
                for name, index in names:
                    if table.setdefault((self.mix(name) * multiplier & 0xFFFFFFFF) >> (32 - bits), index + 1) != index + 1:
                        break
                else:
                    return multiplier, bits, [table.get(i, 0) for i in range(1 << bits)]
        raise Bad(f'no perfect hash for {names}')

    def object(self, name, out):
        rows = [r for r in self.json if r['type'] == name]
        members = [r for r in rows if not r['member'].startswith('*')]
        names = list(dict.fromkeys(r['member'] for r in members))
        if len(names) > POSITIONS_MOST:
            raise Bad(f'json.tsv: {name} has more than {POSITIONS_MOST} members')
        members.sort(key=lambda r: names.index(r['member']))
        first, rules = len(out['members']), []
        for r in members:
            if r['need'] not in ('', 'required'):
                raise Bad(f'{r["at"]}: need is required or -')
            out['members'].append(f'{{ {text(r["member"])}, {len(r["member"])}, {r["since"]}, {r["until"]}, '
                                  f'{names.index(r["member"])}, {self.role("json", name, r["member"])}, '
                                  f'{"true" if r["need"] else "false"}, {self.json_value(r)} }}')
        starts = [(n, next(i for i, r in enumerate(members) if r['member'] == n)) for n in names]
        multiplier, bits, table = self.slots(starts)
        for r in rows:
            if r['member'] in RULES:
                rules.append(self.rule(r, names))
            elif r['member'].startswith('*') and r['member'] != '*open':
                raise Bad(f'{r["at"]}: {r["member"]!r} is no rule')
        opens = [r for r in rows if r['member'] == '*open'] or [{'since': 1, 'until': 0}]
        out['objects'].append(f'{{ {text(name)}, {first}, {len(members)}, {len(out["rules"])}, {len(rules)}, '
                              f'{len(out["slots"])}, {bits}, {multiplier}u, {opens[0]["since"]}, {opens[0]["until"]} }}')
        out['rules'] += rules
        out['slots'] += table

    def rule(self, row, names):
        masks = []
        groups = [row['value'].replace(' ', '+')] if row['member'] == '*not' else row['value'].split()
        for group in groups:
            for member in group.split('+'):
                if member not in names:
                    raise Bad(f'{row["at"]}: there is no member {member!r}')
            masks.append(sum(1 << names.index(m) for m in group.split('+')))
        if len(masks) > ALTERNATIVES_MOST:
            raise Bad(f'{row["at"]}: at most {ALTERNATIVES_MOST} alternatives')
        return (f'{{ CDX_RULE_{RULES[row["member"]]}, {row["since"]}, {row["until"]}, {len(masks)}, '
                f'{{ {", ".join(hex(m) + "u" for m in masks)} }} }}')

    # ---- XML

    def op(self, kind, row, name=None, value=0, n=0, role='CDX_ROLE_NONE'):
        self.ops.append(f'{{ CDX_OP_{kind}, {row["since"]}, {row["until"]}, {role}, {value}, {n}, '
                        f'{"NULL" if name is None else text(name)} }}')

    def particle(self, parser, row):
        """One name:value, #other or group, with its ? * +; gives how many positions it has."""
        if parser.take('('):
            positions = self.group(parser, row)
        elif parser.take('#other'):
            self.op('OTHER', row)
            positions = 1
        else:
            name, _, value = parser.tokens.pop(0).partition(':')
            self.op('NAME', row, name, self.named(value, row['at'], 'xml'), role=self.role('xml', row['type'], name))
            positions = 1
        sign = parser.take('?', '*', '+')
        if sign:
            self.op({'?': 'OPTIONAL', '*': 'MANY', '+': 'SOME'}[sign], row)
        return positions

    def group(self, parser, row):
        positions, n, kind = self.particle(parser, row), 1, None
        while parser.peek() in (',', '|') and parser.peek():
            if kind is not None and parser.peek() != kind:
                raise Bad(f'{row["at"]}: , and | are mixed in one group')
            kind = parser.tokens.pop(0)
            positions += self.particle(parser, row)
            n += 1
        parser.need(')')
        if n > 1:
            self.op('SEQUENCE' if kind == ',' else 'CHOICE', row, n=n)
        return positions

    def element(self, name, out):
        rows = [r for r in self.xml if r['type'] == name]
        first, positions = len(out['nodes']), [0] * len(VERSIONS)
        for r in rows:
            kind, attribute, value, ops = 'CONTENT', None, 0, len(self.ops)
            role = self.role('xml', name, r['node'])
            if r['node'] == '@*':
                kind = {'any': 'ANY_ATTRIBUTES', 'other': 'OTHER_ATTRIBUTES'}[r['value']]
            elif r['node'].startswith('@'):
                kind, attribute, value = 'ATTRIBUTE', r['node'][1:], self.named(r['value'], r['at'], 'xml')
            elif r['node'] == '=':
                kind = 'MIXED' if r['value'] == 'mixed' else 'TEXT'
                value = 0 if kind == 'MIXED' else self.named(r['value'], r['at'], 'xml')
            elif r['node'] == '':
                parser = Parser(r['value'], r['at'])
                used = self.particle(parser, r)
                if parser.tokens:
                    raise Bad(f'{r["at"]}: {parser.peek()!r} is too much')
                for version in range(r['since'], r['until'] + 1):
                    positions[version] += used
            elif r['node'] == '.':
                continue
            else:
                raise Bad(f'{r["at"]}: {r["node"]!r} is no node')
            out['nodes'].append(f'{{ CDX_NODE_{kind}, {r["since"]}, {r["until"]}, {role}, '
                                f'{"true" if r["need"] else "false"}, {"NULL" if attribute is None else text(attribute)}, '
                                f'{value}, {ops}, {len(self.ops) - ops} }}')
        if max(positions) > POSITIONS_MOST:
            raise Bad(f'xml.tsv: {name} has more than {POSITIONS_MOST} places in its content')
        out['elements'].append(f'{{ {text(name)}, {first}, {len(out["nodes"]) - first} }}')

    # ---- all

    def words(self, out):
        for name in self.enum_names:
            rows = sorted((r['value'].encode(), r['since'], r['until']) for r in self.enums if r['enum'] == name)
            out['enums'].append(f'{{ {text(name)}, {len(out["words"])}, {len(rows)} }}')
            out['words'] += [f'{{ {text(v.decode())}, 0x{v[:8].ljust(8, bytes(1)).hex()}u, {len(v)}, {a}, {b} }}'
                             for v, a, b in rows]

    def text(self):
        out = {k: [] for k in ('words', 'enums', 'members', 'rules', 'slots', 'objects', 'nodes', 'elements')}
        self.words(out)
        for name in self.objects:
            self.object(name, out)
        for name in self.elements:
            self.element(name, out)
        for key, row in self.roles.items():
            if key not in self.used_roles:
                raise Bad(f'{row["at"]}: nothing has this role: {" ".join(key)}')
        arrays = [('CdxValue', 'values', self.values), ('CdxWord', 'words', out['words']),
                  ('CdxEnum', 'enums', out['enums']), ('CdxMember', 'members', out['members']),
                  ('CdxRule', 'rules', out['rules']), ('uint8_t', 'slots', [str(s) for s in out['slots']]),
                  ('CdxObject', 'objects', out['objects']), ('CdxOp', 'ops', self.ops),
                  ('CdxNode', 'nodes', out['nodes']), ('CdxElement', 'elements', out['elements'])]
        parts = ['/* Made by tools/gen-cyclonedx.py from data/cyclonedx; do not edit. */',
                 '#include "exchange/cyclonedx_tables.h"', '']
        for kind, name, rows in arrays:
            if len(rows) > 65535:
                raise Bad(f'too many {name}')
            parts.append(f'const {kind} cdx_{name}[] = {{\n        ' + ',\n        '.join(rows) + ',\n};')
        parts += [f'const size_t cdx_n_objects = {len(self.objects)};',
                  f'const size_t cdx_n_elements = {len(self.elements)};',
                  f'const uint16_t cdx_object_bom = {self.objects.index("bom")};',
                  f'const uint16_t cdx_element_bom = {self.elements.index("bom")};']
        return '\n'.join(parts) + '\n'


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        content = Compiler(sys.argv[1]).text()
    except (Bad, OSError) as error:
        sys.exit(f'gen-cyclonedx: {error}')
    with open(sys.argv[2], 'w', encoding='utf-8') as file:
        file.write(content)


if __name__ == '__main__':
    main()
