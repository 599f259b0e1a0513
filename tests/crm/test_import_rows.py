from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.crm.import_rows import ContactRow, fault_of, sort_rows

EMAILS = st.sampled_from([None, "", "ann@example.org", "ANN@example.org", "bob@example.org", "nobody", "a@b\n"])
NAMES = st.sampled_from([None, "", "Ann", "Bob"])
ROWS = st.lists(
    st.builds(ContactRow, email=EMAILS, phone_number=st.sampled_from([None, "", "+49 30 1"]), first_name=NAMES),
    max_size=12,
)


@given(ROWS, st.booleans())
def test_each_row_is_one_person_or_one_issue(rows: list[ContactRow], update: bool) -> None:
    found = sort_rows(rows, update=update, fault_of=fault_of)
    at_fault = [issue.row for issue in found.issues]
    assert sorted([*found.person_of, *at_fault]) == list(range(len(rows)))
    assert sorted(row for person in found.people for row in person.rows) == sorted(found.person_of)
    emails = [person.contact.email.lower() for person in found.people if person.contact.email]
    assert len(emails) == len(set(emails))
    assert len({person.id for person in found.people}) == len(found.people)


@given(ROWS)
def test_rows_without_an_address_are_never_one_person(rows: list[ContactRow]) -> None:
    found = sort_rows(rows, update=True, fault_of=fault_of)
    telephones = [row for row in rows if not row.email and row.phone_number]
    assert sum(1 for person in found.people if not person.contact.email) == len(telephones)


def test_the_first_row_counts_and_with_update_each_over_the_one_before() -> None:
    rows = [
        ContactRow(email="ann@example.org", first_name="Ann", tags=("a",)),
        ContactRow(email="Ann@Example.org", first_name="Anna", last_name="Example"),
        ContactRow(email="ann@example.org", first_name=""),
    ]
    [first] = sort_rows(rows, update=False, fault_of=fault_of).people
    assert (first.contact.first_name, first.contact.last_name) == ("Ann", None)
    [last] = sort_rows(rows, update=True, fault_of=fault_of).people
    assert (last.contact.first_name, last.contact.last_name, last.contact.tags) == ("Anna", "Example", ("a",))


def test_what_is_wrong_with_a_row_is_said() -> None:
    rows = [ContactRow(first_name="Nobody"), ContactRow(email="no address"), ContactRow(phone_number="1")]
    issues = sort_rows(rows, update=False, fault_of=fault_of).issues
    assert [(issue.row, issue.message) for issue in issues] == [
        (0, "email or phoneNumber is required"),
        (1, "no address is no e-mail address"),
    ]
