"""The command line. Each command works beside a running server of the same data directory."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from slotkeeper import __version__, serving
from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.accounts.bootstrap import bootstrap as create_company
from slotkeeper.cli_options import DataDir, Email, Json, PlainErrors, Timezone, show
from slotkeeper.cli_rotate_key import rotate_key
from slotkeeper.cli_token import tokens
from slotkeeper.data_dir import DEFAULT, ask, opened
from slotkeeper.db.pool import Connection
from slotkeeper.processes import unwind_on_signals
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings

app = typer.Typer(
    cls=PlainErrors,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A scheduling server where a move and everything that hangs on it is one commit.",
)
app.add_typer(tokens, name="token")
app.command()(rotate_key)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"slotkeeper {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    pass


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    data_dir: DataDir = DEFAULT,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Server processes that share the port.")] = 1,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Run a worker as well.")] = False,
) -> None:
    """Serve the API; migrates first. SIGTERM drains: requests, then the worker's jobs, then the database."""
    with _running(data_dir) as settings, serving.listen(host, port) as listening:
        serving.share_settings(settings, public_url=serving.url_of(listening))
        with serving.worker_beside() if with_worker else nullcontext():
            typer.echo(f"slotkeeper serves {serving.url_of(listening)}")
            serving.serve(listening, processes)


@app.command()
def worker(data_dir: DataDir = DEFAULT) -> None:
    """Carry out what follows changes: mails, webhooks, calendars, CRMs, reminders. Run as many as you like."""
    with _running(data_dir) as settings:
        serving.share_settings(settings)
        typer.echo("slotkeeper works")
        serving.work()


@contextmanager
def _running(data_dir: Path) -> Iterator[Settings]:
    unwind_on_signals()
    with opened(data_dir) as (settings, _):
        yield settings


@app.command()
def migrate(data_dir: DataDir = DEFAULT) -> None:
    """Bring the database up to date; prints the migrations applied now."""
    with opened(data_dir) as (_, applied):
        typer.echo("\n".join(f"applied {name}" for name in applied) or "nothing to apply")


@app.command()
def bootstrap(
    company: Annotated[str, typer.Option(help="The company's name.")],
    email: Email,
    timezone: Timezone,
    data_dir: DataDir = DEFAULT,
    json: Json = False,
) -> None:
    """Create a company: its admin, Mon-Fri 9-17, a 30-minute meeting type, a token and a platform key.

    The credentials are shown once; only their hashes are kept.
    """

    async def run(settings: Settings, connection: Connection) -> Bootstrapped:
        vault = Vault(settings.secret_key)
        return await create_company(connection, vault, company=company, email=email, timezone=timezone)

    made = ask(data_dir, run)
    lines = (f"{name:<14} {value}" for name, value in msgspec.to_builtins(made).items())
    show(made, "\n".join(lines), json=json)


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the report; exit 0 if all of it came true.")] = False,
    data_dir: DataDir = DEFAULT / "demo",
    json: Json = False,
) -> None:
    """Book, move, and show everything that follows; then keep serving. Uses no database but its directory's."""
    unwind_on_signals()
    raise typer.Exit(serving.by_name("slotkeeper.demo:demo")(data_dir, once=once, as_json=json))
