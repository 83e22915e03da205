"""`docs/guide.md`: every key of the guide, as the schema has it, with what the schema says of it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.domain.text import duration
from bot.guide.part import Part
from bot.guide.schema import GuidePart

PATH = Path(__file__).parents[2] / "docs" / "guide.md"

OPENING = """\
# The guide, key by key

<!-- Generated from bot/guide by `python -m tests.documents guide`: edit the schema, not this page. -->

One YAML file says what opsbot goes by. The shipped one is `manifests/operations-guide.yaml`; a guide of your
own is used with `OPSBOT_GUIDE=/path/to/guide.yaml`. `opsbot guide lint FILE` names each mistake with line and
column, `opsbot guide show FILE` prints a guide as tables. A key that is not here is refused, with the nearest
one that is.

`<key>` stands for a key that you choose (small letters, digits and hyphens), `[]` for each entry of a list.
"""

KINDS = {
    "Text": "text",
    "Key": "key",
    "Zone": "zone of the IANA database, as `America/New_York`",
    "Url": "http or https address",
    "Duration": "duration, as `15m`, `1h 30m`, `30d`",
    "ApprovalsLast": "duration, 1 hour to 90 days",
    "WatchedFor": "duration, 1 minute to 24 hours",
    "Pace": "duration, 5 minutes to 1 day",
    "Fraction": "percentage, as `99.9%`",
    "ResponseTime": "duration, 1 minute to 7 days, or `next business day`",
    "ArchiveAfter": "duration, or `never`",
    "DurationOrNever": "duration, or `never`",
    "AtOnceOrNever": "duration, `at once`, or `never`",
    "BusinessDays": "business days, as `3 business days`",
    "SpanOrNone": "duration, 5 minutes to 31 days, or `none`",
    "ClockTime": "local time, as `09:00`",
    "ClockTimeOrNone": "local time, or `none`",
    "Weekday": "weekday, as `Tue`",
    "Weekdays": "weekdays, as `Mon-Fri` or `Tue, Thu`",
    "Email": "e-mail address",
    "ChannelName": "channel's name",
    "Host": "host name",
    "MetricName": "metric's name",
    "LabelName": "label's name",
    "Matcher": 'label matcher, as `status=~"5.."`',
    "EmojiName": "emoji's name, without colons",
    "GroupId": "user group's id (`S…`)",
    "PersonId": "member's id (`U…`)",
    "OwnerWord": "`anybody`, `on-call`, or a member's id",
    "File": "relative file name",
    "CountryCode": "ISO 3166 code",
    "SubdivisionCode": "ISO 3166-2 code",
    "Query": "PromQL",
    "str": "text, a key of another part",
    "bool": "`true` or `false`",
    "int": "whole number",
}
"""What the kinds of values are called, by their names in the schema."""

WRITTEN = {"ReachPart.pagerduty": "`service`, or `level 2`"}
"""What is written otherwise than its type says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One key."""

    path: str
    kind: str
    default: str
    meaning: str


def text() -> str:
    """The whole page."""
    sections = GuidePart.model_fields
    told = [OPENING]
    for name, field in sections.items():
        rows = list(_rows(GuidePart, name, field, ""))
        head = f"## {name}\n\n{rows[0].meaning}{'' if field.is_required() else ' May be left out.'}\n"
        table = "\n".join(_line(row) for row in rows[1:])
        told.append(f"{head}\n| key | what | where left out | meaning |\n|---|---|---|---|\n{table}\n")
    return "\n".join(told)


def meanings(part: type[BaseModel]) -> dict[str, str]:
    """What the schema says under each of its keys."""
    return {name: meaning for name, (_, meaning) in _written(part).items()}


@cache
def _written(part: type[BaseModel]) -> dict[str, tuple[ast.expr, str]]:
    """The type of each key as it is written, and the words under it."""
    [tree] = ast.parse(inspect.getsource(part)).body
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, tuple[ast.expr, str]] = {}
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            words = said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else ""
            found[node.target.id] = (node.annotation, " ".join(words.split()))
    return found


def _rows(part: type[BaseModel], name: str, field: FieldInfo, before: str) -> Iterator[Row]:
    annotation, meaning = _written(part)[name]
    path = f"{before}{name}"
    kind = WRITTEN.get(f"{part.__name__}.{name}") or _kind(annotation, part)
    yield Row(path=path, kind=kind, default=_default(field), meaning=meaning)
    for suffix, inner in _inner(field.annotation, ""):
        for key, below in inner.model_fields.items():
            yield from _rows(inner, key, below, f"{path}{suffix}.")


def _inner(kind: Any, suffix: str) -> Iterator[tuple[str, type[Part]]]:
    """The mappings in a type, and how one comes to them."""
    if isinstance(kind, type) and issubclass(kind, Part):
        yield suffix, kind
        return
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from _inner(arguments[0], suffix)
    elif origin in {Union, UnionType}:
        for one in arguments:
            yield from _inner(one, suffix)
    elif origin is dict:
        yield from _inner(arguments[1], f"{suffix}.<key>")
    elif origin is list:
        yield from _inner(arguments[0], f"{suffix}[]")


def _kind(node: ast.expr, part: type[BaseModel]) -> str:
    """A type in words, from how it is written."""
    match node:
        case ast.Name(id=name):
            return KINDS.get(name) or _named(name, part)
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            return _kind(left, part)
        case ast.BinOp(left=left, right=right):
            return f"{_kind(left, part)}, or {_kind(right, part)}"
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
            return _kind(first, part)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Constant(value=value)):
            return f"`{str(value).lower() if isinstance(value, bool) else value!s}`"
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            return f"list: {_kind(inner, part)}"
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, value])):
            return f"mapping of a {_kind(key, part)} to: {_kind(value, part)}"
        case _:
            raise AssertionError(f"nothing is said of {ast.unparse(node)}")


def _named(name: str, part: type[BaseModel]) -> str:
    kind = getattr(inspect.getmodule(part), name)
    if issubclass(kind, Enum):
        return " or ".join(f"`{one.value}`" for one in kind)
    assert issubclass(kind, Part), f"nothing is said of {name}"
    return "the keys below"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    return _shown(field.get_default(call_default_factory=True))  # none of ours looks at other values


def _shown(value: object) -> str:
    match value:
        case None | [] | BaseModel():
            return "—"
        case dict() if not value:
            return "—"
        case bool():
            return f"`{str(value).lower()}`"
        case timedelta():
            return f"`{duration(value)}`"
        case time():
            return f"`{value:%H:%M}`"
        case Enum():
            return f"`{value.value}`"
        case list():
            return ", ".join(map(_shown, value))
        case _:
            return f"`{value}`"


def _line(row: Row) -> str:
    cells = (f"`{row.path.partition('.')[2]}`", row.kind, row.default, row.meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
