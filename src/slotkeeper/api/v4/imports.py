"""Bring in a booking page of another scheduler."""

from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.at_most import at_most
from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.outbound.address_check import MAX_URL_LENGTH
from slotkeeper.page_import.import_page import Imported, import_page
from slotkeeper.records.caller import Caller


class ImportBody(msgspec.Struct, frozen=True, kw_only=True):
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_URL_LENGTH)]


@post(
    "/",
    summary="Import a booking page of another scheduler",
    guards=[at_most(5, per=timedelta(minutes=1))],
    responses=problems(*WRITING),
)
async def import_booking_page(
    data: JSONBody[ImportBody], caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> Imported:
    """A public page of Calendly or Cal.com, or one event type of it: each becomes a meeting type of the caller.
    Asked again, it makes them again. Five requests a minute.
    """
    return await import_page(services.pool, caller, data.url, services.clock())


ROUTER = Router(
    "/v4/import", guards=[require_scope("scheduling")], tags=["Import"], route_handlers=[import_booking_page]
)
