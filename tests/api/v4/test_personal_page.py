from typing import Any
from uuid import uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped

from ..conftest import bearer

PATH = "/v4/personal-page/me"
EMPTY_PROFILES: dict[str, Any] = {
    **dict.fromkeys(
        (
            "linkedIn",
            "facebook",
            "twitter",
            "instagram",
            "xing",
            "phone",
            "email",
            "addressStreet",
            "addressCity",
            "addressPostalCode",
            "addressCountry",
        )
    ),
    "customLinks": [],
}
EMPTY: dict[str, Any] = {
    "useCustomColors": False,
    "primaryColor": None,
    "secondaryColor": None,
    "headerImage": None,
    "description": None,
    "showAllMeetingTypes": True,
    "meetingTypeOrder": [],
    "onlineProfiles": EMPTY_PROFILES,
}
WHOLE = {
    "useCustomColors": True,
    "primaryColor": "#1a2B3c",
    "secondaryColor": "#fff",
    "headerImage": "https://example.com/header.jpg?w=1200",
    "description": "Zwei Zeilen\nüber mich",
    "showAllMeetingTypes": False,
    "meetingTypeOrder": [str(uuid4()), str(uuid4())],
    "onlineProfiles": {
        "linkedIn": "https://www.linkedin.com/in/anna",
        "facebook": "http://facebook.com/anna",
        "twitter": "https://x.com/anna",
        "instagram": "https://instagram.com/anna",
        "xing": "https://xing.com/anna",
        "phone": "+49 30 123456",
        "email": "anna@example.com",
        "addressStreet": "Hauptstraße 1",
        "addressCity": "Berlin",
        "addressPostalCode": "10115",
        "addressCountry": "DE",
        "customLinks": [{"name": "Blog", "url": "https://example.com/blog", "icon": "pen"}],
    },
}


@pytest.fixture
def host(client: httpx.AsyncClient, company: Bootstrapped) -> httpx.AsyncClient:
    client.headers.update(bearer(company.token))
    return client


async def patched(client: httpx.AsyncClient, **members: Any) -> Any:
    answer = await client.patch(PATH, json=members)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_page_begins_empty_and_keeps_every_member_that_it_is_given(host: httpx.AsyncClient) -> None:
    assert (await host.get(PATH)).json() == EMPTY
    assert await patched(host, **WHOLE) == WHOLE
    assert (await host.get(PATH)).json() == WHOLE
    assert (await host.get("/v4/user/me")).json()["personalPage"] == WHOLE


async def test_members_that_are_left_out_stay_and_null_clears(host: httpx.AsyncClient) -> None:
    await patched(host, **WHOLE)
    assert await patched(host) == WHOLE
    profiles: Any = WHOLE["onlineProfiles"]
    one_less = {**WHOLE, "onlineProfiles": {**profiles, "xing": None, "customLinks": []}}
    assert await patched(host, onlineProfiles={"xing": None, "customLinks": []}) == one_less
    assert await patched(host, primaryColor=None, unknown=1) == {**one_less, "primaryColor": None}


async def test_a_page_is_its_users_own(host: httpx.AsyncClient, company: Bootstrapped) -> None:
    await patched(host, description="mine")
    made = await host.post(
        "/v4/user",
        json={"email": "b@example.com", "givenName": "B", "familyName": "B"},
        headers=bearer(company.api_key),
    )
    theirs = bearer(company.api_key, made.json()["userId"])
    assert (await host.get(PATH, headers=theirs)).json() == EMPTY


@pytest.mark.parametrize(
    ("members", "field"),
    [
        pytest.param({"primaryColor": "red"}, "primaryColor", id="a colour's name"),
        pytest.param({"primaryColor": "#ff"}, "primaryColor", id="two digits"),
        pytest.param({"secondaryColor": "#ggg"}, "secondaryColor", id="no hexadecimal digits"),
        pytest.param({"secondaryColor": "#fff\n"}, "secondaryColor", id="a newline behind"),
        pytest.param({"headerImage": "javascript:alert(1)"}, "headerImage", id="a script for an image"),
        pytest.param({"headerImage": "/header.jpg"}, "headerImage", id="no address"),
        pytest.param({"headerImage": "https://"}, "headerImage", id="no host"),
        pytest.param({"headerImage": "https://example.com/\n"}, "headerImage", id="a newline behind an address"),
        pytest.param({"headerImage": "https://e.com/" + "x" * 2000}, "headerImage", id="a long address"),
        pytest.param({"description": "x" * 5001}, "description", id="a long text"),
        pytest.param({"showAllMeetingTypes": None}, "showAllMeetingTypes", id="neither true nor false"),
        pytest.param({"meetingTypeOrder": ["first"]}, "meetingTypeOrder[0]", id="no id"),
        pytest.param({"onlineProfiles": {"xing": "anna"}}, "onlineProfiles.xing", id="a name for a link"),
        pytest.param({"onlineProfiles": {"email": "anna"}}, "onlineProfiles.email", id="no address for mail"),
        pytest.param(
            {"onlineProfiles": {"customLinks": [{"name": "x", "url": "data:text/html,x"}]}},
            "onlineProfiles.customLinks[0].url",
            id="a document in a link",
        ),
        pytest.param(
            {"onlineProfiles": {"customLinks": [{"name": "x", "url": "https://e.com"}] * 21}},
            "onlineProfiles.customLinks",
            id="too many links",
        ),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_written(
    host: httpx.AsyncClient, members: dict[str, Any], field: str
) -> None:
    answer = await host.patch(PATH, json={"useCustomColors": True, **members})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert (await host.get(PATH)).json() == EMPTY
