"""The backend of the SDK on loopback: takes export requests and keeps their bytes.

Built on `http.server`, which the SDK does not instrument.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PATH = "/api/drift/tusk.drift.backend.v1.SpanExportService/ExportSpans"

SUCCESS = b"\x08\x01"
"""ExportSpansResponse with success = true."""


@contextmanager
def collecting() -> Iterator[tuple[str, list[bytes]]]:
    """(base URL, request bodies in the order of their arrival) while the context lasts."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known = self.path == PATH
            if known:
                bodies.append(body)
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "application/protobuf")
            self.send_header("Content-Length", str(len(SUCCESS)))
            self.end_headers()
            self.wfile.write(SUCCESS)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
