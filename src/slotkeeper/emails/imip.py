"""A rendered message with its ICS as iMIP (RFC 6047), so that mail programs offer it to the calendar."""

import re
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, AddressHeader, BaseHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import parseaddr
from functools import lru_cache

from slotkeeper.emails.headers import POLICY, FoldedOnce
from slotkeeper.emails.recipient import Recipient
from slotkeeper.emails.render import Rendered
from slotkeeper.ics.build import Method
from slotkeeper.jobs.outcomes import PersonMustAct


def build_message(
    rendered: Rendered,
    recipient: Recipient,
    *,
    sender: str,
    reply_to: str | None,
    message_id: str,
    ics: str | None,
    method: Method | None,
) -> EmailMessage:
    """``message_id`` is the effect's id, the part of Message-ID before the sender's domain: the same in each attempt.

    ``method`` is the METHOD inside ``ics``; without an ICS both are None. Date is added when it is sent.
    Raises ``PersonMustAct`` (email_undeliverable) for an address that is none.
    """
    author = _mailbox("From", *parseaddr(sender))
    message = EmailMessage(policy=POLICY)
    message["From"] = author
    message["To"] = _mailbox("To", recipient.name, recipient.address)
    if reply_to:
        message["Reply-To"] = _mailbox("Reply-To", "", reply_to)
    message["Subject"] = _Subject("Subject", _header_text(rendered.subject))
    message["Message-ID"] = f"<{message_id}@{author.addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text, cte="quoted-printable")
    message.make_alternative(boundary=_WITHIN)
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if ics is not None and method is not None:
        _add_calendar(message, ics, method)
    return message


def _add_calendar(message: EmailMessage, ics: str, method: Method) -> None:
    """Twice: as an alternative for programs that speak iTIP, as a file for those that do not."""
    message.add_alternative(ics, subtype="calendar", cte="base64", params={"method": method})
    message.make_mixed(boundary=_BETWEEN)
    message.add_attachment(ics.encode(), maintype="application", subtype="ics", filename="invite.ics")


@lru_cache(maxsize=1024)
def _mailbox(header: str, name: str, address: str) -> "_Mailbox":
    return _Mailbox(header, _address(name, address))


def _address(name: str, address: str) -> Address:
    """Addresses beyond ASCII too (RFC 6531), which Python's parser knows only in parts."""
    try:
        parsed = Address(_header_text(name), addr_spec=_BEYOND_ASCII.sub("x", address))
    except (ValueError, IndexError, MessageError) as error:
        raise _not_an_address(address) from error
    if not parsed.username or not parsed.domain or not address.isprintable():
        raise _not_an_address(address)
    if address.isascii():
        return parsed
    username, _, domain = address.rpartition("@")
    return Address(parsed.display_name, username=username, domain=domain)


def _not_an_address(address: str) -> PersonMustAct:
    return PersonMustAct(f"{address!r} is not an e-mail address", error_code="email_undeliverable")


def _header_text(value: str) -> str:
    """One line without control characters: a header cannot be added by a name or a title."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


_WITHIN, _BETWEEN = "=_alternative", "=_mixed"
"""Boundaries: ``=_`` stands in no part, as each is quoted-printable or base64 (RFC 2045 section 6.7)."""


class _Subject(UnstructuredHeader, BaseHeader):
    def fold(self, *, policy: Policy) -> str:
        if self.isascii():
            return super().fold(policy=policy)
        return f"Subject: {_encoded(str(self), 'Subject', policy)}{policy.linesep}"


class _Mailbox(AddressHeader, FoldedOnce):  # type: ignore[misc] # as Python itself mixes them
    def fold(self, *, policy: Policy) -> str:
        [address] = self.addresses
        if address.display_name.isascii() or getattr(policy, "utf8", False):
            return super().fold(policy=policy)
        name = _encoded(address.display_name, self.name, policy)
        return f"{self.name}: {name}{policy.linesep} <{address.addr_spec}>{policy.linesep}"


def _encoded(text: str, header: str, policy: Policy) -> str:
    """From end to end (RFC 2047): between plain and encoded words Python's own folding adds a blank, or drops one
    (python/cpython#144156)."""
    return Header(text, "utf-8", header_name=header).encode(linesep=policy.linesep)


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
