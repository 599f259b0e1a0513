from datetime import UTC, datetime, timedelta

import pytest
from babel import Locale

from slotkeeper.emails.when import When, when

TO = "\N{EN DASH}"

ENGLISH, GERMAN = Locale("en"), Locale("de")


@pytest.mark.parametrize(
    ("start", "zone", "locale", "expected"),
    [
        pytest.param(
            datetime(2026, 7, 10, 14, 30, tzinfo=UTC),
            "Europe/Dublin",
            ENGLISH,
            When(date="Friday, July 10, 2026", time=f"3:30 PM {TO} 4:00 PM", zone="Ireland Time, GMT+01:00"),
            id="summer in Dublin, whose winter is its daylight saving",
        ),
        pytest.param(
            datetime(2026, 1, 10, 14, 30, tzinfo=UTC),
            "Australia/Lord_Howe",
            GERMAN,
            When(date="Sonntag, 11. Januar 2026", time=f"01:30 {TO} 02:00", zone="Lord-Howe-Zeit, GMT+11:00"),
            id="another day there",
        ),
        pytest.param(
            datetime(2026, 1, 10, 14, 30, tzinfo=UTC),
            "Asia/Kathmandu",
            GERMAN,
            When(date="Samstag, 10. Januar 2026", time=f"20:15 {TO} 20:45", zone="Nepal (Ortszeit), GMT+05:45"),
            id="quarters of an hour",
        ),
        pytest.param(
            datetime(2026, 1, 10, 14, 30, tzinfo=UTC),
            "Mars/Olympus",
            GERMAN,
            When(date="Samstag, 10. Januar 2026", time=f"14:30 {TO} 15:00", zone="UTC, GMT+00:00"),
            id="an unknown zone is UTC",
        ),
        pytest.param(
            datetime(2026, 1, 10, 22, 45, tzinfo=UTC),
            "Europe/Berlin",
            ENGLISH,
            When(
                date="Saturday, January 10, 2026",
                time=f"11:45 PM {TO} Sunday, January 11, 2026, 12:15 AM",
                zone="Central European Time, GMT+01:00",
            ),
            id="past midnight",
        ),
        pytest.param(
            datetime(2026, 3, 29, 0, 45, tzinfo=UTC),
            "Europe/Berlin",
            GERMAN,
            When(
                date="Sonntag, 29. März 2026",
                time=f"01:45 {TO} 03:15",
                zone=f"Mitteleuropäische Zeit, GMT+01:00 {TO} GMT+02:00",
            ),
            id="over the hour that spring skips",
        ),
    ],
)
def test_half_an_hour_is_told_as_people_there_tell_it(
    start: datetime, zone: str, locale: Locale, expected: When
) -> None:
    assert when(start, start + timedelta(minutes=30), zone, locale) == expected


def test_the_two_half_past_twos_of_autumn_differ_in_their_offset() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    told = [
        when(start, start + timedelta(minutes=15), "Europe/Berlin", GERMAN)
        for start in (first, first + timedelta(hours=1))
    ]
    assert [one.time for one in told] == [f"02:30 {TO} 02:45"] * 2
    assert [one.zone.rpartition(" ")[2] for one in told] == ["GMT+02:00", "GMT+01:00"]
