"""A store of files that speaks the protocol of S3 as far as it is used here: PUT and GET of an object, each signed by AWS Signature
Version 4, which is computed here again from what came. Whatever is not signed right, or is not what its hash says, is refused."""
import datetime
import hashlib
import hmac
import http.server
import re
import threading
import time

AUTHORIZATION = re.compile(r'AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})')


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def is_signed(self, body):
        bucket, match = self.server.bucket, AUTHORIZATION.fullmatch(self.headers.get('Authorization', ''))
        if not match:
            return False
        ident, day, region, names, signature = match.groups()
        stamp, digest = self.headers.get('X-Amz-Date', ''), self.headers.get('X-Amz-Content-Sha256', '')
        late = abs((datetime.datetime.strptime(stamp, '%Y%m%dT%H%M%SZ') - datetime.datetime.utcnow()).total_seconds()) > 900
        if (ident, region, stamp[:8]) != (bucket.ident, bucket.region, day) or late or digest != hashlib.sha256(body).hexdigest():
            return False
        if not {'host', 'x-amz-date', 'x-amz-content-sha256'} <= set(names.split(';')):
            return False
        fields = ''.join(f'{name}:{" ".join(self.headers[name].split())}\n' for name in names.split(';'))
        canonical = '\n'.join([self.command, self.path, '', fields, names, digest])
        scope = f'{day}/{region}/s3/aws4_request'
        text = '\n'.join(['AWS4-HMAC-SHA256', stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = mac(mac(mac(mac(('AWS4' + bucket.secret).encode(), day), region), 's3'), 'aws4_request')
        return hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), signature)

    def answer(self, status, body=b''):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        if self.server.bucket.refuse:
            return self.answer(self.server.bucket.refuse.pop(0), b'<Error><Code>SlowDown</Code></Error>')
        if not self.is_signed(body):
            return self.answer(403, b'<Error><Code>SignatureDoesNotMatch</Code></Error>')
        self.server.bucket.objects[self.path] = body
        return self.answer(200)

    def do_GET(self):
        if self.server.bucket.refuse:
            return self.answer(self.server.bucket.refuse.pop(0), b'<Error><Code>InternalError</Code></Error>')
        if not self.is_signed(b''):
            return self.answer(403, b'<Error><Code>SignatureDoesNotMatch</Code></Error>')
        found = self.server.bucket.objects.get(self.path)
        if found is None:
            return self.answer(404, b'<Error><Code>NoSuchKey</Code></Error>')
        return self.drip(found) if self.server.bucket.drips else self.answer(200, found)

    def drip(self, body):
        """A byte now and then, so that it is never quiet for long."""
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        try:
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(0.2)
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


class Bucket:
    """`objects` by path; the next requests are answered by what stands in `refuse`; while it `drips`, contents come slowly."""

    def __init__(self, ident, secret, region):
        self.ident, self.secret, self.region, self.objects, self.refuse, self.drips = ident, secret, region, {}, [], False
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.bucket = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f'http://127.0.0.1:{self.server.server_port}/{path}'

    def close(self):
        self.server.shutdown()
        self.server.server_close()
