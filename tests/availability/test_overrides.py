from slotkeeper.availability.overrides import OVERRIDE_OF, split
from slotkeeper.availability.rules import Reason
from tests.availability.worlds import HOST


def test_an_override_sets_its_own_category_aside_and_no_other() -> None:
    reasons = tuple(Reason(rule, None, 0, 1) for rule in OVERRIDE_OF)
    for category in set(OVERRIDE_OF.values()):
        refused, overridden = split(reasons, frozenset({category}))
        assert {OVERRIDE_OF[r.rule] for r in overridden} == {category}
        assert set(refused) | set(overridden) == set(reasons)
        assert category not in {OVERRIDE_OF[r.rule] for r in refused}


def test_nobody_overrides_the_past() -> None:
    reasons = (Reason("in-the-past", None, 0, 1), Reason("off-grid", HOST, 0, 1))
    assert split(reasons, frozenset(OVERRIDE_OF.values())) == (reasons[:1], reasons[1:])
