#!PYTHON
"""A program in place of Chromium: says where its devtools are, serves them, ends with its pipe."""

import http.server
import json
import os
import sys
import threading

if "--version" in sys.argv:
    print("Chromium 150.0.1.2")
    sys.exit()


class Devtools(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        port = self.server.server_address[1]
        said = {"Browser": "HeadlessChrome/150.0.1.2", "path": self.path}
        said["webSocketDebuggerUrl"] = f"ws://127.0.0.1:{port}/devtools/browser/secret"
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Devtools)
threading.Thread(target=server.serve_forever, daemon=True).start()
place = f"ws://127.0.0.1:{server.server_address[1]}/devtools/browser/secret"
sys.stderr.write(f"\nDevTools listening on {place}\n\n")
sys.stderr.flush()
while data := os.read(3, 4096):
    os.write(4, data.upper())
