"""What a link to the form allows stands in it, and only we can have written it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, bootstrap
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.integrations.connect_link import ConnectLink, origin_of, read_link, sign_link
from slotkeeper.secrets import Vault, content_in, link_secret, signed

AT = datetime(2037, 12, 7, 9, 0, tzinfo=UTC)


def link_for(company: Bootstrapped, **fields: Any) -> ConnectLink:
    given = {"provider": "caldav", "writes": True, "redirect_url": None, "expires_at": AT, **fields}
    return ConnectLink(company_id=company.company_id, user_id=company.user_id, **given)


async def test_a_signed_link_is_read_again(connection: Connection, vault: Vault, company: Bootstrapped) -> None:
    link = link_for(company, redirect_url="https://app.example.com/")
    invited = await read_link(connection, vault, await sign_link(connection, vault, link))
    assert (invited.link, invited.company_name, invited.user_name) == (link, "Praxis Dr. Weiß", "host")


async def test_what_another_key_signed_is_unknown(connection: Connection, vault: Vault, company: Bootstrapped) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    text = await sign_link(connection, vault, link_for(other))
    mac = text.rpartition(".")[2]
    content = signed(b"k" * 32, "connect-calendar", msgspec.json.encode(link_for(company))).rpartition(".")[0]
    with pytest.raises(NotFound):
        await read_link(connection, vault, f"{content}.{mac}")


async def test_a_link_that_was_changed_is_unknown(connection: Connection, vault: Vault, company: Bootstrapped) -> None:
    text = await sign_link(connection, vault, link_for(company))
    longer = msgspec.structs.replace(
        msgspec.json.decode(content_in(text), type=ConnectLink), expires_at=datetime(2099, 1, 1, tzinfo=UTC)
    )
    forged = signed(b"", "", msgspec.json.encode(longer)).rpartition(".")[0]
    with pytest.raises(NotFound):
        await read_link(connection, vault, f"{forged}.{text.rpartition('.')[2]}")


async def test_the_secret_of_a_mailed_link_is_no_link_to_the_form(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    for text in (link_secret(b"k" * 32, "attendee", uuid4()), "", "x", "e30.x", "bnVsbA.x", "ü"):
        with pytest.raises(NotFound):
            await read_link(connection, vault, text)


async def test_a_user_who_is_gone_has_no_link_any_more(
    connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    text = await sign_link(connection, vault, link_for(company))
    await connection.execute("UPDATE users SET deleted_at = now() WHERE id = %s", (company.user_id,))
    with pytest.raises(NotFound):
        await read_link(connection, vault, text)
    with pytest.raises(NotFound):
        await sign_link(connection, vault, link_for(company))


@pytest.mark.parametrize(
    ("redirect_url", "origin"),
    [
        pytest.param("https://app.example.com/done?x=1#y", "https://app.example.com", id="with path, query, fragment"),
        pytest.param("http://localhost:3000", "http://localhost:3000", id="with a port"),
        pytest.param("HTTPS://APP.example.com?a", "https://app.example.com", id="in capitals"),
    ],
)
def test_the_address_to_go_on_to_has_an_origin(redirect_url: str, origin: str) -> None:
    assert origin_of(redirect_url) == origin


@pytest.mark.parametrize(
    "redirect_url",
    [
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("data:text/html,x", id="data"),
        pytest.param("ftp://example.com/", id="ftp"),
        pytest.param("/done", id="relative"),
        pytest.param("//example.com/", id="without scheme"),
        pytest.param("https:///done", id="without host"),
        pytest.param("https://user@example.com/", id="with a user"),
        pytest.param("https://example.com; script-src *", id="a policy inside"),
        pytest.param("https://example.com/\r\nSet-Cookie: a=b", id="a header inside"),
        pytest.param("https://bücher.example/", id="not ASCII"),
        pytest.param("https://example.com/" + "x" * 2000, id="too long"),
        pytest.param("", id="empty"),
    ],
)
def test_any_other_address_to_go_on_to_is_refused_by_name(redirect_url: str) -> None:
    with pytest.raises(Malformed, match="redirectUrl"):
        origin_of(redirect_url)


@pytest.mark.parametrize(
    ("redirect_url", "then"),
    [
        pytest.param("https://a.example", "https://a.example?success=true&provider=caldav", id="bare"),
        pytest.param(
            "https://a.example/d?x=%20#y", "https://a.example/d?x=%20&success=true&provider=caldav#y", id="full"
        ),
    ],
)
def test_the_outcome_joins_the_query(company_less: ConnectLink, redirect_url: str, then: str) -> None:
    link = msgspec.structs.replace(company_less, redirect_url=redirect_url)
    assert link.leads_back(success="true", provider="caldav") == then


def test_without_an_address_to_go_on_to_it_leads_nowhere(company_less: ConnectLink) -> None:
    assert company_less.leads_back(success="true") is None


@pytest.fixture
def company_less() -> ConnectLink:
    return ConnectLink(
        company_id=uuid4(), user_id=uuid4(), provider="caldav", writes=True, redirect_url=None, expires_at=AT
    )
