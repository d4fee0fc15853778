"""First code of a job's process: runs the script as `__main__`, and ends with the server.

Called as `python bootstrap.py script.py --ARG value …`. Its standard input is a
pipe that the server holds open: at its end the process ends, and Spark's JVM,
which holds a pipe to this process, with it.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def _end_with_server(server: int) -> None:
    os.read(server, 1)
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    """Hides what Glue would not have, then becomes the script."""
    server = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    threading.Thread(target=_end_with_server, args=(server,), daemon=True).start()
    hidden = set(filter(None, os.environ.pop("JOB_HIDDEN_PATHS", "").split(os.pathsep)))
    own_folder = sys.path.pop(0)
    sys.path[:] = [entry for entry in sys.path if entry not in hidden and entry != own_folder]
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
