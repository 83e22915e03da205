"""Whether a service may be changed now, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from bot.domain.guide import Dashboard
from bot.domain.slo.gate import Gate, Permission
from bot.domain.slo.reading import ALMOST_ALL, Measured, Report
from bot.domain.slo.verdict import Status
from bot.views.blocks import Message, context, message, section
from bot.views.dashboards import dashboards_line
from bot.views.markup import Markup, bold, inert, moment
from bot.views.slo import numbers
from bot.views.slo.buttons import gate_buttons
from bot.views.slo.words import EMOJIS, NAMES, judged, why

_EMOJIS: Mapping[Permission, str] = {
    Permission.SHIP: "🟢",
    Permission.CAUTION: "🟡",
    Permission.HOLD: "⛔",
    Permission.UNKNOWN: "⚪",
}

_MEANINGS: Mapping[Permission, str] = {
    Permission.SHIP: "there is budget to ship",
    Permission.CAUTION: "ship only what can be taken back at once",
    Permission.HOLD: "ship nothing but what makes it better",
    Permission.UNKNOWN: "this is no yes",
}

_MOST = 10
_REASON = 600


def gate_message(gate: Gate, title: str, *, zone: tzinfo, boards: Sequence[Dashboard] = ()) -> Message:
    """The answer, for the one who asks. `title` is the service's, `boards` are where to look."""
    word = gate.permission.value.upper()
    headline = f"{_EMOJIS[gate.permission]} {word} · {title}"
    reasons = list(_reasons(gate))
    told = "\n".join(f"{mark} {inert(reason, _REASON)}" for mark, reason in reasons)
    first = Markup(f"{bold(inert(headline))} · {_MEANINGS[gate.permission]}")
    asked = Markup(f"Asked {moment(gate.at, zone, day=gate.at)}.{_what_it_knows(gate)}")
    says = "; ".join(reason for _, reason in reasons)
    blocks = [section(Markup(f"{first}\n{told}")), context(asked), *dashboards_line(boards)]
    blocks.append(gate_buttons(gate.service))
    return message(inert(f"{headline} · {_MEANINGS[gate.permission]}: {says}", 2000), blocks)


def _reasons(gate: Gate) -> Iterator[tuple[str, str]]:
    labels = [obstacle.label for obstacle in gate.obstacles]
    for label in labels[:_MOST]:
        yield "🚨", f"{label} is open"
    if len(labels) > _MOST:
        yield "🚨", f"and {len(labels) - _MOST} more"
    if gate.report is None:
        yield EMOJIS[Status.UNKNOWN], gate.trouble or "There are no fresh numbers."
        return
    for measured, how in judged(gate.report):
        told = f"{NAMES[measured.objective.sli]}: {why(measured, how)}"
        yield EMOJIS[how.status], f"{told}{_partial(gate.report, measured)}"
    if not gate.report.measured:
        yield EMOJIS[Status.UNKNOWN], "nothing is measured"


def _partial(report: Report, measured: Measured) -> str:
    """How much of the window it rests on, where that is not nearly all of it."""
    share = measured.coverage
    if measured.window is None or share is None or share >= ALMOST_ALL:
        return ""
    return f" (partial: {numbers.days(report.window, share)})"


def _what_it_knows(gate: Gate) -> str:
    more = f" `/change gate {gate.service}` goes by windows, freezes, approvals and other changes, too."
    if gate.permission is Permission.UNKNOWN:
        return f" Where nothing is known somebody has to decide.{more}"
    return f" It looks at error budgets, open P0 and P1 incidents, and alerts that page.{more}"
