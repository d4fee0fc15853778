"""What data files tell: names, types, keys, references."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from lakegate.contract import Column, Reference
from lakegate.infer import names
from lakegate.infer.errors import InferError
from lakegate.infer.infer import infer
from lakegate.infer.project import new
from lakegate.infer.seen.dataset import Inferred
from lakegate.infer.seen.remarks import day_in, number_in
from lakegate.infer.written.mart import first_mart
from lakegate.infer.written.measures import measure


def lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def one(path: Path) -> Inferred:
    (dataset,) = infer([path])[1]
    return dataset


def column(dataset: Inferred, name: str) -> Column:
    return next(found.column for found in dataset.columns if found.column.name == name)


@pytest.mark.parametrize(
    ("name", "dataset", "part"),
    [
        ("orders.json", "orders", None),
        ("Orders 2024.csv", "orders", None),
        ("orders (1).csv.gz", "orders", None),
        ("orders-0002.jsonl", "orders", "0002"),
        ("OrderLines.ndjson", "order_lines", None),
        ("web_2024-01-31.json", "web", None),
        ("orders2024.json", "orders", None),
        ("web2.json", "web2", None),
        ("Aufträge 2025-03-31 (final).csv", "auftrage", None),
        ("royalties 2025-Q1.csv", "royalties", None),
        ("users.page2.json", "users", None),
        ("stations.geojson", "stations", None),
        ("2024.csv", "n2024", None),
        ("Größe.txt", "grosse", None),
        ("日本.json", "", None),
    ],
)
def test_a_file_is_of_the_dataset_that_its_name_says(
    name: str, dataset: str, part: str | None
) -> None:
    assert names.dataset_and_part(name) == (dataset, part)


@pytest.mark.parametrize(
    ("key", "values", "kind"),
    [
        ("quantity", [1, 2, None], "int"),
        ("quantity", [1, 2**31], "bigint"),
        ("user_id", [1, 2], "bigint"),
        ("amount", [1, 2.55], "decimal(12,2)"),
        ("height", [1, 2.55], "double"),
        ("height", [12345678901.1234567], "decimal(22,7)"),
        ("ok", [True, False], "boolean"),
        ("note", ["a", "true"], "string"),
        ("seen", ["2024-01-31T10:00:00Z", "2024-01-31T10:00:00+02:00"], "timestamp"),
        ("seen", ["2024-01-31"], "date"),
        ("tags", [["a"], []], "json"),
        ("mixed", [{"a": 1}, 3], "json"),
        ("nothing", [None, None], "string"),
    ],
)
def test_the_narrowest_strict_type_that_holds_for_all_values(
    tmp_path: Path, key: str, values: list[Any], kind: str
) -> None:
    path = tmp_path / "things.json"
    text = "".join(json.dumps({"n": "x", key: value}) + "\n" for value in values)
    path.write_text(text.replace("12345678901.123457", "12345678901.1234567"), encoding="utf-8")
    dataset = one(path)
    assert column(dataset, key).type == kind
    assert not any(found.lenient for found in dataset.columns)


@pytest.mark.parametrize(
    ("key", "values", "kind", "epoch"),
    [
        ("flag", ["yes", "No", ""], "boolean", None),
        ("count", ["1", " 2 ", ""], "int", None),
        ("when", ["2024-01-31 10:00:00", ""], "timestamp", None),
        ("created_at", [1706659200, 1706659201.5], "timestamp", "s"),
        ("created_at", [1706659200000], "timestamp", "ms"),
        ("created_at", ["1706659200000000"], "timestamp", "us"),
        ("ship_date", ["20240131", "20240201"], "date", None),
        ("value", [1, "x"], "string", None),
        ("value", [1.5, "2"], "double", None),
    ],
)
def test_lenient_casts_only_where_the_data_needs_them(
    tmp_path: Path, key: str, values: list[Any], kind: str, epoch: str | None
) -> None:
    dataset = one(lines(tmp_path / "things.json", [{key: value} for value in values]))
    assert (column(dataset, key).type, column(dataset, key).epoch) == (kind, epoch)
    assert dataset.columns[0].lenient


def test_a_small_file_that_holds_much_is_read_as_far_as_a_sample_goes(tmp_path: Path) -> None:
    line = b'{"a": "' + b"x" * 2**18 + b'"}\n'
    (tmp_path / "things.json.gz").write_bytes(gzip.compress(line * 400))
    dataset = one(tmp_path / "things.json.gz")
    assert (dataset.record_count, dataset.whole) == (128, False)


def test_codes_keep_their_zeros(tmp_path: Path) -> None:
    path = tmp_path / "shops.csv"
    path.write_text("shop_id,zip,branch,phone\n1,94103,007,+491\n2,10115,010,+492\n")
    kinds = {found.column.name: found.column.type for found in one(path).columns}
    assert kinds == {"shop_id": "bigint", "zip": "string", "branch": "string", "phone": "string"}


def test_objects_become_columns_by_their_path_and_arrays_stay_json(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "actor": {"login": "a", "Url.x": "u"}, "payload": {"commits": [1]}, "orderId": 7},
        {"id": 2, "actor": None, "payload": {}, "orderId": 8},
    ]
    dataset = one(lines(tmp_path / "events.json", rows))
    assert [(f.column.name, f.column.type, f.column.source) for f in dataset.columns] == [
        ("id", "bigint", ()),
        ("actor_login", "string", ("actor", "login")),
        ("actor_url_x", "string", ("actor", "Url.x")),
        ("payload_commits", "json", ("payload", "commits")),
        ("order_id", "bigint", ("orderId",)),
    ]
    assert dataset.primary_key == ("id",)


def flights(folder: Path) -> list[Inferred]:
    lines(folder / "airlines.json", [{"carrier": c, "name": c * 2} for c in ("AA", "BB", "CC")])
    lines(folder / "planes.json", [{"tailnum": f"N{n}", "year": 2000} for n in range(20)])
    rows = [
        {
            "time_hour": f"2024-01-{1 + n // 3:02}T05:00:00Z",
            "carrier": ("AA", "BB", "CC")[n % 3],
            "flight": 7,
            "tailnum": f"N{n % 21}",
        }
        for n in range(63)
    ]
    lines(folder / "flights.json", rows + rows[:2])
    return infer([folder])[1]


def test_keys_of_several_columns_and_references_of_which_some_dangle(tmp_path: Path) -> None:
    airlines, trips, planes = flights(tmp_path)
    assert (airlines.primary_key, planes.primary_key) == (("carrier",), ("tailnum",))
    assert trips.primary_key == ("time_hour", "carrier")
    assert trips.references == {
        "carrier": Reference("airlines"),
        "tailnum": Reference("planes", "keep"),
    }


def test_a_key_that_may_be_chance_says_so_and_has_more_columns(tmp_path: Path) -> None:
    days = [f"2024-01-{1 + n // 2:02}" for n in range(40)]
    rows = [{"day": day, "line_no": 17 * n, "code": f"c{n % 7}"} for n, day in enumerate(days)]
    dataset = one(lines(tmp_path / "entries.json", [*rows, {**rows[0], "line_no": 34}]))
    assert dataset.primary_key == ("day", "line_no", "code")
    assert "perhaps by chance" in dataset.key_remark


def test_a_later_line_replaces_an_earlier_one_where_a_time_says_so(tmp_path: Path) -> None:
    rows = [{"order_id": n, "updated_at": f"2024-01-01T00:00:{n:02}Z"} for n in range(30)]
    rows.append({"order_id": 3, "updated_at": "2024-01-02T00:00:00Z"})
    dataset = one(lines(tmp_path / "orders.json", rows))
    assert (dataset.primary_key, dataset.latest_by) == (("order_id",), "updated_at")


def test_a_dataset_without_a_key_has_none(tmp_path: Path) -> None:
    rows = [{"sensor_id": n % 2, "value": 1.5} for n in range(40)]
    assert one(lines(tmp_path / "readings.json", rows)).primary_key == ()


def test_a_line_that_comes_again_is_no_reason_against_a_key(tmp_path: Path) -> None:
    _, trips, _ = flights(tmp_path)
    assert trips.key_remark == "unique together in 63 records, of which 2 came again"
    rows = [{"order_id": n, "updated_at": f"2024-01-01T00:00:{n:02}Z"} for n in range(30)]
    rows += [{"order_id": 3, "updated_at": "2024-01-02T00:00:00Z"}, rows[5]]
    dataset = one(lines(tmp_path / "orders.json", rows))
    assert (dataset.primary_key, dataset.latest_by) == (("order_id",), "updated_at")


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([{"at_host": "a", "trace_id": f"{n:016x}"} for n in range(30)], ("trace_id",)),
        ([{"at_host": "a", "user_id": n} for n in range(30)], ("user_id",)),
        ([{"seen": f"2024-01-01T00:00:{n:02}Z", "user_id": n} for n in range(30)], ()),
        ([{"at_host": "a", "user_id": n, "shop_id": n} for n in range(30)], ("user_id", "shop_id")),
        ([{"Lfd. Nr.": n, "answer": "yes"} for n in range(30)], ("lfd_nr",)),
    ],
)
def test_the_only_identifier_is_a_key_unless_a_time_says_that_lines_are_events(
    tmp_path: Path, rows: list[dict[str, Any]], key: tuple[str, ...]
) -> None:
    assert one(lines(tmp_path / "access.json", rows)).primary_key == key


@pytest.mark.parametrize(
    ("usual", "odd", "kind", "told"),
    [
        (7, "n/a", "string", '2 of 100 are no number: record 18 "n/a", record 41 "n/a"; as a'),
        ("2024-01-31", "\x1b[2J", "string", '2 of 100 are no time: record 18 "\\u001b[2J",'),
        (7, 7.5, "double", '2 of 100 are no whole number: record 18 "7.5", record 41 "7.5"'),
        (7, [1], "json", "2 of 100 are no number: record 18 an array, record 41 an array; as a"),
    ],
)
def test_the_few_values_that_decide_a_type_are_told(
    tmp_path: Path, usual: Any, odd: Any, kind: str, told: str
) -> None:
    rows = [{"value": odd if n in (17, 40) else usual} for n in range(100)]
    [found] = one(lines(tmp_path / "things.json", rows)).columns
    assert (found.column.type, found.remark[: len(told)]) == (kind, told)


def test_many_values_of_another_kind_decide_nothing(tmp_path: Path) -> None:
    rows = [{"value": 7 if n % 2 else "x"} for n in range(100)]
    [found] = one(lines(tmp_path / "things.json", rows)).columns
    assert found.remark == "numbers and texts; values: 7, x"


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (["1,5", "-2"], "cast(replace({}, ',', '.') as decimal(12,2))"),
        (["1.234,50", ""], "cast(replace(replace({}, '.', ''), ',', '.') as decimal(12,2))"),
        (["1,234.50", "7"], "cast(replace({}, ',', '') as decimal(12,2))"),
        (["1,2,3"], ""),
        (["a,b"], ""),
        (["15"], ""),
        (["$1,234.00", "$5.50"], "cast(replace(replace({}, '$', ''), ',', '') as decimal(12,2))"),
        (["$5", "-$7.5"], "cast(replace({}, '$', '') as decimal(12,2))"),
        (
            ["1.234,50 €"],
            "cast(replace(replace(replace({}, '€', ''), '.', ''), ',', '.') as decimal(12,2))",
        ),
        (["$3.400", "$3.449"], ""),  # three digits behind the point, or thousands
        (["33.333%", "0.125%"], ""),
        (
            ["€ 1.234.567", "€ 3.400"],
            "cast(replace(replace(replace({}, '€', ''), '.', ''), ',', '.') as decimal(12,2))",
        ),
        (["12,50\u00a0€"], ""),  # a blank that no cast leaves out
    ],
)
def test_texts_that_are_numbers_to_people_come_with_their_sql(
    texts: list[str], number: str
) -> None:
    assert number_in(texts) == number


@pytest.mark.parametrize(
    ("name", "source", "how"),
    [
        ("amount", "", "sum"),
        ("order_total", "", "sum"),
        ("bytes", "", "sum"),
        ("duration_ms", "", "sum"),
        ("age", "", "avg"),
        ("dep_delay", "", "avg"),
        ("unit_price", "", "avg"),
        ("tax_rate", "", "avg"),
        ("discount_percent", "", "avg"),
        ("cost", "cost %", "avg"),
        ("copy", "", None),
        ("user_id", "", None),
        ("status", "", None),
        ("country_code", "", None),
        ("year", "", None),
        ("year_bought", "", None),
        ("latitude", "", None),
        ("line_no", "", None),
    ],
)
def test_what_numbers_are_good_for_is_in_their_names(
    name: str, source: str, how: str | None
) -> None:
    assert measure(name, source) == how


def test_places_in_an_order_are_neither_totalled_nor_averaged(tmp_path: Path) -> None:
    rows = [
        {"kind": "ab"[n % 2], "copy": n % 3, "stage": 1 + n % 4, "height": n} for n in range(40)
    ]
    sql = first_mart([one(lines(tmp_path / "things.json", rows))]).sql
    assert "avg(height) as average_height" in sql
    assert not re.search(r"copy|\bat\b", sql)


@pytest.mark.parametrize(
    "content",
    [
        b'[{"id": 1, "v": 2.50}, {"id": 2, "v": null}]',
        b'{"id": 1, "v": 2.50}\n{"id": 2, "v": null}\n',
        b'{"id": 1,\n "v": 2.50}\n{"id": 2, "v": null}',
        b'{"id": 1, "v": 2.50}{"id": 2, "v": null}',
        b'{"page": 1, "things": [{"id": 1, "v": 2.50}, {"id": 2, "v": null}]}',
        b"id,v\r\n1,2.50\r\n2,\r\n",
        b"id;v\n1;2.50\n2;\n",
        b"id\tv\n1\t2.50\n2\t\n",
        "\ufeffid,v\n1,2.50\n2,\n".encode("utf-16"),
        gzip.compress(b'{"id": 1, "v": 2.50}\n{"id": 2, "v": null}\n', mtime=0),
    ],
)
def test_the_shape_of_a_file_changes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "things.json").write_bytes(content)
    dataset = one(tmp_path / "things.json")
    assert [found.column.type for found in dataset.columns] == ["bigint", "double"]
    assert dataset.values("v") == (2.5, None)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "no data in"),
        ({"_SUCCESS": b"", ".DS_Store": b"x"}, "no data in"),
        ({"a.json": b"\x89PNG\r\n\x1a\n\xff\xfe\xfa"}, "a.json: "),
        ({"a.json": b""}, "a.json: "),
        ({"a.json": b"{}\n{}\n"}, "no field in any of them"),
        ({"notes.txt": b"just a sentence\n"}, "notes.txt: "),
        ({"日本.json": b'{"a":1}'}, "rename it"),
        ({"orders.json": b'{"a":1}', "Orders 2024.json": b'{"a":1}'}, "both of orders"),
        ({"orders 1.json": b'{"a":1}', "orders_1.csv": b"a,b\n1,2\n"}, "both of orders"),
        ({"orders 1.json": b'{"a":1}', "orders 2.json": b'{"b":1}'}, "no field in common"),
        ({"orders_v1.csv": b"a,b\n1,2\n", "orders_v2.csv": b"a,b\n1,3\n"}, "both of orders"),
        ({"orders (1).csv": b"a,b\n1,2\n", "orders (2).csv": b"a,b\n1,3\n"}, "both of orders"),
        ({"a.json": b'{"a":"' + b"x" * 2**21 + b'"}\n'}, "a.json: line_too_long: "),
        ({"a.json": b'{"a":1}\n{"a":\n' * 5}, "a.json: 5 of 10 lines: syntax: "),
        ({"a.csv": b"id,id,c\n1,2,3\n"}, "no header of CSV, as it has the same name twice. "),
        ({"a.csv": "id,b\n1,ü\n".encode("latin-1")}, "not_utf8: invalid UTF-8. Convert the file"),
        ({"a.xlsx": b"PK\x03\x04" + bytes(60)}, "Save a sheet of Excel as CSV"),
    ],
)
def test_what_is_no_data_is_told(tmp_path: Path, files: dict[str, bytes], told: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InferError) as caught:
        infer([tmp_path])
    assert told in str(caught.value)


def test_files_that_differ_in_a_number_are_parts_in_its_order(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        lines(tmp_path / f"orders-{number}.json", [{"order_id": number}])
    samples, [dataset], _ = infer([tmp_path])
    assert [str(record["order_id"]) for record in samples[0].records] == ["1", "9", "10"]
    assert dataset.parts == 3


def test_parts_may_begin_with_records_that_have_little(tmp_path: Path) -> None:
    lines(tmp_path / "log-1.json", [{"error": "x"}, {"id": 1}])
    lines(tmp_path / "log-2.json", [{"id": 2}])
    assert one(tmp_path).parts == 2


def test_parts_of_two_years_keep_names_of_their_own(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for year in (2023, 2024):
        lines(given / f"sales-{year}-0001.json", [{"sale_id": year}])
    new(tmp_path / "lake", [given], lambda *_: "")
    found = sorted(path.name for path in (tmp_path / "lake" / "sample_data").glob("sales*"))
    assert found == ["sales-0001.json", "sales-0002.json"]


def test_a_csv_of_one_column_and_one_without_all_names_are_tables(tmp_path: Path) -> None:
    (tmp_path / "Codes.CSV").write_text("code\nA1\nB2\n")
    (tmp_path / "odd.csv").write_text("id,,name\n1,x,a\n2,,b\n")
    codes, odd = infer([tmp_path])[1]
    assert codes.values("code") == ("A1", "B2")
    assert odd.values("column_2") == ("x", None)


def test_whole_numbers_too_large_for_a_bigint_are_decimals_without_a_scale(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.json", [{"wei": 2**64 + n, "payment_no": f"00{n}"} for n in (1, 2)])
    assert [found.column.type for found in one(path).columns] == ["decimal(24,0)", "string"]


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["31.12.2025", "01.02.2025"], ".321"),
        (["05.02.2025"], ".321"),
        (["5/26/2025", "1/2/2025"], "/312"),
        (["26-5-2025"], "-321"),
        (["5/6/2025"], ""),
        (["05.02.25"], ""),
        (["31.12.2025", "01/02/2025"], ""),
    ],
)
def test_days_that_no_cast_reads_come_with_their_sql_where_day_and_month_can_be_told(
    texts: list[str], order: str
) -> None:
    mark, places = order[:1], order[1:]
    parts = [f"cast(split_part({{}}, '{mark}', {place}) as int)" for place in places]
    assert day_in(texts) == (f"make_date({', '.join(parts)})" if parts else "")


def test_categories_that_are_unique_with_a_reference_are_a_key(tmp_path: Path) -> None:
    lines(tmp_path / "works.json", [{"work_id": n} for n in range(40)])
    splits = [{"work_id": n, "party": p, "cut": n * 7} for n in range(40) for p in ("a", "b")]
    lines(tmp_path / "splits.json", splits)
    dataset, _ = infer([tmp_path])[1]
    assert dataset.primary_key == ("work_id", "party")


def test_a_key_of_the_object_around_the_records_is_not_required_in_them(tmp_path: Path) -> None:
    features = [{"type": "Feature", "name": f"n{n}"} for n in range(3)]
    collection = {"type": "FeatureCollection", "features": features}
    (tmp_path / "stops.geojson").write_text(json.dumps(collection))
    required = {
        found.column.name: found.is_required for found in one(tmp_path / "stops.geojson").columns
    }
    assert required == {"type": False, "name": True}


def test_an_object_around_records_may_be_too_long_to_be_one(tmp_path: Path) -> None:
    orders = [{"id": number, "text": "x" * 1000} for number in range(1500)]
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"id": 7, "orders": orders}, indent=1))
    assert not any(found.is_required for found in one(path).columns if found.column.name == "id")


def test_a_text_file_in_a_folder_is_data_or_left_out_with_the_reason(tmp_path: Path) -> None:
    lines(tmp_path / "orders.txt", [{"order_id": 1}])
    (tmp_path / "notes.txt").write_text("First, a sentence.\nThen others, of many words, follow.\n")
    _, datasets, left_out = infer([tmp_path])
    assert [dataset.name for dataset in datasets] == ["orders"]
    assert [told.partition(":")[0] for told in left_out] == ["notes.txt"]
    with pytest.raises(InferError, match=r"notes.txt: "):
        infer([tmp_path / "notes.txt"])


def test_what_people_write_beside_data_is_left_alone_in_a_folder(tmp_path: Path) -> None:
    lines(tmp_path / "orders.json", [{"order_id": 1}])
    for name in ("README.md", "notes.rst", "query.sql"):
        (tmp_path / name).write_text("not data\n")
    assert [dataset.name for dataset in infer([tmp_path])[1]] == ["orders"]
    with pytest.raises(InferError, match=r"notes.rst: not_json"):
        infer([tmp_path / "notes.rst"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("codes.csv", b"Code\nA1\nB2\n"),
        ("codes.csv", b"\xef\xbb\xbf\r\nCode\r\n\r\nA1\r\nB2"),
        ("codes.csv.gz", gzip.compress(b'"Code"\r"A1"\r"B2"\r', mtime=0)),
        ("codes.csv", "Code\n1\n2\n".encode("utf-16")),
    ],
)
def test_a_csv_may_have_one_column(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    found = one(tmp_path / name)
    assert [(item.column.name, item.column.path) for item in found.columns] == [("code", ("Code",))]
    assert found.record_count == 2


def test_what_spark_writes_into_a_folder_is_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "Daily Sales"
    (folder / "2026").mkdir(parents=True)
    for number in (10, 0, 9):
        name = f"part-{number:05d}-1f0c2b3a-77aa-4a0b-9c1d-0123456789ab-c000.json"
        (folder / name).write_text(json.dumps({"id": number}))
        (folder / f".{name}.crc").write_text("x")
    (folder / "_SUCCESS").touch()
    seen = infer([folder])
    (sample,) = seen.samples
    assert (sample.dataset, [record["id"] for record in sample.records]) == (
        "daily_sales",
        ["0", "9", "10"],
    )
    assert seen.left_out == ("2026: a folder in a folder; name it, too",)
    assert infer([folder, folder / "2026"]).left_out == ()


def test_a_folder_of_one_partition_has_no_name_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "sales" / "country=de" / "date=2026-01-01"
    folder.mkdir(parents=True)
    path = lines(folder / "part-00000.json", [{"id": 1}])
    assert infer([folder]).samples[0].dataset == "sales"
    assert infer([path]).samples[0].dataset == "sales"
