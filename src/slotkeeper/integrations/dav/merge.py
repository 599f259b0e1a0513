"""Our move, written into an event that others have edited meanwhile. Pure.

What others added stays: alarms, categories, X- properties, an edited description, people whom they invited. Ours wins
for what a move decides: the time and its zone, STATUS, and who has to answer again. SEQUENCE and DTSTAMP never go back
(RFC 5545 section 3.8.7.4).
"""

from collections.abc import Iterator

from icalendar import Calendar, Event, vCalAddress

_OURS = ("DTSTART", "DTEND", "DURATION", "STATUS", "ORGANIZER", "LAST-MODIFIED")


def merge(ours: str, theirs: str) -> str:
    """The object to store; ``ours`` is ``build_ics(…, method=None)``, ``theirs`` what lies in the calendar now.

    An object that holds no event of our UID is replaced. Raises ``ValueError`` where ``theirs`` cannot be read.
    """
    our_calendar, merged = _read(ours), _read(theirs)
    our_event = our_calendar.events[0]
    event = _event_of(merged, str(our_event["UID"]))
    if event is None:
        return ours
    _take_times_and_state(event, our_event)
    _take_people(event, our_event)
    _take_what_is_missing(event, our_event)
    _take_zones(merged, our_calendar)
    merged.pop("METHOD", None)  # forbidden in stored objects: RFC 4791 section 4.1
    merged["PRODID"] = our_calendar["PRODID"]
    return str(merged.to_ical(sorted=False), "utf-8")


def _read(ics: str) -> Calendar:
    component = Calendar.from_ical(ics)
    if isinstance(component, Calendar):
        return component
    raise ValueError("not a VCALENDAR")


def _event_of(calendar: Calendar, uid: str) -> Event | None:
    """The event itself, not one of its overridden instances."""
    return next((e for e in calendar.events if str(e.get("UID")) == uid and "RECURRENCE-ID" not in e), None)


def _take_times_and_state(event: Event, ours: Event) -> None:
    for name in _OURS:
        event.pop(name, None)
        if name in ours:
            event[name] = ours[name]
    event.sequence = max(event.sequence, ours.sequence)
    event.DTSTAMP = max(stamp for stamp in (event.DTSTAMP, ours.DTSTAMP) if stamp)


def _take_people(event: Event, ours: Event) -> None:
    """Ours as we write them, then those whom others invited: they have to answer again too.

    The mails of a move are ours to send or to mute, so the server sends none: SCHEDULE-AGENT, RFC 6638 section 7.1.
    """
    known = {_mailbox(address) for address in _attendees(ours)}
    invited_by_others = [address for address in _attendees(event) if _mailbox(address) not in known]
    for address in invited_by_others:
        address.params["PARTSTAT"] = "NEEDS-ACTION"
        address.params["SCHEDULE-AGENT"] = "CLIENT"
    event.pop("ATTENDEE", None)
    for address in [*_attendees(ours), *invited_by_others]:
        event.add("ATTENDEE", address)


def _attendees(event: Event) -> Iterator[vCalAddress]:
    """The library gives one value as itself and several as a list."""
    values = event.get("ATTENDEE", [])
    yield from values if isinstance(values, list) else [values]


def _mailbox(address: vCalAddress) -> str:
    return str(address).casefold()


def _take_what_is_missing(event: Event, ours: Event) -> None:
    for name in ours:
        if name not in event:
            event[name] = ours[name]


def _take_zones(calendar: Calendar, ours: Calendar) -> None:
    """Our definition of each TZID that we use; others may still be named by what they added."""
    used = {str(zone["TZID"]) for zone in ours.timezones}
    kept = [c for c in calendar.subcomponents if c.name != "VTIMEZONE" or str(c.get("TZID")) not in used]
    calendar.subcomponents = [*ours.timezones, *kept]
