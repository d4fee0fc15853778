"""Says what a file holds by its first bytes."""

from __future__ import annotations

from lakegate.contract import Contract
from lakegate.files import sniff
from lakegate.files.convert.chain import Content, unknown
from lakegate.files.convert.shapes import Kind, Shape, find
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected

TO_COME = Shape(Kind.UNKNOWN)


def examined(contract: Contract, dataset: str, head: bytes, size: int) -> Content | Rejected | None:
    """What a file of that size holds, or why it is refused; None if more of it has to be seen.

    The shape of what is compressed or in another encoding shows when it is converted.
    """
    limits = contract.limits
    if sniff.is_gzip(head):
        return Content(TO_COME, compression="gzip")
    encoding = sniff.encoding(head)
    if isinstance(encoding, Rejected):
        return encoding
    least = size - encoding.mark_bytes
    least = least if encoding.codec == "utf-8" else least // 2
    if encoding != sniff.UTF8:
        content: Content | None = Content(TO_COME, encoding.codec, bool(encoding.mark_bytes))
    else:
        whole = len(head) >= size
        shape = find(head, whole, dataset, contract.datasets[dataset], limits.max_line_bytes)
        if shape is not None and shape.kind is Kind.UNKNOWN:
            fault = unknown(head)
            return Rejected(fault.code, fault.detail, 0, 1)
        content = Content(shape) if shape else None
    if content is not None and not content.is_plain and least > limits.max_convert_bytes:
        detail = f"{size} bytes, at most {limits.max_convert_bytes} can be converted"
        return Rejected(Code.TOO_LARGE_TO_CONVERT, detail)
    return content
