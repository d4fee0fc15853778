"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no fault of the code: budgets of time are for benchmarks.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
