"""The guide's file as plain data, with the position of every key and value: ruamel.yaml's only home.

The file is read in two passes. The first walks YAML's events and refuses what a guide has no use for
and what could blow it up: aliases, tags, deep nesting. The second composes nodes and turns them into
dictionaries, lists and scalars, collecting duplicate keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from textwrap import dedent
from typing import Any, NoReturn

from ruamel.yaml import YAML, nodes
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.guide.finding import Finding, GuideError, Level

Key = str | int
Place = tuple[Key, ...]
"""Where in the data something is: `("tiers", "on-call", "title")`, `("contacts", 0)`."""

FIRST = "^"
"""In a place: before the first entry of the list there."""
EVERY = "*"
"""In a place to be filled in: each key there is. In the text for it, it stands for that key."""

Filling = str | bool | Sequence[str] | Sequence[Mapping[str, Any]]
"""What is put into such a place."""

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Position:
    """Line and column in the file, from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Document:
    """A guide's file: its data, and where each part stands. `findings` are duplicate and odd keys."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    keys: dict[Place, Position] = field(default_factory=dict)
    values: dict[Place, Position] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def position(self, place: Place, *, of_key: bool = False) -> Position:
        """Where the value at `place` stands (or its key), or else the nearest part around it."""
        order = (self.keys, self.values) if of_key else (self.values, self.keys)
        for known in order:
            if place in known:
                return known[place]
        return self.position(place[:-1]) if place else Position(1, 1)

    def error(self, place: Place, text: str, nearest: str | None = None, *, of_key: bool = False) -> Finding:
        """A finding at `place` that keeps the guide from being used."""
        return _finding(self.file, Level.ERROR, self.position(place, of_key=of_key), text, nearest)

    def warning(self, place: Place, text: str, *, of_key: bool = False) -> Finding:
        """A finding at `place` that says what to fill in."""
        return _finding(self.file, Level.WARNING, self.position(place, of_key=of_key), text)


def _finding(file: str, level: Level, at: Position, text: str, nearest: str | None = None) -> Finding:
    return Finding(file=file, line=at.line, column=at.column, level=level, text=text, nearest=nearest)


def parse(text: str, file: str) -> Document:
    """The data of a guide's text; `file` is named in findings. Raises `GuideError` where it is no YAML."""
    document = Document(file=file)
    if len(text) > MAX_CHARACTERS:
        _refuse(file, Position(1, 1), f"the file is longer than {MAX_CHARACTERS:,} characters")
    try:
        _check_events(file, text)
        root = _yaml().compose(text)
    except ReaderError as error:
        _refuse(file, _position_in(text, error.position), "YAML forbids this character")
    except MarkedYAMLError as error:
        _refuse(file, _mark_position(error), _problem(error))
    except YAMLError as error:
        _refuse(file, Position(1, 1), str(error))
    if not isinstance(root, nodes.MappingNode):
        at = Position(1, 1) if root is None else _position(root.start_mark)
        _refuse(file, at, "a guide is a mapping of sections, such as `organization:`")
    document.data = _Builder(document).mapping(root, ())
    return document


def filled(text: str, values: Mapping[Place, Filling]) -> str:
    """A guide's text with these places filled in; comments and layout stay.

    Text, or true and false, takes the place of what is there, or is added; what a sequence holds is added
    to the list there, at its end, or before its first entry where the place ends with `FIRST`. Mappings on
    the way that are not there are added.
    """
    yaml = YAML()  # this kind also writes back what stands around the data
    yaml.preserve_quotes = True
    yaml.width = MAX_CHARACTERS
    yaml.indent(mapping=2, sequence=4, offset=2)
    root = yaml.load(text)
    for place, value in values.items():
        _fill(root, place, value)
    out = StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def written_out(data: Sequence[Mapping[str, Any]]) -> str:
    """Plain data as YAML, in its own order; texts of several lines keep them."""
    yaml = YAML()
    yaml.width = MAX_CHARACTERS
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_literal(data), out)
    return dedent(out.getvalue())


def _literal(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _literal(value) for key, value in data.items()}
    if isinstance(data, str):
        return LiteralScalarString(data) if "\n" in data else data
    return [_literal(each) for each in data]


def _fill(part: Any, place: Place, value: Filling) -> None:
    key, *rest = place
    if key == EVERY:
        for each in part:
            _fill(part, (each, *rest), value.replace(EVERY, each) if isinstance(value, str) else value)
    elif key == FIRST:
        for each in reversed(list(value)) if isinstance(value, Sequence) else ():
            part.insert(0, each)
    elif rest:
        _fill(_part(part, key), tuple(rest), value)
    elif not isinstance(value, str | bool):
        part[key].extend(value)
    elif key in part:
        part[key] = value
    else:
        part.insert(0, key, value)


def _part(part: Any, key: str | int) -> Any:
    """What is under a key: an empty mapping where there was nothing."""
    if key not in part:
        part.insert(0, key, CommentedMap())
    return part[key]


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)


def _refuse(file: str, at: Position, text: str) -> NoReturn:
    raise GuideError([_finding(file, Level.ERROR, at, text)])


def _check_events(file: str, text: str) -> None:
    depth = 0
    for event in _yaml().parse(text):
        complaint = _complaint(event)
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            complaint = f"nested more than {MAX_DEPTH} deep"
        if complaint is not None:
            _refuse(file, _position(event.start_mark), complaint)


def _complaint(event: object) -> str | None:
    if isinstance(event, AliasEvent):
        return f"aliases are not read here: write out what *{event.anchor} stands for"
    if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.tag is not None:
        return f"tags such as {event.tag} are not read here: leave it out"
    if isinstance(event, NodeEvent) and event.anchor is not None:
        return f"anchors are not read here: leave &{event.anchor} out"
    if isinstance(event, DocumentStartEvent) and event.version is not None:
        return "leave the %YAML line out"
    return None


class _Builder:
    """Turns composed nodes into plain data and notes where each stands."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._constructor = _yaml().constructor

    def mapping(self, node: nodes.MappingNode, place: Place) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, place)
            if key is None:
                continue
            inner = (*place, key)
            if key in data:
                line = self._document.keys[inner].line
                self._complain(key_node, f'"{key}" is already set on line {line}')
                continue
            self._document.keys[inner] = _position(key_node.start_mark)
            data[key] = self._value(value_node, inner)
        return data

    def _key(self, node: nodes.Node, place: Place) -> str | None:
        if isinstance(node, nodes.ScalarNode) and node.tag != "tag:yaml.org,2002:merge":
            return str(node.value)
        where = f'"{place[-1]}"' if place else "the guide"
        self._complain(node, f"a key of {where} must be a plain word")
        return None

    def _value(self, node: nodes.Node, place: Place) -> Any:
        # A collection under a key is best pointed at by its key; so is a value that is not there.
        empty = isinstance(node, nodes.ScalarNode) and node.value == "" and not node.style
        if isinstance(place[-1], int) or not (isinstance(node, nodes.CollectionNode) or empty):
            self._document.values[place] = _position(node.start_mark)
        if isinstance(node, nodes.MappingNode):
            return self.mapping(node, place)
        if isinstance(node, nodes.SequenceNode):
            return [self._value(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: nodes.Node) -> Any:
        constructor = self._constructor
        match str(node.tag).rpartition(":")[2]:
            case "int":
                return constructor.construct_yaml_int(node)
            case "float":
                return constructor.construct_yaml_float(node)
            case "bool":
                return constructor.construct_yaml_bool(node)
            case "null":
                return None
            case _:  # text, and what only looks like a date
                return str(node.value)

    def _complain(self, node: nodes.Node, text: str) -> None:
        at = _position(node.start_mark)
        self._document.findings.append(_finding(self._document.file, Level.ERROR, at, text))


def _position(mark: Any) -> Position:
    return Position(mark.line + 1, mark.column + 1)


def _mark_position(error: MarkedYAMLError) -> Position:
    mark = error.problem_mark or error.context_mark
    return Position(1, 1) if mark is None else _position(mark)


def _position_in(text: str, index: int) -> Position:
    before = text[:index]
    return Position(before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)


def _problem(error: MarkedYAMLError) -> str:
    words = [part for part in (error.context, error.problem) if part]
    text = ", ".join(words) or "this is no YAML"
    if "'\\t'" in text:
        return "a tab cannot indent or begin a value: use blanks"
    return f"{text}. Is an indentation, a colon or a quote wrong here or just above?"
