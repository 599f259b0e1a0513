import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import ValidationError, convert

from slotkeeper.meeting_types.given import Slug
from slotkeeper.meeting_types.slug import slug_for


@pytest.mark.parametrize(
    ("name", "language", "taken", "expected"),
    [
        pytest.param("30 min intro", "en", [], "30-min-intro", id="words"),
        pytest.param("Erstgespräch für Öl", "de", [], "erstgespraech-fuer-oel", id="German umlauts"),
        pytest.param("Möte på ön", "sv", [], "mote-pa-on", id="Swedish"),
        pytest.param("Знакомство", "en", [], "znakomstvo", id="Cyrillic"),
        pytest.param("初回", "en", [], "chu-hui", id="Chinese"),
        pytest.param("  A/B & C?  ", "en", [], "a-b-c", id="signs"),
        pytest.param("🎉", "en", [], "meeting", id="nothing to write in ASCII"),
        pytest.param("Intro", "en", ["intro"], "intro-2", id="taken"),
        pytest.param("Intro", "en", ["intro", "intro-2", "intro-4"], "intro-3", id="the first number that is free"),
        pytest.param("Intro", "en", ["introduction"], "intro", id="a longer one is another"),
        pytest.param("word " * 40, "en", [], "-".join(["word"] * 12), id="cut at a word"),
    ],
)
def test_a_slug_is_made_from_the_name(name: str, language: str, taken: list[str], expected: str) -> None:
    assert slug_for(name, language, taken) == expected


@given(name=st.text(max_size=80), language=st.sampled_from(["de", "en"]), times=st.integers(1, 4))
def test_whatever_the_name_its_slug_is_new_and_one_that_could_be_given(name: str, language: str, times: int) -> None:
    taken: list[str] = []
    for _ in range(times):
        slug = slug_for(name, language, taken)
        assert slug not in taken
        assert convert(slug, Slug) == slug
        taken.append(slug)


@pytest.mark.parametrize("slug", ["", "a b", "ä", "-a", "a-", "a--b", "a/b", "a\n", "..", "x" * 101])
def test_a_slug_that_is_no_part_of_an_address_is_refused(slug: str) -> None:
    with pytest.raises(ValidationError):
        convert(slug, Slug)
