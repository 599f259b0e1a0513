"""A user's public holidays of a year: one set of exceptions, made and replaced as a whole."""

from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.records.caller import Caller
from slotkeeper.schedules.exceptions import EXCEPTION_JSON, AvailabilityException
from slotkeeper.schedules.public_holidays import Country, GermanState, public_holidays
from slotkeeper.schedules.stored import lock_availability


class HolidaySet(msgspec.Struct, frozen=True, kw_only=True):
    """``german_state`` None: the holidays of the whole of Germany, or of another country."""

    year: int
    country: Country
    german_state: GermanState | None = None


async def set_holidays(
    connection: Connection, caller: Caller, availability_id: UUID, wanted: HolidaySet
) -> list[AvailabilityException]:
    """Days off for the schedule's owner, whole days in the schedule's zone, in place of their earlier set of that year.

    A holiday that both sets have keeps its id and note. Raises ``NotFound``.
    """
    async with connection.transaction():
        locked = await lock_availability(connection, caller, availability_id)
        days = public_holidays(
            wanted.country,
            wanted.german_state,
            wanted.year,
            timezone=locked.availability.timezone,
            language=locked.language,
        )
        params = {
            "company_id": caller.company_id,
            "owner_id": locked.user_id,
            "year": wanted.year,
            "starts": [day.start for day in days],
            "ends": [day.end for day in days],
            "titles": [day.title for day in days],
        }
        return await fetch_all(connection, AvailabilityException, _REPLACE, params)


_REPLACE = f"""
    WITH wanted AS (
        SELECT * FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(titles)s::text[])
            AS w (start_at, end_at, title)
    ), gone AS (
        UPDATE availability_exceptions e SET deleted_at = now()
        WHERE e.company_id = %(company_id)s AND e.owner_id = %(owner_id)s AND e.holiday_year = %(year)s
            AND e.deleted_at IS NULL AND NOT EXISTS (SELECT FROM wanted w WHERE w.start_at = e.start_at)
    ), e AS (
        INSERT INTO availability_exceptions (
            company_id, owner_type, owner_id, available, start_at, end_at, title, holiday_year
        )
        SELECT %(company_id)s, 'user', %(owner_id)s, false, w.start_at, w.end_at, w.title, %(year)s FROM wanted w
        ON CONFLICT (company_id, owner_id, holiday_year, start_at) WHERE holiday_year IS NOT NULL AND deleted_at IS NULL
        DO UPDATE SET end_at = excluded.end_at, title = excluded.title
        RETURNING *
    )
    SELECT ({EXCEPTION_JSON})::text FROM e ORDER BY e.start_at
"""
