"""What a request needs of the process: opened once, when the server starts."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from litestar.types import Scope

from slotkeeper.api.oidc import Issuer
from slotkeeper.api.rate_limit import RateLimit
from slotkeeper.db.pool import open_pool
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings

Clock = Callable[[], datetime]


class Services:
    """``clock`` answers with the present instant in UTC; ``issuer`` is None where no JWTs are accepted, ``rate_limit``
    where none is set.

    No Struct: Litestar would look for types to convert in its fields, and it is a value only to us.
    """

    __slots__ = ("clock", "issuer", "pool", "rate_limit", "settings", "vault")

    def __init__(self, *, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.pool = open_pool(settings.database_url, settings.database_pool_size)
        self.vault = Vault(settings.secret_key)
        self.rate_limit = RateLimit(settings.rate_limit) if settings.rate_limit else None
        self.issuer = Issuer(settings.oidc_issuer, settings.oidc_audience) if settings.oidc_issuer else None


def services_of(scope: Scope) -> Services:
    return cast("Services", scope["litestar_app"].state.services)
