"""A real SMTP server for tests, plain or with TLS from the first byte; keeps what it was given, and asks for a password if it has one."""
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
        office, to, allowed = self.server.office, [], self.server.office.password is None
        self.say('220 office ESMTP')
        for raw in self.rfile:
            line = raw.decode().rstrip('\r\n')
            verb = line.upper()
            if verb.startswith('EHLO'):
                self.wfile.write(b'250-office\r\n250 AUTH PLAIN\r\n' if office.password else b'250 office\r\n')
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
    def __init__(self, password=None, certificate=None):
        self.password, self.mails = password, []
        self.server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads, self.server.office = True, self
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
