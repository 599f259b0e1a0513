"""Hand an appointment to another host (the tag «Handoff V4»)."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Reason
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointment_json import AppointmentJson
from slotkeeper.api.v4.appointments import IdempotencyKey, shown
from slotkeeper.api.v4.requests import overrides
from slotkeeper.appointments.hand_off import hand_off
from slotkeeper.appointments.who_takes_over import HandOff
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller


class HandOffBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``fromUserId``, ``ignoreAvailability`` and ``reason`` are our own."""

    appointment_id: UUID
    user_id: UUID | None = None
    queue_id: UUID | None = None
    queue_group_id: UUID | None = None
    from_user_id: UUID | None = None
    ignore_availability: bool | None = False
    reason: Reason | None = None


@post(
    "/appointment",
    status_code=200,
    summary="Hand an appointment to another host",
    responses={200: success(AppointmentJson, "Handed over"), **problems(*CHANGING_AN_APPOINTMENT)},
)
async def hand_off_appointment(
    request: Request[Any, Any, Any],
    data: JSONBody[HandOffBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """To a user, to whose turn it is in a queue, or to one of a queue's groups: they must be free at its time.

    The old host's calendar entry goes, the new host's comes.
    """
    if data.user_id is None and data.queue_id is None and data.queue_group_id is None:
        raise Malformed.field("userId", "is required unless queueId or queueGroupId is given")
    if data.user_id is not None and data.queue_group_id is not None:
        raise Malformed.field("queueGroupId", "must not be given together with userId")
    wanted = HandOff(
        appointment_id=data.appointment_id,
        to_id=data.user_id,
        queue_id=data.queue_id,
        group_id=data.queue_group_id,
        from_id=data.from_user_id,
        overrides=overrides(data.ignore_availability),
        reason=data.reason,
    )

    async def attempt(connection: Connection, locked: bool) -> Answer:
        return shown(await hand_off(connection, caller, wanted, services.clock(), locked=locked), caller)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


ROUTER = Router(
    "/v4/handoff",
    guards=[require_scope("scheduling")],
    tags=["Handoff V4"],
    route_handlers=[hand_off_appointment],
)
