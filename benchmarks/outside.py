"""A mail server and a webhook receiver that cost little, in a process of their own: what is measured is the worker."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session


class _Sink:
    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        return "250 Kept"


@contextmanager
def outside() -> Iterator[tuple[str, str]]:
    """Yields the URLs of the mail server and of the webhook receiver."""
    with subprocess.Popen([sys.executable, "-m", __name__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            smtp, http = process.stdout.readline().split()
            yield f"smtp://127.0.0.1:{smtp}", f"http://127.0.0.1:{http}/hook"
        finally:
            process.terminate()


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(lambda: SMTP(_Sink()), "127.0.0.1", 0)
    hooks = await asyncio.start_server(_receive, "127.0.0.1", 0)
    print(*(server.sockets[0].getsockname()[1] for server in (mail, hooks)), flush=True)
    await asyncio.gather(mail.serve_forever(), hooks.serve_forever())


async def _receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Any number of requests over one connection."""
    try:
        while head := (await reader.readuntil(b"\r\n\r\n")).lower():
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    except asyncio.IncompleteReadError:
        writer.close()


if __name__ == "__main__":
    asyncio.run(_serve())
