"""Other times for an appointment, offered or answered by its attendee, whom the secret of a mailed link lets in."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.at_most import at_most
from slotkeeper.api.openapi import problems, success
from slotkeeper.api.public.secret import BY_SECRET, Attendee, router_by_secret
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import IdempotencyKey
from slotkeeper.api.v4.negotiate import accepted, ended, offered
from slotkeeper.api.v4.proposal_json import (
    AcceptBody,
    DeclineProposalBody,
    OfferBody,
    ProposalId,
    ProposalJson,
    present,
    starts_of,
)
from slotkeeper.appointments.by_secret import THROUGH
from slotkeeper.appointments.proposals.answering import Answer
from slotkeeper.appointments.proposals.propose import Propose
from slotkeeper.appointments.proposals.talks import read_talks
from slotkeeper.appointments.proposals.turn_down import decline, withdraw
from slotkeeper.records.caller import AttendeeCaller

_CHANGING = problems(*BY_SECRET, 409, 413, 415, 422)


@get("/", summary="Every proposal of an appointment, for its attendee", responses=problems(*BY_SECRET))
async def list_offers(attendee: Attendee, services: NamedDependency[Services]) -> list[ProposalJson]:
    """Of both sides, the newest first; no other can be open."""
    async with services.pool.connection() as connection:
        talks = await read_talks(connection, attendee.company_id, attendee.appointment_id)
    return [present(proposal, services.clock()) for proposal in talks.proposals]


@post(
    "/",
    summary="Offer the host other times",
    guards=[at_most(20, per=timedelta(minutes=10))],
    responses={201: success(ProposalJson, "Offered"), **_CHANGING},
)
async def create_offer(
    request: Request[Any, Any, Any],
    data: JSONBody[OfferBody],
    attendee: Attendee,
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """One to five, each free now; `conflicts` of a refusal name the start in `wanted`. No policy of the meeting type
    stands against asking: nothing changes until a host accepts one. An open proposal, whosever it is, is replaced.

    Twenty in ten minutes from each attendee.
    """
    offer = Propose(
        appointment_id=attendee.appointment_id, starts=starts_of(data), message=data.message, through=THROUGH
    )
    return await offered(services, attendee, request, idempotency_key, offer)


@post(
    "/{proposalId:str}/accept",
    status_code=200,
    summary="Accept a time that the host offers",
    responses={200: success(ProposalJson, "Accepted: the appointment has moved"), **_CHANGING},
)
async def accept_offer(
    request: Request[Any, Any, Any],
    proposal_id: ProposalId,
    data: JSONBody[AcceptBody],
    attendee: Attendee,
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """A move, checked like any other but for the meeting type's policy: the host has agreed to it. Where the time is
    taken by now the proposal stays open.
    """
    return await accepted(services, attendee, request, idempotency_key, _answer(attendee, proposal_id), data)


@post(
    "/{proposalId:str}/decline",
    status_code=200,
    summary="Decline the times that the host offers",
    responses={200: success(ProposalJson, "Declined"), **_CHANGING},
)
async def decline_offer(
    request: Request[Any, Any, Any],
    proposal_id: ProposalId,
    attendee: Attendee,
    services: NamedDependency[Services],
    data: JSONBody[DeclineProposalBody | None] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """The appointment stands where it is; its hosts are told, with the reason."""
    answer = _answer(attendee, proposal_id, data.reason if data else None)
    return await ended(services, attendee, request, idempotency_key, answer, decline)


@post(
    "/{proposalId:str}/withdraw",
    status_code=200,
    summary="Withdraw an offer to the host",
    responses={200: success(ProposalJson, "Withdrawn"), **_CHANGING},
)
async def withdraw_offer(
    request: Request[Any, Any, Any],
    proposal_id: ProposalId,
    attendee: Attendee,
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """The hosts are told that nothing changes."""
    return await ended(services, attendee, request, idempotency_key, _answer(attendee, proposal_id), withdraw)


def _answer(attendee: AttendeeCaller, proposal_id: ProposalId, reason: str | None = None) -> Answer:
    return Answer(appointment_id=attendee.appointment_id, proposal_id=proposal_id, reason=reason, through=THROUGH)


ROUTER = router_by_secret(
    "/proposals", [list_offers, create_offer, accept_offer, decline_offer, withdraw_offer], "Proposals"
)
