from pathlib import Path

import psycopg
import pytest

from tests.check_migrations import problems_of_files, problems_of_schema


@pytest.mark.parametrize(
    ("name", "sql", "problem"),
    [
        pytest.param("0001.first.sql", "CREATE TABLE t ();", None, id="right"),
        pytest.param("0002.first.sql", "CREATE TABLE t ();", "expected 0001", id="a-number-is-missing"),
        pytest.param("0001.First.sql", "CREATE TABLE t ();", "expected 0001", id="not-words"),
        pytest.param("0001.first.sql", "DROP TABLE t;", "loses data", id="a-drop-without-a-reason"),
        pytest.param("0001.first.sql", "-- Copied to u in 0000.\nDROP TABLE t;", None, id="a-drop-with-a-reason"),
    ],
)
def test_a_migration_file_is_named_in_order_and_gives_reasons(
    tmp_path: Path, name: str, sql: str, problem: str | None
) -> None:
    (tmp_path / name).write_text(sql)
    found = list(problems_of_files(tmp_path))
    assert [problem in line for line in found] == [True] if problem else found == []


def test_a_table_without_the_company_in_its_keys_is_found(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert list(problems_of_schema(connection)) == []
        connection.execute("CREATE TABLE strays (id uuid PRIMARY KEY)")
        found = list(problems_of_schema(connection))
        connection.rollback()
    assert found == ["strays: the key strays_pkey leaves company_id out", "strays: no company_id"]
