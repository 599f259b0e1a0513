"""How one of each thing is made, by its host: anew for each request that changes it."""

from typing import Any

from tests.api.access.world import Maker, World

WHEN = "2037-12-07T09:00:00Z"


def appointment(world: World) -> dict[str, Any]:
    """Moved once, so that there is a move to take back."""
    body = {"meetingTypeId": world.ids["meeting-type"], "attendee": {"email": "ann@example.org"}}
    made = world.made("host", "/v4/booking", **body, start=world.free(), ignoreAvailability=True)
    one = f"/v4/appointment/{made['appointmentId']}"
    shown = world.made("host", f"{one}/reschedule", start=world.free(), ignoreAvailability=True)["appointment"]
    [attendee] = shown["attendees"]
    return {"appointment": shown["id"], "attendee": attendee["id"], "secret": attendee["secret"]}


def proposal(world: World) -> dict[str, Any]:
    """An attendee's, to the host of their appointment."""
    made, start = appointment(world), world.free()
    path = f"/v4/appointment/by-secret/{made['secret']}/proposals"
    return {**made, "proposalId": world.made("nobody", path, starts=[start])["id"], "proposed": start}


def provisional_booking(world: World) -> dict[str, Any]:
    body = {"meetingTypeId": world.ids["type to confirm"], "attendee": {"email": "ann@example.org"}}
    made = world.made("host", "/v4/booking", **body, start=world.free())
    return {"provisional-booking": made["provisionalBookingId"]}


def meeting_type(world: World) -> dict[str, Any]:
    shown = world.made("host", "/v4/meeting-type", meetingInfo={"name": "Talk"})
    made, (user_slug, type_slug) = shown["id"], shown["bookingUrl"].rsplit("/", 2)[1:]
    return {"meeting-type": made, "meetingTypeId": made, "user_slug": user_slug, "type_slug": type_slug}


def template(world: World) -> dict[str, Any]:
    made = world.made("host", "/v4/meeting-type-template/create", meetingInfo={"name": "Talk"})
    return {"meeting-type-template": made["id"]}


def one_time_link(world: World) -> dict[str, Any]:
    made = world.made("host", f"/v4/one-time-booking-link/create/{world.ids['meeting-type']}")
    return {"one-time-booking-link": made["id"], "token": made["url"].rpartition("/")[2]}


def hold(world: World) -> dict[str, Any]:
    made = world.made("host", "/v4/hold", meetingTypeId=world.ids["meeting-type"], start=world.free())
    return {"hold": made["holdId"]}


def hours(world: World) -> dict[str, Any]:
    return {"availability": world.made("host", "/availability", name="Evenings")["id"]}


def day_off(world: World) -> dict[str, Any]:
    made = world.made("host", "/availability-exception", start=WHEN, end="2037-12-07T18:00:00Z")
    return {"availability-exception": str(made["id"])}


def queue(world: World) -> dict[str, Any]:
    of_type = meeting_type(world)["meeting-type"]
    answer = world.ask("host", "PATCH", f"/v4/queue/meeting-type/{of_type}", {"userId": world.ids["host"]})
    made = world.made("host", "/v4/queue-user-group", queueId=answer.json()["id"], name="Team")
    return {"queue": answer.json()["id"], "queue-user-group": made["id"]}


def user(world: World) -> dict[str, Any]:
    return {"user": world.ids["other host"]}


def webhook(world: World) -> dict[str, Any]:
    made = world.made("admin", "/webhooks", endpoint="http://127.0.0.1:9/", eventTypes=["booking_created"])
    return {"webhooks": made["id"]}


def connection(world: World) -> dict[str, Any]:
    made = world.made("host", "/connections", provider="acme", credentials={"password": "right"})
    return {"connections": made["id"]}


def link_to_connect(world: World) -> dict[str, Any]:
    shown = world.ask("host", "GET", "/v4/calendar-connections/auth/caldav/url").json()
    return {"signed": shown["authUrl"].rpartition("/")[2]}


def contact(world: World) -> dict[str, Any]:
    made = world.made("host", "/crm", **world.filled({"email": "<new>@example.org"}, {}))["item"]["id"]
    return dict.fromkeys(("contact", "contacts", "crm", "new contact"), made)


def pipeline(world: World) -> dict[str, Any]:
    made = world.made("admin", "/crm/pipelines", name="P")
    stages = [stage["id"] for stage in made["stages"]]
    return {"pipelines": made["id"], "stageId": stages[0], "next stage": stages[1], "stages": stages}


def deal(world: World) -> dict[str, Any]:
    new = {"name": "D", "pipelineId": world.ids["pipeline"], "stageId": world.ids["stage"]}
    made, duplicate = (world.made("host", "/crm/deals", **new, contactId=contact(world)["contact"]) for _ in range(2))
    return {"deals": made["id"], "dealContactId": made["contacts"][0]["id"], "duplicate": duplicate["id"]}


def company(world: World) -> dict[str, Any]:
    given = world.filled({"name": "C", "domain": "<new>.example"}, {})
    made = world.made("host", "/crm/companies", **given)
    return {"companies": made["id"], "by-company": made["id"], "domain": given["domain"]}


def communication(world: World) -> dict[str, Any]:
    about = {"type": "email", "direction": "inbound", "occurredAt": WHEN, "contactId": world.ids["contact"]}
    made = world.made("host", "/crm/communications", **about, body="x")["id"]
    return {"communications": made, "emails": made}


def note(world: World) -> dict[str, Any]:
    return {"notes": world.made("host", "/crm/notes", content="x", contactId=world.ids["contact"])["id"]}


def task(world: World) -> dict[str, Any]:
    return {"tasks": world.made("host", "/crm/tasks", title="T", type="call", dueDate=WHEN)["id"]}


MAKERS: tuple[tuple[frozenset[str], Maker], ...] = (
    (frozenset({"meeting-type", "meetingTypeId", "user_slug", "type_slug"}), meeting_type),
    (frozenset({"appointment", "attendee", "secret"}), appointment),
    (frozenset({"proposalId", "proposed"}), proposal),
    (frozenset({"provisional-booking"}), provisional_booking),
    (frozenset({"meeting-type-template"}), template),
    (frozenset({"one-time-booking-link", "token"}), one_time_link),
    (frozenset({"hold"}), hold),
    (frozenset({"availability"}), hours),
    (frozenset({"availability-exception"}), day_off),
    (frozenset({"queue", "queue-user-group"}), queue),
    (frozenset({"user"}), user),
    (frozenset({"webhooks"}), webhook),
    (frozenset({"connections"}), connection),
    (frozenset({"contact", "contacts", "crm", "new contact"}), contact),
    (frozenset({"pipelines", "stageId", "next stage", "stages"}), pipeline),
    (frozenset({"deals", "dealContactId", "duplicate"}), deal),
    (frozenset({"companies", "by-company", "domain"}), company),
    (frozenset({"communications", "emails"}), communication),
    (frozenset({"notes"}), note),
    (frozenset({"tasks"}), task),
)
"""What each makes, by its names. Those that others build on come first."""


def made_anew(world: World, names: set[str]) -> dict[str, Any]:
    """All ids, those of ``names`` of new things."""
    ids = dict(world.ids)
    for makes, maker in MAKERS:
        if makes & names:
            ids.update(maker(world))
    return ids
