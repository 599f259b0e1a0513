"""See one's appointment, and the times it can be moved to, by the secret of a mailed link, without a token."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from slotkeeper.api.answer import JSON
from slotkeeper.api.openapi import problems, success
from slotkeeper.api.preconditions import etag_of
from slotkeeper.api.public.attendee_changes import cancel_by_secret, confirm_by_secret, reschedule_by_secret
from slotkeeper.api.public.secret import BY_SECRET, Attendee, router_by_secret
from slotkeeper.api.public.seen_json import SeenAppointmentJson, present
from slotkeeper.api.response_headers import ETAG
from slotkeeper.api.services import Services
from slotkeeper.api.time_range import DAY_OR_INSTANT, range_of
from slotkeeper.api.v4.booking_availability_json import present as present_slots
from slotkeeper.api.v4.booking_availability_shapes import BookingAvailabilityJson
from slotkeeper.appointments.attendee_slots import free_times
from slotkeeper.appointments.by_secret import seen_by
from slotkeeper.records.time_zone import time_zone

_WHEN = f"{DAY_OR_INSTANT}; the day in `timezone`"


@get(
    "/",
    summary="See one's appointment",
    response_headers=[ETAG],
    responses=problems(*BY_SECRET),
)
async def get_appointment_by_secret(
    attendee: Attendee,
    services: NamedDependency[Services],
) -> Response[SeenAppointmentJson]:
    """As its attendee sees it, with what they may do and, where they may not, why."""
    async with services.pool.connection() as connection:
        seen = await seen_by(connection, attendee)
    return Response(present(seen, services.clock()), headers={"ETag": etag_of(seen.appointment.version)})


@get(
    "/free-times",
    summary="The free times that one's appointment can be moved to",
    responses={200: success(BookingAvailabilityJson, "The free times"), **problems(*BY_SECRET, 409)},
)
async def get_free_times_by_secret(
    attendee: Attendee,
    services: NamedDependency[Services],
    start: Annotated[str, QueryParameter(max_length=40, description=_WHEN)],
    end: Annotated[str, QueryParameter(max_length=40, description=f"{_WHEN}; at most 366 days after `start`")],
    timezone: Annotated[str | None, QueryParameter(max_length=100, description="Default: the attendee's")] = None,
) -> Response[Any]:
    """Under the meeting type's policy; 409 where that lets the attendee move it to no time at all."""
    async with services.pool.connection() as connection:
        seen = await seen_by(connection, attendee)
        zone = time_zone("timezone", timezone or seen.attendee.timezone)
        since, until = range_of(start, end, zone)
        found = await free_times(connection, seen, since, until, services.clock())
    return Response(present_slots(found, zone), media_type=JSON)


ROUTER = router_by_secret(
    "",
    [get_appointment_by_secret, get_free_times_by_secret, reschedule_by_secret, cancel_by_secret, confirm_by_secret],
    "Appointment by secret",
)
