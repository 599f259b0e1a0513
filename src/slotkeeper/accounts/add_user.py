"""Add a user who can hold appointments: with a calendar to lock, and weekly hours by default."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import msgspec
from psycopg import errors
from psycopg.types.json import Jsonb

from slotkeeper.accounts.users import UserType
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Conflict
from slotkeeper.records.schedule import Day, Hours, WeeklySchedule
from slotkeeper.records.slug import free_slug, slug_of

_WORKDAY = Day(enabled=True, hours=(Hours("09:00", "17:00"),))
OFFICE_HOURS = WeeklySchedule(monday=_WORKDAY, tuesday=_WORKDAY, wednesday=_WORKDAY, thursday=_WORKDAY, friday=_WORKDAY)


class DefaultHours(msgspec.Struct, frozen=True, kw_only=True):
    """A first schedule; ``timezone`` None: the user's."""

    name: str = "Working hours"
    schedule: WeeklySchedule = OFFICE_HOURS
    timezone: str | None = None


class NewUser(msgspec.Struct, frozen=True, kw_only=True):
    """``slug`` None: from the name; ``language`` None: the company's."""

    email: str
    given_name: str
    family_name: str
    timezone: str
    slug: str | None = None
    language: str | None = None
    title: str | None = None
    is_admin: bool = False
    user_type: UserType = "standard"
    hours: DefaultHours = DefaultHours()

    def __repr__(self) -> str:
        return f"NewUser(user_type={self.user_type!r})"


class AddedUser(msgspec.Struct, frozen=True, kw_only=True):
    user_id: UUID
    availability_id: UUID
    slug: str


async def add_user(connection: Connection, company_id: UUID, new: NewUser) -> AddedUser:
    """Raises ``Conflict`` where the company has a user with this address or slug, ``Malformed`` for a reserved slug."""
    user_id, availability_id = uuid4(), uuid4()
    slug = free_slug("slug", new.slug) if new.slug else _slug(new, user_id)
    params = {
        **msgspec.structs.asdict(new),
        "company_id": company_id,
        "id": user_id,
        "slug": slug,
        "availability_id": availability_id,
        "hours_name": new.hours.name,
        "hours_timezone": new.hours.timezone or new.timezone,
        "schedule": Jsonb(msgspec.to_builtins(new.hours.schedule)),
    }
    with conflicts_told():
        await execute(connection, _INSERT, params)
    return AddedUser(user_id=user_id, availability_id=availability_id, slug=slug)


def _slug(new: NewUser, user_id: UUID) -> str:
    """Enough of the id that no other user has the same."""
    return f"{slug_of(f'{new.given_name} {new.family_name}')}-{user_id.hex[:6]}".lstrip("-")


@contextmanager
def conflicts_told() -> Iterator[None]:
    """What the indexes on addresses and slugs refuse is raised as ``Conflict``."""
    try:
        yield
    except errors.UniqueViolation as violation:
        taken = _TAKEN.get(violation.diag.constraint_name or "")
        if taken is None:
            raise
        raise Conflict(
            f"another user of the company has this {taken}", code="email-taken" if taken == "email" else "slug-taken"
        ) from violation


_TAKEN = {"users_by_email": "email", "users_by_slug": "slug"}

_INSERT = """
    WITH added AS (
        INSERT INTO users (
            company_id, id, email, given_name, family_name, slug, timezone, language, title, is_admin, user_type
        )
        SELECT id, %(id)s, %(email)s, %(given_name)s, %(family_name)s, %(slug)s, %(timezone)s,
            coalesce(%(language)s, language), %(title)s, %(is_admin)s, %(user_type)s
        FROM companies WHERE id = %(company_id)s
        RETURNING company_id, id
    ), calendar AS (
        INSERT INTO host_calendars (company_id, host_id) SELECT company_id, id FROM added
    )
    INSERT INTO availabilities (company_id, id, user_id, name, timezone, schedule, is_default)
    SELECT company_id, %(availability_id)s, id, %(hours_name)s, %(hours_timezone)s, %(schedule)s, true FROM added
"""
