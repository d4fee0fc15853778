"""What to write instead of what the engines would not answer alike."""

from __future__ import annotations

NOW = "the same batch must give the same rows at any time: take an instant from the data"
CHANCE = "the same batch must give the same rows each time"
ANY = "which row it takes is not fixed: use min(), max() or row_number() over (… order by …)"
ARRAYS = "arrays are no columns of a table: count, or write a row each"
TYPED = "declare the column with its type in the contract"

INSTEAD: dict[str, str] = {
    "now": NOW,
    "current_date": NOW,
    "current_timestamp": NOW,
    "curdate": NOW,
    "localtimestamp": NOW,
    "rand": CHANCE,
    "random": CHANCE,
    "randn": CHANCE,
    "uuid": CHANCE,
    "shuffle": CHANCE,
    "monotonically_increasing_id": CHANCE,
    "first": ANY,
    "last": ANY,
    "any_value": ANY,
    "max_by": ANY,
    "min_by": ANY,
    "mode": ANY,
    "collect_list": ARRAYS,
    "collect_set": ARRAYS,
    "array_agg": ARRAYS,
    "array": ARRAYS,
    "explode": ARRAYS,
    "split": "use split_part(text, separator, number)",
    "approx_count_distinct": "use count(distinct …)",
    "approx_percentile": "use row_number() and count(*) over (…)",
    "hash": "use md5() of a text",
    "xxhash64": "use md5() of a text",
    "months_between": "use datediff()",
    "initcap": "use upper(left(…, 1)) and lower(…)",
    "date_part": "use year(), month(), …",
    "to_char": "use date_format() or cast(… as string)",
    "from_unixtime": "declare the column as timestamp",
    "to_unix_timestamp": "use unix_timestamp()",
    "bround": "use round()",
    "mean": "use avg()",
    "to_number": TYPED,
    "from_json": TYPED,
    "date_diff": "use datediff(end, start)",
    "dateadd": "use date_add()",
    "char": "write the character in quotes",
    "lcase": "use lower()",
    "ucase": "use upper()",
    "len": "use length()",
    "any": "use some()",
    "regexp_like": "use rlike",
    "log": "use ln() or log10()",
    "mod": "use %",
}
