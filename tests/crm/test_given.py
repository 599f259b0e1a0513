import msgspec
import pytest
from msgspec import UNSET, UnsetType

from slotkeeper.crm.given import assignments, given


class Patch(msgspec.Struct, kw_only=True):
    name: str | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    data: dict[str, object] | UnsetType | None = UNSET


@pytest.mark.parametrize(
    ("patch", "values"),
    [
        pytest.param(Patch(), {}, id="nothing"),
        pytest.param(Patch(name=None), {"name": None}, id="null clears"),
        pytest.param(Patch(name=""), {"name": None}, id="an empty text is none"),
        pytest.param(Patch(tags=()), {"tags": ()}, id="an empty list is one"),
    ],
)
def test_a_patch_gives_what_is_not_left_out(patch: Patch, values: dict[str, object]) -> None:
    assert given(patch) == values


def test_nothing_given_changes_only_the_time_of_the_change() -> None:
    assert assignments({}) == ("updated_at = now()", {})


def test_a_merged_object_keeps_its_other_members_and_loses_the_null_ones() -> None:
    sql, params = assignments({"name": "x", "data": {"a": 1, "b": None}}, ["data"])
    assert sql == "updated_at = now(), name = %(name)s, data = (data || %(data)s) - %(data_gone)s::text[]"
    assert params["data_gone"] == ["b"]
    assert getattr(params["data"], "obj", None) == {"a": 1}
