"""Mutants of what records arrivals and starts runs: storage, index, gate, claims, runs."""

from __future__ import annotations

from scripts.mutating.mutant import Mutant

STORE = "lakegate/aws/store.py"
GATE = "lakegate/ledger/gate.py"
RUNS = "lakegate/ledger/runs.py"
ARRIVALS = "lakegate/ledger/arrivals.py"
ORDER = "lakegate/ledger/order.py"
CLAIMS = "lakegate/ledger/claims.py"

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
        "lakegate/aws/clients.py",
        '"total_max_attempts": 1}',
        '"total_max_attempts": 3}',
    ),
)
