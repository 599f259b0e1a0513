from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from slotkeeper.emails.imip import build_message
from slotkeeper.emails.render import Rendered
from slotkeeper.emails.smtp import SmtpSender
from slotkeeper.ics.build import build_ics
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.settings import Settings
from tests.ics.sample import appointment, recipient
from tests.support.mail_server import MailServer, mail_server

__all__ = ["mail_server"]


def sender(smtp_url: str | None, **given: float) -> SmtpSender:
    settings = Settings(database_url="", secret_key="", smtp_url=smtp_url, mail_from="Praxis <no-reply@slots.example>")
    return SmtpSender(settings, **given)


def message(**fields: Any) -> EmailMessage:
    return build_message(
        Rendered(
            subject="Verschoben: Erstgespräch", text="Jörg kommt später.\n.\n", html="<p>Jörg kommt später.</p>\n"
        ),
        recipient(**fields),
        sender="Praxis <no-reply@slots.example>",
        reply_to=None,
        message_id="e-1",
        ics=build_ics(appointment()),
        method="REQUEST",
    )


async def test_a_message_arrives_whole_at_its_one_recipient(mail_server: MailServer) -> None:
    await sender(mail_server.url).send(message())
    [received] = await mail_server.wait_for(1)
    assert received.mail_from == "no-reply@slots.example"
    assert received.rcpt_tos == ("ann@example.org",)
    assert received.message["Subject"] == "Verschoben: Erstgespräch"
    assert received.message["Message-ID"] == "<e-1@slots.example>"
    assert received.message["Date"].datetime is not None
    body = received.message.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["Jörg kommt später.", "."]
    attachments = list(received.message.iter_attachments())
    assert [one.get_content() for one in attachments] == [build_ics(appointment()).encode()]


async def test_what_is_done_notes_the_servers_answer(mail_server: MailServer) -> None:
    done = await sender(mail_server.url).send(message())
    assert done.note == "Kept"


async def test_the_same_message_can_be_tried_again(mail_server: MailServer) -> None:
    mail_server.refuse["ann@example.org"] = "451 4.7.1 Greylisted"
    tried = message()
    with pytest.raises(Later):
        await sender(mail_server.url).send(tried)
    mail_server.refuse.clear()
    await sender(mail_server.url).send(tried)
    assert len(mail_server.to("ann@example.org")) == 1


async def test_one_refusal_does_not_stop_the_other_recipients(mail_server: MailServer) -> None:
    mail_server.refuse["ann@example.org"] = "550 5.1.1 No such user"
    with pytest.raises(PersonMustAct):
        await sender(mail_server.url).send(message())
    await sender(mail_server.url).send(message(address="bob@example.org"))
    assert len(mail_server.to("bob@example.org")) == 1


async def test_the_account_in_the_url_is_used(mail_server: MailServer) -> None:
    mail_server.logins["clinic@slots.example"] = "p@ss/word"
    url = mail_server.url.replace("//", "//clinic%40slots.example:p%40ss%2Fword@")
    await sender(url).send(message())
    assert len(mail_server.received) == 1


async def test_without_a_server_mails_wait() -> None:
    with pytest.raises(Later, match="SLOTKEEPER_SMTP_URL is not set"):
        await sender(None).send(message())


async def test_an_address_beyond_ascii_goes_to_a_server_that_takes_it(mail_server: MailServer) -> None:
    await sender(mail_server.url).send(message(address="jörg@example.org"))
    assert mail_server.received[0].rcpt_tos == ("jörg@example.org",)


@pytest.fixture
def ascii_server() -> Iterator[MailServer]:
    server = MailServer(utf8=False)
    server.start()
    yield server
    server.stop()


async def test_an_address_beyond_ascii_needs_a_person_where_the_server_refuses_such(ascii_server: MailServer) -> None:
    with pytest.raises(PersonMustAct, match="SMTPUTF8") as raised:
        await sender(ascii_server.url).send(message(address="jörg@example.org"))
    assert raised.value.error_code == "email_undeliverable"


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example",
        "mail.example:25",
        "smtp://",
        "smtp:mail",
        "smtp://mail.example:0",
        "smtp://mail.example:smtp",
        "smtp://mail..example",
    ],
)
def test_a_url_that_is_not_smtp_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="SLOTKEEPER_SMTP_URL"):
        sender(url)


async def test_waiting_for_a_message_that_never_comes_ends(mail_server: MailServer) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        await mail_server.wait_for(1, timeout=0.01)
