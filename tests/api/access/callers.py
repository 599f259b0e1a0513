"""The kinds of caller, and what each kind of route answers them."""

from collections.abc import Mapping

import msgspec

CALLERS = (
    "nobody",
    "attendee",
    "other attendee",
    "host",
    "other host",
    "admin",
    "other company",
    "expired token",
    "revoked token",
    "token of another group",
    "key without user",
)
"""An attendee has no credential but the secret of a link: where the path takes one it is in the path, and elsewhere it
is tried as a token. Everybody else puts a forged one into such a path."""

Answers = Mapping[str, int]
"""By caller: a status, or 2 for any success."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What a route answers, and how it is asked. Names in angle brackets stand for ids of the world."""

    answers: Answers
    body: object = None
    query: str = ""
    groups: tuple[str, ...] = ()
    """What a token must reach, one of them; none: no token is asked for."""
    anew: bool = True
    """Whether each request that changes something needs a thing of its own."""


def table(*answers: int) -> Answers:
    return dict(zip(CALLERS, answers, strict=True))


def to_users(host: int, other_host: int, admin: int, other_company: int, key_alone: int = 400) -> Answers:
    """Of a route that asks for a token."""
    return table(401, 401, 401, host, other_host, admin, other_company, 401, 401, 403, key_alone)


# nobody, attendee, other attendee, host, other host, admin, other company, expired, revoked, another group, key alone
OPEN = table(2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2)
BY_SECRET = table(404, 2, 2, 404, 404, 404, 404, 404, 404, 404, 404)
"""Each attendee reaches what their own secret opens."""
BY_SECRET_TYPES_NOTHING = {**BY_SECRET, "attendee": 400, "other attendee": 400}
ONLY_THE_ATTENDEE = table(404, 2, 404, 404, 404, 404, 404, 404, 404, 404, 404)
"""What the path names beside the secret belongs to one attendee."""
NOT_THE_ATTENDEES_TURN = {**ONLY_THE_ATTENDEE, "attendee": 409}
LED_BACK = table(404, 303, 303, 404, 404, 404, 404, 404, 404, 404, 404)
"""The same, from a form to the page that shows what became of it."""
NOTHING_WAITS_FOR_THEM = table(404, 409, 409, 404, 404, 404, 404, 404, 404, 404, 404)
"""The same, of what the attendee need not confirm."""
HOLDS_THE_LINK = OPEN
"""Whoever has the link that somebody was given."""
IS_SENT_ON = table(*[302] * len(CALLERS))
TYPES_NOTHING = table(*[400] * len(CALLERS))
"""Whoever opens the page reaches the form, and this one is not filled in."""

OWN = to_users(2, 2, 2, 2)
"""About the caller or the caller's company, whoever that is."""
OWN_OR_THE_OWNERS = to_users(2, 2, 2, 2, key_alone=2)
"""The same; a key alone acts as the company's owner."""
THE_HOSTS = to_users(2, 404, 2, 404)
"""For others it does not exist."""
THE_HOSTS_TO_CHANGE = to_users(2, 403, 2, 404)
"""Colleagues are told that they may not."""
NOT_THE_HOSTS_TURN = to_users(409, 403, 409, 404)
"""Colleagues are told that they may not, and hosts that it is the attendee's to do."""
THE_COMPANYS_IN_A_BODY = to_users(2, 2, 2, 400)
"""An id in a body that is another company's is a wrong member of it."""
THE_COMPANYS = to_users(2, 2, 2, 404)
THE_ADMINS = to_users(403, 403, 2, 404)
FOR_ADMINS = to_users(403, 403, 2, 2)
FOR_KEYS = to_users(403, 403, 403, 403)
"""For platform keys that act as an admin; a personal token never may."""
