"""How the guide's file writes what is fine: `< 0.1 %`, `= 0`, `>= 10 GiB`. Text to values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.domain.evidence import Sign, Threshold, Unit
from bot.domain.nearest import nearest

_WRITTEN = re.compile(r"([^\w\s.+-]*)\s*(-?[0-9]{1,15}(?:\.[0-9]{1,9})?)?\s*(.*)", re.DOTALL)

_THOUSANDS: Mapping[str, Decimal] = {"k": Decimal(1000), "M": Decimal(10**6), "G": Decimal(10**9)}
_BYTES: Mapping[str, Decimal] = {
    "B": Decimal(1),
    **{f"{letter}B": Decimal(1000) ** power for power, letter in enumerate("kMGTP", start=1)},
    **{f"{letter}iB": Decimal(1024) ** power for power, letter in enumerate("KMGTP", start=1)},
}
_WORDS: Mapping[Unit, Mapping[str, Decimal]] = MappingProxyType(
    {
        Unit.NUMBER: _THOUSANDS,
        Unit.RATIO: {"%": Decimal("0.01")},
        Unit.SECONDS: {
            "ms": Decimal("0.001"),
            "s": Decimal(1),
            "min": Decimal(60),
            "h": Decimal(3600),
            "d": Decimal(86_400),
        },
        Unit.BYTES: _BYTES,
        Unit.PER_SECOND: {"/s": Decimal(1), **{f"{word}/s": by for word, by in _THOUSANDS.items()}},
    }
)
"""What may follow the number of each unit, and by how much it multiplies; nothing is the unit itself."""

_EXAMPLES: Mapping[Unit, str] = {
    Unit.NUMBER: '"= 0", "< 5" or ">= 2k"',
    Unit.RATIO: '"< 0.1 %"',
    Unit.SECONDS: '"< 500 ms" or "<= 2 s"',
    Unit.BYTES: '"> 10 GiB"',
    Unit.PER_SECOND: '"> 5" or "< 2k/s"',
}

_MEANT = {"==": "=", "=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=", "≠": "!=", "<>": "!="}
"""Signs that people write elsewhere."""


def threshold(value: object, unit: Unit) -> Threshold:
    """What is fine, in the unit of the evidence: a sign, a number, and a word of the unit.

    Raises `ValueError` with a text for the person who edits the guide.
    """
    text = value.strip() if isinstance(value, str) else str(value)
    found = _WRITTEN.fullmatch(text)
    assert found is not None, "it matches any text"
    sign, number, word = found[1], found[2], found[3].strip()
    if sign not in set(Sign):
        raise ValueError(_no_sign(text, sign, unit))
    if number is None:
        raise ValueError(f'"{text}" has no number after "{sign}": write it such as {_EXAMPLES[unit]}')
    bound = Decimal(number) * (_factor(text, word, unit) if word else 1)
    return Threshold(sign=Sign(sign), bound=float(bound))


def _no_sign(text: str, sign: str, unit: Unit) -> str:
    signs = " ".join(Sign)
    if not sign:
        return (
            f'"{text}" does not say which side is fine: begin with one of {signs}, such as {_EXAMPLES[unit]}'
        )
    hint = f'; nearest: "{_MEANT[sign]}"' if sign in _MEANT else ""
    return f'"{sign}" must be one of {signs}{hint}'


def _factor(text: str, word: str, unit: Unit) -> Decimal:
    words = _WORDS[unit]
    if word in words:
        return words[word]
    elsewhere = next((other for other in Unit if word in _WORDS[other]), None)
    if elsewhere is not None:
        raise ValueError(
            f'"{text}": "{word}" is said of {elsewhere}, but this is {unit}: set unit: {elsewhere}'
        )
    near = next((known for known in words if known.casefold() == word.casefold()), nearest(word, words))
    hint = f'; nearest: "{near}"' if near else ""
    raise ValueError(f'"{text}": "{word}" is no word for {unit}, which takes {", ".join(words)}{hint}')
