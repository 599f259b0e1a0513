"""Book an appointment, or a seat in one: read once, decide purely, write once."""

from asyncio import to_thread
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.appointments.booking import Booked, Booking, appointment_of, booked_by, change_of
from slotkeeper.appointments.find_holders import ReadOffer, find_holders, suggestions
from slotkeeper.appointments.join_group import joined, write_joined
from slotkeeper.appointments.lock_candidates import lock_candidates
from slotkeeper.appointments.offer import Offer, read_offer
from slotkeeper.appointments.offered_type import info_of, waits_for
from slotkeeper.appointments.policy import require_may_override
from slotkeeper.appointments.verdict import not_free
from slotkeeper.appointments.who_holds import Holding, Wanted
from slotkeeper.appointments.write_booking import Chosen, write_booking
from slotkeeper.availability.intervals import Interval
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Forbidden
from slotkeeper.meeting_types.one_time_links import require_usable
from slotkeeper.records.caller import Caller, Visitor
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.secrets import password_is_right


async def book(
    connection: Connection, caller: Caller | Visitor, request: Booking, now: datetime, *, locked: bool = False
) -> Booked:
    """Raises ``NotFound``, ``Malformed``, ``Forbidden``, ``Conflict`` or ``NotFree``; ``Stale``: try again."""
    if locked:
        await lock_candidates(connection, caller.company_id, request, now)
    read = _reader(connection, caller, request, now)
    offer = await read(None)
    info = info_of(offer.offered, request)
    await _require_password(offer, request)
    used_link = require_usable(request.one_time_link, offer.link, request.meeting_type_id, now)
    actor, through = booked_by(caller)
    if offer.group is not None:
        taken = joined(offer.group, request, now)
        await write_joined(connection, offer.group, taken, change_of(taken, request, actor, through), used_link)
        return taken
    if isinstance(caller, Caller):
        require_may_override(caller, [host.id for host in offer.people], request.overrides)
    wanted = _wanted(request, info)
    offer, holding = await find_holders(read, offer, wanted, now)
    if holding.verdict.refused:
        raise not_free(holding.verdict.refused, await suggestions(read, wanted, holding, now))
    chosen = _decide(offer, info, holding, request, now, used_link)
    await write_booking(connection, chosen, change_of(chosen.booked, request, actor, through), request, now)
    return chosen.booked


def _reader(connection: Connection, caller: Caller | Visitor, request: Booking, now: datetime) -> ReadOffer:
    async def read(within: Interval | None) -> Offer:
        return await read_offer(
            connection,
            caller.company_id,
            request,
            now,
            within=within,
            hold_id=request.hold_id,
            group_id=request.appointment_id,
            one_time_link=request.one_time_link,
        )

    return read


def _wanted(request: Booking, info: MeetingInfo) -> Wanted:
    return Wanted(
        info=info,
        start=request.start,
        overrides=request.overrides,
        chosen=bool(request.host_ids),
        held=request.hold_id is not None,
    )


def _decide(
    offer: Offer, info: MeetingInfo, holding: Holding, request: Booking, now: datetime, used_link: UUID | None
) -> Chosen:
    request = _asked_to_opt_in(request, offer)
    appointment = appointment_of(
        request,
        company_id=offer.company_id,
        company_name=offer.company_name,
        info=info,
        ics=offer.offered.ics,
        seats=offer.offered.spots if info.group_booking else 1,
        hosts=holding.people,
        waiting_for=waits_for(offer.offered),
        queue_id=offer.line.id if offer.line else None,
        custom_link=holding.turn.custom_link if holding.turn else None,
        now=now,
    )
    booked = Booked(appointment=appointment, attendee=request.attendee, verdict=holding.verdict)
    return Chosen(offer=offer, booked=booked, info=info, holding=holding, used_link_id=used_link)


async def _require_password(offer: Offer, request: Booking) -> None:
    """Hashing takes some 30 ms, so it has a thread of its own."""
    expected = offer.offered.password_hash
    if expected is None:
        return
    if not await to_thread(password_is_right, request.password or "", expected):
        raise Forbidden("the booking password is missing or wrong", code="booking-password-wrong")


def _asked_to_opt_in(request: Booking, offer: Offer) -> Booking:
    if not offer.offered.opt_in or offer.offered.meeting_info.group_booking:
        return request
    return msgspec.structs.replace(request, attendee=msgspec.structs.replace(request.attendee, double_opt_in="pending"))
