import pytest

from slotkeeper.web.accept_language import preferred


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        pytest.param(None, "en", id="none"),
        pytest.param("", "en", id="empty"),
        pytest.param("de", "de", id="german"),
        pytest.param("de-CH, en;q=0.9", "de_CH", id="of a country"),
        pytest.param("DE", "de", id="in capitals"),
        pytest.param("en;q=0.5, de;q=0.8", "de", id="the heavier one"),
        pytest.param("en;q=0.8 , de;q=0.8", "en", id="the first of two that weigh the same"),
        pytest.param("fr, de;q=0.1", "de", id="the first that there is"),
        pytest.param("fr, en;q=0.9, de;q=0.8", "en", id="english counts as one that there is"),
        pytest.param("de;q=0", "en", id="refused"),
        pytest.param("*", "en", id="any"),
        pytest.param("de;q=2, xx-yy-zz, ;;, \x00", "en", id="nonsense"),
        pytest.param("../../de", "en", id="a path"),
    ],
)
def test_the_browsers_wish_is_a_language_that_there_is(header: str | None, locale: str) -> None:
    assert str(preferred(header)) == locale
