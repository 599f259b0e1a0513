"""The page behind a mailed link: the present state of the appointment, in the attendee's own zone and language."""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.by_secret import SeenByAttendee, appointment_by_secret
from slotkeeper.db.pool import Connection
from slotkeeper.emails.language import locale_of, translations
from slotkeeper.emails.when import when
from slotkeeper.errors import NotFound
from slotkeeper.secrets import Vault

Secret = FromPath[str]

_SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""The address is a secret: it is not kept, not sent on, and not indexed."""


@get("/{secret:str}", media_type=MediaType.HTML, include_in_schema=False)
async def attendee_page(
    secret: Secret, pool: NamedDependency[AsyncConnectionPool[Connection]], vault: NamedDependency[Vault]
) -> Response[str]:
    try:
        async with pool.connection() as connection:
            seen = await appointment_by_secret(connection, vault, secret)
    except NotFound:
        return _html(_environment("en").get_template("not_found.html").render(), status=404)
    return _html(_page(seen, secret))


@get("/{secret:str}/invite.ics", include_in_schema=False)
async def attendee_ics(
    secret: Secret, pool: NamedDependency[AsyncConnectionPool[Connection]], vault: NamedDependency[Vault]
) -> Response[str]:
    async with pool.connection() as connection:
        seen = await appointment_by_secret(connection, vault, secret)
    return Response(seen.ics, media_type="text/calendar; charset=utf-8", headers=_SAFE)


def _page(seen: SeenByAttendee, secret: str) -> str:
    locale = locale_of(seen.attendee.language)
    appointment = seen.appointment
    return (
        _environment(locale.language)
        .get_template("appointment.html")
        .render(
            language=locale.language,
            appointment=appointment,
            when=when(appointment.start, appointment.end, seen.attendee.timezone, locale),
            hosts=", ".join(host.full_name for host in appointment.hosts),
            ics_link=f"{secret}/invite.ics",
        )
    )


def _html(body: str, *, status: int = 200) -> Response[str]:
    return Response(body, media_type=MediaType.HTML, status_code=status, headers=_SAFE)


@lru_cache(maxsize=16)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("slotkeeper.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined] # added by the extension
    return environment


ROUTER = Router("/a", route_handlers=[attendee_page, attendee_ics])
