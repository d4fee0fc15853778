"""Mutants of what ends a run, and of what operators do: fence, pointer, partition, redrive."""

from __future__ import annotations

from scripts.mutating.mutant import Mutant

PUBLICATION = "lakegate/ledger/publication.py"
CATALOG = "lakegate/ledger/catalog.py"
OPERATIONS = "lakegate/ledger/operations.py"

MUTANTS = (
    Mutant(
        "the fence is open",
        PUBLICATION,
        "return holder is not None and holder.record.run_id == run_id",
        "return True",
    ),
    Mutant(
        "the fence shuts out its own run",
        PUBLICATION,
        "return holder is not None and holder.record.run_id == run_id",
        "return False",
    ),
    Mutant(
        "a replaced attempt passes the fence",
        PUBLICATION,
        "claim.record.attempt != attempt",
        "False",
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
        "        _point(table, batch, wanted)\n",
        "        _point(table, batch, wanted)\n        return wanted\n",
    ),
    Mutant("a refused partition update passes", CATALOG, 'if answer.get("Errors"):', "if False:"),
    Mutant(
        "a partition is never updated",
        CATALOG,
        '!= "AlreadyExistsException":\n            raise',
        '!= "AlreadyExistsException":\n            raise\n        return',
    ),
    Mutant(
        "a rollback rules nothing out",
        OPERATIONS,
        "move, index.record.generation)",
        "move, 0)",
    ),
    Mutant(
        "a rollback to what is being deleted",
        OPERATIONS,
        "if age > grace * SAFE_SHARE_OF_GRACE:",
        "if False:",
    ),
    Mutant(
        "a rollback to what is deleted", OPERATIONS, 'if not found.get("Contents"):', "if False:"
    ),
    Mutant(
        "a replay does not outrank the past",
        OPERATIONS,
        "stored.record, touched.generation,",
        "stored.record, stored.record.order,",
    ),
    Mutant(
        "a force does not outrank the past",
        OPERATIONS,
        "    arrivals.touch(store, batch)\n    key",
        "    key",
    ),
    Mutant(
        "a failed dead letter is deleted",
        "lakegate/aws/redrive.py",
        'if done.get("FunctionError"):',
        "if False:",
    ),
)
