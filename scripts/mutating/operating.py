"""Mutants of what operators do: rollback, replay, force."""

from __future__ import annotations

from scripts.mutating.mutant import Mutant

ROLLING = "lakegate/ledger/operations/rolling.py"
REPLAYING = "lakegate/ledger/operations/replaying.py"
FORCING = "lakegate/ledger/operations/forcing.py"

MUTANTS = (
    Mutant("a rollback rules nothing out", ROLLING, "move, index.record.generation)", "move, 0)"),
    Mutant(
        "a repeated rollback goes further back",
        ROLLING,
        "if _is_done(current, to, away_from):",
        "if False:",
    ),
    Mutant(
        "a rollback takes away whatever readers see by now",
        ROLLING,
        "if current.run_id != away_from:",
        "if False:",
    ),
    Mutant(
        "a rollback to what is being deleted",
        ROLLING,
        "if age > grace * SAFE_SHARE_OF_GRACE:",
        "if False:",
    ),
    Mutant("a rollback to what is deleted", ROLLING, 'if not found.get("Contents"):', "if False:"),
    Mutant(
        "an interrupted rollback is not finished",
        ROLLING,
        "            catalog.flip(store, known, batch)\n            return RolledBack(current",
        "            return RolledBack(current",
    ),
    Mutant(
        "a replay does not outrank the past",
        REPLAYING,
        "claim, touched.generation,",
        "claim, claim.order,",
    ),
    Mutant(
        "a replay is asked for twice",
        REPLAYING,
        "if _under_way(store, claim, engine) or _was_replayed(claim, of):",
        "if False:",
    ),
    Mutant(
        "a replay of another attempt than the present one",
        REPLAYING,
        "if of is not None and claim.attempt != of:",
        "if False:",
    ),
    Mutant(
        "a force does not outrank the past",
        FORCING,
        "    arrivals.touch(store, batch)\n",
        "",
    ),
    Mutant(
        "a complete batch is forced",
        FORCING,
        "if gate.decide(required, stored.record).complete:",
        "if False:",
    ),
    Mutant(
        "an order undoes a rollback",
        FORCING,
        "        _require_not_rolled_back(store, batch, decision)\n        return",
        "        arrivals.touch(store, batch)\n        return",
    ),
)
