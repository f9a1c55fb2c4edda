#!/usr/bin/env python3
"""A report of 20,000 rows as tagged PDF against Chromium, which prints the same report as HTML, and as XLSX against libxlsxwriter
alone, which writes the same cells. Usage: report.py ZW SHEET [ROWS]

Our times are those of the whole command less those of the same report as JSON, so that what is computed is on neither side."""
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

from figures import figure, measured

ZW, SHEET, ROWS = sys.argv[1], sys.argv[2], int((sys.argv[3:4] or ['20000'])[0])
SPACE = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'


def cells(book, target):
    """Every cell of every sheet; how many rows there were."""
    rows = 0
    with zipfile.ZipFile(book) as archive, open(target, 'w', encoding='utf-8') as out:
        shared = []
        if 'xl/sharedStrings.xml' in archive.namelist():
            shared = [''.join(text.itertext()) for text in ElementTree.fromstring(archive.read('xl/sharedStrings.xml'))]
        for name in sorted(archive.namelist()):
            if not name.startswith('xl/worksheets/sheet'):
                continue
            with archive.open(name) as sheet:
                for _, row in ElementTree.iterparse(sheet):
                    if row.tag != SPACE + 'row':
                        continue
                    texts = [shared[int(cell.findtext(SPACE + 'v'))] if cell.get('t') == 's' else ''.join(cell.itertext()) for cell in row]
                    out.write('\t'.join(re.sub(r'\s+', ' ', text) for text in texts) + '\n')
                    row.clear()
                    rows += 1
    return rows


with tempfile.TemporaryDirectory() as folder:
    path = lambda name: os.path.join(folder, name)
    data = ['--data', path('data')]
    with open(path('rows.csv'), 'w', encoding='utf-8') as file:
        file.write('ID,Title,Text\n')
        for i in range(1, ROWS + 1):
            file.write(f'R{i},Requirement {i} of the programme,The system shall refuse what nobody asked it for in case {i}.\n')
    measured(ZW, *data, 'init')
    measured(ZW, *data, 'import', path('rows.csv'))
    base, _ = measured(ZW, *data, 'report', 'verification', '-o', path('r.json'))
    pdf, memory = measured(ZW, *data, 'report', 'verification', '-o', path('r.pdf'))
    xlsx, _ = measured(ZW, *data, 'report', 'verification', '-o', path('r.xlsx'))
    measured(ZW, *data, 'report', 'verification', '-o', path('r.html'))
    print(f'{cells(path("r.xlsx"), path("cells.tsv"))} rows; {base:.2f} s to compute; {memory:.0f} MiB for the PDF', flush=True)
    done = subprocess.run([SHEET, path('cells.tsv'), path('peer.xlsx')], check=True, capture_output=True, text=True)
    figure('XLSX of the report', 's', max(xlsx - base, 0.01), 'libxlsxwriter alone', float(done.stdout))
    chromium, _ = measured('chromium', '--headless', '--no-sandbox', '--disable-gpu', f'--user-data-dir={path("chromium")}', f'--print-to-pdf={path("peer.pdf")}',
                        'file://' + path('r.html'))
    figure('tagged PDF of the report', 's', max(pdf - base, 0.01), 'Chromium', chromium)
