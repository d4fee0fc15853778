"""Parts of a page that are made from code: between `<!-- name -->` and `<!-- end -->`."""

from __future__ import annotations

import re


def written(page: str, **parts: str) -> str:
    """The page with these parts made anew. Raises ValueError where it has no such part."""
    for name, text in parts.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page, count = pattern.subn(lambda at, text=text: f"{at[1]}{text.strip()}\n{at[2]}", page)
        if count != 1:
            raise ValueError(f"the page has {count} parts <!-- {name} -->")
    return page
