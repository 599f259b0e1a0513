"""Who is asking."""

from typing import Literal
from uuid import UUID

import msgspec


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """The user that a credential acts as. ``scopes`` None: everything that the user may. ``link``: a mailed one, which
    acts as a host of one appointment."""

    company_id: UUID
    user_id: UUID
    user_name: str
    email: str
    is_admin: bool
    override_by: Literal["hosts", "admins"]
    credential: Literal["personal", "platform", "jwt", "link"]
    scopes: tuple[str, ...] | None = None
    link_key: bytes
    timezone: str = "UTC"
    language: str = "en"

    @property
    def id(self) -> UUID:
        return self.user_id

    def __repr__(self) -> str:
        return f"Caller(company_id={self.company_id}, user_id={self.user_id})"


class AttendeeCaller(msgspec.Struct, frozen=True, kw_only=True):
    """The attendee behind a mailed link: reaches this one appointment, under the meeting type's policies."""

    company_id: UUID
    appointment_id: UUID
    attendee_id: UUID
    name: str

    @property
    def id(self) -> UUID:
        return self.attendee_id


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever opens a meeting type's page, without a credential; by booking they become ``attendee_id``."""

    company_id: UUID
    attendee_id: UUID | None = None
    name: str = ""


Mover = Caller | AttendeeCaller
