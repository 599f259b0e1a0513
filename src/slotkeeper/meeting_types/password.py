"""The password of a booking page: kept as an Argon2id hash while it is enabled, and never shown."""

import asyncio

from slotkeeper.errors import Malformed
from slotkeeper.meeting_types.fields import MeetingTypeFields
from slotkeeper.records.meeting_options import BookingPagePassword
from slotkeeper.secrets import hash_password

_FIELD = "meetingOptions.bookingPagePassword"


async def hash_of(given: MeetingTypeFields) -> str | None:
    """Of the password that the request brings, if it does. Takes some 30 ms of another thread: call it outside a
    transaction."""
    setting = given.meeting_options and given.meeting_options.booking_page_password
    password = setting and setting.password
    return await asyncio.to_thread(hash_password, password) if password else None


def hash_to_keep(setting: BookingPagePassword, stored: str | None, new: str | None) -> str | None:
    """Null unless enabled. Raises ``Malformed`` for a page that would have no password, and for one given to none."""
    if setting.enable and not (new or stored):
        raise Malformed.field(f"{_FIELD}.password", "is required to enable it")
    return (new or stored) if setting.enable else None
