"""Secrets: credentials at rest are encrypted, tokens and passwords hashed, the secrets in mailed links derived.

A link's secret is ``<id>.<mac>``: the id finds the row, the mac is HMAC-SHA-256 over kind and id with the company's
link key. The link key itself is stored encrypted, so changing ``SLOTKEEPER_SECRET_KEY`` leaves mailed links working.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidKey
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_LINK_KEY_BYTES = 32
_MAC_BYTES = 18
_SALT_BYTES = 16


class Vault:
    """Encrypts what must be read again. ``secret_key`` may be several, comma-separated: the first one encrypts."""

    def __init__(self, secret_key: str) -> None:
        keys = [Fernet(_fernet_key(part.strip())) for part in secret_key.split(",") if part.strip()]
        self._fernet = MultiFernet(keys)
        self._first = keys[0]
        self.open = lru_cache(maxsize=4096)(self._open)

    def __repr__(self) -> str:
        return "Vault()"

    def seal(self, plain: bytes) -> bytes:
        return self._fernet.encrypt(plain)

    def resealed(self, sealed: bytes) -> bytes:
        """With the first key; ``sealed`` itself where it has that one already. Raises like ``open``."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return self._fernet.rotate(sealed)
        return sealed

    def _open(self, sealed: bytes) -> bytes:
        """Raises ``cryptography.fernet.InvalidToken`` where no configured key fits."""
        return self._fernet.decrypt(sealed)


def _fernet_key(passphrase: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(passphrase.encode()).digest())


def new_link_key() -> bytes:
    return secrets.token_bytes(_LINK_KEY_BYTES)


def link_secret(link_key: bytes, kind: str, entity_id: UUID) -> str:
    """The secret of an appointment or attendee (``kind``): the same for ever, in every process."""
    return f"{_text(entity_id.bytes)}.{_mac(link_key, kind, str(entity_id).encode())}"


def host_kind(host_id: UUID) -> str:
    """The ``kind`` of a host's link to an appointment: another one for each of its hosts."""
    return f"host/{host_id}"


def id_in_secret(secret: str) -> UUID | None:
    """The id that a secret names, unproven: look up its company's key, then ``secret_is_right``."""
    try:
        return UUID(bytes=content_in(secret))
    except ValueError:
        return None


def secret_is_right(secret: str, link_key: bytes, kind: str, entity_id: UUID) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(secret.encode(), link_secret(link_key, kind, entity_id).encode())


def id_of_key(link_key: bytes, kind: str, key: str) -> UUID:
    """The id of what is made once for ``key``: the same each time, and none that anybody could aim at."""
    return UUID(bytes=hmac.digest(link_key, f"{kind}/{key}".encode(), "sha256")[:16], version=5)


def signed(link_key: bytes, kind: str, content: bytes) -> str:
    """``content`` for a link that works for one purpose (``kind``) and that nobody else can make; it can be read."""
    return f"{_text(content)}.{_mac(link_key, kind, content)}"


def content_in(text: str) -> bytes:
    """What a signed text or a secret says of itself, unproven: look up its company's key, then ``signature_is_right``.

    Raises ``ValueError`` where there is nothing.
    """
    head, _, _ = text.partition(".")
    return base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True)


def signature_is_right(text: str, link_key: bytes, kind: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(text.encode(), signed(link_key, kind, content_in(text)).encode())


def hash_token(token: str) -> bytes:
    """Tokens are 160 random bits or more, so a plain hash is enough and a lookup can use it."""
    return hashlib.sha256(token.encode()).digest()


def hash_password(password: str) -> str:
    """A password that people choose, as a PHC string: Argon2id (RFC 9106) with the parameters of OWASP's cheat sheet,
    19 MiB and two iterations. Takes some 30 ms."""
    salt = secrets.token_bytes(_SALT_BYTES)
    hasher = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19_456)
    return hasher.derive_phc_encoded(password.encode())


def password_is_right(password: str, hashed: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.encode(), hashed)
    except InvalidKey:
        return False
    return True


def _mac(link_key: bytes, kind: str, message: bytes) -> str:
    return _text(hmac.digest(link_key, kind.encode() + b"/" + message, "sha256")[:_MAC_BYTES])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
