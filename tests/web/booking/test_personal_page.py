"""A user's own page: who they are, and what can be booked with them."""

import re
from urllib.parse import urljoin
from uuid import UUID

import httpx
import pytest

from slotkeeper.accounts.add_meeting_type import add_meeting_type
from slotkeeper.records.meeting_info import MeetingInfo
from tests.support.booking_page import VisitedPage

PICTURE = "https://pictures.example.com/anna.jpg?x=1"


@pytest.fixture
def path(visit: VisitedPage) -> str:
    return visit.path.rpartition("/")[0]


async def user(visit: VisitedPage, **columns: object) -> None:
    assignments = ", ".join(f"{name} = %({name})s" for name in columns)
    await visit.desk.execute(f"UPDATE users SET {assignments} WHERE company_id = %(company_id)s", **columns)


async def another_type(visit: VisitedPage, name: str) -> UUID:
    company = visit.desk.company
    async with visit.desk.pool.connection() as connection:
        info = MeetingInfo(name=name, duration=60, channel="zoom")
        return await add_meeting_type(connection, company.company_id, company.user_id, info, slug=name.lower())


def names_in(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    return re.findall(r"<strong>(.*?)</strong>", answer.text)


async def test_it_names_the_person_and_leads_to_each_of_their_meeting_types(visit: VisitedPage, path: str) -> None:
    await visit.desk.set_type(meeting_info={"name": "Talk", "duration": 30, "channel": "phone"})
    await another_type(visit, "Review")
    await user(visit, given_name="Anna", family_name="Groß", title="Dr.")
    answer = await visit.client.get(path, headers={"accept-language": "de"})
    assert "<h1>Anna Groß</h1>" in answer.text
    assert "Dr." in answer.text
    assert names_in(answer) == ["Talk", "Review"]
    assert "1 Stunde &middot; Zoom" in answer.text
    for link in re.findall(r'<a href="([^"]+)">', answer.text):
        assert (await visit.client.get(urljoin(str(answer.url), link))).status_code == 200


async def test_it_shows_what_its_owner_wants_in_their_order(visit: VisitedPage, path: str) -> None:
    await visit.desk.set_type(meeting_info={"name": "Talk"})
    review, _ = await another_type(visit, "Review"), await another_type(visit, "Hidden")
    order = f'{{"meetingTypeOrder": ["{review}"], "description": "<i>Hello</i>"}}'
    await user(visit, personal_page=order)
    answer = await visit.client.get(path)
    assert names_in(answer) == ["Review", "Talk", "Hidden"]
    assert "&lt;i&gt;Hello&lt;/i&gt;" in answer.text
    await user(visit, personal_page=order.replace("}", ', "showAllMeetingTypes": false}'))
    assert names_in(await visit.client.get(path)) == ["Review"]
    await visit.desk.execute("UPDATE meeting_types SET enabled = false WHERE company_id = %(company_id)s")
    assert "There is nothing to book here at the moment." in (await visit.client.get(path)).text


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        pytest.param(PICTURE, True, id="of another server"),
        pytest.param("https://x;script-src *", False, id="no address"),
        pytest.param("javascript:alert(1)", False, id="a script"),
        pytest.param(None, False, id="none"),
    ],
)
async def test_its_policy_lets_the_hosts_picture_in_and_nothing_else(
    visit: VisitedPage, path: str, picture: str | None, shown: bool
) -> None:
    await user(visit, picture=picture)
    answer = await visit.client.get(path)
    sources = "img-src data: https://pictures.example.com" if shown else "img-src data:"
    assert sources in answer.headers["content-security-policy"].split("; ")
    assert ("<img" in answer.text) is shown


@pytest.mark.parametrize("why", ["unknown", "deleted", "a room", "NUL"])
async def test_who_is_not_there_has_no_page(visit: VisitedPage, path: str, why: str) -> None:
    if why == "deleted":
        await user(visit, deleted_at=visit.desk.now)
    elif why == "a room":
        await user(visit, user_type="resource")
    answer = await visit.client.get({"unknown": f"{path}x", "NUL": f"{path}%00"}.get(why, path))
    assert answer.status_code == 404
    assert "This link leads nowhere" in answer.text
