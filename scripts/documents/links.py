"""For the documentation site: a link that leads out of docs/ becomes the path in the repository."""

from __future__ import annotations

import re
from typing import Any

LINK = re.compile(r"!?\[([^\]]*)\]\(((?:\.\./)+)([^)\s#]+)[^)]*\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The page's text without links that the site cannot follow."""
    depth = page.file.src_uri.count("/")

    def led(match: re.Match[str]) -> str:
        inside = match[2].count("../") <= depth
        return match[0] if inside else f"{match[1]} (`{match[3]}`)"

    return LINK.sub(led, markdown)
