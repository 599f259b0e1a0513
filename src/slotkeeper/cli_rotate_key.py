"""``slotkeeper rotate-key``: from the old secret key to the new one."""

import typer

from slotkeeper.accounts.rotate_key import Rotated, rotate
from slotkeeper.cli_options import DataDir, Json, show
from slotkeeper.data_dir import DEFAULT, ask
from slotkeeper.db.pool import Connection
from slotkeeper.db.sealed_columns import SEALED
from slotkeeper.progress import shown_steps
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings


def rotate_key(data_dir: DataDir = DEFAULT, json: Json = False) -> None:
    """Encrypt every secret at rest with the first key of SLOTKEEPER_SECRET_KEY; the others are needless then.

    Works beside running servers that know the new key already; can be broken off and started again.
    """
    done = ask(data_dir, _rotate)
    show(done, "\n".join(map(_line, done)), json=json)
    if any(column.unreadable for column in done):
        typer.echo("slotkeeper: some values open with none of the keys of SLOTKEEPER_SECRET_KEY", err=True)
        raise typer.Exit(1)


async def _rotate(settings: Settings, connection: Connection) -> list[Rotated]:
    vault = Vault(settings.secret_key)
    done = []
    with shown_steps() as steps:
        for column in SEALED:
            with steps.step(column.name) as step:
                done.append(await rotate(connection, vault, column, step.at))
    return done


def _line(column: Rotated) -> str:
    unreadable = f", {column.unreadable} unreadable" if column.unreadable else ""
    return f"{column.column:<22} {column.rotated} of {column.total} encrypted anew{unreadable}"
