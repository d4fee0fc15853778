"""The one line that says why a job failed, out of its standard error."""

from __future__ import annotations

import re

JAVA_FRAME = re.compile(r"^\s+at |^\s*\.\.\. \d+ more")
LOG_LINE = re.compile(r"^\d{2,4}[-/]\d\d[-/]\d\d .*\b(DEBUG|INFO|WARN|WARNING)\b")
CAUSED_BY = re.compile(r"^Caused by: (?P<cause>.+)")
LIMIT = 1000


def of_failure(stderr: str, exit_code: int) -> str:
    """The last traceback's error, with Java's innermost cause where there is one.

    Falls back to the last line that is neither a JVM frame nor a log line, then to the exit code.
    """
    lines = [line for line in stderr.splitlines() if line.strip()]
    start = _last_traceback(lines)
    if start is None:
        plain = [line.strip() for line in lines if not _is_noise(line)]
        detail = plain[-1] if plain else "nothing in its error log"
        return _cut(f"{detail} ({_ending(exit_code)})")
    error = _error_line(lines[start + 1 :])
    causes = [match["cause"] for line in lines[start:] if (match := CAUSED_BY.match(line))]
    if causes and causes[-1] not in error:
        error = f"{error} (caused by {causes[-1]})"
    return _cut(error)


def _last_traceback(lines: list[str]) -> int | None:
    starts = [n for n, line in enumerate(lines) if line.startswith("Traceback (most recent")]
    return starts[-1] if starts else None


def _is_noise(line: str) -> bool:
    return bool(JAVA_FRAME.match(line) or LOG_LINE.match(line))


def _error_line(lines: list[str]) -> str:
    for number, line in enumerate(lines):
        if line.startswith((" ", "\t")):
            continue
        following = lines[number + 1] if number + 1 < len(lines) else ""
        # Py4J puts what Java said on the line after its own.
        if line.endswith(".") and following.startswith(":"):
            return following.removeprefix(":").strip()
        return _short_name(line)
    return lines[-1].strip() if lines else "unknown error"


def _short_name(line: str) -> str:
    name, separator, text = line.partition(":")
    return f"{name.rsplit('.', 1)[-1]}{separator}{text}".strip()


def _ending(exit_code: int) -> str:
    if exit_code < 0:
        return f"the job's process was killed by signal {-exit_code}"
    return f"the job's process ended with code {exit_code}"


def _cut(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"
