"""What an item's look has shown: a line for each thing that was looked at, and whether it is fine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from bot.domain.checklists.amounts import amount, wanted
from bot.domain.checklists.run import RunItem
from bot.domain.evidence import A_WEEK, EvidenceSpec, Found, Judgement, Source, Threshold, Value
from bot.views.markup import Markup, bold, cut, inert, joined, length, link
from bot.views.slo import numbers

_TITLE = 120
_LABEL = 60
_WHY = 200
_SAID = 200
_LINE = 450
_LINK = 900
"""An address that takes more of a message than this is left out."""

MANY = 100
"""As many numbers as a line has."""

_LINKED = "🔗"
_BELOW = "\n      – "  # noqa: RUF001 - a dash before each

EMOJIS: Mapping[Judgement, str] = {
    Judgement.FINE: "🟢",
    Judgement.NOT_FINE: "🟠",
    Judgement.UNKNOWN: "⚪",
    Judgement.NONE: "•",
}
WORDS: Mapping[Judgement, str] = {
    Judgement.FINE: "fine",
    Judgement.NOT_FINE: "not fine",
    Judgement.UNKNOWN: "not known",
    Judgement.NONE: "",
}
_WORST_FIRST = (Judgement.NOT_FINE, Judgement.UNKNOWN, Judgement.NONE, Judgement.FINE)


def evidence_lines(item: RunItem, *, most: int, limit: int = _LINE, series: int = MANY) -> list[Markup]:
    """A line for each thing that was looked at, in the guide's order; the worst where they are too many.

    Pages to open stand together. `series` is how many numbers a line tells of many that need nobody.
    """
    specs = {spec.title: spec for spec in item.evidence}
    order = sorted(range(len(item.found)), key=lambda n: _WORST_FIRST.index(item.found[n].judgement))
    shown, left = [item.found[n] for n in sorted(order[:most])], order[most:]
    lines: list[Markup] = []
    for is_link, several in groupby(shown, key=_is_link):
        told = [evidence_line(one, specs.get(one.title), limit=limit, series=series) for one in several]
        lines += [_together(told)] if is_link else told
    rest = counted(item.found[n] for n in left)
    return [*lines, *([Markup(f"+{len(left)} more: {rest}")] if left else [])]


def evidence_line(
    found: Found, spec: EvidenceSpec | None = None, *, limit: int = _LINE, series: int = MANY
) -> Markup:
    """`🟢 Targets that are down: 0 (a week ago 0) · fine`."""
    emoji, word, title = EMOJIS[found.judgement], WORDS[found.judgement], _title(found)
    if _is_link(found):
        return Markup(f"{_LINKED} {title}")
    said = cut(_said(found, spec, series), limit)
    if found.judgement in {Judgement.FINE, Judgement.NONE}:
        return Markup(f"{emoji} {title}: {said}{f' · {word}' if word else ''}")
    colon = ":" if said.startswith(_BELOW) else ": "
    return Markup(f"{emoji} {bold(Markup(word.capitalize()))} · {title}{colon}{said}{_bound(found, spec)}")


def counted(found: Iterable[Found]) -> str:
    """How many are how: `2 not fine, 1 not known, 7 fine`."""
    listed = list(found)
    named = ((sum(one.judgement is each for one in listed), each) for each in _WORST_FIRST)
    return ", ".join(f"{count} {WORDS[each] or 'not judged'}" for count, each in named if count)


def not_fine(items: Iterable[RunItem]) -> list[str]:
    """What is not fine, in plain words from which nothing is escaped yet: `Targets that are down 3`."""
    return [_plain(one) for item in items for one in item.found if one.judgement is Judgement.NOT_FINE]


def _is_link(found: Found) -> bool:
    """Whether it is a page to open, and nothing more is known."""
    return found.source is Source.LINK and found.failed is None and not found.lines


def _together(links: Sequence[Markup]) -> Markup:
    """Several pages on a line, behind one mark."""
    first, *others = links
    return joined([first, *(Markup(one.removeprefix(f"{_LINKED} ")) for one in others)], " · ", 2 * _LINK)


def _bound(found: Found, spec: EvidenceSpec | None) -> str:
    """What would be fine, where numbers are not."""
    if spec is None or spec.fine is None or found.failed is not None:
        return ""
    return f" · should be {inert(wanted(spec.fine, found.unit))}"


def _plain(found: Found) -> str:
    bad = [value for value in found.values if value.fine is False] or list(found.values)
    if bad:
        first = bad[0]
        label = f" of {first.label}" if first.label and len(found.values) > 1 else ""
        return f"{found.title}{label} {amount(first.now, found.unit)}"
    return f"{found.title}: {found.lines[0]}" if found.lines else found.title


def _title(found: Found) -> Markup:
    plain = inert(found.title, _TITLE)
    linked = link(found.url, found.title) if found.url else plain
    return linked if length(linked) <= _LINK else plain


def _said(found: Found, spec: EvidenceSpec | None, series: int) -> Markup:
    if found.failed is not None:
        return inert(found.failed, _WHY)
    if found.values:
        return _values(found, spec, series)
    lines = [inert(line, _SAID) for line in found.lines]
    if found.more:
        lines.append(Markup(f"+{found.more} more"))
    if len(lines) > 1 and found.judgement is Judgement.NOT_FINE:
        return Markup(f"{_BELOW}{joined(lines, _BELOW, _LINE)}")  # each is to be read
    return joined(lines, " · ", _LINE) or Markup("nothing found")


def _values(found: Found, spec: EvidenceSpec | None, series: int) -> Markup:
    """One number, or one for each label, the worst first; what is not fine among others is bold."""
    fine = spec.fine if spec else None
    when = _ago(spec.compare) if spec and spec.compare else "before"
    if len(found.values) == 1 and not found.more:
        (one,) = found.values
        label = f"{inert(one.label, _LABEL)} " if one.label else ""
        return Markup(f"{label}{bold(_now(one, found, fine))}{_before(one, found, f'{when} ')}")
    shown = _worth_telling(found, series)
    each = [_labelled(one, found, fine, f"{when} " if not n else "") for n, one in enumerate(shown)]
    left = len(found.values) - len(shown) + found.more
    return joined([*each, *([Markup(f"+{left} more")] if left else [])], " · ", _LINE)


def _worth_telling(found: Found, series: int) -> Sequence[Value]:
    """Of what is fine the nearest to its bound, of what is not all of it that is known, else so many."""
    if series >= MANY:
        return found.values
    if found.judgement is Judgement.FINE:
        return found.values[:1]
    bad = [value for value in found.values if value.fine is False]
    return bad or found.values[:series]


def _labelled(value: Value, found: Found, fine: Threshold | None, when: str) -> Markup:
    told = Markup(f"{inert(value.label, _LABEL)} {_now(value, found, fine)}")
    stands_out = value.fine is False and any(one.fine for one in found.values)
    return Markup(f"{bold(told) if stands_out else told}{_before(value, found, when)}")


def _now(value: Value, found: Found, fine: Threshold | None) -> Markup:
    return Markup(amount(value.now, found.unit, fine))


def _before(value: Value, found: Found, when: str) -> str:
    return "" if value.before is None else f" ({when}{amount(value.before, found.unit)})"


def _ago(length: timedelta) -> str:
    """How long ago it was compared with: `a week ago`, `3 d ago`."""
    if length == A_WEEK:
        return "a week ago"
    return "a day ago" if length == timedelta(days=1) else f"{numbers.about(length)} ago"
