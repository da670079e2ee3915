"""Made-up comments, as the benchmarks of the conversation send them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Text:
    """What somebody sends. `kind` says how it was made."""

    kind: str
    body: str
    name: str
    email: str = ""
    website: str = ""


def spun(chance: random.Random, text: str) -> str:
    """One of the texts that a spinner makes of this one, where `{one|another}` stands for either."""
    return _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), text)
