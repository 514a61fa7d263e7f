"""The loopback door: HTTP on 127.0.0.1 and ::1, for listed web sites only."""

import json
import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .core import Agent
from .errors import AgentError
from .origins import Origins

LARGEST_BODY = 8 * 1024
LARGEST_SIGN = 512 * 1024  # fifty decisions with their opinions
IDLE_SECONDS = 15
log = logging.getLogger("ca-agent")


class Handler(BaseHTTPRequestHandler):
    """One request: host, origin, type, size, then the agent."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: "Server"

    def do_OPTIONS(self):
        self._answer(self._preflight)

    def do_GET(self):
        self._answer(lambda: self._run("status", {}) if self.path == "/v1/status" else not_found())

    def do_POST(self):
        self._answer(self._post)

    def _preflight(self) -> tuple[int, dict | None]:
        self._origin()
        return 204, None

    def _post(self) -> tuple[int, dict]:
        origin = self._origin()
        if self.headers.get_content_type() != "application/json":
            raise AgentError("AGENT_BAD_TYPE")
        arguments = self._body()
        prefix, _, command = self.path.rpartition("/")
        if prefix != "/v1" or command == "status":
            raise AgentError("AGENT_NOT_FOUND")
        return 200, self.server.agent.handle(command, origin, arguments)

    def _run(self, command: str, arguments: dict) -> tuple[int, dict]:
        return 200, self.server.agent.handle(command, self._origin(), arguments)

    def _origin(self) -> str:
        """Host first (DNS rebinding), then the listed origin; what is signed is this header's value."""
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0] not in self.server.hosts:
            raise AgentError("AGENT_BAD_HOST")
        origins = self.headers.get_all("Origin") or []
        if len(origins) != 1 or not self.server.origins.allow(origins[0]):
            raise AgentError("AGENT_ORIGIN_NOT_ALLOWED")
        return origins[0]

    def _body(self) -> dict:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            raise AgentError("AGENT_BAD_JSON")
        if int(length) > (LARGEST_SIGN if self.path == "/v1/sign" else LARGEST_BODY):
            raise AgentError("AGENT_TOO_LARGE")
        try:
            arguments = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as error:
            raise AgentError("AGENT_BAD_JSON") from error
        if not isinstance(arguments, dict):
            raise AgentError("AGENT_BAD_JSON")
        return arguments

    def _answer(self, work) -> None:
        try:
            status, body = work()
        except AgentError as error:
            self.close_connection = True
            status, body = error.status, {"code": error.code, **error.more}
        except OSError:
            self.close_connection = True
            return
        except Exception:
            log.exception("operation failed")
            self.close_connection = True
            status, body = 500, {"code": "AGENT_INTERNAL"}
        self._send(status, body)

    def _send(self, status: int, body: dict | None) -> None:
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in self._headers(len(data)):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _headers(self, length: int) -> list[tuple[str, str]]:
        headers = [
            ("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(length)),
            ("Cache-Control", "no-store"), ("Vary", "Origin"), ("X-Content-Type-Options", "nosniff"),
        ]  # fmt: skip
        if self.close_connection:
            headers.append(("Connection", "close"))
        origin = self.headers.get("Origin")
        if origin and self.server.origins.allow(origin):
            headers.append(("Access-Control-Allow-Origin", origin))
            headers.append(("Access-Control-Allow-Methods", "GET, POST"))
            headers.append(("Access-Control-Allow-Headers", "Content-Type"))
            if self.headers.get("Access-Control-Request-Private-Network") == "true":
                headers.append(("Access-Control-Allow-Private-Network", "true"))
        return headers

    def version_string(self) -> str:
        return "ca-agent"

    def log_message(self, format, *args):
        log.info("%s %s", self.headers.get("Origin", "-") if hasattr(self, "headers") else "-", format % args)


class Server(ThreadingHTTPServer):
    """One listening address of the agent."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 16

    def __init__(self, address: tuple[str, int], agent: Agent, origins: Origins):
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)
        self.agent, self.origins = agent, origins
        self.port = self.server_address[1]
        self.hosts = frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def not_found():
    raise AgentError("AGENT_NOT_FOUND")


def listen(agent: Agent, origins: Origins, ports) -> list[Server]:
    """Take the first free port on 127.0.0.1, and the same on ::1 where there is one."""
    for port in ports:
        try:
            first = Server(("127.0.0.1", port), agent, origins)
        except OSError:
            continue
        try:
            return [first, Server(("::1", first.port), agent, origins)]
        except OSError:
            return [first]
    raise OSError("no free port")


def serve(servers: list[Server]) -> None:
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()
