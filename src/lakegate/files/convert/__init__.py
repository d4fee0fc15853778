"""Turns files as people have them into JSON Lines: a chain of small stages over streams of bytes.

Inflate, decode, find the shape, split, write. No stage holds more than a record and a chunk, none
parses a number, and what is broken in one record stays in its line for the judge of lines.
"""
