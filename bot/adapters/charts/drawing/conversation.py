"""What is said between the bot and this process, and how this process keeps within its bounds.

Asked on the standard input: a length (four bytes, the highest first) and JSON that says its `kind`. Answered
on the standard output: a letter, a length and a PNG (`P`), or what is wrong with the chart (`R`, refused), or
with the drawing (`F`, failed), without repeating anything of the chart.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import struct
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import budget
import incidents
import lines
import reviews

KINDS: Mapping[str, Callable[[Any], Callable[[], bytes]]] = {
    "budget": budget.asked,
    "incidents": incidents.asked,
    "lines": lines.asked,
    "reviews": reviews.asked,
}
"""By kind: what checks that a chart is one, and returns what draws it."""

LARGEST_ASKED = 1_000_000
LONGEST_SECONDS = 30
"""Whoever asked is gone by then, or has been killed: no process stays behind."""

MOST_MEMORY = 1 << 30
"""Of addresses: what wants more fails, and not the machine."""

ENOUGH_MEMORY = 200 << 20
"""Resident. Whatever it was that needed so much: a new process needs less."""

_LENGTH, _ANSWER = struct.Struct(">I"), struct.Struct(">cI")
_NO_CONVERSATION = 2


def converse() -> int:
    """Answer until nobody asks any more. Returns the exit code."""
    answers = _kept_for_answers()
    _keep_within_bounds()
    while head := sys.stdin.buffer.read(_LENGTH.size):
        asked = _rest(sys.stdin.buffer, head)
        if asked is None:
            return _NO_CONVERSATION
        signal.alarm(LONGEST_SECONDS)
        letter, said = answer(asked)
        answers.write(_ANSWER.pack(letter, len(said)) + said)
        answers.flush()
        signal.alarm(0)
        gc.collect()  # figures refer to themselves
        if _resident() > ENOUGH_MEMORY:
            break
    return 0


def answer(asked: bytes) -> tuple[bytes, bytes]:
    """The letter and what belongs to it."""
    try:
        given = json.loads(asked)
        draw = KINDS[given["kind"]](given)
    except (ValueError, KeyError, TypeError) as error:
        return b"R", f"this is no chart: {type(error).__name__}".encode()
    try:
        return b"P", draw()
    except Exception as error:  # noqa: BLE001 - the process goes on with the next chart
        last = traceback.extract_tb(error.__traceback__)[-1]
        return b"F", f"{type(error).__name__} in {last.filename}:{last.lineno}".encode()


def _kept_for_answers() -> BinaryIO:
    """The standard output, out of the reach of whatever else prints."""
    kept = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return kept


def _keep_within_bounds() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the bot, which ends this one
    with suppress(ValueError, OSError):  # where the system knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    warnings.simplefilter("ignore")  # nobody reads them
    gc.freeze()


def _rest(stream: BinaryIO, head: bytes) -> bytes | None:
    """What follows its length; None where that cannot be."""
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    asked = stream.read(length) if length <= LARGEST_ASKED else b""
    return asked if len(asked) == length else None


def _resident() -> int:
    """The most memory that it has had. Bytes.

    Linux' getrusage counts that of the process before it, too, which became this one: a large bot's.
    """
    with suppress(OSError), Path("/proc/self/status").open() as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
