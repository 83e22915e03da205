"""From what was answered to what was found: each series in words, the worst first, and whether it is fine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.evidence import EvidenceSpec, Found, Judgement, Sign, Threshold, Value
from bot.domain.slo.samples import Answer, Sample
from bot.domain.text import clean

MOST_VALUES = 6
"""Series that are told; of more, the worst, and how many are left out."""

NO_DATA = "no data"

UNACKNOWLEDGED = "unacknowledged"
"""Of alerts: what is looked at is those that nobody has taken."""

_LABEL = 60
_REASON = 200
_Labels = Mapping[str, str]
_Key = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One series: its labels, and its value as it was answered."""

    labels: _Labels
    now: float
    before: float | None
    fine: bool | None


def found_in(spec: EvidenceSpec, at: datetime, now: Answer, before: Answer | None = None) -> Found:
    """What a query's answers say: of `at`, and where it was asked of how long before.

    Series of then are found by their labels; of those that are no more nothing is told. What is no number
    is not known, neither fine nor not.
    """
    known = {_key(one.labels): one.value for one in (before.samples if before else ())}
    seen = [_seen(one, known.get(_key(one.labels)), spec.fine) for one in now.samples]
    if not seen:
        judgement = Judgement.UNKNOWN if spec.fine else Judgement.NONE
        return _found(spec, at, judgement, lines=(NO_DATA,))
    words = in_words([one.labels for one in seen])
    told = sorted(zip(words, seen, strict=True), key=_worst_first(spec.fine))
    return Found(
        title=spec.title,
        source=spec.source,
        judgement=judged(one.fine for one in seen) if spec.fine else Judgement.NONE,
        at=at,
        unit=spec.unit,
        values=tuple(_value(label, one) for label, one in told[:MOST_VALUES]),
        more=max(0, len(told) - MOST_VALUES),
    )


def said(spec: EvidenceSpec, at: datetime, judgement: Judgement, lines: Iterable[str]) -> Found:
    """What a source says in plain words."""
    return _found(spec, at, judgement, lines=tuple(lines))


def linked(spec: EvidenceSpec, at: datetime) -> Found:
    """A page to open."""
    return Found(title=spec.title, source=spec.source, judgement=Judgement.NONE, at=at, url=spec.of)


def failed(spec: EvidenceSpec, at: datetime, why: str) -> Found:
    """Nothing was found, and why: nobody knows how it is, whether or not anything says what would be fine."""
    return Found(
        title=spec.title,
        source=spec.source,
        judgement=Judgement.UNKNOWN,
        at=at,
        unit=spec.unit,
        failed=clean(why, _REASON),
    )


def judged(fine: Iterable[bool | None]) -> Judgement:
    """All of it: one that is not fine is enough; else one of which nobody knows."""
    every = set(fine)
    if False in every:
        return Judgement.NOT_FINE
    return Judgement.UNKNOWN if None in every or not every else Judgement.FINE


def _found(spec: EvidenceSpec, at: datetime, judgement: Judgement, *, lines: tuple[str, ...]) -> Found:
    return Found(
        title=spec.title, source=spec.source, judgement=judgement, at=at, unit=spec.unit, lines=lines
    )


def _seen(sample: Sample, before: float | None, fine: Threshold | None) -> _Seen:
    holds = None if fine is None or math.isnan(sample.value) else fine.holds(sample.value)
    return _Seen(labels=sample.labels, now=sample.value, before=before, fine=holds)


def _value(label: str, seen: _Seen) -> Value:
    return Value(label=label, now=_number(seen.now), before=_number(seen.before), fine=seen.fine)


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _key(labels: _Labels) -> _Key:
    return frozenset(labels.items())


def in_words(labels: Sequence[_Labels]) -> list[str]:
    """What tells each series from the others: the labels that not all of them share; a single one needs none.

    Values alone, as long as they tell them apart, else with their labels' names.
    """
    names = sorted({name for one in labels for name in one})
    telling = [name for name in names if len({one.get(name, "") for one in labels}) > 1]
    if not telling:
        return [""] * len(labels)
    shown = {name: _without_shared_port([one.get(name, "") for one in labels]) for name in telling}
    each = [{name: shown[name][n] for name in telling if shown[name][n]} for n in range(len(labels))]
    short = [", ".join(one.values()) for one in each]
    if max(Counter(short).values(), default=0) > 1 or (len(short) > 1 and "" in short):
        short = [
            ", ".join(f"{name} {value}" for name, value in one.items()) or f"without {telling[0]}"
            for one in each
        ]
    return [clean(one, _LABEL) for one in short]


def _without_shared_port(values: Sequence[str]) -> Sequence[str]:
    """`worker-1:9100` and `worker-2:9100` are told apart without what both end with."""
    parted = [value.rpartition(":") for value in values if value]
    ports = {port for _, _, port in parted}
    if len(ports) != 1 or not all(host for host, _, _ in parted) or not ports.pop().isdecimal():
        return values
    return [value.rpartition(":")[0] for value in values]


_Told = tuple[str, _Seen]


def _worst_first(fine: Threshold | None) -> Callable[[_Told], tuple[int, float, str]]:
    """What is not fine, then what nobody knows, then the rest; within each by how far it is from fine.

    Without a threshold the largest first, and what is no number last.
    """

    def key(told: _Told) -> tuple[int, float, str]:
        label, seen = told
        unknown = math.isnan(seen.now)
        if fine is None:
            return int(unknown), 0.0 if unknown else -seen.now, label
        rank = {False: 0, None: 1, True: 2}[seen.fine]
        return rank, 0.0 if unknown else -distance(seen.now, fine), label

    return key


def distance(value: float, fine: Threshold) -> float:
    """How far a value is on the wrong side of the bound; below 0 on the right one."""
    match fine.sign:
        case Sign.BELOW | Sign.AT_MOST:
            return value - fine.bound
        case Sign.ABOVE | Sign.AT_LEAST:
            return fine.bound - value
        case Sign.EQUAL:
            return abs(value - fine.bound)
        case Sign.NOT_EQUAL:
            return -abs(value - fine.bound)
