"""Move many appointments at once. Our own, beside the API."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Instant, Reason, instant
from slotkeeper.api.openapi import READING, WRITING, problems, success
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import DryRun
from slotkeeper.api.v4.requests import OverrideBody, overrides
from slotkeeper.appointments.bulk import MOST, BulkMove, Shift
from slotkeeper.appointments.move_outcome import Outcome
from slotkeeper.appointments.reschedule_bulk import get_job, plan, run, start_job
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Notify

AT_ONCE = 25
"""More than these become a job."""


class BulkBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Which: ``appointmentIds``, or ``hostId`` with ``date`` (that host's day), or ``seriesId`` (all still ahead).

    Where to: ``shiftDays`` on the host's calendar and ``shiftMinutes``; with ``nearest`` the free time nearest to that.
    """

    appointment_ids: Annotated[Sequence[UUID], msgspec.Meta(max_length=MOST)] | None = None
    host_id: UUID | None = None
    day: date | None = msgspec.field(default=None, name="date")
    series_id: UUID | None = None
    shift_days: Annotated[int, msgspec.Meta(ge=-366, le=366)] = 0
    shift_minutes: Annotated[int, msgspec.Meta(ge=-527_040, le=527_040)] = 0
    nearest: bool = False
    not_before: Instant | None = None
    mode: Literal["allOrNothing", "bestEffort"] = "allOrNothing"
    ignore_availability: bool | None = False
    override: OverrideBody | None = None
    reason: Reason | None = None
    notify: Notify = "all"


class BulkJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``state`` waiting: a job; ask again at `/v4/appointment/reschedule-bulk/{jobId}`."""

    job_id: UUID | None
    state: Literal["waiting", "done"]
    dry_run: bool
    total: int
    moved: int
    refused: int
    results: Sequence[Outcome]
    created_at: datetime | None = None
    finished_at: datetime | None = None


@post(
    "/",
    status_code=200,
    summary="Move many appointments",
    responses={
        200: success(BulkJson, "One result per appointment"),
        202: success(BulkJson, "More than 25: a job does it"),
        **problems(*WRITING),
    },
)
async def reschedule_bulk(
    request: Request[Any, Any, Any],
    data: JSONBody[BulkBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    dry: DryRun = False,
) -> Response[Any]:
    """A host's day, a list or a series; by a shift or to the nearest free times; all or nothing, or best effort."""
    bulk = _bulk(data)
    now = services.clock()
    moves = await plan(services.pool, caller, bulk, now)
    if len(moves) > AT_ONCE and not dry:
        job_id = await start_job(services.pool, caller, bulk, moves, now)
        waiting = _present((), len(moves), job_id=job_id, state="waiting")
        return Answer.json(waiting, status=202, headers={"location": f"{request.url.path}/{job_id}"}).response()
    outcomes = await run(services.pool, caller, bulk, moves, now, dry_run=dry)
    return Answer.json(_present(outcomes, len(moves), dry_run=dry)).response()


@get("/{jobId:str}", summary="How far a move of many is", responses=problems(*READING))
async def get_bulk_job(
    job_id: Annotated[UUID, PathParameter(name="jobId")],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
) -> BulkJson:
    async with services.pool.connection() as connection:
        job = await get_job(connection, caller.company_id, job_id)
    if not caller.is_admin and job.caller.user_id != caller.user_id:
        raise NotFound(f"job {job_id} not found")
    shown = _present(job.results, len(job.moves), job_id=job.id, state=job.state)
    return msgspec.structs.replace(shown, created_at=job.created_at, finished_at=job.finished_at)


def _bulk(data: BulkBody) -> BulkMove:
    ways = (data.appointment_ids is not None, data.host_id is not None, data.series_id is not None)
    if sum(ways) != 1:
        raise Malformed.field("appointmentIds", "name either appointmentIds, or hostId and date, or seriesId")
    if (data.host_id is None) != (data.day is None):
        raise Malformed.field("date", "goes with hostId")
    return BulkMove(
        appointment_ids=tuple(dict.fromkeys(data.appointment_ids or ())),
        host_id=data.host_id,
        day=data.day,
        series_id=data.series_id,
        shift=Shift(days=data.shift_days, by=timedelta(minutes=data.shift_minutes)),
        nearest=data.nearest,
        not_before=data.not_before and instant("notBefore", data.not_before),
        mode=data.mode,
        overrides=overrides(data.ignore_availability, data.override),
        reason=data.reason,
        notify=data.notify,
    )


def _present(
    outcomes: Sequence[Outcome],
    total: int,
    *,
    dry_run: bool = False,
    job_id: UUID | None = None,
    state: Literal["waiting", "done"] = "done",
) -> BulkJson:
    return BulkJson(
        job_id=job_id,
        state=state,
        dry_run=dry_run,
        total=total,
        moved=sum(outcome.status == "moved" for outcome in outcomes),
        refused=sum(outcome.status == "refused" for outcome in outcomes),
        results=outcomes,
    )


ROUTER = Router(
    "/v4/appointment/reschedule-bulk",
    guards=[require_scope("scheduling")],
    tags=["Appointment V4"],
    route_handlers=[reschedule_bulk, get_bulk_job],
)
