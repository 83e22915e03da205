"""One process per SQLite file: a lock that the operating system gives back when the process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.refusal import StoreBusy


class FileLock:
    """Held from its creation until `release`. Raises StoreBusy where another process has it."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + ".lock")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 32).decode(errors="replace").strip()
            os.close(self._file)
            who = f" (process {holder})" if holder else ""
            raise StoreBusy(
                f"{database} is in use by another opsbot{who}. One SQLite file serves one process: stop the "
                "other, or set DATABASE_URL to PostgreSQL to run several."
            ) from None
        os.truncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let the next process in. The file stays: removing it would let two processes hold two locks."""
        os.close(self._file)
