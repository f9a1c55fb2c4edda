"""The description of the API that the server gives of itself (OpenAPI 3.1), and whether an answer is what it says."""
import json
import re

import jsonschema


class Description:
    def __init__(self, document):
        self.document = document
        self.validators = {}
        self.operations = {}
        self.errors = {}
        # An address without names in braces is preferred to one with.
        self.paths = sorted(((pattern.count('{'), re.compile(re.sub(r'\\{[^}]+\\}', '[^/]+', re.escape(pattern)) + '$'), pattern)
                             for pattern in document['paths']), key=lambda row: row[0])

    def operation(self, method, target):
        """The pattern and the operation of a request; None where the description has none."""
        path = re.sub('^/p/[^/]+/?', '/', target.partition('?')[0])
        method = 'get' if method == 'HEAD' else method.lower()
        if (method, path) not in self.operations:
            self.operations[method, path] = self.find(method, path)
        return self.operations[method, path]

    def find(self, method, path):
        for _, regex, pattern in self.paths:
            if regex.match(path) and method in self.document['paths'][pattern]:
                return pattern, self.document['paths'][pattern][method]
        return None

    def error(self, schema, content):
        """What is wrong with an answer, None when nothing is; what was said of the same one before."""
        name = json.dumps(schema)
        if name not in self.validators:
            self.validators[name] = jsonschema.Draft202012Validator({**schema, 'components': self.document['components']})
        if (name, content) not in self.errors:
            self.errors[name, content] = next(self.validators[name].iter_errors(json.loads(content)), None)
        return self.errors[name, content]

    def check(self, test, method, target, response):
        found = self.operation(method, target)
        where = f'{method} {target} {response.status}'
        if found is None:
            test.assertGreaterEqual(response.status, 400, f'{where}: the description has no such operation')
            return
        answers = found[1]['responses']
        if str(response.status) not in answers:
            test.assertGreaterEqual(response.status, 400, f'{where}: the description has no such answer')
        answer = answers.get(str(response.status), answers['default'])
        if 'content' not in answer or method == 'HEAD':
            test.assertEqual(response.content, b'', where)
            return
        (kind, media), = answer['content'].items()
        if kind != '*/*':
            test.assertEqual(response.headers['Content-Type'].partition(';')[0], kind, where)
        if 'schema' in media:
            error = self.error(media['schema'], response.content)
            test.assertIsNone(error, f'{where}: {error and error.message} at {error and error.json_path}')
