"""Removes each precondition, fence and check in turn; every mutant must be caught by a test.

Works on a copy of the project, so that the tree is never touched. Usage: mutants.py [word …] runs
the mutants whose claim holds a word; without words all of them. Exits with 1 if one survives.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich import print as show

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("src", "tests", "config", "pyproject.toml")
UNIT = ("tests/unit/ledger", "tests/unit/reconciler")
FAULTS = ("tests/faults",)
SECONDS = 600


@dataclass(frozen=True)
class Mutant:
    """One edit of one file under src; `claim` says what is lost by it."""

    claim: str
    file: str
    old: str
    new: str


STORE, GATE, RUNS = "ledger/store.py", "ledger/gate.py", "ledger/runs.py"
PUBLICATION, CATALOG = "ledger/publication.py", "ledger/catalog.py"
ARRIVALS, ORDER, CLAIMS = "ledger/arrivals.py", "ledger/order.py", "ledger/claims.py"
OPERATIONS, DRIVING = "ledger/operations.py", "reconciler/driving.py"
BRONZE, GOLD, BATCHES = "reconciler/bronze.py", "reconciler/gold.py", "reconciler/batches.py"

MUTANTS = (
    Mutant("create without If-None-Match", STORE, '{"IfNoneMatch": "*"}', "{}"),
    Mutant("replace without If-Match", STORE, '{"IfMatch": etag}', "{}"),
    Mutant(
        "own write behind a 412 is not recognised",
        STORE,
        "return self._stands(key, document)",
        "return None",
    ),
    Mutant(
        "any write behind a 412 is taken for the own",
        STORE,
        "if found is not None and found[0] == document else None",
        "if found is not None else None",
    ),
    Mutant(
        "own write behind a 5xx is not recognised",
        STORE,
        "if status >= 500 and (etag := self._stands(key, document)):",
        "if status > 999 and (etag := self._stands(key, document)):",
    ),
    Mutant(
        "own write without an answer is not recognised",
        STORE,
        "            except UNANSWERED:\n                if etag := self._stands(key, document):",
        "            except UNANSWERED:\n                if etag := None:",
    ),
    Mutant("409 is not tried again", STORE, "if status == 409 and", "if status == 999 and"),
    Mutant("AccessDenied is a missing document", STORE, '== "NoSuchKey"', '!= ""'),
    Mutant(
        "an older version overrides a newer one",
        ARRIVALS,
        "if current is not None and not supersedes(item, current):",
        "if False:",
    ),
    Mutant("a duplicate is a change", ARRIVALS, "if short in known:", "if False:"),
    Mutant(
        "generation stands still", ARRIVALS, "generation=index.generation + 1)", "generation=1)"
    ),
    Mutant("sequencers are padded on the left", ORDER, "ljust", "rjust"),
    Mutant(
        "a listed version always wins",
        ORDER,
        "return short_version(current.version_id) in candidate.after",
        "return True",
    ),
    Mutant(
        "a listed version always loses to an event",
        ORDER,
        "return short_version(candidate.version_id) not in current.after",
        "return True",
    ),
    Mutant("illegal transitions pass", CLAIMS, "(old.state, new.state) not in EDGES", "False"),
    Mutant("attempts go back", CLAIMS, "or new.attempt < old.attempt", ""),
    Mutant("every claim is stale", CLAIMS, ".total_seconds() > stale_seconds", ".days >= 0"),
    Mutant(
        "attempts never end", CLAIMS, "if claim.attempt >= claim.attempts_allowed:", "if False:"
    ),
    Mutant(
        "a claim in other hands is taken",
        CLAIMS,
        'if stored is None or stored.record.state != "pending":',
        "if stored is None:",
    ),
    Mutant(
        "a claim is taken over without its ETag",
        CLAIMS,
        "store.put(keys.claim(old.batch, old.revision), new, stored.etag)",
        "(store.s3.put_object(Bucket=store.bucket, Key=keys.claim(old.batch, old.revision), "
        "Body=__import__('json').dumps(codec.encode(new)))['ETag'])",
    ),
    Mutant("a manifest is not waited for", GATE, "if stem not in index.files\n", "if False\n"),
    Mutant("a dataset is not waited for", GATE, "if name not in present)", "if False)"),
    Mutant(
        "a revision is blind to versions", GATE, "{item.stem} {item.bronze_version}", "{item.stem}"
    ),
    Mutant(
        "who lost the claim starts all the same",
        GATE,
        "stored = claims.acquire(store, claim)",
        "from ledger.store import Stored\n"
        "    stored = claims.acquire(store, claim) or Stored(claim, '')",
    ),
    Mutant(
        "a refused start keeps its claim",
        RUNS,
        "claims.change(store, stored, claims.released(claim))",
        "pass",
    ),
    Mutant(
        "a lost answer is not looked up",
        RUNS,
        "    except UNANSWERED:\n        run_id = _recorded_by_glue(glue, job_name, claim)",
        "    except UNANSWERED:\n        run_id = None",
    ),
    Mutant(
        "an uncertain error is not looked up",
        RUNS,
        "if code in UNCERTAIN or (status >= 500 and code not in REFUSED):",
        "if False:",
    ),
    Mutant("any run is the lost one", RUNS, "== (revision, str(attempt))", "is not None"),
    Mutant(
        "an older attempt's run stays recorded",
        RUNS,
        "if stored.record.attempt >= claim.attempt or",
        "if True or",
    ),
    Mutant(
        "StartJobRun is retried by the SDK",
        "ledger/clients.py",
        '"total_max_attempts": 1}',
        '"total_max_attempts": 3}',
    ),
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
        "a stale claim is taken over without asking Glue",
        DRIVING,
        "if self.glue_runs.refresh().of(claim.revision, claim.attempt):",
        "if False:",
    ),
    Mutant(
        "a fresh claim is taken over",
        DRIVING,
        "if not claims.is_stale(claim, now, self.contract.gate.claim_stale_seconds):",
        "if False:",
    ),
    Mutant(
        "a live run is followed by another",
        DRIVING,
        'if any(item["JobRunState"] in runs.LIVE for item in attempts):',
        "if False:",
    ),
    Mutant(
        "the fence's winner is not asked about",
        DRIVING,
        "if fence is not None:",
        "if False:",
    ),
    Mutant(
        "a run that Glue does not list yet is given up",
        DRIVING,
        "if age <= self.contract.gate.claim_stale_seconds:",
        "if False:",
    ),
    Mutant(
        "a revision that is wanted again is forgotten",
        DRIVING,
        "if pointer is not None and claim.order <= pointer.high_water:",
        "if False:",
    ),
    Mutant(
        "a full Glue is asked again and again",
        DRIVING,
        'self.full = outcome.state == "pending"',
        "self.full = False",
    ),
    Mutant(
        "a replay is taken for settled",
        DRIVING,
        "return claim is None or claim.order <= published.high_water",
        "return True",
    ),
    Mutant(
        "a rollback is undone",
        DRIVING,
        "return decision.order <= published.high_water",
        "return False",
    ),
    Mutant("the published run is deleted", GOLD, "pointer.prefix == prefix", "False"),
    Mutant("a live run is deleted", GOLD, "run_id in live or", ""),
    Mutant("the grace is ignored", GOLD, "<= self.grace:", "<= timedelta(0):"),
    Mutant("nothing is ever deleted", GOLD, "            self._delete(items)\n", ""),
    Mutant(
        "the time of supersession is ignored",
        GOLD,
        "return max([*ends, *(item",
        "return max([*(item",
    ),
    Mutant(
        "a newer version overtakes one that could not be judged",
        BRONZE,
        "blocked.add(ref.key)",
        "pass",
    ),
    Mutant("the newest version is judged first", BRONZE, "reversed(list(items))", "list(items)"),
    Mutant(
        "a group with trouble counts as done",
        BRONZE,
        "if self.trouble.count == faults:",
        "if True:",
    ),
    Mutant(
        "refused versions are judged again in every call",
        BRONZE,
        "return keys.short_version(ref.version_id) in self._refusals",
        "return None in self._refusals",
    ),
    Mutant(
        "an interrupted flip stays", BATCHES, "catalog.flip(self.store, self.table, batch)", "pass"
    ),
    Mutant("a force is not read", BATCHES, "if force is not None:", "if False:"),
    Mutant(
        "a batch at rest is never looked at again",
        BATCHES,
        "and now - codec.moment(known[1]) < LOOK_AGAIN",
        "",
    ),
    Mutant("a batch at rest is at rest whatever arrives", BATCHES, "and known[0] == seen", ""),
    Mutant(
        "trouble is swallowed",
        "reconciler/reconcile.py",
        "trouble.raise_any()",
        "pass",
    ),
    Mutant(
        "no deadline", "reconciler/standing.py", "if age > self.deadline_minutes * 60:", "if False:"
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
        "ledger/redrive.py",
        'if done.get("FunctionError"):',
        "if False:",
    ),
)


def survives(mutant: Mutant) -> bool:
    """Whether all tests pass on a copy with the edit in it; ValueError if it does not fit."""
    source = (ROOT / "src" / mutant.file).read_text()
    if mutant.old not in source:
        raise ValueError(f"{mutant.file} has no {mutant.old!r}")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(
                    ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(ROOT / name, copy / name)
        (copy / "src" / mutant.file).write_text(source.replace(mutant.old, mutant.new))
        return all(_passes(copy, stage) for stage in _stages(mutant))


def _stages(mutant: Mutant) -> Iterator[tuple[str, ...]]:
    """The nearest tests first: a mutant that they catch needs no more."""
    package, _, name = mutant.file.partition("/")
    nearest = f"tests/unit/{package}/test_{name}"
    if (ROOT / nearest).exists():
        yield (nearest,)
    yield from (UNIT, FAULTS)


def _passes(copy: Path, tests: tuple[str, ...]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": f"{copy / 'src'}:{copy}", "SEED": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main(
    words: Annotated[list[str] | None, typer.Argument()] = None,
    jobs: int = 2,
    trust_nothing: bool = True,
) -> None:
    """Run the mutants, so many at a time, after the tests have passed without any."""
    chosen = [item for item in MUTANTS if not words or any(word in item.claim for word in words)]
    if trust_nothing and not survives(Mutant("nothing", STORE, "", "")):
        show("the tests fail without any mutant")
        raise typer.Exit(code=2)
    begun, survivors = time.monotonic(), []
    with ThreadPoolExecutor(jobs) as pool:
        asked = {pool.submit(survives, mutant): mutant for mutant in chosen}
        for done in as_completed(asked):
            mutant, alive = asked[done], done.result()
            show(f"{'[red]SURVIVED[/red]' if alive else 'caught  '} {mutant.file}: {mutant.claim}")
            if alive:
                survivors.append(mutant)
    caught = len(chosen) - len(survivors)
    show(f"caught {caught} of {len(chosen)} mutants in {time.monotonic() - begun:.0f} s")
    raise typer.Exit(code=1 if survivors else 0)


if __name__ == "__main__":
    typer.run(main)
