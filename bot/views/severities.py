"""The guide's matrix of severities: what each means, how soon somebody answers, and whom it reaches when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.domain.guide import Guide
from bot.domain.incident_policy import SeverityPolicy
from bot.domain.severity import Severity
from bot.domain.text import duration
from bot.views.blocks import Message, context, message, section
from bot.views.markup import Markup, bold, inert, joined

_NAME = 80
_MEANING = 1000
_STEPS = 1500


def severities_message(guide: Guide) -> Message:
    """All of them, the most urgent first."""
    policies = [guide.severities[severity] for severity in Severity]
    said = joined((inert(f"{one.severity} {one.title}", _NAME) for one in policies), ", ", 500)
    return message(
        Markup(f"Severities: {said}"),
        [
            *(section(_severity(one, guide)) for one in policies),
            context(
                Markup(
                    "`/incident p1 what is wrong` declares one; `/incident sev 42 p0` raises it. "
                    "Who is on call now: `/oncall`."
                )
            ),
        ],
    )


def steps_in_words(titles: Iterable[str], response: timedelta | None) -> Markup:
    """Who is reached when: `On-call Engineer at once, Team Lead after 15 min, Director after 30 min`."""
    each = response or timedelta()
    steps = (Markup(f"{inert(title, _NAME)} {_after(number * each)}") for number, title in enumerate(titles))
    return joined(steps, ", ", _STEPS)


def _severity(policy: SeverityPolicy, guide: Guide) -> Markup:
    head = bold(inert(f"{policy.severity} {policy.title}", _NAME))
    within = f"within {duration(policy.response)}" if policy.response else "on the next business day"
    lines = [
        Markup(f"{head}: {inert(policy.meaning, _MEANING)}"),
        Markup(f"Somebody answers {within}."),
        _reached(policy, guide),
    ]
    return Markup("\n".join(lines))


def _reached(policy: SeverityPolicy, guide: Guide) -> Markup:
    """Whom it pages and when, or that it pages nobody."""
    titles = [guide.tiers[key].title for key in policy.path]
    steps = steps_in_words(titles, policy.response)
    if not policy.pages:
        asked = Markup(f" Escalated by hand: {steps}.") if titles else ""
        return Markup(f"Pages nobody: the team is mentioned in its channel.{asked}")
    again = "the last is paged again" if len(titles) > 1 else "paged again"
    every = f"; then {again} every {duration(policy.response)}" if policy.repeats and policy.response else ""
    return Markup(f"Pages {steps}{every}, until somebody acknowledges.")


def _after(wait: timedelta) -> str:
    return f"after {duration(wait)}" if wait else "at once"
