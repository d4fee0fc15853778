"""What is read, in which order, what is refused, and what the columns are."""

from __future__ import annotations

import duckdb
import pytest

from lakegate.transform.sql import MACROS, SqlError, to_duckdb
from lakegate.transform.sql.dialect import parse
from lakegate.transform.sql.queries import columns_of
from lakegate.transform.sql.views.order import parsed, sources

RELATIONS = {
    "stg_orders": {"order_id": "string", "user_id": "bigint", "amount": "decimal(12,2)"},
    "stg_users": {"user_id": "bigint", "at": "timestamp", "order": "int", "payload": "json"},
}


def refusal(sql: str) -> str:
    with pytest.raises(SqlError) as caught:
        columns_of(parse(sql), RELATIONS)
    return str(caught.value)


def test_a_query_reads_what_its_own_with_does_not_define() -> None:
    sql = """
    with recent as (select * from stg_orders), stg_users as (select 1 as a from recent)
    select * from stg_users join (select * from Other_View) as o on true
    where exists (select 1 from third) -- from nowhere
    """
    assert sources(sql) == {"stg_orders", "other_view", "third"}


def test_a_view_stands_behind_what_it_reads() -> None:
    views = {"b": "select * from a", "a": "select * from stg_users", "c": "select * from b, a"}
    assert parsed(views) == (("a", "b", "c"), {})


def test_what_does_not_parse_is_told_by_view() -> None:
    views = {"a": "select * from stg_user", "b": "select * frm x", "c": "select 1; select 2"}
    found, faults = parsed(views)
    assert found == ("a",)
    assert str(faults["b"]).startswith("line 1, column ")
    assert str(faults["c"]) == "one select is expected, and nothing else"


def test_a_circle_is_told_with_its_views() -> None:
    with pytest.raises(SqlError, match=r"circle: (a reads b reads a|b reads a reads b)"):
        parsed({"a": "select * from b", "b": "select * from a"})


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select nowish() as x from stg_users", "nowish() is not among the functions"),
        ("select current_date() as x from stg_users", "the same batch must give the same rows"),
        ("select lenght(payload) as x from stg_users", "length() is meant?"),
        ("select collect_list(order_id) as x from stg_orders", "arrays are no columns"),
        ("select usr_id from stg_users", "there is no column usr_id; user_id is meant?"),
        ("select u.amount from stg_users as u", "u has no column amount"),
        ("select user_id from stg_users, stg_orders", "user_id stands in stg_users and stg_orders"),
        ("select * from stg_user", "there is no relation stg_user"),
        ("select order_id + 1 as x from stg_orders", "+: a number is needed, not string"),
        ("select * from stg_orders where order_id = 1", "string beside int"),
        ("select count(*) from stg_orders", "column 1 has no name"),
        ("select null as x from stg_orders", "null has no type"),
        ("select * from stg_orders limit 3", "limit without order by"),
        ("select user_id, user_id from stg_orders", "two columns are called user_id"),
        ("select explode(payload) as x from stg_users", "explode() is not possible"),
        ("select row_number() as x from stg_users", "row_number() needs over"),
        ("select x from stg_users lateral view explode(payload) t as x", "lateral view"),
        ("select user_id as x from stg_users union all select order_id from stg_orders", "union"),
        ("select max(at) - min(at) as x from stg_users", "datediff(end, start)"),
        ("select * from stg_users tablesample (10 percent)", "same rows each time"),
        ("select cast(payload as timestamp) as x from stg_users", "in the contract"),
        ("select first(payload) as x from stg_users", "which row it takes is not fixed"),
        ("delete from stg_users", "one select is expected"),
        ("select user_id in (select user_id from stg_orders) as x from stg_users", "use exists"),
        ("select * from stg_users natural join stg_orders", "write on or using"),
        ("select a.b.c as x from stg_users", "by `source`"),
        ("select user_id::int as x from stg_users", "`::` is no Spark SQL"),
        ("select user_id, from stg_users", "line 1: a comma stands before 'from'"),
        ("with a as (select 1 as x),\nselect x from a", "line 1: a comma stands before 'select'"),
        ("select count(user_id,) as x from stg_users", "a comma stands before ')'"),
        ("select current_date as x from stg_users", "the same batch must give the same rows"),
        ("select try_cast(payload as int) as x from stg_users", "use cast, which gives null"),
        ("select * from stg_users where payload rlike '(?i)a'", "is read differently at '?i)a'"),
        ("select * from stg_users where payload rlike 'a++'", "is read differently at '+'"),
        ("select * from stg_users where payload ilike 'a'", "use lower(…) like"),
        ("select round(amount, -1) as x from stg_orders", "0 to 18"),
    ],
)
def test_what_the_engines_would_not_answer_alike_is_refused(sql: str, told: str) -> None:
    assert told in refusal(sql)


def test_an_error_names_the_line() -> None:
    sql = "select\n    user_id,\n    upper(\n        nowish(payload)) as x\nfrom stg_users"
    assert refusal(sql).startswith("line 4: nowish() is not among")
    assert refusal("select 1 as x\nfrom\n  stg_user").startswith("line 3: there is no relation")


def test_types_are_spark_s_through_joins_groups_and_unions() -> None:
    sql = """
    with spent as (
        select user_id, sum(amount) as total, avg(amount) as mean, count(*) as n
        from stg_orders group by user_id
    )
    select users.user_id, `order`, coalesce(total, 0) as total, mean, total / n as each,
        n / 2 as half, payload, row_number() over (order by total desc, n) as place
    from stg_users as users left join spent using (user_id)
    union all
    select 1, 2, 3, 4, 5, 6, 'x', 7
    """
    assert list(columns_of(parse(sql.replace("users.user_id", "user_id")), RELATIONS).items()) == [
        ("user_id", "bigint"),
        ("order", "int"),
        ("total", "decimal(22,2)"),
        ("mean", "decimal(16,6)"),
        ("each", "decimal(38,18)"),
        ("half", "double"),
        ("payload", "string"),
        ("place", "int"),
    ]


def test_names_that_are_words_of_sql_are_quoted_and_run() -> None:
    sql = "select `order`, at, `order` + 1 as `select` from stg_users as `group` where `order` > 1"
    with duckdb.connect() as connection:
        for macro in MACROS:
            connection.execute(macro)
        connection.execute(
            'create table stg_users (user_id bigint, "at" timestamp, "order" int, payload varchar)'
        )
        connection.execute("insert into stg_users values (1, '2026-01-01', 7, '{}')")
        found = connection.sql(to_duckdb(sql, RELATIONS))
        assert found.columns == ["order", "at", "select"]
        assert found.fetchall()[0][2] == 8


def test_a_name_that_an_alias_takes_still_means_the_column() -> None:
    sql = "select user_id, sum(amount) as amount from stg_orders where amount > 1 group by user_id"
    assert "stg_orders.amount > 1" in to_duckdb(sql, RELATIONS)
