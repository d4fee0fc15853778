"""The state machine of a claim: its edges, and nothing but its edges."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import get_args

import pytest

from lakegate.aws.errors import IllegalTransitionError
from lakegate.ledger import claims, keys
from lakegate.ledger.records import Claim, ClaimState, Ended
from tests.faults.world import World

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLAIM = Claim("a", "r1", 4, (), 1, 3, "starting", "me", "2026-11-22T12:00:00.000000Z", "")
ENDED = Ended(1, "jr_1", "FAILED", "2026-11-22T12:10:00.000000Z")
LEGAL = {
    ("starting", "starting"),
    ("starting", "pending"),
    ("starting", "exhausted"),
    ("pending", "starting"),
    ("pending", "pending"),
    ("exhausted", "starting"),
    ("exhausted", "pending"),
}


@pytest.mark.parametrize(("old", "new"), list(product(get_args(ClaimState), repeat=2)))
def test_only_the_edges_of_the_picture_exist(old: ClaimState, new: ClaimState) -> None:
    store = World().store()
    claim = replace(CLAIM, state=old)
    store.create(keys.claim("a", "r1"), claim)
    stored = claims.read(store, "a", "r1")
    assert stored is not None
    if (old, new) in LEGAL:
        assert claims.change(store, stored, replace(claim, state=new, owner="other")) is not None
    else:
        with pytest.raises(IllegalTransitionError):
            claims.change(store, stored, replace(claim, state=new))


def test_attempts_never_go_back() -> None:
    store = World().store()
    store.create(keys.claim("a", "r1"), replace(CLAIM, attempt=2))
    stored = claims.read(store, "a", "r1")
    assert stored is not None
    with pytest.raises(IllegalTransitionError):
        claims.change(store, stored, CLAIM)


def test_of_two_takers_over_one_wins() -> None:
    store = World().store()
    store.create(keys.claim("a", "r1"), CLAIM)
    stored = claims.read(store, "a", "r1")
    assert stored is not None
    one, other = (claims.taken_over(CLAIM, owner, NOW) for owner in ("one", "other"))
    assert claims.change(store, stored, one) is not None
    assert claims.change(store, stored, other) is None


def test_only_the_owner_of_equal_claims_has_won() -> None:
    store = World().store()
    assert claims.acquire(store, CLAIM) is not None
    assert claims.acquire(store, replace(CLAIM, owner="other")) is None


def test_of_two_hundred_claimers_at_once_one_wins() -> None:
    store, mine = World().store(), [replace(CLAIM, owner=f"owner-{n}") for n in range(200)]
    with ThreadPoolExecutor(32) as pool:
        held = list(pool.map(partial(claims.acquire, store), mine))
    (won,) = [stored.record.owner for stored in held if stored is not None]
    stands = claims.read(store, "a", "r1")
    assert stands is not None
    assert stands.record.owner == won


@pytest.mark.parametrize(("seconds", "stale"), [(0, False), (180, False), (181, True)])
def test_a_claim_is_stale_after_the_time_that_no_owner_lives(seconds: int, stale: bool) -> None:
    assert claims.is_stale(CLAIM, NOW + timedelta(seconds=seconds), 180) is stale


def test_attempts_are_counted_up_to_the_last_and_then_exhausted() -> None:
    claim = CLAIM
    for attempt in (2, 3):
        claim = claims.next_attempt(claim, ENDED, "other", NOW)
        assert (claim.state, claim.attempt, claim.owner) == ("starting", attempt, "other")
    claim = claims.next_attempt(claim, ENDED, "other", NOW)
    assert (claim.state, claim.attempt) == ("exhausted", 3)
    assert claim.ended == (ENDED, ENDED, ENDED)


def test_reopening_gives_fresh_attempts_and_the_new_order() -> None:
    claim = claims.reopened(replace(CLAIM, attempt=3, state="exhausted"), 9, 3, "me", NOW, None)
    assert (claim.order, claim.attempt, claim.attempts_allowed) == (9, 4, 6)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (CLAIM, "exhausted"),
        (replace(CLAIM, owner="other"), "exhausted"),  # its place was taken, its run was not
        (replace(CLAIM, attempt=2), "starting"),
        (replace(CLAIM, attempt=2, state="pending"), "pending"),  # replayed meanwhile
        (replace(CLAIM, state="exhausted", ended=(ENDED,)), "exhausted"),
    ],
)
def test_a_run_that_refuses_the_data_ends_its_own_attempt_and_no_other(
    now: Claim, state: ClaimState
) -> None:
    store = World().store()
    store.create(keys.claim("a", "r1"), now)
    ended = replace(ENDED, reason="refused", error="CheckError: no")
    claims.refuse(store, CLAIM, ended)
    stored = claims.read(store, "a", "r1")
    assert stored is not None
    ends = now.attempt == 1 and now.state == "starting"
    assert stored.record == (replace(now, state=state, ended=(ended,)) if ends else now)


def test_a_claim_is_refused_until_its_next_attempt() -> None:
    judged = claims.next_attempt(CLAIM, replace(ENDED, reason="refused"), "me", NOW)
    assert (judged.state, judged.is_refused) == ("exhausted", True)
    again = claims.reopened(judged, 5, 3, "me", NOW, None)
    assert not again.is_refused
    assert not claims.next_attempt(again, replace(ENDED, attempt=2), "me", NOW).is_refused
