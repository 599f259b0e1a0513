from uuid import uuid4

import pytest

from tests.api.root.crm.conftest import Crm
from tests.api.root.crm.test_deals import kinds


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
