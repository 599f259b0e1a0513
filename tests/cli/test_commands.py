import json
import stat
from collections.abc import Mapping

import pytest

from tests.cli.conftest import Shell

COMPANY = ("--company", "Praxis Weiß", "--email", "anna@example.com", "--timezone", "Europe/Berlin")


def bootstrapped(shell: Shell) -> Mapping[str, str]:
    made = shell.run("bootstrap", *COMPANY, "--json")
    assert made.returncode == 0, made.stderr
    parsed: Mapping[str, str] = json.loads(made.stdout)
    return parsed


def test_bootstrap_prints_the_ids_and_the_credentials_as_json(shell: Shell) -> None:
    made = bootstrapped(shell)
    assert list(made) == ["companyId", "userId", "meetingTypeId", "token", "apiKey"]
    assert made["token"].startswith("rgo-")
    assert made["apiKey"].startswith("ak_live:")


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(shell: Shell) -> None:
    shell.run("migrate")
    key = shell.data_dir / "secret_key"
    first = key.read_text()
    shell.run("migrate")
    assert key.read_text() == first
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_migrate_says_what_it_applied_and_the_second_time_that_nothing_is_left(shell: Shell) -> None:
    assert "applied 0001.procrastinate" in shell.run("migrate").stdout
    assert shell.run("migrate").stdout == "nothing to apply\n"


def test_no_process_stays_after_a_command(shell: Shell) -> None:
    shell.run("migrate")
    assert shell.processes() == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        pytest.param("--timezone", "Europe/Berln", id="unknown-zone"),
        pytest.param("--timezone", "Europe", id="a-folder-of-zones"),
        pytest.param("--timezone", "../etc/passwd", id="a-path"),
        pytest.param("--email", "anna.example.com", id="no-at-sign"),
        pytest.param("--email", "anna @example.com", id="a-space"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_made(shell: Shell, option: str, value: str) -> None:
    refused = shell.run("bootstrap", *COMPANY, option, value)
    assert refused.returncode == 2
    assert f"Invalid value for '{option}'" in refused.stderr
    assert not shell.data_dir.exists()


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        pytest.param(
            {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "SLOTKEEPER_SECRET_KEY is missing", id="no-secret-key"
        ),
        pytest.param(
            {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "SLOTKEEPER_SECRET_KEY": "k"},
            "connection failed",
            id="no-database",
        ),
        pytest.param({"SLOTKEEPER_DATABASE_POOL_SIZE": "many"}, "SLOTKEEPER_DATABASE_POOL_SIZE", id="not-a-number"),
        pytest.param({"SLOTKEEPER_WEBHOOK_ALLOW_NETWORKS": "all"}, "SLOTKEEPER_WEBHOOK_ALLOW_NETWORKS", id="network"),
    ],
)
def test_a_wrong_environment_is_told_in_one_line(shell: Shell, environ: Mapping[str, str], said: str) -> None:
    refused = shell.run("migrate", **environ)
    assert refused.returncode == 1
    [line] = refused.stderr.splitlines()
    assert line.startswith("slotkeeper: ")
    assert said in line


def test_tokens_are_created_listed_and_revoked(shell: Shell) -> None:
    bootstrapped(shell)
    token = shell.run("token", "create", "--email", "Anna@example.com", "--name", "phone").stdout.strip()
    listed = json.loads(shell.run("token", "list", "--json").stdout)
    [phone] = [entry for entry in listed if entry["name"] == "phone"]
    assert token not in json.dumps(listed)
    assert phone["tokenHint"] == token[-4:]
    assert shell.run("token", "revoke", phone["id"]).returncode == 0
    [revoked] = [entry for entry in json.loads(shell.run("token", "list", "--json").stdout) if entry["name"] == "phone"]
    assert revoked["revokedAt"] is not None


def test_with_two_companies_the_one_that_is_meant_must_be_named(shell: Shell) -> None:
    first, second = bootstrapped(shell), bootstrapped(shell)
    refused = shell.run("token", "list")
    assert refused.returncode == 1
    assert "company" in refused.stderr
    for company in (first, second):
        [token] = json.loads(shell.run("token", "list", "--company", company["companyId"], "--json").stdout)
        assert token["userId"] == company["userId"]


def test_an_unknown_user_gets_no_token(shell: Shell) -> None:
    bootstrapped(shell)
    refused = shell.run("token", "create", "--email", "nobody@example.com")
    assert refused.returncode == 1
    assert refused.stderr == "slotkeeper: no user nobody@example.com\n"
