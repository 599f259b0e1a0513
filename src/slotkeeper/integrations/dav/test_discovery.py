import pytest
from tests.support.caldav_server import USERNAME, CalDavServer

from slotkeeper.errors import Malformed
from slotkeeper.integrations.dav.calendar import DavCalendar
from slotkeeper.integrations.dav.conftest import account_with
from slotkeeper.integrations.dav.discovery import _onward


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("", id="the server"),
        pytest.param("/nothing/here", id="a wrong page of it: the well-known address redirects"),
        pytest.param(f"/{USERNAME}/", id="the account's own collection"),
    ],
)
async def test_the_calendars_are_found_from(caldav: DavCalendar, caldav_server: CalDavServer, path: str) -> None:
    url = await caldav_server.make_calendar("work")
    assert await caldav.check(account_with({"url": caldav_server.url + path})) == {
        "url": caldav_server.url + path,
        "calendarUrl": url,
        "calendars": [{"href": url, "displayName": "work"}],
        "selectedCalendars": [url],
        "email": USERNAME,
    }


async def test_a_calendars_own_address_names_just_that_one(caldav: DavCalendar, caldav_server: CalDavServer) -> None:
    await caldav_server.make_calendar("private")
    url = await caldav_server.make_calendar("work")
    for settings in ({"url": url}, {"url": caldav_server.url, "calendarUrl": url}, {"calendarUrl": url.rstrip("/")}):
        found = await caldav.check(account_with(dict(settings)))
        assert found["calendarUrl"] == url
        assert found["calendars"] == [{"href": url, "displayName": "work"}]


async def test_the_calendars_zone_is_kept_unless_another_is_given(
    caldav: DavCalendar, caldav_server: CalDavServer
) -> None:
    url = await caldav_server.make_calendar("work", timezone="Europe/Vienna")
    assert (await caldav.check(account_with({"url": url})))["timezone"] == "Europe/Vienna"
    assert (await caldav.check(account_with({"url": url, "timezone": "Asia/Tokyo"})))["timezone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("credentials", "field"),
    [
        pytest.param({"password": "guess"}, "password", id="a wrong password"),
        pytest.param({"password": ""}, "password", id="no password"),
        pytest.param({"username": ""}, "username", id="no user name"),
    ],
)
async def test_credentials_that_are_wrong_are_named(
    caldav: DavCalendar, caldav_server: CalDavServer, credentials: dict[str, str], field: str
) -> None:
    with pytest.raises(Malformed) as told:
        await caldav.check(account_with({"url": caldav_server.url}, **credentials))
    assert [error.field for error in told.value.errors] == [field]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        pytest.param({}, "url", id="no address"),
        pytest.param({"url": "cloud.example"}, "url", id="no scheme"),
        pytest.param({"url": "https://["}, "url", id="no host"),
        pytest.param({"url": "http://127.0.0.1:1/"}, "url", id="nobody answers"),
        pytest.param({"url": "http://169.254.169.254/"}, "url", id="a metadata service"),
    ],
)
async def test_an_address_that_is_wrong_is_named(caldav: DavCalendar, settings: dict[str, object], field: str) -> None:
    with pytest.raises(Malformed) as told:
        await caldav.check(account_with(settings))
    assert [error.field for error in told.value.errors] == [field]


async def test_a_chosen_calendar_must_be_one(caldav: DavCalendar, caldav_server: CalDavServer) -> None:
    with pytest.raises(Malformed, match="calendarUrl"):
        await caldav.check(account_with({"url": caldav_server.url, "calendarUrl": caldav_server.home}))


async def test_an_account_without_calendars_is_told(caldav: DavCalendar, caldav_server: CalDavServer) -> None:
    with pytest.raises(Malformed, match="no calendar that it may write to"):
        await caldav.check(account_with({"url": caldav_server.url}))


async def test_a_private_address_is_refused_when_saved(caldav_server: CalDavServer) -> None:
    with pytest.raises(Malformed, match=r"url: .*not a public address"):
        await DavCalendar().check(account_with({"url": caldav_server.url}))


@pytest.mark.parametrize(
    ("base", "href", "target"),
    [
        pytest.param("https://a.example/dav", "/cal/", "https://a.example/cal/", id="the same server"),
        pytest.param("http://a.example/dav", "/cal/", "http://a.example/cal/", id="the same server without TLS"),
        pytest.param("http://a.example/", "https://a.example/", "https://a.example/", id="up to TLS"),
        pytest.param("https://a.example/", "https://p42.b.example/", "https://p42.b.example/", id="another over TLS"),
    ],
)
def test_the_password_follows_to(base: str, href: str, target: str) -> None:
    assert _onward(base, href) == target


@pytest.mark.parametrize(
    ("base", "href"),
    [
        pytest.param("https://a.example/", "http://a.example/", id="down from TLS"),
        pytest.param("http://a.example/", "http://b.example/", id="another server without TLS"),
        pytest.param("http://a.example/", "http://a.example:81/", id="another port without TLS"),
    ],
)
def test_the_password_never_follows(base: str, href: str) -> None:
    with pytest.raises(Malformed, match="unencrypted"):
        _onward(base, href)


def test_an_address_that_is_none_is_not_followed() -> None:
    with pytest.raises(Malformed, match="which is no address"):
        _onward("https://a.example/", "https://[")
