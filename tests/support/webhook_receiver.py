"""A real HTTP server on 127.0.0.1 that writes down what it gets and answers as it was told."""

import ssl
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Network

import msgspec
import pytest

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
"""For ``allow_networks``, so that the receiver may be dialled."""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """Names of headers are lower case; ``port`` is the sender's, and tells connections apart."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    port: int = 0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """``delay`` seconds pass before it is given, or until the receiver is closed; ``hangs_up`` gives none."""

    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""
    delay: float = 0
    hangs_up: bool = False


class WebhookReceiver:
    """``will_answer`` tells the next answers, one each; after the last of them it is 200 again. With ``keeps``,
    connections stay open for further requests."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, keeps: bool = False) -> None:
        self._protocol = "HTTP/1.1" if keeps else "HTTP/1.0"
        self.received: list[Received] = []
        self.cut_short = 0
        self._answers: deque[Answer] = deque()
        self._arrival = threading.Condition()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def will_answer(self, *answers: Answer | int) -> None:
        self._answers.extend(Answer(status=a) if isinstance(a, int) else a for a in answers)

    def wait_for(self, count: int, timeout: float = 10) -> list[Received]:
        """What has arrived, once it is ``count`` requests. It blocks: async tests ``await asyncio.to_thread``."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.received) >= count, timeout):
                raise TimeoutError(f"{len(self.received)} of {count} requests arrived within {timeout} s")
            return list(self.received)

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, received: Received) -> Answer:
        with self._arrival:
            self.received.append(received)
            self._arrival.notify_all()
            return self._answers.popleft() if self._answers else Answer()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = receiver._protocol

            def handle_any(self) -> None:
                received = _read(self)
                if len(received.body) < int(received.headers.get("content-length", 0)):
                    receiver.cut_short += 1  # the sender died in the middle: no server would hand this on
                    self.close_connection = True
                    return
                answer = receiver._take(received)
                receiver._closing.wait(answer.delay)
                if answer.hangs_up:
                    self.close_connection = True
                    return
                try:
                    _write(self, answer)
                except ConnectionError:
                    self.close_connection = True  # whoever asked has hung up

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - the names that http.server looks for

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its interface
                """Quiet."""

        return Handler


def _read(handler: BaseHTTPRequestHandler) -> Received:
    return Received(
        method=handler.command,
        path=handler.path,
        headers={name.lower(): value for name, value in handler.headers.items()},
        body=handler.rfile.read(int(handler.headers.get("content-length", 0))),
        port=handler.client_address[1],
    )


def _write(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    handler.send_response(answer.status)
    for name, value in {"content-length": str(len(answer.body)), **answer.headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(answer.body)


@pytest.fixture
def webhook_receiver() -> Iterator[WebhookReceiver]:
    receiver = WebhookReceiver()
    yield receiver
    receiver.close()
