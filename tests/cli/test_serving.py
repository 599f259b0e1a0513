import json
import signal

import psutil
import pytest

from tests.cli.conftest import WITHIN, Shell, is_open, line_of, served_url


@pytest.mark.parametrize(
    ("number", "options"),
    [
        pytest.param(signal.SIGTERM, [], id="one-process"),
        pytest.param(signal.SIGINT, ["--with-worker"], id="with-a-worker"),
        pytest.param(signal.SIGTERM, ["--with-worker", "--processes", "2"], id="two-processes-and-a-worker"),
    ],
)
def test_a_signal_ends_the_server_and_no_process_stays(
    shell: Shell, options: list[str], number: signal.Signals
) -> None:
    server = shell.start("serve", "--port", "0", *options)
    url = served_url(server)
    server.send_signal(number)
    assert server.wait(WITHIN) == 0
    assert shell.processes() == []
    assert not is_open(url)


def test_a_command_works_beside_a_running_server_and_leaves_its_database_running(shell: Shell) -> None:
    server = shell.start("serve", "--port", "0")
    url = served_url(server)
    made = shell.run("bootstrap", "--company", "A", "--email", "a@example.com", "--timezone", "UTC", "--json")
    assert set(json.loads(made.stdout)) >= {"companyId", "token"}
    assert is_open(url)
    assert any(process.name() == "postgres" for process in shell.processes())
    server.terminate()
    assert server.wait(WITHIN) == 0


def test_after_kill_9_the_children_end_and_a_new_server_comes_up_and_leaves_nothing(shell: Shell) -> None:
    killed = shell.start("serve", "--port", "0", "--with-worker", "--processes", "2")
    url = served_url(killed)
    children = psutil.Process(killed.pid).children(recursive=True)
    killed.kill()
    killed.wait(WITHIN)
    gone, alive = psutil.wait_procs(children, timeout=WITHIN)
    assert (len(gone), alive) == (len(children), [])
    server = shell.start("serve", "--port", url.rpartition(":")[2])
    assert served_url(server) == url
    server.terminate()
    assert server.wait(WITHIN) == 0
    assert shell.processes() == []


def test_a_port_that_is_taken_is_told_in_one_line(shell: Shell) -> None:
    first = shell.start("serve", "--port", "0")
    url = served_url(first)
    second = shell.run("serve", "--port", url.rpartition(":")[2])
    assert second.returncode == 1
    assert "in use" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    first.terminate()
    assert first.wait(WITHIN) == 0


def test_a_worker_works_beside_the_server_and_a_signal_ends_it(shell: Shell) -> None:
    worker = shell.start("worker")
    assert line_of(worker) == "slotkeeper works"
    worker.terminate()
    assert worker.wait(WITHIN) == 0
    assert shell.processes() == []
