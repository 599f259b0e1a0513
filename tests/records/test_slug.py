import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.records.slug import slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("Anna Groß", "anna-gross", id="sharp s"),
        pytest.param("Dr. Ève  Müller-Łoś", "dr-eve-muller-los", id="accents"),
        pytest.param("30 minutes!", "30-minutes", id="digits"),
        pytest.param("李小龍", "li-xiao-long", id="Chinese"),
        pytest.param("🎉", "", id="none"),
        pytest.param("x" * 79 + " y", "x" * 79, id="cut, without a hyphen at its end"),
    ],
)
def test_a_slug_is_the_names_words_in_ascii(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text())
def test_any_name_makes_a_slug_that_an_address_can_hold(name: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug_of(name))
    assert len(slug_of(name)) <= 80
