"""Real programs that tests need: found, or the test is skipped and says what to install."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def real_program(*names: str, package: str) -> str:
    """The path of the first of these programs that is installed; `package` is Debian's name of what has it.

    Without one the test is skipped, or fails where OPSBOT_REAL_PARTS is `required`.
    """
    return installed(*names) or do_without(how_to_get(names[0], package=package))


def do_without(why: str) -> NoReturn:
    """Skip the test, saying why; where OPSBOT_REAL_PARTS is `required`, fail it."""
    if os.environ.get("OPSBOT_REAL_PARTS") == "required":
        pytest.fail(why)
    pytest.skip(why)


def installed(*names: str) -> str | None:
    """The path of the first of these programs that is there."""
    return next(filter(None, map(shutil.which, names)), None)


def how_to_get(name: str, *, package: str) -> str:
    """What to tell who lacks a program."""
    return f"{name} is not installed: apt-get install {package}"
