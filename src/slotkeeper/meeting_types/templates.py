"""Meeting type templates: what a new meeting type may start from, for everybody of the company."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, Meta, to_builtins

from slotkeeper.db.pool import Connection, execute, fetch, fetch_all
from slotkeeper.errors import Forbidden, NotFound
from slotkeeper.meeting_types.columns import json_column
from slotkeeper.meeting_types.consistent import require_consistent
from slotkeeper.meeting_types.edited import edited_info, grouped
from slotkeeper.meeting_types.given import Given, Locations, Spots
from slotkeeper.meeting_types.info_fields import MeetingInfoFields
from slotkeeper.meeting_types.meeting_type import Settings, Translations
from slotkeeper.meeting_types.option_fields import TemplateOptionFields
from slotkeeper.records.caller import Caller
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.meeting_options import MeetingOptions
from slotkeeper.records.patch import patched

Kind = Annotated[str, Meta(min_length=1, max_length=50)]


class NewTemplate(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``templateType`` and ``queueType`` are kept as they are given; their values are not public."""

    meeting_info: MeetingInfoFields
    meeting_options: Given[TemplateOptionFields] = UNSET
    spots: Given[Spots] = UNSET
    locations: Given[Locations] = UNSET
    template_type: Kind = "individual"
    queue_type: Kind | None = None


class Template(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    company_id: UUID
    created_by_id: UUID
    meeting_info: MeetingInfo
    translations: Translations
    meeting_options: MeetingOptions
    spots: int
    locations: tuple[str, ...]
    template_type: str
    queue_type: str | None
    created_at: datetime


async def create_template(connection: Connection, caller: Caller, new: NewTemplate, now: datetime) -> Template:
    """Raises ``Malformed`` naming the field."""
    settings = _settings(new, caller.language)
    template = Template(
        id=uuid4(),
        company_id=caller.company_id,
        created_by_id=caller.user_id,
        meeting_info=settings.meeting_info,
        translations=settings.translations,
        meeting_options=settings.meeting_options,
        spots=settings.spots,
        locations=settings.locations,
        template_type=new.template_type,
        queue_type=new.queue_type,
        created_at=now,
    )
    await execute(connection, _INSERT, _params(template))
    return template


async def list_templates(connection: Connection, company_id: UUID) -> list[Template]:
    """The company's, oldest first."""
    return await fetch_all(connection, Template, _LIST, {"company_id": company_id})


async def get_template(connection: Connection, company_id: UUID, template_id: UUID) -> Template:
    """Raises ``NotFound`` alike for an unknown id, a deleted one and another company's."""
    template = await fetch(connection, Template, _GET, {"company_id": company_id, "id": template_id})
    if template is None:
        raise NotFound(f"template {template_id} not found")
    return template


async def delete_template(connection: Connection, caller: Caller, template_id: UUID) -> None:
    """By who made it or an admin; meeting types made from it stay. Raises ``NotFound`` or ``Forbidden``."""
    template = await get_template(connection, caller.company_id, template_id)
    if not caller.is_admin and caller.user_id != template.created_by_id:
        raise Forbidden("only who made this template or an admin of the company may delete it")
    await execute(connection, _DELETE, {"company_id": caller.company_id, "id": template_id})


def _settings(new: NewTemplate, language: str) -> Settings:
    info, translations = edited_info(
        Settings().meeting_info, Translations(), grouped(new.meeting_info, new.spots), language
    )
    options = patched(MeetingOptions(), new.meeting_options)
    settings = Settings(meeting_info=info, translations=translations, meeting_options=options)
    settings = patched(settings, msgspec.structs.replace(new, meeting_info=UNSET, meeting_options=UNSET))
    require_consistent(settings)
    return settings


def _params(template: Template) -> dict[str, object]:
    structs = ("meeting_info", "translations", "meeting_options")
    return {
        **msgspec.structs.asdict(template),
        **{name: json_column(to_builtins(getattr(template, name))) for name in structs},
        "locations": list(template.locations),
    }


TEMPLATE_SETTINGS_JSON = """json_build_object(
    'meetingInfo', m.meeting_info, 'translations', m.translations, 'meetingOptions', m.meeting_options,
    'spots', m.spots, 'locations', m.locations
)"""
"""Of ``m`` (meeting_type_templates): the settings that a new meeting type takes over."""

_INSERT = """
    INSERT INTO meeting_type_templates (
        company_id, id, created_by, meeting_info, translations, meeting_options, spots, locations, template_type,
        queue_type, created_at
    )
    VALUES (
        %(company_id)s, %(id)s, %(created_by_id)s, %(meeting_info)s, %(translations)s, %(meeting_options)s, %(spots)s,
        %(locations)s, %(template_type)s, %(queue_type)s, %(created_at)s
    )
"""

_TEMPLATE_JSON = """json_build_object(
    'id', m.id, 'companyId', m.company_id, 'createdById', m.created_by, 'meetingInfo', m.meeting_info,
    'translations', m.translations, 'meetingOptions', m.meeting_options, 'spots', m.spots, 'locations', m.locations,
    'templateType', m.template_type, 'queueType', m.queue_type, 'createdAt', m.created_at
)::text"""

_LIST = f"""
    SELECT {_TEMPLATE_JSON} FROM meeting_type_templates m
    WHERE m.company_id = %(company_id)s AND m.deleted_at IS NULL
    ORDER BY m.created_at, m.id
"""

_GET = f"""
    SELECT {_TEMPLATE_JSON} FROM meeting_type_templates m
    WHERE m.company_id = %(company_id)s AND m.id = %(id)s AND m.deleted_at IS NULL
"""

_DELETE = """
    UPDATE meeting_type_templates SET deleted_at = now() WHERE company_id = %(company_id)s AND id = %(id)s
"""
