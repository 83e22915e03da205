"""Threads for a client that can only block."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

R = TypeVar("R")
T = TypeVar("T")


class BlockingThreads(Generic[R]):
    """At most `count` threads, started when needed, each with a resource that no other thread touches.

    They are daemons: unlike those of a ThreadPoolExecutor, which the interpreter joins at its end, one
    that hangs in a system call (name resolution knows no timeout) never keeps the process alive.
    `submit` and `close` belong to one thread, the event loop's.
    """

    def __init__(
        self, open_resource: Callable[[], AbstractContextManager[R]], *, name: str, count: int
    ) -> None:
        self._open_resource = open_resource
        self._name = name
        self._count = count
        self._jobs: queue.SimpleQueue[Callable[[R], None] | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []
        self._waiting: set[Future[object]] = set()
        self._closed = False

    def submit(self, work: Callable[[R], T]) -> Future[T]:
        """Have `work` done with a thread's resource. Cancelling the future stops what has not begun."""
        if self._closed:
            raise RuntimeError(f"{self._name} is closed")
        future: Future[T] = Future()
        self._waiting.add(future)  # type: ignore[arg-type]  # held to be cancelled, never to be set
        future.add_done_callback(self._waiting.discard)
        self._jobs.put(lambda resource: _run(work, resource, future))
        if not self._idle.acquire(blocking=False) and len(self._threads) < self._count:
            self._start()
        return future

    def close(self, within: float) -> bool:
        """Drop what has not begun, and wait up to `within` seconds for the rest. Whether all has ended."""
        self._closed = True
        for future in tuple(self._waiting):
            future.cancel()
        for _ in self._threads:
            self._jobs.put(None)
        deadline = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _start(self) -> None:
        thread = threading.Thread(
            target=self._work, name=f"{self._name}-{len(self._threads) + 1}", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        with self._open_resource() as resource:
            while (job := self._jobs.get()) is not None:
                job(resource)
                del job  # else the last job's page stays in memory until the next
                self._idle.release()


def _run(work: Callable[[R], T], resource: R, future: Future[T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work(resource)
    except BaseException as error:  # noqa: BLE001 - handed to whoever awaits the future
        future.set_exception(error)
    else:
        future.set_result(result)
