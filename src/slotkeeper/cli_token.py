"""``slotkeeper token``: personal tokens from the command line."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from slotkeeper.accounts.find import only_company, user_by_email
from slotkeeper.accounts.tokens import TokenSummary, list_tokens, new_personal_token, revoke_token
from slotkeeper.cli_options import Company, DataDir, Email, Json, show
from slotkeeper.data_dir import DEFAULT, ask
from slotkeeper.db.pool import Connection
from slotkeeper.settings import Settings

tokens = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Personal tokens: create, list, revoke.")


@tokens.command()
def create(
    email: Email,
    name: Annotated[str, typer.Option(help="What the token is for.")] = "command line",
    expires_in: Annotated[int | None, typer.Option(metavar="DAYS", min=1, max=3650, help="Else it never does.")] = None,
    company: Company = None,
    data_dir: DataDir = DEFAULT,
    json: Json = False,
) -> None:
    """Create a token that may do what its user may. It is shown once; only its hash is kept."""
    expires_at = datetime.now(UTC) + timedelta(days=expires_in) if expires_in else None

    async def run(_settings: Settings, connection: Connection) -> str:
        user = await user_by_email(connection, email, company)
        return await new_personal_token(connection, user.company_id, user.id, name=name, expires_at=expires_at)

    token = ask(data_dir, run)
    show({"token": token}, token, json=json)


@tokens.command("list")
def list_all(company: Company = None, data_dir: DataDir = DEFAULT, json: Json = False) -> None:
    """List a company's tokens: whose they are, their last four characters, until when they work."""

    async def run(_settings: Settings, connection: Connection) -> list[TokenSummary]:
        return await list_tokens(connection, company or await only_company(connection))

    found = ask(data_dir, run)
    show(found, "\n".join(map(_line, found)) or "no tokens", json=json)


@tokens.command()
def revoke(
    token_id: Annotated[UUID, typer.Argument(metavar="ID", help="From `slotkeeper token list`.")],
    company: Company = None,
    data_dir: DataDir = DEFAULT,
) -> None:
    """Revoke a token; from the next request on it is refused."""

    async def run(_settings: Settings, connection: Connection) -> None:
        await revoke_token(connection, company or await only_company(connection), token_id)

    ask(data_dir, run)
    typer.echo(f"revoked {token_id}")


def _line(token: TokenSummary) -> str:
    if token.revoked_at:
        state = f"revoked {token.revoked_at:%Y-%m-%d}"
    else:
        state = f"until {token.expires_at:%Y-%m-%d}" if token.expires_at else "never expires"
    return f"{token.id}  …{token.token_hint}  {token.email}  {token.name}  {state}"
