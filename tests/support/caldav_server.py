"""A real CalDAV server (Radicale) in a process of its own, on 127.0.0.1 at a free port.

from tests.support.caldav_server import caldav_server  # the fixture

calendar_url = await caldav_server.make_calendar("work")
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

USERNAME, PASSWORD = "host", "correct horse"
_START = 20.0  # seconds
_LOOK_EVERY = 0.02


class CalDavServer:
    """``put``, ``get`` and ``delete`` are what the calendar's owner does with another program."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.home = f"{url}/{USERNAME}/"

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(auth=(USERNAME, PASSWORD))

    async def make_calendar(self, name: str, *, timezone: str | None = None) -> str:
        """The new calendar's address."""
        url = f"{self.home}{name}/"
        async with self.client() as client:
            answer = await client.request(
                "MKCALENDAR", url, content=_MKCALENDAR.format(name=name, zone=_zone(timezone))
            )
        assert answer.status_code == 201, answer.text
        return url

    async def hrefs(self, calendar_url: str) -> list[str]:
        """The addresses of all objects in the calendar."""
        async with self.client() as client:
            answer = await client.request("PROPFIND", calendar_url, headers={"Depth": "1"})
        hrefs = [part.partition("</href>")[0] for part in answer.text.split("<href>")[1:]]
        return [f"{self.url}{href}" for href in hrefs if href.endswith(".ics")]

    async def get(self, href: str) -> str:
        async with self.client() as client:
            answer = await client.get(href)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def put(self, href: str, ics: str) -> None:
        async with self.client() as client:
            answer = await client.put(href, content=ics, headers={"Content-Type": "text/calendar; charset=utf-8"})
        assert answer.is_success, answer.text

    async def delete(self, href: str) -> None:
        async with self.client() as client:
            answer = await client.delete(href)
        assert answer.is_success, answer.text


@pytest.fixture
def caldav_server(tmp_path: Path) -> Iterator[CalDavServer]:
    (tmp_path / "users").write_text(f"{USERNAME}:{PASSWORD}\n")
    port = _free_port()
    config = tmp_path / "radicale.conf"
    config.write_text(_CONFIG.format(port=port, directory=tmp_path))
    command = [sys.executable, "-m", "radicale", "--config", str(config)]
    with (tmp_path / "radicale.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": os.environ["PATH"]})
        try:
            _wait_until_it_answers(process, port, tmp_path / "radicale.log")
            yield CalDavServer(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=_START)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(_LOOK_EVERY)
    raise RuntimeError(f"Radicale does not answer:\n{log.read_text()}")


def _zone(timezone: str | None) -> str:
    if timezone is None:
        return ""
    vcalendar = f"BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:{timezone}\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n"
    return f"<C:calendar-timezone>{vcalendar}</C:calendar-timezone>"


_MKCALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
  <D:displayname>{name}</D:displayname>{zone}
</D:prop></D:set></C:mkcalendar>"""

_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {directory}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {directory}/collections
"""
