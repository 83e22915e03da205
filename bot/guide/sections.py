"""A document's sections checked against the schema: what is valid as models, what is not as findings."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.nearest import nearest
from bot.domain.severity import Severity
from bot.guide.document import Document, Place
from bot.guide.finding import Finding
from bot.guide.part import Part
from bot.guide.schema import GuidePart

_SECTIONS = GuidePart.model_fields
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(section.rebuild_annotation()) for name, section in _SECTIONS.items()
}
_KEY_ERROR = "[key]"  # how pydantic marks that a mapping's key is wrong, not its value

_PLAIN_WORDS = {
    "string_type": 'this must be text: write it in quotes, "like this"',
    "string_too_short": "this must not be empty",
    "bool_type": "this must be true or false",
    "bool_parsing": "this must be true or false",
    "int_type": "this must be a whole number",
    "dict_type": "this must be a mapping, with a key and a colon on each line",
    "model_type": "this must be a mapping, with a key and a colon on each line",
    "list_type": "this must be a list: [one, two], or a line with a dash for each",
}


def valid_sections(document: Document) -> tuple[dict[str, Any], list[Finding]]:
    """The sections that are valid by themselves, by name, and an error for everything that is not."""
    sections: dict[str, Any] = {}
    findings = list(_unknown_sections(document))
    for name, field in _SECTIONS.items():
        if name not in document.data:
            if field.is_required():
                findings.append(document.error((), f'the section "{name}" is missing'))
            else:
                sections[name] = field.get_default()
            continue
        try:
            sections[name] = _ADAPTERS[name].validate_python(document.data[name])
        except ValidationError as error:
            findings.extend(_finding(document, name, detail) for detail in error.errors())
    return sections, findings


def _unknown_sections(document: Document) -> Iterator[Finding]:
    for key in document.data:
        if key not in _SECTIONS:
            yield document.error((key,), f'"{key}" is no section', nearest(key, _SECTIONS), of_key=True)


def _finding(document: Document, section: str, detail: ErrorDetails) -> Finding:
    of_key = _KEY_ERROR in detail["loc"]
    place = (section, *(step for step in detail["loc"] if step != _KEY_ERROR))
    last, around = place[-1], _around(place)
    match detail["type"]:
        case "extra_forbidden":
            known = _known_keys(place[:-1])
            near = nearest(str(last), known)
            instead = f"; there are {', '.join(known)}" if near is None else ""
            return document.error(place, f'"{last}" is no key{around}{instead}', near, of_key=True)
        case "missing":
            return document.error(place, f'"{last}" is missing{around}')
        case "enum":
            words = _enum_words(place, of_key=of_key)
            allowed = f"one of {', '.join(words)}" if len(words) > 1 else f'"{words[0]}"'
            text = f'"{detail["input"]}" must be {allowed}'
            return document.error(place, text, nearest(str(detail["input"]), words), of_key=of_key)
        case "value_error":
            return document.error(place, str(detail["ctx"]["error"]), of_key=of_key)
        case kind:
            plain = _PLAIN_WORDS.get(kind) or _out_of_range(last, detail)
            text = plain or detail["msg"][:1].lower() + detail["msg"][1:]
            return document.error(place, text, of_key=of_key)


def _out_of_range(last: int | str, detail: ErrorDetails) -> str | None:
    """A number that is too small or too large, nothing where something is needed, too many: what may be."""
    limits, given = detail.get("ctx", {}), detail["input"]
    match detail["type"]:
        case "greater_than_equal":
            return f'"{given}" is too small for "{last}": at least {limits["ge"]}'
        case "less_than_equal":
            return f'"{given}" is too large for "{last}": at most {limits["le"]}'
        case "too_short":
            return f'"{last}" is empty: at least one is needed'
        case "too_long":
            return f'there are too many in "{last}": at most {limits["max_length"]}'
        case "string_too_long":
            return f"this text is too long: at most {limits['max_length']} characters"
        case _:
            return None


def _around(place: Place) -> str:
    """What the last part of `place` stands in, to end a sentence; an item of a list has no name."""
    named = len(place) > 1 and isinstance(place[-2], str)
    return f' in "{place[-2]}"' if named else " here"


def _known_keys(place: Place) -> list[str]:
    kind = _kind_at(place)
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, Part) else []


def _enum_words(place: Place, *, of_key: bool) -> list[str]:
    kind = Severity if of_key else _kind_at(place)
    return [str(word) for word in kind]


def _kind_at(place: Place) -> Any:
    """The type that the schema has at a place: a model, an enumeration, a plain type."""
    kind: Any = GuidePart
    for step in place:
        kind = _plain(kind)
        if isinstance(kind, type) and issubclass(kind, Part):
            kind = kind.model_fields[str(step)].annotation
        else:
            kind = get_args(kind)[-1]  # of dict[K, V] the values, of list[V] the items
    return _plain(kind)


def _plain(kind: Any) -> Any:
    """Without `Annotated` and `| None`."""
    while get_origin(kind) in {Annotated, Union, UnionType}:
        kind = get_args(kind)[0]
    return kind
