"""The page behind a mailed link: the present state of the appointment, in the attendee's own zone and language."""

from babel.dates import format_date
from litestar import MediaType, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.by_secret import SeenByAttendee, appointment_by_secret
from slotkeeper.db.pool import Connection
from slotkeeper.emails.language import locale_of
from slotkeeper.emails.when import When, when
from slotkeeper.ics.zone import zone_or_utc
from slotkeeper.records.appointment import Appointment
from slotkeeper.secrets import Vault
from slotkeeper.web.failure import failure_page
from slotkeeper.web.page import BY_SECRET, page

Secret = FromPath[str]


@get("/{secret:str}", media_type=MediaType.HTML, include_in_schema=False)
async def attendee_page(
    secret: Secret, pool: NamedDependency[AsyncConnectionPool[Connection]], vault: NamedDependency[Vault]
) -> Response[str]:
    async with pool.connection() as connection:
        seen = await appointment_by_secret(connection, vault, secret)
    return _page(seen, secret)


@get("/{secret:str}/invite.ics", include_in_schema=False)
async def attendee_ics(
    secret: Secret, pool: NamedDependency[AsyncConnectionPool[Connection]], vault: NamedDependency[Vault]
) -> Response[str]:
    async with pool.connection() as connection:
        seen = await appointment_by_secret(connection, vault, secret)
    headers = {**BY_SECRET, "Content-Disposition": 'attachment; filename="invite.ics"'}
    return Response(seen.ics, media_type="text/calendar; charset=utf-8", headers=headers)


def _page(seen: SeenByAttendee, secret: str) -> Response[str]:
    appointment, attendee = seen.appointment, seen.attendee
    locale = locale_of(attendee.language)
    first_day = appointment.start.astimezone(zone_or_utc(attendee.timezone))
    return page(
        "appointment.html",
        locale,
        appointment=appointment,
        when=when(appointment.start, appointment.end, attendee.timezone, locale),
        previous=_previous(seen),
        month=format_date(first_day, "MMM", locale=locale),
        day=first_day.day,
        join_link=_join_link(appointment),
        ics_link=f"{secret}/invite.ics",
    )


def _previous(seen: SeenByAttendee) -> When | None:
    if seen.moved_from is None:
        return None
    return when(seen.moved_from.start, seen.moved_from.end, seen.attendee.timezone, locale_of(seen.attendee.language))


def _join_link(appointment: Appointment) -> str | None:
    """A host may have typed anything; only what a browser opens as a page becomes a link."""
    link = appointment.meeting_link or ""
    return link if link.startswith(("https://", "http://")) else None


ROUTER = Router("/a", route_handlers=[attendee_page, attendee_ics], exception_handlers={Exception: failure_page})
