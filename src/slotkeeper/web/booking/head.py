"""What the templates of a booking page read of the meeting type and of the choices made so far. Pure."""

from collections.abc import Sequence

import msgspec
from babel import Locale
from babel.units import format_unit

from slotkeeper.appointments.booking_page import BookingPage
from slotkeeper.records.people import Host
from slotkeeper.web.booking.choice import Chosen, kept, link

_MOST_FACES = 6


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One of several to choose from. Of a channel, ``text`` is its name in the API; empty: any host."""

    text: str
    link: str
    chosen: bool


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """``others`` is how many hosts are not named."""

    company: str
    name: str
    description: str
    hosts: Sequence[Host]
    others: int
    one_of_hosts: bool
    duration: str
    channel: str
    durations: Sequence[Option]
    channels: Sequence[Option]
    hosts_to_choose: Sequence[Option]


def head_of(page: BookingPage, chosen: Chosen, locale: Locale) -> Head:
    hosts = (chosen.host,) if chosen.host else page.hosts
    shown = hosts[:_MOST_FACES]
    return Head(
        company=page.company_name,
        name=page.name_in(locale.language),
        description=page.description_in(locale.language),
        hosts=shown,
        others=len(hosts) - len(shown),
        one_of_hosts=page.queue_id is not None and len(hosts) > 1,
        duration=length(chosen.duration, locale),
        channel=chosen.channel,
        durations=[
            Option(
                text=length(minutes, locale),
                link=link(kept(chosen, page, duration=minutes)),
                chosen=minutes == chosen.duration,
            )
            for minutes in page.durations
        ],
        channels=[
            Option(text=channel, link=link(kept(chosen, page, channel=channel)), chosen=channel == chosen.channel)
            for channel in page.channels
        ],
        hosts_to_choose=_hosts(page, chosen),
    )


def _hosts(page: BookingPage, chosen: Chosen) -> Sequence[Option]:
    anyone = () if page.must_choose or not page.choosable else (None,)
    return [
        Option(
            text=host.full_name if host else "",
            link=link(kept(chosen, page, host=host and host.slug)),
            chosen=host == chosen.host,
        )
        for host in (*anyone, *page.choosable)
    ]


def length(minutes: int, locale: Locale) -> str:
    """In hours where they are whole ones."""
    if minutes % 60:
        return format_unit(minutes, "duration-minute", locale=locale)
    return format_unit(minutes // 60, "duration-hour", locale=locale)
