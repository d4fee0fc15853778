"""One call of the reconciler: bronze against the ledger, then every batch that is not at rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lakegate.aws.metrics import Metrics
from lakegate.files.convert.silver import abort_orphans
from lakegate.files.validate import Validator
from lakegate.ledger.catalog import Catalog
from lakegate.ledger.engines.function import Failure
from lakegate.ledger.gate import Gate
from lakegate.reconcile import state
from lakegate.reconcile.batches import Batches
from lakegate.reconcile.bronze import Bronze
from lakegate.reconcile.budget import Budget
from lakegate.reconcile.driving import Driver
from lakegate.reconcile.gold import Gold
from lakegate.reconcile.standing import Tally
from lakegate.reconcile.state import State
from lakegate.reconcile.trouble import Trouble


@dataclass(frozen=True)
class Reconciler:
    """Everything that the passes need."""

    validator: Validator
    gate: Gate
    catalog: Catalog
    clock: Callable[[], datetime]
    metrics: Metrics

    def run(
        self, budget: Budget, *, look_at_bronze: bool = True, failure: Failure | None = None
    ) -> dict[str, int]:
        """Do as much as the budget allows; raises an ExceptionGroup of the trouble there was."""
        store, trouble, orphans = self.validator.store, Trouble(), 0
        memory = state.load(store)
        self.gate.refresh()
        tally = Tally(self.validator.contract.gate.deadline_minutes)
        validator = replace(self.validator, spent=budget.spent)
        bronze = Bronze(store.s3, validator, memory.record, trouble, self.clock())
        with trouble.caught("bronze"):
            if look_at_bronze:
                bronze.sweep(budget.part(0.5))
        with trouble.caught("orphans"):
            lake = self.validator.lake
            orphans = abort_orphans(lake.s3, lake.silver, self.clock())
        driver = Driver(self.gate, self.clock, failure)
        batches = self._batches(memory.record, driver, trouble, tally)
        with trouble.caught("batches"):
            batches.sweep(budget)
        tally.escalated(driver.escalated)
        self.metrics.emit(tally.metrics, self.clock())
        with trouble.caught("state"):
            # Losing this race means that another call knows as much.
            store.put(state.KEY, memory.record, memory.etag or None)
        trouble.raise_any()
        return {
            "repaired": bronze.processed,
            "orphans": orphans,
            "settled": len(memory.record.settled),
        }

    def _batches(self, memory: State, driver: Driver, trouble: Trouble, tally: Tally) -> Batches:
        contract, store = self.validator.contract, self.validator.store
        grace = timedelta(hours=contract.gold.grace_hours)
        return Batches(
            contract=contract,
            store=store,
            driver=driver,
            catalog=self.catalog,
            gold=Gold(store.s3, store, self.catalog.gold_bucket, self.catalog.tables, grace),
            state=memory,
            trouble=trouble,
            tally=tally,
        )
