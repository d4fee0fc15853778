"""Every reason for which an upload can be refused, with what its producer should do."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """A rejection code; `meaning` says what was seen, `fix` what the producer should do."""

    meaning: str
    fix: str

    def __new__(cls, value: str, meaning: str, fix: str) -> Code:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.fix = fix
        return member

    BAD_NAME = (
        "bad_name",
        "The key does not follow `[<batch>/]<dataset>[-<part>].<json|jsonl|ndjson|csv>[.gz]`.",
        "Upload the file again under the closest valid name given in the detail. "
        "Files of the batch `default` have no folder.",
    )
    NAME_TAKEN = (
        "name_taken",
        "Another file of the batch was accepted as the same dataset and part.",
        "Upload a new version under the name given in the detail, or give this file a part of its "
        "own: `<dataset>-0001.json`.",
    )
    BAD_MANIFEST = (
        "bad_manifest",
        "The manifest is not a list of this batch's files.",
        'Write {"version": 1, "files": ["users-0001.json", …]}: each name once, as '
        "uploaded and relative to the batch folder, every required dataset covered.",
    )
    VANISHED = (
        "vanished",
        "The version was deleted or replaced before it could be read.",
        "Upload the file again if it is still wanted.",
    )
    CUSTOMER_KEY = (
        "customer_key",
        "The object is encrypted with a key of the producer (SSE-C).",
        "Upload without a customer-provided key; the bucket encrypts by itself.",
    )
    ARCHIVED = (
        "archived",
        "The object lies in an archive storage class and cannot be read.",
        "Upload in the STANDARD storage class.",
    )
    EMPTY = (
        "empty",
        "There is not one line of data in the file.",
        "Upload at least one record. If nothing happened, have the batch go on without the "
        "dataset: `lakegate force <batch> --without <dataset>`.",
    )
    TOO_LARGE = (
        "too_large",
        "The file is larger than the contract allows.",
        "Split it at line ends into parts: `<dataset>-0001.json`, `<dataset>-0002.json`, …",
    )
    TOO_LARGE_TO_CONVERT = (
        "too_large_to_convert",
        "More would come out of the file than the contract lets a conversion write.",
        "Split it into parts (`<dataset>-0001.json.gz`, …), or upload it as plain JSON Lines, "
        "which are copied as they are.",
    )
    TOO_MANY_RECORDS = (
        "too_many_records",
        "The file holds more records than one call can convert.",
        "Split it into parts (`<dataset>-0001.json.gz`, …), or upload it as plain JSON Lines, "
        "which are copied as they are.",
    )
    TOO_MANY_COLUMNS = (
        "too_many_columns",
        "The header of the CSV names more columns than a table has.",
        "Export the columns of the contract only.",
    )
    TOO_MANY_MEMBERS = (
        "too_many_members",
        "The gzip file consists of more members than one call can open.",
        "Write larger members, or compress the whole file at once: `gzip <file>`.",
    )
    DAMAGED = (
        "damaged",
        "The compressed data are damaged.",
        "Test the file with `gzip -t`, write it again and upload it in binary mode.",
    )
    COMPRESSED_TWICE = (
        "compressed_twice",
        "There is a gzip file within the gzip file.",
        "Decompress it once with `gunzip` and upload what comes out.",
    )
    COMPRESSED = (
        "compressed",
        "The file is compressed in another way than gzip.",
        "Decompress it (`unzstd`, `bunzip2`, `unxz`, …) and upload the text, plain or with gzip.",
    )
    ARCHIVE = (
        "archive",
        "The file is an archive of files.",
        "Unpack it and upload each file by itself. Save a sheet of Excel as CSV UTF-8.",
    )
    BINARY = (
        "binary",
        "The file is in a binary format such as Parquet, Avro or ORC.",
        "Export it as JSON Lines: one object a line, UTF-8.",
    )
    UTF32 = (
        "utf32",
        "The text is UTF-32.",
        "Convert it: `iconv -f UTF-32 -t UTF-8`.",
    )
    NOT_UTF8 = (
        "not_utf8",
        "A line holds bytes that are not UTF-8.",
        "Convert the file from its real encoding, for instance `iconv -f LATIN1 -t UTF-8`.",
    )
    NUL_BYTE = (
        "nul_byte",
        "A line holds a NUL byte.",
        "Look for a crash or a sparse copy of the writer, and write the file again.",
    )
    SEVERAL_ARRAYS = (
        "several_arrays",
        "The file is one object with several arrays of objects, none named like the dataset.",
        "Name the array of the records like the dataset, or leave the others out.",
    )
    UNCLOSED_QUOTE = (
        "unclosed_quote",
        "A quoted field of the CSV does not end.",
        "Close each quoted field, and write a quote within one twice.",
    )
    FIELD_COUNT = (
        "field_count",
        "A line of the CSV has too few or too many fields, or a quote where none may stand.",
        "Quote fields that hold the separator, a quote or a line break, and write a quote within "
        "a quoted field twice.",
    )
    NOT_JSON = (
        "not_json",
        "The file is neither JSON nor CSV.",
        "Export as JSON Lines (each line is one object in curly braces) or as CSV with a header.",
    )
    NOT_AN_OBJECT = (
        "not_an_object",
        "A line is valid JSON but not an object.",
        "Put one object in curly braces on each line.",
    )
    SEVERAL_VALUES = (
        "several_values",
        "A line holds more than one JSON value.",
        "Start each object on its own line.",
    )
    SYNTAX = (
        "syntax",
        "A line is not valid JSON.",
        "Write the file with a JSON library, one object a line.",
    )
    TRUNCATED = (
        "truncated",
        "The file breaks off before its end.",
        "The upload or its writer was cut short: write and upload the file again.",
    )
    NON_FINITE = (
        "non_finite",
        "A line holds NaN or Infinity, which JSON does not know.",
        "Write null instead.",
    )
    LONE_SURROGATE = (
        "lone_surrogate",
        "A string holds half of a surrogate pair, which is no character.",
        "Cut texts between characters, not between UTF-16 units.",
    )
    DUPLICATE_KEY = (
        "duplicate_key",
        "An object names the same field twice.",
        "Write each field once; readers disagree about which one counts.",
    )
    TOO_DEEP = (
        "too_deep",
        "A line nests objects or arrays deeper than the contract allows.",
        "Flatten the record, or put the nested part into a string.",
    )
    LINE_TOO_LONG = (
        "line_too_long",
        "A line is longer than the contract allows.",
        "End each record with a newline, and move large texts elsewhere.",
    )
    MISSING_FIELD = (
        "missing_field",
        "Too many lines lack a required field, or have null in it.",
        "Fill the fields named in the detail on every line.",
    )
    BAD_FIELD = (
        "bad_field",
        "Too many lines have a required field of a wrong type or value.",
        "Write the fields named in the detail as the contract's types and allowed values.",
    )
