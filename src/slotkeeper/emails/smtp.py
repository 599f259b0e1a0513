"""The SMTP server that carries messages: one message to one recipient per call, each over its own connection."""

from contextlib import suppress
from email.message import EmailMessage
from email.utils import localtime, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    send,
)

from slotkeeper.jobs.outcomes import Done, Later, PersonMustAct
from slotkeeper.settings import Settings

_UNDELIVERABLE, _REJECTED = "email_undeliverable", "email_rejected"


class SmtpSender:
    """Speaks to ``settings.smtp_url``: ``smtp://`` (587, STARTTLS when offered) or ``smtps://`` (465, TLS at once).

    ``timeout`` is seconds, for connecting and for each answer.
    """

    def __init__(self, settings: Settings, timeout: float = 30.0) -> None:
        """Raises ``ValueError`` for a URL of another scheme or without a host."""
        self._timeout = timeout
        self._url = _parse(settings.smtp_url) if settings.smtp_url else None
        self._envelope_sender = parseaddr(settings.mail_from)[1]

    async def send(self, message: EmailMessage) -> Done:
        """Done when the server has taken the message. Not reached, not trusted, busy or 4xx: ``Later``. Refused for
        good: ``PersonMustAct``, email_undeliverable for this recipient or content, email_rejected for this sender."""
        if self._url is None:
            raise Later("SLOTKEEPER_SMTP_URL is not set")
        if "Date" not in message:
            message["Date"] = localtime()
        try:
            _, answer = await self._transmit(self._url, message)
        except (SMTPException, OSError, ValueError) as error:
            raise _ending(error) from error
        return Done(note=answer)

    async def _transmit(self, url: SplitResult, message: EmailMessage) -> tuple[object, str]:
        tls = url.scheme == "smtps"
        return await send(
            message,
            sender=self._envelope_sender,
            hostname=url.hostname,
            port=url.port or (465 if tls else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=tls,
            timeout=self._timeout,
        )


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
