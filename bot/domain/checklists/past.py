"""Runs as a list of what was: newest first."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.checklists.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One run in a list, and where its card stands. `title` is what its checklist is called among others.

    Who took part (`names`) and who wanted it (`asked_by`) are told where its texts may be read.
    """

    run: Run
    title: str
    names: tuple[str, ...] = ()
    asked_by: str | None = None
    url: str | None = None


def people_of(run: Run) -> tuple[str, ...]:
    """The names of those who settled an item of it, each once, in the order of the items."""
    there = (item.by for item in run.items if item.by is not None and not item.is_open)
    return tuple({one.id: one.name for one in there}.values())
