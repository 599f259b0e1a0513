"""Hosts (users of the company) and attendees (those who booked)."""

from datetime import datetime
from uuid import UUID

import msgspec


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A user who holds appointments; ``timezone`` and ``language`` are those that mails to them use."""

    id: UUID
    email: str
    given_name: str
    family_name: str
    slug: str
    timezone: str
    language: str
    picture: str | None = None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Attendee(msgspec.Struct, frozen=True, kw_only=True):
    """One who booked; ``bringalong_emails`` are guests they bring, who get the same messages."""

    id: UUID
    email: str | None
    fullname: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    phone: str | None = None
    bringalong_emails: tuple[str, ...] = ()
    notes: dict[str, object] = {}
    receive_reminders: bool = True
    language: str = "en"
    timezone: str = "UTC"
    no_show: bool = False
    data_policy_accepted: bool = False
    double_opt_in: str = "notRequired"
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None

    @property
    def display_name(self) -> str:
        joined = f"{self.firstname or ''} {self.lastname or ''}".strip()
        return self.fullname or joined or (self.email or self.phone or "").partition("@")[0]


class UserSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A user as queues, groups and lists of hosts show one (meetergo-v4-api.md 4.4)."""

    id: UUID
    given_name: str
    family_name: str
    slug: str
    user_type: str
    picture: str | None
