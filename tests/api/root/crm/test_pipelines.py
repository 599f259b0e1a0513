import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.api.root.crm.conftest import Crm

NEW = {"name": "Demo", "color": "#123456"}


async def test_a_company_begins_with_one_pipeline_however_many_look_at_once(crm: Crm) -> None:
    seen = await asyncio.gather(*(crm.get("/crm/pipelines") for _ in range(8)))
    assert all(pipelines == seen[0] for pipelines in seen)
    [pipeline] = seen[0]
    assert (pipeline["name"], pipeline["isDefault"]) == ("Sales", True)
    assert [stage["order"] for stage in pipeline["stages"]] == list(range(7))
    assert [stage["name"] for stage in pipeline["stages"] if stage["isWon"] or stage["isLost"]] == ["Won", "Lost"]


async def test_a_pipeline_without_a_name_and_stages_gets_the_usual_ones(crm: Crm) -> None:
    usual = await crm.pipeline()
    created = await crm.post("/crm/pipelines")
    assert (created["name"], created["isDefault"]) == ("Sales", False)
    assert [stage["name"] for stage in created["stages"]] == [stage["name"] for stage in usual["stages"]]


async def test_the_first_pipeline_is_the_default_whatever_is_asked(crm: Crm) -> None:
    created = await crm.post("/crm/pipelines", name="Mine", stages=[NEW])
    assert created["isDefault"] is True
    assert await crm.get("/crm/pipelines") == [created]


async def test_a_new_default_takes_the_place_of_the_old_one(crm: Crm) -> None:
    first = await crm.pipeline()
    second = await crm.post("/crm/pipelines", name="Second", isDefault=True)
    assert [(p["id"], p["isDefault"]) for p in await crm.get("/crm/pipelines")] == [
        (second["id"], True),
        (first["id"], False),
    ]
    assert (await crm.patch(f"/crm/pipelines/{first['id']}", isDefault=True))["isDefault"] is True
    assert (await crm.patch(f"/crm/pipelines/{first['id']}", isDefault=False, name="New"))["isDefault"] is True
    assert [(p["name"], p["isDefault"]) for p in await crm.get("/crm/pipelines")] == [("New", True), ("Second", False)]


async def test_pipelines_that_want_to_be_the_default_at_once_leave_one(crm: Crm) -> None:
    created = [await crm.post("/crm/pipelines", name=str(n)) for n in range(4)]
    paths = [f"/crm/pipelines/{each['id']}" for each in created]
    await asyncio.gather(*(crm.patch(path, isDefault=True) for path in paths for _ in range(2)))
    assert [p["isDefault"] for p in await crm.get("/crm/pipelines")].count(True) == 1


async def test_a_pipeline_with_deals_stays_and_one_without_goes(crm: Crm) -> None:
    first, deal = await crm.pipeline(), await crm.deal()
    second = await crm.post("/crm/pipelines", name="Second")
    assert await crm.refused("DELETE", f"/crm/pipelines/{first['id']}") == (409, "pipeline-in-use", [])
    await crm.delete(f"/crm/deals/{deal['id']}")
    await crm.delete(f"/crm/pipelines/{first['id']}")
    assert [(p["id"], p["isDefault"]) for p in await crm.get("/crm/pipelines")] == [(second["id"], True)]
    assert (await crm.refused("PATCH", f"/crm/pipelines/{first['id']}", {"name": "x"}))[0] == 404


async def test_a_stage_is_added_at_the_end_changed_and_ordered(crm: Crm) -> None:
    pipeline = await crm.pipeline()
    path = f"/crm/pipelines/{pipeline['id']}/stages"
    fields = {"winProbability": 12.5, "rottingDays": 3, "requiredCustomFields": ["budget"], "salesMilestone": "demo"}
    added = await crm.post(path, **NEW, **fields)
    assert {name: added[name] for name in fields} == fields
    assert added["order"] == 7
    changed = await crm.patch(f"{path}/{added['id']}", name="Better", salesMilestone=None, winProbability=None)
    assert changed == {**added, "name": "Better", "salesMilestone": None, "winProbability": None}
    ids = [added["id"], *(stage["id"] for stage in pipeline["stages"])]
    ordered = await crm.patch(f"{path}/reorder", stageIds=ids)
    assert [(stage["id"], stage["order"]) for stage in ordered] == list(zip(ids, range(8), strict=True))
    assert (await crm.pipeline())["stages"] == ordered


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"color": "#fff"}, "name", id="no name"),
        pytest.param({"name": "x" * 101, "color": "#fff"}, "name", id="a long name"),
        pytest.param({**NEW, "isWon": True, "isLost": True}, "isLost", id="won and lost"),
        pytest.param({**NEW, "winProbability": 101}, "winProbability", id="more than certain"),
        pytest.param({**NEW, "rottingDays": 0}, "rottingDays", id="no days"),
        pytest.param({**NEW, "salesMilestone": "end"}, "salesMilestone", id="no milestone"),
    ],
)
async def test_what_is_no_stage_is_refused_with_its_field(crm: Crm, body: dict[str, Any], field: str) -> None:
    path = f"/crm/pipelines/{(await crm.pipeline())['id']}/stages"
    assert await crm.refused("POST", path, body) == (400, "malformed-request", [field])


async def test_a_won_stage_cannot_become_lost_as_well(crm: Crm) -> None:
    pipeline, stages = await crm.pipeline(), await crm.stages()
    path = f"/crm/pipelines/{pipeline['id']}/stages/{stages['Won']}"
    assert await crm.refused("PATCH", path, {"isLost": True}) == (400, "malformed-request", ["isLost"])
    assert (await crm.patch(path, isLost=True, isWon=False))["isLost"] is True


@pytest.mark.parametrize("change", ["one is left out", "one stands twice", "one is a stranger"])
async def test_an_order_names_every_stage_once(crm: Crm, change: str) -> None:
    pipeline = await crm.pipeline()
    ids = [stage["id"] for stage in pipeline["stages"]]
    ids = {
        "one is left out": ids[1:],
        "one stands twice": [ids[0], *ids],
        "one is a stranger": [*ids[1:], str(uuid4())],
    }[change]
    path = f"/crm/pipelines/{pipeline['id']}/stages/reorder"
    assert await crm.refused("PATCH", path, {"stageIds": ids}) == (400, "malformed-request", ["stageIds"])


async def test_a_stages_deals_move_before_it_goes(crm: Crm) -> None:
    pipeline, stages = await crm.pipeline(), await crm.stages()
    deal, hidden = await crm.deal("Offer"), await crm.deal("Offer")
    await crm.delete(f"/crm/deals/{hidden['id']}")
    path = f"/crm/pipelines/{pipeline['id']}/stages/{stages['Offer']}"
    refused = (400, "malformed-request", ["moveToStageId"])
    assert await crm.refused("DELETE", path) == refused
    for target in (stages["Offer"], str(uuid4()), "1"):
        assert await crm.refused("DELETE", f"{path}?moveToStageId={target}") == refused
    await crm.delete(f"{path}?moveToStageId={stages['Meeting']}")
    assert (await crm.get(f"/crm/deals/{deal['id']}"))["stageId"] == stages["Meeting"]
    left = (await crm.pipeline())["stages"]
    assert [stage["order"] for stage in left] == list(range(6))
    assert stages["Offer"] not in [stage["id"] for stage in left]


async def test_a_stage_without_deals_goes_without_a_target_and_the_last_one_stays(crm: Crm) -> None:
    pipeline = await crm.post("/crm/pipelines", name="Two", stages=[NEW, {**NEW, "name": "End"}])
    first, last = (f"/crm/pipelines/{pipeline['id']}/stages/{stage['id']}" for stage in pipeline["stages"])
    await crm.delete(first)
    assert await crm.refused("DELETE", last) == (409, "last-stage", [])
    assert (await crm.refused("DELETE", first))[0] == 404


async def test_a_pipeline_has_fifty_stages_at_most(crm: Crm) -> None:
    pipeline = await crm.post("/crm/pipelines", name="Long", stages=[{**NEW, "name": str(n)} for n in range(50)])
    path = f"/crm/pipelines/{pipeline['id']}/stages"
    assert await crm.refused("POST", path, NEW) == (409, "too-many-stages", [])


async def test_deals_that_enter_a_stage_while_it_goes_are_not_lost(crm: Crm) -> None:
    """Whoever comes second is refused or moved on; no deal stands in a stage that is gone, and nothing is a 500."""
    pipeline, stages = await crm.pipeline(), await crm.stages()
    deals = [await crm.deal() for _ in range(6)]
    path = f"/crm/pipelines/{pipeline['id']}/stages/{stages['Offer']}?moveToStageId={stages['Meeting']}"
    moves = [crm.ask("PATCH", f"/crm/deals/{deal['id']}", {"stageId": stages["Offer"]}) for deal in deals]
    answers = await asyncio.gather(*moves[:3], crm.ask("DELETE", path), *moves[3:])
    assert {answer.status_code for answer in answers} <= {200, 204, 400}
    left = {stage["id"] for stage in (await crm.pipeline())["stages"]}
    assert {deal["stageId"] for deal in (await crm.get("/crm/deals"))["deals"]} <= left


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/crm/pipelines", {}),
        ("PATCH", "/crm/pipelines/{pipeline}", {"name": "x"}),
        ("DELETE", "/crm/pipelines/{pipeline}", None),
        ("POST", "/crm/pipelines/{pipeline}/stages", NEW),
        ("PATCH", "/crm/pipelines/{pipeline}/stages/reorder", {"stageIds": ["{stage}"]}),
        ("PATCH", "/crm/pipelines/{pipeline}/stages/{stage}", {"name": "x"}),
        ("DELETE", "/crm/pipelines/{pipeline}/stages/{stage}", None),
        ("PUT", "/crm/settings/custom-fields", {"fields": []}),
        ("PUT", "/crm/settings/lost-reasons", {"reasons": []}),
    ],
)
async def test_how_the_crm_is_arranged_only_admins_change(
    crm: Crm, member: Crm, method: str, path: str, body: Any
) -> None:
    pipeline = await crm.pipeline()
    ids = {"pipeline": pipeline["id"], "stage": pipeline["stages"][0]["id"]}
    if body and "stageIds" in body:
        body = {"stageIds": [stage["id"] for stage in pipeline["stages"]]}
    assert (await member.refused(method, path.format(**ids), body))[:2] == (403, "forbidden")
    assert await member.pipeline() == pipeline
