"""The words of `/checklist` that look and change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.checklist import Cadence
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.named import meant
from bot.domain.nearest import nearest
from bot.domain.text import clean
from handlers.lines import Command
from handlers.words.checklist_numbers import Hear, Heard, line_about, refuse_others, run_number

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ListToday:
    """What is open, what is due today, and what was done today."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "today"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCadence:
    """All checklists of a cadence: how their newest runs stand, and when each is next."""

    cadence: Cadence

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return self.cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProblems:
    """What was found and is still open."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "problems"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRun:
    """One run with all its items. `number` None is that of the thread, or the only open one."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("show", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowChecklist:
    """The open run of a checklist (a key of the guide), or when it is next."""

    key: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"show {self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistHelp:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "help"


def show(heard: Heard) -> Command:
    """`C12`, `12`, a checklist by its name, or nothing. Raises InvalidError and NotFoundError."""
    if not heard.rest:
        return ShowRun()
    word = heard.rest
    refuse_others(word)
    number = run_number(word if not word.isascii() or not word.isdigit() else f"C{word}")
    if number is not None:
        return ShowRun(number=number)
    return ShowChecklist(key=checklist_named(heard.rest, heard.called))


def checklist_named(name: str, called: Mapping[str, tuple[str, ...]]) -> str:
    """The guide's key of the checklist that is named so, by key, title, or how either begins.

    Raises InvalidError where several are meant, NotFoundError where none is.
    """
    name = clean(name, _LONGEST_NAME)
    typed = " ".join(name.lower().split())
    as_key = typed.replace(" ", "-")
    begun = meant(typed if typed in called or as_key not in called else as_key, called)
    found = tuple(dict.fromkeys(key for keys in begun for key in keys))
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidError(f"“{name}” may be several checklists; which one? {_listed(found)}.")
    near = nearest(typed, called)
    every = sorted({key for keys in called.values() for key in keys})
    hint = f"Did you mean {_listed(called[near])}?" if near else f"The guide has: {_listed(every)}."
    raise NotFoundError(
        f"There is no checklist “{name}”, and no such command. {hint} `/checklist help` has every command."
    )


def alone(verb: str, command: Command) -> Hear:
    """Read a command that takes nothing."""

    def hear(heard: Heard) -> Command:
        if heard.rest:
            raise InvalidError(f"`{verb}` stands alone.")
        return command

    return hear


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


WORDS: Mapping[str, Hear] = {
    "today": alone("today", ListToday()),
    "list": alone("list", ListToday()),
    **{one.value: alone(one.value, ListCadence(cadence=one)) for one in Cadence},
    "show": show,
    "problems": alone("problems", ListProblems()),
    "help": lambda _heard: ChecklistHelp(),
}
