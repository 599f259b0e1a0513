from typing import Any
from uuid import uuid4

import pytest

from tests.api.root.crm.conftest import Crm

PARENTS = ["contactId", "dealId", "crmCompanyId"]
COLLECTION = {"contactId": "contacts", "dealId": "deals", "crmCompanyId": "companies"}


async def parent_of(crm: Crm, field: str) -> str:
    made = {"contactId": crm.contact, "dealId": crm.deal, "crmCompanyId": crm.company}
    return str((await made[field]())["id"])


@pytest.mark.parametrize("field", PARENTS)
async def test_a_note_is_listed_where_it_hangs_pinned_ones_first(crm: Crm, field: str) -> None:
    parent = await parent_of(crm, field)
    first = await crm.post("/crm/notes", content="First", **{field: parent})
    second = await crm.post("/crm/notes", content="Second", **{field: parent})
    assert (first[field], first["authorId"], first["isPinned"]) == (parent, crm.user_id, False)
    path = f"/crm/{COLLECTION[field]}/{parent}/notes"
    assert [note["id"] for note in await crm.get(path)] == [second["id"], first["id"]]
    pinned = await crm.patch(f"/crm/notes/{first['id']}", isPinned=True)
    assert (pinned["isPinned"], pinned["content"]) == (True, "First")
    assert [note["id"] for note in await crm.get(path)] == [first["id"], second["id"]]
    await crm.delete(f"/crm/notes/{first['id']}")
    assert [note["id"] for note in await crm.get(path)] == [second["id"]]
    assert (await crm.refused("PATCH", f"/crm/notes/{first['id']}", {"content": "x"}))[0] == 404


@pytest.mark.parametrize("path", ["/crm/notes", "/crm/communications"])
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param([], "contactId", id="on nothing"),
        pytest.param(["contactId", "dealId"], "contactId", id="on two things"),
        pytest.param(PARENTS, "contactId", id="on three things"),
    ],
)
async def test_it_hangs_on_exactly_one_thing(crm: Crm, path: str, fields: list[str], field: str) -> None:
    parents = {name: await parent_of(crm, name) for name in fields}
    body = {"content": "x", "type": "call", "direction": "inbound", "body": "x", "occurredAt": "2037-01-01T10:00:00Z"}
    assert await crm.refused("POST", path, {**body, **parents}) == (400, "malformed-request", [field])


@pytest.mark.parametrize("path", ["/crm/notes", "/crm/communications"])
@pytest.mark.parametrize("field", PARENTS)
async def test_it_hangs_on_something_that_is_there(crm: Crm, path: str, field: str) -> None:
    body = {"content": "x", "type": "call", "direction": "inbound", "body": "x", "occurredAt": "2037-01-01T10:00:00Z"}
    refused = await crm.refused("POST", path, {**body, field: str(uuid4())})
    assert refused == (400, "malformed-request", [field])


async def test_a_communication_is_kept_as_it_was_given_and_corrected(crm: Crm) -> None:
    contact = await crm.contact()
    fields = {"type": "call", "direction": "inbound", "subject": "Price", "body": "Asked", "outcome": "connected"}
    logged = await crm.communication(**fields, durationSeconds=60, contactId=contact["id"])
    assert {name: logged[name] for name in fields} == fields
    assert (logged["loggedById"], logged["loggedByName"], logged["durationSeconds"]) == (crm.user_id, "host", 60)
    changes = {"outcome": None, "body": "", "occurredAt": "2037-01-01T10:00:00.500+01:00", "type": "sms"}
    corrected = await crm.patch(f"/crm/communications/{logged['id']}", **changes)
    assert {name: corrected[name] for name in changes} == {**changes, "occurredAt": "2037-01-01T09:00:00.500000Z"}
    assert corrected["subject"] == "Price"
    await crm.delete(f"/crm/communications/{logged['id']}")
    assert await crm.get("/crm/communications", contactId=contact["id"]) == []
    assert (await crm.refused("DELETE", f"/crm/communications/{logged['id']}"))[0] == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"type": "fax"}, "type"),
        ({"direction": "up"}, "direction"),
        ({"outcome": "maybe"}, "outcome"),
        ({"durationSeconds": -1}, "durationSeconds"),
        ({"occurredAt": "2037-01-01T10:00:00"}, "occurredAt"),
        ({"occurredAt": "soon"}, "occurredAt"),
    ],
)
async def test_what_is_no_communication_is_refused_with_its_field(crm: Crm, fields: Any, field: str) -> None:
    contact = await crm.contact()
    body = {"type": "call", "direction": "inbound", "body": "x", "occurredAt": "2037-01-01T10:00:00Z", **fields}
    refused = await crm.refused("POST", "/crm/communications", {**body, "contactId": contact["id"]})
    assert refused == (400, "malformed-request", [field])


async def test_a_contact_and_its_deal_show_each_others_communications_and_a_company_only_its_own(crm: Crm) -> None:
    company, contact = await crm.company(), await crm.contact()
    deal = await crm.deal(contactId=contact["id"], crmCompanyId=company["id"])
    ids = {
        field: (await crm.communication(**{field: parent["id"]}))["id"]
        for field, parent in (("contactId", contact), ("dealId", deal), ("crmCompanyId", company))
    }
    both = {ids["contactId"], ids["dealId"]}
    assert {each["id"] for each in await crm.get("/crm/communications", contactId=contact["id"])} == both
    assert {each["id"] for each in await crm.get(f"/crm/deals/{deal['id']}/communications")} == both
    assert {each["id"] for each in await crm.get("/crm/communications", dealId=deal["id"])} == both
    assert [each["id"] for each in await crm.get("/crm/communications", crmCompanyId=company["id"])] == [
        ids["crmCompanyId"]
    ]


async def test_communications_are_listed_of_one_thing(crm: Crm) -> None:
    assert await crm.refused("GET", "/crm/communications") == (400, "malformed-request", ["contactId"])
    assert (await crm.refused("GET", f"/crm/communications?dealId={uuid4()}"))[0] == 404
