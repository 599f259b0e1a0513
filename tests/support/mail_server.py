"""A real SMTP server on 127.0.0.1 that keeps what it gets and refuses whom it is told to.

from tests.support.mail_server import mail_server  # the fixture

await mail_server.wait_for(2)
[first, second] = mail_server.received
"""

import asyncio
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import NamedTuple

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Received(NamedTuple):
    peer: object
    mail_from: str
    rcpt_tos: tuple[str, ...]
    message: EmailMessage


class MailServer:
    """Runs in a thread of its own, so tests of any kind, and processes they start, can send to ``url``.

    ``refuse`` maps a recipient to the answer it gets, such as ``550 5.1.1 No such user``; ``refuse_content`` is the
    answer to every DATA. Accounts of ``logins`` may authenticate; without an account nobody needs to.
    """

    def __init__(self, *, utf8: bool = True) -> None:
        self.refuse: dict[str, str] = {}
        self.refuse_content: str | None = None
        self.logins: dict[str, str] = {}
        self._received: list[Received] = []
        self._arrived = threading.Condition()
        self._controller = _OnFreePort(
            self,
            hostname="127.0.0.1",
            port=0,
            enable_SMTPUTF8=utf8,
            auth_require_tls=False,
            authenticator=self._authenticate,
        )

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def forget(self) -> None:
        """What arrived so far."""
        with self._arrived:
            self._received.clear()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    @property
    def received(self) -> list[Received]:
        with self._arrived:
            return list(self._received)

    def to(self, address: str) -> list[EmailMessage]:
        return [received.message for received in self.received if address in received.rcpt_tos]

    async def wait_for(self, count: int, timeout: float = 10.0) -> list[Received]:  # noqa: ASYNC109 - a thread waits
        """Returns once ``count`` messages have arrived in all; raises ``TimeoutError`` after ``timeout`` seconds."""
        if not await asyncio.to_thread(self._wait, count, timeout):
            raise TimeoutError(f"{len(self.received)} of {count} messages arrived within {timeout} s")
        return self.received

    def _wait(self, count: int, timeout: float) -> bool:
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self._received) >= count, timeout)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if answer := self.refuse.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.refuse_content:
            return self.refuse_content
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        received = Received(session.peer, envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
        with self._arrived:
            self._received.append(received)
            self._arrived.notify_all()
        return "250 Kept"

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        known = self.logins.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=known, handled=False)


class _OnFreePort(Controller):
    def _trigger_server(self) -> None:
        """Called once the server listens."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it so


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()
