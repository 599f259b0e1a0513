"""The headers that answers carry are those that the document describes."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from .v4.conftest import Api, api

__all__ = ["api"]

OURS = {"etag", "idempotent-replayed", "retry-after", "www-authenticate"}
APPOINTMENT = "/v4/appointment/{id}"


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Any:
    return (await client.get("/openapi.json")).json()


def described(document: Any, path: str, method: str, status: int) -> set[str]:
    headers = document["paths"][path][method]["responses"][str(status)].get("headers", {})
    assert all(header["schema"]["type"] == "string" and header["description"] for header in headers.values())
    return {name.lower() for name in headers}


def sent(answer: httpx.Response) -> set[str]:
    return {name.lower() for name in answer.headers} & OURS


async def test_the_version_of_an_appointment_is_described_where_it_is_sent(api: Api, document: Any) -> None:
    appointment = await api.book()
    got = await api.client.get(f"/v4/appointment/{appointment}")
    moved = await api.move(appointment, "2037-12-07T10:00:00Z", {"if-match": got.headers["etag"]})
    cancelled = await api.client.post(f"/v4/appointment/{appointment}/cancel", json={})
    answers = {"": ("get", got), "/reschedule": ("post", moved), "/cancel": ("post", cancelled)}
    for rest, (method, answer) in answers.items():
        assert answer.status_code == 200, answer.text
        assert "etag" in sent(answer) <= described(document, APPOINTMENT + rest, method, 200), rest


async def test_a_repeated_answer_is_described_wherever_a_key_is_taken(api: Api, document: Any) -> None:
    appointment = await api.book()
    for start, status in (("2037-12-07T10:00:00Z", 200), ("2037-12-06T10:00:00Z", 409)):
        key = {"idempotency-key": str(uuid4())}
        first, second = [await api.move(appointment, start, key) for _ in range(2)]
        assert (first.status_code, second.status_code) == (status, status)
        assert "idempotent-replayed" in sent(second) - sent(first)
        assert sent(second) <= described(document, f"{APPOINTMENT}/reschedule", "post", status)
    assert "idempotent-replayed" in described(document, "/v4/booking", "post", 201)
    assert "idempotent-replayed" not in described(document, "/v4/booking", "post", 422)


async def test_a_refused_credential_is_described_everywhere(client: httpx.AsyncClient, document: Any) -> None:
    answer = await client.get("/v4/appointment/paginated", params={"page": 0, "pageSize": 1})
    assert (answer.status_code, sent(answer)) == (401, {"www-authenticate"})
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "401" in operation["responses"]:
                assert described(document, path, method, 401) == {"www-authenticate"}


async def test_how_long_to_wait_is_described_where_the_server_may_be_unavailable(document: Any) -> None:
    may_be = [
        described(document, path, method, 503)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "503" in operation["responses"]
    ]
    assert may_be
    assert all(headers == {"retry-after"} for headers in may_be)
