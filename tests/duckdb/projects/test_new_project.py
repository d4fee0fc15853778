"""A project made of data files runs as it is: all its lines count, and its first case holds."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakegate.cli.main import app
from lakegate.contract.project import Project
from lakegate.trial import cases
from lakegate.trial.running import Trial

ROOT = Path(__file__).resolve().parents[3]
ODD = "on|no|null|123|a.b|a b|a-b||Ünï|😀|batch_id|<<|=|~|? x|k: v|k #v|'|\"|{|count|_line"
FILES: dict[str, dict[str, bytes]] = {
    "one csv with blanks in its name": {
        "Orders 2024.csv": b'Order ID;Customer Name;Total\n1;Ann;2,50\n2;"B;b";3\n'
    },
    "no key and nothing to group by": {"values.json": b'{"x": 1.5}\n{"x": 1.5}\n{"x": null}\n'},
    "words of sql as names": {
        "group.json": b'[{"order": 1, "select": "a", "at": "2024-01-01T00:00:00Z"}]',
        "rows.json": b'{"order_id": 1, "group": 1, "from": null}\n',
    },
    "objects in objects": {
        "events.jsonl.gz": gzip.compress(
            b'{"id": 1, "actor": {"login": "a", "x.y": 1}, "tags": [1], "created_at": 1706659200}\n'
            b'{"id": 2, "actor": null, "tags": [], "created_at": 1706659201}\n'
        )
    },
    "names that YAML or SQL would read otherwise": {
        "on.json": json.dumps(
            dict.fromkeys(ODD.split("|"), 1),
        ).encode()
    },
    "one record with an array in it": {"order.json": b'{"id": 7, "lines": [{"sku": "a"}, 1]}\n'},
    "parts": {
        "readings-0001.csv": b"sensor,at,value\na,2024-01-01 00:00:00,1\n",
        "readings-0002.csv": b"sensor,at,value\nb,2024-01-01 00:01:00,\n",
        "sensors.json": b'{"sensor": "a"}\n{"sensor": "b"}\n',
    },
    "an account's export of another country": {
        "Konten.csv": "\ufeffIBAN;Inhaber;Eröffnet\r\nDE1;Jörg Weiß;01.02.2019\r\n".encode(),
        "Umsätze 2025.csv": b"IBAN;Tag;Betrag;Saldo\r\nDE1;03.02.2025;-1.234,50;0,00\r\n"
        b"DE1;04.02.2025;34,5;1.000.000,25\r\n",
    },
    "a survey": {
        "Umfrage.csv": 'Lfd. Nr.;"Wie groß sind Sie?";Anteil %;Bemerkung\n'
        '1;180;5;"na\nja"\n2;170;;\x1b[2J\n3;;7;\u202eabc\n4;160;1;"na\nja"\n'.encode(),
    },
    "a log with times as numbers and notes beside it": {
        "access.log.jsonl": b"".join(
            b'{"@timestamp": %d, "status": 200, "ms": %s, "trace.id": "%016x"}\n'
            % (1767225600123 + n, b'"n/a"' if n == 17 else b"12", n * 7919)
            for n in range(30)
        ),
        "notes.txt": b"what the columns mean\n",
    },
    "pages of an API and a collection whose object has a key of its records": {
        "stations.geojson": json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "id": n, "properties": {"Name": f"S{n}"}} for n in range(9)
                ],
            }
        ).encode(),
        "trips.page1.json": b'{"meta": {"page": 1}, "data": [{"start_station": 1}]}',
        "trips.page2.json": b'{"meta": {"page": 2}, "data": [{"start_station": 2}]}',
    },
    "a circle": {
        "people.json": b'{"id": 1, "manager_id": 2, "team_id": 7}\n'
        b'{"id": 2, "manager_id": null, "team_id": 7}\n',
        "teams.json": b'{"id": 7, "lead_person_id": 2}\n',
    },
}


def new(project: Path, source: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["new", str(project), "--from", source])
    return result.exit_code, f"{result.output}{result.exception or ''}"


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def require_green(folder: Path) -> Project:
    """All lines of the sample data count, every table has rows, every case holds."""
    project = Project.open(folder)
    trial = Trial(project.contract)
    outcomes = trial.outcomes(project.samples())
    for counts in outcomes.values():
        assert counts.keys() <= {"read", "used", "deduplicated", "superseded"}, outcomes
        assert counts["read"]
    assert all(trial.tables(project.samples()).values())
    paths = cases.paths(project.tests)
    assert paths
    for path in paths:
        case = cases.load(path, project.contract.datasets, trial.relations)
        assert case.expect
        assert trial.differences(case) == []
    return project


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_a_new_project_runs_as_it_is(tmp_path: Path, files: dict[str, bytes]) -> None:
    code, output = new(tmp_path / "mine", str(write(tmp_path / "data", files)))
    assert code == 0, output
    require_green(tmp_path / "mine")


def test_decimal_commas_are_text_and_totalled_by_the_first_table(tmp_path: Path) -> None:
    files = FILES["an account's export of another country"]
    new(tmp_path / "mine", str(write(tmp_path / "data", files)))
    project = require_green(tmp_path / "mine")
    [row] = Trial(project.contract).tables(project.samples())["konten_umsatze"]
    assert row["total_betrag"] == Decimal("-1200.00")
    assert row["average_saldo"] == Decimal("500000.125")


def test_what_was_left_out_is_told(tmp_path: Path) -> None:
    files = FILES["a log with times as numbers and notes beside it"]
    code, output = new(tmp_path / "mine", str(write(tmp_path / "data", files)))
    assert (code, output.splitlines()[0].startswith("left out notes.txt: not_json")) == (0, True)


@pytest.mark.parametrize("name", ["flights", "sensors"])
def test_the_data_of_the_examples_makes_projects_too(tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "examples" / name / "sample_data", tmp_path / "data")
    code, output = new(tmp_path / "mine", str(tmp_path / "data"))
    assert code == 0, output
    require_green(tmp_path / "mine")


def test_files_get_the_names_that_uploads_need(tmp_path: Path) -> None:
    files = FILES["one csv with blanks in its name"] | FILES["parts"]
    new(tmp_path / "mine", str(write(tmp_path / "some data", files)))
    folder = tmp_path / "mine" / "sample_data"
    names = sorted(path.name for path in folder.iterdir() if path.name != "_manifest.json")
    assert names == ["orders.csv", "readings-0001.csv", "readings-0002.csv", "sensors.json"]
    manifest = json.loads((folder / "_manifest.json").read_bytes())
    assert manifest == {"version": 1, "files": names}


def test_files_are_named_by_patterns_too(tmp_path: Path) -> None:
    data = write(tmp_path / "data", FILES["parts"])
    code, output = new(tmp_path / "mine", f"{data}/readings*.csv {data}/s*.json")
    assert code == 0, output
    names = [path.name for path in sorted((tmp_path / "mine" / "sample_data").iterdir())]
    assert names == ["_manifest.json", "readings-0001.csv", "readings-0002.csv", "sensors.json"]


def test_the_name_of_a_file_is_no_pattern(tmp_path: Path) -> None:
    rows = {name: b'{"id": "%s"}\n' % name.encode() for name in ("a[1].json", "a1.json", "b.json")}
    data = write(tmp_path / "data", rows)
    code, output = new(tmp_path / "mine", f"{data}/a[1].json {data}/b.json")
    assert not code, output
    taken = [path.read_bytes() for path in (tmp_path / "mine" / "sample_data").iterdir()]
    assert sorted(taken) == [rows["a[1].json"], rows["b.json"]]


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    data = write(tmp_path / "data", FILES["parts"])
    code, output = new(tmp_path / "mine", str(data))
    assert code
    assert "is there already" in output
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("source", "told"),
    [("", "FROM is empty"), ("nowhere", "no such file or folder"), ("o'b", "no such file")],
)
def test_nothing_is_left_of_what_could_not_be_made(tmp_path: Path, source: str, told: str) -> None:
    code, output = new(tmp_path / "mine", source)
    assert code
    assert told in output
    assert not list(tmp_path.iterdir())
