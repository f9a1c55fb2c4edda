"""Webhooks: who may make them, what is delivered, how often, and what is never asked."""
import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
import time

import tap
from server import Served


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent; answers with the next of `answers`, or 200."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.server.got.append((time.time(), dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *_):
        pass


class Hooked(Served):
    def setUp(self):
        self.other = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Receiver)
        self.other.got, self.other.answers = [], []
        threading.Thread(target=self.other.serve_forever, daemon=True).start()
        self.url = f'http://127.0.0.1:{self.other.server_port}/hook'
        super().setUp()

    def tearDown(self):
        super().tearDown()
        self.other.shutdown()
        self.other.server_close()

    def add(self, url=None, status=201, **more):
        return self.send('POST', '/api/v1/webhooks', {'url': url or self.url, **more}, status).json

    def until(self, n):
        end = time.monotonic() + 30
        while len(self.other.got) < n:
            self.assertLess(time.monotonic(), end, self.log_text())
            time.sleep(0.02)
        return self.other.got

    def listed(self, holds=lambda hook: True):
        end = time.monotonic() + 20
        while True:
            [hook] = self.api('/api/v1/webhooks')
            if holds(hook):
                return hook
            self.assertLess(time.monotonic(), end, hook)
            time.sleep(0.05)


class Delivered(Hooked):
    settings = {'ZONEWRIGHT_OUTBOUND_ALLOW': '127.0.0.1', 'ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES': 'true', 'ZONEWRIGHT_OUTBOUND_RETRY_SECONDS': '1'}

    def test_commits_signed_and_in_order(self):
        made = self.add()
        self.zw('add', 'zone', 'title=Intake')
        self.zw('add', 'zone', 'title=Filters')
        got = self.until(2)
        for (_, fields, body), seq, key in zip(got, (2, 3), ('ZN-1', 'ZN-2')):
            event = json.loads(body)
            self.assertEqual((event['project'], event['seq'], event['keys']), ('MAIN', seq, [key]))
            self.assertEqual(fields['Zonewright-Delivery'], f'{made["id"]}-{seq}')
            stamp, mac = (part.partition('=')[2] for part in fields['Zonewright-Signature'].split(','))
            self.assertEqual(mac, hmac.new(bytes.fromhex(made['secret']), f'{stamp}.'.encode() + body, hashlib.sha256).hexdigest())
            self.assertLess(abs(int(stamp) - time.time()), 60)
            # and as Standard Webhooks has it
            self.assertEqual((fields['webhook-id'], fields['webhook-timestamp']), (fields['Zonewright-Delivery'], stamp))
            standard = hmac.new(base64.b64decode(made['whsec'].removeprefix('whsec_')), f'{fields["webhook-id"]}.{stamp}.'.encode() + body, hashlib.sha256).digest()
            self.assertEqual(fields['webhook-signature'], 'v1,' + base64.b64encode(standard).decode())
        hook = self.listed(lambda hook: hook['seq'] == 3)
        self.assertEqual((hook['outcome'], hook['failures'], hook['next']), ('200', 0, None))
        self.assertNotIn('secret', hook)
        self.assertNotIn(made['secret'], self.log_text())

    def test_a_tracker_answers(self):
        made = self.add()
        ticket = 'https://tracker.example/PLANT-7'
        self.zw('add', 'action', 'title=Ask the maker', f'ticket={ticket}')
        path, secret = f'/api/v1/webhooks/{made["id"]}/tickets', base64.b64decode(made['whsec'].removeprefix('whsec_'))

        def say(body, status, stamp=None, key=secret, at=path, **other):
            stamp = str(int(time.time()) if stamp is None else stamp)
            mac = base64.b64encode(hmac.new(key, f'msg_1.{stamp}.{body}'.encode(), hashlib.sha256).digest()).decode()
            fields = {'webhook_id': 'msg_1', 'webhook_timestamp': stamp, 'webhook_signature': f'v1,AAAA v1,{mac}', **other}
            return self.send('POST', at, body, status, **{name: value for name, value in fields.items() if value is not None})

        body = json.dumps({'ticket': ticket, 'state': 'In progress', 'text': 'They answered.'})
        self.assertEqual(say(body, 200).json['items'], 1)
        self.assertEqual(self.api('/api/v1/items/AC-1')['attrs']['ticket_state'], 'In progress')
        self.assertTrue(say(body, 200).json['changes']['repeated'], 'no answer was heard, so it is said again')
        self.assertEqual([one['text'] for one in self.api('/api/v1/items/AC-1/comments')], ['In progress: They answered.'])
        for more in ({'key': b'x' * 32}, {'stamp': time.time() - 3600}, {'at': f'/api/v1/webhooks/{"0" * 32}/tickets'}):
            say(body, 403, **{name: int(value) if name == 'stamp' else value for name, value in more.items()})
        say(body, 400, webhook_signature=None)  # what is not signed at all says nothing of who says it
        say(body.replace('PLANT-7', 'PLANT-8'), 404)
        say(body, 401, anonymous=True)
        self.assertEqual(len(self.api('/api/v1/items/AC-1/comments')), 1)

    def test_tried_again_until_it_is_taken(self):
        self.other.answers = [500, 302]
        self.add()
        self.zw('add', 'zone', 'title=x')
        self.zw('add', 'zone', 'title=y')
        got = self.until(4)
        self.assertEqual([json.loads(body)['seq'] for _, _, body in got], [2, 2, 2, 3])
        self.assertGreater(got[1][0] - got[0][0], 0.9)
        self.assertGreater(got[2][0] - got[1][0], 1.8, 'twice as long')
        self.assertEqual(self.listed(lambda hook: hook['seq'] == 3)['failures'], 0)

    def test_a_restart_loses_nothing(self):
        self.other.answers = [503] * 2
        self.add()
        self.zw('add', 'zone', 'title=x')
        self.until(1)
        self.stop()
        self.serve()
        self.zw('add', 'zone', 'title=y')
        self.assertEqual([json.loads(body)['seq'] for _, _, body in self.until(4)][-1], 3)

    def test_other_that_is_not_there(self):
        with socket.socket() as nobody:
            nobody.bind(('127.0.0.1', 0))
            self.add(f'http://127.0.0.1:{nobody.getsockname()[1]}/')
            self.zw('add', 'zone', 'title=x')
            hook = self.listed(lambda hook: hook['failures'] > 0)
        self.assertEqual(hook['seq'], 1)
        self.assertRegex(hook['outcome'], 'connect')

    def test_no_more(self):
        made = self.add()
        self.assertEqual(self.send('DELETE', f'/api/v1/webhooks/{made["id"]}').status, 204)
        self.assertEqual(self.send('DELETE', f'/api/v1/webhooks/{made["id"]}').status, 404)
        self.assertEqual(self.send('DELETE', '/api/v1/webhooks/nonsense').status, 404)
        self.zw('add', 'zone', 'title=x')
        time.sleep(0.5)
        self.assertEqual((self.other.got, self.api('/api/v1/webhooks')), ([], []))
        trail = [row for row in self.json('audit') if row['action'].startswith('webhook')]
        self.assertEqual([row['action'] for row in trail], ['webhook_drop', 'webhook_add'])

    def test_refused(self):
        for body, where in (({}, '/url'), ({'url': 7}, '/url'), ({'url': 'https://evil.example/'}, '/url'), ({'url': self.url, 'events': ['item']}, '/events'),
                            ({'url': self.url, 'events': []}, '/events'), ({'url': self.url, 'secret': 'x'}, '/secret'), ({'url': 'file:///etc/passwd'}, '/url')):
            with self.subTest(body=body):
                answer = self.send('POST', '/api/v1/webhooks', body, 422).json
                self.assertEqual(answer['pointer'].removesuffix('/0'), where)
        for _ in range(20):
            self.add(f'{self.url}/{_}')
        self.add(status=413)

    def test_who_may_not(self):
        for scope in ('read', 'read,change,import'):
            token = self.json('token', 'create', scope, '--scope', scope)['token']
            for method, path, body in (('GET', '', None), ('POST', '', {'url': self.url}), ('DELETE', '/' + '0' * 32, None)):
                self.assertEqual(self.send(method, '/api/v1/webhooks' + path, body, Authorization=f'Bearer {token}').status, 403)


class Off(Hooked):
    def test_no_other_server_is_asked(self):
        answer = self.send('POST', '/api/v1/webhooks', {'url': 'https://hooks.example/'}, 422).json
        self.assertIn('outbound.allow names none', answer['detail'])


class Closed(Hooked):
    """The host is allowed, its address is not."""
    settings = {'ZONEWRIGHT_OUTBOUND_ALLOW': 'localhost 127.0.0.1 [::1] 169.254.169.254', 'ZONEWRIGHT_OUTBOUND_RETRY_SECONDS': '1'}

    def test_never_loopback_or_link_local(self):
        self.add(self.url, 422)  # only https
        for host in ('localhost', '127.0.0.1', '[::1]', '169.254.169.254'):
            made = self.add(f'https://{host}:{self.other.server_port}/')
            self.zw('add', 'zone', 'title=x')
            hook = self.listed(lambda hook: hook['failures'] > 0)
            self.assertIn('not of the open Internet', hook['outcome'])
            self.send('DELETE', f'/api/v1/webhooks/{made["id"]}', status=204)
        self.assertEqual(self.other.got, [])


if __name__ == '__main__':
    tap.main()
