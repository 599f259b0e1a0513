"""Appointments: see, move, cancel (the tag «Appointment V4»)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import instant
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, READING, problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.preconditions import check_if_match, etag_of
from slotkeeper.api.response_headers import ETAG
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointment_json import AppointmentJson, present
from slotkeeper.api.v4.dry_run import DryRunJson, dry_run
from slotkeeper.api.v4.requests import CancelBody, RescheduleBody, overrides
from slotkeeper.appointments.cancel import Cancel, cancel
from slotkeeper.appointments.policy import require_may_see
from slotkeeper.appointments.reschedule import Decision, Reschedule, reschedule
from slotkeeper.appointments.series import cancel_series
from slotkeeper.appointments.stored import Stored, get_stored
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Caller

AppointmentId = Annotated[UUID, PathParameter(name="id")]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description="The ETag that the appointment must have")]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="A repetition gets the first answer again")
]
DryRun = Annotated[bool, QueryParameter(name="dryRun", description="Evaluate every rule and write nothing")]
_TAGS = ["Appointment V4"]


class RescheduledJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    appointment: AppointmentJson
    previous_start: datetime
    dry_run: Literal[False] | UnsetType = UNSET
    """Never sent; tells this answer from that of a dry run, which has these members too."""


def shown(stored: Stored, caller: Caller) -> Answer:
    """The appointment, with its ETag."""
    return Answer.json(present(stored, caller.link_key), headers={"etag": etag_of(stored.appointment.version)})


def moved(decision: Decision, caller: Caller) -> Answer:
    """The answer of a move, with the ETag."""
    appointment = present(decision.stored, caller.link_key)
    content = RescheduledJson(appointment=appointment, previous_start=decision.previous_start)
    return Answer.json(content, headers={"etag": etag_of(decision.stored.appointment.version)})


@get(
    "/{id:str}",
    tags=_TAGS,
    summary="Get an appointment",
    response_headers=[ETAG],
    responses=problems(*READING),
)
async def get_appointment(
    appointment_id: AppointmentId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> Response[AppointmentJson]:
    async with services.pool.connection() as connection:
        stored = await get_stored(connection, caller.company_id, appointment_id)
    require_may_see(caller, [host.id for host in stored.appointment.hosts])
    return Response(present(stored, caller.link_key), headers={"ETag": etag_of(stored.appointment.version)})


@post(
    "/{id:str}/reschedule",
    status_code=200,
    tags=_TAGS,
    summary="Reschedule an appointment",
    responses={
        200: success(RescheduledJson | DryRunJson, "Moved; with `dryRun`, what would happen"),
        **problems(*CHANGING_AN_APPOINTMENT),
    },
)
async def reschedule_appointment(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    data: JSONBody[RescheduleBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
    dry: DryRun = False,
) -> Response[Any]:
    """Moves an appointment to a new time; the duration remains unchanged. Availability is checked unless
    `ignoreAvailability` is true. Everyone is told, calendars and CRMs follow, and `booking_rescheduled` is fired.
    """
    wanted = Reschedule(
        appointment_id=appointment_id,
        start=instant("start", data.start),
        overrides=overrides(data.ignore_availability, data.override),
        reason=data.reason,
        notify=data.notify,
        hold_id=data.hold_id,
        precondition=lambda version: check_if_match(if_match, etag_of(version)),
    )
    if dry:
        async with services.pool.connection() as connection:
            return Response(await dry_run(connection, caller, wanted, services.clock()))

    async def attempt(connection: Connection, locked: bool) -> Answer:
        return moved(await reschedule(connection, caller, wanted, services.clock(), locked=locked), caller)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


@post(
    "/{id:str}/cancel",
    status_code=200,
    tags=_TAGS,
    summary="Cancel an appointment",
    responses={200: success(AppointmentJson, "Cancelled"), **problems(*CHANGING_AN_APPOINTMENT)},
)
async def cancel_appointment(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[CancelBody | None] = None,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """Cancels an appointment. Of a group one attendee leaves (`attendeeId`), or all do (`cancelAll: true`);
    `cancelEntireSeries: true` cancels the occurrences after it too.

    Everyone concerned is told, and `booking_cancelled` is fired.
    """
    asked = data or CancelBody()
    wanted = Cancel(
        appointment_id=appointment_id,
        attendee_id=asked.attendee_id,
        reason=asked.reason,
        cancel_all=bool(asked.cancel_all),
        notify=asked.notify,
        precondition=lambda version: check_if_match(if_match, etag_of(version)),
    )

    async def attempt(connection: Connection, _locked: bool) -> Answer:
        carry_out = cancel_series if asked.cancel_entire_series else cancel
        return shown(await carry_out(connection, caller, wanted, services.clock()), caller)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


ROUTER = Router(
    "/v4/appointment",
    guards=[require_scope("scheduling")],
    route_handlers=[get_appointment, reschedule_appointment, cancel_appointment],
)
