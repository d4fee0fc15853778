"""Any rows, written in any shape, encoding and compression and cut anywhere, are the same lines."""

from __future__ import annotations

import csv
import functools
import gzip
import io
import itertools
import json
import lzma
import pickle
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract import Contract
from lakegate.contract.model import Column, Dataset, Limits
from lakegate.files.convert import shapes
from lakegate.files.convert.chain import Conversion
from lakegate.files.convert.elements import Elements
from lakegate.files.convert.inflate import inflated
from lakegate.files.convert.separated import Separated, header
from lakegate.files.convert.tokens import on_one_line
from lakegate.files.convert.wrappers import NamedLaterError, Wrapped, Wrapper
from lakegate.files.errors import FileFault
from lakegate.files.lines.judge import Judge
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Rejected
from tests.unit.files.conftest import make_world
from tests.unit.files.rows_of import line

DATASET = Dataset((Column("id", "bigint", required=True), Column("text", "string")))
LIMITS = Limits(max_line_bytes=10_000)

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ['a"b\\', "},{", "],[", "\n\r\t", '","', "\u2028é𝄞", "//", "'"]
)
VALUES = st.recursive(
    SCALARS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ROWS = st.lists(
    st.fixed_dictionaries({"id": st.integers()}, optional={"text": TEXTS, "more": VALUES}),
    min_size=2,
    max_size=6,
)


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The data in pieces of these sizes, again and again."""
    place, turn = 0, 0
    while place < len(data):
        size = sizes[turn % len(sizes)]
        yield data[place : place + size]
        place, turn = place + size, turn + 1


def converted(chunks: Callable[[], Iterable[bytes]]) -> bytes:
    conversion = Conversion(chunks, "things", DATASET, LIMITS)
    try:
        return b"".join(conversion.lines())
    except NamedLaterError:
        return b"".join(conversion.anew().lines())


def parsed(lines: bytes) -> list[Any]:
    return [json.loads(item) for item in lines.split(b"\n") if item.strip()]


@given(data=st.data(), rows=ROWS, sizes=st.lists(st.integers(1, 40), min_size=1, max_size=3))
def test_the_same_rows_in_any_shape(
    data: st.DataObject, rows: list[dict[str, Any]], sizes: list[int]
) -> None:
    indent = data.draw(st.sampled_from([None, None, 0, 2]))
    ascii_only = data.draw(st.booleans())
    comma = data.draw(st.sampled_from([",", ", ", ",\r\n", " ,\n\n"]))

    def text(value: Any) -> str:
        return json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    array = f"[{comma.join(map(text, rows))}]"
    around = data.draw(st.sampled_from(['{"things":%s}', '{"a":{"b":[1]},"all": %s ,"n":null}\n']))
    written = data.draw(
        st.sampled_from(
            [
                array,
                f"\n {array} \n",
                around % array,
                '{"first":[{"x":1}],"things":%s}' % array,  # noqa: UP031
                data.draw(st.sampled_from(["", " ", "\n", "\r\n\n"])).join(map(text, rows)),
            ]
        )
    )
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]))
    raw = written.encode(encoding)
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(raw)))
        raw = gzip.compress(raw[:at], 1) + gzip.compress(raw[at:], 1)
    lines = converted(lambda: cut(raw, sizes))
    assert parsed(lines) == rows
    assert lines == converted(lambda: [raw])


@given(rows=ROWS, sizes=st.lists(st.integers(1, 9), min_size=1, max_size=3), data=st.data())
def test_every_boundary_of_every_stage(
    rows: list[dict[str, Any]], sizes: list[int], data: st.DataObject
) -> None:
    """The chain gathers small pieces, so the stages are fed by themselves here."""
    indent = data.draw(st.sampled_from([None, 1]))
    array = json.dumps(rows, indent=indent).encode()
    stream = b" ".join(json.dumps(row, indent=indent).encode() for row in rows)
    wrapped = b'{"n": 12, "x": [[1],"a"], "things":' + array + b', "z": {"a": []}}'
    for stage, raw in (
        (Elements(10_000, is_array=True), array[1:]),
        (Elements(10_000, is_array=False), stream),
        (Wrapped(Wrapper("things", "things"), 10_000), wrapped),
        (Wrapped(Wrapper("other", None), 10_000), wrapped),
    ):
        out = [stage.feed(piece) for piece in cut(raw, sizes) if not getattr(stage, "done", False)]
        if not stage.done:
            out.append(stage.feed(b"", last=True))
        assert parsed(b"".join(out)) == rows
        assert stage.count == len(rows)
    packed = gzip.compress(array[:7]) + b"\0\0" + gzip.compress(array[7:]) + b"\0" * 9
    assert b"".join(inflated(cut(packed, sizes))) == array


@pytest.mark.parametrize("separator", [b"", b",\n"])
@pytest.mark.parametrize("size", [64, 1000, 10**6])
def test_records_that_nest_deep_are_split_as_others_are(separator: bytes, size: int) -> None:
    """Among them plain ones, and broken ones that are one line each."""
    record = b'{"id":%d, "more":{"a":[{"b":[\n{"c":[[{"d":"},{"}]]}]}]}}'
    records = [record % number for number in range(300)]
    records[7:9] = [b'{"id":7}', b'{"id":8}']
    for place in (0, 50, 120, 121, 299):
        records[place] = b'{"id":,"more":[[[[[[1]]]]]]}'
    wanted = [record.replace(b"\n", b"") for record in records]
    if separator:
        # A comma is missing: two make one broken record, in which no line may end.
        records[200:202] = [b" ".join(records[200:202])]
        wanted[200:202] = [records[200].replace(b"\n", b"\x0b")]
    raw = separator.join(records)
    stage = Elements(10_000, is_array=bool(separator))
    pieces = cut(raw + b"]" if separator else raw, [size])
    lines = b"".join([stage.feed(piece) for piece in pieces])
    if not stage.done:
        lines += stage.feed(b"", last=True)
    assert lines == b"".join(record + b"\n" for record in wanted)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("form", ["{}", '{{"things": {}}}', '{{"n": 1, "other": {}}}'])
def test_a_file_that_is_as_long_as_a_line_may_be_is_still_its_shape(
    form: str, indent: int | None
) -> None:
    """When the last piece comes that shows the shape, nobody has said yet that it is the last."""
    rows = [{"id": number} for number in range(2000)]
    raw = form.format(json.dumps(rows, indent=indent)).encode()
    for longest in (len(raw) - 1, len(raw) // 2, len(raw), len(raw) + 1):
        for sizes in ([len(raw)], [longest, 1], [7, len(raw)], [len(raw) - 3, 1]):
            limits = Limits(max_line_bytes=longest)
            read = functools.partial(cut, raw, sizes)
            lines = b"".join(Conversion(read, "things", DATASET, limits).lines())
            assert parsed(lines) == rows, (longest, sizes)


CELLS = st.sampled_from(
    ["", "x", "a,b", 'q"q', "line\nbreak", "c\r\nd", "\\", "é", "\t", "; ", "1", "null", "'", "𝄞"]
)


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
    written=st.sampled_from(
        [
            ("\n", csv.QUOTE_ALL),
            ("\r\n", csv.QUOTE_ALL),
            ("\r", csv.QUOTE_ALL),
            ("\n", csv.QUOTE_MINIMAL),
            ("\r\n", csv.QUOTE_MINIMAL),
        ]
    ),
    sizes=st.lists(st.integers(1, 20), min_size=1, max_size=3),
)
def test_the_same_rows_as_csv(
    rows: list[list[str]], separator: str, written: tuple[str, Any], sizes: list[int]
) -> None:
    end, quoting = written
    names = ["id", "text", "more"]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows([names, *rows])
    raw = text.getvalue().encode()
    # What csv writes without quotes is null where nothing stands.
    is_null = quoting == csv.QUOTE_MINIMAL
    wanted = [
        {
            name: None if is_null and not cell else cell
            for name, cell in zip(names, row, strict=True)
        }
        for row in rows
    ]
    assert parsed(converted(lambda: [raw])) == wanted
    first = header(raw, separator.encode())
    assert first is not None
    stage = Separated(first, 10_000)
    out = [stage.feed(piece) for piece in cut(raw[first.end :], sizes)]
    assert parsed(b"".join([*out, stage.feed(b"", last=True)])) == wanted


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("first", ["\u00d8rsted", "\u7f16\u53f7", "\u0100"])
def test_utf_16_without_a_mark_may_begin_with_any_letter(first: str, encoding: str) -> None:
    raw = f"{first},id,text\r\n\u00fc,1,a\r\n,2,\u7f16\r\n".encode(encoding)
    assert parsed(converted(lambda: [raw])) == [
        {first: "\u00fc", "id": "1", "text": "a"},
        {first: None, "id": "2", "text": "\u7f16"},
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"id":"\0"}\n{"id":2}\n',
        b"\0\0\0\0\n{}\n",
        b"id,text\n1,\0\0\0\0\0\n",
        b'{"a":"\0x\0"}\n',
    ],
)
def test_zeroes_in_a_text_make_no_other_encoding_of_it(raw: bytes) -> None:
    conversion = Conversion(lambda: [raw], "things", DATASET, LIMITS)
    b"".join(conversion.lines())
    assert conversion.content.codec == "utf-8"


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        (b"ID\n7\n", b'{"ID":"7"}\n'),
        (b"i_d\rseven\rnine", b'{"i_d":"seven"}\n{"i_d":"nine"}\n'),
        (b"Id;Text\n7;\n", b'{"Id":"7","Text":null}\n'),
        (b"number\n7\n", None),
        # A first line tells Excel the separator.
        (b"sep=;\r\nid;text\r\n7;a,b\r\n", b'{"id":"7","text":"a,b"}\n'),
        (b'"sep=\t"\nid\tmore\n7\t\n', b'{"id":"7","more":null}\n'),
        (b"SEP=,\rid\r7", b'{"id":"7"}\n'),
    ],
)
def test_a_header_is_known_in_any_spelling(raw: bytes, lines: bytes | None) -> None:
    """None: lines, which are left as they are."""
    assert converted(lambda: [raw]) == (raw if lines is None else lines)


def test_records_are_no_header() -> None:
    with pytest.raises(FileFault, match="no header of CSV"):
        converted(lambda: [b"o-1,1,x,1\no-2,1,x,1\n"])


def test_tokens_stay_as_they_were_written() -> None:
    numbers = b"9007199254740993 1.10 1E5 -0 0.1000 123456789012345678901234567890 1e-999999999"
    for number in numbers.split():
        for raw in (
            b'[{"id":%s},{"id":%s}]',
            b'{"id":%s}{"id":%s}',
            b'{"a":[{"id":%s},{"id":%s}]}',
        ):
            text = raw % (number, number)
            assert converted(lambda text=text: [text]) == b'{"id":%s}\n' % number * 2  # type: ignore[misc]
    escaped = b'[{"id":1,"text":"\\u00e9\\/\\ud83d\\ude00"}]'
    assert converted(lambda: [escaped]) == escaped[1:-1] + b"\n"


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        # The first line that is JSON holds one value: lines, whatever stands around.
        (b'nonsense\n{"id":1}\n[2]\n{"id":2}{"id":3}', None),
        (b'[{"id":1}]\n{"id":2}\n', None),
        (b'null\n{"id":2}\n', None),
        (b'{"id":1} trailing\n{"id":2}\n', None),
        (b'{"id": 1, "te\n{"id":2}\n', None),
        (b'{"id": 1,\n{"id":2}\n', None),
        (b"[INFO] export\n" + b'{"id":2}\n', None),
        # It holds two: a stream.
        (b'{"id":1}{"id":2}\n{"id":3}\n', b'{"id":1}\n{"id":2}\n{"id":3}\n'),
        (b'{\n"id":1\n}\n{"id":2}\n', b'{"id":1}\n{"id":2}\n'),
        # Dates and times are no numbers one after the other.
        (b'2026-02-01 10:00:00 INFO export\n{"id":1}\n', None),
        (b'{"id":1} 2026-02-01\n{"id":2}\n', None),
        (
            b'{"id":1}{"id":2}\n2026-02-01 x\n{"id":3}',
            b'{"id":1}\n{"id":2}\n2026-02-01 x\n{"id":3}\n',
        ),
        (b'1 2 "3" {"id":4}\n{"id":5}', b'1\n2\n"3"\n{"id":4}\n{"id":5}\n'),
        # Objects follow on the only line that there is, or on a second one.
        (b'2026-02-01 {"id":2}{"id":3} {"id":4}\n', b'2026-02-01\n{"id":2}\n{"id":3}\n{"id":4}\n'),
        (b'2026-02-01 10:00 {"id":2}{"id":3}\n{"id":4}\n', None),
        # No line is JSON: a stream, of which a record is broken, wherever it stands.
        (b'{"id":,}{"id":2}{"id":3}\n', b'{"id":,}\n{"id":2}\n{"id":3}\n'),
        (b'{"id":1}{"id":,}{"id":3}\r\n', b'{"id":1}\n{"id":,}\n{"id":3}\n'),
        (b"{'id': 1}\n{'id': 2}\n", None),
        # An object with a required key is a record, and no wrapper.
        (b'{"id":1,"things":[{"id":2},{"id":3}]}', None),
        (b'{"things":[{"id":2}],\n"id":1}', b'{"things":[{"id":2}],"id":1}\n'),
        (b'{"other":[{"id":2}]}', b'{"id":2}\n'),
        (b'{"a":[1],"other":[null,{"id":2}],"c":[]}', b'null\n{"id":2}\n'),
        (b'{"other":[{"id":2}],"things":[{"id":3}]}', b'{"id":3}\n'),
        (b'{"other":[{"id":2}],"things":[]}', b""),
        # The array under the dataset's name is the one, whatever is in it.
        (b'{"other":[{"id":2}],"things":["a"]}', b'"a"\n'),
        (b'{"things":["a"],"other":[{"id":2}]}', b'"a"\n'),
        # A second object: there is no one object around.
        (b'{"other":[{"id":2}]}\n{"other":[{"id":3}]}', None),
    ],
)
def test_shapes(raw: bytes, lines: bytes | None) -> None:
    """None: lines, which are left as they are."""
    assert converted(lambda: [raw]) == (raw if lines is None else lines)


OBJECTS = b"[\n" + b",\n".join([b'{"id":1}'] * 14_000) + b"\n]"


@pytest.mark.parametrize(
    ("rest", "is_text"),
    [
        (b"\n-- exported in {0.2 s}\n", True),
        (b"} {", True),
        (b"<style>a{b:c}", True),
        (b"and {" + b" " * 150_000 + b"more", True),
        (b'and\n{"id":2}', False),
        (b"[{}]", False),
        (b"[{" + b" " * 150_000 + b'"id":2}]', False),
    ],
)
def test_text_behind_an_array_is_one_bad_row_however_it_is_cut(rest: bytes, is_text: bool) -> None:
    """Whole objects there refuse the file, as nobody would miss them otherwise."""
    for place in range(9):
        read = functools.partial(cut, OBJECTS + rest, [len(OBJECTS) + place, 2**17])
        if is_text:
            assert len(converted(read).splitlines()) == 14_001
        else:
            with pytest.raises(FileFault, match="more objects follow"):
                converted(read)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        # Nobody would miss what follows the records.
        (b'[\n{"id":1}\n]\n[\n{"id":2}\n]', Code.NOT_AN_OBJECT),
        (b'[\n{"id":1}\n]{"id":2},{"id":3}', Code.NOT_AN_OBJECT),
        (b'[\n{"id":1}\n],\n  [{"id":2}]', Code.NOT_AN_OBJECT),
        (b'{"things":[{"id":1}],"things":[{"id":2}]}', Code.DUPLICATE_KEY),
        # Lines of a log, of which each may hold an object.
        (b'2026-02-01 10:00 {"id":1}\n2026-02-01 10:01 {"id":2}\n', Code.NOT_JSON),
        (b"\0\0\0\x18ftypmp42", Code.BINARY),
        (b"\0\0\1\0\1\0", Code.BINARY),
        (b"\0" * 99, Code.NUL_BYTE),
        (b"\0" * 99 + b"a text\nof two lines\n", Code.NUL_BYTE),
        (b"[2026-02-01 10:00:00,{thread}] start\n" * 2, Code.NOT_JSON),
        (b'{"other":[{"id":1}],"a":1,"other":[{"id":2}]}', Code.DUPLICATE_KEY),
        (zlib.compress(b'{"id":1}\n', 3), Code.COMPRESSED),
        (lzma.compress(b'{"id":1}\n', lzma.FORMAT_ALONE), Code.COMPRESSED),
        (b"ARROW1\0\0\xff\xff\xff\xff", Code.BINARY),
        (b"\xff\xff\xff\xff\x98\0\0\0\x10\0", Code.BINARY),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Code.BINARY),
        (pickle.dumps([{"id": 1}]), Code.BINARY),
        # BSON begins with its length; UTF-32 goes on as it began.
        (b"\x16\0\0\0\x02id\0\x06\0\0\0world\0\0", Code.BINARY),
        ('{"id":1}'.encode("utf-32-le"), Code.UTF32),
        ("{".encode("utf-32-be"), Code.UTF32),
    ],
)
def test_what_is_refused_whole(raw: bytes, code: Code) -> None:
    with pytest.raises(FileFault) as fault:
        converted(lambda: [raw])
    assert fault.value.code is code


@pytest.mark.parametrize("name", ["x^2", "ARROW1"])
def test_names_that_begin_like_binary_formats_are_a_header(name: str) -> None:
    assert (
        converted(lambda: [f"{name},id\n1,2\n".encode()])
        == b'{"%s":"1","id":"2"}\n' % name.encode()
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_each_member_of_a_gzip_file_may_have_a_mark(encoding: str, size: int) -> None:
    """Where it is within a text, it is part of it."""
    files = ['{"id":1}\n', "\n", '{"id":2}\n', '\ufeff{"id":3}\n{"id":4,"text":"', '\ufeffx"}\n']
    if encoding == "utf-16":
        packed = [gzip.compress(text.strip("\ufeff").encode(encoding)) for text in files[:3]]
        wanted: list[dict[str, Any]] = [{"id": 1}, {"id": 2}]
    else:
        packed = [gzip.compress(text.encode(encoding)) for text in files[:3]]
        packed += [gzip.compress(text.encode()) for text in files[3:]]
        wanted = [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4, "text": "\ufeffx"}]
    assert parsed(converted(lambda: cut(b"".join(packed), [size]))) == wanted


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        (b'[{"id":1},{"id":NaN},{"id":3,},{"id":4}]', [1, "NaN", ",}", 4]),
        (b'[None,{"id":2},{"id":3}]', ["None", 2, 3]),
        (b'[2026-02-01 export, {"id":2}]', ["2026-02-01 export", 2]),
        (b'[{"id":"x},{"id":2},{"id":3}]', ['"x}', 2, 3]),
        (b'[{"id":1},]', [1, ","]),
        (b'[{"id":1},,{"id":2}]', [1, ",", 2]),
        (b'[{"id":1} {"id":2},{"id":3}]', ["} {", 3]),
        (b'[{"id":"\n"},{"id":2}]', ["\x0b", 2]),
        (b'[{"id":1}] and more', [1, "and more"]),
        (b'[{"id":1},\n{"id":2]', [1, '{"id":2']),
        (b'[{"id":1},\n{"id":2}', None),
        (b'{"id":1}{"id":2,}{"id":3}', [1, ",}", 3]),
        (b'{"things":[{"id":1},{"id":2,},{"id":3}],"n":1}', [1, ",}", 3]),
        (b"id,text\n1\n2,b,c\n3,d\n", ["1", "2,b,c", 3]),
        (b'id,text\n1,x"y\n2,"x"y\n3,d\n', ['x"y', '"x"y', 3]),
        (b'id,text\n{"id":1}\n3,d\n', [',{"id":1}', 3]),
        (b'id,text\n1,"x\n3,d\n', None),
        (b"id,text\n1,a\n2", None),
        (b"id,text\n1,a\n2,b,c", [1, "2,b,c"]),
    ],
)
def test_one_broken_record_is_one_line(raw: bytes, lines: list[Any] | None) -> None:
    """A number stands for the good record with that id, None for a file that is cut off."""
    if lines is None:
        with pytest.raises(FileFault):
            converted(lambda: [raw])
        return
    found = converted(lambda: [raw]).split(b"\n")[:-1]
    assert len(found) == len(lines)
    for item, wanted in zip(found, lines, strict=True):
        if isinstance(wanted, str):
            assert wanted.encode() in item
            judged = Judge(DATASET, LIMITS).judge(item)
            assert judged.reason == "malformed"
        else:
            assert int(json.loads(item)["id"]) == wanted


MIXED = st.lists(
    st.binary(max_size=20)
    | st.sampled_from(
        [
            *(b"{", b"}", b"[", b"]", b",", b'"', b"\\", b"\n", b"\r\n", b'{"user_id":1}', b"null"),
            *(b"user_id,city\n", b'"a""b"', b";", b"\t", b"\x1f\x8b\x08", b"\xff\xfe"),
            *(b"\xef\xbb\xbf", b'{"users":[', b"NaN", b"\0", line("users").strip()),
            gzip.compress(line("users")),
        ]
    ),
    max_size=12,
).map(b"".join)


@given(body=MIXED | MIXED.map(gzip.compress), suffix=st.sampled_from(["json", "csv", "jsonl.gz"]))
def test_any_bytes_get_a_verdict(body: bytes, suffix: str, contract: Contract) -> None:
    world = make_world(contract)
    verdict = world.process(world.upload(f"a/users.{suffix}", body)).verdict
    assert isinstance(verdict, Accepted | Rejected)
    assert len(world.silver()) == isinstance(verdict, Accepted)
    assert len(world.records()) == isinstance(verdict, Rejected)
    assert world.cloud.s3.uploads == {}


def _endless(piece: bytes) -> Callable[[], Iterable[bytes]]:
    return lambda: itertools.repeat(piece)


def _after(first: bytes, piece: bytes) -> Callable[[], Iterable[bytes]]:
    return lambda: itertools.chain([first], itertools.repeat(piece))


STRANGERS: dict[str, Callable[[], Iterable[bytes]]] = {
    "a bomb": _endless(gzip.compress(b"\0" * 2**26)),
    "deep": _endless(b"[" * 2**18),
    "deep objects": _endless(b'{"a":' * 2**16),
    "one value": _after(b'[{"id":"', b"x" * 2**18),
    "one quote": _after(b'id,text\n1,"', b"x\n" * 2**17),
    "columns": lambda: [b"id," + b",".join(b"c%d" % n for n in range(10_000)) + b"\n1\n"],
    "names": _after(
        b"id," + b",".join(b"%d" % n + b"x" * 500 for n in range(1900)) + b"\n",
        (b"," * 1900 + b"\n") * 100,
    ),
    "members": _endless(gzip.compress(b"")),
    "keys around": _after(b'{"a":[{"x":1}],', b'"k":1,' * 2**15),
    "scalars": _after(b"[", b"1," * 2**17),
    "broken": _after(b"[", b'{"a},' * 2**15),
    "blank": _endless(b" " * 2**20),
}


def refused(name: str) -> bool:
    conversion = Conversion(
        STRANGERS[name], "things", DATASET, Limits(max_convert_bytes=2**26, max_line_bytes=2**18)
    )
    try:
        for _ in conversion.lines():
            pass
    except FileFault:
        return True
    return False


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_cost_little_time(name: str) -> None:
    begun = time.process_time()
    assert refused(name)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("name", ["a bomb", "one value", "one quote", "blank", "members", "names"])
def test_strangers_cost_little_memory(name: str) -> None:
    tracemalloc.start()
    assert refused(name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * 2**20


def test_memory_does_not_grow_with_the_file() -> None:
    piece = b",".join([b'{"id":1,"text":"%s"}' % (b"x" * 100)] * 2000) + b","
    peaks = []
    for times in (10, 60):
        conversion = Conversion(
            lambda times=times: [b"[", *[piece] * times, b'{"id":1}]'],  # type: ignore[misc]
            "things",
            DATASET,
            Limits(),
        )
        tracemalloc.start()
        for _ in conversion.lines():
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.1


@pytest.mark.parametrize(
    ("text", "separator", "names"),
    [
        (b"id;x;a,id\n1;b;c\n", b";", 3),
        (b"id,x,a;id\n1,b,c\n", b",", 3),
        (b"a;b,c;d\n1;2;3\n", b";", 3),
        (b"one, two\nthree\n", None, 0),
        (b"one, two\nthree, four\n", b",", 2),
    ],
)
def test_the_separator_is_the_one_that_makes_the_most_fields(
    text: bytes, separator: bytes | None, names: int
) -> None:
    found = shapes.find(text, True, "things", DATASET, 10_000)
    head = found.header if found is not None else None
    assert (head and head.separator, len(head.names) if head else 0) == (separator, names)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_value_over_several_lines_becomes_one_whatever_ends_them(end: bytes) -> None:
    value = end.join([b"{", b'  "id": 1,', b'  "text": "a\\r\\n  b"', b"}"])
    assert on_one_line([value, b'{"id":2}']) == b'{"id": 1,"text": "a\\r\\n  b"}\n{"id":2}\n'
