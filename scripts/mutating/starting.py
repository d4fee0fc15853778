"""Mutants of what records arrivals and claims revisions: storage, index, order, gate, claims."""

from __future__ import annotations

from scripts.mutating.mutant import Mutant

STORE = "lakegate/aws/store.py"
GATE = "lakegate/ledger/gate.py"
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
        "if not all(supersedes(item, one) for one in earlier):",
        "if False:",
    ),
    Mutant("a duplicate is a change", ARRIVALS, "if short in known and", "if False and"),
    Mutant(
        "a second name of a file takes its place",
        ARRIVALS,
        "if stem != MANIFEST and holder(index, stem) not in {None, item.key}:",
        "if False:",
    ),
    Mutant(
        "what was passed over for a version that is gone stays so",
        ARRIVALS,
        " and (current is None or not found_above(item, current)):",
        ":",
    ),
    Mutant("rivals do not pause", ARRIVALS, "        store.pause(turn)\n    raise", "    raise"),
    Mutant("two events alike have no order", ORDER, "_tie(candidate) > _tie(current)", "True"),
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
        "stored = claims.acquire(self.store, claim)",
        "stored = claims.acquire(self.store, claim) or Stored(claim, '')",
    ),
    Mutant("an engine that is not there is claimed", GATE, "        self.starter(chosen[0])\n", ""),
)
