"""How values of the domain are written into columns, and read again."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from bot.domain.actor import Actor
from bot.domain.path import Path, Rung

_MILLISECOND = timedelta(milliseconds=1)


def actor_of(actor_id: str | None, name: str | None) -> Actor | None:
    """A person, where both columns are set."""
    return None if actor_id is None or name is None else Actor(id=actor_id, name=name)


def person(column: str, someone: Actor | None) -> dict[str, str | None]:
    """The columns that keep somebody, or nobody."""
    return {
        f"{column}_id": someone.id if someone else None,
        f"{column}_name": someone.name if someone else None,
    }


def json_number(number: float | None) -> float | str | None:
    """A number for JSON, which has no infinities: those are written as Python writes them."""
    return number if number is None or math.isfinite(number) else str(number)


def number_of(written: float | str | None) -> float | None:
    """The number of `json_number`."""
    return None if written is None else float(written)


def path_values(path: Path) -> dict[str, Any]:
    """A path as JSON."""
    return {
        "rungs": [[rung.tier, rung.title] for rung in path.rungs],
        "response_ms": milliseconds(path.response),
        "pages": path.pages,
        "repeats": path.repeats,
        "at_once": path.at_once,
        "escalates": path.escalates,
    }


def path_of(values: dict[str, Any]) -> Path:
    """The path of `path_values`."""
    return Path(
        rungs=tuple(Rung(tier=tier, title=title) for tier, title in values["rungs"]),
        response=length(values["response_ms"]),
        pages=values["pages"],
        repeats=values["repeats"],
        at_once=values["at_once"],
        escalates=values["escalates"],
    )


def milliseconds(length: timedelta | None) -> int | None:
    """A length of time in milliseconds."""
    return None if length is None else length // _MILLISECOND


def length(milliseconds: int | None) -> timedelta | None:
    """The length of time of `milliseconds`."""
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)
