"""MiniStack, with Glue's part replaced and its answers corrected at the wire."""
