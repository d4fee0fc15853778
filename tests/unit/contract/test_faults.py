"""Everything that is wrong with a project is said at once: where, what, what is allowed, what was
meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.contract.flights import MART, YAML, faults

TOP = (
    "version, project, sql, sample_data, engine, auto_max_bytes, casts, max_rejected_ratio, "
    "validation, limits, gate, gold, datasets, gold_tables"
)
TYPES = "string, bigint, int, boolean, double, timestamp, date, json, decimal(p,s)"
FLIGHTS = "day, carrier, number, updated, delay, state"
COLUMN = "name, type, description, required, default, allowed, source, epoch"
NO_NAME = "is no name: lower case letters, digits and _ only, a letter first, at most 63 characters"

# What is replaced in the contract, by what, and the sentences that this leads to.
EDITS = [
    ("version: 2\n", "", ["1: version is missing"]),
    ("project: flights", "project: flights\nengine: one: two", [
        "3: is not YAML: mapping values are not allowed here; put a text that has a colon and a "
        "blank in it in quotes",
    ]),
    ("    grain: carrier", "    grain: {a: b}", [
        "22: gold_tables.punctuality.grain: a name, or a list of them, is expected, found a "
        "mapping",
    ]),
    ("version: 2", "version: 3", ["1: version: 3 is not one of 2"]),
    ("project: flights", "project: Flights", ["2: project: 'Flights' is not [a-z][a-z0-9-]{0,20}"]),
    ("datasets:", "datasetz:", [
        "1: datasets is missing",
        f"3: datasetz: unknown key; allowed here: {TOP}; did you mean datasets?",
    ]),
    ("datasets:", "engine: sprak\ndatasets:", [
        "3: engine: 'sprak' is not one of spark, duckdb, auto; did you mean spark?",
    ]),
    ("datasets:", "keys: {}\ndatasets:", [
        "3: keys: the grammar of keys is the same for every project now: leave it out",
    ]),
    ("datasets:", "limits: {max_depth: 300, max_size: 1}\ndatasets:", [
        "3: limits.max_depth: 300 is not at most 250",
        "3: limits.max_size: unknown key; allowed here: min_bytes, max_bytes, max_full_bytes, "
        "max_convert_bytes, window_bytes, max_line_bytes, max_depth, max_files_per_batch",
    ]),
    ("datasets:", "limits: {max_depth: 0}\ndatasets:", [
        "3: limits.max_depth: 0 is not at least 1",
    ]),
    ("datasets:", "limits: {min_bytes: 10, max_bytes: 9}\ndatasets:", [
        "3: limits.min_bytes: is larger than max_bytes, 9",
    ]),
    ("datasets:", "limits: {max_bytes: 5368709121}\ndatasets:", [
        "3: limits.max_bytes: 5368709121 is not at most 5,368,709,120",
    ]),
    ("datasets:", "max_rejected_ratio: 1\ndatasets:", ["3: max_rejected_ratio: 1 is not below 1"]),
    ("datasets:", "gate: {required: [flights, airline], max_attempts: 0}\ndatasets:", [
        "3: gate.max_attempts: 0 is not at least 1",
        "3: gate.required: 'airline' is not a dataset; there are: airlines, flights; "
        "did you mean airlines?",
    ]),
    ("datasets:", "gate: {required: []}\ndatasets:", ["3: gate.required: at least one is needed"]),
    ("datasets:", "gate:\ndatasets:", ["3: gate: a mapping is expected, found nothing"]),
    ("type: string}\n  flights:", "type: strng}\n  flights:", [
        f"8: datasets.airlines.columns.title.type: 'strng' is not one of {TYPES}; "
        "did you mean string?",
    ]),
    ("type: int", "type: integer", [
        f"16: datasets.flights.columns.number.type: 'integer' is not one of {TYPES}; "
        "did you mean int?",
    ]),
    ("type: int", 'type: "decimal(39,2)"', [
        "16: datasets.flights.columns.number.type: 'decimal(39,2)' is not decimal(p,s): "
        "1 to 38 digits p, s of them behind the point",
    ]),
    ("type: int", 'type: "decimal(10, 2)"', [
        "16: datasets.flights.columns.number.type: 'decimal(10, 2)' is not decimal(p,s): "
        "1 to 38 digits p, s of them behind the point; did you mean decimal(10,2)?",
    ]),
    ("type: int", "type: NUMERIC(5)", [
        f"16: datasets.flights.columns.number.type: 'NUMERIC(5)' is not one of {TYPES}; "
        "did you mean decimal(5,0)?",
    ]),
    ("type: int", "type: numeric(99)", [
        f"16: datasets.flights.columns.number.type: 'numeric(99)' is not one of {TYPES}",
    ]),
    ("type: int", 'type: "numeric(10,20)"', [
        f"16: datasets.flights.columns.number.type: 'numeric(10,20)' is not one of {TYPES}",
    ]),
    ("type: int", "type: varchar(10)", [
        f"16: datasets.flights.columns.number.type: 'varchar(10)' is not one of {TYPES}; "
        "did you mean string?",
    ]),
    ("type: int", "type: double precision", [
        f"16: datasets.flights.columns.number.type: 'double precision' is not one of {TYPES}; "
        "did you mean double?",
    ]),
    ("type: int", "type: array<string>", [
        f"16: datasets.flights.columns.number.type: 'array<string>' is not one of {TYPES}; "
        "did you mean json?",
    ]),
    ("type: int", 'type: "decimal(2,3)"', [
        "16: datasets.flights.columns.number.type: 'decimal(2,3)' has more digits behind the "
        "point than it has digits",
    ]),
    ("type: int", "type: decimal(9,2)", [
        '16: datasets.flights.columns.number.2): between { and } a comma ends a value: write '
        '"decimal(p,s)" in quotes',
        "16: datasets.flights.columns.number.type: 'decimal(9' is not decimal(p,s): "
        "1 to 38 digits p, s of them behind the point",
    ]),
    ("name: title", "name: Title-2", [
        f"8: datasets.airlines.columns.Title-2.name: 'Title-2' {NO_NAME}",
    ]),
    ("name: title", "nam: title", [
        "8: datasets.airlines.columns.1.name: is missing; for example name: dep_delay",
        f"8: datasets.airlines.columns.1.nam: unknown key; allowed here: {COLUMN}; "
        "did you mean name?",
    ]),
    ("name: title", "name: carrier", [
        "8: datasets.airlines.columns.carrier: 'carrier' stands 2 times",
    ]),
    ("  airlines:", "  Airlines:", [
        f"4: datasets.Airlines: 'Airlines' {NO_NAME}",
        "12: datasets.flights.references.carrier: 'airlines' is not a dataset; there are: "
        "Airlines, flights; did you mean Airlines?",
    ]),
    ("[day, carrier, number]", "[day, carier, day]", [
        f"10: datasets.flights.primary_key: 'carier' is not a column; there are: {FLIGHTS}; "
        "did you mean carrier?",
        "10: datasets.flights.primary_key: 'day' stands 2 times",
    ]),
    ("type: date, required: true", "type: date, required: false", [
        "14: datasets.flights.columns.day.required: a column of the primary key is required",
    ]),
    ("type: date, required: true", "type: json", [
        "10: datasets.flights.primary_key: day is json, which has no equality",
    ]),
    ("latest_by: updated", "latest_by: update", [
        f"11: datasets.flights.latest_by: 'update' is not a column; there are: {FLIGHTS}; "
        "did you mean updated?",
    ]),
    ("type: timestamp, epoch: ms", "type: json", [
        "11: datasets.flights.latest_by: updated is json, which has no order",
    ]),
    ("    primary_key: [day, carrier, number]\n", "", [
        "10: datasets.flights.latest_by: chooses among lines with one key; there is no primary_key",
    ]),
    ("{carrier: airlines}", "{carier: airlines}", [
        f"12: datasets.flights.references.carier: 'carier' is not a column; there are: {FLIGHTS}; "
        "did you mean carrier?",
    ]),
    ("{carrier: airlines}", "{carrier: airline}", [
        "12: datasets.flights.references.carrier: 'airline' is not a dataset; there are: airlines, "
        "flights; did you mean airlines?",
    ]),
    ("{carrier: airlines}", "{number: airlines}", [
        "12: datasets.flights.references.number: is int, airlines.carrier is string",
    ]),
    ("{carrier: airlines}", "{carrier: {dataset: airlines, unknown: kept}}", [
        "12: datasets.flights.references.carrier.unknown: 'kept' is not one of reject, keep; "
        "did you mean keep?",
    ]),
    ("    primary_key: carrier\n", "", [
        "11: datasets.flights.references.carrier: airlines has no primary key; a reference needs "
        "one of one column",
    ]),
    ("primary_key: carrier\n", "primary_key: carrier\n    references: {title: airlines}\n", [
        "6: datasets.airlines.references.title: goes in a circle, airlines → airlines; there, "
        "write {dataset: airlines, unknown: keep}",
    ]),
    ("epoch: ms", "epoch: min", [
        "17: datasets.flights.columns.updated.epoch: 'min' is not one of s, ms, us, ns",
    ]),
    ("default: 0", "default: 0, epoch: s", [
        "18: datasets.flights.columns.delay.epoch: is for timestamp and date; delay is double",
    ]),
    ("default: 0", "default: none", [
        "18: datasets.flights.columns.delay.default: 'none' is not a number",
    ]),
    ("default: 0", "default: 0, required: true", [
        "18: datasets.flights.columns.delay.default: a required column is never null, so it has "
        "no default",
    ]),
    ("default: 0", "allowed: [1, 2]", [
        "18: datasets.flights.columns.delay.allowed: is for string, bigint and int; delay is "
        "double",
    ]),
    ("source: flight.number", "source: flight..number", [
        "16: datasets.flights.columns.number.source: a path has a key before and behind each dot",
    ]),
    ("source: flight.number", f"source: {'.'.join('a' * 65)}", [
        "16: datasets.flights.columns.number.source: is deeper than limits.max_depth, 64",
    ]),
    ("[on, off, no], default: no", "[on, 1, on], default: maybe", [
        "19: datasets.flights.columns.state.allowed: 1 is not text; put it in quotes",
        "19: datasets.flights.columns.state.allowed: 'on' stands 2 times",
        "19: datasets.flights.columns.state.default: 'maybe' is not allowed; allowed are on, 1, on",
    ]),
    ("grain: carrier", "grain: []", [
        "22: gold_tables.punctuality.grain: at least one is needed",
    ]),
    ("grain: carrier", "grain: carrier\n    reads: [flights]", [
        "23: gold_tables.punctuality.reads: which datasets a table reads is found in its SQL now: "
        "leave it out",
    ]),
    ("grain: carrier", "grain: carier\n    columns:\n      - {name: carrier, type: string}", [
        "22: gold_tables.punctuality.grain: 'carier' is not a column; there are: carrier; "
        "did you mean carrier?",
    ]),
    ("grain: carrier", "grain: batch_id\n    columns:\n      - {name: batch_id, type: string}", [
        "24: gold_tables.punctuality.columns.batch_id: is the partition's column; leave it out",
    ]),
    ("  punctuality:", "  stg_flights:", [
        "21: gold_tables.stg_flights: is the name of a generated view; choose another",
        "21: gold_tables.stg_flights: has no mart: there is no sql/marts/stg_flights.sql",
        "sql/marts/punctuality.sql: is the mart of no gold table; there are: stg_flights",
    ]),
    ("grain: carrier", "grain: carrier\n    row_checks: {a: 'x > '}\n    totals: {a: '1 from b'}", [
        "23: gold_tables.punctuality.row_checks.a: does not parse: Required keyword: "
        "'expression' missing at '>'",
        "24: gold_tables.punctuality.totals.a: is not one expression over the table's columns",
    ]),
    (
        "grain: carrier",
        "grain: carrier\n    row_checks: {a: x > 0}\n"
        "    checks: {a: {found: count(*), expected: select 1 from stg_fligts}}",
        [
            "24: gold_tables.punctuality.checks.a: is the name of one of row_checks as well",
            "24: gold_tables.punctuality.checks: reads stg_fligts, which is not there; there are: "
            "stg_airlines, stg_flights, punctuality; did you mean stg_flights?",
        ],
    ),
    ("project: flights", "project: flights\nsql: /etc", [
        "3: sql: '/etc' is not relative to the project's folder",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), EDITS, ids=[new[:40] for _, new, _ in EDITS])
def test_a_fault_in_the_contract(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    assert YAML.count(old) >= 1
    expected = [line if line.startswith("sql/") else f"pipeline.yaml:{line}" for line in said]
    assert faults(tmp_path, YAML.replace(old, new, 1)) == expected


SQL = [
    ({"marts_punctuality": "select 1 as n"}, ["marts/punctuality.sql: reads no dataset"]),
    ({"marts_punctuality": ""}, [
        "marts/punctuality.sql: has 0 statements; one `select` is expected",
    ]),
    ({"marts_punctuality": "select 1; select 2"}, [
        "marts/punctuality.sql: has 2 statements; one `select` is expected",
    ]),
    ({"marts_punctuality": "drop table stg_flights"}, [
        "marts/punctuality.sql: is not a query; one `select` is expected",
    ]),
    ({"marts_punctuality": "select\n  count(\nfrom stg_flights"}, [
        "marts/punctuality.sql:3: does not parse: Expecting ) at 'stg_flights'",
    ]),
    ({"marts_punctuality": "select * from stg_fligths"}, [
        "marts/punctuality.sql:1: reads stg_fligths, which is not there; there are: stg_airlines, "
        "stg_flights, punctuality; did you mean stg_flights?",
    ]),
    ({"marts_punctuality": "select * from parquet.`s3://bucket/x`"}, [
        "marts/punctuality.sql: reads parquet.`s3://bucket/x`, which is a place; a query reads "
        "stg_<dataset>, views of sql/staging and gold tables by their names alone",
    ]),
    ({"marts_punctuality": "select * from punctuality"}, [
        "marts/punctuality.sql: reads itself in a circle: punctuality → punctuality",
    ]),
    (
        {
            "marts_punctuality": "select * from late, stg_flights",
            "staging_late": "select * from later",
            "staging_later": "select * from late",
        },
        ["staging/late.sql: reads itself in a circle: late → later → late"],
    ),
    (
        {"marts_punctuality": "select * from late", "staging_late": "select * from punctuality"},
        [
            "staging/late.sql: is a staging view and reads the gold table punctuality; "
            "let a mart do that",
            "marts/punctuality.sql: reads itself in a circle: punctuality → late → punctuality",
        ],
    ),
    ({"staging_stg_flights": "select 1"}, [
        "staging/stg_flights.sql: has the name of a generated view; choose another",
    ]),
    ({"marts_delays": MART}, [
        "marts/delays.sql: is the mart of no gold table; there are: punctuality",
    ]),
    ({"staging_punctuality": MART}, [
        "marts/punctuality.sql: has the name of sql/staging/punctuality.sql",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "said"), SQL)
def test_a_fault_in_the_sql(tmp_path: Path, texts: dict[str, str], said: list[str]) -> None:
    assert faults(tmp_path, **texts) == [f"sql/{line}" for line in said]


def test_several_faults_are_told_at_once_from_top_to_end(tmp_path: Path) -> None:
    yaml = YAML.replace("type: date", "type: day").replace("latest_by: updated", "latest_by: at")
    said = faults(tmp_path, f"{yaml}casts: loose\n", marts_punctuality="select * from nothing")
    assert [line.partition(" ")[0] for line in said] == [
        "pipeline.yaml:11:",
        "pipeline.yaml:14:",
        "pipeline.yaml:23:",
        "sql/marts/punctuality.sql:1:",
    ]


BLOWN = "".join(
    f"{name}: &{name} [{','.join([f'*{of}' if of else 'x'] * 10)}]\n"
    for of, name in zip(["", *"abcde"], "abcdef", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ": a mapping of keys to values is expected"),
        ("- 1\n", ":1: a mapping of keys to values is expected"),
        ("a: 1\n\n--- \nb: 2\n", ":3: a second document begins here; one is expected"),
        ("a: [1,\n", ":2: is not YAML: while parsing a flow node, expected the node content, but "
         "found '<stream end>'"),
        ("a: 1\nb: 2\na: 3\n", ":3: the key 'a' stands twice, first in line 1"),
        ("a: !!python/object:os.system x\n", ":1: the tag tag:yaml.org,2002:python/object:os."
         "system is not allowed; write the plain value"),
        ("a: &x [*x]\n", ":1: *x stands for nothing that was named before"),
        ("[" * 100_000, ":1: is nested deeper than 24 levels"),
        (BLOWN, ":5: holds more than 100,000 values, aliases unfolded"),
        ("? [a]\n: 1\n", ":1: a key is a plain word; this one is a list or a mapping"),
        ("a: \x07\n", ": cannot be read: special characters are not allowed"),
        ("#" * (2**20 + 1), ": is larger than 1,048,576 bytes"),
    ],
    ids=str,
)  # fmt: skip
def test_a_hostile_file_ends_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    assert faults(tmp_path, text) == [f"pipeline.yaml{said}"]


def test_a_file_that_is_not_utf8_ends_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_bytes(b"version: 2\nproject: caf\xe9\n")
    from lakegate import contract  # noqa: PLC0415

    with pytest.raises(contract.ContractError) as error:
        contract.load(path)
    assert str(error.value) == f"{path}:2: cannot be read: it is not UTF-8"
