"""The engines behind the gate: how each is started, and how one learns what became of a run.

`door` says what an engine must answer and starts an attempt of a claim, `choice` decides which
engine a claim gets. `glue` is Spark, whose runs AWS Glue lists; `function` is DuckDB in one Lambda
function, whose runs nobody lists: there the fence says who works, the heartbeat that it lives, and
the report how it ended.
"""
