"""Connections that are kept for the next request to the same host at the same address."""

from collections.abc import Iterator, Sequence

import pytest

from slotkeeper.jobs.outcomes import Later
from slotkeeper.outbound.address_check import AddressRefused
from slotkeeper.outbound.client import Dialling, KeptClients, Response, kept_clients, request
from slotkeeper.settings import Network
from tests.support.webhook_receiver import LOOPBACK, Answer, WebhookReceiver


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    receiver = WebhookReceiver(keeps=True)
    yield receiver
    receiver.close()


async def here(host: str, port: int) -> Sequence[str]:
    """Every name is at this machine."""
    return ["127.0.0.1"]


async def post(url: str, kept: KeptClients | None, networks: Sequence[Network] = LOOPBACK) -> Response:
    return await request(
        "POST",
        url,
        headers={},
        content=b"{}",
        allow_networks=networks,
        dialling=Dialling(resolve=here, total_timeout=5, max_body=100),
        kept=kept,
    )


def connections(receiver: WebhookReceiver) -> int:
    return len({received.port for received in receiver.received})


async def test_requests_to_one_host_share_a_connection(receiver: WebhookReceiver) -> None:
    async with kept_clients() as kept:
        for _ in range(3):
            await post(receiver.url, kept)
    assert (len(receiver.received), connections(receiver)) == (3, 1)


async def test_without_kept_clients_each_request_has_its_own(receiver: WebhookReceiver) -> None:
    for _ in range(2):
        await post(receiver.url, None)
    assert connections(receiver) == 2


async def test_two_names_at_one_address_share_none(receiver: WebhookReceiver) -> None:
    async with kept_clients() as kept:
        for name in ("one.example", "two.example"):
            await post(f"http://{name}:{receiver.port}/", kept)
    assert connections(receiver) == 2


async def test_each_request_is_checked_whatever_is_kept(receiver: WebhookReceiver) -> None:
    async with kept_clients() as kept:
        await post(receiver.url, kept)
        with pytest.raises(AddressRefused):
            await post(receiver.url, kept, networks=())
    assert len(receiver.received) == 1


async def test_no_cookies_are_kept(receiver: WebhookReceiver) -> None:
    receiver.will_answer(Answer(headers={"set-cookie": "who=me; path=/"}))
    async with kept_clients() as kept:
        for _ in range(2):
            await post(receiver.url, kept)
        [[(client, _)]] = kept._idle.values()
        assert list(client.cookies) == []
    assert [received.headers.get("cookie") for received in receiver.received] == [None, None]


async def test_a_request_that_meets_the_end_of_a_kept_connection_is_sent_again_at_once(
    receiver: WebhookReceiver,
) -> None:
    receiver.will_answer(Answer(), Answer(hangs_up=True))
    async with kept_clients() as kept:
        for _ in range(2):
            assert (await post(receiver.url, kept)).status == 200
    assert (len(receiver.received), connections(receiver)) == (3, 2)


async def test_a_new_connection_that_gives_no_answer_is_tried_later(receiver: WebhookReceiver) -> None:
    receiver.will_answer(Answer(hangs_up=True))
    async with kept_clients() as kept:
        with pytest.raises(Later):
            await post(receiver.url, kept)
    assert len(receiver.received) == 1


async def test_an_answer_that_was_not_read_whole_leaves_nothing_to_the_next_request(receiver: WebhookReceiver) -> None:
    receiver.will_answer(Answer(body=b"x" * 1_000_000))
    async with kept_clients() as kept:
        assert (await post(receiver.url, kept)).truncated
        assert (await post(receiver.url, kept)).content == b""
