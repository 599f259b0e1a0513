"""What follows a booking: the host's own page elsewhere, or ours, which tells what happens next."""

from babel.dates import format_date
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.by_secret import appointment_by_secret
from slotkeeper.db.pool import Connection
from slotkeeper.emails.language import locale_of
from slotkeeper.emails.when import when
from slotkeeper.ics.zone import zone_or_utc
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.people import Attendee
from slotkeeper.secrets import Vault
from slotkeeper.web.booking.choice import instant_text
from slotkeeper.web.elsewhere import origin_of, with_query
from slotkeeper.web.page import page


def leads_to(appointment: Appointment, attendee: Attendee, secret: str) -> str:
    """An address, as seen from the booking page's. Whoever still has to confirm is told so by us first."""
    info = appointment.meeting_info
    if not info.enable_redirect or appointment.waiting_for is not None or origin_of(info.redirect) is None:
        return f"../booked/{secret}"
    return with_query(info.redirect or "", _told(appointment, attendee) if info.pass_event_details_to_redirect else {})


def _told(appointment: Appointment, attendee: Attendee) -> dict[str, str]:
    told = {
        "appointmentId": str(appointment.id),
        "meetingTypeId": str(appointment.meeting_type_id),
        "start": instant_text(appointment.start),
        "end": instant_text(appointment.end),
        "fullname": attendee.display_name,
        "email": attendee.email,
    }
    return {name: value for name, value in told.items() if value}


@get("/booked/{secret:str}", media_type=MediaType.HTML, include_in_schema=False)
async def booked_page(
    secret: FromPath[str],
    pool: NamedDependency[AsyncConnectionPool[Connection]],
    vault: NamedDependency[Vault],
) -> Response[str]:
    """Its present state, so that whoever comes back to the address is not told what is no longer so."""
    async with pool.connection() as connection:
        seen = await appointment_by_secret(connection, vault, secret)
    appointment, attendee = seen.appointment, seen.attendee
    locale = locale_of(attendee.language)
    local = appointment.start.astimezone(zone_or_utc(attendee.timezone))
    button = appointment.meeting_info.confirmation_button
    leads = button.use_confirmation_button and origin_of(button.link) is not None
    return page(
        "booked.html",
        locale,
        appointment=appointment,
        attendee=attendee,
        when=when(appointment.start, appointment.end, attendee.timezone, locale),
        month=format_date(local, "MMM", locale=locale),
        day=local.day,
        own_page=f"../a/{secret}",
        button=button if leads else None,
    )
