"""JWTs of the configured issuer, checked against its published keys (OpenID Connect Discovery, RFC 7517, RFC 8725)."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import msgspec

from slotkeeper.accounts.authenticate import EXPIRED, INVALID
from slotkeeper.errors import Unauthenticated, Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Asymmetric only: a shared secret or ``none`` would let anybody sign (RFC 8725 section 3.1)."""
COOL_DOWN = 30.0
"""Seconds between two fetches of the keys: a token with an invented key id must not make us a client of the issuer."""
_LEEWAY = 10.0
"""Seconds by which the issuer's clock may differ from ours."""
_TIMEOUT = 5.0


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """``email`` only where the issuer says that it verified it."""

    subject: str
    email: str | None


class Issuer:
    """Keeps the issuer's keys; fetches them when first needed, and again for a key id that it does not know."""

    def __init__(self, url: str, audience: str | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._audience = audience
        self._monotonic = monotonic
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def verify(self, token: str) -> Identity:
        """Raises ``Unauthenticated``; ``Unavailable`` where the issuer does not tell its keys."""
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            claims = self._decode(token, await self._key(key_id))
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated(EXPIRED) from error
        except (jwt.PyJWTError, UnicodeError) as error:
            raise Unauthenticated(INVALID) from error
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(subject=claims["sub"], email=email if isinstance(email, str) else None)

    def _decode(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=self._url,
            audience=self._audience,
            leeway=_LEEWAY,
            options={"require": ["exp", "iss", "sub"], "verify_aud": self._audience is not None},
        )

    async def _key(self, key_id: str | None) -> jwt.PyJWK:
        if key_id not in self._keys:
            async with self._fetching:
                if key_id not in self._keys and self._monotonic() - self._fetched_at >= COOL_DOWN:
                    self._keys = await self._fetch()
                    self._fetched_at = self._monotonic()
        if key_id not in self._keys:
            raise Unauthenticated(INVALID)
        return self._keys[key_id]

    async def _fetch(self) -> dict[str | None, jwt.PyJWK]:
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
                document = await _get(client, f"{self._url.rstrip('/')}/.well-known/openid-configuration")
                if document["issuer"] != self._url:
                    raise Unavailable("the issuer names itself differently")
                keys = jwt.PyJWKSet.from_dict(await _get(client, document["jwks_uri"])).keys
        except (httpx.HTTPError, ValueError, KeyError, jwt.PyJWTError) as error:
            raise Unavailable("the issuer of JWTs does not answer as it should") from error
        return {key.key_id: key for key in keys if key.public_key_use in (None, "sig")}


async def _get(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    response = await client.get(url)
    return msgspec.json.decode(response.raise_for_status().content, type=dict[str, Any])
