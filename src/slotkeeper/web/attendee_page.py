"""The page behind a mailed link: the present state of the appointment, in the attendee's own zone and language.

A GET changes nothing: mail programs and scanners open links too. There is no cookie, so nothing that another site could
make a browser send: the secret in the address is all that counts, and forms post to it.
"""

from contextlib import suppress
from datetime import datetime

from babel.dates import format_date
from litestar import MediaType, Response, Router, get, post

from slotkeeper.appointments.by_secret import THROUGH, SeenByAttendee, attendee_by_secret
from slotkeeper.appointments.opt_in import opt_in
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict
from slotkeeper.ics.zone import zone_or_utc
from slotkeeper.records.appointment import Appointment
from slotkeeper.web.attendee_cancel import cancel_form, cancel_submitted
from slotkeeper.web.attendee_move import move_page, move_submitted
from slotkeeper.web.attendee_view import (
    Now,
    Pool,
    SealedBy,
    Secret,
    back_to_appointment,
    locale_for,
    seen_in,
    when_for,
)
from slotkeeper.web.failure import failure_page
from slotkeeper.web.page import BY_SECRET, page


@get("/{secret:str}", media_type=MediaType.HTML, include_in_schema=False)
async def attendee_page(secret: Secret, pool: Pool, vault: SealedBy, now: Now) -> Response[str]:
    return _page(await seen_in(pool, vault, secret), secret, now)


@get("/{secret:str}/invite.ics", include_in_schema=False)
async def attendee_ics(secret: Secret, pool: Pool, vault: SealedBy) -> Response[str]:
    seen = await seen_in(pool, vault, secret)
    headers = {**BY_SECRET, "Content-Disposition": 'attachment; filename="invite.ics"'}
    return Response(seen.ics, media_type="text/calendar; charset=utf-8", headers=headers)


@post("/{secret:str}/confirm", status_code=200, media_type=MediaType.HTML, include_in_schema=False)
async def confirm_submitted(secret: Secret, pool: Pool, vault: SealedBy, now: Now) -> Response[str]:
    """Where nothing waits (any more), the page tells what became of it."""

    async def attempt(connection: Connection, _locked: bool) -> None:
        attendee = await attendee_by_secret(connection, vault, secret)
        await opt_in(connection, attendee, now, through=THROUGH)

    with suppress(Conflict):
        await in_attempts(pool, attempt)
    return back_to_appointment(secret)


def _page(seen: SeenByAttendee, secret: str, now: datetime) -> Response[str]:
    appointment, locale = seen.appointment, locale_for(seen)
    first_day = appointment.start.astimezone(zone_or_utc(seen.attendee.timezone))
    refused = [seen.why_not_move(now), seen.why_not_cancel(now)]
    return page(
        "appointment.html",
        locale,
        form_action="'self'",
        appointment=appointment,
        when=when_for(seen, appointment.start),
        previous=when_for(seen, seen.moved_from.start) if seen.moved_from else None,
        month=format_date(first_day, "MMM", locale=locale),
        day=first_day.day,
        join_link=_join_link(appointment),
        secret=secret,
        refused=list(dict.fromkeys(refusal.code for refusal in refused if refusal)),
        may_move=refused[0] is None,
        may_cancel=refused[1] is None,
    )


def _join_link(appointment: Appointment) -> str | None:
    """A host may have typed anything; only what a browser opens as a page becomes a link."""
    link = appointment.meeting_link or ""
    return link if link.startswith(("https://", "http://")) else None


ROUTER = Router(
    "/a",
    route_handlers=[
        attendee_page,
        attendee_ics,
        confirm_submitted,
        move_page,
        move_submitted,
        cancel_form,
        cancel_submitted,
    ],
    exception_handlers={Exception: failure_page},
)
