"""What was offered, and what became of it. Pure.

A proposal is a change of the history, and a later change ends it: its answer, a new proposal, or whatever takes the
appointment elsewhere. So at most one is open, and none needs to be closed by hand (docs/decisions/0094).
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.records.caller import AttendeeCaller, Mover
from slotkeeper.records.change import Change, Kind

State = Literal["open", "accepted", "declined", "withdrawn", "replaced", "lapsed"]
Side = Literal["host", "attendee"]

ENDS: tuple[Kind, ...] = (
    "proposed", "proposal_declined", "proposal_withdrawn", "rescheduled", "handed_off", "cancelled", "declined",
    "expired",
)  # fmt: skip
"""The kinds of change that end a proposal made before them."""
_BY_ANSWER: dict[Kind, State] = {
    "rescheduled": "accepted",
    "proposal_declined": "declined",
    "proposal_withdrawn": "withdrawn",
}


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """``made`` and ``ended`` are the changes that it began and ended with."""

    id: UUID
    made: Change
    ended: Change | None = None
    overrides: frozenset[str] = frozenset()
    """What its host set aside: categories of ``verdict.OVERRIDES``."""
    occupied: frozenset[datetime] = frozenset()
    """Those starts that were taken already."""

    @property
    def side(self) -> Side:
        """Whose it is."""
        return "attendee" if self.made.actor.kind == "attendee" else "host"

    @property
    def starts(self) -> tuple[datetime, ...]:
        return self.made.proposed_starts

    @property
    def lapses_at(self) -> datetime:
        """When its last start has come, or the appointment that was to be moved is over."""
        return min(max(self.starts), self.made.end)

    def state(self, now: datetime) -> State:
        if self.ended is None:
            return "open" if now < self.lapses_at else "lapsed"
        if self.ended.proposal_id == self.id:
            return _BY_ANSWER[self.ended.kind]
        return "replaced" if self.ended.kind == "proposed" else "lapsed"

    def set_aside(self, start: datetime) -> frozenset[str]:
        """For a move to ``start``: a time that was free when it was offered must still be free."""
        return self.overrides if start in self.occupied else self.overrides - {"conflicts"}


def side_of(mover: Mover) -> Side:
    return "attendee" if isinstance(mover, AttendeeCaller) else "host"


def other(side: Side) -> Side:
    return "host" if side == "attendee" else "attendee"
