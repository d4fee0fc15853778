"""Mutants of the reconciler: driving, bronze, gold, batches."""

from __future__ import annotations

from scripts.mutating.mutant import Mutant

DRIVING = "lakegate/reconcile/driving.py"
BRONZE = "lakegate/reconcile/bronze.py"
GOLD = "lakegate/reconcile/gold.py"
BATCHES = "lakegate/reconcile/batches.py"

MUTANTS = (
    Mutant(
        "a revision that is wanted again is forgotten",
        DRIVING,
        "if pointer is not None and claim.order <= pointer.high_water:",
        "if False:",
    ),
    Mutant(
        "a full engine is asked again and again",
        DRIVING,
        'if state == "pending":',
        "if False:",
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
    Mutant("the published run is deleted", GOLD, "pointer.tables.get(table) == prefix", "False"),
    Mutant("a live run is deleted", GOLD, "run_id in live or", ""),
    Mutant("the grace is ignored", GOLD, "<= max(self.grace, UNLISTED):", "<= timedelta(0):"),
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
        "what takes longer than a call keeps the others waiting",
        BRONZE,
        "if budget.spent() and self.trouble.count == faults:",
        "if budget.spent():",
    ),
    Mutant(
        "the reconciler reads on when its time is over",
        "lakegate/reconcile/reconciler.py",
        "replace(self.validator, spent=budget.spent)",
        "self.validator",
    ),
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
        "an interrupted flip stays",
        BATCHES,
        "catalog.flip(self.store, self.catalog, batch)",
        "pass",
    ),
    Mutant("a force is not read", BATCHES, "if force is not None:", "if False:"),
    Mutant(
        "a batch at rest is never looked at again",
        BATCHES,
        "and now - codec.moment(known[1]) < LOOK_AGAIN",
        "",
    ),
    Mutant(
        "a claim that changed is not looked at",
        BATCHES,
        'decisive += sorted(key for key in etags if key.endswith("/claim.json"))',
        "pass",
    ),
    Mutant(
        "what was deleted for good is newer than what stands",
        BRONZE,
        "older = (gone[key],) if key in gone else ()",
        "older = ()",
    ),
    Mutant(
        "what came after the listing is taken for gone",
        BRONZE,
        "            and item.version_id not in self._versions_of(item.key)\n",
        "",
    ),
    Mutant("a batch at rest is at rest whatever arrives", BATCHES, "and known[0] == seen", ""),
    Mutant(
        "trouble is swallowed",
        "lakegate/reconcile/reconciler.py",
        "trouble.raise_any()",
        "pass",
    ),
    Mutant(
        "no deadline",
        "lakegate/reconcile/standing.py",
        "if age > self.deadline_minutes * 60:",
        "if False:",
    ),
)
