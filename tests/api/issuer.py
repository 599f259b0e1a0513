"""An OpenID Connect issuer on 127.0.0.1, with real keys."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

AUDIENCE = "slotkeeper"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class LocalIssuer:
    """``published`` maps key ids to (algorithm, private key); ``fetches`` counts how often the keys were asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.named = url
        self.published: dict[str, tuple[str, Any]] = {"rsa": ("RS256", RSA), "ec": ("ES256", EC), "ed": ("EdDSA", ED)}
        self.fetches = 0

    def token(self, key_id: str | None = "rsa", **claims: object) -> str:
        algorithm, key = self.published.get(key_id or "rsa", ("RS256", STRANGER))
        return self.signed(key, algorithm, key_id, **claims)

    def signed(self, key: Any, algorithm: str, key_id: str | None, **claims: object) -> str:
        now = datetime.now(UTC)
        standard = {"iss": self.url, "aud": AUDIENCE, "sub": "someone", "exp": now + timedelta(minutes=5)}
        present = {name: value for name, value in {**standard, **claims}.items() if value is not None}
        return jwt.encode(present, key, algorithm, headers={"kid": key_id} if key_id else None)

    def answer(self, path: str) -> dict[str, object] | None:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.named, "jwks_uri": f"{self.url}/keys"}
        if path == "/keys":
            self.fetches += 1
            return {"keys": [_public(*item) for item in self.published.items()]}
        return None


def _public(key_id: str, published: tuple[str, Any]) -> dict[str, object]:
    algorithm, key = published
    of = jwt.get_algorithm_by_name(algorithm)
    return {**json.loads(of.to_jwk(key.public_key())), "kid": key_id, "use": "sig", "alg": algorithm}


@contextmanager
def local_issuer() -> Iterator[LocalIssuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            document = issuer.answer(self.path)
            self.send_response(404 if document is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its interface
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = LocalIssuer(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
