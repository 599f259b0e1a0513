"""What meeting types leave to the company by ``useCompanySettings``: slotkeeper's own route (docs/decisions/0050)."""

from litestar import Router, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.auth import require_admin, require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.meeting_types.company_settings import (
    CompanySettings,
    CompanySettingsPatch,
    get_company_settings,
    update_company_settings,
)
from slotkeeper.records.caller import Caller


@get("/", summary="Get the company's settings for meeting types", responses=problems(*READING))
async def get_meeting_type_settings(
    caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> CompanySettings:
    async with services.pool.connection() as connection:
        return await get_company_settings(connection, caller.company_id)


@patch("/", summary="Change the company's settings for meeting types", responses=problems(*WRITING))
async def update_meeting_type_settings(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[CompanySettingsPatch]
) -> CompanySettings:
    """By an admin; for every meeting type whose own setting is `useCompanySettings`."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await update_company_settings(connection, caller.company_id, data)


ROUTER = Router(
    "/v4/company/meeting-type-settings",
    guards=[require_scope("scheduling")],
    tags=["Meeting Type V4"],
    route_handlers=[get_meeting_type_settings, update_meeting_type_settings],
)
