"""Throws arbitrary inputs at the decision, in a process with little memory and processor time.

`python -m tests.fuzz_validator --inputs 100000` prints one JSON line and exits with 0 if nothing
crashed, raised, hung or contradicted itself. The seed that it prints repeats the run.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from lakegate.contract import Contract, load
from lakegate.files import event, manifest, naming
from lakegate.files.verdict import Accepted, Rejected, Verdict
from lakegate.files.verdicts import full
from lakegate.files.verdicts import sampled as decide
from lakegate.files.verdicts.sampled import Window
from lakegate.files.verdicts.tally import File

ROOT = Path(__file__).parents[1]
MEMORY_BYTES = 512 * 2**20
SLOWEST_SECONDS = 5.0
NASTY = (
    *(b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u", b"\\ud800", b",", b":", b"\n", b"\r", b"\r\n"),
    *(b"\0", b"\x1f", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b" "),
    *(b"NaN", b"-Infinity", b"1e400", b"-", b"0", b"9" * 25, b"9" * 5000, b"1.5", b"null", b"true"),
    *(b"[" * 70, b'{"a":' * 2000, b'"' + b"x" * 3000 + b'"', b"\xe2\x80\xa8", b"// x", b"'"),
)


def main() -> int:
    """Run the fuzzer in a child process and pass on how it ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--child", action="store_true")
    arguments = parser.parse_args()
    if arguments.child:
        _limit(arguments.inputs)
        sys.stdout.write(json.dumps(fuzz(arguments.inputs, arguments.seed)) + "\n")
        return 0
    command = [sys.executable, "-m", "tests.fuzz_validator", "--child"]
    command += ["--inputs", str(arguments.inputs), "--seed", str(arguments.seed)]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        sys.stderr.write(f"fuzz_validator: exit code {code} with --seed {arguments.seed}\n")
    return 1 if code else 0


def fuzz(inputs: int, seed: int) -> dict[str, Any]:
    """Judge so many inputs. Raises AssertionError for a verdict that contradicts another."""
    chance = random.Random(seed)
    contract = load(ROOT / "config" / "pipeline.yaml")
    samples = {name: sample(name) for name in contract.datasets}
    corpus = [path.read_bytes()[:20_000] for path in sorted((ROOT / "data" / "invalid").iterdir())]
    codes: collections.Counter[str] = collections.Counter()
    slowest = 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(inputs):
        dataset = chance.choice(list(samples))
        data = make(chance, samples[dataset] if chance.random() < 0.6 else chance.choice(corpus))
        begun = time.perf_counter()
        codes[judge(contract, chance, dataset, data)] += 1
        slowest = max(slowest, time.perf_counter() - begun)
    assert slowest < SLOWEST_SECONDS, f"an input took {slowest:.1f} s"
    return {
        "inputs": inputs,
        "seed": seed,
        "peak_memory_mib": round(_mib(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss), 1),
        "memory_before_mib": round(_mib(before), 1),
        "slowest_ms": round(slowest * 1000, 1),
        "verdicts": dict(codes.most_common()),
    }


def sample(dataset: str) -> bytes:
    """The beginning of the committed sample of a dataset."""
    with (ROOT / "data" / "sample_data" / f"{dataset}.json").open("rb") as stream:
        return stream.read(20_000)


def make(chance: random.Random, content: bytes) -> bytes:
    """Random bytes, or a few lines of the content after a few mutations."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(400))
    start = content.rfind(b"\n", 0, chance.randrange(len(content) + 1)) + 1
    end = min(len(content), start + chance.randrange(1, 1500))
    if chance.random() < 0.5:
        end = content.find(b"\n", end) + 1 or len(content)
    data = bytearray(content[start:end])
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            data[at:at] = chance.choice(NASTY)
        elif kind == 1:
            del data[at : at + chance.randrange(1, 60)]
        elif kind == 2:
            data[at : at + 1] = chance.randbytes(1)
        else:
            other = chance.randrange(len(data) + 1)
            data[at:at] = data[other : other + chance.randrange(200)]
    return bytes(data)


def judge(contract: Contract, chance: random.Random, dataset: str, data: bytes) -> str:
    """What both depths say of an input, which has to be the same, and the other parsers besides."""
    early = decide.size(len(data), contract)
    step, cut = chance.randrange(1, len(data) + 2), chance.randrange(len(data) + 1)
    chunks = [data[start : start + step] for start in range(0, len(data), step)]
    halves = [Window(0, data[:cut]), Window(cut, data[cut:])]
    said = {
        _essence(early or decide.sampled(File(contract, dataset), len(data), [Window(0, data)])),
        _essence(early or decide.sampled(File(contract, dataset), len(data), halves)),
        _essence(early or full.streamed(File(contract, dataset), len(data), chunks)),
    }
    assert len(said) == 1, f"{said}: {data!r}"
    text = data.decode(errors="replace")
    naming.parse(text[:1024], contract)
    assert isinstance(manifest.decide(contract, "b", data), tuple | Rejected)
    event.parse({"Records": [{"eventVersion": text[:3], "s3": {"object": {"key": text}}}]}, "b")
    return said.pop()[0]


def _essence(verdict: Verdict) -> tuple[str, int | None, int | None]:
    if isinstance(verdict, Accepted):
        return "accepted", verdict.lines, verdict.bad_lines
    return verdict.code.value, verdict.offset, verdict.line


def _limit(inputs: int) -> None:
    seconds = 60 + inputs // 100
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _mib(maximum: int) -> float:
    return maximum / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    sys.exit(main())
