"""What becomes of a form that is sent: one booking, by the same rules as ``POST /v4/booking``."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from slotkeeper.accounts.tokens import new_personal_token
from tests.api.conftest import Opened, bearer
from tests.support.booking_page import ANN, VisitedPage, attendee_of, hidden_in, visited
from tests.support.desk import MONDAY, Desk

INFO = {"name": "Talk", "duration": 30, "channel": "custom"}
NEXT = "2037-12-07T09:15:00Z"


async def test_a_form_books_for_whom_it_names_and_leads_to_what_was_booked(visit: VisitedPage) -> None:
    await visit.desk.set_type(meeting_info={**INFO, "channel": "phone"})
    form = await visit.form(timezone="America/New_York")
    typed = {**ANN, "phone": " +49 30 1234 ", "guests": "bo@example.org, cy@example.org", "message": "Hello\r\nyou"}
    answer = await visit.send(form, typed, "de-AT", timezone="America/New_York")
    shown = await visit.followed(answer)
    assert "Ihr Termin ist gebucht" in shown.text
    assert "04:00" in shown.text
    attendee = await attendee_of(visit.desk)
    expected = {
        "fullname": "Ann Example",
        "firstname": "Ann",
        "lastname": "Example",
        "email": "ann@example.org",
        "phone": "+49 30 1234",
        "bringalong_emails": ["bo@example.org", "cy@example.org"],
        "notes": {"Message": "Hello\nyou"},
        "language": "de",
        "timezone": "America/New_York",
        "data_policy_accepted": True,
        "double_opt_in": "notRequired",
    }
    assert {name: attendee[name] for name in expected} == expected


async def test_what_was_booked_has_its_own_page_and_calendar_file(visit: VisitedPage) -> None:
    shown = await visit.followed(await visit.book())
    links = re.findall(r'href="\.\./(a/[^"]+)"', shown.text)
    assert [(await visit.client.get(f"/{link}")).status_code for link in links] == [200, 200]


async def test_the_history_says_that_the_attendee_booked_at_the_page(visit: VisitedPage) -> None:
    await visit.book()
    attendee = await attendee_of(visit.desk)
    [[kind, through, actor]] = await visit.desk.rows(
        "SELECT kind, through, actor FROM changes WHERE company_id = %(company_id)s"
    )
    assert (kind, through) == ("booked", "booking page")
    assert actor == {"kind": "attendee", "id": attendee["id"], "name": "Ann Example"}


@pytest.mark.parametrize("kind", ["alone", "a group", "a queue of two"])
@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "at once"])
async def test_a_form_that_is_sent_twice_books_once(visit: VisitedPage, kind: str, at_once: bool) -> None:
    if kind == "a group":
        await visit.desk.set_type(meeting_info={**INFO, "groupBooking": True}, spots=5)
    elif kind == "a queue of two":
        await queue_of_two(visit.desk)
    form = await visit.form()
    if at_once:
        answers = await asyncio.gather(*(visit.send(form) for _ in range(4)))
    else:
        answers = [await visit.send(form) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    await attendee_of(visit.desk)


async def test_two_forms_are_two_bookings(visit: VisitedPage) -> None:
    await visit.desk.set_type(meeting_info={**INFO, "groupBooking": True}, spots=5)
    first, second = await visit.book(), await visit.book()
    assert first.headers["location"] != second.headers["location"]
    [[attendees]] = await visit.desk.rows("SELECT count(*) FROM attendees WHERE company_id = %(company_id)s")
    assert attendees == 2


@pytest.mark.parametrize("key", ["", "x", "0" * 23])
async def test_a_key_that_two_may_come_upon_shows_nobody_anothers_booking(visit: VisitedPage, key: str) -> None:
    form = {**await visit.form(), "key": key}
    assert (await visit.send(form)).status_code == 303
    assert (await visit.send(form, {**ANN, "email": "bo@example.org"})).status_code == 409


async def test_a_taken_time_is_told_with_the_nearest_ones_and_what_was_typed(visit: VisitedPage) -> None:
    form = await visit.form()
    await visit.desk.book(MONDAY)
    refused = await visit.send(form, {**ANN, "message": "<b>Hello</b>"})
    assert refused.status_code == 409
    assert "this time has just been taken" in refused.text
    assert 'value="ann@example.org"' in refused.text
    assert "&lt;b&gt;Hello&lt;/b&gt;</textarea>" in refused.text
    offered = re.findall(r'type="radio" name="start" value="([^"]+)"', refused.text)
    assert len(offered) == 5
    again = hidden_in(refused.text)
    assert again["key"] != form["key"]
    assert (await visit.send({**again, "start": offered[0]})).status_code == 303


@pytest.mark.parametrize(
    ("options", "told", "waiting"),
    [
        pytest.param({"doubleOptIn": "enabled"}, "One more step, please", "attendee", id="the attendee"),
        pytest.param({"requireHostConfirmation": "enabled"}, "Your request is on its way", "host", id="the host"),
    ],
)
async def test_who_still_has_to_confirm_is_told(
    visit: VisitedPage, options: dict[str, str], told: str, waiting: str
) -> None:
    redirected = {**INFO, "enableRedirect": True, "redirect": "https://example.com/thanks"}
    await visit.desk.set_type(meeting_info=redirected, meeting_options=options)
    answer = await visit.followed(await visit.book())
    assert f"<h1>{told}</h1>" in answer.text
    assert "ann@example.org" in answer.text
    [[shown, dto]] = await visit.desk.rows(
        "SELECT a.waiting_for, p.dto FROM appointments a JOIN provisional_bookings p USING (company_id, id)"
        " WHERE company_id = %(company_id)s"
    )
    assert (shown, dto["start"], dto["attendee"]["email"]) == (waiting, "2037-12-07T09:00:00Z", "ann@example.org")


@pytest.mark.parametrize("told", [False, True])
async def test_a_booking_goes_on_to_the_hosts_own_page(visit: VisitedPage, told: bool) -> None:
    info = {
        **INFO,
        "enableRedirect": True,
        "redirect": "https://example.com/thanks?from=us",
        "passEventDetailsToRedirect": told,
    }
    await visit.desk.set_type(meeting_info=info)
    form = await visit.get(start=NEXT)
    assert "form-action 'self' https://example.com;" in form.headers["content-security-policy"]
    target = (await visit.book()).headers["location"]
    assert target.startswith("https://example.com/thanks?from=us")
    details = (
        "&start=2037-12-07T09%3A00%3A00Z&end=2037-12-07T09%3A30%3A00Z&fullname=Ann+Example&email=ann%40example.org"
    )
    assert target.endswith(details) is told


async def test_the_hosts_own_button_stands_on_the_last_page(visit: VisitedPage) -> None:
    button = {"useConfirmationButton": True, "text": "Prepare", "link": "https://example.com/prepare"}
    await visit.desk.set_type(meeting_info={**INFO, "confirmationButton": button})
    answer = await visit.followed(await visit.book())
    assert '<a class="button main" href="https://example.com/prepare" rel="noreferrer">Prepare</a>' in answer.text


async def test_a_one_time_link_is_used_up_by_the_booking(visit: VisitedPage) -> None:
    token = await one_time_token(visit)
    form = await visit.form(oneTimeLink=token)
    first = await visit.send(form, oneTimeLink=token)
    assert first.status_code == 303
    assert (await visit.send(form, oneTimeLink=token)).headers["location"] == first.headers["location"]
    for again in (
        await visit.get(oneTimeLink=token),
        await visit.send({**form, "key": "another key of this length", "start": NEXT}, oneTimeLink=token),
        await visit.client.get(f"/o/{token}", headers={"accept-language": "en"}),
    ):
        assert again.status_code == 409
        assert "This link has been used" in again.text


async def test_an_expired_and_an_unknown_link_open_nothing(visit: VisitedPage) -> None:
    token = await one_time_token(visit)
    assert (await visit.get(oneTimeLink=token)).headers["x-robots-tag"] == "noindex"
    await visit.desk.execute("UPDATE one_time_links SET expires_at = now() WHERE company_id = %(company_id)s")
    visit.desk.now += timedelta(days=400)
    expired = await visit.get("de", oneTimeLink=token)
    assert (expired.status_code, "Dieser Link ist abgelaufen" in expired.text) == (409, True)
    assert (await visit.get(oneTimeLink="unknown")).status_code == 404


async def test_bookings_of_one_network_are_limited(visit: VisitedPage) -> None:
    codes = [(await visit.send({}, {})).status_code for _ in range(21)]
    assert codes == [400] * 20 + [429]
    refused = await visit.send({}, {}, "de")
    assert "Das war etwas zu oft" in refused.text
    assert refused.headers["retry-after"] == "600"
    assert (await visit.get()).status_code == 200


async def test_the_servers_limit_holds_for_pages_too(opened: Opened, desk: Desk) -> None:
    page = await visited(await opened(clock=lambda: desk.now, rate_limit=1), desk)
    assert [(await page.get()).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("must", [False, True], ids=["may", "must"])
async def test_a_visitor_chooses_whom_of_the_queue_they_meet(visit: VisitedPage, must: bool) -> None:
    members = await queue_of_two(visit.desk)
    await visit.desk.set_type(meeting_options={"allowHostSelection": True, "forceHostSelection": must})
    hosts = re.findall(r"\?host=([^&\"]+)", (await visit.get()).text)
    assert len(set(hosts)) == 2
    assert ("Anyone" in (await visit.get()).text) is not must
    form = await visit.form(host=hosts[0])
    assert (await visit.send(form, host=hosts[0])).status_code == 303
    assert (await visit.get(start=form["start"], host=hosts[0])).status_code == 409
    assert (await visit.send(await visit.form(host=hosts[1]), host=hosts[1])).status_code == 303
    turns = await visit.desk.rows(
        "SELECT user_id, selection_reason FROM round_robin_entries WHERE company_id = %(company_id)s"
    )
    assert set(turns) == {(member, "chosenByAttendee") for member in members}


async def queue_of_two(desk: Desk) -> list[UUID]:
    queue, members = uuid4(), [await desk.add_host() for _ in range(2)]
    await desk.execute(_QUEUE, id=queue)
    for position, member in enumerate(members):
        await desk.execute(_MEMBER, queue=queue, user=member, position=position)
    await desk.set_type(queue_id=queue)
    return members


async def one_time_token(visit: VisitedPage) -> str:
    company = visit.desk.company
    async with visit.desk.pool.connection() as connection:
        token = await new_personal_token(connection, company.company_id, company.user_id, name="links")
    path = f"/v4/one-time-booking-link/create/{company.meeting_type_id}"
    return str((await visit.client.post(path, headers=bearer(token))).json()["token"])


_QUEUE = "INSERT INTO queues (company_id, id, name) VALUES (%(company_id)s, %(id)s, 'Sales')"
_MEMBER = """
    INSERT INTO queue_members (company_id, queue_id, user_id, position)
    VALUES (%(company_id)s, %(queue)s, %(user)s, %(position)s)
"""
