"""A stand-in's state in one file: written soon after each change and at the end, read at the start."""

from __future__ import annotations

import asyncio
import io
import pickle
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web
from typing_extensions import override

from bot.sandbox.feed import Feed

VERSION = 1
"""To be raised when what is kept comes to mean something else. Fields that come and go are noticed anyway."""
PAUSE_SECONDS = 0.5
"""Changes that follow one another within this are written together."""
_MARK = "opsbot sandbox"
_OURS = "bot.sandbox."


class UnreadableError(Exception):
    """The file is no state that this version can go on from. The text says why."""


class Keepable(Protocol):
    """A stand-in: its `feed` tells each change; `kept` is all that outlives it, which `restore` takes back.

    What is kept is made of dataclasses of the sandbox and of Python's own plain values.
    """

    @property
    def feed(self) -> Feed:
        """Where every change is told."""
        ...

    def kept(self) -> object:
        """What is to be there again."""
        ...

    def restore(self, kept: Any) -> None:
        """Go on from what was kept."""
        ...


class Keeper:
    """Keeps a stand-in's state in a file. `pause`: seconds from a change until it is written."""

    def __init__(self, path: Path, stand_in: Keepable, *, pause: float = PAUSE_SECONDS) -> None:
        self._path = path
        self._stand_in = stand_in
        self._pause = pause
        self._head = f"{_MARK} {type(stand_in).__name__} {VERSION}"
        self._saved = stand_in.feed.last

    def restore(self) -> None:
        """Go on from the file, if there is one. One that cannot be read is put aside, and stderr told so."""
        try:
            kept = self._read(self._path.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, UnreadableError) as wrong:
            aside = self._path.with_name(f"{self._path.name}.unreadable")
            with suppress(OSError):
                self._path.replace(aside)
            _say(
                f"{self._path} cannot be read: {wrong}. It is put aside as {aside.name}; the start is empty."
            )
            return
        self._stand_in.restore(kept)

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Keep the state for as long as an application runs, and as it is in the end."""
        ended = asyncio.Event()
        keeping = asyncio.get_running_loop().create_task(self._keep(ended))
        yield
        ended.set()
        await keeping
        await self.save()

    async def save(self) -> None:
        """Write the state as it is now. Where that fails, stderr is told, and the file stays as it was."""
        self._saved = self._stand_in.feed.last
        content = self._written()
        try:
            await asyncio.to_thread(_replace, self._path, content)
        except OSError as wrong:
            _say(f"{self._path} cannot be written: {wrong}")

    async def _keep(self, ended: asyncio.Event) -> None:
        # Not cancelled in the end: a thread that still writes would meet the last one at its file.
        while not ended.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await ended.wait()
            if self._stand_in.feed.last != self._saved:
                await self.save()

    def _written(self) -> bytes:
        buffer = io.BytesIO()
        _Writer(buffer, protocol=5).dump(self._stand_in.kept())
        body = buffer.getvalue()
        return f"{self._head} {zlib.crc32(body)}\n".encode() + body

    def _read(self, content: bytes) -> object:
        line, _, body = content.partition(b"\n")
        head, _, checksum = line.decode(errors="replace").rpartition(" ")
        if head != self._head:
            raise UnreadableError(f"it does not begin with {self._head!r}, as this version's would")
        if checksum != str(zlib.crc32(body)):
            raise UnreadableError("it is not whole")
        try:
            return _Reader(io.BytesIO(body)).load()
        except (pickle.UnpicklingError, ImportError, AttributeError) as wrong:
            raise UnreadableError(f"it was written by another version ({wrong})") from wrong


class _Writer(pickle.Pickler):
    """Writes dataclasses by the names of their fields, whatever form Python has for them."""

    @override
    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, type) or not is_dataclass(obj):
            return NotImplemented
        kind: Any = type(obj)
        return _blank, (kind,), {name: getattr(obj, name) for name in _fields(kind)}, None, None, _fill


class _Reader(pickle.Unpickler):
    """Reads what the writer writes, and nothing that would run other code."""

    @override
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if module_name.startswith(_OURS):
            found = super().find_class(module_name, global_name)
            if found in {_blank, _fill} or (isinstance(found, type) and is_dataclass(found)):
                return found
        raise pickle.UnpicklingError(f"{module_name}.{global_name} has no place in it")


@cache
def _fields(kind: type) -> dict[str, Field[Any]]:
    return {each.name: each for each in fields(kind)}


def _blank(kind: type) -> object:
    return object.__new__(kind)


def _fill(made: Any, values: dict[str, Any]) -> None:
    """Set every field. One that is new since then has its default."""
    kind: Any = type(made)
    known = _fields(kind)
    for name in values.keys() - known.keys():
        raise pickle.UnpicklingError(f"{kind.__name__} has no {name}")
    for name, each in known.items():
        object.__setattr__(made, name, values[name] if name in values else _default(made, each))


def _default(made: object, each: Field[Any]) -> Any:
    if each.default_factory is not MISSING:
        return each.default_factory()
    if each.default is not MISSING:
        return each.default
    raise pickle.UnpicklingError(f"{type(made).__name__} came without {each.name}")


def _replace(path: Path, content: bytes) -> None:
    """Put a file in another one's place, whole or not at all; others on the machine cannot read it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a process's log is its stderr
