#!/usr/bin/env python3
"""Compiles data/catalogues/*.tsv into constant C tables behind src/model/catalogue.c and src/model/safety.c.

Usage: gen-catalogue.py CATALOGUES TRAITS.tsv TABLES.c
The output depends on the tables only. A wrong table is refused with file, line and reason; docs/facts.md says what
the columns mean."""
import os
import re
import sys

STANDARDS = ['3_3', '4_2', '4_1', '3_2', '2_4', '2_1']  # in the order of StandardId
TYPES = ['SAR', 'EDR', 'HDR', 'NDR']
SCOPES = ['each_asset', 'boundary', 'service', 'system']
USES = ['row', 'constraint', 'heading', 'none']
BASES = ['cited', 'derived', 'library', 'label', 'own']
FRAMEWORKS = ['NIST CSF 1.1', 'NIST CSF 2.0', 'NIST SP 800-53 r5', 'EU CRA', 'NERC CIP']
SAFETY_KINDS = ['sil_pfdavg', 'sil_pfh', 'sil_rrf', 'formula', 'hft_route_1h', 'hft_61511', 'principle', 'interaction', 'sl_severity', 'review']
SAFETY_BASES = ['published', 'recomputed', 'recalled', 'own']
LEVELS = 'sl1 sl2 sl3 sl4'.split()
ROWS_MAX, LINE_MAX = 20000, 4000
ID = {'3_3': r'SR [1-7]\.[1-9]\d*( RE\([1-9]\))?',
      '4_2': r'(CCSC [1-9]|(CR|SAR|EDR|HDR|NDR) [1-7]\.[1-9]\d*( RE\([1-9]\))?)',
      '4_1': r'(SM|SR|SD|SI|SVV|DM|SUM|SG)-[1-9]\d*',
      '3_2': r'ZCR [1-9](\.[1-9]\d*)?',
      '2_4': r'SP\.\d\d\.\d\d (BR|RE\([1-9]\))',
      '2_1': r'([A-Z]{2,5} [1-9](\.[1-9]\d*)?|2010:[1-9](\.[1-9]\d*)+)'}


class Bad(Exception):
    pass


class Table:
    """Rows of one file as dictionaries."""

    def __init__(self, folder, name, columns):
        self.name = name
        self.rows = []
        with open(os.path.join(folder, name), 'rb') as file:
            data = file.read()
        try:
            lines = data.decode('utf-8').split('\n')
        except UnicodeDecodeError as error:
            raise Bad(f'{name}:{data.count(10, 0, error.start) + 1}: not UTF-8') from None
        if lines[0].split('\t') != columns.split():
            raise Bad(f'{name}:1: the columns must be {columns}')
        if lines[-1] != '':
            raise Bad(f'{name}:{len(lines)}: the last line does not end')
        for number, line in enumerate(lines[1:-1], 2):
            self.add(number, line, columns.split())
        if not 0 < len(self.rows) <= ROWS_MAX:
            raise Bad(f'{name}:{len(lines)}: {len(self.rows)} rows, 1 to {ROWS_MAX} expected')

    def add(self, number, line, columns):
        row = {'line': number}
        cells = line.split('\t')
        if len(cells) != len(columns):
            self.bad(row, f'{len(cells)} cells, {len(columns)} expected')
        if len(line) > LINE_MAX or re.search(r'[\x00-\x08\x0b-\x1f\x7f]', line):
            self.bad(row, 'too long, or holds a control character')
        for cell in cells:
            if cell != cell.strip():
                self.bad(row, f'"{cell}" begins or ends with a blank')
        self.rows.append(dict(zip(columns, cells), line=number))

    def bad(self, row, reason):
        raise Bad(f'{self.name}:{row["line"]}: {reason}')

    def keyed(self, *columns):
        """The rows by these columns, which must differ."""
        found = {}
        for row in self.rows:
            key = tuple(row[c] for c in columns)
            if key in found:
                self.bad(row, f'"{" ".join(key)}" stands in line {found[key]["line"]} already')
            found[key] = row
        return {k[0] if len(columns) == 1 else k: row for k, row in found.items()}

    def filled(self, *columns):
        for row in self.rows:
            for column in columns:
                if row[column] == '':
                    self.bad(row, f'{column} is empty')

    def one_of(self, column, allowed):
        for row in self.rows:
            if row[column] not in allowed:
                self.bad(row, f'{column} "{row[column]}" is none of {", ".join(a or "(empty)" for a in allowed)}')

    def matching(self, column, pattern):
        for row in self.rows:
            if not re.fullmatch(pattern, row[column]):
                self.bad(row, f'{column} "{row[column]}" has not the form {pattern}')


def split(value):
    return value.split(',') if value else []


def text(value):
    return '"' + value.replace('\\', '\\\\').replace('"', '\\"').replace('??', '?\\?') + '"' if value else 'NULL'


def search_key(standard, name):
    """What catalogue_find makes of a reference: standard, letters, numbers without leading zeros, +enhancement."""
    base, _, enhancement = name.removesuffix(' BR').partition(' RE(')
    letters, numbers = re.fullmatch(r'([A-Z]*)[-. ]?([\d.]+)', base.removeprefix('2010:')).groups()
    numbers = '.'.join(str(int(n)) for n in numbers.split('.'))
    return f'{STANDARDS.index(standard)}{letters}{numbers}' + (f'+{enhancement[:-1]}' if enhancement else '')


class Catalogue:
    def __init__(self, folder, traits):
        load = lambda name, columns: Table(folder, name, columns)
        self.tables = {
            '3_3': load('sr_62443-3-3.tsv', 'id fr title sl1 sl2 sl3 sl4 parent notes'),
            '4_2': load('cr_62443-4-2.tsv', 'id fr title component_types sl1 sl2 sl3 sl4 derived_sr use notes'),
            '4_1': load('practice_62443-4-1.tsv', 'id practice title notes'),
            '3_2': load('zcr_62443-3-2.tsv', 'id title workflow_order input output clause'),
            '2_4': load('sp_62443-2-4.tsv', 'id functional_area topic br_or_re'),
            '2_1': load('sp_62443-2-1.tsv', 'id edition spe title maps_to notes')}
        self.scope = load('sr_scope.tsv', 'id scope applies_to cr_ids rationale')
        self.cwe = load('cwe_to_fr.tsv', 'cwe name level frs srs inherits advisories rationale')
        self.attack = load('attack_ics_to_sr.tsv', 'technique_id technique_name mitigation_id mitigation_name sr_ids cr_ids')
        self.crosswalk = load('crosswalk.tsv', 'sr framework ref basis via')
        self.safety = load('safety.tsv', 'kind key lower upper statement condition source basis rows notes')
        self.traits = [row['condition'] for row in Table(os.path.dirname(traits), os.path.basename(traits),
                                                         'trait condition doc').rows]
        self.rows, self.number, self.ranges = [], {}, []
        for standard, table in self.tables.items():
            self.collect(standard, table)
        self.check_levels()
        self.check_components()
        self.check_others()
        self.check_scope()
        self.check_maps()
        self.check_mappings()
        self.check_safety()

    def collect(self, standard, table):
        """Numbers the rows of a standard and finds the row each enhancement or part belongs to."""
        table.keyed('id')
        table.matching('id', ID[standard])
        table.filled('topic' if standard == '2_4' else 'title')
        self.ranges.append((len(self.rows), len(table.rows)))
        keys = {}
        for row in table.rows:
            key = search_key(standard, row['id'])
            if key in keys:
                table.bad(row, f'"{row["id"]}" reads like line {keys[key]}')
            keys[key] = row['line']
            base = re.sub(r' RE\(\d\)$', ' BR' if standard == '2_4' else '', row['id'])
            if standard == '3_2':
                base = base.split('.')[0]
            elif standard == '2_1' and row['id'][0].isalpha():
                base = base.split('.')[0]
            if base != row['id'] and (standard, base) not in self.number:
                table.bad(row, f'"{base}" does not stand before it')
            row.update(standard=standard, key=key, base=self.number.get((standard, base), None))
            self.number[(standard, row['id'])] = len(self.rows)
            self.rows.append(row)

    def find(self, table, row, standard, name):
        if (standard, name) not in self.number:
            table.bad(row, f'"{name}" is no row of 62443-{standard.replace("_", "-")}')
        return self.number[(standard, name)]

    def check_levels(self):
        """What is demanded at a level is demanded above it, and an enhancement not before its base."""
        for standard in ('3_3', '4_2'):
            table = self.tables[standard]
            for column in LEVELS:
                table.one_of(column, ['0', '1'])
            for row in table.rows:
                levels = [row[c] for c in LEVELS]
                if levels != sorted(levels):
                    table.bad(row, f'demanded at SL {levels.index("1") + 1} and not above it')
                if row['base'] is not None and any(a > self.rows[row['base']][c] for a, c in zip(levels, LEVELS)):
                    table.bad(row, 'demanded where its base row is not')
                fr = '' if row['id'].startswith('CCSC') else row['id'].split(' ')[1][0]
                if row['fr'] != fr:
                    table.bad(row, f'fr "{row["fr"]}" does not fit the id')
        for row in self.tables['3_3'].rows:
            base = '' if row['base'] is None else self.rows[row['base']]['id']
            if row['parent'] != base:
                self.tables['3_3'].bad(row, f'parent "{row["parent"]}", "{base}" expected')
            if row['sl4'] != '1':
                self.tables['3_3'].bad(row, 'not demanded at any level')

    def check_components(self):
        table = self.tables['4_2']
        table.one_of('use', USES)
        for row in table.rows:
            letters = row['id'].split(' ')[0]
            types = ','.join(TYPES) if letters in ('CR', 'CCSC') else letters
            if row['use'] in ('heading', 'none'):
                types = ''
                if row['sl4'] != '0':
                    table.bad(row, f'a row of use {row["use"]} is demanded at no level')
            elif row['sl4'] != '1':
                table.bad(row, 'not demanded at any level')
            if row['component_types'] != types:
                table.bad(row, f'component_types "{row["component_types"]}", "{types}" expected')
            if (row['use'] == 'constraint') != (letters == 'CCSC'):
                table.bad(row, f'use "{row["use"]}" does not fit the id')
            if row['use'] != 'constraint' and row['derived_sr']:
                sr = self.find(table, row, '3_3', row['derived_sr'])
                if self.rows[sr]['fr'] != row['fr']:
                    table.bad(row, f'derives from another FR: "{row["derived_sr"]}"')

    def check_others(self):
        practices = {}
        self.tables['4_1'].matching('practice', r'Practice [1-8] - .+')
        for row in self.tables['4_1'].rows:
            if practices.setdefault(row['id'].split('-')[0], row['practice']) != row['practice']:
                self.tables['4_1'].bad(row, f'"{row["practice"]}" is not the practice of the rows before')
        self.tables['3_2'].matching('workflow_order', r'[1-9](\.[1-9]\d*)?')
        self.tables['3_2'].matching('clause', r'\d(\.\d+)+')
        self.tables['3_2'].filled('input', 'output')
        self.tables['2_4'].filled('functional_area')
        for row in self.tables['2_4'].rows:
            if row['br_or_re'] != row['id'].split(' ')[1][:2]:
                self.tables['2_4'].bad(row, f'br_or_re "{row["br_or_re"]}" does not fit the id')
        table = self.tables['2_1']
        table.filled('spe')
        for row in table.rows:
            old = row['id'].startswith('2010:')
            if row['edition'] != ('2010' if old else '2024'):
                table.bad(row, f'edition "{row["edition"]}" does not fit the id')
            kind = 'clause' if old else 'element' if '.' in row['id'] else 'group heading'
            if row['notes'].split(';')[0] != kind:
                table.bad(row, f'notes must begin with "{kind}"')

    def check_scope(self):
        """One scope row for each row of 3-3, whose cr_ids are exactly what 4-2 derives from it."""
        table = self.scope
        table.keyed('id')
        table.one_of('scope', SCOPES)
        table.filled('rationale')
        wanted, rows = [r['id'] for r in self.tables['3_3'].rows], {r['id']: r for r in table.rows}
        for row in table.rows:
            self.find(table, row, '3_3', row['id'])
        if len(table.rows) != len(wanted):
            raise Bad(f'{table.name}:{len(table.rows) + 1}: {", ".join(w for w in wanted if w not in rows)} missing')
        derived = {}
        for row in self.tables['4_2'].rows:
            if row['use'] == 'row' and row['derived_sr']:
                derived.setdefault(row['derived_sr'], []).append(row['id'])
        for row in table.rows:
            crs = ','.join(derived.get(row['id'], [])) or '-'
            if sorted(row['cr_ids'].split(',')) != sorted(crs.split(',')):
                table.bad(row, f'cr_ids "{row["cr_ids"]}", 4-2 says "{crs}"')
            row['types'], row['trait'] = self.applies(table, row)
            self.rows[self.number[('3_3', row['id'])]]['scope_row'] = row

    def applies(self, table, row):
        """The types as bits and the number of the trait."""
        if row['scope'] != 'each_asset':
            if row['applies_to'] != '-':
                table.bad(row, f'only each_asset rows apply to types, not "{row["applies_to"]}"')
            return 0, -1
        types, separator, condition = row['applies_to'].partition('; ')
        if any(t not in TYPES for t in types.split(',')) or split(types) != sorted(split(types), key=TYPES.index):
            table.bad(row, f'"{types}" is no list of {", ".join(TYPES)} in this order')
        if separator and condition not in self.traits:
            table.bad(row, f'condition "{condition}" is no condition of traits.tsv')
        return sum(1 << TYPES.index(t) for t in types.split(',')), self.traits.index(condition) if separator else -1

    def check_maps(self):
        """Both editions of 2-1: a reference to a clause below a listed one belongs to that one; both sides agree."""
        table = self.tables['2_1']
        for row in table.rows:
            row['mapped'] = []
            for name in split(row['maps_to']):
                if name.startswith('2010:') == row['id'].startswith('2010:'):
                    table.bad(row, f'maps to "{name}" of its own edition')
                while ('2_1', name) not in self.number and name.startswith('2010:') and '.' in name:
                    name = name.rpartition('.')[0]
                number = self.find(table, row, '2_1', name)
                if number not in row['mapped']:
                    row['mapped'].append(number)
        for row in table.rows:
            for number in row['mapped']:
                if self.number[('2_1', row['id'])] not in self.rows[number]['mapped']:
                    table.bad(row, f'maps to "{self.rows[number]["id"]}", which does not map back')

    def check_mappings(self):
        self.cwe.matching('cwe', r'CWE-[1-9]\d*')
        self.cwe.matching('frs', r'([1-7])(,(?!\1)([1-7]))?(,(?!\1|\3)[1-7])?')
        self.cwe.matching('advisories', r'0|[1-9]\d{0,4}')
        self.cwe.one_of('level', ['pillar', 'class', ''])
        self.cwe.filled('name', 'rationale')
        weaknesses = self.cwe.keyed('cwe')
        for row in self.cwe.rows:
            row['rows'] = [self.find(self.cwe, row, '3_3', n) for n in split(row['srs'])]
            if any(self.rows[n]['fr'] not in row['frs'].split(',') for n in row['rows']):
                self.cwe.bad(row, f'srs "{row["srs"]}" lie outside of the FRs {row["frs"]}')
            if row['inherits']:
                heir = weaknesses.get(row['inherits'])
                if heir is None or heir['inherits'] or any(heir[c] != row[c] for c in ('frs', 'srs', 'rationale')):
                    self.cwe.bad(row, f'does not say what it inherits from "{row["inherits"]}"')
        self.attack.keyed('technique_id', 'mitigation_id')
        self.attack.matching('technique_id', r'T\d{4}')
        self.attack.matching('mitigation_id', r'(M\d{4})?')
        names = {}
        for row in self.attack.rows:
            if names.setdefault(row['technique_id'], row['technique_name']) != row['technique_name']:
                self.attack.bad(row, f'another name for {row["technique_id"]}')
            row['label'] = (row['mitigation_name'], row['sr_ids'], row['cr_ids'])
            if names.setdefault(row['mitigation_id'], row['label']) != row['label']:
                self.attack.bad(row, f'another name or label for {row["mitigation_id"]}')
            row['srs'] = [self.find(self.attack, row, '3_3', n) for n in split(row['sr_ids'])]
            row['crs'] = [self.find(self.attack, row, '4_2', n) for n in split(row['cr_ids'])]
        self.crosswalk.keyed('sr', 'framework', 'ref')
        self.crosswalk.one_of('framework', FRAMEWORKS)
        self.crosswalk.one_of('basis', BASES)
        self.crosswalk.filled('ref')
        for row in self.crosswalk.rows:
            row['number'] = self.find(self.crosswalk, row, '3_3', row['sr'])

    def check_safety(self):
        table = self.safety
        table.keyed('kind', 'key')
        table.one_of('kind', SAFETY_KINDS)
        table.one_of('basis', SAFETY_BASES)
        table.filled('key', 'statement')
        for column in ('lower', 'upper'):
            table.matching(column, r'(\d+(\.\d+)?(e-?\d+)?)?')
        for row in table.rows:
            if row['upper'] and (not row['lower'] or float(row['lower']) >= float(row['upper'])):
                table.bad(row, f'lower "{row["lower"]}" is not below upper "{row["upper"]}"')
            row['srs'] = [self.find(table, row, '3_3', n) for n in split(row['rows'])]

    # ---- output ----

    def entry(self, row):
        standard, scope, derived = row['standard'], row.get('scope_row'), 'ZW_ROW_NONE'
        types = scope['types'] if scope else sum(1 << TYPES.index(t) for t in split(row.get('component_types', '')))
        counts = {'4_2': row.get('use') in ('row', 'constraint'), '3_2': '.' in row['id'],
                  '2_1': row.get('notes') != 'group heading'}.get(standard, True)
        if standard == '4_2' and row['use'] == 'row' and row['derived_sr']:
            derived = self.number[('3_3', row['derived_sr'])]
        group = row.get('practice') or row.get('functional_area') or row.get('spe') or ''
        parent = 'ZW_ROW_NONE' if row['base'] is None else row['base']
        cells = [f'STANDARD_{standard}', text(row['id']), text(row.get('title') or row['topic']), text(group),
                 text(row.get('notes', '')), text(scope['rationale'] if scope else ''), row.get('fr') or 0,
                 sum(1 << i for i, c in enumerate(LEVELS) if row.get(c) == '1'), types,
                 'true' if counts else 'false', parent, derived,
                 f'SCOPE_{scope["scope"].upper()}' if scope else 'SCOPE_NONE', scope['trait'] if scope else -1]
        return f'        {{ {", ".join(str(c) for c in cells)} }},'

    @staticmethod
    def table(declaration, lines):
        return f'{declaration} = {{\n' + '\n'.join(lines) + '\n};'

    def lists(self, cells, numbers):
        """Adds a list ended by ZW_ROW_NONE to `cells`, once; its place."""
        wanted = [str(n) for n in numbers] + ['ZW_ROW_NONE']
        key = ' '.join(wanted)
        if key not in self.places:
            self.places[key] = len(cells)
            cells += wanted
        return f'catalogue_cells + {self.places[key]}'

    def write(self, path):
        self.places, cells = {}, []
        derived = {n: [] for n in range(self.ranges[0][1])}
        for number, row in enumerate(self.rows):
            if row['standard'] == '4_2' and row['use'] == 'row' and row['derived_sr']:
                derived[self.number[('3_3', row['derived_sr'])]].append(number)
        parts = [self.table('const CatalogueRow catalogue_rows[]', [self.entry(r) for r in self.rows]),
                 f'const size_t catalogue_n_rows = {len(self.rows)};',
                 self.table('const CatalogueRange catalogue_ranges[]', [f'        {{ {f}, {n} }},' for f, n in self.ranges]),
                 self.table('const CatalogueKey catalogue_keys[]',
                            [f'        {{ {text(k)}, {n} }},' for k, n in sorted((r['key'], n) for n, r in enumerate(self.rows))]),
                 self.table('const CatalogueWorkflow catalogue_workflows[]',
                            [f'        {{ {text(r["workflow_order"])}, {text(r["input"])}, {text(r["output"])}, '
                             f'{text(r["clause"])} }},' for r in self.tables['3_2'].rows]),
                 self.table('const RowId *const catalogue_derived[]',
                            [f'        {self.lists(cells, crs)},' for crs in derived.values()]),
                 self.table('const RowId *const catalogue_mapped_rows[]',
                            [f'        {self.lists(cells, r["mapped"])},' for r in self.tables['2_1'].rows])]
        parts += self.weaknesses(cells) + self.techniques(cells) + self.crosswalks() + self.safeties(cells)
        with open(path, 'w', encoding='utf-8', newline='\n') as file:
            file.write('/* Made by tools/gen-catalogue.py from data/catalogues; do not edit. */\n'
                       '#include "model/catalogue_tables.h"\n\n#include <math.h>\n\n'
                       f'static const RowId catalogue_cells[] = {{ {", ".join(cells)} }};\n\n' + '\n\n'.join(parts) + '\n')

    def weaknesses(self, cells):
        lines = []
        for row in sorted(self.cwe.rows, key=lambda r: r['cwe']):
            lines.append(f'        {{ {text(row["cwe"])}, {text(row["name"])}, {text(row["rationale"])}, '
                         f'{text(row["inherits"])}, {{ {row["frs"]} }}, {self.lists(cells, row["rows"])}, '
                         f'{row["advisories"]} }},')
        return [self.table('const Weakness catalogue_weaknesses_all[]', lines),
                f'const size_t catalogue_n_weaknesses = {len(lines)};']

    def techniques(self, cells):
        by_technique, mitigations, lines = {}, [], []
        for row in self.attack.rows:
            by_technique.setdefault(row['technique_id'], []).append(row)
        for technique, rows in sorted(by_technique.items()):
            first, srs = len(mitigations), list(dict.fromkeys(n for r in rows for n in r['srs']))
            mitigations += [f'        {{ {text(r["mitigation_id"])}, {text(r["mitigation_name"])}, '
                            f'{self.lists(cells, r["srs"])}, {self.lists(cells, r["crs"])} }},'
                            for r in rows if r['mitigation_id']]
            lines.append(f'        {{ {text(technique)}, {text(rows[0]["technique_name"])}, {self.lists(cells, srs)}, '
                         f'catalogue_mitigations + {first}, {len(mitigations) - first} }},')
        return [self.table('static const Mitigation catalogue_mitigations[]', mitigations),
                self.table('const Technique catalogue_techniques_all[]', lines),
                f'const size_t catalogue_n_techniques = {len(lines)};']

    def crosswalks(self):
        lines, ranges = [], []
        for number in range(self.ranges[0][1]):
            rows = [r for r in self.crosswalk.rows if r['number'] == number]
            ranges.append(f'        {{ {len(lines)}, {len(rows)} }},')
            lines += [f'        {{ {text(r["framework"])}, {text(r["ref"])}, {text(r["via"])}, '
                      f'BASIS_{r["basis"].upper()} }},' for r in rows]
        return [self.table('const Crosswalk catalogue_crosswalks[]', lines),
                self.table('const CatalogueRange catalogue_crosswalk_ranges[]', ranges)]

    def safeties(self, cells):
        lines = []
        for row in self.safety.rows:
            bounds = ', '.join(row[c] if re.search('[.e]', row[c]) else row[c] + '.0' if row[c] else '(double)NAN'
                               for c in ('lower', 'upper'))
            lines.append(f'        {{ SAFETY_{row["kind"].upper()}, SAFETY_BASIS_{row["basis"].upper()}, {text(row["key"])}, '
                         f'{bounds}, {text(row["statement"])}, {text(row["condition"])}, {text(row["source"])}, '
                         f'{text(row["notes"])}, {self.lists(cells, row["srs"])} }},')
        return [self.table('const SafetyFact safety_facts_all[]', lines), f'const size_t safety_n_facts = {len(lines)};']


if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        Catalogue(sys.argv[1], sys.argv[2]).write(sys.argv[3])
    except (Bad, OSError) as error:
        sys.exit(f'gen-catalogue: {error}')
