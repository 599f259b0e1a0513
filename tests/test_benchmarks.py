"""The benchmark's floor keeps sending what a move sends, as the statements change."""

from uuid import uuid4

from benchmarks.reschedule import pgbench_script
from benchmarks.world import MONDAY, World

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection


async def test_the_floor_of_a_move_is_three_statements_that_the_database_takes(
    connection: Connection, company: Bootstrapped
) -> None:
    world = World(company=company, appointments=[uuid4()], hosts=[uuid4()], starts=[MONDAY])
    *statements, counting = pgbench_script(world).splitlines()
    assert len(statements) == 3
    assert counting == "\\set v :v + 1"
    for n, statement in enumerate(statements):
        await connection.execute(
            f"PREPARE floor_{n} AS {statement.replace(':client_id', '0').replace(':v', '1')}".encode()
        )
