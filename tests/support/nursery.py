"""Bots that start at once: `python -m tests.support.nursery SOCKET` imports everything, and is forked.

Importing takes most of a start, and tests kill hundreds of bots. What a fork then does is what
`tests.support.killable` does. On each connection comes one line of JSON (arguments, environment, log);
back come the bot's process id, and once it has ended its exit code, negative for a signal. A bot whose
connection is closed ends, so that none outlives its test.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parent.parent.parent
_READY = b"ready\n"
_LEFT_ALONE = 1


class Nursed:
    """One bot that was started: its process, and its end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pid: int) -> None:
        self.exit_code: int | None = None
        self._pid = pid
        self._writer = writer
        self._watch = asyncio.get_running_loop().create_task(self._until_end(reader))

    @classmethod
    async def start(
        cls, nursery: Path, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path
    ) -> Nursed:
        """Start `tests.support.killable` with `arguments`; its output goes on in `log`."""
        reader, writer = await asyncio.open_unix_connection(nursery)
        wanted = {"arguments": list(arguments), "environment": dict(environment), "log": str(log)}
        writer.write(json.dumps(wanted).encode() + b"\n")
        return cls(reader, writer, int(await reader.readline()))

    @property
    def running(self) -> bool:
        """Whether the process is there, as far as was heard."""
        return self.exit_code is None

    async def ended(self) -> int:
        """Wait until the process has ended; its exit code."""
        return await asyncio.shield(self._watch)

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.running:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)

    async def _until_end(self, reader: asyncio.StreamReader) -> int:
        self.exit_code = int(await reader.readline())
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
        return self.exit_code


@contextmanager
def running_nursery() -> Iterator[Path]:
    """A nursery for as long as the block runs; yields its socket."""
    with tempfile.TemporaryDirectory(prefix="opsbot-nursery-") as folder:
        path = Path(folder) / "socket"
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.support.nursery", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == _READY, "the nursery does not start"
            yield path
            process.terminate()


def main() -> None:
    """Fork a bot a connection, until the parent is gone."""
    _import_everything()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who look after one bot each are not waited for
        os.write(sys.stdout.fileno(), _READY)
        while sys.stdin not in select.select([sys.stdin, listener], [], [])[0]:
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    listener.close()
                    _look_after(connection)


def _import_everything() -> None:
    import asyncpg  # noqa: F401, PLC0415 - what a start imports late
    import holidays.countries.united_states  # noqa: F401, PLC0415

    import bot.adapters.pagerduty  # noqa: F401, PLC0415
    import storage.postgresql  # noqa: PLC0415
    import storage.sqlite  # noqa: F401, PLC0415
    import tests.support.killable  # noqa: F401, PLC0415


def _look_after(connection: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    wanted = json.loads(connection.makefile().readline())
    pid = os.fork()
    if pid == 0:
        _be_the_bot(connection, wanted)
    connection.sendall(b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):
        connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _be_the_bot(connection: socket.socket, wanted: dict[str, Any]) -> None:
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(wanted["environment"])
    threading.Thread(target=_end_with_test, args=(connection,), name="leash", daemon=True).start()
    from tests.support.killable import main as run  # noqa: PLC0415 - imported before the fork

    code = 1
    try:
        code = run(wanted["arguments"])
    finally:
        sys.stderr.flush()
        os._exit(code)


def _end_with_test(connection: socket.socket) -> None:
    with suppress(OSError):
        while connection.recv(1):
            pass
    os._exit(_LEFT_ALONE)


if __name__ == "__main__":
    main()
