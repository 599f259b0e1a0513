"""An account at an outside provider, and the objects that we made there."""

from typing import Literal
from uuid import UUID

import msgspec

ProviderKind = Literal["calendar", "crm", "meeting_link"]


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """``user_id`` is null for a connection of the whole company; ``credentials`` are decrypted and never logged."""

    id: UUID
    company_id: UUID
    provider: str
    kind: ProviderKind
    user_id: UUID | None = None
    settings: dict[str, object] = {}
    credentials: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Connection(id={self.id}, provider={self.provider!r})"


class ExternalRef(msgspec.Struct, frozen=True, kw_only=True):
    """One object that we made outside (an event, a contact, a meeting), so that a change finds it again.

    ``container`` is what holds it (a calendar's id or address); ``etag`` is what the provider last called its version.
    """

    record: str
    external_id: str
    container: str | None = None
    etag: str | None = None


class AppointmentRef(msgspec.Struct, frozen=True, kw_only=True):
    """An outside object of an appointment and where it lives, as answers show it."""

    provider: str
    connection_id: UUID | None = None
    user_id: UUID | None = None
    record: str
    external_id: str
    container: str | None = None
