"""The audit log as text for people, as lines of JSON, and as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.audit import AuditEntry

_COLUMNS = (
    *("at", "incident", "subject", "sequence", "kind", "actor", "name", "security", "drill", "data"),
    *("alert", "run", "change", "span", "page"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a page of entries is written, and what comes before the first."""

    page: Callable[[Sequence[AuditEntry]], str]
    header: str = ""


def _text(page: Sequence[AuditEntry]) -> str:
    return "".join([f"{_line(entry)}\n" for entry in page])


def _line(entry: AuditEntry) -> str:
    """`2026-03-01T12:00:00.000Z  #42/3  acknowledged  Ana (U1)  text="…"`."""
    where = _where(entry)
    if entry.drill:
        where = f"TEST {where}"
    what = [f"{_plain(key)}={_plain(value)}" for key, value in entry.data.items() if value is not None]
    who = _who(entry)
    return "  ".join([_instant(entry.at), f"{where}/{entry.sequence}", _plain(entry.kind), who, *what])


def _where(entry: AuditEntry) -> str:
    """`#42`, `A12`, `PG3`, `C12`, `CH12`, `W3`, or another subject as it stands."""
    numbers = (
        ("#", entry.number),
        ("A", entry.alert),
        ("PG", entry.page),
        ("C", entry.run),
        ("CH", entry.change),
    )
    labels = (f"{letters}{number}" for letters, number in numbers if number is not None)
    return next(labels, entry.span or _plain(entry.subject))


def _who(entry: AuditEntry) -> str:
    if entry.redacted:
        return f"(security {_what(entry)}: left out)"
    name, its_id = _printable(entry.actor.name), _printable(entry.actor.id)
    return name if name == its_id else f"{name} ({its_id})"


def _what(entry: AuditEntry) -> str:
    if entry.run is not None:
        return "checklist"
    return "incident" if entry.alert is None else "alert"


def _json(page: Sequence[AuditEntry]) -> str:
    return "".join([f"{_to_json(_object(entry))}\n" for entry in page])


def _object(entry: AuditEntry) -> Mapping[str, object]:
    return {
        "at": _instant(entry.at),
        "incident": entry.number,
        "alert": entry.alert,
        "run": entry.run,
        "change": entry.change,
        "span": entry.span,
        "page": entry.page,
        "subject": entry.subject,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "actor": entry.actor.id,
        "name": entry.actor.name,
        "security": entry.security,
        "drill": entry.drill,
        "data": entry.data,
        **({"redacted": True} if entry.redacted else {}),
    }


def _csv(page: Sequence[AuditEntry]) -> str:
    table = io.StringIO()
    csv.writer(table).writerows(map(_row, page))
    return table.getvalue()


def _row(entry: AuditEntry) -> list[object]:
    return [
        _instant(entry.at),
        "" if entry.number is None else entry.number,
        _cell(entry.subject),
        entry.sequence,
        _cell(entry.kind),
        _cell(entry.actor.id),
        _cell(entry.actor.name),
        int(entry.security),
        int(entry.drill),
        _to_json(entry.data),
        "" if entry.alert is None else entry.alert,
        "" if entry.run is None else entry.run,
        "" if entry.change is None else entry.change,
        entry.span or "",
        "" if entry.page is None else entry.page,
    ]


def _cell(text: str) -> str:
    """A text that a spreadsheet would carry out as a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(value: object) -> str:
    """A value that stays on its line, and gives a terminal nothing to obey."""
    if isinstance(value, str) and value.isprintable() and value and not set(value) & {" ", '"', "="}:
        return value
    return _quoted(value)


def _printable(text: str) -> str:
    return text if text.isprintable() else _quoted(text)


def _quoted(value: object) -> str:
    text = _to_json(value)
    return text if text.isprintable() else json.dumps(value)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


FORMATS: Final[Mapping[str, Format]] = {
    "text": Format(page=_text),
    "json": Format(page=_json),
    "csv": Format(page=_csv, header=",".join(_COLUMNS) + "\r\n"),
}
