"""A PATCH changes exactly what it names: against RFC 7396's own pseudo-code, over documents of any shape."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from .documents import after, created, nested, stored
from .members import GOOD

FULL = {
    "meetingInfo": {
        "name": "Kennenlernen", "description": "Kurz", "duration": 45, "channel": "phone", "redirect": "https://x.example",
        "confirmationButton": {"text": "Mehr", "link": "https://y.example"}, "bufferBefore": 10, "color": "#123456",
    },
    "meetingOptions": {"allowedDurations": [15, 45], "doubleOptIn": "enabled", "maxBufferCarryOverDelay": 5},
    "spots": 3, "locations": ["Raum 1"], "timeslotInterval": 20, "bookingMinimum": 60, "internalNotes": "intern",
    "ics": {"title": "T", "description": "D", "location": "L"}, "metadata": {"a": "1", "b": "2"},
    "bookingLimits": {"day": 1, "week": 2}, "reminders": [60], "crmOptions": {"hubspotDealSync": True},
    "reschedulingPolicy": {"mode": "hours", "duration": 24, "maxChanges": 2},
}  # fmt: skip


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7396 section 2, as it is printed there; where it removes a member, an answer shows null."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        merged[name] = None if value is None else merge_patch(merged.get(name), value)
    return merged


def merged_all(patches: list[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for patch in patches:
        merged = merge_patch(merged, patch)
    return merged


def as_shown(document: dict[str, Any]) -> dict[str, Any]:
    """An expectation in the shape of an answer: maps have no nulls; the text's language follows the text."""
    document["metadata"] = {key: value for key, value in document["metadata"].items() if value is not None}
    info = document["meetingInfo"]
    texts = {field: {"de": info[field]} if info[field] else {} for field in ("name", "description")}
    return {**document, "translations": texts}


def with_group(patch: dict[str, Any]) -> dict[str, Any]:
    """What seats without a word on groups say of them."""
    if "spots" not in patch:
        return patch
    return {**patch, "meetingInfo": {"groupBooking": patch["spots"] > 1, **patch["meetingInfo"]}}


METADATA = st.dictionaries(st.sampled_from("abc"), st.none() | st.text("xyz"), max_size=3)
MEMBERS = [nested(path, value) for path, values in GOOD.items() if path != "metadata" for value in values]
PATCHES = st.lists(st.sampled_from(MEMBERS) | METADATA.map(lambda metadata: {"metadata": metadata}), max_size=6).map(
    merged_all
)
BASES = st.sampled_from([{"meetingInfo": {"name": "Kennenlernen"}}, FULL])


@given(base=BASES, patch=PATCHES)
@example(base=FULL, patch={"spots": 1})
def test_a_patch_changes_exactly_what_it_names(base: dict[str, Any], patch: dict[str, Any]) -> None:
    named = with_group({"meetingInfo": {}, **patch})
    assert after(patch, stored(base)) == as_shown(merge_patch(created(base), named))


@given(base=BASES, patch=PATCHES)
def test_the_same_patch_again_changes_nothing(base: dict[str, Any], patch: dict[str, Any]) -> None:
    once = stored(base, patch)
    assert after(patch, once) == after({}, once)


@given(base=BASES, patch=PATCHES)
def test_an_answer_that_is_sent_back_as_it_came_changes_nothing(base: dict[str, Any], patch: dict[str, Any]) -> None:
    once = stored(base, patch)
    assert after(after({}, once), once) == after({}, once)
