"""Other times for an appointment, offered or answered by its host (our own, beside the API)."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, WRITING, problems, success
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import AppointmentId, IdempotencyKey
from slotkeeper.api.v4.negotiate import accepted, ended, offered
from slotkeeper.api.v4.proposal_json import (
    AcceptBody,
    DeclineProposalBody,
    ProposalBody,
    ProposalId,
    ProposalJson,
    present,
    starts_of,
)
from slotkeeper.api.v4.requests import overrides
from slotkeeper.appointments.policy import require_may_see
from slotkeeper.appointments.proposals.answering import Answer
from slotkeeper.appointments.proposals.propose import Propose
from slotkeeper.appointments.proposals.talks import read_talks
from slotkeeper.appointments.proposals.turn_down import decline, withdraw
from slotkeeper.records.caller import Caller

_CHANGING = problems(*WRITING, 422)


@get("/", summary="Every proposal of an appointment", responses=problems(*READING))
async def list_proposals(
    appointment_id: AppointmentId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[ProposalJson]:
    """Of both sides, the newest first; no other can be open."""
    async with services.pool.connection() as connection:
        talks = await read_talks(connection, caller.company_id, appointment_id)
    require_may_see(caller, [host.id for host in talks.appointment.hosts])
    return [present(proposal, services.clock()) for proposal in talks.proposals]


@post("/", summary="Offer the attendee other times", responses={201: success(ProposalJson, "Offered"), **_CHANGING})
async def create_proposal(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    data: JSONBody[ProposalBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """One to five, each free now unless that is overridden; `conflicts` of a refusal name the start in `wanted`.

    The appointment stands where it is until the attendee accepts one. An open proposal, whosever it is, is replaced.
    """
    offer = Propose(
        appointment_id=appointment_id,
        starts=starts_of(data),
        message=data.message,
        overrides=overrides(data.ignore_availability, data.override),
    )
    return await offered(services, caller, request, idempotency_key, offer)


@post(
    "/{proposalId:str}/accept",
    status_code=200,
    summary="Accept a time that the attendee offers",
    responses={200: success(ProposalJson, "Accepted: the appointment has moved"), **_CHANGING},
)
async def accept_proposal(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    proposal_id: ProposalId,
    data: JSONBody[AcceptBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """An ordinary move, checked like any other; where the time is taken by now the proposal stays open."""
    answer = Answer(appointment_id=appointment_id, proposal_id=proposal_id)
    return await accepted(services, caller, request, idempotency_key, answer, data)


@post(
    "/{proposalId:str}/decline",
    status_code=200,
    summary="Decline the times that the attendee offers",
    responses={200: success(ProposalJson, "Declined"), **_CHANGING},
)
async def decline_proposal(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    proposal_id: ProposalId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[DeclineProposalBody | None] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """The appointment stands where it is; the attendee is told, with the reason."""
    reason = data.reason if data else None
    answer = Answer(appointment_id=appointment_id, proposal_id=proposal_id, reason=reason)
    return await ended(services, caller, request, idempotency_key, answer, decline)


@post(
    "/{proposalId:str}/withdraw",
    status_code=200,
    summary="Withdraw an offer to the attendee",
    responses={200: success(ProposalJson, "Withdrawn"), **_CHANGING},
)
async def withdraw_proposal(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    proposal_id: ProposalId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """The attendee is told that nothing changes."""
    answer = Answer(appointment_id=appointment_id, proposal_id=proposal_id)
    return await ended(services, caller, request, idempotency_key, answer, withdraw)


ROUTER = Router(
    "/v4/appointment/{id:str}/proposals",
    guards=[require_scope("scheduling")],
    tags=["Proposals"],
    route_handlers=[list_proposals, create_proposal, accept_proposal, decline_proposal, withdraw_proposal],
)
