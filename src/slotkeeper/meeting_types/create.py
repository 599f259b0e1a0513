"""Create a meeting type, from the defaults or from a template, with the schedules that it brings along."""

from datetime import datetime
from uuid import UUID

import msgspec
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.attempts import Stale, in_attempts
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Forbidden, Malformed
from slotkeeper.meeting_types.edited import edited
from slotkeeper.meeting_types.fields import NewMeetingType
from slotkeeper.meeting_types.insert import insert_meeting_type, slug_exists
from slotkeeper.meeting_types.links_of_meeting_type import NewLink, create_link
from slotkeeper.meeting_types.meeting_type import MeetingType, Settings
from slotkeeper.meeting_types.password import hash_of, hash_to_keep
from slotkeeper.meeting_types.references import KNOWN_JSON, Known, reference_params, require_known
from slotkeeper.meeting_types.slug import slug_for
from slotkeeper.meeting_types.templates import TEMPLATE_SETTINGS_JSON
from slotkeeper.records.caller import Caller


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """``template`` is null where there is no such template."""

    owner_exists: bool
    slugs: tuple[str, ...]
    known: Known
    template: Settings | None


class Created(msgspec.Struct, frozen=True, kw_only=True):
    meeting_type: MeetingType
    link: NewLink | None


async def create_type(
    pool: "AsyncConnectionPool[Connection]", caller: Caller, new: NewMeetingType, now: datetime
) -> Created:
    """For the caller, or by an admin for a colleague. Raises ``Malformed``, ``Forbidden``, ``Conflict``."""
    owner_id = new.user_id or caller.user_id
    if owner_id != caller.user_id and not caller.is_admin:
        raise Forbidden("only an admin may create a meeting type for another user")
    password_hash = await hash_of(new)

    async def attempt(connection: Connection, _locked: bool) -> Created:
        async with connection.transaction():
            return await _create(connection, caller, owner_id, new, password_hash, now)

    return await in_attempts(pool, attempt)


async def _create(
    connection: Connection,
    caller: Caller,
    owner_id: UUID,
    new: NewMeetingType,
    password_hash: str | None,
    now: datetime,
) -> Created:
    situation = await _read(connection, caller, owner_id, new)
    settings, schedules = edited(situation.template or Settings(), new, caller.language)
    kept_hash = hash_to_keep(settings.meeting_options.booking_page_password, None, password_hash)
    slug = new.slug or slug_for(settings.meeting_info.name, caller.language, situation.slugs)
    meeting_type = await insert_meeting_type(
        connection,
        caller.company_id,
        owner_id,
        settings,
        slug,
        created_by=caller.user_id,
        password_hash=kept_hash,
        schedules=schedules,
    )
    if meeting_type is None:
        if new.slug:
            raise slug_exists(new.slug)
        raise Stale
    wants_link = new.options is not None and new.options.create_one_time_link
    link = await create_link(connection, caller, meeting_type.id, None, now) if wants_link else None
    return Created(meeting_type=meeting_type, link=link)


async def _read(connection: Connection, caller: Caller, owner_id: UUID, new: NewMeetingType) -> Situation:
    params = {
        **reference_params(new),
        "company_id": caller.company_id,
        "user_id": owner_id,
        "template_id": new.template_id,
    }
    situation = await fetch(connection, Situation, _READ, params)
    if situation is None or not situation.owner_exists:
        raise Malformed.field("userId", "must name a user of this company")
    if new.template_id and situation.template is None:
        raise Malformed.field("templateId", "must name a template of this company")
    require_known(new, situation.known, owner_id)
    return situation


_READ = f"""
    SELECT json_build_object(
        'owner_exists', EXISTS (
            SELECT FROM users u
            WHERE u.company_id = %(company_id)s AND u.id = %(user_id)s AND u.deleted_at IS NULL
        ),
        'slugs', (
            SELECT coalesce(json_agg(t.slug), '[]') FROM meeting_types t
            WHERE t.company_id = %(company_id)s AND t.user_id = %(user_id)s AND t.deleted_at IS NULL
        ),
        'known', {KNOWN_JSON},
        'template', (
            SELECT {TEMPLATE_SETTINGS_JSON} FROM meeting_type_templates m
            WHERE m.company_id = %(company_id)s AND m.id = %(template_id)s::uuid AND m.deleted_at IS NULL
        )
    )::text
"""
