"""The explorer itself: it finds every end, and merging equal states loses none."""

from __future__ import annotations

from functools import partial

from lakegate.aws.store import Store
from tests.fakes.cloud import Call, Cloud
from tests.faults.orders.interleaving import Explored, schedules


def write(cloud: Cloud, name: str) -> None:
    """A read and a write that depends on it, without any condition."""
    s3 = cloud.client("s3")
    body = s3.get_object(Bucket="control", Key="shared")["Body"].read()
    s3.put_object(Bucket="control", Key="shared", Body=body + name.encode())


def ends(explored: Explored | None) -> tuple[set[bytes], int]:
    """What three writers can leave, and the number of orders that it took to find out."""
    cloud = Cloud()
    cloud.s3.buckets["control"] = {}
    cloud.s3.put("control", "shared", b"")
    found, orders = set(), 0
    everything = schedules(
        cloud,
        cloud.snapshot(),
        lambda: [partial(write, cloud, name) for name in "abc"],
        lambda call: call.request.key == "shared",
        explored,
    )
    for _ in everything:
        found.add(cloud.s3.contents("control")["shared"])
        orders += 1
    return found, orders


def test_equal_states_are_explored_once_and_no_end_is_lost() -> None:
    every, orders = ends(None)
    explored = Explored()
    merged, fewer = ends(explored)
    assert orders == 90  # 6! / (2! 2! 2!)
    assert merged == every
    assert {b"abc", b"c", b"ab", b"cba"} <= every
    assert fewer == explored.orders < orders / 2


def test_each_process_has_tokens_of_its_own_that_repeat_with_the_order() -> None:
    cloud = Cloud()
    cloud.s3.buckets["control"] = {}
    store = Store(cloud.client("s3"), "control")
    seen: list[set[str]] = []

    def process() -> None:
        from uuid import uuid4  # noqa: PLC0415 - as the pipeline does, at the time of the call

        seen[-1].add(str(uuid4()))
        store.get("k")

    def processes() -> list[partial[None]]:
        seen.append(set())
        return [partial(process), partial(process)]

    def matters(call: Call) -> bool:
        return call.request.key == "k"

    orders = list(schedules(cloud, cloud.snapshot(), processes, matters))
    assert orders == [(0, 1), (1, 0)]
    assert seen[0] == seen[1]
    assert len(seen[0]) == 2
