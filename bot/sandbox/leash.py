"""Runs a module as `python -m` does, and ends when its parent is gone: `python -m bot.sandbox.leash MODULE`.

The parent holds the other end of standard input. However the parent ends, even by `kill -9`, that end is
closed, which the thread below notices.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading

_PARENT_GONE = 1
_STDIN = 0


def main() -> None:
    """Run the module that the arguments name, with the arguments after it."""
    threading.Thread(target=_end_with_parent, name="leash", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    while os.read(_STDIN, 1):
        pass
    os._exit(_PARENT_GONE)


if __name__ == "__main__":
    main()
