"""Mutants of the engines: how attempts are started, and what is told of them."""

from __future__ import annotations

from scripts.mutating.mutant import Mutant

DOOR = "lakegate/ledger/engines/door.py"
GLUE = "lakegate/ledger/engines/glue.py"
FUNCTION = "lakegate/ledger/engines/function.py"
CHOICE = "lakegate/ledger/engines/choice.py"
HEARTBEAT = "lakegate/ledger/engines/heartbeat.py"

MUTANTS = (
    Mutant(
        "a refused start keeps its claim",
        DOOR,
        "claims.change(store, stored, claims.released(claim))",
        "pass",
    ),
    Mutant("a refusal is swallowed", DOOR, "if answer.error is not None:", "if False:"),
    Mutant(
        "an older attempt's run stays recorded",
        DOOR,
        "if stored.record.attempt >= claim.attempt or",
        "if True or",
    ),
    Mutant("StartJobRun is retried by the SDK", "lakegate/aws/clients.py", "tries=1)", "tries=3)"),
    Mutant(
        "a lost answer is not looked up",
        GLUE,
        "for run in listed(self.starter, self.job, pages=1):",
        "for run in ():",
    ),
    Mutant(
        "an uncertain error is a refusal",
        GLUE,
        "if code not in UNCERTAIN and status < 500:",
        "if True:",
    ),
    Mutant("any run is the lost one", GLUE, "== (revision, str(attempt))", "is not None"),
    Mutant("only the first page is read", GLUE, "        if not token:\n", "        if True:\n"),
    Mutant(
        "a stale claim is taken over without asking Glue",
        GLUE,
        "or self._of(claim, anew=True):",
        "or False:",
    ),
    Mutant(
        "a fresh claim is taken over",
        GLUE,
        "if not claims.is_stale(claim, self.clock(), patience) or",
        "if False or",
    ),
    Mutant(
        "a live run is followed by another",
        GLUE,
        'if any(item["JobRunState"] in LIVE_STATES for item in attempts):',
        "if False:",
    ),
    Mutant("the fence's winner is not asked about", GLUE, "if fence is not None:", "if False:"),
    Mutant(
        "a run that Glue does not list yet is given up",
        GLUE,
        ".total_seconds() <= patience:",
        ".total_seconds() < 0:",
    ),
    Mutant(
        "a call that waits for its answer",
        FUNCTION,
        'InvocationType="Event"',
        'InvocationType="RequestResponse"',
    ),
    Mutant("a throttled call is a refusal", FUNCTION, "in NO_ROOM:", "in ():"),
    Mutant(
        "an event that waits is sent again and again",
        FUNCTION,
        "wait = max(patience, QUEUED_SECONDS) if taken else patience",
        "wait = patience",
    ),
    Mutant(
        "an event that was lost is never sent again",
        FUNCTION,
        "return UNSTARTED if claims.is_stale(claim, self.clock(), wait) else LIVE",
        "return LIVE",
    ),
    Mutant(
        "a run with signs of life is given up",
        FUNCTION,
        "if self._since(last) <= SILENT_SECONDS:",
        "if False:",
    ),
    Mutant(
        "heartbeats are not heeded",
        FUNCTION,
        "last = beat.record.at if beat else fence.record.fenced_at",
        "last = fence.record.fenced_at",
    ),
    Mutant(
        "a silent run is waited for for ever",
        FUNCTION,
        "if self._since(last) <= SILENT_SECONDS:",
        "if True:",
    ),
    Mutant(
        "another attempt's report ends this one",
        FUNCTION,
        'told[0].get("run_id") == run_id',
        "True",
    ),
    Mutant("a report is not read", FUNCTION, 'if report.get("state") in ENDED:', "if False:"),
    Mutant("auto takes what is too large", CHOICE, "<= contract.auto_max_bytes", "> 0"),
    Mutant("nothing escalates", CHOICE, 'claim.engine_by == "auto" and too_small', "False"),
    Mutant("everything escalates", CHOICE, " and too_small", ""),
    Mutant(
        "what was too large for DuckDB is tried again",
        CHOICE,
        'if claim.engine_by == "escalation":',
        "if False:",
    ),
    Mutant(
        "heartbeats are written on no condition",
        HEARTBEAT,
        "etag = self.store.put(key, record, self._etag)",
        "etag = self.store.s3.put_object(Bucket=self.store.bucket, Key=key, "
        "Body=__import__('json').dumps(codec.encode(record)))['ETag']",
    ),
    Mutant(
        "one missed heartbeat ends them all",
        HEARTBEAT,
        'log.warning("heartbeat missed", extra={"batch": self.batch, "run_id": self.run_id})',
        "return",
    ),
)
