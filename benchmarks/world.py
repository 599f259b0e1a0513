"""The company that the benchmarks move about in: one host and one moving appointment per client, among others."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from tests.support.desk import new_company

from slotkeeper.accounts.bootstrap import Bootstrapped

SECRET_KEY = "benchmark"
CLIENTS = 32
OTHERS = 20
_ZONE = "Europe/London"
MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class World(msgspec.Struct, frozen=True, kw_only=True):
    """``appointments[n]`` belongs to client n and moves between the free starts of ``starts``."""

    company: Bootstrapped
    appointments: list[UUID]
    hosts: list[UUID]
    starts: list[datetime]


async def build_world(database_url: str) -> World:
    async with new_company(database_url, SECRET_KEY, _ZONE) as desk:
        hosts = [await desk.add_host(_ZONE) for _ in range(CLIENTS)]
        for host in hosts:
            for n in range(OTHERS):
                day, slot = divmod(n, 4)
                await desk.book(MONDAY + timedelta(days=day, hours=4, minutes=30 * slot), host_ids=(host,))
        appointments = [(await desk.book(MONDAY, host_ids=(host,))).id for host in hosts]
        await desk.execute("ANALYZE")
    starts = [MONDAY + timedelta(minutes=30 * n) for n in range(8)]
    return World(company=desk.company, appointments=appointments, hosts=hosts, starts=starts)
