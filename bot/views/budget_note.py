"""How an incident's error budget stood, and what the incident cost: in plain words."""

from __future__ import annotations

from bot.domain.slo.counts import Span
from bot.domain.slo.incident_budget import Cost
from bot.domain.slo.note import BudgetNote, Noted
from bot.domain.slo.objective import Sli, Source
from bot.domain.slo.percent import MINUS, percent
from bot.domain.text import clean, duration
from bot.views.slo.numbers import rate

WHEN = {
    Noted.DECLARED: "when it was declared",
    Noted.ACKNOWLEDGED: "when it was acknowledged",
    Noted.RESOLVED: "when it was resolved",
}

_WHY_LIMIT = 300
_TITLE_LIMIT = 80
_BAD = {
    Source.REQUESTS: ("failed request", "failed requests"),
    Source.PROBE: ("failed probe", "failed probes"),
    Source.DURATION: ("request that took too long", "requests that took too long"),
}
_PERCENT = 0.01
_WORTH_TELLING = 0.001


def title(note: BudgetNote) -> str:
    """Whose budget it is."""
    return clean(note.title, _TITLE_LIMIT)


def standing(note: BudgetNote) -> str:
    """`43 % of its error budget left (30 d), burning …`: and how fast."""
    if note.why is not None:
        return f"not measured: {clean(note.why, _WHY_LIMIT).rstrip('.')}"
    return ", ".join([_left(note), *([burning(note.burn)] if note.burn else [])])


def burning(burn: Span) -> str:
    """How fast, against what is allowed: 1 uses it up at the end of the window."""
    if burn.most <= 0:
        return "not burning over the last hour"
    how = rate(burn.most) if burn.is_exact else f"{rate(burn.least)} to {rate(burn.most)}"
    return f"burning {how} over the last hour"


def cost(note: BudgetNote) -> str:
    """`about 1,234 failed requests, 12 % of the 30 d budget`; empty where nobody knows."""
    dear = sorted((one for one in note.costs if one.bad), key=lambda one: -(one.share or 0))
    if note.costs and not dear:
        return "nothing of its error budget"
    first, rest = dear[:1], [one for one in dear[1:] if one.share is None or one.share >= _WORTH_TELLING]
    return ", and ".join(
        [
            *(_cost(one, f"the {duration(note.window)} budget") for one in first),
            *(_cost(one, "theirs") for one in rest),
        ]
    )


def _cost(one: Cost, whose: str) -> str:
    single, many = _BAD[one.source]
    share = "" if one.share is None else f", {_about(one.share)} of {whose}"
    return f"about {one.bad:,} {single if one.bad == 1 else many}{share}"


def _left(note: BudgetNote) -> str:
    budget = "budget for slow requests" if note.sli is Sli.LATENCY else "error budget"
    window, left = duration(note.window), note.left
    if left is None:
        covered = "" if note.covered is None else f": only {percent(note.covered)} of {window} are measured"
        return f"nobody knows what is left of its {budget}{covered}"
    part = "" if note.covered is None else f", of which {percent(note.covered)} are measured"
    if left.most <= 0:
        over = "" if left.most == 0 else f", overdrawn by {percent(left.most).lstrip(MINUS)}"
        return f"its {budget} is spent ({window}{part}){over}"
    share = percent(left.least) if left.is_exact else f"{percent(left.least)} to {percent(left.most)}"
    return f"{share} of its {budget} left ({window}{part})"


def _about(share: float) -> str:
    """What it cost, rounded: it is an estimate."""
    return percent(round(share, 2) if share >= _PERCENT else share)
