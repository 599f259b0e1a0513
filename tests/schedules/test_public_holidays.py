"""Holidays as whole days of a zone: the property over every zone, and what the library knows of each country."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slotkeeper.schedules.public_holidays import Country, GermanState, Holiday, public_holidays

ZONES = sorted(available_timezones() - {"localtime"})
COUNTRIES: tuple[Country, ...] = get_args(Country)
STATES: tuple[GermanState, ...] = get_args(GermanState)
HALF_AN_HOUR = timedelta(minutes=30)
SECOND = timedelta(seconds=1)


def local_date(instant: datetime, timezone: str) -> date:
    return instant.astimezone(ZoneInfo(timezone)).date()


def dates(found: list[Holiday], timezone: str = "UTC") -> list[date]:
    return [local_date(day.start, timezone) for day in found]


def titles(country: Country, language: str, state: GermanState | None = None, year: int = 2026) -> dict[str, str]:
    found = public_holidays(country, state, year, timezone="UTC", language=language)
    return {f"{day.start:%m-%d}": day.title for day in found}


@given(st.sampled_from(ZONES), st.sampled_from(COUNTRIES), st.integers(2000, 2100))
@example("America/St_Johns", "AT", 2009)  # a minute of 1 November, an hour of October again, then the rest of the day
@example("America/Havana", "DE", 2026)
def test_in_every_zone_a_holiday_is_from_the_first_to_the_last_instant_that_the_clock_there_shows_its_date(
    timezone: str, country: Country, year: int
) -> None:
    """Read from the clock every half hour from the day before to the day after."""
    expected = dates(public_holidays(country, None, year, timezone="UTC", language="en"))
    found = public_holidays(country, None, year, timezone=timezone, language="en")
    assert dates(found, timezone) == expected  # after 2000 no zone skips a date that is a holiday
    for day, on in zip(found, expected, strict=True):
        shown = [at for at in (day.start + n * HALF_AN_HOUR for n in range(-48, 98)) if local_date(at, timezone) == on]
        assert shown[0] == day.start
        assert local_date(day.end - SECOND, timezone) == on
        assert day.end - HALF_AN_HOUR <= shown[-1] < day.end, (timezone, on)


@pytest.mark.parametrize(
    ("country", "year", "timezone", "start", "end"),
    [
        pytest.param("DE", 2026, "Europe/Berlin", "2026-04-03T00:00+02:00", "2026-04-04T00:00+02:00", id="24 hours"),
        pytest.param(
            "DE", 2024, "Europe/Berlin", "2024-03-31T00:00+01:00", "2024-04-01T00:00+02:00", id="23: Easter 2024"
        ),
        pytest.param(
            "NZ", 2026, "Pacific/Auckland", "2026-04-06T00:00+12:00", "2026-04-07T00:00+12:00", id="New Zealand"
        ),
        pytest.param(
            "ES", 2026, "Asia/Kathmandu", "2026-01-01T00:00+05:45", "2026-01-02T00:00+05:45", id="a quarter to"
        ),
        pytest.param("ES", 2026, "Africa/Cairo", "2026-05-01T00:00+03:00", "2026-05-02T00:00+03:00", id="Cairo"),
    ],
)
def test_a_holiday_lasts_from_midnight_to_midnight_on_the_zones_clock(
    country: Country, year: int, timezone: str, start: str, end: str
) -> None:
    state: GermanState | None = "BB" if country == "DE" else None  # where Easter Sunday is a holiday
    found = public_holidays(country, state, year, timezone=timezone, language="en")
    expected = (datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert expected in [(day.start, day.end) for day in found]


def test_where_midnight_does_not_exist_a_holiday_starts_when_its_date_does() -> None:
    """Beirut's clock goes from 2024-03-31 00:00 to 01:00, which is Easter Sunday."""
    found = public_holidays("SE", None, 2024, timezone="Asia/Beirut", language="sv")
    [easter] = [day for day in found if day.title == "Påskdagen"]
    assert (easter.start, easter.end) == (
        datetime(2024, 3, 30, 22, tzinfo=UTC),  # 01:00+03:00
        datetime(2024, 3, 31, 21, tzinfo=UTC),
    )


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_every_country_has_its_holidays_in_order_with_titles(country: Country, year: int) -> None:
    found = public_holidays(country, None, year, timezone="UTC", language="en")
    on = dates(found)
    assert date(year, 1, 1) in on
    assert on == sorted(set(on))
    assert {day.year for day in on} == {year}
    assert all(day.title for day in found)


@pytest.mark.parametrize(
    ("state", "count", "own"),
    [
        pytest.param("BW", 12, {"01-06", "06-04", "11-01"}, id="BW"),
        pytest.param("BY", 12, {"01-06", "06-04", "11-01"}, id="BY"),
        pytest.param("BE", 10, {"03-08"}, id="BE"),
        pytest.param("BB", 12, {"04-05", "05-24", "10-31"}, id="BB"),
        pytest.param("HB", 10, {"10-31"}, id="HB"),
        pytest.param("HH", 10, {"10-31"}, id="HH"),
        pytest.param("HE", 10, {"06-04"}, id="HE"),
        pytest.param("MV", 11, {"03-08", "10-31"}, id="MV"),
        pytest.param("NI", 10, {"10-31"}, id="NI"),
        pytest.param("NW", 11, {"06-04", "11-01"}, id="NW"),
        pytest.param("RP", 11, {"06-04", "11-01"}, id="RP"),
        pytest.param("SL", 12, {"06-04", "08-15", "11-01"}, id="SL"),
        pytest.param("SN", 11, {"10-31", "11-18"}, id="SN"),
        pytest.param("ST", 11, {"01-06", "10-31"}, id="ST"),
        pytest.param("SH", 10, {"10-31"}, id="SH"),
        pytest.param("TH", 11, {"09-20", "10-31"}, id="TH"),
    ],
)
def test_each_german_state_has_its_own_holidays_beside_the_nine_of_all(
    state: GermanState, count: int, own: set[str]
) -> None:
    """2026, after the states' holiday laws."""
    of_all, of_state = set(titles("DE", "de")), set(titles("DE", "de", state))
    assert len(of_all) == 9
    assert of_state - of_all == own
    assert len(of_state) == count


def test_the_states_are_all_sixteen() -> None:
    assert len(set(STATES)) == 16


@pytest.mark.parametrize(
    ("country", "language", "title"),
    [
        pytest.param("DE", "de", "Neujahr", id="German in Germany"),
        pytest.param("DE", "en", "New Year's Day", id="English in Germany"),
        pytest.param("CH", "fr", "Nouvel An", id="French in Switzerland"),
        pytest.param("IT", "it", "Capodanno", id="Italian, which the library calls it_IT"),
        pytest.param("CA", "en", "New Year's Day", id="English in Canada, which it calls en_CA"),
        pytest.param("FI", "sv", "Nyårsdagen", id="Swedish in Finland"),
        pytest.param("SE", "pl", "Nyårsdagen", id="no Polish for Sweden: Swedish"),
        pytest.param("NZ", "de", "New Year's Day", id="New Zealand has only its own"),
    ],
)
def test_titles_are_in_the_users_language_or_the_countrys_own(
    monkeypatch: pytest.MonkeyPatch, country: Country, language: str, title: str
) -> None:
    """Whatever the language of the process is."""
    monkeypatch.setenv("LANGUAGE", "uk")
    assert titles(country, language)["01-01"] == title
