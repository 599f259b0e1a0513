"""Move, cancel and confirm one's appointment by the secret of a mailed link, without a token."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from slotkeeper.api.answer import Answer
from slotkeeper.api.bodies import Instant, Reason, instant
from slotkeeper.api.openapi import problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.preconditions import check_if_match, etag_of
from slotkeeper.api.public.attendee_dry_run import AttendeeDryRunJson, dry_run
from slotkeeper.api.public.secret import BY_SECRET, Attendee
from slotkeeper.api.public.seen_json import SeenAppointmentJson, present
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import DryRun, IdempotencyKey, IfMatch
from slotkeeper.appointments.by_secret import THROUGH, SeenByAttendee, seen_by
from slotkeeper.appointments.cancel import Cancel, cancel
from slotkeeper.appointments.opt_in import opt_in
from slotkeeper.appointments.reschedule import Reschedule, reschedule
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection

_CHANGING = (*BY_SECRET, 409, 412, 413, 415, 422)


class AttendeeRescheduleBody(msgspec.Struct, frozen=True, kw_only=True):
    """``reason`` reaches the participants; the meeting type may ask for one."""

    start: Instant
    reason: Reason | None = None


class AttendeeCancelBody(msgspec.Struct, frozen=True, kw_only=True):
    reason: Reason | None = None


class AttendeeRescheduledJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    appointment: SeenAppointmentJson
    previous_start: datetime
    dry_run: Literal[False] | UnsetType = UNSET
    """Never sent; tells this answer from that of a dry run."""


@post(
    "/reschedule",
    status_code=200,
    summary="Move one's appointment",
    responses={
        200: success(AttendeeRescheduledJson | AttendeeDryRunJson, "Moved; with `dryRun`, what would happen"),
        **problems(*_CHANGING),
    },
)
async def reschedule_by_secret(
    request: Request[Any, Any, Any],
    data: JSONBody[AttendeeRescheduleBody],
    attendee: Attendee,
    services: NamedDependency[Services],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
    dry: DryRun = False,
) -> Response[Any]:
    """To a free time, under the meeting type's policy. Everyone is told, as of any move."""
    wanted = Reschedule(
        appointment_id=attendee.appointment_id,
        start=instant("start", data.start),
        reason=data.reason,
        through=THROUGH,
        precondition=lambda version: check_if_match(if_match, etag_of(version)),
    )
    if dry:
        async with services.pool.connection() as connection:
            return Response(await dry_run(connection, attendee, wanted, services.clock()))

    async def attempt(connection: Connection, locked: bool) -> Answer:
        decision = await reschedule(connection, attendee, wanted, services.clock(), locked=locked)
        seen = await seen_by(connection, attendee)
        return _answer(
            seen,
            AttendeeRescheduledJson(
                appointment=present(seen, services.clock()), previous_start=decision.previous_start
            ),
        )

    return (await perform(services, attendee, request, idempotency_key, attempt)).response()


@post(
    "/cancel",
    status_code=200,
    summary="Cancel one's appointment",
    responses={200: success(SeenAppointmentJson, "Cancelled"), **problems(*_CHANGING)},
)
async def cancel_by_secret(
    request: Request[Any, Any, Any],
    attendee: Attendee,
    services: NamedDependency[Services],
    data: JSONBody[AttendeeCancelBody | None] = None,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """Under the meeting type's policy. Of a group only this attendee leaves; then the secret leads nowhere."""
    wanted = Cancel(
        appointment_id=attendee.appointment_id,
        reason=data.reason if data else None,
        through=THROUGH,
        precondition=lambda version: check_if_match(if_match, etag_of(version)),
    )

    async def attempt(connection: Connection, _locked: bool) -> Answer:
        before = await seen_by(connection, attendee)
        seen = before.without_me(await cancel(connection, attendee, wanted, services.clock()), wanted.reason)
        return _answer(seen, present(seen, services.clock()))

    return (await perform(services, attendee, request, idempotency_key, attempt)).response()


@post(
    "/confirm",
    status_code=200,
    summary="Confirm one's booking (double opt-in)",
    responses={200: success(SeenAppointmentJson, "Confirmed"), **problems(*BY_SECRET, 409)},
)
async def confirm_by_secret(
    attendee: Attendee,
    services: NamedDependency[Services],
) -> Response[Any]:
    """Where the booking waits for the attendee's word."""

    async def attempt(connection: Connection, _locked: bool) -> SeenByAttendee:
        await opt_in(connection, attendee, services.clock(), through=THROUGH)
        return await seen_by(connection, attendee)

    seen = await in_attempts(services.pool, attempt)
    return _answer(seen, present(seen, services.clock())).response()


def _answer(seen: SeenByAttendee, content: msgspec.Struct) -> Answer:
    return Answer.json(content, headers={"etag": etag_of(seen.appointment.version)})
