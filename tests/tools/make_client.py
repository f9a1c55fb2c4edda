"""Makes a client of the API in Python out of its description alone: one method for each operation, with the standard library only.
Use: make_client.py DESCRIPTION.json CLIENT.py"""
import json
import re
import sys

HEAD = '''"""Made from the description of the API; do not edit."""
import json
import urllib.error
import urllib.parse
import urllib.request


class Problem(Exception):
    """What the server refused: a problem document (RFC 9457)."""

    def __init__(self, document):
        super().__init__(document['detail'])
        self.document = document


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


class Client:
    def __init__(self, address, token):
        self.address, self.token = address, token

    def _call(self, method, path, query, headers, body=None, kind=None):
        query = [(name, str(one).lower() if isinstance(one, bool) else one) for name, value in query.items() if value is not None
                 for one in (value if isinstance(value, list) else [value])]
        address = self.address + path + ('?' + urllib.parse.urlencode(query) if query else '')
        headers = {name: value for name, value in headers.items() if value is not None}
        headers['Authorization'] = 'Bearer ' + self.token
        if body is not None:
            headers['Content-Type'] = kind
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers, method=method), timeout=60) as response:
                content = response.read()
                is_json = (response.headers['Content-Type'] or '').startswith('application/json')
                return Answer(response.status, response.headers, json.loads(content) if is_json else content)
        except urllib.error.HTTPError as error:
            raise Problem(json.load(error)) from None
'''


def plain(name):
    name = re.sub('[^a-z0-9]', '_', name.lower())
    return name + '_' if name in ('from', 'as', 'all', 'format', 'id', 'type') else name


def method_of(path, method, operation):
    params = operation['parameters']
    path_names = [p['name'] for p in params if p['in'] == 'path']
    others = [p for p in params if p['in'] != 'path']
    has_body = 'requestBody' in operation
    names = ['self', *map(plain, path_names), *(['body'] if has_body else [])]
    keywords = [f'{plain(p["name"])}=None' for p in others]
    made = re.sub(r'\{([^}]+)\}', lambda m: "' + urllib.parse.quote(" + plain(m.group(1)) + ", safe='') + '", path)
    dictionary = lambda where: '{' + ', '.join(f'{p["name"]!r}: {plain(p["name"])}' for p in others if p['in'] == where) + '}'
    kind = next(iter(operation['requestBody']['content'])) if has_body else None
    return (f'\n    def {operation["operationId"]}({", ".join(names + (["*", *keywords] if keywords else []))}):\n'
            f'        """{operation["summary"]}"""\n'
            f'        return self._call({method.upper()!r}, \'{made}\', {dictionary("query")}, {dictionary("header")}'
            f'{f", body, {kind!r}" if has_body else ""})\n')


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        document = json.load(file)
    with open(sys.argv[2], 'w', encoding='utf-8') as file:
        file.write(HEAD)
        for path, operations in document['paths'].items():
            for method, operation in operations.items():
                file.write(method_of(path, method, operation))


if __name__ == '__main__':
    main()
