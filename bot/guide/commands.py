"""What `opsbot guide lint`, `show` and `rules` do; each returns the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from bot.guide.finding import GuideError, Level
from bot.guide.load import check_guide, load_guide
from bot.guide.rules import rules_text
from bot.guide.shipped import SHIPPED
from bot.guide.show import tables


def lint_command(path: Path | None, out: TextIO) -> int:
    """Write a line for each finding and a count; 1 where there is an error, else 0."""
    findings = check_guide(path)
    out.writelines(f"{finding}\n" for finding in findings)
    errors = sum(finding.level is Level.ERROR for finding in findings)
    counts = f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}"
    out.write(f"{SHIPPED if path is None else path}: {counts}\n")
    return 1 if errors else 0


def show_command(path: Path | None, out: TextIO) -> int:
    """Write the guide as tables, and 0; or its errors, and 1."""
    try:
        guide = load_guide(path)
    except GuideError as error:
        out.write(f"{error}\n")
        return 1
    out.write(tables(guide))
    return 0


def rules_command(path: Path | None, out: TextIO, err: TextIO) -> int:
    """Write Prometheus' rules of the guide, and 0; or its errors where they spoil no file, and 1."""
    try:
        guide = load_guide(path)
    except GuideError as error:
        err.write(f"{error}\n")
        return 1
    out.write(rules_text(guide, SHIPPED if path is None else path.name))
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
