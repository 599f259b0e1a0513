import pytest

from slotkeeper.api.lists import listed


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(None, (), id="not given"),
        pytest.param([""], (), id="empty"),
        pytest.param(["a", "b"], ("a", "b"), id="the key repeated"),
        pytest.param(["a,b"], ("a", "b"), id="with a comma"),
        pytest.param(["a, b,", "c"], ("a", "b", "c"), id="both, and careless"),
        pytest.param(["b", "a,b"], ("b", "a"), id="each once, in their order"),
    ],
)
def test_a_list_comes_either_way(values: list[str] | None, expected: tuple[str, ...]) -> None:
    assert listed(values) == expected
