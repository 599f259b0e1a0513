"""The page where an attendee cancels."""

from typing import Any

from litestar import MediaType, Request, Response, get, post

from slotkeeper.appointments.by_secret import THROUGH, attendee_by_secret
from slotkeeper.appointments.cancel import Cancel, cancel
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict
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
)
from slotkeeper.web.form import typed_into
from slotkeeper.web.page import page


@get("/{secret:str}/cancel", media_type=MediaType.HTML, include_in_schema=False)
async def cancel_form(secret: Secret, pool: Pool, vault: SealedBy, now: Now) -> Response[str]:
    seen = await seen_in(pool, vault, secret)
    if seen.why_not_cancel(now):
        return back_to_appointment(secret)
    return form_page("cancel.html", seen, secret)


@post("/{secret:str}/cancel", status_code=200, media_type=MediaType.HTML, include_in_schema=False)
async def cancel_submitted(
    request: Request[Any, Any, Any], secret: Secret, pool: Pool, vault: SealedBy, now: Now
) -> Response[str]:
    """Who left a group has no page any more to be led back to."""
    seen = await seen_in(pool, vault, secret)
    reason = reason_in(await typed_into(request))

    async def attempt(connection: Connection, _locked: bool) -> bool:
        attendee = await attendee_by_secret(connection, vault, secret)
        wanted = Cancel(appointment_id=attendee.appointment_id, reason=reason, through=THROUGH)
        return (await cancel(connection, attendee, wanted, now)).appointment.cancellation is None

    try:
        goes_on = await in_attempts(pool, attempt)
    except Conflict:
        return back_to_appointment(secret)
    return page("message.html", locale_for(seen), message="left", back=None) if goes_on else back_to_appointment(secret)
