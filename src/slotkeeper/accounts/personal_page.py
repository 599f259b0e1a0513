"""A user's personal page: how their public booking page presents them (meetergo-v4-api.md 2.10)."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound


class CustomLink(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    url: str
    icon: str | None = None


class OnlineProfiles(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    linked_in: str | None = None
    facebook: str | None = None
    twitter: str | None = None
    instagram: str | None = None
    xing: str | None = None
    phone: str | None = None
    email: str | None = None
    address_street: str | None = None
    address_city: str | None = None
    address_postal_code: str | None = None
    address_country: str | None = None
    custom_links: tuple[CustomLink, ...] = ()


class PersonalPage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``meeting_type_order`` are ids; types that it does not name follow."""

    use_custom_colors: bool = False
    primary_color: str | None = None
    secondary_color: str | None = None
    header_image: str | None = None
    description: str | None = None
    show_all_meeting_types: bool = True
    meeting_type_order: tuple[UUID, ...] = ()
    online_profiles: OnlineProfiles = OnlineProfiles()


async def get_personal_page(connection: Connection, company_id: UUID, user_id: UUID) -> PersonalPage:
    return await _page(connection, _GET, {"company_id": company_id, "id": user_id})


async def update_personal_page(
    connection: Connection, company_id: UUID, user_id: UUID, page: Mapping[str, object], profiles: Mapping[str, object]
) -> PersonalPage:
    """``page`` and ``profiles`` (its online profiles) are what changes, in the API's own names; the rest stays."""
    params = {"company_id": company_id, "id": user_id, "page": Jsonb(page), "profiles": Jsonb(profiles)}
    return await _page(connection, _UPDATE, params)


async def _page(connection: Connection, sql: str, params: Mapping[str, object]) -> PersonalPage:
    page = await fetch(connection, PersonalPage, sql, params)
    if page is None:
        raise NotFound("user not found")
    return page


_ONE = "company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL"

_GET = f"SELECT personal_page::text FROM users WHERE {_ONE}"

_UPDATE = f"""
    UPDATE users SET updated_at = now(), personal_page = personal_page || %(page)s || jsonb_build_object(
        'onlineProfiles', coalesce(personal_page -> 'onlineProfiles', '{{}}') || %(profiles)s
    )
    WHERE {_ONE}
    RETURNING personal_page::text
"""
