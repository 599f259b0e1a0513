"""The job queue's own tables, from the schema that the pinned procrastinate ships."""

from importlib import resources

from yoyo import step

__depends__: set[str] = set()


def apply(connection):  # type: ignore[no-untyped-def]
    schema = (resources.files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")
    with connection.cursor() as cursor:
        cursor.execute(schema)


steps = [step(apply)]
