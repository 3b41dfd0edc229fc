"""Alibaba Cloud on this machine: a loopback server that checks signatures and answers with the documented bodies."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from tests.cloud import signature

REQUEST_ID = "A6B8C1D2-0000-4111-8222-ABCDEF012345"


class Reply(NamedTuple):
    """What is answered: a status and a body, or something odd that `handle` does with the connection."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    odd: str = ""


class Asked(NamedTuple):
    """One request that came: the action, its parameters, and the id that it is signed with."""

    action: str
    parameters: dict[str, str]
    signer: str


def error(status: int, code: str, **more: Any) -> Reply:
    """An error as Alibaba Cloud writes it; its message quotes what was signed, as the real one does."""
    fields = {"RequestId": REQUEST_ID, "HostId": "sts.aliyuncs.com", "Code": code, "Message": "«ECHO»", "Recommend": "…"}
    return Reply(status, fields | more)


def identity(kind: str, arn: str, **more: Any) -> Reply:
    """What GetCallerIdentity answers."""
    fields = {"IdentityType": kind, "AccountId": "1234567890123456", "Arn": arn, "RequestId": REQUEST_ID, "UserId": "2"}
    return Reply(200, fields | {"PrincipalId": "2"} | more)


def good(**fields: Any) -> Reply:
    """An answer with these fields."""
    return Reply(200, {"RequestId": REQUEST_ID, **fields})


Answering = Callable[[Asked], Reply]


class Server:
    """`secrets`: by id, whom it knows; `answer`: what it says to a request that is signed as it must be."""

    def __init__(self, secrets: dict[str, str], answer: Answering) -> None:
        self.secrets = secrets
        self.answer = answer
        self.asked: list[Asked] = []
        self.other: list[str] = []
        self.port = 0
        self.closing = threading.Event()

    @property
    def endpoint(self) -> str:
        """What `--endpoint` is told."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def actions(self) -> list[str]:
        """The actions that were asked for, in their order."""
        return [one.action for one in self.asked]

    def reply(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        """Check a request as Alibaba Cloud does, and answer it."""
        path, _, query = target.partition("?")
        signer = signature.signer(headers)
        one = Asked(headers.get("x-acs-action", ""), dict(parse_qsl(query, True)), signer)
        if method != "POST" or path != "/" or not one.action:
            self.other.append(f"{method} {path}")
            return error(404, "InvalidAction.NotFound")
        self.asked.append(one)
        if signer not in self.secrets:
            return error(404, "InvalidAccessKeyId.NotFound")
        if not signature.holds(self.secrets[signer], method, path, query, headers, body):
            return error(400, "SignatureDoesNotMatch")
        return self.answer(one)


@contextmanager
def running(secrets: dict[str, str], answer: Answering) -> Iterator[Server]:
    """A server, for the length of a test."""
    made = Server(secrets, answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def log_message(self, *_: Any) -> None:
            pass

        def handle_any(self) -> None:
            headers = {key.lower(): value for key, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            reply = made.reply(self.command, self.path, headers, body)
            echo = " ".join([headers.get("x-acs-security-token", ""), made_by(headers), self.path])
            _send(self, reply, echo, made)

        do_GET = do_POST = do_CONNECT = handle_any

    def made_by(headers: dict[str, str]) -> str:
        return f"{signature.signer(headers)} {headers.get('authorization', '')}"

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.closing.set()
        server.shutdown()
        socketserver.TCPServer.server_close(server)


def _send(handler: BaseHTTPRequestHandler, reply: Reply, echo: str, made: Server) -> None:
    if reply.odd == "cut":
        handler.close_connection = True
        return
    if reply.odd == "silent":
        made.closing.wait(20)
        handler.close_connection = True
        return
    if isinstance(reply.body, bytes):
        content = reply.body
    else:
        content = json.dumps(reply.body).replace("«ECHO»", json.dumps(f"Specified signature: {echo}")[1:-1]).encode()
    handler.send_response(reply.status)
    headers = {"Content-Type": "application/json;charset=utf-8", "Content-Length": str(len(content))} | reply.headers
    for key, value in headers.items():
        handler.send_header(key, value)
    handler.end_headers()
    if reply.odd == "half":
        handler.wfile.write(content[: len(content) // 2])
        handler.close_connection = True
        return
    if reply.odd == "drip":
        step = len(content) // 12 + 1
        for at in range(0, len(content), step):
            handler.wfile.write(content[at : at + step])
            handler.wfile.flush()
            if made.closing.wait(0.2):
                break
        handler.close_connection = True
        return
    handler.wfile.write(content)
