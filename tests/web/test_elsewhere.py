import pytest

from slotkeeper.web.elsewhere import origin_of, with_query


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        pytest.param("https://Example.com/a?b#c", "https://example.com", id="with a path"),
        pytest.param("http://localhost:8080", "http://localhost:8080", id="with a port"),
        pytest.param("https://x; script-src *", None, id="a directive"),
        pytest.param("https://a@b.example/", None, id="with a name"),
        pytest.param("javascript:alert(1)", None, id="a script"),
        pytest.param("//example.com", None, id="no scheme"),
        pytest.param("", None, id="nothing"),
        pytest.param(None, None, id="none"),
    ],
)
def test_a_policy_names_only_what_is_an_origin(address: str | None, origin: str | None) -> None:
    assert origin_of(address) == origin


def test_what_is_told_stands_after_the_query_that_is_there() -> None:
    assert with_query("https://x.example/a?b=1#c", {"d": "e f"}) == "https://x.example/a?b=1&d=e+f#c"
    assert with_query("https://x.example", {}) == "https://x.example"
