"""How a promise stands, in a word, and in the words that say what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.domain.slo.budget import burn, left
from bot.domain.slo.objective import Objective, Sli, Source
from bot.domain.slo.percent import percent
from bot.domain.slo.reading import Measured, Report, State
from bot.domain.slo.verdict import SIX_HOURS, Reason, Status, Verdict, alert_window, verdict, worst
from bot.domain.slo.words import left_words
from bot.domain.text import duration
from bot.views.slo.numbers import days, target_percent, times

WORDS: Mapping[Status, str] = {
    Status.OK: "OK",
    Status.AT_RISK: "AT RISK",
    Status.PAGING: "PAGING",
    Status.SPENT: "SPENT",
    Status.UNKNOWN: "UNKNOWN",
}

EMOJIS: Mapping[Status, str] = {
    Status.OK: "🟢",
    Status.AT_RISK: "🟡",
    Status.PAGING: "🔴",
    Status.SPENT: "⛔",
    Status.UNKNOWN: "⚪",
}

NAMES: Mapping[Sli, str] = {
    Sli.AVAILABILITY: "Availability",
    Sli.ERROR_RATE: "Error rate",
    Sli.LATENCY: "Latency",
}

_STATES: Mapping[State, str] = {
    State.NO_DATA: "NO DATA",
    State.NO_TRAFFIC: "NO TRAFFIC",
    State.UNJUDGED: "NOT KNOWN WHAT FAILED",
    State.FAILED: "NO ANSWER",
}


def marked(status: Status) -> str:
    """The emoji and its word."""
    return f"{EMOJIS[status]} {WORDS[status]}"


def state_word(measured: Measured) -> str:
    """Why there are no numbers, in a word: `NO DATA`. The objective has none."""
    return "TIMED OUT" if measured.is_late else _STATES[measured.state]


def meaning(report: Report) -> str:
    """What the status means, in a few words: of the worst objective, by name among several."""
    found = worst(report)
    if found is None:
        return "nothing is measured"
    measured, judged = found
    several = len(report.measured) > 1 and judged.status is not Status.OK
    about = f" ({NAMES[measured.objective.sli].lower()})" if several else ""
    return f"{why(measured, judged)}{about}"


def why(measured: Measured, judged: Verdict) -> str:
    """Why an objective stands as it does, in a few words."""
    return _REASONS[judged.reason](measured, judged)


def verdict_line(report: Report) -> str:
    """The verdict in one line, for those who see nothing else: `🟢 OK · API Gateway · 82 % of …`."""
    found = worst(report)
    status = Status.UNKNOWN if found is None else found[1].status
    return f"{marked(status)} · {report.promise.title} · {meaning(report)}"


def promised(objective: Objective) -> str:
    """What was promised, in words: `promised: 99.9 %`."""
    if objective.sli is Sli.ERROR_RATE:
        return f"promised: at most {target_percent(1 - objective.target)}"
    if objective.threshold is not None:
        return f"promised: at most {limit(objective.threshold)}"
    return f"promised: {target_percent(objective.target)}"


def bound(objective: Objective) -> str:
    """The same, in short: `≥ 99.9 %`."""
    if objective.sli is Sli.ERROR_RATE:
        return f"≤ {target_percent(1 - objective.target)}"
    if objective.threshold is not None:
        return f"≤ {limit(objective.threshold)}"
    return f"≥ {target_percent(objective.target)}"


def limit(threshold: timedelta) -> str:
    """How long a request may take: `150 ms`, `1.5 s`."""
    milliseconds = threshold / timedelta(milliseconds=1)
    return f"{milliseconds:g} ms" if milliseconds < 1000 else f"{milliseconds / 1000:g} s"  # noqa: PLR2004


def bad_events(objective: Objective, number: str) -> str:
    """So many events of the kind that uses up the budget: `12 failed requests`."""
    one = number == "1"
    if objective.threshold is not None:
        return f"{number} slow request{'' if one else 's'}"
    what = "probe" if objective.source is Source.PROBE else "request"
    return f"{number} failed {what}{'' if one else 's'}"


def may_be_bad(objective: Objective, number: str) -> str:
    """So many more may use up the budget: `12 more requests may fail`."""
    what = "probe" if objective.source is Source.PROBE else "request"
    how = "fail" if objective.threshold is None else f"take longer than {limit(objective.threshold)}"
    return f"{number} more {what}{'' if number == '1' else 's'} may {how}"


def _left(measured: Measured, _judged: Verdict) -> str:
    assert measured.window is not None, "a budget is judged where it was measured"
    return left_words(left(measured.objective, measured.window))


def _spent(measured: Measured, judged: Verdict) -> str:
    if judged.tier is None:
        return _left(measured, judged)
    return f"{_left(measured, judged)}, and {_speed(measured, judged.tier.long)}"


def _little_left(measured: Measured, judged: Verdict) -> str:
    return f"only {_left(measured, judged)}"


def _fast(measured: Measured, judged: Verdict) -> str:
    assert judged.tier is not None, "a fast burn is one of a tier"
    return f"{_speed(measured, judged.tier.long)}; {_left(measured, judged)}"


def _burning(measured: Measured, judged: Verdict) -> str:
    return f"{_speed(measured, SIX_HOURS, verb='burned')}; {_left(measured, judged)}"


def _speed(measured: Measured, length: timedelta, *, verb: str = "burns") -> str:
    rate = times(burn(measured.objective, measured.burns[length]))
    return f"{verb} {rate} as fast as it may over {over(length)}"


def _not_measured(measured: Measured, _judged: Verdict) -> str:
    return state_word(measured)


def _little_data(measured: Measured, _judged: Verdict) -> str:
    return f"too little data: {_covered(measured)}"


def _covered(measured: Measured) -> str:
    return f"{percent(measured.coverage or 0.0)} of the window"


def _coverage_unknown(_measured: Measured, _judged: Verdict) -> str:
    return "nobody knows how much of the window was measured"


def _burn_unknown(measured: Measured, judged: Verdict) -> str:
    return f"nobody knows how fast it burns; {_left(measured, judged)}"


def _gone(_measured: Measured, _judged: Verdict) -> str:
    return "nothing is counted any more"


def _between_bounds(measured: Measured, judged: Verdict) -> str:
    return f"cannot be told exactly: {_left(measured, judged)}"


_REASONS: Mapping[Reason, Callable[[Measured, Verdict], str]] = {
    Reason.BUDGET_SPENT: _spent,
    Reason.FAST_BURN: _fast,
    Reason.LITTLE_LEFT: _little_left,
    Reason.BURNING: _burning,
    Reason.ENOUGH_LEFT: _left,
    Reason.NOT_MEASURED: _not_measured,
    Reason.LITTLE_DATA: _little_data,
    Reason.COVERAGE_UNKNOWN: _coverage_unknown,
    Reason.BURN_UNKNOWN: _burn_unknown,
    Reason.GONE: _gone,
    Reason.BETWEEN_BOUNDS: _between_bounds,
}


def judged(report: Report) -> tuple[tuple[Measured, Verdict], ...]:
    """Every objective with how it stands, in the order in which they are told."""
    window = alert_window(report)
    return tuple((measured, verdict(measured, window)) for measured in report.measured)


def over(length: timedelta) -> str:
    """A stretch of time, as it is said after `over`: `1 h`, `30 d`."""
    return days(length) if length >= timedelta(days=1) else duration(length)
