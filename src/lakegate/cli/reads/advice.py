"""What a person can do about a batch, most useful first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lakegate.cli.reads import rejected
from lakegate.ledger import keys
from lakegate.ledger.arrivals import with_landed
from lakegate.ledger.gate import decide

if TYPE_CHECKING:
    from lakegate.cli.reads.facts import Facts
    from lakegate.cli.reads.state import Status
    from lakegate.contract import Contract


def advice(facts: Facts, status: Status, contract: Contract) -> Iterator[str]:
    """Commands and acts for the state of a batch."""
    batch = status.batch
    fixed = set()
    for item in facts.rejections:
        if not rejected.is_settled(item, facts.index) and item.key not in fixed:
            fixed.add(item.key)
            key = item.key.replace("\n", "\\n")  # the line of a fix is ours
            yield f"{key}: {item.fix}"
    if facts.unjudged:
        yield "the reconciler judges what the validator missed; if it stays so: lakegate redrive"
    taken, missing = _landed(facts, status, contract)
    if taken:
        yield f"to count {', '.join(taken)}, which had landed before: lakegate replay {batch}"
    if status.state in ("waiting", "overdue") and missing:
        without = " ".join(f"--without {name}" for name in missing)
        yield "upload what is missing"
        yield f"or go on without it: lakegate force {batch} {without} --reason …"
    elif status.state in ("waiting", "overdue"):
        return
    elif status.state in ("complete", "queued", "starting", "publishing"):
        yield f"nothing: the reconciler carries it on; lakegate watch {batch}"
    elif status.state in ("running", "retrying"):
        yield f"nothing: wait, or lakegate logs {batch}"
    elif status.state == "failed":
        claim = facts.current.claim if facts.current else None
        if claim is not None and claim.is_refused:
            yield f"look at the rejected rows: lakegate rejected {batch}"
            yield f"or at the checks: lakegate report {batch} --revision {claim.revision}"
            yield "upload the corrected files"
            yield f"or change contract or SQL, deploy, then lakegate replay {batch}"
            return
        yield f"read lakegate logs {batch}, mend the cause, then lakegate replay {batch}"
    elif status.note.startswith("rolled back"):
        yield f"to publish the present files again: lakegate replay {batch}"


def landed(facts: Facts, contract: Contract) -> frozenset[str]:
    """Datasets of which there are files that do not count, and would with a replay."""
    if facts.index is None:
        return frozenset()
    _, taken = with_landed(facts.index, contract.makes_revisions)
    return frozenset(keys.file_of_stem(facts.index.batch, stem).dataset for stem in taken)


def _landed(
    facts: Facts, status: Status, contract: Contract
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Files that a replay would count from now on, and what would be missing even so."""
    if facts.index is None:
        return (), status.missing
    index, taken = with_landed(facts.index, contract.makes_revisions)
    return taken, decide(contract.gate.required, index, facts.force).missing
