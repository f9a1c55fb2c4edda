"""A real SMTP server for tests, plain, with TLS from the first byte or turned to it; keeps what it was given, and asks for a password if it has one."""
import base64
import email
import email.policy
import socketserver
import ssl
import threading


class Handler(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b'\r\n')

    def handle(self):
        self.say('220 office ESMTP')
        self.handle_more()

    def handle_more(self):
        office, to, allowed = self.server.office, [], self.server.office.password is None
        for raw in self.rfile:
            line = raw.decode().rstrip('\r\n')
            verb = line.upper()
            if verb.startswith('EHLO'):
                offers = ['STARTTLS'] * (office.turns is not None and not isinstance(self.connection, ssl.SSLSocket)) + ['AUTH PLAIN'] * (office.password is not None)
                for i, one in enumerate(['office', *offers]):
                    self.say(f'250{"-" if i < len(offers) else " "}{one}')
            elif verb == 'STARTTLS':
                self.say('220 go on')
                self.connection = self.request = office.turns.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile('rb'), self.connection.makefile('wb', buffering=0)
                office.turned += 1
                return self.handle_more()
            elif verb.startswith('AUTH PLAIN'):
                given = line[len('AUTH PLAIN'):].strip()
                if not given:
                    self.say('334 ')
                    given = self.rfile.readline().decode().strip()
                allowed = base64.b64decode(given) == b'\0zw\0' + office.password.encode()
                self.say('235 welcome' if allowed else '535 no')
            elif verb.startswith('RCPT TO'):
                to.append(line.partition('<')[2].partition('>')[0])
                self.say('250 ok' if allowed and not to[-1].startswith('refused') else '550 no')
            elif verb == 'DATA':
                self.say('354 go on')
                lines = []
                for part in self.rfile:
                    if part == b'.\r\n':
                        break
                    lines.append(part[1:] if part.startswith(b'..') else part)
                office.mails.append((to, email.message_from_bytes(b''.join(lines), policy=email.policy.default)))
                to = []
                self.say('250 kept')
            elif verb == 'QUIT':
                self.say('221 bye')
                return
            else:
                self.say('250 ok')


class PostOffice:
    def __init__(self, password=None, certificate=None, turns=False):
        self.password, self.mails, self.turns, self.turned = password, [], None, 0
        self.server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads, self.server.office = True, self
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            if turns:
                self.turns = context
            else:
                self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
