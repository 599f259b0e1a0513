"""Every route against every kind of caller. A route without a line in ``access/rows.py`` fails."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from litestar.routes import HTTPRoute

from slotkeeper.main import create_app
from slotkeeper.secrets import Vault, host_kind, link_secret
from slotkeeper.settings import Settings, parse_networks

from ..conftest import TEST_SECRET_KEY
from ..integrations.conftest import acme, install
from ..support.server_thread import served
from .access import makers
from .access.callers import CALLERS, Row
from .access.makers import MAKERS, made_anew
from .access.rows import ROWS
from .access.world import World, ids_in, names_in, people

__all__ = ["acme", "install"]  # fixtures: a private calendar that takes one password

FORGED = "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA"
LOOPBACK = parse_networks("127.0.0.0/8")
_TYPED = re.compile(r":\w+\}")


def settings(database_url: str = "") -> Settings:
    return Settings(database_url=database_url, secret_key=TEST_SECRET_KEY, webhook_allow_networks=LOOPBACK)


def routes() -> list[tuple[str, str]]:
    """Method and path of every route that the app has, but what the framework answers itself."""
    return sorted(
        (method, _TYPED.sub("}", route.path))
        for route in create_app(settings()).routes
        if isinstance(route, HTTPRoute)
        for method in route.methods - {"OPTIONS", "HEAD"}
    )


def line_of(method: str, path: str) -> str:
    return f"{method} {path.removeprefix('/v4')}"


@pytest.fixture(scope="module")
def empty_world(database_url: str) -> Iterator[World]:
    company, tokens, ids = asyncio.run(people(database_url, TEST_SECRET_KEY))
    with served(lambda _: create_app(settings(database_url))) as url, httpx.Client(base_url=url) as http:
        yield World(http, company, tokens, ids)


@pytest.fixture(scope="module")
def things(empty_world: World, database_url: str) -> World:
    """One of each, but of what a private provider is needed for."""
    world = empty_world
    world.ids |= {"code": "slot-occupied", "path": "openapi.json", "provider": "caldav", "workspace": str(uuid4())}
    to_confirm = {"meetingInfo": {"name": "Asked"}, "meetingOptions": {"requireHostConfirmation": "enabled"}}
    world.ids["type to confirm"] = world.made("host", "/v4/meeting-type", **to_confirm)["id"]
    [pipeline] = world.ask("admin", "GET", "/crm/pipelines").json()
    world.ids |= {"pipeline": pipeline["id"], "stage": pipeline["stages"][0]["id"]}
    for _, maker in MAKERS:
        if maker is not makers.connection:
            world.ids |= maker(world)
    world.ids["effectId"] = effect_of(database_url, world)
    world.ids["link"] = link_of_the_host(database_url, world)
    world.tokens["attendee"] = world.ids["secret"]
    world.ids["other secret"] = world.tokens["other attendee"] = makers.appointment(world)["secret"]
    return world


def effect_of(database_url: str, world: World) -> str:
    """One that waits for a person."""
    effect, appointment = str(uuid4()), world.ids["appointment"]
    with psycopg.connect(database_url) as connection:
        connection.execute(_EFFECT, {"company_id": world.company.company_id, "id": effect, "appointment": appointment})
    return effect


def link_of_the_host(database_url: str, world: World) -> str:
    """As it is mailed."""
    with psycopg.connect(database_url) as connection:
        [sealed] = connection.execute(_LINK_KEY, {"id": world.company.company_id}).fetchone() or (b"",)
    kind = host_kind(UUID(world.ids["host"]))
    return link_secret(Vault(TEST_SECRET_KEY).open(sealed), kind, UUID(world.ids["appointment"]))


@pytest.fixture
def world(things: World, acme: None) -> World:
    things.ids |= makers.connection(things) | makers.link_to_connect(things)
    return things


@pytest.mark.parametrize(("method", "path"), [pytest.param(*route, id=" ".join(route)) for route in routes()])
def test_each_caller_gets_what_they_may(world: World, method: str, path: str) -> None:
    assert line_of(method, path) in ROWS, "tests/api/access/rows.py has no line for this route"
    row = ROWS[line_of(method, path)]
    found = {caller: status(world, row, caller, method, path) for caller in CALLERS}
    assert found == row.answers


def status(world: World, row: Row, caller: str, method: str, path: str) -> int:
    """2 for any success."""
    ids = ids_for(world, row, caller, method, path)
    asked = world.filled(f"{path}?{row.query}" if row.query else path, ids)
    for name, kind in ids_in(path).items():
        asked = asked.replace(f"{{{name}}}", str(ids[kind]))
    answer = world.ask(credential(row, caller), method, asked, world.filled(row.body, ids))
    return 2 if answer.is_success else answer.status_code


def ids_for(world: World, row: Row, caller: str, method: str, path: str) -> dict[str, Any]:
    """Who may change something gets one of their own to change."""
    anew = row.anew and row.answers[caller] == 2 and method != "GET"
    ids = made_anew(world, names_in(path, [row.body, row.query])) if anew else dict(world.ids)
    if caller == "attendee":
        return ids
    if caller == "other attendee":
        return {**ids, "secret": makers.appointment(world)["secret"] if anew else ids["other secret"]}
    return {**ids, "secret": FORGED}


def credential(row: Row, caller: str) -> str:
    return f"not {' or '.join(row.groups)}" if caller == "token of another group" else caller


def test_no_line_is_left_of_a_route_that_is_gone() -> None:
    assert set(ROWS) == {line_of(*route) for route in routes()}


_LINK_KEY = "SELECT link_key FROM companies WHERE id = %(id)s"

_EFFECT = """
    INSERT INTO effects (company_id, id, appointment_id, sequence, kind, target, state, error_code)
    VALUES (%(company_id)s, %(id)s, %(appointment)s, 0, 'email', 'ann@example.org', 'needs_person', 'no_address')
"""
