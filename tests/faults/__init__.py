"""Tests that try to break the ledger's guarantees."""
