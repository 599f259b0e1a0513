"""A host connects a calendar on a real CalDAV server, by hand, in a real browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from slotkeeper.integrations.connect_link import ConnectLink, sign_link
from slotkeeper.secrets import Vault
from tests.api.conftest import bearer
from tests.side_effects.conftest import caldav_on_this_machine
from tests.support.browser import Browser
from tests.support.caldav_server import PASSWORD, USERNAME, CalDavServer
from tests.support.page_checks import from_elsewhere, nameless, out_of_reach, too_small, too_wide, unreadable

__all__ = ["caldav_on_this_machine"]

pytestmark = pytest.mark.usefixtures("caldav_on_this_machine")
Address = Callable[..., Awaitable[str]]


@pytest.fixture
async def host(public_url: str, company: Bootstrapped) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=public_url, headers=bearer(company.token)) as client:
        yield client


@pytest.fixture
def address(host: httpx.AsyncClient) -> Address:
    async def ask(provider: str = "caldav", **params: str) -> str:
        answer = await host.get(f"/v4/calendar-connections/auth/{provider}/url", params=params)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["authUrl"])

    return ask


async def connections(host: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await host.get("/v4/calendar-connections/connections")).json()["connections"]
    return found


async def test_typed_credentials_are_tried_and_kept_and_the_browser_goes_on(
    host: httpx.AsyncClient, address: Address, browser: Browser, caldav_server: CalDavServer, public_url: str
) -> None:
    calendar = await caldav_server.make_calendar("work")
    browser.open(await address(redirectUrl=f"{public_url}/problems?mine=1"))
    browser.type(url=caldav_server.url, username=USERNAME, password=PASSWORD)
    browser.press("button")

    [made] = await connections(host)
    assert (made["provider"], made["email"], made["selectedCalendars"]) == ("caldav", USERNAME, [calendar])
    assert (made["isConnected"], made["isPrimary"]) == (True, True)
    reached = urlsplit(browser.driver.current_url)
    outcome = {"mine": ["1"], "provider": ["caldav"], "connection_id": [made["id"]], "success": ["true"]}
    assert (reached.path, parse_qs(reached.query)) == ("/problems", outcome)


async def test_the_browser_goes_on_to_another_server_too(
    address: Address, browser: Browser, caldav_server: CalDavServer
) -> None:
    await caldav_server.make_calendar("work")
    elsewhere = caldav_server.url.replace("127.0.0.1", "localhost")
    browser.open(await address(redirectUrl=f"{elsewhere}/.web/"))
    browser.type(url=caldav_server.url, username=USERNAME, password=PASSWORD)
    browser.press("button")
    assert browser.driver.current_url.startswith(f"{elsewhere}/.web/?provider=caldav&connection_id=")
    browser.faults()  # the other server's page is not ours to judge


async def test_without_an_address_to_go_on_to_the_page_says_that_it_worked(
    host: httpx.AsyncClient, address: Address, browser: Browser, caldav_server: CalDavServer
) -> None:
    await caldav_server.make_calendar("work")
    browser.open(await address(setAsCalendarSync="false"), language="de")
    browser.type(url=caldav_server.url, username=USERNAME, password=PASSWORD)
    browser.press("button")
    assert browser.find("h1").text == "Ihr Kalender ist verbunden"
    [made] = await connections(host)
    assert not made["isPrimary"]


async def test_a_wrong_password_is_told_beside_its_field_and_can_be_typed_again(
    host: httpx.AsyncClient, address: Address, browser: Browser, caldav_server: CalDavServer
) -> None:
    await caldav_server.make_calendar("work")
    browser.open(await address())
    browser.type(url=caldav_server.url, username=USERNAME, password="wrong")
    browser.press("button")
    assert browser.find("#password-wrong").text == "The server refuses this user name and password."
    assert browser.driver.switch_to.active_element.get_attribute("id") == "password"
    assert browser.find("#password").get_attribute("value") == ""
    assert browser.find("#url").get_attribute("value") == caldav_server.url
    assert await connections(host) == []

    browser.type(password=PASSWORD)
    browser.press("button")
    assert browser.find("h1").text == "Your calendar is connected"
    assert len(await connections(host)) == 1


async def test_an_address_without_a_calendar_server_is_told_beside_its_field(
    address: Address, browser: Browser, public_url: str
) -> None:
    browser.open(await address(), language="de")
    browser.type(url=f"{public_url}/healthz", username=USERNAME, password=PASSWORD)
    browser.press("button")
    assert browser.find("#url-wrong").text == "Dort wurde kein Kalender gefunden. No CalDAV server answers there."
    assert browser.find("#url-wrong span").get_attribute("lang") == "en"


async def test_whoever_cancels_goes_back_with_nothing_connected(
    host: httpx.AsyncClient, address: Address, browser: Browser, public_url: str
) -> None:
    browser.open(await address(redirectUrl=f"{public_url}/problems"))
    browser.press(".actions a")
    assert browser.driver.current_url == f"{public_url}/problems?error=cancelled&success=false"
    assert await connections(host) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_expired_link_connects_nothing_and_leads_back(
    host: httpx.AsyncClient, connection: Connection, vault: Vault, company: Bootstrapped, method: str
) -> None:
    link = ConnectLink(
        company_id=company.company_id,
        user_id=company.user_id,
        provider="caldav",
        writes=True,
        redirect_url="https://app.example.com/",
        expires_at=datetime.now(UTC) - timedelta(seconds=1),
    )
    answer = await host.request(
        method, f"/connect/{await sign_link(connection, vault, link)}", headers={"accept-language": "de"}
    )
    assert answer.status_code == 410
    assert "Dieser Link ist abgelaufen" in answer.text
    assert 'href="https://app.example.com/?error=expired&amp;success=false"' in answer.text


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"url": "x.example", "username": "a", "password": ""}, id="no password"),
        pytest.param({"url": "x.example", "username": "a\0b", "password": "p"}, id="a NUL"),
        pytest.param({"url": "https://[", "username": "a", "password": "p"}, id="no URL"),
        pytest.param({"url": "x" * 2001, "username": "a", "password": "p"}, id="too long"),
    ],
)
async def test_whatever_is_posted_is_refused_with_the_form(
    host: httpx.AsyncClient, address: Address, typed: dict[str, str]
) -> None:
    answer = await host.post(await address(), data=typed)
    assert answer.status_code == 400, answer.text
    assert 'aria-invalid="true"' in answer.text
    assert await connections(host) == []


@pytest.mark.parametrize("content", [b"\xff\xfe=%ff", b"{}", b"", b"&&&==="])
async def test_a_body_that_is_no_form_is_an_empty_one(
    host: httpx.AsyncClient, address: Address, content: bytes
) -> None:
    answer = await host.post(await address(), content=content)
    assert answer.status_code == 400
    assert "Please fill this in." in answer.text


async def test_a_link_that_nobody_signed_opens_nothing(host: httpx.AsyncClient, address: Address) -> None:
    forged = (await address())[:-1] + "!"
    for method in ("GET", "POST"):
        answer = await host.request(method, forged)
        assert answer.status_code == 404
        assert "This link leads nowhere" in answer.text


async def test_the_form_can_only_be_sent_to_us_and_go_on_to_the_address_that_was_signed(
    host: httpx.AsyncClient, address: Address
) -> None:
    answer = await host.get(await address(redirectUrl="https://app.example.com/done?x=1"))
    policy = answer.headers["content-security-policy"].split("; ")
    assert "form-action 'self' https://app.example.com" in policy
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("dark", [pytest.param(False, id="light"), pytest.param(True, id="dark")])
async def test_the_form_is_usable_by_everybody(
    address: Address, browser: Browser, caldav_server: CalDavServer, public_url: str, dark: bool
) -> None:
    browser.open(await address(redirectUrl=f"{public_url}/problems"), width=360, dark=dark)
    browser.type(url=f"{public_url}/healthz", username=USERNAME, password=PASSWORD)
    browser.press("button")
    assert browser.find("#url-wrong").is_displayed()
    for check in (too_wide, too_small, unreadable, nameless, from_elsewhere):
        assert check(browser) == [], check.__name__
    browser.ask("document.activeElement.blur()")
    browser.find("h1").click()
    assert out_of_reach(browser) == []
