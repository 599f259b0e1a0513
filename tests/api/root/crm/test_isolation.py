"""Every route of the CRM, taken from the router, against another company's ids: they answer as unknown ones do."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from slotkeeper.main import create_app
from slotkeeper.settings import Settings
from tests.api.root.crm.conftest import Crm

ID = re.compile(r"\{(\w+)\}")


def routes() -> list[tuple[str, str]]:
    """Method and path of each, as registered under ``/crm``."""
    app: Litestar = create_app(Settings(database_url="", secret_key="k"))
    return sorted(
        (str(method), re.sub(r"\{(\w+):str\}", r"{\1}", route.path))
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/crm")
        for handler in route.route_handlers
        for method in handler.http_methods
        if method not in ("OPTIONS", "HEAD")
    )


ROUTES = routes()
WITH_ID = [pytest.param(method, path, id=f"{method} {path}") for method, path in ROUTES if ID.search(path)]
WITHOUT_ID = [pytest.param(path, id=path) for method, path in ROUTES if method == "GET" and not ID.search(path)]


class World:
    """One of everything, under the name of the collection that its id stands behind in a path."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.ids: dict[str, str] = {}

    @classmethod
    async def made(cls, crm: Crm) -> "World":
        world = cls(crm)
        company = await crm.company(domain="acme.example")
        contact = await crm.contact(crmCompanyId=company["id"], lastName="Example")
        pipeline = await crm.pipeline()
        deal = await crm.deal(contactId=contact["id"], crmCompanyId=company["id"])
        note = await crm.post("/crm/notes", content="Secret", contactId=contact["id"])
        mail = await crm.communication(type="email", contactId=contact["id"])
        task = await crm.task(contactId=contact["id"], dealId=deal["id"], crmCompanyId=company["id"])
        world.ids = {
            "crm": contact["id"],
            "contacts": contact["id"],
            "companies": company["id"],
            "by-company": company["id"],
            "pipelines": pipeline["id"],
            "stageId": pipeline["stages"][0]["id"],
            "deals": deal["id"],
            "dealContactId": deal["contacts"][0]["id"],
            "notes": note["id"],
            "communications": mail["id"],
            "emails": mail["id"],
            "tasks": task["id"],
            "domain": "acme.example",
        }
        return world

    def path(self, path: str, unknown: bool = False) -> str:
        """With this company's ids, or with ids that nobody has."""

        def value(found: re.Match[str]) -> str:
            name = found[1] if found[1] != "id" else path[: found.start()].strip("/").rpartition("/")[2]
            return f"{uuid4()}" if unknown else self.ids[name]

        return ID.sub(value, path)


async def body_for(crm: Crm, method: str, path: str) -> Mapping[str, Any] | None:
    """What the route takes, with ids of the caller's own company, so that only the path can be at fault."""
    if method not in ("POST", "PATCH", "PUT"):
        return None
    if path.endswith("/stages/reorder"):
        return {"stageIds": list((await crm.stages()).values())}
    if path.endswith("/stages"):
        return {"name": "x", "color": "#fff"}
    if path == "/crm/deals/{id}/contacts":
        return {"contactId": (await crm.contact())["id"]}
    if path.endswith("/merge"):
        return {"duplicateDealIds": [(await crm.deal())["id"]]}
    return {}


OF_THE_API = """
GET POST: /crm /crm/deals /crm/companies /crm/communications /crm/tasks /crm/pipelines
GET: /crm/details /crm/deals/summary /crm/deals/limits /crm/companies/summary /crm/companies/by-domain/{domain}
GET: /crm/tasks/summary /crm/tasks/overdue /crm/tasks/upcoming /crm/tasks/by-company/{id}
GET: /crm/emails/{id}/body /crm/emails/send-capability
GET: /crm/contacts/{id}/activity /crm/contacts/{id}/emails /crm/contacts/{id}/notes /crm/contacts/{id}/attachments
GET: /crm/deals/{id}/activity /crm/deals/{id}/appointments /crm/deals/{id}/emails /crm/deals/{id}/notes
GET: /crm/deals/{id}/attachments /crm/deals/{id}/communications /crm/deals/{id}/duplicate-candidates
GET: /crm/deals/{id}/contact-suggestions /crm/companies/{id}/contacts /crm/companies/{id}/deals
GET: /crm/companies/{id}/meeting-history /crm/companies/{id}/notes /crm/companies/{id}/attachments
GET PUT: /crm/settings/custom-fields /crm/settings/lost-reasons
GET PATCH DELETE: /crm/deals/{id} /crm/companies/{id} /crm/tasks/{id}
PATCH DELETE: /crm/{id} /crm/communications/{id} /crm/notes/{id} /crm/pipelines/{id}
PATCH DELETE: /crm/pipelines/{id}/stages/{stageId} /crm/deals/{id}/contacts/{dealContactId}
PATCH: /crm/pipelines/{id}/stages/reorder /crm/tasks/{id}/complete /crm/tasks/{id}/uncomplete
PATCH: /crm/deals/{id}/won /crm/deals/{id}/lost /crm/deals/{id}/reopen
POST: /crm/bulk /crm/bulk-delete /crm/deals/bulk-import /crm/notes /crm/pipelines/{id}/stages
POST: /crm/deals/{id}/merge /crm/deals/{id}/contacts
"""
"""meetergo-v4-api.md 2.13."""


def test_the_router_has_every_route_of_the_crm() -> None:
    lines = (line.partition(":") for line in OF_THE_API.strip().splitlines())
    expected = {(method, path) for methods, _, paths in lines for method in methods.split() for path in paths.split()}
    assert set(ROUTES) == expected


@pytest.mark.parametrize(("method", "path"), WITH_ID)
async def test_another_companys_id_answers_as_an_unknown_one(crm: Crm, stranger: Crm, method: str, path: str) -> None:
    world = await World.made(crm)
    body = await body_for(stranger, method, path)
    foreign = await stranger.ask(method, world.path(path), body)
    unknown = await stranger.ask(method, world.path(path, unknown=True), body)
    assert (foreign.status_code, unknown.status_code) == (404, 404), foreign.text
    varying = {"instance": "", "detail": "", "message": ""}
    assert {**foreign.json(), **varying} == {**unknown.json(), **varying}


@pytest.mark.parametrize(("method", "path"), WITH_ID)
async def test_the_same_id_is_found_by_its_own_company(crm: Crm, method: str, path: str) -> None:
    """Without this the test above could pass on a path that nobody can call."""
    world = await World.made(crm)
    if path.endswith("/stages/{stageId}") and method == "DELETE":
        path += f"?moveToStageId={(await crm.stages())['Offer']}"
    if path == "/crm/pipelines/{id}" and method == "DELETE":
        await crm.delete(world.path("/crm/deals/{id}"))
    body = {"contactId": world.ids["contacts"]} if path == "/crm/deals/{id}/contacts" else None
    answer = await crm.ask(method, world.path(path), body or await body_for(crm, method, path))
    assert answer.status_code in (200, 201, 204), answer.text


@pytest.mark.parametrize("path", WITHOUT_ID)
async def test_nothing_of_another_company_is_in_any_list(crm: Crm, stranger: Crm, path: str) -> None:
    world = await World.made(crm)
    for query in ("", "?search=a&searchTerm=a", *(f"?{name}={value}" for name, value in filters(world).items())):
        answer = await stranger.ask("GET", path + query)
        assert answer.status_code in (200, 400, 404), answer.text
        assert [name for name, value in world.ids.items() if name != "domain" and f'"{value}"' in answer.text] == []


def filters(world: World) -> dict[str, str]:
    ids = world.ids
    named = {"contactId": "contacts", "dealId": "deals", "crmCompanyId": "companies", "pipelineId": "pipelines"}
    return {
        **{name: ids[value] for name, value in named.items()},
        "stageId": ids["stageId"],
        "ownerId": world.crm.user_id,
    }


REFERENCES = [
    ("POST", "/crm", {"email": "x@example.org"}, "crmCompanyId", "companies"),
    ("POST", "/crm", {"email": "x@example.org"}, "accountOwnerId", "user"),
    ("PATCH", "/crm/{contact}", {}, "crmCompanyId", "companies"),
    ("PATCH", "/crm/{contact}", {}, "accountOwnerId", "user"),
    ("POST", "/crm/companies", {"name": "x"}, "ownerId", "user"),
    ("PATCH", "/crm/deals/{deal}", {}, "contactId", "contacts"),
    ("PATCH", "/crm/deals/{deal}", {}, "crmCompanyId", "companies"),
    ("PATCH", "/crm/deals/{deal}", {}, "ownerId", "user"),
    ("PATCH", "/crm/deals/{deal}", {}, "stageId", "stageId"),
    ("PATCH", "/crm/deals/{deal}/won", {}, "wonStageId", "stageId"),
    ("PATCH", "/crm/deals/{deal}/lost", {}, "lostStageId", "stageId"),
    ("PATCH", "/crm/deals/{deal}/reopen", {}, "stageId", "stageId"),
    ("POST", "/crm/deals/{deal}/contacts", {}, "contactId", "contacts"),
    ("POST", "/crm/notes", {"content": "x"}, "contactId", "contacts"),
    ("POST", "/crm/notes", {"content": "x"}, "dealId", "deals"),
    ("POST", "/crm/notes", {"content": "x"}, "crmCompanyId", "companies"),
    ("POST", "/crm/tasks", {"title": "x", "type": "call", "dueDate": "2037-01-01"}, "contactId", "contacts"),
    ("POST", "/crm/tasks", {"title": "x", "type": "call", "dueDate": "2037-01-01"}, "dealId", "deals"),
    ("POST", "/crm/tasks", {"title": "x", "type": "call", "dueDate": "2037-01-01"}, "crmCompanyId", "companies"),
    ("POST", "/crm/tasks", {"title": "x", "type": "call", "dueDate": "2037-01-01"}, "assigneeId", "user"),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "field", "kind"),
    [pytest.param(*each, id=f"{each[0]} {each[1]} {each[3]}") for each in REFERENCES],
)
async def test_another_companys_id_in_a_body_is_refused_as_an_unknown_one(
    crm: Crm, stranger: Crm, method: str, path: str, body: dict[str, Any], field: str, kind: str
) -> None:
    world = await World.made(crm)
    world.ids["user"] = crm.user_id
    own = {"contact": (await stranger.contact())["id"], "deal": (await stranger.deal())["id"]}
    answers = [
        await stranger.ask(method, path.format(**own), {**body, field: value})
        for value in (world.ids[kind], str(uuid4()))
    ]
    assert [answer.status_code for answer in answers] == [400, 400], answers[0].text
    assert [answer.json()["errors"][0]["field"] for answer in answers] == [field, field]
    assert answers[0].json() == answers[1].json()


async def test_nothing_of_another_company_is_changed_on_the_way(crm: Crm, stranger: Crm) -> None:
    world = await World.made(crm)
    before = await everything(crm, world)
    for method, path in ROUTES:
        if ID.search(path):
            await stranger.ask(method, world.path(path), await body_for(stranger, method, path))
    assert await everything(crm, world) == before


async def everything(crm: Crm, world: World) -> list[Any]:
    return [await crm.get(world.path(path)) for method, path in ROUTES if method == "GET" and "{" in path]
