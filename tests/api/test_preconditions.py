import pytest

from slotkeeper.api.preconditions import check_if_match, etag_of
from slotkeeper.errors import Malformed, PreconditionFailed


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="no header"),
        pytest.param("*", id="whatever exists"),
        pytest.param('"3"', id="the tag"),
        pytest.param('"1", "3"', id="a list"),
        pytest.param(' "1","a,b" ,"3"', id="a list with a comma inside a tag"),
    ],
)
def test_the_present_tag_passes(header: str | None) -> None:
    assert etag_of(3) == '"3"'
    check_if_match(header, etag_of(3))


@pytest.mark.parametrize(
    "header",
    [
        pytest.param('"2"', id="an older tag"),
        pytest.param('W/"3"', id="a weak tag never matches"),
        pytest.param('"1", W/"3"', id="a weak tag in a list"),
        pytest.param('"1,3"', id="a tag that contains it"),
        pytest.param('""', id="an empty tag"),
    ],
)
def test_any_other_tag_is_refused(header: str) -> None:
    with pytest.raises(PreconditionFailed):
        check_if_match(header, etag_of(3))


@pytest.mark.parametrize("header", ["3", "", '"3', '"3" "4"', '"3",', "*, *"])
def test_what_is_no_list_of_tags_is_malformed_and_named(header: str) -> None:
    with pytest.raises(Malformed) as raised:
        check_if_match(header, etag_of(3))
    assert raised.value.errors[0].field == "If-Match"
