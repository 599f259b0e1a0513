"""Hold a time for some minutes; `holdId` in a booking or a move takes it. Our own, beside the API."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, delete, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Instant, instant
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, READING, problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import IdempotencyKey
from slotkeeper.appointments.holds import HoldRequest, hold, release
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Caller
from slotkeeper.records.meeting_info import Channel


class HoldBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``minutes``: how long to hold, 10 unless told, 60 at most. The rest as in a booking."""

    meeting_type_id: UUID
    start: Instant
    host_ids: Annotated[Sequence[UUID], msgspec.Meta(max_length=20)] | None = None
    queue_id: UUID | None = None
    duration: int | None = None
    channel: Channel | None = None
    minutes: Annotated[int, msgspec.Meta(ge=1, le=60)] = 10


class HoldJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    hold_id: UUID
    start: datetime
    end: datetime
    host_ids: Sequence[UUID]
    expires_at: datetime


@post(
    "/",
    status_code=201,
    summary="Hold a time",
    responses={201: success(HoldJson, "Held"), **problems(*CHANGING_AN_APPOINTMENT)},
)
async def hold_time(
    request: Request[Any, Any, Any],
    data: JSONBody[HoldBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """For everybody else the time is taken until the hold expires, is released, or is used with `holdId`."""
    wanted = HoldRequest(
        meeting_type_id=data.meeting_type_id,
        start=instant("start", data.start),
        host_ids=tuple(dict.fromkeys(data.host_ids or ())),
        queue_id=data.queue_id,
        duration=data.duration,
        channel=data.channel,
        lasting=timedelta(minutes=data.minutes),
    )

    async def attempt(connection: Connection, locked: bool) -> Answer:
        held = await hold(connection, caller.company_id, wanted, services.clock(), locked=locked)
        shown = HoldJson(
            hold_id=held.id, start=held.start, end=held.end, host_ids=held.host_ids, expires_at=held.expires_at
        )
        return Answer.json(shown, status=201)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


@delete("/{id:str}", summary="Release a held time", responses=problems(*READING))
async def release_hold(
    hold_id: Annotated[UUID, PathParameter(name="id")],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
) -> None:
    async with services.pool.connection() as connection:
        await release(connection, caller.company_id, hold_id)


ROUTER = Router(
    "/v4/hold", guards=[require_scope("scheduling")], tags=["Holds"], route_handlers=[hold_time, release_hold]
)
