import pytest

from slotkeeper.crm.contact_suggestions import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("Call +49 (30) 123-456 back", ["4930123456"], id="written for people"),
        pytest.param("030/123456\n0171 2345678", ["30123456", "1712345678"], id="two, by their national prefix"),
        pytest.param("Offer 2026", [], id="too short for a number"),
        pytest.param("0000000", [], id="only zeros"),
    ],
)
def test_telephone_numbers_are_found_in_a_text(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers
