"""The pages where an attendee moves an appointment: pick a day and a time, look at old and new, send."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from litestar import MediaType, Request, Response, get, post
from litestar.params import QueryParameter

from slotkeeper.appointments.attendee_slots import free_times
from slotkeeper.appointments.by_secret import THROUGH, SeenByAttendee
from slotkeeper.appointments.reschedule import Decision, Reschedule, reschedule
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, NotFree
from slotkeeper.web.attendee_view import (
    Now,
    Pool,
    SealedBy,
    Secret,
    back_to_appointment,
    form_page,
    locale_for,
    reason_in,
    seen_in,
    when_for,
    zone_for,
)
from slotkeeper.web.form import instant_in, typed_into
from slotkeeper.web.page import see_other
from slotkeeper.web.pick_time import Month, choices, month_asked, pick_time

Typed = Annotated[str | None, QueryParameter(max_length=40)]


@get("/{secret:str}/move", media_type=MediaType.HTML, include_in_schema=False)
async def move_page(
    secret: Secret, pool: Pool, vault: SealedBy, now: Now, month: Typed = None, day: Typed = None, start: Typed = None
) -> Response[str]:
    """The days and times; with ``start``, the review of that one. Where it may not be moved, its own page says why."""
    seen = await seen_in(pool, vault, secret)
    if seen.why_not_move(now):
        return back_to_appointment(secret)
    if chosen := instant_in(start):
        return _review(seen, secret, chosen)
    shown = month_asked(month, day, zone_for(seen), seen.appointment.start)
    async with pool.connection() as connection:
        shown, starts, earliest = await _free_in(connection, seen, shown, now)
    picker = pick_time(shown, starts, earliest, locale_for(seen), now)
    return form_page("move.html", seen, secret, picker=picker)


@post("/{secret:str}/move", status_code=200, media_type=MediaType.HTML, include_in_schema=False)
async def move_submitted(
    request: Request[Any, Any, Any], secret: Secret, pool: Pool, vault: SealedBy, now: Now
) -> Response[str]:
    seen = await seen_in(pool, vault, secret)
    typed = await typed_into(request)
    start = instant_in(typed.get("start"))
    if start is None:
        return see_other("move")
    wanted = Reschedule(appointment_id=seen.appointment.id, start=start, reason=reason_in(typed), through=THROUGH)

    async def attempt(connection: Connection, locked: bool) -> Decision:
        return await reschedule(connection, seen.caller, wanted, now, locked=locked)

    try:
        await in_attempts(pool, attempt)
    except NotFree as taken:
        return _taken(seen, secret, start, taken.suggestions)
    except Conflict as refused:
        if refused.code in ("reason-required", "busy"):
            return _review(seen, secret, start, refused=refused)
    return back_to_appointment(secret)


async def _free_in(
    connection: Connection, seen: SeenByAttendee, month: Month, now: datetime
) -> tuple[Month, list[int], int | None]:
    """In the month that was chosen; where none was, and the appointment's has nothing, in the next that has."""
    found = await free_times(connection, seen, month.start, month.end, now)
    if not found.starts and not month.asked and found.earliest is not None:
        month = month.with_start(found.earliest)
        found = await free_times(connection, seen, month.start, month.end, now)
    present = int(seen.appointment.start.timestamp())
    return month, [start for start in found.starts if start != present], found.earliest


def _review(seen: SeenByAttendee, secret: str, start: datetime, *, refused: Conflict | None = None) -> Response[str]:
    policy = seen.rescheduling_policy
    return form_page(
        "move_review.html",
        seen,
        secret,
        status=refused.status if refused else 200,
        start=start,
        new=when_for(seen, start),
        reason_required=policy.enabled and policy.reason_required,
        refused=refused.code if refused else None,
    )


def _taken(seen: SeenByAttendee, secret: str, start: datetime, suggestions: Sequence[datetime]) -> Response[str]:
    local = [suggested.astimezone(ZoneInfo(zone_for(seen))) for suggested in sorted(suggestions)]
    nearest = choices(local, locale_for(seen), {}, dated=True)
    return form_page("move_taken.html", seen, secret, status=409, wanted=when_for(seen, start), nearest=nearest)
