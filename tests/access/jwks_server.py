"""An issuer in a process of its own: serves a file, counts how often.

Run it as ``python jwks_server.py FILE [PORT]``; it prints its port. What the
file holds is the answer to ``/jwks``; a file named like it with ``.status``
holds another status, one with ``.delay`` the seconds to wait before answering.
"""

from __future__ import annotations

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FILE = Path(sys.argv[1])


def _beside(ending, otherwise):
    path = FILE.with_suffix(ending)
    return float(path.read_text()) if path.exists() else otherwise


class Answer(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self):
        if self.path == "/count":
            self._say(200, str(Answer.asked).encode())
            return
        Answer.asked += 1
        time.sleep(_beside(".delay", 0))
        self._say(int(_beside(".status", 200)), FILE.read_bytes())

    def _say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/jwks")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    server = ThreadingHTTPServer(("127.0.0.1", port), Answer)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
