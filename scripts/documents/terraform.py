"""Writes the tables of inputs and outputs into terraform/README.md, from the code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TERRAFORM = ROOT / "terraform"
README = TERRAFORM / "README.md"
BLOCK = re.compile(r'^(variable|output) "([a-z0-9_]+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
DESCRIPTION = re.compile(r'^  description = "(.*)"$', re.MULTILINE)
DEFAULT = re.compile(r"^  default +=\s*(.*)$", re.MULTILINE)
TYPE = re.compile(r"^  type +=\s*(.*)$", re.MULTILINE)
FIELD = re.compile(r"^ {4,6}([a-z0-9_]+) += (?:optional\((.*)\)|(.*))$", re.MULTILINE)
OBJECT = re.compile(r"^  type = object\(\{\n(.*?)^  \}\)", re.MULTILINE | re.DOTALL)


def tables(folder: Path) -> str:
    """Markdown tables of the variables and outputs of one module."""
    lines = ["| input | type | default | |", "| --- | --- | --- | --- |"]
    for _, name, body in BLOCK.findall((folder / "variables.tf").read_text(encoding="utf-8")):
        default = DEFAULT.search(body)
        shown = f"`{default[1]}`" if default else "required"
        kind = TYPE.search(body)
        assert kind is not None, f"{folder.name}: {name} has no type"
        told = _text(body, name) + _fields(body)
        lines.append(f"| `{name}` | {_short(kind[1])} | {shown} | {told} |")
    lines += ["", "| output | |", "| --- | --- |"]
    for _, name, body in BLOCK.findall((folder / "outputs.tf").read_text(encoding="utf-8")):
        lines.append(f"| `{name}` | {_text(body, name)} |")
    return "\n".join(lines)


def written(readme: str) -> str:
    """The same text with the tables between each pair of markers made anew."""
    pattern = re.compile(r"(<!-- tables: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda at: f"{at[1]}{tables(TERRAFORM / at[2])}\n{at[3]}", readme)


def _text(body: str, name: str) -> str:
    found = DESCRIPTION.search(body)
    assert found is not None, f"{name} has no description"
    return found[1].replace('\\"', '"').replace("|", "\\|")


def _fields(body: str) -> str:
    """The fields of an object with what they are when left out."""
    found = OBJECT.search(body)
    if found is None:
        return ""
    shown = []
    for name, optional, needed in FIELD.findall(found[1]):
        kind, comma, default = (optional or needed).removeprefix("optional(").partition(", ")
        if kind.endswith("({"):
            kind = f"{_short(kind)} of"
        left_out = f" = {default}" if comma and default != "{}" else ""
        shown.append(f"`{name}` {kind}{left_out}")
    return f"<br>{', '.join(shown)}".replace(" of, ", " of ")


def _short(kind: str) -> str:
    return re.split(r"[({]", kind)[0] if kind.endswith(("(", "{")) else kind


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
