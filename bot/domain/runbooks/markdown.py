"""What a runbook's Markdown says, as far as it can be followed step by step.

Steps are the items of numbered and of task lists, in order, with what is indented under them and the code
that follows; where there are none, headings that are numbered. Everything is bounded, each line is looked at
once or twice, and what comes out is plain text: no markup of the file's ever reaches a reader but `code`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.text import clean

SIZE_LIMIT = 256 * 1024
"""Bytes of a file that are read, and characters of a text."""

MOST_STEPS = 40
"""Steps that are kept: each has its place and its button in one message."""

STEP_TEXT = 800
STEP_CODE = 1500
INTRO_TEXT = 600
NAME_TEXT = 150

_LINE = 600
_LONGEST = 3000
"""Lines that are looked at."""
_CODE_LINES = 200
_MOST_LINES = 12
"""Lines of a step's text beside its first."""

_FENCE = re.compile(r"( *)(`{3,}|~{3,})([^`]*)")
_HEADING = re.compile(r" {0,3}(#{1,6}) +(.+)")
_ITEM = re.compile(r"( *)(?:(\d{1,9})[.)]|[-*+])(?: +(\[[ xX]\](?= |$))?(.*))?")
_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,}|=+ *)")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(\s*([^()\s]*)[^()]*\)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_STRESS = re.compile(r"(\*\*|__)(?=\S)([^*_]+)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*]+)(?<=[^\s*\\])\*(?![\w*])")
_SPAN = re.compile(r"(`[^`]+`)")
_NUMBERED = re.compile(r"(?:step +\d{1,3}(?: *[.:)-])?|\d{1,3} *[.:)]) *", re.IGNORECASE)
_BY_HEADING = -2
"""Left of everything, so that all that follows a heading is under it."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do: its place among all (from 1), what it says, line by line, and its code."""

    position: int
    text: str
    code: str | None = None
    section: str | None = None

    @property
    def title(self) -> str:
        """Its first line."""
        return self.text.partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a runbook says: `intro` stands before the first step, `left` is how many steps are not kept."""

    title: str | None
    intro: str
    steps: tuple[Step, ...]
    left: int = 0


def read_page(text: str) -> Page:
    """What a Markdown text says. Any text is one."""
    page = _read(text, by_heading=False)
    return page if page.steps else _read(text, by_heading=True)


def _read(text: str, *, by_heading: bool) -> Page:
    reader = _Reader(by_heading=by_heading)
    for line in _lines(text[:SIZE_LIMIT]):
        reader.take(line)
    return reader.page()


def _lines(text: str) -> Iterator[str]:
    """The lines that say something: no front matter, no comments outside code."""
    lines = text.removeprefix("\ufeff").splitlines()
    begins = 0
    if lines and lines[0].strip() == "---":
        ends = next((number for number, line in enumerate(lines[1:60], 1) if line.strip() == "---"), None)
        begins = 0 if ends is None else ends + 1
    for line in lines[begins : begins + _LONGEST]:
        yield line.expandtabs(4)[:_LINE]


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A step that is being read. `indent` is that of its marker."""

    indent: int
    section: str | None
    lines: list[str]
    code: list[str] = field(default_factory=list)

    def step(self, position: int) -> Step:
        code = "\n".join(self.code).strip("\n")
        text = "\n".join(line for line in self.lines if line)
        return Step(
            position=position,
            text=_cut(text, STEP_TEXT) or "…",
            code=_cut(code, STEP_CODE) or None,
            section=self.section,
        )


class _Reader:
    """Takes one line after the other, and knows what it stands in.

    `by_heading`: the steps are headings (`## Step 2: Drain it`), and all below them is theirs.
    """

    def __init__(self, *, by_heading: bool) -> None:
        self._by_heading = by_heading
        self._title: str | None = None
        self._section: str | None = None
        self._intro: list[str] = []
        self._steps: list[_Draft] = []
        self._step: _Draft | None = None
        self._fence: tuple[str, int] | None = None
        self._comment = False
        self._after_blank = False

    def page(self) -> Page:
        """What was read."""
        kept = self._steps[:MOST_STEPS]
        return Page(
            title=self._title,
            intro=_cut("\n".join(self._intro), INTRO_TEXT),
            steps=tuple(draft.step(position) for position, draft in enumerate(kept, 1)),
            left=len(self._steps) - len(kept),
        )

    def take(self, line: str) -> None:
        """Read the next line."""
        if self._fence is not None:
            self._take_code(line, *self._fence)
        elif self._is_comment(line):
            pass
        elif not line.strip():
            self._after_blank = True
        else:
            self._take_words(line)
            self._after_blank = False

    def _take_code(self, line: str, mark: str, indent: int) -> None:
        bare = line.strip()
        if len(bare) >= len(mark) and not bare.strip(mark[0]):
            self._fence = None
        elif self._step is not None and len(self._step.code) < _CODE_LINES:
            away = min(indent, len(line) - len(line.lstrip(" ")))
            self._step.code.append(_printable(line[away:]).rstrip())

    def _is_comment(self, line: str) -> bool:
        if not self._comment and not line.lstrip().startswith("<!--"):
            return False
        self._comment = "-->" not in line
        return True

    def _take_words(self, line: str) -> None:
        if fence := _FENCE.fullmatch(line):
            self._fence = (fence[2], len(fence[1]))
        elif heading := _HEADING.fullmatch(line):
            self._head(len(heading[1]), heading[2])
        elif _RULE.fullmatch(line):
            self._step = None
        elif item := _ITEM.fullmatch(line):
            self._item(len(item[1]), item[4] or "", is_step=bool(item[2] or item[3]))
        else:
            self._prose(line)

    def _head(self, level: int, text: str) -> None:
        name = clean(inline(text.rstrip().rstrip("#")), NAME_TEXT)
        self._step = None
        numbered = _NUMBERED.match(name) if self._by_heading else None
        if numbered:
            self._begin(_BY_HEADING, name[numbered.end() :])
        elif level == 1 and self._title is None:
            self._title = name or None
        else:
            self._section = name or None

    def _item(self, indent: int, text: str, *, is_step: bool) -> None:
        said = clean(inline(text), _LINE)
        if self._step is not None and indent > self._step.indent + 1:
            self._add(f"• {said}")
        elif is_step:
            self._begin(indent, said)
        else:
            self._step = None
            self._introduce(f"• {said}")

    def _begin(self, indent: int, said: str) -> None:
        self._step = _Draft(indent=indent, section=self._section, lines=[said])
        self._steps.append(self._step)

    def _prose(self, line: str) -> None:
        said = clean(inline(line.strip().removeprefix(">")), _LINE)
        step, indent = self._step, len(line) - len(line.lstrip(" "))
        if step is None or (self._after_blank and indent <= step.indent):
            self._step = None
            self._introduce(said, goes_on=not self._after_blank)
        elif self._after_blank or step.code:
            self._add(said)
        elif len(step.lines[-1]) < STEP_TEXT:
            step.lines[-1] = f"{step.lines[-1]} {said}".strip()

    def _add(self, line: str) -> None:
        if self._step is not None and len(self._step.lines) <= _MOST_LINES:
            self._step.lines.append(line)

    def _introduce(self, line: str, *, goes_on: bool = False) -> None:
        if self._steps or len(self._intro) >= _MOST_LINES:
            return
        if goes_on and self._intro and len(self._intro[-1]) < INTRO_TEXT:
            self._intro[-1] = f"{self._intro[-1]} {line}"
        else:
            self._intro.append(line)


def inline(text: str) -> str:
    """A line without what formats it: links as their words and address, `code` as it is."""
    parts = _SPAN.split(text[:_LINE])
    return "".join(part if _SPAN.fullmatch(part) else _bare(part) for part in parts)


def _bare(text: str) -> str:
    text = _LINK.sub(_linked, _IMAGE.sub(r"\1", text))
    text = _AUTOLINK.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\1", _STRESS.sub(r"\2", text))
    return _ESCAPE.sub(r"\1", text)


def _linked(match: re.Match[str]) -> str:
    words, address = match[1], match[2]
    if not address.startswith(("http://", "https://")) or address == words:
        return words
    return f"{words} ({address})"


def _printable(line: str) -> str:
    return "".join(one if one.isprintable() else " " if one.isspace() else "" for one in line)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
