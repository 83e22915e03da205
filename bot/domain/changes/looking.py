"""How a service does around a change: what is asked, the numbers in words, and whether they got worse.

It is looked at what was promised of the service, over a short while, with its traffic beside it. What gets no
worse proves nothing: that is for people to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.changes.change import Change, ChangeState
from bot.domain.changes.health import HealthLine, Trend
from bot.domain.event import EventKind
from bot.domain.outcome import Happened
from bot.domain.slo.counts import Counts
from bot.domain.slo.objective import P95, Objective, Promise, Sli, Source
from bot.domain.slo.plan import Part, Query, cost_query
from bot.domain.slo.reading import Unanswered
from bot.domain.slo.samples import Answer
from bot.domain.slo.seen import Seen, counts_of, p95_of

EVERY: Final = timedelta(minutes=5)
"""How often a change that is running is looked at."""

SHORTEST: Final = timedelta(minutes=4)
"""A shorter while may lie between two scrapes; and nothing that is owed waits for five minutes."""

LONGEST: Final = timedelta(hours=2)
_SHORTEST_BEFORE: Final = timedelta(minutes=15)
_MUCH: Final = 1.5
"""A number that is not kept before and since is worse where it is so many times as bad."""

_HALF: Final = 0.5
_MOST_WORSE: Final = 3

Looked = Mapping[Query, Answer | Unanswered]


def before_length(change: Change) -> timedelta:
    """How long before its start is looked at: as long as it takes, within reason."""
    return max(_SHORTEST_BEFORE, min(change.plan.length, LONGEST))


def after_length(change: Change, at: datetime) -> timedelta:
    """How long is looked at since its start."""
    passed = at - (change.started or at)
    whole = timedelta(seconds=math.ceil(passed.total_seconds()))
    return max(SHORTEST, min(whole, LONGEST))


def first_look(change: Change, now: datetime) -> datetime:
    """When there is enough to look at since its start."""
    return max(now, (change.started or now) + SHORTEST)


def looked_for(promise: Promise, length: timedelta) -> tuple[Query, ...]:
    """One question for each thing that is counted, over the last `length`."""
    by_source: dict[Source, Objective] = {}
    for objective in promise.objectives:
        by_source.setdefault(objective.source, objective)
    return tuple(
        Query(source=source, part=Part.WINDOW, text=cost_query(promise, objective, length))
        for source, objective in by_source.items()
    )


def lines_of(promise: Promise, length: timedelta, looked: Looked) -> tuple[HealthLine, ...]:
    """What was found, a line for each promise, and one for the traffic."""
    answers = {query.source: answer for query, answer in looked.items()}
    lines = [_line(objective, answers[objective.source]) for objective in promise.objectives]
    return (*lines, *_traffic(promise, length, answers))


def trend(before: HealthLine | None, after: HealthLine) -> Trend:
    """What became of a number."""
    if before is None or before.value is None or after.value is None:
        return Trend.UNKNOWN
    if after.key == _TRAFFIC:
        return Trend.WORSE if after.value < before.value * _HALF else Trend.SAME
    if after.kept is False:
        still = before.kept is False and _badness(after) <= _badness(before) * _MUCH
        return Trend.SAME if still else Trend.WORSE
    return Trend.BETTER if before.kept is False and after.kept else Trend.SAME


def worse_of(before: tuple[HealthLine, ...], after: tuple[HealthLine, ...]) -> Mapping[str, str]:
    """What got worse, in words by its key: `Availability 97.2 % (was 99.98 %)`."""
    was = {line.key: line for line in before}
    return {
        line.key: f"{line.title} {line.said} (was {was[line.key].said})"
        for line in after
        if trend(was.get(line.key), line) is Trend.WORSE
    }


def looked_before(change: Change, lines: tuple[HealthLine, ...]) -> Change:
    """How it did before it was changed is known."""
    return replace(change, before=lines, health_trouble=None)


def looked_since(
    change: Change, lines: tuple[HealthLine, ...], *, final: bool
) -> tuple[Change, Happened | None]:
    """How it does since it was changed is known.

    People are told what has got worse since the look before; the history keeps the first look and the last.
    """
    worse, known = worse_of(change.before, lines), worse_of(change.before, change.after)
    looked = replace(change, after=lines, health_trouble=None)
    told = bool(worse.keys() - known.keys())
    if not (told or final or not change.after):
        return looked, None
    text = ", ".join(list(worse.values())[:_MOST_WORSE]) or None
    happened = Happened(
        kind=EventKind.CHANGE_HEALTH,
        data={"worse": text, "after": change.state is ChangeState.DONE},
        told=told,
        notify_people=(change.lead.id,) if told and change.lead else (),
    )
    return looked, happened


def not_looked(change: Change, why: str) -> Change:
    """Nobody knows how it does."""
    return replace(change, health_trouble=why)


def _line(objective: Objective, answer: Answer | Unanswered) -> HealthLine:
    key, title = objective.sli.value, _TITLES[objective.sli]
    if isinstance(answer, Unanswered):
        return HealthLine(key=key, title=title, value=None, said=answer.reason)
    seen = Seen(answer.samples)
    counts = counts_of(objective, seen)
    if counts is None:
        return HealthLine(key=key, title=title, value=None, said="nothing is measured")
    if counts.total <= 0:
        return HealthLine(key=key, title=title, value=None, said="no traffic")
    kept = _is_kept(objective, counts)
    if objective.sli is not Sli.LATENCY:
        return _of_share(objective, counts, kept=kept)
    p95 = p95_of(seen)
    if p95 is None:
        return HealthLine(key=key, title=title, value=None, said="not measured", kept=kept)
    said = _seconds(p95.estimate)
    return HealthLine(key=key, title=title, value=p95.estimate, said=said, kept=kept)


def _of_share(objective: Objective, counts: Counts, *, kept: bool | None) -> HealthLine:
    """Never nicer than it is: what is good is cut, what is bad is rounded up."""
    bad = counts.share.most
    if objective.sli is Sli.AVAILABILITY:
        value, said = 1 - bad, f"{math.floor(round((1 - bad) * 10_000, _NOISE)) / 100:.2f} %"
    else:
        value, said = bad, f"{math.ceil(round(bad * 10_000, _NOISE)) / 100:.2f} %"
    return HealthLine(
        key=objective.sli.value, title=_TITLES[objective.sli], value=value, said=said, kept=kept
    )


def _seconds(seconds: float) -> str:
    """`138 ms`, `2.31 s`."""
    return f"{math.ceil(round(seconds * 1000, _NOISE)):,} ms" if seconds < 1 else f"{seconds:,.2f} s"


def _is_kept(objective: Objective, counts: Counts) -> bool | None:
    """Whether it does what was promised, by this short while; None where that may be chance, or is not known.

    By chance a few more fail than may: what fails is counted, so it is spread as Poisson says, and more than
    three deviations above it is hardly chance. Where hardly any may fail, two more are none either.
    """
    may = objective.budget * counts.total
    if counts.bad.most <= may + _HAIR * counts.total:
        return True
    return False if counts.bad.least > may + _DEVIATIONS * math.sqrt(may) + _A_FEW else None


def _traffic(
    promise: Promise, length: timedelta, answers: Mapping[Source, Answer | Unanswered]
) -> Iterator[HealthLine]:
    """How many requests there were; of what is only probed nobody knows."""
    for objective in promise.objectives:
        answer = answers[objective.source]
        if objective.source is Source.PROBE or isinstance(answer, Unanswered):
            continue
        counts = counts_of(objective, Seen(answer.samples))
        if counts is not None:
            rate = counts.total / length.total_seconds()
            yield HealthLine(key=_TRAFFIC, title="Requests", value=rate, said=f"{rate:,.1f}/s")
            return


def _badness(line: HealthLine) -> float:
    """How bad a number is: the share that was bad, or how long it takes."""
    assert line.value is not None, "it was measured"
    return 1 - line.value if line.key == Sli.AVAILABILITY.value else line.value


_HAIR: Final = 1e-9
_DEVIATIONS: Final = 3
_A_FEW: Final = 2
_NOISE: Final = 6
"""Digits behind which there is only the noise of floats."""

_TRAFFIC: Final = "traffic"
_TITLES: Final = {
    Sli.AVAILABILITY: "Availability",
    Sli.ERROR_RATE: "Errors",
    Sli.LATENCY: f"p{P95 * 100:.0f}",
}
