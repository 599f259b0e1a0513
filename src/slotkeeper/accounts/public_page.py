"""A user's personal page as everybody sees it: who they are, and what can be booked with them."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from slotkeeper.accounts.personal_page import PersonalPage
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.meeting_types.meeting_type import Translations
from slotkeeper.records.meeting_info import MeetingInfo


class ShownType(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    slug: str
    meeting_info: MeetingInfo
    translations: Translations


class PublicPage(msgspec.Struct, frozen=True, kw_only=True):
    """``types`` are all that are enabled, oldest first."""

    company_name: str
    given_name: str
    family_name: str
    title: str | None
    picture: str | None
    slug: str
    personal_page: PersonalPage
    types: tuple[ShownType, ...]

    @property
    def shown_types(self) -> Sequence[ShownType]:
        """In the user's own order; those that it does not name follow, or are hidden if the user says so."""
        order = {type_id: place for place, type_id in enumerate(self.personal_page.meeting_type_order)}
        shown = [each for each in self.types if self.personal_page.show_all_meeting_types or each.id in order]
        return sorted(shown, key=lambda each: order.get(each.id, len(order)))


async def read_public_page(connection: Connection, slug: str) -> PublicPage:
    """Raises ``NotFound`` for an unknown slug, a deleted user's and a room's. Of two companies' users the older one
    has it."""
    page = await fetch(connection, PublicPage, _READ, {"slug": slug}) if slug.isprintable() else None
    if page is None:
        raise NotFound("no such page")
    return page


_READ = """
    SELECT json_build_object(
        'company_name', c.name, 'given_name', u.given_name, 'family_name', u.family_name, 'title', u.title,
        'picture', u.picture, 'slug', u.slug, 'personal_page', u.personal_page,
        'types', (
            SELECT coalesce(json_agg(json_build_object(
                'id', t.id, 'slug', t.slug, 'meeting_info', t.meeting_info, 'translations', t.translations
            ) ORDER BY t.created_at, t.id), '[]')
            FROM meeting_types t
            WHERE t.company_id = u.company_id AND t.user_id = u.id AND t.enabled AND t.deleted_at IS NULL
        )
    )::text
    FROM users u JOIN companies c ON c.id = u.company_id
    WHERE u.slug = %(slug)s AND u.deleted_at IS NULL AND u.user_type <> 'resource'
    ORDER BY u.created_at, u.id
    LIMIT 1
"""
