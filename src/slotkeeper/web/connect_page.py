"""The page where a person types the credentials of their calendar: tried at once, kept encrypted, never shown again.

There is no cookie, so nothing that another site could make a browser send: the signed link is all that counts, and
the form posts to it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from babel import Locale
from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection
from slotkeeper.errors import FieldError, Malformed, Unavailable
from slotkeeper.integrations.connect import NewConnection, connect
from slotkeeper.integrations.connect_link import ConnectLink, Invited, read_link
from slotkeeper.integrations.protocols import FormField
from slotkeeper.integrations.registry import form_of
from slotkeeper.secrets import Vault
from slotkeeper.web.accept_language import preferred
from slotkeeper.web.failure import failure_page
from slotkeeper.web.form import typed_into
from slotkeeper.web.page import page, see_other

Pool = NamedDependency[AsyncConnectionPool[Connection]]
_LONGEST = 2000


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the form, what was typed (the page shows no password again), and what is wrong with it."""

    field: FormField
    value: str = ""
    wrong: str | None = None


@get("/{signed:str}", media_type=MediaType.HTML, include_in_schema=False)
async def connect_form(
    request: Request[Any, Any, Any],
    signed: FromPath[str],
    pool: Pool,
    vault: NamedDependency[Vault],
    now: NamedDependency[datetime],
) -> Response[str]:
    async with pool.connection() as connection:
        invited = await read_link(connection, vault, signed)
    locale = preferred(request.headers.get("accept-language"))
    if invited.link.expires_at <= now:
        return _expired(locale, invited.link)
    return _form(locale, invited, {}, ())


@post("/{signed:str}", status_code=200, media_type=MediaType.HTML, include_in_schema=False)
async def connect_submitted(
    request: Request[Any, Any, Any],
    signed: FromPath[str],
    pool: Pool,
    vault: NamedDependency[Vault],
    now: NamedDependency[datetime],
) -> Response[str]:
    async with pool.connection() as connection:
        invited = await read_link(connection, vault, signed)
    link, locale = invited.link, preferred(request.headers.get("accept-language"))
    if link.expires_at <= now:
        return _expired(locale, link)
    typed = await typed_into(request)
    try:
        made = await connect(pool, vault, link.company_id, link.user_id, _asked(link, typed))
    except Malformed as refused:
        return _form(locale, invited, typed, refused.errors, status=400)
    except Unavailable as asleep:
        return _form(locale, invited, typed, [FieldError("", asleep.detail)], status=503)
    back = link.leads_back(provider=link.provider, connection_id=str(made.id), success="true")
    if back is None:
        return page("message.html", locale, message="connected", back=None)
    return see_other(back)


def _asked(link: ConnectLink, typed: Mapping[str, str]) -> NewConnection:
    """Raises ``Malformed`` for what is missing or cannot be meant."""
    parts: dict[str, dict[str, str]] = {"settings": {}, "credentials": {}}
    for field in form_of(link.provider).fields:
        parts[field.part][field.name] = _value(field, typed.get(field.name, ""))
    return NewConnection(
        provider=link.provider, credentials=parts["credentials"], settings={**parts["settings"]}, writes=link.writes
    )


def _value(field: FormField, text: str) -> str:
    value = text if field.kind == "password" else text.strip()
    if not value:
        raise Malformed.field(field.name, "is missing")
    if len(value) > _LONGEST or not value.isprintable():
        raise Malformed.field(field.name, "is too long, or holds what cannot be typed")
    return f"https://{value}" if field.kind == "address" and "://" not in value else value


def _form(
    locale: Locale,
    invited: Invited,
    typed: Mapping[str, str],
    errors: Sequence[FieldError],
    *,
    status: int = 200,
) -> Response[str]:
    link, form = invited.link, form_of(invited.link.provider)
    wrong = {error.field: error.message for error in errors}
    shown = [
        Shown(
            field=field,
            value=typed.get(field.name, ""),
            wrong=wrong.pop(field.name, None),
        )
        for field in form.fields
    ]
    return page(
        "connect.html",
        locale,
        status=status,
        form_action=" ".join(("'self'", *filter(None, [link.origin]))),
        form=form,
        shown=shown,
        first=next((s.field.name for s in shown if s.wrong), shown[0].field.name),
        alert="; ".join(wrong.values()),
        invited=invited,
        cancel=link.leads_back(error="cancelled", success="false"),
    )


def _expired(locale: Locale, link: ConnectLink) -> Response[str]:
    back = link.leads_back(error="expired", success="false")
    return page("message.html", locale, status=410, message="expired", back=back)


ROUTER = Router(
    "/connect", route_handlers=[connect_form, connect_submitted], exception_handlers={Exception: failure_page}
)
