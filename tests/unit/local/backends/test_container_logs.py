"""`make logs` of containers shows every event of every group once."""

from __future__ import annotations

import io

from lakegate.cli.terminal.safe import Console
from local.backends import container_logs
from tests.unit.cli.account import Account


def test_all_pages_of_all_groups_are_shown_once() -> None:
    cloud = Account()
    names = ("a", "b", "c")
    cloud.others.lines = {
        f"/aws/lambda/{name}": [(at, f"{name} says {at}\n", "s") for at in range(5)]
        for name in names
    }
    out = io.StringIO()
    console, seen = Console(file=out, width=100), set[str]()
    for _ in range(2):
        container_logs._print_new(cloud.client("logs"), 0, seen, console)
    shown = out.getvalue().splitlines()
    assert len(shown) == len(set(shown)) == 15
    assert {line.split()[0] for line in shown} == set(names)
