"""The words of `/checklist` that change something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.text import clean
from handlers.lines import Command
from handlers.words.checklist_numbers import (
    Hear,
    Heard,
    line_about,
    mentioned,
    one_item,
    refuse_others,
    run_and_text,
    several_items,
)
from handlers.words.checklists import checklist_named
from handlers.words.said import first


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginRun:
    """Run a checklist (a key of the guide) now, off schedule."""

    key: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"run {self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItems:
    """They are done. Here and below: `run` None is that of the thread, or the only one. No `items`: all."""

    run: int | None = None
    items: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("done", self.run, self.items, None if self.items else "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenItems:
    """They are to be done again."""

    items: tuple[int, ...]
    run: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("open", self.run, self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropItem:
    """It need not be done this time, for a reason."""

    item: int
    reason: str
    run: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("na", self.run, (self.item,), self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeItems:
    """I see to them. No `items`: to all that nobody has."""

    run: int | None = None
    items: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("take", self.run, self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveItems:
    """Somebody else sees to them. No `items`: to the run as a whole."""

    to: Actor
    run: int | None = None
    items: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"{line_about('give', self.run, self.items)} {mentioned(self.to)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOnRun:
    """Write something down, of an item or of the whole run."""

    text: str
    run: int | None = None
    item: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("note", self.run, () if self.item is None else (self.item,), self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProblem:
    """Something is wrong with an item."""

    item: int
    text: str
    run: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("problem", self.run, (self.item,), self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveProblem:
    """What was wrong is so no more."""

    item: int
    run: int | None = None
    text: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("solved", self.run, (self.item,), self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshEvidence:
    """Look again at what the items say is to be looked at."""

    run: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("refresh", self.run)


def _begin(heard: Heard) -> Command:
    if not heard.rest:
        raise InvalidError("Which checklist? `run dr-testing`. `/checklist monthly` lists those of a month.")
    return BeginRun(key=checklist_named(heard.rest, heard.called))


def _check(heard: Heard) -> Command:
    run, rest = _run(heard)
    items, everything, after = several_items(rest)
    if after or not (items or everything):
        raise _which(after, "`done 2`, `done 2 3`, `done C12 2-4`, `done all`")
    return CheckItems(run=run, items=items)


def _reopen(heard: Heard) -> Command:
    run, rest = _run(heard)
    items, _, after = several_items(rest)
    if after or not items:
        raise _which(after, "`open 2`, `open C12 2`. `/checklist` lists what is open")
    return ReopenItems(run=run, items=items)


def _take(heard: Heard) -> Command:
    run, rest = _run(heard)
    items, _, after = several_items(rest)
    if after:
        raise _which(after, "`take 2`, `take C12 2 3`; `take` alone takes all that nobody has")
    return TakeItems(run=run, items=items)


def _give(heard: Heard) -> Command:
    run, rest = _run(heard)
    items, _, after = several_items(rest)
    if len(heard.people) > 1:
        raise InvalidError("To one person, please: `give C12 2 @ben`.")
    word, more = first(after)
    named = more if word.lower() == "to" else after
    if not heard.people:
        raise _nobody(heard.rest, named)
    if not named.startswith("@") or named.removeprefix("@") != heard.people[0].name:
        raise _which(after, "`give 2 @ben`, `give C12 2 3 @ben`, `give C12 @ben`")
    return GiveItems(run=run, items=items, to=heard.people[0])


def _note(heard: Heard) -> Command:
    run, rest = run_and_text(heard.rest)
    item, text = one_item(rest)
    return NoteOnRun(run=run, item=item, text=text)


def _refresh(heard: Heard) -> Command:
    run, rest = _run(heard)
    if rest:
        raise InvalidError("`refresh` takes a run and nothing else: `refresh C12`.")
    return RefreshEvidence(run=run)


def _with_words(verb: str, example: str, command: Callable[[int | None, int, str], Command]) -> Hear:
    """Read a command about one item that says something."""

    def hear(heard: Heard) -> Command:
        run, rest = _run(heard)
        item, text = one_item(rest)
        if item is None:
            raise InvalidError(f"Which item? `{verb} 2 {example}`, `{verb} C12 2 {example}`.")
        return command(run, item, text)

    return hear


def _run(heard: Heard) -> tuple[int | None, str]:
    refuse_others(first(heard.rest)[0])
    return run_and_text(heard.rest)


def _nobody(typed: str, named: str) -> InvalidError:
    """Why what was typed names nobody: a name that was not chosen from Slack's list is only text."""
    if not named.startswith("@"):
        return InvalidError("To whom? `give 2 @ben`, `give C12 @ben`: choose the name from Slack's list.")
    who, before = clean(named, 40).replace("`", ""), clean(typed.partition("@")[0], 60)
    line = " ".join(part for part in ("give", before, "@lee") if part)
    return InvalidError(f"I know nobody called {who}: choose the name from Slack's list, as in `{line}`.")


def _which(after: str, examples: str) -> InvalidError:
    """Why a line's items cannot be read, and what can."""
    what = f"`{after[:40].replace('`', '')}` names no item" if after else "Which items"
    return InvalidError(f"{what}{'.' if after else '?'} {examples}.")


WORDS: Mapping[str, Hear] = {
    "run": _begin,
    "done": _check,
    "check": _check,
    "open": _reopen,
    "reopen": _reopen,
    "na": _with_words("na", "no deploys", lambda run, item, text: DropItem(run=run, item=item, reason=text)),
    "take": _take,
    "give": _give,
    "note": _note,
    "problem": _with_words(
        "problem", "disk is full", lambda run, item, text: ReportProblem(run=run, item=item, text=text)
    ),
    "solved": _with_words(
        "solved", "disk replaced", lambda run, item, text: SolveProblem(run=run, item=item, text=text or None)
    ),
    "refresh": _refresh,
}
