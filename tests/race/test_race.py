"""The short form of ``make race``."""

from tests.race.harness import compete


async def test_of_many_moves_into_one_time_over_two_servers_one_wins_and_the_rest_are_refused(
    database_url: str,
) -> None:
    outcome = await compete(database_url, rounds=2, processes=2)
    assert outcome.faults == []
    assert outcome.answers["100 into one slot"] == {"200": 2, "409 slot-occupied": 198}
    assert outcome.answers["99 x 60 min, all overlap"] == {"200": 2, "409 slot-occupied": 196}
