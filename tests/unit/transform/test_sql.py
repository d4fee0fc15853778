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


ROLLING = "select sum(`order`) over (order by {} range between {}) as x from stg_users"
OF_USER = "(select {} from stg_orders as o where o.user_id = u.user_id)"


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
        ("select left(payload, 1) as x from stg_users where payload like 'a\\\\b'", "like: \\"),
        ("select split_part(payload, ',', 0) as x from stg_users", "from 1 or from -1 on"),
        ("select split_part(payload, '', 1) as x from stg_users", "a separator"),
        ("select lpad(payload, 5, '') as x from stg_users", "something must stand"),
        ("select date_add(at, user_id) as x from stg_users", "must be int, not bigint"),
        ("select unix_date(at) as x from stg_users", "must be date only, not timestamp"),
        (
            "select unix_micros(cast(at as date)) as x from stg_users",
            "must be timestamp only, not date",
        ),
        ("select date_format(at, 'MMMM') as x from stg_users", "not 'M'"),
        ("select date_format(at, '') as x from stg_users", "a pattern is needed"),
        ("select extract(second from at) as x from stg_users", "use second()"),
        ("select greatest(user_id) as x from stg_users", "not 1 arguments"),
        ("select if(user_id > 1, 1) as x from stg_users", "not 2 arguments"),
        ("select lag(`order`, 1, 1.5) over (order by at) as x from stg_users", "default to int"),
        (
            "select cast(1 as decimal(38,0)) % cast(1 as decimal(38,10)) as x from stg_users",
            "more than 38 digits",
        ),
        ("select abs(null) as x from stg_users", "abs: null has no type here"),
        ("select date_add(null, 1) as x from stg_users", "date_add: null has no type here"),
        ("select regexp_replace(payload, 'a', '$1') as x from stg_users", "no group 1; $0"),
        (
            "select\nuser_id as größe from stg_users",
            "line 2: a name like größe stands in backticks",
        ),
        ("select nullif(payload, 0) as x from stg_users", "string beside int"),
        ("select percentile(user_id, -0.1) as x from stg_users", "from 0 to 1"),
        ("select regexp_extract(payload, 'a') as x from stg_users", "no group 1"),
        ("select regexp_extract(payload, '(a*)+', 1) as x from stg_users", "may be nothing: (a*)"),
        ("select payload rlike '(a' as x from stg_users", "missing )"),
        ("select payload rlike 'a)' as x from stg_users", "unbalanced parenthesis"),
        ("select payload rlike '[z-a]' as x from stg_users", "bad character range"),
        ("select payload rlike '(?:)a' as x from stg_users", "may be nothing"),
        ("select cast(user_id as text) as x from stg_users", "text is no type here: string"),
        ("select cast(user_id as\nvarchar) as x from stg_users", "line 2: varchar is no type"),
        ("select cast(user_id as string(3)) as x from stg_users", "string is no type here"),
        ("select cast(user_id as double precision) as x from stg_users", "is no type here"),
        ("select 1e400 as x from stg_users", "more than a double can hold"),
        ("select case when null then 1 else 2 end as x from stg_users", "a condition is needed"),
        ("select user_id as x from stg_users where null", "NULL: a condition is needed, not void"),
        ("select count(*) filter (where null) as x from stg_users", "filter: a condition"),
        ("select payload || user_id + 1 as x from stg_users", "write brackets"),
        ("select payload like 'a' = true as x from stg_users", "write brackets"),
        ("select true = user_id in (1) as x from stg_users", "write brackets"),
        ("select rank() over (partition by at) as x from stg_users", "rank() needs an order by"),
        ("select sum(user_id) over (rows 1 preceding) as x from stg_users", "needs an order by"),
        ("select count(distinct at) over () as x from stg_users", "distinct … over"),
        ("select sum(user_id) filter (where true) over () as x from stg_users", "filter … over"),
        (ROLLING.format("cast(at as date)", "interval 6 days preceding and current row"), "6 prec"),
        (ROLLING.format("user_id", "interval 1 day preceding and current row"), "not bigint"),
        (ROLLING.format("at, user_id", "interval 1 day preceding and current row"), "one key"),
        (ROLLING.format("at", "interval -1 day preceding and current row"), "interval 1 day"),
        (ROLLING.format("at", "interval 1 day 2 hours preceding and current row"), "interval 1 da"),
        (
            "select sum(user_id) over (order by at rows interval 1 day preceding) as x "
            "from stg_users",
            "range between",
        ),
        ("select distinct at as x from stg_users order by user_id", "it is not in the list"),
        ("select distinct u.at as x from stg_users as u order by u.at", "it is not in the list"),
        ("select distinct u.at as at from stg_users as u order by u.at", "it is not in the list"),
        (
            "select distinct lower(payload) as x from stg_users order by lower(payload)",
            "it is not in the list",
        ),
        (
            "select (select o.amount from stg_orders as o where o.user_id = u.user_id) as x "
            "from stg_users as u",
            "must be one aggregate",
        ),
        (
            "select (select max(o.amount) from stg_orders as o where o.user_id = u.user_id "
            "limit 1) as x from stg_users as u",
            "must be one aggregate",
        ),
        (
            "select u.user_id, (select max(o.amount) from stg_orders as o where o.user_id = "
            "u.user_id) as x from stg_users as u group by u.user_id",
            "stands beside an aggregate",
        ),
        (f"select at from stg_users as u order by {OF_USER.format('max(o.amount)')}", "order by"),
        (
            "select p.at from stg_users as p join stg_users as u on p.user_id > "
            + OF_USER.format("max(o.amount)"),
            "in the on of a join",
        ),
        (
            "select (select max(o.amount) filter (where o.user_id = u.user_id) from "
            "stg_orders as o) as x from stg_users as u",
            "in its where only",
        ),
        (f"select at from stg_users as u order by exists {OF_USER.format('1')}", "in order by"),
        (
            "select p.at from stg_users as p join stg_users as u on exists " + OF_USER.format("1"),
            "in the on of a join",
        ),
        (f"select {OF_USER.format('max(o.amount) + u.user_id')} as x from stg_users as u", "where"),
        (f"select {OF_USER.format('max(o.amount + u.user_id)')} as x from stg_users as u", "where"),
        ("select left(payload, 'a') as x from stg_users", "left: 'a' is no whole number"),
        ("select right(payload, 1.5) as x from stg_users", "right: '1.5' is no whole number"),
        ("select split_part(payload, ',', 1.5) as x from stg_users", "is no whole number"),
        ("select substring(payload, 'a', 1) as x from stg_users", "is no whole number"),
        ("select round(amount, 'a') as x from stg_orders", "is no whole number"),
        ("select lpad(payload, 'a', '0') as x from stg_users", "is no whole number"),
        ("select repeat(payload, 1.5) as x from stg_users", "is no whole number"),
        ("select percentile(user_id, 'a') as x from stg_users", "from 0 to 1"),
        (r"select payload rlike '[\\\\w-a]' as x from stg_users", "bad character range"),
        ("select payload rlike '([z-a])+' as x from stg_users", "bad character range"),
        ("select 1 as x from stg_users left join stg_orders using (at)", "both sides need"),
    ],
)
def test_what_the_engines_would_not_answer_alike_is_refused(sql: str, told: str) -> None:
    assert told in refusal(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select distinct u.payload from stg_users as u order by u.payload",
        "select distinct payload from stg_users as u order by lower(U.payload) desc",
        "select distinct u.* from stg_users as u order by u.payload",
        "select distinct u.payload, o.amount from stg_users as u join stg_orders as o "
        "on o.user_id = u.user_id order by o.amount, u.payload limit 10",
        "select distinct u.payload as c, u.at from stg_users as u order by u.at desc, c",
        "select sum(amount) over (partition by user_id rows between unbounded preceding and "
        "unbounded following) as x from stg_orders",
        "select sum(amount) over (partition by user_id range between unbounded preceding and "
        "unbounded following) as x from stg_orders",
        r"select payload rlike '^[\\w-\\.]+@([\\w-]+\\.)+[\\w-]{2,4}$' as x from stg_users",
        r"select regexp_extract(payload, '([\\w-.]+)@', 1) as x from stg_users",
        r"select regexp_replace(payload, '([\\d-.])+', '$1') as x from stg_users",
        ROLLING.format("at", "interval 7 days preceding and current row"),
        ROLLING.format("at desc", "interval '1' month preceding and current row"),
        ROLLING.format("at", "interval 24 hours preceding and interval 24 hours following"),
        ROLLING.format("cast(at as date)", "interval 1 month preceding and current row"),
        ROLLING.format("cast(at as date)", "6 preceding and current row"),
        f"select sum(u.user_id * {OF_USER.format('max(o.amount)')}) as x from stg_users as u",
        f"select u.payload, max({OF_USER.format('max(o.amount)')}) as x from stg_users as u "
        "group by u.payload",
        f"select sum(case when u.user_id > {OF_USER.format('avg(o.amount)')} then 1 else 0 end) "
        "as x from stg_users as u",
        f"select coalesce((({OF_USER.format('sum(o.amount)')})), 0) as x from stg_users as u",
        f"select rank() over (order by {OF_USER.format('sum(o.amount)')}) as x from stg_users as u",
        "select (select max(o.amount) from stg_orders as o where int(u.user_id) = o.user_id) as x "
        "from stg_users as u",
        "select (select max(s.amount) from (select o.amount from stg_orders as o where "
        "o.user_id = u.user_id) as s) as x from stg_users as u",
        "select exists (select 1 from stg_orders as o where o.user_id = u.user_id) as x "
        "from stg_users as u where exists (select 1 from stg_orders as o where o.user_id = "
        "u.user_id)",
        "select substring(payload, 1, user_id) as x from stg_users",
        "select left(payload, '2') as x, right(payload, -1) as y from stg_users",
    ],
)
def test_what_the_engines_answer_alike_is_taken(sql: str) -> None:
    with duckdb.connect() as connection:
        for macro in MACROS:
            connection.execute(macro)
        connection.execute(
            'create table stg_users (user_id bigint, "at" timestamptz, "order" int, payload text);'
            "create table stg_orders (order_id text, user_id bigint, amount decimal(12, 2))"
        )
        connection.execute(to_duckdb(sql, RELATIONS))


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


@pytest.mark.parametrize(
    ("join", "kind"),
    [("join", "bigint"), ("left join", "bigint"), ("right join", "int"), ("full join", "bigint")],
)
def test_a_shared_column_has_the_type_of_the_side_that_is_whole(join: str, kind: str) -> None:
    sql = f"""
    with orders as (select cast(1 as int) as user_id)
    select user_id from stg_users {join} orders using (user_id)
    """
    assert columns_of(parse(sql), RELATIONS) == {"user_id": kind}


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
