"""Reading a guide: from a file, or the one that is shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.domain.guide import Guide
from bot.guide.build import build
from bot.guide.document import parse
from bot.guide.finding import Finding, GuideError, Level
from bot.guide.lint import lint
from bot.guide.runbook_files import look_at_runbooks, runbook_folder
from bot.guide.schema import GuidePart
from bot.guide.shipped import SHIPPED, shipped
from bot.guide.templates import postmortem_template


def load_guide(path: Path | None) -> Guide:
    """The guide in the file at `path`, or the shipped one. Raises `GuideError` with all its errors."""
    sections, template, findings = _inspect(path)
    if any(finding.level is Level.ERROR for finding in findings):
        raise GuideError(findings)
    return build(
        GuidePart.model_construct(**sections),
        postmortem_template=template,
        runbook_folder=runbook_folder(path, sections),
    )


def check_guide(path: Path | None) -> tuple[Finding, ...]:
    """Everything that is wrong with the guide at `path`, or with the shipped one, in the file's order."""
    try:
        _, _, findings = _inspect(path)
    except GuideError as error:
        return error.findings
    return tuple(findings)


def _inspect(path: Path | None) -> tuple[dict[str, Any], str, list[Finding]]:
    """The valid sections, the text of a post-mortem's draft, and all findings."""
    name = SHIPPED if path is None else str(path)
    document = parse(_text(path, name), name)
    sections, findings = lint(document)
    template, more = postmortem_template(document, path, sections)
    findings += look_at_runbooks(document, path, sections)
    findings.sort(key=lambda found: (found.line, found.column))
    return sections, template, [*findings, *more]


def _text(path: Path | None, name: str) -> str:
    try:
        raw = shipped() if path is None else path.read_bytes()
    except OSError as error:
        raise _unreadable(name, f"cannot be read: {error.strerror or error}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        raise _unreadable(name, "a byte that is no UTF-8 text", line, column) from error


def _unreadable(name: str, text: str, line: int = 1, column: int = 1) -> GuideError:
    return GuideError([Finding(file=name, line=line, column=column, level=Level.ERROR, text=text)])
