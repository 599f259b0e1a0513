"""The whole rotation as docs/operating.md tells it, beside a running server."""

import json
import subprocess
from datetime import UTC, datetime, timedelta

import httpx

from tests.cli.conftest import WITHIN, Shell, served_url

OLD, BOTH, NEW = "the old key", "the new key,the old key", "the new key"


def serving(shell: Shell, key: str) -> "tuple[subprocess.Popen[str], str]":
    server = shell.start("serve", "--port", "0", SLOTKEEPER_SECRET_KEY=key)
    return server, served_url(server)


def ended(server: "subprocess.Popen[str]") -> None:
    server.terminate()
    assert server.wait(WITHIN) == 0


def mailed_path(url: str, made: dict[str, str]) -> str:
    """Books, and returns the path of the attendee's page."""
    headers = {"authorization": f"Bearer {made['token']}"}
    start = (datetime.now(UTC) + timedelta(days=7)).replace(microsecond=0).isoformat()
    body = {"meetingTypeId": made["meetingTypeId"], "start": start, "ignoreAvailability": True}
    booking = {**body, "attendee": {"email": "ann@example.org"}}
    with httpx.Client(base_url=url, headers=headers, trust_env=False) as client:
        booked = client.post("/v4/booking", json=booking)
        assert booked.status_code == 201, booked.text
        appointment = client.get(f"/v4/appointment/{booked.json()['appointmentId']}").json()
    return f"/a/{appointment['attendees'][0]['secret']}"


def test_after_rotate_key_the_server_runs_with_the_new_key_alone_and_mailed_links_open(shell: Shell) -> None:
    bootstrap = ("bootstrap", "--company", "A", "--email", "a@example.com", "--timezone", "UTC", "--json")
    made = json.loads(shell.run(*bootstrap, SLOTKEEPER_SECRET_KEY=OLD).stdout)
    server, url = serving(shell, BOTH)
    path = mailed_path(url, made)

    rotated = shell.run("rotate-key", "--json", SLOTKEEPER_SECRET_KEY=BOTH)
    assert rotated.returncode == 0, rotated.stderr
    assert json.loads(rotated.stdout)[0] == {"column": "companies.link_key", "total": 1, "rotated": 1, "unreadable": 0}
    assert "companies.link_key" in rotated.stderr
    assert httpx.get(f"{url}{path}", trust_env=False).status_code == 200
    ended(server)

    server, url = serving(shell, NEW)
    assert httpx.get(f"{url}{path}", trust_env=False).status_code == 200
    ended(server)


def test_values_that_no_key_opens_are_told_and_the_command_fails(shell: Shell) -> None:
    shell.run("bootstrap", "--company", "A", "--email", "a@example.com", "--timezone", "UTC", SLOTKEEPER_SECRET_KEY=OLD)
    refused = shell.run("rotate-key", SLOTKEEPER_SECRET_KEY=NEW)
    assert refused.returncode == 1
    assert "companies.link_key     0 of 1 encrypted anew, 1 unreadable" in refused.stdout
    assert refused.stderr.endswith("some values open with none of the keys of SLOTKEEPER_SECRET_KEY\n")
