import re
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from slotkeeper.integrations.registry import form_of, of_kind

PACKAGE = Path(str(files("slotkeeper.emails")))
CATALOGUES = sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/messages.po"))


WEB = Path(str(files("slotkeeper.web")))


def phrases() -> set[str | tuple[str, ...]]:
    """Of the messages, of the pages, and of what providers say at them: they speak from one catalogue."""
    forms = [form_of(registered.name) for registered in of_kind("calendar") if registered.has_adapter]
    said = {form.hint for form in forms} | {field.label for form in forms for field in form.fields}
    return said | {
        message
        for package in (PACKAGE, WEB)
        for _file, _line, message, _comments, _context in extract_from_dir(
            package / "templates", method_map=[("**", "jinja2.ext:babel_extract")]
        )
    }


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_translates_every_phrase_of_the_templates_and_no_other(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    translated = {message.id for message in catalogue if message.id and message.string and not message.fuzzy}
    assert translated == phrases()
    assert [message.id for message in catalogue if placeholders(message.id) != placeholders(message.string)] == []


def placeholders(phrase: object) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", str(phrase)))
