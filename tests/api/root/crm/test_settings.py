from typing import Any

import pytest

from tests.api.root.crm.conftest import Crm

FIELD = {"id": "1", "key": "budget", "label": "Budget", "type": "currency", "required": True, "order": 1}


async def test_fields_are_replaced_as_a_whole_each_record_type_its_own(crm: Crm) -> None:
    path = "/crm/settings/custom-fields"
    assert await crm.get(path) == {"fields": []}
    select = {**FIELD, "id": "2", "key": "tier", "type": "select", "options": ["a", "b"], "order": 0}
    kept = await crm.put(path, fields=[FIELD, select])
    assert [field["key"] for field in kept["fields"]] == ["tier", "budget"]
    assert kept["fields"][0]["options"] == ["a", "b"]
    assert await crm.get(path, recordType="deal") == kept
    assert await crm.get(path, recordType="company") == {"fields": []}
    theirs = await crm.put(f"{path}?recordType=company", fields=[FIELD])
    assert await crm.put(path, fields=[]) == {"fields": []}
    assert await crm.get(path, recordType="company") == theirs


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param([{**FIELD, "type": "money"}], "fields[0].type", id="no type"),
        pytest.param([{"key": "x"}], "fields[0].id", id="no id"),
        pytest.param([FIELD, {**FIELD, "key": "x"}], "fields", id="an id twice"),
        pytest.param([FIELD, {**FIELD, "id": "x"}], "fields", id="a key twice"),
        pytest.param({}, "fields", id="no list"),
    ],
)
async def test_what_are_no_fields_is_refused(crm: Crm, fields: Any, field: str) -> None:
    refused = await crm.refused("PUT", "/crm/settings/custom-fields", {"fields": fields})
    assert refused == (400, "malformed-request", [field])


async def test_an_unknown_record_type_is_refused(crm: Crm) -> None:
    refused = await crm.refused("GET", "/crm/settings/custom-fields?recordType=contact")
    assert refused == (400, "malformed-request", ["recordType"])


async def test_reasons_begin_with_the_usual_ones_and_are_replaced_as_a_whole(crm: Crm) -> None:
    path = "/crm/settings/lost-reasons"
    usual = await crm.get(path)
    assert usual["required"] is False
    assert {"key": "price", "label": "Price", "archived": False} in usual["reasons"]
    kept = await crm.put(
        path, reasons=[{"key": "price"}, {"key": "own", "label": "Own", "archived": True}], required=True
    )
    assert kept == {
        "reasons": [
            {"key": "price", "label": "Price", "archived": False},
            {"key": "own", "label": "Own", "archived": True},
        ],
        "required": True,
    }
    assert await crm.get(path) == kept
    twice = {"reasons": [{"key": "x"}, {"key": "x"}]}
    assert await crm.refused("PUT", path, twice) == (400, "malformed-request", ["reasons"])
    await crm.put("/crm/settings/custom-fields", fields=[FIELD])
    assert await crm.get(path) == kept


async def test_each_company_has_its_own_settings(crm: Crm, stranger: Crm) -> None:
    await crm.put("/crm/settings/custom-fields", fields=[FIELD])
    await crm.put("/crm/settings/lost-reasons", reasons=[], required=True)
    assert await stranger.get("/crm/settings/custom-fields") == {"fields": []}
    assert (await stranger.get("/crm/settings/lost-reasons"))["required"] is False
