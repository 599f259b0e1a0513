from typing import Any

import pytest

from tests.api.root.crm.conftest import Crm


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
