"""Rows of an import: which can be taken, and which are one person. Pure."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec

from slotkeeper.crm.texts import Long, Phone, Short, Tags
from slotkeeper.records.email_address import PATTERN

_EMAIL = re.compile(PATTERN)


class ContactRow(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``email`` or ``phoneNumber`` is needed. ``crmCompanyRef`` is a company's id or name, made if it is new."""

    first_name: Short | None = None
    last_name: Short | None = None
    email: Short | None = None
    phone_number: Phone | None = None
    tags: Tags | None = None
    notes: Long | None = None
    account_owner_email: Short | None = None
    crm_company_ref: Short | None = None
    additional_data: dict[str, Any] | None = None


Row = TypeVar("Row", bound=ContactRow)


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row was not taken, or not wholly; ``row`` counts from 0."""

    row: int
    message: str


class Sorted(msgspec.Struct, frozen=True, kw_only=True):
    """``people`` are to be written, each once; ``person_of`` says which of them a row is (by its place)."""

    people: Sequence["Person"]
    person_of: dict[int, int]
    issues: Sequence[Issue]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is the contact's if it is a new one. ``rows`` are all that speak of this person."""

    id: UUID
    contact: ContactRow
    rows: list[int]


def fault_of(row: ContactRow) -> str | None:
    if not (row.email or row.phone_number):
        return "email or phoneNumber is required"
    if row.email and not _EMAIL.search(row.email):
        return f"{row.email} is no e-mail address"
    return None


def sort_rows(rows: Sequence[Row], *, update: bool, fault_of: Callable[[Row], str | None]) -> Sorted:
    """Rows with one e-mail address are one person: the first counts, or each over the one before with ``update``."""
    people: list[Person] = []
    by_email: dict[str, int] = {}
    person_of: dict[int, int] = {}
    issues: list[Issue] = []
    for at, row in enumerate(rows):
        if fault := fault_of(row):
            issues.append(Issue(row=at, message=fault))
            continue
        email = (row.email or "").lower()
        place = by_email.get(email) if email else None
        if place is None:
            place = len(people)
            people.append(Person(id=uuid4(), contact=row, rows=[at]))
            by_email |= {email: place} if email else {}
        else:
            people[place] = _over(people[place], row, at, update=update)
        person_of[at] = place
    return Sorted(people=people, person_of=person_of, issues=issues)


def _over(person: Person, row: ContactRow, at: int, *, update: bool) -> Person:
    given = {name: getattr(row, name) for name in ContactRow.__struct_fields__ if getattr(row, name) not in (None, "")}
    contact = msgspec.structs.replace(person.contact, **given) if update else person.contact
    return msgspec.structs.replace(person, contact=contact, rows=[*person.rows, at])
