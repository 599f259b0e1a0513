"""The parameters and members that all lists of the CRM have (meetergo-v4-api.md 1.6)."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import PathParameter, QueryParameter

from slotkeeper.crm.page import Page

PageNumber = Annotated[int, QueryParameter(ge=1, le=1_000_000, description="Counts from 1")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="Rows of a page")]
Search = Annotated[str, QueryParameter(max_length=200)]
Id = Annotated[UUID, PathParameter(name="id")]
OwnerId = Annotated[UUID | None, QueryParameter(name="ownerId")]


class PageJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``page`` counts from 1."""

    total: int
    total_pages: int
    page: int
    limit: int


def numbers(page: Page, total: int) -> dict[str, int]:
    return {"total": total, "total_pages": page.pages(total), "page": page.number, "limit": page.limit}
