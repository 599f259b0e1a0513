"""A mail server that keeps what it gets."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from slotkeeper.demo.evidence import Message


class Mailbox:
    """``messages`` in the order of their arrival; one entry for each recipient of the envelope."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        parsed = email.message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.messages += [_message(parsed, recipient) for recipient in envelope.rcpt_tos]
        return "250 Kept"


@asynccontextmanager
async def mail_sink() -> AsyncIterator[tuple[Mailbox, str]]:
    """An SMTP server on a free loopback port; yields its mailbox and its ``smtp://`` URL."""
    mailbox = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(mailbox), "127.0.0.1", 0)
    async with server:
        yield mailbox, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _message(parsed: EmailMessage, recipient: str) -> Message:
    text = parsed.get_body(("plain",))
    calendar = next((part for part in parsed.walk() if part.get_content_type() == "text/calendar"), None)
    return Message(
        recipient=recipient,
        subject=str(parsed["subject"]),
        text=text.get_content() if text else "",
        method=calendar["content-type"].params.get("method") if calendar else None,
        ics=_decoded(calendar) if calendar else None,
    )


def _decoded(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    return raw.decode() if isinstance(raw, bytes) else ""
