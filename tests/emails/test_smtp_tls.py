"""Mail over TLS: STARTTLS and smtps, with a certificate that the machine trusts or does not."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from slotkeeper.jobs.outcomes import Later, PersonMustAct
from tests.emails.test_smtp import message, sender
from tests.outbound.certificates import server_context
from tests.support.mail_server import MailServer, mail_server

__all__ = ["mail_server"]

Serve = Callable[..., MailServer]
BOTH = pytest.mark.parametrize("how", ["starttls", "smtps"])


@pytest.fixture
async def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serve]:
    """Starts a server whose certificate this machine trusts; ``how`` is ``starttls`` or ``smtps``.

    It is stopped while the test's loop runs on: both sides have to take leave of each other.
    """
    running: list[MailServer] = []

    def start(how: str, host: str = "localhost") -> MailServer:
        context, _ = server_context(host, tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        running.append(MailServer(starttls=context) if how == "starttls" else MailServer(smtps=context))
        running[-1].start()
        return running[-1]

    yield start
    for server in running:
        await asyncio.to_thread(server.stop)


@BOTH
async def test_a_message_and_its_login_go_encrypted(serve: Serve, how: str) -> None:
    server = serve(how)
    server.logins["clinic"] = "sesame"
    await sender(server.url.replace("//", "//clinic:sesame@")).send(message())
    [received] = server.received
    assert received.encrypted
    assert received.rcpt_tos == ("ann@example.org",)


@BOTH
async def test_a_wrong_password_over_tls_needs_a_person(serve: Serve, how: str) -> None:
    server = serve(how)
    with pytest.raises(PersonMustAct) as raised:
        await sender(server.url.replace("//", "//clinic:sesame@")).send(message())
    assert raised.value.error_code == "email_rejected"


@BOTH
@pytest.mark.parametrize("wrong", ["another authority", "another name"])
async def test_a_certificate_that_is_not_trusted_gets_neither_mail_nor_password(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, how: str, wrong: str
) -> None:
    server = serve(how, host="mail.example" if wrong == "another name" else "localhost")
    if wrong == "another authority":
        monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Later, match="certificate verify failed"):
        await sender(server.url.replace("//", "//clinic:sesame@")).send(message())
    assert (server.received, server.tried_logins) == ([], [])


async def test_a_password_leaves_this_machine_encrypted_or_not_at_all(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_server.logins["clinic"] = "sesame"
    port = urlsplit(mail_server.url).port
    known = socket.getaddrinfo

    def here(host: str, *rest: Any, **more: Any) -> Any:
        return known("127.0.0.1" if host == "mail.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    with pytest.raises(PersonMustAct, match="STARTTLS"):
        await sender(f"smtp://clinic:sesame@mail.example:{port}").send(message())
    assert (mail_server.received, mail_server.tried_logins) == ([], [])
    mail_server.logins.clear()
    await sender(f"smtp://mail.example:{port}").send(message())
    assert len(mail_server.received) == 1
