"""The nearest valid word to one that is none: for "did you mean" in replies and in the guide's lint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

_ALIKE = 0.6
"""The share of letters in common, in order, from which two words count as near (difflib's own default)."""


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like `word`, or None where none is near; the earlier of two equally near ones.

    Case, surrounding blanks, and blanks or `_` for `-` make no difference. A word that begins a choice
    is near to it however short it is: `pay` means `payment`.
    """
    typed = _plain(word)
    if not typed:
        return None
    best, best_score = None, 0.0
    for choice in choices:
        score = _likeness(typed, _plain(choice))
        if score > best_score:
            best, best_score = choice, score
    return best if best_score >= _ALIKE else None


def closest(word: str, choices: Mapping[str, str], most: int) -> tuple[str, ...]:
    """What is called most like `word`, the most alike first: values of `choices`, by what they are called.

    None is left out for being unlike: this is for offering what there is.
    """
    typed = _plain(word)
    scores: dict[str, float] = {}
    for called, value in choices.items():
        scores[value] = max(scores.get(value, 0.0), _likeness(typed, _plain(called)))
    return tuple(sorted(scores, key=lambda value: -scores[value])[:most])


def _likeness(typed: str, plain: str) -> float:
    alike = SequenceMatcher(None, typed, plain, autojunk=False).ratio()
    return max(alike, _ALIKE) if plain.startswith(typed) else alike


def _plain(word: str) -> str:
    return "-".join(word.casefold().replace("_", " ").replace("-", " ").split())
