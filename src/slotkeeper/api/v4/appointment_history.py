"""What happened to an appointment, and taking its last move back. Our own, beside the API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Reason
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, READING, problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.preconditions import check_if_match, etag_of
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import AppointmentId, IdempotencyKey, IfMatch, RescheduledJson, moved
from slotkeeper.appointments.history import history_of
from slotkeeper.appointments.policy import require_may_see
from slotkeeper.appointments.undo import undo
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Actor, Change, Kind, Notify


class ChangeJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``sequence`` is iCalendar's SEQUENCE after the change; members that a kind has no use for are null or empty."""

    sequence: int
    kind: Kind
    at: datetime
    actor: Actor
    through: str
    reason: str | None
    start: datetime
    end: datetime
    previous_start: datetime | None
    previous_end: datetime | None
    overridden: Sequence[str]
    notify: Notify
    attendee_id: UUID | None
    guest: str | None
    previous_host_ids: Sequence[UUID]
    proposed_starts: Sequence[datetime]
    proposal_id: UUID | None


class HistoryJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Oldest first."""

    changes: Sequence[ChangeJson]


class UndoBody(msgspec.Struct, frozen=True, kw_only=True):
    reason: Reason | None = None


@get("/history", summary="Every change of an appointment", responses=problems(*READING))
async def get_history(
    appointment_id: AppointmentId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> HistoryJson:
    """From, to, who, through what, why, and what was overridden."""
    async with services.pool.connection() as connection:
        history = await history_of(connection, caller.company_id, appointment_id)
    require_may_see(caller, history.host_ids)
    return HistoryJson(changes=[_present(change) for change in history.changes])


@post(
    "/reschedule/undo",
    operation_id="undoRescheduleV4",
    status_code=200,
    summary="Take the last move back",
    responses={200: success(RescheduledJson, "Moved back"), **problems(*CHANGING_AN_APPOINTMENT)},
)
async def undo_reschedule(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[UndoBody | None] = None,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """Within 24 hours, as an ordinary move: checked, and everyone is told. 409 where nothing was moved."""

    async def attempt(connection: Connection, locked: bool) -> Answer:
        decision = await undo(
            connection,
            caller,
            appointment_id,
            services.clock(),
            locked=locked,
            reason=data.reason if data else None,
            precondition=lambda version: check_if_match(if_match, etag_of(version)),
        )
        return moved(decision, caller)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


def _present(change: Change) -> ChangeJson:
    return ChangeJson(**{name: getattr(change, name) for name in ChangeJson.__struct_fields__})


ROUTER = Router(
    "/v4/appointment/{id:str}",
    guards=[require_scope("scheduling")],
    tags=["Appointment V4"],
    route_handlers=[get_history, undo_reschedule],
)
