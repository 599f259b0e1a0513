"""Connections are kept for the next messages; what a server has against a connection is not held against a message."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.outbound import kept
from tests.emails.test_smtp import message, sender
from tests.support.mail_server import MailServer, mail_server

__all__ = ["mail_server"]


class ServerOfOneMessage(MailServer):
    """``then`` is what the second message over one connection gets, in answer to MAIL or RCPT; ``hangs_up`` ends the
    connection at its MAIL."""

    then: str | None = None
    command = "MAIL"
    hangs_up = False

    def __init__(self) -> None:
        super().__init__()
        self.mails: Counter[object] = Counter()
        self.asked: Counter[str] = Counter()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.mails[session.peer] += 1
        if self.hangs_up and self.mails[session.peer] == 2:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self._refusal("MAIL", session) or await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked[address] += 1
        return self._refusal("RCPT", session) or await super().handle_RCPT(server, session, envelope, address, options)

    def _refusal(self, command: str, session: Session) -> str | None:
        return self.then if command == self.command and self.mails[session.peer] == 2 else None


@pytest.fixture
def one_message_server() -> Iterator[ServerOfOneMessage]:
    server = ServerOfOneMessage()
    server.start()
    yield server
    server.stop()


def connections(server: MailServer) -> int:
    return len({received.peer for received in server.received})


async def test_messages_follow_each_other_over_one_connection(mail_server: MailServer) -> None:
    async with sender(mail_server.url) as smtp:
        for _ in range(3):
            await smtp.send(message())
    assert (len(mail_server.received), connections(mail_server)) == (3, 1)


async def test_a_sender_that_is_not_opened_keeps_none(mail_server: MailServer) -> None:
    smtp = sender(mail_server.url)
    for _ in range(2):
        await smtp.send(message())
    assert connections(mail_server) == 2


@pytest.mark.parametrize(
    ("command", "then"),
    [
        pytest.param("MAIL", "421 4.4.2 Idle for too long", id="it is going down"),
        pytest.param("RCPT", "421 4.4.2 Idle for too long", id="it is going down a little later"),
        pytest.param("MAIL", "451 4.7.1 Too many messages over this connection", id="it wants a pause"),
        pytest.param("MAIL", "554 5.7.0 Too many messages over this connection", id="it takes no more"),
        pytest.param("MAIL", None, id="it hangs up"),
    ],
)
async def test_what_a_kept_connection_cannot_send_goes_over_a_new_one(
    one_message_server: ServerOfOneMessage, command: str, then: str | None
) -> None:
    one_message_server.command, one_message_server.then, one_message_server.hangs_up = command, then, then is None
    async with sender(one_message_server.url) as smtp:
        for _ in range(3):
            await smtp.send(message())
    assert (len(one_message_server.received), connections(one_message_server)) == (3, 3)


async def test_a_new_connection_is_believed(mail_server: MailServer) -> None:
    mail_server.refuse_sender = "554 5.7.1 Not you"
    async with sender(mail_server.url) as smtp:
        with pytest.raises(PersonMustAct, match="Not you"):
            await smtp.send(message())


@pytest.mark.parametrize(("answer", "outcome"), [("550 5.1.1 No such user", PersonMustAct), ("450 4.2.1 Busy", Later)])
async def test_what_is_said_of_a_recipient_counts_over_a_kept_connection_too(
    one_message_server: ServerOfOneMessage, answer: str, outcome: type[Exception]
) -> None:
    one_message_server.refuse["bob@example.org"] = answer
    async with sender(one_message_server.url) as smtp:
        await smtp.send(message())
        with pytest.raises(outcome, match=answer[:3]):
            await smtp.send(message(address="bob@example.org"))
        await smtp.send(message())
    assert len(one_message_server.to("ann@example.org")) == 2
    assert one_message_server.asked["bob@example.org"] == 1


async def test_a_connection_without_messages_is_ended(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "IDLE", 0.0)
    async with sender(mail_server.url) as smtp:
        await smtp.send(message())
        controller = mail_server._controller
        hung_up = asyncio.run_coroutine_threadsafe(controller._all_have_hung_up(), controller.loop)
        await asyncio.wait_for(asyncio.wrap_future(hung_up), timeout=10)
