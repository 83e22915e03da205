"""The rules by which Prometheus watches over the guide's error budgets, and tells when one burns too fast.

Source of the alerts over two spans: Site Reliability Workbook, chapter 5. The long span says that it matters,
the short one that it goes on, so that an alert ends soon after its cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from bot.domain.guide import Guide
from bot.domain.slo.budget import ENOUGH_BAD, TIERS, BurnTier
from bot.domain.slo.objective import PLATFORM, Objective, Promise, promises
from bot.domain.slo.promql import Past, quoted, series, written
from bot.domain.slo.recording import SLOW_TICK, SPANS, TICK, Recorded, Recorder, Recording
from bot.domain.slo.telling import number, promised, wording

ALERT = "ErrorBudgetBurn"

CRITICAL, WARNING = "critical", "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnAlert:
    """A rule that fires once its expression has given something for `hold`."""

    alert: str
    expression: str
    hold: timedelta
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """Rules that are evaluated one after the other, every `interval`. `about` says in words what they are."""

    name: str
    about: str
    interval: timedelta
    rules: tuple[Recording | BurnAlert, ...]


def rule_groups(guide: Guide) -> tuple[RuleGroup, ...]:
    """The rules of everything that is promised and measured: two groups each, in the guide's order."""
    measured = [promise for promise in promises(guide).values() if promise.objectives]
    return tuple(chain.from_iterable(_groups(guide, promise) for promise in measured))


def _groups(guide: Guide, promise: Promise) -> Iterator[RuleGroup]:
    window = _window(promise)
    recorders = {objective.source: Recorder(promise, objective) for objective in promise.objectives}
    spans = [rule for recorder in recorders.values() for span in SPANS for rule in recorder.span(span)]
    links = _links(guide, promise)
    alerts = [_alert(promise, objective, tier, links) for objective in promise.objectives for tier in TIERS]
    told = ", ".join(promised(objective) for objective in promise.objectives)
    yield RuleGroup(
        name=f"slo:{promise.key}",
        about=f"{promise.title}, over {written(window)}: {told}",
        interval=TICK,
        rules=(*spans, *alerts),
    )
    yield RuleGroup(
        name=f"slo:{promise.key}:{written(window)}",
        about=f"{promise.title}: what is left of the error budgets",
        interval=SLOW_TICK,
        rules=tuple(rule for recorder in recorders.values() for rule in recorder.window(window)),
    )


def _alert(promise: Promise, objective: Objective, tier: BurnTier, links: Mapping[str, str]) -> BurnAlert:
    labels = {
        "service": promise.key,
        "slo": objective.sli.value,
        "severity": CRITICAL if tier.pages else WARNING,
        "window": written(tier.long),
    }
    return BurnAlert(
        alert=ALERT,
        expression=_expression(promise, objective, tier),
        hold=TICK,
        labels=labels,
        annotations={**wording(promise, objective, tier, _window(promise)), **links},
    )


def _expression(promise: Promise, objective: Objective, tier: BurnTier) -> str:
    """Both spans burn, it is more than a few, and nobody was told of it by a faster one."""
    recorded = Recorded(promise.key, objective.source)
    factor, budget = number(tier.factor(_window(promise))), number(objective.budget)
    burns = [
        f"{recorded.bad(span)}\n  / {recorded.total(span)} / {budget} >= {factor}"
        for span in (tier.long, tier.short)
    ]
    enough = f"round({recorded.bad(tier.long)}) >= {ENOUGH_BAD}"
    return "\nand\n".join([*burns, enough]) + _quiet(promise, objective, tier)


def _quiet(promise: Promise, objective: Objective, tier: BurnTier) -> str:
    """While a faster one fires, and for as long after it as the short span still sees what it told of."""
    faster = TIERS[: TIERS.index(tier)]
    if not faster:
        return ""
    windows = "|".join(written(one.long) for one in faster)
    labels = {"alertname": ALERT, "alertstate": "firing", "service": promise.key, "slo": objective.sli.value}
    told = series("ALERTS", labels.items(), f"window=~{quoted(windows)}")
    return f"\nunless on (service)\npresent_over_time({Past(length=tier.short).of(told)})"


def _links(guide: Guide, promise: Promise) -> Mapping[str, str]:
    """Where to look: what the guide has of it."""
    if promise.key == PLATFORM:
        book, boards = guide.defaults.runbook, guide.defaults.dashboards
    else:
        service = guide.services[promise.key]
        book, boards = service.runbook, service.dashboards
    url = guide.runbooks[book].url
    found = {"runbook_url": url} if url else {}
    return found | ({"dashboard_url": guide.dashboards[boards[0]].url} if boards else {})


def _window(promise: Promise) -> timedelta:
    assert promise.slo is not None, "what has objectives has an slo"
    return promise.slo.window
