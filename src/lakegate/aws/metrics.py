"""Metrics printed in CloudWatch's embedded metric format (EMF).

CloudWatch Logs reads EMF only from a log event that is EMF as a whole, so it goes to stdout by
itself and not through the JSON log formatter, which would wrap it into its own object.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Metrics:
    """The metrics of one deployable; `units` names each of them."""

    namespace: str
    units: Mapping[str, str]

    def document(
        self, values: Mapping[str, float], now: datetime, dimensions: Mapping[str, str]
    ) -> str:
        """One EMF document: each metric in total and by each dimension by itself."""
        metrics = [{"Name": name, "Unit": self.units[name]} for name in values]
        described = {
            "Namespace": self.namespace,
            "Dimensions": [[], *([name] for name in dimensions)],
            "Metrics": metrics,
        }
        stamped = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [described]}
        return json.dumps({"_aws": stamped, **dimensions, **values})

    def emit(
        self,
        values: Mapping[str, float],
        now: datetime,
        dimensions: Mapping[str, str] | None = None,
    ) -> None:
        """Print the document as a line of its own."""
        sys.stdout.write(self.document(values, now, dimensions or {}) + "\n")
