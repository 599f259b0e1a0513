import asyncio
from typing import Any

import pytest

from tests.api.root.crm.conftest import Crm

WHOLE = {
    "firstName": "Ann",
    "lastName": "Example",
    "email": "ann@example.org",
    "phoneNumber": "+49 30 123456",
    "tags": ["Lead", "Berlin"],
    "notes": "Prefers mornings",
    "language": "de",
    "address": {"line1": "Street 1", "city": "Berlin", "zip": "10115", "country": "DE"},
    "title": "CEO",
    "employer": "Acme",
    "seniority": "c-level",
    "function": "management",
    "location": "Berlin",
    "additionalData": {"utm": {"source": "x"}, "score": 5},
}


async def test_a_contact_is_kept_as_it_was_given(crm: Crm) -> None:
    created = await crm.contact(**WHOLE)
    assert {name: created[name] for name in WHOLE} == WHOLE
    assert (created["accountOwnerId"], created["crmCompanyId"]) == (crm.user_id, None)
    details = await crm.get("/crm/details", contactId=created["id"])
    assert details == {"item": created, "appointments": [], "formAnswers": []}


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"firstName": "Anna"}, {"firstName": "Anna"}, id="one field"),
        pytest.param({"lastName": None, "title": ""}, {"lastName": None, "title": None}, id="null and empty clear"),
        pytest.param({"tags": ["New"]}, {"tags": ["New"]}, id="tags are replaced"),
        pytest.param({"tags": []}, {"tags": []}, id="no tags"),
        pytest.param(
            {"address": {"city": "Bonn", "zip": None}},
            {"address": {"line1": "Street 1", "city": "Bonn", "country": "DE"}},
            id="the address is merged",
        ),
        pytest.param(
            {"additionalData": {"score": None, "new": 1}},
            {"additionalData": {"utm": {"source": "x"}, "new": 1}},
            id="additional data is merged",
        ),
        pytest.param({"accountOwnerId": None}, {"accountOwnerId": None}, id="nobody owns it"),
        pytest.param({"email": ""}, {"email": None}, id="an empty address is none"),
        pytest.param({"unknown": 1, "id": "x"}, {}, id="unknown members are ignored"),
    ],
)
async def test_a_patch_changes_what_it_gives_and_nothing_else(
    crm: Crm, patch: dict[str, Any], changed: dict[str, Any]
) -> None:
    created = await crm.contact(**WHOLE)
    patched = await crm.patch(f"/crm/{created['id']}", **patch)
    assert {**patched, "updatedAt": None} == {**created, **changed, "updatedAt": None}
    assert (await crm.get("/crm/details", contactId=created["id"]))["item"] == patched


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({}, "email", id="neither address nor number"),
        pytest.param({"email": "", "phoneNumber": ""}, "email", id="both empty"),
        pytest.param({"email": "nobody"}, "email", id="no address"),
        pytest.param({"email": "ann@example.org\n"}, "email", id="an address and a line feed"),
        pytest.param({"email": "a@b", "tags": "Lead"}, "tags", id="tags as text"),
        pytest.param({"email": "a@b", "tags": [""]}, "tags[0]", id="an empty tag"),
        pytest.param({"email": "a@b", "address": {"city": 1}}, "address.city", id="a number for a city"),
        pytest.param({"email": "a@b", "additionalData": []}, "additionalData", id="additional data as a list"),
        pytest.param({"email": "a@b", "accountOwnerId": "me"}, "accountOwnerId", id="an owner that is no id"),
        pytest.param({"email": "a@b", "firstName": "x" * 256}, "firstName", id="a long name"),
    ],
)
async def test_what_is_no_contact_is_refused_with_its_field(crm: Crm, body: dict[str, Any], field: str) -> None:
    assert await crm.refused("POST", "/crm", body) == (400, "malformed-request", [field])
    assert (await crm.get("/crm"))["total"] == 0


async def test_an_address_belongs_to_one_contact_in_any_case_of_letters(crm: Crm) -> None:
    ann, bob = await crm.contact(), await crm.contact(email="bob@example.org")
    assert await crm.refused("POST", "/crm", {"email": "ANN@Example.org"}) == (409, "contact-exists", [])
    assert await crm.refused("PATCH", f"/crm/{bob['id']}", {"email": "Ann@example.org"}) == (409, "contact-exists", [])
    assert (await crm.patch(f"/crm/{ann['id']}", email="ANN@example.org"))["email"] == "ANN@example.org"


async def test_of_two_that_create_one_contact_at_once_one_is_told_that_it_exists(crm: Crm) -> None:
    answers = await asyncio.gather(*(crm.ask("POST", "/crm", {"email": "ann@example.org"}) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]


async def test_telephone_numbers_are_shared(crm: Crm) -> None:
    for _ in range(2):
        await crm.post("/crm", phoneNumber="+49 30 1")
    assert (await crm.get("/crm"))["total"] == 2


async def test_a_deleted_contact_disappears_and_its_address_is_free_for_another(crm: Crm) -> None:
    gone = await crm.contact()
    await crm.delete(f"/crm/{gone['id']}")
    assert (await crm.get("/crm"))["result"] == []
    for method, path in (("GET", f"/crm/details?contactId={gone['id']}"), ("DELETE", f"/crm/{gone['id']}")):
        assert (await crm.refused(method, path))[:2] == (404, "not-found")
    assert (await crm.refused("PATCH", f"/crm/{gone['id']}", {"firstName": "x"}))[0] == 404
    again = await crm.contact()
    assert again["id"] != gone["id"]


async def test_a_deleted_contact_is_no_longer_shown_on_its_deals_and_tasks(crm: Crm) -> None:
    contact = await crm.contact()
    deal = await crm.deal(contactId=contact["id"])
    task = await crm.task(contactId=contact["id"])
    await crm.delete(f"/crm/{contact['id']}")
    shown = await crm.get(f"/crm/deals/{deal['id']}")
    assert (shown["contactId"], shown["contact"], shown["contacts"]) == (None, None, [])
    shown = await crm.get(f"/crm/tasks/{task['id']}")
    assert (shown["contactId"], shown["contact"]) == (None, None)


SEARCHES = [
    pytest.param({"searchTerm": "ann"}, {"Ann"}, id="a first name, in any case"),
    pytest.param({"searchTerm": "exam"}, {"Ann", "Bob"}, id="a part of last names"),
    pytest.param({"searchTerm": "example bob"}, {"Bob"}, id="words in any order"),
    pytest.param({"searchTerm": "ann@EXAMPLE"}, {"Ann"}, id="a part of an address"),
    pytest.param({"searchTerm": "+49 30 1"}, {"Ann"}, id="a telephone number as it is written"),
    pytest.param({"searchTerm": "4930123"}, {"Ann"}, id="a telephone number's digits"),
    pytest.param({"searchTerm": "bo"}, {"Bob"}, id="two letters that begin a word"),
    pytest.param({"searchTerm": "%"}, set(), id="a wildcard is a character"),
    pytest.param({"searchTerm": ""}, {"Ann", "Bob", "Cara"}, id="nothing"),
    pytest.param({"tags": "Lead"}, {"Ann", "Cara"}, id="a tag"),
    pytest.param({"tags": ["Lead", "Old"]}, {"Ann", "Bob", "Cara"}, id="one of two tags, repeated"),
    pytest.param({"tags": "Lead, Old"}, {"Ann", "Bob", "Cara"}, id="one of two tags, with a comma"),
    pytest.param({"tags": "None"}, set(), id="a tag that nobody has"),
    pytest.param({"searchTerm": "cara", "tags": "Lead"}, {"Cara"}, id="both"),
]


@pytest.mark.parametrize(("query", "names"), SEARCHES)
async def test_contacts_are_found(crm: Crm, query: dict[str, Any], names: set[str]) -> None:
    await crm.contact(lastName="Example", phoneNumber="+49 30 123", tags=["Lead"])
    await crm.contact(firstName="Bob", lastName="Example", email="bob@nowhere.org", tags=["Old"])
    await crm.contact(firstName="Cara", email="cara@nowhere.org", tags=["Lead", "New"])
    found = await crm.get("/crm", **query)
    assert {row["item"]["firstName"] for row in found["result"]} == names
    assert found["total"] == len(names)


async def test_contacts_are_found_by_their_owner(crm: Crm, member: Crm) -> None:
    await crm.contact()
    theirs = await member.contact(email="bob@example.org")
    found = await crm.get("/crm", ownerId=member.user_id)
    assert [row["id"] for row in found["result"]] == [theirs["id"]]


@pytest.mark.parametrize(
    ("sort_by", "names"),
    [
        pytest.param("firstName", ["ann", "Bob", "Cara"], id="by first name, in any case"),
        pytest.param("lastName", ["Cara", "Bob", "ann"], id="by last name"),
        pytest.param("email", ["Bob", "Cara", "ann"], id="by address"),
        pytest.param("createdAt", ["ann", "Bob", "Cara"], id="by age"),
    ],
)
async def test_contacts_are_sorted(crm: Crm, sort_by: str, names: list[str]) -> None:
    for first, last, email in (("ann", "Z", "c@x.org"), ("Bob", "y", "a@x.org"), ("Cara", "X", "B@x.org")):
        await crm.contact(firstName=first, lastName=last, email=email)
    for order, expected in (("ASC", names), ("DESC", names[::-1])):
        found = await crm.get("/crm", sortBy=sort_by, sortOrder=order)
        assert [row["firstName"] for row in found["result"]] == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("sortBy=id", "sortBy"),
        ("sortOrder=up", "sortOrder"),
        ("ownerId=1", "ownerId"),
        ("searchTerm=%00", "query"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_its_name(crm: Crm, query: str, field: str) -> None:
    assert await crm.refused("GET", f"/crm?{query}") == (400, "malformed-request", [field])


async def test_details_need_one_of_two_ids(crm: Crm) -> None:
    assert await crm.refused("GET", "/crm/details") == (400, "malformed-request", ["contactId"])


async def test_the_same_routes_are_under_v4(crm: Crm) -> None:
    created = (await crm.post("/v4/crm", email="ann@example.org"))["item"]
    assert (await crm.get("/v4/crm/details", contactId=created["id"]))["item"] == created
