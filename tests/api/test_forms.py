"""Forms that are none: ``POST /v4/user`` is the route that takes them."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slotkeeper.accounts.bootstrap import Bootstrapped

from .conftest import bearer

FORM = "multipart/form-data; boundary=b"
FIELD = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
PARTS = st.sampled_from(
    ["--b\r\n", "--b--\r\n", "\r\n", FIELD.format("email", "a@b"), FIELD.format("", "x"), "--", "b", "\0"]
)


def form(**fields: str) -> bytes:
    parts = [f"--b\r\n{FIELD.format(name, value)}" for name, value in fields.items()]
    return ("".join(parts) + "--b--\r\n").encode()


@pytest.fixture
def platform(client: httpx.AsyncClient, company: Bootstrapped) -> httpx.AsyncClient:
    client.headers.update(bearer(company.api_key))
    return client


async def post(client: httpx.AsyncClient, content: bytes, content_type: str = FORM) -> httpx.Response:
    return await client.post("/v4/user", content=content, headers={"content-type": content_type})


WHO = {"email": "a@example.com", "givenName": "A", "familyName": "B"}


@pytest.mark.parametrize(
    ("content", "content_type", "status", "field"),
    [
        pytest.param(form(**WHO), "multipart/form-data", 400, "body", id="without a boundary"),
        pytest.param(form(**WHO), "multipart/form-data; boundary=c", 400, "body", id="with another boundary"),
        pytest.param(form(**WHO)[:-5], FORM, 400, "body", id="cut short"),
        pytest.param(b"nothing of the kind", FORM, 400, "body", id="no form"),
        pytest.param(form(**WHO), FORM, 201, None, id="whole"),
        pytest.param(
            form(**{**WHO, "familyName": "\xff"}).replace("\xff".encode(), b"\xff"), FORM, 400, "body", id="no UTF-8"
        ),
        pytest.param(form(**{**WHO, "familyName": "B\0"}), FORM, 400, "body", id="NUL"),
        pytest.param(form(**WHO, meetingType="{"), FORM, 400, "meetingType", id="no JSON where it must be"),
        pytest.param(form(**WHO, meetingType="[" * 5000), FORM, 400, "meetingType", id="nested too deep to read"),
        pytest.param(form(**WHO, meetingType='"x"'), FORM, 400, "meetingType", id="a text for an object"),
        pytest.param(form(**WHO, meetingType='{"name": 1}'), FORM, 400, "meetingType.name", id="a number for a text"),
        pytest.param(form(**WHO), "application/x-www-form-urlencoded", 415, None, id="another kind of form"),
        pytest.param(b'{"email": "a"}', "text/plain", 415, None, id="plain text"),
        pytest.param(form(**WHO, title="x" * 300_000), FORM, 413, None, id="too large"),
        pytest.param(form(**{f"x{n}": "y" for n in range(200)}), FORM, 400, "body", id="too many fields"),
    ],
)
async def test_a_form_is_whole_or_refused(
    platform: httpx.AsyncClient, content: bytes, content_type: str, status: int, field: str | None
) -> None:
    answer = await post(platform, content, content_type)
    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json().get("errors", ())] == ([field] if field else [])


@given(st.lists(PARTS, max_size=8))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_comes_as_a_form_is_answered_with_what_is_wrong(
    platform: httpx.AsyncClient, parts: list[str]
) -> None:
    assert (await post(platform, "".join(parts).encode())).status_code == 400


async def test_the_document_describes_both_kinds_of_body(client: httpx.AsyncClient) -> None:
    document: Any = (await client.get("/openapi.json")).json()
    content = document["paths"]["/v4/user"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data"}
    assert content["application/json"] == content["multipart/form-data"]
    others = document["paths"]["/v4/availability"]["post"]["requestBody"]["content"]
    assert set(others) == {"application/json"}
