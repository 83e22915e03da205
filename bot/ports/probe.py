"""Named points on the way, for tests that kill the process exactly there."""

from __future__ import annotations

from typing import Protocol


class Probe(Protocol):
    """Called with the name of each point that the process reaches."""

    def __call__(self, point: str) -> None:
        """Note that `point` is reached; a test's probe may not return."""


def no_probe(point: str) -> None:
    """Do nothing: what the bot runs with."""
