import pytest

from slotkeeper.integrations.dav.multistatus import DAV, NotWebDav, read_multistatus

LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9))


def test_properties_that_a_resource_has_are_read_and_those_it_lacks_are_not() -> None:
    [resource] = read_multistatus(
        b"""<?xml version="1.0"?><multistatus xmlns="DAV:"><response><href> /a/ </href>
        <propstat><prop><displayname>Work</displayname></prop><status>HTTP/1.1 200 OK</status></propstat>
        <propstat><prop><owner/></prop><status>HTTP/1.1 404 Not Found</status></propstat>
        </response></multistatus>"""
    )
    assert resource.href == "/a/"
    assert resource.text(f"{DAV}displayname") == "Work"
    assert list(resource.properties) == [f"{DAV}displayname"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'<!DOCTYPE m [<!ENTITY a0 "ha">' + LAUGHS + b"]><m>&a8;</m>", id="a billion laughs"),
        pytest.param(b'<!DOCTYPE m [<!ENTITY f SYSTEM "file:///etc/passwd">]><m>&f;</m>', id="an outside entity"),
        pytest.param('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE m><m/>'.encode("utf-16"), id="in UTF-16"),
        pytest.param(b'<!DOCTYPE html><multistatus xmlns="DAV:"/>', id="a mere declaration"),
    ],
)
def test_a_document_type_declaration_ends_the_reading(content: bytes) -> None:
    with pytest.raises(NotWebDav, match="document type declaration"):
        read_multistatus(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html><body>Welcome</body></html>", id="a web page"),
        pytest.param(b'<multistatus xmlns="DAV:"><response>', id="cut off"),
    ],
)
def test_what_is_no_multistatus_is_told(content: bytes) -> None:
    with pytest.raises(NotWebDav):
        read_multistatus(content)
