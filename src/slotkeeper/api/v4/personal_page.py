"""The caller's own personal page (the tag «Personal Page V4»)."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from slotkeeper.accounts.personal_page import PersonalPage, get_personal_page, update_personal_page
from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.api.v4.requests import Link
from slotkeeper.records.caller import Caller
from slotkeeper.records.email_address import Email

Color = Annotated[str, msgspec.Meta(pattern=r"^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$(?!\n)")]
Line = Annotated[str, msgspec.Meta(max_length=200)]


class CustomLinkBody(msgspec.Struct, frozen=True, kw_only=True):
    name: Line
    url: Link
    icon: Line | None = None


class ProfilesBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Members that are left out stay; null clears; `customLinks` replaces the list."""

    linked_in: Link | UnsetType | None = UNSET
    facebook: Link | UnsetType | None = UNSET
    twitter: Link | UnsetType | None = UNSET
    instagram: Link | UnsetType | None = UNSET
    xing: Link | UnsetType | None = UNSET
    phone: Annotated[str, msgspec.Meta(max_length=50)] | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    address_street: Line | UnsetType | None = UNSET
    address_city: Line | UnsetType | None = UNSET
    address_postal_code: Line | UnsetType | None = UNSET
    address_country: Line | UnsetType | None = UNSET
    custom_links: Annotated[tuple[CustomLinkBody, ...], msgspec.Meta(max_length=20)] | UnsetType = UNSET


class PersonalPageBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Members that are left out stay; null clears. Colors are `#rgb` or `#rrggbb`, links `http` or `https`."""

    use_custom_colors: bool | UnsetType = UNSET
    primary_color: Color | UnsetType | None = UNSET
    secondary_color: Color | UnsetType | None = UNSET
    header_image: Link | UnsetType | None = UNSET
    description: Annotated[str, msgspec.Meta(max_length=5000)] | UnsetType | None = UNSET
    show_all_meeting_types: bool | UnsetType = UNSET
    meeting_type_order: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=500)] | UnsetType = UNSET
    online_profiles: ProfilesBody = ProfilesBody()


@get("/me", summary="Get my personal page", responses=problems(*READING))
async def get_my_page(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> PersonalPage:
    async with services.pool.connection() as connection:
        return await get_personal_page(connection, caller.company_id, caller.user_id)


@patch("/me", summary="Change my personal page", responses=problems(*WRITING))
async def update_my_page(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[PersonalPageBody]
) -> PersonalPage:
    """Members that are left out stay, those of `onlineProfiles` as well."""
    page = msgspec.to_builtins(data)
    profiles = page.pop("onlineProfiles")
    async with services.pool.connection() as connection:
        return await update_personal_page(connection, caller.company_id, caller.user_id, page, profiles)


ROUTER = Router(
    "/v4/personal-page",
    guards=[require_scope("scheduling", "account")],
    tags=["Personal Page V4"],
    route_handlers=[get_my_page, update_my_page],
)
