"""The world of the tests of files: the contract of the project and a validator in memory."""

from tests.unit.files.conftest import contract, world

__all__ = ["contract", "world"]
