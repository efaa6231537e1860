"""An OpenAI-compatible server that answers in chunks of some bytes; it prints its port, and a text `kill` ends it at once."""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.say({"data": [{"id": "small", "max_model_len": 100_000}]} if self.path == "/v1/models" else {})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "messages" not in request:
            return self.say({"count": 10})
        if request["messages"][-1]["content"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        reply = {"entities": [], "figures": [], "attributions": []}
        message = {"role": "assistant", "content": json.dumps(reply)}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
        return self.say(
            {"id": "c", "object": "chat.completion", "created": 0, "model": "small", "choices": [choice], "usage": usage}
        )

    def say(self, told):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        text = json.dumps(told).encode()
        for n in range(0, len(text), 40):
            part = text[n : n + 40]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.flush()
            time.sleep(0.002)
        self.wfile.write(b"0\r\n\r\n")


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    print(server.server_address[1], flush=True)
    sys.exit(server.serve_forever())
