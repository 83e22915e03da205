"""Calendars as files, read by the letter of RFC 5545: a second reader beside the library that wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 75
"""Octets of a line, its end not counted."""

_LINE = re.compile(r"(?P<name>[A-Z0-9-]+)(?P<parameters>(?:;[A-Z0-9-]+=[^:;]*)*):(?P<value>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def events_of(file: bytes) -> list[dict[str, str]]:
    """The events: values by name, texts without their escapes. Asserts what the standard asks of lines."""
    events: list[dict[str, str]] = []
    open_parts: list[str] = []
    for name, value in _lines(file):
        match name:
            case "BEGIN":
                open_parts.append(value)
                if value == "VEVENT":
                    events.append({})
            case "END":
                assert open_parts.pop() == value, "parts are closed in order"
            case _ if open_parts == ["VCALENDAR", "VEVENT"]:
                assert name not in events[-1], f"{name} stands once"
                events[-1][name] = _ESCAPE.sub(_unescaped, value)
            case _:
                assert open_parts == ["VCALENDAR"], f"{name} stands outside"
    assert not open_parts, "the calendar is closed"
    return events


def _lines(file: bytes) -> Iterator[tuple[str, str]]:
    assert file.endswith(b"\r\n")
    physical = file[:-2].split(b"\r\n")
    assert not [one for one in physical if b"\n" in one or b"\r" in one], "lines end by CRLF alone"
    assert max(map(len, physical)) <= LONGEST
    logical: list[bytes] = []
    for one in physical:
        if one.startswith((b" ", b"\t")):
            logical[-1] += one[1:]
        else:
            logical.append(one)
    for one in logical:
        match = _LINE.fullmatch(one.decode("utf-8"))
        assert match is not None, one
        yield match["name"], match["value"]


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]
