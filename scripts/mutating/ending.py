"""Mutants of what ends a run: fence, pointer, partitions, redrive."""

from __future__ import annotations

from scripts.mutating.mutant import Mutant

PUBLICATION = "lakegate/ledger/publication.py"
CATALOG = "lakegate/ledger/catalog.py"

MUTANTS = (
    Mutant(
        "the fence is open",
        PUBLICATION,
        "return claim.record if holder is not None and holder.record.run_id == run_id else None",
        "return claim.record",
    ),
    Mutant(
        "the fence shuts out its own run",
        PUBLICATION,
        "return claim.record if holder is not None and holder.record.run_id == run_id else None",
        "return None",
    ),
    Mutant(
        "a replaced attempt passes the fence",
        PUBLICATION,
        "(claim.record.attempt, claim.record.engine) != (attempt, engine)",
        "claim.record.engine != engine",
    ),
    Mutant(
        "a run of another engine passes the fence",
        PUBLICATION,
        "(claim.record.attempt, claim.record.engine) != (attempt, engine)",
        "claim.record.attempt != attempt",
    ),
    Mutant("publications go backwards", PUBLICATION, "claim.order > current.high_water", "True"),
    Mutant(
        "a revision is published twice",
        PUBLICATION,
        "claim.order > current.high_water",
        "claim.order >= current.high_water",
    ),
    Mutant(
        "the high water falls",
        PUBLICATION,
        "max(high_water, current.high_water)",
        "high_water",
    ),
    Mutant(
        "the pointer moves without compare-and-swap",
        PUBLICATION,
        "if store.put(keys.published(claim.batch), pointer, etag) is not None:",
        "if store.s3.put_object(Bucket=store.bucket, Key=keys.published(claim.batch), "
        "Body=__import__('json').dumps(codec.encode(pointer))):",
    ),
    Mutant(
        "the pointer is not read again after the flip",
        CATALOG,
        'if moves <= {"stands"}:',
        'if moves <= {"stands", "moved"}:',
    ),
    Mutant(
        "a refused partition update passes",
        CATALOG,
        'if detail.get("ErrorCode") not in BUSY | {"EntityNotFoundException"}:',
        "if False:",
    ),
    Mutant("a busy catalog is trouble", CATALOG, "if _code(error) not in BUSY:", "if True:"),
    Mutant(
        "one table is flipped",
        CATALOG,
        "for table, place in wanted.items()}",
        "for table, place in list(wanted.items())[:1]}",
    ),
    Mutant(
        "a table that was not published keeps another revision",
        CATALOG,
        "ever = set(pointer.tables).union(*(move.tables for move in pointer.history))",
        "ever = set(pointer.tables)",
    ),
    Mutant(
        "a partition is never updated", CATALOG, "_update(catalog, table, batch, wanted)", "pass"
    ),
    Mutant(
        "a failed dead letter is deleted",
        "lakegate/aws/redrive.py",
        'if done.get("FunctionError"):',
        "if False:",
    ),
)
