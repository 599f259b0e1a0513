"""Pages of other schedulers, from a server that stands in for theirs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from slotkeeper.errors import Malformed, Unavailable
from slotkeeper.meeting_types.find import list_types
from slotkeeper.outbound.client import Response, request
from slotkeeper.page_import.import_page import Imported, import_page
from slotkeeper.page_import.page import plain
from tests.support.desk import NOW, Desk
from tests.support.webhook_receiver import LOOPBACK, Answer, WebhookReceiver

CALENDLY = [
    {"name": "Intro", "slug": "intro-30min", "description": "<p>Say <b>hello</b> &amp; more</p>", "uuid": "x"},
    {"name": "Lo\0ng", "slug": "long", "duration": 60, "location_configurations": [{"kind": "zoom"}]},
    {"name": "Secret length", "slug": "secret", "description": None},
    {"name": "Whole day", "slug": "day", "duration": 600},
]
CAL_COM = {
    "status": "success",
    "data": [
        {"id": 1, "title": "Chat", "slug": "chat", "lengthInMinutes": 15, "locations": [{"type": "attendeePhone"}]},
        {"id": 2, "title": "Hidden", "slug": "hidden", "lengthInMinutes": 15, "hidden": True},
        {
            "id": 3,
            "title": "Call",
            "slug": "call",
            "lengthInMinutes": 45,
            "locations": [{"type": "integration", "integration": "google-meet"}],
        },
    ],
}


@pytest.fixture
def elsewhere() -> Iterator[WebhookReceiver]:
    receiver = WebhookReceiver()
    yield receiver
    receiver.close()


async def imported(desk: Desk, elsewhere: WebhookReceiver, url: str, answer: Answer) -> Imported:
    elsewhere.will_answer(answer)

    async def ask(asked: str, headers: Mapping[str, str]) -> Response:
        path = asked.split("/", 3)[3]
        there = f"{elsewhere.url.rsplit('/', 1)[0]}/{path}"
        return await request("GET", there, headers=headers, content=b"", allow_networks=LOOPBACK)

    return await import_page(desk.pool, desk.caller, url, NOW, ask)


def told(content: Any) -> Answer:
    return Answer(body=json.dumps(content).encode())


async def test_what_calendly_shows_becomes_meeting_types_and_the_rest_is_told(
    desk: Desk, elsewhere: WebhookReceiver
) -> None:
    result = await imported(desk, elsewhere, "https://calendly.com/anna", told(CALENDLY))
    assert [(made.name, made.duration) for made in result.created] == [("Intro", 30), ("Long", 60)]
    assert [one.name for one in result.failed] == ["Secret length", "Whole day"]
    assert elsewhere.received[0].path == "/api/booking/profiles/anna/event_types"
    async with desk.pool.connection() as connection:
        types = {one.slug: one.meeting_info for one in await list_types(connection, desk.caller, None)}
    assert (types["intro"].description, types["long"].channel) == ("Say hello & more", "zoom")


async def test_one_event_type_of_a_page_is_imported_alone(desk: Desk, elsewhere: WebhookReceiver) -> None:
    result = await imported(desk, elsewhere, "https://calendly.com/anna/long?month=2037-12", told(CALENDLY))
    assert ([made.name for made in result.created], result.failed) == (["Long"], ())


async def test_what_cal_com_shows_becomes_meeting_types(desk: Desk, elsewhere: WebhookReceiver) -> None:
    result = await imported(desk, elsewhere, "https://www.cal.com/anna%20b", told(CAL_COM))
    assert (result.provider, [made.name for made in result.created]) == ("cal.com", ["Chat", "Call"])
    assert elsewhere.received[0].path == "/v2/event-types?username=anna%20b"
    assert elsewhere.received[0].headers["cal-api-version"] == "2024-06-14"
    async with desk.pool.connection() as connection:
        types = {one.slug: one.meeting_info for one in await list_types(connection, desk.caller, None)}
    assert (types["chat"].channel, types["call"].channel) == ("phone", "google")


@pytest.mark.parametrize(
    ("url", "answer", "error"),
    [
        pytest.param("https://calendly.com/nobody", Answer(status=404), Malformed, id="no such page"),
        pytest.param("https://calendly.com/anna/gone", told(CALENDLY), Malformed, id="no such event type"),
        pytest.param("https://calendly.com/anna", Answer(status=503), Unavailable, id="they are down"),
        pytest.param("https://calendly.com/anna", told({"error": "x"}), Unavailable, id="another answer"),
        pytest.param("https://calendly.com/anna", Answer(body=b"<html>"), Unavailable, id="no JSON"),
        pytest.param("https://calendly.com/anna", Answer(hangs_up=True), Unavailable, id="no answer"),
    ],
)
async def test_a_page_that_cannot_be_read_makes_nothing(
    desk: Desk, elsewhere: WebhookReceiver, url: str, answer: Answer, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await imported(desk, elsewhere, url, answer)
    async with desk.pool.connection() as connection:
        assert len(await list_types(connection, desk.caller, None)) == 1


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://elsewhere.example/anna", id="an unknown scheduler"),
        pytest.param("https://calendly.com.evil.example/anna", id="a name that looks like one"),
        pytest.param("https://calendly.com", id="nobody's page"),
        pytest.param("ftp://calendly.com/anna", id="another scheme"),
        pytest.param("https://[calendly.com/anna", id="no URL"),
        pytest.param("calendly", id="a word"),
    ],
)
async def test_what_is_no_page_of_a_known_scheduler_is_refused_before_anything_is_asked(
    desk: Desk, elsewhere: WebhookReceiver, url: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        await imported(desk, elsewhere, url, told(CALENDLY))
    assert [fault.field for fault in refusal.value.errors] == ["url"]
    assert elsewhere.received == []


def test_a_description_loses_its_tags_and_keeps_its_words() -> None:
    assert plain("<p>1 &lt; 2<br>ok</p> ") == "1 < 2ok"
