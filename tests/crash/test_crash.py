"""The short form of ``make crash``: invariant 23."""

from tests.crash.harness import survive


async def test_killing_the_server_and_the_worker_loses_no_effect_and_invents_none(database_url: str) -> None:
    outcome = await survive(database_url, kills=8, seed=7)
    assert outcome.faults == []
    assert sum(outcome.kills.values()) == 8
    assert outcome.moves > 0
    assert outcome.mails > 0
    assert outcome.webhooks > 0
