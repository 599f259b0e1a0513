from uuid import UUID

import pytest

from slotkeeper.secrets import (
    content_in,
    hash_password,
    id_in_secret,
    link_secret,
    password_is_right,
    secret_is_right,
    signature_is_right,
    signed,
)


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


KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ANN = UUID(int=7)


def test_a_secret_that_was_mailed_once_is_the_same_for_ever() -> None:
    mailed = "AAAAAAAAAAAAAAAAAAAABw.dTPW9BNXmoYvCLKSWZ_PvAiM"
    assert link_secret(KEY, "attendee", ANN) == mailed
    assert id_in_secret(mailed) == ANN
    assert secret_is_right(mailed, KEY, "attendee", ANN)
    assert not secret_is_right(mailed, KEY, "appointment", ANN)


@pytest.mark.parametrize("secret", ["", ".", "x", "AAAA.x", "!!!!", "ünknown", "AAAAAAAAAAAAAAAAAAAABw==", "\udce4"])
def test_what_is_no_secret_names_nobody(secret: str) -> None:
    assert id_in_secret(secret) in (None, ANN)


def test_a_signed_text_can_be_read_and_holds_for_one_key_and_one_purpose() -> None:
    text = signed(KEY, "connect", b'{"a": 1}')
    assert content_in(text) == b'{"a": 1}'
    assert signature_is_right(text, KEY, "connect")
    assert not signature_is_right(text, OTHER_KEY, "connect")
    assert not signature_is_right(text, KEY, "attendee")


@pytest.mark.parametrize("at", range(0, 35, 5))
def test_a_signed_text_that_was_changed_anywhere_does_not_hold(at: int) -> None:
    text = signed(KEY, "connect", b'{"a": 1}')
    changed = f"{text[:at]}{'A' if text[at] != 'A' else 'B'}{text[at + 1 :]}"
    assert changed == text or not signature_is_right(changed, KEY, "connect")
