"""YAML as a tree that knows its lines, read without surprises.

Plain words mean what YAML 1.2 says: `no`, `on` and `y` are text, `2026-01-01` is too. A file of
this size cannot blow up: aliases are counted at their full weight, depth and size are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lakegate.contract.errors import ContractError, Fault

MAX_BYTES = 2**20
AS_KEYS = ("mapping values are not allowed here",)
MAX_DEPTH = 24
MAX_NODES = 100_000

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(r"(true|True|TRUE)|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]{1,100}")
_FLOAT = re.compile(r"[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,3})?")


@dataclass
class Node:
    """A value and the line (from 1) on which it begins; `weight` counts the nodes in it.

    `keys` has the line of each key of a mapping, whose `children` are by key, a list's by index.
    """

    line: int
    value: Any
    weight: int = 1
    children: dict[Any, Node] = field(default_factory=dict)
    keys: dict[Any, int] = field(default_factory=dict)

    def line_of(self, where: Sequence[str | int]) -> int:
        """The line of the deepest node on the way to a place; of its key, where it has one."""
        node, line = self, self.line
        for step in where:
            line = node.keys.get(step, line)
            if step not in node.children:
                return line
            node = node.children[step]
            line = line if isinstance(step, str) else node.line
        return line


def read(path: Path) -> Node:
    """The tree of a file that holds one mapping. ContractError in a sentence if it does not."""
    try:
        return _Builder(path).tree(yaml.parse(_text(path), Loader=yaml.SafeLoader))
    except yaml.reader.ReaderError as error:
        raise _fault(path, 0, f"cannot be read: {error.reason}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(filter(None, (error.context, error.problem)))
        if error.problem in AS_KEYS:
            said += "; put a text that has a colon and a blank in it in quotes"
        raise _fault(path, mark.line + 1 if mark else 0, f"is not YAML: {said}") from error


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "no such file"
            raise _fault(path, 0, f"cannot be read: {what}")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _fault(path, 0, f"cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise _fault(path, 0, f"is larger than {MAX_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fault(path, line, "cannot be read: it is not UTF-8") from error


def _fault(path: Path, line: int, text: str) -> ContractError:
    return ContractError(Fault(path, line, "", text))


class _Builder:
    """Builds the tree from events, so that nesting costs no stack."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def tree(self, events: Iterator[Any]) -> Node:
        roots: list[Node] = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and roots:
                raise self._fault(event, "a second document begins here; one is expected")
            if isinstance(event, yaml.NodeEvent):
                roots.append(self._node(event, events, 0))
        if not roots or not isinstance(roots[0].value, dict):
            raise _fault(
                self.path, roots[0].line if roots else 0, "a mapping of keys to values is expected"
            )
        return roots[0]

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._weighed(event, self._alias(event))
        if event.tag is not None:
            raise self._fault(event, f"the tag {event.tag} is not allowed; write the plain value")
        if depth > MAX_DEPTH:
            raise self._fault(event, f"is nested deeper than {MAX_DEPTH} levels")
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            node = Node(line, _scalar(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(Node(line, []), events, depth)
        else:
            node = self._mapping(Node(line, {}), events, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return self._weighed(event, node)

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self.anchors:
            raise self._fault(event, f"*{event.anchor} stands for nothing that was named before")
        return self.anchors[event.anchor]

    def _weighed(self, event: Any, node: Node) -> Node:
        """Counts the node, and all that an alias stands for once more."""
        self.nodes += node.weight if isinstance(event, yaml.AliasEvent) else 1
        if self.nodes > MAX_NODES:
            raise self._fault(event, f"holds more than {MAX_NODES:,} values, aliases unfolded")
        return node

    def _sequence(self, node: Node, events: Iterator[Any], depth: int) -> Node:
        for index, event in enumerate(events):
            if isinstance(event, yaml.SequenceEndEvent):
                break
            child = self._node(event, events, depth + 1)
            node.children[index] = child
            node.value.append(child.value)
            node.weight += child.weight
        return node

    def _mapping(self, node: Node, events: Iterator[Any], depth: int) -> Node:
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, depth + 1).value
            if isinstance(event, yaml.ScalarEvent):
                key = event.value  # a column may be called `null`, a batch 2026
            if not isinstance(key, str):
                raise self._fault(event, "a key is a plain word; this one is a list or a mapping")
            if key in node.children:
                first = node.keys[key]
                raise self._fault(event, f"the key {key!r} stands twice, first in line {first}")
            node.keys[key] = event.start_mark.line + 1
            child = self._node(next(events), events, depth + 1)
            node.children[key] = child
            node.value[key] = child.value
            node.weight += child.weight
        return node

    def _fault(self, event: Any, text: str) -> ContractError:
        return _fault(self.path, event.start_mark.line + 1, text)


def _scalar(event: Any) -> Any:
    """The value of a scalar by YAML 1.2's core schema; what is quoted is text."""
    text: str = event.value
    if event.style is not None:
        return text
    if _NULL.fullmatch(text):
        return None
    if match := _BOOLEAN.fullmatch(text):
        return match[1] is not None
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
