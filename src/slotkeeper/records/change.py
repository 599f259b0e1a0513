"""What happened to an appointment: one row of its history."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Kind = Literal[
    "requested", "booked", "confirmed", "declined", "expired", "rescheduled", "cancelled",
    "joined", "left", "guest_added", "handed_off", "proposed", "proposal_declined", "proposal_withdrawn",
]  # fmt: skip
"""``requested`` waits for somebody's word, which is ``confirmed``, ``declined`` or never given (``expired``).
``joined`` and ``left`` are attendees of a group; a proposal that is accepted is a ``rescheduled``."""
Notify = Literal["all", "none", "hosts", "attendees"]
ActorKind = Literal["attendee", "host", "admin", "api", "calendar", "system"]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who did it. ``id`` is the user's or the attendee's; ``name`` is what people read."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """``sequence`` is the appointment's SEQUENCE after the change; ``previous_*`` are null when it was booked."""

    appointment_id: UUID
    sequence: int
    kind: Kind
    at: datetime
    actor: Actor
    through: str
    start: datetime
    end: datetime
    previous_start: datetime | None = None
    previous_end: datetime | None = None
    reason: str | None = None
    overridden: tuple[str, ...] = ()
    notify: Notify = "all"
    attendee_id: UUID | None = None
    """Who joined, left, or brought the guest."""
    guest: str | None = None
    previous_host_ids: tuple[UUID, ...] = ()
    """Of a hand-off."""
    proposed_starts: tuple[datetime, ...] = ()
    proposal_id: UUID | None = None
    """Of a proposal, its answer, and the move that accepted it."""
