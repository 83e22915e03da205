"""Runbooks in a folder beside the guide: never outside it, whatever a link in it says."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from pathlib import Path

from typing_extensions import override

from bot.adapters.runbooks.source import Source, text_of
from bot.adapters.threads import BlockingThreads
from bot.domain.guide import Runbook
from bot.domain.runbooks.markdown import SIZE_LIMIT
from bot.ports.failures import PermanentFailure

_CLOSE_SECONDS = 0.5


class Folder(Source):
    """Reads files in threads of their own: a disk that hangs keeps nobody waiting, nor the process alive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = BlockingThreads(lambda: nullcontext(folder), name="runbooks", count=2)

    @override
    async def read(self, runbook: Runbook) -> str:
        return await asyncio.wrap_future(self._threads.submit(lambda folder: _text(folder, runbook.file)))

    @override
    async def aclose(self) -> None:
        self._threads.close(_CLOSE_SECONDS)


def _text(folder: Path, name: str) -> str:
    """A file's text. Raises PermanentFailure in words that name no path outside the guide."""
    try:
        root = folder.resolve(strict=True)
    except (OSError, RuntimeError):
        raise PermanentFailure(f"There is no folder {folder.name} beside the guide.") from None
    try:
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root) or not path.is_file():  # a device or a pipe is no file, either
            raise PermanentFailure(f"{name} is no file within the runbooks' folder.")
        with path.open("rb") as file:
            return text_of(file.read(SIZE_LIMIT + 1), name)
    except FileNotFoundError:
        raise PermanentFailure(f"{name} is not in the runbooks' folder.") from None
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "its links go in a circle"
        raise PermanentFailure(f"{name} cannot be read: {why}.") from None
