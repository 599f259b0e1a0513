"""A first company: its admin, their weekly hours, a 30-minute meeting type, a personal token and a platform key."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec

from slotkeeper.accounts.add_meeting_type import add_meeting_type
from slotkeeper.accounts.add_user import NewUser, add_user
from slotkeeper.accounts.tokens import new_personal_token, new_platform_key
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault, new_link_key

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
    """A user with Mon-Fri 9-17 as default hours, named as their address where ``name`` is empty."""
    given, _, family = (name or email.partition("@")[0]).partition(" ")
    new = NewUser(email=email, given_name=given, family_name=family, timezone=timezone, is_admin=is_admin)
    return (await add_user(connection, company_id, new)).user_id


_INSERT_COMPANY = """
    INSERT INTO companies (id, name, timezone, link_key) VALUES (%(id)s, %(name)s, %(timezone)s, %(link_key)s)
"""
