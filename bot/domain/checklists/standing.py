"""What is known beside the numbers: how promises stand, and which alerts and incidents wait, in plain words.

Of security incidents and alerts only their number is told: a card may stand where everybody reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.alert import AlertGroup
from bot.domain.checklists.finding import failed, said
from bot.domain.evidence import EvidenceSpec, Found, Judgement
from bot.domain.incident import Incident
from bot.domain.incident import Status as Stage
from bot.domain.noise import NoiseReport
from bot.domain.slo.budget import left
from bot.domain.slo.reading import Measured, Reported
from bot.domain.slo.verdict import Status, status, worst
from bot.domain.slo.words import left_words
from bot.domain.text import clean, duration, listed

MOST_LINES = 6

_NAME = 60
_WHY = 160
_NAMED = 12
_NONE = timedelta()
_NOT_FINE = frozenset({Status.SPENT, Status.PAGING, Status.AT_RISK})
_WORDS = {
    Status.SPENT: "spent",
    Status.PAGING: "burns so fast that it pages",
    Status.UNKNOWN: "unknown",
    Status.AT_RISK: "at risk",
    Status.OK: "OK",
}


def promises_found(spec: EvidenceSpec, at: datetime, reported: Sequence[Reported]) -> Found:
    """How what was promised stands: a line for each that is not OK, and one for those that are.

    What was measured earlier accuses, and acquits nobody.
    """
    asked = [one for one in reported if one.promise.objectives] or list(reported)
    if all(one.report is None for one in asked):
        reasons = [one.trouble for one in asked if one.trouble]
        return failed(spec, at, reasons[0] if reasons else "The guide promises nothing that is measured.")
    fine = [one for one in asked if _status(one) is Status.OK and one.age is None]
    told = [_line(one) for one in asked if one not in fine][:MOST_LINES]
    told += [_line(fine[0])] if len(fine) == 1 else [_all_right(fine)] if fine else []
    return said(spec, at, _judged(asked), told)


def unacknowledged_found(spec: EvidenceSpec, at: datetime, groups: Sequence[AlertGroup]) -> Found:
    """What fires and nobody has taken, in the order in which it is given: the most urgent first."""
    hidden = sum(one.security for one in groups)
    told = [
        f"{one.severity} {one.label} {clean(one.name, _NAME)}, for {_long(one.started_at, at)}"
        for one in groups
        if not one.security
    ]
    judgement = Judgement.NOT_FINE if groups else Judgement.FINE
    lines = _with_hidden(told, hidden, "security alert") or ["none"]
    return said(spec, at, judgement, lines)


def noisiest_found(
    spec: EvidenceSpec, at: datetime, report: NoiseReport, *, since_review: bool = False
) -> Found:
    """What fired most. How much of that is too much nobody has said.

    `since_review`: the report begins with the review before, which says more than minutes.
    """
    told = [
        f"{clean(name, _NAME)}{f' ({clean(service, _NAME)})' if service else ''}: fired {_times(noise.fired)}"
        f"{f', paged {_times(noise.pages)}' if noise.pages else ''}"
        for (name, service), noise in report.by_alert
    ]
    span = (
        "since the review before" if since_review else f"in the last {duration(report.until - report.since)}"
    )
    lines = _with_hidden(told, report.hidden.groups, "security alert")
    return said(spec, at, Judgement.NONE, [*lines, span] if lines else [f"nothing fired {span}"])


def incidents_found(spec: EvidenceSpec, at: datetime, incidents: Sequence[Incident]) -> Found:
    """What is open; drills are none."""
    real = [one for one in incidents if not one.drill]
    hidden = sum(one.security for one in real)
    told = [
        f"{one.label} {clean(one.title, _NAME)}, {_taken(one)}, for {_long(one.declared_at, at)}"
        for one in real
        if not one.security
    ]
    judgement = Judgement.NOT_FINE if real else Judgement.FINE
    return said(spec, at, judgement, _with_hidden(told, hidden, "security incident") or ["none"])


def _judged(reported: Sequence[Reported]) -> Judgement:
    how = {(_status(one), one.age is None) for one in reported}
    if any(found in _NOT_FINE for found, _ in how):
        return Judgement.NOT_FINE
    return Judgement.FINE if how == {(Status.OK, True)} else Judgement.UNKNOWN


def _status(reported: Reported) -> Status:
    return Status.UNKNOWN if reported.report is None else status(reported.report)


def _line(reported: Reported) -> str:
    title = clean(reported.promise.title, _NAME)
    found = None if reported.report is None else worst(reported.report)
    if found is None:
        return f"{title}: {_WORDS[Status.UNKNOWN]}: {clean(reported.trouble or 'nothing is measured', _WHY)}"
    measured, judged = found
    age = f" (measured {duration(reported.age)} ago)" if reported.age is not None else ""
    return f"{title}: {_WORDS[judged.status]}, {_left(measured)}{age}"


def _left(measured: Measured) -> str:
    if measured.window is None:
        return clean(measured.why or "nothing is measured", _WHY)
    return left_words(left(measured.objective, measured.window))


def _all_right(fine: Sequence[Reported]) -> str:
    names = [clean(one.promise.title, _NAME) for one in fine]
    return f"{_WORDS[Status.OK]}: {listed(names, _NAMED)}"


def _taken(incident: Incident) -> str:
    if incident.status is Stage.TRIGGERED:
        return "nobody has taken it"
    return "mitigated" if incident.status is Stage.MITIGATED else "acknowledged"


def _with_hidden(told: Sequence[str], hidden: int, what: str) -> list[str]:
    """The first lines, how many more there are, and how many are not told."""
    lines = list(told[:MOST_LINES])
    if len(told) > MOST_LINES:
        lines.append(f"and {len(told) - MOST_LINES} more")
    if hidden:
        lines.append(f"{hidden} {what}{'' if hidden == 1 else 's'}")
    return lines


def _long(since: datetime, at: datetime) -> str:
    return duration(max(at - since, _NONE))


def _times(count: int) -> str:
    return f"{count:,} times" if count != 1 else "once"
