import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from slotkeeper.jobs.outcomes import Later
from slotkeeper.outbound.address_check import AddressRefused, Resolver, check_address
from slotkeeper.outbound.client import Dialling, Response, request
from slotkeeper.settings import Network
from tests.outbound.certificates import server_context
from tests.support.webhook_receiver import LOOPBACK, Answer, WebhookReceiver

PUBLIC = "93.184.215.14"


def changing_name(answers: list[str]) -> Resolver:
    """A name whose address is the next of the answers at each look-up."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return [answers.pop(0)]

    return resolve


async def post(
    url: str,
    dialling: Dialling | None = None,
    *,
    networks: Sequence[Network] = LOOPBACK,
    auth: httpx.Auth | None = None,
) -> Response:
    return await request(
        "POST",
        url,
        headers={"x-test": "yes"},
        content=b"{}",
        allow_networks=networks,
        auth=auth,
        dialling=dialling or Dialling(),
    )


async def test_the_request_arrives_as_it_was_given_and_the_answer_comes_back(webhook_receiver: WebhookReceiver) -> None:
    webhook_receiver.will_answer(Answer(status=201, headers={"x-answer": "42"}, body=b"made"))
    response = await post(webhook_receiver.url + "?a=1")
    [received] = webhook_receiver.received
    assert (received.method, received.path, received.body) == ("POST", "/hook?a=1", b"{}")
    assert received.headers["x-test"] == "yes"
    assert (response.status, response.headers["X-Answer"], response.content) == (201, "42", b"made")


async def test_credentials_are_sent_when_they_are_given(webhook_receiver: WebhookReceiver) -> None:
    await post(webhook_receiver.url, auth=httpx.BasicAuth("host", "secret"))
    assert webhook_receiver.received[0].headers["authorization"].startswith("Basic ")


async def test_this_machine_is_refused_where_nothing_allows_it(webhook_receiver: WebhookReceiver) -> None:
    with pytest.raises(AddressRefused) as verdict:
        await post(webhook_receiver.url, networks=())
    assert verdict.value.error_code == "address_refused"
    assert webhook_receiver.received == []


async def test_a_name_that_was_public_when_saved_is_refused_when_it_has_become_private(
    webhook_receiver: WebhookReceiver,
) -> None:
    rebinding = changing_name([PUBLIC, "127.0.0.1"])
    url = f"http://rebind.example:{webhook_receiver.port}/hook"
    await check_address(url, (), rebinding)
    with pytest.raises(AddressRefused):
        await post(url, Dialling(resolve=rebinding), networks=())
    assert webhook_receiver.received == []


async def test_the_address_that_was_checked_is_the_one_that_is_dialled_and_the_name_is_asked_once(
    webhook_receiver: WebhookReceiver,
) -> None:
    answers = ["127.0.0.1", "10.0.0.1"]
    await post(f"http://rebind.example:{webhook_receiver.port}/hook", Dialling(resolve=changing_name(answers)))
    assert webhook_receiver.received[0].headers["host"] == f"rebind.example:{webhook_receiver.port}"
    assert answers == ["10.0.0.1"]


async def test_a_redirect_is_an_answer_and_is_not_followed(webhook_receiver: WebhookReceiver) -> None:
    webhook_receiver.will_answer(Answer(status=307, headers={"location": webhook_receiver.url}))
    assert (await post(webhook_receiver.url)).status == 307
    assert len(webhook_receiver.received) == 1


async def test_a_proxy_of_the_environment_is_not_used(
    webhook_receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert (await post(webhook_receiver.url)).status == 200


@pytest.mark.parametrize(
    ("size", "read", "truncated"),
    [
        pytest.param(0, 0, False, id="empty"),
        pytest.param(1000, 1000, False, id="as large as the cap"),
        pytest.param(1001, 1000, True, id="one byte more"),
        pytest.param(5_000_000, 1000, True, id="far more"),
    ],
)
async def test_an_answer_is_read_up_to_the_cap(
    webhook_receiver: WebhookReceiver, size: int, read: int, truncated: bool
) -> None:
    webhook_receiver.will_answer(Answer(body=b"x" * size))
    response = await post(webhook_receiver.url, Dialling(max_body=1000))
    assert (len(response.content), response.truncated) == (read, truncated)


async def test_an_answer_that_claims_to_be_compressed_is_not_unpacked(webhook_receiver: WebhookReceiver) -> None:
    webhook_receiver.will_answer(Answer(headers={"content-encoding": "gzip"}, body=b"no gzip"))
    assert (await post(webhook_receiver.url)).content == b"no gzip"
    assert webhook_receiver.received[0].headers["accept-encoding"] == "identity"


async def test_an_answer_that_takes_too_long_is_tried_again_later(webhook_receiver: WebhookReceiver) -> None:
    webhook_receiver.will_answer(Answer(delay=30))
    with pytest.raises(Later, match="in time"):
        await post(webhook_receiver.url, Dialling(total_timeout=0.2))


@asynccontextmanager
async def raw_server(talk: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """Reads one request, says what ``talk`` writes and hangs up."""
    over = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        with suppress(ConnectionError):
            await talk(writer)
            writer.close()
            await writer.wait_closed()
        over.set()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await over.wait()


async def test_an_answer_that_trickles_is_bounded_by_the_total_time() -> None:
    async def trickle(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with raw_server(trickle) as url:
        with pytest.raises(Later, match="in time"):
            await post(url, Dialling(total_timeout=0.3))


async def test_a_name_server_that_takes_too_long_is_asked_again_later() -> None:
    async def never(host: str, port: int) -> Sequence[str]:
        return await asyncio.Future()

    with pytest.raises(Later, match="in time"):
        await post("http://slow.example/", Dialling(resolve=never, total_timeout=0.1))


async def test_a_refused_connection_is_tried_again_later() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(Later, match="ConnectError"):
            await post(f"http://127.0.0.1:{unused.getsockname()[1]}/")


async def test_an_answer_that_is_not_http_is_tried_again_later() -> None:
    async def babble(writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\r\n\r\n")

    async with raw_server(babble) as url:
        with pytest.raises(Later, match="RemoteProtocolError"):
            await post(url)


async def test_tls_is_spoken_to_the_name_though_the_address_is_dialled(tmp_path: Path) -> None:
    tls, trusting = server_context("hooks.example", tmp_path)
    asked: list[str | None] = []
    tls.sni_callback = lambda _, name, __: asked.append(name)
    receiver = WebhookReceiver(tls)
    dialling = Dialling(resolve=changing_name(["127.0.0.1"]), tls=trusting)
    response = await post(f"https://hooks.example:{receiver.port}/hook", dialling)
    receiver.close()
    assert (response.status, asked) == (200, ["hooks.example"])
    assert receiver.received[0].headers["host"] == f"hooks.example:{receiver.port}"


@pytest.mark.parametrize(
    ("name", "trusted"),
    [pytest.param("other.example", True, id="another name"), pytest.param("hooks.example", False, id="unknown CA")],
)
async def test_a_certificate_that_does_not_prove_the_name_is_not_talked_to(
    tmp_path: Path, name: str, trusted: bool
) -> None:
    tls, trusting = server_context("hooks.example", tmp_path)
    receiver = WebhookReceiver(tls)
    dialling = Dialling(resolve=changing_name(["127.0.0.1"]), tls=trusting if trusted else None)
    with pytest.raises(Later, match="certificate verify failed"):
        await post(f"https://{name}:{receiver.port}/hook", dialling)
    receiver.close()
    assert receiver.received == []
