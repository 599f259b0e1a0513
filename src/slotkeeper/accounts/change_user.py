"""Change a user: their own profile, or for an admin anybody's, and what they are in the company."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.accounts.add_user import conflicts_told
from slotkeeper.accounts.standing import require_dispensable, standing_of
from slotkeeper.accounts.users import User, UserType, get_user
from slotkeeper.db.company_lock import lock_company
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Forbidden
from slotkeeper.records.caller import Caller
from slotkeeper.records.patch import given, patched
from slotkeeper.records.slug import free_slug


class UserPatch(msgspec.Struct, frozen=True, kw_only=True):
    """What is left out stays. ``email`` is what a JWT may be recognised by, so it is not one's own to change."""

    given_name: str | UnsetType = UNSET
    family_name: str | UnsetType = UNSET
    title: str | UnsetType | None = UNSET
    picture: str | UnsetType | None = UNSET
    slug: str | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    anonymous_booking: bool | UnsetType = UNSET
    anonymous_calendar_activity: bool | UnsetType = UNSET
    show_getting_started_list: bool | UnsetType = UNSET
    receive_email_marketing: bool | UnsetType = UNSET
    email: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    is_scim_disabled: bool | UnsetType = UNSET
    user_type: UserType | UnsetType = UNSET

    def __repr__(self) -> str:
        return f"UserPatch({', '.join(given(self))})"


async def change_user(connection: Connection, caller: Caller, user_id: UUID, patch: UserPatch, now: datetime) -> User:
    """Raises ``Forbidden``, ``NotFound``, ``Malformed`` for a reserved slug, and ``Conflict`` for a taken address or
    slug and for the last admin."""
    _require_may_change(caller, user_id, patch)
    if patch.slug:
        free_slug("slug", patch.slug)
    with conflicts_told():
        async with connection.transaction():
            await lock_company(connection, caller.company_id)
            wanted = patched(await get_user(connection, caller.company_id, user_id), patch)
            if patch.is_admin is False:
                require_dispensable(await standing_of(connection, caller.company_id, user_id, now))
            await execute(connection, _UPDATE, {**_columns(wanted), "now": now})
            return await get_user(connection, caller.company_id, user_id)


def _require_may_change(caller: Caller, user_id: UUID, patch: UserPatch) -> None:
    if caller.is_admin:
        return
    if user_id != caller.user_id:
        raise Forbidden("only an admin may change another user")
    if not _FOR_ADMINS.isdisjoint(given(patch)):
        raise Forbidden("only an admin may change email, isAdmin, isScimDisabled and userType")


def _columns(user: User) -> dict[str, object]:
    return {name: getattr(user, name) for name in ("company_id", "id", *UserPatch.__struct_fields__)}


_FOR_ADMINS = frozenset({"email", "is_admin", "is_scim_disabled", "user_type"})

_UPDATE = f"""
    UPDATE users SET updated_at = %(now)s, {", ".join(f"{name} = %({name})s" for name in UserPatch.__struct_fields__)}
    WHERE company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL
"""
