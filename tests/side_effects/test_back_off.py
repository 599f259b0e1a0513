"""A failed effect is tried again, ever more seldom, until a person has to look: invariant 28."""

from datetime import timedelta
from typing import get_args

import pytest

from slotkeeper.records.effect import EffectKind
from slotkeeper.side_effects.back_off import GIVEN_UP, retry_in
from tests.support.office import Office

KINDS: tuple[EffectKind, ...] = get_args(EffectKind)
ATTEMPTS = {"webhook": 10}
"""How many in all, where it is not 11."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_wait_is_longer_than_the_one_before_and_after_days_a_person_must_act(kind: EffectKind) -> None:
    retries = ATTEMPTS.get(kind, 11) - 1
    waits = [wait for n in range(1, retries + 1) if (wait := retry_in(kind, n))]
    assert len(waits) == retries
    assert waits == sorted(set(waits))
    assert waits[0] <= timedelta(seconds=5)
    assert timedelta(days=1) < sum(waits, timedelta()) < timedelta(days=4)
    assert retry_in(kind, retries + 1) is None
    assert kind in GIVEN_UP


def test_a_providers_own_wish_makes_the_wait_longer_never_shorter() -> None:
    assert retry_in("crm", 1, timedelta(hours=1)) == timedelta(hours=1)
    assert retry_in("crm", 8, timedelta(seconds=1)) == retry_in("crm", 8)


async def test_an_effect_that_always_fails_is_retried_with_back_off_and_then_shown_on_the_appointment(
    office: Office,
) -> None:
    office.mail.refuse["ann@example.org"] = "451 4.3.0 try again"
    booked = await office.book()
    await office.work()
    for failed in range(1, 11):
        [waiting] = [e for e in await office.effects(booked.id, "email") if e.state == "retrying"]
        assert (waiting.attempts, (await office.get(booked.id)).error_codes) == (failed, ())
        wait = retry_in("email", failed)
        assert wait
        assert waiting.next_attempt_at == office.now + wait
        await office.wait_and_work(wait)
    [given_up] = [e for e in await office.effects(booked.id, "email") if e.state != "done"]
    assert (given_up.state, given_up.attempts, given_up.last_error) == ("needs_person", 11, "451 4.3.0 try again")
    assert (await office.get(booked.id)).error_codes == ("email_undeliverable",)
