"""Decides on a batch's manifest: {"version": 1, "files": ["users-0001.json", …]}."""

from __future__ import annotations

from typing import Any

from lakegate.contract import Contract
from lakegate.files import naming, sniff
from lakegate.files.convert.decode import decoded
from lakegate.files.errors import FileFault, LineFault
from lakegate.files.lines.parse import Number, parse
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected

VERSION = 1


def decide(contract: Contract, batch: str, data: bytes) -> tuple[str, ...] | Rejected:
    """The stems of the names that a manifest lists, or why it cannot be used. Pure."""
    try:
        if len(data) > contract.limits.max_line_bytes:
            raise _fault(f"over {contract.limits.max_line_bytes} bytes")
        document = parse(_text(data).replace(b"\n", b" "), contract.limits)
        version = document.get("version")
        if type(version) is not Number or version != str(VERSION):
            raise _fault(f"version is not {VERSION}")
        return _stems(contract, batch, document.get("files"))
    except LineFault as fault:
        return Rejected(Code.BAD_MANIFEST, fault.detail, fault.at)


def _text(data: bytes) -> bytes:
    """The manifest in UTF-8, as editors and shells write it in UTF-16 or with a mark, too."""
    encoding = sniff.encoding(data)
    if isinstance(encoding, Rejected):
        raise _fault(f"it is {encoding.code}: {encoding.detail}")
    try:
        return b"".join(decoded([data], encoding))
    except FileFault as fault:
        raise _fault(fault.detail) from fault


def _stems(contract: Contract, batch: str, names: Any) -> tuple[str, ...]:
    if not isinstance(names, list) or not names:
        raise _fault("files is not a list of names")
    if len(names) > contract.limits.max_files_per_batch:
        raise _fault(f"over {contract.limits.max_files_per_batch} files")
    stems: dict[str, str] = {}
    for index, name in enumerate(names):
        match = contract.key_pattern.fullmatch(f"{batch}/{name}") if type(name) is str else None
        if match is None:
            raise _fault(f"files[{index}] is not a valid file name{_meant(contract, name)}")
        stem = name.removesuffix(match["suffix"])
        if stem in stems:
            raise _fault(f"files[{index}] lists {stem} a second time")
        stems[stem] = match["dataset"]
    if missing := [name for name in contract.gate.required if name not in stems.values()]:
        raise _fault(f"no file of {', '.join(missing)} is listed")
    return tuple(stems)


def _meant(contract: Contract, name: Any) -> str:
    if type(name) is not str:
        return ""
    meant = naming.closest(name, contract).rpartition("/")[2]
    return "" if meant == contract.keys.manifest else f"; closest valid name: {meant}"


def _fault(detail: str) -> LineFault:
    return LineFault(Code.BAD_MANIFEST, detail)
