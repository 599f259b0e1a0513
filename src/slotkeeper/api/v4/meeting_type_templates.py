"""What a new meeting type may start from (the tag «Meeting Type Template V4»)."""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.meeting_types.templates import (
    NewTemplate,
    Template,
    create_template,
    delete_template,
    get_template,
    list_templates,
)
from slotkeeper.records.caller import Caller

TemplateId = Annotated[UUID, PathParameter(name="id")]


@post("/create", summary="Create a meeting type template", responses=problems(*WRITING))
async def create_meeting_type_template(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewTemplate]
) -> Template:
    """For everybody of the company; `templateId` of a new meeting type starts from it."""
    async with services.pool.connection() as connection:
        return await create_template(connection, caller, data, services.clock())


@get("/", summary="List meeting type templates", responses=problems(*READING))
async def list_meeting_type_templates(
    caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Template]:
    async with services.pool.connection() as connection:
        return await list_templates(connection, caller.company_id)


@get("/{id:str}", summary="Get a meeting type template", responses=problems(*READING))
async def get_meeting_type_template(
    template_id: TemplateId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> Template:
    async with services.pool.connection() as connection:
        return await get_template(connection, caller.company_id, template_id)


@delete("/{id:str}", summary="Delete a meeting type template", responses=problems(*READING))
async def delete_meeting_type_template(
    template_id: TemplateId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """By who made it or an admin; meeting types made from it stay."""
    async with services.pool.connection() as connection:
        await delete_template(connection, caller, template_id)


ROUTER = Router(
    "/v4/meeting-type-template",
    guards=[require_scope("scheduling")],
    tags=["Meeting Type Template V4"],
    route_handlers=[
        create_meeting_type_template,
        list_meeting_type_templates,
        get_meeting_type_template,
        delete_meeting_type_template,
    ],
)
