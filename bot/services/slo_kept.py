"""The last reports, in memory: what people see, with its age, while Prometheus cannot be asked."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta

from bot.domain.slo.objective import Promise
from bot.domain.slo.reading import Report, State

KEPT = 100
"""Reports that are kept; of more, those go that were kept longest."""


class KeptReports:
    """The newest report of each promise and window that has a number."""

    def __init__(self, *, most: int = KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, timedelta], Report] = OrderedDict()

    def keep(self, report: Report) -> None:
        """Keep it, where it says something."""
        if is_empty(report):
            return
        key = (report.promise.key, report.window)
        self._kept[key] = report
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def last(self, promise: Promise, window: timedelta) -> Report | None:
        """The newest one; None where there is none."""
        return self._kept.get((promise.key, window))


def is_empty(report: Report) -> bool:
    """Whether nothing was answered that says something of any objective."""
    return all(one.state is State.FAILED for one in report.measured)
