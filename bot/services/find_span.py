"""Finds the window or the freeze that a person means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.changes.span import Span, SpanKind
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.text import listed
from bot.ports.store import Transaction

_FAR = timedelta(days=4 * 366)
_MOST_NAMED = 6
_WORDS = {SpanKind.WINDOW: "calendar remove", SpanKind.FREEZE: "unfreeze"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRef:
    """Which one is meant: by identity (a button), by number, or the only one of a kind.

    `said` is the kind that was named with the number: `W3`, `F4`.
    """

    id: str | None = None
    number: int | None = None
    said: SpanKind | None = None
    only: SpanKind = SpanKind.FREEZE


def find_span(tx: Transaction, ref: SpanRef, now: datetime, *, lock: bool = False) -> Span:
    """The one that is meant. Raises NotFoundError and InvalidError."""
    if ref.id is not None:
        found = tx.spans.by_id(ref.id, lock=lock)
        if found is None:
            raise NotFoundError("That is no more on the calendar. `calendar` shows what is.")
        return found
    if ref.number is not None:
        return _numbered(tx, ref.number, ref.said, now, lock=lock)
    standing = tx.spans.between(now, now + _FAR, kind=ref.only)
    if len(standing) != 1:
        raise _not_one(standing, ref.only)
    return _numbered(tx, standing[0].number, None, now, lock=lock)


def _numbered(tx: Transaction, number: int, said: SpanKind | None, now: datetime, *, lock: bool) -> Span:
    found = tx.spans.by_number(number, lock=lock)
    if found is not None and said in {None, found.kind}:
        return found
    letter = "F" if said is SpanKind.FREEZE else "W"
    if found is not None:
        raise _another_kind(tx, found, f"{letter}{number}", said, now)
    standing = tx.spans.between(now, now + _FAR)
    hint = f"On the calendar: {named(standing)}." if standing else "Nothing is on the calendar."
    raise NotFoundError(f"There is no {letter}{number}. {hint}")


def _another_kind(
    tx: Transaction, found: Span, said: str, kind: SpanKind | None, now: datetime
) -> NotFoundError:
    """What the number is, and what there is of the kind that was meant."""
    others = tx.spans.between(now, now + _FAR, kind=kind) if kind else ()
    there = f"The {kind}s are: {named(others)}." if others else f"No {kind} is on the calendar."
    return NotFoundError(f"There is no {said}: {found.label} {found.title} is a {found.kind}. {there}")


def _not_one(standing: Sequence[Span], kind: SpanKind) -> InvalidError | NotFoundError:
    if not standing:
        return NotFoundError(f"No {kind} is on the calendar.")
    example = f"{_WORDS[kind]} {standing[0].label}"
    return InvalidError(
        f"{len(standing)} {kind}s are on the calendar; say which: `{example}`.\nIt may be: {named(standing)}."
    )


def named(spans: Sequence[Span]) -> str:
    """Spans by label and title: everybody may read them."""
    return listed([f"{one.label} {one.title}" for one in spans], _MOST_NAMED)
