"""A company's users, as answers show them (meetergo-v4-api.md 4.4)."""

from datetime import datetime
from typing import Literal, TypeVar
from uuid import UUID

import msgspec

from slotkeeper.accounts.personal_page import PersonalPage
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound

UserType = Literal["standard", "resource", "api-platform", "partner"]
T = TypeVar("T")


class User(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    is_admin: bool
    is_scim_disabled: bool
    family_name: str
    given_name: str
    full_name: str
    title: str | None
    email: str
    picture: str | None
    slug: str
    timezone: str
    language: str
    company_id: UUID
    user_type: UserType
    anonymous_booking: bool
    anonymous_calendar_activity: bool
    show_getting_started_list: bool
    receive_email_marketing: bool = msgspec.field(name="recieveEmailMarketing")  # the API's own spelling
    personal_page: PersonalPage
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class FeatureAccess(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Of what this server does not have, none."""

    knowledge_page_limit: int = 0
    max_workflows: int = 0


class CompanyPlan(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whoever hosts it themselves has everything that there is (docs/decisions/0043)."""

    id: UUID
    name: str
    tier: str = "enterprise"
    effective_tier: str = "enterprise"
    is_in_trial: bool = False
    feature_access: FeatureAccess = FeatureAccess()


class Me(User, frozen=True, kw_only=True, rename="camel"):
    """With the names that clients read beside the API's own."""

    first_name: str
    last_name: str
    company: CompanyPlan


class UserPage(msgspec.Struct, frozen=True, kw_only=True):
    """``total`` of all that match, ``count`` of those shown here, after ``offset`` others."""

    users: tuple[User, ...]
    total: int
    limit: int
    offset: int
    count: int


async def get_user(connection: Connection, company_id: UUID, user_id: UUID) -> User:
    """Raises ``NotFound`` alike for an unknown id, a deleted user and another company's."""
    return found(await fetch(connection, User, _GET, {"company_id": company_id, "id": user_id}), user_id)


async def get_me(connection: Connection, company_id: UUID, user_id: UUID) -> Me:
    return found(await fetch(connection, Me, _ME, {"company_id": company_id, "id": user_id}), user_id)


async def list_users(
    connection: Connection, company_id: UUID, *, user_type: UserType | None, limit: int, offset: int
) -> UserPage:
    """In the order of their creation."""
    params = {"company_id": company_id, "user_type": user_type, "limit": limit, "offset": offset}
    page = await fetch(connection, UserPage, _LIST, params)
    return page or UserPage(users=(), total=0, limit=limit, offset=offset, count=0)


def found(user: T | None, user_id: UUID) -> T:
    if user is None:
        raise NotFound(f"user {user_id} not found")
    return user


_USER_JSON = """jsonb_build_object(
    'id', u.id, 'isAdmin', u.is_admin, 'isScimDisabled', u.is_scim_disabled, 'familyName', u.family_name,
    'givenName', u.given_name, 'fullName', trim(u.given_name || ' ' || u.family_name), 'title', u.title,
    'email', u.email, 'picture', u.picture, 'slug', u.slug, 'timezone', u.timezone, 'language', u.language,
    'companyId', u.company_id, 'userType', u.user_type, 'anonymousBooking', u.anonymous_booking,
    'anonymousCalendarActivity', u.anonymous_calendar_activity,
    'showGettingStartedList', u.show_getting_started_list, 'recieveEmailMarketing', u.receive_email_marketing,
    'personalPage', u.personal_page, 'createdAt', u.created_at, 'updatedAt', u.updated_at, 'deletedAt', u.deleted_at
)"""

_ONE = "u.company_id = %(company_id)s AND u.id = %(id)s AND u.deleted_at IS NULL"

_GET = f"SELECT ({_USER_JSON})::text FROM users u WHERE {_ONE}"

_ME = f"""
    SELECT ({_USER_JSON} || jsonb_build_object(
        'firstName', u.given_name, 'lastName', u.family_name,
        'company', jsonb_build_object('id', c.id, 'name', c.name)
    ))::text
    FROM users u JOIN companies c ON c.id = u.company_id
    WHERE {_ONE}
"""

_LIST = f"""
    WITH matching AS (
        SELECT u.* FROM users u
        WHERE u.company_id = %(company_id)s AND u.deleted_at IS NULL
            AND (%(user_type)s::text IS NULL OR u.user_type = %(user_type)s)
    ), shown AS (
        SELECT * FROM matching ORDER BY created_at, id LIMIT %(limit)s OFFSET %(offset)s
    )
    SELECT json_build_object(
        'users', (SELECT coalesce(json_agg({_USER_JSON} ORDER BY u.created_at, u.id), '[]') FROM shown u),
        'total', (SELECT count(*) FROM matching), 'count', (SELECT count(*) FROM shown),
        'limit', %(limit)s::int, 'offset', %(offset)s::int
    )::text
"""
