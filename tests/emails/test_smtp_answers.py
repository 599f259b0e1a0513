"""What becomes of a mail, by the answer of its server: tried later, or a person must act."""

import re
from asyncio import wrap_future
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from socket import create_server, socket

import pytest

from slotkeeper.jobs.outcomes import Later, PersonMustAct
from tests.emails.test_smtp import message, sender
from tests.support.mail_server import MailServer, mail_server

__all__ = ["mail_server"]


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
