"""The words of `/change` that change something."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.errors import InvalidError
from handlers.lines import Command
from handlers.words.change_numbers import Hear, Heard, change_and_text, line_about
from handlers.words.said import first

_OVERRIDE = re.compile(r"overr?ides?\b[\s:,.-]*(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveChange:
    """I am for it. Here and below: `number` None is that of the thread, or the only one."""

    number: int | None = None
    note: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("approve", self.number, self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectChange:
    """It should not be done, and why."""

    number: int | None = None
    reason: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("reject", self.number, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartChange:
    """Production is changed from now on. `override` is why, although the gate is against it."""

    number: int | None = None
    note: str = ""
    override: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        override = f"override: {self.override}" if self.override else None
        return line_about("start", self.number, self.note, override)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginTest:
    """Its test begins: what `next` does before it is started, and nothing else."""

    number: int | None = None
    note: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("test", self.number, self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDeployed:
    """It is in production, and is validated: what `next` does once it is started, and nothing else."""

    number: int | None = None
    note: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("deployed", self.number, self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPhase:
    """The next phase begins."""

    number: int | None = None
    note: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("next", self.number, self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishChange:
    """It is done; or it is taken back."""

    number: int | None = None
    note: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("done", self.number, self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollBack:
    """It is taken back."""

    number: int | None = None
    reason: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("rollback", self.number, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelChange:
    """It is not done after all."""

    number: int | None = None
    reason: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("cancel", self.number, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOnChange:
    """Write something down."""

    text: str
    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("note", self.number, self.text)


def _start(heard: Heard) -> Command:
    number, rest = change_and_text(heard.rest)
    override = _OVERRIDE.fullmatch(rest)
    if override is None:
        return StartChange(number=number, note=rest)
    if not override[1]:
        raise InvalidError(
            f"Why although the gate is against it? `{_example(number)} override: why it must be now`."
        )
    return StartChange(number=number, override=override[1])


def _override(heard: Heard) -> Command:
    """`override CH12 why`: the same, begun with its other word."""
    number, rest = change_and_text(heard.rest)
    reason = rest.lstrip(":,. -")
    if not reason:
        raise InvalidError(
            f"Why although the gate is against it? `{_example(number)} override: why it must be now`."
        )
    return StartChange(number=number, override=reason)


def _roll(heard: Heard) -> Command:
    """`roll back CH12 why`."""
    word, rest = first(heard.rest)
    if word.lower() != "back":
        raise InvalidError("`rollback CH12 why` takes it back.")
    return _roll_back(Heard(rest=rest, types=heard.types, services=heard.services))


def _with_words(command: Callable[[int | None, str], Command]) -> Hear:
    """Read a command about a change that may say something."""

    def hear(heard: Heard) -> Command:
        return command(*change_and_text(heard.rest))

    return hear


def _note(heard: Heard) -> Command:
    """`note CH12 first pod is up`. What begins with a mere number is a text: `note 3 of 8 are through`."""
    word, after = first(heard.rest)
    mere = word.isdecimal() and after
    number, text = (None, heard.rest) if mere else change_and_text(heard.rest)
    if not text:
        raise InvalidError(f"What is to be noted? `note CH{number or 12} first pod is up`.")
    return NoteOnChange(number=number, text=text)


def _example(number: int | None) -> str:
    return "start" if number is None else f"start CH{number}"


_roll_back = _with_words(lambda number, text: RollBack(number=number, reason=text))

WORDS: Mapping[str, Hear] = {
    "approve": _with_words(lambda number, text: ApproveChange(number=number, note=text)),
    "reject": _with_words(lambda number, text: RejectChange(number=number, reason=text)),
    "deployed": _with_words(lambda number, text: MarkDeployed(number=number, note=text)),
    "validate": _with_words(lambda number, text: MarkDeployed(number=number, note=text)),
    "next": _with_words(lambda number, text: NextPhase(number=number, note=text)),
    "test": _with_words(lambda number, text: BeginTest(number=number, note=text)),
    "testing": _with_words(lambda number, text: BeginTest(number=number, note=text)),
    "start": _start,
    "override": _override,
    "done": _with_words(lambda number, text: FinishChange(number=number, note=text)),
    "rollback": _roll_back,
    "roll": _roll,
    "cancel": _with_words(lambda number, text: CancelChange(number=number, reason=text)),
    "note": _note,
}
