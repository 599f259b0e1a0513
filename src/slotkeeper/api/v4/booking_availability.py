"""Free slots of a meeting type (the tag «Booking Availability V4»)."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from slotkeeper.api.answer import JSON
from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, problems, success
from slotkeeper.api.services import Services
from slotkeeper.api.time_range import DAY_OR_INSTANT, range_of
from slotkeeper.api.v4.booking_availability_json import present
from slotkeeper.api.v4.booking_availability_shapes import BookingAvailabilityJson
from slotkeeper.appointments.free_slots import FreeSlots, find_free_slots
from slotkeeper.appointments.slot_query import SlotQuery
from slotkeeper.appointments.slots_of_hosts import Calculation
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller
from slotkeeper.records.time_zone import time_zone
from slotkeeper.side_effects.read_again import read_again

_MOST_HOSTS = 100
_FRESH = timedelta(minutes=1)
_WHEN = f"{DAY_OR_INSTANT}; the day in `timezone`"


@get(
    "/",
    tags=["Booking Availability V4"],
    summary="Get booking availability for a meeting type",
    responses={200: success(BookingAvailabilityJson, "The free slots"), **problems(*READING)},
)
async def get_booking_availability(
    *,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    meeting_type_id: Annotated[UUID, QueryParameter(name="meetingTypeId")],
    start: Annotated[str, QueryParameter(max_length=40, description=_WHEN)],
    end: Annotated[str, QueryParameter(max_length=40, description=f"{_WHEN}; at most 366 days after `start`")],
    meeting_duration: Annotated[
        int | None, QueryParameter(name="meetingDuration", description="Minutes; one that the meeting type allows")
    ] = None,
    host_ids: Annotated[
        list[str] | None, QueryParameter(name="hostIds", description="UUIDs: the key repeated, or comma-separated")
    ] = None,
    queue_id: Annotated[UUID | None, QueryParameter(name="queueId")] = None,
    existing_appointment_id: Annotated[
        UUID | None, QueryParameter(name="existingAppointmentId", description="One that is to move: it blocks nothing")
    ] = None,
    calculation_method: Annotated[
        Calculation | None,
        QueryParameter(name="calculationMethod", description="Default: `anyone`; to move an appointment, `everyone`"),
    ] = None,
    timezone: Annotated[str | None, QueryParameter(max_length=100, description="Default: the company's")] = None,
    hide_group_appointments: Annotated[bool, QueryParameter(name="hideGroupAppointments")] = False,
    skip_earliest_booking_calculation: Annotated[
        bool, QueryParameter(name="skipEarliestBookingCalculation", description="Do not look past an empty range")
    ] = False,
    troubleshoot: FromQuery[bool] = False,
    refresh_cache: Annotated[bool, QueryParameter(name="refreshCache")] = False,
    _resource_channel_ids: Annotated[
        list[str] | None, QueryParameter(name="resourceChannelIds", description="Accepted; limits nothing yet")
    ] = None,
    channel: Annotated[str | None, QueryParameter(max_length=50)] = None,
) -> Response[Any]:
    """Every start at which the hosts can take the meeting, by day. Without `hostIds` and `queueId` they are the
    meeting type's queue or its owner. `troubleshoot` adds the slots that cannot be booked, each with the reasons;
    `refreshCache` has outside calendars read again if they were read more than a minute ago.
    """
    zone = time_zone("timezone", timezone or caller.timezone)
    since, until = range_of(start, end, zone)
    query = SlotQuery(
        meeting_type_id=meeting_type_id,
        start=since,
        end=until,
        duration=meeting_duration,
        host_ids=_ids(host_ids or ()),
        queue_id=queue_id,
        moved_id=existing_appointment_id,
        calculation=calculation_method,
        channel=channel,
        with_groups=not hide_group_appointments,
        look_ahead=not skip_earliest_booking_calculation,
        troubleshoot=troubleshoot,
    )
    found = await _found(services, caller, query)
    if refresh_cache and (old := found.calendars_older_than(_FRESH, services.clock())):
        await read_again(services.pool, caller.company_id, old)
        found = await _found(services, caller, query)
    return Response(present(found, zone), media_type=JSON)


async def _found(services: Services, caller: Caller, query: SlotQuery) -> FreeSlots:
    async with services.pool.connection() as connection:
        return await find_free_slots(connection, caller, query, services.clock())


def _ids(given: "list[str] | tuple[()]") -> tuple[UUID, ...]:
    """Each once. Raises ``Malformed``."""
    texts = [text.strip() for part in given for text in part.split(",") if text.strip()]
    if len(texts) > _MOST_HOSTS:
        raise Malformed.field("hostIds", f"must name at most {_MOST_HOSTS} hosts")
    try:
        return tuple(dict.fromkeys(UUID(text) for text in texts))
    except ValueError as error:
        raise Malformed.field("hostIds", "must be UUIDs") from error


ROUTER = Router(
    "/v4/booking-availability",
    guards=[require_scope("scheduling", or_owner=True)],
    route_handlers=[get_booking_availability],
)
