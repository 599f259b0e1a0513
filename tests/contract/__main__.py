"""``python -m tests.contract``: is docs/openapi.json what is served? ``--write`` brings it up to date.

What breaks clients is not written unless ``--breaking`` says that it is meant.
"""

import asyncio
import sys

from tests.contract.breaking import breaking_changes
from tests.contract.document import RELEASED, as_released, released_document, served_document


def main(arguments: list[str]) -> None:
    now = asyncio.run(served_document())
    breaking = breaking_changes(released_document(), now) if RELEASED.exists() else []
    text = as_released(now)
    if breaking and "--breaking" not in arguments:
        sys.exit("\n  ".join(["These break clients of the released API:", *breaking]))
    if "--write" in arguments:
        RELEASED.write_text(text, encoding="utf-8")
    elif text != RELEASED.read_text(encoding="utf-8"):
        sys.exit("docs/openapi.json is not what is served: make openapi")


if __name__ == "__main__":
    main(sys.argv[1:])
