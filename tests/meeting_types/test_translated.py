from collections.abc import Mapping

import pytest
from msgspec import UNSET, UnsetType

from slotkeeper.meeting_types.translated import translated
from slotkeeper.records.language import Language

BOTH = {"de": "Hallo", "en": "Hello"}


@pytest.mark.parametrize(
    ("shown", "texts", "given", "expected"),
    [
        pytest.param("Hallo", {"de": "Hallo"}, UNSET, ("Hallo", {"de": "Hallo"}), id="left out"),
        pytest.param("", {}, "Hallo", ("Hallo", {"de": "Hallo"}), id="a text is in the company's language"),
        pytest.param("Hallo", BOTH, "Moin", ("Moin", {"de": "Moin", "en": "Hello"}), id="a text leaves the others"),
        pytest.param("", {}, BOTH, ("Hallo", BOTH), id="an object"),
        pytest.param("Hallo", {"de": "Hallo"}, {"en": "Hello"}, ("Hallo", BOTH), id="an object adds"),
        pytest.param("Hallo", BOTH, {"de": None}, ("Hello", {"en": "Hello"}), id="null takes a language away"),
        pytest.param(
            "", {}, {"fr": "Salut", "en": "Hello"}, ("Hello", {"en": "Hello", "fr": "Salut"}), id="else English"
        ),
        pytest.param(
            "", {}, {"nl": "Hoi", "fr": "Salut"}, ("Salut", {"fr": "Salut", "nl": "Hoi"}), id="else the first"
        ),
        pytest.param("Hallo", {}, {"en": "Hello"}, ("Hallo", BOTH), id="a text from before there were languages"),
        pytest.param("Hallo", BOTH, None, ("", {}), id="null takes all away"),
        pytest.param("Hallo", BOTH, "", ("Hello", {"en": "Hello"}), id="empty is none"),
    ],
)
def test_a_text_in_several_languages(
    shown: str,
    texts: dict[str, str],
    given: str | Mapping[Language, str | None] | UnsetType | None,
    expected: tuple[str, dict[str, str]],
) -> None:
    assert translated(shown, texts, given, "de") == expected
