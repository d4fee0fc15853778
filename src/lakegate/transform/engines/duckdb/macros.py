"""What a connection must know before it runs SQL that was translated from Spark's."""

from __future__ import annotations

# What Java's `trim` takes from both ends of a text, and what Spark's own takes.
BLANKS = r"[\x00-\x20]*"
CONTROLS = r"[\x00-\x20\x7f]*"
NUMBER = r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
WHOLE = rf"^{CONTROLS}([+-]?)(?:([0-9]+)(?:\.[0-9]*)?|\.[0-9]*){CONTROLS}$"

MACROS: tuple[str, ...] = (
    # A whole quotient of whole numbers, half away from zero as Spark rounds; nothing by zero.
    "create or replace temp macro divided(number, parts) as "
    "cast(sign(number) * sign(parts) as hugeint) "
    "* ((abs(number) + abs(parts) // 2) // nullif(abs(parts), 0))",
    # The day of an instant, one nearer to another where the time of day falls short of it.
    "create or replace temp macro day_until(since, until) as cast(until as date) - case "
    "when cast(until as date) > cast(since as date) "
    "and cast(cast(until as timestamp) as time) < cast(cast(since as timestamp) as time) then 1 "
    "when cast(until as date) < cast(since as date) "
    "and cast(cast(until as timestamp) as time) > cast(cast(since as timestamp) as time) then -1 "
    "else 0 end",
    # Whole months from an instant to another, as Java counts them: no last day stands for another.
    "create or replace temp macro months_until(since, until) as (32 * ("
    "12 * (year(day_until(since, until)) - year(since)) "
    "+ month(day_until(since, until)) - month(since)) "
    "+ day(day_until(since, until)) - day(since)) // 32",
    # The digits before the point of a text that is a number without an exponent: 0 of `.5`.
    "create or replace temp macro whole_in(words) as case "
    rf"when regexp_matches(words, '{WHOLE}') then regexp_replace(words, '{WHOLE}', '\10\2') end",
    # The number of a text that is one, as it is written there.
    "create or replace temp macro number_in(words) as "
    f"nullif(regexp_extract(words, '^{BLANKS}{NUMBER}{BLANKS}$', 1), '')",
    # A text as a double: also one with Java's suffix, infinity and what is no number.
    "create or replace temp macro double_in(words) as case "
    rf"when regexp_matches(words, '^{BLANKS}\+?(?i:inf|infinity){BLANKS}$') "
    "then cast('inf' as double) "
    f"when regexp_matches(words, '^{BLANKS}-(?i:inf|infinity){BLANKS}$') "
    "then cast('-inf' as double) "
    f"when regexp_matches(words, '^{BLANKS}(?:[+-]?NaN|(?i:nan)){BLANKS}$') "
    "then cast('nan' as double) "
    f"else try_cast(regexp_extract(words, '^{BLANKS}{NUMBER}[dDfF]?{BLANKS}$', 1) as double) end",
    # The words of a text by which a boolean is known.
    "create or replace temp macro word_in(words) as "
    f"lower(regexp_extract(words, '^{CONTROLS}(.*?){CONTROLS}$', 1))",
)
