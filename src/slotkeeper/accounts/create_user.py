"""Create a user, with their hours and, if asked for, their first meeting type: all of it or nothing."""

from uuid import UUID

import msgspec

from slotkeeper.accounts.add_meeting_type import A_YEAR_AHEAD, add_meeting_type
from slotkeeper.accounts.add_user import NewUser, add_user
from slotkeeper.accounts.users import get_user
from slotkeeper.availability.booking_window import DaysIntoFuture
from slotkeeper.db.pool import Connection
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.slug import slug_of
from slotkeeper.side_effects.announce import announce
from slotkeeper.webhooks.announcement_shapes import WebhookNewEmployee


class FirstMeetingType(msgspec.Struct, frozen=True, kw_only=True):
    """``slug`` None: from the name."""

    info: MeetingInfo
    slug: str | None = None
    days_into_future: DaysIntoFuture = A_YEAR_AHEAD


class CreatedUser(msgspec.Struct, frozen=True, kw_only=True):
    """``page`` is the path of their booking page, that of the meeting type if there is one."""

    user_id: UUID
    availability_id: UUID
    meeting_type_id: UUID | None
    page: str


async def create_user(
    connection: Connection, company_id: UUID, new: NewUser, first_type: FirstMeetingType | None
) -> CreatedUser:
    """Raises ``Conflict`` where the company has a user with this address or slug."""
    async with connection.transaction():
        added = await add_user(connection, company_id, new)
        meeting_type_id, page = None, f"/{added.slug}"
        if first_type is not None:
            slug = first_type.slug or slug_of(first_type.info.name) or f"{first_type.info.duration}-minutes"
            days = first_type.days_into_future
            meeting_type_id = await add_meeting_type(
                connection, company_id, added.user_id, first_type.info, slug=slug, days_into_future=days
            )
            page = f"{page}/{slug}"
        user = await get_user(connection, company_id, added.user_id)
        told = {name: getattr(user, name) for name in WebhookNewEmployee.__struct_fields__}
        await announce(connection, company_id, WebhookNewEmployee(**told))
    return CreatedUser(
        user_id=added.user_id, availability_id=added.availability_id, meeting_type_id=meeting_type_id, page=page
    )
