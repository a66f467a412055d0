"""An OTLP receiver: a small HTTP server that keeps what it is sent."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Collector:
    """What was received.

    Attributes:
        url: Where to send.
        bodies: Every body, as text.
        headers: The headers of every request.
        answers: Statuses to answer with, one after the other; then 200.
    """

    def __init__(self, url):
        self.url = url
        self.bodies = []
        self.headers = []
        self.answers = []

    @property
    def spans(self):
        return [
            span
            for body in self.bodies
            for resource in json.loads(body)["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]

    def wait_for(self, enough, within=15.0):
        end = time.monotonic() + within
        while not enough(self.spans):
            assert time.monotonic() < end, self.spans[-20:]
            time.sleep(0.05)
        return self.spans


def told(span):
    """What a span tells, by name."""
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


@contextlib.contextmanager
def collecting():
    kept = Collector("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status = kept.answers.pop(0) if kept.answers else 200
            kept.headers.append((self.path, dict(self.headers)))
            if status == 200:
                kept.bodies.append(body)
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
