"""Exceptions to weekly hours (the tag «availability-exception»), on both prefixes as ``availability`` is.

The API's own paths are not public; these are ours (docs/decisions/0042).
"""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType

from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Instant, instant
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.api.time_range import DAY_OR_INSTANT, bounds_of
from slotkeeper.records.caller import Caller
from slotkeeper.records.patch import given
from slotkeeper.schedules.exceptions import (
    AvailabilityException,
    ExceptionFilter,
    ExceptionPatch,
    NewException,
    OwnerType,
    create_exception,
    delete_exception,
    list_exceptions,
    update_exception,
)

ExceptionId = Annotated[int, PathParameter(name="id", ge=1, le=2**53 - 1)]
Title = Annotated[str, msgspec.Meta(max_length=200)]
_WHEN = f"{DAY_OR_INSTANT}; the day in the caller's zone"
Note = Annotated[str, msgspec.Meta(max_length=2000)]


class NewExceptionBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Hours off unless `available`. `ownerId` defaults to the caller, or to the company with `ownerType` company."""

    owner_type: OwnerType = "user"
    owner_id: UUID | None = None
    available: bool = False
    start: Instant
    end: Instant
    title: Title | None = None
    note: Note | None = None


class ExceptionPatchBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Members that are left out stay; the owner always does."""

    available: bool | UnsetType = UNSET
    start: Instant | UnsetType = UNSET
    end: Instant | UnsetType = UNSET
    title: Title | UnsetType | None = UNSET
    note: Note | UnsetType | None = UNSET


@get("/", summary="List exceptions to weekly hours", responses=problems(*READING))
async def list_availability_exceptions(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    owner_id: Annotated[UUID | None, QueryParameter(name="ownerId", description="A colleague: for admins")] = None,
    owner_type: Annotated[OwnerType | None, QueryParameter(name="ownerType")] = None,
    start: Annotated[str | None, QueryParameter(max_length=40, description=_WHEN)] = None,
    end: Annotated[str | None, QueryParameter(max_length=40, description=_WHEN)] = None,
) -> list[AvailabilityException]:
    """The caller's own and the company's, or one owner's; those that overlap the time from `start` to `end`."""
    since, until = bounds_of(start, end, caller.timezone)
    asked = ExceptionFilter(owner_id=owner_id, owner_type=owner_type, start=since, end=until)
    async with services.pool.connection() as connection:
        return await list_exceptions(connection, caller, asked)


@post("/", summary="Create an exception to weekly hours", responses=problems(*WRITING))
async def create_availability_exception(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewExceptionBody]
) -> AvailabilityException:
    """For oneself; for admins also for a colleague or the whole company."""
    new = NewException(
        owner_type=data.owner_type,
        owner_id=data.owner_id,
        available=data.available,
        start=instant("start", data.start),
        end=instant("end", data.end),
        title=data.title,
        note=data.note,
    )
    async with services.pool.connection() as connection:
        return await create_exception(connection, caller, new)


@patch("/{id:str}", summary="Change an exception to weekly hours", responses=problems(*WRITING))
async def update_availability_exception(
    exception_id: ExceptionId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[ExceptionPatchBody],
) -> AvailabilityException:
    """A public holiday that is edited counts as made by hand from then on."""
    async with services.pool.connection() as connection:
        return await update_exception(connection, caller, exception_id, _patch(data))


@delete("/{id:str}", summary="Delete an exception to weekly hours", responses=problems(*READING))
async def delete_availability_exception(
    exception_id: ExceptionId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    async with services.pool.connection() as connection:
        await delete_exception(connection, caller, exception_id)


def _patch(body: ExceptionPatchBody) -> ExceptionPatch:
    members: dict[str, Any] = given(body)
    if body.start is not UNSET:
        members["start"] = instant("start", body.start)
    if body.end is not UNSET:
        members["end"] = instant("end", body.end)
    return ExceptionPatch(**members)


ROUTER = Router(
    "/",
    guards=[require_scope("scheduling")],
    tags=["availability-exception"],
    route_handlers=[
        Router(
            path,
            route_handlers=[
                list_availability_exceptions,
                create_availability_exception,
                update_availability_exception,
                delete_availability_exception,
            ],
        )
        for path in ("/availability-exception", "/v4/availability-exception")
    ],
)
