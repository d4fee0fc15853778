"""Judges each upload to bronze: what is good goes to silver, what is not leaves a record."""
