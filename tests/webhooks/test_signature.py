import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from slotkeeper.webhooks.signature import new_secret, signature_headers

BODY = '{"name":"Grüße"}'.encode()


def test_a_signature_is_verified_by_the_public_library() -> None:
    secret = new_secret()
    headers = signature_headers(secret, message_id="msg_1", sent_at=datetime.now(UTC), body=BODY)
    assert Webhook(secret).verify(BODY, headers) == {"name": "Grüße"}


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        pytest.param({}, BODY + b" ", id="another body"),
        pytest.param({"webhook-id": "msg_2"}, BODY, id="another id"),
        pytest.param({"webhook-timestamp": str(int(datetime.now(UTC).timestamp()) + 9)}, BODY, id="another time"),
    ],
)
def test_id_time_and_body_are_all_signed(changed: dict[str, str], body: bytes) -> None:
    secret = new_secret()
    headers = signature_headers(secret, message_id="msg_1", sent_at=datetime.now(UTC), body=BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, {**headers, **changed})


def test_the_signed_time_is_the_instant_whatever_its_zone() -> None:
    sent_at = datetime(2026, 3, 10, 14, 0, 0, 999_000, tzinfo=UTC)
    secret = new_secret()
    utc = signature_headers(secret, message_id="msg_1", sent_at=sent_at, body=BODY)
    tokyo = sent_at.astimezone(timezone(timedelta(hours=9)))
    assert signature_headers(secret, message_id="msg_1", sent_at=tokyo, body=BODY) == utc
    assert utc["webhook-timestamp"] == "1773151200"


def test_secrets_are_new_each_time_and_have_the_length_that_the_standard_asks_for() -> None:
    secrets = {new_secret() for _ in range(20)}
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}
    assert len(secrets) == 20
