"""WebDAV's answers, read safely (RFC 4918 section 13). Pure.

The server is one that a user named, so its XML is not trusted: a document type declaration, without which there are no
entities to expand and no files to fetch, ends the reading. WebDAV never sends one.
"""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

import msgspec

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"


class NotWebDav(ValueError):
    """The answer is not a multistatus document."""


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """One ``response``: its address as the server wrote it, and the properties that it has."""

    href: str
    properties: Mapping[str, ET.Element]

    def text(self, name: str) -> str | None:
        found = self.properties.get(name)
        return found.text if found is not None else None

    def inner_href(self, name: str) -> str | None:
        """The address in a property such as ``calendar-home-set``."""
        found = self.properties.get(name)
        return found.findtext(f"{DAV}href") if found is not None else None


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise NotWebDav("a document type declaration is not accepted")


def read_multistatus(content: bytes) -> Sequence[Resource]:
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - see above
    try:
        parser.feed(content)
        root: ET.Element = parser.close()
    except ET.ParseError as error:
        raise NotWebDav(f"not XML: {error}") from error
    if root.tag != f"{DAV}multistatus":
        raise NotWebDav(f"a {root.tag} element instead of a multistatus")
    return [_resource(response) for response in root.iterfind(f"{DAV}response")]


def _resource(response: ET.Element) -> Resource:
    found = {
        prop.tag: prop
        for propstat in response.iterfind(f"{DAV}propstat")
        if " 200" in (propstat.findtext(f"{DAV}status") or "")
        for prop in propstat.iterfind(f"{DAV}prop/*")
    }
    return Resource(href=(response.findtext(f"{DAV}href") or "").strip(), properties=found)
