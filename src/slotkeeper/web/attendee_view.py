"""What the attendee's pages have in common: the reader's language and zone, when it is, and what they typed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel import Locale
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.by_secret import SeenByAttendee, appointment_by_secret
from slotkeeper.db.pool import Connection
from slotkeeper.emails.language import locale_of
from slotkeeper.emails.when import When, when
from slotkeeper.ics.zone import zone_or_utc
from slotkeeper.secrets import Vault
from slotkeeper.web.page import page, see_other

Secret = FromPath[str]
Pool = NamedDependency[AsyncConnectionPool[Connection]]
SealedBy = NamedDependency[Vault]
Now = NamedDependency[datetime]
_LONGEST_REASON = 500


async def seen_in(pool: AsyncConnectionPool[Connection], vault: Vault, secret: str) -> SeenByAttendee:
    """Raises ``NotFound`` for any wrong secret."""
    async with pool.connection() as connection:
        return await appointment_by_secret(connection, vault, secret)


def locale_for(seen: SeenByAttendee) -> Locale:
    return locale_of(seen.attendee.language)


def zone_for(seen: SeenByAttendee) -> str:
    return zone_or_utc(seen.attendee.timezone).key


def when_for(seen: SeenByAttendee, start: datetime) -> When:
    """If it began at ``start``."""
    return when(start, start + seen.appointment.duration, seen.attendee.timezone, locale_for(seen))


def form_page(template: str, seen: SeenByAttendee, secret: str, *, status: int = 200, **values: Any) -> Response[str]:
    """A page below the appointment's, with the time that it has now; its form leads to us only."""
    return page(
        template,
        locale_for(seen),
        status=status,
        form_action="'self'",
        appointment=seen.appointment,
        when=when_for(seen, seen.appointment.start),
        back=f"../{secret}",
        **values,
    )


def back_to_appointment(secret: str) -> Response[str]:
    """From a page below it; there stands what it has become, or why nothing was changed."""
    return see_other(f"../{secret}")


def reason_in(typed: Mapping[str, str]) -> str | None:
    """As a text area sends it, without what no text holds; the page lets nobody type more than is kept."""
    text = typed.get("reason", "").replace("\r\n", "\n").replace("\0", "").strip()
    return text[:_LONGEST_REASON] or None
