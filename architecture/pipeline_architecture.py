"""Draws the picture of the architecture: `.venv/bin/python architecture/pipeline_architecture.py`.

Writes an SVG with its icons inside and a PNG beside this file. Needs Graphviz' `dot`.
Every node and every label has its place in a grid, so that a change moves nothing else.
"""

from __future__ import annotations

import base64
import re
import shutil
import sys
from pathlib import Path

from diagrams import Diagram, Edge, Node
from diagrams.aws.analytics import Athena, Glue, GlueDataCatalog
from diagrams.aws.compute import Lambda
from diagrams.aws.general import User
from diagrams.aws.integration import SimpleNotificationServiceSns, SimpleQueueServiceSqs
from diagrams.aws.management import Cloudwatch
from diagrams.aws.security import KeyManagementService
from diagrams.aws.storage import SimpleStorageServiceS3Bucket as Bucket

HERE = Path(__file__).parent
FONT = "Helvetica"
INK, QUIET, PANEL = "#1f2933", "#52606d", "#f5f7fa"
DATA, TROUBLE, LEDGER = "#2f7d4f", "#c53030", "#5a4fcf"
COLUMN, ROW = 1.06, 2.5  # inches

GRAPH = {
    "layout": "neato",
    "splines": "line",
    "overlap": "true",
    "pad": "0.2",
    "bgcolor": "white",
    "fontname": FONT,
}
NODE = {
    "fontname": FONT,
    "fontsize": "17",
    "fontcolor": INK,
    "width": "1.15",
    "height": "1.66",
    "imagepos": "tc",
    "labelloc": "b",
}
EDGE = {"penwidth": "2", "arrowsize": "0.9"}

NOTES = (
    ("put", 1.22, 1.07, DATA),
    ("event", 3.12, 1.07, DATA),
    ("copy,\\nconvert", 5.3, 1.12, DATA),
    ("start once", 6.5, 1.49, LEDGER),
    ("read", 7.7, 1.07, DATA),
    ("write", 10.0, 1.07, DATA),
    ("bad files", 4.85, 1.7, TROUBLE),
    ("bad rows", 8.2, 1.7, TROUBLE),
    ("flip", 9.75, 1.7, LEDGER),
    ("run in use", 11.66, 1.49, LEDGER),
    ("query", 12.5, 2.07, QUIET),
    ("arrivals,\\nclaim", 4.88, 0.48, LEDGER),
    ("fence,\\npublish", 8.08, 0.48, LEDGER),
    ("gave up", 3.65, 0.52, TROUBLE),
    ("ended, retry", 9.55, 0.52, LEDGER),
    ("repair", 7.6, 0.07, LEDGER),
    ("overdue", 10.0, 0.07, TROUBLE),
)


def at(column: float, row: float) -> dict[str, str]:
    """Graphviz' pinned position of a place in the grid."""
    return {"pos": f"{column * COLUMN:.2f},{row * ROW:.2f}!"}


def named(name: str, role: str = "") -> str:
    """A label of two lines: bold name, quiet role."""
    second = f'<font point-size="14" color="{QUIET}">{role or " "}</font>'
    return f"<<b>{name}</b><br/>{second}>"


def note(text: str, column: float, row: float, colour: str) -> None:
    """A label of an arrow."""
    place = at(column, row)
    Node(text, shape="plaintext", fontsize="15", fontcolor=colour, height="0.2", width="0", **place)


def panel(text: str, left: float, right: float, bottom: float, top: float) -> None:
    """A rounded background."""
    Node(
        text,
        shape="box",
        style="rounded,filled",
        color="#cbd2d9",
        fillcolor=PANEL,
        fontcolor=QUIET,
        fontsize="15",
        labelloc="t",
        width=str((right - left) * COLUMN),
        height=str((top - bottom) * ROW),
        **at((left + right) / 2, (bottom + top) / 2),
    )


def draw(target: Path, outformat: str, dpi: int) -> None:
    """Lay out the picture and write it as `<target>.<outformat>`."""
    with Diagram(
        "",
        filename=str(target),
        outformat=outformat,
        show=False,
        graph_attr=GRAPH | {"dpi": str(dpi)},
        node_attr=NODE,
        edge_attr=EDGE,
    ):
        panel("an AWS account, or one process on a laptop", 1.35, 12.25, -0.42, 2.55)

        producer = User(named("producer"), **at(0.3, 1))
        bronze = Bucket(named("bronze", "as uploaded"), **at(2.2, 1))
        validator = Lambda(named("validator", "Lambda"), **at(4.1, 1))
        silver = Bucket(named("silver", "JSON Lines"), **at(6.5, 1))
        job = Glue(named("engine", "Spark or DuckDB"), **at(8.9, 1))
        gold = Bucket(named("gold", "Parquet per run"), **at(11.1, 1))
        quarantine = Bucket(named("quarantine", "rejected, with reasons"), **at(6.5, 2))
        catalog = GlueDataCatalog(named("catalog", "pointer per batch"), **at(11.1, 2))
        readers = Athena(named("readers", "Athena, Spark"), **at(13.4, 2))
        control = Bucket(named("control", "the ledger"), **at(6.5, 0))
        reconciler = Lambda(named("reconciler", "every 5 min"), **at(8.9, 0))
        letters = SimpleQueueServiceSqs(named("dead letters", "redrive"), **at(4.1, 0))
        alarms = Cloudwatch(named("alarms", "late, failed, stuck"), **at(11.1, 0))
        on_call = SimpleNotificationServiceSns(named("on call"), **at(13.4, 0))
        KeyManagementService(named("KMS", "encrypts all"), **at(2.2, 0))

        data, trouble, ledger = Edge(color=DATA), Edge(color=TROUBLE), Edge(color=LEDGER)
        producer >> data >> bronze >> data >> validator >> data >> silver >> data >> job
        job >> data >> gold
        validator >> Edge(color=TROUBLE, headport="w") >> quarantine
        job >> Edge(color=TROUBLE, headport="e") >> quarantine
        validator >> trouble >> letters
        reconciler >> trouble >> alarms >> trouble >> on_call
        validator >> Edge(color=LEDGER, tailport="e", headport="nw") >> control
        job >> Edge(color=LEDGER, tailport="w", headport="ne") >> control
        over_silver = Node("", shape="point", width="0.01", color=LEDGER, **at(6.5, 1.42))
        validator - Edge(color=LEDGER, tailport="ne") - over_silver
        over_silver >> Edge(color=LEDGER, headport="nw") >> job
        reconciler >> ledger >> control
        reconciler >> Edge(color=LEDGER, forward=True, reverse=True) >> job
        job >> Edge(color=LEDGER, headport="w") >> catalog
        catalog >> Edge(color=LEDGER, style="dashed") >> gold
        readers >> Edge(color=QUIET) >> catalog

        for text, column, row, colour in NOTES:
            note(text, column, row, colour)


def embed_icons(svg: Path) -> None:
    """Put the icons into the SVG, which otherwise names files of this machine, and drop its
    titles and comments, which hold random identifiers."""

    def inline(match: re.Match[str]) -> str:
        data = base64.b64encode(Path(match[1]).read_bytes()).decode()
        return f'xlink:href="data:image/png;base64,{data}"'

    text = svg.read_text(encoding="utf-8")
    text = re.sub(r"<title>.*?</title>\n|<!--.*?-->\n?", "", text, flags=re.DOTALL)
    text = text.replace("<g id=", "<title>Architecture of the pipeline</title>\n<g id=", 1)
    svg.write_text(re.sub(r'xlink:href="([^"]+\.png)"', inline, text), encoding="utf-8")


def main() -> None:
    """Draw, or say what is missing."""
    if shutil.which("dot") is None:
        sys.exit("Graphviz' `dot` is missing: apt-get install graphviz, or brew install graphviz")
    target = HERE / "pipeline_architecture"
    draw(target, "svg", 72)
    draw(target, "png", 120)
    embed_icons(target.with_suffix(".svg"))


if __name__ == "__main__":
    main()
