#!/usr/bin/env python3
"""Compiles data/catalogues/*.tsv into constant C tables behind src/model/catalogue.c.

Usage: gen-catalogue.py CATALOGUES TRAITS.tsv TABLES.c
The output depends on the tables only. A wrong table is refused with file, line and reason."""
import os
import sys

STANDARDS = [('3_3', 'sr_62443-3-3.tsv', 'id'), ('4_2', 'cr_62443-4-2.tsv', 'id'),
             ('4_1', 'practice_62443-4-1.tsv', 'id'), ('3_2', 'zcr_62443-3-2.tsv', 'id'),
             ('2_4', 'sp_62443-2-4.tsv', 'id'), ('2_1', 'sp_62443-2-1.tsv', 'id')]
TYPES = ['SAR', 'EDR', 'HDR', 'NDR']
SCOPES = {'each_asset': 'SCOPE_EACH_ASSET', 'boundary': 'SCOPE_BOUNDARY', 'service': 'SCOPE_SERVICE',
          'system': 'SCOPE_SYSTEM'}


def fail(name, line, reason):
    sys.exit(f'gen-catalogue: {os.path.basename(name)}:{line}: {reason}')


def load(path):
    with open(path, encoding='utf-8') as file:
        lines = file.read().split('\n')
    columns = lines[0].split('\t')
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if line:
            cells = line.split('\t')
            if len(cells) != len(columns):
                fail(path, number, f'{len(cells)} cells, {len(columns)} expected')
            rows.append(dict(zip(columns, cells), line=number))
    return rows


def text(value):
    return 'NULL' if value == '' else '"' + value.replace('\\', '\\\\').replace('"', '\\"') + '"'


class Catalogue:
    def __init__(self, folder, traits):
        self.folder = folder
        self.rows = []
        self.index = {}
        self.traits = {r['condition']: (i, r['trait']) for i, r in enumerate(load(traits))}
        self.ranges = []
        for standard, name, column in STANDARDS:
            first = len(self.rows)
            for row in load(os.path.join(folder, name)):
                row.update(standard=standard, file=name)
                if (standard, row[column]) in self.index:
                    fail(name, row['line'], f'"{row[column]}" stands twice')
                self.index[(standard, row[column])] = len(self.rows)
                self.rows.append(row)
            self.ranges.append((first, len(self.rows) - first))
        self.scope = {r['id']: r for r in load(os.path.join(folder, 'sr_scope.tsv'))}
        self.crs = {}
        for number, row in enumerate(self.rows):
            if row['standard'] == '4_2' and row['use'] == 'row' and row['derived_sr']:
                self.crs.setdefault(self.find('3_3', row['derived_sr'], row), []).append(number)

    def find(self, standard, name, row):
        if (standard, name) not in self.index:
            fail(row['file'] if 'file' in row else 'table', row['line'], f'"{name}" is no row of {standard}')
        return self.index[(standard, name)]

    def levels(self, row):
        return sum(1 << i for i in range(4) if row.get(f'sl{i + 1}') == '1')

    def types(self, names):
        return sum(1 << TYPES.index(n) for n in names.split(',') if n in TYPES)

    def parent(self, row):
        if row['standard'] == '3_3':
            return self.find('3_3', row['parent'], row) if row['parent'] else 0xffff
        base = row['id'].split(' RE(')[0]
        if row['standard'] == '2_4' and ' RE(' in row['id']:
            base += ' BR'
        return self.index.get((row['standard'], base), 0xffff) if base != row['id'] else 0xffff

    def entry(self, row):
        standard, scope, trait, types, counts, derived = row['standard'], 'SCOPE_NONE', -1, 0, True, 0xffff
        if standard == '3_3':
            facts = self.scope[row['id']]
            scope = SCOPES[facts['scope']]
            names, _, condition = facts['applies_to'].partition('; ')
            types = self.types(names) if facts['scope'] == 'each_asset' else 0
            if condition:
                if condition not in self.traits:
                    fail('sr_scope.tsv', facts['line'], f'condition "{condition}" is no trait')
                trait = self.traits[condition][0]
        elif standard == '4_2':
            types = self.types(row['component_types'])
            counts = row['use'] in ('row', 'constraint')
            if row['use'] == 'row' and row['derived_sr']:
                derived = self.find('3_3', row['derived_sr'], row)
        elif standard == '3_2':
            counts = '.' in row['id']
        elif standard == '2_1':
            counts = row['notes'] != 'group heading'
        group = row.get('practice') or row.get('functional_area') or row.get('spe') or ''
        title = row.get('title') or row.get('topic')
        return (f'        {{ STANDARD_{standard}, {text(row["id"])}, {text(title)}, {text(group)}, {row.get("fr") or 0}, '
                f'{self.levels(row)}, {types}, {"true" if counts else "false"}, {self.parent(row)}, {derived}, {scope}, '
                f'{trait} }},')

    def row_lists(self, name, lists):
        """A sorted table of key → rows, each list ended by ZW_ROW_NONE."""
        cells, entries = [], []
        for key in sorted(lists):
            entries.append(f'        {{ {text(key)}, {len(cells)} }},')
            cells += [str(r) for r in lists[key]] + ['ZW_ROW_NONE']
        return (f'const RowId catalogue_{name}_cells[] = {{ {", ".join(cells)} }};\n'
                f'const CatalogueKey catalogue_{name}_keys[] = {{\n' + '\n'.join(entries) + '\n};\n'
                f'const size_t catalogue_n_{name}_keys = {len(entries)};\n')

    def mapped(self, name, key, column):
        lists = {}
        for row in load(os.path.join(self.folder, name)):
            row['file'] = name
            found = lists.setdefault(row[key], [])
            for sr in row[column].split(','):
                if sr.strip():
                    number = self.find('3_3', sr.strip(), row)
                    if number not in found:
                        found.append(number)
        return lists

    def write(self, path):
        parts = ['/* Made by tools/gen-catalogue.py from data/catalogues; do not edit. */',
                 '#include "model/catalogue_tables.h"', '']
        parts.append('const CatalogueRow catalogue_rows[] = {\n' + '\n'.join(self.entry(r) for r in self.rows) + '\n};')
        parts.append(f'const size_t catalogue_n_rows = {len(self.rows)};')
        parts.append('const CatalogueRange catalogue_ranges[] = { ' +
                     ', '.join(f'{{ {f}, {n} }}' for f, n in self.ranges) + ' };')
        parts.append('const CatalogueKey catalogue_index[] = {\n' + '\n'.join(
            f'        {{ {text("62443-" + s.replace("_", "-") + " " + i)}, {n} }},'
            for (s, i), n in sorted(self.index.items(), key=lambda e: '62443-' + e[0][0].replace('_', '-') + ' ' + e[0][1]))
            + '\n};')
        maps = {self.rows[n]['id']: n for n in range(len(self.rows)) if self.rows[n]['standard'] == '2_1'}
        parts.append('const char *const catalogue_maps[] = {\n' + '\n'.join(
            f'        {text(self.rows[n]["maps_to"])},' for n in maps.values()) + '\n};')
        cells, offsets = [], []
        for number in range(self.ranges[0][1]):
            offsets.append(str(len(cells)))
            cells += [str(c) for c in self.crs.get(number, [])] + ['ZW_ROW_NONE']
        parts.append(f'const RowId catalogue_cr_cells[] = {{ {", ".join(cells)} }};')
        parts.append(f'const uint16_t catalogue_cr_offsets[] = {{ {", ".join(offsets)} }};')
        parts.append(self.row_lists('cwe', self.mapped('cwe_to_fr.tsv', 'cwe', 'srs')))
        parts.append(self.row_lists('technique', self.mapped('attack_ics_to_sr.tsv', 'technique_id', 'sr_ids')))
        with open(path, 'w', encoding='utf-8') as file:
            file.write('\n'.join(parts) + '\n')


if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    Catalogue(sys.argv[1], sys.argv[2]).write(sys.argv[3])
