"""The company's own fields and its reasons for lost deals. Everybody sees them; admins change them."""

from typing import Annotated

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from slotkeeper.api.auth import require_admin
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.crm.custom_fields import CustomFields, RecordType, get_custom_fields, set_custom_fields
from slotkeeper.crm.lost_reasons import LostReasons, get_lost_reasons, set_lost_reasons
from slotkeeper.records.caller import Caller

Record = Annotated[RecordType, QueryParameter(name="recordType", description="Whose fields")]


@get("/settings/custom-fields", summary="The fields of deals or companies", responses=problems(*READING))
async def get_the_custom_fields(
    caller: NamedDependency[Caller], services: NamedDependency[Services], record_type: Record = "deal"
) -> CustomFields:
    """In their order."""
    async with services.pool.connection() as connection:
        return await get_custom_fields(connection, caller.company_id, record_type)


@put("/settings/custom-fields", summary="Replace the fields of deals or companies", responses=problems(*WRITING))
async def put_the_custom_fields(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[CustomFields],
    record_type: Record = "deal",
) -> CustomFields:
    """All of them; what is stored under a key that is left out stays stored."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await set_custom_fields(connection, caller.company_id, record_type, data)


@get("/settings/lost-reasons", summary="Why deals are lost", responses=problems(*READING))
async def get_the_lost_reasons(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> LostReasons:
    """`required`: a deal is lost only with a reason."""
    async with services.pool.connection() as connection:
        return await get_lost_reasons(connection, caller.company_id)


@put("/settings/lost-reasons", summary="Replace the reasons why deals are lost", responses=problems(*WRITING))
async def put_the_lost_reasons(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[LostReasons]
) -> LostReasons:
    """All of them; a reason without a label keeps that of the usual one with its key."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await set_lost_reasons(connection, caller.company_id, data)


HANDLERS = (get_the_custom_fields, put_the_custom_fields, get_the_lost_reasons, put_the_lost_reasons)
