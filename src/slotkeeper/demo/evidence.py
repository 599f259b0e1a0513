"""What was seen of one move: by the API's caller, by the mail server and by the webhook receiver, each on its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Someone who must be told, with the zone and the language that the message must use."""

    address: str
    role: str
    timezone: str
    language: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as the SMTP server got it. ``recipient`` is the envelope's; ``method`` the MIME type's parameter."""

    recipient: str
    subject: str
    text: str
    method: str | None
    ics: str | None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as its receiver got it; header names are lower-case."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def payload(self) -> Mapping[str, Any]:
        payload: Mapping[str, Any] = msgspec.json.decode(self.body)
        return payload


class PlannedReminder(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    due_at: datetime


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """``before`` is the appointment as booked, ``answer`` the whole answer to the move to ``moved_to``.

    ``messages`` and ``deliveries`` are those of the move; so are ``effects``, the ledger's lines as the API shows them.
    """

    people: Sequence[Person]
    moved_to: datetime
    before: Mapping[str, Any]
    answer: Mapping[str, Any]
    messages: Sequence[Message]
    deliveries: Sequence[Delivery]
    webhook_secret: str
    reminders_before: Sequence[PlannedReminder]
    reminders_after: Sequence[PlannedReminder]
    effects: Sequence[Mapping[str, Any]]
