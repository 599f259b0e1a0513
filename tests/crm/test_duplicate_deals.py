import pytest

from slotkeeper.crm.duplicate_deals import Likeness, reasons, score


@pytest.mark.parametrize(
    ("likeness", "expected"),
    [
        pytest.param(Likeness(name=1, same_company=True, same_contact=True), ["name", "company", "contact"], id="all"),
        pytest.param(Likeness(name=0.6, same_company=False, same_contact=False), ["name"], id="alike in name"),
        pytest.param(Likeness(name=0.4, same_company=True, same_contact=False), [], id="one customer buys often"),
        pytest.param(Likeness(name=0.4, same_company=False, same_contact=True), [], id="one person buys often"),
        pytest.param(Likeness(name=0.1, same_company=True, same_contact=True), ["company", "contact"], id="both"),
    ],
)
def test_a_deal_may_be_a_duplicate_for_these_reasons(likeness: Likeness, expected: list[str]) -> None:
    assert reasons(likeness) == expected


def test_the_score_grows_with_each_likeness_up_to_one() -> None:
    scores = [
        score(Likeness(name=name, same_company=company, same_contact=contact))
        for name, company, contact in [(0, False, False), (0.5, False, False), (0.5, True, False), (1, True, True)]
    ]
    assert scores == sorted(set(scores))
    assert scores[-1] == 1
