import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.api.bodies import MAX_BODY, MAX_DEPTH, instant
from slotkeeper.errors import Malformed

from .conftest import bearer

START = "2026-03-10T14:00:00.000Z"
PATH = f"/test/shift/{UUID(int=1)}"


def body(**members: object) -> bytes:
    return json.dumps({"start": START, **members}).encode()


async def post(client: httpx.AsyncClient, token: str, content: bytes, path: str = PATH, **headers: str) -> Any:
    sent = {"content-type": "application/json", **headers}
    return await client.post(path, content=content, headers={**bearer(token), **sent})


@pytest.mark.parametrize(
    ("content", "field", "message"),
    [
        pytest.param(b"", "body", "is required", id="no body"),
        pytest.param(b"{", "body", "must be valid JSON in UTF-8", id="cut off"),
        pytest.param(b"\xef\xbb\xbf{}", "body", "must be valid JSON in UTF-8", id="byte order mark"),
        pytest.param(b'{"notes":{"a":"\xff"}}', "body", "must be valid JSON in UTF-8", id="not UTF-8"),
        pytest.param(b'{"notes":{"a":"\\ud800"}}', "body", "must be valid JSON in UTF-8", id="half a surrogate pair"),
        pytest.param(b"NaN", "body", "must be valid JSON in UTF-8", id="not a number"),
        pytest.param(b"[]", "body", "must be object, got array", id="an array"),
        pytest.param(b"null", "body", "must be object, got null", id="null"),
        pytest.param(b"{}", "start", "is required", id="a field is missing"),
        pytest.param(body(start=5), "start", "must be datetime, got int", id="a number for an instant"),
        pytest.param(body(start="tomorrow"), "start", "must be ISO 8601 with a zone", id="no instant"),
        pytest.param(body(start="2026-03-10"), "start", "must be ISO 8601 with a zone", id="a day for an instant"),
        pytest.param(body(start="2026-03-10T14:00:00"), "start", "must be ISO 8601 with a zone", id="naive"),
        pytest.param(body(start="1999-12-31T23:59:59Z"), "start", "must lie between 2000 and 2200", id="long ago"),
        pytest.param(body(start="0001-01-01T00:00:00+23:59"), "start", "must lie between", id="before time"),
        pytest.param(body(start="9999-12-31T23:59:59-23:59"), "start", "must lie between", id="after time"),
        pytest.param(body(start="2026-03-10T14:00:00.5Z"), "start", "must be a whole second", id="half a second"),
        pytest.param(
            body(ignoreAvailability="true"), "ignoreAvailability", "must be bool, got str", id="text for true"
        ),
        pytest.param(body(ignoreAvailability=1), "ignoreAvailability", "must be bool, got int", id="1 for true"),
        pytest.param(body(ignoreAvailability=None), "ignoreAvailability", "must be bool, got null", id="null"),
        pytest.param(body(hostIds=["x"]), "hostIds[0]", "is not a valid UUID", id="a bad UUID in a list"),
        pytest.param(body(notes=[]), "notes", "must be object, got array", id="an array for an object"),
        pytest.param(body(notes={"a": "x\0y"}), "body", "must not contain NUL", id="NUL in a value"),
        pytest.param(body(unknown={"\0": 1}), "body", "must not contain NUL", id="NUL in a name"),
        pytest.param(b'{"start":"' + START.encode() + b'","notes":{"n":1e999}}', "notes[...]", "", id="too large"),
        pytest.param(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "body", "nested", id="deep arrays"),
        pytest.param(b'{"x":' * 30_000 + b"1" + b"}" * 30_000, "body", "nested", id="deep objects"),
        pytest.param(b"[" * 100_000, "body", "nested", id="deep and cut off"),
    ],
)
async def test_a_malformed_body_is_400_and_names_the_field(
    client: httpx.AsyncClient, company: Bootstrapped, content: bytes, field: str, message: str
) -> None:
    answer = await post(client, company.token, content)
    assert answer.status_code == 400, answer.text
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert message in error["message"]
    assert answer.json()["message"] == [f"{field} {error['message']}"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(body(unknown=1, reason=None), id="unknown fields"),
        pytest.param(body(notes={"a": "\\u0000"}), id="an escaped backslash before u0000"),
        pytest.param(body(notes={"a": "[" * 1000}), id="brackets in a text"),
        pytest.param(body(notes={"a": [[]] * 1000}), id="many shallow arrays"),
        pytest.param(body(notes={"ü": "\N{GRINNING FACE} ß"}), id="all of Unicode"),
        pytest.param(body(start="2026-03-10T15:00:00+01:00"), id="an offset"),
    ],
)
async def test_what_is_unusual_and_right_is_taken(
    client: httpx.AsyncClient, company: Bootstrapped, content: bytes
) -> None:
    answer = await post(client, company.token, content)
    assert answer.status_code == 200, answer.text
    assert answer.json()["start"] == "2026-03-10T14:00:00Z"
    assert answer.json()["notes"] == json.loads(content).get("notes", {})


@pytest.mark.parametrize(
    ("path", "field"),
    [
        pytest.param("/test/shift/not-a-uuid", "id", id="bad id in the path"),
        pytest.param(f"{PATH}?page=one", "page", id="bad number in the query"),
        pytest.param("/test/page?pageSize=0", "pageSize", id="number out of range in the query"),
        pytest.param("/test/page", "pageSize", id="missing in the query"),
    ],
)
async def test_a_wrong_parameter_is_named_as_the_api_names_it(
    client: httpx.AsyncClient, company: Bootstrapped, path: str, field: str
) -> None:
    answer = await post(client, company.token, body(), path)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        pytest.param("application/json", 200, id="JSON"),
        pytest.param("Application/JSON; charset=utf-8", 200, id="JSON with a charset"),
        pytest.param("", 415, id="empty"),
        pytest.param("text/plain", 415, id="text"),
        pytest.param("application/x-www-form-urlencoded", 415, id="form"),
        pytest.param("multipart/form-data; boundary=x", 415, id="multipart"),
        pytest.param("application/json-patch+json", 415, id="another JSON"),
    ],
)
async def test_only_json_is_taken(
    client: httpx.AsyncClient, company: Bootstrapped, content_type: str, status: int
) -> None:
    answer = await post(client, company.token, body(), **{"content-type": content_type})
    assert answer.status_code == status


async def test_a_body_without_a_content_type_is_taken_as_json(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    assert (await client.post(PATH, content=body(), headers=bearer(company.token))).status_code == 200


async def test_a_json_content_type_without_a_body_is_no_body(client: httpx.AsyncClient) -> None:
    answer = await client.post("/open/nobody", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (201, {"bytes": 0})


async def test_a_huge_body_is_413_announced_or_not(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    async def chunks() -> Any:
        for _ in range(MAX_BODY // 1024 + 1):
            yield b" " * 1024

    announced = await post(client, company.token, b" " * (MAX_BODY + 1))
    streamed = await client.post(PATH, content=chunks(), headers=bearer(company.token))
    assert (announced.status_code, streamed.status_code) == (413, 413)
    assert announced.json()["errorCode"] == streamed.json()["errorCode"] == "body-too-large"


async def test_a_body_may_be_as_deep_as_the_limit_and_no_deeper(
    client: httpx.AsyncClient, company: Bootstrapped
) -> None:
    def nested(depth: int) -> bytes:
        return b'{"start":"' + START.encode() + b'","x":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"

    assert (await post(client, company.token, nested(MAX_DEPTH))).status_code == 200
    assert (await post(client, company.token, nested(MAX_DEPTH + 1))).status_code == 400


def test_a_naive_instant_is_refused_by_name() -> None:
    with pytest.raises(Malformed) as raised:
        instant("end", datetime(2026, 3, 10, 14))  # noqa: DTZ001 - what is to be refused
    assert raised.value.errors[0].field == "end"


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30), timezones=OFFSETS))  # noqa: DTZ001 - OFFSETS follow
def test_an_instant_is_the_same_instant_in_utc(value: datetime) -> None:
    whole = value.replace(microsecond=0)
    assert instant("start", whole) == whole
    assert instant("start", whole).tzinfo is UTC
