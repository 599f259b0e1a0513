"""The link to the page where a person types a calendar's credentials: what it allows stands in it, signed.

Like the secrets in mailed links it is derived with the company's link key and stored nowhere. It works for one purpose,
one user and one provider, for a quarter of an hour.
"""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.secrets import Vault, content_in, signature_is_right, signed

LIFETIME = timedelta(minutes=15)
MAX_REDIRECT = 2000
_KIND = "connect-calendar"
_ABSOLUTE = re.compile(r"(https?://[a-z0-9.-]+(?::[0-9]{1,5})?)(?:[/?#][\x21-\x7e]*)?", re.IGNORECASE)


class ConnectLink(msgspec.Struct, frozen=True, kw_only=True):
    """``writes``: new events will be made in the calendar. ``redirect_url``: where the person goes on afterwards."""

    company_id: UUID
    user_id: UUID
    provider: str
    writes: bool
    redirect_url: str | None
    expires_at: datetime

    def leads_back(self, **outcome: str) -> str | None:
        """``redirect_url`` with ``outcome`` in its query."""
        if self.redirect_url is None:
            return None
        parts = urlsplit(self.redirect_url)
        query = "&".join(filter(None, (parts.query, urlencode(outcome))))
        return urlunsplit(parts._replace(query=query))

    @property
    def origin(self) -> str | None:
        return None if self.redirect_url is None else origin_of(self.redirect_url)


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """A link that we signed, and whom it is for."""

    link: ConnectLink
    user_name: str
    company_name: str


class _User(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    company_name: str
    link_key: bytes


def origin_of(redirect_url: str) -> str:
    """Such as ``https://app.example.com``. Raises ``Malformed`` for what is no http(s) address of a named host."""
    found = _ABSOLUTE.fullmatch(redirect_url)
    if found is None or len(redirect_url) > MAX_REDIRECT:
        raise Malformed.field("redirectUrl", "must be an http:// or https:// URL in ASCII, with a host's name")
    return found[1].lower()


async def sign_link(connection: Connection, vault: Vault, link: ConnectLink) -> str:
    """What the page's address ends in. Raises ``NotFound`` for a user that the company does not have."""
    user = await _find(connection, link)
    return signed(vault.open(user.link_key), _KIND, msgspec.json.encode(link))


async def read_link(connection: Connection, vault: Vault, text: str) -> Invited:
    """Raises ``NotFound`` alike for what we did not sign and for users who are gone. It may have expired."""
    try:
        link = msgspec.json.decode(content_in(text), type=ConnectLink)
    except (ValueError, msgspec.MsgspecError) as error:
        raise _unknown() from error
    user = await _find(connection, link)
    if not signature_is_right(text, vault.open(user.link_key), _KIND):
        raise _unknown()
    return Invited(link=link, user_name=user.name, company_name=user.company_name)


async def _find(connection: Connection, link: ConnectLink) -> _User:
    user = await fetch(connection, _User, _FIND, {"company_id": link.company_id, "user_id": link.user_id})
    if user is None:
        raise _unknown()
    return user


def _unknown() -> NotFound:
    return NotFound("user not found")


_FIND = """
    SELECT json_build_object(
        'name', trim(concat_ws(' ', u.given_name, u.family_name)), 'company_name', c.name,
        'link_key', translate(encode(c.link_key, 'base64'), E'\\n', '')
    )::text
    FROM users u JOIN companies c ON c.id = u.company_id
    WHERE u.company_id = %(company_id)s AND u.id = %(user_id)s AND u.deleted_at IS NULL
"""
