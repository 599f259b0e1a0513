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


async def test_entering_a_closing_stage_closes_a_deal_and_leaving_it_opens_it(crm: Crm) -> None:
    deal, stages = await crm.deal(), await crm.stages()
    for stage, won, lost in (("Won", True, False), ("Lost", False, True), ("Offer", False, False)):
        moved = await crm.patch(f"/crm/deals/{deal['id']}", stageId=stages[stage])
        assert (moved["wonAt"] is not None, moved["lostAt"] is not None) == (won, lost)
    created = await crm.deal("Won")
    assert created["wonAt"] is not None


async def test_a_won_deal_goes_to_the_won_stage_and_back_when_it_is_reopened(crm: Crm) -> None:
    deal = await crm.deal("Offer")
    won = await crm.patch(f"/crm/deals/{deal['id']}/won")
    assert (won["stage"]["name"], won["wonAt"] is not None) == ("Won", True)
    reopened = await crm.patch(f"/crm/deals/{deal['id']}/reopen")
    assert (reopened["stage"]["name"], reopened["wonAt"]) == ("Offer", None)
    assert await kinds(crm, deal) == ["created", "won", "reopened"]


async def test_a_lost_deal_keeps_its_reason_until_it_is_reopened(crm: Crm) -> None:
    deal = await crm.deal("Offer")
    lost = await crm.patch(f"/crm/deals/{deal['id']}/lost", lostReason="price", lostReasonNote="Too much")
    assert (lost["stage"]["name"], lost["lostReason"], lost["lostReasonNote"]) == ("Lost", "price", "Too much")
    renamed = await crm.patch(f"/crm/deals/{deal['id']}", name="Other")
    assert (renamed["lostReason"], renamed["lostAt"]) == ("price", lost["lostAt"])
    stages = await crm.stages()
    reopened = await crm.patch(f"/crm/deals/{deal['id']}/reopen", stageId=stages["Lead"])
    assert (reopened["stage"]["name"], reopened["lostReason"], reopened["lostAt"]) == ("Lead", None, None)


@pytest.mark.parametrize("content", [b"", b"{}", b"null"], ids=["no body", "an empty object", "null"])
@pytest.mark.parametrize("outcome", ["won", "lost", "reopen"])
async def test_a_deal_is_closed_and_reopened_without_a_body(crm: Crm, outcome: str, content: bytes) -> None:
    deal = await crm.deal()
    headers = {"authorization": f"Bearer {crm.token}", "content-type": "application/json"}
    answer = await crm.client.patch(f"/crm/deals/{deal['id']}/{outcome}", content=content, headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("outcome", "field", "stage"),
    [("won", "wonStageId", "Lost"), ("lost", "lostStageId", "Offer"), ("reopen", "stageId", "Won")],
)
async def test_a_stage_that_means_something_else_is_refused(crm: Crm, outcome: str, field: str, stage: str) -> None:
    deal, stages = await crm.deal(), await crm.stages()
    for value in (stages[stage], str(uuid4())):
        refused = await crm.refused("PATCH", f"/crm/deals/{deal['id']}/{outcome}", {field: value})
        assert refused == (400, "malformed-request", [field])


async def test_a_company_may_require_a_reason_for_lost_deals(crm: Crm) -> None:
    deal = await crm.deal()
    await crm.put("/crm/settings/lost-reasons", reasons=[{"key": "price"}], required=True)
    path = f"/crm/deals/{deal['id']}/lost"
    assert await crm.refused("PATCH", path, {}) == (400, "malformed-request", ["lostReason"])
    assert (await crm.patch(path, lostReason="one of our own"))["lostReason"] == "one of our own"


async def test_a_stage_takes_no_deal_without_its_fields(crm: Crm) -> None:
    pipeline, stages, deal = await crm.pipeline(), await crm.stages(), await crm.deal()
    path = f"/crm/pipelines/{pipeline['id']}/stages"
    for name in ("Offer", "Won"):
        await crm.patch(f"{path}/{stages[name]}", requiredCustomFields=["budget"])
    refused = (400, "malformed-request", ["customFields.budget"])
    body = {"name": "Deal", "pipelineId": pipeline["id"], "stageId": stages["Offer"]}
    assert await crm.refused("POST", "/crm/deals", body) == refused
    assert await crm.refused("PATCH", f"/crm/deals/{deal['id']}", {"stageId": stages["Offer"]}) == refused
    assert await crm.refused("PATCH", f"/crm/deals/{deal['id']}/won", {}) == refused
    both = {"stageId": stages["Offer"], "customFields": {"budget": 5}}
    assert (await crm.patch(f"/crm/deals/{deal['id']}", **both))["stage"]["name"] == "Offer"


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


@pytest.fixture
async def four_deals(crm: Crm, member: Crm) -> dict[str, Any]:
    """Open, won, lost, and one of another owner in another pipeline."""
    ann, acme = await crm.contact(), await crm.company()
    await crm.pipeline()
    other = await crm.post("/crm/pipelines", name="Other")
    stage = other["stages"][0]["id"]
    await crm.deal("Offer", name="Alpha sale", value=100, contactId=ann["id"], crmCompanyId=acme["id"])
    await crm.deal("Won", name="Beta sale", value=50)
    await crm.deal("Lost", name="Gamma rent", value=20, currency="USD")
    theirs = {"name": "Delta", "pipelineId": other["id"], "stageId": stage, "ownerId": member.user_id}
    await crm.post("/crm/deals", **theirs, contacts=[{"contactId": ann["id"], "role": "influencer"}])
    return {"ann": ann["id"], "acme": acme["id"], "other": other["id"], "stage": stage, "mia": member.user_id}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param({}, "Alpha Beta Gamma Delta", id="all"),
        pytest.param({"search": "sale"}, "Alpha Beta", id="a word"),
        pytest.param({"search": "SALE alp"}, "Alpha", id="two words"),
        pytest.param({"isOpen": "true"}, "Alpha Delta", id="open"),
        pytest.param({"isOpen": "false"}, "Beta Gamma", id="closed"),
        pytest.param({"isWon": "true"}, "Beta", id="won"),
        pytest.param({"isLost": "true"}, "Gamma", id="lost"),
        pytest.param({"pipelineId": "other"}, "Delta", id="a pipeline"),
        pytest.param({"stageId": "stage"}, "Delta", id="a stage"),
        pytest.param({"contactId": "ann"}, "Alpha Delta", id="a contact in any role"),
        pytest.param({"crmCompanyId": "acme"}, "Alpha", id="a company"),
        pytest.param({"ownerId": "mia"}, "Delta", id="an owner"),
        pytest.param({"ownerId": "mia", "isWon": "true"}, "", id="two that nothing fits"),
    ],
)
async def test_deals_are_found(crm: Crm, four_deals: dict[str, Any], query: dict[str, str], names: str) -> None:
    known = {name: four_deals.get(value, value) for name, value in query.items()}
    found = await crm.get("/crm/deals", sortOrder="ASC", **known)
    assert [deal["name"].split()[0] for deal in found["deals"]] == names.split()
    assert (found["total"], found["page"], found["totalPages"]) == (len(names.split()), 1, bool(names))


@pytest.mark.parametrize(
    ("sort_by", "names"),
    [("name", "Alpha Beta Delta Gamma"), ("value", "Gamma Beta Alpha Delta"), ("createdAt", "Alpha Beta Gamma Delta")],
)
async def test_deals_are_sorted(crm: Crm, four_deals: dict[str, Any], sort_by: str, names: str) -> None:
    for order, expected in (("ASC", names.split()), ("DESC", names.split()[::-1])):
        found = await crm.get("/crm/deals", sortBy=sort_by, sortOrder=order)
        assert [deal["name"].split()[0] for deal in found["deals"]] == expected


async def test_a_summary_counts_all_and_adds_what_can_be_added(crm: Crm, four_deals: dict[str, Any]) -> None:
    summary = await crm.get("/crm/deals/summary")
    counts = {name: summary[f"{name}Deals"] for name in ("total", "open", "won", "lost")}
    assert counts == {"total": 4, "open": 2, "won": 1, "lost": 1}
    assert (summary["displayCurrency"], summary["totalValue"], summary["weightedForecast"]) == ("EUR", 150, 60)
    assert summary["currencies"] == [
        {"currency": "EUR", "count": 3, "value": 150},
        {"currency": "USD", "count": 1, "value": 20},
    ]
    assert [(s["stageName"], s["count"], s["value"]) for s in summary["byStage"] if s["stageName"] == "Won"] == [
        ("Won", 1, 50)
    ]
    assert (await crm.get("/crm/deals/summary", pipelineId=four_deals["other"]))["totalDeals"] == 1
    assert (await crm.get("/crm/deals/summary", ownerId=four_deals["mia"]))["openDeals"] == 1
    assert await crm.get("/crm/deals/limits") == {"count": 4, "limit": -1}


async def test_a_summary_of_nothing_is_all_zero(crm: Crm) -> None:
    summary = await crm.get("/crm/deals/summary")
    assert (summary["totalDeals"], summary["totalValue"], summary["displayCurrency"]) == (0, 0, "EUR")
    assert (summary["byStage"], summary["currencies"]) == ([], [])
