from slotkeeper.secrets import hash_password, password_is_right


def test_a_password_is_right_for_its_hash_and_no_other_is() -> None:
    hashed = hash_password("Löwenzahn")
    assert password_is_right("Löwenzahn", hashed)
    assert not password_is_right("löwenzahn", hashed)
    assert not password_is_right("", hashed)


def test_the_same_password_has_another_hash_each_time_and_the_hash_does_not_hold_it() -> None:
    first, second = hash_password("Löwenzahn"), hash_password("Löwenzahn")
    assert first != second
    assert first.startswith("$argon2id$")
    assert "Löwenzahn" not in first
