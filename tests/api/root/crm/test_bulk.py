import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.api.root.crm.conftest import Crm


def counts(result: Any) -> tuple[int, ...]:
    return tuple(result[name] for name in ("created", "updated", "skipped", "failed"))


async def by_email(crm: Crm) -> dict[str, Any]:
    return {row["item"]["email"]: row["item"] for row in (await crm.get("/crm", limit=1000))["result"]}


async def test_contacts_are_imported_and_what_is_wrong_is_told_by_row(crm: Crm) -> None:
    await crm.contact(email="known@example.org", firstName="Known")
    rows = [
        {"email": "ann@example.org", "firstName": "Ann", "tags": ["Lead"], "additionalData": {"utm": "x"}},
        {"email": "KNOWN@example.org", "firstName": "Other"},
        {"firstName": "Nobody"},
        {"email": "no address"},
        {"phoneNumber": "+49 30 1"},
        {"email": "Ann@example.org", "firstName": "Again"},
    ]
    result = await crm.post("/crm/bulk", contacts=rows)
    assert counts(result) == (2, 0, 2, 2)
    assert [issue["row"] for issue in result["issues"]] == [2, 3]
    contacts = await by_email(crm)
    ann = contacts["ann@example.org"]
    assert (ann["firstName"], ann["tags"], ann["additionalData"]) == ("Ann", ["Lead"], {"utm": "x"})
    assert (ann["accountOwnerId"], contacts["known@example.org"]["firstName"]) == (crm.user_id, "Known")
    assert len(contacts) == 3


async def test_with_update_what_a_row_gives_is_written_over_the_known_contact(crm: Crm, member: Crm) -> None:
    await crm.contact(email="ann@example.org", firstName="Ann", notes="Old", tags=["a"], additionalData={"a": 1})
    rows = [
        {"email": "ANN@example.org", "firstName": "Anna", "additionalData": {"b": 2}},
        {"email": "ann@example.org", "lastName": "Example", "accountOwnerEmail": "Member@example.com"},
        {"email": "new@example.org"},
    ]
    assert counts(await crm.post("/crm/bulk", contacts=rows, updateExisting=True)) == (1, 2, 0, 0)
    ann = (await by_email(crm))["ann@example.org"]
    assert (ann["firstName"], ann["lastName"], ann["notes"], ann["tags"]) == ("Anna", "Example", "Old", ["a"])
    assert (ann["additionalData"], ann["accountOwnerId"]) == ({"a": 1, "b": 2}, member.user_id)


async def test_companies_are_named_by_name_or_id_and_made_if_they_are_new(crm: Crm) -> None:
    acme = await crm.company()
    unknown = str(uuid4())
    refs = ["acme", acme["id"], "New Co", "new co ", unknown, " "]
    rows = [{"email": f"{n}@example.org", "crmCompanyRef": ref} for n, ref in enumerate(refs)]
    result = await crm.post("/crm/bulk", contacts=rows)
    assert counts(result) == (6, 0, 0, 0)
    assert [(issue["row"], unknown in issue["message"]) for issue in result["issues"]] == [(4, True)]
    companies = {company["name"]: company["id"] for company in (await crm.get("/crm/companies"))["companies"]}
    assert set(companies) == {"Acme", "New Co"}
    contacts = await by_email(crm)
    of = [contacts[f"{n}@example.org"]["crmCompanyId"] for n in range(len(refs))]
    assert of == [acme["id"], acme["id"], companies["New Co"], companies["New Co"], None, None]


async def test_an_owner_whom_nobody_knows_is_the_importer_and_is_told(crm: Crm) -> None:
    rows = [{"email": "ann@example.org", "accountOwnerEmail": "ghost@example.com"}]
    [issue] = (await crm.post("/crm/bulk", contacts=rows))["issues"]
    assert (issue["row"], "ghost@example.com" in issue["message"]) == (0, True)
    assert (await by_email(crm))["ann@example.org"]["accountOwnerId"] == crm.user_id


async def test_imports_of_the_same_people_at_once_make_each_once(crm: Crm) -> None:
    rows = [{"email": f"{n}@example.org", "crmCompanyRef": f"Company {n % 3}"} for n in range(20)]
    bodies = [{"contacts": rows[::step], "updateExisting": True} for step in (1, -1, 1)]
    answers = await asyncio.gather(*(crm.ask("POST", "/crm/bulk", body) for body in bodies))
    assert {answer.status_code for answer in answers} == {201}
    assert sum(answer.json()["created"] for answer in answers) == 20
    assert (await crm.get("/crm"))["total"] == 20
    assert (await crm.get("/crm/companies"))["total"] == 3


async def test_a_thousand_contacts_with_long_notes_are_one_request(crm: Crm) -> None:
    rows = [{"email": f"{n}@example.org", "notes": "x" * 1000} for n in range(1000)]
    assert counts(await crm.post("/crm/bulk", contacts=rows)) == (1000, 0, 0, 0)
    assert await crm.refused("POST", "/crm/bulk", {"contacts": [*rows, rows[0]]}) == (
        400,
        "malformed-request",
        ["contacts"],
    )


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/crm/bulk", {}, "contacts"),
        ("/crm/bulk", {"contacts": []}, "contacts"),
        ("/crm/bulk", {"contacts": [{"email": 1}]}, "contacts[0].email"),
        ("/crm/bulk-delete", {"contactIds": []}, "contactIds"),
        ("/crm/bulk-delete", {"contactIds": ["1"]}, "contactIds[0]"),
        ("/crm/bulk-delete", {"contactIds": [str(uuid4())] * 501}, "contactIds"),
        ("/crm/deals/bulk-import", {"rows": [{}] * 501}, "rows"),
    ],
)
async def test_what_is_no_import_is_refused_with_its_field(crm: Crm, path: str, body: Any, field: str) -> None:
    assert await crm.refused("POST", path, body) == (400, "malformed-request", [field])


async def test_many_contacts_are_deleted_and_what_is_no_contact_is_skipped(crm: Crm, stranger: Crm) -> None:
    mine = [(await crm.contact(email=f"{n}@example.org"))["id"] for n in range(3)]
    foreign = (await stranger.contact())["id"]
    ids = [*mine[:2], mine[0], foreign, str(uuid4())]
    result = await crm.post("/crm/bulk-delete", 200, contactIds=ids)
    assert result == {"requested": 5, "deleted": 2, "skipped": 3}
    assert [row["id"] for row in (await crm.get("/crm"))["result"]] == [mine[2]]
    assert (await stranger.get("/crm"))["total"] == 1


async def test_each_row_of_an_import_is_a_deal_and_each_person_one_contact(crm: Crm, member: Crm) -> None:
    pipeline, stages = await crm.pipeline(), await crm.stages()
    await crm.contact(email="known@example.org", lastName="Known")
    rows = [
        {"email": "ann@example.org", "firstName": "Ann", "crmCompanyRef": "Acme", "dealValue": 5, "notes": "A note"},
        {"email": "ann@example.org", "dealName": "Second", "dealCurrency": "USD", "dealNotes": "Deal's"},
        {"email": "known@example.org", "dealOwnerEmail": "member@example.com", "dealExpectedCloseDate": "2037-12-31"},
        {"phoneNumber": "+49 30 1", "dealOwnerEmail": "ghost@example.com"},
        {"email": "bad@example.org", "dealExpectedCloseDate": "soon"},
        {"dealName": "Of nobody"},
    ]
    target = {"pipelineId": pipeline["id"], "stageId": stages["Offer"]}
    result = await crm.post("/crm/deals/bulk-import", rows=rows, **target)
    assert [issue["row"] for issue in result.pop("issues")] == [4, 5]
    assert result == {
        "contactsCreated": 2,
        "contactsUpdated": 0,
        "contactsSkipped": 2,
        "dealsCreated": 4,
        "dealsSkipped": 0,
        "failed": 2,
    }
    deals = {deal["name"]: deal for deal in (await crm.get("/crm/deals"))["deals"]}
    assert set(deals) == {"Ann", "Second", "Ann Known", "+49 30 1"}
    assert {deal["stage"]["name"] for deal in deals.values()} == {"Offer"}
    assert deals["Ann"]["contactId"] == deals["Second"]["contactId"]
    assert (deals["Ann"]["crmCompany"]["name"], deals["Ann"]["value"], deals["Ann"]["notes"]) == ("Acme", 5, None)
    assert (deals["Second"]["currency"], deals["Second"]["notes"]) == ("USD", "Deal's")
    known = deals["Ann Known"]
    assert (known["ownerId"], known["expectedCloseDate"]) == (member.user_id, "2037-12-31")
    assert deals["+49 30 1"]["ownerId"] == crm.user_id
    assert "bad@example.org" not in await by_email(crm)


async def test_an_import_into_no_stage_imports_nothing(crm: Crm) -> None:
    pipeline = await crm.pipeline()
    body = {"rows": [{"email": "ann@example.org"}], "pipelineId": pipeline["id"], "stageId": str(uuid4())}
    assert await crm.refused("POST", "/crm/deals/bulk-import", body) == (400, "malformed-request", ["stageId"])
    assert (await crm.get("/crm"))["total"] == 0
