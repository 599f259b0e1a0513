import re
from asyncio import wrap_future
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from socket import create_server, socket
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


async def test_a_refused_recipient_needs_a_person(mail_server: MailServer) -> None:
    mail_server.refuse["ann@example.org"] = "550 5.1.1 No such user"
    with pytest.raises(PersonMustAct, match="No such user") as raised:
        await sender(mail_server.url).send(message())
    assert raised.value.error_code == "email_undeliverable"
    assert mail_server.received == []


async def test_a_busy_mailbox_is_tried_later(mail_server: MailServer) -> None:
    mail_server.refuse["ann@example.org"] = "450 4.2.1 Mailbox busy"
    with pytest.raises(Later, match="450"):
        await sender(mail_server.url).send(message())


@pytest.mark.parametrize(
    ("refused", "answer", "error_code"),
    [
        pytest.param("refuse_sender", "550 5.7.1 Not your domain", "email_rejected", id="the sender"),
        pytest.param("refuse_sender", "451 4.7.0 Too many mails", None, id="the sender, for now"),
        pytest.param("refuse_login", "535 5.7.8 Expired", "email_rejected", id="the login"),
        pytest.param("refuse_login", "454 4.7.0 No directory", None, id="the login, for now"),
        pytest.param("refuse_content", "554 5.7.1 Looks like spam", "email_undeliverable", id="the content"),
        pytest.param("refuse_content", "452 4.3.1 Disk full", None, id="the content, for now"),
    ],
)
async def test_a_refusal_for_now_is_tried_later_and_one_for_good_needs_a_person(
    mail_server: MailServer, refused: str, answer: str, error_code: str | None
) -> None:
    setattr(mail_server, refused, answer)
    mail_server.logins["clinic"] = "sesame"
    with pytest.raises(PersonMustAct if error_code else Later, match=re.escape(answer)) as raised:
        await sender(mail_server.url.replace("//", "//clinic:sesame@")).send(message())
    assert getattr(raised.value, "error_code", None) == error_code


@asynccontextmanager
async def answering(*answers: str) -> AsyncIterator[str]:
    """A server that greets with the first and answers each line with the next, then hangs up; ``""`` says nothing."""

    def talk() -> None:
        caller, _ = listening.accept()
        caller.settimeout(10)
        with caller, caller.makefile("rb") as lines, suppress(ConnectionError):
            for answer in answers:
                caller.sendall(f"{answer}\r\n".encode() if answer else b"")
                lines.readline()

    with create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as thread:
        talking = thread.submit(talk)
        yield f"smtp://clinic:sesame@127.0.0.1:{listening.getsockname()[1]}"
        await wrap_future(talking)


@pytest.mark.parametrize(
    ("answers", "error_code"),
    [
        pytest.param([], None, id="hangs up"),
        pytest.param(["421 4.3.2 Restarting"], None, id="is closing"),
        pytest.param(["554 5.7.1 You are on a list"], "email_rejected", id="refuses this machine"),
        pytest.param(["HTTP/1.1 400 Bad Request"], None, id="is not a mail server"),
        pytest.param(["220 hi", "450 4.3.2 Busy", "450 4.3.2 Busy"], None, id="is busy at hello"),
        pytest.param(["220 hi", "550 5.7.1 No", "550 5.7.1 No"], "email_rejected", id="refuses hello"),
        pytest.param(["220 hi", "250-hi\r\n250 STARTTLS", "454 4.7.0 No TLS"], None, id="has no TLS for now"),
        pytest.param(["220 hi", "250 hi", "221 bye"], "email_rejected", id="knows no logins"),
        pytest.param(["220 hi", "250-hi\r\n250 AUTH PLAIN", "235 ok", "250 ok", "250 ok", "354 go"], None, id="cut"),
    ],
)
async def test_a_server_that_cannot_take_mail_is_tried_later_unless_it_refuses(
    answers: list[str], error_code: str | None
) -> None:
    async with answering(*answers) as url:
        with pytest.raises(PersonMustAct if error_code else Later) as raised:
            await sender(url).send(message())
    assert getattr(raised.value, "error_code", None) == error_code
    assert "sesame" not in str(raised.value)


async def test_a_server_that_says_nothing_is_tried_later() -> None:
    async with answering("") as url:
        with pytest.raises(Later, match="Timeout"):
            await sender(url, timeout=0.05).send(message())


async def test_a_message_without_a_recipient_needs_a_person(mail_server: MailServer) -> None:
    nobody = message()
    del nobody["To"]
    with pytest.raises(PersonMustAct) as raised:
        await sender(mail_server.url).send(nobody)
    assert raised.value.error_code == "email_undeliverable"


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


async def test_a_wrong_password_needs_a_person_and_is_not_told(mail_server: MailServer) -> None:
    url = mail_server.url.replace("//", "//clinic:sesame@")
    with pytest.raises(PersonMustAct) as raised:
        await sender(url).send(message())
    assert raised.value.error_code == "email_rejected"
    assert "sesame" not in str(raised.value)


async def test_a_server_that_is_down_is_tried_later() -> None:
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(Later):
        await sender(url).send(message())


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
