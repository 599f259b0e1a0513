import asyncio
from typing import Any

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection

from .test_availability import admin, made

__all__ = ["admin"]  # a fixture


@pytest.fixture(params=["/availability", "/v4/availability"])
async def path(request: pytest.FixtureRequest, admin: httpx.AsyncClient) -> str:
    """Of the default schedule's holidays, in Berlin."""
    [first] = (await admin.get("/availability")).json()
    return f"{request.param}/{first['id']}/holiday-exceptions"


async def holidays(client: httpx.AsyncClient, path: str, **members: Any) -> list[Any]:
    answer = await client.patch(path, json={"year": 2026, "country": "DE", **members})
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()
    return found


async def shown(client: httpx.AsyncClient) -> list[Any]:
    found: list[Any] = (await client.get("/availability")).json()[0]["availabilityExceptions"]
    return found


def titles(found: list[Any]) -> set[str]:
    return {one["title"] for one in found}


async def test_the_years_public_holidays_become_days_off_in_the_schedules_zone(
    admin: httpx.AsyncClient, company: Bootstrapped, path: str
) -> None:
    found = await holidays(admin, path, germanState="BY")
    assert len(found) == 12
    assert found == await shown(admin)
    epiphany = found[1]
    assert (epiphany["start"], epiphany["end"]) == ("2026-01-05T23:00:00Z", "2026-01-06T23:00:00Z")
    assert (epiphany["title"], epiphany["available"]) == ("Epiphany", False)
    assert (epiphany["ownerType"], epiphany["ownerId"]) == ("user", str(company.user_id))


async def test_the_same_call_again_and_in_parallel_makes_no_second_exception(
    admin: httpx.AsyncClient, path: str
) -> None:
    first = await holidays(admin, path, germanState="BY")
    again = await asyncio.gather(*(holidays(admin, path, germanState="BY") for _ in range(4)))
    assert again == [first] * 4
    assert await shown(admin) == first


async def test_another_state_or_country_replaces_the_years_set_and_keeps_what_both_have(
    admin: httpx.AsyncClient, path: str
) -> None:
    bavaria = await holidays(admin, path, germanState="BY")
    berlin = await holidays(admin, path, germanState="BE")
    assert titles(bavaria) - titles(berlin) == {"Epiphany", "Corpus Christi", "All Saints' Day"}
    assert titles(berlin) - titles(bavaria) == {"Women's Day"}
    of = {one["title"]: one["id"] for one in bavaria}
    assert {one["id"] for one in berlin if one["title"] in of} == {of[title] for title in titles(berlin) & set(of)}
    assert await shown(admin) == berlin

    america = await holidays(admin, path, country="US")
    assert await shown(admin) == america
    assert "Thanksgiving Day" in titles(america)


async def test_other_years_and_exceptions_made_or_edited_by_hand_stay(admin: httpx.AsyncClient, path: str) -> None:
    by_hand = await admin.post(
        "/availability-exception",
        json={"start": "2026-01-05T23:00:00Z", "end": "2026-01-06T23:00:00Z", "title": "Mine"},
    )
    next_year = await holidays(admin, path, year=2027)
    this_year = await holidays(admin, path)
    edited = await admin.patch(f"/availability-exception/{this_year[0]['id']}", json={"note": "only in the morning"})

    america = await holidays(admin, path, country="US")
    expected = [by_hand.json(), edited.json(), *next_year, *america]
    assert sorted(await shown(admin), key=by_id) == sorted(expected, key=by_id)


def by_id(one: Any) -> int:
    return int(one["id"])


async def test_a_holiday_that_was_deleted_comes_back_with_the_next_call(admin: httpx.AsyncClient, path: str) -> None:
    first, *others = await holidays(admin, path)
    await admin.delete(f"/availability-exception/{first['id']}")
    assert await shown(admin) == others
    again = await holidays(admin, path)
    assert again[1:] == others
    assert (again[0]["start"], again[0]["id"] != first["id"]) == (first["start"], True)


async def test_one_set_serves_all_schedules_of_a_user(admin: httpx.AsyncClient, path: str) -> None:
    """Both apply to both, so the second call's zone wins and no day is there twice."""
    await holidays(admin, path)
    tokyo = await made(admin, timezone="Asia/Tokyo")
    found = await holidays(admin, f"/availability/{tokyo['id']}/holiday-exceptions")
    assert found[0]["start"] == "2025-12-31T15:00:00Z"
    assert await shown(admin) == found


async def test_titles_are_in_the_language_of_the_schedules_owner(
    admin: httpx.AsyncClient, connection: Connection, company: Bootstrapped, path: str
) -> None:
    english = await holidays(admin, path)
    await connection.execute("UPDATE users SET language = 'de' WHERE company_id = %s", (company.company_id,))
    german = await holidays(admin, path)
    assert (english[0]["title"], german[0]["title"]) == ("New Year's Day", "Neujahr")
    assert [one["id"] for one in german] == [one["id"] for one in english]


@pytest.mark.parametrize(
    ("members", "field"),
    [
        pytest.param({"year": 1999}, "year", id="last century"),
        pytest.param({"year": 2101}, "year", id="next century"),
        pytest.param({"year": "2026"}, "year", id="a text for a year"),
        pytest.param({"country": "GB"}, "country", id="a country that is not served"),
        pytest.param({"germanState": "XX"}, "germanState", id="no state"),
        pytest.param({"germanState": "BE", "country": "AT"}, "germanState", id="a state of another country"),
    ],
)
async def test_what_is_wrong_is_named(admin: httpx.AsyncClient, path: str, members: dict[str, Any], field: str) -> None:
    answer = await admin.patch(path, json={"year": 2026, "country": "DE", **members})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert await shown(admin) == []


async def test_without_holidays_that_year_the_answer_is_empty(admin: httpx.AsyncClient, path: str) -> None:
    """The library knows Spain's from 2008 on."""
    assert await holidays(admin, path, country="ES", year=2000) == []
