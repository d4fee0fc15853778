"""Mutants of the validator: what it promises beside the verdict itself."""

from __future__ import annotations

from scripts.mutating.mutant import Mutant

MOVE, VALIDATE = "lakegate/files/move.py", "lakegate/files/validate.py"
HANDLER, DECIDE = "lambda_validator/handler.py", "lakegate/files/verdicts/sampled.py"
TALLY, SILVER = "lakegate/files/verdicts/tally.py", "lakegate/files/convert/silver.py"

MUTANTS = (
    Mutant(
        "a copy is written over",
        MOVE,
        'params["headers"]["If-None-Match"] = "*"',
        "pass",
    ),
    Mutant(
        "a rejection record is written over", MOVE, '                    IfNoneMatch="*",\n', ""
    ),
    Mutant("a read is not pinned to its version", MOVE, "VersionId=ref.version_id,", ""),
    Mutant("a copy is not pinned to its version", MOVE, ', "VersionId": ref.version_id}', "}"),
    Mutant("AccessDenied is a verdict", MOVE, 'code == "InvalidObjectState"', "True"),
    Mutant(
        "an accepted version is not recorded",
        VALIDATE,
        "index = arrivals.record(self.store, name, arrival, landed=landed, seen=judged.seen)",
        "index = None",
    ),
    Mutant("a refused version leaves no record", VALIDATE, "self.lake.refuse(key, record)", "pass"),
    Mutant(
        "what was accepted before is refused",
        VALIDATE,
        "if stored is not None and short in stored.record.accepted.get(stem, ()):",
        "if False:",
    ),
    Mutant(
        "any version of an accepted file counts as accepted before",
        VALIDATE,
        "if stored is not None and short in stored.record.accepted.get(stem, ()):",
        "if stored is not None and stored.record.accepted.get(stem, ()):",
    ),
    Mutant(
        "two keys name one file", "lakegate/files/naming.py", "if folder == default:", "if False:"
    ),
    Mutant("trouble is swallowed by the validator", HANDLER, "if trouble:", "if False:"),
    Mutant(
        "the gate is not looked at",
        HANDLER,
        "    if outcome.index is None:\n",
        "    if True:\n",
    ),
    Mutant(
        "the share of bad lines is ignored",
        TALLY,
        "return self.bad > self.file.ratio * expected",
        "return False",
    ),
    Mutant(
        "a call reads on when its time is over",
        "lakegate/files/verdicts/full.py",
        "if read < size and spent():",
        "if False:",
    ),
    Mutant(
        "what is read whole may be as large as what is not",
        "lakegate/contract/model.py",
        'if self.validation == "full":',
        "if False:",
    ),
    Mutant(
        "what breaks off is no truncation",
        TALLY,
        "if fault is not None and fault.cut_off and line.last:",
        "if False:",
    ),
    Mutant(
        "parts are left where a call ends early",
        SILVER,
        "if not self._over and (error is None or isinstance(error, Exception)):",
        "if False:",
    ),
    Mutant(
        "two names are two files",
        "lakegate/ledger/arrivals.py",
        "return held.key if held else None",
        "return None",
    ),
    Mutant("a size beyond the limit passes", DECIDE, "if count > contract.max_bytes:", "if False:"),
)
