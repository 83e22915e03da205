"""Which runbook is meant: by its name, its service, a tag, or words that it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.guide import Guide, Runbook
from bot.domain.nearest import closest


class Match(IntEnum):
    """Why one is found, the best reason first."""

    NAME = 0
    BEGINS = 1
    SERVICE = 2
    TAG = 3
    TITLE = 4
    TEXT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A runbook that fits, and why."""

    runbook: Runbook
    match: Match


def ranked(guide: Guide, words: str, texts: Mapping[str, str] | None = None) -> tuple[Found, ...]:
    """What fits, best first, in the guide's order among equals. `texts` are runbooks' own, by key."""
    typed = _plain(words)
    if not typed:
        return ()
    services = _services(guide)
    found = (
        (book, _match(typed, book, services.get(book.key, ()), (texts or {}).get(book.key)))
        for book in guide.runbooks.values()
    )
    fitting = [Found(runbook=book, match=match) for book, match in found if match is not None]
    return tuple(sorted(fitting, key=lambda one: one.match))


def named(guide: Guide, words: str) -> Runbook | None:
    """The one that is called so exactly: its key, its title, or its file."""
    best = ranked(guide, words)
    return best[0].runbook if best and best[0].match is Match.NAME else None


def nearest_books(guide: Guide, words: str, most: int = 3) -> tuple[Runbook, ...]:
    """Those that are called most like it, to be offered."""
    called = {name: book.key for book in guide.runbooks.values() for name in (book.title, book.key)}
    return tuple(guide.runbooks[key] for key in closest(words, called, most))


def _match(typed: str, book: Runbook, services: Iterable[str], text: str | None) -> Match | None:
    return next((match for match, fits in _reasons(typed, book, services, text) if fits), None)


def _reasons(
    typed: str, book: Runbook, services: Iterable[str], text: str | None
) -> Iterator[tuple[Match, bool]]:
    names = [_plain(one) for one in (book.key, book.title, book.file, book.file.rpartition(".")[0])]
    yield Match.NAME, typed in names
    yield Match.BEGINS, any(name.startswith(typed) for name in names)
    yield Match.SERVICE, any(name.startswith(typed) for name in services)
    yield Match.TAG, any(_plain(tag).startswith(typed) for tag in book.tags)
    yield Match.TITLE, _holds(f"{names[1]} {names[0]}", typed)
    yield Match.TEXT, text is not None and _holds(_plain(text), typed)


def _holds(text: str, typed: str) -> bool:
    return all(word in text for word in typed.split())


def _services(guide: Guide) -> Mapping[str, list[str]]:
    """What the services are called whose runbook it is, by the runbook's key.

    The one that stands in where a service has none of its own belongs to no service.
    """
    called: dict[str, list[str]] = {}
    for service in guide.services.values():
        if service.runbook != guide.defaults.runbook:
            called.setdefault(service.runbook, []).extend((_plain(service.key), _plain(service.title)))
    return called


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
