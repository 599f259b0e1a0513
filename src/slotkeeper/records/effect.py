"""One consequence of a change, carried outward by one job and written down in the ledger."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

import msgspec

EffectKind = Literal["email", "reminder", "message", "calendar", "meeting_link", "crm", "webhook"]
EffectState = Literal["pending", "done", "retrying", "needs_person", "superseded"]

FENCED: frozenset[EffectKind] = frozenset({"calendar", "meeting_link", "crm", "reminder"})
"""Effects that make the outside agree with the present appointment, and its reminders: the same effect of a later
change takes their place. Messages and webhooks tell of one change each, so a later one never drops them."""

_NAMESPACE = UUID("5f0c8f2e-6f0b-5d7a-9f6e-0f3f5b1c7d10")


class PlannedEffect(msgspec.Struct, frozen=True, kw_only=True):
    """``target`` tells effects of one kind apart: an address, an endpoint's id, ``provider:connection:record``.

    ``detail`` is frozen with the plan, such as a webhook's exact body.
    """

    kind: EffectKind
    target: str
    detail: dict[str, object] = {}


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """``sequence`` is the appointment's SEQUENCE that the effect belongs to."""

    id: UUID
    company_id: UUID
    appointment_id: UUID
    sequence: int
    kind: EffectKind
    target: str
    detail: dict[str, object] = {}
    state: EffectState = "pending"
    attempts: int = 0
    last_error: str | None = None
    error_code: str | None = None
    next_attempt_at: datetime | None = None
    done_at: datetime | None = None


def effect_id(appointment_id: UUID, sequence: int, kind: str, target: str) -> UUID:
    """The same effect has the same id in every attempt and after every crash; outside ids derive from it."""
    return uuid5(_NAMESPACE, f"{appointment_id}/{sequence}/{kind}/{target}")
