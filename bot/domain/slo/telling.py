"""What an alert about an error budget says. Prometheus fills in its numbers while the alert fires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.slo.budget import BurnTier
from bot.domain.slo.objective import Objective, Promise, Sli, Source
from bot.domain.slo.promql import written
from bot.domain.slo.reading import ALMOST_ALL, ENOUGH
from bot.domain.slo.recording import Recorded

_SLI = {Sli.AVAILABILITY: "availability", Sli.ERROR_RATE: "error rate", Sli.LATENCY: "latency"}


def promised(objective: Objective) -> str:
    """An objective in words: `99.9 % of requests succeed`."""
    share = f"{number(objective.target * 100)} %"
    if objective.threshold is not None:
        return f"{share} of requests take at most {seconds(objective.threshold)}"
    counted = "probes" if objective.source is Source.PROBE else "requests"
    return f"{share} of {counted} succeed"


def wording(promise: Promise, objective: Objective, tier: BurnTier, window: timedelta) -> Mapping[str, str]:
    """What is wrong and what it means, how fast the budget burns, and how much of it is left."""
    rate = tier.factor(window)
    title = f"{_literal(promise.title)}: {_SLI[objective.sli]}"
    return {
        "summary": f"{title} burns its error budget {_BURN} times as fast as it may",
        "description": (
            f"Promised over {written(window)}: {promised(objective)}. In the last {written(tier.long)}, and "
            f"still in the last {written(tier.short)}, at least {number(rate)} times "
            f"as many {_bad(objective)} as that allows. At that rate the whole budget lasts "
            f"{_rough(window / rate)}."
        ),
        "burn": _BURN,
        "budget": _left(promise, objective, window),
    }


def number(value: float) -> str:
    """Without the noise of a float's last digits: `0.001`, `14.4`."""
    return f"{value:.10g}"


def seconds(length: timedelta) -> str:
    """A threshold: `150 ms`, `1.5 s`."""
    exact = length.total_seconds()
    return f"{number(exact)} s" if exact >= 1 else f"{number(exact * 1000)} ms"


def _bad(objective: Objective) -> str:
    if objective.source is Source.DURATION:
        return "requests took longer"
    return "probes failed" if objective.source is Source.PROBE else "requests failed"


_BURN = '{{ $value | printf "%.1f" }}'


def _left(promise: Promise, objective: Objective, window: timedelta) -> str:
    """How much is left, cut and not rounded up; whether that is of the whole window; or that nobody knows."""
    recorded = Recorded(promise.key, objective.source)
    bad, total = recorded.bad(window), recorded.total(window)
    share = f"floor(100 * (1 - {bad} / {total} / {number(objective.budget)}))"
    known = f"floor(100 * {recorded.coverage(window)}) < {ALMOST_ALL * 100:g}"
    return (
        f"{{{{ with query `{share}` }}}}"
        '{{ . | first | value | printf "%.0f %%" }}'
        f"{{{{ with query `{known}` }}}}"
        f'{{{{ . | first | value | printf " (of %.0f %% of {written(window)})" }}}}'
        "{{ end }}"
        f"{{{{ else }}}}unknown (less than {ENOUGH * 100:g} % of {written(window)} recorded){{{{ end }}}}"
    )


def _rough(length: timedelta) -> str:
    """About how long: whole hours below four days, else days."""
    hours = length / timedelta(hours=1)
    days = 4
    return f"about {round(hours)} h" if hours < days * 24 else f"about {round(hours / 24)} d"


def _literal(text: str) -> str:
    """What a template prints as it is, even with braces in it."""
    return text.replace("{{", '{{ "{{" }}')
