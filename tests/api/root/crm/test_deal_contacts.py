"""Who a deal is about, whom it may be about, and which deals are the same."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.api.root.crm.conftest import Crm


async def roles(crm: Crm, deal: Any) -> dict[str, tuple[str, bool]]:
    shown = await crm.get(f"/crm/deals/{deal['id']}")
    primary = [link["contactId"] for link in shown["contacts"] if link["isPrimary"]]
    assert primary == ([shown["contactId"]] if shown["contactId"] else [])
    return {link["contact"]["firstName"]: (link["role"], link["isPrimary"]) for link in shown["contacts"]}


@pytest.fixture
async def people(crm: Crm) -> dict[str, str]:
    names = ("Ann", "Bob", "Cara")
    return {name: (await crm.contact(firstName=name, email=f"{name}@example.org"))["id"] for name in names}


async def test_contacts_come_with_their_roles(crm: Crm, people: dict[str, str]) -> None:
    others = [{"contactId": people["Bob"], "role": "decision_maker"}, {"contactId": people["Cara"]}]
    deal = await crm.deal(contactId=people["Ann"], contacts=others)
    assert await roles(crm, deal) == {
        "Ann": ("primary", True),
        "Bob": ("decision_maker", False),
        "Cara": ("other", False),
    }


async def test_a_primary_contact_can_be_named_among_the_others(crm: Crm, people: dict[str, str]) -> None:
    deal = await crm.deal(contacts=[{"contactId": people["Bob"], "role": "user", "isPrimary": True}])
    assert deal["contactId"] == people["Bob"]
    assert await roles(crm, deal) == {"Bob": ("user", True)}


async def test_a_contact_is_added_once_whatever_its_role(crm: Crm, people: dict[str, str]) -> None:
    deal = await crm.deal()
    path = f"/crm/deals/{deal['id']}/contacts"
    first = await crm.post(path, contactId=people["Ann"])
    second = await crm.post(path, contactId=people["Ann"], role="influencer")
    assert (first["id"], first["role"], second["role"]) == (second["id"], "other", "influencer")
    assert first["contact"]["email"] == "Ann@example.org"
    assert await crm.refused("POST", path, {"contactId": str(uuid4())}) == (400, "malformed-request", ["contactId"])


async def test_a_new_primary_contact_takes_the_place_of_the_one_before(crm: Crm, people: dict[str, str]) -> None:
    deal = await crm.deal(contactId=people["Ann"])
    await crm.post(f"/crm/deals/{deal['id']}/contacts", contactId=people["Bob"], role="user", isPrimary=True)
    assert await roles(crm, deal) == {"Bob": ("user", True), "Ann": ("other", False)}


async def test_another_contact_of_the_deal_replaces_the_one_before(crm: Crm, people: dict[str, str]) -> None:
    deal = await crm.deal(contactId=people["Ann"])
    path = f"/crm/deals/{deal['id']}"
    assert (await crm.patch(path, contactId=people["Bob"]))["contactId"] == people["Bob"]
    assert await roles(crm, deal) == {"Bob": ("primary", True)}
    assert (await crm.patch(path, contactId=None))["contactId"] is None
    assert await roles(crm, deal) == {}


async def test_a_contact_with_a_role_of_its_own_stays_when_it_is_no_longer_primary(
    crm: Crm, people: dict[str, str]
) -> None:
    deal = await crm.deal(contacts=[{"contactId": people["Ann"], "role": "user", "isPrimary": True}])
    await crm.patch(f"/crm/deals/{deal['id']}", contactId=people["Bob"])
    assert await roles(crm, deal) == {"Bob": ("primary", True), "Ann": ("user", False)}


@pytest.mark.parametrize(
    ("patch", "role"),
    [
        pytest.param({}, ("primary", True), id="nothing"),
        pytest.param({"role": "user"}, ("user", False), id="another role"),
        pytest.param({"isPrimary": False}, ("other", False), id="no longer primary"),
        pytest.param({"role": "user", "isPrimary": True}, ("user", True), id="primary with a role"),
    ],
)
async def test_a_role_is_changed_by_the_links_own_id(
    crm: Crm, people: dict[str, str], patch: Any, role: tuple[str, bool]
) -> None:
    deal = await crm.deal(contactId=people["Ann"])
    [link] = deal["contacts"]
    changed = await crm.patch(f"/crm/deals/{deal['id']}/contacts/{link['id']}", **patch)
    assert (changed["role"], changed["isPrimary"]) == role
    assert await roles(crm, deal) == {"Ann": role}


async def test_a_removed_contact_stays_a_contact(crm: Crm, people: dict[str, str]) -> None:
    deal = await crm.deal(contactId=people["Ann"])
    [link] = deal["contacts"]
    path = f"/crm/deals/{deal['id']}/contacts/{link['id']}"
    await crm.delete(path)
    assert await roles(crm, deal) == {}
    assert (await crm.get("/crm/details", contactId=people["Ann"]))["item"]["id"] == people["Ann"]
    assert (await crm.refused("DELETE", path))[0] == 404
    kinds = [line["activityType"] for line in await crm.get(f"/crm/deals/{deal['id']}/activity")]
    assert kinds == ["contact_removed", "created"]


async def test_contacts_that_become_primary_at_once_leave_one(crm: Crm, people: dict[str, str]) -> None:
    deal = await crm.deal()
    path = f"/crm/deals/{deal['id']}/contacts"
    bodies = [{"contactId": person, "isPrimary": True} for person in people.values() for _ in range(2)]
    answers = await asyncio.gather(*(crm.ask("POST", path, body) for body in bodies))
    assert {answer.status_code for answer in answers} == {201}
    assert [primary for _, primary in (await roles(crm, deal)).values()].count(True) == 1


@pytest.mark.parametrize(
    ("name", "notes", "found"),
    [
        pytest.param("Offer for Ann Example", "", [("Ann", "name")], id="a name"),
        pytest.param("Website", "call 030 / 123 456", [("Ann", "phone")], id="a number"),
        pytest.param("Ann Example", "call 030 123456", [("Ann", "phone")], id="both: once"),
        pytest.param("Website", "", [], id="neither"),
    ],
)
async def test_a_deal_without_a_contact_is_probably_about(
    crm: Crm, name: str, notes: str, found: list[tuple[str, str]]
) -> None:
    await crm.contact(lastName="Example", phoneNumber="+49 30 123456")
    await crm.contact(firstName="Bob", lastName="Other", email="bob@example.org")
    deal = await crm.deal(name=name, notes=notes)
    suggestions = await crm.get(f"/crm/deals/{deal['id']}/contact-suggestions")
    assert [(each["contact"]["firstName"], each["reason"]) for each in suggestions] == found


async def test_a_deal_with_a_contact_needs_no_suggestion(crm: Crm) -> None:
    ann = await crm.contact(lastName="Example")
    deal = await crm.deal(name="Ann Example", contactId=ann["id"])
    assert await crm.get(f"/crm/deals/{deal['id']}/contact-suggestions") == []


async def test_duplicates_are_alike_in_name_or_have_the_same_customer(crm: Crm, people: dict[str, str]) -> None:
    acme = await crm.company()
    customer = {"crmCompanyId": acme["id"], "contactId": people["Ann"]}
    this = await crm.deal(name="New website 2037", **customer)
    same = await crm.deal(name="New website for 2037", **customer)
    alike = await crm.deal(name="New web site 2037")
    customers = await crm.deal(name="Hosting", **customer)
    await crm.deal(name="Something else", crmCompanyId=acme["id"])
    await crm.deal(name="Unrelated")
    found = await crm.get(f"/crm/deals/{this['id']}/duplicate-candidates")
    assert [(each["dealId"], each["reasons"]) for each in found] == [
        (same["id"], ["name", "company", "contact"]),
        (alike["id"], ["name"]),
        (customers["id"], ["company", "contact"]),
    ]
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)


async def test_a_merge_moves_what_hangs_on_the_duplicates(crm: Crm, people: dict[str, str]) -> None:
    survivor = await crm.deal(name="Survivor", value=5, contactId=people["Ann"])
    others = [{"contactId": people["Cara"], "role": "user"}, {"contactId": people["Ann"]}]
    duplicates = [
        await crm.deal(name="One", value=7, contactId=people["Bob"], contacts=others),
        await crm.deal(name="Two"),
    ]
    for duplicate in duplicates:
        await crm.post("/crm/notes", content="Note", dealId=duplicate["id"])
        await crm.communication(dealId=duplicate["id"])
    task = await crm.task(dealId=duplicates[1]["id"])
    ids = [duplicate["id"] for duplicate in duplicates]
    merged = await crm.post(f"/crm/deals/{survivor['id']}/merge", 200, duplicateDealIds=[*ids, ids[0]])
    moved = {"notes": 2, "tasks": 1, "communications": 2, "contacts": 2, "activities": 2, "appointments": 0}
    assert merged == {"dealId": survivor["id"], "mergedCount": 2, "moved": moved}
    assert len(await crm.get(f"/crm/deals/{survivor['id']}/notes")) == 2
    assert (await crm.get(f"/crm/tasks/{task['id']}"))["dealId"] == survivor["id"]
    assert await roles(crm, survivor) == {"Ann": ("primary", True), "Bob": ("other", False), "Cara": ("user", False)}
    shown = await crm.get(f"/crm/deals/{survivor['id']}")
    assert (shown["name"], shown["value"]) == ("Survivor", 5)
    assert [deal["id"] for deal in (await crm.get("/crm/deals"))["deals"]] == [survivor["id"]]
    [last, *_] = await crm.get(f"/crm/deals/{survivor['id']}/activity")
    assert (last["activityType"], sorted(last["metadata"]["mergedDealIds"])) == ("merged", sorted(ids))


async def test_a_merge_with_itself_or_with_nothing_is_refused_and_nothing_moves(crm: Crm) -> None:
    survivor, duplicate = await crm.deal(), await crm.deal()
    path = f"/crm/deals/{survivor['id']}/merge"
    faulty = [
        ([survivor["id"]], "duplicateDealIds"),
        ([duplicate["id"], str(uuid4())], "duplicateDealIds[1]"),
        ([], "duplicateDealIds"),
    ]
    for ids, field in faulty:
        refused = await crm.refused("POST", path, {"duplicateDealIds": ids})
        assert refused == (400, "malformed-request", [field])
    assert (await crm.get("/crm/deals"))["total"] == 2


async def test_deals_that_are_merged_into_each_other_at_once_leave_one(crm: Crm) -> None:
    one, two = await crm.deal(), await crm.deal()
    answers = await asyncio.gather(
        crm.ask("POST", f"/crm/deals/{one['id']}/merge", {"duplicateDealIds": [two["id"]]}),
        crm.ask("POST", f"/crm/deals/{two['id']}/merge", {"duplicateDealIds": [one["id"]]}),
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert statuses[1] in (400, 404)
    assert (await crm.get("/crm/deals"))["total"] == 1
