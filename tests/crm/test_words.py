import pytest

from slotkeeper.crm.words import matching


@pytest.mark.parametrize(
    ("search", "patterns"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("  ann   exam ", ["%ann%", "%exam%"], id="each word"),
        pytest.param("an", ["an%", "% an%"], id="two letters begin a word"),
        pytest.param("50%_\\", ["%50\\%\\_\\\\%"], id="wildcards stand for themselves"),
        pytest.param(
            "one two six ten red sun sky", ["%one%", "%two%", "%six%", "%ten%", "%red%", "%sun sky%"], id="six"
        ),
    ],
)
def test_a_search_asks_for_every_word(search: str, patterns: list[str]) -> None:
    conditions, params = matching("k.words", search)
    assert list(params.values()) == patterns
    assert all(f"%({name})s" in " ".join(conditions) for name in params)
