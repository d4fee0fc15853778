"""What the proof of the roles counts: a JSON line a role, in build/iam.jsonl."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from scripts.documents.roles import PROOF


@dataclass(frozen=True)
class Figures:
    """Statements taken away, how many the flow missed; actions and resources, how many it used."""

    role: str
    statements: int
    caught: int
    grants: int
    used: int
    seconds: int

    def tell(self) -> None:
        """To the terminal, and for the page."""
        line = json.dumps(asdict(self))
        print(line)  # noqa: T201
        PROOF.parent.mkdir(exist_ok=True)
        with PROOF.open("a") as file:
            file.write(line + "\n")
