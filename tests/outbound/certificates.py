"""A certificate authority of this test run, and server certificates from it."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PrivateKey = ec.EllipticCurvePrivateKey


def server_context(host: str, directory: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The context of a server that proves to be ``host``, and that of a client that trusts its authority.

    The authority is ``authority.pem`` in ``directory``.
    """
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = _name("an authority for tests")
    authority = _sign(
        _certificate(authority_name, authority_name, authority_key).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        ),
        authority_key,
    )
    certificate = _sign(
        _certificate(_name(host), authority_name, key).add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
        ),
        authority_key,
    )
    trusted = authority.public_bytes(serialization.Encoding.PEM)
    (directory / "authority.pem").write_bytes(trusted)
    file = directory / "server.pem"
    file.write_bytes(_pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=trusted.decode())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject: x509.Name, issuer: x509.Name, key: PrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


def _sign(builder: x509.CertificateBuilder, key: PrivateKey) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())


def _pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
