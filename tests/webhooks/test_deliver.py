from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from slotkeeper.jobs.outcomes import Done, Later, PersonMustAct
from slotkeeper.outbound.client import Dialling
from slotkeeper.webhooks.deliver import deliver
from slotkeeper.webhooks.endpoints import Destination
from slotkeeper.webhooks.schedule import RETRY_AFTER
from slotkeeper.webhooks.signature import new_secret
from tests.support.webhook_receiver import LOOPBACK, Answer, WebhookReceiver

BODY = b'{"webhookType":"booking_rescheduled","id":"a"}'
SECRET = new_secret()


async def attempt(receiver: WebhookReceiver, at: datetime | None = None) -> Done:
    return await deliver(
        Destination(id=uuid4(), endpoint=receiver.url, secret=SECRET),
        message_id="effect-1",
        body=BODY,
        sent_at=at or datetime.now(UTC),
        allow_networks=LOOPBACK,
        dialling=Dialling(total_timeout=1),
    )


async def test_a_webhook_arrives_as_json_with_a_signature_that_the_public_library_verifies(
    webhook_receiver: WebhookReceiver,
) -> None:
    await attempt(webhook_receiver)
    [received] = webhook_receiver.received
    assert received.headers["content-type"] == "application/json"
    assert Webhook(SECRET).verify(received.body, received.headers)["webhookType"] == "booking_rescheduled"


async def test_a_webhooks_id_and_bytes_are_the_same_on_each_attempt_and_each_signature_is_verifiable(
    webhook_receiver: WebhookReceiver,
) -> None:
    webhook_receiver.will_answer(503, 200)
    now = datetime.now(UTC)
    with pytest.raises(Later):
        await attempt(webhook_receiver, now - timedelta(seconds=5))
    await attempt(webhook_receiver, now)
    first, second = webhook_receiver.received
    assert first.body == second.body == BODY
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "effect-1"
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 5
    for received in (first, second):
        assert Webhook(SECRET).verify(received.body, received.headers)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_a_2xx_is_done(webhook_receiver: WebhookReceiver, status: int) -> None:
    webhook_receiver.will_answer(status)
    assert await attempt(webhook_receiver) == Done(note=f"answered {status}")


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 422, 429, 500, 503])
async def test_every_other_answer_is_tried_again(webhook_receiver: WebhookReceiver, status: int) -> None:
    webhook_receiver.will_answer(Answer(status=status, headers={"retry-after": "30", "location": webhook_receiver.url}))
    with pytest.raises(Later, match=str(status)) as later:
        await attempt(webhook_receiver)
    assert later.value.retry_in == timedelta(seconds=30)
    assert len(webhook_receiver.received) == 1


async def test_410_says_that_the_endpoint_is_gone_and_a_person_must_act(webhook_receiver: WebhookReceiver) -> None:
    webhook_receiver.will_answer(410)
    with pytest.raises(PersonMustAct) as verdict:
        await attempt(webhook_receiver)
    assert verdict.value.error_code == "webhook_endpoint_gone"


async def test_an_endpoint_that_does_not_answer_is_tried_again(webhook_receiver: WebhookReceiver) -> None:
    webhook_receiver.will_answer(Answer(delay=30))
    with pytest.raises(Later):
        await attempt(webhook_receiver)


async def test_an_endpoint_that_has_become_private_is_refused_at_dial(webhook_receiver: WebhookReceiver) -> None:
    destination = Destination(id=uuid4(), endpoint=webhook_receiver.url, secret=SECRET)
    with pytest.raises(PersonMustAct) as verdict:
        await deliver(destination, message_id="effect-1", body=BODY, sent_at=datetime.now(UTC), allow_networks=())
    assert verdict.value.error_code == "address_refused"
    assert webhook_receiver.received == []


def test_the_schedule_is_the_one_of_standard_webhooks_and_ends_after_about_three_days() -> None:
    assert len(RETRY_AFTER) == 10
    assert list(RETRY_AFTER) == sorted(RETRY_AFTER)
    assert sum(RETRY_AFTER, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
