"""What is wrong with a guide, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class Level(StrEnum):
    """How bad a finding is: a guide with an error is not used; a warning says what to fill in."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong in a guide. `line` and `column` count from 1; `nearest` is the valid word meant."""

    file: str
    line: int
    column: int
    level: Level
    text: str
    nearest: str | None = None

    @override
    def __str__(self) -> str:
        hint = f'; nearest: "{self.nearest}"' if self.nearest is not None else ""
        return f"{self.file}:{self.line}:{self.column}: {self.level}: {self.text}{hint}"


class GuideError(Exception):
    """A guide that cannot be used. The text has a line for each of its errors."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(finding for finding in findings if finding.level is Level.ERROR)
        super().__init__("\n".join(str(finding) for finding in self.findings))
