"""A first company: its admin, their weekly hours, a 30-minute meeting type, a personal token and a platform key."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.accounts.tokens import new_personal_token, new_platform_key
from slotkeeper.db.pool import Connection
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.schedule import Day, Hours, WeeklySchedule
from slotkeeper.secrets import Vault, new_link_key

_WORKDAY = Day(enabled=True, hours=(Hours("09:00", "17:00"),))
OFFICE_HOURS = WeeklySchedule(monday=_WORKDAY, tuesday=_WORKDAY, wednesday=_WORKDAY, thursday=_WORKDAY, friday=_WORKDAY)
_KEY_LIFETIME = timedelta(days=90)


class Bootstrapped(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The credentials are shown here once; only their hashes are stored."""

    company_id: UUID
    user_id: UUID
    meeting_type_id: UUID
    token: str
    api_key: str


async def bootstrap(connection: Connection, vault: Vault, *, company: str, email: str, timezone: str) -> Bootstrapped:
    """Create everything or nothing. Raises ``ZoneInfoNotFoundError`` for an unknown zone."""
    ZoneInfo(timezone)
    company_id = uuid4()
    async with connection.transaction():
        await connection.execute(
            _INSERT_COMPANY,
            {"id": company_id, "name": company, "timezone": timezone, "link_key": vault.seal(new_link_key())},
        )
        user_id = await add_host(connection, company_id, email=email, timezone=timezone, is_admin=True)
        await connection.execute("UPDATE companies SET owner_id = %s WHERE id = %s", (user_id, company_id))
        meeting_type_id = await add_meeting_type(connection, company_id, user_id)
        token = await new_personal_token(connection, company_id, user_id, name="bootstrap")
        api_key = await new_platform_key(
            connection, company_id, user_id, name="bootstrap", expires_at=datetime.now(UTC) + _KEY_LIFETIME
        )
    return Bootstrapped(
        company_id=company_id, user_id=user_id, meeting_type_id=meeting_type_id, token=token, api_key=api_key
    )


async def add_host(
    connection: Connection, company_id: UUID, *, email: str, timezone: str, name: str = "", is_admin: bool = False
) -> UUID:
    """A user who can hold appointments: with a calendar to lock, and Mon-Fri 9-17 as default hours."""
    user_id = uuid4()
    given, _, family = (name or email.partition("@")[0]).partition(" ")
    await connection.execute(
        _INSERT_HOST,
        {
            "company_id": company_id,
            "id": user_id,
            "email": email,
            "given_name": given,
            "family_name": family,
            "slug": f"{given.lower()}-{user_id.hex[:6]}",
            "timezone": timezone,
            "is_admin": is_admin,
            "availability_id": uuid4(),
            "schedule": Jsonb(msgspec.to_builtins(OFFICE_HOURS)),
        },
    )
    return user_id


async def add_meeting_type(
    connection: Connection, company_id: UUID, user_id: UUID, info: MeetingInfo | None = None
) -> UUID:
    """A meeting type with the table's defaults: 15-minute interval, no minimum notice, bookable a year ahead."""
    meeting_type_id = uuid4()
    info = info or MeetingInfo(name="30-minute meeting", duration=30)
    await connection.execute(
        _INSERT_MEETING_TYPE,
        {
            "company_id": company_id,
            "id": meeting_type_id,
            "user_id": user_id,
            "slug": f"{info.duration}-minutes-{meeting_type_id.hex[:6]}",
            "meeting_info": Jsonb(msgspec.to_builtins(info)),
        },
    )
    return meeting_type_id


_INSERT_COMPANY = """
    INSERT INTO companies (id, name, timezone, link_key) VALUES (%(id)s, %(name)s, %(timezone)s, %(link_key)s)
"""

_INSERT_HOST = """
    WITH host AS (
        INSERT INTO users (company_id, id, email, given_name, family_name, slug, timezone, is_admin)
        VALUES (
            %(company_id)s, %(id)s, %(email)s, %(given_name)s, %(family_name)s, %(slug)s, %(timezone)s, %(is_admin)s
        )
        RETURNING company_id, id, timezone
    ), calendar AS (
        INSERT INTO host_calendars (company_id, host_id) SELECT company_id, id FROM host
    )
    INSERT INTO availabilities (company_id, id, user_id, name, timezone, schedule, is_default)
    SELECT company_id, %(availability_id)s, id, 'Working hours', timezone, %(schedule)s, true FROM host
"""

_INSERT_MEETING_TYPE = """
    INSERT INTO meeting_types (company_id, id, user_id, slug, meeting_info)
    VALUES (%(company_id)s, %(id)s, %(user_id)s, %(slug)s, %(meeting_info)s)
"""
