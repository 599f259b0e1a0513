"""A proposal as both sides see it, and what they send."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import PathParameter

from slotkeeper.api.bodies import Instant, Reason, instant
from slotkeeper.api.v4.requests import OverrideBody
from slotkeeper.appointments.proposals.proposal import Proposal, Side, State
from slotkeeper.appointments.proposals.propose import MOST_STARTS
from slotkeeper.records.change import Actor

ProposalId = Annotated[UUID, PathParameter(name="proposalId")]
Starts = Annotated[Sequence[Instant], msgspec.Meta(min_length=1, max_length=MOST_STARTS)]


class ProposalJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``side``: whose it is. ``endedBy`` null: it is open, or its time is over. ``reason``: why it was declined."""

    id: UUID
    appointment_id: UUID
    state: State
    side: Side
    starts: Sequence[datetime]
    message: str | None
    made_at: datetime
    made_by: Actor
    accepted_start: datetime | None
    ended_at: datetime | None
    ended_by: Actor | None
    reason: str | None


class OfferBody(msgspec.Struct, frozen=True, kw_only=True):
    """``message`` is told with the times."""

    starts: Starts
    message: Reason | None = None


class ProposalBody(OfferBody, frozen=True, kw_only=True, rename="camel"):
    """What a host sets aside stays set aside when the attendee accepts; a time that was free must still be free."""

    ignore_availability: bool | None = False
    override: OverrideBody | None = None


class AcceptBody(msgspec.Struct, frozen=True, kw_only=True):
    """``start``: one of the proposal's."""

    start: Instant


class DeclineProposalBody(msgspec.Struct, frozen=True, kw_only=True):
    reason: Reason | None = None


def starts_of(body: OfferBody) -> tuple[datetime, ...]:
    return tuple(instant(f"starts[{position}]", start) for position, start in enumerate(body.starts))


def present(proposal: Proposal, now: datetime) -> ProposalJson:
    state, ended = proposal.state(now), proposal.ended
    return ProposalJson(
        id=proposal.id,
        appointment_id=proposal.made.appointment_id,
        state=state,
        side=proposal.side,
        starts=proposal.starts,
        message=proposal.made.reason,
        made_at=proposal.made.at,
        made_by=proposal.made.actor,
        accepted_start=ended.start if ended and state == "accepted" else None,
        ended_at=ended.at if ended else proposal.lapses_at if state == "lapsed" else None,
        ended_by=ended.actor if ended else None,
        reason=ended.reason if ended and state == "declined" else None,
    )
