"""The SMTP server that carries messages: one message to one recipient per call.

Opened with ``async with``, it keeps connections for the next messages; else each message has its own.
"""

import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import localtime, parseaddr
from functools import cached_property
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPTimeoutError,
)

from slotkeeper.jobs.outcomes import Done, Later, PersonMustAct
from slotkeeper.outbound.kept import Kept
from slotkeeper.settings import Settings

_FAREWELL = 5.0
_CLOSING = 421  # RFC 5321 section 3.8: in answer to any command
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_UNDELIVERABLE, _REJECTED = "email_undeliverable", "email_rejected"


class SmtpSender:
    """Speaks to ``settings.smtp_url``: ``smtp://`` (587, STARTTLS when offered) or ``smtps://`` (465, TLS at once).

    A password leaves this machine encrypted or not at all: whoever can listen could also hide that STARTTLS is offered.
    ``timeout`` is seconds, for connecting and for each answer.
    """

    def __init__(self, settings: Settings, timeout: float = 30.0) -> None:
        """Raises ``ValueError`` for a URL of another scheme or without a host."""
        self._timeout = timeout
        self._url = _parse(settings.smtp_url) if settings.smtp_url else None
        self._envelope_sender = parseaddr(settings.mail_from)[1]
        self._kept = Kept[SMTP](_quit)

    async def __aenter__(self) -> Self:
        await self._kept.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._kept.__aexit__(kind, error, trace)

    async def send(self, message: EmailMessage) -> Done:
        """Done when the server has taken the message. Not reached, not trusted, busy or 4xx: ``Later``. Refused for
        good: ``PersonMustAct``, email_undeliverable for this recipient or content, email_rejected for this sender."""
        if self._url is None:
            raise Later("SLOTKEEPER_SMTP_URL is not set")
        if "Date" not in message:
            message["Date"] = localtime()
        try:
            answer = await self._transmit(self._url, message)
        except (SMTPException, OSError, ValueError) as error:
            raise _ending(error) from error
        return Done(note=answer)

    async def _transmit(self, url: SplitResult, message: EmailMessage) -> str:
        """What fails over a connection that was used before counts only if it was about this message: the server may
        have ended it, or take no more over it. A message that it took without being able to say so comes again."""
        while connection := self._kept.take(url):
            try:
                return await self._over(connection, url, message)
            except (SMTPException, OSError) as error:
                if _is_verdict(error):
                    raise
        return await self._over(await self._dial(url), url, message)

    async def _over(self, connection: SMTP, url: SplitResult, message: EmailMessage) -> str:
        try:
            _, answer = await connection.send_message(message, sender=self._envelope_sender)
        except (SMTPResponseException, SMTPRecipientsRefused):
            await _quit(connection)
            raise
        except BaseException:
            connection.close()  # in the middle of a command: nothing can follow
            raise
        await self._kept.give_back(url, connection)
        return answer

    async def _dial(self, url: SplitResult) -> SMTP:
        tls = url.scheme == "smtps"
        connection = SMTP(
            hostname=url.hostname,
            port=url.port or (465 if tls else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=tls,
            start_tls=True if url.password and not tls and url.hostname not in _THIS_MACHINE else None,
            tls_context=self._authorities,
            timeout=self._timeout,
        )
        await connection.connect()
        return connection

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        """Those of the machine, or of ``SSL_CERT_FILE``; reading them takes some milliseconds."""
        return ssl.create_default_context()


async def _quit(connection: SMTP) -> None:
    with suppress(SMTPException, OSError):
        await connection.quit(timeout=_FAREWELL)
    connection.close()


def _is_verdict(error: Exception) -> bool:
    """About the message, or too late to be tried at once."""
    refusal = error.recipients[0] if isinstance(error, SMTPRecipientsRefused) else error
    of_this_message = isinstance(error, SMTPRecipientsRefused | SMTPDataError | SMTPNotSupported)
    going = isinstance(refusal, SMTPResponseException) and refusal.code == _CLOSING
    return isinstance(error, SMTPTimeoutError) or (of_this_message and not going)


def _parse(smtp_url: str) -> SplitResult:
    with suppress(ValueError):  # of a host or a port that cannot be one
        url = urlsplit(smtp_url)
        if url.scheme in ("smtp", "smtps") and (url.hostname or "").encode("idna") and url.port != 0:
            return url
    raise ValueError("SLOTKEEPER_SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465")


def _ending(error: SMTPException | OSError | ValueError) -> Later | PersonMustAct:
    refusal = error.recipients[0] if isinstance(error, SMTPRecipientsRefused) else error
    if isinstance(refusal, SMTPResponseException):
        detail = f"{refusal.code} {refusal.message}"
        of_this_message = isinstance(error, SMTPRecipientsRefused | SMTPDataError)
        code = _UNDELIVERABLE if of_this_message else _REJECTED
        return PersonMustAct(detail, error_code=code) if refusal.code >= 500 else Later(detail)
    if isinstance(error, OSError):
        return Later(f"{type(error).__name__}: {error}")
    wrong_address = isinstance(error, SMTPNotSupported | ValueError)
    return PersonMustAct(str(error), error_code=_UNDELIVERABLE if wrong_address else _REJECTED)
