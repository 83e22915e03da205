"""How fast an error budget burns, as an alert says it: whole on a card, short beside others."""

from __future__ import annotations

import math

from bot.domain.alert import Alert
from bot.domain.alert_burn import Budget, BurnTold, burn_told
from bot.domain.alert_card import AlertCard
from bot.domain.slo.percent import percent
from bot.views.markup import Markup, inert

_SAID = 60
_SHORT = 20
_TIMES = "\N{MULTIPLICATION SIGN}"
_WHOLE = 10
_FEW = 1


def burn_line(shown: AlertCard) -> Markup | None:
    """Of the one alert that fires; of several each says it on its own line."""
    firing = [alert for alert in shown.alerts if alert.fires]
    told = burn_told(firing[0]) if len(firing) == 1 and shown.group.firing == 1 else None
    if told is None:
        return None
    parts = [part for part in (_burn(told), _budget(told.budget)) if part]
    return Markup(f"🔥 {' · '.join(parts)}")


def burn_note(alert: Alert) -> Markup | None:
    """The same in few words."""
    told = burn_told(alert)
    if told is None:
        return None
    burn, budget = told.burn, told.budget
    parts = []
    if burn is not None:
        parts.append(f"burns {_times(burn)}" if isinstance(burn, float) else inert(burn, _SHORT))
    if isinstance(budget, Budget):
        parts.append(f"{percent(budget.percent / 100)} left")
    return Markup(", ".join(parts)) if parts else None


def _burn(told: BurnTold) -> Markup | None:
    if told.burn is None:
        return None
    over = f" over {told.over}" if told.over else ""
    if isinstance(told.burn, str):
        return Markup(f"Burn{over}: {inert(told.burn, _SAID)}")
    how = "too fast" if told.burn > _FEW else "as fast as it may"
    return Markup(f"Burns {_times(told.burn)} {how}{over}")


def _budget(budget: Budget | str | None) -> Markup | None:
    if budget is None:
        return None
    if isinstance(budget, str):
        return Markup(f"error budget left: {inert(budget, _SAID)}")
    rest = f" {inert(budget.rest, _SAID)}" if budget.rest.strip() else ""
    if budget.percent < 0:
        return Markup(f"error budget overdrawn by {percent(-budget.percent / 100)}{rest}")
    return Markup(f"{percent(budget.percent / 100)} of the error budget left{rest}")


def _times(burn: float) -> str:
    """Cut, not rounded: `15`, `6.1`, and the sign for "times"."""
    shown = f"{math.floor(burn):,}" if burn >= _WHOLE else f"{math.floor(burn * 10) / 10:g}"
    return f"{shown}{_TIMES}"
