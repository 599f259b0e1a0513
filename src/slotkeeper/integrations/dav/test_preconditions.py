"""What a well-behaved server seldom does: it says no ETag, or the event changes again and again."""

from datetime import timedelta

import pytest
from tests.ics.sample import appointment, change
from tests.support.webhook_receiver import Answer, WebhookReceiver, webhook_receiver

from slotkeeper.ics.build import build_ics
from slotkeeper.integrations.dav.calendar import DavCalendar
from slotkeeper.integrations.dav.conftest import account_with
from slotkeeper.jobs.outcomes import Later
from slotkeeper.records.connection import Connection, ExternalRef

__all__ = ["webhook_receiver"]
LIES_THERE = Answer(body=build_ics(appointment(), method=None).encode(), headers={"ETag": '"2"'})


@pytest.fixture
def scripted(webhook_receiver: WebhookReceiver) -> Connection:
    return account_with({"calendarUrl": f"{webhook_receiver.url}/"})


def remembered(server: WebhookReceiver, etag: str | None) -> ExternalRef:
    return ExternalRef(record="event", external_id=f"{server.url}/1.ics", container=f"{server.url}/", etag=etag)


async def test_a_server_that_names_no_etag_is_read_before_the_next_put(
    caldav: DavCalendar, scripted: Connection, webhook_receiver: WebhookReceiver
) -> None:
    webhook_receiver.will_answer(201, LIES_THERE, Answer(status=204, headers={"ETag": '"3"'}))
    [ref] = (await caldav.write_event(scripted, appointment(), change(), None)).refs
    assert ref.etag is None
    await caldav.write_event(scripted, appointment(), change(), ref)
    assert [request.method for request in webhook_receiver.received] == ["PUT", "GET", "PUT"]
    assert webhook_receiver.received[-1].headers["if-match"] == '"2"'


async def test_a_move_of_an_untouched_event_is_one_call(
    caldav: DavCalendar, scripted: Connection, webhook_receiver: WebhookReceiver
) -> None:
    webhook_receiver.will_answer(Answer(status=204, headers={"ETag": '"2"'}))
    done = await caldav.write_event(scripted, appointment(), change(), remembered(webhook_receiver, '"1"'))
    assert done.refs == [remembered(webhook_receiver, '"2"')]
    assert [request.headers["if-match"] for request in webhook_receiver.received] == ['"1"']


async def test_an_event_that_others_keep_changing_is_tried_later(
    caldav: DavCalendar, scripted: Connection, webhook_receiver: WebhookReceiver
) -> None:
    webhook_receiver.will_answer(*[Answer(status=412), LIES_THERE] * 10)
    with pytest.raises(Later, match="changed by others"):
        await caldav.write_event(scripted, appointment(), change(), remembered(webhook_receiver, '"1"'))
    assert [request.method for request in webhook_receiver.received].count("PUT") == 4


async def test_a_locked_event_is_tried_when_the_server_wishes(
    caldav: DavCalendar, scripted: Connection, webhook_receiver: WebhookReceiver
) -> None:
    webhook_receiver.will_answer(Answer(status=423, headers={"Retry-After": "90"}))
    with pytest.raises(Later) as later:
        await caldav.write_event(scripted, appointment(), change(), None)
    assert later.value.retry_in == timedelta(seconds=90)
