import json

from tests.cli.conftest import Shell


def test_the_whole_report_comes_true_twice_and_no_process_stays(shell: Shell) -> None:
    for _ in range(2):
        played = shell.run("demo", "--once", "--json")
        report = json.loads(played.stdout)
        assert [check for check in report["checks"] if not check["ok"]] == []
        assert (report["ok"], played.returncode) == (True, 0)
        assert report["curl"].startswith("curl --request POST")
        assert shell.processes() == []
