#!/usr/bin/env python3
"""Compiles data/metamodel/*.tsv into C: metamodel_ids.h (enumerations) and metamodel_tables.c (constant tables).

Usage: gen-metamodel.py DIR IDS.h TABLES.c
The output depends on the tables only. A wrong table is refused with file, line and reason, and nothing is written."""
import os
import re
import sys
from decimal import Decimal

TYPES = ['text', 'enum', 'enums', 'int', 'decimal', 'bool', 'date', 'list', 'ints', 'vector', 'answers', 'levels',
         'ref', 'refs', 'keys', 'versions', 'texts']
NEED_VALUES = ('enum', 'enums', 'answers', 'levels')
TAKE_VALUES = NEED_VALUES + ('list',)
NEED_BOUNDS = ('int', 'decimal', 'ints', 'levels')
TAKE_UNIT = ('int', 'decimal', 'levels')
FLOWS = ['none', 'forward', 'backward', 'both']
STATE_FLAGS = {'initial': 1, 'approved': 2, 'retired': 4, 'cleared': 8}
ATTR_FLAGS = {'substantive': 1, 'column': 2, 'personal': 4, 'layout': 8}
GUARDS = ['other_person', 'dual_safety', 'dual_disciplines', 'authored']
ASKED_MEMBERS = ['title', 'body', 'owner', 'tags', 'parent', 'attachments']
ASKING = ('field:', 'link:', 'linked:', 'passed:')  # guards that name what the item must have
LINK_FLAGS = {'judged': 1, 'apart': 2}
LINK_ATTR_FLAGS = ['column']  # a link has no revisions of its own, and only items hold personal values

# Names that would meet a constant of every enumeration, and members of an item that are no attributes: a command that
# takes NAME=VALUE could not tell them apart.
RESERVED = ('count', 'none')
MEMBERS = ('id', 'key', 'kind', 'state', 'rev', 'subst', 'title', 'body', 'attrs', 'owner', 'tags', 'order', 'parent')

# What the numbers have to fit: bits of a mask in C, or the byte that packed facts keep.
MOST = {'kind': 64, 'lifecycle': 32, 'state': 64, 'attribute': 255, 'link': 64, 'role of links': 31, 'trait': 32,
        'role': 32, 'permission': 32, 'meaning': 32}
VALUES_MOST = 32
INT_MOST = 2**53 - 1  # the canonical encoding goes no further
PACKED_LEVEL_MOST = 32767


class Bad(Exception):
    pass


class Table:
    """Rows of one file as dictionaries; `-` is the empty text, allowed in the columns of `optional`."""

    def __init__(self, folder, name, columns, optional=''):
        self.name = name + '.tsv'
        self.rows = []
        columns, optional = columns.split(), optional.split()
        with open(os.path.join(folder, self.name), 'rb') as file:
            lines = file.read().split(b'\n')
        if lines[0] != '\t'.join(columns).encode():
            raise Bad(f'{self.name}:1: the columns must be {" ".join(columns)}')
        if lines.pop() != b'':
            raise Bad(f'{self.name}:{len(lines) + 1}: the last line does not end')
        for number, line in enumerate(lines[1:], 2):
            self.rows.append(self.row(number, line, columns, optional))
        if not self.rows:
            raise Bad(f'{self.name}:1: the table has no rows')

    def row(self, number, line, columns, optional):
        row = {'line': number}
        try:
            cells = line.decode().split('\t')
        except UnicodeDecodeError:
            self.bad(row, 'not UTF-8')
        if len(cells) != len(columns):
            self.bad(row, f'{len(cells)} cells, {len(columns)} expected')
        for column, cell in zip(columns, cells):
            if cell == '' or cell != cell.strip() or not cell.isprintable():
                self.bad(row, f'{column} is empty, has a blank at an end or a control character; "-" is nothing')
            if cell == '-' and column not in optional:
                self.bad(row, f'{column} is missing')
            row[column] = '' if cell == '-' else cell
        return row

    def bad(self, row, reason):
        raise Bad(f'{self.name}:{row["line"]}: {reason}')

    def known(self, row, value, names, what):
        if value not in names:
            self.bad(row, f'{what} "{value}" is not known')

    def cell_list(self, row, column, names=None, what=None):
        """The distinct names of a cell, each one of `names`."""
        parts = row[column].split(',') if row[column] else []
        for number, part in enumerate(parts):
            if part in parts[:number]:
                self.bad(row, f'{column} names "{part}" twice')
            if names is not None:
                self.known(row, part, names, what)
        return parts

    def distinct(self, *columns):
        seen = {}
        for row in self.rows:
            value = tuple(row[c] for c in columns)
            if value in seen:
                self.bad(row, f'{" ".join(columns)} "{" ".join(value)}" stands in line {seen[value]} already')
            seen[value] = row['line']


class Names:
    """The names of one enumeration in order of appearance, and so its numbers."""

    def __init__(self, what, reserved=RESERVED):
        self.what, self.reserved = what, reserved
        self.names = []

    def add(self, table, row, name):
        if name in self.names:
            return
        if not re.fullmatch(r'[a-z][a-z0-9_]*', name):
            table.bad(row, f'"{name}" is not a lower-case name')
        if name in self.reserved:
            table.bad(row, f'"{name}" is a reserved name')
        if len(self.names) == MOST[self.what]:
            table.bad(row, f'more than {MOST[self.what]} distinct names of the sort "{self.what}"')
        self.names.append(name)

    def of(self, table, column):
        """Takes a column, each cell of which may be a list."""
        for row in table.rows:
            for name in table.cell_list(row, column):
                self.add(table, row, name)
        return self.names


def text(value):
    return 'NULL' if value == '' else '"' + value.replace('\\', '\\\\').replace('"', '\\"') + '"'


def symbol(*parts):
    return '_'.join(re.sub(r'[^A-Z0-9]', '_', p.upper()) for p in parts)


def number(table, row, column, whole):
    """A number of a cell, written so that C reads the same one."""
    form = r'-?(0|[1-9][0-9]*)' + ('' if whole else r'(\.[0-9]+)?')
    if not re.fullmatch(form, row[column]) or abs(Decimal(row[column])) > INT_MOST:
        table.bad(row, f'{column} "{row[column]}" is not {"an integer" if whole else "a decimal number"} within 53 bits')
    return Decimal(row[column])


class Metamodel:
    """The tables, read and checked; raises Bad for the first fault."""

    def __init__(self, folder):
        load = lambda *args: Table(folder, *args)
        self.kinds = load('kinds', 'kind prefix group lifecycle doc')
        self.lifecycles = load('lifecycles', 'lifecycle state flags doc', 'flags')
        self.transitions = load('transitions', 'lifecycle from to roles guards', 'guards')
        self.attributes = load('attributes', 'kinds name type unit default flags least most values doc',
                               'unit default flags least most values')
        self.traits = load('traits', 'trait condition doc')
        self.link_types = load('link_types', 'link ripple trace flags doc reverse', 'flags')
        self.link_rules = load('link_rules', 'link from to roles from_max', 'roles from_max')
        self.link_attributes = load('link_attributes', 'link name type unit flags least most values doc',
                                    'unit flags least most values')
        self.roles = load('roles', 'role permissions doc')
        self.meanings = load('meanings', 'meaning roles kinds guards doc', 'guards')
        self.spare_states = load('spare_states', 'state flags doc', 'flags')
        self.name_all()
        self.check_lifecycles()
        self.check_transitions()
        self.check_meanings()
        self.check_links()
        self.check_attributes()

    def name_all(self):
        for table, columns in ((self.kinds, ['kind']), (self.kinds, ['prefix']), (self.traits, ['trait']),
                               (self.traits, ['condition']), (self.link_types, ['link']), (self.roles, ['role']),
                               (self.meanings, ['meaning']), (self.spare_states, ['state']),
                               (self.lifecycles, ['lifecycle', 'state']), (self.link_attributes, ['link', 'name']),
                               (self.transitions, ['lifecycle', 'from', 'to'])):
            table.distinct(*columns)
        self.kind_names = Names('kind').of(self.kinds, 'kind')
        self.lifecycle_names = Names('lifecycle').of(self.lifecycles, 'lifecycle')
        states = Names('state')
        states.of(self.lifecycles, 'state')
        self.state_names = states.of(self.spare_states, 'state')
        self.meaning_names = Names('meaning').of(self.meanings, 'meaning')
        self.trait_names = Names('trait').of(self.traits, 'trait')
        self.link_names = Names('link').of(self.link_types, 'link')
        self.role_names = Names('role').of(self.roles, 'role')
        self.permissions = Names('permission').of(self.roles, 'permissions')
        self.as_names = Names('role of links').of(self.link_rules, 'roles')
        names = Names('attribute', RESERVED + MEMBERS)
        names.of(self.attributes, 'name')
        self.attr_names = names.of(self.link_attributes, 'name')
        for row in self.kinds.rows:
            self.kinds.known(row, row['lifecycle'], self.lifecycle_names, 'lifecycle')
            if not re.fullmatch(r'[A-Z]{1,4}', row['prefix']):
                self.kinds.bad(row, f'prefix "{row["prefix"]}" is not one to four capitals')

    # ---- lifecycles ----

    def states_of(self, lifecycle):
        return [r for r in self.lifecycles.rows if r['lifecycle'] == lifecycle]

    def check_lifecycles(self):
        self.state_flags = {}
        for row in self.lifecycles.rows:
            flags = sum(STATE_FLAGS[f] for f in self.lifecycles.cell_list(row, 'flags', STATE_FLAGS, 'flag'))
            if self.state_flags.setdefault(row['state'], flags) != flags:
                self.lifecycles.bad(row, f'state "{row["state"]}" has other flags elsewhere')
        for row in self.spare_states.rows:
            if row['state'] in self.state_flags:
                self.spare_states.bad(row, f'state "{row["state"]}" belongs to a lifecycle already')
            flags = self.spare_states.cell_list(row, 'flags', ['approved', 'cleared'], 'flag')
            self.state_flags[row['state']] = sum(STATE_FLAGS[f] for f in flags)
        used = [r['lifecycle'] for r in self.kinds.rows]
        for name in self.lifecycle_names:
            rows = self.states_of(name)
            for flag in ('initial', 'retired'):
                if sum(self.state_flags[r['state']] & STATE_FLAGS[flag] != 0 for r in rows) != 1:
                    self.lifecycles.bad(rows[0], f'lifecycle "{name}" needs exactly one {flag} state')
            if name not in used:
                self.lifecycles.bad(rows[0], f'no kind has the lifecycle "{name}"')

    def check_transitions(self):
        table = self.transitions
        for row in table.rows:
            table.known(row, row['lifecycle'], self.lifecycle_names, 'lifecycle')
            for end in ('from', 'to'):
                table.known(row, row[end], [r['state'] for r in self.states_of(row['lifecycle'])], 'state')
            if row['from'] == row['to']:
                table.bad(row, f'"{row["from"]}" to itself is no transition')
            table.cell_list(row, 'roles', self.role_names, 'role')
            self.check_guards(row)
        for name in self.lifecycle_names:
            reached = [self.initial(name)]
            for state in reached:
                reached += [r['to'] for r in table.rows
                            if r['lifecycle'] == name and r['from'] == state and r['to'] not in reached]
            for row in self.states_of(name):
                if row['state'] not in reached:
                    self.lifecycles.bad(row, f'no transition leads to "{row["state"]}"')

    def asked(self, row, prefix):
        return [g[len(prefix):] for g in row['guards'].split(',') if g.startswith(prefix)]

    def check_guards(self, row):
        table = self.transitions
        for guard in row['guards'].split(','):
            if guard and not guard.startswith(ASKING):
                table.known(row, guard, GUARDS, 'guard')
        for kind in (r['kind'] for r in self.kinds.rows if r['lifecycle'] == row['lifecycle']):
            names = [r['name'] for r in self.attributes.rows if kind in r['kinds'].split(',')]
            for name in self.asked(row, 'field:'):
                table.known(row, name, names + ASKED_MEMBERS, f'field of {kind}')
        for prefix in ASKING[1:]:
            for name in self.asked(row, prefix):
                table.known(row, name, self.link_names, 'link')

    def check_meanings(self):
        table = self.meanings
        for row in table.rows:
            for role in table.cell_list(row, 'roles', self.role_names, 'role'):
                if 'sign' not in next(r for r in self.roles.rows if r['role'] == role)['permissions'].split(','):
                    table.bad(row, f'role "{role}" may not sign')
            table.cell_list(row, 'guards', GUARDS[:1], 'guard')
            self.meaning_kinds(row)

    def meaning_kinds(self, row):
        return self.kind_names if row['kinds'] == '*' else self.meanings.cell_list(row, 'kinds', self.kind_names, 'kind')

    def initial(self, lifecycle):
        return next(r['state'] for r in self.states_of(lifecycle)
                    if self.state_flags[r['state']] & STATE_FLAGS['initial'])

    # ---- links ----

    def check_links(self):
        for row in self.link_types.rows:
            for column in ('ripple', 'trace'):
                self.link_types.known(row, row[column], FLOWS, 'flow')
            self.link_types.cell_list(row, 'flags', LINK_FLAGS, 'flag')
            if all(r['link'] != row['link'] for r in self.link_rules.rows):
                self.link_types.bad(row, f'no rule allows a link "{row["link"]}"')
        allowed = {}
        for row in self.link_rules.rows:
            self.link_rules.known(row, row['link'], self.link_names, 'link')
            if row['from_max'] and number(self.link_rules, row, 'from_max', True) < 1:
                self.link_rules.bad(row, 'from_max is at least 1; "-" is any number')
            for triple in self.triples(row):
                if triple in allowed:
                    self.link_rules.bad(row, f'line {allowed[triple]} rules over {" ".join(triple)} already')
                allowed[triple] = row['line']

    def rule_kinds(self, row, end):
        if row[end] == '*' or (row[end] == '=' and end == 'to'):
            return self.kind_names
        return self.link_rules.cell_list(row, end, self.kind_names, 'kind')

    def triples(self, row):
        for start in self.rule_kinds(row, 'from'):
            for end in self.rule_kinds(row, 'to'):
                if row['to'] != '=' or start == end:
                    for role in row['roles'].split(','):
                        yield row['link'], start, end, role

    # ---- attributes ----

    def check_attributes(self):
        seen = {}
        for row in self.attributes.rows:
            for kind in self.attributes.cell_list(row, 'kinds', self.kind_names, 'kind'):
                if (kind, row['name']) in seen:
                    self.attributes.bad(row, f'{kind} has "{row["name"]}" in line {seen[kind, row["name"]]} already')
                seen[kind, row['name']] = row['line']
            self.attributes.cell_list(row, 'flags', ATTR_FLAGS, 'flag')
            self.check_attribute(self.attributes, row)
            self.check_default(row)
        for row in self.link_attributes.rows:
            self.link_attributes.known(row, row['link'], self.link_names, 'link')
            self.link_attributes.cell_list(row, 'flags', LINK_ATTR_FLAGS, 'flag')
            self.check_attribute(self.link_attributes, row)

    def check_attribute(self, table, row):
        table.known(row, row['type'], TYPES, 'type')
        if row['unit'] and row['type'] not in TAKE_UNIT:
            table.bad(row, f'type {row["type"]} takes no unit')
        self.check_values(table, row)
        if (row['least'] == '') != (row['most'] == ''):
            table.bad(row, 'least and most come together')
        if row['least'] == '':
            if row['type'] in NEED_BOUNDS:
                table.bad(row, f'type {row["type"]} needs bounds')
            return
        least, most = (number(table, row, end, row['type'] != 'decimal') for end in ('least', 'most'))
        if least > most:
            table.bad(row, f'least {least} is over most {most}')
        if row['type'] == 'ints' and not 0 <= least <= most <= 31:
            table.bad(row, 'bounds of ints lie in 0 to 31, one bit each')
        if row['type'] == 'levels' and 'column' in row['flags'] and not 0 <= least <= most <= PACKED_LEVEL_MOST:
            table.bad(row, f'bounds of levels that are a column lie in 0 to {PACKED_LEVEL_MOST}')
        if row['type'] == 'vector' and (least, most) != (0, 4):
            table.bad(row, 'the bounds of a vector are 0 and 4')
        if row['type'] not in NEED_BOUNDS + ('vector',):
            table.bad(row, f'type {row["type"]} takes no bounds')

    def check_values(self, table, row):
        if row['values'].startswith('@') and row['values'] != '@traits':
            table.bad(row, f'"{row["values"]}" is no list of names; there is @traits')
        values = self.values(row)
        if not values and row['type'] in NEED_VALUES:
            table.bad(row, f'type {row["type"]} needs values')
        if values and row['type'] not in TAKE_VALUES:
            table.bad(row, f'type {row["type"]} takes no values')
        if len(values) > VALUES_MOST:
            table.bad(row, f'{len(values)} values, {VALUES_MOST} at most')
        for position, value in enumerate(values):
            if value in values[:position]:
                table.bad(row, f'value "{value}" stands twice')
            if not re.fullmatch(r'[A-Za-z0-9][A-Za-z0-9_.]*', value):
                table.bad(row, f'value "{value}" is not letters, digits, _ and .')

    def check_default(self, row):
        table, value = self.attributes, row['default']
        if value == '' or row['type'] == 'text':
            return
        if row['type'] == 'enum':
            table.known(row, value, self.values(row), 'default')
        elif row['type'] == 'bool':
            table.known(row, value, ['true', 'false'], 'default')
        elif row['type'] in ('int', 'decimal'):
            least, most, given = (number(table, row, c, row['type'] == 'int') for c in ('least', 'most', 'default'))
            if not least <= given <= most:
                table.bad(row, f'default {value} is out of bounds')
        else:
            table.bad(row, f'type {row["type"]} takes no default')

    def values(self, row):
        return self.trait_names if row['values'] == '@traits' else row['values'].split('|') if row['values'] else []


class Header:
    """metamodel_ids.h. No two constants may have one name, whichever tables they come from."""

    def __init__(self, model):
        self.model = model
        self.taken = {}

    def constant(self, name, value, table=None, row=None):
        if name in self.taken:
            what = f'the constant {name} would stand twice'
            if table is None:
                raise Bad(what)
            table.bad(row, what)
        self.taken[name] = True
        return f'        {name} = {value},'

    def enum(self, name, prefix, names, first=()):
        names = [*first, *names]
        entries = [self.constant(symbol('ZW', prefix, n), i) for i, n in enumerate([*names, 'count'])]
        return 'typedef enum {\n' + '\n'.join(entries) + f'\n}} {name};\n'

    def value_enums(self):
        definitions = {}
        for table in (self.model.attributes, self.model.link_attributes):
            for row in table.rows:
                if row['values'] and row['values'] != '@traits':
                    definitions.setdefault(row['name'], []).append((table, row))
        for name, rows in definitions.items():
            same = len({row['values'] for _, row in rows}) == 1
            for table, row in rows[:1] if same else rows:
                owner = [] if same else [(row.get('kinds') or row['link']).split(',')[0]]
                entries = [self.constant(symbol('ZW_VALUE', *owner, name, value), i, table, row)
                           for i, value in enumerate(self.model.values(row))]
                yield 'enum {\n' + '\n'.join(entries) + '\n};\n'

    def text(self):
        model = self.model
        parts = ['/* Made by tools/gen-metamodel.py from data/metamodel; do not edit. */',
                 '#ifndef MODEL_METAMODEL_IDS_H', '#define MODEL_METAMODEL_IDS_H', '',
                 self.enum('KindId', 'KIND', model.kind_names), self.enum('LifecycleId', 'LIFECYCLE', model.lifecycle_names),
                 self.enum('StateId', 'STATE', model.state_names), self.enum('AttrId', 'ATTR', model.attr_names),
                 self.enum('LinkTypeId', 'LINK', model.link_names), self.enum('AsId', 'AS', model.as_names, ['none']),
                 self.enum('TraitId', 'TRAIT', model.trait_names), self.enum('RoleId', 'ROLE', model.role_names),
                 self.enum('PermissionId', 'PERM', model.permissions),
                 self.enum('MeaningId', 'MEANING', model.meaning_names), *self.value_enums(), '#endif', '']
        return '\n'.join(parts)


class Tables:
    """metamodel_tables.c."""

    def __init__(self, model):
        self.model = model

    def mask(self, names, all_names, constant='UINT32_C'):
        return f'{constant}(0x{sum(1 << all_names.index(n) for n in names):x})'

    def kinds_mask(self, names):
        return self.mask(names, self.model.kind_names, 'UINT64_C')

    def array(self, head, entries):
        return f'const {head} = {{\n' + '\n'.join(f'        {e},' for e in entries) + '\n};\n'

    def struct(self, *cells):
        return '{ ' + ', '.join(str(c) for c in cells) + ' }'

    def truth(self, value):
        return 'true' if value else 'false'

    def lifecycles(self):
        model = self.model
        states = []
        for name in model.state_names:
            within = [r['lifecycle'] for r in model.lifecycles.rows if r['state'] == name]
            states.append(self.struct(text(name), model.state_flags[name], self.mask(within, model.lifecycle_names)))
        yield self.array('StateDef metamodel_states[]', states)
        yield self.array('StateId metamodel_initial[]',
                         [symbol('ZW_STATE', model.initial(n)) for n in model.lifecycle_names])
        yield self.array('TransitionDef metamodel_transitions[]', [
            self.struct(symbol('ZW_LIFECYCLE', r['lifecycle']), symbol('ZW_STATE', r['from']), symbol('ZW_STATE', r['to']),
                        self.mask(r['roles'].split(','), model.role_names),
                        *(self.truth(g in r['guards'].split(',')) for g in GUARDS),
                        text(','.join(model.asked(r, 'field:'))),
                        *(self.mask(model.asked(r, prefix), model.link_names, 'UINT64_C') for prefix in ASKING[1:]))
            for r in model.transitions.rows])
        yield self.array('MeaningDef metamodel_meanings[]', [
            self.struct(text(r['meaning']), text(r['doc']), self.mask(r['roles'].split(','), model.role_names),
                        self.kinds_mask(model.meaning_kinds(r)), self.truth(r['guards'] == 'other_person'))
            for r in model.meanings.rows])

    def links(self):
        model = self.model
        yield self.array('LinkTypeDef metamodel_link_types[]', [
            self.struct(text(r['link']), text(r['doc']), text(r['reverse']), 'FLOW_' + r['ripple'].upper(), 'FLOW_' + r['trace'].upper(),
                        *(self.truth(f in r['flags'].split(',')) for f in LINK_FLAGS)) for r in model.link_types.rows])
        yield self.array('LinkRuleDef metamodel_link_rules[]', [
            self.struct(symbol('ZW_LINK', r['link']), self.kinds_mask(model.rule_kinds(r, 'from')),
                        self.kinds_mask(model.rule_kinds(r, 'to')), self.truth(r['to'] == '='),
                        self.mask((r['roles'] or 'none').split(','), ['none', *model.as_names]), r['from_max'] or 0)
            for r in model.link_rules.rows])

    def fallback(self, row):
        value = row.get('default', '')
        return '"' + value.replace('\\', '\\\\').replace('"', '\\"') + '"' \
            if value and row['type'] in ('enum', 'text', 'decimal') else value

    def attribute_rows(self, table, name):
        entries = []
        for index, row in enumerate(table.rows):
            values = self.model.values(row)
            names = f'{name}_values_{index}' if values else 'NULL'
            if values:
                yield f'static const char *const {names}[] = {{ ' + ', '.join(text(v) for v in values) + ' };\n'
            kinds = self.kinds_mask(row['kinds'].split(',')) if 'kinds' in row else '0'
            flags = sum(ATTR_FLAGS[f] for f in row['flags'].split(',') if f)
            entries.append(self.struct(symbol('ZW_ATTR', row['name']), text(row['name']), kinds,
                                       'ATTR_' + row['type'].upper(), text(row['unit']), text(self.fallback(row)), flags,
                                       row['least'] or 0, row['most'] or 0, self.truth(row['least']), names, len(values),
                                       text(row['doc'])))
        yield self.array(f'AttrDef metamodel_{name}[]', entries)

    def attributes(self):
        model = self.model
        yield from self.attribute_rows(model.attributes, 'attributes')
        by_id, by_name, starts = [], [], [0]
        for kind in model.kind_names:
            rows = {r['name']: i for i, r in enumerate(model.attributes.rows) if kind in r['kinds'].split(',')}
            by_id.append(self.struct(*(rows[n] + 1 if n in rows else 0 for n in model.attr_names)))
            by_name += [rows[n] for n in sorted(rows)]
            starts.append(len(by_name))
        yield self.array('uint16_t metamodel_attr_by_id[][ZW_ATTR_COUNT]', by_id)
        yield self.array('uint16_t metamodel_attr_by_name[]', by_name or [0])
        yield self.array('uint16_t metamodel_attr_starts[]', starts)
        yield from self.attribute_rows(model.link_attributes, 'link_attributes')
        yield self.array('LinkTypeId metamodel_link_attribute_types[]',
                         [symbol('ZW_LINK', r['link']) for r in model.link_attributes.rows])

    def text(self):
        model = self.model
        parts = ['/* Made by tools/gen-metamodel.py from data/metamodel; do not edit. */',
                 '#include "model/metamodel_tables.h"', '',
                 self.array('KindDef metamodel_kinds[]', [
                     self.struct(text(r['kind']), text(r['prefix']), text(r['group']), text(r['doc']),
                                 symbol('ZW_LIFECYCLE', r['lifecycle'])) for r in model.kinds.rows]),
                 *self.lifecycles(), *self.attributes(), *self.links(),
                 self.array('TraitDef metamodel_traits[]', [
                     self.struct(text(r['trait']), text(r['condition']), text(r['doc'])) for r in model.traits.rows]),
                 self.array('RoleDef metamodel_roles[]', [
                     self.struct(text(r['role']), text(r['doc']), self.mask(r['permissions'].split(','), model.permissions))
                     for r in model.roles.rows])]
        for name, names in (('as', model.as_names), ('permission', model.permissions), ('kind', model.kind_names),
                            ('link_type', model.link_names), ('state', model.state_names), ('meaning', model.meaning_names)):
            parts.append(self.array(f'char *const metamodel_{name}_names[]',
                                    ['""'] * (name == 'as') + [text(n) for n in names]))
        for name in ('transitions', 'attributes', 'link_attributes', 'link_rules'):
            parts.append(f'const size_t metamodel_n_{name} = {len(getattr(model, name).rows)};')
        return '\n'.join(parts) + '\n'


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        model = Metamodel(sys.argv[1])
        contents = Header(model).text(), Tables(model).text()
    except (Bad, OSError) as error:
        sys.exit(f'gen-metamodel: {error}')
    for path, content in zip(sys.argv[2:], contents):
        with open(path, 'w', encoding='utf-8') as file:
            file.write(content)


if __name__ == '__main__':
    main()
