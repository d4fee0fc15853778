"""Parts of a page that are made from code: between `<!-- name -->` and `<!-- end -->`."""

from __future__ import annotations

END = "<!-- end -->"


def written(page: str, **parts: str) -> str:
    """The page with these parts made anew. Raises ValueError where it has no such part."""
    for name, text in parts.items():
        head, start, rest = page.partition(f"<!-- {name} -->\n")
        _, end, tail = rest.partition(END)
        if not end:
            raise ValueError(f"the page has no part {name}")
        page = f"{head}{start}{text.strip()}\n{end}{tail}"
    return page
