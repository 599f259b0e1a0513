from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from slotkeeper.crm.pipeline import Pipeline, Stage
from slotkeeper.crm.stage_rules import lost_stage, open_stage, outcome_in, require_fields, won_stage
from slotkeeper.crm.usual_pipeline import usual_name, usual_stages
from slotkeeper.errors import Malformed

ANY = UUID(int=99)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def stage(number: int, **fields: Any) -> Stage:
    given: dict[str, Any] = {"name": f"Stage {number}", "color": "#fff", "is_won": False, "is_lost": False}
    given |= dict.fromkeys(("win_probability", "rotting_days", "sales_milestone"))
    given |= {"required_custom_fields": (), **fields}
    return Stage(id=UUID(int=number), pipeline_id=ANY, order=number, **given)


def pipeline(*stages: Stage) -> Pipeline:
    return Pipeline(id=ANY, name="P", is_default=True, company_id=ANY, stages=stages, created_at=NOW, updated_at=NOW)


LEAD, OFFER, WON, WON_BIG, LOST = (
    stage(1),
    stage(2),
    stage(3, is_won=True),
    stage(4, is_won=True),
    stage(5, is_lost=True),
)
WHOLE, WITHOUT_ENDS = pipeline(LEAD, OFFER, WON, WON_BIG, LOST), pipeline(LEAD, OFFER)


@pytest.mark.parametrize(
    ("of", "wanted", "expected"),
    [
        pytest.param(WHOLE, None, WON, id="the first that counts as won"),
        pytest.param(WHOLE, WON_BIG, WON_BIG, id="the wanted one"),
        pytest.param(WITHOUT_ENDS, None, OFFER, id="where it stands, if none counts as won"),
    ],
)
def test_a_won_deal_goes_to(of: Pipeline, wanted: Stage | None, expected: Stage) -> None:
    assert won_stage(of, wanted.id if wanted else None, OFFER.id) == expected


@pytest.mark.parametrize("wanted", [OFFER.id, LOST.id, ANY], ids=["open", "lost", "of no pipeline"])
def test_a_deal_is_won_only_in_a_stage_that_counts_as_won(wanted: UUID) -> None:
    with pytest.raises(Malformed, match="wonStageId"):
        won_stage(WHOLE, wanted, LEAD.id)


def test_a_lost_deal_goes_to_the_first_lost_stage_or_the_wanted_one() -> None:
    assert lost_stage(WHOLE, None, OFFER.id) == lost_stage(WHOLE, LOST.id, OFFER.id) == LOST
    assert lost_stage(WITHOUT_ENDS, None, OFFER.id) == OFFER
    with pytest.raises(Malformed, match="lostStageId"):
        lost_stage(WHOLE, WON.id, OFFER.id)


@pytest.mark.parametrize(
    ("wanted", "standing", "before", "expected"),
    [
        pytest.param(OFFER.id, WON.id, None, OFFER, id="the wanted one"),
        pytest.param(None, OFFER.id, LEAD.id, OFFER, id="where it stands, if that is open"),
        pytest.param(None, WON.id, OFFER.id, OFFER, id="where it stood before"),
        pytest.param(None, WON.id, LOST.id, LEAD, id="the first open one, if it stood in another end"),
        pytest.param(None, WON.id, ANY, LEAD, id="the first open one, if that stage is gone"),
    ],
)
def test_a_reopened_deal_goes_to(wanted: UUID | None, standing: UUID, before: UUID | None, expected: Stage) -> None:
    assert open_stage(WHOLE, wanted, standing=standing, before=before) == expected


@pytest.mark.parametrize("wanted", [WON.id, LOST.id, ANY])
def test_a_deal_is_reopened_only_in_an_open_stage(wanted: UUID) -> None:
    with pytest.raises(Malformed, match="stageId"):
        open_stage(WHOLE, wanted, standing=WON.id, before=None)


@pytest.mark.parametrize("value", [None, "", []])
def test_a_stage_takes_no_deal_without_the_fields_that_it_requires(value: object) -> None:
    needs = stage(6, required_custom_fields=("budget", "date"))
    require_fields(needs, {"budget": 0, "date": "2026-01-01"})
    with pytest.raises(Malformed) as refused:
        require_fields(needs, {"budget": value, "other": 1})
    assert [error.field for error in refused.value.errors] == ["customFields.budget", "customFields.date"]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_usual_pipeline_ends_in_one_won_and_one_lost_stage(language: str) -> None:
    stages = usual_stages(language)
    assert [each.is_won for each in stages].count(True) == [each.is_lost for each in stages].count(True) == 1
    assert len({each.name for each in stages}) == len(stages)
    assert usual_name(language) == {"de": "Vertrieb"}.get(language, "Sales")


def test_what_entering_a_stage_makes_of_a_deal() -> None:
    assert [outcome_in(each) for each in WHOLE.stages] == [None, None, "won", "won", "lost"]
