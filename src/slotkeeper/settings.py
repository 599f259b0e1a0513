"""The core's settings, read from the environment once. Providers read their own, with their own prefix.

The table of all variables is docs/configuration.md; a test compares it with the fields below.
"""

import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any

import msgspec
from msgspec.structs import FieldInfo

Network = IPv4Network | IPv6Network


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    database_url: str
    """A PostgreSQL connection string (15 or later)."""
    secret_key: str
    """Encrypts credentials at rest. Several, comma-separated: the first encrypts, all decrypt."""
    smtp_url: str | None = None
    """``smtp://user:password@host:587`` (STARTTLS when offered) or ``smtps://…:465``; without it, mails wait."""
    mail_from: str = "slotkeeper <no-reply@localhost>"
    public_url: str = "http://127.0.0.1:8000"
    """Where people reach this server; mailed links start with it."""
    webhook_allow_networks: tuple[Network, ...] = ()
    """Private networks that webhooks may reach; none by default."""
    oidc_issuer: str | None = None
    """The issuer whose JWTs are accepted, for example ``https://login.example.com/realms/main``."""
    oidc_audience: str | None = None
    """The audience that such JWTs must name; unset accepts any."""
    rate_limit: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Requests a minute that each credential may send, with a burst of twice as many; none by default."""
    database_pool_size: int = 10
    """Database connections per server process."""
    worker_concurrency: int = 10
    """Jobs that one worker runs at a time."""
    worker_heartbeat: float = 10.0
    """Seconds between a worker's signs of life; after three missed ones its jobs are taken over."""


def parse_networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def load_settings(environ: Mapping[str, str] = os.environ, **given: str) -> Settings:
    """Settings from ``SLOTKEEPER_*`` and ``DATABASE_URL``; ``given`` wins over the environment.

    Raises ``ValueError`` naming the variable that is wrong or missing.
    """
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        variable = variable_of(field.name)
        text = given.get(field.name) or environ.get(variable)
        if text:
            values[field.name] = _parse(variable, field, text)
        elif field.required:
            raise ValueError(f"{variable} is missing")
    return Settings(**values)


def variable_of(field: str) -> str:
    return "DATABASE_URL" if field == "database_url" else f"SLOTKEEPER_{field.upper()}"


def _parse(variable: str, field: FieldInfo, text: str) -> object:
    try:
        if field.name == "webhook_allow_networks":
            return parse_networks(text)
        return msgspec.convert(text, field.type, strict=False)
    except ValueError as error:
        raise ValueError(f"{variable}: {error}") from error
