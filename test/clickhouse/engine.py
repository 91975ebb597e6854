"""Serves chDB, which is ClickHouse as a library, as far as the HTTP interface of a server is used here.

Usage: engine.py DATA_DIRECTORY [PASSWORD]. Prints the port when it listens. Ends with its standard input.
"""

import base64
import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import chdb

DATA = sys.argv[1]
PASSWORD = sys.argv[2] if len(sys.argv) > 2 else ""
# Parameters of the interface itself; all others are settings of the statement.
OWN = {"query", "database", "query_id", "default_format", "session_id", "wait_end_of_query"}
# Settings that only a server has.
SERVER_ONLY = {"cancel_http_readonly_queries_on_client_close", "send_progress_in_http_headers"}
INSERT = re.compile(r"^\s*(INSERT\s+INTO\s.*?\))\s*FORMAT\s+(\w+)\s*$", re.IGNORECASE | re.DOTALL)
FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*$", re.IGNORECASE)
# One statement of a connection at a time, and a connection for each request.
keeps_open = chdb.connect(DATA)


class Refused(Exception):
    pass


def run(parameters, body):
    query = parameters.get("query", "")
    connection = chdb.connect(DATA)
    try:
        if parameters.get("database"):
            quoted = parameters["database"].replace("\\", "\\\\").replace("`", "\\`")
            connection.query(f"USE `{quoted}`")
        names = [n for n in parameters if n not in OWN and n not in SERVER_ONLY]
        # Nothing can be set after `readonly`.
        for name in sorted(names, key=lambda each: each == "readonly"):
            value = parameters[name]
            text = value if re.fullmatch(r"\d+(\.\d+)?", value) else f"'{value}'"
            connection.query(f"SET {name} = {text}")
        insert = INSERT.match(query)
        if insert:
            inserter = connection.send_insert(insert[1], insert[2])
            try:
                inserter.append(body)
                written = inserter.finish()
            except BaseException:
                inserter.cancel()
                raise
            return b"", {"written_rows": str(written.rows_written)}
        text = (query + "\n" if query else "") + body.decode()
        trailing = FORMAT.search(text)
        kind = trailing[1] if trailing else parameters.get("default_format", "TabSeparated")
        result = connection.query(text, kind)
        summary = {"read_rows": str(result.rows_read()), "read_bytes": str(result.bytes_read())}
        return result.bytes() or b"", summary
    finally:
        connection.close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        self.answer(self.read_body())

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def check_password(self):
        if not PASSWORD:
            return
        given = base64.b64decode(self.headers.get("Authorization", " ").partition(" ")[2])
        user, _, password = given.decode().partition(":")
        if password != PASSWORD:
            raise Refused(
                f"Code: 516. DB::Exception: {user}: Authentication failed: password is incorrect,"
                " or there is no user with such name. (AUTHENTICATION_FAILED)"
            )

    def answer(self, body):
        url = urlsplit(self.path)
        if url.path == "/ping":
            self.reply(200, b"Ok.\n", {})
            return
        try:
            self.check_password()
            output, summary = run(dict(parse_qsl(url.query)), body)
        except Exception as error:
            text = str(error)
            code = re.search(r"Code: (\d+)", text)
            headers = {"X-ClickHouse-Exception-Code": code[1]} if code else {}
            self.reply(403 if isinstance(error, Refused) else 500, text.encode(), headers)
        else:
            self.reply(200, output, {"X-ClickHouse-Summary": json.dumps(summary)})

    def reply(self, status, output, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(output)))
        self.end_headers()
        self.wfile.write(output)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        # Clients are killed here, too.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


server = Server(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
