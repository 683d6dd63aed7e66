"""The board's API. A note is sent with an id of the client's own, so the same request twice makes one note."""

import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from database import connect

local = threading.local()


def query(text, values=()):
    """Runs one statement, on a connection of this thread; a broken one is made anew."""
    for last in (False, True):
        try:
            if getattr(local, "connection", None) is None:
                local.connection = connect()
            with local.connection as connection, connection.cursor() as cursor:
                cursor.execute(text, values)
                return cursor.fetchall() if cursor.description else []
        except Exception:
            local.connection = None
            if last:
                raise


class Board(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/readyz":
            query("select 1")
            return self.answer(200, {"ready": True})
        if self.path == "/notes":
            rows = query("select id, text, words from notes order by id")
            return self.answer(200, [{"id": id, "text": text, "words": words} for id, text, words in rows])
        if self.path == "/reports":
            rows = query("select extract(epoch from made)::float, notes from reports order by made")
            return self.answer(200, [{"made": made, "notes": notes} for made, notes in rows])
        return self.answer(404, {"error": "no such path"})

    def do_PUT(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        if not self.path.startswith("/notes/"):
            return self.answer(404, {"error": "no such path"})
        note = self.path.removeprefix("/notes/")
        query(
            "with made as (insert into notes values (%s, %s) on conflict do nothing returning id)"
            " insert into jobs select id from made",
            (note, body.decode()),
        )
        return self.answer(201, {"id": note})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("0.0.0.0", int(os.environ["PORT"])), Board)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
