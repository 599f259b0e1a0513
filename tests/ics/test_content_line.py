import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from slotkeeper.ics.content_line import MAX_OCTETS, fold, quoted, text, uri

NASTY = st.text(
    alphabet=st.sampled_from('ab ü語🎉\\;,:"^nN\r\n\t\x00\x0b\x7f\x85\u2028') | st.characters(codec="utf-8")
)


def unescaped(value: str) -> str:
    """RFC 5545 section 3.3.11 read from left to right, which icalendar's own unescaping is not."""
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] in "nN" else escape[1], value)


def without_controls(value: str) -> str:
    one_break = re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", value)
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", one_break)


@given(NASTY)
def test_any_text_reads_back_with_its_line_breaks_and_without_control_characters(value: str) -> None:
    escaped = text(value)
    assert len(escaped.splitlines()) <= 1
    assert unescaped(escaped) == without_controls(value)


@given(NASTY)
def test_any_name_stays_inside_its_quotes_and_reads_back(value: str) -> None:
    parameter = quoted(value)
    assert '"' not in parameter[1:-1]
    assert len(parameter.splitlines()) == 1
    read = Event.from_ical(f"BEGIN:VEVENT\r\nCONTACT;CN={parameter}:x\r\nEND:VEVENT")["CONTACT"].params["CN"]
    assert read.split() == without_controls(value).split()


@given(NASTY)
def test_folded_lines_fit_into_75_octets_and_unfold_to_the_same_text(value: str) -> None:
    line = "SUMMARY:" + text(value) * 3
    folded = fold(line)
    assert all(len(part.encode()) <= MAX_OCTETS for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


@pytest.mark.parametrize("character", ["a", "ü", "語", "🎉"])
@pytest.mark.parametrize("length", range(70, 80))
def test_a_character_is_never_cut_by_folding(character: str, length: int) -> None:
    assert fold(character * length).replace("\r\n ", "") == character * length


def test_a_link_cannot_bring_a_second_line() -> None:
    assert uri("https://meet.example/a\r\nATTENDEE:mailto:eve@example.net") == (
        "https://meet.example/aATTENDEE:mailto:eve@example.net"
    )
