"""Operate the lake: what data functions read, what commands print, and the pages made of both."""
