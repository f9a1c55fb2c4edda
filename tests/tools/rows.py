"""The rows of a store behind its back, whichever database they lie in: the file of a data directory, or the PostgreSQL that the file
names. For tests that alter what is kept, or look at it; nothing else should need to know where it lies."""
import json
import os
import re
import shutil
import sqlite3
import subprocess

import postgres


def place(data):
    """Where the rows lie, as the directory says it; None for a database of SQLite, which is the file itself."""
    with open(os.path.join(data, 'store.db'), 'rb') as file:
        content = file.read(16384)
    return json.loads(content) if content.startswith(b'{') else None


def program(name, *arguments):
    path = shutil.which(name) or os.path.join(postgres.programs(), name)
    return subprocess.run([path, *arguments], check=True, capture_output=True, text=True, timeout=120).stdout


def literal(value, there):
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea" if there else f"x'{value.hex()}'"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def ask(data, sql, *values):
    """Runs a statement, each `?` of which stands for the next value (an integer, a text or bytes); gives the rows as texts."""
    there = place(data)
    given = iter(values)
    sql = re.sub(r'\?', lambda _: literal(next(given), there), sql)
    if there is None:
        with sqlite3.connect(os.path.join(data, 'store.db')) as database:
            found = [[str(value) for value in row] for row in database.execute(sql)]
        database.close()
        return found
    said = program('psql', '-X', '-At', '-F', '\x1f', '-R', '\x1e', '-v', 'ON_ERROR_STOP=1', '-q', '-c',
                   f'SET search_path TO {there["schema"]}', '-c', sql, there['database'])
    return [row.split('\x1f') for row in said.rstrip('\n').split('\x1e')] if said else []


def replace(data, table, column, old, new):
    """Another text in bytes that hold text; gives in how many rows it was there."""
    cast = 'convert_from({}, \'UTF8\')' if place(data) else 'CAST({} AS TEXT)'
    back = 'convert_to({}, \'UTF8\')' if place(data) else 'CAST({} AS BLOB)'
    text = cast.format(column)
    many = int(ask(data, f'SELECT count(*) FROM {table} WHERE {text} LIKE ?', f'%{old}%')[0][0])
    ask(data, f'UPDATE {table} SET {column} = {back.format(f"replace({text}, ?, ?)")} WHERE {text} LIKE ?', old, new, f'%{old}%')
    return many


def everything(data):
    """All that is kept, as bytes."""
    there = place(data)
    if there is None:
        return b''.join(open(os.path.join(data, name), 'rb').read() for name in os.listdir(data) if name.startswith('store.db'))
    dump = program('pg_dump', '-a', '-n', there['schema'], there['database'])
    return dump.encode() + b''.join(bytes.fromhex(text) for text in re.findall(r'\\\\x((?:[0-9a-f]{2})+)', dump))


def copy(zw, data, to):
    """Another store that holds the same."""
    if place(data) is None:
        shutil.copytree(data, to)
        return
    backup = to + '.tar'
    for arguments in (['--data', data, 'backup', backup], ['--data', to, 'restore', backup]):
        subprocess.run([zw, *arguments], check=True, capture_output=True, timeout=120)
    os.unlink(backup)
