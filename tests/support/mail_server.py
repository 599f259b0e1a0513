"""A real SMTP server on this machine that keeps what it gets and refuses whom it is told to.

from tests.support.mail_server import mail_server  # the fixture

await mail_server.wait_for(2)
[first, second] = mail_server.received
"""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Received(NamedTuple):
    """``encrypted``: it came over TLS."""

    peer: object
    encrypted: bool
    mail_from: str
    rcpt_tos: tuple[str, ...]
    message: EmailMessage


class MailServer:
    """Runs in a thread of its own, so tests of any kind, and processes they start, can send to ``url``.

    ``refuse`` maps a recipient to the answer it gets, such as ``550 5.1.1 No such user``; ``refuse_sender``,
    ``refuse_login`` and ``refuse_content`` are the answers to every MAIL, AUTH and DATA. Accounts of ``logins`` may
    authenticate, under ``starttls`` only after it; without an account nobody needs to.
    """

    def __init__(
        self, *, utf8: bool = True, starttls: ssl.SSLContext | None = None, smtps: ssl.SSLContext | None = None
    ) -> None:
        self.refuse: dict[str, str] = {}
        self.refuse_sender: str | None = None
        self.refuse_login: str | None = None
        self.refuse_content: str | None = None
        self.logins: dict[str, str] = {}
        self.tried_logins: list[str] = []
        self._scheme = "smtps" if smtps else "smtp"
        self._received: list[Received] = []
        self._arrived = threading.Condition()
        self._controller = _OnFreePort(
            self,
            hostname="127.0.0.1",
            port=0,
            ssl_context=smtps,
            tls_context=starttls,
            enable_SMTPUTF8=utf8,
            auth_require_tls=starttls is not None,
            authenticator=self._authenticate,
        )

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop_when_all_have_hung_up()

    def forget(self) -> None:
        """What arrived so far."""
        with self._arrived:
            self._received.clear()

    @property
    def url(self) -> str:
        """By name, for a certificate names its server."""
        return f"{self._scheme}://localhost:{self._controller.port}"

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

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if answer := self.refuse.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.refuse_content:
            return self.refuse_content
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert server.transport is not None
        encrypted = server.transport.get_extra_info("sslcontext") is not None
        received = Received(session.peer, encrypted, envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
        with self._arrived:
            self._received.append(received)
            self._arrived.notify_all()
        return "250 Kept"

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.tried_logins.append(login := data.login.decode())
        known = not self.refuse_login and self.logins.get(login) == data.password.decode()
        return AuthResult(success=known, handled=False, message=self.refuse_login)


class _Connection(SMTP):
    def __init__(self, handler: MailServer, **options: Any) -> None:
        super().__init__(handler, **options)
        self.ended = asyncio.Event()
        self.ended.set()  # where TLS begins at once and fails, there is never a connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.ended.clear()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.ended.set()


class _OnFreePort(Controller):
    _PATIENCE = 10.0  # seconds

    def factory(self) -> SMTP:
        connection = _Connection(self.handler, **self.SMTP_kwargs)
        self._connections = [*getattr(self, "_connections", ()), connection]
        return connection

    def _trigger_server(self) -> None:
        """Called once the server listens."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it so

    def stop_when_all_have_hung_up(self) -> None:
        """A connection under TLS takes a moment to end, and would stay open for ever where its loop has stopped."""
        ending = asyncio.wait_for(self._all_have_hung_up(), self._PATIENCE)
        asyncio.run_coroutine_threadsafe(ending, self.loop).result()
        self.stop()

    async def _all_have_hung_up(self) -> None:
        await asyncio.gather(*(connection.ended.wait() for connection in self._connections))
        await asyncio.sleep(0)  # the transport below TLS is closed in the loop's next turn


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()
