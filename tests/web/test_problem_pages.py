"""The ``type`` of a problem leads to a page that explains it."""

import httpx
import pytest

from tests.support.browser import Browser


async def test_the_type_of_a_refusal_opens_the_explanation_of_its_code(public_url: str, browser: Browser) -> None:
    async with httpx.AsyncClient() as client:
        problem = (await client.get(f"{public_url}/v4/appointment/today")).json()
    assert problem["errorCode"] == "unauthorized"
    browser.open(problem["type"])
    assert browser.find("h1").text == "unauthorized"
    assert "No credential, or one that is wrong, expired or revoked." in browser.text
    assert browser.language == "en"


def test_the_list_leads_to_each_code_and_back(public_url: str, browser: Browser) -> None:
    browser.open(f"{public_url}/problems")
    codes = [link.text for link in browser.find_all("td a")]
    assert {"slot-occupied", "calendar_reconnect"} <= set(codes)
    browser.press("td a")
    assert browser.find("h1").text == codes[0]
    browser.press(".button")
    assert browser.find("h1").text == "Error codes"


def test_a_code_of_two_statuses_explains_both(public_url: str, browser: Browser) -> None:
    browser.open(f"{public_url}/problems/limit-reached")
    assert browser.find(".state").text == "406, 409"
    assert "Delete one first." in browser.text
    assert "The host's limit for this day, week or month is reached." in browser.text


@pytest.mark.parametrize("code", ["nonsense", "crm_reconnect_", "%3Cscript%3E"])
async def test_an_unknown_code_is_not_found(public_url: str, code: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{public_url}/problems/{code}", headers={"accept-language": "de"})
    assert answer.status_code == 404
    assert "Dieser Link führt ins Leere" in answer.text
