"""The two faces of a booking page: choose a time, and the form for one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from litestar import Response

from slotkeeper.emails.when import when
from slotkeeper.web.booking.choice import instant_text, kept, link
from slotkeeper.web.booking.form import LONGEST, Filled, asked_by, new_key
from slotkeeper.web.booking.head import head_of
from slotkeeper.web.booking.visit import Pool, Visit, slots_between, starts_of
from slotkeeper.web.elsewhere import origin_of
from slotkeeper.web.page import page
from slotkeeper.web.pick_time import choices, month_asked, pick_time
from slotkeeper.web.zones import with_zone


async def shown_times(pool: Pool, visit: Visit, *, status: int = 200, alert: str | None = None) -> Response[str]:
    """A month without free times, which nobody asked for, gives way to the next that has some."""
    chosen, query = visit.chosen, visit.query
    month = month_asked(query.get("month"), query.get("day"), chosen.timezone, visit.now)
    found = await slots_between(pool, visit, month.start, month.end)
    if not (month.asked or starts_of(found)) and found.earliest is not None:
        month = month.with_start(found.earliest)
        found = await slots_between(pool, visit, month.start, month.end)
    keep = kept(chosen, visit.offer)
    return page(
        "booking.html",
        visit.locale,
        status=status,
        headers=visit.headers,
        form_action="'self'",
        head=head_of(visit.offer, chosen, visit.locale),
        info=visit.offer.offered.meeting_info,
        picker=pick_time(month, starts_of(found), found.earliest, visit.locale, visit.now, keep),
        regions=with_zone(chosen.timezone),
        timezone=chosen.timezone,
        keep={**keep, **{name: query[name] for name in ("month", "day") if name in query}},
        alert=alert,
    )


def shown_form(
    visit: Visit,
    start: datetime,
    filled: Filled | None = None,
    *,
    status: int = 200,
    alert: str | None = None,
    instead: Sequence[datetime] = (),
    places: int | None = None,
) -> Response[str]:
    """``filled``: what was typed, and what is wrong with it. ``instead``: free times, if ``start`` is none."""
    offer, chosen, locale = visit.offer, visit.chosen, visit.locale
    local = start.astimezone(ZoneInfo(chosen.timezone))
    info = offer.offered.meeting_info
    filled = filled or Filled(typed={}, faults={})
    others = [time.astimezone(ZoneInfo(chosen.timezone)) for time in instead]
    return page(
        "booking_form.html",
        locale,
        status=status,
        headers=visit.headers,
        form_action=" ".join(filter(None, ("'self'", origin_of(info.redirect) if info.enable_redirect else None))),
        head=head_of(offer, chosen, locale),
        info=info,
        asked=asked_by(offer, chosen),
        typed=filled.typed,
        faults=filled.faults,
        longest=LONGEST,
        alert=alert,
        when=when(start, start + timedelta(minutes=chosen.duration), chosen.timezone, locale),
        month=format_date(local, "MMM", locale=locale),
        day=local.day,
        start=instant_text(start),
        instead=[
            (instant_text(time), choice.text)
            for time, choice in zip(others, choices(others, locale, {}, dated=True), strict=True)
        ],
        places=places,
        key=new_key(),
        back=link(kept(chosen, offer, day=f"{local:%Y-%m-%d}")),
    )
