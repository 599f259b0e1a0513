"""Options that several commands take, each checked where it is read, and errors told in one line."""

import re
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import psycopg
import typer
from typer.core import TyperGroup

from slotkeeper.errors import SlotkeeperError

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def an_address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is not an e-mail address")
    return value


def a_zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise typer.BadParameter(f"{value!r} is not a zone of the IANA database, such as Europe/Berlin") from None


DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir", metavar="DIR", file_okay=False, help="Holds the database and the key unless DATABASE_URL is set."
    ),
]
Email = Annotated[str, typer.Option(callback=an_address, help="The user's e-mail address.")]
Timezone = Annotated[str, typer.Option(callback=a_zone, help="IANA zone, such as Europe/Berlin.")]
Company = Annotated[UUID | None, typer.Option(help="The company's id; needed where there are several.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


class PlainErrors(TyperGroup):
    """What an operator can mend is one line on stderr and exit code 1; a defect keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (SlotkeeperError, ValueError, OSError, psycopg.OperationalError) as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            typer.echo(f"slotkeeper: {lines[0]}", err=True)
            raise typer.Exit(1) from error


def show(value: object, lines: str, *, json: bool) -> None:
    typer.echo(msgspec.json.encode(value).decode() if json else lines)
