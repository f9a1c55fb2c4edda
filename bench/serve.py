#!/usr/bin/env python3
"""HTTP: an item read again and again by 64 clients, against nginx giving the same bytes as a file; and reads and writes mixed, against
reads alone. Both servers log each request to a file. One JSON line a figure, as the other programs. Usage: serve.py ZW

Needs wrk and nginx; what is missing is said on stderr, and what needs it is left out."""
import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from figures import figure

ROUNDS, SECONDS, CLIENTS = 3, 3, 64
PATH = os.environ['PATH'] + ':/usr/sbin'
# Each tenth request gives a random item of the project another title; the others read one.
MIXED = '''
local keys = { KEYS }
local n = 0
request = function()
  n = n + 1
  local path = "/api/v1/items/" .. keys[math.random(#keys)]
  if n % 10 == 0 then
    return wrk.format("PATCH", path, { ["Authorization"] = wrk.headers["Authorization"], ["If-Match"] = "*",
      ["Content-Type"] = "application/merge-patch+json" }, '{"title":"Changed ' .. n .. '"}')
  end
  return wrk.format("GET", path)
end
done = function(summary) io.write("refused " .. summary.errors.status .. "\\n") end
'''
NGINX = '''
worker_processes auto; daemon off; pid DIR/pid; error_log DIR/error;
events { worker_connections 1024; }
http {
  access_log DIR/access; sendfile on; open_file_cache max=16; keepalive_requests 1000000000; default_type application/json;
  client_body_temp_path DIR/t1; proxy_temp_path DIR/t2; fastcgi_temp_path DIR/t3; uwsgi_temp_path DIR/t4; scgi_temp_path DIR/t5;
  server { listen 127.0.0.1:PORT; root DIR; }
}
'''


@contextlib.contextmanager
def running(command, **options):
    process = subprocess.Popen(command, env={**os.environ, 'PATH': PATH}, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def answers(url):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(url, timeout=5).read()
        time.sleep(0.02)
    sys.exit(f'bench: nothing answers at {url}')


class Zw:
    def __init__(self, zw, folder):
        self.command = [zw, '--data', os.path.join(folder, 'data')]
        self.call('init', '--sample')
        self.call('user', 'set', json.loads(self.call('--json', 'user', 'me'))['name'], '--operator')
        self.token = json.loads(self.call('--json', 'token', 'create', 'bench', '--scope', 'read,write,change'))['token']
        self.log = open(os.path.join(folder, 'log'), 'wb')

    def call(self, *args):
        return subprocess.run([*self.command, *args], check=True, capture_output=True, text=True).stdout

    def serve(self):
        return running([*self.command, 'serve', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE, stderr=self.log, text=True)

    def get(self, url):
        return urllib.request.urlopen(urllib.request.Request(url, headers={'Authorization': f'Bearer {self.token}'}), timeout=10).read()


def load(url, *more):
    """Requests a second, and the 99th percentile of their seconds."""
    return load_of(subprocess.run(['wrk', '-t1', f'-c{CLIENTS}', f'-d{SECONDS}', '--latency', *more, url], check=True, capture_output=True, text=True).stdout, url)


def load_of(text, what):
    """The same from what wrk says."""
    number, unit = re.search(r'99%\s+([\d.]+)(us|ms|s)\b', text).groups()
    refused = re.search(r'(?:Non-2xx or 3xx responses:|refused) (\d+)', text)
    if refused and int(refused.group(1)) > 0:
        sys.exit(f'bench: {refused.group(1)} requests of {what} were refused')
    return float(re.search(r'Requests/sec:\s+([\d.]+)', text).group(1)), float(number) / {'us': 1e6, 'ms': 1e3, 's': 1}[unit]


def median(rounds, i):
    return statistics.median(one[i] for one in rounds)


def against_nginx(zw, base, folder):
    url = f'{base}/api/v1/items/ZN-1'
    port = '62480'
    with open(os.path.join(folder, 'item'), 'wb') as file:
        file.write(zw.get(url))
    with open(os.path.join(folder, 'nginx.conf'), 'w', encoding='utf-8') as file:
        file.write(NGINX.replace('DIR', folder).replace('PORT', port))
    with running(['nginx', '-c', os.path.join(folder, 'nginx.conf')]):
        answers(f'http://127.0.0.1:{port}/item')
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(load(url, '-H', f'Authorization: Bearer {zw.token}'))
            theirs.append(load(f'http://127.0.0.1:{port}/item'))
    figure('cached GET of an item, 64 clients', '1/s', median(ours, 0), 'nginx, the same bytes as a file', median(theirs, 0))
    figure('the same, p99', 's', median(ours, 1), 'nginx, the same bytes as a file', median(theirs, 1))


def mixed(zw, base, folder):
    keys = [item['key'] for item in json.loads(zw.get(f'{base}/api/v1/assets?limit=500'))]
    script = os.path.join(folder, 'mixed.lua')
    with open(script, 'w', encoding='utf-8') as file:
        file.write(MIXED.replace('KEYS', ', '.join(json.dumps(key) for key in keys)))
    bearer = ['-H', f'Authorization: Bearer {zw.token}']
    both, reads = [], []
    for _ in range(ROUNDS):
        both.append(load(base, '-s', script, *bearer))
        reads.append(load(f'{base}/api/v1/items/{keys[0]}', *bearer))
    figure('reads and each tenth a durable write, 64 clients', '1/s', median(both, 0), 'reads of one item alone', median(reads, 0))
    figure('the same, p99', 's', median(both, 1), 'reads of one item alone', median(reads, 1))


def main():
    missing = [name for name in ('wrk', 'nginx') if shutil.which(name, path=PATH) is None]
    for name in missing:
        print(f'bench: HTTP is left out: there is no {name}', file=sys.stderr)
    if 'wrk' in missing:
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # workers of nginx are another user when it is started by root
        zw = Zw(os.path.abspath(sys.argv[1]), folder)
        with zw.serve() as server:
            base = server.stdout.readline().split()[-1]
            if 'nginx' not in missing:
                against_nginx(zw, base, folder)
            mixed(zw, base, folder)


if __name__ == '__main__':
    main()
