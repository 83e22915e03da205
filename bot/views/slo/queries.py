"""What Prometheus is asked for an answer, to be tried by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.slo.objective import Promise
from bot.domain.slo.plan import Part, Query
from bot.domain.text import clean
from bot.views.blocks import Block, Message, context, message, section
from bot.views.markup import Markup, bold, code, inert, length
from bot.views.slo import numbers

_PARTS = {
    Part.WINDOW: "in the window",
    Part.BURNS: "for the burn rates",
    Part.COVERAGE: "how much of the window was measured",
    Part.PREVIOUS: "in the same time before",
}
_SOURCES = {"requests": "Requests", "probe": "Probes", "duration": "Latency"}
_QUERY = 2800
_ROOM = 9000


def queries_message(promise: Promise, window: timedelta, queries: Sequence[Query]) -> Message:
    """Every query with what it is for. A service without any says so."""
    title = f"What Prometheus is asked for {promise.title}, {numbers.days(window)}"
    if not queries:
        none = inert(f"{promise.title}: the guide does not say where its numbers are, so nothing is asked.")
        return message(none, [section(none)])
    blocks: list[Block] = [section(bold(inert(title)))]
    room, left = _ROOM, 0
    for query in queries:
        block = section(_shown(query))
        room -= length(block["text"]["text"])
        if room < 0 or left or len(clean(query.text, 10 * _QUERY)) > _QUERY:
            left += 1
        else:
            blocks.append(block)
    blocks.append(context(_small_print(left)))
    return message(inert(title), blocks)


def _shown(query: Query) -> Markup:
    what = f"{_SOURCES[query.source.value]}: {_PARTS[query.part]}"
    return Markup(f"{bold(Markup(what))}\n{code(query.text, _QUERY)}")


def _small_print(left: int) -> Markup:
    more = f" {left} more are too long to be shown here." if left else ""
    return Markup(
        "All are asked for the same instant. opsbot makes shares, budgets and burn rates of these counts; "
        f"nothing that people type is part of a query.{more}"
    )
