"""The rules of a guide's objectives as the file that Prometheus reads."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent
from typing import Any

from bot.domain.guide import Guide
from bot.domain.slo.budget import ENOUGH_BAD
from bot.domain.slo.promql import written
from bot.domain.slo.recording import Recording
from bot.domain.slo.rules import BurnAlert, RuleGroup, rule_groups
from bot.guide.document import written_out

_HEADER = """\
# Recording and alert rules for the objectives of the operations guide.
# Made by `opsbot guide rules` from {name}. Do not edit: edit the guide, and make them anew.
#
#   service:slo_requests:increase1h         how many requests there were in the last hour
#   service:slo_requests_failed:increase1h  how many of them failed
#   service:slo_probes…, slo_probes_failed…         the same of a probe's looks
#   service:slo_requests_timed…, slo_requests_slow… requests that were timed, and those that took too long
#   service:slo_requests:coverage30d        for which share of the window there is a record, 0 to 1
#
# Each alert looks at two spans: the long one says that it matters, the short one that it goes on. It fires at
# the second evaluation in a row, from {enough} bad events on, and is quiet where a faster one has told of it.
# severity: critical is for now, warning for working hours. The annotations `burn` (1: the budget lasts
# exactly for its window) and `budget` (what is left of it) are shown on opsbot's card.
"""


def rules_text(guide: Guide, name: str) -> str:
    """The rules; `name` is the guide's. The same guide gives the same text."""
    groups = [_group(group) for group in rule_groups(guide)]
    header = _HEADER.format(name=name, enough=ENOUGH_BAD)
    if not groups:
        return f"{header}groups: []\n"
    return f"{header}groups:\n" + "\n".join(groups)


def _group(group: RuleGroup) -> str:
    data = {
        "name": group.name,
        "interval": written(group.interval),
        "rules": [_recorded(rule) if isinstance(rule, Recording) else _fires(rule) for rule in group.rules],
    }
    about = " ".join(group.about.split())
    return indent(f"# {about}\n{written_out([data])}", "  ", lambda line: line.strip() != "")


def _recorded(rule: Recording) -> Mapping[str, Any]:
    return {"record": rule.record, "expr": rule.expression, "labels": dict(rule.labels)}


def _fires(rule: BurnAlert) -> Mapping[str, Any]:
    return {
        "alert": rule.alert,
        "expr": rule.expression,
        "for": written(rule.hold),
        "labels": dict(rule.labels),
        "annotations": dict(rule.annotations),
    }
