#!/usr/bin/env python3
"""Compiles data/metamodel/*.tsv into C: metamodel_ids.h (enumerations) and metamodel_tables.c (constant tables).

Usage: gen-metamodel.py DIR IDS.h TABLES.c
The output depends on the tables only. A wrong table is refused with file, line and reason."""
import os
import re
import sys

TYPES = ['text', 'enum', 'enums', 'int', 'decimal', 'bool', 'date', 'list', 'ints', 'vector', 'answers', 'levels',
         'ref', 'refs', 'keys', 'versions']
FLOWS = ['none', 'forward', 'backward', 'both']
STATE_FLAGS = {'initial': 1, 'approved': 2, 'retired': 4, 'cleared': 8}
ATTR_FLAGS = {'substantive': 1, 'column': 2, 'personal': 4}


class Bad(Exception):
    pass


class Table:
    """Rows of one file as dictionaries; `-` is the empty text."""

    def __init__(self, folder, name, columns):
        self.name = name + '.tsv'
        self.rows = []
        with open(os.path.join(folder, self.name), encoding='utf-8') as file:
            lines = file.read().split('\n')
        if lines[0].split('\t') != columns:
            raise Bad(f'{self.name}:1: the columns must be {" ".join(columns)}')
        for number, line in enumerate(lines[1:], 2):
            if line == '':
                continue
            cells = line.split('\t')
            if len(cells) != len(columns):
                raise Bad(f'{self.name}:{number}: {len(cells)} cells, {len(columns)} expected')
            row = {c: ('' if v == '-' else v) for c, v in zip(columns, cells)}
            row['line'] = number
            self.rows.append(row)

    def bad(self, row, reason):
        raise Bad(f'{self.name}:{row["line"]}: {reason}')

    def unique(self, column):
        seen = {}
        for row in self.rows:
            if row[column] in seen:
                self.bad(row, f'{column} "{row[column]}" stands in line {seen[row[column]]} already')
            if not re.fullmatch(r'[a-z][a-z0-9_]*', row[column]):
                self.bad(row, f'{column} "{row[column]}" is not a lower-case name')
            seen[row[column]] = row['line']
        return [row[column] for row in self.rows]


def text(value):
    return 'NULL' if value == '' else '"' + value.replace('\\', '\\\\').replace('"', '\\"') + '"'


def symbol(*parts):
    return '_'.join(re.sub(r'[^A-Z0-9]', '_', p.upper()) for p in parts)


def split(value, separator=','):
    return [part for part in value.split(separator) if part]


def ordered(values):
    """Distinct values in order of first appearance."""
    return list(dict.fromkeys(values))


class Metamodel:
    def __init__(self, folder):
        load = lambda name, columns: Table(folder, name, columns.split())
        self.kinds = load('kinds', 'kind prefix group lifecycle doc')
        self.lifecycles = load('lifecycles', 'lifecycle state flags doc')
        self.transitions = load('transitions', 'lifecycle from to roles guards')
        self.attributes = load('attributes', 'kinds name type unit default flags least most values doc')
        self.traits = load('traits', 'trait condition doc')
        self.link_types = load('link_types', 'link ripple trace flags doc')
        self.link_rules = load('link_rules', 'link from to roles from_max')
        self.link_attributes = load('link_attributes', 'link name type unit flags least most values doc')
        self.roles = load('roles', 'role permissions doc')
        self.kind_names = self.kinds.unique('kind')
        self.trait_names = self.traits.unique('trait')
        self.link_names = self.link_types.unique('link')
        self.role_names = self.roles.unique('role')
        self.lifecycle_names = ordered(r['lifecycle'] for r in self.lifecycles.rows)
        self.state_names = ordered(r['state'] for r in self.lifecycles.rows)
        self.permissions = ordered(p for r in self.roles.rows for p in split(r['permissions']))
        self.as_names = ordered(a for r in self.link_rules.rows for a in split(r['roles']))
        self.attr_names = ordered([r['name'] for r in self.attributes.rows] +
                                  [r['name'] for r in self.link_attributes.rows])
        self.check()

    def known(self, table, row, value, names, what):
        if value not in names:
            table.bad(row, f'{what} "{value}" is not known')

    def check(self):
        for names, most, what in ((self.kind_names, 64, 'kinds'), (self.link_names, 63, 'link types'),
                                  (self.trait_names, 32, 'traits'), (self.as_names, 31, 'roles of links'),
                                  (self.attr_names, 255, 'attributes'), (self.role_names, 32, 'roles'),
                                  (self.permissions, 32, 'permissions')):
            if len(names) > most:
                raise Bad(f'{len(names)} {what}, {most} at most')
        prefixes = {}
        for row in self.kinds.rows:
            self.known(self.kinds, row, row['lifecycle'], self.lifecycle_names, 'lifecycle')
            if row['prefix'] in prefixes:
                self.kinds.bad(row, f'prefix "{row["prefix"]}" is taken')
            prefixes[row['prefix']] = True
        for name in self.lifecycle_names:
            rows = [r for r in self.lifecycles.rows if r['lifecycle'] == name]
            if sum('initial' in split(r['flags']) for r in rows) != 1:
                self.lifecycles.bad(rows[0], f'lifecycle "{name}" needs exactly one initial state')
        self.state_flags = {}
        for row in self.lifecycles.rows:
            for flag in split(row['flags']):
                self.known(self.lifecycles, row, flag, STATE_FLAGS, 'flag')
            flags = sum(STATE_FLAGS[f] for f in split(row['flags']))
            if self.state_flags.setdefault(row['state'], flags) & 14 != flags & 14:
                self.lifecycles.bad(row, f'state "{row["state"]}" has other flags elsewhere')
        for row in self.transitions.rows:
            self.known(self.transitions, row, row['lifecycle'], self.lifecycle_names, 'lifecycle')
            states = [r['state'] for r in self.lifecycles.rows if r['lifecycle'] == row['lifecycle']]
            for end in ('from', 'to'):
                self.known(self.transitions, row, row[end], states, 'state')
            for role in split(row['roles']):
                self.known(self.transitions, row, role, self.role_names, 'role')
            for guard in split(row['guards']):
                self.known(self.transitions, row, guard, ['other_person'], 'guard')
        for row in self.link_types.rows:
            self.known(self.link_types, row, row['ripple'], FLOWS, 'flow')
            self.known(self.link_types, row, row['trace'], FLOWS, 'flow')
        for row in self.link_rules.rows:
            self.known(self.link_rules, row, row['link'], self.link_names, 'link')
            for end in ('from', 'to'):
                for kind in split(row[end]):
                    if kind not in '*=':
                        self.known(self.link_rules, row, kind, self.kind_names, 'kind')
        seen = set()
        for row in self.attributes.rows:
            for kind in split(row['kinds']):
                self.known(self.attributes, row, kind, self.kind_names, 'kind')
                if (kind, row['name']) in seen:
                    self.attributes.bad(row, f'{kind} has "{row["name"]}" already')
                seen.add((kind, row['name']))
            self.check_attribute(self.attributes, row)
        for row in self.link_attributes.rows:
            self.known(self.link_attributes, row, row['link'], self.link_names, 'link')
            self.check_attribute(self.link_attributes, row)

    def check_attribute(self, table, row):
        self.known(table, row, row['type'], TYPES, 'type')
        for flag in split(row['flags']):
            self.known(table, row, flag, ATTR_FLAGS, 'flag')
        values = self.values(row)
        if row['type'] in ('enum', 'enums', 'answers', 'levels') and not values:
            table.bad(row, f'type {row["type"]} needs values')
        if len(values) > 32:
            table.bad(row, f'{len(values)} values, 32 at most')
        if row['type'] in ('int', 'ints') and (row['least'] == '' or row['most'] == ''):
            table.bad(row, f'type {row["type"]} needs bounds')

    def values(self, row):
        return self.trait_names if row['values'] == '@traits' else split(row['values'], '|')

    # ---- output ----

    def enum(self, name, prefix, names, extra=()):
        entries = [f'        {symbol("ZW", prefix, n)} = {i},' for i, n in enumerate(names, len(extra))]
        entries = [f'        {symbol("ZW", prefix, n)} = {i},' for i, n in enumerate(extra)] + entries
        count = len(names) + len(extra)
        return 'typedef enum {\n' + '\n'.join(entries) + \
            f'\n        {symbol("ZW", prefix, "COUNT")} = {count},\n}} {name};\n'

    def value_enums(self):
        definitions = {}
        for row in self.attributes.rows + self.link_attributes.rows:
            if row['values'] and row['values'] != '@traits':
                definitions.setdefault(row['name'], []).append(row)
        out = []
        for name, rows in definitions.items():
            same = len({r['values'] for r in rows}) == 1
            for row in rows if not same else rows[:1]:
                owner = [] if same else [split(row.get('kinds') or row.get('link'))[0]]
                entries = [f'        {symbol("ZW_VALUE", *owner, name, v)} = {i},'
                           for i, v in enumerate(self.values(row))]
                out.append('enum {\n' + '\n'.join(entries) + '\n};\n')
        return out

    def header(self):
        parts = ['/* Made by tools/gen-metamodel.py from data/metamodel; do not edit. */',
                 '#ifndef MODEL_METAMODEL_IDS_H', '#define MODEL_METAMODEL_IDS_H', '',
                 self.enum('KindId', 'KIND', self.kind_names), self.enum('LifecycleId', 'LIFECYCLE', self.lifecycle_names),
                 self.enum('StateId', 'STATE', self.state_names), self.enum('AttrId', 'ATTR', self.attr_names),
                 self.enum('LinkTypeId', 'LINK', self.link_names), self.enum('AsId', 'AS', self.as_names, ('none',)),
                 self.enum('TraitId', 'TRAIT', self.trait_names), self.enum('RoleId', 'ROLE', self.role_names),
                 self.enum('PermissionId', 'PERM', self.permissions)] + self.value_enums() + ['#endif', '']
        return '\n'.join(parts)

    def mask(self, names, all_names, constant='UINT64_C'):
        return f'{constant}(0x{sum(1 << all_names.index(n) for n in names):x})'

    def kinds_mask(self, value):
        return self.mask(self.kind_names if value in ('*', '=') else split(value), self.kind_names)

    def attribute(self, row, index, mask, prefix):
        values = self.values(row)
        bounds = row['least'] != '' and row['most'] != ''
        flags = sum(ATTR_FLAGS[f] for f in split(row['flags']))
        default = row.get('default', '')
        if default and row['type'] in ('enum', 'text'):
            default = f'"{default}"'
        names = f'{prefix}_values_{index}' if values else 'NULL'
        lines = ''
        if values:
            lines = f'static const char *const {names}[] = {{ ' + ', '.join(text(v) for v in values) + ' };\n'
        entry = (f'        {{ {symbol("ZW_ATTR", row["name"])}, {text(row["name"])}, {mask}, ATTR_{row["type"].upper()}, '
                 f'{text(row["unit"])}, {text(default)}, {flags}, {row["least"] or 0}, {row["most"] or 0}, '
                 f'{"true" if bounds else "false"}, {names}, {len(values)}, {text(row["doc"])} }},')
        return lines, entry

    def array(self, kind, name, entries):
        return f'const {kind} {name}[] = {{\n' + '\n'.join(entries) + '\n};\n'

    def tables(self):
        parts = ['/* Made by tools/gen-metamodel.py from data/metamodel; do not edit. */',
                 '#include "model/metamodel_tables.h"', '']
        parts.append(self.array('KindDef', 'metamodel_kinds', [
            f'        {{ {text(r["kind"])}, {text(r["prefix"])}, {text(r["group"])}, {text(r["doc"])}, '
            f'{symbol("ZW_LIFECYCLE", r["lifecycle"])} }},' for r in self.kinds.rows]))
        states = []
        for name in self.state_names:
            rows = [r for r in self.lifecycles.rows if r['state'] == name]
            mask = self.mask(ordered(r['lifecycle'] for r in rows), self.lifecycle_names, 'UINT32_C')
            states.append(f'        {{ {text(name)}, {self.state_flags[name]}, {mask} }},')
        parts.append(self.array('StateDef', 'metamodel_states', states))
        parts.append('const StateId metamodel_initial[] = { ' + ', '.join(
            symbol('ZW_STATE', r['state']) for n in self.lifecycle_names for r in self.lifecycles.rows
            if r['lifecycle'] == n and 'initial' in split(r['flags'])) + ' };\n')
        parts.append(self.array('TransitionDef', 'metamodel_transitions', [
            f'        {{ {symbol("ZW_LIFECYCLE", r["lifecycle"])}, {symbol("ZW_STATE", r["from"])}, '
            f'{symbol("ZW_STATE", r["to"])}, {self.mask(split(r["roles"]), self.role_names, "UINT32_C")}, '
            f'{"true" if "other_person" in split(r["guards"]) else "false"} }},' for r in self.transitions.rows]))
        parts += self.attribute_tables()
        parts.append(self.array('LinkTypeDef', 'metamodel_link_types', [
            f'        {{ {text(r["link"])}, {text(r["doc"])}, FLOW_{r["ripple"].upper()}, FLOW_{r["trace"].upper()}, '
            f'{"true" if "judged" in split(r["flags"]) else "false"} }},' for r in self.link_types.rows]))
        parts.append(self.array('LinkRuleDef', 'metamodel_link_rules', [
            f'        {{ {symbol("ZW_LINK", r["link"])}, {self.kinds_mask(r["from"])}, {self.kinds_mask(r["to"])}, '
            f'{"true" if r["to"] == "=" else "false"}, '
            f'{self.mask(split(r["roles"]) or ["none"], ["none"] + self.as_names, "UINT32_C")}, {r["from_max"] or 0} }},'
            for r in self.link_rules.rows]))
        parts.append(self.array('TraitDef', 'metamodel_traits', [
            f'        {{ {text(r["trait"])}, {text(r["condition"])}, {text(r["doc"])} }},' for r in self.traits.rows]))
        parts.append(self.array('RoleDef', 'metamodel_roles', [
            f'        {{ {text(r["role"])}, {text(r["doc"])}, '
            f'{self.mask(split(r["permissions"]), self.permissions, "UINT32_C")} }},' for r in self.roles.rows]))
        for name, names in (('as', [''] + self.as_names), ('permission', self.permissions),
                            ('kind', self.kind_names), ('link_type', self.link_names)):
            parts.append(f'const char *const metamodel_{name}_names[] = {{ ' +
                         ', '.join('""' if n == '' else text(n) for n in names) + ' };\n')
        parts.append(f'const size_t metamodel_n_transitions = {len(self.transitions.rows)};')
        parts.append(f'const size_t metamodel_n_attributes = {len(self.attributes.rows)};')
        parts.append(f'const size_t metamodel_n_link_attributes = {len(self.link_attributes.rows)};')
        parts.append(f'const size_t metamodel_n_link_rules = {len(self.link_rules.rows)};')
        return '\n'.join(parts) + '\n'

    def attribute_tables(self):
        parts, entries = [], []
        for index, row in enumerate(self.attributes.rows):
            lines, entry = self.attribute(row, index, self.kinds_mask(row['kinds']), 'attr')
            parts.append(lines)
            entries.append(entry)
        parts.append(self.array('AttrDef', 'metamodel_attributes', entries))
        index_rows = []
        for kind in self.kind_names:
            cells = ['0'] * len(self.attr_names)
            for number, row in enumerate(self.attributes.rows, 1):
                if kind in split(row['kinds']):
                    cells[self.attr_names.index(row['name'])] = str(number)
            index_rows.append('        { ' + ', '.join(cells) + ' },')
        parts.append('/* One more than the row of an attribute in metamodel_attributes; 0 where a kind does not have it. */')
        parts.append(f'const uint8_t metamodel_attr_index[][{len(self.attr_names)}] = {{\n' +
                     '\n'.join(index_rows) + '\n};\n')
        entries = []
        for index, row in enumerate(self.link_attributes.rows):
            lines, entry = self.attribute(row, index, '0', 'link_attr')
            parts.append(lines)
            entries.append(entry)
        parts.append(self.array('AttrDef', 'metamodel_link_attributes', entries))
        parts.append('const LinkTypeId metamodel_link_attribute_types[] = { ' + ', '.join(
            symbol('ZW_LINK', r['link']) for r in self.link_attributes.rows) + ' };\n')
        parts.append('const char *const metamodel_attr_names[] = { ' + ', '.join(text(n) for n in self.attr_names) + ' };\n')
        return parts


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        model = Metamodel(sys.argv[1])
    except (Bad, OSError, UnicodeDecodeError) as error:
        sys.exit(f'gen-metamodel: {error}')
    for path, content in ((sys.argv[2], model.header()), (sys.argv[3], model.tables())):
        with open(path, 'w', encoding='utf-8') as file:
            file.write(content)


if __name__ == '__main__':
    main()
