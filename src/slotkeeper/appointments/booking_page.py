"""What the public page of a meeting type shows and needs: found by the two slugs of its address."""

from uuid import UUID

import msgspec

from slotkeeper.appointments.offered_type import OFFERED_JSON, OfferedType
from slotkeeper.appointments.turns import QUEUE_HOST_IDS
from slotkeeper.db.appointments import HOSTS_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.meeting_types.meeting_type import Translations
from slotkeeper.records.people import Host


class BookingPage(msgspec.Struct, frozen=True, kw_only=True):
    """``timezone`` is the owner's. ``hosts`` are those of the queue, else the owner; ``link_key`` is encrypted."""

    company_id: UUID
    company_name: str
    link_key: bytes
    meeting_type_id: UUID
    timezone: str
    offered: OfferedType
    translations: Translations
    takes_guests: bool
    hosts: tuple[Host, ...]
    queue_id: UUID | None
    choosable_ids: tuple[UUID, ...]
    """The queue's members, where visitors may choose one of them."""
    must_choose: bool

    def name_in(self, language: str) -> str:
        return self.translations.name.get(language) or self.offered.meeting_info.name

    def description_in(self, language: str) -> str:
        return self.translations.description.get(language) or self.offered.meeting_info.description

    @property
    def choosable(self) -> tuple[Host, ...]:
        return tuple(host for host in self.hosts if host.id in self.choosable_ids)

    @property
    def durations(self) -> tuple[int, ...]:
        """Minutes, shortest first."""
        return tuple(sorted({self.offered.meeting_info.duration, *self.offered.allowed_durations}))

    @property
    def channels(self) -> tuple[str, ...]:
        """The usual one first."""
        return tuple(dict.fromkeys((self.offered.meeting_info.channel, *self.offered.allowed_channels)))

    @property
    def consent_question(self) -> str | None:
        """What CRMs ask attendees, where the meeting type keeps others out of them (docs/decisions/0033)."""
        return str(self.offered.crm_options.get("crmOptInFieldName") or "").strip() or None


async def read_booking_page(connection: Connection, user_slug: str, type_slug: str) -> BookingPage:
    """Raises ``NotFound`` alike for an unknown address, and one whose meeting type is disabled or deleted, or whose
    user is. Of two companies' users with the same slugs the older one has the address."""
    params = {"user_slug": user_slug, "type_slug": type_slug}
    printable = user_slug.isprintable() and type_slug.isprintable()
    page = await fetch(connection, BookingPage, _READ, params) if printable else None
    if page is None:
        raise NotFound("no such page")
    return page


_READ = f"""
    SELECT json_build_object(
        'company_id', c.id, 'company_name', c.name,
        'link_key', translate(encode(c.link_key, 'base64'), E'\\n', ''),
        'meeting_type_id', t.id, 'timezone', u.timezone, 'offered', {OFFERED_JSON}, 'translations', t.translations,
        'takes_guests', coalesce((t.meeting_options ->> 'allowAddingGuests')::boolean, true),
        'hosts', coalesce({HOSTS_JSON}, '[]'), 'queue_id', q.id,
        'choosable_ids', CASE WHEN (t.meeting_options ->> 'allowHostSelection')::boolean THEN (
            SELECT coalesce(json_agg(m.user_id), '[]') FROM queue_members m
            WHERE m.company_id = q.company_id AND m.queue_id = q.id
        ) ELSE '[]' END,
        'must_choose', coalesce((t.meeting_options ->> 'forceHostSelection')::boolean, false)
    )::text
    FROM users u
    JOIN meeting_types t ON t.company_id = u.company_id AND t.user_id = u.id AND t.slug = %(type_slug)s
        AND t.enabled AND t.deleted_at IS NULL
    JOIN companies c ON c.id = u.company_id
    LEFT JOIN queues q ON q.company_id = t.company_id AND q.id = t.queue_id AND q.deleted_at IS NULL
    CROSS JOIN LATERAL (
        SELECT t.company_id, CASE WHEN q.id IS NOT NULL THEN {QUEUE_HOST_IDS} ELSE ARRAY[t.user_id] END AS host_ids
    ) a
    WHERE u.slug = %(user_slug)s AND u.deleted_at IS NULL
    ORDER BY u.created_at, u.id
    LIMIT 1
"""
