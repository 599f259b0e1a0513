from typing import Any
from uuid import uuid4

import pytest

from tests.api.root.crm.conftest import Crm


async def kinds(crm: Crm, deal: Any) -> list[str]:
    """Of its history, oldest first."""
    return [line["activityType"] for line in await crm.get(f"/crm/deals/{deal['id']}/activity")][::-1]


async def test_a_deal_is_kept_as_it_was_given(crm: Crm) -> None:
    contact, company = await crm.contact(), await crm.company(domain="acme.com")
    fields = {
        "name": "Big deal",
        "value": 1234.56,
        "currency": "USD",
        "expectedCloseDate": "2037-12-31",
        "notes": "Soon",
        "crmCompanyId": company["id"],
        "contactId": contact["id"],
        "customFields": {"budget": 5},
    }
    created = await crm.deal("Qualified", **fields)
    assert {name: created[name] for name in fields} == fields
    assert (created["ownerId"], created["owner"]["fullName"]) == (crm.user_id, "host")
    assert created["crmCompany"] == {"id": company["id"], "name": "Acme", "domain": "acme.com"}
    assert (created["stage"]["name"], created["contact"]["email"]) == ("Qualified", "ann@example.org")
    assert [(link["role"], link["isPrimary"]) for link in created["contacts"]] == [("primary", True)]
    assert await crm.get(f"/crm/deals/{created['id']}") == created
    assert await kinds(crm, created) == ["created"]


async def test_an_owner_that_is_left_out_is_the_caller_and_null_is_nobody(crm: Crm, member: Crm) -> None:
    assert (await member.deal())["ownerId"] == member.user_id
    assert (await crm.deal(ownerId=None))["owner"] is None
    assert (await crm.deal(ownerId=member.user_id))["owner"]["fullName"] == "Mia M"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"value": -1}, "value", id="a negative value"),
        pytest.param({"value": "5"}, "value", id="a value as text"),
        pytest.param({"currency": ""}, "currency", id="no currency"),
        pytest.param({"expectedCloseDate": "soon"}, "expectedCloseDate", id="no date"),
        pytest.param({"stageId": str(uuid4())}, "stageId", id="an unknown stage"),
        pytest.param({"pipelineId": str(uuid4())}, "pipelineId", id="an unknown pipeline"),
        pytest.param({"contactId": str(uuid4())}, "contactId", id="an unknown contact"),
        pytest.param({"crmCompanyId": str(uuid4())}, "crmCompanyId", id="an unknown company"),
        pytest.param({"ownerId": str(uuid4())}, "ownerId", id="an unknown owner"),
        pytest.param({"contacts": [{"contactId": str(uuid4())}]}, "contacts[0].contactId", id="unknown contacts"),
        pytest.param({"contacts": [{"contactId": str(uuid4()), "role": "boss"}]}, "contacts[0].role", id="no role"),
    ],
)
async def test_what_is_no_deal_is_refused_with_its_field(crm: Crm, body: dict[str, Any], field: str) -> None:
    pipeline = await crm.pipeline()
    given = {"name": "Deal", "pipelineId": pipeline["id"], "stageId": pipeline["stages"][0]["id"], **body}
    assert await crm.refused("POST", "/crm/deals", given) == (400, "malformed-request", [field])
    assert (await crm.get("/crm/deals"))["total"] == 0


async def test_a_stage_of_another_pipeline_is_refused(crm: Crm) -> None:
    first, second = await crm.pipeline(), await crm.post("/crm/pipelines", name="Second")
    foreign = second["stages"][0]["id"]
    body = {"name": "Deal", "pipelineId": first["id"], "stageId": foreign}
    refused = (400, "malformed-request", ["stageId"])
    assert await crm.refused("POST", "/crm/deals", body) == refused
    deal = await crm.deal()
    assert await crm.refused("PATCH", f"/crm/deals/{deal['id']}", {"stageId": foreign}) == refused


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"name": "Bigger", "value": 0}, {"name": "Bigger", "value": 0}, id="name and value"),
        pytest.param({"value": None, "notes": ""}, {"value": None, "notes": None}, id="null and empty clear"),
        pytest.param({"ownerId": None}, {"ownerId": None, "owner": None}, id="nobody owns it"),
        pytest.param({"expectedCloseDate": None}, {"expectedCloseDate": None}, id="no date"),
        pytest.param(
            {"expectedCloseDate": "2038-01-31T00:00:00.000Z"}, {"expectedCloseDate": "2038-01-31"}, id="an instant"
        ),
        pytest.param(
            {"customFields": {"budget": None, "new": [1]}}, {"customFields": {"x": 1, "new": [1]}}, id="fields merge"
        ),
        pytest.param({"pipelineId": "x", "wonAt": "x"}, {}, id="what cannot be changed so is ignored"),
    ],
)
async def test_a_patch_changes_what_it_gives_and_nothing_else(
    crm: Crm, patch: dict[str, Any], changed: dict[str, Any]
) -> None:
    created = await crm.deal(value=5, notes="x", expectedCloseDate="2037-12-31", customFields={"budget": 1, "x": 1})
    patched = await crm.patch(f"/crm/deals/{created['id']}", **patch)
    assert {**patched, "updatedAt": None} == {**created, **changed, "updatedAt": None}
    assert await kinds(crm, created) == ["created", *(["updated"] if changed else [])]


async def test_a_deal_that_changes_its_stage_tells_from_where_to_where(crm: Crm) -> None:
    deal, stages = await crm.deal("Lead"), await crm.stages()
    moved = await crm.patch(f"/crm/deals/{deal['id']}", stageId=stages["Offer"])
    assert moved["stage"]["name"] == "Offer"
    assert moved["enteredStageAt"] > deal["enteredStageAt"]
    [line, _] = await crm.get(f"/crm/deals/{deal['id']}/activity")
    assert (line["activityType"], line["fromStageName"], line["toStageName"]) == ("stage_changed", "Lead", "Offer")
    assert (line["changedById"], line["changedByName"]) == (crm.user_id, "host")
    again = await crm.patch(f"/crm/deals/{deal['id']}", stageId=stages["Offer"])
    assert again["enteredStageAt"] == moved["enteredStageAt"]
    assert await kinds(crm, deal) == ["created", "stage_changed"]
    assert len(await crm.get(f"/crm/deals/{deal['id']}/activity", limit=1)) == 1


async def test_a_deal_that_stands_too_long_rots_while_it_is_open(crm: Crm) -> None:
    """The requests' clock is years ahead of the database's, by which the deal entered its stage."""
    pipeline, stages, deal = await crm.pipeline(), await crm.stages(), await crm.deal()
    assert deal["isRotting"] is False
    await crm.patch(f"/crm/pipelines/{pipeline['id']}/stages/{stages['Lead']}", rottingDays=14)
    assert (await crm.get(f"/crm/deals/{deal['id']}"))["isRotting"] is True
    await crm.patch(f"/crm/pipelines/{pipeline['id']}/stages/{stages['Won']}", rottingDays=1)
    assert (await crm.patch(f"/crm/deals/{deal['id']}/won"))["isRotting"] is False


async def test_a_deleted_deal_is_gone_from_every_list(crm: Crm) -> None:
    company = await crm.company()
    deal = await crm.deal(crmCompanyId=company["id"], value=5)
    task = await crm.task(dealId=deal["id"])
    await crm.delete(f"/crm/deals/{deal['id']}")
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/activity"), ("PATCH", "/won")):
        assert (await crm.refused(method, f"/crm/deals/{deal['id']}{path}"))[0] == 404
    assert (await crm.get("/crm/deals"))["deals"] == []
    assert await crm.get(f"/crm/companies/{company['id']}/deals") == []
    assert (await crm.get(f"/crm/companies/{company['id']}"))["dealsCount"] == 0
    assert await crm.get("/crm/deals/limits") == {"count": 0, "limit": -1}
    assert (await crm.get(f"/crm/tasks/{task['id']}"))["dealId"] is None
