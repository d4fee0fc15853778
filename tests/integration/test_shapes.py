"""Files in every shape, on the shared stack, whose runs are Spark's."""

from __future__ import annotations

import pytest

from tests.integration.conftest import World
from tests.integration.own import shapes
from tests.integration.own.cases import Stand

pytestmark = pytest.mark.stack
LAYERS = ("bronze", "silver", "gold", "quarantine", "control")


def test_every_shape_of_a_file_gives_spark_the_same_rows(world: World) -> None:
    buckets = {layer: world.outputs[f"{layer}_bucket"] for layer in LAYERS}
    shapes.give_the_same_rows(Stand(world.clients.s3, buckets))
