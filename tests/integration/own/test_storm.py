"""A storm: duplicates, any order, drops, and a restart where state is kept; nothing is lost.

STORM_BATCHES=50 is the whole storm (500 files). STORM_JOB=quick plays the job without Spark, which
is what makes 50 runs bearable on two cores; the rest of the pipeline is as deployed.
"""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

from lakegate.ledger import gate, keys
from lakegate.ledger.arrivals import load
from tests.faults.world import body, pipeline
from tests.integration.job_script import QUICK
from tests.integration.own_stack import OwnStack, event

BATCHES = int(os.environ.get("STORM_BATCHES", "2"))
JOB = os.environ.get("STORM_JOB", "quick")
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(2**32)))
PARTS = 7
DROPPED = 0.1
PATIENCE_SECONDS = 300 + BATCHES * (24 if JOB == "quick" else 90)


def files_of(number: int) -> dict[str, bytes]:
    """Ten files of a batch, the manifest first."""
    parts = {f"events-{part:04d}.json": body("events", part) for part in range(1, PARTS + 1)}
    data = {"users.json": body("users"), "orders.json": body("orders", number), **parts}
    names = ", ".join(f'"{name}"' for name in data)
    return {"_manifest.json": f'{{"version": 1, "files": [{names}]}}'.encode(), **data}


def upload(world: OwnStack) -> tuple[list[bytes], list[bytes]]:
    """All files into bronze; the notifications of manifests and of data that S3 would send."""
    s3, bucket = world.client("s3"), world.outputs["bronze_bucket"]
    manifests: list[bytes] = []
    data: list[bytes] = []
    for number in range(BATCHES):
        for place, (name, content) in enumerate(files_of(number).items()):
            key = f"storm-{number:02d}/{name}"
            version = s3.put_object(Bucket=bucket, Key=key, Body=content)
            notification = event(bucket, key, version, number * 100 + place)
            (manifests if name == "_manifest.json" else data).append(notification)
    return manifests, data


def deliver(world: OwnStack, notifications: list[bytes]) -> None:
    """Hand notifications to the validator as S3 does: asynchronously, several at a time."""
    functions, name = world.client("lambda"), world.outputs["validator_function"]

    def send(payload: bytes) -> None:
        functions.invoke(FunctionName=name, InvocationType="Event", Payload=payload)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, notifications))


def use_quick_job(world: OwnStack) -> None:
    """Put the stand-in where the job's script lies."""
    job = world.client("glue").get_job(JobName=world.outputs["glue_job"])["Job"]
    bucket, _, key = job["Command"]["ScriptLocation"].removeprefix("s3://").partition("/")
    world.client("s3").put_object(Bucket=bucket, Key=key, Body=QUICK.read_bytes())


def wait_for_manifests(world: OwnStack, names: list[str]) -> None:
    """A batch whose manifest comes late is run once more for each part before it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting = list(names)
    while waiting:
        assert time.monotonic() < deadline, waiting
        stored = load(world.store(), waiting[0])
        if stored is not None and stored.record.manifest is not None:
            waiting.pop(0)
        else:
            time.sleep(0.2)


def is_published(world: OwnStack, batch: str) -> bool:
    index, pointer = load(world.store(), batch), world.published(batch)
    if index is None or pointer is None:
        return False
    decision = gate.decide(pipeline().gate.required, index.record)
    return decision.complete and decision.revision == pointer.revision


def test_a_storm_loses_nothing(spare: OwnStack) -> None:
    chance, world = random.Random(SEED), spare
    if JOB == "quick":
        use_quick_job(world)
    world.silence()
    begun = time.monotonic()
    manifests, data = upload(world)
    names = [f"storm-{number:02d}" for number in range(BATCHES)]
    deliver(world, [item for item in manifests for _ in range(chance.randint(1, 3))])
    wait_for_manifests(world, names)
    arriving = [item for item in data if chance.random() >= DROPPED]
    storm = [item for item in arriving for _ in range(chance.randint(1, 3))]
    chance.shuffle(storm)
    deliver(world, storm[: len(storm) // 2])
    world.restart()
    deliver(world, storm[len(storm) // 2 :])
    calls = 0
    while not all(is_published(world, batch) for batch in names):
        assert time.monotonic() - begun < PATIENCE_SECONDS
        world.reconcile()
        calls += 1
        time.sleep(2)
    seconds = time.monotonic() - begun
    silver = world.keys("silver")
    runs = world.runs()
    pointers = [world.published(batch) for batch in names]
    assert [len(pointer.history) for pointer in pointers if pointer] == [1] * BATCHES
    assert len(silver) == BATCHES * (PARTS + 2)
    assert world.keys("quarantine", "files/") == []
    for batch, pointer in zip(names, pointers, strict=True):
        assert pointer is not None
        prefix = pointer.tables[world.outputs["gold_table"]]
        assert world.location(batch) == f"s3://{world.outputs['gold_bucket']}/{prefix}"
        assert world.keys("gold", prefix)
    revisions = {(run["Arguments"]["--REVISION"], run["Arguments"]["--ATTEMPT"]) for run in runs}
    assert len(revisions) == len(runs)
    assert keys.published(names[0]) in world.keys("control", "batches/")
    print(  # noqa: T201 - the figures are the point
        f"storm, seed {SEED}, {JOB} job: {len(manifests) + len(data)} files, "
        f"{len(data) - len(arriving)} dropped, {len(storm)} deliveries of data "
        f"on {world.stack.name}: {BATCHES} publications, {len(runs)} runs, "
        f"{calls} reconciler calls, {seconds:.0f} s"
    )
