from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.outside_calendar import OutsideCalendar


async def test_the_old_hosts_entry_goes_and_the_new_hosts_comes_and_moves_only_there(
    office: Office, outside: OutsideCalendar
) -> None:
    new = await office.add_host()
    booked = await office.book()
    await office.work()
    old_url = outside.url
    await outside.connect("colleague", new)
    assert len(await outside.events(old_url)) == 1
    await office.hand_off(booked.id, new)
    await office.work()
    assert await outside.events(old_url) == []
    assert [uid for _, uid, _ in await outside.events()] == [booked.uid]
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert await outside.events(old_url) == []
    assert [start for _, _, start in await outside.events()] == [MONDAY + minutes(60)]


async def test_the_old_entry_goes_though_the_appointment_moved_before_the_worker_came_to_it(
    office: Office, outside: OutsideCalendar
) -> None:
    new = await office.add_host()
    booked = await office.book()
    await office.work()
    old_url = outside.url
    await outside.connect("colleague", new)
    await office.hand_off(booked.id, new)
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert await outside.events(old_url) == []
    assert [start for _, _, start in await outside.events()] == [MONDAY + minutes(60)]
