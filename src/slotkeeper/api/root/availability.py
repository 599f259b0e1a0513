"""Weekly schedules (the tag «availability»), under ``/availability`` as in the API and under ``/v4/availability``.

Everybody manages their own; an admin also those of colleagues.
"""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller
from slotkeeper.records.patch import given
from slotkeeper.records.time_zone import time_zone
from slotkeeper.schedules.exceptions import AvailabilityException
from slotkeeper.schedules.holiday_sets import HolidaySet, set_holidays
from slotkeeper.schedules.public_holidays import Country, GermanState
from slotkeeper.schedules.stored import Availability, get_availability, list_availabilities
from slotkeeper.schedules.weekly_hours import WeekBody, WeeklyHours, weekly_schedule
from slotkeeper.schedules.weekly_schedules import (
    AvailabilityPatch,
    NewAvailability,
    create_availability,
    delete_availability,
    update_availability,
)

AvailabilityId = Annotated[UUID, PathParameter(name="id")]
UserId = Annotated[UUID | None, QueryParameter(name="userId", description="Of this user; for admins")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
EventTitle = Annotated[str, msgspec.Meta(max_length=200)]


class NewAvailabilityBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Without `timezone` the company's; without `schedule` no hours but those of exceptions. `userId`: for admins."""

    name: Name
    schedule: WeeklyHours = WeekBody()
    timezone: str | None = None
    is_default: bool = False
    use_explicit_availability: bool = False
    explicit_availability_event_title: EventTitle | None = None
    user_id: UUID | None = None


class AvailabilityPatchBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Members that are left out stay; `schedule` replaces the whole week."""

    name: Name | UnsetType = UNSET
    schedule: WeeklyHours | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    is_default: bool | UnsetType = UNSET
    use_explicit_availability: bool | UnsetType = UNSET
    explicit_availability_event_title: EventTitle | UnsetType | None = UNSET


class HolidaysBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`germanState` goes with `country` DE only."""

    year: Annotated[int, msgspec.Meta(ge=2000, le=2100)]
    country: Country
    german_state: GermanState | None = None


@get("/", summary="List weekly schedules", responses=problems(*READING))
async def list_schedules(
    caller: NamedDependency[Caller], services: NamedDependency[Services], user_id: UserId = None
) -> list[Availability]:
    """The caller's own, or for an admin one colleague's."""
    async with services.pool.connection() as connection:
        return await list_availabilities(connection, caller, user_id or caller.user_id)


@post("/", summary="Create a weekly schedule", responses=problems(*WRITING))
async def create_schedule(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewAvailabilityBody]
) -> Availability:
    """A user's first one is their default. Older clients' array of days is taken as well."""
    new = NewAvailability(
        user_id=data.user_id or caller.user_id,
        name=data.name,
        schedule=weekly_schedule("schedule", data.schedule),
        timezone=time_zone("timezone", data.timezone or caller.timezone),
        is_default=data.is_default,
        use_explicit_availability=data.use_explicit_availability,
        explicit_availability_event_title=data.explicit_availability_event_title,
    )
    async with services.pool.connection() as connection:
        return await create_availability(connection, caller, new)


@get("/{id:str}", summary="Get a weekly schedule", responses=problems(*READING))
async def get_schedule(
    availability_id: AvailabilityId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> Availability:
    async with services.pool.connection() as connection:
        return await get_availability(connection, caller, availability_id)


@patch("/{id:str}", summary="Change a weekly schedule", responses=problems(*WRITING))
async def update_schedule(
    availability_id: AvailabilityId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[AvailabilityPatchBody],
) -> Availability:
    """`isDefault: true` takes the default over from another one."""
    async with services.pool.connection() as connection:
        return await update_availability(connection, caller, availability_id, _patch(data))


@delete("/{id:str}", summary="Delete a weekly schedule", responses=problems(*READING, 409))
async def delete_schedule(
    availability_id: AvailabilityId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """Not the default one, and none that a meeting type uses."""
    async with services.pool.connection() as connection:
        await delete_availability(connection, caller, availability_id)


@patch("/{id:str}/holiday-exceptions", summary="Set public holidays", responses=problems(*WRITING))
async def set_holiday_exceptions(
    availability_id: AvailabilityId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[HolidaysBody],
) -> list[AvailabilityException]:
    """Makes the year's public holidays days off, in place of those that an earlier call made for that year. Exceptions
    made or edited by hand stay.
    """
    if data.german_state is not None and data.country != "DE":
        raise Malformed.field("germanState", "must be left out unless country is DE")
    wanted = HolidaySet(year=data.year, country=data.country, german_state=data.german_state)
    async with services.pool.connection() as connection:
        return await set_holidays(connection, caller, availability_id, wanted)


def _patch(body: AvailabilityPatchBody) -> AvailabilityPatch:
    members: dict[str, Any] = given(body)
    if body.schedule is not UNSET:
        members["schedule"] = weekly_schedule("schedule", body.schedule)
    if body.timezone is not UNSET:
        members["timezone"] = time_zone("timezone", body.timezone)
    return AvailabilityPatch(**members)


ROUTER = Router(
    "/",
    guards=[require_scope("scheduling")],
    tags=["availability"],
    route_handlers=[
        Router(
            path,
            route_handlers=[
                list_schedules,
                create_schedule,
                get_schedule,
                update_schedule,
                delete_schedule,
                set_holiday_exceptions,
            ],
        )
        for path in ("/availability", "/v4/availability")
    ],
)
